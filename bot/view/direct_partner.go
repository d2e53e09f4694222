package view

import (
	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// This file tells of the partner, who has something to answer, and of what is
// late with others.

// waiting is what the partner was asked, and what we have done since.
func (d *direct) waiting(n workflow.Node) string {
	w := n.State.Waiting
	text := "With " + partnerName(d.Run, n.Key, d.title) + " since " + date(w.Since) + ". Asked: " + typedLine(w.For, d.text)
	if w.Contact != "" {
		text += "\nWhom: " + typedLine(w.Contact, d.text)
	}
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
	return text
}

// chasing is a wait that the person follows up. On the day on which the partner
// is to be asked again there is a text to send.
func (d *direct) chasing(a asked) []slack.Block {
	text, n := d.heading(a.node)+"\n"+d.waiting(a.node), a.node
	if a.node.State.Overdue {
		text += d.due(a)
	}
	chase := ""
	switch {
	case a.Due.IsZero():
	case a.Quiet.After(d.now):
		text += "\nAsk again " + date(a.Quiet) + "."
	default:
		text += "\n*It is time to ask again.* You can send this:"
		chase = d.ChaseText(a.Key)
	}
	out := []slack.Block{section(text+a.submission(d.text)+d.forWhom(a), nil)}
	if chase != "" {
		out = append(out, quoted(chase, 4*d.text))
	}
	t := a.target()
	row := []slack.BlockElement{
		primary(button("They answered…", string(workflow.VerbPartner), t)),
		button("Partner wrote…", string(workflow.VerbWrote), t),
		button("Still silent…", string(workflow.VerbSilent), t),
	}
	row = append(row, a.submissions()...)
	if canEscalate(d.Run, n) {
		row = append(row, button("Escalate now…", string(workflow.VerbEscalate), t))
	}
	var rest []choice
	if actions := d.ActionsFor(a.Key); len(actions) > 0 && actions[0].Team == n.Step.Team {
		rest = append(rest, choice{cut(oneLine(short(actions[0])), maxLabel-1) + ellipsis, string(workflow.VerbAct)})
		t.Field = workflow.FieldID(actions[0].ID)
	}
	return append(out, buttons(append(row, more(t, append(rest, menuSnooze(), menuHandOver(), menuHowTo(), menuOpen())...))...))
}

// told is what the person has to know of somebody else's step: that the partner
// is silent on it, or that nobody could be moved to do it.
func (d *direct) told(a asked) []slack.Block {
	n := a.node
	text := d.heading(n) + "\n"
	if a.Kind == workflow.MoveSilent {
		w := n.State.Waiting
		text += partnerName(d.Run, a.Key, d.title) + " has been silent for " + orElse(silence(d.Run, w.Rung), "some time") +
			": " + asking(w, d.now) + ". " + upperFirst(followsUp(d.Run, a.Key)) + ".\nAsked: " + typedLine(w.For, d.text)
	} else {
		text += lateTold(d.Run, n)
	}
	row, menu := a.settling(d.now)
	return withRow(text+d.forWhom(a), append(row, menu)...)
}

// followsUp says who follows up with the partner on a step.
func followsUp(r *workflow.Run, key workflow.StepKey) string {
	who := r.Chaser(key)
	if who == "" {
		return "nobody follows up"
	}
	return holder(r, who) + " follows up"
}

// lateTold says that a step is late and that reminding was in vain.
func lateTold(r *workflow.Run, n workflow.Node) string {
	text := upperFirst(dueText(n.State.Due, n.State.Overdue)) + ". "
	who := r.Responsible(n.Key)
	if who == "" {
		return text + "Nobody is known for it."
	}
	return text + holder(r, who) + " was reminded of it " + times(n.State.Reminded[r.Acting(who)].Times) + "."
}

func times(n int) string {
	switch n {
	case 0, 1:
		return "once"
	case 2:
		return "twice"
	case 3:
		return "three times"
	}
	return counted(n, "time")
}
