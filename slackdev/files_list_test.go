package slackdev

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// filed uploads a file of the app's, and shares it in a channel when one is named.
func filed(t *testing.T, c *slack.Client, name, channel string) FileID {
	t.Helper()
	f, err := c.UploadFile(slack.UploadFileParameters{Filename: name, Title: name, FileSize: 4, Content: "data", Channel: channel})
	if err != nil {
		t.Fatal(err)
	}
	return FileID(f.ID)
}

func TestFilesAreListed(t *testing.T) {
	t.Parallel()
	ws := start(t, subscribed)
	c, ana := api(ws), ws.User("ana")
	heard(t, ws)
	one, two := filed(t, c, "one.png", "C0GENERAL"), filed(t, c, "two.pdf", "")
	must[Outcome](t)(ana.Upload(t.Context(), "general", Upload{Name: "hers.zip", Data: []byte("x")}))
	must[Outcome](t)(ana.CreateChannel(t.Context(), "hers", true))
	must[Outcome](t)(ana.Upload(t.Context(), "hers", Upload{Name: "secret.txt", Data: []byte("x")})) // where the bot is not
	names := func(p slack.GetFilesParameters) []string {
		t.Helper()
		list, _, err := c.GetFiles(p)
		if err != nil {
			t.Fatal(err)
		}
		out := []string{}
		for _, f := range list {
			out = append(out, f.Name)
		}
		return out
	}
	all := []string{"hers.zip", "two.pdf", "one.png"}
	for _, q := range []struct {
		p    slack.GetFilesParameters
		want []string
	}{
		{slack.GetFilesParameters{}, all},
		{slack.GetFilesParameters{User: "U0ANA"}, all[:1]},
		{slack.GetFilesParameters{Channel: "C0GENERAL"}, []string{"hers.zip", "one.png"}},
		{slack.GetFilesParameters{Types: "images,pdfs"}, []string{"two.pdf", "one.png"}},
		{slack.GetFilesParameters{Types: "zips"}, all[:1]},
		{slack.GetFilesParameters{Types: "spaces,snippets,gdocs"}, []string{}},
		{slack.GetFilesParameters{TimestampFrom: slack.JSONTime(testNow.Unix() + 3600)}, []string{}},
		{slack.GetFilesParameters{TimestampTo: slack.JSONTime(testNow.Unix() - 3600)}, []string{}},
		{slack.GetFilesParameters{Count: 2}, all[:2]},
		{slack.GetFilesParameters{Count: 2, Page: 2}, all[2:]},
		{slack.GetFilesParameters{Count: 2, Page: 99}, []string{}},
	} {
		if diff := cmp.Diff(q.want, names(q.p)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", q.p, diff)
		}
	}
	if _, paging, err := c.GetFiles(slack.GetFilesParameters{Count: 2, Page: 2}); err != nil || *paging != (slack.Paging{Count: 2, Total: 3, Page: 2, Pages: 2}) {
		t.Errorf("%+v, %v", paging, err)
	}
	for _, r := range []refusal{{"files.list", "types=sounds", "unknown_type"}, {"files.list", "user=U0NOBODY", "user_not_found"}} {
		r.check(t, ws, ws.BotToken())
	}
	if one == two {
		t.Error("two files are one")
	}
}

