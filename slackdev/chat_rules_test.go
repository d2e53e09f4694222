package slackdev

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func TestMarkdownTextStandsAlone(t *testing.T) {
	t.Parallel()
	ws := start(t)
	long := strings.Repeat("x", 12000)
	for _, r := range []refusal{
		{"chat.postMessage", "channel=C0GENERAL&markdown_text=" + esc("# Title"), ""},
		{"chat.postMessage", "channel=C0GENERAL&markdown_text=x&text=y", "markdown_text_conflict"},
		{"chat.postMessage", "channel=C0GENERAL&markdown_text=x&blocks=" + esc(okButton), "markdown_text_conflict"},
		{"chat.postMessage", "channel=C0GENERAL&markdown_text=" + long, ""},
		{"chat.postMessage", "channel=C0GENERAL&markdown_text=" + long + "x", "msg_too_long"},
		{"chat.postEphemeral", "channel=C0GENERAL&user=U0ANA&markdown_text=x&text=y", "markdown_text_conflict"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	if m := ws.User("ana").Messages("#general"); m[0].Text() != "Title" || string(m[0].Blocks) == "" {
		t.Errorf("she reads %q", m[0].Text())
	}
}

func TestAttachmentsAreCountedAndTheirBlocksChecked(t *testing.T) {
	t.Parallel()
	ws := start(t)
	many := func(n int) string { return esc("[" + strings.Repeat(`{"text":"x"},`, n-1) + `{"text":"x"}]`) }
	for _, r := range []refusal{
		{"chat.postMessage", "channel=C0GENERAL&attachments=" + many(100), ""},
		{"chat.postMessage", "channel=C0GENERAL&attachments=" + many(101), "too_many_attachments"},
		{"chat.postMessage", "channel=C0GENERAL&attachments=" + esc(`[{"blocks":[{"type":"nothing"}]}]`), "invalid_attachments"},
		{"chat.postMessage", "channel=C0GENERAL&attachments=nonsense", "no_text"},
		{"chat.postMessage", "channel=C0GENERAL&attachments=[]", "no_text"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "attachments": {`[{"text":"x"},{"blocks":[{"type":"divider","x":1}]}]`}})
	if want := "invalid additional property: x [json-pointer:/attachments/1/blocks/0]"; at(got, "errors", 0) != want || at(got, "response_metadata", "messages", 0) != "[ERROR] "+want {
		t.Errorf("%v", got)
	}
}

// What is too long as a whole has a code of its own; what is wrong in one place
// comes with the place.
func TestBlocksThatAreTooLongTogether(t *testing.T) {
	t.Parallel()
	ws := start(t)
	section := `{"type":"section","text":{"type":"plain_text","text":"` + strings.Repeat("x", 3000) + `"}}`
	refusal{"chat.postMessage", "channel=C0GENERAL&blocks=" + esc("["+strings.Repeat(section+",", 4)+section+"]"), "msg_blocks_too_long"}.check(t, ws, ws.BotToken())
	got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "blocks": {`[{"type":"divider","x":1}]`}})
	want := map[string]any{
		"ok": false, "error": "invalid_blocks", "errors": []any{"invalid additional property: x [json-pointer:/blocks/0]"},
		"response_metadata": map[string]any{"messages": []any{"[ERROR] invalid additional property: x [json-pointer:/blocks/0]"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMetadataIsReplacedAlone(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ts := botPost(t, ws, "C0GENERAL", "card", okButton)
	if got := post(t, ws, ws.BotToken(), "chat.update", url.Values{"channel": {"C0GENERAL"}, "ts": {string(ts)}, "metadata": {`{"event_type":"card","event_payload":{"rev":2}}`}}); got["ok"] != true {
		t.Fatal(got)
	}
	if m, _ := ws.User("ana").Message("#general", ts); m.Edited || m.Blocks == nil || !strings.Contains(string(m.Metadata), `"rev":2`) {
		t.Errorf("metadata alone changes nothing else: %+v", m)
	}
}

// What an update does not give stays, unless a text takes its place.
func TestAnUpdateKeepsWhatItDoesNotGive(t *testing.T) {
	t.Parallel()
	ws := start(t)
	const attached = `[{"text":"attached"}]`
	got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "text": {"t"}, "blocks": {okButton}, "attachments": {attached}})
	ts := got["ts"].(string)
	for i, step := range []struct {
		give                string
		blocks, attachments bool
		edited              bool
	}{
		{"attachments=" + esc(`[{"text":"other"}]`), true, true, false},
		{"blocks=" + esc(okButton), true, true, false},
		{"blocks=" + esc(okButton) + "&attachments=[]", true, false, false},
		{"text=words&attachments=" + esc(attached), false, true, true},
		{"text=words", false, false, true},
	} {
		form, err := url.ParseQuery(step.give + "&channel=C0GENERAL&ts=" + ts)
		if err != nil {
			t.Fatal(err)
		}
		m := at(post(t, ws, ws.BotToken(), "chat.update", form), "message")
		if has := at(m, "blocks") != nil; has != step.blocks {
			t.Errorf("step %d: blocks %v", i, has)
		}
		if has := at(m, "attachments") != nil; has != step.attachments {
			t.Errorf("step %d: attachments %v", i, has)
		}
		if has := at(m, "edited") != nil; has != step.edited {
			t.Errorf("step %d: edited %v", i, has)
		}
	}
}

// A select keeps what a person chose in it while its ids stay.
func TestChoicesInAMessageOutliveItsUpdate(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ts := botPost(t, ws, "C0GENERAL", "card", richCard)
	lee := ws.User("lee")
	capture(t, s, func() (Outcome, error) { return lee.Click(t.Context(), In("#general", "who"), Choose("ana")) })
	chosen := func(block string) any {
		t.Helper()
		_, p := capture(t, s, func() (Outcome, error) { return lee.Click(t.Context(), In("#general", "done")) })
		return at(p, "state", "values", block, "who", "selected_users")
	}
	update := func(blocks string) {
		t.Helper()
		if got := post(t, ws, ws.BotToken(), "chat.update", url.Values{"channel": {"C0GENERAL"}, "ts": {string(ts)}, "blocks": {blocks}}); got["ok"] != true {
			t.Fatal(got)
		}
	}
	update(strings.Replace(richCard, "*Row*", "*Row 2*", 1))
	if diff := cmp.Diff([]any{"U0ANA"}, chosen("a")); diff != "" {
		t.Errorf("with the same ids:\n%s", diff)
	}
	update(strings.Replace(richCard, `"block_id":"a"`, `"block_id":"a2"`, 1))
	if diff := cmp.Diff([]any{}, chosen("a2")); diff != "" {
		t.Errorf("with another block id:\n%s", diff)
	}
}

func TestEphemeralsAreNotForTheWebAPI(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	ts, err := c.PostEphemeral("C0GENERAL", "U0ANA", slack.MsgOptionText("psst", false))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []refusal{
		{"chat.update", "channel=C0GENERAL&text=y&ts=" + ts, "message_not_found"},
		{"chat.delete", "channel=C0GENERAL&ts=" + ts, "message_not_found"},
		{"chat.getPermalink", "channel=C0GENERAL&message_ts=" + ts, "message_not_found"},
		{"pins.add", "channel=C0GENERAL&timestamp=" + ts, "message_not_found"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	if h, err := c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL"}); err != nil || len(h.Messages) != 0 {
		t.Errorf("history has it: %+v, %v", h, err)
	}
}

func TestADirectMessageNeedsNoScopeOfItsOwn(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.ScopesGranted = []string{"chat:write"} })
	ts := botPost(t, ws, "U0ANA", "hello", "")
	refusal{"chat.update", "channel=U0ANA&text=y&ts=" + string(ts), "channel_not_found"}.check(t, ws, ws.BotToken())
	refusal{"chat.update", "channel=D0ANA&text=y&ts=" + string(ts), ""}.check(t, ws, ws.BotToken())
	if got := ws.User("ana").DM(); len(got) != 1 || got[0].Text() != "y" {
		t.Errorf("%+v", got)
	}
}

// respond posts to a response URL and returns the body.
func respond(t *testing.T, u, body string) string {
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
	return string(b)
}

func TestResponseURLsOfThreadsAndOfOthersMessages(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana, lee := ws.User("ana"), ws.User("lee")
	must[Outcome](t)(lee.Say(t.Context(), "#general", "his words"))
	his := lee.Messages("#general")[0].TS
	_, p := capture(t, s, func() (Outcome, error) { return ana.MessageAction(t.Context(), "#general", his, "link_it") })
	u := p["response_url"].(string)
	if got := respond(t, u, `{"text":"mine","replace_original":true}`); got != "ok" {
		t.Error(got)
	}
	if m, _ := lee.Message("#general", his); m.Text() != "his words" {
		t.Errorf("another's message was replaced: %q", m.Text())
	}
	if got := respond(t, u, `{"text":"in the thread","response_type":"in_channel","thread_ts":"`+string(his)+`"}`); got != "ok" {
		t.Error(got)
	}
	if got := lee.SeesThread("#general", his); got != "his words\n\nin the thread" {
		t.Errorf("the thread reads %q", got)
	}
	if got := respond(t, u, `{"text":"only for her","thread_ts":"`+string(his)+`"}`); got != "ok" {
		t.Error(got)
	}
	if got := ana.SeesThread("#general", his); !strings.HasSuffix(got, "only for her") {
		t.Errorf("she reads %q", got)
	}
	if got := lee.SeesThread("#general", his); strings.Contains(got, "only for her") {
		t.Errorf("he reads %q", got)
	}
}

func TestPinsAndBookmarksHaveALimit(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ts := botPost(t, ws, "C0GENERAL", "one more", "")
	ws.mu.Lock()
	ch := ws.st.channelByName("general")
	ch.pins = slices.Repeat([]TS{"1.000000"}, 100)
	ch.bookmarks = make([]bookmark, 100)
	ws.mu.Unlock()
	for _, r := range []refusal{
		{"pins.add", "channel=C0GENERAL&timestamp=" + string(ts), "too_many_pins"},
		{"bookmarks.add", "channel_id=C0GENERAL&title=t&type=link&link=https://x.example", "too_many_bookmarks"},
	} {
		r.check(t, ws, ws.BotToken())
	}
}
