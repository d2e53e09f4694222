package slackdev

import (
	"context"
	"fmt"
)

// This file has people make and archive channels.

// createChannel makes a channel with the person in it.
func (ws *Workspace) createChannel(ctx context.Context, u *user, name string, private bool) (Outcome, error) {
	ws.mu.Lock()
	err := ws.mayManage(u)
	switch {
	case err != nil:
	case !channelName.MatchString(name):
		err = fmt.Errorf("%w: a channel is named with at most 80 small letters, digits, - and _, not %q", ErrNotPossible, name)
	case ws.st.channelNames[name] != nil:
		err = fmt.Errorf("%w: there is a channel #%s already, perhaps a private one", ErrNotPossible, name)
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	kind := kindPublic
	if private {
		kind = kindPrivate
	}
	id := ChannelID(derivedID("C", name))
	if ws.st.channelIDs[id] != nil { // another name with the same letters
		id = ChannelID(ws.ids.short("C"))
	}
	ch := newChannel(id, name, kind, ws.clock.Now())
	ch.join(u.id)
	ws.st.addChannel(ch)
	ws.hub.tell(change{kind: "conversations"})
	var s *sent
	if !private { // of a private channel nobody hears who is not in it
		s = ws.emit("channel_created", u.id, map[string]any{"type": "channel_created", "channel": map[string]any{
			"id": ch.id, "is_channel": true, "name": name, "name_normalized": name, "created": ch.created, "creator": u.id,
			"is_shared": false, "is_org_shared": false, "context_team_id": ws.st.team.id,
		}})
	}
	ws.mu.Unlock()
	return s.await(ctx, Outcome{OK: true}), nil
}

// mayManage keeps guests and strangers from making and archiving channels.
func (ws *Workspace) mayManage(u *user) error {
	if u.kind == KindMember || u.kind == KindAdmin {
		return nil
	}
	return fmt.Errorf("%w: %s is no full member of the workspace and cannot do that", ErrNotPossible, u.name)
}

// archive archives a channel, or opens it again.
func (ws *Workspace) archive(ctx context.Context, u *user, where string, on bool) (Outcome, error) {
	ws.mu.Lock()
	err := ws.mayManage(u)
	ch := ws.place(u, where)
	switch {
	case err != nil:
	case ch == nil || ch.kind == kindIM:
		err = fmt.Errorf("%w: there is no channel %s that %s can see", ErrNotPossible, where, u.name)
	case ch.name == "general":
		err = fmt.Errorf("%w: #general stays open, as everybody is in it", ErrNotPossible)
	case on == ch.archived:
		err = fmt.Errorf("%w: #%s is %s already", ErrNotPossible, ch.name, map[bool]string{true: "archived", false: "open"}[on])
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	ch.archived = on
	ws.hub.tell(change{kind: "conversations"})
	var s *sent
	if ch.memberSet[ws.st.bot.id] {
		kind := map[channelKind]string{kindPublic: "channel_", kindPrivate: "group_"}[ch.kind] + map[bool]string{true: "archive", false: "unarchive"}[on]
		s = ws.emit(kind, u.id, map[string]any{"type": kind, "channel": ch.id, "user": u.id})
	}
	ws.mu.Unlock()
	return s.await(ctx, Outcome{OK: true}), nil
}
