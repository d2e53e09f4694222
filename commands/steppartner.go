package commands

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// Form fields of the verbs that bring others in.
const (
	fieldHelper workflow.FieldID = "helper"
	fieldWhat   workflow.FieldID = "what"
)

// partnerVerbs are what brings others in: a helper who is asked for one text,
// and the partner whom a step waits for.
func partnerVerbs() []*stepVerb {
	return []*stepVerb{{
		verb: workflow.VerbAsk, usage: "[partner] [step] [@person]", help: "ask someone for one text or answer", phrase: "ask for help with", group: Steps, button: "Ask for help",
		fits: func(r *workflow.Run, n workflow.Node) bool { return isOpenPart(r, n) && len(askable(n)) > 0 },
		form: askForm, check: checkPeople,
		prefill: func(_ workflow.Node, rest string) Values { return parsePerson(fieldHelper)(rest) },
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			if n, ok := r.Node(t.Step); ok && len(askable(n)) == 0 {
				return workflow.Fail(workflow.Conflict, "%s asks for no text that somebody else could write.", r.StepName(n))
			}
			return r.Ask(act, t.Step, t.Version, v.User(fieldHelper), workflow.FieldID(v.One(fieldWhat)), workflow.Date(v.One(workflow.FieldUntil)), v.One(workflow.FieldFor))
		},
		said: said("Asked for help with %s."),
	}, {
		verb: workflow.VerbAnswer, usage: "[partner] [step]", help: "write the text I was asked for", phrase: "write for", group: Unlisted, button: "Send back",
		fits: func(_ *workflow.Run, n workflow.Node) bool { return len(n.State.Helpers) > 0 },
		form: answerForm, intro: answerIntro, field: askedOf, to: askedBy,
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			return r.Answer(act, t.Step, t.Field, answers(v)[t.Field])
		},
		said: said("Thank you. Your text for %s is with the team."),
	}, {
		verb: workflow.VerbWait, group: Steps, usage: "[partner] [step]", help: "we wait for the partner", phrase: "wait for the partner on", button: "Waiting on partner",
		fits: func(r *workflow.Run, n workflow.Node) bool { return r.CanDo(n) && n.State.Waiting == nil },
		form: waitForm, prefill: firstText,
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			return r.Wait(act, t.Step, t.Version, workflow.Question{
				Asked: v.One(workflow.FieldText), Ticket: v.One(workflow.FieldTicket),
				Promised: workflow.Date(v.One(workflow.FieldPromised)), Contact: v.One(workflow.FieldContact),
			})
		},
		said: said("Waiting on the partner: %s."),
	}, {
		verb: workflow.VerbPartner, group: Steps, usage: "[partner] [step]", help: "the partner answered", phrase: "take the partner's answer for", button: "They answered",
		fits: isWaiting,
		form: func(*workflow.Run, workflow.Node, Target) []Field {
			return []Field{{ID: workflow.FieldText, Label: "What did they say?", Kind: LongText, Optional: true}}
		},
		prefill: firstText,
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			return r.PartnerAnswered(act, t.Step, t.Version, v.One(workflow.FieldText))
		},
		said: said("The partner answered: %s."),
	}, {
		verb: workflow.VerbAct, group: Unlisted, phrase: "follow up", button: "Follow up",
		fits: isWaiting,
		form: func(*workflow.Run, workflow.Node, Target) []Field {
			return []Field{{ID: workflow.FieldText, Label: "What did you do?", Hint: "Whom you wrote to, and what you asked.", Kind: LongText}}
		},
		intro: actionIntro, field: firstAction,
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			return r.Take(act, t.Step, t.Version, workflow.StepID(t.Field), v.One(workflow.FieldText))
		},
		said: said("Noted: %s."),
	}}
}

func isWaiting(r *workflow.Run, n workflow.Node) bool {
	return isOpenPart(r, n) && n.State.Waiting != nil
}

// askedOf is the text that the person was asked for.
func askedOf(_ *workflow.Run, n workflow.Node, who workflow.UserID) workflow.FieldID {
	for _, h := range n.State.Helpers {
		if h.User == who {
			return h.Field
		}
	}
	return ""
}

// firstAction is what is done first while a step waits for the partner.
func firstAction(r *workflow.Run, n workflow.Node, _ workflow.UserID) workflow.FieldID {
	for _, a := range r.ActionsFor(n.Key) {
		return workflow.FieldID(a.ID)
	}
	return ""
}

func firstText(_ workflow.Node, rest string) Values { return Values{workflow.FieldText: {rest}} }

// actionIntro says since when the partner is silent, and on what.
func actionIntro(_ *workflow.Run, n workflow.Node, _ Target) []workflow.Text {
	w := n.State.Waiting
	if w == nil {
		return nil
	}
	out := workflow.Say("Asked %s: %s", w.Since, w.For)
	if w.Ticket != "" {
		out = workflow.Say("%s (ticket %s)", out, w.Ticket)
	}
	return []workflow.Text{out}
}

