package commands

import (
	"slices"
	"time"

	"cloudimage/workflow"
)

// dated is one time that the step was given a date.
type dated struct {
	by    workflow.Event // the event that gave it
	cause workflow.Event // what a person did just before, when the process planned it
	due   time.Time
}

// story are the dates that the step was given, oldest first.
func (q inquiry) story() []dated {
	var out []dated
	var cause workflow.Event
	add := func(by workflow.Event, due time.Time) {
		if !due.IsZero() && (len(out) == 0 || !out[len(out)-1].due.Equal(due)) {
			out = append(out, dated{by, cause, due})
		}
	}
	for _, e := range q.events {
		switch e.Type {
		case workflow.RunStarted, workflow.RunAccepted, workflow.LaunchMoved, workflow.StepDone, workflow.StepUndone, workflow.StepReopened, workflow.ListingJoined:
			cause = e
		}
		switch {
		case e.Type == workflow.RunPlanned:
			add(e, e.Plan[q.node.Key.String()])
		case e.Step != q.node.Key:
		case e.Type == workflow.StepOpened, e.Type == workflow.StepDated, e.Type == workflow.PartnerAnswered, e.Type == workflow.StepReopened:
			add(e, e.Due)
		}
	}
	return out
}

// shownDates is how many earlier dates are told.
const shownDates = 4

// dates says why the step is due when it is, and which dates it had before.
func (q inquiry) dates() []workflow.Text {
	r, n, s := q.run, q.node, q.node.State
	story := q.story()
	var out []workflow.Text
	switch {
	case s.Due.IsZero():
		out = append(out, q.undated())
	case len(story) == 0 || !story[len(story)-1].due.Equal(s.Due):
		out = append(out, workflow.Say("%s %s.", q.itIs(), s.Due))
	default:
		out = append(out, q.given(story[len(story)-1]))
		for i, d := range slices.Backward(story[:len(story)-1]) {
			if len(story)-1-i > shownDates {
				out = append(out, workflow.Say("It had %s before that.", count(i+1, "other date", "other dates")))
				break
			}
			out = append(out, workflow.Say("Before that it was due %s.%s", d.due, q.movedBy(d)))
		}
	}
	if s.Waiting != nil && !s.Due.IsZero() {
		out = append(out, workflow.Say("The date pauses while it waits for the partner: it moves by as many business days as that takes."))
	}
	if due, promised := r.Deadline(n.Key); promised {
		out = append(out, q.promise(due))
	}
	if l := r.LatenessOf(n.Key, q.desk.Now()); l.Days > 0 && s.Status.Closed() {
		out = append(out, workflow.Say("It was late by %s: %s", count(l.Days, "business day", "business days"), whoseDays(l)))
	}
	return out
}

// undated says why there is no date.
func (q inquiry) undated() workflow.Text {
	rule := q.node.Step.Due
	switch date, _ := q.run.Launch(); {
	case q.node.State.Status == workflow.Locked && rule.AfterOpen > 0:
		return workflow.Say("It gets its date when it opens: %s after that.", count(rule.AfterOpen, "business day", "business days"))
	case fromLaunch(rule) && date == "":
		return workflow.Say("It has no date yet: the process plans it back from the launch, which has none.")
	}
	return workflow.Say("It has no date: the process has none for it, and nobody has set one. %s does.", q.desk.command("due"))
}

// itIs begins a sentence about the date.
func (q inquiry) itIs() workflow.Text {
	if s := q.node.State; s.Status.Closed() || s.Waiting == nil && s.Due.Before(q.desk.Now()) {
		return workflow.Say("It was due")
	}
	return workflow.Say("It is due")
}

// given says which rule or which person set a date.
func (q inquiry) given(d dated) workflow.Text {
	switch {
	case d.by.Type == workflow.PartnerAnswered:
		return workflow.Say("%s %s: it waited for the partner until %s, and its date moved by as many business days as that took.", q.itIs(), d.due, d.by.At)
	case d.by.Type == workflow.StepDated && !d.by.Planned && d.by.Actor != workflow.Bot:
		return reasoned(workflow.Say("%s %s: %s chose that day, %s", q.itIs(), d.due, d.by.Actor, d.by.At), d.by.Text)
	}
	return workflow.Say("%s %s, %s.%s", q.itIs(), d.due, q.byRule(d), q.movedBy(d))
}

