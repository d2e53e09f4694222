package workflow

import (
	"maps"
	"slices"
	"time"
)

// This file is about who acts for whom: covers of people who are away, acting
// maintainers of teams, and people who have left.

// Acting is who acts for a person: their cover while they are away, the cover's
// own cover if they are away too, and so on; else they themselves.
func (r *Run) Acting(who UserID) UserID {
	for range len(r.Covers) {
		c, away := r.Covers[who]
		if !away {
			break
		}
		who = c.By
	}
	return who
}

// lead is who answers for a team: the acting maintainer, else its lead.
func (r *Run) lead(team TeamID) UserID {
	if s, ok := r.Standins[team]; ok {
		return s.User
	}
	return r.Leads[team]
}

// Lead is who answers for a team in this run now: its acting maintainer, if there
// is one. Empty when nobody is known.
func (r *Run) Lead(team TeamID) UserID { return r.lead(team) }

// covered are the people for whom a person acts, themselves first.
func (r *Run) covered(who UserID) []UserID {
	out := []UserID{who}
	for _, away := range slices.Sorted(maps.Keys(r.Covers)) {
		if away != who && r.Acting(away) == who {
			out = append(out, away)
		}
	}
	return out
}

// Follow brings the run in line with the office: who is away, and who stands in
// for its teams. It does nothing when nothing has changed, and to a run that is
// over.
func (r *Run) Follow(act Act, o *Office) {
	if r.isEnded() {
		return
	}
	for _, who := range slices.Sorted(maps.Keys(o.Away)) {
		c := o.Away[who]
		if had, is := r.Covers[who]; c.Until.After(act.At) && (!is || !had.same(c)) {
			e := act.event(CoverBegan)
			e.User, e.Cover, e.Text = who, &c, ""
			r.emit(e)
		}
	}
	for _, who := range slices.Sorted(maps.Keys(r.Covers)) {
		if c, away := o.Away[who]; !away || !c.Until.After(act.At) {
			e := act.event(CoverEnded)
			e.User, e.Text = who, ""
			r.emit(e)
		}
	}
	for _, res := range r.def.Resources {
		if res.Ask != "" && res.Fact != "" && o.Facts[res.Fact] != "" {
			r.Learn(act, res.Fact, o.Facts[res.Fact])
		}
	}
	for i := range r.def.Teams {
		team := r.def.Teams[i].ID
		want, is := o.standin(team, r.Process, act.At)
		had, was := r.Standins[team]
		switch {
		case is && (!was || !had.same(want)):
			e := act.event(StandinBegan)
			e.Team, e.User, e.Standin, e.Text = team, want.User, &want, want.Reason
			r.emit(e)
		case !is && was:
			e := act.event(StandinEnded)
			e.Team, e.User = team, had.User
			r.emit(e)
		}
	}
}

// standin is the newest acting maintainer of a team for runs of a process.
func (o *Office) standin(team TeamID, process ProcessName, now time.Time) (found Standin, ok bool) {
	for _, s := range o.Standins {
		if s.Team == team && s.Covers(process) && (s.Ends.IsZero() || s.Ends.After(now)) {
			found, ok = s, true
		}
	}
	return found, ok
}

// endPeople ends the covers and acting maintainers whose time has passed.
func (r *Run) endPeople(now time.Time) {
	if r.isEnded() {
		return
	}
	for _, who := range slices.Sorted(maps.Keys(r.Covers)) {
		if !r.Covers[who].Until.After(now) {
			r.emit(Event{Type: CoverEnded, At: now, User: who})
		}
	}
	for _, team := range slices.Sorted(maps.Keys(r.Standins)) {
		if s := r.Standins[team]; !s.Ends.IsZero() && !s.Ends.After(now) {
			r.emit(Event{Type: StandinEnded, At: now, Team: team, User: s.User})
		}
	}
}

func (r *Run) applyPeople(e Event) {
	switch e.Type {
	case CoverBegan:
		if r.Covers == nil {
			r.Covers = map[UserID]Cover{}
		}
		c := *e.Cover
		r.Covers[e.User] = c
	case CoverEnded:
		if delete(r.Covers, e.User); len(r.Covers) == 0 {
			r.Covers = nil // one that is empty is not stored
		}
	case StandinBegan:
		if r.Standins == nil {
			r.Standins = map[TeamID]Standin{}
		}
		s := *e.Standin
		s.Scope = slices.Clone(s.Scope)
		r.Standins[e.Team] = s
	case StandinEnded:
		if delete(r.Standins, e.Team); len(r.Standins) == 0 {
			r.Standins = nil
		}
	case PersonLeft:
		for _, s := range r.Steps {
			s.Waiting.leave(e.User)
			s.Tick.leave(e.User)
			s.Helpers = without(s.Helpers, func(h Helper) bool { return h.User == e.User })
			if k := s.Kept; k != nil {
				k.Waiting.leave(e.User)
				k.Tick.leave(e.User)
				k.Helpers = without(k.Helpers, func(h Helper) bool { return h.User == e.User })
			}
		}
	}
}

