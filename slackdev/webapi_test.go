package slackdev

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

const okButton = `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`

// refusal is a call that must fail, or succeed when want is empty.
type refusal struct {
	method string
	args   string // key=value pairs, & between
	want   string
}

func (r refusal) check(t *testing.T, ws *Workspace, token string) {
	t.Helper()
	form, err := url.ParseQuery(r.args)
	if err != nil {
		t.Fatal(err)
	}
	got := post(t, ws, token, r.method, form)
	if code, _ := got["error"].(string); code != r.want || (got["ok"] == true) != (r.want == "") {
		t.Errorf("%s %s: %v, want %q", r.method, r.args, got, r.want)
	}
}

// TestRefusals meets the error codes of each method, in Slack's words.
func TestRefusals(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ana := ws.User("ana")
	must[Outcome](t)(ana.Say(t.Context(), "#general", "hers"))
	hers := ana.Messages("#general")[0].TS
	ours := botPost(t, ws, "C0GENERAL", "ours", "")
	private := esc(`[{"type":"section","text":{"type":"plain_text","text":"` + strings.Repeat("x", 3001) + `"}}]`)
	modal := esc(`{"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[]}`)
	home := esc(`{"type":"home","blocks":[]}`)
	for _, r := range []refusal{
		{"nothing.here", "", "unknown_method"},
		{"api.test", "error=my_error", "my_error"},
		{"api.test", "", ""},
		{"auth.test", "", ""},
		{"chat.postMessage", "channel=C0NOWHERE&text=x", "channel_not_found"},
		{"chat.postMessage", "channel=C0PRIVATEPARTNERS&text=x", "channel_not_found"},
		{"chat.postMessage", "channel=C0OLDIMAGES&text=x", "is_archived"},
		{"chat.postMessage", "channel=C0GENERAL", "no_text"},
		{"chat.postMessage", "channel=C0GENERAL&blocks=" + private, "invalid_blocks"},
		{"chat.postMessage", "channel=C0GENERAL&blocks=%7B%7D", "invalid_blocks_format"},
		{"chat.postMessage", "channel=C0GENERAL&text=x&metadata=%7B%7D", "invalid_metadata_format"},
		{"chat.postMessage", "channel=C0GENERAL&text=x&metadata=" + esc(`{"event_type":"e","event_payload":{"k":"`+strings.Repeat("x", maxMetadata)+`"}}`), "metadata_too_large"},
		{"chat.postMessage", "channel=C0GENERAL&blocks=" + esc("["+strings.Repeat(" ", maxBlocksSize)+"]"), "msg_blocks_too_long"},
		{"chat.postMessage", "channel=U0DANA&text=x", "user_disabled"},
		{"chat.postMessage", "channel=U0BUILDBOT&text=x", "cannot_dm_bot"},
		{"chat.postMessage", "channel=U0NOBODY&text=x", "channel_not_found"},
		{"chat.postMessage", "channel=C0RANDOM&text=x", ""}, // chat:write.public
		{"chat.postMessage", "channel=%23general&text=x", ""},
		{"chat.update", "channel=C0GENERAL&ts=1.000000&text=x", "message_not_found"},
		{"chat.update", "channel=C0NOWHERE&ts=1.000000&text=x", "channel_not_found"},
		{"chat.update", "channel=C0GENERAL&ts=" + string(hers) + "&text=x", "cant_update_message"},
		{"chat.update", "channel=C0GENERAL&ts=" + string(ours) + "&text=" + strings.Repeat("x", 4001), "msg_too_long"},
		{"chat.update", "channel=C0GENERAL&ts=" + string(ours), "no_text"},
		{"chat.update", "channel=%23general&ts=" + string(ours) + "&text=x", "channel_not_found"}, // needs an id
		{"chat.delete", "channel=C0GENERAL&ts=" + string(hers), "cant_delete_message"},
		{"chat.delete", "channel=C0GENERAL&ts=1.000000", "message_not_found"},
		{"chat.postEphemeral", "channel=C0RANDOM&user=U0ANA&text=x", "not_in_channel"},
		{"chat.postEphemeral", "channel=C0GENERAL&user=U0OSCAR&text=x", "user_not_in_channel"},
		{"chat.postEphemeral", "channel=C0OLDIMAGES&user=U0ANA&text=x", "is_archived"},
		{"chat.postEphemeral", "channel=C0GENERAL&user=U0ANA", "no_text"},
		{"chat.getPermalink", "channel=C0GENERAL&message_ts=1.000000", "message_not_found"},
		{"chat.getPermalink", "channel=C0NOWHERE&message_ts=1.000000", "channel_not_found"},
		{"conversations.info", "channel=C0NOWHERE", "channel_not_found"},
		{"conversations.info", "channel=C0PRIVATEPARTNERS", "channel_not_found"},
		{"conversations.list", "types=everything", "invalid_types"},
		{"conversations.list", "limit=5000", "invalid_limit"},
		{"conversations.list", "limit=many", "invalid_limit"},
		{"conversations.list", "limit=", ""},
		{"conversations.list", "cursor=nonsense", "invalid_cursor"},
		{"conversations.members", "channel=C0NOWHERE", "channel_not_found"},
		{"conversations.open", "", "users_list_not_supplied"},
		{"conversations.open", "users=U0NOBODY", "user_not_found"},
		{"conversations.open", "users=U0DANA", "user_disabled"},
		{"conversations.open", "users=U0BUILDBOT", "cannot_dm_bot"},
		{"conversations.open", "channel=C0GENERAL", "channel_not_found"},
		{"conversations.join", "channel=C0OLDIMAGES", "is_archived"},
		{"conversations.join", "channel=C0PRIVATEPARTNERS", "channel_not_found"},
		{"conversations.history", "channel=C0PRIVATEPARTNERS", "channel_not_found"},
		{"conversations.history", "channel=C0RANDOM", "not_in_channel"},
		{"conversations.history", "channel=C0GENERAL&oldest=yesterday", "invalid_ts_oldest"},
		{"conversations.history", "channel=C0GENERAL&latest=-1", "invalid_ts_latest"},
		{"conversations.history", "channel=C0GENERAL&oldest=0&latest=now", ""},
		{"conversations.history", "channel=C0GENERAL&oldest=1700000000&latest=1700000000.000100", ""},
		{"conversations.replies", "channel=C0GENERAL&ts=1.000000", "thread_not_found"},
		{"conversations.replies", "channel=C0GENERAL&ts=1.000000&oldest=yesterday", "invalid_ts_oldest"},
		{"users.info", "user=U0NOBODY", "user_not_found"},
		{"users.lookupByEmail", "email=nobody@acme.example", "users_not_found"},
		{"usergroups.users.list", "usergroup=S0NOBODY", "no_such_subteam"},
		{"views.open", "view=" + modal, "invalid_arguments"},
		{"views.open", "trigger_id=nonsense&view=" + modal, "invalid_trigger_id"},
		{"views.open", "trigger_id=1.2.3&view=" + modal, "expired_trigger_id"},
		{"views.open", "trigger_id=1.2.3&view=" + home, "invalid_arguments"},
		{"views.update", "view_id=V0NOTHING&view=" + modal, "not_found"},
		{"views.publish", "user_id=U0NOBODY&view=" + home, "invalid_arguments"},
		{"views.publish", "user_id=U0ANA&hash=old&view=" + home, "hash_conflict"},
		{"views.publish", "user_id=U0ANA&view=" + esc(`{"type":"home","blocks":[],"private_metadata":"`+strings.Repeat("x", maxView)+`"}`), "view_too_large"},
		{"pins.add", "channel=C0GENERAL", "no_item_specified"},
		{"pins.add", "channel=C0GENERAL&timestamp=1.000000", "message_not_found"},
		{"pins.add", "channel=C0GENERAL&timestamp=yesterday", "bad_timestamp"},
		{"pins.remove", "channel=C0GENERAL&timestamp=yesterday", "bad_timestamp"},
		{"pins.add", "channel=C0RANDOM&timestamp=1.000000", "not_in_channel"},
		{"pins.add", "channel=C0GENERAL&timestamp=" + string(ours), ""},
		{"pins.add", "channel=C0GENERAL&timestamp=" + string(ours), "already_pinned"},
		{"pins.remove", "channel=C0GENERAL&timestamp=" + string(hers), "no_pin"},
		{"bookmarks.add", "channel_id=C0GENERAL&title=t&type=link&link=javascript:x", "invalid_link"},
		{"bookmarks.add", "channel_id=C0GENERAL&title=t&type=file&link=https://x.example", "invalid_bookmark_type"},
		{"bookmarks.add", "channel_id=C0GENERAL&type=link&link=https://x.example", "invalid_arguments"},
		{"bookmarks.remove", "channel_id=C0GENERAL&bookmark_id=Bk0", "not_found"},
		{"files.getUploadURLExternal", "filename=a.txt", "invalid_arguments"},
		{"files.getUploadURLExternal", "filename=a.txt&length=99999999", "file_upload_size_restricted"},
		{"files.completeUploadExternal", `files=[{"id":"F0NOTHING"}]`, "file_not_found"},
		{"files.info", "file=F0NOTHING", "file_not_found"},
		{"blocks.validate", "", "invalid_arguments"},
	} {
		r.check(t, ws, ws.BotToken())
	}
}

