package slackdev

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ask makes a request of the control API as the page does.
func ask(t *testing.T, ws *Workspace, method, path, body string, change ...func(*http.Request)) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, ws.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Slackdev", "1")
	req.Header.Set("Content-Type", "application/json")
	for _, c := range change {
		c(req)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	json.Unmarshal(raw, &out)
	return resp.StatusCode, out
}

func TestOnlyLoopbackAddressesAreServed(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0", "example.org:80", "127.0.0.1"} {
		if ws, err := Start(Options{Addr: addr}); err == nil {
			ws.Close()
			t.Errorf("%s was taken", addr)
		}
	}
}

func TestOtherHostsAndOriginsAreRefused(t *testing.T) {
	t.Parallel()
	ws := start(t)
	port := ws.URL()[strings.LastIndexByte(ws.URL(), ':'):]
	host := func(h string) func(*http.Request) { return func(r *http.Request) { r.Host = h } }
	origin := func(o string) func(*http.Request) { return func(r *http.Request) { r.Header.Set("Origin", o) } }
	for _, path := range []string{"/", "/dev/static/js/main.js", "/dev/api/workspace", "/dev/api/events?as=U0NOBODY", "/api/api.test", "/upload/x", "/actions/x"} {
		for name, c := range map[string]struct {
			change func(*http.Request)
			want   bool
		}{
			"rebound name":   {host("evil.example" + port), false},
			"other port":     {host("127.0.0.1:1"), false},
			"no port":        {host("localhost"), false},
			"localhost":      {host("localhost" + port), true},
			"foreign origin": {origin("https://evil.example"), false},
			"null origin":    {origin("null"), false},
			"https origin":   {origin("https://127.0.0.1" + port), false},
			"own origin":     {origin("http://127.0.0.1" + port), true},
		} {
			status, _ := ask(t, ws, http.MethodGet, path, "", c.change)
			if (status != http.StatusForbidden) != c.want {
				t.Errorf("%s with %s: %d", path, name, status)
			}
		}
	}
}

