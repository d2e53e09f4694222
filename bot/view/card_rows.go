package view

import (
	"cmp"
	"slices"

	"cloudimage/workflow"
)

// This file finds the rows of a card. A step that is done once is a row. A step
// made per listing is a row for each lane, which shows the lane's most pressing
// part. Where there is little room, rows that stand alike share one, the most
// pressing rows stay, and the others are counted.

// openStep is a step of a stage that is open, with its rows.
type openStep struct {
	number string
	lanes  bool
	rows   []row
}

// row is one open part of a run that somebody does.
type row struct {
	workflow.Node
	group workflow.Node // the step it is a part of; itself when it is none
	who   workflow.UserID
	press pressure
	held  []workflow.Block // what it needs and does not have
	more  int              // open parts beside it in its lane
	with  []*row           // rows that share this one
}

// pressure is how much a row wants to be seen.
type pressure int

const (
	late      pressure = iota
	stuck              // its build needs a person
	reporting          // its build asks a person for what people do
	waiting
	ready
	busy // its build goes on without anybody
	held
)

// openSteps finds what is open and needed.
func openSteps(r *workflow.Run) []openStep {
	if r.State != workflow.Running {
		return nil
	}
	var out []openStep
	var groups [8]workflow.Node // by depth: what the present node is a part of
	r.Walk(func(n workflow.Node) bool {
		depth := min(n.Depth, len(groups)-1)
		groups[depth] = n
		if n.Depth == 0 {
			step := openStep{number: n.Number(), lanes: n.Step.PerListing}
			if step.lanes {
				step.rows = make([]row, 0, len(r.Listings))
			}
			out = append(out, step)
		}
		if n.State.Status != workflow.Open || r.IsGroup(n.Key) || n.Step.Optional && !n.State.Wanted {
			return true
		}
		step := &out[len(out)-1]
		step.add(newRow(r, n, groups[max(depth-1, 0)]))
		return true
	})
	return slices.DeleteFunc(out, func(s openStep) bool { return len(s.rows) == 0 })
}

func newRow(r *workflow.Run, n, group workflow.Node) row {
	out := row{Node: n, group: group, who: r.Responsible(n.Key), press: ready}
	if len(n.Step.Needs) > 0 {
		out.held = r.Unmet(n.Key)
	}
	switch {
	case n.State.Overdue:
		out.press = late
	case isBuilt(n.State) && n.State.Build.Phase == workflow.BuildStuck:
		out.press = stuck
	case isBuilt(n.State) && markAsks(n.State.Build, 20) != "":
		out.press = reporting
	case n.State.Waiting != nil:
		out.press = waiting
	case len(out.held) > 0:
		out.press = held
	case isBuilt(n.State) && goesOn(n.State.Build):
		out.press = busy
	}
	return out
}

// add takes a row in; of one lane's the most pressing stands for all.
func (s *openStep) add(r row) {
	if last := len(s.rows) - 1; last >= 0 && r.Key.Listing != "" && s.rows[last].Key.Listing == r.Key.Listing {
		before := &s.rows[last]
		r.more = before.more + 1
		if r.press < before.press {
			*before = r
		}
		before.more = r.more
		return
	}
	s.rows = append(s.rows, r)
}

// fold is which rows share one, for want of room.
type fold struct{ parts, lanes bool }

// likeness is what rows that share one have in common.
type likeness struct {
	step, group workflow.StepKey
	press       pressure
	who         workflow.UserID
	build       workflow.BuildPhase
	asks        string // of people, by a build
	stalls      bool
}

// folded is the step with fewer rows, as far as there is little room. A row that
// waits for the partner shares its own with none.
func (s openStep) folded(f fold) openStep {
	if len(s.rows) < 2 || s.lanes && !f.lanes || !s.lanes && !f.parts {
		return s
	}
	first := map[likeness]int{}
	var rows []row
	for i := range s.rows {
		r := &s.rows[i]
		like := likeness{group: r.group.Key}
		if s.lanes {
			like = likeness{step: workflow.StepKey{Step: r.Key.Step}, press: r.press, who: r.who}
			if isBuilt(r.State) {
				like.build, like.asks, like.stalls = r.State.Build.Phase, r.State.Build.Asks, r.State.Build.Stalls
			}
		}
		switch at, shared := first[like]; {
		case r.State.Waiting != nil:
			rows = append(rows, *r)
		case shared:
			rows[at].with = append(rows[at].with, r)
		default:
			first[like] = len(rows)
			rows = append(rows, *r)
		}
	}
	s.rows = rows
	return s
}

// size is how many parts of the run the row stands for.
func (r row) size() int { return 1 + len(r.with) }

// pressing are the rows there is room for; nil when there is room for all.
func pressing(steps []openStep, d detail) map[workflow.StepKey]bool {
	var all []*row
	cut := false
	for i := range steps {
		most := len(steps[i].rows)
		if steps[i].lanes && most > d.lanes {
			most, cut = d.lanes, true
		}
		all = append(all, worst(steps[i].rows, most)...)
	}
	if !cut && len(all) <= d.rows {
		return nil
	}
	slices.SortStableFunc(all, func(a, b *row) int { return cmp.Compare(a.press, b.press) })
	out := make(map[workflow.StepKey]bool, d.rows)
	for _, row := range all[:min(len(all), d.rows)] {
		out[row.Key] = true
	}
	return out
}

// worst are the most pressing of some rows, each as it comes in the process. There may
// be thousands.
func worst(rows []row, most int) []*row {
	out := make([]*row, 0, most)
	for press := late; press <= held; press++ {
		for i := range rows {
			if len(out) == most {
				return out
			}
			if rows[i].press == press {
				out = append(out, &rows[i])
			}
		}
	}
	return out
}
