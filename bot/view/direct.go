package view

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// MaxDirect is how many bytes of JSON a direct message takes at most.
const MaxDirect = 7168

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

// Direct is the one message that tells a person what a run wants of them at a
// moment. The most urgent move is told with its standard, its reason and
// everything the person may do about it, as are questions and waits; the others
// are a line with one button each, so that a phone shows them all. It takes
// [MaxDirect] bytes of JSON at most. When nothing is wanted it says who is next.
// What they have just done can be undone from its top.
func (names Names) Direct(r *workflow.Run, who workflow.UserID, now time.Time) Message {
	d := newDirect(r, who, now)
	d.called = names
	if len(d.moves) == 0 {
		return d.rest()
	}
	slices.SortStableFunc(d.moves, d.byUrgency)
	d.waiters = waitersOf(r)
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
	called  Names
	who     workflow.UserID
	now     time.Time
	moves   []asked
	ahead   []asked                              // what is theirs on the day of the launch
	waiters map[workflow.StepKey][]workflow.Node // what a step holds up
}

func newDirect(r *workflow.Run, who workflow.UserID, now time.Time) direct {
	d := direct{Run: r, who: who, now: now}
	all := allAsked(r, who)
	does := func(key workflow.StepKey) bool {
		return slices.ContainsFunc(all, func(a asked) bool { return a.Kind == workflow.MoveDo && a.Key == key })
	}
	for _, a := range all {
		switch {
		case a.Kind != workflow.MoveLaunch:
			d.moves = append(d.moves, a)
		case !a.isLaunchDay(now):
			d.ahead = append(d.ahead, a)
		case !does(a.Key): // which says the same
			d.moves = append(d.moves, a)
		}
	}
	return d
}

