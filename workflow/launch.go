package workflow

import (
	"maps"
	"slices"
)

// MoveLaunch puts the launch on another day: the agreed one when one is agreed,
// which takes a reason, else the target. Dates that the process planned move
// with it; those that people chose stay.
func (r *Run) MoveLaunch(act Act, on Date) error {
	if r.def.Subject != SubjectPartnership {
		return fail(Conflict, "%s is about a release and has no launch.", r.Name())
	}
	if r.State != Running && r.State != Proposed {
		return r.notNow("changed")
	}
	if err := r.checkDay(r.def.Owner, act.At, on, FieldLaunch, "The launch date"); err != nil {
		return err
	}
	was, agreed := r.Launch()
	if was == on {
		t := Say("The launch is on that day already.")
		return &Error{Kind: Conflict, Message: t, Fields: map[FieldID]Text{FieldLaunch: t}}
	}
	e := act.event(LaunchMoved)
	e.Date, e.Field = on, FieldID(FactLaunchTarget)
	if was != "" {
		e.Evidence = map[FieldID]string{FieldLaunch: string(was)}
	}
	if agreed {
		if err := needReason(act, "The date was agreed with the partner: say why it moves, and that they know."); err != nil {
			return err
		}
		e.Field = FieldID(FactLaunchAgreed)
	}
	r.emit(e)
	r.replan(act.At)
	return nil
}

// LaunchAudience are the people who hear when the launch moves: the owner, and
// who sees each stage through that is not complete; sorted, each once.
func (r *Run) LaunchAudience() []UserID {
	out := map[UserID]bool{}
	add := func(who UserID) {
		if who != "" {
			out[r.Acting(who)] = true
		}
	}
	add(r.Owner)
	for i := range r.def.Stages {
		if stage := &r.def.Stages[i]; r.Stages[stage.ID].Status != StageComplete {
			add(r.StageHolder(stage))
		}
	}
	return slices.Sorted(maps.Keys(out))
}

// LaunchPlan is what is ready for the launch, what holds it, and what is done on
// the day itself.
type LaunchPlan struct {
	Date   Date
	Agreed bool
	Ready  []Node // closed, of those that the day depends on
	Holds  []Node // not closed yet
	Day    []Node // with a part on the day itself
}

// Plan is the run's launch as it stands. Optional steps nobody asked for, and
// the parts of groups whose whole was given up, are not in it.
func (r *Run) Plan() LaunchPlan {
	p := LaunchPlan{}
	p.Date, p.Agreed = r.Launch()
	r.Walk(func(n Node) bool {
		s := n.State
		switch {
		case r.IsGroup(n.Key) || s.Status == Skipped || s.Status == Waived || r.givenUp(n.Key):
		case n.Step.Optional && !s.Wanted:
		case n.Step.LaunchDay != "":
			p.Day = append(p.Day, n)
			if s.Status != Done && !r.Doable(n.Key) {
				p.Holds = append(p.Holds, n)
			}
		case s.Status == Done:
			p.Ready = append(p.Ready, n)
		default:
			p.Holds = append(p.Holds, n)
		}
		return true
	})
	return p
}

// LaunchStep notes that what is done on the day of the launch, with a step that
// was done before, is done.
func (r *Run) LaunchStep(act Act, key StepKey, version int64) error {
	n, ok := r.Node(key)
	switch {
	case !ok:
		return r.noStep(key)
	case r.State != Running:
		return r.notNow("changed")
	case n.Step.LaunchDay == "":
		return fail(Conflict, "Nothing is done with %s on the day of the launch.", r.StepName(n))
	case n.State.Status == Skipped || n.State.Status == Waived || r.givenUp(key):
		return fail(Conflict, "%s was given up, so nothing is done with it on the day of the launch.", r.StepName(n))
	case n.State.Status != Done:
		return fail(Conflict, "%s is not done yet. Mark it done when it is; nothing more is asked for on the day.", r.StepName(n))
	case !n.State.Launched.IsZero():
		return fail(Conflict, "That is done already, %s.", n.State.Launched)
	case version != 0 && version != n.State.Version:
		return r.stale(n)
	}
	switch date, agreed := r.Launch(); {
	case !agreed:
		return fail(Conflict, "The launch has no agreed date yet.")
	case r.Day(n.Step.Team, act.At) < date:
		return fail(Conflict, "The launch is on %s: that is done on the day.", date)
	}
	e := act.event(LaunchDayDone)
	e.Step = key
	r.emit(e)
	return nil
}
