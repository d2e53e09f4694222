package slackdev

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func TestUpdateSemantics(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	meta := slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"rev": 1.0}}
	block := slack.NewSectionBlock(plain("block"), nil, nil)
	_, ts, err := c.PostMessage("C0GENERAL", slack.MsgOptionText("text", false), slack.MsgOptionBlocks(block), slack.MsgOptionMetadata(meta))
	if err != nil {
		t.Fatal(err)
	}
	see := func() Message { m, _ := ws.User("ana").Message("#general", TS(ts)); return m }
	if _, _, _, err := c.UpdateMessage("C0GENERAL", ts, slack.MsgOptionText("t2", false), slack.MsgOptionBlocks(block)); err != nil {
		t.Fatal(err)
	}
	if m := see(); m.Edited || m.Text() != "block" {
		t.Errorf("with blocks there is no edited mark: %+v", m)
	}
	if _, _, _, err := c.UpdateMessage("C0GENERAL", ts, slack.MsgOptionText("text alone", false)); err != nil {
		t.Fatal(err)
	}
	if m := see(); !m.Edited || m.Blocks != nil || m.Text() != "text alone" || !strings.Contains(string(m.Metadata), `"rev":1`) {
		t.Errorf("text alone drops blocks, marks the message and keeps metadata: %+v", m)
	}
	h, err := c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL", IncludeAllMetadata: true, Limit: 1})
	if err != nil || len(h.Messages) != 1 || h.Messages[0].Metadata.EventType != "card" || h.Messages[0].BotID == "" {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err = c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL"}); err != nil || h.Messages[0].Metadata.EventType != "" {
		t.Errorf("metadata is for those who ask: %+v, %v", h, err)
	}
	if _, _, err := c.DeleteMessage("C0GENERAL", ts); err != nil {
		t.Fatal(err)
	}
	if _, ok := ws.User("ana").Message("#general", TS(ts)); ok {
		t.Error("a deleted message is still there")
	}
	if err := ws.Archive("general"); err != nil {
		t.Fatal(err)
	}
}

func TestAnArchivedChannelsMessagesAreInactive(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ts := botPost(t, ws, "C0GENERAL", "x", okButton)
	if err := ws.Archive("#general"); err != nil {
		t.Fatal(err)
	}
	refusal{"chat.update", "channel=C0GENERAL&text=y&ts=" + string(ts), "is_inactive"}.check(t, ws, ws.BotToken())
	if out, err := ws.User("ana").Click(t.Context(), In("#general", "Go")); err == nil {
		t.Errorf("a button in an archived channel was pressed: %+v", out)
	}
}

func TestEphemeralsArePrivateAndLostOnReload(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	ts, err := c.PostEphemeral("C0GENERAL", "U0ANA", slack.MsgOptionText("psst", false))
	if err != nil {
		t.Fatal(err)
	}
	ana := ws.User("ana")
	if m := ana.Messages("#general"); len(m) != 1 || !m[0].Ephemeral || m[0].Text() != "psst" {
		t.Errorf("she sees %+v", m)
	}
	if s := ws.User("lee").Sees("#general"); s != "" {
		t.Errorf("he sees %q", s)
	}
	refusal{"chat.update", "channel=C0GENERAL&text=y&ts=" + ts, "message_not_found"}.check(t, ws, ws.BotToken())
	ana.Reload()
	if s := ana.Sees("#general"); s != "" {
		t.Errorf("after a reload she sees %q", s)
	}
}

