package slackdev

import "encoding/json"

// messageObject is a message as Slack writes it.
type messageObject struct {
	Type            string          `json:"type"`
	Subtype         string          `json:"subtype,omitempty"`
	User            UserID          `json:"user,omitempty"` // not of a message under another name
	BotID           string          `json:"bot_id,omitempty"`
	Username        string          `json:"username,omitempty"`
	Icons           icons           `json:"icons,omitempty"`
	AppID           string          `json:"app_id,omitempty"`
	Team            TeamID          `json:"team"`
	Text            string          `json:"text"`
	TS              TS              `json:"ts"`
	Hidden          bool            `json:"hidden,omitempty"`
	ThreadTS        TS              `json:"thread_ts,omitempty"`
	ParentUserID    UserID          `json:"parent_user_id,omitempty"`
	ReplyCount      int             `json:"reply_count,omitempty"`
	ReplyUsersCount int             `json:"reply_users_count,omitempty"`
	ReplyUsers      []UserID        `json:"reply_users,omitempty"`
	LatestReply     TS              `json:"latest_reply,omitempty"`
	Edited          *editedObject   `json:"edited,omitempty"`
	Blocks          json.RawMessage `json:"blocks,omitempty"`
	Attachments     json.RawMessage `json:"attachments,omitempty"`
	Files           []any           `json:"files,omitempty"`
	PinnedTo        []ChannelID     `json:"pinned_to,omitempty"`
	Reactions       []reaction      `json:"reactions,omitempty"`
	BotProfile      any             `json:"bot_profile,omitempty"`
	Root            json.RawMessage `json:"root,omitempty"` // of a broadcast reply: its parent
	*notice
}

type editedObject struct {
	User UserID `json:"user"`
	TS   TS     `json:"ts"`
}

// messageJSON is the message without its metadata, which Slack shows only to
// those who ask for it.
func (ws *Workspace) messageJSON(m *message) json.RawMessage {
	if m.broadcast { // it shows its parent, which changes with every reply
		return mustJSON(ws.messageObject(m))
	}
	if m.json == nil {
		m.json = mustJSON(ws.messageObject(m))
	}
	return m.json
}

func (ws *Workspace) messageObject(m *message) messageObject {
	st := ws.st
	o := messageObject{
		Type: "message", User: m.user, Team: st.team.id, Text: m.text, TS: m.ts, ThreadTS: m.thread,
		Blocks: m.blocks, Attachments: m.attachments, ReplyCount: len(m.replies),
		Reactions: m.reactions, Subtype: m.subtype, notice: m.notice,
	}
	if m.bot {
		o.BotID, o.AppID = st.app.botID, st.app.id
		o.BotProfile = map[string]any{"id": st.app.botID, "app_id": st.app.id, "name": st.app.name, "deleted": false, "updated": st.bot.updated, "team_id": st.team.id}
	} else if u := st.userIDs[m.user]; u != nil {
		o.Team = u.team
	}
	if p := m.channel.byTS[m.thread]; p != nil && p != m {
		o.ParentUserID = p.user
		if m.broadcast {
			o.Root = ws.messageJSON(p)
		}
	}
	seen := map[UserID]bool{}
	for _, ts := range m.replies {
		o.LatestReply = ts
		if r := m.channel.byTS[ts]; r != nil && !seen[r.user] {
			seen[r.user] = true
			o.ReplyUsers = append(o.ReplyUsers, r.user)
		}
	}
	o.ReplyUsersCount = len(o.ReplyUsers)
	if m.edited != "" {
		o.Edited = &editedObject{User: m.editedBy, TS: m.edited}
	}
	for _, f := range m.files {
		o.Files = append(o.Files, fileObject(ws, f))
	}
	if m.guise != nil {
		o.User, o.Username, o.Icons, o.Subtype = "", m.guise.username, m.guise.icons(), "bot_message"
	}
	switch {
	case m.tombstone:
		o.Subtype, o.Hidden = "tombstone", true
	case m.broadcast:
		o.Subtype = "thread_broadcast"
	case len(m.files) > 0 && !m.bot:
		o.Subtype = "file_share"
	}
	if m.pinned {
		o.PinnedTo = []ChannelID{m.channel.id}
	}
	return o
}

// historyJSON is the message as conversations.history shows it.
func (ws *Workspace) historyJSON(m *message, metadata bool) json.RawMessage {
	if !metadata || m.metadata == nil {
		return ws.messageJSON(m)
	}
	return mustJSON(struct {
		messageObject
		Metadata json.RawMessage `json:"metadata"`
	}{ws.messageObject(m), m.metadata})
}
