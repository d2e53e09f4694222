package slackdev

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// This file has emoji under messages, those of people and those of the app.

// reaction is one emoji under a message, and who chose it, in order.
type reaction struct {
	Name  string   `json:"name"`
	Users []UserID `json:"users"`
	Count int      `json:"count"`
}

// maxReactions is how many different emoji fit under a message, and
// maxOwnReactions how many of one account.
const (
	maxReactions    = 50
	maxOwnReactions = 23
)

// emojiName is what an emoji may be called, with a tone of skin where it has one.
var emojiName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_+'-]{1,100}(::skin-tone-[2-6])?$`)

// react adds a reaction or takes it away, and returns Slack's code for why not.
func (m *message) react(who UserID, name string, on bool) string {
	if !emojiName.MatchString(name) {
		return "invalid_name"
	}
	at := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.Name == name })
	has := at >= 0 && slices.Contains(m.reactions[at].Users, who)
	mine := 0
	for _, r := range m.reactions {
		if slices.Contains(r.Users, who) {
			mine++
		}
	}
	switch {
	case on && has:
		return "already_reacted"
	case !on && !has:
		return "no_reaction"
	case on && mine >= maxOwnReactions:
		return "too_many_emoji"
	case on && at < 0 && len(m.reactions) >= maxReactions:
		return "too_many_reactions"
	}
	// What was handed out before is left as it is.
	m.reactions = slices.Clone(m.reactions)
	m.json = nil
	if at < 0 {
		m.reactions = append(m.reactions, reaction{Name: name, Users: []UserID{who}, Count: 1})
		return ""
	}
	r := &m.reactions[at]
	if on {
		r.Users = append(slices.Clone(r.Users), who)
	} else {
		r.Users = slices.DeleteFunc(slices.Clone(r.Users), func(id UserID) bool { return id == who })
	}
	if r.Count = len(r.Users); r.Count == 0 {
		m.reactions = slices.Delete(m.reactions, at, at+1)
	}
	return ""
}

// reacted tells everybody, the app too where its bot is and it subscribed.
func (ws *Workspace) reacted(who UserID, m *message, name string, on bool) *sent {
	ws.changedMessages(m.channel)
	if !m.channel.memberSet[ws.st.bot.id] {
		return nil
	}
	kind := "reaction_added"
	if !on {
		kind = "reaction_removed"
	}
	return ws.emit(kind, who, map[string]any{
		"type": kind, "user": who, "reaction": name, "item_user": m.user,
		"item": map[string]any{"type": "message", "channel": m.channel.id, "ts": m.ts},
	})
}

// reactAs is a person's reaction, with or without the colons.
func (ws *Workspace) reactAs(ctx context.Context, u *user, where string, ts TS, emoji string, on bool) (Outcome, error) {
	name := strings.Trim(emoji, ":")
	ws.mu.Lock()
	m, err := ws.heldMessage(u, where, ts)
	if err == nil {
		if why := m.react(u.id, name, on); why != "" {
			err = fmt.Errorf("%w: %s", ErrNotPossible, reactionWords(why, name))
		}
	}
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	s := ws.reacted(u.id, m, name, on)
	ws.mu.Unlock()
	return s.await(ctx, Outcome{OK: true}), nil
}

func reactionWords(code, name string) string {
	switch code {
	case "already_reacted":
		return "this reaction is there already: " + name
	case "no_reaction":
		return "this reaction is not there: " + name
	case "invalid_name":
		return fmt.Sprintf("%q is no name of an emoji; write one like tada", name)
	}
	return "no more reactions fit under the message"
}

func addReaction(c *call) (any, error)    { return reactByApp(c, true) }
func removeReaction(c *call) (any, error) { return reactByApp(c, false) }

func reactByApp(c *call, on bool) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	m, err := reactedTo(c)
	if err != nil {
		return nil, err
	}
	name := strings.Trim(c.args.str("name"), ":")
	if why := m.react(ws.st.bot.id, name, on); why != "" {
		return nil, fail(why)
	}
	ws.reacted(ws.st.bot.id, m, name, on)
	kind := "reaction_added"
	if !on {
		kind = "reaction_removed"
	}
	c.shows(markShown(kind, m, name))
	return reply{}, nil
}

func getReactions(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	m, err := reactedTo(c)
	if err != nil {
		return nil, err
	}
	return reply{"type": "message", "channel": m.channel.id, "message": c.ws.messageJSON(m)}, nil
}

func reactedTo(c *call) (*message, error) {
	ch, err := c.heldChannel("channel")
	if err != nil {
		return nil, err
	}
	switch m := ch.byTS[TS(c.args.str("timestamp"))]; {
	case c.args.str("timestamp") == "":
		return nil, fail("no_item_specified")
	case !aMoment.MatchString(c.args.str("timestamp")):
		return nil, fail("bad_timestamp")
	case m == nil || m.tombstone:
		return nil, fail("message_not_found")
	default:
		return m, nil
	}
}
