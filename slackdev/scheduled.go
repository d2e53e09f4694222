package slackdev

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// This file keeps messages that an app scheduled: they are posted when the
// workspace's clock gets to their moment.

const (
	scheduleAhead  = 120 * 24 * time.Hour
	scheduleWindow = 5 * time.Minute
	maxInWindow    = 30
	// A message that is due this soon is on its way already.
	scheduleFinal = time.Minute
)

// scheduled is one message that waits.
type scheduled struct {
	id        string
	channel   *channel
	content   content
	at        int64 // Unix seconds
	created   int64
	thread    TS
	broadcast bool
}

func scheduleMessage(c *call) (any, error) {
	at, err := strconv.ParseInt(c.args.str("post_at"), 10, 64)
	if err != nil {
		return nil, invalidArguments("must be a Unix timestamp in seconds", "/post_at")
	}
	k, ch, err := c.outgoing()
	if err != nil {
		return nil, err
	}
	ws := c.ws
	defer ws.mu.Unlock()
	if err := ws.mayPost(ch); err != nil {
		return nil, err
	}
	now := ws.clock.Now()
	switch due := time.Unix(at, 0); {
	case !due.After(now):
		return nil, fail("time_in_past")
	case due.After(now.Add(scheduleAhead)):
		return nil, fail("time_too_far")
	case ws.st.crowded(ch, at):
		return nil, fail("restricted_too_many")
	}
	s := &scheduled{
		id: ws.ids.short("Q"), channel: ch, content: k, at: at, created: now.Unix(),
		thread: TS(c.args.str("thread_ts")), broadcast: c.args.bool("reply_broadcast"),
	}
	ws.st.scheduled = append(ws.st.scheduled, s)
	ws.clock.After(time.Unix(at, 0).Sub(now), func(context.Context) { ws.postScheduled(s) })
	username := ws.st.bot.name
	if k.guise != nil {
		username = k.guise.username
	}
	return reply{
		"channel": ch.id, "scheduled_message_id": s.id, "post_at": at,
		"message": map[string]any{
			"text": k.text, "username": username, "bot_id": ws.st.app.botID, "type": "delayed_message", "subtype": "bot_message",
		},
	}, nil
}

// crowded tells whether one more message at that moment would be the
// thirty-first of five minutes in its channel.
func (st *state) crowded(ch *channel, at int64) bool {
	window := int64(scheduleWindow / time.Second)
	times := []int64{at}
	for _, s := range st.scheduled {
		if s.channel == ch && s.at > at-window && s.at < at+window {
			times = append(times, s.at)
		}
	}
	slices.Sort(times)
	for i := maxInWindow; i < len(times); i++ {
		if times[i]-times[i-maxInWindow] < window {
			return true
		}
	}
	return false
}

// postScheduled posts a message whose moment has come, unless it was deleted
// or may not be posted any more, of which Slack tells nobody and the log does.
func (ws *Workspace) postScheduled(s *scheduled) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if !ws.st.unschedule(s) {
		return
	}
	if ws.st.app.token != TokenValid {
		ws.log.Warn("a scheduled message could not be posted", "scheduled_message_id", s.id, "err", ws.st.app.token.refusal())
		return
	}
	if s.content.metadata != nil {
		// A known fault of Slack's, which its documentation warns of.
		ws.log.Error("a scheduled message has metadata, so Slack does not post it", "scheduled_message_id", s.id)
		return
	}
	if err := ws.mayPost(s.channel); err != nil {
		ws.log.Warn("a scheduled message could not be posted", "scheduled_message_id", s.id, "err", err)
		return
	}
	m := ws.newBotMessage(s.channel, s.content)
	m.thread = threadOf(s.channel, s.thread)
	m.broadcast = m.thread != "" && s.broadcast
	ws.publish(m)
	ws.record.Due("a scheduled message was due", ws.messageShown("posted", m, nil), ws.clock.Now())
	ws.hub.tell(change{kind: "interactions"})
}

// unschedule takes a message out of the queue; false when it is not in it.
func (st *state) unschedule(s *scheduled) bool {
	i := slices.Index(st.scheduled, s)
	if i < 0 {
		return false
	}
	st.scheduled = slices.Delete(st.scheduled, i, i+1)
	return true
}

func deleteScheduledMessage(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := c.channel("channel")
	if ch == nil {
		return nil, fail("channel_not_found")
	}
	id := c.args.str("scheduled_message_id")
	i := slices.IndexFunc(ws.st.scheduled, func(s *scheduled) bool { return s.id == id && s.channel == ch })
	if i < 0 || time.Unix(ws.st.scheduled[i].at, 0).Sub(ws.clock.Now()) < scheduleFinal {
		return nil, fail("invalid_scheduled_message_id")
	}
	ws.st.unschedule(ws.st.scheduled[i])
	return reply{}, nil
}

func listScheduledMessages(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	only := ChannelID(c.args.str("channel"))
	if only != "" && ws.st.channelIDs[only] == nil {
		return nil, fail("invalid_channel")
	}
	var all []any
	for _, s := range ws.st.scheduled {
		if only != "" && s.channel.id != only || !c.within(formatTS(s.at*1e6)) {
			continue
		}
		all = append(all, map[string]any{
			"id": s.id, "channel_id": s.channel.id, "post_at": s.at, "date_created": s.created, "text": s.content.text,
		})
	}
	page, meta, err := paginate(c, all, 100)
	if err != nil {
		return nil, err
	}
	return reply{"scheduled_messages": page, "response_metadata": meta}, nil
}
