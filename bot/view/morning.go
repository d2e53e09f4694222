package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// mostReviews is how many acting maintainers a morning message asks about.
const mostReviews = 3

// Morning is a person's morning message as things stand: what is asked of them,
// the most urgent first, each with the button that settles it and a menu of what
// else may be done. What was settled since it was sent stays as a quiet line. It
// takes [MaxLetter] bytes of JSON at most; what does not fit is counted.
func (names Names) Morning(from reminder.Morning, now time.Time) Message {
	m := &morning{Morning: from, called: names, now: now}
	m.read()
	rooms := letterRooms()
	return fitted(len(rooms), MaxLetter, func(i int) Message {
		m.letterRoom = rooms[i]
		return m.draw()
	})
}

// morning is one drawing of a morning message.
type morning struct {
	reminder.Morning
	letterRoom
	called  Names
	now     time.Time
	rows    []morningRow
	left    int // rows that ask for something still
	waiters map[workflow.RunID]map[workflow.StepKey][]workflow.Node
	colour  bool // one button stands out already
}

// morningRow is a row as it stands.
type morningRow struct {
	reminder.Row
	asked asked  // zero when it is settled
	quiet string // why nothing is asked any more; empty while something is
}

// read looks up how each row stands.
func (m *morning) read() {
	m.waiters = map[workflow.RunID]map[workflow.StepKey][]workflow.Node{}
	todos := map[workflow.RunID][]asked{}
	for _, row := range m.Rows {
		if todos[row.Run.ID] == nil {
			todos[row.Run.ID] = allAsked(row.Run, m.Person)
			m.waiters[row.Run.ID] = waitersOf(row.Run)
		}
		out := morningRow{Row: row}
		i := slices.IndexFunc(todos[row.Run.ID], func(a asked) bool { return a.Move == row.Item.Move })
		if i >= 0 {
			out.asked = todos[row.Run.ID][i]
		}
		switch {
		case i < 0 || row.Settled:
			out.quiet = m.settled(row)
		default:
			out.quiet = m.putOff(out.asked)
		}
		if out.quiet == "" {
			m.left++
		}
		m.rows = append(m.rows, out)
	}
}

func (m *morning) draw() Message {
	m.colour = false
	out := Message{Text: m.summary(), Blocks: make([]slack.Block, 0, 40)}
	out.Blocks = append(out.Blocks, section(m.headline(), nil))
	full, lines, missing := 0, 0, m.More
	for _, row := range m.rows {
		switch {
		case row.quiet != "" && full+lines < m.full+m.lines:
			lines++
			out.Blocks = append(out.Blocks, smallPrint(m.quietLine(row)))
		case row.quiet != "":
		case full < m.full:
			full++
			out.Blocks = append(out.Blocks, m.row(row)...)
		case lines < m.lines:
			lines++
			buttons, _ := row.asked.settling(m.now)
			out.Blocks = append(out.Blocks, section(m.text(row), buttons[0].(*slack.ButtonBlockElement)))
		default:
			missing++
		}
	}
	for _, s := range m.Reviews[:min(len(m.Reviews), mostReviews)] {
		out.Blocks = append(out.Blocks, m.review(s)...)
	}
	out.Blocks = append(out.Blocks, buttons(button("All of mine", "mine", commands.Target{}), button("Settings", "settings", commands.Target{})))
	if foot := m.foot(missing); foot != "" {
		out.Blocks = append(out.Blocks, smallPrint(foot))
	}
	out.Blocks = steady(out.Blocks)
	return out
}

// asksFor is how many things the message asks for.
func (m *morning) asksFor() int { return m.left + m.More + len(m.Reviews) }

func (m *morning) headline() string {
	text := "*" + typed(shortDay(m.Day)) + ": "
	if n := m.asksFor(); n > 0 {
		text += things(n) + "*"
	} else {
		text += "nothing is left to do here.* Thank you."
	}
	return text + missed(m.Missed)
}

