package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// MaxDirect is how many bytes of JSON a direct message takes at most.
const MaxDirect = 6144

// room is how much a direct message tells. It is drawn with the first of
// [directRooms] that fits.
type room struct {
	full  int // moves told in full
	rows  int // moves told in a line
	title int // characters of a title
	text  int // characters of a standard, a question or what somebody typed
	brief int // facts of the stage's brief
}

func directRooms() [7]room {
	return [...]room{
		{full: 5, rows: 9, title: 120, text: 400, brief: 6},
		{full: 5, rows: 9, title: 80, text: 160, brief: 4},
		{full: 4, rows: 7, title: 60, text: 120, brief: 2},
		{full: 3, rows: 6, title: 60, text: 80, brief: 1},
		{full: 2, rows: 5, title: 40, text: 60, brief: 0},
		{full: 1, rows: 4, title: 30, text: 30, brief: 0},
		{full: 1, rows: 0, title: 20, text: 12, brief: 0},
	}
}

// Direct is the one message that tells a person what a run wants of them now.
// The most urgent move is told with its standard, its reason and everything the
// person may do about it, as are questions and waits; the others are a line
// with one button each, so that a phone shows them all. It takes [MaxDirect]
// bytes of JSON at most. When nothing is wanted it says who is next.
func Direct(r *workflow.Run, who workflow.UserID) Message {
	d := direct{Run: r, who: who, moves: r.Moves()[who]}
	if len(d.moves) == 0 {
		return d.rest()
	}
	slices.SortStableFunc(d.moves, d.byUrgency)
	d.waiters = d.findWaiters()
	rooms := directRooms()
	return fitted(len(rooms), MaxDirect, func(i int) Message {
		d.room = rooms[i]
		return d.draw()
	})
}

// direct is one drawing of a person's moves.
type direct struct {
	*workflow.Run
	room
	who     workflow.UserID
	moves   []workflow.Move
	waiters map[workflow.StepKey][]workflow.Node // what a step holds up
}

// byUrgency puts what is late first, then what is due first. What has no date
// comes last; the rest stays in the order of the process.
func (d *direct) byUrgency(a, b workflow.Move) int {
	dueA, dueB := d.dueOf(a), d.dueOf(b)
	switch {
	case dueA.IsZero() && dueB.IsZero():
		return 0
	case dueA.IsZero():
		return 1
	case dueB.IsZero():
		return -1
	}
	return dueA.Compare(dueB)
}

func (d *direct) dueOf(m workflow.Move) time.Time {
	n, ok := d.Node(m.Key)
	if !ok {
		return time.Time{}
	}
	return n.State.Due
}

func (d *direct) draw() Message {
	m := Message{Text: d.summary(), Blocks: make([]slack.Block, 0, 32)}
	m.Blocks = append(m.Blocks, section(d.opening(), nil))
	if brief := d.briefing(); brief != "" {
		m.Blocks = append(m.Blocks, section(brief, nil))
	}
	full, lines := d.split()
	for i, move := range full {
		text, row := d.move(move)
		if i > 0 {
			m.Blocks = append(m.Blocks, slack.NewDividerBlock())
			plainButtons(row)
		}
		m.Blocks = append(m.Blocks, section(text, nil), row)
	}
	if len(lines) > 0 {
		m.Blocks = append(m.Blocks, slack.NewDividerBlock())
	}
	for _, move := range lines {
		text, b := d.line(move)
		m.Blocks = append(m.Blocks, section(text, b))
	}
	if len(lines) > 0 {
		// A line has room for the one button that settles it; all else that may be
		// done about it is behind this one.
		m.Blocks = append(m.Blocks, buttons(button("Update a step…", "update", commands.Target{Run: d.ID})))
	}
	foot := d.Name()
	if left := len(d.moves) - len(full) - len(lines); left > 0 {
		foot += fmt.Sprintf(" | %d more of yours: %s", left, code("/cloudimage mine"))
	}
	m.Blocks = steady(append(m.Blocks, smallPrint(foot)))
	return m
}