func TestThreadsPinsBookmarksAndLinks(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	_, parent, err := c.PostMessage("C0GENERAL", slack.MsgOptionText("parent", false))
	if err != nil {
		t.Fatal(err)
	}
	_, reply, m, err := postInThread(c, parent)
	if err != nil || m.ThreadTimestamp != parent {
		t.Fatalf("%+v, %v", m, err)
	}
	must[Outcome](t)(ws.User("ana").SayIn(t.Context(), "#general", TS(parent), "mine"))
	msgs, _, _, err := c.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C0GENERAL", Timestamp: parent})
	if err != nil || len(msgs) != 3 || msgs[0].ReplyCount != 2 || msgs[0].LatestReply == "" || msgs[2].Text != "mine" {
		t.Errorf("%+v, %v", msgs, err)
	}
	if s := ws.User("ana").Sees("#general"); s != "parent" {
		t.Errorf("replies are shown in the channel: %q", s)
	}
	if link, err := c.GetPermalink(&slack.PermalinkParameters{Channel: "C0GENERAL", Ts: reply}); err != nil || link != "https://acme.slack.com/archives/C0GENERAL/p"+strings.Replace(reply, ".", "", 1)+"?thread_ts="+parent+"&cid=C0GENERAL" {
		t.Errorf("%s, %v", link, err)
	}
	if err := c.AddPin("C0GENERAL", slack.NewRefToMessage("C0GENERAL", parent)); err != nil {
		t.Error(err)
	}
	if items, _, err := c.ListPins("C0GENERAL"); err != nil || len(items) != 1 || items[0].Message.Text != "parent" {
		t.Errorf("%+v, %v", items, err)
	}
	if err := c.RemovePin("C0GENERAL", slack.NewRefToMessage("C0GENERAL", parent)); err != nil {
		t.Error(err)
	}
	b, err := c.AddBookmark("C0GENERAL", slack.AddBookmarkParameters{Title: "Board", Type: "link", Link: "https://x.example/board"})
	if err != nil || b.ID == "" {
		t.Fatalf("%+v, %v", b, err)
	}
	if list, err := c.ListBookmarks("C0GENERAL"); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := c.RemoveBookmark("C0GENERAL", b.ID); err != nil {
		t.Error(err)
	}
	_, lost, err := c.PostMessage("C0GENERAL", slack.MsgOptionText("orphan", false), slack.MsgOptionTS("1.000000"))
	if m, ok := ws.User("ana").Message("#general", TS(lost)); err != nil || !ok || m.Thread != "" {
		t.Errorf("a reply to nothing becomes a plain message: %+v, %v", m, err)
	}
}

func postInThread(c *slack.Client, parent string) (string, string, slack.Message, error) {
	return c.PostMessageWithResponseContext(context.Background(), "C0GENERAL", slack.MsgOptionText("reply", false), slack.MsgOptionTS(parent))
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	ch, _, err := c.PostMessage("U0ANA", slack.MsgOptionText("hello", false))
	if err != nil || ch != "D0ANA" {
		t.Fatalf("%s, %v", ch, err)
	}
	if got := ws.User("ana").DM(); len(got) != 1 || got[0].Text() != "hello" {
		t.Errorf("%+v", got)
	}
	im, _, open, err := c.OpenConversation(&slack.OpenConversationParameters{Users: []string{"U0ANA"}, ReturnIM: true})
	if err != nil || !open || im.ID != "D0ANA" || im.User != "U0ANA" || !im.IsIM {
		t.Errorf("%+v, %v, %v", im, open, err)
	}
	readOnly := start(t, func(o *Options) {
		o.Manifest = []byte(strings.Replace(testManifest, "read_only_enabled: false", "read_only_enabled: true", 1))
	})
	if out, err := readOnly.User("ana").Say(t.Context(), "dm", "hi"); err == nil {
		t.Errorf("a read-only tab took a message: %+v", out)
	}
}

