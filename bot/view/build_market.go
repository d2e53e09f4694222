package view

import (
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file says what the marketplace does with an image: brings it to its preview, and to
// customers.

// market is what the place is called where an order goes.
func (n *buildNews) market(o *images.Order) string {
	if o.ByHand {
		return n.partner(o)
	}
	return o.Provider.Name() + " Marketplace"
}

// askSupport asks the marketplace's support about a build.
const askSupport = "Ask support…"

// longer is what is said of what is with the marketplace for long.
const longer = "longer than usual"

// stalled reports whether a build is with the marketplace for longer than usual.
func (n *buildNews) stalled(b *images.Build) bool {
	i := slices.Index(n.Builds, b)
	return i >= 0 && i < len(n.Stalled) && n.Stalled[i]
}

// waitsForOthers reports whether a build waits until what others have at the marketplace is
// over: for its turn at the preview, or for somebody else's submission.
func waitsForOthers(b *images.Build) bool {
	return slices.ContainsFunc(b.Present(), func(i int) bool {
		s := &b.Steps[i]
		if s.Name != images.Preview && s.Name != images.Submit || s.Ref != "" || s.State.Over() || s.State == images.StepFailed {
			return false
		}
		return s.Choice == images.ChoiceWait || isQueued(s)
	})
}

// isQueued reports whether a preview waits for its turn. Its note says for whom.
func isQueued(s *images.Step) bool {
	return s.Name == images.Preview && s.State == images.StepPending && s.Note != ""
}

// previewing is how an image comes to the preview.
func (n *buildNews) previewing(b *images.Build, s *images.Step) string {
	to := "the preview of " + n.market(&b.Order)
	switch {
	case s.Ref != "":
		return "on its way to " + to + n.since(s) + n.submission(b, s)
	case s.Choice == images.ChoiceWait:
		return "waits until somebody else's submission to " + n.market(&b.Order) + " is over" + n.since(s)
	case isQueued(s):
		return typedLine(s.Note, n.text)
	}
	return "being brought to " + to
}

// trying is how a machine goes that is started from the preview.
func (n *buildNews) trying(b *images.Build) string {
	boot, check := b.Step(images.Boot, "", images.Trial), b.Step(images.Check, "", images.Trial)
	if boot == nil {
		return ""
	}
	text := "being tried from the preview" + n.since(boot) + ": " + bootWord(boot, check)
	if check != nil && check.State.Over() {
		text += ", removing the machine"
	}
	return text
}

// submitting is what the marketplace does with what goes to customers.
func (n *buildNews) submitting(b *images.Build, s *images.Step) string {
	switch t := b.Step(images.Submit, "", ""); {
	case t != nil && t.State == images.StepDone:
		return "on " + n.market(&b.Order)
	case s == nil:
		return ""
	case s.Ref == "" && s.Choice == images.ChoiceWait:
		return "waits until somebody else's submission to " + n.market(&b.Order) + " is over" + n.since(s)
	case s.Ref == "":
		return "being submitted to " + n.market(&b.Order)
	}
	text := "with " + n.market(&b.Order) + n.since(s) + n.submission(b, s)
	if !n.brief && b.Order.Provider == workflow.AWS {
		text += "; the scan usually takes 30 to 60 minutes"
	}
	return text + n.mailbox(b)
}

// submission is what is with the marketplace, and how it goes there.
func (n *buildNews) submission(b *images.Build, s *images.Step) string {
	what := ", submission "
	if b.Order.Provider == workflow.AWS {
		what = ", change set "
	}
	if strings.HasPrefix(s.Ref, "configure/") { // which is on its way to be one
		what = ", job "
	}
	text := what + typedLine(submissionNumber(s.Ref), 40)
	if note := typedLine(s.Note, min(n.text, 60)); note != "" && !n.brief && !strings.HasPrefix(note, "on its way") {
		text += ", " + note
	}
	if n.stalled(b) {
		text += ", " + longer
	}
	return text
}

// submissionNumber is a submission as people tell it from others: of an id of Partner
// Center, "submission/…/1152", the end.
func submissionNumber(id string) string {
	for _, kind := range []string{"submission/", "configure/"} {
		if rest, ok := strings.CutPrefix(id, kind); ok {
			return rest[strings.LastIndexByte(rest, '/')+1:]
		}
	}
	return id
}

// mailbox is who reads what the marketplace writes.
func (n *buildNews) mailbox(b *images.Build) string {
	if who := n.Mailbox[b.Order.Provider]; who != "" && !n.brief {
		return "; mail about it is read by " + mention(who)
	}
	return ""
}

// isWithMarket reports whether a build has something with the marketplace about which its
// support can be asked: it is under way there, or was not taken there.
func isWithMarket(b *images.Build) bool {
	return slices.ContainsFunc(b.Steps, func(s images.Step) bool {
		if s.Name != images.Preview && s.Name != images.Submit || s.Ref == "" || s.State.Over() {
			return false
		}
		if s.State != images.StepFailed || s.Fault == nil {
			return s.State != images.StepFailed
		}
		switch s.Fault.Class {
		case images.TheirFault, images.TooLong, images.Rejected, images.Findings:
			return true
		}
		return false
	})
}
