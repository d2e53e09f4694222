package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow/images"
)

// This file says in words what builds do, and what their steps are called.

// stepTitles are the steps of builds as things that can fail.
var stepTitles = map[images.StepName]string{
	images.Launch: "start of the machine", images.Install: "install", images.Clean: "clean-up", images.Stop: "stop of the machine",
	images.Capture: "making of the image", images.Boot: "boot", images.Check: "check", images.Compare: "comparison of both boots",
	images.Remove: "removal of a machine", images.Copy: "copy", images.Mark: "marking as verified", images.Sign: "signing",
	images.Preview: "way to the preview", images.Open: "going public", images.Retire: "retiring of old versions", images.Submit: "submission", images.Deprecate: "deprecation of older images",
	images.Withdraw: "withdrawal", images.Close: "way back to private", images.Discard: "removal",
}

// doing are the steps of builds as what goes on.
var doing = map[images.StepName]string{
	images.Launch: "starting a machine", images.Install: "installing the package", images.Clean: "cleaning up in the machine",
	images.Stop: "stopping the machine", images.Capture: "making the image", images.Compare: "comparing both boots",
	images.Remove: "removing the machines", images.Mark: "marking the images as verified", images.Retire: "making room on the marketplace",
	images.Withdraw: "withdrawing the submission", images.Discard: "removing the images",
}

// unsure are the steps of builds as what may have happened.
var unsure = map[images.StepName]string{
	images.Launch: "the machine was started", images.Capture: "the image was made", images.Copy: "the copy was made",
	images.Preview: "it was brought to the preview", images.Open: "the image is public", images.Submit: "it was submitted", images.Remove: "the machine is gone",
}

// stepTitle is a step of a build as it is spoken of: "copy in eu-west-1".
func stepTitle(s *images.Step) string {
	title := orElse(stepTitles[s.Name], typedLine(string(s.Name), 30))
	switch s.Role {
	case images.FirstBoot:
		title = "first " + title
	case images.SecondBoot:
		title = "second " + title
	case images.Trial:
		title += ", from the preview"
	}
	if s.Region != "" {
		title += " in " + typedLine(s.Region, 30)
	}
	return title
}

// trouble is why a step failed, what that means, and who can put it right; in brief
// without what follows from it.
func trouble(b *images.Build, s *images.Step, limit int, brief bool) string {
	if b.Order.ByHand && s.Fault != nil {
		return handTrouble(s, limit, brief)
	}
	text := sentenceOf(typedLine(s.Trouble(), limit))
	if s.Fault == nil {
		return text
	}
	if undone := undone(s); undone != "" && !brief {
		text += " " + undone
	}
	if cure := cure(s.Fault); cure != "" {
		text += " " + cure
	}
	if _, ok := webAddress(s.Fault.Link); ok && !brief {
		text += " " + link(s.Fault.Link, "It can be put right here", 40) + "."
	}
	return text
}

// troubleLine is only why a step failed, as it goes on a sentence.
func troubleLine(b *images.Build, s *images.Step, limit int) string {
	if b.Order.ByHand && s.Fault != nil {
		return strings.TrimSuffix(handTrouble(s, limit, true), ".")
	}
	return typedLine(s.Trouble(), limit)
}

// undone is what was not done because a step failed. What was tried from the preview was
// verified before.
func undone(s *images.Step) string {
	if s.Role == images.Trial && (s.Name == images.Boot || s.Name == images.Check) {
		return "It is in the preview and did not pass there, so nobody is asked to sign it."
	}
	return s.Name.Undone()
}

// cure is who can put a fault right, and how.
func cure(f *images.Fault) string {
	if f.Class == images.Foreign && f.What == "" {
		return "Wait for it: it cannot be cancelled from here."
	}
	return f.Class.Cure()
}

// sentenceOf is text as a whole sentence.
func sentenceOf(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, ellipsis) {
		return s
	}
	return s + "."
}

// findings are what a check found, a line each, most of them at most.
func findings(f *images.Fault, most, limit int) string {
	if f == nil || most == 0 {
		return ""
	}
	text := ""
	for _, line := range f.Findings[:min(len(f.Findings), most)] {
		text += "\n• " + typedLine(line, limit)
	}
	if more := len(f.Findings) - most; more > 0 {
		text += fmt.Sprintf("\n• and %d more", more)
	}
	return text
}

