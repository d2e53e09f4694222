package commands

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file finds the work of people in open runs, for lists of it.

// piece is a row of a list of work, and what orders it.
type piece struct {
	last bool // it is put off
	due  time.Time
	row  Row
}

func inOrder(pieces []piece) []Row {
	slices.SortStableFunc(pieces, func(a, b piece) int {
		if a.last != b.last {
			return cmp.Compare(strconv.FormatBool(a.last), strconv.FormatBool(b.last))
		}
		return a.due.Compare(b.due)
	})
	out := make([]Row, len(pieces))
	for i, p := range pieces {
		out[i] = p.row
	}
	return out
}

// work is what waits for the people that are shown, with the buttons that settle
// each: proposals first, then what is due soonest, then what has no date and what
// they asked not to be reminded of. Waits are their steps that somebody else has
// to go on with. Named says whose each is.
func (d *Desk) work(runs []*workflow.Run, shown func(workflow.UserID) bool, named bool) (todo, waits []Row) {
	var now, later []piece
	for _, r := range runs {
		listed := map[workflow.StepKey]bool{} // that wait
		for _, t := range r.Todos() {
			if !shown(t.Person) {
				continue
			}
			switch p, isNow := d.piece(r, t, named); {
			case isNow:
				now = append(now, p)
			case t.Kind == workflow.MoveChase || t.Kind == workflow.MoveSilent:
				later = append(later, p)
				listed[t.Key] = true
			}
		}
		later = append(later, d.heldSteps(r, shown, listed, named)...)
	}
	return inOrder(now), inOrder(later)
}

// piece is a todo as a row, and whether there is anything to do about it now. A
// partner is not asked again before it is time, nor by who only has to know, and
// what is for the day of the launch waits for that day.
func (d *Desk) piece(r *workflow.Run, t workflow.Todo, named bool) (p piece, isNow bool) {
	p = piece{due: dueBy(t.Due), row: d.moveRow(r, t.Move)}
	if t.Kind == workflow.MoveAccept {
		p.due = r.Started
	}
	quiet := t.Quiet.After(d.Now())
	isNow = t.Kind != workflow.MoveSilent && (!quiet || t.Kind != workflow.MoveChase && t.Kind != workflow.MoveLaunch)
	if n, ok := r.Node(t.Key); ok && t.Snoozed && n.State.Snooze.Until.After(d.Now()) {
		p.last = true
		p.row.Text = workflow.Say("%s\nsnoozed until %s: %s", p.row.Text, r.Day(n.Step.Team, n.State.Snooze.Until), n.State.Snooze.Reason)
	}
	if quiet && t.Kind == workflow.MoveChase && t.Quiet.Before(never) {
		p.row.Text = workflow.Say("%s\nthe day to ask again is %s", p.row.Text, t.Quiet)
	}
	if named {
		p.row.Text = workflow.Say("%s\nwith %s", p.row.Text, t.Person)
	}
	return p, isNow
}

// never is later than any date.
var never = time.Date(9000, time.January, 1, 0, 0, 0, 0, time.UTC)

// heldSteps are open steps that cannot go on because of somebody else: what they
// need is not there, or another person follows up with the partner. Those that are
// listed already are left out.
func (d *Desk) heldSteps(r *workflow.Run, shown func(workflow.UserID) bool, listed map[workflow.StepKey]bool, named bool) (out []piece) {
	if r.State != workflow.Running {
		return nil
	}
	r.Walk(func(n workflow.Node) bool {
		s := n.State
		if s.Status != workflow.Open || listed[n.Key] || r.IsGroup(n.Key) || n.Step.Optional && !s.Wanted {
			return true
		}
		who := r.Acting(r.Responsible(n.Key))
		if !shown(who) || who == "" {
			return true
		}
		var why workflow.Text
		switch unmet := r.Unmet(n.Key); {
		case s.Waiting != nil && !shown(r.Acting(r.Chaser(n.Key))):
			why = workflow.Say("waits for the partner since %s, %s follows up", s.Waiting.Since, r.Acting(r.Chaser(n.Key)))
		case s.Waiting == nil && len(unmet) > 0:
			why = workflow.Say("waits until %s", unmet[0].Text())
		default:
			return true
		}
		text := workflow.Say("%s: %s\n%s", workflow.Strong(r.Partner), r.StepName(n), why)
		if named {
			text = workflow.Say("%s\nwith %s", text, who)
		}
		out = append(out, piece{due: dueBy(s.Due), row: row(text, explainButton(r, n))})
		return true
	})
	return out
}

// concerns reports whether a run is any business of the people that are shown.
func concerns(r *workflow.Run, shown func(workflow.UserID) bool) bool {
	if shown(r.Owner) && r.Owner != "" || shown(r.Opener) {
		return true
	}
	for _, t := range r.Definition().Teams {
		if who := r.Lead(t.ID); who != "" && shown(who) {
			return true
		}
	}
	for _, s := range r.Stages {
		if s.Assignee != "" && shown(s.Assignee) {
			return true
		}
	}
	for _, s := range r.Steps {
		if s.Assignee != "" && shown(s.Assignee) {
			return true
		}
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(r.Moves())), shown)
}

// pressing is when a run is wanted most: the first date that was missed, or what
// was promised.
func pressing(r *workflow.Run) time.Time {
	first := r.Promise
	for _, s := range r.Steps {
		if s.Overdue && (first.IsZero() || s.Due.Before(first)) {
			first = s.Due
		}
	}
	return first
}

// runStands is a run in two lines: how far each stage is, when it launches or was
// promised, and what holds it.
func (d *Desk) runStands(r *workflow.Run) workflow.Text {
	if r.State != workflow.Running {
		return runLine(r)
	}
	when := workflow.Say("no launch date")
	switch date, agreed := r.Launch(); {
	case r.Definition().Subject == workflow.SubjectCatalyst && r.Promise.IsZero():
		when = workflow.Say("nothing promised")
	case r.Definition().Subject == workflow.SubjectCatalyst && d.Now().After(r.Promise):
		when = workflow.Say("late since %s", r.Promise)
	case r.Definition().Subject == workflow.SubjectCatalyst:
		when = workflow.Say("promised by %s", r.Promise)
	case agreed:
		when = workflow.Say("launch %s", date)
	case date != "":
		when = workflow.Say("aims at %s", date)
	}
	if held := heldBy(r); !held.IsZero() {
		when = workflow.Say("%s, %s", when, held)
	}
	name := workflow.Say("%s", workflow.Strong(r.Partner))
	if c := r.Catalyst; c != nil && c.Kind == workflow.CatalystSecurity {
		word := "security"
		if c.Unsure {
			word = "may be security"
		}
		name = workflow.Say("%s (%s)", name, word)
	}
	return workflow.Say("%s  %s\n%s", name, stageBars(r), when)
}

// barCells is how long a bar is at most; a shorter stage has a cell for each step.
const barCells = 6

// stageBars draws how far each stage is: "1 ■■■ 2 ■■□ 3 ■□□".
func stageBars(r *workflow.Run) string {
	var out []string
	for i := range r.Definition().Stages {
		stage := &r.Definition().Stages[i]
		p := r.StageProgress(stage)
		cells, full := p.Total, p.Done
		if cells > barCells {
			cells, full = barCells, p.Done*barCells/p.Total
		}
		out = append(out, stage.Number+" "+strings.Repeat("■", full)+strings.Repeat("□", cells-full))
	}
	return strings.Join(out, "  ")
}
