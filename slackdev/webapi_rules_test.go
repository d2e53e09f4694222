package slackdev

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswersWarnOfTheCharset(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for _, c := range []struct{ kind, body, want string }{
		{"application/json", `{}`, "missing_charset"},
		{"application/json; charset=utf-8", `{}`, ""},
		{"application/x-www-form-urlencoded", "", ""},
		{"application/x-www-form-urlencoded; charset=utf-8", "", "superfluous_charset"},
	} {
		got := rawCall(t, ws, "auth.test", c.kind, c.body)
		if w, _ := got["warning"].(string); got["ok"] != true || w != c.want || c.want != "" && at(got, "response_metadata", "warnings", 0) != c.want {
			t.Errorf("%s: %v", c.kind, got)
		}
	}
	// A warning stands beside those of the method and beside an error.
	got := rawCall(t, ws, "conversations.join", "application/json", `{"channel":"C0GENERAL"}`)
	if diff := cmp.Diff([]any{"already_in_channel", "missing_charset"}, at(got, "response_metadata", "warnings")); diff != "" || got["warning"] != "already_in_channel,missing_charset" {
		t.Errorf("%v", got)
	}
	got = rawCall(t, ws, "chat.postMessage", "application/json", `{"channel":"C0GENERAL","blocks":[{"type":"nothing"}]}`)
	if got["error"] != "invalid_blocks" || at(got, "response_metadata", "messages", 0) == nil || at(got, "response_metadata", "warnings", 0) != "missing_charset" {
		t.Errorf("%v", got)
	}
}

func TestBlocksValidateAnswersEachKind(t *testing.T) {
	t.Parallel()
	ws := start(t)
	long := `[{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("x", 151) + `"}}]`
	for _, c := range []struct{ key, value, want, pointer string }{
		{"blocks", long, "invalid_blocks", "/blocks/0/text/text"},
		{"message", `{"text":"x","blocks":` + long + `}`, "invalid_message", "/blocks/0/text/text"},
		{"view", `{"type":"home","blocks":` + long + `}`, "invalid_view", "/view/blocks/0/text/text"},
	} {
		got := post(t, ws, "", "blocks.validate", url.Values{c.key: {c.value}})
		want := map[string]any{"ok": false, "error": c.want, "errors": []any{map[string]any{
			"pointer": c.pointer, "code": "failed_constraint", "message": "must be less than 151 characters",
			"constraint": map[string]any{"type": "max_length", "expected": 150.0},
		}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.key, diff)
		}
		good := strings.Replace(c.value, strings.Repeat("x", 151), "Title", 1)
		if got := post(t, ws, "", "blocks.validate", url.Values{c.key: {good}}); got["ok"] != true {
			t.Errorf("a good one: %v", got)
		}
	}
	refusal{"blocks.validate", "blocks=[]&view=" + esc(`{"type":"home","blocks":[]}`), "invalid_arguments"}.check(t, ws, "")
}

// The bot token may come in a form; in JSON it is an argument like any other.
func TestTheBotTokenInABody(t *testing.T) {
	t.Parallel()
	ws := start(t)
	refusal{"auth.test", "token=" + ws.BotToken(), ""}.check(t, ws, "")
	refusal{"auth.test", "token=" + ws.AppToken(), "not_allowed_token_type"}.check(t, ws, "")
	got := rawPost(t, ws, "auth.test", `{"token":"`+ws.BotToken()+`"}`)
	if got["error"] != "not_authed" {
		t.Errorf("in JSON: %v", got)
	}
}

// A client that sends its token in another way than Slack reads it finds out here.
func TestATokenIsReadWhereSlackReadsIt(t *testing.T) {
	t.Parallel()
	ws := start(t)
	good := ws.BotToken()
	for _, c := range []struct{ query, header, want string }{
		{"?token=" + good, "", "invalid_auth"},
		{"?token=" + good, "Bearer " + good, "invalid_auth"},
		{"", good, "invalid_auth"},
		{"", "Basic " + good, "invalid_auth"},
		{"", "Bearer " + good, ""},
		{"", "bearer " + good, ""},
		{"", "BEARER  " + good, ""},
		{"", "Bearer", "not_authed"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ws.APIURL()+"auth.test"+c.query, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if c.header != "" {
			req.Header.Set("Authorization", c.header)
		}
		got := answered(t, req)
		if code, _ := got["error"].(string); code != c.want {
			t.Errorf("%s with %q: %v, want %q", c.query, c.header, got, c.want)
		}
	}
}

// Slack reads JSON where something is written; elsewhere the arguments are lost.
func TestMethodsThatReadTakeNoJSON(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	ws := start(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	for _, c := range []struct{ method, kind, body, want string }{
		{"users.info", "application/json; charset=utf-8", `{"user":"U0ANA"}`, "user_not_found"},
		{"conversations.info", "application/json; charset=utf-8", `{"channel":"C0GENERAL"}`, "channel_not_found"},
		{"files.getUploadURLExternal", "application/json; charset=utf-8", `{"filename":"a.txt","length":1}`, "invalid_arguments"},
		{"users.info?user=U0ANA", "application/json; charset=utf-8", `{}`, ""},
		{"users.info", "application/x-www-form-urlencoded", "user=U0ANA", ""},
		{"conversations.open", "application/json; charset=utf-8", `{"users":"U0ANA"}`, ""},
	} {
		got := rawCall(t, ws, c.method, c.kind, c.body)
		if code, _ := got["error"].(string); code != c.want {
			t.Errorf("%s %s: %v, want %q", c.method, c.body, got, c.want)
		}
	}
	if !strings.Contains(log.String(), "its arguments are ignored") {
		t.Errorf("the log says %s", log.String())
	}
}
