package slackdev

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// orders posts to the control API what must be done.
func orders(t *testing.T, ws *Workspace, path, body string) map[string]any {
	t.Helper()
	status, got := ask(t, ws, http.MethodPost, "/dev/api/"+path, body)
	if status != http.StatusOK || got["ok"] != true {
		t.Fatalf("%s %s: %d %v", path, body, status, got)
	}
	return got
}

// shows reads from the control API.
func shows(t *testing.T, ws *Workspace, path string) map[string]any {
	t.Helper()
	status, got := ask(t, ws, http.MethodGet, "/dev/api/"+path, "")
	if status != http.StatusOK {
		t.Fatalf("%s: %d %v", path, status, got)
	}
	return got
}

func TestFaultsAreOrderedListedAndTakenBack(t *testing.T) {
	t.Parallel()
	ws := start(t)
	connect(t, ws, 1, &bot{})
	if got := shows(t, ws, "faults"); got["calm"] != true || got["rates"] != "off" || got["token"] != "valid" || got["socket_mode"] != true {
		t.Errorf("at the start: %v", got)
	}
	for body, want := range map[string]Fault{
		`{"method":"chat.postMessage","retry_after":30}`:      {RetryAfter: 30 * time.Second},
		`{"method":"*","status":503,"times":2}`:               {Status: 503},
		`{"code":"hash_conflict","latency":"1s"}`:             {Code: "hash_conflict", Latency: time.Second},
		`{"code":"missing_scope","needed":"pins:write"}`:      {Code: "missing_scope", Needed: "pins:write"},
		`{"stored_then_status":500}`:                          {StoredThenStatus: 500},
		`{"lose_answer":true}`:                                {LoseAnswer: true},
		`{"timeout":"10s"}`:                                   {Timeout: 10 * time.Second},
		`{"hang":true}`:                                       {Hang: true},
		`{"latency":"800ms","standing":true}`:                 {Latency: 800 * time.Millisecond},
		`{"method":"trigger_id","code":"expired_trigger_id"}`: {Code: "expired_trigger_id"},
		`{"method":"response_url","status":500,"times":1}`:    {Status: 500},
	} {
		id := orders(t, ws, "faults", body)["id"]
		list := ws.Faults()
		last := list[len(list)-1]
		if last.ID != id || last.Fault != want || (last.Left == 0) != strings.Contains(body, "standing") {
			t.Errorf("%s: %v, %+v", body, id, last)
		}
		orders(t, ws, "faults/clear", `{"id":"`+last.ID+`"}`)
	}
	orders(t, ws, "faults", `{"method":"users.info","status":503,"standing":true}`)
	for _, body := range []string{`{"envelope":"drop","times":2}`, `{"envelope":"duplicate"}`, `{"envelope":"reorder"}`, `{"envelope":"delay","latency":"50ms"}`} {
		orders(t, ws, "faults", body)
	}
	shown := func(id, method string, left int, what string) any {
		return map[string]any{"id": id, "method": method, "left": float64(left), "standing": left == 0, "happened": 0.0, "what": what}
	}
	want := []any{
		shown("F12", "users.info", 0, "HTTP 503, nothing is done"), shown("drop", "envelope", 2, "dropped on its way"),
		shown("duplicate", "envelope", 1, "sent 2 times"), shown("reorder", "envelope", 1, "sent after the one that follows it"),
		shown("delay", "envelope", 0, "arrives 50ms late"),
	}
	got := shows(t, ws, "faults")
	if diff := cmp.Diff(want, got["armed"]); diff != "" || got["calm"] != false {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for n, id := range []string{"drop", "duplicate", "reorder", "delay"} {
		orders(t, ws, "faults/clear", `{"id":"`+id+`"}`)
		if left := shows(t, ws, "faults")["armed"].([]any); len(left) != 4-n {
			t.Errorf("without %s: %v", id, left)
		}
	}
	orders(t, ws, "faults/clear", `{"all":true}`)
	if !ws.Calmed() {
		t.Error(shows(t, ws, "faults"))
	}
}

func TestOrdersOfFaultsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	ws := start(t)
	// Of these the request is right, and the workspace is not as it would have to be.
	possibleLater := map[string]struct{}{
		"none was sent yet": {}, "There is no fault F1": {}, "no socket open": {}, `The app was not granted "pins:dance"`: {},
	}
	for _, c := range []struct{ path, body, want string }{
		{"faults", `{}`, "Say what is to happen"},
		{"faults", `[]`, "must be a JSON object"},
		{"faults/release", `null`, "must be a JSON object"},
		{"faults", `{"status":500}]`, "must be a JSON object"},
		{"faults", `{"Status":500}`, `no field "Status" in faults`},
		{"faults", `{"status":500}{}`, "must be a JSON object"},
		{"faults", `{"statsu":500}`, `no field "statsu" in faults; those there are: code, envelope, `},
		{"faults", `{"status":"500"}`, `"status" must be a whole number, not string`},
		{"faults", `{"hang":1}`, `"hang" must be true or false, not number`},
		{"faults", `{"status":500,"code":"x"}`, "One thing can happen"},
		{"faults", `{"status":200}`, "500 to 599"},
		{"faults", `{"status":429}`, "for 429 say retry_after"},
		{"faults", `{"stored_then_status":404}`, "500 to 599"},
		{"faults", `{"retry_after":-1}`, "1 to 3600"},
		{"faults", `{"timeout":"long"}`, "like 800ms or 10s"},
		{"faults", `{"latency":"1h"}`, "up to 10m0s"},
		{"faults", `{"code":"Not In Channel"}`, "like not_in_channel"},
		{"faults", `{"code":"no_text","needed":"pins:write"}`, "missing_scope alone"},
		{"faults", `{"status":500,"times":-1}`, "1 to 1000"},
		{"faults", `{"status":500,"times":1,"standing":true}`, "not both"},
		{"faults", `{"status":500,"method":"chat"}`, "is no method"},
		{"faults", `{"status":500,"method":"chat.sing"}`, "does not know the method chat.sing"},
		{"faults", `{"status":500,"method":"trigger_id"}`, "expired_trigger_id"},
		{"faults", `{"envelope":"lose"}`, "must be drop, duplicate"},
		{"faults", `{"envelope":"drop","status":500}`, "only times and latency"},
		{"faults", `{"envelope":"drop","latency":"1s"}`, "delay with latency"},
		{"faults", `{"envelope":"delay"}`, "delay with latency"},
		{"faults", `{"envelope":"duplicate","times":1}`, "2 or more"},
		{"faults", `{"envelope":"reorder","times":2}`, "drop and duplicate alone"},
		{"faults", `{"envelope":"redeliver"}`, "none was sent yet"},
		{"faults/clear", `{}`, "its id, or all"},
		{"faults/clear", `{"id":"F1","all":true}`, "its id, or all"},
		{"faults/clear", `{"id":"F1"}`, "There is no fault F1"},
		{"faults/release", `{"all":true}`, `no field "all" in faults/release, which has none`},
		{"disconnect", `{"reason":"bored"}`, "warning, refresh_requested, link_disabled and too_many_websockets"},
		{"disconnect", `{"reason":"warning"}`, "no socket open"},
		{"socket_mode", `{}`, "true or false"},
		{"rates", `{"mode":"strict"}`, "The mode of rates must be off, warn or enforce"},
		{"plan", `{}`, "true or false"},
		{"scopes", `{}`, "one scope"},
		{"scopes", `{"revoke":"pins:dance"}`, `The app was not granted "pins:dance"`},
		{"scopes", `{"grant":"a b"}`, "not the name of a scope"},
		{"token", `{"state":"lost"}`, "valid, revoked or uninstalled"},
	} {
		status, got := ask(t, ws, http.MethodPost, "/dev/api/"+c.path, c.body)
		said, _ := got["error"].(string)
		_, later := possibleLater[c.want]
		if later != (status == http.StatusOK) || !later && status != http.StatusBadRequest || got["ok"] != false || !strings.Contains(said, c.want) || !strings.HasSuffix(said, ".") {
			t.Errorf("%s %s: %d %q, want %q", c.path, c.body, status, said, c.want)
		}
	}
	if !ws.Calmed() {
		t.Error("something was done all the same")
	}
	bare := func(r *http.Request) { r.Header.Del("X-Slackdev") }
	for _, path := range []string{"faults", "limits"} {
		if status, _ := ask(t, ws, http.MethodGet, "/dev/api/"+path, "", bare); status != http.StatusForbidden {
			t.Errorf("%s for anybody: %d", path, status)
		}
	}
	if status, _ := ask(t, ws, http.MethodPost, "/dev/api/plan", `{"user_groups":false}`, bare); status != http.StatusForbidden || ws.NoUserGroups() {
		t.Errorf("the plan by anybody: %d", status)
	}
}

