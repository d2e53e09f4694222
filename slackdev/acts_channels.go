package slackdev

import (
	"context"
	"fmt"
)

// This file has what people do to channels: they make and archive them, come and
// go, and bring others in.

// createChannel makes a channel with the person in it.
func (ws *Workspace) createChannel(ctx context.Context, u *user, name string, private bool) (Outcome, error) {
	ws.mu.Lock()
	err := ws.mayManage(u)
	if code := ws.nameProblem(name); err == nil && code != "" {
		err = fmt.Errorf("%w: %s", ErrNotPossible, channelWords(code, u, name))
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	_, s := ws.created(name, private, u)
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
	default:
		if code := ch.cannotArchive(on); code != "" {
			err = fmt.Errorf("%w: %s", ErrNotPossible, channelWords(code, u, ch.name))
		}
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	s := ws.archived(ch, u, on)
	ws.mu.Unlock()
	return s.await(ctx, Outcome{OK: true}), nil
}

// channelWords says to people why a channel cannot be made or changed.
func channelWords(code string, u *user, channel string) string {
	switch code {
	case "name_taken":
		return fmt.Sprintf("there is a channel #%s already, perhaps a private one", channel)
	case "already_archived":
		return fmt.Sprintf("#%s is archived already", channel)
	case "not_archived":
		return fmt.Sprintf("#%s is open already", channel)
	case "cant_archive_general":
		return "#general stays open, as everybody is in it"
	case "cant_leave_general":
		return "nobody can leave #general"
	case "last_member":
		return fmt.Sprintf("%s is the last member of #%s, and somebody has to stay", u.name, channel)
	case "is_archived":
		return fmt.Sprintf("#%s is archived", channel)
	case "cant_invite":
		return fmt.Sprintf("%s cannot be invited: the account is closed or of another organisation", u.name)
	case "ura_max_channels":
		return fmt.Sprintf("%s is a guest of one channel and cannot be in another", u.name)
	}
	return fmt.Sprintf("a channel is named with at most 80 small letters, digits, - and _, not %q", channel)
}

// join, leave and invite change who is in a channel.
func (ws *Workspace) join(u *user, where string) (Outcome, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := ws.place(u, where)
	if ch == nil || ch.archived {
		return notPossible("%s cannot join %s.", u.name, where)
	}
	ws.joined(ch, u, "")
	return Outcome{OK: true}, nil
}

func (ws *Workspace) leave(u *user, where string) (Outcome, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := ws.place(u, where)
	if ch == nil || ch.kind == kindIM || !ch.memberSet[u.id] {
		return notPossible("%s is not in %s.", u.name, where)
	}
	if code := ch.cannotLeave(); code != "" {
		return refused(fmt.Errorf("%w: %s", ErrNotPossible, channelWords(code, u, ch.name)))
	}
	ws.left(ch, u, u.id)
	return Outcome{OK: true}, nil
}

func (ws *Workspace) invite(u *user, where, whom string) (Outcome, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, guest := ws.place(u, where), ws.st.userByName(whom)
	switch {
	case ch == nil || ch.kind == kindIM || !ch.memberSet[u.id]:
		return notPossible("%s is not in %s, so cannot invite anyone.", u.name, where)
	case guest == nil || guest.kind == KindDeleted:
		return notPossible("There is nobody named %s to invite.", whom)
	case ch.archived:
		return notPossible("#%s is archived.", ch.name)
	}
	if code := ws.cannotInvite(ch, guest); code != "" && code != "already_in_channel" {
		return refused(fmt.Errorf("%w: %s", ErrNotPossible, channelWords(code, guest, ch.name)))
	}
	ws.joined(ch, guest, u.id)
	return Outcome{OK: true}, nil
}
