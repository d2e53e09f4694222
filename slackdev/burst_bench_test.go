package slackdev

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// burst is how many envelopes are made at once, on two sockets.
const burst = 4000

// BenchmarkBurst is how many envelopes a second go through two sockets, from the
// message that a person writes to the ack; x-echo is the ratio to frames of the
// same size that two bare sockets of gorilla's send and have answered.
func BenchmarkBurst(b *testing.B) {
	ws, err := Start(Options{Manifest: []byte(testManifest), KeepCalls: -1, KeepInteractions: -1, Now: testNow, AckTimeout: time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	defer ws.Close()
	size := make(chan int, 1)
	for range 2 {
		s, _ := dial(b, ws)
		s.serve(func(f frame) string {
			select {
			case size <- len(f.raw):
			default:
			}
			return ""
		})
	}
	u := ws.st.userByName("ana")
	text := strings.Repeat("words of a message ", 10)
	b.ReportAllocs()
	var ours, bare time.Duration
	for b.Loop() {
		began := time.Now()
		waits := make([]*sent, 0, burst)
		for i := range burst {
			ws.mu.Lock()
			m := &message{ts: ws.st.nextTS(testNow), channel: ws.st.openIM(u, testNow), user: u.id, text: fmt.Sprint(text, i)}
			waits = append(waits, ws.publish(m)...)
			ws.st.eventRate = eventRate{}
			ws.mu.Unlock()
		}
		for _, w := range waits {
			if <-w.first; !w.out.OK {
				b.Fatal(w.out)
			}
		}
		ours += time.Since(began)
		b.StopTimer()
		bare += echoed(b, <-size)
		b.StartTimer()
	}
	perSecond := burst * float64(b.N) / ours.Seconds()
	b.ReportMetric(perSecond, "envelopes/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "x-echo")
}

// echoed is how long two bare sockets take for as many frames of that size and
// for an answer to each.
func echoed(b *testing.B, size int) time.Duration {
	b.Helper()
	up := websocket.Upgrader{}
	frame := []byte(strings.Repeat("x", size))
	answer := []byte(`{"envelope_id":"00000000-0000-4000-8000-000000000000"}`)
	var served sync.WaitGroup
	served.Add(2)
	start := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer served.Done()
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		<-start
		go func() {
			for range burst / 2 {
				if conn.WriteMessage(websocket.TextMessage, frame) != nil {
					return
				}
			}
		}()
		for range burst / 2 {
			if _, _, err := conn.ReadMessage(); err != nil {
				b.Error(err)
				return
			}
		}
	}))
	defer server.Close()
	for range 2 {
		conn, _, err := websocket.DefaultDialer.DialContext(b.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), nil)
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Close()
		go func() {
			for range burst / 2 {
				if _, _, err := conn.ReadMessage(); err != nil {
					return
				}
				if conn.WriteMessage(websocket.TextMessage, answer) != nil {
					return
				}
			}
		}()
	}
	began := time.Now()
	close(start)
	served.Wait()
	return time.Since(began)
}
