package slackdev

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// This file is what goes wrong with envelopes on their way to the app. They are
// counted where they are queued, in the order in which they were made.

// wireFaults holds what is to go wrong. socketSet.mu guards it.
type wireFaults struct {
	drops    int
	copies   []int
	reorders int
	held     *wired      // waits for the one after it
	release  *time.Timer // lets it go if there is none
	last     *wired
}

// wired is an envelope as it goes over the wire.
type wired struct {
	id    string
	frame []byte
}

// route tells what is to be queued now that w is made: nothing, w, w several
// times, or w and the one that was held back for it.
func (f *wireFaults) route(w wired) []wired {
	if f.drops > 0 {
		f.drops--
		return nil
	}
	if f.held == nil && f.reorders > 0 {
		f.reorders--
		f.held = &w
		return nil
	}
	n := 1
	if len(f.copies) > 0 {
		n = f.copies[0]
		f.copies = f.copies[1:]
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
func (f *wireFaults) let() []wired {
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
func (f *wireFaults) clear() []wired {
	f.drops, f.copies, f.reorders = 0, nil, 0
	return f.let()
}

// letHeld sends the envelope that is held back, if it still is.
func (s *socketSet) letHeld(which *wired) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.held == which && !s.closed {
		s.queueAll(s.faults.let())
	}
}

// queueAll queues envelopes that nobody can be told of if they find no socket;
// who waits for their acks waits in vain.
func (s *socketSet) queueAll(list []wired) {
	for _, w := range list {
		if err := s.queue(w); err != nil {
			s.log.Warn("an envelope that was held back could not be sent", "envelope_id", w.id, "err", err)
		}
	}
}

// DropNext loses the next n envelopes on their way to the app.
func (ws *Workspace) DropNext(n int) {
	ws.sockets.fault(func(f *wireFaults) { f.drops += n })
	ws.tellFaults()
}

// DuplicateNext delivers the next envelope n times, byte for byte the same; it
// is acked once.
func (ws *Workspace) DuplicateNext(n int) {
	ws.sockets.fault(func(f *wireFaults) { f.copies = append(f.copies, n) })
	ws.tellFaults()
}

// ReorderNext holds the next envelope back until the one after it is sent. If
// none comes within half the time in which it must be acked, it goes alone.
func (ws *Workspace) ReorderNext() {
	ws.sockets.fault(func(f *wireFaults) { f.reorders++ })
	ws.tellFaults()
}

// DelayEnvelopes makes the network slow: every envelope arrives d of real time
// after it was sent, in order. The time to ack it counts from when it was sent,
// as with Slack. 0 ends it, also for what is under way.
func (ws *Workspace) DelayEnvelopes(d time.Duration) {
	ws.sockets.delay.Store(int64(max(0, d)))
	for _, k := range ws.sockets.all() {
		k.nudge()
	}
	ws.tellFaults()
}

// RedeliverLast sends the last envelope once more: the same envelope_id, and no
// word of a retry, as has been seen in Slack. It is an error when there was none
// or no socket is open.
func (ws *Workspace) RedeliverLast() error {
	s := ws.sockets
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.last == nil {
		return errors.New("redeliver the last envelope: none was sent yet")
	}
	if err := s.queue(*s.faults.last); err != nil {
		return fmt.Errorf("redeliver the last envelope: %w", err)
	}
	ws.record.Redelivered(s.faults.last.id, ws.clock.Now())
	ws.hub.tell(change{kind: "interactions"})
	return nil
}

func (s *socketSet) fault(set func(*wireFaults)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set(&s.faults)
}

// clearEnvelopeFaults undoes everything of this file, and lets sockets be opened.
func (ws *Workspace) clearEnvelopeFaults() {
	ws.DelayEnvelopes(0)
	ws.EnableSocketMode()
	s := ws.sockets
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queueAll(s.faults.clear())
}