// Fades is when a person's direct message is to be drawn anew although nothing
// happens in the run: something cannot be undone any more, or the day has come for
// something. The zero time for never.
func Fades(r *workflow.Run, who workflow.UserID, now time.Time) (next time.Time) {
	soonest := func(t time.Time) {
		if t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, n := range undoable(r, who, now) {
		soonest(n.State.At.Add(workflow.UndoWithin))
	}
	for _, a := range allAsked(r, who) {
		if a.Kind == workflow.MoveLaunch || a.Kind == workflow.MoveChase && !a.Due.IsZero() {
			soonest(a.Quiet)
		}
	}
	return next
}

// byUrgency puts first by when all the rest is due, then what can be done now, then what
// the person is only told and what a build does, then what is put off. Of each, what is late or due first comes first; what has
// no date comes last, and the rest stays in the order of the process.
func (d *direct) byUrgency(a, b asked) int {
	rank := func(a asked) int {
		switch {
		case a.isPutOff(d.now):
			return 3
		case a.isTold(), a.isUnderWay():
			return 2
		case a.Kind == workflow.MoveClassify: // the answer may give time back
			return 0
		}
		return 1
	}
	if by := cmp.Compare(rank(a), rank(b)); by != 0 {
		return by
	}
	switch {
	case a.Due.IsZero() && b.Due.IsZero():
		return 0
	case a.Due.IsZero():
		return 1
	case b.Due.IsZero():
		return -1
	}
	return a.Due.Compare(b.Due)
}

func (d *direct) draw() Message {
	m := Message{Text: d.summary(), Blocks: make([]slack.Block, 0, 32)}
	m.Blocks = append(m.Blocks, undoRows(d.Run, d.who, d.now, d.title)...)
	if answer := d.lastAnswer(); answer != "" {
		m.Text = d.partner() + ": " + answer
	}
	if moved, fresh := d.launchMoved(); moved != "" {
		m.Blocks = append(m.Blocks, section(moved, nil))
		if fresh {
			m.Text = d.partner() + ": " + d.launchDay()
		}
	}
	m.Blocks = append(m.Blocks, section(d.opening(), nil))
	if brief := d.briefing(); brief != "" {
		m.Blocks = append(m.Blocks, section(brief, nil))
	}
	full, lines := d.split()
	for i, a := range full {
		blocks := d.move(a)
		if i > 0 {
			m.Blocks = append(m.Blocks, slack.NewDividerBlock())
			plainButtons(blocks)
		}
		m.Blocks = append(m.Blocks, blocks...)
	}
	if len(lines) > 0 {
		m.Blocks = append(m.Blocks, slack.NewDividerBlock())
	}
	for _, a := range lines {
		text, b := d.line(a)
		m.Blocks = append(m.Blocks, section(text, b))
	}
	if len(lines) > 0 {
		// A line has room for the one button that settles it; all else that may be
		// done about it is behind this one.
		m.Blocks = append(m.Blocks, buttons(button("Update a step…", "update", commands.Target{Run: d.ID})))
	}
	foot := d.Name()
	if n := d.toCome(); n > 0 && d.brief > 0 {
		verb := " more are yours in this stage; I bring each here when it is time"
		if n == 1 {
			verb = " more is yours in this stage; I bring it here when it is time"
		}
		foot += " | " + strconv.Itoa(n) + verb
	}
	if left := len(d.moves) - len(full) - len(lines); left > 0 {
		foot += fmt.Sprintf(" | %d more of yours: %s", left, code("/cloudimage mine"))
	}
	if d.brief > 0 && !d.isHelper() {
		foot += " | One message a morning at most: " + code("/cloudimage settings")
	}
	m.Blocks = steady(append(m.Blocks, smallPrint(foot)))
	return m
}

// split says which moves are told in full and which in a line: the most urgent
// one, and those that a line cannot tell, as far as there is room.
func (d *direct) split() (full, lines []asked) {
	for i, a := range d.moves {
		fitsLine := a.Kind == workflow.MoveDo || a.Kind == workflow.MoveLaunch || a.Kind == workflow.MoveFact
		switch {
		case len(full) < d.full && (i == 0 || !fitsLine):
			full = append(full, a)
		case len(lines) < d.rows:
			lines = append(lines, a)
		}
	}
	return full, lines
}

// toCome is how many steps of the stage of what is to be done will be the
// person's, and are locked still.
func (d *direct) toCome() int {
	i := slices.IndexFunc(d.moves, func(a asked) bool { return a.Kind == workflow.MoveDo })
	if i < 0 {
		return 0
	}
	stage, steps := d.moves[i].node.Stage, map[workflow.StepID]bool{}
	d.Walk(func(n workflow.Node) bool {
		if n.Stage == stage && n.State.Status == workflow.Locked && !d.IsGroup(n.Key) && d.Acting(d.Responsible(n.Key)) == d.who {
			steps[n.Key.Step] = true
		}
		return true
	})
	return len(steps)
}

// isHelper reports whether the person is asked for texts and nothing else.
func (d *direct) isHelper() bool {
	return !slices.ContainsFunc(d.moves, func(a asked) bool { return a.Kind != workflow.MoveAnswer })
}

// partner is the run's partner as markup, within the room there is.
func (d *direct) partner() string { return typedLine(d.Partner, d.title) }

// summary is the message in a notification: "DigitalOcean: gather documentation".
func (d *direct) summary() string {
	text := d.partner() + ": "
	switch a := d.moves[0]; a.Kind {
	case workflow.MoveAccept:
		if isWhetherItComesOut(d.Run) {
			return text + "does it come out?"
		}
		return text + "a proposal to accept or decline"
	case workflow.MoveConfirm:
		text += "the date of " + a.label(d.title)
	case workflow.MoveLaunch:
		text += "launch day, " + a.label(d.title)
	case workflow.MoveSilent:
		text += "no answer on " + a.label(d.title)
	case workflow.MoveLate:
		text += a.label(d.title) + " is late"
	case workflow.MoveFact:
		text += "where is this, " + a.label(d.title) + "?"
	case workflow.MoveTick:
		text += "is " + a.label(d.title) + " done?"
	case workflow.MoveEarly:
		text += "merged before the launch, " + a.label(d.title)
	case workflow.MoveClassify, workflow.MoveSign:
		text += a.label(d.title)
	case workflow.MoveDo:
		text += typedLine(short(a.node.Step), d.title)
		if a.isBuilding() {
			text += laneLabel(d.Run, a.Key, d.title) + ", " + markWord(a.node.State.Build)
		}
	default:
		text += typedLine(short(a.node.Step), d.title)
	}
	if more := len(d.moves) - 1; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// wanting is how many moves wait for the person, and not for a build.
func (d *direct) wanting() (n int) {
	for _, a := range d.moves {
		if !a.isUnderWay() {
			n++
		}
	}
	return n
}

func (d *direct) opening() string {
	name := strings.ReplaceAll(d.partner(), "*", "∗")
	text := "*You have the next move on " + name + ".*"
	switch {
	case d.State == workflow.Proposed:
		return "*" + name + " is proposed.*"
	case d.isHelper():
		text = "*Your help is wanted for " + name + ".*"
	case d.moves[0].isTold():
		text = "*For your information: " + name + ".*"
	case d.moves[0].isUnderWay():
		text = "*Under way: " + name + ".* You need not do anything now."
	case d.wanting() > 1:
		text += fmt.Sprintf(" %d things wait for you.", d.wanting())
	}
	for i := range d.Definition().Teams {
		team := &d.Definition().Teams[i]
		if s, is := d.Standins[team.ID]; is && d.Acting(s.User) == d.who {
			text += "\nYou stand in for " + typedLine(team.Name, d.title) + "."
		}
	}
	if !d.Promise.IsZero() && !d.isHelper() {
		is := "is"
		if d.now.After(d.Promise) {
			is = "was"
		}
		text += "\nEvery listing " + is + " to be live by " + moment(d.Promise) + ". That is promised, and never pauses."
	}
	return text
}

// line is a move in one line, with the button that settles it.
func (d *direct) line(a asked) (string, *slack.ButtonBlockElement) {
	if a.Kind == workflow.MoveAsk {
		return a.label(d.title), button("Choose…", "step", a.target())
	}
	text := a.label(d.title)
	switch a.Kind {
	case workflow.MoveLaunch:
		text = "Launch day: " + text
	case workflow.MoveFact:
		text = "Where is this, for every run? " + text
	case workflow.MoveChase, workflow.MoveDo, workflow.MoveAnswer:
		text += ", " + dueText(a.Due, a.node.State.Overdue)
	}
	if a.For != "" {
		text += ", for " + mention(a.For)
	}
	if a.isSnoozed(d.now) {
		text += ", snoozed until " + date(a.node.State.Snooze.Until)
	}
	if a.Kind == workflow.MoveDo {
		text += d.built(a) + d.answered(a) + d.given(a)
	}
	row, _ := a.settling(d.now)
	if a.Kind == workflow.MoveDo && !a.isBuilding() { // also when it has no date
		row = []slack.BlockElement{button(doneLabel(a.node.Step), string(workflow.VerbDone), a.target())}
	}
	return text, row[0].(*slack.ButtonBlockElement)
}

// plainButtons takes the colour from what is drawn of a move: only the first
// thing to do has one, or none would stand out.
func plainButtons(blocks []slack.Block) {
	for _, b := range blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if b, ok := e.(*slack.ButtonBlockElement); ok {
				b.Style = slack.StyleDefault
			}
		}
	}
}
