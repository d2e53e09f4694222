package slackdev

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// asking is an app that may ask about people and the workspace.
func asking(o *Options) {
	o.ScopesGranted = []string{"users:read", "users:read.email", "users.profile:read", "team:read", "emoji:read", "channels:read", "groups:read", "im:read", "chat:write"}
}

func TestAProfileIsShown(t *testing.T) {
	t.Parallel()
	ws := start(t, asking)
	c := api(ws)
	p, err := c.GetUserProfile(&slack.GetUserProfileParameters{UserID: "U0ANA"})
	if err != nil || p.RealName != "Ana Pereira" || p.DisplayName != "ana" || p.Title != "Strategic Partnerships Manager" || p.Email != "ana@acme.example" || p.Fields.Len() != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	own, err := c.GetUserProfile(&slack.GetUserProfileParameters{})
	if err != nil || own.BotID != ws.st.app.botID || own.ApiAppID != ws.st.app.id {
		t.Errorf("its own: %+v, %v", own, err)
	}
	if got := rawCall(t, ws, "users.profile.get", "application/json; charset=utf-8", `{"user":"U0LEE"}`); at(got, "profile", "display_name") != "lee" {
		t.Errorf("as JSON: %v", got)
	}
	refusal{"users.profile.get", "user=U0NOBODY", "user_not_found"}.check(t, ws, ws.BotToken())
	few := start(t, func(o *Options) { o.ScopesGranted = []string{"users.profile:read"} })
	if p, err := api(few).GetUserProfile(&slack.GetUserProfileParameters{UserID: "U0ANA"}); err != nil || p.Email != "" {
		t.Errorf("without users:read.email: %+v, %v", p, err)
	}
	refusal{"users.getPresence", "user=U0ANA", "missing_scope"}.check(t, few, few.BotToken())
}

// A person is there while he has the page open, and the bot while the app is connected.
func TestPresenceIsWhoIsThere(t *testing.T) {
	t.Parallel()
	ws := start(t, asking)
	c := api(ws)
	is := func(user, want string) *slack.UserPresence {
		t.Helper()
		p, err := c.GetUserPresence(user)
		if err != nil || p.Presence != want {
			t.Fatalf("%s: %+v, %v", user, p, err)
		}
		return p
	}
	if p := is(string(ws.BotUserID()), "away"); p.Online || p.ConnectionCount != 0 || !p.AutoAway {
		t.Errorf("not connected: %+v", p)
	}
	dial(t, ws)
	if p := is(string(ws.BotUserID()), "active"); !p.Online || p.ConnectionCount != 1 || p.AutoAway || p.LastActivity == 0 {
		t.Errorf("connected: %+v", p)
	}
	is("U0ANA", "away")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ws.URL()+"/dev/api/events?as=ana", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if p := is("U0ANA", "active"); p.ConnectionCount != 0 {
		t.Errorf("of another more is told: %+v", p)
	}
	is("U0LEE", "away")
	if got := rawCall(t, ws, "users.getPresence", "application/json; charset=utf-8", `{"user":"U0ANA"}`); got["presence"] != "active" || got["online"] != nil {
		t.Errorf("as JSON: %v", got)
	}
	refusal{"users.getPresence", "user=U0NOBODY", "user_not_found"}.check(t, ws, ws.BotToken())
}

