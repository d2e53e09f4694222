package slackdev

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func TestTheControlAPIMovesTheClock(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for _, c := range []struct{ body, want string }{
		{`{"advance":"90m"}`, "2025-11-25T10:30:00Z"},
		{`{"to":"tomorrow 09:30"}`, "2025-11-26T09:30:00Z"},
		{`{"to":"tomorrow 09:30","zone":"Asia/Kolkata"}`, "2025-11-27T04:00:00Z"},
		{`{"to":"09:30","as":"` + string(ws.User("ana").ID()) + `"}`, "2025-11-27T09:30:00Z"},
		{`{"business_days":2}`, "2025-12-01T09:30:00Z"},
		{`{"to":"2025-12-24","zone":"America/New_York"}`, "2025-12-24T14:00:00Z"},
		{`{"to":"2025-12-24T15:00:00Z"}`, "2025-12-24T15:00:00Z"},
	} {
		status, got := ask(t, ws, http.MethodPost, "/dev/api/clock", c.body)
		if status != http.StatusOK || got["now"] != c.want {
			t.Errorf("%s: %d %v, want %s", c.body, status, got, c.want)
		}
	}
	for body, want := range map[string]string{
		`{}`:                                 "in one way: advance, to or business_days",
		`{"advance":"1h","to":"09:30"}`:      "in one way",
		`{"to":"soon"}`:                      `"tomorrow 09:30"`,
		`{"to":"2025-12-01"}`:                "does not go back",
		`{"advance":"soon"}`:                 "a duration like 90m",
		`{"business_days":-1}`:               "must be 1 to",
		`{"to":"09:30","zone":"Here/There"}`: "like Europe/Berlin",
	} {
		status, got := ask(t, ws, http.MethodPost, "/dev/api/clock", body)
		if said, _ := got["error"].(string); status != http.StatusBadRequest || !strings.Contains(said, want) {
			t.Errorf("%s: %d %v, want %q", body, status, got, want)
		}
	}
}

// Triggers live three seconds and response URLs thirty minutes of the clock.
func TestWhatExpiresDoesSoByTheClock(t *testing.T) {
	t.Parallel()
	ws := start(t)
	commands := make(chan slack.SlashCommand, 1)
	b := &bot{slash: func(c slack.SlashCommand) any { commands <- c; return nil }}
	connect(t, ws, 1, b)
	view := slack.ModalViewRequest{Type: slack.VTModal, Title: plain("T"), Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
	for _, step := range []struct {
		wait    time.Duration
		trigger string
		url     int
	}{
		{3 * time.Second, "", 200},
		{4 * time.Second, "expired_trigger_id", 200},
		{31 * time.Minute, "expired_trigger_id", 404},
	} {
		if _, err := ws.User("ana").Slash(t.Context(), "general", "/thing"); err != nil {
			t.Fatal(err)
		}
		c := <-commands
		if err := ws.Clock().Advance(t.Context(), step.wait); err != nil {
			t.Fatal(err)
		}
		if _, err := b.api.OpenView(c.TriggerID, view); codeOf(err) != step.trigger {
			t.Errorf("a trigger after %s: %v", step.wait, err)
		}
		resp, err := http.Post(c.ResponseURL, "application/json", strings.NewReader(`{"text":"hi"}`))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != step.url {
			t.Errorf("a response URL after %s: %d", step.wait, resp.StatusCode)
		}
	}
}
