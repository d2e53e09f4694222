package socketmode

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// This file is about acks: which are awaited, and what is wrong with those that
// come twice, late, too long or by another socket.

// MaxAck is the size in bytes from which on Slack drops the frame of an ack.
const MaxAck = 20480

const keepDone = 4096 // envelopes that are over and still known by id

// ErrNotAcked is the error of [Sockets.Await] when the time to ack is over.
var ErrNotAcked = errors.New("the app did not ack in time")

// Pending is an envelope that was sent, and whose ack is awaited.
type Pending struct {
	id      string
	at      time.Time     // of real time, when it was queued
	lost    error         // why no socket got it
	fate    string        // what a fault did to it, in words
	acked   chan ackFrame // capacity 1
	sentTo  []*Socket     // one for each copy
	tooLong int           // bytes of an ack that was dropped for its size
}

// Fate is what a fault did to the envelope, in words; "" for the usual.
func (p *Pending) Fate() string { return p.fate }

// Ack is what became of an envelope.
type Ack struct {
	// Payload is what the app answered; nil for nothing, for null and for {}.
	Payload json.RawMessage
	// After is the real time from when the envelope was queued to its ack.
	After time.Duration
	// Elsewhere tells that the ack came by another socket than the envelope.
	Elsewhere bool
	// TooLong is the size in bytes of an ack that was dropped, as it had MaxAck or
	// more; 0 when there was none.
	TooLong int
}

// ackFrame is what the app answers.
type ackFrame struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
	elsewhere  bool            // by another socket than the envelope came by
}

// Await returns when the app has acked, and must be called once for whatever was
// sent. The error is [ErrNoSocket] when no socket got the envelope or Options.Done
// is closed, [ErrNotAcked] when Options.AckTimeout is over since it was queued, and
// the cause of ctx when that ends first; then nobody waits for the ack any longer.
func (s *Sockets) Await(ctx context.Context, p *Pending) (Ack, error) {
	err := p.lost
	if err == nil {
		timer := time.NewTimer(time.Until(p.at.Add(s.opts.AckTimeout)))
		defer timer.Stop()
		select {
		case a := <-p.acked:
			return Ack{Payload: a.Payload, After: time.Since(p.at), Elsewhere: a.elsewhere}, nil
		case <-timer.C:
			err = ErrNotAcked
		case <-ctx.Done():
			err = context.Cause(ctx)
		case <-s.opts.Done:
			err = ErrNoSocket
		}
	}
	return Ack{TooLong: s.forget(p.id)}, err
}

// doneAcks remembers the latest envelopes that are over.
type doneAcks struct {
	byID  map[string]*doneAck
	order []string
	next  int
}

type doneAck struct {
	more int  // copies that were sent and not acked
	late bool // nobody waited any longer
}

func newDoneAcks() doneAcks { return doneAcks{byID: map[string]*doneAck{}} }

func (d *doneAcks) add(id string, a *doneAck) {
	if len(d.order) < keepDone {
		d.order = append(d.order, id)
	} else {
		delete(d.byID, d.order[d.next])
		d.order[d.next] = id
		d.next = (d.next + 1) % keepDone
	}
	d.byID[id] = a
}

// sentTo notes that a copy of an envelope went to a socket.
func (s *Sockets) sentTo(id string, k *Socket) {
	if p := s.pending[id]; p != nil {
		p.sentTo = append(p.sentTo, k)
	} else if d := s.over.byID[id]; d != nil {
		d.more++
	}
}

// forget ends the wait for an ack.
func (s *Sockets) forget(id string) (tooLong int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.pending[id]; p != nil {
		tooLong = p.tooLong
		delete(s.pending, id)
		s.over.add(id, &doneAck{late: true})
	}
	return tooLong
}

// acked hands an ack to whoever waits for it. An envelope is answered once;
// what comes later, or for an envelope nobody sent, is noted and dropped.
func (s *Sockets) acked(k *Socket, raw []byte) {
	f, err := decodeAck(raw)
	if err != nil {
		s.opts.Logger.Warn("the app sent a frame that is not an ack", "err", err, "bytes", len(raw))
		return
	}
	if wrong := s.match(k, f, len(raw)); wrong != "" {
		s.opts.Logger.Warn(wrong, "envelope_id", f.EnvelopeID)
		s.opts.Wrong(f.EnvelopeID, wrong)
	}
}

// match finds who waits for the ack, and says what is wrong with it otherwise.
func (s *Sockets) match(k *Socket, f ackFrame, size int) (wrong string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.pending[f.EnvelopeID]
	if p == nil {
		d := s.over.byID[f.EnvelopeID]
		switch {
		case d == nil:
			return "the app acked an envelope that is not awaited: nobody sent it"
		case d.late:
			return "the app acked an envelope that is not awaited: it is too late"
		case d.more > 0:
			d.more-- // of the copies that a fault made
			return ""
		}
		return "the app acked an envelope that is not awaited: it was acked before"
	}
	if size >= MaxAck {
		p.tooLong = size
		s.opts.Logger.Warn("the app's ack is too long and was dropped, as Slack does; ack empty and use views.update", "envelope_id", f.EnvelopeID, "bytes", size, "limit", MaxAck)
		return ""
	}
	f.elsewhere = !slices.Contains(p.sentTo, k)
	delete(s.pending, f.EnvelopeID)
	s.over.add(f.EnvelopeID, &doneAck{more: len(p.sentTo) - 1})
	k.countAck()
	p.acked <- f
	return ""
}

func (k *Socket) countAck() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.acked++
}

// decodeAck reads an ack frame.
func decodeAck(raw []byte) (ackFrame, error) {
	var f ackFrame
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, err
	}
	if f.EnvelopeID == "" {
		return f, errors.New("envelope_id is missing")
	}
	// Bolt acks with an empty object where it has nothing to say.
	if s := string(f.Payload); s == "null" || s == "{}" {
		f.Payload = nil
	}
	return f, nil
}
