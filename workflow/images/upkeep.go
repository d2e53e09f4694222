package images

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file is about what nobody ordered: what is left over in a cloud, and images
// that are not public any more.

// Sweep is what lies about in the accounts that no build owns.
type Sweep struct {
	Left    []Leftover
	Dollars float64 // a month, about
	// Others is how much there is of builds that are not known here and may be another
	// installation's in the same account. It is not among what is left.
	Others int
	// Missed says what could not be looked at; empty for nothing.
	Missed string
}

// Leftovers finds everything of ours that no build owns any more.
func (s *Service) Leftovers(ctx context.Context, who workflow.Who, p workflow.Provider) (Sweep, error) {
	setup, ok := s.setup(p)
	if !ok {
		return Sweep{}, workflow.Fail(workflow.Unavailable, "No account of %s is connected here.", p.Name())
	}
	if err := s.mayBuild(ctx, who); err != nil {
		return Sweep{}, err
	}
	found, err := setup.Cloud.Leftovers(ctx)
	var out Sweep
	if err != nil {
		if len(found) == 0 {
			return out, &workflow.Error{Kind: workflow.Unavailable, Message: workflow.Say("%s could not be looked through: %s.", p.Name(), said(err)), Err: err}
		}
		out.Missed = said(err)
	}
	owned, err := s.owned(ctx, found)
	if err != nil {
		return out, err
	}
	for _, l := range found {
		switch owned(l) {
		case theirs:
			out.Others++
		case nobodys:
			out.Left, out.Dollars = append(out.Left, l), out.Dollars+l.Dollars
		}
	}
	slices.SortFunc(out.Left, func(a, b Leftover) int { return a.Made.Compare(b.Made) })
	return out, nil
}

// owner is whose something is.
type owner int

const (
	nobodys owner = iota
	aBuilds
	theirs // of a build that is not known here, and may be known to another installation
)

// forgotten is how old something of a build that is not known here has to be before it is
// nobody's: no build works on something unfinished for so long, whoever's it is.
const forgotten = 24 * time.Hour

// owned tells what belongs to a build: while it is open all that it made, and then its
// images. What is of a build that is not known here and is finished, or new, may be
// another installation's.
func (s *Service) owned(ctx context.Context, found []Leftover) (func(Leftover) owner, error) {
	builds := map[BuildID]*Build{}
	for _, l := range found {
		if _, known := builds[l.Build]; known {
			continue
		}
		b, err := s.options.Book.Build(ctx, l.Build)
		if err != nil && workflow.KindOf(err) != workflow.NotFound {
			return nil, err
		}
		builds[l.Build] = b
	}
	now := s.now()
	return func(l Leftover) owner {
		b := builds[l.Build]
		switch {
		case b == nil && (l.Finished || now.Sub(l.Made) < forgotten):
			return theirs
		case b == nil:
			return nobodys
		case b.State.Open():
			return aBuilds
		}
		if b.State == Done && (l.Kind == "image" && b.Images[l.Region] == l.ID || l.Kind == "snapshot" && b.Images[l.Region] != "" && l.Of == b.Images[l.Region]) {
			return aBuilds
		}
		return nobodys
	}, nil
}

// RemoveLeftovers removes what was shown to the person, as far as it is still nobody's.
// It reports what was removed and what could not be.
func (s *Service) RemoveLeftovers(ctx context.Context, who workflow.Who, p workflow.Provider, ids []string) (removed int, failed []string, err error) {
	sweep, err := s.Leftovers(ctx, who, p)
	if err != nil {
		return 0, nil, err
	}
	setup, _ := s.setup(p)
	// A snapshot goes after the image that is made of it.
	rank := map[string]int{"instance": 0, "group": 0, "image": 1, "snapshot": 2, "volume": 3}
	slices.SortStableFunc(sweep.Left, func(a, b Leftover) int { return rank[a.Kind] - rank[b.Kind] })
	for _, l := range sweep.Left {
		if !slices.Contains(ids, l.ID) {
			continue
		}
		if err := setup.Cloud.RemoveLeftover(ctx, l); err != nil {
			failed = append(failed, fmt.Sprintf("%s %s (%s): %s", l.Kind, l.ID, l.Region, said(err)))
			continue
		}
		removed++
	}
	return removed, failed, nil
}

// Closed is an image that is to be public and is not.
type Closed struct {
	Build  BuildID
	Name   string
	Region string
	Image  string
}

const auditEvery = 24 * time.Hour

// auditDue looks at what is to be public, once a day.
func (s *Service) auditDue(ctx context.Context) (did bool, err error) {
	if s.options.Watch == nil || len(s.options.Clouds) == 0 {
		return false, nil
	}
	now := s.now()
	mine, err := s.options.Watch.TakeWatch(ctx, workflow.WatchImages, now, now.Add(auditEvery))
	if err != nil || !mine {
		return false, err
	}
	found, missed, err := s.Audit(ctx)
	if err != nil {
		return true, err
	}
	if missed != "" {
		s.log.Warn("some images could not be looked at; they are tomorrow", "why", missed)
	}
	var errs []error
	for _, c := range found {
		errs = append(errs, s.miss(ctx, c))
	}
	return true, errors.Join(errs...)
}

