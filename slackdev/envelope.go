package slackdev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// envelope is one frame to the app.
type envelope struct {
	ID            string          `json:"envelope_id"`
	Type          string          `json:"type"` // slash_commands, interactive, events_api
	Payload       any             `json:"payload"`
	AcceptsReply  bool            `json:"accepts_response_payload"`
	RetryAttempt  *int            `json:"retry_attempt,omitempty"`
	RetryReason   *string         `json:"retry_reason,omitempty"`
	raw           json.RawMessage // the frame as sent
	who           UserID          // who caused it, for the feed
	kind, summary string          // for the feed
}

// ErrNoResponse tells that the app did not ack in time, or had no socket open.
var ErrNoResponse = errors.New("the app did not respond")

// ErrBadResponse tells that the app acked with something Slack would refuse.
var ErrBadResponse = errors.New("the app's response was refused")

// ErrNotPossible tells that the person cannot do that: no such channel,
// message or control, or Slack does not let him.
var ErrNotPossible = errors.New("not possible")

// refused makes the outcome of an act that was not possible: the reason as a
// sentence.
func refused(err error) (Outcome, error) {
	told := strings.TrimPrefix(err.Error(), ErrNotPossible.Error()+": ")
	if r, n := utf8.DecodeRuneInString(told); n > 0 {
		told = string(unicode.ToUpper(r)) + told[n:]
	}
	if !strings.HasSuffix(told, ".") {
		told += "."
	}
	return Outcome{Error: told}, err
}

// Outcome is what a person got for what he did.
type Outcome struct {
	// OK is false when the person was shown a failure.
	OK bool `json:"ok"`
	// Error is what the person was told, a sentence.
	Error string `json:"error,omitempty"`
	// EnvelopeID names the envelope that went to the app; empty when none did.
	EnvelopeID string `json:"envelope_id,omitempty"`
	// AckMS is how long the app took to ack, in milliseconds of real time.
	AckMS float64 `json:"ack_ms,omitempty"`
	// Response is the payload of the ack, if any.
	Response json.RawMessage `json:"response,omitempty"`
	// FieldErrors is what the app, or Slack itself, wrote under inputs of the
	// submitted modal, by block id.
	FieldErrors map[string]string `json:"errors,omitempty"`
	// Warnings is what Slack would ignore in silence, and this workspace tells.
	Warnings []string `json:"warnings,omitempty"`
}

// noResponse is what a person is told when the app fails him.
func (ws *Workspace) noResponse(why error, tooLong int) string {
	switch {
	case tooLong > 0:
		return fmt.Sprintf("We had some trouble connecting. (%s answered with %d bytes; Slack drops acks of %d and more.)", ws.st.bot.name, tooLong, maxAckFrame)
	case errors.Is(why, errNoSocket):
		return fmt.Sprintf("%s is not connected. (No socket is open.)", ws.st.bot.name)
	}
	return fmt.Sprintf("%s did not respond in %s.", ws.st.bot.name, seconds(ws.opts.AckTimeout))
}

func seconds(d time.Duration) string {
	if d == d.Truncate(time.Second) {
		return fmt.Sprintf("%d seconds", d/time.Second)
	}
	return d.String()
}

// deliver sends the envelope to one socket and waits for its ack.
func (ws *Workspace) deliver(ctx context.Context, e *envelope) (Outcome, error) {
	if e.ID == "" {
		e.ID = ws.ids.uuid()
	}
	frame, err := json.Marshal(e)
	if err != nil {
		return Outcome{Error: "The payload could not be written."}, fmt.Errorf("deliver %s: %w", e.kind, err)
	}
	e.raw = frame
	return ws.deliverRaw(ctx, e)
}

func (ws *Workspace) deliverRaw(ctx context.Context, e *envelope) (Outcome, error) {
	entry := ws.feed.begin(e, ws.clock.Now())
	ws.hub.tell(change{kind: "interactions"})
	out, err := ws.exchange(ctx, e)
	if out.Response != nil && !e.AcceptsReply {
		w := fmt.Sprintf("the ack of %s carried a payload, which Slack ignores", e.kind)
		ws.log.Warn(w, "envelope_id", e.ID)
		out.Warnings = append(out.Warnings, w)
		out.Response = nil
	}
	ws.feed.end(entry, out)
	ws.hub.tell(change{kind: "interactions"})
	return out, err
}

func (ws *Workspace) exchange(ctx context.Context, e *envelope) (Outcome, error) {
	out := Outcome{EnvelopeID: e.ID}
	pending := ws.sockets.expect(e.ID)
	began := time.Now()
	err := ws.sendCopies(e, pending)
	if err == nil {
		timer := time.NewTimer(ws.opts.AckTimeout)
		defer timer.Stop()
		select {
		case f := <-pending.acked:
			out.OK = true
			out.AckMS = float64(time.Since(began).Microseconds()) / 1000
			out.Response = f.Payload
			return out, nil
		case <-timer.C:
			err = ErrNoResponse
		case <-ctx.Done():
			ws.sockets.forget(e.ID)
			out.Error = "The wait for the app was given up."
			return out, fmt.Errorf("%s: %w", e.kind, context.Cause(ctx))
		case <-ws.ctx.Done():
			err = errNoSocket
		}
	}
	tooLong := ws.sockets.forget(e.ID)
	out.Error = ws.noResponse(err, tooLong)
	if tooLong > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("an ack of %d bytes was dropped", tooLong))
	}
	ws.log.Warn("an envelope was not acked", "kind", e.kind, "what", e.summary, "envelope_id", e.ID, "told", out.Error)
	return out, fmt.Errorf("%s %s: %w: %s", e.kind, e.summary, ErrNoResponse, out.Error)
}

// sendCopies writes the frame to one socket; to none when a fault drops it, to
// the next ones too when a fault doubles it.
func (ws *Workspace) sendCopies(e *envelope, p *pendingAck) error {
	for n := ws.faults.copies(); n > 0; n-- {
		k, err := ws.sockets.pick(p)
		if err != nil {
			return err
		}
		if err := k.write(e.raw); err != nil {
			ws.log.Warn("an envelope could not be written to its socket", "envelope_id", e.ID, "err", err)
			k.close()
		}
	}
	return nil
}

// SendEnvelope writes raw to one socket as it is, however malformed. When it
// carries an envelope_id the call waits for the ack like any other; otherwise
// it returns at once.
func (ws *Workspace) SendEnvelope(ctx context.Context, raw json.RawMessage) (Outcome, error) {
	var head struct {
		ID     string `json:"envelope_id"`
		Accept bool   `json:"accepts_response_payload"`
	}
	if err := json.Unmarshal(raw, &head); err != nil || head.ID == "" {
		k, err := ws.sockets.pick(nil)
		if err == nil {
			err = k.write(raw)
		}
		if err != nil {
			return Outcome{Error: ws.noResponse(err, 0)}, fmt.Errorf("send envelope: %w", err)
		}
		return Outcome{OK: true}, nil
	}
	return ws.deliverRaw(ctx, &envelope{ID: head.ID, AcceptsReply: head.Accept, raw: raw, kind: "raw", summary: "envelope"})
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		// Only called on maps and structs of plain values made here.
		panic("slackdev: a value of our own does not marshal: " + err.Error())
	}
	return b
}
