package view

import (
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file says of a lane how its build stands, wherever its run is shown: what is
// being built need not be done by hand.

// markText is how the build of a lane stands: "building, about until 14:20"; empty
// where it says nothing of use. What people cannot see of it elsewhere is cut to limit
// characters.
func markText(m *workflow.BuildMark, limit int) string {
	if m == nil {
		return ""
	}
	switch m.Phase {
	case workflow.BuildBuilding:
		return "building" + markUntil(m)
	case workflow.BuildBuilt:
		return "built, private"
	case workflow.BuildSigning:
		return "built, waits for signatures"
	case workflow.BuildPublishing:
		return "going live" + markUntil(m)
	case workflow.BuildSubmitted:
		text := ":hourglass: with the marketplace since " + moment(m.At)
		if id := typedLine(m.Submission, min(limit, 30)); id != "" {
			text += ", " + id
		}
		return text
	case workflow.BuildLive:
		return "live"
	case workflow.BuildStuck:
		text := ":warning: *stuck*"
		if why := typedLine(m.Trouble, 2*limit); why != "" {
			text += ": " + why
		}
		return text
	}
	return ""
}

// markWord is markText in a word or two, for a notification.
func markWord(m *workflow.BuildMark) string {
	if m.Phase == workflow.BuildStuck {
		return "stuck"
	}
	text, _, _ := strings.Cut(strings.TrimPrefix(markText(m, 0), ":hourglass: "), " since ")
	text, _, _ = strings.Cut(text, ", about ")
	return text
}

func markUntil(m *workflow.BuildMark) string {
	if m.Until.IsZero() {
		return ""
	}
	return ", " + until(m.Until, m.At)
}

// markBy is markText with who ordered it, unless that is who is named anyway.
func markBy(m *workflow.BuildMark, named workflow.UserID, limit int) string {
	text := markText(m, limit)
	if text == "" || m.By == "" || m.By == named {
		return text
	}
	return text + ", " + mention(m.By)
}

// markTarget is what the buttons about the build of a lane are about.
func markTarget(m *workflow.BuildMark) commands.Target {
	return commands.Target{Build: images.BuildID(m.ID)}
}

// markButton is what may be done about the build of a lane; nil for nothing but to
// wait.
func markButton(m *workflow.BuildMark) *slack.ButtonBlockElement {
	switch m.Phase {
	case workflow.BuildBuilt:
		return button("Publish…", "publish", markTarget(m))
	case workflow.BuildStuck:
		if m.Decide {
			return button("Decide…", "retry", markTarget(m))
		}
		return button("Try again", "retry", markTarget(m))
	}
	return nil
}

// isBuilt reports whether a lane has a build that its row speaks of: one that is under
// way or has made an image.
func isBuilt(s *workflow.StepState) bool {
	return s.Status == workflow.Open && s.Build != nil && s.Build.Phase != workflow.BuildAbandoned
}

// isUnderWay reports whether a build does what is asked of the person, and needs
// nobody for it.
func (a asked) isUnderWay() bool {
	if a.Kind != workflow.MoveDo || !a.isStep() || !isBuilt(a.node.State) {
		return false
	}
	return a.node.State.Build.Phase.Open() && a.node.State.Build.Phase != workflow.BuildStuck
}

// isBuilding reports whether what is asked of the person is being built, whether or
// not it is stuck.
func (a asked) isBuilding() bool {
	return a.Kind == workflow.MoveDo && a.isStep() && isBuilt(a.node.State) && a.node.State.Build.Phase.Open()
}

// buildings are the buttons of what is being built, and the menu of the rest.
func (a asked) buildings() ([]slack.BlockElement, *slack.OverflowBlockElement) {
	menu := more(a.target(), choice{"Done by hand…", string(workflow.VerbDone)}, menuMoveDate(), menuHandOver(), menuSnooze(), menuOpen())
	if b := markButton(a.node.State.Build); b != nil {
		return []slack.BlockElement{b}, menu
	}
	return []slack.BlockElement{button("Open card", string(workflow.VerbView), a.target())}, menu
}

// isSubmitted reports whether what a step waits for is the marketplace, which its build
// follows.
func isSubmitted(s *workflow.StepState) bool {
	return isBuilt(s) && s.Build.Phase == workflow.BuildSubmitted && s.Waiting != nil && s.Waiting.Ticket == s.Build.Submission
}

// signWords say to whoever is asked for a signature what waits for it, what else it
// covers, and who has signed already.
func signWords(r *workflow.Run, limit int) string {
	var out []string
	if before := signedBefore(r); before != "" {
		out = append(out, before)
	}
	var ready []string
	r.Walk(func(n workflow.Node) bool {
		if isBuilt(n.State) && n.State.Build.Phase == workflow.BuildSigning {
			if l, ok := r.Listing(n.Key.Listing); ok {
				ready = append(ready, typedLine(r.ListingName(l), limit))
			}
		}
		return true
	})
	switch len(ready) {
	case 0:
	case 1:
		out = append(out, upperFirst(ready[0]+" is built and checked, and waits for it."))
	default:
		out = append(out, upperFirst(firstOf(ready, 3)+" are built and checked, and wait for it."))
	}
	if along := r.GoesAlong(); len(along) > 0 {
		out = append(out, "It covers as well: "+firstNamed(len(along), 2, func(i int) string { return typedLine(along[i], 2*limit) })+".")
	}
	return strings.Join(out, " ")
}
