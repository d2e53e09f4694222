package commands

import (
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// lifeVerbs are the life of a step: done, given up, opened again, whose and
// when. What each may do and to whom it belongs is decided by the domain; here
// is only how they are asked for.
func lifeVerbs() []*stepVerb {
	return []*stepVerb{{
		verb: workflow.VerbDone, usage: "[partner] [step]", help: "mark a step done", phrase: "mark done", group: Daily, button: "Done",
		fits: (*workflow.Run).CanDo,
		form: evidenceForm, intro: evidenceIntro, tries: true, prefill: firstEvidence, check: checkPeople,
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			err := r.Done(act, t.Step, t.Version, answers(v))
			if step, _, ok := r.Definition().Step(t.Step.Step); err == nil && v == nil && ok && len(step.Evidence) > 0 {
				return workflow.Fail(workflow.Invalid, "%s asks for evidence.", step.Title) // even where all of it is optional
			}
			return err
		},
		said: said("Marked done: %s."),
	}, {
		verb: workflow.VerbSkip, usage: "[partner] [step]", help: "an optional step is not needed", phrase: "skip", group: Steps, button: "Not needed",
		fits: isOptional,
		do: func(act workflow.Act, r *workflow.Run, t Target, _ Values) error {
			return r.Skip(act, t.Step, t.Version)
		},
		said: said("Skipped: %s."),
	}, {
		verb: workflow.VerbWant, usage: "[partner] [step]", help: "an optional step is needed", phrase: "ask for", group: Unlisted, button: "Yes, we want it",
		fits: func(r *workflow.Run, n workflow.Node) bool { return isOptional(r, n) && !n.State.Wanted },
		do: func(act workflow.Act, r *workflow.Run, t Target, _ Values) error {
			return r.Want(act, t.Step, t.Version)
		},
		said: said("Asked for: %s."),
	}, {
		verb: workflow.VerbWaive, usage: "[partner] [step] [reason]", help: "give up a needed step, with a reason", phrase: "waive", group: Steps, button: "Waive", whole: true,
		fits:  isUnclosed,
		form:  reasonForm("Why is it given up?"),
		parse: parseReason,
		do: func(act workflow.Act, r *workflow.Run, t Target, _ Values) error {
			return r.Waive(act, t.Step, t.Version)
		},
		said: said("Waived: %s."),
	}, {
		verb: workflow.VerbReopen, usage: "[partner] [step] [reason]", help: "open a closed step again", phrase: "reopen", group: Steps, button: "Reopen", whole: true,
		fits:  canReopen,
		form:  reopenForm,
		intro: reopenIntro,
		parse: parseReason,
		do: func(act workflow.Act, r *workflow.Run, t Target, _ Values) error {
			return r.Reopen(act, t.Step, t.Version)
		},
		said: said("Open again: %s."),
	}, {
		verb: workflow.VerbAssign, usage: "[partner] [step] [@person]", help: "say who does a step", phrase: "assign", group: Steps, button: "Assign",
		fits: isOpenPart,
		form: func(*workflow.Run, workflow.Node, Target) []Field {
			return []Field{{ID: workflow.FieldAssignee, Label: "Who does it?", Hint: "Leave it empty to give it back to the team.", Kind: Person, Optional: true}}
		},
		intro: func(r *workflow.Run, n workflow.Node, _ Target) []workflow.Text {
			return []workflow.Text{stepState(r, n)}
		},
		parse: parsePerson(workflow.FieldAssignee), check: checkPeople,
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			to := v.User(workflow.FieldAssignee)
			if v == nil {
				to = anybody
			}
			return r.Assign(act, t.Step, t.Version, to)
		},
		said: func(r *workflow.Run, n workflow.Node) workflow.Text {
			if n.State.Assignee == "" {
				return workflow.Say("%s is with the whole team again.", r.StepName(n))
			}
			return workflow.Say("%s is with %s.", r.StepName(n), n.State.Assignee)
		},
		also: func(r *workflow.Run, n workflow.Node) workflow.Text { return coveredBy(r, n.State.Assignee) },
	}, {
		verb: workflow.VerbDue, usage: "[partner] [step or stage] [2026-01-15]", help: "move the date of a step or a stage", phrase: "move", group: Steps, button: "Move date",
		fits: isOpenPart,
		form: func(r *workflow.Run, n workflow.Node, _ Target) []Field {
			return []Field{dueField(r, n.Step.Team, n.State.Due)}
		},
		onStage: (*Desk).stageDue,
		parse:   func(rest string) Values { return Values{workflow.FieldDue: {rest}} },
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			return r.SetDue(act, t.Step, t.Version, workflow.Date(v.One(workflow.FieldDue)))
		},
		said: func(r *workflow.Run, n workflow.Node) workflow.Text {
			return workflow.Say("%s is due %s.", r.StepName(n), n.State.Due)
		},
	}}
}

// dueField asks for a date, with the one that is so.
func dueField(r *workflow.Run, team workflow.TeamID, due time.Time) Field {
	f := Field{ID: workflow.FieldDue, Label: "Due", Kind: Date}
	if !due.IsZero() {
		f.Initial = []string{string(r.Day(team, due))}
	}
	return f
}

// coveredBy says who covers for a person who is away; no text when nobody has to.
func coveredBy(r *workflow.Run, who workflow.UserID) workflow.Text {
	c, away := r.Covers[who]
	if !away {
		return workflow.Text{}
	}
	return workflow.Say("%s is away until %s, and %s covers.", who, c.Day, r.Acting(who))
}

// anybody stands for the person who will be chosen, while it is only asked
// whether one can be.
const anybody workflow.UserID = "?"

func isUnclosed(r *workflow.Run, n workflow.Node) bool {
	return r.State == workflow.Running && !n.State.Status.Closed()
}

func isOpenPart(r *workflow.Run, n workflow.Node) bool {
	return r.State == workflow.Running && n.State.Status == workflow.Open && !r.IsGroup(n.Key)
}

func isOptional(r *workflow.Run, n workflow.Node) bool {
	return r.State == workflow.Running && n.State.Status == workflow.Open && n.Step.Optional
}

func canReopen(r *workflow.Run, n workflow.Node) bool {
	return (r.State == workflow.Running || r.State == workflow.Complete) && n.State.Status.Closed() &&
		!(r.IsGroup(n.Key) && n.State.Status == workflow.Done)
}

func user(id workflow.UserID) []string {
	if id == "" {
		return nil
	}
	return []string{string(id)}
}

// answers are a form's values as evidence; links chosen one by one are one to a
// line.
func answers(v Values) map[workflow.FieldID]string {
	out := make(map[workflow.FieldID]string, len(v))
	for id, values := range v {
		out[id] = strings.Join(values, "\n")
	}
	return out
}

// firstEvidence takes what was typed for the first answer that can be typed.
func firstEvidence(n workflow.Node, rest string) Values {
	i := slices.IndexFunc(n.Step.Evidence, func(f workflow.Field) bool {
		return f.Type != workflow.Person && f.Type != workflow.Choice && f.Type != workflow.DateField
	})
	if i < 0 {
		return nil
	}
	return Values{n.Step.Evidence[i].ID: {rest}}
}

func parseReason(rest string) Values { return Values{workflow.FieldReason: {rest}} }

func parsePerson(field workflow.FieldID) func(string) Values {
	return func(rest string) Values {
		if id, ok := mentioned(rest); ok {
			return Values{field: user(id)}
		}
		for _, w := range strings.Fields(rest) {
			if strings.HasPrefix(w, "@") { // a name that stands for nobody, as is said then
				return Values{field: {w}}
			}
		}
		return nil
	}
}
