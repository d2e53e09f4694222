package partnercenter

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// memory is what a method remembers from one call to the next.
type memory struct {
	place
	// Base is the draft's digest when it was read, and Posting when a request was about to
	// be made of it. Sent says that one may have been sent before, without an answer.
	Base    string    `json:"base,omitempty"`
	Posting time.Time `json:"posting,omitzero"`
	Sent    bool      `json:"sent,omitempty"`
	// Locked is since when something holds the product that cannot be seen.
	Locked time.Time `json:"locked,omitzero"`
	// Job is the id of ours, and Taken when it was taken.
	Job   string    `json:"job,omitempty"`
	Taken time.Time `json:"taken,omitzero"`
	// Submission is the id of ours, and Begun when we first followed it.
	Submission string    `json:"submission,omitempty"`
	Begun      time.Time `json:"begun,omitzero"`
	// Kept are the numbers of the versions that were to stay.
	Kept []string `json:"kept,omitempty"`
	// Ended is since when it is over and is not seen yet.
	Ended time.Time `json:"ended,omitzero"`
	// Note is what is to be told about the draft when it is done.
	Note string `json:"note,omitempty"`
	// Said is what was last said of it.
	Said string `json:"said,omitempty"`
	// Late says that a job that was to be cancelled was too far.
	Late bool `json:"late,omitempty"`
}

// turn is one call of a method.
type turn struct {
	c   *Client
	w   images.Work
	o   images.Offer
	v   Version
	mem memory
	// target is where the version is to be brought: "preview", "live", or the draft alone
	// for an empty one.
	target string
}

func (c *Client) turn(w images.Work, o images.Offer, v Version, target string) *turn {
	return &turn{c: c, w: w, o: o, v: v, mem: clouds.Recall[memory](w), target: target}
}

// resolve finds the product and the plan, once.
func (t *turn) resolve(ctx context.Context) (err error) {
	if t.mem.Product == "" || t.mem.Plan == "" {
		t.mem.place, err = t.c.find(ctx, t.v.Offer, t.v.Plan)
	}
	return err
}

// jobRef begins the ref of a step whose submission is not known yet: the id of its job
// follows.
const jobRef = configureKind + "/"

// ref is the id of the submission, as soon as there is one.
func (t *turn) ref() string {
	switch {
	case t.mem.Submission != "":
		return t.mem.Submission
	case t.mem.Job != "":
		return jobRef + t.mem.Job
	}
	return t.w.Ref
}

func (t *turn) progress(note string, again time.Duration) images.Progress {
	if note != "" {
		t.mem.Said = note
	}
	return images.Progress{Ref: t.ref(), Memory: clouds.Remember(t.mem), Note: note, Again: again}
}

// done is the end, by a submission. An empty one is that which is known.
func (t *turn) done(submission, note string) images.Progress {
	if submission != "" {
		t.mem.Submission = submission
	}
	p := t.progress(joined(t.mem.Note, note), 0)
	p.Done = true
	return p
}

// tell adds a note to those for the end, once.
func (t *turn) tell(note string) {
	if !strings.Contains(t.mem.Note, clouds.Shorten(note, mostNote)) {
		t.mem.Note = joined(t.mem.Note, clouds.Shorten(note, mostNote))
	}
}

// mostNote is how long a note may be, in characters: a plan has many versions.
const mostNote = 300

// joined are notes in one.
func joined(notes ...string) string {
	return strings.Join(slices.DeleteFunc(notes, func(n string) bool { return n == "" }), "; ")
}

// soon is how long to wait for what takes a moment, and seldom for what takes hours.
const (
	soon   = 30 * time.Second
	seldom = 5 * time.Minute
)

// pause is how soon to look again at what began at a time.
func (t *turn) pause(began time.Time) time.Duration {
	return max(soon, min(t.w.Now.Sub(began)/4, seldom)).Truncate(time.Second)
}

// ours reports whether what goes on brings our version along.
func (t *turn) ours(sub *submission, s *scene) bool {
	switch {
	case sub.ID == t.mem.Submission && sub.Target == t.target:
		return true
	case sub.Target == "live":
		return s.preview.techOf(t.mem.Plan).has(t.v)
	}
	return s.draft.has(t.v)
}

// held is what to do about a submission that goes on and is not ours. The API has no way
// to cancel one.
func (t *turn) held(sub *submission) (images.Progress, error) {
	t.mem.Posting, t.mem.Locked = time.Time{}, time.Time{}
	switch {
	case slices.Contains(t.o.Ours, sub.ID):
		return t.progress(fmt.Sprintf("waits until the submission %s to %s of another build is over", sub.ID, sub.Target), seldom), nil
	case t.o.Wait:
		return t.progress("waits until somebody else's submission is over", seldom), nil
	}
	return images.Progress{}, &images.Fault{Class: images.Foreign, Link: managed,
		Said: fmt.Sprintf("The submission %s to %s has been under way since %s, and is not one of ours.", sub.ID, sub.Target, sub.since())}
}

// unseen is how long the product may be locked by what cannot be seen before it is
// somebody else's: a job that changes a draft takes minutes.
const unseen = 10 * time.Minute

// locked is what to do when a request is refused because something holds the product, and
// no submission goes on.
func (t *turn) locked(refusal error) (images.Progress, error) {
	t.mem.Posting = time.Time{}
	if t.mem.Locked.IsZero() {
		t.mem.Locked = t.w.Now
	}
	ours := t.mem.Sent || slices.ContainsFunc(t.o.Ours, func(id string) bool { return strings.HasPrefix(id, jobRef) })
	switch {
	case t.w.Now.Sub(t.mem.Locked) < unseen:
		return t.progress("the offer is locked; waits until that is over", soon), nil
	case t.o.Wait || ours || t.target == "":
		return t.progress("the offer is locked; waits until that is over", seldom), nil
	}
	return images.Progress{}, &images.Fault{Class: images.Foreign, Code: "productLocked", Link: managed,
		Said: fmt.Sprintf("Something has held the offer since %s that is not one of our submissions: %s", t.mem.Locked.UTC().Format("2 January 2006, 15:04 UTC"), clouds.Said(refusal)), Err: refusal}
}

// submissionID finds the id of a submission in an address.
var submissionID = regexp.MustCompile(`submission/[0-9a-fA-F-]{36}/[0-9]+`)

// latest is the newest submission to the target that began since a moment, whatever became
// of it; nil when there is none.
func (t *turn) latest(ctx context.Context, s *scene, since time.Time) (*submission, error) {
	const drift = 30 * time.Second // of their clock and ours
	last := s.last(t.target, "")
	if last == nil {
		list, err := t.c.submissions(ctx, t.mem.Product, t.target)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		last = &list[0]
	}
	if last.Created.Before(since.Add(-drift)) {
		return nil, nil
	}
	return last, nil
}

// refused is the fault of a submission that failed and whose job is not known, so that
// nothing more can be asked about it.
func (t *turn) refused(sub *submission) error {
	return &images.Fault{Class: images.Rejected, What: sub.ID, Link: managed,
		Said: fmt.Sprintf("The submission %s to %s, of %s, has failed. Why is shown in Partner Center.", sub.ID, sub.Target, sub.since())}
}
