package workflow

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// This file is what a newer release does to a run about an older one, and what
// becomes of a run whose catalyst turns out to be of another kind.

// Successor is the run that goes on with what another has given up.
type Successor struct {
	Run  RunID  `json:"run,omitzero"`
	Name string `json:"name,omitzero"` // "R-18"
	What string `json:"what,omitzero"` // "GitLab 17.5.2"
}

// Supersede gives up the lanes that another run goes on with, as far as they are
// not live. When nothing of the run is left to do for any listing, it ends with
// them. It does nothing when it has none of them open.
func (r *Run) Supersede(act Act, next Successor, lanes []ListingID) error {
	if r.State != Running || r.Catalyst == nil {
		return r.notNow("superseded")
	}
	concerned := make(map[ListingID]bool, len(lanes))
	for _, id := range lanes {
		concerned[id] = true
	}
	var left []ListingID
	open := 0
	for i := range r.Listings {
		switch id := r.Listings[i].ID; {
		case r.laneClosed(id):
		case concerned[id]:
			left = append(left, id)
		default:
			open++
		}
	}
	if len(left) == 0 {
		return nil
	}
	e := act.event(LanesLeft)
	e.Lanes, e.Next, e.Text = left, &next, ""
	r.emit(e)
	if open > 0 {
		r.settle(act.At)
		return nil
	}
	e = act.event(RunSuperseded)
	e.Next, e.Text = &next, ""
	r.emit(e)
	r.settle(act.At)
	return nil
}

// LiveAlready closes the lanes of listings that have the version by another way: a
// person said so. It asks for no evidence.
func (r *Run) LiveAlready(act Act, lanes []ListingID) {
	step := r.def.publishing()
	if step == nil || r.State != Running {
		return
	}
	for _, id := range lanes {
		key := StepKey{step.ID, id}
		if s := r.Steps[key]; s != nil && s.Status == Open {
			e := act.event(StepDone)
			e.Step, e.Text = key, ""
			r.emit(e)
		}
	}
	if len(r.emitted) > 0 {
		r.settle(act.At)
	}
}

// laneClosed reports whether nothing more has to happen for a listing.
func (r *Run) laneClosed(id ListingID) bool {
	for _, p := range r.index.byID {
		if p.step.PerListing && !r.Steps[StepKey{p.step.ID, id}].Status.Closed() {
			return false
		}
	}
	return true
}

// OpenLanes are the listings for which something is left to do.
func (r *Run) OpenLanes() []ListingID {
	var out []ListingID
	for i := range r.Listings {
		if !r.laneClosed(r.Listings[i].ID) {
			out = append(out, r.Listings[i].ID)
		}
	}
	return out
}

