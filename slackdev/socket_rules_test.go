package slackdev

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestASocketThatAsksForItIsRecycledAfter360Seconds(t *testing.T) {
	t.Parallel()
	ws := start(t)
	usual, _ := dial(t, ws)
	got := post(t, ws, ws.AppToken(), "apps.connections.open", nil)
	s := dialURL(t, got["url"].(string)+"&debug_reconnects=true")
	if hello := s.read(); !strings.Contains(string(hello.raw), `"approximate_connection_time":360`) {
		t.Errorf("hello: %s", hello.raw)
	}
	if err := ws.Clock().Advance(t.Context(), 359*time.Second); err != nil {
		t.Fatal(err)
	}
	if n := ws.Sockets(); n != 2 {
		t.Errorf("%d sockets are open before their time is over", n)
	}
	if err := ws.Clock().Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	if f := s.read(); f.Type != "disconnect" || f.Reason != "refresh_requested" {
		t.Errorf("%s", f.raw)
	}
	usual.serve(func(frame) string { return "" })
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	if n := ws.Sockets(); n != 1 {
		t.Errorf("%d sockets are open", n)
	}
}

func TestOneSocketIsClosedForEachReason(t *testing.T) {
	t.Parallel()
	for _, reason := range []DisconnectReason{DisconnectWarning, DisconnectRefreshRequested, DisconnectTooManyWebsockets, DisconnectLinkDisabled} {
		ws := start(t)
		a, _ := dial(t, ws)
		b, _ := dial(t, ws)
		ws.DisconnectOne(reason)
		if f := a.read(); f.Type != "disconnect" || f.Reason != string(reason) {
			t.Errorf("%s: %s", reason, f.raw)
		}
		want := map[DisconnectReason]int{DisconnectWarning: 2, DisconnectLinkDisabled: 0}[reason]
		if reason == DisconnectRefreshRequested || reason == DisconnectTooManyWebsockets {
			want = 1
		}
		if n := ws.Sockets(); n != want {
			t.Errorf("%s left %d sockets, want %d", reason, n, want)
		}
		if reason == DisconnectLinkDisabled { // it is about the app, not about a socket
			if f := b.read(); f.Reason != string(reason) {
				t.Errorf("the other got %s", f.raw)
			}
		}
		if reason == DisconnectWarning && !ws.SocketInfos()[0].Warned {
			t.Error("the warned socket is not shown as such")
		}
	}
}

func TestATicketIsGoodForAMinute(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s := ws.tickets
	s.issue("old")
	s.mu.Lock()
	s.made["old"] = time.Now().Add(-ticketLife - time.Second)
	s.mu.Unlock()
	if s.redeem("old") {
		t.Error("a ticket of a minute ago was taken")
	}
	for range 3 * keepTickets {
		s.issue(ws.ids.uuid())
	}
	s.issue("new")
	if !s.redeem("new") || s.redeem("new") {
		t.Error("a new ticket is not good for exactly one connection")
	}
	if n := len(s.made); n > keepTickets || len(s.order) > keepTickets {
		t.Errorf("%d tickets are kept", n)
	}
}

func TestWhatIsWrongWithAnAckIsTold(t *testing.T) {
	t.Parallel()
	ws := start(t)
	a, _ := dial(t, ws)
	b, _ := dial(t, ws)
	arrived := make(chan func() (*rawSocket, frame), 1)
	for _, s := range []*rawSocket{a, b} {
		s.serve(func(f frame) string {
			arrived <- func() (*rawSocket, frame) { return s, f }
			return "-"
		})
	}
	wait := doing(func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
	on, f := (<-arrived)()
	other := a
	if on == a {
		other = b
	}
	other.ack(f, "")
	out, err := wait()
	if err != nil || len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0], "another socket") {
		t.Errorf("an ack on another socket: %+v, %v", out, err)
	}
	on.ack(f, "")
	if err := ws.WaitFor(t.Context(), func() bool { return len(envelopes(ws)[0].Warnings) == 2 }); err != nil {
		t.Fatal(err)
	}
	if w := envelopes(ws)[0].Warnings[1]; !strings.Contains(w, "acked before") {
		t.Errorf("a second ack: %q", w)
	}
}

func TestALateAckIsTold(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = 30 * time.Millisecond })
	s, _ := dial(t, ws)
	wait := doing(func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
	f := s.read()
	if _, err := wait(); !errors.Is(err, ErrNoResponse) {
		t.Fatal(err)
	}
	s.ack(f, "")
	late := func() bool {
		return slices.ContainsFunc(envelopes(ws)[0].Warnings, func(w string) bool { return strings.Contains(w, "too late") })
	}
	if err := ws.WaitFor(t.Context(), late); err != nil {
		t.Fatal(err)
	}
}

func TestSocketsOnView(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = time.Hour })
	a, _ := dial(t, ws)
	if err := ws.Clock().Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	b, _ := dial(t, ws)
	for range 4 {
		say(t, ws, "hello")
	}
	for range 2 {
		a.ack(a.read(), "")
	}
	first, second := b.read(), b.read()
	if err := ws.WaitFor(t.Context(), func() bool { return ws.SocketInfos()[0].Acked == 2 }); err != nil {
		t.Fatal(err)
	}
	got := ws.SocketInfos()
	if got[0].Sent != 2 || got[0].Unacked != 0 || got[0].OldestUnackedMS != 0 || !got[0].Opened.Equal(testNow) || got[0].Number != 1 {
		t.Errorf("the first: %+v", got[0])
	}
	if got[1].Sent != 2 || got[1].Acked != 0 || got[1].Queued != 0 || got[1].Unacked != 2 || got[1].OldestUnackedMS <= 0 || !got[1].Opened.Equal(testNow.Add(time.Minute)) {
		t.Errorf("the second: %+v", got[1])
	}
	b.ack(first, "")
	b.ack(second, "")
	_, w := ask(t, ws, "GET", "/dev/api/workspace", "")
	if at(w, "sockets", 0, "sent") != 2.0 || at(w, "sockets", 1, "number") != 2.0 {
		t.Errorf("the page reads %v", at(w, "sockets"))
	}
}

func TestOnlySomeKindsTakeAPayload(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return `{"text":"not for this kind"}` })
	ana := ws.User("ana")
	card := botPost(t, ws, "C0GENERAL", "card", richCard)
	for name, act := range map[string]func() (Outcome, error){
		"event":          func() (Outcome, error) { return ana.OpenHome(t.Context()) },
		"block_actions":  func() (Outcome, error) { return ana.Click(t.Context(), In("C0GENERAL", "done").At(card)) },
		"shortcut":       func() (Outcome, error) { return ana.Shortcut(t.Context(), "new_thing") },
		"message_action": func() (Outcome, error) { return ana.MessageAction(t.Context(), "C0GENERAL", card, "link_it") },
	} {
		out, err := act()
		if err != nil || !out.OK || out.Response != nil || len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0], "the ack of "+name+" carried a payload") {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if out := must[Outcome](t)(ana.Slash(t.Context(), "#general", "/thing")); len(out.Warnings) != 0 || out.Response == nil {
		t.Errorf("a command may be answered: %+v", out)
	}
}

func TestAFrameThatIsFarTooLongClosesTheSocketLoudly(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	ws := start(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	s, _ := dial(t, ws)
	// The socket may be closed while the frame is still being sent.
	s.conn.WriteMessage(websocket.TextMessage, make([]byte, 4<<20+1))
	if err := ws.WaitFor(t.Context(), func() bool { return ws.Sockets() == 0 }); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "far too long") {
		t.Errorf("the log says %s", log.String())
	}
}