// movedBy says what made the process plan anew; no text at the start.
func (q inquiry) movedBy(d dated) workflow.Text {
	e := d.cause
	if d.by.Type != workflow.RunPlanned {
		if d.by.Type == workflow.StepDated && d.by.Actor != workflow.Bot {
			return reasoned(workflow.Say(" %s chose that day, %s", d.by.Actor, d.by.At), d.by.Text)
		}
		return workflow.Text{}
	}
	switch e.Type {
	case workflow.LaunchMoved:
		return reasoned(workflow.Say(" %s moved the launch%s to %s, %s", e.Actor, fromDate(e), e.Date, e.At), e.Text)
	case workflow.StepDone:
		if n, ok := q.run.Node(e.Step); ok {
			return workflow.Say(" The launch was agreed with %s: %s did it, %s.", q.run.StepName(n), e.Actor, e.At)
		}
	case workflow.StepUndone, workflow.StepReopened:
		if n, ok := q.run.Node(e.Step); ok {
			return workflow.Say(" %s took back %s, by which the launch was agreed, %s.", e.Actor, q.run.StepName(n), e.At)
		}
	}
	return workflow.Text{}
}

// byRule says by which rule of the process a date was found, with the calendar's
// reason.
func (q inquiry) byRule(d dated) workflow.Text {
	r, team, rule := q.run, q.node.Step.Team, q.node.Step.Due
	launch, _ := r.Launch()
	switch {
	case rule.AfterCatalyst > 0 && r.Catalyst != nil:
		return workflow.Say("%s: %s", countedFrom(r), q.counted(team, r.Day(team, r.Catalyst.Counted()), rule.For(r.Catalyst.Kind)))
	case rule.AfterOpen > 0:
		return workflow.Say("counted from the day it opened: %s", q.counted(team, r.Day(team, d.by.At), rule.AfterOpen))
	case rule.OnLaunch && r.Day(team, d.due) == launch:
		return workflow.Say("the day of the launch")
	case rule.OnLaunch:
		return workflow.Say("the day of the launch as it was")
	case rule.BeforeLaunch == 0 || launch == "":
		return workflow.Say("as the process has it")
	case d.due.Equal(q.desk.Calendars().Before(team, launch, rule.BeforeLaunch)):
		return workflow.Say("planned back from the launch: %s", q.counted(team, launch, -rule.BeforeLaunch))
	case d.due.Equal(q.desk.Calendars().After(team, r.Started, 1)):
		return workflow.Say("the first business day after the run began: %s before the launch was over by then", count(rule.BeforeLaunch, "business day", "business days"))
	}
	return workflow.Say("planned back from the launch as it was, %s before it", count(rule.BeforeLaunch, "business day", "business days"))
}

// counted is how business days were counted from a day, in the calendar's words
// where it has them.
func (q inquiry) counted(team workflow.TeamID, from workflow.Date, n int) workflow.Text {
	if reasons := q.desk.options.Reasons; reasons != nil {
		return workflow.Say("%s", reasons.Reason(team, from, n))
	}
	if n < 0 {
		return workflow.Say("%s before %s", count(-n, "business day", "business days"), from)
	}
	return workflow.Say("%s after %s", count(n, "business day", "business days"), from)
}

// promise says until when a listing was promised to be live.
func (q inquiry) promise(until time.Time) workflow.Text {
	r := q.run
	def := r.Definition()
	if r.Catalyst == nil {
		return workflow.Say("The listing was promised to be live by %s, and that never pauses.", until)
	}
	if l, ok := r.Listing(q.node.Key.Listing); ok {
		switch {
		case !l.Owed.IsZero() && l.Owed.Equal(until):
			return workflow.Say("Its customers were to have an older release by %s already, and do not have it. That never pauses.", until)
		case !l.Since.IsZero():
			return workflow.Say("The listing was promised to be live by %s, counted from the day it was added: %s. That never pauses.", until, q.counted(def.Owner, r.Day(def.Owner, l.Since), def.Promise.For(r.Catalyst.Kind)))
		}
	}
	return workflow.Say("The listing was promised to be live by %s, %s: %s. That never pauses.", until, countedFrom(r), q.counted(def.Owner, r.Day(def.Owner, r.Catalyst.Counted()), def.Promise.For(r.Catalyst.Kind)))
}

// countedFrom says from when the dates of a catalyst are counted.
func countedFrom(r *workflow.Run) workflow.Text {
	if r.Catalyst.From.After(r.Catalyst.At) {
		return workflow.Say("counted from the end of a quiet time")
	}
	return workflow.Say("counted from the release")
}
