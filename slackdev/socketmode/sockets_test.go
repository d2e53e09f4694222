package socketmode

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// side is Slack's side of a connection, and the address of it.
type side struct {
	*Sockets
	url   string
	wrong chan string
}

func serve(t *testing.T, set ...func(*Options)) *side {
	t.Helper()
	done := make(chan struct{})
	s := &side{wrong: make(chan string, 10)}
	o := Options{
		Logger: slog.New(slog.DiscardHandler), AckTimeout: time.Hour, PingInterval: time.Hour, Now: time.Now, Done: done,
		Wrong: func(_, warning string) { s.wrong <- warning }, Changed: func() {},
	}
	for _, f := range set {
		f(&o)
	}
	s.Sockets = New(o)
	hello := func(k *Socket, open int) []byte { return fmt.Appendf(nil, "hello %d", open) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Serve(w, r, hello, []byte("too many")) }))
	s.url = "ws" + strings.TrimPrefix(server.URL, "http")
	t.Cleanup(func() {
		close(done)
		s.Close()
		server.Close()
	})
	return s
}

// dial opens a socket of the app and returns it after its first frame.
func (s *side) dial(t *testing.T) (conn *websocket.Conn, hello string) {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), s.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, read(t, conn)
}

func read(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	_, raw, err := conn.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func ack(t *testing.T, conn *websocket.Conn, id, payload string) {
	t.Helper()
	if err := conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"envelope_id":%q,"payload":%s}`, id, payload)); err != nil {
		t.Fatal(err)
	}
}

func TestSocketsTakeTurnsAndAcksComeBack(t *testing.T) {
	t.Parallel()
	s := serve(t)
	a, hello := s.dial(t)
	b, second := s.dial(t)
	if hello != "hello 1" || second != "hello 2" || s.Count() != 2 {
		t.Errorf("%q, %q, %d are open", hello, second, s.Count())
	}
	var sent []*Pending
	for _, id := range []string{"1", "2", "3", "4"} {
		sent = append(sent, s.Send(id, []byte(id)))
	}
	var got []string
	for _, conn := range []*websocket.Conn{b, a, b, a} { // the second is next in the round
		got = append(got, read(t, conn))
	}
	if !slices.Equal(got, []string{"1", "2", "3", "4"}) {
		t.Errorf("they read %q", got)
	}
	ack(t, b, "1", `{"text":"x"}`)
	ack(t, a, "2", `{}`)
	ack(t, a, "3", `null`) // by the other one
	for i, want := range []Ack{{Payload: json.RawMessage(`{"text":"x"}`)}, {}, {Elsewhere: true}} {
		got, err := s.Await(t.Context(), sent[i])
		if err != nil || string(got.Payload) != string(want.Payload) || got.Elsewhere != want.Elsewhere || got.After <= 0 {
			t.Errorf("envelope %d: %+v, %v", i+1, got, err)
		}
	}
	ack(t, b, "1", `{}`)
	if w := <-s.wrong; !strings.Contains(w, "it was acked before") {
		t.Error(w)
	}
}

// Whatever ends the wait, nothing of it is kept but that it is over.
func TestAWaitEndsInOneOfFourWays(t *testing.T) {
	t.Parallel()
	s := serve(t, func(o *Options) { o.AckTimeout = 10 * time.Millisecond })
	if _, err := s.Await(t.Context(), s.Send("nowhere", nil)); !errors.Is(err, ErrNoSocket) {
		t.Errorf("without a socket: %v", err)
	}
	conn, _ := s.dial(t)
	if _, err := s.Await(t.Context(), s.Send("late", []byte("late"))); !errors.Is(err, ErrNotAcked) {
		t.Errorf("without an ack: %v", err)
	}
	read(t, conn)
	ack(t, conn, "late", "{}")
	if w := <-s.wrong; !strings.Contains(w, "it is too late") {
		t.Error(w)
	}
	never := serve(t)
	never.dial(t)
	why := errors.New("lost interest")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := never.Await(ctx, never.Send("given up", nil)); !errors.Is(err, why) {
		t.Errorf("given up: %v", err)
	}
	done := make(chan struct{})
	over := serve(t, func(o *Options) { o.Done = done })
	over.dial(t)
	p := over.Send("over", nil)
	close(done)
	if _, err := over.Await(t.Context(), p); !errors.Is(err, ErrNoSocket) {
		t.Errorf("at the end: %v", err)
	}
	for _, x := range []*side{s, never, over} {
		x.mu.Lock()
		if len(x.pending) != 0 {
			t.Errorf("%d are still awaited", len(x.pending))
		}
		x.mu.Unlock()
	}
}

// What was queued before a socket was told to go is written, and nothing after it.
func TestARetiredSocketGetsWhatWasQueued(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn, _ := s.dial(t)
	s.SetDelay(time.Hour)
	s.Send("1", []byte("1"))
	s.Retire(s.All()[0], []byte("bye"))
	if err := s.SendRaw([]byte("2")); !errors.Is(err, ErrNoSocket) {
		t.Errorf("it was sent to a socket that goes: %v", err)
	}
	if a, b := read(t, conn), read(t, conn); a != "1" || b != "bye" {
		t.Errorf("it read %q and %q", a, b)
	}
	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("it ended with %v", err)
	}
}

func TestOneSocketTooManyIsToldSo(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for range MaxSockets {
		s.dial(t)
	}
	conn, first := s.dial(t)
	if _, _, err := conn.ReadMessage(); first != "too many" || err == nil || s.Count() != MaxSockets {
		t.Errorf("%q, %v, %d are open", first, err, s.Count())
	}
}