func TestThePageIsLockedDown(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for _, path := range []string{"/", "/?as=U0ANA", "/dev/static/js/main.js", "/dev/static/css/base.css"} {
		resp, err := http.Get(ws.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || len(body) == 0 {
			t.Errorf("%s: %d, %d bytes, %v", path, resp.StatusCode, len(body), err)
		}
		csp := resp.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, csp)
			}
		}
		for k, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
			if got := resp.Header.Get(k); got != want {
				t.Errorf("%s: %s is %q", path, k, got)
			}
		}
	}
	for _, path := range []string{"/dev/static/", "/dev/static/js", "/dev/static/js/", "/dev/static/../page.go", "/dev/static/%2e%2e/page.go", "/dev/", "/index.html", "/nothing"} {
		resp, err := http.Get(ws.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
}

func TestControlRequestsMustComeFromThePage(t *testing.T) {
	t.Parallel()
	ws := start(t)
	bare := func(r *http.Request) { r.Header.Del("X-Slackdev") }
	for _, c := range []struct {
		method, path, body string
		change             func(*http.Request)
		want               int
	}{
		{"GET", "/dev/api/workspace", "", bare, 403},
		{"POST", "/dev/api/clock", `{"advance":"1h"}`, bare, 403},
		{"POST", "/dev/api/clock", `{"advance":"1h"}`, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 400},
		{"POST", "/dev/api/clock", `{`, nil, 400},
		{"POST", "/dev/api/clock", `{"advance":"soon"}`, nil, 400},
		{"POST", "/dev/api/clock", `{"advance":"-1h"}`, nil, 400},
		{"POST", "/dev/api/clock", `{}`, nil, 400},
		{"POST", "/dev/api/clock", `{"to":"` + testNow.Add(time.Hour).Format(time.RFC3339) + `"}`, nil, 200},
		{"POST", "/dev/api/slash", `{"as":"U0NOBODY","channel":"C0GENERAL","text":"/thing"}`, nil, 400},
		{"POST", "/dev/api/slash", `{"as":"U0DANA","channel":"C0GENERAL","text":"/thing"}`, nil, 400},
		{"POST", "/dev/api/slash", `{"as":"U0ANA","channel":"C0GENERAL","text":"/nothing"}`, nil, 200},
		{"POST", "/dev/api/slash", `{"as":"U0ANA","channel":"C0GENERAL","text":"/thing"}`, nil, 200}, // no socket: the person is told
		{"POST", "/dev/api/action", `{"as":"U0ANA","channel":"C0GENERAL","ts":"1.0"}`, nil, 200},
		{"POST", "/dev/api/submit", `{"as":"U0ANA","view_id":"V0"}`, nil, 200},
		{"POST", "/dev/api/close", `{"as":"U0ANA","view_id":"V0"}`, nil, 200},
		{"POST", "/dev/api/suggest", `{"as":"U0ANA","view_id":"V0"}`, nil, 200},
		{"GET", "/dev/api/messages?as=U0NOBODY&channel=C0GENERAL", "", nil, 400},
		{"GET", "/dev/api/slash", "", nil, 405},
	} {
		change := c.change
		if change == nil {
			change = func(*http.Request) {}
		}
		status, out := ask(t, ws, c.method, c.path, c.body, change)
		acted := c.path != "/dev/api/clock" && c.method == "POST" // none of these acts is possible
		if status != c.want || (status >= 400 && status != 405 || acted) && (out["ok"] != false || out["error"] == "") {
			t.Errorf("%s %s %s: %d %v, want %d", c.method, c.path, c.body, status, out, c.want)
		}
	}
}

func TestAPersonActsOverHTTP(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ok := func(path, body string) map[string]any {
		t.Helper()
		status, out := ask(t, ws, "POST", "/dev/api/"+path, body)
		if status != 200 || out["ok"] != true {
			t.Fatalf("%s: %d %v", path, status, out)
		}
		return out
	}
	read := func(path string) map[string]any {
		t.Helper()
		status, out := ask(t, ws, "GET", "/dev/api/"+path, "")
		if status != 200 {
			t.Fatalf("%s: %d %v", path, status, out)
		}
		return out
	}
	var trigger string
	s.serve(func(f frame) string {
		var p map[string]any
		json.Unmarshal(f.Payload, &p)
		trigger, _ = p["trigger_id"].(string)
		switch p["type"] {
		case "block_suggestion":
			return `{"options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}`
		case "view_submission":
			if at(p, "view", "state", "values", "i", "v", "value") != "typed" {
				return `{"response_action":"errors","errors":{"i":"Type it."}}`
			}
		}
		return ""
	})
	w := read("workspace")
	if at(w, "team", "id") != "T0ACME" || at(w, "app", "connected") != 1.0 || at(w, "app", "commands", 0, "command") != "/thing" || at(w, "app", "user_id") != string(ws.BotUserID()) || len(at(w, "users").([]any)) != 14 || len(at(w, "usergroups").([]any)) != 3 {
		t.Errorf("workspace: %v", w)
	}
	ok("message", `{"as":"U0ANA","channel":"C0GENERAL","text":"hello @lee"}`)
	var mine map[string]any
	for _, c := range read("conversations?as=U0LEE")["conversations"].([]any) {
		if at(c, "id") == "C0GENERAL" {
			mine = c.(map[string]any)
		}
		if at(c, "id") == "C0GUESTS" && at(c, "is_member") != false {
			t.Errorf("guests: %v", c)
		}
	}
	if mine["unread"] != 1.0 || mine["mentions"] != 1.0 || mine["kind"] != "channel" || mine["is_member"] != true {
		t.Errorf("his #general: %v", mine)
	}
	ok("mark", `{"as":"U0LEE","channel":"C0GENERAL"}`)
	if s := string(mustJSON(read("conversations?as=U0LEE"))); strings.Contains(s, `"unread":1`) {
		t.Error("after reading it is still unread")
	}
	if s := string(mustJSON(read("conversations?as=U0GUS"))); strings.Contains(s, "C0RANDOM") || !strings.Contains(s, "C0CLOUDIMAGES") {
		t.Errorf("a guest sees %s", s)
	}
	ts := botPost(t, ws, "C0GENERAL", "card", richCard)
	got := ok("action", `{"as":"U0ANA","channel":"C0GENERAL","ts":"`+string(ts)+`","block_id":"a","action_id":"done","action":{"type":"button","value":"forged"},"state":{"a":{"when":{"type":"datepicker","selected_date":"2025-12-24"}}}}`)
	if got["envelope_id"] == nil || got["ack_ms"] == nil {
		t.Errorf("outcome: %v", got)
	}
	items := read("interactions?since=0")["items"].([]any)
	last := items[len(items)-1]
	if at(last, "kind") != "block_actions" || at(last, "outcome") != "ok" || at(last, "payload", "payload", "actions", 0, "value") != "R1:3" || at(last, "payload", "payload", "state", "values", "a", "when", "selected_date") != "2025-12-24" {
		t.Errorf("interaction: %v", last)
	}
	if status, out := ask(t, ws, "POST", "/dev/api/action", `{"as":"U0ANA","channel":"C0GENERAL","ts":"`+string(ts)+`","block_id":"s","action_id":"more","action":{"selected_option":{"value":"not offered"}}}`); status != 200 || out["ok"] != false {
		t.Errorf("an option that is not offered: %v", out)
	}
	ok("slash", `{"as":"U0ANA","channel":"C0GENERAL","text":"/thing"}`)
	if got := viewCall(t, ws, "views.open", "trigger_id", trigger, "view", strings.Replace(modalNamed("m"), `{"type":"section"`, `{"type":"actions","block_id":"x","elements":[{"type":"external_select","action_id":"e","min_query_length":0}]},{"type":"section"`, 1)); got["ok"] != true {
		t.Fatal(got)
	}
	stack := read("modals?as=U0ANA")["stack"].([]any)
	id := at(stack, 0, "id").(string)
	if got := ok("suggest", `{"as":"U0ANA","view_id":"`+id+`","block_id":"x","action_id":"e","value":""}`); at(got, "options", 0, "value") != "1" {
		t.Errorf("suggest: %v", got)
	}
	if status, out := ask(t, ws, "POST", "/dev/api/submit", `{"as":"U0ANA","view_id":"`+id+`","state":{}}`); status != 200 || out["ok"] != false || at(out, "errors", "i") != "Type it." {
		t.Errorf("refused submission: %d %v", status, out)
	}
	if at(read("modals?as=U0ANA"), "stack", 0, "errors", "i") != "Type it." {
		t.Error("the error is not in the view")
	}
	if status, out := ask(t, ws, "POST", "/dev/api/submit", `{"as":"U0LEE","view_id":"`+id+`"}`); status != 200 || out["ok"] != false {
		t.Error("another person submitted her modal")
	}
	ok("submit", `{"as":"U0ANA","view_id":"`+id+`","state":{"i":{"v":{"type":"plain_text_input","value":"typed"}}}}`)
	ok("slash", `{"as":"U0ANA","channel":"C0GENERAL","text":"/thing"}`)
	viewCall(t, ws, "views.open", "trigger_id", trigger, "view", modalNamed("m2"))
	id = at(read("modals?as=U0ANA"), "stack", 0, "id").(string)
	ok("close", `{"as":"U0ANA","view_id":"`+id+`","all":true}`)
	ok("home_opened", `{"as":"U0ANA","tab":"home"}`)
	viewCall(t, ws, "views.publish", "user_id", "U0ANA", "view", `{"type":"home","blocks":[]}`)
	if at(read("home?as=U0ANA"), "view", "type") != "home" || at(read("home?as=U0LEE"), "view") != nil {
		t.Error("home")
	}
	ok("shortcut", `{"as":"U0ANA","callback_id":"new_thing"}`)
	ok("message_action", `{"as":"U0ANA","callback_id":"link_it","channel":"C0GENERAL","ts":"`+string(ts)+`"}`)
	ok("message", `{"as":"U0ANA","channel":"C0GENERAL","text":"reply","thread_ts":"`+string(ts)+`"}`)
	if n := len(read("messages?as=U0ANA&channel=C0GENERAL&thread_ts=" + string(ts))["messages"].([]any)); n != 2 {
		t.Errorf("the thread has %d messages", n)
	}
	shown := len(read("messages?as=U0ANA&channel=C0GENERAL")["messages"].([]any))
	ok("message", `{"as":"U0ANA","channel":"C0GENERAL","text":"loud","thread_ts":"`+string(ts)+`","reply_broadcast":true}`)
	if list := read("messages?as=U0ANA&channel=C0GENERAL")["messages"].([]any); len(list) != shown+1 || at(list, shown, "broadcast") != true {
		t.Errorf("a broadcast reply is not in the channel: %v", list)
	}
	ok("join", `{"as":"U0NOOR","channel":"C0SHAREDDIGITALOCEAN"}`)
	ok("leave", `{"as":"U0NOOR","channel":"C0SHAREDDIGITALOCEAN"}`)
	ok("invite", `{"as":"U0ANA","channel":"C0RANDOM","user":"testapp"}`)
	ok("reload", `{"as":"U0ANA"}`)
	if got := ok("clock", `{"advance":"24h"}`); got["now"] != testNow.Add(24*time.Hour).Format(time.RFC3339) {
		t.Errorf("clock: %v", got)
	}
}

func TestTheLiveFeedTellsWhatConcernsAPerson(t *testing.T) {
	t.Parallel()
	ws := start(t)
	resp, err := http.Get(ws.URL() + "/dev/api/events?as=U0GUS")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if ct := resp.Header.Get("Content-Type"); ct != "text/event-stream" || resp.Header.Get("Content-Security-Policy") == "" {
		t.Fatalf("%s", ct)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Scan() // retry: the stream is open
	botPost(t, ws, "C0RANDOM", "a guest cannot see this", "")
	botPost(t, ws, "U0ANA", "nor this", "")
	botPost(t, ws, "C0GENERAL", "but this", "")
	seen := map[string]bool{}
	for !seen["event: clock"] && lines.Scan() {
		l := lines.Text()
		seen[l] = true
		if strings.Contains(l, "C0RANDOM") || strings.Contains(l, "D0ANA") {
			t.Errorf("a guest was told %s", l)
		}
		if l == `data: {"channel":"C0GENERAL"}` {
			if err := ws.Clock().Advance(t.Context(), time.Hour); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !seen["event: messages"] || !seen["event: clock"] || !seen["event: conversations"] {
		t.Errorf("seen: %v", seen)
	}
}
