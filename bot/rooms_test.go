package bot

import (
	"testing"

	"cloudimage/slackdev"
	"cloudimage/workflow"
)

func TestRoomsForInternalData(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{})
	for id, says := range map[workflow.ChannelID]string{
		"C0GENERAL":            "",
		"C0RANDOM":             "", // the post says that the bot is not in it
		"D0ANA":                "",
		"U0ANA":                "",
		"C0SHAREDDIGITALOCEAN": "shared with another organisation",
		"C0PRIVATEPARTNERS":    "Invite me there first",
		"C0NOWHERE":            "Invite me there first",
	} {
		refusal, err := s.rooms.refusal(t.Context(), id)
		if err != nil || (says == "") != refusal.IsZero() || !mentions(refusal.String(), says) {
			t.Errorf("%s: %q, %v", id, refusal, err)
		}
	}
	calls := s.slack.CallCount("conversations.info")
	if _, err := s.rooms.refusal(t.Context(), "C0GENERAL"); err != nil || s.slack.CallCount("conversations.info") != calls {
		t.Errorf("a channel that is known was looked up again: %v", err)
	}
	if err := s.slack.User("ana").Invite("#private-partners", "cloudimage"); err != nil {
		t.Fatal(err)
	}
	if refusal, err := s.rooms.refusal(t.Context(), "C0PRIVATEPARTNERS"); err != nil || !refusal.IsZero() {
		t.Errorf("after the invitation: %q, %v", refusal, err)
	}
}

func TestRoomThatCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	t.Run("for a moment", func(t *testing.T) {
		t.Parallel()
		s := start(t, says("x"), slackdev.Options{})
		s.slack.FailNext("conversations.info", 1, slackdev.Fault{Status: 500})
		if refusal, err := s.rooms.refusal(t.Context(), "C0GENERAL"); err == nil {
			t.Errorf("it says %q", refusal)
		}
		if refusal, err := s.rooms.refusal(t.Context(), "C0GENERAL"); err != nil || !refusal.IsZero() {
			t.Errorf("the second time: %q, %v", refusal, err)
		}
	})
	t.Run("for want of a scope", func(t *testing.T) {
		t.Parallel()
		s := start(t, says("x"), slackdev.Options{ScopesGranted: []string{"commands", "chat:write", "users:read"}})
		if refusal, err := s.rooms.refusal(t.Context(), "C0GENERAL"); err != nil || !mentions(refusal.String(), "channels:read") {
			t.Errorf("it says %q, %v", refusal, err)
		}
	})
	t.Run("on a server that has no such method", func(t *testing.T) {
		t.Parallel()
		s := start(t, says("x"), slackdev.Options{DisabledMethods: []string{"conversations.info"}})
		if refusal, err := s.rooms.refusal(t.Context(), "C0GENERAL"); err != nil || !refusal.IsZero() {
			t.Errorf("it says %q, %v", refusal, err)
		}
	})
}