func esc(s string) string { return url.QueryEscape(s) }

func TestTokens(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for token, want := range map[string]string{
		"": "not_authed", "xoxb-wrong": "invalid_auth", ws.AppToken(): "not_allowed_token_type", ws.BotToken(): "",
	} {
		refusal{"auth.test", "", want}.check(t, ws, token)
	}
	refusal{"auth.test", "token=" + ws.BotToken(), ""}.check(t, ws, "") // a form may carry it
	refusal{"blocks.validate", "blocks=" + esc(okButton), ""}.check(t, ws, "")
	for _, c := range ws.Calls("auth.test") {
		for k, v := range c.Args {
			if strings.Contains(v, ws.BotToken()) {
				t.Errorf("the log shows a token under %s", k)
			}
		}
	}
}

func TestScopesDecide(t *testing.T) {
	t.Parallel()
	none := start(t, func(o *Options) { o.ScopesGranted = []string{"users:read"} })
	for method, scope := range map[string]string{
		"chat.postMessage": "chat:write", "chat.update": "chat:write", "usergroups.list": "usergroups:read", "conversations.list": "channels:read",
		"conversations.open": "im:write", "users.lookupByEmail": "users:read.email", "pins.add": "pins:write", "files.getUploadURLExternal": "files:write",
		"conversations.info": "channels:read",
	} {
		got := post(t, none, none.BotToken(), method, nil)
		if got["error"] != "missing_scope" || got["needed"] != scope || got["provided"] != "users:read" {
			t.Errorf("%s: %v", method, got)
		}
	}
	ws := start(t, func(o *Options) { o.ScopesGranted = []string{"chat:write", "channels:read", "groups:read"} })
	refusal{"chat.postMessage", "channel=C0RANDOM&text=x", "not_in_channel"}.check(t, ws, ws.BotToken())
	refusal{"conversations.info", "channel=C0RANDOM", ""}.check(t, ws, ws.BotToken())
	refusal{"conversations.history", "channel=C0GENERAL", "missing_scope"}.check(t, ws, ws.BotToken())
	resp, err := api(ws).AuthTest()
	if err != nil || resp.TeamID != "T0ACME" || resp.UserID != string(ws.BotUserID()) || resp.BotID == "" {
		t.Errorf("auth.test: %+v, %v", resp, err)
	}
	if got := resp.Header.Get("X-OAuth-Scopes"); got != "chat:write,channels:read,groups:read" {
		t.Errorf("X-OAuth-Scopes is %q", got)
	}
}

