package slackdev

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// card posts a parent in #general as the app.
func card(t *testing.T, c *slack.Client) TS {
	t.Helper()
	_, ts, err := c.PostMessage("C0GENERAL", slack.MsgOptionText("parent", false))
	if err != nil {
		t.Fatal(err)
	}
	return TS(ts)
}

func replyTo(t *testing.T, c *slack.Client, parent TS, text string, more ...slack.MsgOption) TS {
	t.Helper()
	_, ts, err := c.PostMessage("C0GENERAL", append(more, slack.MsgOptionText(text, false), slack.MsgOptionTS(string(parent)))...)
	if err != nil {
		t.Fatal(err)
	}
	return TS(ts)
}

func TestABroadcastReplyIsInTheThreadAndInTheChannel(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c, ana := api(ws), ws.User("ana")
	parent := card(t, c)
	replyTo(t, c, parent, "quiet")
	loud := replyTo(t, c, parent, "loud", slack.MsgOptionBroadcast())
	must[Outcome](t)(ws.User("lee").Broadcast(t.Context(), "#general", loud, "mine, too")) // a reply to a reply joins the thread
	if got, want := ana.Sees("#general"), "parent\n\nloud\n\nmine, too"; got != want {
		t.Errorf("she reads in the channel: %q", got)
	}
	if got, want := ana.SeesThread("#general", parent), "parent\n\nquiet\n\nloud\n\nmine, too"; got != want {
		t.Errorf("she reads in the thread: %q", got)
	}
	if m, ok := ana.Message("#general", loud); !ok || !m.Broadcast || m.Thread != parent {
		t.Errorf("%+v", m)
	}
	h, err := c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL"})
	if err != nil || len(h.Messages) != 3 || h.Messages[1].SubType != "thread_broadcast" || h.Messages[1].Root == nil || h.Messages[1].Root.ReplyCount != 3 {
		t.Errorf("%+v, %v", h, err)
	}
	// Without a thread there is nothing to broadcast.
	_, plain, err := c.PostMessage("C0GENERAL", slack.MsgOptionText("plain", false), slack.MsgOptionBroadcast())
	if m, ok := ana.Message("#general", TS(plain)); err != nil || !ok || m.Broadcast || m.Thread != "" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestRepliesAreRevisedAndPressed(t *testing.T) {
	t.Parallel()
	ws := start(t)
	clicks := make(chan slack.InteractionCallback, 1)
	b := &bot{block: func(ic slack.InteractionCallback) any { clicks <- ic; return nil }}
	connect(t, ws, 1, b)
	ana := ws.User("ana")
	parent := card(t, b.api)
	button := slack.NewActionBlock("row", slack.NewButtonBlockElement("go", "R1", plain("Go")))
	reply := replyTo(t, b.api, parent, "first words", slack.MsgOptionBlocks(button))
	must[Outcome](t)(ana.Click(t.Context(), In("#general", "Go")))
	if ic := <-clicks; ic.Container.ThreadTs != string(parent) || ic.Container.MessageTs != string(reply) || ic.Message.ThreadTimestamp != string(parent) {
		t.Errorf("%+v", ic.Container)
	}
	if _, _, _, err := b.api.UpdateMessage("C0GENERAL", string(reply), slack.MsgOptionText("other words", false)); err != nil {
		t.Fatal(err)
	}
	if got, want := ana.SeesThread("#general", parent), "parent\n\nother words"; got != want {
		t.Errorf("the thread reads %q", got)
	}
	if _, _, err := b.api.DeleteMessage("C0GENERAL", string(reply)); err != nil {
		t.Fatal(err)
	}
	if m, ok := ana.Message("#general", parent); !ok || m.ReplyCount != 0 {
		t.Errorf("after its reply was deleted: %+v", m)
	}
}

func TestADeletedParentLeavesATombstone(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c, ana := api(ws), ws.User("ana")
	parent := card(t, c)
	if err := c.AddPin("C0GENERAL", slack.NewRefToMessage("C0GENERAL", string(parent))); err != nil {
		t.Fatal(err)
	}
	must[Outcome](t)(ana.SayIn(t.Context(), "#general", parent, "done"))
	if _, _, err := c.DeleteMessage("C0GENERAL", string(parent)); err != nil {
		t.Fatal(err)
	}
	if m, ok := ana.Message("#general", parent); !ok || !m.Deleted || m.Bot || m.Pinned || m.ReplyCount != 1 {
		t.Errorf("%+v", m)
	}
	for method, args := range map[string]string{"chat.update": "text=y&", "chat.delete": ""} {
		refusal{method, args + "channel=C0GENERAL&ts=" + string(parent), "message_not_found"}.check(t, ws, ws.BotToken())
	}
	replyTo(t, c, parent, "and more")
	msgs, _, _, err := c.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C0GENERAL", Timestamp: string(parent)})
	if err != nil || len(msgs) != 3 || msgs[0].SubType != "tombstone" || !msgs[0].Hidden || msgs[0].User != "USLACKBOT" || msgs[0].BotID != "" || msgs[0].ReplyCount != 2 {
		t.Errorf("%+v, %v", msgs, err)
	}
	if items, _, err := c.ListPins("C0GENERAL"); err != nil || len(items) != 0 {
		t.Errorf("it is still pinned: %+v, %v", items, err)
	}
	other := card(t, c)
	if _, _, err := c.DeleteMessage("C0GENERAL", string(other)); err != nil {
		t.Fatal(err)
	}
	if _, ok := ana.Message("#general", other); ok {
		t.Error("a message without replies left something behind")
	}
}

func TestRepliesComeInPagesAndForAScope(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	parent := card(t, c)
	for _, text := range []string{"1", "2", "3", "4"} {
		replyTo(t, c, parent, text)
	}
	var got []string
	for p := (&slack.GetConversationRepliesParameters{ChannelID: "C0GENERAL", Timestamp: string(parent), Limit: 2}); ; {
		msgs, more, next, err := c.GetConversationReplies(p)
		if err != nil || len(msgs) > 2 || more != (next != "") {
			t.Fatalf("%+v, more %v, next %q, %v", msgs, more, next, err)
		}
		for _, m := range msgs {
			got = append(got, m.Text)
		}
		if p.Cursor = next; next == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"parent", "1", "2", "3", "4"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	declined := start(t, func(o *Options) { o.ScopesGranted = []string{"chat:write", "groups:history"} })
	ts := card(t, api(declined))
	refusal{"conversations.replies", "channel=C0GENERAL&ts=" + string(ts), "missing_scope"}.check(t, declined, declined.BotToken())
}

// listening is an app that subscribes to messages everywhere.
func listening(o *Options) {
	o.Manifest = []byte(strings.Replace(testManifest, "message.im,", "message.im, message.channels, message.groups,", 1))
	o.Seed = DefaultSeed()
	for i := range o.Seed.Channels {
		if c := &o.Seed.Channels[i]; c.Name == "private-partners" {
			c.Bot = true
		}
	}
}

// heard collects the events an app gets.
func heard(t *testing.T, ws *Workspace) <-chan map[string]any {
	t.Helper()
	s, _ := dial(t, ws)
	got := make(chan map[string]any, 20)
	s.serve(func(f frame) string {
		var p struct {
			Event map[string]any `json:"event"`
		}
		if err := json.Unmarshal(f.Payload, &p); err != nil {
			t.Error(err)
		}
		got <- p.Event
		return ""
	})
	return got
}

func TestTheAppHearsOfMessages(t *testing.T) {
	t.Parallel()
	ws := start(t, listening)
	got, c, ana := heard(t, ws), api(ws), ws.User("ana")
	is := func(e map[string]any, want map[string]any) {
		t.Helper()
		for k, v := range want {
			if diff := cmp.Diff(v, e[k]); diff != "" {
				t.Errorf("%s (-want +got):\n%s%v", k, diff, e)
			}
		}
	}
	parent := card(t, c)
	is(<-got, map[string]any{
		"type": "message", "channel": "C0GENERAL", "channel_type": "channel", "user": string(ws.BotUserID()), "bot_id": ws.st.app.botID,
		"text": "parent", "ts": string(parent), "thread_ts": nil, "subtype": nil,
	})
	must[Outcome](t)(ana.SayIn(t.Context(), "#general", parent, "done"))
	is(<-got, map[string]any{
		"type": "message", "channel": "C0GENERAL", "channel_type": "channel", "user": "U0ANA", "bot_id": nil, "text": "done",
		"thread_ts": string(parent), "parent_user_id": string(ws.BotUserID()), "subtype": nil,
	})
	must[Outcome](t)(ana.Broadcast(t.Context(), "#general", parent, "done, all"))
	e := <-got
	is(e, map[string]any{"subtype": "thread_broadcast", "thread_ts": string(parent), "user": "U0ANA"})
	if at(e, "root", "ts") != string(parent) {
		t.Errorf("its root is %v", e["root"])
	}
	must[Outcome](t)(ana.Say(t.Context(), "#private-partners", "secret"))
	is(<-got, map[string]any{"channel_type": "group", "thread_ts": nil})
	must[Outcome](t)(ana.Say(t.Context(), "dm", "mine"))
	is(<-got, map[string]any{"channel_type": "im", "channel": "D0ANA"})
	if out := must[Outcome](t)(ana.Say(t.Context(), "#random", "nobody listens")); out.EnvelopeID != "" {
		t.Error("the app was told of a channel its bot is not in")
	}
	if _, _, _, err := c.UpdateMessage("C0GENERAL", string(parent), slack.MsgOptionText("other", false)); err != nil {
		t.Fatal(err)
	}
	e = <-got
	is(e, map[string]any{"subtype": "message_changed", "hidden": true, "channel": "C0GENERAL", "user": nil, "thread_ts": nil})
	if at(e, "message", "text") != "other" || at(e, "previous_message", "text") != "parent" {
		t.Errorf("%v", e)
	}
	if _, _, err := c.DeleteMessage("C0GENERAL", string(parent)); err != nil {
		t.Fatal(err)
	}
	if e = <-got; e["subtype"] != "message_changed" || at(e, "message", "subtype") != "tombstone" {
		t.Errorf("%v", e)
	}
	lone := card(t, c)
	<-got
	if _, _, err := c.DeleteMessage("C0GENERAL", string(lone)); err != nil {
		t.Fatal(err)
	}
	is(<-got, map[string]any{"subtype": "message_deleted", "deleted_ts": string(lone), "hidden": true})
	if len(got) > 0 {
		t.Errorf("and it was told %v", <-got)
	}
}

// A declined scope takes the events of its kind of conversation away, and no
// others.
func TestWhatTheAppHearsNeedsItsScope(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ scope, channel string }{
		{"channels:history", "#general"}, {"groups:history", "#private-partners"}, {"im:history", "dm"},
	} {
		t.Run(c.scope, func(t *testing.T) {
			t.Parallel()
			ws := start(t, listening, func(o *Options) {
				all := append(slices.Clone(bareManifest().OAuth.Scopes.Bot), "users:read")
				o.ScopesGranted = slices.DeleteFunc(all, func(s string) bool { return s == c.scope })
			})
			got := heard(t, ws)
			for _, channel := range []string{"#general", "#private-partners", "dm"} {
				out := must[Outcome](t)(ws.User("ana").Say(t.Context(), channel, "words"))
				if told := out.EnvelopeID != ""; told != (channel != c.channel) {
					t.Errorf("without %s the app was told of %s: %v", c.scope, channel, told)
				}
			}
			if len(got) != 2 {
				t.Errorf("%d events", len(got))
			}
		})
	}
}

func TestAccountsChangeTheirZoneAndLeave(t *testing.T) {
	t.Parallel()
	ws := start(t)
	got, c := heard(t, ws), api(ws)
	if err := ws.ChangeUser("maya", func(p *SeedUser) { p.TZ = "America/New_York" }); err != nil {
		t.Fatal(err)
	}
	e := <-got
	if at(e, "user", "tz") != "America/New_York" || at(e, "user", "tz_offset") != -18000.0 || at(e, "user", "deleted") != false {
		t.Errorf("%v", e)
	}
	if u, err := c.GetUserInfo("U0MAYA"); err != nil || u.TZ != "America/New_York" || u.TZOffset != -18000 || u.Deleted {
		t.Errorf("%+v, %v", u, err)
	}
	if err := ws.Clock().AdvanceTo(t.Context(), time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if u, err := c.GetUserInfo("U0MAYA"); err != nil || u.TZOffset != -14400 {
		t.Errorf("in summer: %+v, %v", u, err)
	}
	if err := ws.ChangeUser("maya", func(p *SeedUser) { p.Kind = KindDeleted }); err != nil {
		t.Fatal(err)
	}
	if e = <-got; at(e, "user", "deleted") != true {
		t.Errorf("%v", e)
	}
	if u, err := c.GetUserInfo("U0MAYA"); err != nil || !u.Deleted || u.TZ != "" {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestARotatedTokenEnds(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) {
		o.Manifest = []byte(strings.Replace(testManifest, "socket_mode_enabled: true", "socket_mode_enabled: true\n  token_rotation_enabled: true", 1))
	})
	if got := post(t, ws, ws.BotToken(), "auth.test", nil); got["expires_in"] != 12*3600.0 {
		t.Errorf("%v", got)
	}
	if err := ws.Clock().Advance(t.Context(), 12*time.Hour); err != nil {
		t.Fatal(err)
	}
	refusal{"auth.test", "", "token_expired"}.check(t, ws, ws.BotToken())
	lasting := start(t)
	if got := post(t, lasting, lasting.BotToken(), "auth.test", nil); got["ok"] != true || got["expires_in"] != nil {
		t.Errorf("a token that is not rotated: %v", got)
	}
}

// A thread makes no channel unread; it calls those whom it names.
func TestThreadsAreUnreadForThoseTheyName(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	parent := card(t, c)
	ws.User("ana").MarkRead("#general")
	unread := func() [2]int {
		ws.mu.Lock()
		defer ws.mu.Unlock()
		n, m, _ := ws.unread(ws.st.userByName("ana"), ws.st.channelByName("general"))
		return [2]int{n, m}
	}
	replyTo(t, c, parent, "for nobody")
	if got := unread(); got != [2]int{0, 0} {
		t.Errorf("after a reply: %v", got)
	}
	replyTo(t, c, parent, "for <@U0ANA>")
	if got := unread(); got != [2]int{0, 1} {
		t.Errorf("after a reply that names her: %v", got)
	}
	replyTo(t, c, parent, "for all", slack.MsgOptionBroadcast())
	if got := unread(); got != [2]int{1, 1} {
		t.Errorf("after a broadcast: %v", got)
	}
}
