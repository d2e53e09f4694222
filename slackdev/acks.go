package slackdev

import (
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// This file is about acks: which are awaited, and what is wrong with those that
// come twice, late, too long or by another socket.

const (
	maxAckFrame = 20480 // bytes; Slack ignores frames that reach it
	keepDone    = 4096  // envelopes that are over and still known by id
)

// pendingAck is an envelope whose answer is awaited.
type pendingAck struct {
	acked   chan ackFrame // capacity 1
	at      time.Time     // of real time, when it was queued
	sentTo  []*socket     // one for each copy
	tooLong int           // bytes of an ack that was dropped for its size
	fate    string        // what a fault did to it, in words
}

// ackFrame is what the app answers.
type ackFrame struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
	elsewhere  bool            // by another socket than the envelope came by
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
func (s *socketSet) sentTo(id string, k *socket) {
	if p := s.pending[id]; p != nil {
		p.sentTo = append(p.sentTo, k)
	} else if d := s.over.byID[id]; d != nil {
		d.more++
	}
}

// forget ends the wait for an ack.
func (s *socketSet) forget(id string) (tooLong int) {
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
func (s *socketSet) acked(k *socket, raw []byte) {
	f, err := decodeAck(raw)
	if err != nil {
		s.log.Warn("the app sent a frame that is not an ack", "err", err, "bytes", len(raw))
		return
	}
	if wrong := s.match(k, f, len(raw)); wrong != "" {
		s.log.Warn(wrong, "envelope_id", f.EnvelopeID)
		s.told(f.EnvelopeID, wrong)
	}
}

// match finds who waits for the ack, and says what is wrong with it otherwise.
func (s *socketSet) match(k *socket, f ackFrame, size int) (wrong string) {
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
	if size >= maxAckFrame {
		p.tooLong = size
		s.log.Warn("the app's ack is too long and was dropped, as Slack does; ack empty and use views.update", "envelope_id", f.EnvelopeID, "bytes", size, "limit", maxAckFrame)
		return ""
	}
	f.elsewhere = !slices.Contains(p.sentTo, k)
	delete(s.pending, f.EnvelopeID)
	s.over.add(f.EnvelopeID, &doneAck{more: len(p.sentTo) - 1})
	k.countAck()
	p.acked <- f
	return ""
}

// ackWasWrong tells what the app did wrong with an envelope that is over.
func (ws *Workspace) ackWasWrong(envelopeID, warning string) {
	ws.record.Warned(envelopeID, warning)
	ws.hub.tell(change{kind: "interactions"})
}

func (k *socket) countAck() {
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
