package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow/images"
)

// stands is how a build stands, in words: what goes on, since when, until when.
func (n *buildNews) stands(i int) string {
	b := n.Builds[i]
	switch b.State {
	case images.Done:
		return n.done(b)
	case images.Abandoned:
		if b.Order.ByHand {
			return handAbandoned(b)
		}
		return "abandoned" + abandonedBy(b) + "; nothing of it is left"
	case images.Clearing:
		return n.clearing(b)
	}
	if s := handStep(b); s != nil {
		return n.byHand(b, s)
	}
	var parts, hitches []string
	for _, steps := range presentSteps(b) {
		if text := n.doing(b, steps); text != "" {
			parts = append(parts, text)
		}
		if text := n.hitch(going(steps)); text != "" {
			hitches = append(hitches, text)
		}
	}
	if len(parts) == 0 { // all that is left of its phase has failed
		return "needs a person"
	}
	if end := buildEnds(&n.News, i); !end.IsZero() {
		parts[len(parts)-1] += ", " + until(end, n.Now)
	}
	return strings.Join(append(parts, hitches...), "; ")
}

// presentSteps are the steps that a build is at, those of a name together.
func presentSteps(b *images.Build) (out [][]*images.Step) {
	for _, i := range b.Present() {
		s := &b.Steps[i]
		if at := slices.IndexFunc(out, func(same []*images.Step) bool { return same[0].Name == s.Name }); at >= 0 {
			out[at] = append(out[at], s)
		} else {
			out = append(out, []*images.Step{s})
		}
	}
	return out
}

// doing is what goes on in the steps of one name that a build is at.
func (n *buildNews) doing(b *images.Build, steps []*images.Step) string {
	at, name := going(steps), steps[0].Name
	switch name {
	case images.Boot, images.Check, images.Remove:
		switch {
		case steps[0].Role == images.Trial && at != nil:
			return n.trying(b)
		case name != images.Remove && steps[0].Role != images.Trial && !b.Order.ByHand:
			return "boots twice" + n.since(trials(b)...) + ": " + boots(b)
		}
	case images.Preview:
		if at == nil {
			return ""
		}
		return n.previewing(b, at) + n.mailbox(b)
	case images.Copy:
		return "copies to " + counted(len(steps), "region") + ": " + inRegions(steps, "there", n.regions)
	case images.Sign:
		made := "built and checked"
		switch s := b.Step(images.Preview, "", ""); {
		case b.Order.ByHand:
			made = "made and checked"
		case s != nil && s.State == images.StepDone:
			made = "built, checked and in the preview"
		}
		return made + ", waits for " + n.signatures()
	case images.Open:
		return "goes public in " + counted(len(steps), "region") + ": " + inRegions(steps, "public", n.regions)
	case images.Submit:
		return n.submitting(b, at)
	case images.Deprecate:
		return n.live(b) + ", and older images are being deprecated"
	}
	if at == nil {
		return ""
	}
	text := orElse(doing[name], typedLine(string(name), 30)) + n.since(steps...)
	if at.Percent > 0 {
		text += fmt.Sprintf(", %d %%", at.Percent)
	}
	if note := typedLine(at.Note, min(n.text, 60)); note != "" && !n.brief {
		text += ", " + note
	}
	return text
}

// going is the step that goes on; of several the one that is in trouble. Nil when none
// does.
func going(steps []*images.Step) (out *images.Step) {
	for _, s := range steps {
		if s.State.Over() || s.State == images.StepFailed {
			continue
		}
		if out == nil || s.State == images.StepUnsure || s.Failures > out.Failures && out.State != images.StepUnsure {
			out = s
		}
	}
	return out
}

// since is when the first of some steps began.
func (n *buildNews) since(steps ...*images.Step) string {
	var first time.Time
	for _, s := range steps {
		if !s.Since.IsZero() && (first.IsZero() || s.Since.Before(first)) {
			first = s.Since
		}
	}
	if first.IsZero() {
		return ""
	}
	return " since " + clock(first, n.Now)
}

// hitch is what a step gets over by itself.
func (n *buildNews) hitch(s *images.Step) string {
	switch {
	case s == nil:
		return ""
	case s.State == images.StepUnsure:
		return "it is not known whether " + orElse(unsure[s.Name], "the last call did anything") + ", and I am looking"
	case s.Failures > 0 && s.Fault != nil && !s.Due.IsZero():
		return "it is tried again " + clock(s.Due, n.Now) + ", " + typedLine(strings.TrimSuffix(s.Trouble(), "."), min(n.text, 120))
	}
	return ""
}

// signatures is what a build waits for that people sign.
func (n *buildNews) signatures() string {
	if n.Run == nil || !n.Run.NeedsSignature() {
		return "signatures"
	}
	_, missing := n.Run.Signatures()
	if missing == 0 {
		return "its turn, and is signed"
	}
	return counted(missing, "signature")
}

// done is what a build has come to.
func (n *buildNews) done(b *images.Build) string {
	if b.Order.Publishes() {
		return n.live(b) + ", " + clock(b.Ended, n.Now)
	}
	text := "built"
	if !b.Unproven {
		text += " and checked"
	}
	return text + ", private: " + n.made(b) + ", " + clock(b.Ended, n.Now)
}

// live is where customers get it.
func (n *buildNews) live(b *images.Build) string {
	var where []string
	if b.Order.Product != "" {
		where = append(where, "on "+n.market(&b.Order))
	}
	if b.Order.Public {
		where = append(where, "public in "+counted(len(b.Order.Regions), "region"))
	}
	return "live, " + sentenceList(where) + ": " + n.image(b)
}

// image is the id of the image, and where it was built.
func (n *buildNews) image(b *images.Build) string {
	text := typedLine(b.Images[b.Order.Region], 60)
	if b.Order.Region != "" {
		text += " in " + typedLine(b.Order.Region, 30)
	}
	return text
}

// made is the image, and where else there is one.
func (n *buildNews) made(b *images.Build) string {
	text := n.image(b)
	if more := len(b.Images) - 1; more > 0 {
		text += " and " + counted(more, "more region")
	}
	return text
}

// abandonedBy is by whom a build was given up, in words; nothing where nobody noted it.
func abandonedBy(b *images.Build) string {
	if b.AbandonedBy == "" {
		return ""
	}
	return " by " + mention(b.AbandonedBy)
}

// clearing is how far a build that was given up is removed.
func (n *buildNews) clearing(b *images.Build) string {
	if s := handStep(b); s != nil {
		return "abandoned" + abandonedBy(b) + ": " + n.byHand(b, s)
	}
	text := "abandoned" + abandonedBy(b) + "; what it made is being removed"
	var parts []string
	for _, steps := range presentSteps(b) {
		name := steps[0].Name
		steps = slices.DeleteFunc(steps, func(s *images.Step) bool { return s.State == images.StepSkipped })
		switch at := going(steps); {
		case at == nil:
		case name == images.Discard:
			parts = append(parts, "images in "+counted(len(steps), "region")+", "+inRegions(steps, "gone", n.regions))
		case name == images.Close:
			parts = append(parts, "made private again, "+inRegions(steps, "private", n.regions))
		default:
			parts = append(parts, doing[name])
		}
		if text := n.hitch(going(steps)); text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, "; ")
	}
	return text
}