func TestResponseURLs(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	_, p := capture(t, s, func() (Outcome, error) { return ana.Slash(t.Context(), "#random", "/thing") })
	u := p["response_url"].(string)
	say := func(u, body string) string {
		t.Helper()
		resp, err := http.Post(u, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if (resp.StatusCode == 200) != (string(b) == "ok") {
			t.Errorf("status %d says %q", resp.StatusCode, b)
		}
		return string(b)
	}
	if got := say(u, `{"text":"for you"}`); got != "ok" { // the bot is not in #random
		t.Fatal(got)
	}
	if m := ana.Messages("#random"); len(m) != 1 || !m[0].Ephemeral || ws.User("lee").Sees("#random") != "" {
		t.Errorf("by default it is ephemeral: %+v", m)
	}
	if got := say(u, `{"text":"for all","response_type":"in_channel"}`); got != "ok" || ws.User("lee").Sees("#random") != "for all" {
		t.Error(got)
	}
	for i, c := range []struct{ body, want string }{
		{`{"blocks":[{"type":"nothing"}]}`, "invalid_blocks"}, {`{`, "invalid_payload"}, {`{}`, "no_text"}, {`{"text":"5"}`, "ok"}, {`{"text":"6"}`, "used_url"},
	} {
		if got := say(u, c.body); got != c.want {
			t.Errorf("use %d: %s, want %s", i+3, got, c.want)
		}
	}
	if got := say(ws.URL()+"/actions/nothing", `{"text":"x"}`); got != "expired_url" {
		t.Error(got)
	}
	ts := botPost(t, ws, "C0GENERAL", "card", okButton)
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) })
	u = p["response_url"].(string)
	if got := say(u, `{"text":"changed","replace_original":true}`); got != "ok" || ws.User("lee").Sees("#general") != "changed" {
		t.Errorf("replace: %s", got)
	}
	if got := say(u, `{"delete_original":"true"}`); got != "ok" {
		t.Errorf("delete: %s", got)
	}
	if _, ok := ana.Message("#general", ts); ok {
		t.Error("the original is still there")
	}
	if err := ws.Clock().Advance(t.Context(), 30*time.Minute+time.Second); err != nil {
		t.Fatal(err)
	}
	if got := say(u, `{"text":"late"}`); got != "expired_url" {
		t.Errorf("after 30 minutes: %s", got)
	}
}

func TestResponseURLsEditEphemerals(t *testing.T) {
	t.Parallel()
	ws := start(t)
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		return map[string]any{"text": "sure?", "blocks": []slack.Block{slack.NewActionBlock("a", slack.NewButtonBlockElement("yes", "", plain("Yes")))}}
	}
	b.block = func(ic slack.InteractionCallback) any {
		go b.api.PostMessage("", slack.MsgOptionText("done", false), slack.MsgOptionReplaceOriginal(ic.ResponseURL))
		return nil
	}
	connect(t, ws, 1, b)
	ana := ws.User("ana")
	must[Outcome](t)(ana.Slash(t.Context(), "#random", "/thing"))
	must[Outcome](t)(ana.Click(t.Context(), In("#random", "Yes")))
	if err := ws.WaitFor(t.Context(), func() bool { return ana.Sees("#random") == "done" }); err != nil {
		t.Fatal(err)
	}
}

func TestAnswersToCommands(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	answered := func(ack string) (Outcome, error) {
		wait := doing(func() (Outcome, error) { return ana.Slash(t.Context(), "#general", "/thing x") })
		s.ack(s.read(), ack)
		return wait()
	}
	must[Outcome](t)(answered(`{"response_type":"in_channel","text":"for all"}`))
	if got := ws.User("lee").Sees("#general"); got != "/thing x\n\nfor all" {
		t.Errorf("he sees %q", got)
	}
	for ack, why := range map[string]string{
		`{"blocks":[{"type":"section"}]}`: "must define either",
		`"text"`:                          "the answer to a command must be a message: it must be an object, not string",
		`{"text":7}`:                      "the answer to a command must be a message: text must be text, not number",
	} {
		if out, err := answered(ack); err == nil || out.OK || !strings.Contains(strings.Join(out.Warnings, ""), why) {
			t.Errorf("%s: %+v", ack, out)
		}
	}
	before := ana.Sees("#general")
	if out, err := answered(`{"response_action":"clear"}`); err != nil || !strings.Contains(strings.Join(out.Warnings, ""), "shows nothing") || ana.Sees("#general") != before {
		t.Errorf("%+v, %v", out, err)
	}
	must[Outcome](t)(answered(`{"response_type":"in_channel"}`))
	if got := ws.User("lee").Sees("#general"); got != "/thing x\n\nfor all\n\n/thing x" {
		t.Errorf("he sees %q", got)
	}
}

