package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// Daily is a channel's daily message as things stand: what is late, the worst
// first, whose days those are and who has it; on the first business day of a week
// also how every run stands. Nobody is named in it but who has a step. It takes
// [MaxLetter] bytes of JSON at most; what does not fit is counted.
func Daily(from reminder.Daily, now time.Time) Message {
	d := &daily{Daily: from, now: now}
	for _, row := range d.Rows {
		if !row.Settled {
			d.late++
		}
	}
	rooms := letterRooms()
	return fitted(len(rooms), MaxLetter, func(i int) Message {
		d.letterRoom = rooms[i]
		return d.draw()
	})
}

// daily is one drawing of a daily message.
type daily struct {
	reminder.Daily
	letterRoom
	now  time.Time
	late int // rows that are late still
}

func (d *daily) draw() Message {
	out := Message{Text: d.summary(), Blocks: make([]slack.Block, 0, 32)}
	out.Blocks = append(out.Blocks, section(d.headline(), nil))
	full, quiet, missing := 0, 0, d.More
	for _, row := range d.Rows {
		switch {
		case row.Settled && quiet < d.lines:
			quiet++
			out.Blocks = append(out.Blocks, smallPrint(d.settled(row)))
		case row.Settled:
		case full < d.full:
			full++
			out.Blocks = append(out.Blocks, d.row(row))
		default:
			missing++
		}
	}
	var foot []string
	if missing > 0 {
		verb := "are"
		if missing == 1 {
			verb = "is"
		}
		foot = append(foot, fmt.Sprintf("%d more %s late.", missing, verb))
	}
	if len(d.Runs) > 0 {
		runs, rest := d.runs()
		out.Blocks = append(out.Blocks, section(runs, nil))
		if rest += d.Rest; rest > 0 {
			foot = append(foot, counted(rest, "more run")+" in this channel.")
		}
	}
	if len(foot) > 0 {
		out.Blocks = append(out.Blocks, smallPrint(strings.Join(foot, " ")))
	}
	out.Blocks = append(out.Blocks, buttons(button("Settings", "settings", commands.Target{Channel: d.Channel})))
	out.Blocks = steady(out.Blocks)
	return out
}

func (d *daily) headline() string {
	text := ""
	switch n := d.late + d.More; {
	case n > 1:
		text = fmt.Sprintf("*%d late*, worst first.", n)
	case n == 1:
		text = "*1 late.*"
	case len(d.Rows) > 0:
		text = "*Nothing is late any more.*"
	case slices.ContainsFunc(d.Runs, func(r *workflow.Run) bool { return lateSteps(r, d.now) > 0 }):
		text = "*All was on time in the morning.*"
	default:
		text = "*All on time.*"
	}
	if d.Day != "" {
		text = typed(shortDay(d.Day)) + ": " + text
	}
	return text + missed(d.Missed)
}

// summary is the message in a notification: "6 late, worst first. GitLab 17.5.1
// security: EE image on Azure".
func (d *daily) summary() string {
	text, _, _ := strings.Cut(strings.ReplaceAll(d.headline(), "*", ""), "\n")
	for _, row := range d.Rows {
		if !row.Settled {
			return text + " " + d.name(row)
		}
	}
	return text
}

// row is what is late. While nobody is known for it, it can be taken.
func (d *daily) row(row reminder.Row) slack.Block {
	r, key := row.Run, row.Item.Move.Key
	n, ok := r.Node(key)
	if !ok {
		return section(d.name(row), nil)
	}
	text := bold(d.name(row)) + ", " + d.lateness(row, n)
	details := d.details(row, n)
	t := commands.Target{Run: r.ID, Step: key, Version: n.State.Version}
	if n.State.Waiting == nil && r.Responsible(key) == "" {
		return section(text+"\n"+upperFirst(strings.Join(details, "; ")), button("Take it…", string(workflow.VerbAssign), t))
	}
	menu := []choice{{doneLabel(n.Step), string(workflow.VerbDone)}, menuOpen(), menuWhy(), menuHandOver(), menuSnooze()}
	if n.State.Waiting != nil {
		menu = []choice{{"They answered…", string(workflow.VerbPartner)}, menuOpen(), menuWhy(), menuHandOver()}
		if canEscalate(r, n) {
			menu = append(menu, menuEscalate())
		}
	}
	return rowWithMenu(text+"\n"+upperFirst(strings.Join(details, "; ")), more(t, menu...))
}

// name is what is late: a listing that was promised, or a step.
func (d *daily) name(row reminder.Row) string {
	r, key := row.Run, row.Item.Move.Key
	l, lane := r.Listing(key.Listing)
	if row.Why != workflow.WhyPromise || !lane {
		return whatAndWhere(r, row.Item.Move, ": ", d.title)
	}
	return subjectName(r, d.title) + ": " + typedLine(r.ListingName(l), d.title)
}

