package slackdev

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func TestHelloCountsSocketsAndTicketsAreSingleUse(t *testing.T) {
	t.Parallel()
	ws := start(t)
	got := post(t, ws, ws.AppToken(), "apps.connections.open", nil)
	u := got["url"].(string)
	if !strings.HasPrefix(u, "ws://127.0.0.1:") || !strings.Contains(u, "app_id="+ws.AppID()) {
		t.Errorf("url is %q", u)
	}
	if f := dialURL(t, u).read(); f.Type != "hello" || f.Connections != 1 {
		t.Errorf("first hello: %s", f.raw)
	}
	if _, resp, err := websocket.DefaultDialer.DialContext(t.Context(), u, nil); err == nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("a used ticket was taken: %v", err)
	}
	_, f := dial(t, ws)
	if f.Connections != 2 || !strings.Contains(string(f.raw), `"approximate_connection_time"`) || !strings.Contains(string(f.raw), ws.AppID()) {
		t.Errorf("second hello: %s", f.raw)
	}
}

func TestTheAppTokenGoesInTheHeaderAlone(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for name, c := range map[string]struct {
		token string
		form  url.Values
		want  string
	}{
		"none":      {"", nil, "not_authed"},
		"form only": {"", url.Values{"token": {ws.AppToken()}}, "not_authed"},
		"form too":  {ws.AppToken(), url.Values{"token": {ws.AppToken()}}, "not_allowed_token_type"},
		"bot token": {ws.BotToken(), nil, "not_allowed_token_type"},
		"unknown":   {"xapp-1-nobody", nil, "invalid_auth"},
	} {
		if got := post(t, ws, c.token, "apps.connections.open", c.form); got["error"] != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func TestPingsComeAtOnceAndGoOn(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.PingInterval = 20 * time.Millisecond })
	s, _ := dial(t, ws)
	pings := make(chan struct{}, 10)
	s.conn.SetPingHandler(func(string) error { pings <- struct{}{}; return nil })
	go s.next()
	for range 3 {
		select {
		case <-pings:
		case <-time.After(5 * time.Second):
			t.Fatal("no ping")
		}
	}
}

func TestEachEnvelopeGoesToOneSocketInTurn(t *testing.T) {
	t.Parallel()
	ws := start(t)
	seen := make(chan string, 20)
	for _, name := range []string{"a", "b", "c"} {
		s, _ := dial(t, ws)
		s.serve(func(frame) string { seen <- name; return "" })
	}
	if err := ws.WaitConnected(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for range 9 {
		must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
		count[<-seen]++
	}
	if count["a"] != 3 || count["b"] != 3 || count["c"] != 3 {
		t.Errorf("nine envelopes went %v", count)
	}
}

func TestTheEleventhSocketIsRefused(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for range 10 {
		dial(t, ws)
	}
	s, f := dial(t, ws)
	if f.Type != "disconnect" || f.Reason != "too_many_websockets" {
		t.Errorf("the eleventh got %s", f.raw)
	}
	if _, err := s.next(); err == nil {
		t.Error("the eleventh socket stayed open")
	}
	if n := ws.Sockets(); n != 10 {
		t.Errorf("%d sockets are open", n)
	}
}

func TestWithoutASocketThePersonIsToldAtOnce(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = time.Hour })
	out, err := ws.User("ana").Slash(t.Context(), "#general", "/thing new")
	if !errors.Is(err, ErrNoResponse) || out.OK || !strings.Contains(out.Error, "not connected") {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestAnAckThatIsLateOrMissingFailsForThePerson(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = 50 * time.Millisecond })
	s, _ := dial(t, ws)
	wait := doing(func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing new") })
	f := s.read()
	out, err := wait()
	if !errors.Is(err, ErrNoResponse) || !strings.Contains(out.Error, "testapp did not respond") {
		t.Fatalf("%+v, %v", out, err)
	}
	s.ack(f, `{"text":"too late"}`) // must change nothing
	s.serve(func(frame) string { return "" })
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing again"))
	if m := ws.User("ana").Messages("#general"); len(m) != 0 {
		t.Errorf("the late answer was shown: %v", m)
	}
}

func TestAnAckOf20480BytesIsDropped(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = time.Second })
	s, _ := dial(t, ws)
	frameOf := func(f frame, size int) []byte {
		head := `{"envelope_id":` + string(mustJSON(f.EnvelopeID)) + `,"payload":{"text":"`
		return []byte(head + strings.Repeat("x", size-len(head)-3) + `"}}`)
	}
	for size, want := range map[int]bool{20479: true, 20480: false} {
		wait := doing(func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
		if err := s.conn.WriteMessage(websocket.TextMessage, frameOf(s.read(), size)); err != nil {
			t.Fatal(err)
		}
		out, _ := wait()
		if out.OK != want {
			t.Errorf("an ack of %d bytes: %+v", size, out.Error)
		}
		if !want && (!strings.Contains(out.Error, "trouble connecting") || len(out.Warnings) != 1) {
			t.Errorf("the person was told %q", out.Error)
		}
	}
}

