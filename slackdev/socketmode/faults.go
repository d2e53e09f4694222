package socketmode

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// This file is what goes wrong with envelopes on their way to the app. They are
// counted where they are queued, in the order in which they were made.

// Faults is what is to go wrong with the next envelopes.
type Faults struct {
	// Drops is how many are lost on their way.
	Drops int
	// Copies is how many times each of those after them is delivered, byte for byte
	// the same. Such an envelope is acked once.
	Copies []int
	// Reorders is how many are held back until the one after is sent, or half of
	// Options.AckTimeout is over. It goes before Copies.
	Reorders int
}

// wire is what is to go wrong, and what is held back. Sockets.mu guards it.
type wire struct {
	Faults
	held    *wired      // waits for the one after it
	release *time.Timer // lets it go if there is none
	last    *wired
}

// wired is an envelope as it goes over the wire.
type wired struct {
	id    string
	frame []byte
}

// route tells what is to be queued now that w is made: nothing, w, w several
// times, or w and the one that was held back for it.
func (f *wire) route(w wired) []wired {
	if f.Drops > 0 {
		f.Drops--
		return nil
	}
	if f.held == nil && f.Reorders > 0 {
		f.Reorders--
		f.held = &w
		return nil
	}
	n := 1
	if len(f.Copies) > 0 {
		n = f.Copies[0]
		f.Copies = f.Copies[1:]
	}
	f.last = &w
	return append(slices.Repeat([]wired{w}, n), f.let()...)
}

// fate says what became of an envelope that was routed; nothing for the usual.
func fate(copies int, held bool) string {
	switch {
	case held:
		return "held back for the next one"
	case copies == 0:
		return "dropped on its way"
	case copies > 1:
		return fmt.Sprintf("delivered %d times", copies)
	}
	return ""
}

// let lets the held envelope go.
func (f *wire) let() []wired {
	if f.release != nil {
		f.release.Stop()
		f.release = nil
	}
	w := f.held
	if w == nil {
		return nil
	}
	f.held, f.last = nil, w
	return []wired{*w}
}

// clear forgets what has not happened yet and returns the envelope that was held.
func (f *wire) clear() []wired {
	f.Drops, f.Copies, f.Reorders = 0, nil, 0
	return f.let()
}

// letHeld sends the envelope that is held back, if it still is.
func (s *Sockets) letHeld(which *wired) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wire.held == which && !s.closed {
		s.queueAll(s.wire.let())
	}
}

// queueAll queues envelopes that nobody can be told of if they find no socket;
// who waits for their acks waits in vain.
func (s *Sockets) queueAll(list []wired) {
	for _, w := range list {
		if err := s.queue(w); err != nil {
			s.opts.Logger.Warn("an envelope that was held back could not be sent", "envelope_id", w.id, "err", err)
		}
	}
}

// Fault changes what is to go wrong with the next envelopes, or looks at it; set
// is called with the lock held.
func (s *Sockets) Fault(set func(*Faults)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set(&s.wire.Faults)
}

// ClearFaults forgets what has not gone wrong yet, and lets the envelope go that is
// held back. It leaves the delay as it is.
func (s *Sockets) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queueAll(s.wire.clear())
}

// SetDelay has every envelope arrive d of real time after it was sent, in order,
// and those that are under way too. 0 or less is no delay.
func (s *Sockets) SetDelay(d time.Duration) {
	s.delay.Store(int64(max(0, d)))
	for _, k := range s.All() {
		k.nudge()
	}
}

// Delay is how long an envelope is under way.
func (s *Sockets) Delay() time.Duration { return time.Duration(s.delay.Load()) }

// Redeliver sends the last envelope once more, to the next socket in turn, and
// tells which it is. It is an error when none was sent yet, and [ErrNoSocket] when
// no socket is open.
func (s *Sockets) Redeliver() (envelopeID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wire.last == nil {
		return "", errors.New("none was sent yet")
	}
	return s.wire.last.id, s.queue(*s.wire.last)
}
