package slackdev

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inputModal is a modal with one block, and a submit button.
func inputModal(blocks ...string) string {
	return `{"type":"modal","callback_id":"cb","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[` + strings.Join(blocks, ",") + `]}`
}

func labelled(id, element, more string) string {
	return `{"type":"input","block_id":"` + id + `","label":{"type":"plain_text","text":"` + id + `"},"element":` + element + more + `}`
}

func TestLinkButtonsSendAnAction(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	botPost(t, ws, "C0GENERAL", "card", `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"open","url":"https://x.example/1","text":{"type":"plain_text","text":"Open"},
	 "confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"plain_text","text":"Really"},"confirm":{"type":"plain_text","text":"Yes"}}}]}]`)
	_, p := capture(t, s, func() (Outcome, error) { return ws.User("ana").Click(t.Context(), In("#general", "Open")) })
	a := at(p, "actions", 0)
	if at(a, "action_id") != "open" || at(a, "url") != "https://x.example/1" || at(a, "value") != nil || at(a, "confirm", "title", "text") != "Sure?" {
		t.Errorf("%v", a)
	}
}

func TestInputsTellTheAppOnlyWhereTheyDispatch(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	openWith(t, ws, s, ana, inputModal(
		labelled("quiet", `{"type":"plain_text_input","action_id":"v"}`, ""),
		labelled("loud", `{"type":"plain_text_input","action_id":"v","dispatch_action_config":{"trigger_actions_on":["on_character_entered"]}}`, `,"dispatch_action":true`),
	))
	if out := must[Outcome](t)(ana.Fill(t.Context(), "quiet", "words")); out.EnvelopeID != "" {
		t.Errorf("the app was told: %+v", out)
	}
	_, p := capture(t, s, func() (Outcome, error) { return ana.Fill(t.Context(), "loud", "words") })
	if at(p, "actions", 0, "value") != "words" || at(p, "actions", 0, "type") != "plain_text_input" || at(p, "view", "state", "values", "quiet", "v", "value") != "words" {
		t.Errorf("%v", p)
	}
	if p["response_url"] != nil || p["channel"] != nil {
		t.Errorf("a modal has no conversation: %v", p)
	}
}

func TestASubmissionBringsResponseURLs(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	openWith(t, ws, s, ana, modalNamed("plain"))
	if _, p := capture(t, s, func() (Outcome, error) { return ana.Submit(t.Context()) }); !cmp.Equal(p["response_urls"], []any{}) {
		t.Errorf("without a select there are none, in a list: %v", p["response_urls"])
	}
	picker := `{"type":"conversations_select","action_id":"v","response_url_enabled":true,"default_to_current_conversation":true}`
	openWith(t, ws, s, ana, inputModal(
		labelled("where", picker, ""),
		`{"type":"section","block_id":"not an input","text":{"type":"plain_text","text":"x"},"accessory":`+picker+`}`,
	))
	_, p := capture(t, s, func() (Outcome, error) { return ana.Submit(t.Context()) })
	if list, _ := p["response_urls"].([]any); len(list) != 1 || at(list, 0, "block_id") != "where" || at(list, 0, "action_id") != "v" || at(list, 0, "channel_id") != "C0GENERAL" {
		t.Fatalf("response_urls: %v", p["response_urls"])
	}
	if got := respond(t, at(p, "response_urls", 0, "response_url").(string), `{"text":"done","response_type":"in_channel"}`); got != "ok" {
		t.Error(got)
	}
	if got := ws.User("lee").Sees("#general"); got != "done" {
		t.Errorf("he reads %q", got)
	}
}

