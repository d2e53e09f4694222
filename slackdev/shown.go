package slackdev

import (
	"encoding/json"
	"strings"

	"cloudimage/slackdev/inspector"
	"cloudimage/slackdev/surface"
)

// This file says what a call or an ack changed on people's screens, for the
// inspector. The workspace is locked.

// shows notes what a call changed.
func (c *call) shows(s inspector.Change) {
	if c.ws.record.On() {
		c.shown = append(c.shown, s)
	}
}

// ackShows notes what the app's ack changed.
func (ws *Workspace) ackShows(out Outcome, s inspector.Change) {
	if ws.record.On() {
		ws.record.Changed(out.EnvelopeID, s)
		ws.hub.tell(change{kind: "interactions"})
	}
}

// messageShown is what became of a message: posted, updated or deleted, where
// before is what it was; nil for a new one.
func (ws *Workspace) messageShown(what string, m *message, before json.RawMessage) inspector.Change {
	s := inspector.Change{Kind: "message_" + what, Channel: string(m.channel.id), TS: string(m.ts), User: string(m.ephemeral), Text: beginning(m.text, m.document()), Before: before}
	if m.ephemeral != "" {
		s.Kind = "ephemeral_" + what
	}
	if m.isReply() {
		s.ThreadTS = string(m.thread)
	}
	if what != "deleted" && ws.record.On() {
		s.After = ws.messageJSON(m)
	}
	return s
}

// viewShown is what became of a view. before is what it was, nil for a new one.
func (ws *Workspace) viewShown(kind string, v *view, before json.RawMessage) inspector.Change {
	s := inspector.Change{Kind: kind, ViewID: string(v.id), User: string(v.user), Text: beginning(captionOf(v.Title), v.document()), Before: before}
	if kind != "modal_closed" && kind != "modal_errors" {
		s.After = ws.viewBodyJSON(v)
	}
	return s
}

// channelShown is what became of a channel, or of what stands at its top.
func channelShown(kind string, ch *channel, text string) inspector.Change {
	return inspector.Change{Kind: kind, Channel: string(ch.id), Text: text}
}

// markShown is what became of a message that itself stays as it is: a pin, a
// reaction.
func markShown(kind string, m *message, text string) inspector.Change {
	return inspector.Change{Kind: kind, Channel: string(m.channel.id), TS: string(m.ts), Text: text}
}

// viewBodyJSON is a view as the app sent it, to be compared with another state.
func (ws *Workspace) viewBodyJSON(v *view) json.RawMessage {
	if !ws.record.On() || v == nil {
		return nil
	}
	return mustJSON(v.viewBody)
}

// beginning is the first words of a surface.
func beginning(text string, d *surface.Document) string {
	if text == "" {
		text = d.FirstWords()
	}
	return cut(strings.Join(strings.Fields(text), " "), 80)
}
