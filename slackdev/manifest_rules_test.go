package slackdev

import (
	"log/slog"
	"strings"
	"testing"
)

// A manifest that Slack would not take starts, and the log says what is wrong.
func TestTheLogSaysWhatSlackWouldRefuseOfAManifest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"name: Test App", "name: " + strings.Repeat("x", 36), "at=/display_information/name"},
		{"name: Test App", "name: Test App, colour: red", "unknown field"},
		{"users:read, ", "", "at=/settings/event_subscriptions/bot_events"},
		{"", "", ""},
	} {
		var log lockedBuffer
		start(t, func(o *Options) {
			o.Logger = slog.New(slog.NewTextHandler(&log, nil))
			o.Manifest = []byte(strings.Replace(testManifest, c.old, c.new, 1))
		})
		if got := log.String(); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q for %q: the log says %s, want %s", c.new, c.old, got, c.want)
		}
	}
}
