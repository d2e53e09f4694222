package workflow

import (
	"strings"
	"time"
)

// This file is about dates: those the process plans, and those people choose.

// Day is the date that a moment falls on where the team is.
func (r *Run) Day(team TeamID, t time.Time) Date {
	if r.cal == nil {
		return DateOf(t.UTC())
	}
	return DateOf(t.In(r.cal.At(team, DateOf(t)).Location()))
}

// checkDay refuses what is no date, or a day that is over for the team.
func (r *Run) checkDay(team TeamID, at time.Time, on Date, field FieldID, what string) error {
	if _, err := ParseDate(string(on)); err != nil {
		return notDate(field)
	}
	if on < r.Day(team, at) {
		return &Error{Kind: Invalid, Message: Say("%s is in the past: choose today or a later day.", what),
			Fields: map[FieldID]Text{field: Say("Choose today or a later day.")}}
	}
	return nil
}

func notDate(field FieldID) error {
	t := Say("That is no date: choose one, or write it as 2026-01-15.")
	return &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{field: t}}
}

// closeOn is the close of the team's business on a day.
func (r *Run) closeOn(team TeamID, on Date) time.Time {
	if r.cal == nil {
		return on.Time()
	}
	return r.cal.At(team, on)
}

// opening is when the team's business opens on the nth business day after a
// moment's; for n = 0 on that day or the first one after it.
func (r *Run) opening(team TeamID, from time.Time, n int) time.Time {
	if r.cal == nil {
		return from.AddDate(0, 0, n)
	}
	return r.cal.Opening(team, from, n)
}

// between counts the team's business days after from's day, up to and including
// to's.
func (r *Run) between(team TeamID, from, to time.Time) int {
	if r.cal == nil {
		return int(to.Sub(from) / (24 * time.Hour))
	}
	return r.cal.Between(team, from, to)
}

// afterOpening is the date of something that opens now, by its rule; the zero
// time for none.
func (r *Run) afterOpening(team TeamID, rule Due, at time.Time) time.Time {
	switch {
	case r.cal == nil:
		return time.Time{}
	case rule.AfterCatalyst > 0 && r.Catalyst != nil:
		return r.cal.After(team, r.Catalyst.Counted(), rule.For(r.Catalyst.Kind))
	case rule.AfterOpen == 0:
		return time.Time{}
	}
	return r.cal.After(team, at, rule.AfterOpen)
}

// For is how many business days after a catalyst of that kind it is.
func (d Due) For(kind CatalystKind) int {
	if kind == CatalystSecurity && d.Security > 0 {
		return d.Security
	}
	return d.AfterCatalyst
}

const stagePlan = "stage:"

func cutStage(name string) (StageID, bool) {
	id, ok := strings.CutPrefix(name, stagePlan)
	return StageID(id), ok
}

// planned is the dates that the process plans back from the launch and that are
// not so yet. A date that a person chose stays, and so does that of what is
// closed: it says when it was due.
func (r *Run) planned() map[string]time.Time {
	launch, _ := r.Launch()
	if launch == "" || r.cal == nil {
		return nil
	}
	out := map[string]time.Time{}
	plan := func(name string, team TeamID, rule Due, have time.Time, mayMove bool) {
		if rule.BeforeLaunch == 0 && !rule.OnLaunch || !mayMove && !have.IsZero() {
			return
		}
		due := r.cal.At(team, launch)
		if !rule.OnLaunch {
			due = r.cal.Before(team, launch, rule.BeforeLaunch)
		}
		if soonest := r.cal.After(team, r.Started, 1); due.Before(soonest) {
			due = soonest // a near launch makes a run urgent, not late before it began
		}
		if due = due.UTC(); !due.Equal(have) {
			out[name] = due
		}
	}
	for i := range r.def.Stages {
		s := &r.def.Stages[i]
		if state := r.Stages[s.ID]; state.Status != StageComplete {
			plan(stagePlan+string(s.ID), s.Team, s.Due, state.Due, state.Planned)
		}
	}
	r.Walk(func(n Node) bool {
		if !n.State.Status.Closed() {
			plan(n.Key.String(), n.Step.Team, n.Step.Due, n.State.Due, n.State.Planned)
		}
		return true
	})
	return out
}

// replan moves the dates that the process plans, if there is anything to move.
// Nothing opens or closes by it.
func (r *Run) replan(at time.Time) {
	if plan := r.planned(); len(plan) > 0 {
		r.emit(Event{Type: RunPlanned, At: at, Plan: plan})
	}
}
