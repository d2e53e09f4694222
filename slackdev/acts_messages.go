package slackdev

import (
	"context"
	"fmt"
	"strings"
)

// This file has what people do to messages that are there: they edit and delete
// their own, and pin anybody's.

// held finds a conversation in which the person may change something: one he is
// in and that is open. The workspace is locked.
func (ws *Workspace) held(u *user, where string) (*channel, error) {
	ch := ws.place(u, where)
	switch {
	case ch == nil:
		return nil, fmt.Errorf("%w: there is no channel %s that %s can see", ErrNotPossible, where, u.name)
	case ch.archived:
		return nil, fmt.Errorf("%w: #%s is archived", ErrNotPossible, ch.name)
	case !ch.memberSet[u.id]:
		return nil, fmt.Errorf("%w: %s is not a member of #%s: join it first", ErrNotPossible, u.name, ch.name)
	}
	return ch, nil
}

// heldMessage finds a message that all of such a conversation see.
func (ws *Workspace) heldMessage(u *user, where string, ts TS) (*message, error) {
	ch, err := ws.held(u, where)
	if err != nil {
		return nil, err
	}
	m := ch.byTS[ts]
	if m == nil || m.tombstone {
		return nil, fmt.Errorf("%w: the message is gone, or only %s sees it", ErrNotPossible, u.name)
	}
	return m, nil
}

func (ws *Workspace) ownOf(u *user, where string, ts TS) (*message, error) {
	m, err := ws.heldMessage(u, where, ts)
	if err == nil && (m.bot || m.user != u.id) {
		return nil, fmt.Errorf("%w: the message is not by %s", ErrNotPossible, u.name)
	}
	return m, err
}

// edit rewrites a person's own message.
func (ws *Workspace) edit(ctx context.Context, u *user, where string, ts TS, text string) (Outcome, error) {
	ws.mu.Lock()
	m, err := ws.ownOf(u, where, ts)
	if err == nil && m.notice != nil {
		err = fmt.Errorf("%w: nobody wrote this message, so nobody can edit it", ErrNotPossible)
	}
	if err == nil && strings.TrimSpace(text) == "" && len(m.files) == 0 {
		err = fmt.Errorf("%w: an empty message cannot be kept: delete it", ErrNotPossible)
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	before := ws.messageJSON(m)
	m.text = ws.st.typed(text, true, false)
	m.edited, m.editedBy = ws.st.nextTS(ws.clock.Now()), u.id
	ws.reviseMessage(m, nil)
	s := ws.revised(before, m)
	ws.mu.Unlock()
	return s.await(ctx, Outcome{OK: true}), nil
}

// deleteOwn deletes a person's own message.
func (ws *Workspace) deleteOwn(ctx context.Context, u *user, where string, ts TS) (Outcome, error) {
	ws.mu.Lock()
	m, err := ws.ownOf(u, where, ts)
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	s := ws.removeMessage(m)
	ws.mu.Unlock()
	return s.await(ctx, Outcome{OK: true}), nil
}

// pin pins a message to its conversation, or takes the pin off.
func (ws *Workspace) pin(ctx context.Context, u *user, where string, ts TS, on bool) (Outcome, error) {
	ws.mu.Lock()
	m, err := ws.heldMessage(u, where, ts)
	switch {
	case err != nil:
	case on && m.pinned:
		err = fmt.Errorf("%w: the message is pinned already", ErrNotPossible)
	case !on && !m.pinned:
		err = fmt.Errorf("%w: the message is not pinned", ErrNotPossible)
	case on && len(m.channel.pins) >= maxPins:
		err = fmt.Errorf("%w: there are %d pins, and no more fit", ErrNotPossible, maxPins)
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	if on {
		m.channel.pin(m)
	} else {
		m.channel.unpin(m)
	}
	ws.changedMessages(m.channel)
	s := ws.pinEvent(u, m)
	ws.mu.Unlock()
	return s.await(ctx, Outcome{OK: true}), nil
}

// pinEvent tells the app of a pin that was set or taken off, where its bot is.
func (ws *Workspace) pinEvent(u *user, m *message) *sent {
	ch := m.channel
	if !ch.memberSet[ws.st.bot.id] {
		return nil
	}
	at := ws.clock.Now().Unix()
	e := map[string]any{
		"type": "pin_added", "user": u.id, "channel_id": ch.id, "item_user": m.user,
		"item": map[string]any{"type": "message", "channel": ch.id, "created": at, "created_by": u.id, "message": ws.messageJSON(m)},
	}
	if m.pinned {
		e["pin_count"] = fmt.Sprint(len(ch.pins))
		e["pinned_info"] = map[string]any{"channel": ch.id, "pinned_by": u.id, "pinned_ts": at}
	} else {
		e["type"], e["has_pins"] = "pin_removed", len(ch.pins) > 0
	}
	return ws.emit(e["type"].(string), u.id, e)
}