// lateness is how late a row is, and whose days those are.
func (d *daily) lateness(row reminder.Row, n workflow.Node) string {
	l := row.Late
	if l.Days == 0 {
		due, _ := row.Run.Deadline(n.Key)
		return "late since " + date(due)
	}
	text := counted(l.Days, "business day") + " late"
	if l.Partners == 0 && l.Nobodys == 0 {
		return text
	}
	var parts []string
	for _, p := range []struct {
		days  int
		whose string
	}{{l.Ours, "ours"}, {l.Partners, "the partner's"}, {l.Nobodys, "nobody's"}} {
		if p.days > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.days, p.whose))
		}
	}
	return text + ", " + sentenceList(parts)
}

// details are which step holds a listing, whom it is with, and who has it.
func (d *daily) details(row reminder.Row, n workflow.Node) (out []string) {
	r := row.Run
	if row.Why == workflow.WhyPromise {
		out = append(out, typedLine(n.Number()+" "+short(n.Step), d.title+len(n.Number())+1))
	}
	who := r.Responsible(n.Key)
	if isBuilt(n.State) {
		out = append(out, markText(n.State.Build, d.letterRoom.text))
	}
	if n.State.Waiting != nil {
		if !isSubmitted(n.State) {
			out = append(out, waitText(r, n, d.letterRoom))
		}
		who = r.Chaser(n.Key)
	}
	if who != "" {
		out = append(out, holder(r, who))
	} else {
		out = append(out, "nobody is known for it")
	}
	if text := snoozeText(n.State, d.now, d.letterRoom.text); text != "" {
		out = append(out, text)
	}
	return out
}

// settled is a row that is not late any more.
func (d *daily) settled(row reminder.Row) string {
	text := "not late any more"
	n, ok := row.Run.Node(row.Item.Move.Key)
	switch {
	case row.Run.State == workflow.Cancelled:
		text = endedAs(row.Run) + ", " + moment(row.Run.Ended)
	case ok && n.State.Status.Closed():
		text = ending(n.State)
	case ok && n.State.Waiting != nil:
		text = waitText(row.Run, n, d.letterRoom)
	case ok && n.State.Status == workflow.Open && !n.State.Due.IsZero():
		text = "due " + date(n.State.Due)
	}
	return struck(d.name(row)) + " " + text
}

// runs tells how each run stands, a line each, and how many have no room.
func (d *daily) runs() (text string, rest int) {
	var b strings.Builder
	for i, r := range d.Runs {
		line := d.run(r)
		if b.Len()+len(line) > maxText-100 || i > 2*d.full {
			return b.String(), len(d.Runs) - i
		}
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(line)
	}
	return b.String(), 0
}

// run is a run in a line: "*DigitalOcean* 1 ✓, 2 ■■□□, 3 □□□, launch Thu 15 Jan,
// agreed".
func (d *daily) run(r *workflow.Run) string {
	parts := []string{}
	for i := range r.Definition().Stages {
		stage := &r.Definition().Stages[i]
		switch r.Stages[stage.ID].Status {
		case workflow.StageComplete:
			parts = append(parts, typedLine(stage.Number, 8)+" ✓")
		case workflow.StageOpen:
			parts = append(parts, typedLine(stage.Number, 8)+" "+bar(r.StageProgress(stage)))
		}
	}
	switch date, agreed := r.Launch(); {
	case r.State == workflow.Proposed:
		parts = append(parts, "proposed")
	case !r.Promise.IsZero():
		parts = append(parts, "live by "+moment(r.Promise))
	case date != "" && agreed:
		parts = append(parts, "launch "+typed(shortDay(date))+", agreed")
	case date != "":
		parts = append(parts, "launch "+typed(shortDay(date))+", not agreed")
	case r.Definition().Subject == workflow.SubjectPartnership:
		parts = append(parts, "no launch date yet")
	}
	if n := lateSteps(r, d.now); n > 0 {
		parts = append(parts, ":red_circle: "+strconv.Itoa(n)+" late")
	}
	return bold(subjectName(r, d.title)) + " " + strings.Join(firstWords(parts, 8), " · ")
}

// firstWords are limit words at most; of more, the last ones stay.
func firstWords(words []string, limit int) []string {
	if len(words) <= limit {
		return words
	}
	return append(append([]string{}, words[:limit-3]...), append([]string{"…"}, words[len(words)-2:]...)...)
}

func lateSteps(r *workflow.Run, now time.Time) (n int) {
	r.Walk(func(at workflow.Node) bool {
		if at.State.Status == workflow.Open && r.IsLate(at.Key, now) {
			n++
		}
		return true
	})
	return n
}
