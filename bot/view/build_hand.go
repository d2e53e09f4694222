package view

import (
	"cmp"
	"strconv"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file says of images that people make how they stand, and asks whoever is to
// report of them. Nobody here sees what they do: what is told is what they said.

// handWord is a step that people do, in a word or two, as what is to come.
func handWord(s *images.Step) string {
	switch s.Name {
	case images.Capture:
		return "to be made"
	case images.Check:
		return "to be checked"
	case images.Submit:
		if s.Ref != "" {
			return "handed in"
		}
		return "to be handed in"
	case images.Withdraw:
		return "to be taken back"
	case images.Discard:
		return "to be removed"
	}
	return "by hand"
}

// reportLabel is what the button says by which a person reports of a step.
func reportLabel(s *images.Step) string {
	switch s.Name {
	case images.Capture:
		return "Image made…"
	case images.Check:
		return "Checked…"
	case images.Submit:
		if s.Ref != "" {
			return "It is live…"
		}
		return "Handed in…"
	case images.Withdraw:
		return "Taken back…"
	case images.Discard:
		return "Removed…"
	}
	return "Report…"
}

// reports is the button by which a person reports of what a build asks for; nil where it
// asks nobody.
func reports(b *images.Build) *slack.ButtonBlockElement {
	i, what := b.Asked()
	if what == "" {
		return nil
	}
	return button(reportLabel(&b.Steps[i]), "built", commands.Target{Build: b.ID, Field: workflow.FieldID(strconv.Itoa(i))})
}

// handStep is the step that a build is at which people do; nil where it is at none.
func handStep(b *images.Build) *images.Step {
	for _, i := range b.Present() {
		switch s := &b.Steps[i]; {
		case !b.Order.ByHand, s.Name == images.Sign, s.State.Over(), s.State == images.StepFailed:
		default:
			return s
		}
	}
	return nil
}

// byHand is what is asked of whom: "make the image, @omar".
func (n *buildNews) byHand(b *images.Build, s *images.Step) string {
	what := handWord(s)
	if s.Asks != "" {
		what = typedLine(s.Asks, min(n.text, 60))
	}
	switch {
	case s.Name == images.Submit && s.Ref != "":
		text := "with " + n.market(&b.Order) + n.handedIn(b, s)
		if s.Asks != "" {
			text += ": " + what
		}
		what = text
	case s.Name == images.Submit:
		what += " to " + n.market(&b.Order)
	case s.Name == images.Discard && s.Ref != "" && !n.brief:
		what += ", " + typedLine(s.Ref, 60)
	}
	switch {
	case s.Asks != "":
		return what + ", " + n.maker(b)
	case s.Answer != nil:
		return what + ", " + mention(s.Answer.By) + " has reported"
	}
	return what
}

// handedIn is since when an image is with whoever it was handed in to, and what they call
// it.
func (n *buildNews) handedIn(b *images.Build, s *images.Step) (text string) {
	if n.Run != nil {
		// The step began when people were asked to hand it in, and the wait when they had.
		if lane := n.Run.Steps[b.Order.Lane]; lane != nil && lane.Waiting != nil && cmp.Or(lane.Waiting.About, lane.Waiting.Ticket) == s.Ref {
			text = " since " + clock(lane.Waiting.Since, n.Now)
		}
	}
	if s.Ref != b.Order.Product { // which stands for having got no number
		text += ", " + typedLine(s.Ref, min(n.text, 60))
	}
	return text
}

// maker is who is asked to do what there is to do by hand: whose lane it is, or who
// ordered it.
func (n *buildNews) maker(b *images.Build) string {
	if n.Run != nil {
		if who := n.Run.Responsible(b.Order.Lane); n.Run.Steps[b.Order.Lane] != nil && who != "" {
			return holder(n.Run, who)
		}
	}
	return mention(b.Order.By)
}

// partner is to whom an image goes that people make.
func (n *buildNews) partner(o *images.Order) string {
	limit := max(n.buildRoom.name, 20)
	if n.Run != nil {
		if l, ok := n.Run.Listing(o.Lane.Listing); ok && l.Partner != "" {
			return typedLine(l.Partner, limit)
		}
	}
	if o.Provider == workflow.AWS || o.Provider == workflow.Azure {
		return o.Provider.Name() + " Marketplace"
	}
	return orElse(typedLine(cmp.Or(o.Product, o.Name), limit), "the partner")
}

// handTrouble is why a step came to nothing that people do, and what trying again does.
func handTrouble(s *images.Step, limit int, brief bool) string {
	text := "it came to nothing"
	switch s.Name {
	case images.Capture:
		text = "the image could not be made"
	case images.Check:
		text = "the image did not pass"
	case images.Submit:
		text = "it was not taken"
	case images.Withdraw:
		text = "it could not be taken back"
	case images.Discard:
		text = "the image could not be removed"
	}
	if said := typedLine(s.Fault.Said, limit); said != "" {
		text += ": " + said
	}
	text = sentenceOf(text)
	if undone := handUndone(s); undone != "" && !brief {
		text += " " + undone
	}
	return text
}

// handUndone is what was not done because a step came to nothing that people do.
func handUndone(s *images.Step) string {
	switch s.Name {
	case images.Capture:
		return "There is no image yet. Try again asks for one once more."
	case images.Check:
		return "The image goes nowhere. Try again asks for another look at it."
	case images.Submit:
		return "Customers do not have it. Try again asks to hand it in once more."
	case images.Withdraw:
		return "What was handed in is there still."
	case images.Discard:
		return "The image is there still."
	}
	return ""
}

// handAbandoned is what has become of an image that people made and that nobody waits for.
func handAbandoned(b *images.Build) string {
	if b.AbandonedBy == "" {
		return "not followed any more: its listing does not wait for it"
	}
	return "abandoned" + abandonedBy(b) + "; nothing of it is left, as far as is known here"
}
