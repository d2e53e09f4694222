package slackdev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cloudimage/slackdev/inspector"
	"cloudimage/slackdev/socketmode"
)

// This file sends envelopes and waits for their acks. These are two steps: an
// act sends while it holds the workspace's lock, so that envelopes are queued in
// the order in which things happened, and waits when it has let go of it.

// flight is an envelope on its way.
type flight struct {
	e       *envelope
	noted   inspector.Delivery
	pending *socketmode.Pending
	failed  error  // why it could not be sent
	told    string // and what the person is told then
}

// deliver sends the envelope to one socket and waits for its ack.
func (ws *Workspace) deliver(ctx context.Context, e *envelope) (Outcome, error) {
	return ws.await(ctx, ws.send(e))
}

// send queues the envelope. It does not block; the workspace may be locked. The
// flight must be awaited.
func (ws *Workspace) send(e *envelope) *flight {
	f := &flight{e: e}
	// What people do is sent while the workspace is locked.
	if (e.Type == "slash_commands" || e.Type == "interactive") && ws.st.app.token == TokenUninstalled {
		f.told, f.failed = ws.st.app.name+" is not installed here any more.", ErrNotPossible
		return f
	}
	if e.ID == "" {
		e.ID = ws.ids.uuid()
	}
	if e.raw == nil {
		if e.raw, f.failed = json.Marshal(e); f.failed != nil {
			f.told = "The payload could not be written."
			return f
		}
	}
	if ws.record.On() {
		f.noted = ws.record.Sent(ws.inspected(e), ws.clock.Now())
	}
	f.pending = ws.sockets.Send(e.ID, e.raw)
	f.noted.Hit(f.pending.Fate())
	ws.hub.tell(change{kind: "interactions"})
	return f
}

// await returns when the app has acked, or has had its time. The workspace is
// not locked.
func (ws *Workspace) await(ctx context.Context, f *flight) (Outcome, error) {
	if f.told != "" {
		return Outcome{Error: f.told}, fmt.Errorf("deliver %s: %w", f.e.kind, f.failed)
	}
	out, err := ws.exchange(ctx, f)
	if out.Response != nil && !f.e.AcceptsReply {
		w := fmt.Sprintf("the ack of %s carried a payload, which Slack ignores", f.e.kind)
		ws.log.Warn(w, "envelope_id", f.e.ID)
		out.Warnings = append(out.Warnings, w)
		out.Response = nil
	}
	f.noted.Ended(inspector.Ack{MS: out.AckMS, Response: out.Response, Told: out.Error, Warnings: out.Warnings})
	ws.hub.tell(change{kind: "interactions"})
	return out, err
}

// exchange waits for the ack and makes the outcome of it.
func (ws *Workspace) exchange(ctx context.Context, f *flight) (Outcome, error) {
	e, out := f.e, Outcome{EnvelopeID: f.e.ID}
	ack, err := ws.sockets.Await(ctx, f.pending)
	switch {
	case err == nil:
		out.OK, out.Response = true, ack.Payload
		out.AckMS = float64(ack.After.Microseconds()) / 1000
		if ack.Elsewhere {
			w := "the app acked on another socket than the envelope came by; it counts here, but Slack does not say that it does"
			ws.log.Warn(w, "envelope_id", e.ID)
			out.Warnings = append(out.Warnings, w)
		}
		return out, nil
	case !errors.Is(err, socketmode.ErrNotAcked) && !errors.Is(err, socketmode.ErrNoSocket):
		out.Error = "The wait for the app was given up."
		return out, fmt.Errorf("%s: %w", e.kind, err)
	}
	out.Error = ws.noResponse(err, ack.TooLong)
	if ack.TooLong > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("an ack of %d bytes was dropped", ack.TooLong))
	}
	ws.log.Warn("an envelope was not acked", "kind", e.kind, "what", e.summary, "envelope_id", e.ID, "told", out.Error)
	return out, fmt.Errorf("%s %s: %w: %s", e.kind, e.summary, ErrNoResponse, out.Error)
}

// ackWasWrong tells what the app did wrong with an envelope that is over.
func (ws *Workspace) ackWasWrong(envelopeID, warning string) {
	ws.record.Warned(envelopeID, warning)
	ws.hub.tell(change{kind: "interactions"})
}