// clock is a time of today, and else a day with its time.
func clock(t, now time.Time) string {
	if now.Sub(t) < 12*time.Hour && t.Sub(now) < 12*time.Hour {
		return hour(t)
	}
	return moment(t)
}

// until is about when something is over, on five minutes, so that the estimate may
// vary a little without a new drawing.
func until(t, now time.Time) string {
	const exact = 5 * time.Minute
	return "about until " + clock(t.Add(exact-1).Truncate(exact), now)
}

// account is an account's number as people know it, by its end.
func account(s string) string {
	if len(s) > 8 && strings.Trim(strings.ToLower(s), "0123456789abcdef-") == "" && strings.ContainsAny(s, "0123456789") {
		return ellipsis + s[len(s)-4:]
	}
	return typedLine(s, 20)
}

// inRegions says how many of the steps of different regions are through, which are on
// their way and which failed, most of them by name. Is says what is so of those that
// are through: "there".
func inRegions(steps []*images.Step, is string, most int) string {
	var done, waiting int
	var working, failed, waits []string
	for _, s := range steps {
		name := typedLine(s.Region, 30)
		switch s.State {
		case images.StepDone, images.StepSkipped:
			done++
		case images.StepFailed:
			failed = append(failed, name)
		case images.StepPending:
			waiting++
			waits = append(waits, name)
		default:
			if s.Percent > 0 {
				name += fmt.Sprintf(" %d %%", s.Percent)
			}
			working = append(working, name)
		}
	}
	named := func(names []string, otherwise string) string {
		if len(names) > most {
			return otherwise
		}
		return strings.Join(names, ", ")
	}
	var out []string
	if done > 0 {
		out = append(out, fmt.Sprintf("✓ %d %s", done, is))
	}
	if len(working) > 0 {
		out = append(out, "… "+named(working, fmt.Sprintf("%d on the way", len(working))))
	}
	if len(failed) > 0 {
		out = append(out, "✗ "+named(failed, counted(len(failed), "region"))+" failed")
	}
	switch {
	case waiting == 0:
	case len(waits) <= min(most, 3):
		out = append(out, "· "+sentenceList(waits)+waitWord(waiting))
	default:
		out = append(out, fmt.Sprintf("· %d%s", waiting, waitWord(waiting)))
	}
	return strings.Join(out, ", ")
}

func waitWord(n int) string {
	if n == 1 {
		return " waits"
	}
	return " wait"
}

// trials are the boots of an image before it goes anywhere.
func trials(b *images.Build) []*images.Step {
	return slices.DeleteFunc(stepsOf(b, images.Boot), func(s *images.Step) bool { return s.Role == images.Trial })
}

// boots says how both boots of an image go: "first ok, second checking".
func boots(b *images.Build) string {
	var out []string
	for _, s := range trials(b) {
		which := "first"
		if len(out) > 0 {
			which = "second"
		}
		out = append(out, which+" "+bootWord(s, b.Step(images.Check, "", s.Role)))
	}
	return strings.Join(out, ", ")
}

func bootWord(boot, check *images.Step) string {
	switch {
	case boot.State == images.StepFailed:
		return "did not start"
	case boot.State == images.StepPending:
		return "waits"
	case !boot.State.Over():
		return "starting"
	case check == nil || check.State == images.StepPending:
		return "is up"
	case check.State == images.StepFailed:
		return "did not pass"
	case check.State.Over():
		return "ok"
	}
	return "checking"
}

// stepsOf are the steps of a build of that name.
func stepsOf(b *images.Build, name images.StepName) (out []*images.Step) {
	for i := range b.Steps {
		if b.Steps[i].Name == name {
			out = append(out, &b.Steps[i])
		}
	}
	return out
}

// indexOf is which step of its build a step is.
func indexOf(b *images.Build, s *images.Step) int {
	for i := range b.Steps {
		if &b.Steps[i] == s {
			return i
		}
	}
	return -1
}
