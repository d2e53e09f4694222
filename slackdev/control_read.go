package slackdev

import (
	"encoding/json"
	"strings"
	"time"
)

// This file answers what the page asks. The workspace is locked meanwhile.

func (ws *Workspace) readWorkspace(*reading) (any, error) {
	st := ws.st
	type person struct {
		ID       UserID   `json:"id"`
		Name     string   `json:"name"`
		RealName string   `json:"real_name"`
		Kind     UserKind `json:"kind"`
		TZ       string   `json:"tz"`
		TZOffset int      `json:"tz_offset"`
		Title    string   `json:"title"`
	}
	now := ws.clock.Now()
	people := []person{}
	for _, u := range st.users {
		_, offset := now.In(u.zone).Zone()
		people = append(people, person{u.id, u.name, u.realName, u.kind, u.tz, offset, u.title})
	}
	groups := []any{}
	for _, g := range st.groups {
		groups = append(groups, map[string]any{"id": g.id, "handle": g.handle, "name": g.name, "users": g.users})
	}
	commands, shortcuts := []any{}, []any{}
	for _, c := range ws.manifest.Features.SlashCommands {
		commands = append(commands, map[string]any{"command": c.Command, "description": c.Description, "usage_hint": c.UsageHint})
	}
	for _, s := range ws.manifest.Features.Shortcuts {
		shortcuts = append(shortcuts, map[string]any{"name": s.Name, "type": s.Type, "callback_id": s.CallbackID, "description": s.Description})
	}
	return map[string]any{
		"team": map[string]any{"id": st.team.id, "name": st.team.name, "domain": st.team.domain},
		"app": map[string]any{
			"id": st.app.id, "name": st.app.name, "user_id": st.bot.id, "commands": commands, "shortcuts": shortcuts, "connected": ws.sockets.Count(),
			"home_tab": ws.manifest.homeTab(), "messages_tab": ws.manifest.messagesTab(), "messages_read_only": ws.manifest.messagesReadOnly(),
		},
		"sockets": ws.SocketInfos(), "users": people, "usergroups": groups, "now": now.Format(time.RFC3339Nano), "frozen": ws.clock.Frozen(),
	}, nil
}

func (ws *Workspace) readConversations(q *reading) (any, error) {
	if q.u == nil {
		return nil, errNobody
	}
	list := []any{}
	for _, ch := range ws.st.channels {
		if !ch.visibleTo(q.u) {
			continue
		}
		o := map[string]any{
			"id": ch.id, "name": ch.name, "kind": ch.kind, "topic": ch.topic.Value, "purpose": ch.purpose.Value,
			"is_ext_shared": ch.extShared, "is_archived": ch.archived,
			"is_member": ch.memberSet[q.u.id], "members": ch.members,
		}
		if ch.kind == kindIM {
			o["user"] = ws.st.bot.id
		}
		o["unread"], o["mentions"], o["latest"] = ws.unread(q.u, ch)
		list = append(list, o)
	}
	return map[string]any{"conversations": list}, nil
}

// maxUnread is where counting stops, as nobody reads bigger numbers.
const maxUnread = 99

func (ws *Workspace) unread(u *user, ch *channel) (unread, mentions int, latest TS) {
	if n := len(ch.log); n > 0 {
		latest = ch.log[n-1].ts
	}
	if !ch.memberSet[u.id] {
		return 0, 0, latest
	}
	read := u.read[ch.id].Time()
	for i := len(ch.log) - 1; i >= 0 && unread < maxUnread; i-- {
		m := ch.log[i]
		if !m.ts.Time().After(read) {
			break
		}
		if m.user == u.id || m.notice != nil {
			continue
		}
		if m.inChannel() { // a thread makes no channel unread
			unread++
		}
		if ch.kind == kindIM || strings.Contains(m.text, "<@"+string(u.id)) || strings.Contains(string(m.blocks), string(u.id)) {
			mentions++
		}
	}
	return unread, mentions, latest
}

// shownMessage is a message as the page gets it.
type shownMessage struct {
	TS          TS              `json:"ts"`
	User        UserID          `json:"user"`
	Bot         bool            `json:"bot"`
	Username    string          `json:"username,omitempty"`
	Icons       icons           `json:"icons,omitempty"`
	Subtype     string          `json:"subtype,omitempty"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	ThreadTS    TS              `json:"thread_ts,omitempty"`
	Broadcast   bool            `json:"broadcast,omitempty"`
	ReplyCount  int             `json:"reply_count"`
	ReplyUsers  []UserID        `json:"reply_users,omitempty"`
	LatestReply TS              `json:"latest_reply,omitempty"`
	Edited      any             `json:"edited,omitempty"`
	Ephemeral   bool            `json:"ephemeral"`
	Pinned      bool            `json:"pinned"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Files       []any           `json:"files,omitempty"`
	Reactions   []reaction      `json:"reactions,omitempty"`
}

func (ws *Workspace) readMessages(q *reading) (any, error) {
	if q.u == nil {
		return nil, errNobody
	}
	list := []shownMessage{}
	ch := ws.place(q.u, q.r.URL.Query().Get("channel"))
	if ch == nil {
		return map[string]any{"messages": list}, nil
	}
	thread := TS(q.r.URL.Query().Get("thread_ts"))
	for _, m := range ws.visibleMessages(q.u, ch) {
		if thread == "" && !m.inChannel() || thread != "" && m.ts != thread && m.thread != thread {
			continue
		}
		list = append(list, ws.shown(m))
	}
	return map[string]any{"messages": list}, nil
}

// shownView is a view with what was written under its inputs.
type shownView struct {
	viewObject
	Errors map[string]string `json:"errors,omitempty"`
}

func (ws *Workspace) readHome(q *reading) (any, error) {
	if q.u == nil {
		return nil, errNobody
	}
	if q.u.home == nil {
		return map[string]any{"view": nil}, nil
	}
	return map[string]any{"view": shownView{ws.viewObject(q.u.home), q.u.home.errors}}, nil
}

func (ws *Workspace) readModals(q *reading) (any, error) {
	if q.u == nil {
		return nil, errNobody
	}
	stack := []shownView{}
	for _, v := range q.u.stack {
		stack = append(stack, shownView{ws.viewObject(v), v.errors})
	}
	return map[string]any{"stack": stack}, nil
}
