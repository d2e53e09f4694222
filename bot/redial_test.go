package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Two sockets that a server only ever closes for each other are one too many.
func TestServerThatKeepsOneSocket(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	s := newSockets(slog.New(slog.DiscardHandler), NewMetrics(prometheus.NewRegistry()), nil)
	s.now = func() time.Time { return now }
	open := func(which int) *socket {
		s.dialing(which)
		k := &socket{which: which}
		s.opened(k)
		return k
	}
	one := open(0)
	now = now.Add(secondAfter)
	two := open(1)
	s.down(one)
	if s.oneAtATime() {
		t.Error("one coincidence is enough")
	}
	now = now.Add(redialFirst)
	one = open(0)
	s.down(two)
	if !s.oneAtATime() || s.count() != 1 {
		t.Errorf("two are not enough, with %d sockets open", s.count())
	}
	// An end of its own is no such sign.
	now = now.Add(time.Hour)
	s.down(one)
	if s.oneAtATime() {
		t.Error("a socket that broke counts as driven out")
	}
}

// Nor is it one when Slack says that it closes a socket.
func TestSocketThatLeaves(t *testing.T) {
	t.Parallel()
	s := newSockets(slog.New(slog.DiscardHandler), NewMetrics(prometheus.NewRegistry()), nil)
	for range 5 {
		k := &socket{leaving: true}
		s.opened(k)
		s.dialing(1)
		s.down(k)
	}
	if s.oneAtATime() {
		t.Error("sockets that Slack recycles count as driven out")
	}
}

func TestWaitsForTheNextSocket(t *testing.T) {
	t.Parallel()
	refused := fmt.Errorf("%s: %w", openSocket, said("internal_error"))
	unwanted := closedFor["too_many_websockets"]
	for _, c := range []struct {
		name   string
		opened bool
		lasted time.Duration
		other  bool // is open
		err    error
		most   time.Duration
	}{
		{"it held", true, heldFor + time.Second, false, errors.New("EOF"), 0},
		{"it was recycled soon", true, time.Second, false, nil, redialOpened},
		{"nobody answers", false, time.Millisecond, false, errors.New("connection refused"), redialNobody},
		{"nobody answers for long", false, heldFor + time.Second, false, context.DeadlineExceeded, redialNobody},
		{"Slack refuses", false, time.Millisecond, false, refused, redialRefused},
		{"Slack wants none", false, time.Hour, false, unwanted, redialRefused},
		{"there is another", false, time.Millisecond, true, refused, redialSpare},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSockets(slog.New(slog.DiscardHandler), NewMetrics(prometheus.NewRegistry()), nil)
			if c.other {
				s.opened(&socket{})
			}
			wait, last := time.Duration(0), time.Duration(0)
			for range 30 {
				if wait = s.nextWait(wait, c.lasted, c.opened, c.err); wait < last || wait > c.most {
					t.Fatalf("it waits %v after %v", wait, last)
				}
				last = wait
			}
			if wait != c.most {
				t.Errorf("it never waits longer than %v", wait)
			}
		})
	}
	s := newSockets(slog.New(slog.DiscardHandler), NewMetrics(prometheus.NewRegistry()), nil)
	for range 100 {
		if wait := jitter(time.Second); wait < 0 || wait > time.Second/2 {
			t.Fatalf("a second is lengthened by %v", wait)
		}
	}
	if jitter(0) != 0 || s.nextWait(0, 0, false, nil) != redialFirst {
		t.Error("the first wait is not the shortest")
	}
}

// A server need not say hello before it sends something.
func TestSocketWithoutAHello(t *testing.T) {
	t.Parallel()
	var got []envelope
	s := newSockets(slog.New(slog.DiscardHandler), NewMetrics(prometheus.NewRegistry()), func(e envelope) { got = append(got, e) })
	k := &socket{}
	frame := []byte(`{"envelope_id":"e1","type":"slash_commands","payload":{"user_id":"U1"}}`)
	for range 2 {
		s.frame(k, bytes.Clone(frame), func(error) { t.Error("the socket ended") })
	}
	if len(got) != 2 || s.count() != 1 || s.ready() != nil {
		t.Errorf("%d envelopes, %d sockets, %v", len(got), s.count(), s.ready())
	}
}
