package slackdev

import (
	"encoding/json"
	"strings"

	"cloudimage/slackdev/surface"
)

// This file says what a call or an ack changed on people's screens, for the
// inspector. The workspace is locked.

// shows notes what a call changed.
func (c *call) shows(s ScreenChange) {
	if c.ws.feed.on() {
		c.shown = append(c.shown, s)
	}
}

// ackShows notes what the app's ack changed.
func (ws *Workspace) ackShows(out Outcome, s ScreenChange) {
	if ws.feed.on() {
		ws.feed.shown(out.EnvelopeID, s)
		ws.hub.tell(change{kind: "interactions"})
	}
}

// messageShown is what became of a message: posted, updated or deleted, where
// before is what it was; nil for a new one.
func (ws *Workspace) messageShown(what string, m *message, before json.RawMessage) ScreenChange {
	s := ScreenChange{Kind: "message_" + what, Channel: m.channel.id, TS: m.ts, User: m.ephemeral, Text: beginning(m.text, m.document()), Before: before}
	if m.ephemeral != "" {
		s.Kind = "ephemeral_" + what
	}
	if m.isReply() {
		s.ThreadTS = m.thread
	}
	if what != "deleted" && ws.feed.on() {
		s.After = ws.messageJSON(m)
	}
	return s
}

// viewShown is what became of a view. before is what it was, nil for a new one.
func (ws *Workspace) viewShown(kind string, v *view, before json.RawMessage) ScreenChange {
	s := ScreenChange{Kind: kind, ViewID: v.id, User: v.user, Text: beginning(captionOf(v.Title), v.document()), Before: before}
	if kind != "modal_closed" && kind != "modal_errors" {
		s.After = ws.viewBodyJSON(v)
	}
	return s
}

// viewBodyJSON is a view as the app sent it, to be compared with another state.
func (ws *Workspace) viewBodyJSON(v *view) json.RawMessage {
	if !ws.feed.on() || v == nil {
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
