package slackdev

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev/inspector"
)

func TestTheRecordTellsOfFaultsAndRedeliveries(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.AckTimeout = time.Second })
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	ana := ws.User("ana")
	ws.DropNext(1)
	if _, err := ana.OpenHome(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The second delivery follows at once, beside the test.
	second := must[inspector.Interaction](t)(ws.WaitForInteraction(t.Context(), func(i inspector.Interaction) bool { return i.Attempt == 1 && i.Outcome == "ok" }))
	if second.EventID == "" || second.FirstID != ws.Interactions()[1].ID {
		t.Errorf("the second delivery: %+v", second)
	}
	ws.DuplicateNext(2)
	must[Outcome](t)(ana.Slash(t.Context(), "#general", "/thing"))
	ws.FailNext("chat.postMessage", 1, Fault{RetryAfter: 30 * time.Second})
	ws.FailNext("chat.postMessage", 1, Fault{StoredThenStatus: 500})
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, ws.APIURL()+"chat.postMessage?channel=C0GENERAL&text=hello", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+ws.BotToken())
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	ws.Disconnect(DisconnectRefreshRequested)
	tells(t, ws, `
1 app "starting up"
  apps.connections.open
2 event "app_home_opened" by U0ANA told testapp did not respond in 1s. fault dropped on its way
3 fault "app_home_opened: dropped on its way" because of 2
4 event "app_home_opened" by U0ANA attempt 1 of 2
5 slash_command "/thing" by U0ANA fault delivered 2 times
  chat.postMessage by time, likely ratelimited 429, Retry-After 30 s
  chat.postMessage by time, likely done, but answered HTTP 500
    message_posted C0GENERAL "hello"
6 fault "/thing: delivered 2 times" because of 5
7 fault "chat.postMessage: 429, Retry-After 30 s" because of 5
8 fault "chat.postMessage: done, but answered HTTP 500" because of 5
9 fault "every socket was closed: refresh_requested"`)
	calls := ws.Interactions()[4].Calls
	if calls[0].Status != 429 || calls[1].Status != 500 || calls[1].OK || calls[1].StartMS < calls[0].StartMS+calls[0].MS || calls[1].At != testNow {
		t.Errorf("calls: %+v", calls)
	}
}

func TestTheRecordTellsWhatAnAckDid(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	open := func() {
		viewCall(t, ws, "views.open", "trigger_id", triggerOf(t, ws, s, ana), "view", modalNamed("One"))
	}
	submit := func(ack string) {
		t.Helper()
		done := doing(func() (Outcome, error) { return ana.Submit(t.Context()) })
		s.ack(s.read(), ack)
		done()
	}
	open()
	submit(`{"response_action":"errors","errors":{"i":"Too short."}}`)
	submit(`{"response_action":"update","view":` + modalNamed("Two") + `}`)
	submit(`{"response_action":"push","view":` + modalNamed("Three") + `}`)
	submit(`{"response_action":"update","view":{"type":"modal","title":{"type":"plain_text","text":"Bad"},"blocks":[{"type":"header"}]}}`)
	submit(`{"response_action":"clear"}`)
	done := doing(func() (Outcome, error) { return ana.Slash(t.Context(), "#general", "/thing") })
	s.ack(s.read(), `{"text":"On it"}`)
	must[Outcome](t)(done())
	tells(t, ws, `
1 app "starting up"
  apps.connections.open
2 slash_command "/thing" by U0ANA
  views.open by trigger_id
    modal_opened U0ANA "One"
3 view_submission "One" by U0ANA
    modal_errors U0ANA "One"
4 view_submission "One" by U0ANA
    modal_updated U0ANA "Two"
5 view_submission "Two" by U0ANA
    modal_pushed U0ANA "Three"
6 view_submission "Three" by U0ANA told We had some trouble connecting. Try again?
7 view_submission "Three" by U0ANA
    modal_closed U0ANA "Three"
    modal_closed U0ANA "Two"
8 slash_command "/thing" by U0ANA
    ephemeral_posted C0GENERALU0ANA "On it"`)
	refused := ws.Interactions()[5]
	if len(refused.Problems) == 0 || !strings.Contains(refused.Problems[0], "[json-pointer:/view/blocks/0") {
		t.Errorf("problems: %q, warnings: %q", refused.Problems, refused.Warnings)
	}
}

func TestTheRecordKnowsWhatTheAppIsToldOfItself(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	must[Outcome](t)(ws.User("ana").Say(t.Context(), "dm", "hello"))
	im := string(ws.User("ana").Messages("dm")[0].Channel)
	ts := botPost(t, ws, im, "hello yourself", "")
	must[inspector.Interaction](t)(ws.WaitForInteraction(t.Context(), func(i inspector.Interaction) bool { return i.User == string(ws.BotUserID()) && i.Outcome == "ok" }))
	viewCall(t, ws, "chat.update", "channel", im, "ts", string(ts), "text", "and again")
	first := envelopes(ws)[0]
	if len(first.Calls) != 2 || first.Calls[1].By != "message" || first.Calls[1].Likely {
		t.Errorf("what the app did was put down to the news of it:\n%s", story(ws))
	}
}

func TestTheRecordIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 2000)
	ws := start(t, func(o *Options) { o.KeepInteractionBytes = 100 << 10 })
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	for range 20 {
		must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
		botPost(t, ws, "C0GENERAL", long, "")
	}
	if n := len(ws.Interactions()); n < 2 || n > 5 {
		t.Errorf("%d interactions are remembered, of about 30 KB each", n)
	}
}

func TestTheRecordIsReadByRevision(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	for range 2 {
		must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	}
	read := func(query string) ([]any, string) {
		t.Helper()
		status, got := ask(t, ws, "GET", "/dev/api/interactions?"+query, "")
		if status != 200 || got["budget_ms"] != 2000.0 {
			t.Fatalf("%d %v", status, got)
		}
		return got["items"].([]any), string(mustJSON(got["rev"]))
	}
	items, rev := read("")
	if len(items) != 3 {
		t.Errorf("at first: %v", items)
	}
	if items, _ := read("since=2"); len(items) != 1 || at(items, 0, "id") != 3.0 {
		t.Errorf("since the second: %v", items)
	}
	if items, _ := read("rev=" + rev); len(items) != 0 {
		t.Errorf("nothing has changed, but: %v", items)
	}
	botPost(t, ws, "C0GENERAL", "hello", "")
	items, _ = read("rev=" + rev)
	if len(items) != 1 || at(items, 0, "id") != 3.0 || at(items, 0, "calls", 0, "method") != "chat.postMessage" || at(items, 0, "changes", 0, "kind") != "message_posted" {
		t.Errorf("after a call: %v", items)
	}
}

func TestTheRecordTellsWhatWasDueAndWhatNobodyAnswered(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) {
		o.ScopesGranted = []string{"commands", "chat:write", "pins:write", "reactions:write"}
	})
	s, _ := dial(t, ws)
	_, p := capture(t, s, func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
	at := testNow.Add(time.Hour)
	viewCall(t, ws, "chat.scheduleMessage", "channel", "C0GENERAL", "text", "later", "post_at", strconv.FormatInt(at.Unix(), 10))
	if err := ws.Clock().AdvanceTo(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	respond(t, p["response_url"].(string), `{"blocks":[{"type":"header"}]}`)
	ts := string(ws.User("ana").Messages("#general")[0].TS)
	for _, method := range []string{"pins.add", "pins.remove", "reactions.add", "reactions.remove"} {
		viewCall(t, ws, method, "channel", "C0GENERAL", "timestamp", ts, "name", "eyes")
	}
	tells(t, ws, `
1 app "starting up"
  apps.connections.open
2 slash_command "/thing" by U0ANA
  chat.scheduleMessage by time, likely
  response_url by response_url expired_url
3 clock "moved forward by 1 hour"
4 app "a scheduled message was due" because of 3
    message_posted C0GENERAL "later"
5 app "on its own, after the clock was moved" because of 3
  pins.add
    pinned C0GENERAL "later"
  pins.remove
    unpinned C0GENERAL "later"
  reactions.add
    reaction_added C0GENERAL "eyes"
  reactions.remove
    reaction_removed C0GENERAL "eyes"`)
	_, p = capture(t, s, func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
	respond(t, p["response_url"].(string), `{"blocks":[{"type":"header"}]}`)
	last := ws.Interactions()[5]
	if problems := last.Calls[0].Problems; len(problems) != 1 || !strings.Contains(problems[0], "[json-pointer:/blocks/0") {
		t.Errorf("problems of what was posted to the response URL: %q", problems)
	}
}

// What the inspector shows anew it must be told of, or it would show it at the
// next occasion.
func TestPagesAreToldOfWhatTheRecordNotes(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	page := ws.hub.subscribe("U0ANA")
	defer ws.hub.unsubscribe(page)
	ws.Clock().OnAdvance(func(context.Context, time.Time) { page.take() })
	for name, do := range map[string]func() error{
		"the end of a move of the clock": func() error { return ws.Clock().Advance(t.Context(), time.Minute) },
		"a redelivery":                   ws.RedeliverLast,
		"one disconnect":                 func() error { ws.DisconnectOne(DisconnectWarning); return nil },
		"a disconnect":                   func() error { ws.Disconnect(DisconnectWarning); return nil },
	} {
		page.take()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(page.take(), change{kind: "interactions"}) {
			t.Errorf("the inspector is not told of %s", name)
		}
	}
}
