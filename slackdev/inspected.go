package slackdev

import (
	"encoding/json"
	"time"

	"cloudimage/slackdev/inspector"
)

// This file says in the inspector's terms what happens in the workspace.

// inspected is an envelope with what it hands to the app.
func (ws *Workspace) inspected(e *envelope) inspector.Envelope {
	out := inspector.Envelope{
		ID: e.ID, Kind: e.kind, Name: e.summary, User: string(e.who), Echo: e.who == ws.st.bot.id, Payload: e.raw,
	}
	switch p := e.Payload.(type) {
	case *slashPayload:
		out.Trigger, out.ResponseURLs, out.Channel = p.TriggerID, []string{p.ResponseURL}, string(p.ChannelID)
	case *interactivePayload:
		inspectedInteractive(&out, p)
	case *eventPayload:
		ch, _ := p.Event["channel"].(ChannelID)
		out.Channel, out.EventID = string(ch), p.EventID
		for _, key := range [...]string{"ts", "thread_ts"} {
			var ts string
			if raw, ok := p.Event[key].(json.RawMessage); ok && json.Unmarshal(raw, &ts) == nil {
				out.Messages = append(out.Messages, ts)
			}
		}
		if e.RetryAttempt != nil {
			out.Attempt = *e.RetryAttempt
		}
	}
	return out
}

func inspectedInteractive(out *inspector.Envelope, p *interactivePayload) {
	out.Trigger, out.View = p.TriggerID, string(p.viewID())
	out.ResponseURLs, out.Messages = []string{p.ResponseURL}, []string{string(p.MessageTS)}
	if p.ResponseURLs != nil {
		for _, u := range *p.ResponseURLs {
			if m, ok := u.(map[string]any); ok {
				link, _ := m["response_url"].(string)
				out.ResponseURLs = append(out.ResponseURLs, link)
			}
		}
	}
	if p.Channel != nil {
		out.Channel = string(p.Channel.ID)
	}
	if c := p.Container; c != nil {
		out.Messages = append(out.Messages, string(c.MessageTS), string(c.ThreadTS))
	}
	if p.View != nil {
		out.Metadata = p.View.PrivateMetadata
	}
}

// happened is what the inspector calls a fault of a call; empty for none.
func (f Fault) happened() string {
	if f == (Fault{}) {
		return ""
	}
	return f.Words()
}

// clockMoves tells the inspector of a move of the clock, and pages that there is
// one.
func (ws *Workspace) clockMoves(from, to time.Time) (done func(at time.Time)) {
	over := ws.record.ClockMoves(from, to)
	ws.hub.tell(change{kind: "interactions"})
	return func(at time.Time) {
		over(at)
		ws.hub.tell(change{kind: "interactions"})
	}
}