// A deleted file is gone, and its message says that there was one.
func TestTheAppDeletesItsOwnFiles(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) {
		subscribed(o)
		o.Manifest = []byte(strings.Replace(string(o.Manifest), "file_shared,", "file_shared, file_deleted,", 1))
	})
	got, c, ana := heard(t, ws), api(ws), ws.User("ana")
	id := filed(t, c, "plan.png", "C0GENERAL")
	m := ana.Messages("general")[0]
	<-got
	if err := c.DeleteFile(string(id)); err != nil {
		t.Fatal(err)
	}
	e := <-got
	want := []any{"message_changed", "plan.png", map[string]any{"id": string(id), "mode": "tombstone"}}
	if diff := cmp.Diff(want, []any{e["subtype"], at(e, "previous_message", "files", 0, "name"), at(e, "message", "files", 0)}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{"file_deleted", string(id)}, pickAll(<-got, "type", "file_id")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m, _ = ana.Message("general", m.TS); m.Text() != "(file deleted)" {
		t.Errorf("she reads %q", m.Text())
	}
	if _, ok := ana.File(id); ok {
		t.Error("she opens it")
	}
	if list, _, err := c.GetFiles(slack.GetFilesParameters{}); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	botPost(t, ws, "C0GENERAL", "no picture", "")
	<-got
	image := esc(`[{"type":"image","alt_text":"plan","slack_file":{"id":"` + string(id) + `"}}]`)
	must[Outcome](t)(ana.Upload(t.Context(), "general", Upload{Name: "hers.txt", Data: []byte("x")}))
	if e = <-got; e["type"] != "file_shared" {
		e = <-got
	}
	hers, _ := e["file_id"].(string)
	for _, r := range []refusal{
		{"files.delete", "file=" + string(id), "file_deleted"}, {"files.info", "file=" + string(id), "file_deleted"}, {"files.delete", "file=F0NONE", "file_not_found"},
		{"files.delete", "file=" + hers, "cant_delete_file"}, {"chat.postMessage", "channel=C0GENERAL&blocks=" + image, "invalid_blocks"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.st.fileBytes != 1 {
		t.Errorf("%d bytes are kept, want hers alone", ws.st.fileBytes)
	}
}

func TestReactionsOfSomebodyAreListed(t *testing.T) {
	t.Parallel()
	ws := start(t, subscribed)
	heard(t, ws)
	c, ana := api(ws), ws.User("ana")
	first, second := card(t, c), card(t, c)
	must[Outcome](t)(ana.React(t.Context(), "general", first, "tada"))
	must[Outcome](t)(ana.React(t.Context(), "general", second, "eyes"))
	must[Outcome](t)(ana.React(t.Context(), "general", second, "+1"))
	must[Outcome](t)(ana.Say(t.Context(), "random", "where the bot is not"))
	m, _ := ana.Find("random", "where")
	must[Outcome](t)(ana.React(t.Context(), "random", m.TS, "tada"))
	if err := c.AddReaction("tada", slack.NewRefToMessage("C0GENERAL", string(first))); err != nil {
		t.Fatal(err)
	}
	list := func(p slack.ListReactionsParameters) []string {
		t.Helper()
		var out []string
		for {
			items, next, err := c.ListReactions(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range items {
				if i.Type != "message" || i.Channel != "C0GENERAL" || len(i.Reactions) == 0 {
					t.Errorf("%+v", i)
				}
				out = append(out, i.Message.Timestamp)
			}
			if p.Cursor = next; next == "" {
				return out
			}
		}
	}
	// A message is there once for each of her emoji.
	want := []string{string(second), string(second), string(first)}
	if diff := cmp.Diff(want, list(slack.ListReactionsParameters{User: "U0ANA"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, list(slack.ListReactionsParameters{User: "U0ANA", Limit: 2})); diff != "" {
		t.Errorf("in pages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[2:], list(slack.ListReactionsParameters{})); diff != "" {
		t.Errorf("the app's own (-want +got):\n%s", diff)
	}
	paged := post(t, ws, ws.BotToken(), "reactions.list", url.Values{"user": {"U0ANA"}, "count": {"2"}, "page": {"2"}})
	if at(paged, "items", 0, "message", "ts") != string(first) || at(paged, "paging", "total") != 3.0 || at(paged, "paging", "pages") != 2.0 {
		t.Errorf("%v", paged)
	}
	for _, r := range []refusal{{"reactions.list", "user=U0NOBODY", "user_not_found"}, {"reactions.list", "cursor=x", "invalid_cursor"}} {
		r.check(t, ws, ws.BotToken())
	}
}

func TestBookmarksAreEdited(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	b, err := c.AddBookmark("C0GENERAL", slack.AddBookmarkParameters{Title: "Plan", Type: "link", Link: "https://example.com/plan", Emoji: ":memo:"})
	if err != nil {
		t.Fatal(err)
	}
	title, none := "The plan", ""
	got, err := c.EditBookmark("C0GENERAL", b.ID, slack.EditBookmarkParameters{Title: &title, Emoji: &none})
	if err != nil || got.ID != b.ID || got.Title != title || got.Link != b.Link || got.Emoji != "" || got.Created != b.Created {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = c.EditBookmark("C0GENERAL", b.ID, slack.EditBookmarkParameters{Link: "http://example.com/b"}); err != nil || got.Link != "http://example.com/b" || got.Title != title {
		t.Errorf("%+v, %v", got, err)
	}
	if list, err := c.ListBookmarks("C0GENERAL"); err != nil || len(list) != 1 || list[0].Title != title || list[0].Link != "http://example.com/b" {
		t.Errorf("%+v, %v", list, err)
	}
	on := "channel_id=C0GENERAL&bookmark_id=" + b.ID
	for _, r := range []refusal{
		{"bookmarks.edit", on + "&link=ftp://x.example", "invalid_link"}, {"bookmarks.edit", on + "&emoji=no+emoji", "invalid_emoji"},
		{"bookmarks.edit", "channel_id=C0GENERAL&bookmark_id=Bk0", "not_found"}, {"bookmarks.edit", "channel_id=C0NONE&bookmark_id=" + b.ID, "channel_not_found"},
		{"bookmarks.add", "channel_id=C0GENERAL&title=t&type=link&link=https://x.example&emoji=no+emoji", "invalid_emoji"},
	} {
		r.check(t, ws, ws.BotToken())
	}
}

func TestTheAppSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	ws := start(t, listening)
	got, c := heard(t, ws), api(ws)
	_, ts, err := c.PostMessage("C0GENERAL", slack.MsgOptionText("waves", false), slack.MsgOptionMeMessage())
	if err != nil || ts == "" {
		t.Fatal(ts, err)
	}
	if diff := cmp.Diff([]any{"message", "me_message", "waves", ws.st.app.botID}, pickAll(<-got, "type", "subtype", "text", "bot_id")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m, _ := ws.User("ana").Message("general", TS(ts)); m.Subtype != "me_message" || m.Text() != "waves" {
		t.Errorf("%+v", m)
	}
	if _, _, err := c.PostMessage("C0RANDOM", slack.MsgOptionText("waves", false), slack.MsgOptionMeMessage()); codeOf(err) != "not_in_channel" {
		t.Errorf("where it is not: %v", err)
	}
	for _, r := range []refusal{
		{"chat.meMessage", "channel=C0GENERAL", "no_text"}, {"chat.meMessage", "channel=general&text=" + strings.Repeat("x", 40000), ""},
		{"chat.meMessage", "channel=C0GENERAL&text=" + strings.Repeat("x", 40001), "msg_too_long"}, {"chat.meMessage", "channel=C0NONE&text=x", "channel_not_found"},
		{"chat.meMessage", "channel=C0OLDIMAGES&text=x", "is_archived"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	if _, err := ws.User("ana").Edit(t.Context(), "general", TS(ts), "stands"); !errors.Is(err, ErrNotPossible) {
		t.Errorf("a person edits it: %v", err)
	}
}
