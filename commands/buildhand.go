package commands

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file is how people report on an image that they make: what is to be done, as a
// checklist, and what became of it.

// Answers of a report.
const (
	fieldProof   workflow.FieldID = "proof"
	fieldOutcome workflow.FieldID = "outcome"
	fieldWhy     workflow.FieldID = "why"

	outcomeWell    = "well"
	outcomeRefused = "refused"
)

// handwork is something that people are asked for, as a form asks how it went.
type handwork struct {
	is    string // what a form's target calls it
	title string
	proof Field // without a kind for none
	// decided says that it may come to nothing, and refused what that means.
	decided bool
	refused string
}

// handworkOf is what people are asked for in a step. To hand an image in and to say what
// became of it are one step: what has a number is handed in.
func handworkOf(s *images.Step) handwork {
	switch s.Name {
	case images.Capture:
		return handwork{is: "make", title: "Image made", proof: Field{Label: "The image's id", Hint: "As the partner calls it: its id, its name or a link to it.", Kind: Text}}
	case images.Check:
		return handwork{is: "check", title: "Image checked", proof: Field{Label: "What did you look at?", Kind: Text, Optional: true},
			decided: true, refused: "Something of that is in it, or it does not work"}
	case images.Submit:
		if s.Ref == "" {
			return handwork{is: "hand-in", title: "Handed in", proof: Field{Label: "Their ticket or submission", Hint: "By its number, for whoever asks them how it goes.", Kind: Text, Optional: true},
				decided: true, refused: "They did not take it"}
		}
		return handwork{is: "live", title: "Customers can get it", proof: Field{Label: "Where", Hint: "A link to it, for the history.", Kind: Link, Optional: true},
			decided: true, refused: "They looked at it, and do not publish it"}
	case images.Withdraw:
		return handwork{is: "withdraw", title: "Taken back"}
	case images.Discard:
		return handwork{is: "remove", title: "Removed"}
	}
	return handwork{is: string(s.Name), title: cut(capital(string(s.Name)), 24), decided: true, refused: "It came to nothing"}
}

