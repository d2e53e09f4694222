package slackdev

import (
	"context"
	"slices"
	"time"
)

// This file sends events (events_api envelopes) to the app. An event that is
// not acked is sent again at once, a minute later and five minutes later, by
// the workspace's clock; each time in a new envelope with the same event_id.
// With no socket open the first two fail on the spot, and the later ones are
// what the app gets to see.

// eventPayload is the outer event.
type eventPayload struct {
	Token          string         `json:"token"`
	TeamID         TeamID         `json:"team_id"`
	APIAppID       string         `json:"api_app_id"`
	Event          map[string]any `json:"event"`
	Type           string         `json:"type"`
	EventID        string         `json:"event_id"`
	EventTime      int64          `json:"event_time"`
	Authorizations []any          `json:"authorizations"`
	ExtShared      bool           `json:"is_ext_shared_channel"`
	EventContext   string         `json:"event_context"`
}

// event is one of the app's events, until it is acked or lost.
type event struct {
	name    string // as in the manifest
	who     UserID
	payload any
	id      string
	seq     int64     // counts events in the order in which they happened
	at      time.Time // by the workspace's clock, to the second
}

// sent is an event on its way.
type sent struct {
	first chan struct{} // closed after the first attempt
	out   Outcome       // of the first attempt
}

// hears tells whether the app subscribed to an event and was granted the scope
// it needs. An optional scope may be declined; only the others are missed.
func (ws *Workspace) hears(subscription string) bool {
	a := &ws.st.app
	scope := eventScope(subscription)
	switch {
	case !a.events[subscription] || a.token == TokenUninstalled:
		return false
	case scope == "" || a.scopes[scope]:
		return true
	}
	if !slices.Contains(ws.manifest.OAuth.Scopes.BotOptional, scope) {
		ws.log.Warn("an event is subscribed to but its scope is not granted", "event", subscription, "scope", scope)
	}
	return false
}

// emit sends the event if the app subscribed to it and may see it; it returns
// nil otherwise. subscription is the name in the manifest, which for messages
// is message.im or the like. It never blocks; the workspace is locked.
func (ws *Workspace) emit(subscription string, who UserID, about map[string]any) *sent {
	a := &ws.st.app
	now := ws.clock.Now()
	if !ws.hears(subscription) || !ws.mayEmit(subscription, now) {
		return nil
	}
	about["event_ts"] = formatTS(now.UnixMicro())
	p := &eventPayload{
		Token: "slackdev", TeamID: ws.st.team.id, APIAppID: a.id, Event: about, Type: "event_callback",
		EventID: ws.ids.short("Ev"), EventTime: now.Unix(),
		Authorizations: []any{map[string]any{
			"enterprise_id": nil, "team_id": ws.st.team.id, "user_id": ws.st.bot.id, "is_bot": true, "is_enterprise_install": false,
		}},
		EventContext: "4-" + ws.ids.uuid(),
	}
	if id, ok := about["channel"].(ChannelID); ok && ws.st.channelIDs[id] != nil {
		p.ExtShared = ws.st.channelIDs[id].extShared
	}
	return ws.launch(&event{name: subscription, who: who, payload: p, id: p.EventID, at: time.Unix(p.EventTime, 0)})
}

// launch makes the first attempt, and the others while the app does not ack.
func (ws *Workspace) launch(e *event) *sent {
	s := &sent{first: make(chan struct{})}
	e.seq = ws.retries.seq.Add(1)
	f := ws.attempt(e, 0)
	if !ws.spawn(func() {
		out, err := ws.await(ws.ctx, f)
		s.out = out
		close(s.first)
		if err != nil {
			ws.retry(e, 1)
		}
	}) {
		close(s.first) // the workspace is closed: nobody hears of it
	}
	return s
}

// attempt queues attempt n.
func (ws *Workspace) attempt(e *event, n int) *flight {
	reason := ""
	if n > 0 {
		reason = "timeout"
	}
	return ws.send(&envelope{
		Type: "events_api", Payload: e.payload, RetryAttempt: &n, RetryReason: &reason,
		who: e.who, kind: "event", summary: e.name,
	})
}

// await returns when the first attempt is over. An event the app did not ack
// is no failure for a person: it is sent again, which the warning says.
func (s *sent) await(ctx context.Context, out Outcome) Outcome {
	if s == nil {
		return out
	}
	select {
	case <-s.first:
	case <-ctx.Done():
		return out
	}
	out.EnvelopeID, out.AckMS = s.out.EnvelopeID, s.out.AckMS
	out.Warnings = append(out.Warnings, s.out.Warnings...)
	if !s.out.OK {
		out.Warnings = append(out.Warnings, "the app did not ack the event; it will be sent again")
	}
	return out
}