func TestSwitchesAndWhatHangsOverTheControlAPI(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	orders(t, ws, "plan", `{"user_groups":false}`)
	if _, err := c.GetUserGroups(); codeOf(err) != "plan_upgrade_required" {
		t.Error(err)
	}
	orders(t, ws, "scopes", `{"revoke":"pins:write"}`)
	orders(t, ws, "scopes", `{"grant":"reactions:write"}`)
	orders(t, ws, "rates", `{"mode":"warn"}`)
	orders(t, ws, "token", `{"state":"revoked"}`)
	if _, err := c.AuthTest(); codeOf(err) != "token_revoked" {
		t.Error(err)
	}
	orders(t, ws, "socket_mode", `{"enabled":false}`)
	if _, _, err := c.StartSocketModeContext(t.Context()); codeOf(err) != "access_denied" {
		t.Errorf("Socket Mode is off: %v", err)
	}
	got := shows(t, ws, "faults")
	scopes := got["scopes"].(map[string]any)
	if diff := cmp.Diff([]any{"pins:write"}, scopes["withdrawn"]); diff != "" || cmp.Diff([]any{"reactions:write"}, scopes["added"]) != "" || got["socket_mode"] != false || got["token"] != "revoked" || got["rates"] != "warn" {
		t.Errorf("%v", got)
	}
	orders(t, ws, "faults/calm", `{}`)
	if !ws.Calmed() {
		t.Errorf("calmed: %v", shows(t, ws, "faults"))
	}

	orders(t, ws, "faults", `{"method":"auth.test","hang":true}`)
	done := make(chan error, 1)
	go func() { _, err := c.AuthTest(); done <- err }()
	if err := ws.WaitFor(t.Context(), func() bool { return ws.Hung() == 1 }); err != nil {
		t.Fatal(err)
	}
	if got := shows(t, ws, "faults"); got["hung"] != 1.0 || got["calm"] != false {
		t.Errorf("%v", got)
	}
	orders(t, ws, "faults/release", `{}`)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestSocketsAreClosedOverTheControlAPI(t *testing.T) {
	t.Parallel()
	ws := start(t)
	connect(t, ws, 2, &bot{})
	orders(t, ws, "disconnect", `{"reason":"refresh_requested","one":true}`)
	if err := ws.WaitConnected(t.Context(), 2); err != nil { // the client comes back
		t.Fatal(err)
	}
	calls := ws.CallCount("apps.connections.open")
	orders(t, ws, "disconnect", `{"reason":"refresh_requested"}`)
	if err := ws.WaitFor(t.Context(), func() bool { return ws.CallCount("apps.connections.open") >= calls+2 }); err != nil {
		t.Fatal(err)
	}
}

func TestAnEnvelopeIsSentAgainOverTheControlAPI(t *testing.T) {
	t.Parallel()
	ws := start(t)
	got := make(chan string, 4)
	connect(t, ws, 1, &bot{slash: func(c slack.SlashCommand) any { got <- c.TriggerID; return nil }})
	if _, err := ws.User("ana").Slash(t.Context(), "general", "/thing"); err != nil {
		t.Fatal(err)
	}
	first := <-got
	orders(t, ws, "faults", `{"envelope":"redeliver"}`)
	select {
	case again := <-got:
		if again != first {
			t.Errorf("%s is not %s", again, first)
		}
	case <-time.After(5 * time.Second):
		t.Error("it never came again")
	}
}

func TestLimitsOverTheControlAPI(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for range 22 {
		if _, err := api(ws).GetUserGroups(); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]any{"mode": "off", "methods": []any{map[string]any{
		"method": "usergroups.list", "tier": "Tier 2", "per_minute": 20.0, "words": "20 a minute and more",
		"minute": 22.0, "highest": 22.0, "total": 22.0, "failed": 0.0, "over": 2.0, "limited": 0.0,
	}}}
	if diff := cmp.Diff(want, shows(t, ws, "limits")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPagesAreToldOfFaults(t *testing.T) {
	t.Parallel()
	ws := start(t)
	page := ws.hub.subscribe("U0ANA")
	defer ws.hub.unsubscribe(page)
	told := func(what string) {
		t.Helper()
		for {
			select {
			case <-page.signal:
			case <-time.After(5 * time.Second):
				t.Fatalf("pages were not told: %s", what)
			}
			if slices.ContainsFunc(page.take(), func(c change) bool { return c.kind == "faults" }) {
				return
			}
		}
	}
	ws.FailNext("auth.test", 1, Fault{Status: 500})
	told("a fault is armed")
	api(ws).AuthTest()
	told("it has happened")
	ws.DropNext(1)
	told("an envelope is to be dropped")
	ws.SetNoUserGroups(true)
	told("the plan")
	ws.Calm()
	told("all is calm")
}
