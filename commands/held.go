package commands

import (
	"cmp"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file is about what holds a run.

// worstFirst are steps by how much they hold: late ones, then those that can be
// worked on, then those that wait for the partner, then what is locked; each by
// its date.
func worstFirst(r *workflow.Run, steps []workflow.Node) []workflow.Node {
	rank := func(n workflow.Node) int {
		switch s := n.State; {
		case s.Overdue:
			return 0
		case s.Status == workflow.Locked:
			return 4
		case s.Waiting != nil:
			return 2
		case len(r.Unmet(n.Key)) > 0:
			return 3
		}
		return 1
	}
	out := slices.Clone(steps)
	slices.SortStableFunc(out, func(a, b workflow.Node) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), dueBy(a.State.Due).Compare(dueBy(b.State.Due)))
	})
	return out
}

// dueBy is a date for sorting; what has none comes last.
func dueBy(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(1<<40, 0)
	}
	return t
}

// heldBy says what holds a run most, and with whom that is; no text when nothing
// does.
func heldBy(r *workflow.Run) workflow.Text {
	holds := worstFirst(r, r.Plan().Holds)
	if len(holds) == 0 {
		return workflow.Text{}
	}
	n := holds[0]
	with := r.Acting(r.Responsible(n.Key))
	switch s := n.State; {
	case s.Waiting != nil:
		return workflow.Say("held by %s, which waits for the partner since %s", r.StepName(n), s.Waiting.Since)
	case s.Overdue && with != "":
		return workflow.Say("held by %s (%s), late since %s", r.StepName(n), with, s.Due)
	case with != "":
		return workflow.Say("held by %s (%s)", r.StepName(n), with)
	}
	return workflow.Say("held by %s, with nobody yet", r.StepName(n))
}
