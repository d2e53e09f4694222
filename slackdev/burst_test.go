package slackdev

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// arrival is an envelope as it reached one of the app's sockets.
type arrival struct {
	frame
	event string // event_id
	ts    TS     // of the message of an event
	text  string // of an event or a command
}

// collector acks what comes by its sockets, unless take says no, and keeps it
// apart by socket.
type collector struct {
	mu    sync.Mutex
	got   map[*rawSocket][]arrival
	acked map[string]bool // event ids and texts of commands
}

func (c *collector) serve(s *rawSocket, take func(nth int) bool) {
	s.serve(func(f frame) string {
		var p struct {
			Text    string
			EventID string `json:"event_id"`
			Event   struct {
				Text string
				TS   TS
			}
		}
		if err := json.Unmarshal(f.Payload, &p); err != nil {
			s.t.Errorf("%s: %v", f.raw, err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.got[s] = append(c.got[s], arrival{f, p.EventID, p.Event.TS, p.Text + p.Event.Text})
		if take != nil && !take(len(c.got[s])) {
			return "-"
		}
		c.acked[p.EventID+p.Text] = true
		return ""
	})
}

func (c *collector) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.acked)
}

func newCollector() *collector {
	return &collector{got: map[*rawSocket][]arrival{}, acked: map[string]bool{}}
}

// TestABurstArrivesWholeAndInOrder has thousands of events and acts happen as
// fast as they can, from many sides, on two sockets.
func TestABurstArrivesWholeAndInOrder(t *testing.T) {
	t.Parallel()
	const writers, events, acts = 4, 750, 60
	ws := start(t, func(o *Options) { o.AckTimeout = time.Minute; o.KeepInteractions = 10 })
	c := newCollector()
	var sockets []*rawSocket
	for range 2 {
		s, _ := dial(t, ws)
		c.serve(s, nil)
		sockets = append(sockets, s)
	}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range events {
				say(t, ws, fmt.Sprintf("event %d %d", w, i))
			}
		})
	}
	for _, name := range []string{"ana", "lee", "omar", "lena"} {
		p := ws.User(name)
		wg.Go(func() {
			for i := range acts {
				if _, err := p.Slash(t.Context(), "#general", fmt.Sprintf("/thing %s %d", name, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	const all = writers*events + 4*acts
	if err := ws.WaitFor(t.Context(), func() bool { return c.count() == all }); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range sockets {
		if n := len(c.got[s]); n != all/2 {
			t.Errorf("a socket got %d of %d envelopes", n, all)
		}
		checkOrder(t, c.got[s])
		for _, a := range c.got[s] {
			if seen[a.text] || *orZero(a.RetryAttempt) != 0 {
				t.Errorf("%q came twice", a.text)
			}
			seen[a.text] = true
		}
	}
	if len(seen) != all {
		t.Errorf("%d of %d arrived", len(seen), all)
	}
}

func orZero(n *int) *int {
	if n == nil {
		return new(int)
	}
	return n
}

// checkOrder sees to it that what came by one socket came in the order in which
// it happened: messages by their ts, and each person's commands by their number.
// What was sent again has its own order.
func checkOrder(t *testing.T, list []arrival) {
	t.Helper()
	var ts TS
	last := map[string]int{}
	for _, a := range list {
		switch {
		case *orZero(a.RetryAttempt) > 0:
		case a.ts != "":
			if a.ts <= ts {
				t.Errorf("the message of %s came after that of %s", a.ts, ts)
			}
			ts = a.ts
		default:
			who, n := "", 0
			if _, err := fmt.Sscan(a.text, &who, &n); err != nil {
				t.Error(err)
			}
			if n < last[who] {
				t.Errorf("number %d of %s came after %d", n, who, last[who])
			}
			last[who] = n + 1
		}
	}
}

// TestASocketThatClosesInABurstLosesNothing closes one of two sockets in the
// middle: what it had not acked comes again by the other one.
func TestASocketThatClosesInABurstLosesNothing(t *testing.T) {
	t.Parallel()
	const events, read, acked = 1000, 120, 80
	ws := start(t, func(o *Options) { o.KeepInteractions, o.AckTimeout = 10, 3*time.Second })
	c := newCollector()
	stays, _ := dial(t, ws)
	c.serve(stays, nil)
	goes, _ := dial(t, ws)
	c.serve(goes, func(nth int) bool {
		if nth == read {
			goes.conn.Close()
		}
		return nth <= acked
	})
	for i := range events {
		say(t, ws, fmt.Sprint("event ", i))
	}
	if err := ws.WaitFor(t.Context(), func() bool { return c.count() == events }); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	checkOrder(t, c.got[stays])
	checkOrder(t, c.got[goes])
	first := map[string]arrival{}
	for i, a := range c.got[goes] {
		first[a.event] = a
		if i < acked && !c.acked[a.event] {
			t.Errorf("%q was not acked", a.text)
		}
	}
	again := 0
	for _, a := range c.got[stays] {
		before, ok := first[a.event]
		if *orZero(a.RetryAttempt) == 0 {
			if ok {
				t.Errorf("%q came by both sockets", a.text)
			}
			continue
		}
		if ok && before.EnvelopeID == a.EnvelopeID || *a.RetryReason != "timeout" {
			t.Errorf("a retry like the first attempt: %s", a.raw)
		}
		again++
	}
	if again < read-acked {
		t.Errorf("%d events came again, at least %d were not acked", again, read-acked)
	}
}

// TestASocketThatIsNotReadHoldsNobodyUp fills the queue of a socket whose app
// has stopped reading. It is closed, and the other one goes on.
func TestASocketThatIsNotReadHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	ws := start(t, func(o *Options) {
		o.KeepInteractions, o.AckTimeout, o.Logger = -1, time.Minute, slog.New(slog.NewTextHandler(&log, nil))
	})
	c := newCollector()
	reads, _ := dial(t, ws)
	c.serve(reads, nil)
	dial(t, ws) // and reads no more
	pad := strings.Repeat("x", 2<<20)
	n := 0
	big := func() *flight {
		n++
		return ws.send(&envelope{ID: fmt.Sprint("e", n), raw: fmt.Appendf(nil, `{"envelope_id":"e%d","type":"new","pad":"%s","payload":{"text":"big %d"}}`, n, pad, n)})
	}
	for ws.Sockets() == 2 && n < 100 {
		// One of two goes to the socket that is read: its app is given the time to.
		acked := make(chan struct{}, 2)
		for _, f := range []*flight{big(), big()} {
			go func() {
				if _, err := ws.sockets.Await(t.Context(), f.pending); err == nil {
					acked <- struct{}{}
				}
			}()
		}
		select {
		case <-acked:
		case <-time.After(patience):
			t.Fatalf("nobody acked envelopes %d and %d", n-1, n)
		}
	}
	if ws.Sockets() != 1 || !strings.Contains(log.String(), "queue is full") {
		t.Fatalf("after %d envelopes of 2 MB the socket that is not read is still open: %s", n, log.String())
	}
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing ana 1"))
	sent := ws.SocketInfos()[0].Sent
	if c.count() != sent || sent < n/2 {
		t.Errorf("the other got %d of %d envelopes, out of %d", c.count(), sent, n)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	checkOrder(t, c.got[reads])
}