// summary is the message in a notification: "3 things. 1 day late: DigitalOcean,
// 2.1 Scope effort, and 2 more".
func (m *morning) summary() string {
	n := m.asksFor()
	if n == 0 {
		return typed(shortDay(m.Day)) + ": nothing is left to do"
	}
	text := things(n)
	if m.Missed != "" {
		text = "Catching up, " + text
	}
	i := slices.IndexFunc(m.rows, func(row morningRow) bool { return row.quiet == "" })
	if i < 0 {
		if len(m.Reviews) > 0 {
			text += ". Do you stand in for " + teamLabel(m.Reviews[0]) + " still?"
		}
		return text
	}
	row := m.rows[i]
	why := m.reason(row)
	if !strings.HasSuffix(why, "?") {
		why += ":"
	}
	text += ". " + why + " " + whatAndWhere(row.Run, row.Item.Move, ", ", m.title)
	if n > 1 {
		text += fmt.Sprintf(", and %d more", n-1)
	}
	return text
}

// row is what is asked, with everything that may be done about it.
func (m *morning) row(row morningRow) []slack.Block {
	elements, menu := row.asked.settling(m.now)
	if first, ok := elements[0].(*slack.ButtonBlockElement); ok && !m.colour && !row.asked.isTold() {
		primary(first)
		m.colour = true
	}
	if menu != nil {
		elements = append(elements, menu)
	}
	out := []slack.Block{section(m.text(row), nil)}
	if row.Chase != "" && m.chase > 0 {
		out = append(out, quoted(row.Chase, m.chase))
	}
	return append(out, buttons(elements...))
}

// text is a row in two lines: why it is here and what it is; what has to be known
// of it.
func (m *morning) text(row morningRow) string {
	text := bold(m.reason(row)) + " " + whatAndWhere(row.Run, row.Item.Move, ": ", m.title)
	if details := m.details(row); len(details) > 0 {
		text += "\n" + upperFirst(strings.Join(details, "; "))
	}
	return text
}

// review asks whether an acting maintainer is needed still.
func (m *morning) review(s reminder.Review) []slack.Block {
	t := commands.Target{Field: workflow.FieldID(string(s.Team) + "/" + string(s.User))}
	text := "You stand in for " + bold(teamLabel(s)) + " until " +
		strings.TrimSuffix(typedLine(s.Condition, m.letterRoom.text), ".") + ". Is that so still?"
	return withRow(text, button("Hand back…", "handback", t), button("Still needed…", "review", t))
}

// foot is what is not asked: what has no room, what waits, and for whom the
// person acts.
func (m *morning) foot(missing int) string {
	var lines []string
	if missing > 0 {
		lines = append(lines, fmt.Sprintf("%d more: %s", missing, code("/cloudimage mine")))
	}
	if more := len(m.Reviews) - mostReviews; more > 0 {
		lines = append(lines, fmt.Sprintf("You stand in for %s.", counted(more, "more team")))
	}
	if text := m.snoozed(); text != "" {
		lines = append(lines, text)
	}
	lines = append(lines, m.covered()...)
	if m.Later > 0 {
		lines = append(lines, fmt.Sprintf("%d more of yours: Home", m.Later))
	}
	return strings.Join(lines, "\n")
}

// snoozed names what the person asked not to be reminded of, with the reason.
func (m *morning) snoozed() string {
	var names []string
	for _, row := range m.Snoozed {
		if slices.ContainsFunc(m.rows, func(have morningRow) bool { return have.Item.Run == row.Item.Run && have.Item.Move == row.Item.Move }) {
			continue // it is a quiet line above
		}
		name := whatAndWhere(row.Run, row.Item.Move, ": ", min(m.title, 40))
		if n, ok := row.Run.Node(row.Item.Move.Key); ok && n.State.Snooze != nil {
			name += " until " + date(n.State.Snooze.Until) + " (" + typedLine(n.State.Snooze.Reason, min(m.letterRoom.text, 60)) + ")"
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("%d snoozed: %s", len(names), firstOf(names, 3))
}

// covered says for whom the person acts in the rows that are asked.
func (m *morning) covered() []string {
	var out []string
	seen := map[workflow.UserID]bool{}
	for _, row := range m.rows {
		who := row.Item.Move.For
		c, away := row.Run.Covers[who]
		if who == "" || seen[who] || !away {
			continue
		}
		seen[who] = true
		out = append(out, "Covering "+mention(who)+" until "+typed(shortDay(c.Day)))
	}
	return out[:min(len(out), 3)]
}
