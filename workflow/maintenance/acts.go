package maintenance

import (
	"context"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file is what people say: that there is a release, what kind it is, why a listing
// had it late, and that an image needs the same version again.

// Told is what became of what somebody said of a release.
type Told struct {
	Release workflow.Release
	Why     []workflow.Text // by what it was judged
	Said    workflow.Text   // by a person
	Runs    []*workflow.Run // about it, the newest last
	Lanes   int             // listings that need it and have no run
	Waits   time.Time       // until when it waits; zero for not at all
}

// Tell says that a release is out, and what kind it is. Kind is empty when the person
// did not say: then the sources decide, and it counts as an ordinary release where
// they say nothing of security. Channel is where its card goes if none is configured.
func (s *Service) Tell(ctx context.Context, who workflow.Who, v workflow.Version, kind workflow.CatalystKind, channel workflow.ChannelID) (Told, error) {
	if err := s.mayDecide(ctx, who); err != nil {
		return Told{}, err
	}
	if v.Rebuild > 0 && kind == "" {
		kind = workflow.CatalystFix
	}
	err := s.revise(ctx, v, func(r *workflow.Release, was bool) error {
		now := s.options.Now().UTC().Truncate(time.Millisecond)
		if kind == "" {
			if kind = workflow.CatalystRelease; was && r.State != workflow.ReleaseBefore && r.Kind != "" && !r.Unsure {
				kind = r.Kind
			}
		}
		if r.State == workflow.ReleaseBefore || r.State == workflow.ReleaseDropped || !was {
			r.State = workflow.ReleaseWaits
			if r.Published.IsZero() {
				r.Published = now
			}
		}
		r.ByHand = r.ByHand || !was
		r.Rulings = append(r.Rulings, workflow.Ruling{By: who.User, At: now, Kind: kind})
		return nil
	})
	if err != nil {
		return Told{}, err
	}
	if err := s.follow(ctx, channel); err != nil {
		return Told{}, err
	}
	return s.Told(ctx, v)
}

// Rule says what kind a release is; an empty kind, that it is none of ours.
func (s *Service) Rule(ctx context.Context, who workflow.Who, v workflow.Version, kind workflow.CatalystKind, note string) (Told, error) {
	if err := s.mayDecide(ctx, who); err != nil {
		return Told{}, err
	}
	note = strings.TrimSpace(note)
	if workflow.LooksSecret(note) || len([]rune(note)) > 500 {
		return Told{}, workflow.Fail(workflow.Invalid, "Say it in 500 characters, and without passwords or keys.")
	}
	err := s.revise(ctx, v, func(r *workflow.Release, was bool) error {
		if !was {
			return workflow.Fail(workflow.NotFound, "No release %s was seen.", v.String())
		}
		if ruling, ruled := r.Ruled(); ruled && ruling.Kind == kind {
			return workflow.Fail(workflow.Conflict, "%s has said so already, %s.", ruling.By, ruling.At)
		}
		if r.State == workflow.ReleaseDropped && kind != "" {
			r.State = workflow.ReleaseWaits
		}
		r.Rulings = append(r.Rulings, workflow.Ruling{By: who.User, At: s.options.Now().UTC().Truncate(time.Millisecond), Kind: kind, Note: note})
		return nil
	})
	if err != nil {
		return Told{}, err
	}
	if err := s.Reconcile(ctx); err != nil {
		return Told{}, err
	}
	return s.Told(ctx, v)
}

// mayDecide refuses those who have no say in releases: they are for the team that owns
// their runs, for who stands in for it, and for admins.
func (s *Service) mayDecide(ctx context.Context, who workflow.Who) error {
	def := s.definition()
	if def == nil {
		return workflow.Fail(workflow.NotFound, "There is no process for releases here. One with “subject: catalyst” has to be there.")
	}
	if _, err := s.Admitted(ctx, who.User, def); err != nil {
		return err
	}
	roster := s.Roster(def)
	if roster.IsMember(def.Owner, who.User) || roster.IsAdmin(who.User) {
		return nil
	}
	office, err := s.Office(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(office.Standins, func(x workflow.Standin) bool {
		return x.Team == def.Owner && x.User == who.User && x.Covers(def.Name) && (x.Ends.IsZero() || x.Ends.After(s.options.Now()))
	}) {
		return nil
	}
	team := def.TeamName(def.Owner)
	team.Group = roster.Teams[def.Owner].Group
	return workflow.Fail(workflow.Denied, "Releases and listings are for %s.", team)
}

// MayDecide refuses those who have no say in releases and listings.
func (s *Service) MayDecide(ctx context.Context, who workflow.UserID) error {
	return s.mayDecide(ctx, workflow.Who{User: who})
}

// attempts is how often a record is read again that somebody else has changed.
const attempts = 5

// revise changes the record of a release, which is made if it is not there.
func (s *Service) revise(ctx context.Context, v workflow.Version, change func(r *workflow.Release, was bool) error) error {
	for range attempts {
		all, err := s.options.Book.Releases(ctx)
		if err != nil {
			return err
		}
		i, was := slices.BinarySearchFunc(all, v, func(r workflow.Release, v workflow.Version) int { return r.Version.Compare(v) })
		r := workflow.Release{Version: v, Seen: s.options.Now().UTC().Truncate(time.Millisecond)}
		if was {
			r = all[i].Clone()
		}
		if err := change(&r, was); err != nil {
			return err
		}
		if saved, err := s.options.Book.SaveReleases(ctx, []workflow.Release{r}, nil); err != nil || saved {
			return err
		}
	}
	return workflow.Fail(workflow.Unavailable, "Others are changing %s just now. Please try again in a moment.", v.String())
}

// Told is how a release stands.
func (s *Service) Told(ctx context.Context, v workflow.Version) (Told, error) {
	all, err := s.Releases(ctx)
	if err != nil {
		return Told{}, err
	}
	for _, t := range all {
		if t.Release.Version == v {
			for _, id := range t.Release.Runs {
				run, err := s.Run(ctx, id)
				if err != nil {
					return t, err
				}
				t.Runs = append(t.Runs, run)
			}
			return t, nil
		}
	}
	return Told{}, workflow.Fail(workflow.NotFound, "No release %s was seen.", v.String())
}

// Releases are all that were seen and why they were judged so, the newest first.
func (s *Service) Releases(ctx context.Context) ([]Told, error) {
	def := s.definition()
	if def == nil {
		return nil, nil
	}
	p, err := s.pass(ctx, def)
	if err != nil {
		return nil, err
	}
	if err := p.judgeAll(ctx); err != nil {
		return nil, err
	}
	p.aim()
	out := make([]Told, 0, len(p.releases))
	for i := len(p.releases) - 1; i >= 0; i-- {
		r := p.releases[i]
		j := p.judged[r.Version]
		t := Told{Release: p.was[i], Why: j.Why, Said: j.Said, Lanes: len(p.want[r.Version])}
		t.Release.Kind, t.Release.Unsure = r.Kind, r.Unsure
		if t.Release.State == workflow.ReleaseWaits {
			t.Waits = j.Look
		}
		out = append(out, t)
	}
	return out, nil
}

// Explain keeps why customers of a listing had a version late.
func (s *Service) Explain(ctx context.Context, who workflow.Who, v workflow.Version, id workflow.ListingID, cause string) error {
	if err := s.mayDecide(ctx, who); err != nil {
		return err
	}
	cause = strings.TrimSpace(cause)
	field := workflow.FieldReason
	switch {
	case cause == "":
		return said(field, workflow.Say("Say in a sentence why it was late."))
	case len([]rune(cause)) > 500:
		return said(field, workflow.Say("Keep it to 500 characters."))
	case workflow.LooksSecret(cause):
		return said(field, workflow.Say("That looks like a password or a key. Leave it out."))
	}
	found, err := s.options.Book.Explain(ctx, who.Request, v, id, cause)
	if err == nil && !found {
		return workflow.Fail(workflow.NotFound, "Nothing is known of %s there.", v.String())
	}
	return err
}

func said(field workflow.FieldID, t workflow.Text) error {
	return &workflow.Error{Kind: workflow.Invalid, Message: t, Fields: map[workflow.FieldID]workflow.Text{field: t}}
}

// Fix starts work on an image alone: the same version again, for some listings.
func (s *Service) Fix(ctx context.Context, who workflow.Who, ids []workflow.ListingID, because string, kind workflow.CatalystKind, channel workflow.ChannelID) (*workflow.Run, error) {
	def := s.definition()
	if def == nil {
		return nil, s.mayDecide(ctx, who)
	}
	all, err := s.options.Book.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	start := workflow.Start{Channel: channel, Catalyst: &workflow.Catalyst{Kind: kind, At: s.options.Now(), Because: because}}
	if s.options.Channel != "" {
		start.Channel = s.options.Channel
	}
	for i := range all {
		l := &all[i]
		if !slices.Contains(ids, l.ID) || !l.Maintained() {
			continue
		}
		if start.Catalyst.Version.IsZero() {
			start.Catalyst.Version = l.Published
		} else if l.Published != start.Catalyst.Version {
			return nil, said("listings", workflow.Say("Choose listings with the same version: %s has %s.", l.FullName(), l.Published.String()))
		}
		lane := workflow.Listing{ID: l.ID, Edition: l.Edition, Delivery: l.Delivery, Provider: l.Provider, Partner: l.Partner, Architecture: l.Architecture}
		if l.Product != "" {
			lane.Facts = map[workflow.FactName]string{workflow.FactProduct: l.Product}
		}
		start.Listings = append(start.Listings, lane)
	}
	v := start.Catalyst.Version
	start.Partner = strings.TrimSpace(s.options.Product.Name + " " + v.First().String())
	if r, err := s.packagesOf(ctx, v); err == nil {
		start.Catalyst.Packages = r
	}
	return s.Begin(ctx, who, def.Name, start)
}

func (s *Service) packagesOf(ctx context.Context, v workflow.Version) ([]workflow.Package, error) {
	all, err := s.options.Book.Releases(ctx)
	for _, r := range all {
		if r.Version == v {
			return r.Packages, err
		}
	}
	return nil, err
}
