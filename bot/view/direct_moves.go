package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file tells one move in full: what is wanted, why, until when, and the
// buttons for it. The button that completes a step has the word Done.

// move is what is wanted, and the buttons for it.
func (d *direct) move(m workflow.Move) (string, *slack.ActionBlock) {
	if m.Kind == workflow.MoveAccept {
		return d.proposal()
	}
	n, _ := d.Node(m.Key)
	t := commands.Target{Run: d.ID, Step: m.Key, Version: n.State.Version}
	howTo := button("How-to", "howto", t)
	switch m.Kind {
	case workflow.MoveAsk:
		return d.heading(n) + "\n" + typedLine(n.Step.Question, d.text) + " No answer means that it is not needed.",
			buttons(button("Yes, we want it", string(workflow.VerbWant), t), button("Not needed", string(workflow.VerbSkip), t), howTo)
	case workflow.MoveChase:
		return d.heading(n) + "\n" + d.waiting(n), buttons(append(d.chasing(n, t), howTo)...)
	case workflow.MoveAnswer:
		t.Field = m.Field
		return d.wanted(n, m), buttons(primary(button("Write it…", string(workflow.VerbAnswer), t)), howTo)
	}
	row := []slack.BlockElement{
		primary(button(doneLabel(n.Step), string(workflow.VerbDone), t)),
		button("Waiting on partner…", string(workflow.VerbWait), t),
	}
	if slices.ContainsFunc(n.Step.Evidence, func(f workflow.Field) bool { return f.Ask != "" }) {
		row = append(row, button("Ask for help…", string(workflow.VerbAsk), t))
	}
	row = append(row, button("Not me…", string(workflow.VerbAssign), t), howTo)
	return d.heading(n) + d.standard(n) + d.why(n) + d.due(n), buttons(row...)
}

// heading names a step: "2.3.1 Create the listing (CE image)".
func (d *direct) heading(n workflow.Node) string {
	text := strong(n.Number()+" "+n.Step.Title, d.title+len(n.Number())+1)
	if l, ok := d.Listing(n.Key.Listing); ok {
		text += " (" + typedLine(l.Name(), d.title) + ")"
	}
	return text
}

func (d *direct) standard(n workflow.Node) string {
	if n.Step.Standard == "" {
		return ""
	}
	return "\nDone means: " + typedLine(n.Step.Standard, d.text)
}

func (d *direct) due(n workflow.Node) string {
	if n.State.Due.IsZero() {
		return "\nIt has no date yet."
	}
	return "\n" + upperFirst(dueText(n.State.Due, n.State.Overdue))
}

// why is what waits for the step.
func (d *direct) why(n workflow.Node) string {
	var waits []string
	for _, other := range d.waiters[n.Key][:min(len(d.waiters[n.Key]), 2)] {
		waits = append(waits, typedLine(other.Number()+" "+short(other.Step), d.title))
	}
	if len(waits) == 0 && !n.Step.Optional {
		for i := range d.Definition().Stages {
			if stage := &d.Definition().Stages[i]; slices.Contains(stage.After, n.Stage.ID) {
				waits = append(waits, typedLine(stage.Number+" "+stage.Title, d.title))
			}
		}
	}
	switch len(waits) {
	case 0:
		return ""
	case 1:
		return "\nWhy: " + waits[0] + " waits for it."
	}
	return "\nWhy: " + sentenceList(waits) + " wait for it."
}

// waiting is what the partner was asked, and what we have done since.
func (d *direct) waiting(n workflow.Node) string {
	w := n.State.Waiting
	text := "With " + d.partner() + " since " + date(w.Since) + ". Asked: " + typedLine(w.For, d.text)
	if w.Ticket != "" {
		text += "\nTheir ticket: " + typedLine(w.Ticket, d.text)
	}
	if w.Promised != "" {
		text += "\nPromised for " + typed(day(w.Promised))
	}
	if n := len(w.Taken); n > 0 {
		last := w.Taken[n-1]
		text += "\nLast: " + mention(last.By) + " " + date(last.At)
		if last.Note != "" {
			text += ": " + typedLine(last.Note, d.text)
		}
	}
	if n.State.Overdue {
		text += d.due(n)
	}
	return text
}

