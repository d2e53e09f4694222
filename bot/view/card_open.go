package view

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// openBlocks draws what is open, as far as there is room. Steps without a row
// are named in a line of small print, lanes counted.
func (c *card) openBlocks() (rows []slack.Block, small []string) {
	steps := c.foldedSteps()
	shown := pressing(steps, c.detail)
	rows = make([]slack.Block, 0, c.detail.rows)
	var left []string
	for _, step := range steps {
		missing := 0
		for i := range step.rows {
			row := &step.rows[i]
			if shown == nil || shown[row.Key] {
				rows = append(rows, section(c.row(row), c.nextAction(row)))
				continue
			}
			missing += row.size()
			if !step.lanes {
				left = append(left, typedLine(row.group.Number()+" "+short(row.group.Step), c.detail.title))
			}
		}
		if missing > 0 && step.lanes {
			left = append(left, step.number+" in "+strconv.Itoa(missing)+" listings")
		}
	}
	switch {
	case len(left) == 0:
		return rows, nil
	case c.names == 0:
		return rows, []string{"Also open: " + strconv.Itoa(len(left)) + " more, under Update a step…"}
	}
	return rows, []string{"Also open: " + firstOf(left, c.names) + ", under Update a step…"}
}

// foldedSteps are the open steps with as many rows as the present detail has. They are
// folded once for all drawings that fold alike.
func (c *card) foldedSteps() []openStep {
	f := fold{parts: c.foldParts, lanes: c.foldLanes}
	if steps, done := c.folds[f]; done {
		return steps
	}
	steps := make([]openStep, len(c.open))
	for i, s := range c.open {
		steps[i] = s.folded(f)
	}
	c.folds[f] = steps
	return steps
}

// row is a step in two lines: what it is; who, when and what is in the way.
func (c *card) row(row *row) string {
	var b strings.Builder
	b.Grow(192)
	if len(row.with) > 0 && row.with[0].Key.Step != row.Key.Step {
		b.WriteString(c.parts(row))
	} else {
		b.WriteString(c.name(row.Node))
		if row.Key.Listing != "" {
			b.WriteString(" " + c.lanesOf(row))
		}
	}
	b.WriteString("\n")
	b.WriteString(c.whoAndWhen(row))
	s := row.State
	if len(s.Helpers) > 0 {
		b.WriteString(", with " + mention(s.Helpers[0].User))
		if more := len(s.Helpers) - 1; more > 0 {
			b.WriteString(" and " + strconv.Itoa(more) + " more")
		}
	}
	if s.Snooze != nil {
		b.WriteString("\n" + c.snooze(s.Snooze))
	}
	if isBuilt(s) {
		b.WriteString("\n" + markBy(s.Build, row.who, c.text))
	}
	if s.Waiting != nil && !isSubmitted(s) {
		b.WriteString("\n" + c.wait(row.Node))
	}
	for _, line := range []string{c.tick(row.Node), c.mergeRequest(row.Step)} {
		if line != "" {
			b.WriteString("\n" + line)
		}
	}
	if len(row.held) > 0 {
		b.WriteString("\nheld by " + c.holds(row.held))
	}
	if row.more > 0 {
		b.WriteString("\n" + strconv.Itoa(row.more) + " more open here")
	}
	return b.String()
}

// name is a step's number and title.
func (c *card) name(n workflow.Node) string {
	return strong(n.Number()+" "+short(n.Step), c.detail.title+len(n.Number())+1)
}

// short is a step's title for phones.
func short(s *workflow.Step) string {
	if s.Short != "" {
		return s.Short
	}
	return s.Title
}

// parts is a step that is done in parts, and which of them are open.
func (c *card) parts(row *row) string {
	names := []string{typedLine(short(row.Step), c.detail.title)}
	for _, other := range row.with {
		names = append(names, typedLine(short(other.Step), c.detail.title))
	}
	return c.name(row.group) + "\n" + firstOf(names, 3)
}

// lanesOf are the listings a row stands for.
func (c *card) lanesOf(row *row) string {
	return firstNamed(row.size(), max(c.listings, 1), func(i int) string {
		if i == 0 {
			return c.listing(row.Key.Listing)
		}
		return c.listing(row.with[i-1].Key.Listing)
	})
}

func (c *card) listing(id workflow.ListingID) string {
	if l, ok := c.Listing(id); ok {
		return typedLine(c.Run.ListingName(l), c.detail.title)
	}
	return ""
}

// firstOf lists limit words, and counts the others.
func firstOf(words []string, limit int) string {
	return firstNamed(len(words), limit, func(i int) string { return words[i] })
}

// firstNamed is firstOf for n words of which only those are made that are listed.
func firstNamed(n, limit int, word func(int) string) string {
	left := n - limit
	if left < 2 { // one more takes no more room than its count
		left, limit = 0, n
	}
	words := make([]string, limit)
	for i := range words {
		words[i] = word(i)
	}
	text := strings.Join(words, ", ")
	if left > 0 {
		text += " and " + strconv.Itoa(left) + " more"
	}
	return text
}

