package slackdev

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// Nobody can use an app that was removed, and what it had scheduled is not posted.
func TestPeopleCannotUseAnAppThatIsRemoved(t *testing.T) {
	t.Parallel()
	ws := start(t)
	got, c, ana := heard(t, ws), api(ws), ws.User("ana")
	botPost(t, ws, "C0GENERAL", "card", okButton)
	if _, _, err := c.ScheduleMessage("C0GENERAL", in(ws, time.Hour), slack.MsgOptionText("never", false)); err != nil {
		t.Fatal(err)
	}
	ws.Uninstall()
	refusal{"apps.connections.open", "", ""}.check(t, ws, ws.AppToken()) // the app itself is still there
	for name, act := range map[string]func() (Outcome, error){
		"a command":  func() (Outcome, error) { return ana.Slash(t.Context(), "#general", "/thing") },
		"a click":    func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) },
		"a shortcut": func() (Outcome, error) { return ana.Shortcut(t.Context(), "new_thing") },
	} {
		if out, err := act(); !errors.Is(err, ErrNotPossible) || !strings.Contains(out.Error, "not installed") || out.EnvelopeID != "" {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if out, err := ana.Say(t.Context(), "#general", "hey @testapp"); err != nil || out.EnvelopeID != "" {
		t.Errorf("the app hears what is said: %+v, %v", out, err)
	}
	if err := ws.Clock().Advance(t.Context(), 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	if s := ana.Sees("#general"); strings.Contains(s, "never") || len(got) != 0 {
		t.Errorf("afterwards she reads %q, and the app heard %d more", s, len(got))
	}
}
