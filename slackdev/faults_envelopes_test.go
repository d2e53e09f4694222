package slackdev

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev/socketmode"
)

// typedText is the text of a slash command, or of a message event.
func typedText(t *testing.T, f frame) string {
	t.Helper()
	var p struct {
		Text  string
		Event struct{ Text string }
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		t.Fatalf("%s: %v", f.raw, err)
	}
	return p.Text + p.Event.Text
}

// say has ana write to the app without waiting for its ack.
func say(t *testing.T, ws *Workspace, text string) {
	t.Helper()
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u := ws.st.userByName("ana")
	ch := ws.st.openIM(u, ws.clock.Now())
	ws.publish(&message{ts: ws.st.nextTS(ws.clock.Now()), channel: ch, user: u.id, text: text})
}

func TestAnEnvelopeIsHeldUntilTheNextOneIsSent(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = time.Hour })
	s, _ := dial(t, ws)
	ws.ReorderNext()
	for _, text := range []string{"one", "two", "three"} {
		say(t, ws, text)
	}
	for _, want := range []string{"two", "one", "three"} {
		f := s.read()
		if got := typedText(t, f); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		s.ack(f, "")
	}
}

func TestAHeldEnvelopeGoesAloneInTheEnd(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = 2 * time.Second })
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	ws.ReorderNext()
	out := must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	if out.AckMS < 100 {
		t.Errorf("it was held for %v ms", out.AckMS)
	}
}

func TestAHeldEnvelopeIsLetGoWithTheFaults(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = time.Hour })
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	ws.ReorderNext()
	ws.ReorderNext()
	say(t, ws, "held")
	ws.ClearFaults()
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	if err := ws.WaitFor(t.Context(), ws.allAcked); err != nil {
		t.Fatal(err)
	}
}

func TestASlowNetworkCountsAgainstTheApp(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	ws.DelayEnvelopes(50 * time.Millisecond)
	if out := must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing")); out.AckMS < 50 {
		t.Errorf("acked after %v ms", out.AckMS)
	}
	ws.DelayEnvelopes(time.Hour)
	wait := doing(func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
	if err := ws.WaitFor(t.Context(), func() bool { return len(envelopes(ws)) == 2 }); err != nil {
		t.Fatal(err)
	}
	ws.ClearFaults() // what is under way arrives at once
	if out, err := wait(); err != nil || !out.OK {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestANetworkThatIsTooSlowFailsForThePerson(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = 50 * time.Millisecond })
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	ws.DelayEnvelopes(time.Hour)
	if out, err := ws.User("ana").Slash(t.Context(), "#general", "/thing"); !errors.Is(err, ErrNoResponse) || !strings.Contains(out.Error, "did not respond") {
		t.Errorf("%+v, %v", out, err)
	}
	ws.Disconnect(DisconnectRefreshRequested) // does not wait an hour
	if err := ws.WaitFor(t.Context(), func() bool { return ws.Sockets() == 0 }); err != nil {
		t.Fatal(err)
	}
}

func TestTheLastEnvelopeIsRedelivered(t *testing.T) {
	t.Parallel()
	ws := start(t)
	if err := ws.RedeliverLast(); err == nil {
		t.Error("nothing was redelivered")
	}
	s, _ := dial(t, ws)
	say(t, ws, "hello")
	first := s.read()
	s.ack(first, "")
	if err := ws.WaitFor(t.Context(), func() bool { return len(envelopes(ws)) == 1 && envelopes(ws)[0].Outcome == "ok" }); err != nil {
		t.Fatal(err)
	}
	if err := ws.RedeliverLast(); err != nil {
		t.Fatal(err)
	}
	again := s.read()
	if string(again.raw) != string(first.raw) || *again.RetryAttempt != 0 {
		t.Errorf("got %s, want %s", again.raw, first.raw)
	}
	s.ack(again, "")
	s.serve(func(frame) string { return "" })
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	if w := envelopes(ws)[0].Warnings; len(w) != 0 {
		t.Errorf("an app that acked both was blamed: %q", w)
	}
	ws.Disconnect(DisconnectRefreshRequested)
	if err := ws.RedeliverLast(); !errors.Is(err, socketmode.ErrNoSocket) {
		t.Errorf("without a socket: %v", err)
	}
}

func TestClearFaultsSwitchesSocketModeOn(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ws.Disconnect(DisconnectLinkDisabled)
	if got := post(t, ws, ws.AppToken(), "apps.connections.open", nil); got["ok"] != false {
		t.Errorf("a socket could be opened: %v", got)
	}
	ws.ClearFaults()
	dial(t, ws)
}