// GiveUp gives up the lanes of listings by itself, for a reason, as far as they are
// not live.
func (r *Run) GiveUp(act Act, lanes []ListingID, reason string) error {
	act.Reason = reason
	for _, id := range lanes {
		for _, p := range r.index.byID {
			key := StepKey{p.step.ID, id}
			if s := r.Steps[key]; !p.step.PerListing || s == nil || s.Status.Closed() {
				continue
			}
			if err := r.Waive(act, key, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// GaveUp reports whether the run has given a listing up by itself: for a newer
// release, or because it was taken off the marketplace.
func (r *Run) GaveUp(id ListingID) bool {
	left := false
	for _, p := range r.index.byID {
		if s := r.Steps[StepKey{p.step.ID, id}]; p.step.PerListing && s != nil {
			left = left || s.Status == Waived && s.Actor == Bot
		}
	}
	return left && r.laneClosed(id)
}

// TakeBack goes on with lanes that the run has given up by itself, and for which there
// is a reason no more.
func (r *Run) TakeBack(act Act, lanes []ListingID) {
	if r.State != Running {
		return
	}
	back := make(map[ListingID]bool, len(lanes))
	for _, id := range lanes {
		back[id] = r.GaveUp(id)
	}
	var again []Node
	r.Walk(func(n Node) bool {
		if back[n.Key.Listing] && n.State.Status == Waived && n.State.Actor == Bot {
			again = append(again, n)
		}
		return true
	})
	for _, n := range again {
		e := act.event(StepReopened)
		if e.Step = n.Key; n.State.Planned {
			e.Due = r.dueAfter(n, act.At)
		}
		r.emit(e)
	}
	if len(again) > 0 {
		r.settle(act.At)
	}
}

// Superseded reports whether the run has ended because a newer release concerns
// all that it had left.
func (r *Run) Superseded() bool { return r.State == Cancelled && r.Next != nil }

// Classify says what kind of catalyst it is, when it was taken for another, or for
// one of which nobody was sure. The dates that follow from it move; those that
// people chose stay. It does nothing when all is as it was.
func (r *Run) Classify(act Act, c Catalyst) error {
	if r.Catalyst == nil || r.isEnded() {
		return r.notNow("judged anew")
	}
	c.At, c.From = c.At.UTC().Truncate(time.Millisecond), c.From.UTC().Truncate(time.Millisecond)
	if problem := checkCatalyst(r.def, act, Start{Catalyst: &c}); !problem.IsZero() {
		return &Error{Kind: Invalid, Message: problem}
	}
	was := r.Catalyst
	if c.Kind == was.Kind && c.Unsure == was.Unsure && c.At.Equal(was.At) && c.From.Equal(was.From) && slices.Equal(c.Packages, was.Packages) {
		return nil
	}
	e := act.event(RunClassified)
	if c.Kind == was.Kind && c.Unsure == was.Unsure && c.At.Equal(was.At) && c.From.Equal(was.From) {
		e.Field = FieldPackages
	}
	e.Catalyst = c.clone()
	r.Catalyst = e.Catalyst // the dates that follow are those of the new one
	e.Due, e.Plan = promised(r.def, r.cal, &c), r.replanned()
	r.Catalyst = was
	r.emit(e)
	r.settle(act.At)
	return nil
}

// replanned are the dates that are counted from the catalyst and are not so yet.
func (r *Run) replanned() map[string]time.Time {
	if r.cal == nil {
		return nil
	}
	out := map[string]time.Time{}
	for i := range r.def.Stages {
		s := &r.def.Stages[i]
		if state := r.Stages[s.ID]; s.Due.AfterCatalyst > 0 && state.Status == StageOpen && state.Planned {
			if due := r.afterOpening(s.Team, s.Due, state.Opened).UTC(); !due.Equal(state.Due) {
				out[stagePlan+string(s.ID)] = due
			}
		}
	}
	r.Walk(func(n Node) bool {
		if n.Step.Due.AfterCatalyst > 0 && n.State.Status == Open && n.State.Planned {
			if due := r.dueAfter(n, n.State.Opened).UTC(); !due.Equal(n.State.Due) {
				out[n.Key.String()] = due
			}
		}
		return true
	})
	return out
}

// dueAfter is the date of a step that opens at a moment, by its rule: for a lane,
// counted from when its listing joined, and not later than what its customers were
// promised before.
func (r *Run) dueAfter(n Node, at time.Time) time.Time {
	l, lane := r.Listing(n.Key.Listing)
	if !lane || r.Catalyst == nil || n.Step.Due.AfterCatalyst == 0 || r.cal == nil {
		return r.afterOpening(n.Step.Team, n.Step.Due, at)
	}
	due := r.afterOpening(n.Step.Team, n.Step.Due, at)
	if !l.Since.IsZero() {
		due = r.cal.After(n.Step.Team, l.Since, n.Step.Due.For(r.Catalyst.Kind))
	}
	if !l.Owed.IsZero() && l.Owed.Before(due) {
		due = l.Owed
	}
	return due
}

func (r *Run) applyCatalyst(e Event) {
	switch e.Type {
	case LanesLeft:
		next := *e.Next
		r.Next = &next
		left := make(map[ListingID]bool, len(e.Lanes))
		for _, id := range e.Lanes {
			left[id] = true
		}
		for key, s := range r.Steps {
			if left[key.Listing] && !s.Status.Closed() {
				s.Version = e.Seq
				r.close(s, Waived, Event{Type: StepWaived, At: e.At, Actor: e.Actor, Text: "superseded by " + next.What})
			}
		}
	case RunSuperseded:
		next := *e.Next
		r.State, r.Ended, r.Next, r.Reason = Cancelled, e.At, &next, "superseded by "+next.What
	case RunClassified:
		r.Catalyst, r.Promise = e.Catalyst.clone(), e.Due
		r.applyPlan(e.Plan)
	case RunSigned:
		r.Signed = append(r.Signed, Signature{User: e.Actor, For: e.For, At: e.At, Plan: e.Text})
	}
}

// takeOver goes on with the work of runs that this one supersedes.
func (r *Run) takeOver(at time.Time, c Carried) {
	for _, id := range slices.Sorted(maps.Keys(c.Stages)) {
		if s := r.Stages[id]; s != nil && c.Stages[id] != "" {
			r.emit(Event{Type: StageAssigned, At: at, Stage: id, User: c.Stages[id]})
		}
	}
	byName := func(a, b StepKey) int { return cmp.Compare(a.String(), b.String()) }
	for _, key := range slices.SortedFunc(maps.Keys(c.Assignees), byName) {
		if s := r.Steps[key]; s != nil && c.Assignees[key] != "" {
			r.emit(Event{Type: StepAssigned, At: at, Step: key, User: c.Assignees[key]})
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(c.Notes), byName) {
		if r.Steps[key] != nil {
			r.emit(Event{Type: NoteAdded, At: at, Step: key, Text: c.Notes[key]})
		}
	}
}

// HandsOn adds what the run has in hand for some listings to what another takes over:
// who has which lane and stage, a merge request that is not merged, and what the
// partners have of this release.
func (r *Run) HandsOn(c *Carried, concerned func(ListingID) bool) {
	if c.Assignees == nil {
		c.Assignees, c.Stages = map[StepKey]UserID{}, map[StageID]UserID{}
		c.Facts, c.Notes = map[FactName]string{}, map[StepKey]string{}
	}
	for id, s := range r.Stages {
		if s.Assignee != "" && s.Status != StageComplete {
			c.Stages[id] = s.Assignee
		}
	}
	for key, s := range r.Steps {
		if s.Status.Closed() || key.Listing != "" && !concerned(key.Listing) {
			continue
		}
		if s.Assignee != "" {
			c.Assignees[key] = s.Assignee
		}
		if w := s.Waiting; w != nil && key.Listing != "" {
			text := r.Partner + " is with the partner since " + string(r.Day(r.def.Owner, w.Since)) + ": " + w.For
			if w.Ticket != "" {
				text += " (ticket " + w.Ticket + ")"
			}
			c.Notes[key] = text
		}
	}
	for _, t := range r.index.tracks {
		if t.Track == TrackMerge && r.Facts[t.Fact] != "" && !r.Steps[t.Key].Status.Closed() {
			c.Facts[t.Fact] = r.Facts[t.Fact]
		}
	}
}

// LaneOf is the step by which the run makes a listing live; zero when it does not.
func (r *Run) LaneOf(id ListingID) StepKey {
	step := r.def.publishing()
	if step == nil {
		return StepKey{}
	}
	return StepKey{step.ID, id}
}

// IsLive reports whether the run has made a listing live.
func (r *Run) IsLive(id ListingID) bool {
	step := r.def.publishing()
	if step == nil {
		return false
	}
	s := r.Steps[StepKey{step.ID, id}]
	return s != nil && s.Status == Done
}
