package slackdev

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// attachedCard are attachments of each kind: blocks without ids, the older kind
// with a button of its own, and blocks with everything.
const attachedCard = `[
 {"color":"#2eb886","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*Build 7*"},"accessory":{"type":"button","value":"7","text":{"type":"plain_text","text":"Log"}}}]},
 {"text":"older","callback_id":"old","actions":[{"name":"go","type":"button","text":"Old button"}]},
 {"color":"danger","pretext":"Broken","blocks":[
  {"type":"section","block_id":"eight","text":{"type":"mrkdwn","text":"*Build 8*"},"accessory":{"type":"button","action_id":"log8","value":"8","text":{"type":"plain_text","text":"Log"}}},
  {"type":"actions","block_id":"row","elements":[
   {"type":"button","action_id":"again","value":"8:again","style":"danger","text":{"type":"plain_text","text":"Build again"}},
   {"type":"static_select","action_id":"why","placeholder":{"type":"plain_text","text":"Why"},"options":[{"text":{"type":"plain_text","text":"Flaky"},"value":"f"},{"text":{"type":"plain_text","text":"Broken"},"value":"b"}]},
   {"type":"external_select","action_id":"owner","min_query_length":1,"placeholder":{"type":"plain_text","text":"Whose"}}]}]}]`

// postAttached has the app post attachments beside a text and blocks.
func postAttached(t *testing.T, ws *Workspace, form url.Values) TS {
	t.Helper()
	form.Set("channel", "C0GENERAL")
	form.Set("text", "builds")
	got := post(t, ws, ws.BotToken(), "chat.postMessage", form)
	if got["ok"] != true {
		t.Fatal(got)
	}
	return TS(got["ts"].(string))
}

