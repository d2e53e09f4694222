package releases

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"cloudimage/checkup"
	"cloudimage/workflow"
)

// Sources are those that are looked at by [Check]. Each may be nil: it is not used.
type Sources struct {
	Tags          *Tags
	Packages      *Packages
	Announcements *Announcements
	Opinions      *Opinions
	// Of is the version with which the version service is asked. Defaults to the
	// newest that the other sources know.
	Of workflow.Version
}

// Check asks each source, and says whether it answers and what the newest is that
// it has. It changes nothing.
func Check(ctx context.Context, s Sources) []checkup.Finding {
	newest := s.Of
	saw := func(v workflow.Version) {
		if s.Of.IsZero() && v.Compare(newest) > 0 {
			newest = v.First()
		}
	}
	var out []checkup.Finding
	if s.Tags == nil {
		out = append(out, unused("Tags of the repository are"))
	} else {
		out = append(out, s.Tags.check(ctx, saw))
	}
	if s.Packages == nil {
		out = append(out, unused("The package index is"))
	} else {
		for _, x := range s.Packages.indexes {
			out = append(out, x.check(ctx, s.Packages.fetch, saw))
		}
	}
	if s.Announcements == nil {
		out = append(out, unused("Announcements are"))
	} else {
		out = append(out, s.Announcements.check(ctx, saw)...)
	}
	if s.Opinions == nil {
		return append(out, unused("The version service is"))
	}
	return append(out, s.Opinions.check(ctx, newest))
}

func unused(what string) checkup.Finding {
	return checkup.Noted("Say in the configuration where to look.", "%s not read.", what)
}

func (t *Tags) check(ctx context.Context, saw func(workflow.Version)) checkup.Finding {
	tags, err := t.Tags(ctx)
	switch {
	case err != nil:
		return unanswered("The repository's tags", err)
	case len(tags) == 0:
		return checkup.Doubtful("Look whether it is the right repository, and whether the pattern fits its tags.", "None of the newest tags of the repository names a release.")
	}
	for _, tag := range tags {
		saw(tag.Version)
	}
	return checkup.Okay("The repository answers: %d of its newest tags name releases, the newest is %s%s.", len(tags), tags[0].Name, on(tags[0].At))
}

func (x *index) check(ctx context.Context, f *fetcher, saw func(workflow.Version)) checkup.Finding {
	where := fmt.Sprintf("The package index of %s for %s on %s", x.name, x.distribution, x.architecture)
	if _, err := x.read(ctx, f, nil); err != nil {
		return unanswered(where, err)
	}
	v := x.newest()
	if v.IsZero() {
		return checkup.Doubtful("Look whether the name of the package, its edition and the repository belong together.", "%s answers, and has no package of a release.", where)
	}
	saw(v)
	return checkup.Okay("%s answers: the newest is %s.", where, v)
}

func (a *Announcements) check(ctx context.Context, saw func(workflow.Version)) []checkup.Finding {
	var out []checkup.Finding
	for _, feed := range a.feeds {
		where := "The feed of announcements at " + withoutQuery(feed.at)
		posts, err := a.read(ctx, feed)
		switch {
		case err != nil:
			out = append(out, unanswered(where, err))
			continue
		case len(posts) == 0:
			out = append(out, checkup.Doubtful("Look whether it is the right feed, and whether its titles begin with the product's name.", "%s answers, and announces no release of the product.", where))
			continue
		}
		newest, whole := posts[0], false
		for _, p := range posts {
			if p.At.After(newest.At) {
				newest = p
			}
			whole = whole || p.Whole
			for _, v := range p.Versions {
				saw(v)
			}
		}
		if !whole {
			out = append(out, checkup.Doubtful("Use a feed with whole posts; without them a person has to say which releases fix security.", "%s answers, and its posts have no text that can be read.", where))
			continue
		}
		out = append(out, checkup.Okay("%s answers: the newest is %q%s.", where, newest.Title, on(newest.At)))
	}
	return out
}

func (o *Opinions) check(ctx context.Context, of workflow.Version) checkup.Finding {
	if of.IsZero() {
		return checkup.Noted("", "The version service is not asked, since no source knows a version to ask it with.")
	}
	said, err := o.Opinion(ctx, of)
	if err != nil {
		return unanswered("The version service", err)
	}
	return checkup.Okay("The version service answers: of %s it says %s, and the newest is %s.", of, said.Standing, said.Latest)
}

// on is a date, where there is one.
func on(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " of " + at.UTC().Format("2 Jan 2006")
}

// unanswered is a finding about a source that could not be read.
func unanswered(where string, err error) checkup.Finding {
	cure := "Look whether the address is right, and whether it can be reached from here."
	var e *Error
	if errors.As(err, &e) {
		switch {
		case e.Status == http.StatusTooManyRequests:
			cure = "Wait and check again. If it stays so, ask less often."
		case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
			cure = "Look whether it is open to everybody, and whether it refuses addresses such as ours."
		case e.Status >= http.StatusInternalServerError:
			cure = "Check again later: the trouble is at the source."
		}
	}
	return checkup.Failing(cure, "%s could not be read: %v.", where, err)
}
