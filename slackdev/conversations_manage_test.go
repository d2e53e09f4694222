package slackdev

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// managing is an app that makes and changes channels and hears of all of that.
func managing(o *Options) {
	subscribed(o)
	src := strings.Replace(string(o.Manifest), "channel_unarchive,", "channel_unarchive, channel_rename, channel_left, group_rename, group_left, member_left_channel,", 1)
	o.Manifest = []byte(strings.Replace(src, "pins:read,", "pins:read, \"channels:manage\", \"groups:write\",", 1))
}

// types reads what kinds of events came, with the subtypes of messages.
func types(t *testing.T, got <-chan map[string]any, n int) []string {
	t.Helper()
	var out []string
	for range n {
		e := <-got
		kind := e["type"].(string)
		if s, _ := e["subtype"].(string); s != "" {
			kind += "/" + s
		}
		out = append(out, kind)
	}
	return out
}

func TestTheAppMakesChannels(t *testing.T) {
	t.Parallel()
	ws := start(t, managing)
	got, c, bot := heard(t, ws), api(ws), string(ws.BotUserID())
	ch, err := c.CreateConversation(slack.CreateConversationParams{ChannelName: "launch_2031"})
	if err != nil || ch.ID != "C0LAUNCH2031" || ch.Name != "launch_2031" || ch.Creator != bot || !ch.IsMember || ch.IsPrivate || ch.IsGeneral {
		t.Fatalf("%+v, %v", ch, err)
	}
	want := []any{"channel_created", "C0LAUNCH2031", bot, false}
	if diff := cmp.Diff(want, pickAll(<-got, "type", "channel.id", "channel.creator", "channel.is_private")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = []any{"member_joined_channel", bot, "C0LAUNCH2031", "C", nil}
	if diff := cmp.Diff(want, pickAll(<-got, "type", "user", "channel", "channel_type", "inviter")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = []any{"message", "channel_join", bot, "channel", "<@" + bot + "> has joined the channel", nil}
	if diff := cmp.Diff(want, pickAll(<-got, "type", "subtype", "user", "channel_type", "text", "bot_id")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Of a private channel nobody hears who is not in it.
	if ch, err = c.CreateConversation(slack.CreateConversationParams{ChannelName: "secret", IsPrivate: true}); err != nil || !ch.IsPrivate {
		t.Fatalf("%+v, %v", ch, err)
	}
	if got := types(t, got, 2); !slices.Equal(got, []string{"member_joined_channel", "message/channel_join"}) {
		t.Errorf("%q", got)
	}
	if ws.User("ana").Join("launch_2031") != nil || ws.User("ana").Join("secret") == nil {
		t.Error("she finds the private one, or not the public one")
	}
	long := strings.Repeat("x", 80)
	for name, want := range map[string]string{
		"": "invalid_name_required", long: "", long + "x": "invalid_name_maxlength", "--_": "invalid_name_punctuation", "Loud": "invalid_name_specials",
		"two words": "invalid_name_specials", "v1.0": "invalid_name_specials", "general": "name_taken", "private-partners": "name_taken", "secret": "name_taken",
	} {
		refusal{"conversations.create", "name=" + esc(name), want}.check(t, ws, ws.BotToken())
	}
	if got := rawCall(t, ws, "conversations.create", "application/json; charset=utf-8", `{"name":"as-json","is_private":true}`); at(got, "channel", "is_private") != true {
		t.Errorf("as JSON: %v", got)
	}
}

func TestTheAppBringsPeopleIn(t *testing.T) {
	t.Parallel()
	ws := start(t, managing)
	got, c, bot := heard(t, ws), api(ws), string(ws.BotUserID())
	if ch, err := c.InviteUsersToConversation("C0SHAREDDIGITALOCEAN", "U0LEE", "U0WEI"); err != nil || ch.ID != "C0SHAREDDIGITALOCEAN" {
		t.Fatalf("%+v, %v", ch, err)
	}
	for _, who := range []string{"U0LEE", "U0WEI"} {
		if diff := cmp.Diff([]any{"member_joined_channel", who, bot}, pickAll(<-got, "type", "user", "inviter")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]any{"channel_join", who, bot}, pickAll(<-got, "subtype", "user", "inviter")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	// When one of them cannot come, nobody does, and the answer tells of each.
	form := url.Values{"channel": {"C0SHAREDDIGITALOCEAN"}, "users": {"U0NOOR, U0ANA,U0NOBODY,U0DANA,U0SOL,U0ANA," + bot}}
	failed := []any{
		map[string]any{"user": "U0ANA", "ok": false, "error": "already_in_channel"}, map[string]any{"user": "U0NOBODY", "ok": false, "error": "user_not_found"},
		map[string]any{"user": "U0DANA", "ok": false, "error": "cant_invite"}, map[string]any{"user": "U0SOL", "ok": false, "error": "ura_max_channels"},
		map[string]any{"user": bot, "ok": false, "error": "cant_invite_self"},
	}
	answer := post(t, ws, ws.BotToken(), "conversations.invite", form)
	if diff := cmp.Diff(map[string]any{"ok": false, "error": "already_in_channel", "errors": failed}, answer); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	members := func() []string {
		t.Helper()
		list, _, err := c.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: "C0SHAREDDIGITALOCEAN"})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if slices.Contains(members(), "U0NOOR") {
		t.Error("she came in all the same")
	}
	form.Set("force", "true")
	answer = post(t, ws, ws.BotToken(), "conversations.invite", form)
	if diff := cmp.Diff(failed, answer["errors"]); diff != "" || answer["ok"] != true || !slices.Contains(members(), "U0NOOR") {
		t.Errorf("by force: %v, %s", answer, diff)
	}
	if _, err := c.ForceInviteUsersToConversation("C0SHAREDDIGITALOCEAN", "U0NOBODY"); codeOf(err) != "user_not_found" {
		t.Errorf("nobody by force: %v", err)
	}
	for _, r := range []refusal{
		{"conversations.invite", "channel=C0GENERAL", "no_user"}, {"conversations.invite", "channel=C0NONE&users=U0ANA", "channel_not_found"},
		{"conversations.invite", "channel=C0RANDOM&users=U0GUS", "not_in_channel"}, {"conversations.invite", "channel=C0OLDIMAGES&users=U0LEE", "is_archived"},
		{"conversations.invite", "channel=C0GUESTS&users=U0OSCAR", "cant_invite"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	for name, whom := range map[string]string{"a stranger": "oscar", "a guest of another channel": "sol"} {
		if err := ws.User("ana").Invite("general", whom); err == nil {
			t.Errorf("a person invited %s", name)
		}
	}
}

func TestTheAppTakesPeopleOutAndLeaves(t *testing.T) {
	t.Parallel()
	ws := start(t, managing)
	got, c, bot := heard(t, ws), api(ws), string(ws.BotUserID())
	if err := c.KickUserFromConversation("C0CLOUDIMAGES", "U0WEI"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{"channel_leave", "U0WEI", "<@U0WEI> has left the channel"}, pickAll(<-got, "subtype", "user", "text")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{"member_left_channel", "U0WEI", "C0CLOUDIMAGES", "C"}, pickAll(<-got, "type", "user", "channel", "channel_type")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := ws.User("wei").Say(t.Context(), "cloud-images", "still here?"); err == nil {
		t.Error("she was taken out and wrote")
	}
	for _, r := range []refusal{
		{"conversations.kick", "channel=C0CLOUDIMAGES", "no_user"}, {"conversations.kick", "channel=C0CLOUDIMAGES&user=U0NOBODY", "user_not_found"},
		{"conversations.kick", "channel=C0CLOUDIMAGES&user=" + bot, "cant_kick_self"}, {"conversations.kick", "channel=C0GENERAL&user=U0ANA", "cant_kick_from_general"},
		{"conversations.kick", "channel=C0CLOUDIMAGES&user=U0WEI", "not_in_channel"}, {"conversations.kick", "channel=C0RANDOM&user=U0ANA", "not_in_channel"},
		{"conversations.kick", "channel=C0OLDIMAGES&user=U0ANA", "not_supported"}, {"conversations.kick", "channel=C0NONE&user=U0ANA", "channel_not_found"},
		{"conversations.leave", "channel=C0GENERAL", "cant_leave_general"}, {"conversations.leave", "channel=C0OLDIMAGES", "is_archived"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	// Slack calls it no error to leave where one is not, and says it all the same.
	if answer := post(t, ws, ws.BotToken(), "conversations.leave", url.Values{"channel": {"C0RANDOM"}}); !cmp.Equal(answer, map[string]any{"ok": false, "not_in_channel": true}) {
		t.Errorf("%v", answer)
	}
	if not, err := c.LeaveConversation("C0CLOUDIMAGES"); err != nil || not {
		t.Errorf("%v, %v", not, err)
	}
	if diff := cmp.Diff([]any{"channel_left", "C0CLOUDIMAGES", bot}, pickAll(<-got, "type", "channel", "actor_id")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := c.LeaveConversation("C0PRIVATEPARTNERS"); err != nil {
		t.Error(err)
	}
	if e := <-got; e["type"] != "group_left" {
		t.Errorf("%v", e)
	}
	// Somebody has to stay, be it a person or the app.
	if _, err := c.CreateConversation(slack.CreateConversationParams{ChannelName: "lonely"}); err != nil {
		t.Fatal(err)
	}
	refusal{"conversations.leave", "channel=C0LONELY", "last_member"}.check(t, ws, ws.BotToken())
	ana := ws.User("ana")
	must[Outcome](t)(ana.CreateChannel(t.Context(), "hers", false))
	for _, channel := range []string{"hers", "general", "old-images"} {
		if err := ana.Leave(channel); err == nil {
			t.Errorf("she left #%s", channel)
		}
	}
}

func TestChannelsGetTopicsAndDescriptions(t *testing.T) {
	t.Parallel()
	ws := start(t, managing)
	got, c, bot := heard(t, ws), api(ws), string(ws.BotUserID())
	ch, err := c.SetTopicOfConversation("C0GENERAL", "All of us")
	if err != nil || ch.Topic.Value != "All of us" || ch.Topic.Creator != bot || ch.Topic.LastSet.Time().Unix() != testNow.Unix() {
		t.Fatalf("%+v, %v", ch, err)
	}
	want := []any{"channel_topic", bot, "All of us", "set the channel topic: All of us", "C0GENERAL"}
	if diff := cmp.Diff(want, pickAll(<-got, "subtype", "user", "topic", "text", "channel")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if ch, err = c.SetPurposeOfConversation("C0GENERAL", "News"); err != nil || ch.Purpose.Value != "News" {
		t.Fatalf("%+v, %v", ch, err)
	}
	if diff := cmp.Diff([]any{"channel_purpose", "News", "set the channel description: News"}, pickAll(<-got, "subtype", "purpose", "text")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := c.SetTopicOfConversation("C0GENERAL", "All of us"); err != nil { // the same once more tells nobody
		t.Error(err)
	}
	if _, err := c.SetTopicOfConversation("C0GENERAL", ""); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]any{"channel_topic", "", "cleared channel topic"}, pickAll(<-got, "subtype", "topic", "text")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	info, err := c.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "C0GENERAL"})
	if err != nil || info.Topic.Value != "" || info.Purpose.Value != "News" || info.Purpose.Creator != bot {
		t.Errorf("%+v, %v", info, err)
	}
	_, list := ask(t, ws, http.MethodGet, "/dev/api/conversations?as=ana", "")
	if at(list, "conversations", 1, "topic") != "" || at(list, "conversations", 1, "purpose") != "News" {
		t.Errorf("the page gets %v", at(list, "conversations", 1))
	}
	botPost(t, ws, "U0ANA", "hello", "")
	for _, method := range []string{"conversations.setTopic", "conversations.setPurpose"} {
		key := strings.ToLower(strings.TrimPrefix(method, "conversations.set"))
		for _, r := range []refusal{
			{method, "channel=C0GENERAL", "invalid_arguments"}, {method, "channel=C0GENERAL&" + key + "=" + strings.Repeat("é", 250), ""},
			{method, "channel=C0GENERAL&" + key + "=" + strings.Repeat("é", 251), "too_long"}, {method, "channel=C0NONE&" + key + "=x", "channel_not_found"},
			{method, "channel=C0RANDOM&" + key + "=x", "not_in_channel"}, {method, "channel=C0OLDIMAGES&" + key + "=x", "is_archived"},
			{method, "channel=D0ANA&" + key + "=x", "method_not_supported_for_channel_type"},
		} {
			r.check(t, ws, ws.BotToken())
		}
	}
}

func TestTheAppRenamesItsOwnChannels(t *testing.T) {
	t.Parallel()
	ws := start(t, managing)
	got, c := heard(t, ws), api(ws)
	if _, err := c.CreateConversation(slack.CreateConversationParams{ChannelName: "old"}); err != nil {
		t.Fatal(err)
	}
	types(t, got, 3)
	ch, err := c.RenameConversation("C0OLD", "new")
	if err != nil || ch.Name != "new" || ch.NameNormalized != "new" || !slices.Equal(ch.PreviousNames, []string{"old"}) {
		t.Fatalf("%+v, %v", ch, err)
	}
	want := []any{"channel_name", "old", "new", `has renamed the channel from "old" to "new"`}
	if diff := cmp.Diff(want, pickAll(<-got, "subtype", "old_name", "name", "text")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = []any{"channel_rename", "C0OLD", "new", "new"}
	if diff := cmp.Diff(want, pickAll(<-got, "type", "channel.id", "channel.name", "channel.name_normalized")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The old name is free, and what takes it gets an id of its own.
	again, err := c.CreateConversation(slack.CreateConversationParams{ChannelName: "old"})
	if err != nil || again.ID == ch.ID {
		t.Errorf("%+v, %v", again, err)
	}
	for _, r := range []refusal{
		{"conversations.rename", "channel=C0OLD&name=old", "name_taken"}, {"conversations.rename", "channel=C0OLD&name=Older", "invalid_name_specials"},
		{"conversations.rename", "channel=C0OLD", "invalid_name_required"}, {"conversations.rename", "channel=C0GENERAL&name=all", "not_authorized"},
		{"conversations.rename", "channel=C0RANDOM&name=any", "not_in_channel"}, {"conversations.rename", "channel=C0OLDIMAGES&name=any", "is_archived"},
		{"conversations.rename", "channel=C0NONE&name=any", "channel_not_found"},
	} {
		r.check(t, ws, ws.BotToken())
	}
}

func TestTheAppArchivesAndPeopleOpenAgain(t *testing.T) {
	t.Parallel()
	ws := start(t, managing)
	got, c, bot := heard(t, ws), api(ws), string(ws.BotUserID())
	if err := c.ArchiveConversation("C0CLOUDIMAGES"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{"channel_archive", bot, "archived the channel"}, pickAll(<-got, "subtype", "user", "text")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{"channel_archive", "C0CLOUDIMAGES", bot}, pickAll(<-got, "type", "channel", "user")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, r := range []refusal{
		{"conversations.archive", "channel=C0CLOUDIMAGES", "already_archived"}, {"conversations.archive", "channel=C0GENERAL", "cant_archive_general"},
		{"conversations.archive", "channel=C0RANDOM", "not_in_channel"}, {"conversations.archive", "channel=C0NONE", "channel_not_found"},
		// A fault that Slack documents: no bot token opens a channel again.
		{"conversations.unarchive", "channel=C0CLOUDIMAGES", "not_in_channel"}, {"conversations.unarchive", "channel=C0GENERAL", "not_archived"},
		{"conversations.unarchive", "channel=C0NONE", "channel_not_found"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	must[Outcome](t)(ws.User("ines").Unarchive(t.Context(), "old-images"))
	if got := types(t, got, 4); !slices.Equal(got, []string{"message/channel_unarchive", "channel_unarchive", "member_joined_channel", "message/channel_join"}) {
		t.Errorf("who opens it is in it: %q", got)
	}
}

// Each kind of channel has its scope, and narrower ones are enough for what they name.
func TestChannelsAreManagedWithTheScopeOfTheirKind(t *testing.T) {
	t.Parallel()
	granted := func(scopes ...string) *Workspace {
		return start(t, managing, func(o *Options) { o.ScopesGranted = scopes })
	}
	check := func(ws *Workspace, list ...refusal) {
		t.Helper()
		for _, r := range list {
			r.check(t, ws, ws.BotToken())
		}
	}
	check(granted("chat:write"),
		refusal{"conversations.create", "name=a", "missing_scope"}, refusal{"conversations.archive", "channel=C0NONE", "missing_scope"},
		refusal{"conversations.setTopic", "channel=C0GENERAL&topic=x", "missing_scope"})
	check(granted("channels:manage"),
		refusal{"conversations.create", "name=a", ""}, refusal{"conversations.create", "name=b&is_private=true", "missing_scope"},
		refusal{"conversations.setTopic", "channel=C0PRIVATEPARTNERS&topic=x", "missing_scope"}, refusal{"conversations.leave", "channel=C0CLOUDIMAGES", ""})
	check(granted("groups:write.topic", "channels:write.invites"),
		refusal{"conversations.setTopic", "channel=C0PRIVATEPARTNERS&topic=x", ""}, refusal{"conversations.setPurpose", "channel=C0PRIVATEPARTNERS&purpose=x", ""},
		refusal{"conversations.setTopic", "channel=C0GENERAL&topic=x", "missing_scope"}, refusal{"conversations.invite", "channel=C0SHAREDDIGITALOCEAN&users=U0WEI", ""},
		refusal{"conversations.kick", "channel=C0SHAREDDIGITALOCEAN&user=U0WEI", "missing_scope"})
}

// What becomes of a channel stands in it, as nobody's words.
func TestWhatBecomesOfAChannelStandsInIt(t *testing.T) {
	t.Parallel()
	ws := start(t, managing)
	got, ana := heard(t, ws), ws.User("ana")
	if err := ana.Invite("random", "testapp"); err != nil {
		t.Fatal(err)
	}
	if got := types(t, got, 2); !slices.Equal(got, []string{"member_joined_channel", "message/channel_join"}) {
		t.Errorf("it is told of a mention: %q", got)
	}
	m, ok := ws.User("lee").Find("random", "has joined")
	if !ok || m.Subtype != "channel_join" || m.Text() != "@testapp has joined the channel" {
		t.Errorf("%+v", m)
	}
	ws.mu.Lock()
	n, mentions, _ := ws.unread(ws.st.userByName("lee"), ws.st.channelByName("random"))
	ws.mu.Unlock()
	if n != 0 || mentions != 0 {
		t.Errorf("%d messages are unread, with %d mentions", n, mentions)
	}
	if err := ws.User("noor").Leave("random"); err != nil {
		t.Fatal(err)
	}
	if err := ws.User("noor").Join("random"); err != nil {
		t.Fatal(err)
	}
	m, _ = ws.User("noor").Find("random", "@noor has joined")
	if out, err := ws.User("noor").Edit(t.Context(), "random", m.TS, "I never came"); err == nil {
		t.Errorf("a message that nobody wrote was edited: %+v", out)
	}
	history, err := api(ws).GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0RANDOM"})
	if err != nil || len(history.Messages) != 3 || history.Messages[0].SubType != "channel_join" || history.Messages[1].SubType != "channel_leave" || history.Messages[2].Inviter != "U0ANA" {
		t.Errorf("%+v, %v", history, err)
	}
}
