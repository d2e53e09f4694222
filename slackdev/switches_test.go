package slackdev

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

func TestThePlanMayLoseItsUserGroups(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for _, none := range []bool{true, false} {
		ws.SetNoUserGroups(none)
		_, err := api(ws).GetUserGroups()
		want := map[bool]string{true: "plan_upgrade_required", false: ""}[none]
		if codeOf(err) != want || ws.NoUserGroups() != none || ws.Calmed() == none {
			t.Errorf("%v: %v, calm: %v", none, err, ws.Calmed())
		}
	}
}

func TestScopesAreWithdrawnAndGranted(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	first := ws.Scopes()
	if err := ws.RevokeScope("users:read"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetUserInfo("U0ANA"); codeOf(err) != "missing_scope" || slices.Contains(ws.Scopes(), "users:read") || ws.Calmed() {
		t.Errorf("withdrawn: %v, %v", err, ws.Scopes())
	}
	if err := ws.RevokeScope("users:read"); err == nil {
		t.Error("it was withdrawn twice")
	}
	for _, scope := range []string{"users:read", "users:read", "reactions:write"} {
		if err := ws.GrantScope(scope); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.GetUserInfo("U0ANA"); err != nil {
		t.Errorf("granted again: %v", err)
	}
	if got := ws.Scopes(); len(got) != len(first)+1 || got[len(got)-1] != "reactions:write" {
		t.Errorf("%v", got)
	}
	for _, bad := range []string{"", "a,b", "a b"} {
		if ws.GrantScope(bad) == nil {
			t.Errorf("%q was granted", bad)
		}
	}
	ws.Calm()
	if !slices.Equal(ws.Scopes(), first) || !ws.Calmed() {
		t.Errorf("calmed: %v", ws.Scopes())
	}
}

// Calls and changes of scopes at once are for the race detector.
func TestScopesChangeWhileTheAppCalls(t *testing.T) {
	t.Parallel()
	ws := start(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 20 {
			ws.RevokeScope("channels:read")
			ws.GrantScope("channels:read")
			ws.SetNoUserGroups(ws.CallCount("")%2 == 0)
		}
	}()
	for range 20 {
		if _, _, err := api(ws).GetConversations(&slack.GetConversationsParameters{}); err != nil && codeOf(err) != "missing_scope" {
			t.Error(err)
		}
		if _, err := api(ws).GetUserGroups(); err != nil && codeOf(err) != "plan_upgrade_required" {
			t.Error(err)
		}
	}
	<-done
}

func TestTheTokenIsRevokedAndTheAppRemoved(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) {
		o.Manifest = []byte(strings.Replace(testManifest, "bot_events: [", "bot_events: [tokens_revoked, app_uninstalled, ", 1))
	})
	heard := make(chan string, 8)
	b := &bot{event: func(ev slackevents.EventsAPIEvent, _ *socketmode.Request) any {
		heard <- ev.InnerEvent.Type
		return nil
	}}
	connect(t, ws, 1, b)
	hears := func(want string) {
		t.Helper()
		select {
		case got := <-heard:
			if got != want {
				t.Errorf("heard %s, want %s", got, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%s was never heard", want)
		}
	}
	ws.RevokeToken()
	hears("tokens_revoked")
	if _, err := b.api.AuthTest(); codeOf(err) != "token_revoked" || ws.Token() != TokenRevoked {
		t.Errorf("revoked: %v", err)
	}
	ws.Uninstall()
	hears("app_uninstalled")
	if _, err := b.api.AuthTest(); codeOf(err) != "account_inactive" || ws.Calmed() {
		t.Errorf("removed: %v", err)
	}
	ws.Reinstall()
	if _, err := b.api.AuthTest(); err != nil || !ws.Calmed() {
		t.Errorf("installed again: %v", err)
	}
}
