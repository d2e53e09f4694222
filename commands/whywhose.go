package commands

import (
	"cloudimage/workflow"
)

// whose says why the step is with the person it is with.
func (q inquiry) whose() []workflow.Text {
	r, n := q.run, q.node
	if r.IsGroup(n.Key) || q.unasked() {
		return nil
	}
	who, how, at := r.Whose(n.Key)
	team := r.Definition().TeamName(n.Step.Team)
	var out []workflow.Text
	switch how {
	case workflow.ByAssignment:
		e, known := q.last(workflow.StepAssigned, func(e workflow.Event) bool { return e.Step == at && e.User == who })
		group := workflow.Say("it")
		if g, ok := r.Node(at); ok && at != n.Key {
			group = workflow.Say("the whole of %s", r.StepName(g))
		}
		if known {
			out = append(out, workflow.Say("It is with %s: %s gave %s to them, %s.", who, e.Actor, group, e.At))
		} else {
			out = append(out, workflow.Say("It is with %s, who was given %s.", who, group))
		}
	case workflow.ByStage:
		said := workflow.Say("It is with %s, who sees stage %s through", who, n.Stage.Number)
		if e, known := q.last(workflow.StageAssigned, func(e workflow.Event) bool { return e.Stage == n.Stage.ID && e.User == who }); known {
			said = workflow.Say("%s: %s said so, %s", said, e.Actor, e.At)
		}
		out = append(out, workflow.Say("%s. Nobody was given the step by name.", said))
	case workflow.ByStandin:
		out = append(out, workflow.Say("It is for %s. %s", team, q.desk.standinLine(r.Standins[n.Step.Team])))
	case workflow.ByLead:
		out = append(out, workflow.Say("It is with %s, who leads for %s: nobody was given the step by name.", who, team))
	default:
		out = append(out, workflow.Say("It is with nobody: nobody leads for %s in %s.", team, r.Name()))
	}
	out = append(out, q.covering(who)...)
	return append(out, q.chaser(who)...)
}

// covering says who covers for a person who is away, and for the cover.
func (q inquiry) covering(who workflow.UserID) (out []workflow.Text) {
	for range q.run.Covers {
		c, away := q.run.Covers[who]
		if !away {
			break
		}
		out = append(out, workflow.Say("%s is away until %s, and %s covers.", who, c.Day, c.By))
		who = c.By
	}
	return out
}

// chaser says who follows up with the partner, when that is somebody else.
func (q inquiry) chaser(who workflow.UserID) []workflow.Text {
	w := q.node.State.Waiting
	if w == nil || w.Chaser == "" || w.Chaser == who {
		return nil
	}
	for _, t := range []workflow.EventType{workflow.SilenceTold, workflow.ActionTaken} {
		e, ok := q.last(t, func(e workflow.Event) bool { return q.mine(e) && e.User == w.Chaser && !e.At.Before(w.Since) })
		switch {
		case ok && t == workflow.SilenceTold:
			return append([]workflow.Text{workflow.Say("%s follows up with the partner, because they were silent until %s.", w.Chaser, e.At)}, q.covering(w.Chaser)...)
		case ok:
			return append([]workflow.Text{workflow.Say("%s follows up with the partner: %s escalated it, %s.", w.Chaser, e.Actor, e.At)}, q.covering(w.Chaser)...)
		}
	}
	return append([]workflow.Text{workflow.Say("%s follows up with the partner, since they asked.", w.Chaser)}, q.covering(w.Chaser)...)
}

// reminders says who was reminded of the step and how often, by which rule, and
// what comes next.
func (q inquiry) reminders() []workflow.Text {
	r, n := q.run, q.node
	if r.State != workflow.Running || n.State.Status != workflow.Open {
		return []workflow.Text{workflow.Say("Nobody is reminded of it: only who has an open step is.")}
	}
	var out []workflow.Text
	for _, t := range r.Todos() {
		if t.Key == n.Key {
			out = append(out, q.reminder(t))
		}
	}
	if len(out) == 0 {
		if len(r.Unmet(n.Key)) > 0 {
			return []workflow.Text{workflow.Say("Nobody is reminded of it, because it cannot be done yet.")}
		}
		return nil
	}
	if next, ok := r.NextTold(n.Key); ok {
		out = append(out, q.next(next))
	}
	return out
}