func TestBlockActionsFromAnAttachment(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	ts := postAttached(t, ws, url.Values{"blocks": {richCard}, "attachments": {attachedCard}})
	m, _ := ana.Message("#general", ts)
	if diff := cmp.Diff([]string{"", "Done...", "Whose", "", "", "Log", "Log", "Build again", "Why", "Whose"}, m.Controls()); diff != "" {
		t.Errorf("controls (-want +got):\n%s", diff)
	}
	_, p := capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Build again")) })
	if got := keys(p); got != "actions api_app_id channel container enterprise is_enterprise_install message response_url state team token trigger_id type user" {
		t.Errorf("keys: %s", got)
	}
	want := map[string]any{"type": "message_attachment", "message_ts": string(ts), "attachment_id": 3.0, "channel_id": "C0GENERAL", "is_ephemeral": false, "is_app_unfurl": false}
	if diff := cmp.Diff(want, p["container"]); diff != "" {
		t.Errorf("container (-want +got):\n%s", diff)
	}
	if a := at(p, "actions", 0); at(a, "action_id") != "again" || at(a, "block_id") != "row" || at(a, "value") != "8:again" {
		t.Errorf("action: %v", a)
	}
	for i := range 3 {
		if at(p, "message", "attachments", i, "id") != float64(i+1) {
			t.Errorf("attachment %d: %v", i, at(p, "message", "attachments", i))
		}
	}
	values := at(p, "state", "values")
	if keys(values) != "a row" || keys(at(values, "row")) != "owner why" || at(values, "a", "pick", "selected_option", "value") != "m" {
		t.Errorf("state.values: %v", values)
	}
	// Ids that the app left out are those of the message, and words tell two alike apart.
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Log").Near("Build 7")) })
	block := at(p, "message", "attachments", 0, "blocks", 0)
	if at(p, "container", "attachment_id") != 1.0 || at(p, "actions", 0, "value") != "7" || at(block, "block_id") == nil || at(block, "accessory", "action_id") == nil ||
		at(p, "actions", 0, "block_id") != at(block, "block_id") || at(p, "actions", 0, "action_id") != at(block, "accessory", "action_id") {
		t.Errorf("pressed %v of %v", at(p, "actions", 0), block)
	}
	if _, err := ana.Click(t.Context(), In("#general", "Log")); err == nil || !strings.Contains(err.Error(), "2 times") {
		t.Errorf("two alike: %v", err)
	}
	if _, err := ana.Click(t.Context(), In("#general", "Old button")); err == nil {
		t.Error("a button of the older kind was pressed")
	}
	// A button of the message itself is in no attachment.
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "done")) })
	if at(p, "container", "type") != "message" || at(p, "container", "attachment_id") != nil || at(p, "container", "is_app_unfurl") != nil {
		t.Errorf("container: %v", p["container"])
	}
	resp, err := http.Post(p["response_url"].(string), "application/json", strings.NewReader(`{"replace_original":true,"text":"","attachments":[{"blocks":`+okButton+`}]}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := ana.Sees("#general"); got != "[Go]" {
		t.Errorf("after an answer she sees\n%s", got)
	}
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) })
	if at(p, "container", "attachment_id") != 1.0 {
		t.Errorf("container: %v", p["container"])
	}
}

func TestAttachmentsOfEphemeralsAndReplies(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	attached := `[{"blocks":` + okButton + `}]`
	if got := post(t, ws, ws.BotToken(), "chat.postEphemeral", url.Values{"channel": {"C0GENERAL"}, "user": {"U0ANA"}, "attachments": {attached}}); got["ok"] != true {
		t.Fatal(got)
	}
	_, p := capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) })
	if at(p, "container", "type") != "message_attachment" || at(p, "container", "is_ephemeral") != true || p["message"] != nil || p["response_url"] == nil {
		t.Errorf("ephemeral: %v", p)
	}
	parent := botPost(t, ws, "C0GENERAL", "parent", "")
	reply := postAttached(t, ws, url.Values{"thread_ts": {string(parent)}, "attachments": {attached}})
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go").At(reply)) })
	if at(p, "container", "type") != "message_attachment" || at(p, "container", "thread_ts") != string(parent) {
		t.Errorf("reply: %v", p["container"])
	}
}

// What is chosen in an attachment is kept, shown, and in the next state; typing
// asks the app.
func TestChoicesInAttachments(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	ts := postAttached(t, ws, url.Values{"attachments": {attachedCard}})
	_, p := capture(t, s, func() (Outcome, error) {
		return ana.Click(t.Context(), In("#general", "Why"), Choose("Flaky"))
	})
	if at(p, "actions", 0, "selected_option", "value") != "f" {
		t.Errorf("chosen: %v", p["actions"])
	}
	if m, _ := ana.Message("#general", ts); !strings.Contains(m.Text(), "[Build again] [Flaky] [Whose]") {
		t.Errorf("she reads\n%s", m.Text())
	}
	wait := doing(func() (Outcome, error) { return ana.FillIn(t.Context(), In("#general", "Whose"), "om") })
	f := s.read()
	var asked map[string]any
	if err := json.Unmarshal(f.Payload, &asked); err != nil {
		t.Fatal(err)
	}
	if asked["type"] != "block_suggestion" || asked["value"] != "om" || asked["action_id"] != "owner" || asked["block_id"] != "row" || at(asked, "message", "ts") != string(ts) ||
		at(asked, "container", "type") != "message_attachment" || at(asked, "container", "attachment_id") != 3.0 {
		t.Errorf("asked: %s", f.raw)
	}
	s.ack(f, `{"options":[{"text":{"type":"plain_text","text":"Omar"},"value":"1"}]}`)
	s.ack(s.read(), "")
	if _, err := wait(); err != nil {
		t.Fatal(err)
	}
	// An update that gives blocks alone keeps the attachments and what was chosen in them.
	if got := post(t, ws, ws.BotToken(), "chat.update", url.Values{"channel": {"C0GENERAL"}, "ts": {string(ts)}, "blocks": {okButton}}); got["ok"] != true {
		t.Fatal(got)
	}
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "again")) })
	if v := at(p, "state", "values", "row"); at(v, "why", "selected_option", "value") != "f" || at(v, "owner", "selected_option", "value") != "1" || at(p, "container", "attachment_id") != 3.0 {
		t.Errorf("the state after an update: %v", v)
	}
	// One that gives attachments alone keeps the blocks.
	if got := post(t, ws, ws.BotToken(), "chat.update", url.Values{"channel": {"C0GENERAL"}, "ts": {string(ts)}, "attachments": {`[{"blocks":[{"type":"divider"}]}]`}}); got["ok"] != true {
		t.Fatal(got)
	}
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) })
	if at(p, "container", "type") != "message" {
		t.Errorf("container: %v", p["container"])
	}
}

// Block ids are there once in a message: its attachments are part of it.
func TestBlockIDsAreThereOnceInAMessage(t *testing.T) {
	t.Parallel()
	ws := start(t)
	attached := `[{"blocks":` + okButton + `}]`
	twice := `[{"blocks":` + okButton + `},{"blocks":` + okButton + `}]`
	for _, r := range []refusal{
		{"chat.postMessage", "channel=C0GENERAL&attachments=" + esc(attached), ""},
		{"chat.postMessage", "channel=C0GENERAL&attachments=" + esc(twice), "invalid_attachments"},
		{"chat.postMessage", "channel=C0GENERAL&attachments=" + esc(attached) + "&blocks=" + esc(okButton), "invalid_attachments"},
		{"chat.postMessage", "channel=C0GENERAL&attachments=" + esc(attached) + "&blocks=" + esc(`[{"type":"nothing"}]`), "invalid_blocks"},
		{"chat.postMessage", "channel=C0GENERAL&attachments=" + esc(attached) + "&blocks=" + esc(`{}`), "invalid_blocks_format"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "blocks": {okButton}, "attachments": {attached}})
	if want := "`block_id` \"b\" already exists [json-pointer:/attachments/0/blocks/0/block_id]"; at(got, "errors", 0) != want {
		t.Errorf("%v, want %s", got, want)
	}
	ts := string(postAttached(t, ws, url.Values{"blocks": {okButton}}))
	for _, r := range []refusal{
		{"chat.update", "channel=C0GENERAL&ts=" + ts + "&attachments=" + esc(attached), "invalid_attachments"}, // the blocks stay
		{"chat.update", "channel=C0GENERAL&ts=" + ts + "&text=x&attachments=" + esc(attached), ""},             // they go
		{"chat.update", "channel=C0GENERAL&ts=" + ts + "&blocks=" + esc(okButton), "invalid_attachments"},      // the attachments stay
	} {
		r.check(t, ws, ws.BotToken())
	}
}

// A client that nobody here wrote reads the payload, and presses go by ids and by
// words over HTTP.
func TestSlackGoHearsOfAButtonInAnAttachment(t *testing.T) {
	t.Parallel()
	ws := start(t)
	heard := make(chan slack.InteractionCallback, 1)
	b := &bot{block: func(ic slack.InteractionCallback) any { heard <- ic; return nil }}
	connect(t, ws, 1, b)
	_, ts, err := b.api.PostMessage("C0GENERAL", slack.MsgOptionAttachments(slack.Attachment{Color: "#f2c744", Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewSectionBlock(plain("Approve it?"), nil, slack.NewAccessory(slack.NewButtonBlockElement("approve", "42", plain("Approve"))), slack.SectionBlockOptionBlockID("ask")),
	}}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []struct{ path, body string }{
		{"/dev/api/click", `{"as":"ana","channel":"general","button":"Approve","near":"approve it"}`},
		{"/dev/api/action", `{"as":"ana","channel":"general","ts":"` + ts + `","block_id":"ask","action_id":"approve","action":{"type":"button","value":"42"}}`},
	} {
		if status, out := ask(t, ws, http.MethodPost, act.path, act.body); status != http.StatusOK || out["ok"] != true {
			t.Fatalf("%s: %d %v", act.path, status, out)
		}
		ic := <-heard
		if ic.Container.Type != "message_attachment" || ic.Container.AttachmentID != "1" || ic.Container.MessageTs != ts || ic.Container.IsAppUnfurl ||
			len(ic.ActionCallback.BlockActions) != 1 || ic.ActionCallback.BlockActions[0].Value != "42" || len(ic.Message.Attachments) != 1 || ic.Message.Attachments[0].ID != 1 {
			t.Errorf("%s: %+v", act.path, ic)
		}
	}
	if _, out := ask(t, ws, http.MethodGet, "/dev/api/screen?as=ana&channel=general", ""); at(out, "messages", 0, "controls", 0) != "Approve" {
		t.Errorf("the screen: %v", out)
	}
}
