package socketmode

import (
	"errors"
	"time"
)

// This file gives envelopes to sockets.

// Send queues an envelope for the next socket in turn, as far as no fault has other
// plans with it. It never waits for a socket; what it returns must be awaited, also
// when no socket is open.
func (s *Sockets) Send(envelopeID string, frame []byte) *Pending {
	id := envelopeID
	p := &Pending{id: id, acked: make(chan ackFrame, 1), at: time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[id] = p
	copies := 0
	for _, w := range s.wire.route(wired{id: id, frame: frame}) {
		if w.id == id {
			copies++
		}
		if err := s.queue(w); err != nil && w.id == id {
			p.lost = err
		}
	}
	held := s.wire.held
	p.fate = fate(copies, held != nil && held.id == id)
	if held != nil && held.id == id {
		s.wire.release = time.AfterFunc(s.opts.AckTimeout/2, func() { s.letHeld(held) })
	}
	return p
}

// SendRaw queues a frame that nobody awaits an ack of, whatever the faults.
// The error is [ErrNoSocket] when no socket is open.
func (s *Sockets) SendRaw(frame []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue(wired{frame: frame})
}

// queue gives the frame to the next socket in turn. A socket whose queue is
// full has not been read for long, and is closed.
func (s *Sockets) queue(w wired) error {
	for len(s.open) > 0 {
		s.turn++
		k := s.open[s.turn%len(s.open)]
		err := k.put(queued{frame: w.frame, at: time.Now(), envelope: true})
		if err == nil {
			s.sentTo(w.id, k)
			return nil
		}
		s.leaveLocked(k)
		if errors.Is(err, errQueueFull) {
			s.opts.Logger.Error("a socket is not read, so its queue is full and it was closed; its events come again by retries, its interactions failed", "socket", k.number, "envelopes", maxQueued, "bytes", maxQueuedBytes)
			k.abort()
		}
	}
	return ErrNoSocket
}
