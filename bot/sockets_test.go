package bot

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudimage/slackdev"
)

func TestReadiness(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	s := newSockets(slog.New(slog.DiscardHandler), NewMetrics(prometheus.NewRegistry()), nil)
	s.now = func() time.Time { return now }
	s.downAt = now
	one, two := &socket{}, &socket{which: 1}
	for _, step := range []struct {
		name  string
		do    func()
		words []string // none when it is ready
	}{
		{"at the start", func() {}, []string{"connecting to Slack"}},
		{"after a failure", func() { s.failed(errors.New("no such host")) }, []string{"no such host"}},
		{"half a minute later", func() { now = now.Add(redAfter) }, []string{"no connection to Slack for 30s", "Socket Mode is turned off", "connections:write"}},
		{"with a socket", func() { s.opened(one) }, nil},
		{"with two", func() { s.opened(two) }, nil},
		{"with one again", func() { s.down(one) }, nil},
		{"for a moment without", func() { s.down(two); now = now.Add(redAfter - time.Second) }, nil},
		{"half a minute without", func() { s.failed(closedFor["link_disabled"]); now = now.Add(time.Second) },
			[]string{"no connection to Slack for 30s", "turn it on again in the app's settings"}},
		{"an hour without", func() { now = now.Add(time.Hour) }, []string{"for 1h0m30s"}},
		{"with another socket", func() { s.opened(&socket{}) }, nil},
	} {
		step.do()
		err := s.ready()
		if (err == nil) != (step.words == nil) || err != nil && !mentions(err.Error(), step.words...) {
			t.Errorf("%s: %v", step.name, err)
		}
	}
}

// A bot is ready from its first socket on, and stays so while Slack refreshes it.
func TestReadyOverARefresh(t *testing.T) {
	t.Parallel()
	s := newSite(t, slackdev.Options{})
	if err := s.Ready(); err == nil {
		t.Error("it is ready before it was started")
	}
	s.run(says("Here."))
	s.await("the first socket", s.Connected())
	for _, reason := range []slackdev.DisconnectReason{slackdev.DisconnectRefreshRequested, slackdev.DisconnectWarning} {
		s.slack.Disconnect(reason)
		if err := s.Ready(); err != nil {
			t.Errorf("during %s: %v", reason, err)
		}
		s.until("a socket", func() bool { return s.slack.Sockets() > 0 })
		out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage x")
		if err != nil || !mentions(string(out.Response), "Here.") {
			t.Errorf("after %s the answer is %s, %v", reason, out.Response, err)
		}
	}
}

// A warned socket is read until Slack closes it, so that nothing gets lost
// between the two.
func TestWarnedSocketIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	s := start(t, says("Here."), slackdev.Options{})
	s.slack.Disconnect(slackdev.DisconnectWarning)
	s.until("another socket beside the warned one", func() bool { return s.slack.Sockets() >= 2 })
	for range 4 { // in turn on the old and on the new one
		out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage x")
		if err != nil || !mentions(string(out.Response), "Here.") {
			t.Errorf("the answer is %s, %v", out.Response, err)
		}
	}
}

func TestSocketModeIsSwitchedOffAndOn(t *testing.T) {
	t.Parallel()
	s := start(t, says("Here."), slackdev.Options{})
	s.slack.Disconnect(slackdev.DisconnectLinkDisabled)
	s.until("the bot to try again", func() bool { return s.slack.FailedCallCount("apps.connections.open") > 0 })
	s.slack.EnableSocketMode()
	s.until("a socket", func() bool { return s.slack.Sockets() > 0 })
	out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage x")
	if err != nil || !mentions(string(out.Response), "Here.") {
		t.Errorf("afterwards the answer is %s, %v", out.Response, err)
	}
}

func TestTokensThatWillNeverWork(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Options)
		says   []string
	}{
		"an unknown bot token":  {func(o *Options) { o.BotToken = "xoxb-wrong" }, []string{"invalid_auth", "Copy it again"}},
		"an unknown app token":  {func(o *Options) { o.AppToken = "xapp-wrong" }, []string{"invalid_auth", "Copy it again"}},
		"the bot's token twice": {func(o *Options) { o.AppToken = o.BotToken }, []string{"not_allowed_token_type", "xapp-"}},
		"the wrong address":     {func(o *Options) { o.APIURL += "nothing/" }, []string{"SLACK_API_URL"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, slackdev.Options{}, c.change)
			err := s.Run(t.Context(), says("x"))
			if _, fatal := errors.AsType[*TokenError](err); !fatal || !mentions(err.Error(), c.says...) {
				t.Errorf("it ends with %v", err)
			}
		})
	}
}

func TestAcknowledgementIsNeverTooLarge(t *testing.T) {
	t.Parallel()
	small, err := acknowledgement{"e1", map[string]string{"text": "hello"}}.encode()
	if err != nil || string(small) != `{"envelope_id":"e1","payload":{"text":"hello"}}` {
		t.Errorf("%s, %v", small, err)
	}
	bare, err := acknowledgement{"e1", nil}.encode()
	if err != nil || string(bare) != `{"envelope_id":"e1"}` {
		t.Errorf("%s, %v", bare, err)
	}
	for name, payload := range map[string]any{"large": make([]byte, maxAck), "impossible": func() {}} {
		got, err := acknowledgement{"e1", payload}.encode()
		if err == nil || string(got) != `{"envelope_id":"e1"}` {
			t.Errorf("a payload that is %s goes out as %s, %v", name, got, err)
		}
	}
}