func TestSlackGoSeesWhatWasRefused(t *testing.T) {
	t.Parallel()
	ws := start(t)
	_, _, err := api(ws).PostMessage("C0GENERAL", slack.MsgOptionBlocks(slack.NewSectionBlock(plain(strings.Repeat("x", 3001)), nil, nil)))
	var r slack.SlackErrorResponse
	if !errors.As(err, &r) || r.Err != "invalid_blocks" {
		t.Fatalf("%v", err)
	}
	if want := "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"; len(r.ResponseMetadata.Messages) != 1 || r.ResponseMetadata.Messages[0] != want {
		t.Errorf("messages are %q", r.ResponseMetadata.Messages)
	}
}

func TestPlansAndDisabledMethods(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.NoUserGroups = true; o.DisabledMethods = []string{"pins.add"} })
	for _, r := range []refusal{
		{"usergroups.list", "", "plan_upgrade_required"}, {"usergroups.users.list", "usergroup=S0OMNIBUS", "plan_upgrade_required"},
		{"pins.add", "", "unknown_method"},
	} {
		r.check(t, ws, ws.BotToken())
	}
	quiet := start(t, func(o *Options) {
		o.Manifest = []byte(strings.Replace(strings.Replace(testManifest, "home_tab_enabled: true", "home_tab_enabled: false", 1), "messages_tab_enabled: true", "messages_tab_enabled: false", 1))
	})
	refusal{"chat.postMessage", "channel=U0ANA&text=x", "messages_tab_disabled"}.check(t, quiet, quiet.BotToken())
	refusal{"views.publish", "user_id=U0ANA&view=" + esc(`{"type":"home","blocks":[]}`), "not_enabled"}.check(t, quiet, quiet.BotToken())
	if out, err := quiet.User("ana").OpenHome(t.Context()); !errors.Is(err, ErrNotPossible) {
		t.Errorf("a Home tab that is off was opened: %+v", out)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	say := func(text string) error {
		_, _, err := c.PostMessage("C0GENERAL", slack.MsgOptionText(text, false))
		return err
	}
	ws.FailNext("chat.postMessage", 1, Fault{RetryAfter: 1500 * time.Millisecond})
	var limited *slack.RateLimitedError
	if err := say("a"); !errors.As(err, &limited) || limited.RetryAfter != 2*time.Second {
		t.Errorf("429: %v", err)
	}
	ws.FailNext("*", 1, Fault{Status: http.StatusServiceUnavailable})
	var status slack.StatusCodeError
	if err := say("b"); !errors.As(err, &status) || status.Code != 503 {
		t.Errorf("503: %v", err)
	}
	ws.FailNext("chat.postMessage", 2, Fault{Code: "fatal_error"})
	for range 2 {
		if err := say("c"); codeOf(err) != "fatal_error" {
			t.Errorf("code: %v", err)
		}
	}
	if n := len(ws.User("ana").Messages("#general")); n != 0 {
		t.Fatalf("a refused call left %d messages", n)
	}
	ws.FailNext("chat.postMessage", 1, Fault{StoredThenStatus: 500})
	if err := say("stored"); !errors.As(err, &status) || status.Code != 500 {
		t.Errorf("stored then 500: %v", err)
	}
	if got := ws.User("ana").Sees("#general"); got != "stored" {
		t.Errorf("after a stored 500 she sees %q", got)
	}
	ws.FailNext("chat.postMessage", 1, Fault{Hang: true})
	done := make(chan error, 1)
	go func() { done <- say("late") }()
	if err := ws.WaitFor(t.Context(), func() bool { return ws.Hung() == 1 }); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-done:
		t.Fatalf("a hanging call returned %v", err)
	default:
	}
	ws.ReleaseHung()
	if err := <-done; err != nil {
		t.Errorf("after the release: %v", err)
	}
	ws.FailNext("chat.postMessage", 5, Fault{Status: 500})
	ws.ClearFaults()
	if err := say("fine"); err != nil {
		t.Error(err)
	}
	if n, bad := ws.CallCount("chat.postMessage"), ws.FailedCallCount("chat.postMessage"); n != 7 || bad != 5 {
		t.Errorf("%d calls, %d failed", n, bad)
	}
}

