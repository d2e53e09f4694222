package view

import (
	"cmp"
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
	if what := markAsks(m, limit); what != "" {
		return what
	}
	switch m.Phase {
	case workflow.BuildBuilding:
		return "building" + markUntil(m)
	case workflow.BuildBuilt:
		return "built, private"
	case workflow.BuildPreviewing:
		return "at the marketplace's preview" + submitted(m, limit)
	case workflow.BuildSigning:
		return "built, waits for signatures"
	case workflow.BuildPublishing:
		return "going live" + markUntil(m)
	case workflow.BuildSubmitted:
		if m.Stalls { // since then it stands so, and not since then it is there
			return ":hourglass: with the marketplace" + submitted(m, limit)
		}
		return ":hourglass: with the marketplace since " + moment(m.At) + submitted(m, limit)
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

// markAsks is what a person is asked of a build; empty where it asks nobody.
func markAsks(m *workflow.BuildMark, limit int) string {
	if m.Asks == "" || !m.Phase.Open() || m.Phase == workflow.BuildStuck {
		return ""
	}
	what := typedLine(m.Asks, min(max(limit, 20), 60))
	if m.Phase == workflow.BuildSubmitted {
		return ":hourglass: handed in " + moment(m.At) + submitted(m, limit) + ": " + what
	}
	return "by hand: " + what
}

// submitted is what is with the marketplace, and whether it is there for long.
func submitted(m *workflow.BuildMark, limit int) (text string) {
	if id := typedLine(submissionNumber(m.Submission), min(max(limit, 12), 30)); id != "" {
		text = ", " + id
	}
	if m.Stalls {
		text += ", " + longer
	}
	return text
}

// markWord is markText in a word or two, for a notification.
func markWord(m *workflow.BuildMark) string {
	switch {
	case m.Phase == workflow.BuildStuck:
		return "stuck"
	case m.Phase == workflow.BuildPreviewing:
		return "at the marketplace's preview"
	case m.Phase == workflow.BuildSubmitted && m.Asks != "":
		return "handed in"
	case m.Phase == workflow.BuildSubmitted:
		return "with the marketplace"
	}
	text, _, _ := strings.Cut(markText(m, 0), ", about ")
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
	switch {
	case markAsks(m, 20) != "":
		return button(markReport(m), "built", markTarget(m))
	case m.Stalls && m.Phase.Open():
		return button(askSupport, "support", markTarget(m))
	}
	return nil
}

// markReport is what the button says by which a person reports of a build, as far as its
// phase tells what of.
func markReport(m *workflow.BuildMark) string {
	switch m.Phase {
	case workflow.BuildPublishing:
		return "Handed in…"
	case workflow.BuildSubmitted:
		return "It is live…"
	}
	return "Report…"
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
	return goesOn(a.node.State.Build)
}

// goesOn reports whether a build goes on without anybody.
func goesOn(m *workflow.BuildMark) bool {
	return m.Phase.Open() && m.Phase != workflow.BuildStuck && markAsks(m, 20) == ""
}

// isBuilding reports whether what is asked of the person is being built, whether or
// not it needs them.
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

// isAboutBuild reports whether what a step waits for is what its build submitted, which may
// have a ticket besides.
func isAboutBuild(s *workflow.StepState) bool {
	return isBuilt(s) && s.Build.Submission != "" && s.Waiting != nil && cmp.Or(s.Waiting.About, s.Waiting.Ticket) == s.Build.Submission
}

// isSubmitted reports whether what a step waits for is the marketplace, which its build
// follows, so that there is no more to say of it.
func isSubmitted(s *workflow.StepState) bool {
	return isBuilt(s) && s.Build.Phase == workflow.BuildSubmitted && s.Waiting != nil && s.Waiting.Ticket == s.Build.Submission
}

// submissions is the button about what a build has with the partner that somebody follows
// up with.
func (a asked) submissions() []slack.BlockElement {
	if !a.isStep() || !isAboutBuild(a.node.State) {
		return nil
	}
	if b := markButton(a.node.State.Build); b != nil {
		return []slack.BlockElement{b}
	}
	return nil
}

// submission is what the person has to know of it besides: what is asked of them, or that
// it takes long.
func (a asked) submission(limit int) string {
	switch {
	case !a.isStep() || !isAboutBuild(a.node.State):
		return ""
	case a.node.State.Build.Asks != "":
		return "\n" + upperFirst(typedLine(a.node.State.Build.Asks, min(limit, 60))) + "."
	case a.node.State.Build.Stalls:
		return "\nIt takes " + longer + "."
	}
	return ""
}

// isAsked reports whether a build asks people for what they do by hand.
func (a asked) isAsked() bool {
	return a.isStep() && isBuilt(a.node.State) && markAsks(a.node.State.Build, 20) != ""
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
