package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// fieldStep names the step a note belongs to.
const fieldStep workflow.FieldID = "step"

// note writes into the history of a run.
func (d *Desk) note(ctx context.Context, req Request) (Reply, error) {
	words, number, text := strings.TrimSpace(req.Text), "", req.Values.One(workflow.FieldText)
	if req.Target.Run == "" && words != "" {
		line, err := d.parse(ctx, words)
		if err != nil {
			return Reply{}, err
		}
		words, number, text = line.run, line.step, line.rest
		if number == "" {
			r, rest, err := d.runAndRest(ctx, req.Text)
			if err != nil {
				return Reply{}, err
			}
			if r == nil {
				return Reply{}, workflow.Fail(workflow.NotFound, "Say first which run it is about, as in %s.", d.command("note DigitalOcean They like the draft"))
			}
			req.Target.Run, text = r.ID, rest
		}
	}
	r, choose, err := d.runOf(ctx, req, words)
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	ask := workflow.Ask{Who: req.User, Verb: workflow.VerbNote}
	key := workflow.ParseStepKey(req.Values.One(fieldStep))
	if number != "" {
		n, ok := stepNumbered(r, number)
		if !ok {
			return Reply{}, d.noStepNumbered(r, number)
		}
		key = n.Key
	}
	if req.Values == nil && text == "" {
		if err := d.May(r, ask); err != nil && workflow.KindOf(err) != workflow.NeedReason {
			return Reply{}, err
		}
		return Reply{Form: noteForm(r, key)}, nil
	}
	who := req.who()
	who.Reason = text // a note is its own reason
	r, err = d.Service.Do(ctx, who, r.ID, ask, func(act workflow.Act, r *workflow.Run) error {
		return r.Note(act, key, text)
	})
	if err != nil {
		return Reply{}, err
	}
	return Reply{Text: workflow.Say("Noted in the history of %s.", r.Partner)}, nil
}

func noteForm(r *workflow.Run, about workflow.StepKey) *Form {
	f := &Form{Verb: "note", Target: Target{Run: r.ID}, Title: "Add note", Submit: "Add note",
		Intro: []workflow.Text{workflow.Say("%s\nA note is kept in the history, with your name and the time.", workflow.Strong(r.Partner))}}
	step := Field{ID: fieldStep, Label: "About", Hint: "Leave it empty for a note on the whole run.", Kind: Select, Optional: true}
	if about != (workflow.StepKey{}) {
		step.Initial = []string{about.String()}
	}
	r.Walk(func(n workflow.Node) bool {
		if len(step.Options) < 100 {
			step.Options = append(step.Options, Option{Value: n.Key.String(), Label: r.StepName(n).String()})
		}
		return true
	})
	f.Fields = []Field{{ID: workflow.FieldText, Label: "Note", Kind: LongText}, step}
	return f
}