// whoAndWhen is whose a row is and until when. Of rows that share one, the
// first date counts.
func (c *card) whoAndWhen(row *row) string {
	due, overdue := row.State.Due, row.State.Overdue
	for _, other := range row.with {
		if s := other.State; !s.Due.IsZero() && (due.IsZero() || s.Due.Before(due)) {
			due = s.Due
		}
		overdue = overdue || other.State.Overdue
	}
	when := dueText(due, overdue)
	if row.State.Waiting != nil && !due.IsZero() && !overdue {
		when += ", paused"
	}
	switch {
	case row.who == "":
		return "nobody yet, " + when
	case c.terse && row.who == c.StageHolder(row.Stage):
		return when
	}
	return holder(c.Run, row.who) + ", " + when
}

func dueText(due time.Time, overdue bool) string {
	switch {
	case due.IsZero():
		return noDate
	case overdue:
		return ":red_circle: *late since* " + date(due)
	}
	return "due " + date(due)
}

// wait is what we wait for, when we ask again, and who follows it up.
func (c *card) wait(n workflow.Node) string {
	w := n.State.Waiting
	text := ":hourglass: with " + partnerName(c.Run, n.Key, c.text) + " since " + date(w.Since)
	if w.Ticket != "" {
		text += ", ticket " + typedLine(w.Ticket, c.text)
	}
	if w.Promised != "" {
		text += ", promised for " + typed(shortDay(w.Promised))
	}
	if next := c.ChaseAt(n.Key); !next.IsZero() {
		text += ", chase due " + date(next)
	}
	if c.terse {
		return text
	}
	if w.Chaser != "" {
		text += ", " + holder(c.Run, w.Chaser) + " follows up"
	}
	if to, after := c.nextHand(w); to != "" && !c.foldParts {
		text += ", " + mention(to) + " after " + counted(after, "business day")
	}
	return text
}

// nextHand is to whom the follow-up goes if the partner stays silent, and after
// how many business days; nobody when it stays where it is.
func (c *card) nextHand(w *workflow.Wait) (to workflow.UserID, after int) {
	ladder := c.Definition().Silence
	for _, rung := range ladder[min(w.Rung, len(ladder)):] {
		if rung.Tell != workflow.ToTeam {
			continue
		}
		if to := c.Acting(c.Lead(rung.Team)); to != c.Acting(w.Chaser) {
			return to, rung.After
		}
		break
	}
	return "", 0
}

// snooze says until when nobody is reminded of a step, and why.
func (c *card) snooze(z *workflow.Snooze) string {
	text := "snoozed until " + date(z.Until)
	if c.terse {
		return text
	}
	text += " by " + mention(z.User)
	if reason := typedLine(z.Reason, c.text); reason != "" && !c.foldParts {
		text += ": " + reason
	}
	return text
}

// holds names what a step needs: "3.3 Image description (@maya)".
func (c *card) holds(blocks []workflow.Block) string {
	var out []string
	for _, b := range blocks {
		text := blockName(b, c.detail.title)
		if b.Holder != "" && !c.terse {
			text += " (" + holder(c.Run, b.Holder) + ")"
		}
		out = append(out, text)
	}
	return firstOf(out, max(c.blocks, 1))
}

// blockName is what has to happen first.
func blockName(b workflow.Block, limit int) string {
	n := b.Step
	if n == nil {
		n = b.Giver
	}
	switch {
	case n != nil:
		return typedLine(n.Number()+" "+short(n.Step), limit+len(n.Number())+1)
	case b.Stage != nil:
		return typedLine("stage "+b.Stage.Number, limit)
	}
	return typedLine(string(b.Fact), limit)
}

// nextAction is the one button of a row; nil when nobody can do anything to it
// but wait.
func (c *card) nextAction(row *row) *slack.ButtonBlockElement {
	t := commands.Target{Run: c.ID, Step: row.Key, Version: row.State.Version}
	switch {
	case len(row.with) > 0 && row.press != held:
		return button("Update…", "update", commands.Target{Run: c.ID, Step: row.group.Key})
	case isBuilt(row.State) && (row.State.Build.Phase.Open() || markButton(row.State.Build) != nil):
		return markButton(row.State.Build)
	case row.State.Waiting != nil:
		return button("They answered…", string(workflow.VerbPartner), t)
	case c.mergeRequest(row.Step) != "" && row.State.Tick == nil:
		return c.openMerge() // which is what brings the step on
	case len(row.held) == 0 && len(row.with) == 0:
		if quick := quickButton(row.Step, t); quick != nil {
			return quick
		}
		return button(doneLabel(row.Step), string(workflow.VerbDone), t)
	}
	return nil
}

// doneLabel is what a step's button says: with an ellipsis when it asks for
// evidence first.
func doneLabel(s *workflow.Step) string {
	if len(s.Evidence) > 0 {
		return "Done…"
	}
	return "Done"
}
