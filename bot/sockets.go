package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// sockets keeps the Socket Mode connections. There are two, on one app: each
// envelope arrives on one of them, and when one breaks the other listens.
type sockets struct {
	log     *slog.Logger
	metrics *Metrics
	deliver func(envelope)
	now     func() time.Time

	mu     sync.Mutex
	up     []*socket
	downAt time.Time    // since when no socket is open
	dialed [2]time.Time // when each was last being opened
	ousted int          // times in a row that the server closed one for the other
	why    error        // what kept one from opening last
	hello  chan struct{}
	once   sync.Once
}

// secondAfter is how long after the first the second connection is opened, so
// that Slack, which closes connections by age, does not close both at once.
const secondAfter = 5 * time.Second

func newSockets(log *slog.Logger, m *Metrics, deliver func(envelope)) *sockets {
	return &sockets{log: log, metrics: m, deliver: deliver, now: time.Now, downAt: time.Now(), hello: make(chan struct{})}
}

// run keeps both connections until ctx ends. It returns early only with a
// [TokenError].
func (s *sockets) run(ctx context.Context, api *slack.Client) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var both sync.WaitGroup
	for which, after := range []time.Duration{0, secondAfter} {
		both.Go(func() {
			if err := s.keep(ctx, api, which, after); err != nil {
				cancel(err)
			}
		})
	}
	both.Wait()
	if fatal, ok := errors.AsType[*TokenError](context.Cause(ctx)); ok {
		return fatal
	}
	return nil
}

// Waits before a connection is opened anew: none when the last one held, and
// twice as long with each that did not.
const (
	redialFirst   = 200 * time.Millisecond
	redialOpened  = 2 * time.Second  // at most, where connections open and end soon
	redialNobody  = 5 * time.Second  // at most, while nobody answers
	redialRefused = 30 * time.Second // at most, while Slack refuses
	redialSpare   = 5 * time.Minute  // at most, while the other is open
	heldFor       = 10 * time.Second
)

// nextWait is how long to wait after a connection that took lasted until it
// ended, or until it could not be opened.
func (s *sockets) nextWait(wait, lasted time.Duration, opened bool, err error) time.Duration {
	most := redialNobody
	switch {
	case opened && lasted > heldFor:
		return 0
	case opened:
		most = redialOpened
	case s.count() > 0:
		most = redialSpare
	case slackError(err) != "" || errors.Is(err, errUnwanted):
		most = redialRefused
	}
	wait = min(max(2*wait, redialFirst), most)
	if asked, ok := retryAfter(err); ok {
		wait = max(wait, asked)
	}
	return wait
}

// keep keeps one connection open until ctx ends. It returns an error only for
// tokens that will not work however often they are tried.
func (s *sockets) keep(ctx context.Context, api *slack.Client, which int, wait time.Duration) error {
	var old sync.WaitGroup // connections that Slack is about to close, and that are read until it does
	defer old.Wait()
	for pause(ctx, wait+jitter(wait)) {
		began := time.Now()
		opened, err := s.connect(ctx, api, which, &old)
		if ctx.Err() != nil {
			return nil
		}
		if fatal, ok := errors.AsType[*TokenError](err); ok {
			return fatal
		}
		if which > 0 && s.oneAtATime() {
			s.log.Warn("this server keeps one socket at a time, so one has to do")
			return nil
		}
		wait = s.nextWait(wait, time.Since(began), opened, err)
		if err != nil {
			s.failed(err)
			s.log.Warn("a socket to Slack ended or could not be opened; opening another", "in", wait, "open", s.count(), "err", err)
		}
	}
	return nil
}

// jitter is so that many who lost their connections at once do not come back at
// once.
func jitter(wait time.Duration) time.Duration {
	if wait <= 0 {
		return 0
	}
	return rand.N(wait / 2)
}

// pause waits, and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// connect opens a connection and returns when another is wanted in its place:
// it broke, or Slack has said that it will close it. In the second case it is
// read on until Slack does. It also reports whether it was of use.
func (s *sockets) connect(ctx context.Context, api *slack.Client, which int, old *sync.WaitGroup) (opened bool, err error) {
	s.dialing(which)
	k, err := dial(ctx, api)
	s.dialing(which)
	if err != nil {
		return false, s.refused(err)
	}
	k.which = which
	type ending struct {
		opened bool
		why    error
	}
	over := make(chan ending, 1)
	end := func(why error) {
		select {
		case over <- ending{k.known && !errors.Is(why, errUnwanted), why}:
		default: // another is on its way already
		}
	}
	old.Go(func() {
		stop := context.AfterFunc(ctx, k.close)
		defer stop()
		defer k.close()
		err := k.read(func(frame []byte) { s.frame(k, frame, end) })
		s.down(k)
		end(fmt.Errorf("the socket broke: %w", err))
	})
	e := <-over
	return e.opened, e.why
}