func TestUploads(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	png := []byte("\x89PNG not really")
	f, err := c.UploadFile(slack.UploadFileParameters{Filename: "chart.png", Title: "Chart", AltTxt: "A chart", Reader: bytes.NewReader(png), FileSize: len(png), Channel: "C0GENERAL", InitialComment: "see"})
	if err != nil {
		t.Fatal(err)
	}
	if got := ws.User("ana").Sees("#general"); got != "see\n(file: Chart)" {
		t.Errorf("she sees %q", got)
	}
	info, _, _, err := c.GetFileInfo(f.ID, 0, 0)
	if err != nil || info.Mimetype != "image/png" || len(info.Shares.Public["C0GENERAL"]) != 1 {
		t.Errorf("%+v, %v", info, err)
	}
	var got bytes.Buffer
	if info.URLPrivateDownload != info.URLPrivate {
		t.Errorf("downloads are at %q", info.URLPrivateDownload)
	}
	if err := c.GetFile(info.URLPrivate, &got); err != nil || !bytes.Equal(got.Bytes(), png) {
		t.Errorf("%q, %v", got.Bytes(), err)
	}
	if f, ok := ws.User("ana").File(FileID(f.ID)); !ok || f.Name != "chart.png" || f.Title != "Chart" || f.Alt != "A chart" || !bytes.Equal(f.Data, png) {
		t.Errorf("she gets %+v, %v", f, ok)
	}
	begun := post(t, ws, ws.BotToken(), "files.getUploadURLExternal", map[string][]string{"filename": {"a.html"}, "length": {"4"}})
	up := begun["upload_url"].(string)
	for _, try := range []struct {
		body string
		want int
	}{{"too long", 400}, {"<b/>", 200}, {"<b/>", 404}} {
		r, err := http.Post(up, "application/octet-stream", strings.NewReader(try.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != try.want {
			t.Errorf("upload %q: %d", try.body, r.StatusCode)
		}
	}
	id := begun["file_id"].(string)
	refusal{"files.completeUploadExternal", `channel_id=C0RANDOM&files=[{"id":"` + id + `"}]`, "not_in_channel"}.check(t, ws, ws.BotToken())
	refusal{"files.completeUploadExternal", `channel_id=C0PRIVATEPARTNERS&files=[{"id":"` + id + `"}]`, "channel_not_found"}.check(t, ws, ws.BotToken())
	refusal{"files.completeUploadExternal", `files=[{"id":"` + id + `"}]`, ""}.check(t, ws, ws.BotToken())
	r, err := http.Get(ws.URL() + "/dev/files/" + id + "?as=U0ANA")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if cd := r.Header.Get("Content-Disposition"); !strings.HasPrefix(cd, "attachment") {
		t.Errorf("an uploaded page would be shown: %q", cd)
	}
}

func TestFilesAreForThoseWhoSeeThem(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	if err := ws.User("ana").Invite("#private-partners", "testapp"); err != nil {
		t.Fatal(err)
	}
	share := func(channel string) string {
		f, err := c.UploadFile(slack.UploadFileParameters{Filename: "figures.csv", Content: "a,b\n", FileSize: 4, Channel: channel})
		if err != nil {
			t.Fatal(err)
		}
		return f.ID
	}
	public, private := share("C0GENERAL"), share("C0PRIVATEPARTNERS")
	begun := post(t, ws, ws.BotToken(), "files.getUploadURLExternal", map[string][]string{"filename": {"a.csv"}, "length": {"4"}})
	for _, look := range []struct {
		id, as, token string
		want          int
	}{
		{public, "U0ANA", "", 200},
		{public, "U0GUS", "", 200},
		{public, "U0NOBODY", "", 404},
		{public, "U0DANA", "", 404}, // has left
		{public, "", "", 404},
		{private, "U0ANA", "", 200},
		{private, "U0OMAR", "", 404},
		{private, "U0GUS", "", 404},
		{private, "", ws.BotToken(), 200},
		{private, "", "xoxb-wrong", 404},
		{private, "U0ANA", ws.AppToken(), 404},
		{begun["file_id"].(string), "U0ANA", "", 404}, // not there yet
	} {
		status, _ := ask(t, ws, http.MethodGet, "/dev/files/"+look.id+"?as="+look.as, "", func(r *http.Request) {
			if look.token != "" {
				r.Header.Set("Authorization", "Bearer "+look.token)
			}
		})
		if status != look.want {
			t.Errorf("%+v: %d", look, status)
		}
		if look.token != "" || look.as == "" {
			continue
		}
		if _, ok := ws.User(look.as).File(FileID(look.id)); ok != (look.want == http.StatusOK) {
			t.Errorf("%+v: the Go API says %v", look, ok)
		}
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	users, err := c.GetUsers(slack.GetUsersOptionLimit(3)) // several pages
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]slack.User{}
	for _, u := range users {
		by[u.Name] = u
	}
	if u := by["maya"]; u.TZ != "Asia/Kolkata" || u.TZOffset != 19800 || u.Profile.Email != "maya@acme.example" || u.TeamID != "T0ACME" {
		t.Errorf("maya: %+v", u)
	}
	if !by["gus"].IsRestricted || by["gus"].IsUltraRestricted || !by["sol"].IsUltraRestricted || !by["dana"].Deleted || !by["buildbot"].IsBot || !by["ines"].IsAdmin || !by["testapp"].IsBot {
		t.Errorf("kinds: %+v", by)
	}
	if _, ok := by["oscar"]; ok {
		t.Error("a stranger is listed")
	}
	if u, err := c.GetUserInfo("U0OSCAR"); err != nil || !u.IsStranger || u.TeamID != "T0PARTNER" || u.Profile.Email != "" {
		t.Errorf("oscar: %+v, %v", u, err)
	}
	if u, err := c.GetUserByEmail("ana@acme.example"); err != nil || u.ID != "U0ANA" {
		t.Errorf("%+v, %v", u, err)
	}
	groups, err := c.GetUserGroups(slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(groups) != 3 || groups[0].Handle != "strategic-partnerships" || len(groups[0].Users) != 2 {
		t.Errorf("%+v, %v", groups, err)
	}
	if ids, err := c.GetUserGroupMembers("S0OMNIBUS"); err != nil || !cmp.Equal(ids, []string{"U0OMAR", "U0LENA"}) {
		t.Errorf("%v, %v", ids, err)
	}
	chans, err := c.GetAllConversations(slack.GetConversationsOptionTypes([]string{"public_channel", "private_channel"}), slack.GetConversationsOptionLimit(2))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]slack.Channel{}
	for _, ch := range chans {
		names[ch.Name] = ch
	}
	if _, ok := names["private-partners"]; ok || !names["shared-digitalocean"].IsExtShared || !names["old-images"].IsArchived || names["random"].IsMember || !names["general"].IsMember {
		t.Errorf("channels: %+v", names)
	}
	if ch, _, warn, err := c.JoinConversation("C0RANDOM"); err != nil || !ch.IsMember || len(warn) != 0 {
		t.Errorf("%+v, %v, %v", ch, warn, err)
	}
	members, _, err := c.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: "C0SHAREDDIGITALOCEAN"})
	if err != nil || !cmp.Equal(members, []string{"U0ANA", "U0OMAR", "U0MAYA", "U0OSCAR", string(ws.BotUserID())}) {
		t.Errorf("%v, %v", members, err)
	}
	hidden := start(t, func(o *Options) {
		s := DefaultSeed()
		s.Channels[4].Bot = false
		o.Seed = s
	})
	refusal{"users.info", "user=U0OSCAR", "user_not_visible"}.check(t, hidden, hidden.BotToken())
}
