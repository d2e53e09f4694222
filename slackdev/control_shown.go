package slackdev

import "slices"

// This file says how the page gets a message, and what a channel holds besides
// its messages: pins and bookmarks.

// shown is a message for the page. The workspace is locked.
func (ws *Workspace) shown(m *message) shownMessage {
	s := shownMessage{
		TS: m.ts, User: m.user, Bot: m.bot, Subtype: m.subtype, Text: m.text, Blocks: m.blocks, Attachments: m.attachments, ThreadTS: m.thread,
		Broadcast: m.broadcast, ReplyCount: len(m.replies), Ephemeral: m.ephemeral != "", Pinned: m.pinned, Metadata: m.metadata,
		Reactions: m.reactions,
	}
	if m.guise != nil {
		s.Username, s.Icons = m.guise.username, m.guise.icons()
	}
	for _, ts := range m.replies {
		s.LatestReply = ts
		if r := m.channel.byTS[ts]; r != nil && !slices.Contains(s.ReplyUsers, r.user) {
			s.ReplyUsers = append(s.ReplyUsers, r.user)
		}
	}
	if m.edited != "" {
		s.Edited = editedObject{User: m.editedBy, TS: m.edited}
	}
	for _, f := range m.files {
		s.Files = append(s.Files, fileObject(ws, f))
	}
	return s
}

// readPins answers what is pinned to a conversation, the latest pin first as in
// Slack, and the bookmarks in its bar.
func (ws *Workspace) readPins(q *reading) (any, error) {
	if q.u == nil {
		return nil, errNobody
	}
	pins, bookmarks := []shownMessage{}, []bookmark{}
	if ch := ws.place(q.u, q.r.URL.Query().Get("channel")); ch != nil {
		bookmarks = append(bookmarks, ch.bookmarks...)
		for _, ts := range slices.Backward(ch.pins) {
			if m := ch.byTS[ts]; m != nil {
				pins = append(pins, ws.shown(m))
			}
		}
	}
	return map[string]any{"pins": pins, "bookmarks": bookmarks}, nil
}
