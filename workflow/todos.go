package workflow

import (
	"cmp"
	"time"
)

// Todo is a move of a person with what decides when they are reminded of it.
// Stores keep them beside the run, so that a morning need not read every run.
type Todo struct {
	Person UserID
	Move
	// Due is when it is wanted, zero for no date.
	Due time.Time
	// Since is when it became possible: the step opened, the stage opened, the
	// question was asked.
	Since time.Time
	// Reminded is how often the person was reminded of it; they are no more when
	// it is [MostReminders].
	Reminded int
	// Quiet is until when they are not reminded; zero for not at all. It is the hour
	// at which a day's business opens, and stands for that day wherever the person
	// is. Snoozed is set when they have asked for quiet, until what the step's snooze
	// says: there may be other reasons for more.
	Quiet   time.Time
	Snoozed bool
}

// Todos are the moves of a run, by person and in the order of the process.
func (r *Run) Todos() []Todo {
	var out []Todo
	r.wants(func(who UserID, m Move) { out = append(out, r.todo(who, m)) })
	return out
}

func (r *Run) todo(who UserID, m Move) Todo {
	t := Todo{Person: who, Move: m}
	var had Reminded
	team := r.def.Owner
	switch n, ok := r.Node(m.Key); {
	case ok:
		team = n.Step.Team
		had = n.State.Reminded[who]
		t.Due, t.Since = r.wantedBy(n, m, who), n.State.Opened
		switch w := n.State.Waiting; {
		case m.Kind == MoveAnswer:
			t.Since = n.State.helper(m, who).At
		case w != nil && (m.Kind == MoveChase || m.Kind == MoveSilent):
			t.Since = w.Since
		case m.Kind == MoveTick:
			t.Since = n.State.Tick.At
		case m.Kind == MoveEarly:
			t.Since, _ = r.MergedEarly()
		}
		if z := n.State.Snooze; z != nil && z.User == who {
			t.Quiet, t.Snoozed = z.Until, true
		}
	case m.Stage != "":
		stage, _ := r.def.StageByID(m.Stage)
		team = stage.Team
		state := r.Stages[m.Stage]
		had, t.Since = state.Reminded[who], state.Opened
	case m.Kind == MoveFact:
		if ask := r.Asks[FactName(m.Field)]; ask != nil {
			had, t.Since = ask.Reminded[who], ask.Since
		}
		if res, ok := r.def.Resource(FactName(m.Field)); ok {
			team = res.Ask
		}
	default:
		had, t.Since = r.Reminded[who], r.Started
	}
	t.Reminded = had.Times
	if quiet := r.quietUntil(t, team, had); quiet.After(t.Quiet) {
		t.Quiet = quiet
	}
	return t
}

// helper is the question that a move of that person is to answer.
func (s *StepState) helper(m Move, who UserID) Helper {
	for _, h := range s.Helpers {
		if h.Field == m.Field && h.User == cmp.Or(m.For, who) {
			return h
		}
	}
	return Helper{}
}

// wantedBy is when a move of a step is wanted.
func (r *Run) wantedBy(n Node, m Move, who UserID) time.Time {
	switch m.Kind {
	case MoveChase:
		return r.ChaseAt(m.Key)
	case MoveAnswer:
		if until := n.State.helper(m, who).Until; until != "" {
			return r.closeOn(n.Step.Team, until)
		}
		return time.Time{}
	case MoveLaunch:
		if date, _ := r.Launch(); date != "" {
			return r.closeOn(n.Step.Team, date)
		}
		return time.Time{}
	case MoveEarly:
		return time.Time{}
	case MoveAsk:
		return time.Time{} // no answer means that it is not needed
	}
	return n.State.Due
}

// quietUntil is from when the person may be reminded, besides what they asked
// for: of something new at once, then on the business day before it is due, then
// each day while it is late, [MostReminders] times in all. What is for the day of the launch waits for that day,
// so that one reminder is left for when it is late, and a partner is not asked
// again before it is time.
func (r *Run) quietUntil(t Todo, team TeamID, had Reminded) time.Time {
	if r.cal == nil {
		return time.Time{}
	}
	switch {
	case t.Kind == MoveLaunch:
		return r.launchMorning(team)
	case had.Times >= MostReminders:
		return never // it is said to others from now on
	case t.Kind == MoveChase:
		if t.Due.IsZero() {
			return never
		}
		return r.cal.Opening(team, t.Due, 0)
	case had.Times == 0:
		return time.Time{}
	case t.Kind == MoveClassify, t.Kind == MoveSign:
		return r.cal.Opening(team, had.Last, 1) // until somebody does
	case t.Kind == MoveAsk, t.Kind == MoveSilent, t.Kind == MoveLate, t.Kind == MoveEarly, t.Kind == MoveFact:
		return never // once is enough
	case t.Due.IsZero():
		return r.cal.Opening(team, t.Since, 2)
	}
	eve := r.cal.Opening(team, r.cal.Before(team, r.Day(team, t.Due), 1), 0)
	if date, agreed := r.Launch(); agreed && t.Kind == MoveDo && r.Day(team, t.Due) == date && r.index.byID[t.Key.Step].step.LaunchDay != "" {
		eve = r.launchMorning(team)
	}
	if had.Last.Before(eve.Add(-sameMorning)) {
		return eve
	}
	return r.cal.Opening(team, t.Due, 1) // it was said that it is due
}

// sameMorning is how long before business opens somebody may have been reminded
// that same day, because it begins earlier where they are.
const sameMorning = 14 * time.Hour

// launchMorning is when business opens on the day of the launch, or on the last
// business day before it.
func (r *Run) launchMorning(team TeamID) time.Time {
	date, _ := r.Launch()
	if date == "" {
		return time.Time{}
	}
	morning := r.cal.Opening(team, r.closeOn(team, date), 0)
	if r.Day(team, morning) > date {
		morning = r.cal.Opening(team, r.cal.Before(team, date, 1), 0)
	}
	return morning
}

// never is a moment nobody lives to see.
var never = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)

// Remind notes that a person was reminded of a move, which may be settled by now.
// Reminders of one thing at one moment are one.
func (r *Run) Remind(at time.Time, who UserID, m Move) {
	if _, ok := r.Node(m.Key); !ok && m.Key != (StepKey{}) {
		return
	}
	if r.Stages[m.Stage] == nil && m.Stage != "" {
		return
	}
	t := r.todo(who, m)
	e := Event{Type: StepReminded, At: at, Step: m.Key, Stage: m.Stage, User: who, Field: FieldID(m.Kind), Due: t.Due, Rung: t.Reminded + 1}
	if m.Kind == MoveFact {
		e.Text = string(m.Field)
	}
	r.emit(e)
}
