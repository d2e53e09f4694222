package commands

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudimage/workflow"
)

// momentVerbs are what can be done with a step for a while, or on a day: take
// back that it is done, keep quiet about it, and what the day of the launch is for.
func momentVerbs() []*stepVerb {
	return []*stepVerb{{
		verb: workflow.VerbUndo, usage: "[partner] [step]", help: "take back my Done, for ten minutes", phrase: "undo", group: Steps, button: "Undo", sole: true,
		fits: func(_ *workflow.Run, n workflow.Node) bool { return n.State.Status == workflow.Done },
		when: func(r *workflow.Run, n workflow.Node, who workflow.UserID, now time.Time) bool {
			return r.Undoable(n.Key, who, now)
		},
		do: func(act workflow.Act, r *workflow.Run, t Target, _ Values) error {
			return r.Undo(act, t.Step, t.Version)
		},
		later: workflow.VerbReopen,
		said: func(r *workflow.Run, n workflow.Node) workflow.Text {
			if opensSomething(r, n) {
				return workflow.Say("Undone: %s. What it had opened is locked again.", r.StepName(n))
			}
			return workflow.Say("Undone: %s.", r.StepName(n))
		},
	}, {
		verb: workflow.VerbSnooze, usage: "[partner] [step] [2 or 2026-01-15 or off] [reason]", help: "remind me later, with a reason", phrase: "snooze", group: Steps, button: "Snooze",
		fits: isOpenPart,
		when: func(r *workflow.Run, n workflow.Node, who workflow.UserID, _ time.Time) bool {
			return r.Reminds(n.Key) == who
		},
		form: snoozeForm, intro: snoozeIntro, parse: parseSnooze, prefill: prefillSnooze,
		do: snooze,
		said: func(r *workflow.Run, n workflow.Node) workflow.Text {
			if n.State.Snooze == nil {
				return workflow.Say("You are reminded of %s again.", r.StepName(n))
			}
			return workflow.Say("I am quiet about %s until the morning of %s. The team sees why.", r.StepName(n), r.Day(n.Step.Team, n.State.Snooze.Until))
		},
	}, {
		verb: workflow.VerbLaunched, usage: "[partner] [step]", help: "what is for the day of the launch is done", phrase: "do for the launch", group: Unlisted, button: "Done",
		fits: func(r *workflow.Run, n workflow.Node) bool {
			_, agreed := r.Launch()
			return r.State == workflow.Running && agreed && n.Step.LaunchDay != "" && n.State.Status == workflow.Done && n.State.Launched.IsZero() && !r.IsGroup(n.Key)
		},
		when: func(r *workflow.Run, n workflow.Node, _ workflow.UserID, now time.Time) bool {
			date, _ := r.Launch()
			return date <= r.Day(n.Step.Team, now) && r.Day(n.Step.Team, n.State.At) < date
		},
		do: func(act workflow.Act, r *workflow.Run, t Target, _ Values) error {
			return r.LaunchStep(act, t.Step, t.Version)
		},
		said: func(r *workflow.Run, n workflow.Node) workflow.Text {
			return workflow.Say("Done for the launch: %s.", n.Step.LaunchDay)
		},
	}}
}

// opensSomething reports whether anything is locked that comes after the step.
func opensSomething(r *workflow.Run, n workflow.Node) (found bool) {
	r.Walk(func(other workflow.Node) bool {
		later := slices.Contains(other.Step.After, n.Key.Step) || slices.Contains(other.Stage.After, n.Stage.ID) && !n.Step.Optional
		found = other.State.Status == workflow.Locked && later
		return !found
	})
	return found
}

// undoButton takes back that a step was done.
func undoButton(r *workflow.Run, n workflow.Node) Button {
	return Button{Label: "Undo", Verb: string(workflow.VerbUndo), Target: targetOf(r, n)}
}

