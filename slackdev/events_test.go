package slackdev

import (
	"encoding/json"
	"testing"
	"time"
)

func eventID(t *testing.T, f frame) string {
	t.Helper()
	var p struct {
		EventID string `json:"event_id"`
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil || p.EventID == "" {
		t.Fatalf("%s: %v", f.raw, err)
	}
	return p.EventID
}

func TestAnEventIsRetriedAtOnceThenAfterOneAndFiveMinutes(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = 30 * time.Millisecond })
	s, _ := dial(t, ws)
	frames := make(chan frame, 10)
	s.serve(func(f frame) string { frames <- f; return "-" })
	out, err := ws.User("ana").OpenHome(t.Context())
	if err != nil || !out.OK || len(out.Warnings) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	first, again := <-frames, <-frames
	// The wait for the second ack must be over before time moves on.
	if err := ws.WaitFor(t.Context(), func() bool { return ws.allAcked() }); err != nil {
		t.Fatal(err)
	}
	if err := ws.Clock().Advance(t.Context(), 59*time.Second); err != nil {
		t.Fatal(err)
	}
	if len(frames) != 0 {
		t.Error("the second retry came before a minute was over")
	}
	if err := ws.Clock().Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	second := <-frames
	if err := ws.Clock().Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	third := <-frames
	if len(frames) != 0 {
		t.Error("there were more than three retries")
	}
	ids := map[string]bool{}
	for n, f := range []frame{first, again, second, third} {
		ids[f.EnvelopeID] = true
		reason := "timeout"
		if n == 0 {
			reason = ""
		}
		if *f.RetryAttempt != n || *f.RetryReason != reason || eventID(t, f) != eventID(t, first) {
			t.Errorf("attempt %d: %s", n, f.raw)
		}
	}
	if len(ids) != 4 {
		t.Errorf("four attempts had %d envelope ids", len(ids))
	}
}

// allAcked tells whether no envelope is waiting for its ack.
func (ws *Workspace) allAcked() bool {
	items := envelopes(ws)
	for _, i := range items {
		if i.Outcome == "waiting" {
			return false
		}
	}
	return len(items) >= 2
}

func TestAnEventWithoutASocketWaitsForItsRetry(t *testing.T) {
	t.Parallel()
	ws := start(t)
	if out, err := ws.User("ana").Say(t.Context(), "dm", "anyone?"); err != nil || !out.OK {
		t.Fatalf("%+v, %v", out, err)
	}
	if err := ws.WaitFor(t.Context(), func() bool { return ws.allAcked() }); err != nil {
		t.Fatal(err)
	}
	s, _ := dial(t, ws)
	wait := make(chan frame, 1)
	s.serve(func(f frame) string { wait <- f; return "" })
	if err := ws.Clock().Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	f := <-wait
	var p struct {
		Event struct {
			Type, Text, User, Channel string
			ChannelType               string `json:"channel_type"`
		}
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		t.Fatal(err)
	}
	if *f.RetryAttempt != 2 || p.Event.Type != "message" || p.Event.ChannelType != "im" || p.Event.Text != "anyone?" || p.Event.Channel != "D0ANA" {
		t.Errorf("%s", f.raw)
	}
}

func TestOnlySubscribedEventsAreSent(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	got := make(chan map[string]any, 20)
	s.serve(func(f frame) string {
		var p map[string]any
		json.Unmarshal(f.Payload, &p)
		got <- p["event"].(map[string]any)
		return ""
	})
	ana := ws.User("ana")
	ctx := t.Context()
	if out := must[Outcome](t)(ana.Say(ctx, "#general", "plain words")); out.EnvelopeID != "" {
		t.Error("message.channels is not subscribed to, yet it was sent")
	}
	must[Outcome](t)(ana.Say(ctx, "#general", "hey @testapp & <co>"))
	if e := <-got; e["type"] != "app_mention" || e["text"] != "hey <@"+string(ws.BotUserID())+"> &amp; &lt;co&gt;" || e["channel"] != "C0GENERAL" {
		t.Errorf("mention: %v", e)
	}
	if err := ws.User("noor").Join("#shared-digitalocean"); err != nil {
		t.Fatal(err)
	}
	if e := <-got; e["type"] != "member_joined_channel" || e["user"] != "U0NOOR" || e["channel_type"] != "C" {
		t.Errorf("join: %v", e)
	}
	if err := ana.Invite("#random", "testapp"); err != nil {
		t.Fatal(err)
	}
	if e := <-got; e["user"] != string(ws.BotUserID()) || e["inviter"] != "U0ANA" {
		t.Errorf("invite: %v", e)
	}
	if err := ws.SetUserGroup("omnibus", "lena", "wei"); err != nil {
		t.Fatal(err)
	}
	both := map[any]map[string]any{}
	for range 2 {
		e := <-got
		both[e["type"]] = e
	}
	e := both["subteam_members_changed"]
	if at(e, "added_users", 0) != "U0WEI" || at(e, "removed_users", 0) != "U0OMAR" || e["subteam_id"] != "S0OMNIBUS" {
		t.Errorf("members: %v", e)
	}
	if e := both["subteam_updated"]; len(at(e, "subteam", "users").([]any)) != 2 || at(e, "subteam", "handle") != "omnibus" {
		t.Errorf("group: %v", e)
	}
	if err := ws.ChangeUser("omar", func(p *SeedUser) { p.Kind, p.TZ = KindDeleted, "Asia/Kolkata" }); err != nil {
		t.Fatal(err)
	}
	if e := <-got; e["type"] != "user_change" || at(e, "user", "deleted") != true {
		t.Errorf("user: %v", e)
	}
	if _, err := ws.User("omar").Say(ctx, "#general", "still here?"); err == nil {
		t.Error("a deactivated person spoke")
	}
	if err := ws.ChangeUser("lee", func(p *SeedUser) { p.TZ = "Nowhere/City" }); err == nil {
		t.Error("a zone that does not exist was taken")
	}
}

func TestAdminsCanChangeTheWorkspace(t *testing.T) {
	t.Parallel()
	ws := start(t)
	if err := ws.AddUser(SeedUser{Name: "zoe", TZ: "Asia/Kathmandu"}); err != nil {
		t.Fatal(err)
	}
	if err := ws.AddUser(SeedUser{Name: "zoe"}); err == nil {
		t.Error("a name was taken twice")
	}
	if err := ws.AddChannel(SeedChannel{Name: "new", Members: []string{"zoe"}, Bot: true}); err != nil {
		t.Fatal(err)
	}
	must[Outcome](t)(ws.User("zoe").Say(t.Context(), "#new", "hi"))
	if err := ws.Archive("#new"); err != nil {
		t.Fatal(err)
	}
	refusal{"chat.postMessage", "channel=C0NEW&text=x", "is_archived"}.check(t, ws, ws.BotToken())
	for name, err := range map[string]error{
		"a channel twice": ws.AddChannel(SeedChannel{Name: "new"}), "an unknown member": ws.AddChannel(SeedChannel{Name: "n2", Members: []string{"nobody"}}),
		"archive twice": ws.Archive("#new"), "an unknown group": ws.SetUserGroup("nobody"), "an unknown member of a group": ws.SetUserGroup("omnibus", "nobody"),
		"an unknown person": ws.ChangeUser("nobody", func(*SeedUser) {}),
	} {
		if err == nil {
			t.Errorf("%s was possible", name)
		}
	}
}