// What nobody touched is null where one thing can be chosen and empty where
// many can; what the app set at first stands as if it had been chosen.
func TestStateOfUntouchedElements(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	options := `"options":[{"text":{"type":"plain_text","text":"A"},"value":"a"}]`
	chosen := `{"text":{"type":"plain_text","text":"A"},"value":"a"}`
	var blocks []string
	want := map[string]any{}
	option := map[string]any{"text": map[string]any{"type": "plain_text", "text": "A"}, "value": "a"}
	for _, e := range []struct {
		kind, extra, initial, key string
		empty, set                any
	}{
		{"plain_text_input", "", `"initial_value":"x"`, "value", nil, "x"},
		{"email_text_input", "", `"initial_value":"a@b.example"`, "value", nil, "a@b.example"},
		{"url_text_input", "", `"initial_value":"https://x.example"`, "value", nil, "https://x.example"},
		{"number_input", `"is_decimal_allowed":false`, `"initial_value":"7"`, "value", nil, "7"},
		{"static_select", options, `"initial_option":` + chosen, "selected_option", nil, option},
		{"radio_buttons", options, `"initial_option":` + chosen, "selected_option", nil, option},
		{"external_select", "", `"initial_option":` + chosen, "selected_option", nil, option},
		{"users_select", "", `"initial_user":"U0LEE"`, "selected_user", nil, "U0LEE"},
		{"channels_select", "", `"initial_channel":"C0GENERAL"`, "selected_channel", nil, "C0GENERAL"},
		{"conversations_select", "", `"initial_conversation":"C0GENERAL"`, "selected_conversation", nil, "C0GENERAL"},
		{"datepicker", "", `"initial_date":"2025-12-01"`, "selected_date", nil, "2025-12-01"},
		{"timepicker", "", `"initial_time":"09:30"`, "selected_time", nil, "09:30"},
		{"datetimepicker", "", `"initial_date_time":1766568600`, "selected_date_time", nil, 1766568600.0},
		{"checkboxes", options, `"initial_options":[` + chosen + `]`, "selected_options", []any{}, []any{option}},
		{"multi_static_select", options, `"initial_options":[` + chosen + `]`, "selected_options", []any{}, []any{option}},
		{"multi_external_select", "", `"initial_options":[` + chosen + `]`, "selected_options", []any{}, []any{option}},
		{"multi_users_select", "", `"initial_users":["U0LEE"]`, "selected_users", []any{}, []any{"U0LEE"}},
		{"multi_channels_select", "", `"initial_channels":["C0GENERAL"]`, "selected_channels", []any{}, []any{"C0GENERAL"}},
		{"multi_conversations_select", "", `"initial_conversations":["C0GENERAL"]`, "selected_conversations", []any{}, []any{"C0GENERAL"}},
		{"file_input", "", "", "files", []any{}, []any{}},
	} {
		for id, value := range map[string]any{e.kind: e.empty, "set " + e.kind: e.set} {
			keys := []string{`"type":"` + e.kind + `"`, `"action_id":"v"`}
			for _, more := range []string{e.extra, map[bool]string{true: e.initial}[strings.HasPrefix(id, "set ")]} {
				if more != "" {
					keys = append(keys, more)
				}
			}
			blocks = append(blocks, labelled(id, "{"+strings.Join(keys, ",")+"}", `,"optional":true`))
			want[id] = map[string]any{"v": map[string]any{"type": e.kind, e.key: value}}
		}
	}
	openWith(t, ws, s, ana, inputModal(blocks...))
	_, p := capture(t, s, func() (Outcome, error) { return ana.Submit(t.Context()) })
	if diff := cmp.Diff(want, at(p, "view", "state", "values")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATriggerFromWithinAModalPushes(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	first := openWith(t, ws, s, ana, strings.Replace(inputModal(`{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"More"}}]}`), `"type":"modal"`, `"type":"modal","external_id":"e1"`, 1))
	_, p := capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), InModal("More")) })
	trig := p["trigger_id"].(string)
	if got := viewCall(t, ws, "views.push", "trigger_id", trig, "view", strings.Replace(modalNamed("two"), `"type":"modal"`, `"type":"modal","external_id":"e1"`, 1)); got["error"] != "duplicate_external_id" {
		t.Errorf("a taken external id: %v", got)
	}
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), InModal("More")) })
	got := viewCall(t, ws, "views.push", "trigger_id", p["trigger_id"].(string), "view", modalNamed("two"))
	if got["ok"] != true || at(got, "view", "previous_view_id") != string(first.ID) || at(got, "view", "root_view_id") != string(first.ID) {
		t.Errorf("push: %v", got)
	}
	// Any other trigger begins anew.
	openWith(t, ws, s, ana, modalNamed("other"))
	if all := ana.Modals(); len(all) != 1 || all[0].Title != "other" {
		t.Errorf("%+v", all)
	}
}

func TestSuggestionsHaveLimits(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	openWith(t, ws, s, ana, inputModal(labelled("who", `{"type":"external_select","action_id":"v"}`, "")))
	if _, out, err := ana.Suggest(t.Context(), InModal("who"), "ab"); !errors.Is(err, ErrNotPossible) || out.EnvelopeID != "" {
		t.Errorf("by default the app is asked after three characters: %+v, %v", out, err)
	}
	options := func(n int, text string) string {
		one := `{"text":{"type":"plain_text","text":"` + text + `"},"value":"v"}`
		return `{"options":[` + strings.Repeat(one+",", n-1) + one + `]}`
	}
	for _, try := range []struct {
		name, answer string
		want         error
	}{
		{"a hundred", options(100, "x"), nil},
		{"more than a hundred", options(101, "x"), ErrBadResponse},
		{"75 characters", options(1, strings.Repeat("é", 75)), nil},
		{"76 characters", options(1, strings.Repeat("é", 76)), ErrBadResponse},
		{"none", `{"options":[]}`, nil},
	} {
		wait := doing(func() (Outcome, error) {
			_, out, err := ana.Suggest(t.Context(), InModal("who"), "abc")
			return out, err
		})
		s.ack(s.read(), try.answer)
		if out, err := wait(); !errors.Is(err, try.want) {
			t.Errorf("%s: %+v, %v", try.name, out, err)
		}
	}
}

// TestAViewIsTooLarge goes one byte over what a view may be.
func TestAViewIsTooLarge(t *testing.T) {
	t.Parallel()
	ws := start(t)
	const head, tail = `{"type":"home","blocks":[`, `]}`
	view := func(n int) string { return head + strings.Repeat(" ", n-len(head)-len(tail)) + tail }
	if got := viewCall(t, ws, "views.publish", "user_id", "U0ANA", "view", view(250_000)); got["ok"] != true {
		t.Errorf("250,000 bytes: %v", got)
	}
	if got := viewCall(t, ws, "views.publish", "user_id", "U0ANA", "view", view(250_001)); got["error"] != "view_too_large" {
		t.Errorf("one more: %v", got)
	}
}

// What is wrong is told in words of JSON, and of nobody's programming language.
func TestAViewThatIsNoneIsToldSo(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for view, want := range map[string]string{
		`[]`:                     "[ERROR] must provide an object [json-pointer:/view]",
		`{bad`:                   "[ERROR] must provide valid JSON [json-pointer:/view]",
		`{"type":7,"blocks":[]}`: "/view/type",
		`{"type":"home","blocks":[],"callback_id":{}}`: "/view/callback_id",
	} {
		got := post(t, ws, ws.BotToken(), "views.publish", url.Values{"user_id": {"U0ANA"}, "view": {view}})
		told, _ := at(got, "response_metadata", "messages", 0).(string)
		if got["error"] != "invalid_arguments" || !strings.Contains(told, want) || strings.Contains(told, "Go") {
			t.Errorf("%s: %v", view, got)
		}
	}
}