// refused is why no connection could be opened: a TokenError when trying again
// is of no use. After the first connection only a token that was taken back is
// such; whatever else may be put right by someone.
func (s *sockets) refused(err error) error {
	fatal, ok := errors.AsType[*TokenError](tokenError(err))
	if !ok {
		return err
	}
	switch fatal.Code {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked":
		return fatal
	}
	select {
	case <-s.hello:
		return err
	default:
		return fatal
	}
}

// errUnwanted is why Slack closes a connection when the next would fare no
// better.
var errUnwanted = errors.New("slack wants no connection")

// Reasons for which it does.
var closedFor = map[string]error{
	"link_disabled":       fmt.Errorf("%w: Socket Mode was turned off; turn it on again in the app's settings", errUnwanted),
	"too_many_websockets": fmt.Errorf("%w: more than ten connections use this app; stop the others, or give them an app of their own", errUnwanted),
}

// frame takes what a connection brought. It hardly waits, because while it does
// nothing else is read.
func (s *sockets) frame(k *socket, raw []byte, end func(error)) {
	e, err := Decode(raw)
	switch {
	case e.Type == "hello":
		s.log.Info("socket connected")
		s.opened(k)
	case e.Type == "disconnect":
		s.log.Info("Slack closes a socket; opening another", "reason", e.Reason)
		k.leaving = true
		time.AfterFunc(leaveWithin, k.close) // in case that it was only said
		end(closedFor[e.Reason])
	case e.ID == "":
		s.metrics.Envelopes.WithLabelValues("unknown", "undecodable").Inc()
		s.log.Warn("what came from a socket was no envelope", "bytes", len(raw), "err", err)
	default:
		s.opened(k) // there are servers without a hello
		s.deliver(envelope{Envelope: e, socket: k, arrived: s.now(), err: err})
	}
}

// leaveWithin is how long after Slack said that it closes a connection it is
// closed here: Slack takes about 10 seconds.
const leaveWithin = 30 * time.Second

// opened notes that a connection is of use.
func (s *sockets) opened(k *socket) {
	if k.known {
		return
	}
	k.known = true
	s.mu.Lock()
	defer s.mu.Unlock()
	s.up, s.why = append(s.up, k), nil
	s.metrics.Sockets.Set(float64(len(s.up)))
	s.once.Do(func() { close(s.hello) })
}

func (s *sockets) dialing(which int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dialed[which] = s.now()
}

// oustWithin is how soon after one connection was opened the end of the other
// looks like its doing.
const oustWithin = time.Second

func (s *sockets) down(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !k.known {
		return
	}
	s.up = slices.DeleteFunc(s.up, func(other *socket) bool { return other == k })
	s.metrics.Sockets.Set(float64(len(s.up)))
	if len(s.up) == 0 {
		s.downAt = s.now()
	}
	if other := 1 - k.which; !k.leaving && s.now().Sub(s.dialed[other]) < oustWithin {
		s.ousted++
	} else {
		s.ousted = 0
	}
}

// oneAtATime reports whether two connections only ever drive each other out.
func (s *sockets) oneAtATime() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ousted >= 2
}

// count is how many connections are open.
func (s *sockets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.up)
}

func (s *sockets) failed(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.why = why
}

// ack acknowledges an envelope on the connection it came on. When that is gone
// another is tried: Slack does not say that it counts, nor that it does not.
func (s *sockets) ack(ctx context.Context, e envelope, payload any) error {
	raw, tooLarge := acknowledgement{e.ID, payload}.encode()
	if raw == nil {
		return tooLarge
	}
	err := e.socket.write(ctx, raw)
	if err != nil {
		s.mu.Lock()
		others := append([]*socket(nil), s.up...)
		s.mu.Unlock()
		for _, k := range others {
			if err != nil && k != e.socket {
				err = k.write(ctx, raw)
			}
		}
	}
	return errors.Join(tooLarge, err)
}

// redAfter is how long no socket may be open before that is said aloud; a
// refresh takes well under a second.
const redAfter = 30 * time.Second

// ready is nil while a socket is open; before the first one is, and 30 seconds
// after the last one was, it says what is likely wrong.
func (s *sockets) ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.up) > 0 {
		return nil
	}
	first := false
	select {
	case <-s.hello:
	default:
		first = true
	}
	down := s.now().Sub(s.downAt)
	if down < redAfter {
		if first && s.why == nil {
			return errors.New("connecting to Slack")
		}
		if !first {
			return nil
		}
	}
	return fmt.Errorf("no connection to Slack for %s (last answer: %v). Likely causes: Socket Mode is turned off in the app's settings; SLACK_APP_TOKEN was revoked or lacks connections:write; more than ten connections use this app; the network or a proxy blocks wss:// to Slack",
		down.Round(time.Second), s.why)
}