// built reports what became of what people were asked for. The target's field is empty
// for what is asked at the moment, or a step: "1"; of a form with what it asked, as in
// "1:check", so that an answer to one question is never taken for one to the next.
func (d *Desk) built(ctx context.Context, req Request) (Reply, error) {
	b, needReason, err := d.aBuild(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	at, about, _ := strings.Cut(string(req.Target.Field), ":")
	step, _ := b.Asked()
	if at != "" {
		if step, err = strconv.Atoi(at); err != nil || step < 0 || step >= len(b.Steps) {
			return Reply{}, gone()
		}
	}
	if req.Values != nil {
		return d.takeReport(ctx, req, b, step, about)
	}
	if step < 0 || b.Steps[step].Asks == "" {
		return Reply{Tell: true, Text: workflow.Say("Nothing is asked of %s at the moment: it was reported already, or its turn has not come.", b.Order.Name)}, nil
	}
	s := &b.Steps[step]
	var r *workflow.Run
	if b.Order.Run != "" {
		if r, err = d.Run(ctx, b.Order.Run); err != nil {
			return Reply{}, err
		}
	}
	h := handworkOf(s)
	f := &Form{Verb: req.Verb, Title: h.title, Submit: "Report it", Target: Target{Build: b.ID, Field: workflow.FieldID(fmt.Sprintf("%d:%s", step, h.is))},
		Intro: d.checklist(ctx, r, b, s)}
	if h.proof.Kind != "" {
		h.proof.ID, h.proof.MaxLength = fieldProof, 300
		f.Fields = append(f.Fields, h.proof)
	}
	if h.decided {
		f.Fields = append(f.Fields, Field{ID: fieldOutcome, Label: "How it went", Kind: Radio, Initial: []string{outcomeWell}, Options: []Option{
			{Value: outcomeWell, Label: "It went well"}, {Value: outcomeRefused, Label: "It was refused", Note: h.refused}}},
			Field{ID: fieldWhy, Label: "Why it was refused", Hint: "Only when it was: what they said, or what you found.", Kind: LongText, Optional: true, MaxLength: 1000})
	}
	if needReason {
		f.Fields = append(f.Fields, overrideField())
	}
	return here(req, f), nil
}

// takeReport takes the answers of a form that asked about one step.
func (d *Desk) takeReport(ctx context.Context, req Request, b *images.Build, step int, about string) (Reply, error) {
	a := images.Answer{Ref: strings.TrimSpace(req.Values.One(fieldProof)), Refused: req.Values.One(fieldOutcome) == outcomeRefused}
	if a.Refused {
		a.Said = strings.TrimSpace(req.Values.One(fieldWhy))
	}
	for field, text := range map[workflow.FieldID]string{fieldProof: a.Ref, fieldWhy: a.Said} {
		if workflow.LooksSecret(text) {
			return Reply{}, wrong(field, workflow.Say("That looks like a secret, so it was not kept. Say where it is instead."))
		}
	}
	switch {
	case about == "make" && a.Ref == "":
		return Reply{}, wrong(fieldProof, workflow.Say("Say what the image is called, so that others find it."))
	case a.Refused && a.Said == "":
		return Reply{}, wrong(fieldWhy, workflow.Say("Say why, so that others know what has to change."))
	}
	asked := ""
	if step >= 0 {
		asked = b.Steps[step].Asks
	}
	if asked == "" || handworkOf(&b.Steps[step]).is != about {
		step = -1 // it is refused, unless the same request came before
	}
	b, err := d.options.Images.Report(ctx, req.who(), b.ID, step, asked, a)
	if err != nil {
		return Reply{}, err
	}
	if about == "live" && a.Ref != "" && !a.Refused && b.Order.Run != "" {
		who := req.who()
		who.Request += ", its link"
		_, err := d.Service.Do(ctx, who, b.Order.Run, workflow.Ask{Verb: workflow.VerbBuild}, func(act workflow.Act, r *workflow.Run) error {
			return r.Note(act, b.Order.Lane, "Customers get it at "+a.Ref)
		})
		if err != nil {
			return Reply{}, err
		}
	}
	return Reply{Tell: true, Text: reported(b, about, a)}, nil
}

// reported says what follows from a report.
func reported(b *images.Build, about string, a images.Answer) workflow.Text {
	if a.Refused {
		return workflow.Say("Noted: it came to nothing. %s waits now for somebody to try again or to abandon it.", b.Order.Name)
	}
	next := map[string]workflow.Text{
		"make":     workflow.Say("Next, somebody has to check it."),
		"check":    workflow.Say("It waits for the signatures now, unless they are there."),
		"hand-in":  workflow.Say("Its step waits for the partner from now on. Report again when customers can get it."),
		"live":     workflow.Say("Its step is done with that, unless it lacks something else."),
		"withdraw": workflow.Say("If there is an image, it is to be removed as well."),
	}[about]
	if next.IsZero() {
		return workflow.Say("Noted for %s. Thank you.", b.Order.Name)
	}
	return workflow.Say("Noted for %s. %s", b.Order.Name, next)
}

// checklist is what is to be done in a step.
func (d *Desk) checklist(ctx context.Context, r *workflow.Run, b *images.Build, s *images.Step) []workflow.Text {
	o := &b.Order
	name, image := workflow.Strong(o.Name), b.Images[o.Region]
	market := "the partner"
	if r != nil {
		market = marketOf(r, o.Lane)
	}
	switch s.Name {
	case images.Capture:
		packages := workflow.Say("Look up its package and the checksum yourself.")
		if r != nil {
			packages = packagesFor(r, o)
		}
		return []workflow.Text{
			workflow.Say("%s: make the image “%s”, from this:", name, o.Image), packages,
			workflow.Say("• Compare the checksum before you install it.\n• Pin the version, so that nothing updates it before customers have it.\n• Leave configuring to the first boot: what is made in the image is the same for all customers."),
		}
	case images.Check:
		return []workflow.Text{
			workflow.Say("%s: look at %s. None of this may be in it:", name, cmp.Or(image, o.Image)),
			workflow.Say("• SSH host keys\n• authorized keys, of anybody\n• histories of shells\n• the product's file of secrets, or its initial password"),
			workflow.Say("Boot it twice: the product starts, it is %s, and the secrets of the two are different.", o.Version.First().String()),
		}
	case images.Submit:
		if s.Ref == "" {
			out := workflow.Say("%s: hand %s in at %s, as version %s.", name, cmp.Or(image, o.Image), market, o.Version.First().String())
			return d.withLink(ctx, r, o, out)
		}
		since := workflow.Say("%s is with %s.", name, market)
		if s.Ref != o.Product {
			since = workflow.Say("%s is with %s: %s.", name, market, s.Ref)
		}
		return d.withLink(ctx, r, o, workflow.Say("%s Look at it as a customer does, while you are not logged in: is it %s that they get?", since, o.Version.First().String()))
	case images.Withdraw:
		return []workflow.Text{workflow.Say("%s was abandoned: take back what was handed in at %s%s. What customers have already stays.", name, market, numbered(b))}
	case images.Discard:
		return []workflow.Text{workflow.Say("%s was abandoned: remove the image %s, with all copies of it.", name, cmp.Or(s.Ref, image, o.Image))}
	}
	return []workflow.Text{workflow.Say("%s: %s.", name, s.Asks)}
}

// numbered is the number under which something was handed in, as it goes on a sentence;
// empty where it has none.
func numbered(b *images.Build) string {
	if t := b.Step(images.Submit, "", ""); t != nil && t.Ref != "" && t.Ref != b.Order.Product {
		return " (" + t.Ref + ")"
	}
	return ""
}

// withLink is a text, and where the listing is if that is known.
func (d *Desk) withLink(ctx context.Context, r *workflow.Run, o *images.Order, first workflow.Text) []workflow.Text {
	link := ""
	if r != nil {
		if l, ok := r.Listing(o.Lane.Listing); ok {
			link = l.Facts[workflow.FactMarketplace]
		}
	}
	if d.options.Maintenance != nil && o.Listing != "" {
		if l, err := d.options.Maintenance.Listed(ctx, o.Listing); err == nil { // it is told without as well
			link = cmp.Or(l.Link, link)
		}
	}
	if link == "" {
		return []workflow.Text{first}
	}
	return []workflow.Text{first, workflow.Say("The listing: %s", link)}
}

// marketOf is where the image of a lane goes, as people call it.
func marketOf(r *workflow.Run, lane workflow.StepKey) string {
	l, ok := r.Listing(lane.Listing)
	switch {
	case !ok:
	case l.Provider == workflow.AWS, l.Provider == workflow.Azure:
		return l.Provider.Name() + " Marketplace"
	case l.Partner != "":
		return l.Partner
	}
	return "the partner"
}