// checkPeople refuses people who could not act on what they are given.
func checkPeople(ctx context.Context, d *Desk, v Values) error {
	for _, id := range []workflow.FieldID{workflow.FieldAssignee, fieldHelper} {
		who := v.User(id)
		if strings.HasPrefix(string(who), "@") {
			return wrong(id, workflow.Say("I do not know %s. Type @ and choose the person from the list, or leave the name out and I ask you.", string(who)))
		}
		if who != "" {
			if err := d.FitFor(ctx, who, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// askable are the answers of a step that a helper can be asked for: those the
// process says so of, else any text.
func askable(n workflow.Node) []workflow.Field {
	var named, texts []workflow.Field
	for _, f := range n.Step.Evidence {
		switch {
		case f.Ask != "":
			named = append(named, f)
		case f.Type == workflow.ShortText || f.Type == workflow.LongText:
			texts = append(texts, f)
		}
	}
	if len(named) > 0 {
		return named
	}
	return texts
}

func askForm(_ *workflow.Run, n workflow.Node, _ Target) []Field {
	what := Field{ID: fieldWhat, Label: "What do you need?", Kind: Select}
	for _, f := range askable(n) {
		what.Options = append(what.Options, Option{Value: string(f.ID), Label: f.Label, Note: limit(f)})
	}
	if len(what.Options) > 0 {
		what.Initial = []string{what.Options[0].Value}
	}
	return []Field{
		{ID: fieldHelper, Label: "Whom do you ask?", Hint: "They need not be of your team; they may answer this and nothing else.", Kind: Person},
		what,
		{ID: workflow.FieldUntil, Label: "Wanted by", Kind: Date, Optional: true},
		{ID: workflow.FieldFor, Label: "Who will read it?", Kind: Text, Optional: true, MaxLength: 200},
	}
}

// limit is how long an answer may be; empty when that is not said.
func limit(f workflow.Field) string {
	if f.MaxLength == 0 {
		return ""
	}
	return fmt.Sprintf("%d characters at most", f.MaxLength)
}

// question is what a helper was asked for.
func question(n workflow.Node, field workflow.FieldID) (h workflow.Helper, ok bool) {
	for _, h := range n.State.Helpers {
		if h.Field == field {
			return h, true
		}
	}
	return h, false
}

func askedBy(n workflow.Node, t Target) workflow.UserID {
	h, _ := question(n, t.Field)
	return h.By
}

// answerIntro says who asks, for whom, how long it may be and until when.
func answerIntro(_ *workflow.Run, n workflow.Node, t Target) []workflow.Text {
	f, known := n.Step.Field(t.Field)
	h, asked := question(n, t.Field)
	if !known || !asked {
		return nil
	}
	out := workflow.Say("%s asks you for this: %s", h.By, f.Label)
	if f.MaxLength > 0 {
		out = workflow.Say("%s, in %d characters at most", out, f.MaxLength)
	}
	if h.Until != "" {
		out = workflow.Say("%s, by %s", out, h.Until)
	}
	out = workflow.Say("%s.", out)
	if h.For != "" {
		out = workflow.Say("%s\nWho will read it: %s", out, h.For)
	}
	if n.Step.Standard != "" {
		out = workflow.Say("%s\n%s", out, n.Step.Standard)
	}
	return []workflow.Text{out}
}

// answerForm asks a helper for the one answer they were asked for.
func answerForm(_ *workflow.Run, n workflow.Node, t Target) []Field {
	f, ok := n.Step.Field(t.Field)
	if !ok {
		return nil
	}
	field := evidenceField(f, n.State.Evidence[f.ID])
	field.Optional = false
	return []Field{field}
}

func waitForm(r *workflow.Run, n workflow.Node, _ Target) []Field {
	return []Field{
		{ID: workflow.FieldText, Label: "What did you ask of the partner?", Kind: LongText, MaxLength: 500},
		{ID: workflow.FieldTicket, Label: "Their ticket", Kind: Text, Optional: true, MaxLength: 100},
		{ID: workflow.FieldContact, Label: "Whom did you ask?", Kind: Text, Optional: true, MaxLength: 300, Initial: contact(r, n)},
		{ID: workflow.FieldPromised, Label: "Answer promised for", Kind: Date, Optional: true},
	}
}

// contacts are whom to turn to on the partner's side, whom first; a process may
// have others, whose facts begin with the same word.
var contacts = []workflow.FactName{"contact-support", "contact-tech-lead", "contact-product-lead", "contact-marketing"}

// contact is whom one would ask on the partner's side about a step: of those that
// are known, rather one that its stage is briefed on.
func contact(r *workflow.Run, n workflow.Node) []string {
	known := slices.DeleteFunc(slices.Sorted(maps.Keys(r.Facts)), func(f workflow.FactName) bool {
		return !strings.HasPrefix(string(f), "contact-") || r.Facts[f] == ""
	})
	if len(known) == 0 {
		return nil
	}
	rank := func(f workflow.FactName) int {
		i := slices.Index(contacts, f)
		if i < 0 {
			i = len(contacts)
		}
		if !slices.Contains(n.Stage.Brief, f) {
			i += len(contacts) + 1
		}
		return i
	}
	first := slices.MinFunc(known, func(a, b workflow.FactName) int { return cmp.Compare(rank(a), rank(b)) })
	return []string{r.Facts[first]}
}

// joined is several words for one sentence: "1.2, 1.4 and 1.6".
func joined(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