// miss lets a build need a person because an image of it is not public any more: who
// ordered it is told, and trying again makes it public.
func (s *Service) miss(ctx context.Context, c Closed) error {
	now := s.now()
	b, err := s.options.Book.UpdateBuild(ctx, c.Build, "", func(b *Build) error {
		t := b.Step(Open, c.Region, "")
		if t == nil || t.State != StepDone || b.State.Open() && !b.Restoring() {
			return nil // somebody left it closed, or is at it
		}
		t.again(now)
		t.Reopens, t.State, t.Since, t.Ended, t.Due = true, StepFailed, now, now, time.Time{}
		t.Fault = &Fault{Class: NotPublic}
		b.State, b.Ended = Stuck, time.Time{}
		return nil
	}, func(r *workflow.Run, was, is *Build) error {
		return s.follow(workflow.Act{Actor: workflow.Bot, At: now}, r, was, is)
	})
	s.note(b, err)
	return err
}

// Audit looks whether the images that are to be public are: of each listing the newest.
// Missed says what could not be looked at.
func (s *Service) Audit(ctx context.Context) (found []Closed, missed string, err error) {
	done, err := s.options.Book.BuildsDone(ctx, "", mostAudited)
	if err != nil {
		return nil, "", err
	}
	open, err := s.options.Book.BuildsOpen(ctx)
	if err != nil {
		return nil, "", err
	}
	for _, b := range open { // that were found before, and are nobody's yet
		for _, t := range b.Failed() {
			if t.Fault.Class == NotPublic {
				found = append(found, Closed{b.ID, b.Order.Name, t.Region, b.Images[t.Region]})
			}
		}
	}
	slices.SortStableFunc(done, func(a, b *Build) int { return b.Order.Version.Compare(a.Order.Version) })
	seen := map[workflow.ListingID]bool{}
	for _, b := range done {
		if !b.Order.Public || seen[b.Order.Listing] {
			continue
		}
		seen[b.Order.Listing] = true
		setup, ok := s.setupOf(&b.Order)
		if !ok {
			continue
		}
		for _, region := range b.Order.Regions {
			public, err := setup.Cloud.IsPublic(ctx, region, b.Images[region])
			switch {
			case err != nil:
				missed = said(err)
			case !public:
				found = append(found, Closed{b.ID, b.Order.Name, region, b.Images[region]})
			}
		}
	}
	return found, missed, nil
}

const mostAudited = 1000

// Repair makes images public again that were, and that somebody or something closed. They
// were signed when they went live.
func (s *Service) Repair(ctx context.Context, who workflow.Who, id BuildID) (*Build, error) {
	closed, _, err := s.Audit(ctx)
	if err != nil {
		return nil, err
	}
	return s.act(ctx, who, id, func(b *Build) error {
		if b.Restoring() && len(b.Failed()) > 0 {
			return b.retry(-1, "", s.now())
		}
		if b.State != Done {
			return workflow.Fail(workflow.Conflict, "%s is being worked on already.", b.Order.Name)
		}
		opened := false
		for _, c := range closed {
			if t := b.Step(Open, c.Region, ""); c.Build == id && t != nil {
				t.again(s.now())
				// What was signed is what is repaired, so it is not asked again: see halt.
				t.Reopens, opened = true, true
			}
		}
		if !opened {
			return workflow.Fail(workflow.Conflict, "All images of %s are public.", b.Order.Name)
		}
		b.State, b.Ended = Running, time.Time{}
		return nil
	})
}

// News is a plan's builds as people are to see them now.
type News struct {
	Product string // what the images are of
	Builds  []*Build
	Left    []time.Duration // of each; 0 where nobody can tell
	Stalled []bool          // whether it is with the marketplace for longer than usual
	Run     *workflow.Run   // nil for none
	// Mailbox is who reads the mail of each marketplace, where that is known.
	Mailbox map[workflow.Provider]workflow.UserID
	Now     time.Time
}

// News is how the builds of a plan stand.
func (s *Service) News(ctx context.Context, plan PlanID) (News, error) {
	n := News{Product: s.options.Product, Mailbox: map[workflow.Provider]workflow.UserID{}, Now: s.now()}
	for _, c := range s.options.Clouds {
		n.Mailbox[c.Cloud.Provider()] = c.Mailbox
	}
	var err error
	if n.Builds, err = s.options.Book.BuildsOf(ctx, plan); err != nil {
		return n, err
	}
	if len(n.Builds) == 0 {
		return n, workflow.Fail(workflow.NotFound, "There are no builds of plan %s.", string(plan))
	}
	like := map[workflow.Provider]Typical{}
	for _, b := range n.Builds {
		p := b.Order.Provider
		if like[p] == nil {
			if like[p], err = s.Typical(ctx, p); err != nil {
				return n, err
			}
		}
		n.Left = append(n.Left, b.Left(n.Now, like[p]))
		n.Stalled = append(n.Stalled, b.stalls(n.Now, like[p]))
	}
	if run := n.Builds[0].Order.Run; run != "" {
		n.Run, err = s.Run(ctx, run)
	}
	return n, err
}

// Wake lets the builds of a run look at once whether it is signed.
func (s *Service) Wake(ctx context.Context, run workflow.RunID) error {
	builds, err := s.options.Book.BuildsFor(ctx, run, mostBuilds)
	if err != nil {
		return err
	}
	var errs []error
	for _, b := range builds {
		if t := b.Step(Sign, "", ""); t == nil || t.State.Over() || !b.State.Open() {
			continue
		}
		knew := s.knows(b)
		after, err := s.options.Book.UpdateBuild(ctx, b.ID, "", func(b *Build) error {
			if t := b.Step(Sign, "", ""); t != nil && !t.State.Over() {
				t.Due = s.now()
			}
			return nil
		}, nil)
		if knew {
			s.note(after, err)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
