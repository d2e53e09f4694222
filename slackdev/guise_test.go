package slackdev

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func mayCustomize(o *Options) {
	o.Manifest = []byte(strings.Replace(testManifest, "chat:write,", `chat:write, "chat:write.customize",`, 1))
}

// An app with the scope posts as somebody else: every method that posts takes the
// name and the picture, and the message has no user then.
func TestMessagesUnderAnotherName(t *testing.T) {
	t.Parallel()
	ws := start(t, mayCustomize)
	as := url.Values{"channel": {"C0GENERAL"}, "text": {"hello"}, "username": {"Gardener"}, "icon_emoji": {":seedling:"}, "icon_url": {"https://x.example/p.png"}}
	got := post(t, ws, ws.BotToken(), "chat.postMessage", as)
	want := map[string]any{"username": "Gardener", "icons": map[string]any{"emoji": ":seedling:"}, "subtype": "bot_message", "bot_id": at(got, "message", "bot_id"), "user": nil}
	for k, v := range want {
		if diff := cmp.Diff(v, at(got, "message", k)); diff != "" {
			t.Errorf("%s of the message (-want +got):\n%s", k, diff)
		}
	}
	if at(got, "message", "bot_id") == nil || got["ok"] != true {
		t.Fatal(got)
	}
	ana := ws.User("ana")
	m := ana.Messages("#general")[0]
	if m.Username != "Gardener" || m.Icon != ":seedling:" || !m.Bot {
		t.Errorf("she sees %+v", m)
	}
	var sm slack.Message
	if err := json.Unmarshal(mustJSON(got["message"]), &sm); err != nil || sm.Username != "Gardener" || sm.SubType != slack.MsgSubTypeBotMessage {
		t.Errorf("slack-go reads %+v, %v", sm, err)
	}
	// It is the app's own message all the same.
	if got := post(t, ws, ws.BotToken(), "chat.update", url.Values{"channel": {"C0GENERAL"}, "ts": {string(m.TS)}, "text": {"hello again"}}); got["ok"] != true || at(got, "message", "username") != "Gardener" {
		t.Errorf("update: %v", got)
	}
	as.Del("icon_emoji")
	as.Set("user", "U0ANA")
	if got := post(t, ws, ws.BotToken(), "chat.postEphemeral", as); got["ok"] != true {
		t.Fatal(got)
	}
	if m := ana.Messages("#general")[1]; !m.Ephemeral || m.Username != "Gardener" || m.Icon != "https://x.example/p.png" {
		t.Errorf("she sees %+v", m)
	}
	as.Del("username")
	as.Set("post_at", "1764061260")
	if got := post(t, ws, ws.BotToken(), "chat.scheduleMessage", as); got["ok"] != true || at(got, "message", "username") != "testapp" {
		t.Fatal(got)
	}
	if err := ws.Clock().Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if m := ana.Messages("#general")[2]; m.Username != "testapp" || m.Icon != "https://x.example/p.png" {
		t.Errorf("a picture alone leaves the name: %+v", m)
	}
	begun := post(t, ws, ws.BotToken(), "files.getUploadURLExternal", url.Values{"filename": {"a.txt"}, "length": {"1"}})
	respond(t, begun["upload_url"].(string), "x")
	post(t, ws, ws.BotToken(), "files.completeUploadExternal", url.Values{"files": {`[{"id":"` + begun["file_id"].(string) + `"}]`}, "channel_id": {"C0GENERAL"}, "username": {"Archive"}})
	if m := ana.Messages("#general")[3]; m.Username != "Archive" || m.Icon != "" {
		t.Errorf("a file: %+v", m)
	}
	_, read := ask(t, ws, "GET", "/dev/api/messages?as=ana&channel=general", "")
	if at(read, "messages", 0, "username") != "Gardener" || at(read, "messages", 0, "icons", "emoji") != ":seedling:" || at(read, "messages", 1, "icons", "image_48") != "https://x.example/p.png" {
		t.Errorf("the page reads %v", read)
	}
}

func TestWithoutItsScopeAnotherNameIsIgnored(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	ws := start(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "text": {"hello"}, "username": {"Gardener"}, "icon_emoji": {"seedling"}})
	if got["ok"] != true || at(got, "message", "username") != nil || at(got, "message", "icons") != nil || at(got, "message", "subtype") != nil || at(got, "message", "user") != string(ws.BotUserID()) {
		t.Errorf("%v", got)
	}
	if !strings.Contains(log.String(), "lacks chat:write.customize") {
		t.Errorf("the log says\n%s", log.String())
	}
}
