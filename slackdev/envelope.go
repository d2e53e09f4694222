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

	"cloudimage/slackdev/socketmode"
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
	who           UserID          // who caused it, for the inspector
	kind, summary string          // for the inspector
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
		return fmt.Sprintf("We had some trouble connecting. (%s answered with %d bytes; Slack drops acks of %d and more.)", ws.st.bot.name, tooLong, socketmode.MaxAck)
	case errors.Is(why, socketmode.ErrNoSocket):
		return fmt.Sprintf("%s is not connected. (No socket is open.)", ws.st.bot.name)
	}
	return fmt.Sprintf("%s did not respond in %s.", ws.st.bot.name, seconds(ws.opts.AckTimeout))
}

func seconds(d time.Duration) string {
	if d == d.Truncate(time.Second) && d != time.Second {
		return fmt.Sprintf("%d seconds", d/time.Second)
	}
	return d.String()
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
		err := ws.sockets.SendRaw(raw)
		if err != nil {
			return Outcome{Error: ws.noResponse(err, 0)}, fmt.Errorf("send envelope: %w", err)
		}
		return Outcome{OK: true}, nil
	}
	return ws.deliver(ctx, &envelope{ID: head.ID, AcceptsReply: head.Accept, raw: raw, kind: "raw", summary: "envelope"})
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		// Only called on maps and structs of plain values made here.
		panic("slackdev: a value of our own does not marshal: " + err.Error())
	}
	return b
}
