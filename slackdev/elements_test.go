package slackdev

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// TestEveryKindOfInput fills one of each, as a person would, and compares what
// she sees and what the app gets.
func TestEveryKindOfInput(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	options := `,"options":[{"text":{"type":"plain_text","text":"Enterprise"},"value":"ee"},{"text":{"type":"plain_text","text":"Community"},"value":"ce"}]`
	kinds := []struct {
		kind, extra string
		fill        []string
		key         string
		want        any
		sees        string
	}{
		{"plain_text_input", "", []string{"words"}, "value", "words", "words"},
		{"email_text_input", "", []string{"a@b.example"}, "value", "a@b.example", "a@b.example"},
		{"url_text_input", "", []string{"https://x.example"}, "value", "https://x.example", "https://x.example"},
		{"number_input", `,"is_decimal_allowed":true`, []string{"2.5"}, "value", "2.5", "2.5"},
		{"static_select", options, []string{"community"}, "selected_option", "ce", "Community"},
		{"multi_static_select", options, []string{"ce", "Enterprise"}, "selected_options", []any{"ce", "ee"}, "Community, Enterprise"},
		{"radio_buttons", options, []string{"Enterprise"}, "selected_option", "ee", "[x] Enterprise [ ] Community"},
		{"checkboxes", options, []string{"Community"}, "selected_options", []any{"ce"}, "[ ] Enterprise [x] Community"},
		{"users_select", "", []string{"lee"}, "selected_user", "U0LEE", "@lee"},
		{"multi_users_select", "", []string{"lee", "@omar"}, "selected_users", []any{"U0LEE", "U0OMAR"}, "@lee, @omar"},
		{"channels_select", "", []string{"#general"}, "selected_channel", "C0GENERAL", "#general"},
		{"multi_channels_select", "", []string{"general", "random"}, "selected_channels", []any{"C0GENERAL", "C0RANDOM"}, "#general, #random"},
		{"conversations_select", "", []string{"general"}, "selected_conversation", "C0GENERAL", "#general"},
		{"multi_conversations_select", "", []string{"general"}, "selected_conversations", []any{"C0GENERAL"}, "#general"},
		{"datepicker", "", []string{"2025-12-24"}, "selected_date", "2025-12-24", "2025-12-24"},
		{"timepicker", "", []string{"09:30"}, "selected_time", "09:30", "09:30"},
		{"datetimepicker", "", []string{"2025-12-24T09:30:00Z"}, "selected_date_time", 1766568600.0, "Dec 24, 2025 9:30 AM"},
		{"rich_text_input", "", []string{"rich words"}, "rich_text_value", nil, "rich words"},
	}
	var blocks []string
	for _, k := range kinds {
		blocks = append(blocks, `{"type":"input","block_id":"`+k.kind+`","label":{"type":"plain_text","text":"The `+k.kind+`"},"element":{"type":"`+k.kind+`","action_id":"v"`+k.extra+`}}`)
	}
	openWith(t, ws, s, ana, `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[`+strings.Join(blocks, ",")+`]}`)
	for _, k := range kinds {
		if out, err := ana.Fill(t.Context(), "The "+k.kind, k.fill...); err != nil {
			t.Fatalf("%s: %+v, %v", k.kind, out, err)
		}
	}
	v, _ := ana.Modal()
	for _, k := range kinds {
		if want := "The " + k.kind + ": " + k.sees + "\n"; !strings.Contains(v.Text(), want) {
			t.Errorf("she does not see %q in\n%s", want, v.Text())
		}
	}
	f, p := capture(t, s, func() (Outcome, error) { return ana.Submit(t.Context()) })
	var ic slack.InteractionCallback
	if err := json.Unmarshal(f.Payload, &ic); err != nil {
		t.Fatalf("slack-go cannot read the submission: %v", err)
	}
	if got := ic.View.State.Values["multi_users_select"]["v"].SelectedUsers; !cmp.Equal(got, []string{"U0LEE", "U0OMAR"}) {
		t.Errorf("slack-go reads %v", got)
	}
	for _, k := range kinds {
		got := at(p, "view", "state", "values", k.kind, "v", k.key)
		switch v := got.(type) {
		case map[string]any:
			if k.kind != "rich_text_input" {
				got = v["value"]
			} else {
				got = nil
			}
		case []any:
			var values []any
			for _, e := range v {
				if m, ok := e.(map[string]any); ok {
					e = m["value"]
				}
				values = append(values, e)
			}
			got = values
		}
		if diff := cmp.Diff(k.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", k.kind, diff)
		}
	}
}

func TestWordsThatAreNoValuesAreRefused(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	option := `{"text":{"type":"plain_text","text":"A"},"value":"a"}`
	openWith(t, ws, s, ana, `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	 {"type":"input","block_id":"date","label":{"type":"plain_text","text":"date"},"element":{"type":"datepicker","action_id":"v"}},
	 {"type":"input","block_id":"time","label":{"type":"plain_text","text":"time"},"element":{"type":"timepicker","action_id":"v"}},
	 {"type":"input","block_id":"both","label":{"type":"plain_text","text":"both"},"element":{"type":"datetimepicker","action_id":"v"}},
	 {"type":"input","block_id":"who","label":{"type":"plain_text","text":"who"},"element":{"type":"users_select","action_id":"v"}},
	 {"type":"input","block_id":"where","label":{"type":"plain_text","text":"where"},"element":{"type":"channels_select","action_id":"v"}},
	 {"type":"input","block_id":"many","label":{"type":"plain_text","text":"many"},"element":{"type":"multi_users_select","action_id":"v","max_selected_items":1}},
	 {"type":"section","block_id":"sec","text":{"type":"plain_text","text":"s"},"accessory":{"type":"static_select","action_id":"one","options":[`+option+`]}}]}`)
	for label, words := range map[string][]string{
		"date": {"tomorrow"}, "time": {"noon"}, "both": {"now"}, "who": {"nobody"}, "where": {"#nowhere"}, "one": {"A", "A"}, "many": {"lee", "omar"}, "missing": {"x"},
	} {
		if out, err := ana.Fill(t.Context(), label, words...); !errors.Is(err, ErrNotPossible) || out.OK || !strings.HasSuffix(out.Error, ".") {
			t.Errorf("%s = %q: %+v, %v", label, words, out, err)
		}
	}
	_, p := capture(t, s, func() (Outcome, error) { return ana.Fill(t.Context(), "one", "A") })
	if at(p, "actions", 0, "selected_option", "value") != "a" || at(p, "container", "type") != "view" {
		t.Errorf("a select outside of an input tells the app: %v", p)
	}
	_, p = capture(t, s, func() (Outcome, error) { return ana.Fill(t.Context(), "one") })
	if v, there := p["actions"].([]any)[0].(map[string]any)["selected_option"]; v != nil || !there {
		t.Errorf("clearing it: %v", p["actions"])
	}
}
