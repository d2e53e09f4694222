package slackdev

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// This file has what becomes of channels, be it a person's doing or the app's.
// Each change is one function: it tells everybody and leaves its message in the
// channel. What stands against a change is one of Slack's codes, which people
// get in words.

// note is a topic or a description, and whose it is.
type note struct {
	Value   string `json:"value"`
	Creator UserID `json:"creator"`
	LastSet int64  `json:"last_set"`
}

// notice is what a message tells that nobody wrote, beside its words.
type notice struct {
	Inviter UserID  `json:"inviter,omitempty"`
	Topic   *string `json:"topic,omitempty"` // "" when it was taken away
	Purpose *string `json:"purpose,omitempty"`
	Name    string  `json:"name,omitempty"`
	OldName string  `json:"old_name,omitempty"`
}

// maxNote is how long a topic or a description may be, in characters.
const maxNote = 250

// announce leaves a message of what somebody did to a channel. It mentions nobody
// and makes nothing unread.
func (ws *Workspace) announce(ch *channel, who UserID, subtype, text string, n notice) *sent {
	m := &message{ts: ws.st.nextTS(ws.clock.Now()), channel: ch, user: who, text: text, subtype: subtype, notice: &n}
	ws.st.post(m)
	ws.changedMessages(ch)
	return ws.emitMessage(m, func() map[string]any { return ws.messageEvent(m) })
}

// changedChannel notes the time of a change, and has the sidebars drawn again.
func (ws *Workspace) changedChannel(ch *channel) {
	ch.updated = max(ch.updated+1, ws.clock.Now().UnixMilli())
	ws.hub.tell(change{kind: "conversations"})
}

// hearsOf tells whether the app hears what becomes of a channel: of every public
// one, and of the private ones its bot is in.
func (ws *Workspace) hearsOf(ch *channel) bool {
	return ch.kind == kindPublic || ch.memberSet[ws.st.bot.id]
}

// channelEvent is the name of an event, which private channels have of their own.
func channelEvent(ch *channel, what string) string {
	if ch.kind == kindPrivate {
		return "group_" + what
	}
	return "channel_" + what
}

// nameProblem is the code for why no channel can be called so.
func (ws *Workspace) nameProblem(name string) string {
	switch {
	case name == "":
		return "invalid_name_required"
	case utf8.RuneCountInString(name) > 80:
		return "invalid_name_maxlength"
	case !hasLetter.MatchString(name):
		return "invalid_name_punctuation"
	case !channelName.MatchString(name):
		return "invalid_name_specials"
	case ws.st.channelNames[name] != nil:
		return "name_taken"
	}
	return ""
}

// created makes a channel with whoever makes it in it, and tells the app of a
// public one: of a private channel nobody hears who is not in it.
func (ws *Workspace) created(name string, private bool, by *user) (*channel, *sent) {
	kind := kindPublic
	if private {
		kind = kindPrivate
	}
	id := ChannelID(derivedID("C", name))
	if ws.st.channelIDs[id] != nil { // another name with the same letters
		id = ChannelID(ws.ids.short("C"))
	}
	ch := newChannel(id, name, kind, ws.clock.Now())
	ch.creator = by.id
	ws.st.addChannel(ch)
	var s *sent
	if !private {
		s = ws.emit("channel_created", by.id, map[string]any{"type": "channel_created", "channel": map[string]any{
			"id": ch.id, "is_channel": true, "name": name, "name_normalized": name, "created": ch.created, "creator": by.id,
			"is_archived": false, "is_general": false, "is_group": false, "is_private": false, "is_im": false, "is_mpim": false,
			"is_shared": false, "is_org_shared": false, "is_ext_shared": false, "is_pending_ext_shared": false, "context_team_id": ws.st.team.id,
		}})
	}
	ws.joined(ch, by, "")
	return ch, s
}

// joined makes somebody a member and tells the app where its bot is; false when
// he was one.
func (ws *Workspace) joined(ch *channel, u *user, inviter UserID) bool {
	if !ch.join(u.id) {
		return false
	}
	ws.hub.tell(change{kind: "conversations"})
	if ch.memberSet[ws.st.bot.id] {
		e := map[string]any{"type": "member_joined_channel", "user": u.id, "channel": ch.id, "channel_type": "C", "team": u.team}
		if inviter != "" {
			e["inviter"] = inviter
		}
		ws.emit("member_joined_channel", u.id, e)
	}
	ws.announce(ch, u.id, "channel_join", "<@"+string(u.id)+"> has joined the channel", notice{Inviter: inviter})
	return true
}

