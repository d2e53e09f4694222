package slackdev

import (
	"context"
	"errors"
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

// retryAfter is the wait before each further attempt, from the event.
var retryAfter = [...]time.Duration{0, time.Minute, 5 * time.Minute}

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
	case !a.events[subscription]:
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
func (ws *Workspace) emit(subscription string, who UserID, event map[string]any) *sent {
	a := &ws.st.app
	if !ws.hears(subscription) {
		return nil
	}
	event["event_ts"] = formatTS(ws.clock.Now().UnixMicro())
	p := &eventPayload{
		Token: "slackdev", TeamID: ws.st.team.id, APIAppID: a.id, Event: event, Type: "event_callback",
		EventID: ws.ids.short("Ev"), EventTime: ws.clock.Now().Unix(),
		Authorizations: []any{map[string]any{
			"enterprise_id": nil, "team_id": ws.st.team.id, "user_id": ws.st.bot.id, "is_bot": true, "is_enterprise_install": false,
		}},
		EventContext: "4-" + ws.ids.uuid(),
	}
	if id, ok := event["channel"].(ChannelID); ok && ws.st.channelIDs[id] != nil {
		p.ExtShared = ws.st.channelIDs[id].extShared
	}
	s := &sent{first: make(chan struct{})}
	ws.spawn(func() {
		out, err := ws.attempt(ws.ctx, subscription, who, p, 0)
		s.out = out
		close(s.first)
		if err != nil {
			ws.retry(ws.ctx, subscription, who, p, 1)
		}
	})
	return s
}

func (ws *Workspace) attempt(ctx context.Context, name string, who UserID, p *eventPayload, n int) (Outcome, error) {
	reason := ""
	if n > 0 {
		reason = "timeout"
	}
	return ws.deliver(ctx, &envelope{
		Type: "events_api", Payload: p, RetryAttempt: &n, RetryReason: &reason,
		who: who, kind: "event", summary: name,
	})
}

// retry makes attempt n, now or when the clock gets there, and those after it
// while the app does not ack.
func (ws *Workspace) retry(ctx context.Context, name string, who UserID, p *eventPayload, n int) {
	if ws.ctx.Err() != nil {
		return
	}
	if n > len(retryAfter) {
		ws.log.Warn("an event was never acked and is lost", "event", name, "event_id", p.EventID)
		return
	}
	try := func(ctx context.Context) {
		if _, err := ws.attempt(ctx, name, who, p, n); err != nil && !errors.Is(err, context.Canceled) {
			ws.retry(ctx, name, who, p, n+1)
		}
	}
	if !ws.clock.when(time.Unix(p.EventTime, 0).Add(retryAfter[n-1]), try) {
		try(ctx)
	}
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
	if !s.out.OK {
		out.Warnings = append(out.Warnings, "the app did not ack the event; it will be sent again")
	}
	return out
}
