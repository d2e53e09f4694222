package workflow

import (
	"fmt"
	"strings"
)

// This file is what can be said of a wait for the partner before anybody acts.

// Reminds is who is reminded of an open step, or their cover: who does it, or who
// follows up while it waits for the partner. Empty when nobody is known.
func (r *Run) Reminds(key StepKey) UserID { return r.Acting(r.Chaser(key)) }

// EscalatesTo is the team that a waiting step's follow-up is handed to, and the
// step's action for that, if it has one.
func (r *Run) EscalatesTo(key StepKey) (TeamID, StepID) {
	if n, ok := r.Node(key); ok {
		for _, a := range r.ActionsFor(key) {
			if a.Team != n.Step.Team {
				return a.Team, a.ID
			}
		}
	}
	return r.def.Owner, ""
}

// ChaseText is a message that can be sent to a partner who has not answered, in
// plain text. It is empty for a step that does not wait.
func (r *Run) ChaseText(key StepKey) string {
	n, ok := r.Node(key)
	if !ok || n.State.Waiting == nil {
		return ""
	}
	w := n.State.Waiting
	var b strings.Builder
	b.WriteString("Hello")
	if w.Contact != "" {
		b.WriteString(" " + w.Contact)
	}
	fmt.Fprintf(&b, ",\n\non %s we asked you: %s", r.Day(n.Step.Team, w.Since).Time().Format("Monday 2 January"), strings.TrimRight(w.For, ". \n"))
	if w.Ticket != "" {
		fmt.Fprintf(&b, " (ticket %s)", w.Ticket)
	}
	b.WriteString(".")
	if w.Promised != "" {
		fmt.Fprintf(&b, " You hoped to answer by %s.", w.Promised.Time().Format("Monday 2 January"))
	}
	if l, ok := r.Listing(key.Listing); ok {
		fmt.Fprintf(&b, " It is about our %s.", l.Name())
	}
	b.WriteString("\n\nCould you tell us how it stands, and when we can expect an answer?")
	if date, agreed := r.Launch(); agreed {
		fmt.Fprintf(&b, " The launch on %s depends on it.", date.Time().Format("2 January 2006"))
	}
	b.WriteString("\n\nThank you")
	return b.String()
}