func TestTheCallLogIsARing(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.KeepCalls = 3 })
	for i := range 5 {
		post(t, ws, ws.BotToken(), "api.test", url.Values{"n": {fmt.Sprint(i)}})
	}
	var seen []string
	for _, c := range ws.Calls("api.test") {
		seen = append(seen, c.Args["n"])
	}
	if got := strings.Join(seen, ""); got != "234" {
		t.Errorf("the log keeps %s", got)
	}
	if n := ws.CallCount(""); n != 5 {
		t.Errorf("%d calls counted", n)
	}
	off := start(t, func(o *Options) { o.KeepCalls = -1; o.KeepInteractions = -1 })
	post(t, off, off.BotToken(), "api.test", nil)
	if len(off.Calls("")) != 0 || off.CallCount("api.test") != 1 {
		t.Error("a log that is off must count and keep nothing")
	}
}

func TestBodiesOfAllKinds(t *testing.T) {
	t.Parallel()
	ws := start(t)
	do := func(kind, body string) map[string]any {
		t.Helper()
		return rawCall(t, ws, "chat.postMessage", kind, body)
	}
	for _, c := range []struct{ kind, body, want string }{
		{"application/json; charset=utf-8", `{"channel":"C0GENERAL","text":"json","blocks":` + okButton + `}`, ""},
		{"application/json", `{"channel":"C0GENERAL","text":"json","blocks":` + string(mustJSON(okButton)) + `}`, ""},
		{"application/json", `["not","an","object"]`, "json_not_object"},
		{"application/json", `null`, "json_not_object"},
		{"application/json; charset=latin-9", `{}`, "invalid_charset"},
		{"application/json", `{`, "invalid_json"},
		{"application/json", strings.Repeat("1", maxBody+1), "invalid_json"},
		{"text/xml", `<x/>`, "invalid_post_type"},
		{";", `x`, "invalid_post_type"},
		{"", "channel=C0GENERAL&text=form", "missing_post_type"},
		{"text/plain", `{"channel":"C0GENERAL","text":"text"}`, "no_text"},
		{"application/x-www-form-urlencoded", "channel=C0GENERAL&text=x&blocks%5B0%5D%5Btype%5D=divider", "invalid_array_arg"},
		{"multipart/form-data", `x`, "invalid_form_data"},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\nC0GENERAL\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhi\r\n--b--\r\n", ""},
		{"application/x-www-form-urlencoded", "channel=C0GENERAL&text=form", ""},
		{"application/x-www-form-urlencoded", "%zz", "invalid_form_data"},
	} {
		if got := do(c.kind, c.body); (c.want == "") != (got["ok"] == true) || c.want != "" && got["error"] != c.want {
			t.Errorf("%s %s: %v", c.kind, c.body, got)
		}
	}
}
