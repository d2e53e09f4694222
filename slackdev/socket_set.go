package slackdev

import (
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// errNoSocket: the app has no socket open.
var errNoSocket = errors.New("no socket is open")

// socketSet is the app's open sockets and the envelopes they have not answered.
//
// An envelope gets its socket, and its place in that socket's queue, in one
// step under mu. Acts and events come here with the workspace locked, so each
// socket is sent what it is sent in the order in which things happened.
type socketSet struct {
	log   *slog.Logger
	told  func(envelopeID, warning string) // what the app did wrong with an envelope that is over
	delay atomic.Int64                     // nanoseconds that every envelope is under way

	holdFor time.Duration // how long a fault holds an envelope back for the next one

	mu      sync.Mutex
	open    []*socket            // in the round, oldest first
	live    map[*socket]struct{} // those and the ones that are being closed
	opened  int                  // how many there ever were
	turn    int
	tickets ticketBook
	pending map[string]*pendingAck
	over    doneAcks
	faults  wireFaults
	refused bool // Socket Mode is switched off
	closed  bool
	wg      sync.WaitGroup // readers, writers and pingers; added to only while not closed
}

func newSocketSet(log *slog.Logger, ackTimeout time.Duration, told func(envelopeID, warning string)) *socketSet {
	return &socketSet{log: log, told: told, holdFor: ackTimeout / 2, live: map[*socket]struct{}{}, tickets: newTicketBook(), pending: map[string]*pendingAck{}, over: newDoneAcks()}
}

func (s *socketSet) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// add counts the socket in and puts its hello first in its queue, unless there
// are too many. hello is told how many sockets are open then.
func (s *socketSet) add(k *socket, now time.Time, hello func(n int) []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.open) >= maxSockets {
		return false
	}
	s.opened++
	k.number, k.at = s.opened, now
	s.open = append(s.open, k)
	s.live[k] = struct{}{}
	k.put(queued{frame: hello(len(s.open))})
	s.wg.Add(1)
	s.wg.Go(func() { k.write(s.latency) })
	return true
}

// latency is how long an envelope is under way.
func (s *socketSet) latency() time.Duration { return time.Duration(s.delay.Load()) }

// leave takes a socket out of the round; it may still be written to.
func (s *socketSet) leave(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaveLocked(k)
}

func (s *socketSet) leaveLocked(k *socket) {
	s.open = slices.DeleteFunc(s.open, func(o *socket) bool { return o == k })
}

// remove forgets a socket that is gone.
func (s *socketSet) remove(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaveLocked(k)
	delete(s.live, k)
}

// send queues an envelope whose ack is awaited, as far as no fault has other
// plans with it. It never waits for a socket.
func (s *socketSet) send(id string, frame []byte) (*pendingAck, error) {
	p := &pendingAck{acked: make(chan ackFrame, 1), at: time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[id] = p
	var lost error
	copies := 0
	for _, w := range s.faults.route(wired{id: id, frame: frame}) {
		if w.id == id {
			copies++
		}
		if err := s.queue(w); err != nil && w.id == id {
			lost = err
		}
	}
	held := s.faults.held
	p.fate = fate(copies, held != nil && held.id == id)
	if held != nil && held.id == id {
		s.faults.release = time.AfterFunc(s.holdFor, func() { s.letHeld(held) })
	}
	return p, lost
}

// sendRaw queues a frame that nobody awaits an ack of, whatever the faults.
func (s *socketSet) sendRaw(frame []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue(wired{frame: frame})
}

// queue gives the frame to the next socket in turn. A socket whose queue is
// full has not been read for long, and is closed.
func (s *socketSet) queue(w wired) error {
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
			s.log.Error("a socket is not read, so its queue is full and it was closed; its events come again by retries, its interactions failed", "socket", k.number, "envelopes", maxQueued, "bytes", maxQueuedBytes)
			k.abort()
		}
	}
	return errNoSocket
}

func (s *socketSet) all() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.open)
}

func (s *socketSet) refuse(v bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = v
}

func (s *socketSet) close() {
	s.mu.Lock()
	s.closed = true
	s.faults.clear()
	live := s.live
	s.live = map[*socket]struct{}{}
	s.mu.Unlock()
	for k := range live {
		k.abort()
	}
	s.wg.Wait()
}
