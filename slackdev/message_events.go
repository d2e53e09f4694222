package slackdev

import (
	"encoding/json"
	"strings"
)

// This file tells the app of messages: people's, and its own, which it is told
// of as well, with the id of its bot in them. It hears of the conversations its
// bot is in, as far as it subscribed to their kind and was granted the history
// scope of it.

// subscriptionOf is the event that tells of messages of a kind of conversation,
// and what the event calls the kind.
func subscriptionOf(k channelKind) (subscription, kind string) {
	switch k {
	case kindIM:
		return "message.im", "im"
	case kindPrivate:
		return "message.groups", "group"
	}
	return "message.channels", "channel"
}

// publish stores a message and tells everybody of it.
func (ws *Workspace) publish(m *message) []*sent {
	ws.st.post(m)
	ws.changedMessages(m.channel)
	waits := []*sent{ws.emitMessage(m, func() map[string]any { return ws.messageEvent(m) })}
	bot := ws.st.bot.id
	if m.channel.kind != kindIM && !m.bot && m.channel.memberSet[bot] && strings.Contains(m.text, "<@"+string(bot)+">") {
		e := ws.messageEvent(m)
		e["type"], e["channel"] = "app_mention", m.channel.id
		waits = append(waits, ws.emit("app_mention", m.user, e))
	}
	return waits
}

// revised tells the app that a message of before is another now.
func (ws *Workspace) revised(before json.RawMessage, m *message) *sent {
	return ws.emitMessage(m, func() map[string]any {
		return ws.hiddenEvent("message_changed", map[string]any{"message": ws.messageJSON(m), "previous_message": before})
	})
}

// deleted tells the app that a message of before is gone, or a tombstone.
func (ws *Workspace) deleted(before json.RawMessage, m *message) *sent {
	if m.tombstone {
		return ws.revised(before, m)
	}
	return ws.emitMessage(m, func() map[string]any {
		return ws.hiddenEvent("message_deleted", map[string]any{"deleted_ts": m.ts, "previous_message": before})
	})
}

// emitMessage sends an event about a message, which is made only when the app
// gets it.
func (ws *Workspace) emitMessage(m *message, event func() map[string]any) *sent {
	subscription, kind := subscriptionOf(m.channel.kind)
	if !m.channel.memberSet[ws.st.bot.id] || !ws.hears(subscription) {
		return nil
	}
	e := event()
	e["channel"], e["channel_type"] = m.channel.id, kind
	return ws.emit(subscription, m.user, e)
}

// messageEvent is a message as its event shows it, which is as history does.
func (ws *Workspace) messageEvent(m *message) map[string]any {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(ws.messageJSON(m), &fields); err != nil {
		panic("slackdev: a message of our own does not unmarshal: " + err.Error())
	}
	e := make(map[string]any, len(fields)+3)
	for k, v := range fields {
		e[k] = v
	}
	return e
}

// hiddenEvent is an event that no client shows as a message.
func (ws *Workspace) hiddenEvent(subtype string, event map[string]any) map[string]any {
	event["type"], event["subtype"], event["hidden"] = "message", subtype, true
	event["ts"] = ws.st.nextTS(ws.clock.Now())
	return event
}
