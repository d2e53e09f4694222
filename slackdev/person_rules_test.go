package slackdev

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// A command says where and who, and nothing of a thread.
func TestTheKeysOfASlashCommand(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	_, p := capture(t, s, func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#random", "/thing") })
	const want = "api_app_id channel_id channel_name command is_enterprise_install response_url team_domain team_id text token trigger_id user_id user_name"
	if got := keys(p); got != want {
		t.Errorf("keys: %s", got)
	}
	if p["text"] != "" {
		t.Errorf("text is %q", p["text"])
	}
}

// What is not acked is lost: the person is told, and the app never hears of it
// again.
func TestCommandsAndClicksAreNeverSentAgain(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = 50 * time.Millisecond })
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	botPost(t, ws, "C0GENERAL", "card", okButton)
	for _, act := range []func() (Outcome, error){
		func() (Outcome, error) { return ana.Slash(t.Context(), "#general", "/thing") },
		func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) },
	} {
		wait := doing(act)
		s.read()
		if out, err := wait(); !errors.Is(err, ErrNoResponse) {
			t.Errorf("%+v, %v", out, err)
		}
	}
	if err := ws.Clock().Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	// Frames come in order, so whatever came again would come before this one.
	must[Outcome](t)(ws.SendEnvelope(t.Context(), json.RawMessage(`{"type":"mark"}`)))
	if f := s.read(); f.Type != "mark" {
		t.Errorf("it was sent again: %s", f.raw)
	}
}

// Whoever reloads loses what only he saw, and the app hears nothing of it, even
// of a modal that asked to be told.
func TestAReloadTellsTheAppNothing(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	openWith(t, ws, s, ana, strings.Replace(modalNamed("m"), `"type":"modal"`, `"type":"modal","notify_on_close":true`, 1))
	ana.Reload()
	if all := ana.Modals(); len(all) != 0 {
		t.Errorf("still open: %+v", all)
	}
	// The next envelope is that of the next act.
	if _, p := capture(t, s, func() (Outcome, error) { return ana.Shortcut(t.Context(), "new_thing") }); p["type"] != "shortcut" {
		t.Errorf("the app was told %v", p["type"])
	}
}

func TestWithoutInteractivityNothingIsSent(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) {
		o.Manifest = []byte(strings.Replace(testManifest, "interactivity: { is_enabled: true }", "interactivity: { is_enabled: false }", 1))
	})
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	ts := botPost(t, ws, "C0GENERAL", "card", okButton)
	openWith(t, ws, s, ana, strings.Replace(inputModal(labelled("who", `{"type":"external_select","action_id":"v"}`, `,"optional":true`)), `"type":"modal"`, `"type":"modal","notify_on_close":true`, 1))
	for name, act := range map[string]func() (Outcome, error){
		"a button":           func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) },
		"a submission":       func() (Outcome, error) { return ana.Submit(t.Context()) },
		"a shortcut":         func() (Outcome, error) { return ana.Shortcut(t.Context(), "new_thing") },
		"a message shortcut": func() (Outcome, error) { return ana.MessageAction(t.Context(), "#general", ts, "link_it") },
		"a typeahead": func() (Outcome, error) {
			_, out, err := ana.Suggest(t.Context(), InModal("who"), "abc")
			return out, err
		},
	} {
		if out, err := act(); !errors.Is(err, ErrNotPossible) || out.EnvelopeID != "" || out.Error != notInteractive {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if out, err := ana.Close(t.Context()); err != nil || !out.OK || out.EnvelopeID != "" {
		t.Errorf("closing: %+v, %v", out, err)
	}
}

// In an archived channel nothing can be pressed, written or filled in.
func TestAnArchivedChannelIsStill(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	ts := botPost(t, ws, "C0GENERAL", "card", okButton)
	capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) })
	if err := ws.Archive("general"); err != nil {
		t.Fatal(err)
	}
	for name, act := range map[string]func() (Outcome, error){
		"a click":   func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) },
		"a message": func() (Outcome, error) { return ana.Say(t.Context(), "#general", "hello?") },
		"a reply":   func() (Outcome, error) { return ana.SayIn(t.Context(), "#general", ts, "hello?") },
		"a command": func() (Outcome, error) { return ana.Slash(t.Context(), "#general", "/thing") },
	} {
		if out, err := act(); !errors.Is(err, ErrNotPossible) || !strings.Contains(out.Error, "archived") || out.EnvelopeID != "" {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if err := ana.Invite("#general", "sol"); !errors.Is(err, ErrNotPossible) {
		t.Errorf("an invitation: %v", err)
	}
}

func TestOnlyPublicChannelsAreJoined(t *testing.T) {
	t.Parallel()
	ws := start(t)
	if err := ws.User("ana").Invite("#private-partners", "testapp"); err != nil {
		t.Fatal(err)
	}
	botPost(t, ws, "U0ANA", "hello", "")
	for _, channel := range []string{"C0PRIVATEPARTNERS", "D0ANA"} {
		refusal{"conversations.join", "channel=" + channel, "method_not_supported_for_channel_type"}.check(t, ws, ws.BotToken())
	}
}

func TestAddressesFindWhoWorksHere(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for email, want := range map[string]string{
		"ANA@acme.example": "", "dana@acme.example": "users_not_found", "oscar@partner.example": "users_not_found", "": "users_not_found",
	} {
		if _, err := api(ws).GetUserByEmail(email); codeOf(err) != want {
			t.Errorf("%q: %v, want %q", email, err, want)
		}
	}
}

func TestUserGroupsCanBeReadWithTheirPeople(t *testing.T) {
	t.Parallel()
	c := api(start(t))
	bare, err := c.GetUserGroups()
	if err != nil || len(bare) != 3 || bare[0].UserCount != 2 || len(bare[0].Users) != 0 {
		t.Errorf("%+v, %v", bare, err)
	}
	full, err := c.GetUserGroups(slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(full[0].Users) != 2 {
		t.Errorf("%+v, %v", full, err)
	}
}