// reminder says how often a person was reminded of one thing, and when they are
// again.
func (q inquiry) reminder(t workflow.Todo) workflow.Text {
	had := q.node.State.Reminded[t.Person]
	said := workflow.Say("%s was not reminded of it yet", t.Person)
	if had.Times > 0 {
		said = workflow.Say("%s was reminded %d times, last %s", t.Person, had.Times, had.Last)
	}
	if had.Times == 1 {
		said = workflow.Say("%s was reminded once, %s", t.Person, had.Last)
	}
	if what, ok := askedFor[t.Kind]; ok {
		said = workflow.Say("%s, to %s", said, what)
	}
	return workflow.Say("%s. %s", said, q.when(t))
}

// askedFor is what a person is reminded to do, where that is not to do the step.
var askedFor = map[workflow.MoveKind]string{
	workflow.MoveChase:  "ask the partner again",
	workflow.MoveAnswer: "write the text they were asked for",
	workflow.MoveAsk:    "say whether it is wanted",
	workflow.MoveLaunch: "do what is left for the day of the launch",
	workflow.MoveSilent: "know that the partner is silent",
	workflow.MoveLate:   "know that it is late",
	workflow.MoveTick:   "say whether it is done, because its box was ticked",
	workflow.MoveEarly:  "know that it was merged before the launch",
}

// when says when a person is reminded of a thing again, and why then.
func (q inquiry) when(t workflow.Todo) workflow.Text {
	now := q.desk.Now()
	switch {
	case t.Snoozed && q.node.State.Snooze.Until.After(now):
		return reasoned(workflow.Say("Not before the morning of %s, as they asked", q.run.Day(q.node.Step.Team, q.node.State.Snooze.Until)), q.node.State.Snooze.Reason)
	case t.Kind == workflow.MoveSilent, t.Kind == workflow.MoveLate, t.Kind == workflow.MoveAsk, t.Kind == workflow.MoveEarly:
		switch {
		case t.Reminded > 1: // of what was theirs before, and is not any more
			return workflow.Say("They know of it, so not again.")
		case t.Reminded > 0:
			return workflow.Say("Once is enough, so not again.")
		}
		return workflow.Say("It is said once, in their next morning message.")
	case t.Reminded >= workflow.MostReminders:
		return workflow.Say("That is as often as I remind anybody of one thing.")
	case t.Kind == workflow.MoveChase && t.Due.IsZero():
		return workflow.Say("The process has no day for asking again.")
	case t.Kind == workflow.MoveChase && t.Quiet.After(now):
		return workflow.Say("The day to ask again is %s.", q.run.Day(q.node.Step.Team, t.Quiet))
	case !t.Quiet.After(now):
		return workflow.Say("It is in their next morning message: %s.", q.rule(t))
	}
	return workflow.Say("Next in the morning message of %s: %s.", q.run.Day(q.node.Step.Team, t.Quiet), q.rule(t))
}

// rule is by which rule somebody is reminded of a thing next.
func (q inquiry) rule(t workflow.Todo) workflow.Text {
	switch {
	case t.Kind == workflow.MoveChase:
		return workflow.Say("it is time to ask the partner again")
	case t.Kind == workflow.MoveLaunch:
		return workflow.Say("it is for the day of the launch")
	case t.Reminded == 0:
		return workflow.Say("it is newly theirs")
	case t.Due.IsZero():
		return workflow.Say("it has no date for two business days")
	case q.node.State.Overdue:
		return workflow.Say("it is late, and I say so each working day, %d times in all", workflow.MostReminders)
	}
	return workflow.Say("on the business day before something is due I say so again")
}

// next says who hears of the step if nobody acts.
func (q inquiry) next(t workflow.Told) workflow.Text {
	who, s := q.run.Acting(t.Who), q.node.State
	switch {
	case s.Waiting != nil && t.Tell == workflow.ToTeam:
		return workflow.Say("If the partner is silent until %s, the follow-up goes to %s: that is %s of silence.", t.At, who, count(t.After, "business day", "business days"))
	case s.Waiting != nil:
		return workflow.Say("If the partner is silent until %s, %s hears of it: that is %s of silence.", t.At, who, count(t.After, "business day", "business days"))
	case !t.At.IsZero():
		return workflow.Say("If nothing happens until %s, %s hears of it.", t.At, who)
	}
	more := workflow.Say("once more")
	if left := workflow.MostReminders - s.Reminded[q.run.Acting(q.run.Responsible(q.node.Key))].Times; left > 1 {
		more = workflow.Say("%d times more", left)
	} else if left <= 0 {
		return workflow.Say("When it is late, %s hears of it.", who)
	}
	return workflow.Say("They are reminded %s; when that is in vain and it is late, %s hears of it after %s.", more, who, count(t.After, "business day", "business days"))
}