// leave makes a tick of somebody who has left a proposal to whoever has the step.
func (t *Tick) leave(who UserID) {
	if t != nil && t.By.User == who {
		t.Own = false
	}
}

func (w *Wait) leave(who UserID) {
	if w != nil && w.Chaser == who {
		w.Chaser = ""
	}
}

// Left gives what a person had back to their teams, because their account was
// deactivated. Leads are those the teams have without them; a team that is not
// among them has none. What they did for others ends.
func (r *Run) Left(act Act, who UserID, leads map[TeamID]UserID) {
	if r.isEnded() {
		return
	}
	had := r.has(who)
	if had || r.actsForOthers(who) {
		e := act.event(PersonLeft)
		e.User = who
		r.emit(e)
	}
	r.leaveOthers(act, who)
	if !had {
		return
	}
	for _, team := range slices.Sorted(maps.Keys(r.Leads)) {
		if r.Leads[team] == who {
			e := act.event(LeadChanged)
			e.Team, e.User = team, leads[team]
			r.emit(e)
		}
	}
	if r.Owner == who {
		e := act.event(OwnerChanged)
		e.User = leads[r.def.Owner]
		r.emit(e)
	}
	for i := range r.def.Stages {
		stage := &r.def.Stages[i]
		if s := r.Stages[stage.ID]; s.Assignee == who && s.Status != StageComplete {
			r.assignStage(act, stage, "")
		}
	}
	r.Walk(func(n Node) bool {
		if n.State.Assignee == who && !n.State.Status.Closed() {
			e := act.event(StepAssigned)
			e.Step = n.Key
			r.emit(e)
		}
		return true
	})
	r.settle(act.At)
}

// leaveOthers ends what somebody who has left did for others, and what others did
// for them.
func (r *Run) leaveOthers(act Act, who UserID) {
	for _, away := range slices.Sorted(maps.Keys(r.Covers)) {
		if c := r.Covers[away]; c.By == who || away == who {
			e := act.event(CoverEnded)
			e.User, e.Cover = away, &c
			r.emit(e)
		}
	}
	for _, team := range slices.Sorted(maps.Keys(r.Standins)) {
		if r.Standins[team].User == who {
			e := act.event(StandinEnded)
			e.Team, e.User = team, who
			r.emit(e)
		}
	}
}

// actsForOthers reports whether the person covers for somebody who has something
// in the run, or stands in for one of its teams.
func (r *Run) actsForOthers(who UserID) bool {
	for away, c := range r.Covers {
		if c.By == who && r.has(away) {
			return true
		}
	}
	for _, s := range r.Standins {
		if s.User == who {
			return true
		}
	}
	return false
}

// has reports whether anything in the run is the person's.
func (r *Run) has(who UserID) bool {
	if r.Owner == who || slices.Contains(slices.Collect(maps.Values(r.Leads)), who) {
		return true
	}
	for _, s := range r.Stages {
		if s.Assignee == who && s.Status != StageComplete {
			return true
		}
	}
	for _, s := range r.Steps {
		if s.Status.Closed() {
			continue
		}
		if s.Assignee == who || s.Waiting != nil && s.Waiting.Chaser == who || s.Tick != nil && s.Tick.Own && s.Tick.By.User == who ||
			slices.ContainsFunc(s.Helpers, func(h Helper) bool { return h.User == who }) {
			return true
		}
	}
	return false
}

func (c Cover) same(o Cover) bool {
	return c.By == o.By && c.Set == o.Set && c.Day == o.Day && c.Until.Equal(o.Until) && c.Since.Equal(o.Since)
}

func (s Standin) same(o Standin) bool {
	return s.Team == o.Team && s.User == o.User && slices.Equal(s.Scope, o.Scope) && s.Reason == o.Reason && s.Until == o.Until &&
		s.Condition == o.Condition && s.Review == o.Review && s.Set == o.Set && s.Ends.Equal(o.Ends) && s.Since.Equal(o.Since)
}
