package commands

import (
	"context"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file is about the support of a marketplace: where it is asked, in which words, and
// that the run waits for it then.

// fieldPlea is the text to ask it with. Nobody reads it back: it is there to be copied.
const fieldPlea workflow.FieldID = "plea"

// support shows how to ask a marketplace about a submission that does not go on, and lets
// the run of the build wait for its answer.
func (d *Desk) support(ctx context.Context, req Request) (Reply, error) {
	b, needReason, err := d.aBuild(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	plea, ok := d.options.Images.Plea(b)
	if !ok {
		return Reply{Tell: true, Text: workflow.Say("Nothing of %s is with a marketplace, so there is nothing to ask its support.", b.Order.Name)}, nil
	}
	var r *workflow.Run
	if b.Order.Run != "" {
		if r, err = d.Run(ctx, b.Order.Run); err != nil {
			return Reply{}, err
		}
	}
	waits := r != nil && withThem(b) && isItsLane(r, b)
	if req.Values != nil {
		if !waits {
			return Reply{Tell: true, Text: workflow.Say("Nothing of %s is with the marketplace any more, so nothing waits for its answer.", b.Order.Name)}, nil
		}
		return d.askedSupport(ctx, req, b)
	}
	f := &Form{Verb: req.Verb, Title: "Ask for support", Submit: "Close", Target: Target{Build: b.ID}, Intro: []workflow.Text{supportWhere(r, b, plea)},
		Fields: []Field{{ID: fieldPlea, Label: "What to write", Hint: "To be copied. Nothing is sent from here, and what you change is not kept.", Kind: LongText, Optional: true, Initial: []string{cut(plea.Text, mostAsked)}}}}
	if waits {
		f.Submit = "I have asked them"
		f.Intro = append(f.Intro, workflow.Say("Once you have asked, %s waits for their answer, and whoever follows up is reminded to ask again.", workflow.Strong(b.Order.Name)))
		f.Fields = append(f.Fields, Field{ID: workflow.FieldTicket, Label: "Their ticket", Hint: "By its number, for whoever asks them again.", Kind: Text, Optional: true, MaxLength: 100})
		if needReason {
			f.Fields = append(f.Fields, overrideField())
		}
	}
	return here(req, f), nil
}

// supportWhere says where a ticket is opened.
func supportWhere(r *workflow.Run, b *images.Build, plea images.Plea) workflow.Text {
	market := b.Order.Provider.Name() + " Marketplace"
	if r != nil {
		market = marketOf(r, b.Order.Lane)
	}
	if plea.Link == "" {
		return workflow.Say("%s: write to %s, where you always reach them.", workflow.Strong(b.Order.Name), market)
	}
	return workflow.Say("%s: open a ticket with %s at %s", workflow.Strong(b.Order.Name), market, plea.Link)
}

// withThem reports whether the marketplace has a submission of a build that is not
// through.
func withThem(b *images.Build) bool {
	for _, name := range []images.StepName{images.Submit, images.Preview} {
		if t := b.Step(name, "", ""); t != nil && t.Ref != "" {
			return b.State.Open() && !t.State.Over()
		}
	}
	return false
}

// isItsLane reports whether the lane of a build waits for that one.
func isItsLane(r *workflow.Run, b *images.Build) bool {
	s := r.Steps[b.Order.Lane]
	return r.State == workflow.Running && s != nil && s.Status == workflow.Open && s.Build != nil && s.Build.ID == string(b.ID) && s.Build.Submission != ""
}

// askedSupport notes that the support was asked: the run waits for the partner from now
// on. Where it does already, they were asked again.
func (d *Desk) askedSupport(ctx context.Context, req Request, b *images.Build) (Reply, error) {
	ticket := req.Values.One(workflow.FieldTicket)
	again := false
	r, err := d.Service.Do(ctx, req.who(), b.Order.Run, workflow.Ask{Verb: workflow.VerbBuild}, func(act workflow.Act, r *workflow.Run) error {
		if !isItsLane(r, b) {
			return gone()
		}
		s := r.Steps[b.Order.Lane]
		if again = s.Waiting != nil; !again {
			asked := "help with what we submitted"
			if s.Build.Submission != b.Order.Product {
				asked += ", " + s.Build.Submission
			}
			return r.Wait(act, b.Order.Lane, 0, workflow.Question{Asked: asked, Ticket: ticket, About: s.Build.Submission})
		}
		note := "Asked their support."
		if ticket != "" {
			note = "Asked their support: ticket " + ticket + "."
		}
		if err := r.StillSilent(act, b.Order.Lane, 0, note); err != nil {
			return onField(err, workflow.FieldTicket)
		}
		return nil
	})
	if err != nil {
		return Reply{}, err
	}
	market := marketOf(r, b.Order.Lane)
	if again {
		return Reply{Tell: true, Text: workflow.Say("Noted: %s was asked about %s again. The day of the next follow-up counts from today.", market, b.Order.Name)}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("%s waits for %s now. That ends by itself when the submission goes on or ends.", b.Order.Name, market)}, nil
}

// onField lets a refusal of a text stand at the field that it came from.
func onField(err error, field workflow.FieldID) error {
	if workflow.KindOf(err) == workflow.Invalid {
		return wrong(field, wordsOf(err))
	}
	return err
}