// split says which moves are told in full and which in a line: the most urgent
// one, and those that a line cannot tell, as far as there is room.
func (d *direct) split() (full, lines []workflow.Move) {
	for i, m := range d.moves {
		switch {
		case len(full) < d.full && (i == 0 || m.Kind != workflow.MoveDo):
			full = append(full, m)
		case len(lines) < d.rows:
			lines = append(lines, m)
		}
	}
	return full, lines
}

// partner is the run's partner as markup, within the room there is.
func (d *direct) partner() string { return typedLine(d.Partner, d.title) }

// summary is the message in a notification: "DigitalOcean: gather documentation".
func (d *direct) summary() string {
	text := d.partner() + ": "
	first := d.moves[0]
	if first.Kind == workflow.MoveAccept {
		return text + "a proposal to accept or decline"
	}
	n, _ := d.Node(first.Key)
	text += typedLine(short(n.Step), d.title)
	if more := len(d.moves) - 1; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (d *direct) opening() string {
	name := strings.ReplaceAll(d.partner(), "*", "∗")
	if d.State == workflow.Proposed {
		return "*" + name + " is proposed.*"
	}
	text := "*You have the next move on " + name + ".*"
	if n := len(d.moves); n > 1 {
		text += fmt.Sprintf(" %d things wait for you.", n)
	}
	return text
}

// line is a move in one line, with the button that settles it.
func (d *direct) line(m workflow.Move) (string, *slack.ButtonBlockElement) {
	n, _ := d.Node(m.Key)
	t := commands.Target{Run: d.ID, Step: m.Key, Version: n.State.Version}
	text := typedLine(n.Number()+" "+short(n.Step), d.title+len(n.Number())+1)
	if l, ok := d.Listing(n.Key.Listing); ok {
		text += " (" + typedLine(l.Name(), d.title) + ")"
	}
	text += ", " + dueText(n.State.Due, n.State.Overdue)
	switch m.Kind {
	case workflow.MoveAsk:
		return text, button("Choose…", "step", t)
	case workflow.MoveChase:
		return text, button("They answered…", string(workflow.VerbPartner), t)
	case workflow.MoveAnswer:
		t.Field = m.Field
		return text, button("Write it…", string(workflow.VerbAnswer), t)
	}
	return text, button(doneLabel(n.Step), string(workflow.VerbDone), t)
}

// findWaiters finds the steps that wait for each step: those that open after it,
// and those whose needs it meets.
func (d *direct) findWaiters() map[workflow.StepKey][]workflow.Node {
	out := map[workflow.StepKey][]workflow.Node{}
	d.Walk(func(n workflow.Node) bool {
		if n.State.Status.Closed() || n.Lane() && d.IsGroup(n.Key) && len(n.Step.Needs) == 0 {
			return true
		}
		var blocks []workflow.Block
		if n.State.Status == workflow.Locked && d.Stages[n.Stage.ID].Status != workflow.StageLocked {
			blocks = d.LockedBy(n.Key)
		}
		if len(n.Step.Needs) > 0 {
			blocks = append(blocks, d.Unmet(n.Key)...)
		}
		for _, b := range blocks {
			first := cmp.Or(b.Step, b.Giver)
			if first == nil || slices.ContainsFunc(out[first.Key], func(o workflow.Node) bool { return o.Step == n.Step }) {
				continue // lanes of one step wait as one
			}
			out[first.Key] = append(out[first.Key], n)
		}
		return true
	})
	return out
}

// plainButtons takes the colour from a row of buttons: only the first thing to
// do has one, or none would stand out.
func plainButtons(row *slack.ActionBlock) {
	for _, e := range row.Elements.ElementSet {
		if b, ok := e.(*slack.ButtonBlockElement); ok {
			b.Style = slack.StyleDefault
		}
	}
}