// chasing are the buttons of a wait: that they answered, and what can be done
// until they do. What was handed to another team is not handed over again.
func (d *direct) chasing(n workflow.Node, t commands.Target) []slack.BlockElement {
	row := []slack.BlockElement{primary(button("They answered…", string(workflow.VerbPartner), t))}
	for _, a := range d.ActionsFor(n.Key) {
		taken := slices.ContainsFunc(n.State.Waiting.Taken, func(t workflow.Taken) bool { return t.Action == a.ID })
		if len(row) == 4 || taken && a.Team != n.Step.Team {
			continue
		}
		at := t
		at.Field = workflow.FieldID(a.ID)
		row = append(row, button(cut(oneLine(short(a)), maxLabel-1)+ellipsis, string(workflow.VerbAct), at))
	}
	return row
}

// wanted is what a helper is asked for.
func (d *direct) wanted(n workflow.Node, m workflow.Move) string {
	f, _ := n.Step.Field(m.Field)
	text := d.heading(n)
	for _, h := range n.State.Helpers {
		if h.User != d.who || h.Field != m.Field {
			continue
		}
		text += "\n" + mention(h.By) + " asks you for this: " + strong(f.Label, d.title)
		if h.Until != "" {
			text += ", by " + typed(day(h.Until))
		}
		break
	}
	text += "\n"
	if f.MaxLength > 0 {
		text += fmt.Sprintf("%d characters at most. ", f.MaxLength)
	}
	return text + typedLine(n.Step.Standard, d.text)
}

// proposal is a run that waits to be accepted.
func (d *direct) proposal() (string, *slack.ActionBlock) {
	names := make([]string, 0, len(d.Listings))
	for _, l := range d.Listings {
		names = append(names, typedLine(l.Name(), 30))
	}
	text := mention(d.Opener) + " proposes it: " + firstOf(names, 8)
	if target, _ := d.Launch(); target != "" {
		text += ", to launch on " + typed(day(target))
	}
	text += ". Who accepts it owns it."
	t := commands.Target{Run: d.ID}
	return text, buttons(
		primary(button("Accept", string(workflow.VerbAccept), t)),
		button("Decline…", string(workflow.VerbCancel), t),
		button("Brief and links", "brief", t))
}

// briefing is what earlier stages have learned for the stage in which the
// person has something to do. A helper is asked for one text, and gets no more.
func (d *direct) briefing() string {
	i := slices.IndexFunc(d.moves, func(m workflow.Move) bool { return m.Kind == workflow.MoveDo })
	if i < 0 {
		return ""
	}
	n, _ := d.Node(d.moves[i].Key)
	var parts []string
	for _, fact := range n.Stage.Brief {
		if len(parts) == d.brief {
			break
		}
		if value := d.Fact(fact, ""); value != "" {
			parts = append(parts, factLabel(d.Definition(), fact)+" "+factValue(value, d.text))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "*What is known*\n" + strings.Join(parts, "\n")
}

// factLabel is how people call a fact: the label of the field that gives it.
func factLabel(def *workflow.Definition, fact workflow.FactName) string {
	label := string(fact)
	var look func(steps []workflow.Step) bool
	look = func(steps []workflow.Step) bool {
		for i := range steps {
			if f := slices.IndexFunc(steps[i].Evidence, func(f workflow.Field) bool { return f.Fact == fact }); f >= 0 {
				label = steps[i].Evidence[f].Label
				return true
			}
			if look(steps[i].Steps) {
				return true
			}
		}
		return false
	}
	for i := range def.Stages {
		if look(def.Stages[i].Steps) {
			break
		}
	}
	if !strings.HasSuffix(label, "?") {
		label += ":"
	}
	return typedLine(label, 60)
}

// factValue is an answer in a line; links can be followed.
func factValue(value string, limit int) string {
	lines := strings.Fields(value)
	for _, l := range lines {
		if _, ok := webAddress(l); !ok {
			return typedLine(value, limit)
		}
	}
	shown := lines[:min(len(lines), 3)]
	out := make([]string, len(shown))
	for i, l := range shown {
		out[i] = link(l, linkName(l), 40)
	}
	text := strings.Join(out, ", ")
	if left := len(lines) - len(shown); left > 0 {
		text += fmt.Sprintf(" and %d more", left)
	}
	return text
}

// linkName is an address short enough to read: where it leads, and its end.
func linkName(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	rest = strings.TrimSuffix(rest, "/")
	if host, path, deep := strings.Cut(rest, "/"); deep && len(rest) > 40 {
		return host + "/…/" + path[strings.LastIndexByte(path, '/')+1:]
	}
	return rest
}