func TestPayloadsAreIgnoredWhereNoneIsAccepted(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ts := botPost(t, ws, "C0GENERAL", "card", `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`)
	wait := doing(func() (Outcome, error) { return ws.User("ana").Click(t.Context(), In("#general", "Go").At(ts)) })
	f := s.read()
	if f.Accepts == nil || *f.Accepts {
		t.Errorf("block_actions say accepts_response_payload: %s", f.raw)
	}
	s.ack(f, `{"text":"ignored"}`)
	out, err := wait()
	if err != nil || !out.OK || len(out.Warnings) != 1 || out.Response != nil {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestDuplicatesAndDrops(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = time.Second })
	s, _ := dial(t, ws)
	ids := make(chan string, 20)
	s.serve(func(f frame) string { ids <- f.EnvelopeID; return "" })
	ws.DuplicateNext(3)
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	if a, b, c := <-ids, <-ids, <-ids; a != b || b != c {
		t.Errorf("a doubled envelope had ids %s %s %s", a, b, c)
	}
	ws.DropNext(1)
	if out, err := ws.User("ana").Slash(t.Context(), "#general", "/thing"); !errors.Is(err, ErrNoResponse) {
		t.Errorf("a dropped envelope was answered: %+v", out)
	}
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
}

func TestDisconnectTellsWhyAndCloses(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for _, reason := range []DisconnectReason{DisconnectRefreshRequested, DisconnectTooManyWebsockets, DisconnectLinkDisabled} {
		s, _ := dial(t, ws)
		ws.Disconnect(reason)
		if f := s.read(); f.Type != "disconnect" || f.Reason != string(reason) || f.EnvelopeID != "" {
			t.Errorf("%s: %s", reason, f.raw)
		}
		if _, err := s.next(); err == nil {
			t.Errorf("%s: the socket stayed open", reason)
		}
	}
	if got := post(t, ws, ws.AppToken(), "apps.connections.open", nil); got["ok"] != false {
		t.Error("a socket could be opened although Socket Mode is off")
	}
	ws.EnableSocketMode()
	s, _ := dial(t, ws)
	ws.Disconnect(DisconnectWarning)
	if f := s.read(); f.Reason != "warning" {
		t.Errorf("warning: %s", f.raw)
	}
	s.serve(func(frame) string { return "" })
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing")) // still served
}

func TestSlackGoReconnectsAfterDisconnect(t *testing.T) {
	t.Parallel()
	ws := start(t)
	connect(t, ws, 1, &bot{})
	opened := ws.CallCount("apps.connections.open")
	ws.Disconnect(DisconnectRefreshRequested)
	if err := ws.WaitFor(t.Context(), func() bool { return ws.CallCount("apps.connections.open") > opened && ws.Sockets() == 1 }); err != nil {
		t.Fatal(err)
	}
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
}

func TestMalformedEnvelopesReachTheApp(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sm := socketmode.New(api(ws))
	go sm.RunContext(ctx)
	bad := make(chan *socketmode.ErrorBadMessage, 1)
	go func() {
		for ev := range sm.Events {
			if b, ok := ev.Data.(*socketmode.ErrorBadMessage); ok {
				bad <- b
				return
			}
		}
	}()
	if err := ws.WaitConnected(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := ws.SendEnvelope(ctx, json.RawMessage(`{"type":"interactive","payload":{"type":["not","text"]}}`)); err != nil {
		t.Fatal(err)
	}
	if b := <-bad; !strings.Contains(string(b.Message), "not") {
		t.Errorf("got %s", b.Message)
	}
}

func TestARawEnvelopeWithAnIDIsAwaited(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return `{"x":1}` })
	out, err := ws.SendEnvelope(t.Context(), json.RawMessage(`{"envelope_id":"e1","type":"new_kind","accepts_response_payload":true,"payload":{}}`))
	if err != nil || string(out.Response) != `{"x":1}` {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestPreflightOfASocketThatCannotOpen(t *testing.T) {
	t.Parallel()
	ws := start(t)
	_, _, err := slack.New(ws.BotToken(), slack.OptionAppLevelToken(ws.BotToken()), slack.OptionAPIURL(ws.APIURL())).StartSocketModeContext(t.Context())
	if codeOf(err) != "not_allowed_token_type" {
		t.Errorf("a bot token as app token: %v", err)
	}
}
