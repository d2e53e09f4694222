package view

import (
	"cmp"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// mostUndos is how many steps can be undone from the top of a message.
const mostUndos = 2

// undoable are the steps that the person can undo at that moment, the one they
// did last first.
func undoable(r *workflow.Run, who workflow.UserID, now time.Time) []workflow.Node {
	var out []workflow.Node
	r.Walk(func(n workflow.Node) bool {
		if r.Undoable(n.Key, who, now) {
			out = append(out, n)
		}
		return true
	})
	slices.SortStableFunc(out, func(a, b workflow.Node) int {
		return cmp.Or(b.State.At.Compare(a.State.At), cmp.Compare(b.State.Version, a.State.Version))
	})
	return out[:min(len(out), mostUndos)]
}

// undoRows are what the person has just done, each with the button that takes
// it back.
func undoRows(r *workflow.Run, who workflow.UserID, now time.Time, title int) []slack.Block {
	var out []slack.Block
	for _, n := range undoable(r, who, now) {
		t := commands.Target{Run: r.ID, Step: n.Key, Version: n.State.Version}
		out = append(out, section("You marked "+bold(stepLabel(r, n, title))+" done at "+hour(n.State.At)+".", button("Undo", string(workflow.VerbUndo), t)))
	}
	return out
}