// cannotInvite is the code for why somebody cannot be brought into a channel.
func (ws *Workspace) cannotInvite(ch *channel, guest *user) string {
	switch {
	case guest == nil:
		return "user_not_found"
	case ch.memberSet[guest.id]:
		return "already_in_channel"
	case guest.kind == KindDeleted || guest.kind == KindStranger:
		return "cant_invite"
	case guest.kind == KindSingleChannelGuest && slices.ContainsFunc(ws.st.channels, func(c *channel) bool { return c.kind != kindIM && c.memberSet[guest.id] }):
		return "ura_max_channels"
	}
	return ""
}

// cannotLeave is the code for why a member cannot leave a channel.
func (ch *channel) cannotLeave() string {
	switch {
	case ch.archived:
		return "is_archived"
	case ch.name == "general":
		return "cant_leave_general"
	case len(ch.members) == 1:
		return "last_member"
	}
	return ""
}

// left takes a member out of a channel, which is the doing of by. The app hears
// of its own bot in another way than of people.
func (ws *Workspace) left(ch *channel, u *user, by UserID) {
	ch.leave(u.id)
	ws.hub.tell(change{kind: "conversations"})
	ws.announce(ch, u.id, "channel_leave", "<@"+string(u.id)+"> has left the channel", notice{})
	switch {
	case u == ws.st.bot:
		kind := channelEvent(ch, "left")
		ws.emit(kind, by, map[string]any{"type": kind, "channel": ch.id, "actor_id": by})
	case ch.memberSet[ws.st.bot.id]:
		ws.emit("member_left_channel", u.id, map[string]any{"type": "member_left_channel", "user": u.id, "channel": ch.id, "channel_type": "C", "team": u.team})
	}
}

// cannotArchive is the code for why a channel cannot be archived, or opened again.
func (ch *channel) cannotArchive(on bool) string {
	switch {
	case ch.kind == kindIM:
		return "method_not_supported_for_channel_type"
	case on && ch.archived:
		return "already_archived"
	case !on && !ch.archived:
		return "not_archived"
	case on && ch.name == "general":
		return "cant_archive_general"
	}
	return ""
}

// archived archives a channel, or opens it again, with whoever does that in it.
func (ws *Workspace) archived(ch *channel, by *user, on bool) *sent {
	ch.archived = on
	ws.changedChannel(ch)
	what, words := "archive", "archived the channel"
	if !on {
		what, words = "unarchive", "un-archived the channel"
	}
	ws.announce(ch, by.id, "channel_"+what, words, notice{})
	var s *sent
	if ws.hearsOf(ch) {
		kind := channelEvent(ch, what)
		s = ws.emit(kind, by.id, map[string]any{"type": kind, "channel": ch.id, "user": by.id})
	}
	if !on {
		ws.joined(ch, by, "")
	}
	return s
}

// renamed gives a channel another name.
func (ws *Workspace) renamed(ch *channel, by *user, name string) {
	old := ch.name
	delete(ws.st.channelNames, old)
	ws.st.channelNames[name] = ch
	ch.name, ch.oldNames = name, append([]string{old}, ch.oldNames...)
	ws.changedChannel(ch)
	ws.announce(ch, by.id, "channel_name", fmt.Sprintf("has renamed the channel from %q to %q", old, name), notice{Name: name, OldName: old})
	if ws.hearsOf(ch) {
		kind := channelEvent(ch, "rename")
		ws.emit(kind, by.id, map[string]any{"type": kind, "channel": map[string]any{
			"id": ch.id, "name": name, "name_normalized": name, "created": ch.created, "is_channel": true, "is_mpim": false,
		}})
	}
}

// topicSet gives a channel another topic; false when it is the one it has.
func (ws *Workspace) topicSet(ch *channel, by *user, topic string) bool {
	return ws.noteSet(ch, by, &ch.topic, topic, "channel_topic", "topic", notice{Topic: &topic})
}

// purposeSet gives a channel another description; false when it is the one it has.
func (ws *Workspace) purposeSet(ch *channel, by *user, purpose string) bool {
	return ws.noteSet(ch, by, &ch.purpose, purpose, "channel_purpose", "description", notice{Purpose: &purpose})
}

// noteSet changes one of the two; called is what people call it.
func (ws *Workspace) noteSet(ch *channel, by *user, which *note, text, subtype, called string, n notice) bool {
	if which.Value == text {
		return false
	}
	*which = note{text, by.id, ws.clock.Now().Unix()}
	ws.changedChannel(ch)
	words := "set the channel " + called + ": " + text
	if text == "" {
		words = "cleared channel " + called
	}
	ws.announce(ch, by.id, subtype, words, n)
	return true
}
