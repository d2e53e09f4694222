package socketmode

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// MaxSockets is how many sockets an app may have open.
const MaxSockets = 10

const (
	warnedFor    = 10 * time.Second // how long a socket lives after its warning
	maxReadFrame = 4 << 20
)

// ErrNoSocket tells that the app has no socket open.
var ErrNoSocket = errors.New("no socket is open")

// Options says what sockets are like. All of it must be set.
type Options struct {
	// Logger receives what the app does wrong.
	Logger *slog.Logger
	// AckTimeout is the real time in which an envelope must be acked.
	AckTimeout time.Duration
	// PingInterval is the real time from one ping to the next.
	PingInterval time.Duration
	// Now is the time that a socket is said to be opened at.
	Now func() time.Time
	// Wrong is told what the app did wrong with an envelope that is over.
	Wrong func(envelopeID, warning string)
	// Changed is called when a socket was opened and when one is gone.
	Changed func()
	// Done is closed when nobody is to wait for acks any longer.
	Done <-chan struct{}
}

// Sockets is the app's open sockets and the envelopes that it has not answered.
//
// An envelope gets its socket, and its place in that socket's queue, in one step
// under mu. Whoever sends with the order of things locked has each socket sent what
// it is sent in the order in which things happened.
type Sockets struct {
	opts  Options
	delay atomic.Int64 // nanoseconds that every envelope is under way

	mu      sync.Mutex
	open    []*Socket            // in the round, oldest first
	live    map[*Socket]struct{} // those and the ones that are being closed
	opened  int                  // how many there ever were
	turn    int
	pending map[string]*Pending
	over    doneAcks
	wire    wire
	closed  bool
	wg      sync.WaitGroup // readers, writers and pingers; added to only while not closed
}

// New has no socket open.
func New(opts Options) *Sockets {
	return &Sockets{opts: opts, live: map[*Socket]struct{}{}, pending: map[string]*Pending{}, over: newDoneAcks()}
}

// Count is how many sockets are open.
func (s *Sockets) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Serve makes a request a socket, and returns when that is gone. hello is its first
// frame, told how many sockets are open with it; it is called with the lock held
// and must not use Sockets. tooMany is sent instead when MaxSockets are open.
func (s *Sockets) Serve(w http.ResponseWriter, r *http.Request, hello func(k *Socket, open int) []byte, tooMany []byte) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // who comes here was checked
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		s.opts.Logger.Warn("a socket could not be upgraded", "err", err)
		return
	}
	conn.SetReadLimit(maxReadFrame)
	k := newSocket(conn)
	defer k.abort()
	if !s.add(k, s.opts.Now(), hello) {
		k.writeFrame(tooMany)
		k.close()
		return
	}
	defer s.wg.Done()
	defer s.opts.Changed()
	defer s.remove(k)
	s.opts.Changed()
	s.wg.Go(func() { k.ping(s.opts.PingInterval) })
	for {
		_, raw, err := conn.ReadMessage()
		if errors.Is(err, websocket.ErrReadLimit) {
			s.opts.Logger.Error("the app sent a frame that is far too long, so its socket was closed; Slack drops acks of 20480 bytes and more", "socket", k.number, "limit", maxReadFrame)
		}
		if err != nil {
			return
		}
		s.acked(k, raw)
	}
}

// add counts the socket in and puts its hello first in its queue, unless there
// are too many. hello is told how many sockets are open then.
func (s *Sockets) add(k *Socket, now time.Time, hello func(k *Socket, open int) []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.open) >= MaxSockets {
		return false
	}
	s.opened++
	k.number, k.at = s.opened, now
	s.open = append(s.open, k)
	s.live[k] = struct{}{}
	k.put(queued{frame: hello(k, len(s.open))})
	s.wg.Add(1)
	s.wg.Go(func() { k.write(s.Delay) })
	return true
}

// leave takes a socket out of the round; it may still be written to.
func (s *Sockets) leave(k *Socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaveLocked(k)
}

func (s *Sockets) leaveLocked(k *Socket) {
	s.open = slices.DeleteFunc(s.open, func(o *Socket) bool { return o == k })
}

// remove forgets a socket that is gone.
func (s *Sockets) remove(k *Socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaveLocked(k)
	delete(s.live, k)
}

// All lists the open sockets, oldest first.
func (s *Sockets) All() []*Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.open)
}

// Retire takes a socket out of the round and closes it once it was told why.
func (s *Sockets) Retire(k *Socket, why []byte) {
	s.leave(k)
	k.put(queued{frame: why}) // fails only where nobody is left to tell
	k.finish()
}

// Warn tells a socket that it will be closed. It still gets envelopes for ten
// seconds of real time.
func (s *Sockets) Warn(k *Socket, warning []byte) {
	k.put(queued{frame: warning})
	k.later(warnedFor, func() {
		s.leave(k)
		k.finish()
	})
}

// Close cuts every socket off and waits for what works for them.
func (s *Sockets) Close() {
	s.mu.Lock()
	s.closed = true
	s.wire.clear()
	live := s.live
	s.live = map[*Socket]struct{}{}
	s.mu.Unlock()
	for k := range live {
		k.abort()
	}
	s.wg.Wait()
}