// undoRows are what the person marked done just now, the last first: of one step,
// or of the whole run without one.
func (d *Desk) undoRows(r *workflow.Run, who workflow.UserID, only workflow.StepKey) []Row {
	var done []workflow.Node
	r.Walk(func(n workflow.Node) bool {
		if (only == workflow.StepKey{} || only == n.Key) && r.Undoable(n.Key, who, d.Now()) {
			done = append(done, n)
		}
		return true
	})
	slices.SortStableFunc(done, func(a, b workflow.Node) int { return cmp.Compare(b.State.Version, a.State.Version) })
	var out []Row
	for _, n := range done[:min(len(done), 3)] {
		out = append(out, row(workflow.Say("You marked %s done, %s.", r.StepName(n), n.State.At), undoButton(r, n)))
	}
	return out
}

// fieldWhen is how long a snooze is: a number of business days, or one of these.
const (
	fieldWhen workflow.FieldID = "when"

	snoozeOn  = "date"
	snoozeOff = "off"
)

func snoozeForm(_ *workflow.Run, n workflow.Node, _ Target) []Field {
	when := Field{ID: fieldWhen, Label: "Remind me", Kind: Radio, Initial: []string{"1"}, Options: []Option{
		{Value: "1", Label: "The next working morning"},
		{Value: "2", Label: "In two business days"},
		{Value: snoozeOn, Label: "On the date below"},
	}}
	why := reasonField("Why can it wait?")
	why.Hint = "The team sees it. The date stays as it is."
	if n.State.Snooze != nil {
		when.Options = append(when.Options, Option{Value: snoozeOff, Label: "End snooze", Note: "I remind you as before"})
		why.Optional = true // of an end
	}
	return []Field{when, {ID: workflow.FieldUntil, Label: "Date", Kind: Date, Optional: true}, why}
}

// snoozeIntro says how the step stands, and so until when it is snoozed already.
func snoozeIntro(r *workflow.Run, n workflow.Node, _ Target) []workflow.Text {
	return []workflow.Text{stepState(r, n)}
}

// snooze keeps quiet about a step, or ends that.
func snooze(act workflow.Act, r *workflow.Run, t Target, v Values) error {
	when, on := v.One(fieldWhen), v.One(workflow.FieldUntil)
	if v == nil {
		when = "1" // it is only asked whether it could be
	}
	var until workflow.SnoozeFor
	switch days, err := strconv.Atoi(when); {
	case when == snoozeOff:
	case on != "" || when == snoozeOn: // who chose a date means it
		if until.On = workflow.Date(on); on == "" {
			return wrong(workflow.FieldUntil, workflow.Say("Choose the date, or one of the times above."))
		}
	case err != nil || days < 1:
		return wrong(fieldWhen, workflow.Say("Say for how many business days, 1 or more, or until which date, as 2026-01-15."))
	default:
		until.Days = days
	}
	err := r.Snooze(act, t.Step, t.Version, until)
	var e *workflow.Error
	if errors.As(err, &e) && until.Days > 0 { // then it is not the date that needs another look
		if why, ok := e.Fields[workflow.FieldUntil]; ok {
			return wrong(fieldWhen, why)
		}
	}
	return err
}

var looksDate = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`)

// prefillSnooze reads "2 waiting for the lawyers", "tomorrow ...",
// "2026-12-01 ..." and "off"; anything else is the reason.
func prefillSnooze(_ workflow.Node, rest string) Values {
	first, reason, _ := strings.Cut(rest, " ")
	v, word := Values{}, strings.ToLower(first)
	switch days, err := strconv.Atoi(first); {
	case err == nil:
		v[fieldWhen] = []string{strconv.Itoa(days)}
	case looksDate.MatchString(first):
		v[fieldWhen], v[workflow.FieldUntil] = []string{snoozeOn}, []string{first}
	case word == "tomorrow" || word == "morning":
		v[fieldWhen] = []string{"1"}
	case word == "off" || word == "end":
		return Values{fieldWhen: {snoozeOff}}
	default:
		reason = rest
	}
	if reason = strings.TrimSpace(reason); reason != "" {
		v[workflow.FieldReason] = []string{reason}
	}
	return v
}

// parseSnooze is prefillSnooze when nothing is left to ask.
func parseSnooze(rest string) Values {
	v := prefillSnooze(workflow.Node{}, rest)
	if when := v.One(fieldWhen); when == snoozeOff || when != "" && v.One(workflow.FieldReason) != "" {
		return v
	}
	return nil
}