func TestConversationsOfSomebody(t *testing.T) {
	t.Parallel()
	ws := start(t, asking, func(o *Options) {
		o.Seed = DefaultSeed()
		o.Seed.Channels[2].Bot = true // private-partners
	})
	c := api(ws)
	must[Outcome](t)(ws.User("omar").CreateChannel(t.Context(), "his", true))
	botPost(t, ws, "U0OMAR", "hello", "")
	names := func(user string, limit int, kinds ...string) []string {
		t.Helper()
		var out []string
		for cursor := ""; ; {
			list, next, err := c.GetConversationsForUser(&slack.GetConversationsForUserParameters{UserID: user, Types: kinds, Limit: limit, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, ch := range list {
				out = append(out, ch.Name+ch.User)
			}
			if cursor = next; cursor == "" {
				return out
			}
		}
	}
	for _, q := range []struct {
		user  string
		kinds []string
		want  []string
	}{
		{"", nil, []string{"cloud-images", "general", "shared-digitalocean", "guests", "cloud-images-ops", "old-images"}},
		{"", []string{"private_channel"}, []string{"private-partners"}},
		{"", []string{"im"}, []string{"U0OMAR"}},
		{"U0OMAR", nil, []string{"cloud-images", "general", "random", "shared-digitalocean", "cloud-images-ops", "old-images"}},
		{"U0OMAR", []string{"private_channel", "mpim", "im"}, []string{"U0OMAR"}}, // his own one is not told
		{"U0INES", []string{"private_channel"}, []string{"private-partners"}},
		{"U0SOL", nil, []string{"guests"}},
	} {
		if diff := cmp.Diff(q.want, names(q.user, 2, q.kinds...)); diff != "" {
			t.Errorf("%q %q (-want +got):\n%s", q.user, q.kinds, diff)
		}
	}
	open, _, err := c.GetConversationsForUser(&slack.GetConversationsForUserParameters{ExcludeArchived: true})
	if err != nil || slices.ContainsFunc(open, func(ch slack.Channel) bool { return ch.Name == "old-images" || ch.NumMembers != 0 }) {
		t.Errorf("%+v, %v", open, err)
	}
	for _, r := range []refusal{
		{"users.conversations", "types=channel", "invalid_types"}, {"users.conversations", "limit=x", "invalid_limit"},
		{"users.conversations", "cursor=x", "invalid_cursor"}, {"users.conversations", "user=U0NOBODY", "user_not_found"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	few := start(t, func(o *Options) { o.ScopesGranted = []string{"channels:read"} })
	refusal{"users.conversations", "types=public_channel,im", "missing_scope"}.check(t, few, few.BotToken())
}

func TestTheWorkspaceTellsOfItself(t *testing.T) {
	t.Parallel()
	ws := start(t, asking)
	c := api(ws)
	team, err := c.GetTeamInfo()
	if err != nil || team.ID != "T0ACME" || team.Name != "Acme" || team.Domain != "acme" || team.Icon["image_default"] != true {
		t.Errorf("%+v, %v", team, err)
	}
	if same, err := c.GetOtherTeamInfo("T0ACME"); err != nil || same.ID != team.ID {
		t.Errorf("%+v, %v", same, err)
	}
	bot, err := c.GetBotInfo(slack.GetBotInfoParameters{Bot: ws.st.app.botID})
	if err != nil || bot.UserID != string(ws.BotUserID()) || bot.AppID != ws.st.app.id || bot.Name != "Test App" || bot.Deleted || !strings.HasPrefix(bot.ID, "B") {
		t.Errorf("%+v, %v", bot, err)
	}
	if emoji, err := c.GetEmoji(); err != nil || emoji == nil || len(emoji) != 0 {
		t.Errorf("%+v, %v", emoji, err)
	}
	if got := rawCall(t, ws, "team.info", "application/json; charset=utf-8", `{"team":"T0PARTNER"}`); got["error"] != "team_not_found" {
		t.Errorf("as JSON: %v", got)
	}
	for _, r := range []refusal{
		{"team.info", "team=T0PARTNER", "team_not_found"}, {"team.info", "domain=acme", "team_not_on_enterprise"},
		{"bots.info", "bot=B0NONE", "bot_not_found"}, {"bots.info", "", "bot_not_found"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	few := start(t, func(o *Options) { o.ScopesGranted = []string{"chat:write"} })
	for _, method := range []string{"team.info", "bots.info", "emoji.list"} {
		refusal{method, "", "missing_scope"}.check(t, few, few.BotToken())
	}
}
