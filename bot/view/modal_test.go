package view

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// everyKind is a form with a field of each kind.
func everyKind() *commands.Form {
	options := []commands.Option{{Value: "aws", Label: "AWS"}, {Value: "azure", Label: "Azure", Note: "With a partner center account"}}
	return &commands.Form{
		Verb: "done", Target: commands.Target{Run: "run_1", Step: workflow.ParseStepKey("go-live@ce-image"), Version: 93},
		Title: "Some title that is too long", Submit: "Send it to everyone who asked",
		Intro: []workflow.Text{workflow.Say("%s\n%s", workflow.Strong("AT&T *cloud*"), "2.1 <Scope>"), {}},
		Fields: []commands.Field{
			{ID: "text", Label: "Text", Hint: "A hint & more", Kind: commands.Text, MaxLength: 70, Initial: []string{"<before>"}},
			{ID: "long", Label: "Long text", Kind: commands.LongText, Optional: true},
			{ID: "link", Label: "Link", Kind: commands.Link, Initial: []string{"https://example.com/?a=1&b=2"}},
			{ID: "number", Label: "Number", Kind: commands.Number, Initial: []string{"2.5"}},
			{ID: "bad-number", Label: "Number", Kind: commands.Number, Initial: []string{"several"}},
			{ID: "date", Label: "Date", Kind: commands.Date, Initial: []string{"2026-01-15"}},
			{ID: "bad-date", Label: "Date", Kind: commands.Date, Initial: []string{"soon"}},
			{ID: "person", Label: "Person", Kind: commands.Person, Initial: []string{string(omar)}},
			{ID: "nobody", Label: "Person", Kind: commands.Person, Optional: true},
			{ID: "select", Label: "Select", Kind: commands.Select, Options: options, Initial: []string{"azure"}},
			{ID: "radio", Label: "Radio", Kind: commands.Radio, Options: options},
			{ID: "checks", Label: "Checks", Kind: commands.Checks, Options: options, Initial: []string{"aws", "azure"}},
			{ID: "many-checks", Label: "Many checks", Kind: commands.Checks, Options: manyOptions(11), Initial: []string{"o3", "o5"}},
			{ID: "many-radio", Label: "Many radios", Kind: commands.Radio, Options: manyOptions(120)},
			{ID: "no-options", Label: "Choice without options", Kind: commands.Select},
			{ID: "text", Label: "A field of the same name", Kind: commands.Text},
		},
	}
}

func manyOptions(n int) []commands.Option {
	out := make([]commands.Option, n)
	for i := range out {
		out[i] = commands.Option{Value: fmt.Sprintf("o%d", i), Label: fmt.Sprintf("Option %d", i)}
	}
	return out
}

func TestModal(t *testing.T) {
	t.Parallel()
	long := hostile(4000)
	nasty := &commands.Form{Verb: "note", Title: long, Submit: long, Intro: []workflow.Text{workflow.Say("%s", long)}}
	for _, kind := range []commands.FieldKind{commands.Text, commands.LongText, commands.Link, commands.Number, commands.Date, commands.Person, commands.Select, commands.Radio, commands.Checks} {
		nasty.Fields = append(nasty.Fields, commands.Field{
			ID: workflow.FieldID(kind), Kind: kind, Label: long, Hint: long, Initial: []string{long}, MaxLength: 9000,
			Options: []commands.Option{{Value: long, Label: "too long to be sent"}, {Value: "x", Label: long, Note: long}},
		})
	}
	big := &commands.Form{Verb: "people", Title: "People"}
	for i := range 150 {
		big.Fields = append(big.Fields, commands.Field{ID: workflow.FieldID(fmt.Sprint("f", i)), Label: "Field", Kind: commands.Text})
	}
	for name, f := range map[string]*commands.Form{
		"kinds":   everyKind(),
		"hostile": nasty,
		"big":     big,
		"bare":    {Verb: "skip"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := Modal(f)
			checkView(t, v)
			if v.CallbackID != FormCallback {
				t.Errorf("callback id %q", v.CallbackID)
			}
			verb, target, err := ParseMetadata(v.PrivateMetadata)
			if err != nil || verb != f.Verb || target != f.Target {
				t.Errorf("the form carries %q %+v, %v", verb, target, err)
			}
			if name == "kinds" || name == "bare" {
				golden(t, "modal-"+name, v)
			}
		})
	}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	said := workflow.Say("%s is already done: by %s.", "Scope & <effort>", omar)
	for name, v := range map[string]any{
		"notice":      NoticeModal(said),
		"home-notice": HomeNotice(said),
		"home-empty":  HomeNotice(workflow.Text{}),
	} {
		checkView(t, v)
		golden(t, "notice-"+name, v)
	}
	checkMessage(t, Notice(said), MaxDirect)
	checkMessage(t, Notice(workflow.Say("%s", hostile(5000))), 1<<20)
}

func TestPlainMessageSaysEverything(t *testing.T) {
	t.Parallel()
	for name, r := range cards(t) {
		m := named.Card(r).Plain()
		if m.Blocks != nil || len([]rune(m.Text)) > maxPlain || len(m.Text) < 100 {
			t.Errorf("%s: %d blocks and %q", name, len(m.Blocks), m.Text)
		}
		checkMarkup(t, m.Text)
	}
	text := named.Card(begin(t, start()).Run).Plain().Text
	for _, want := range []string{"DigitalOcean", "0 of 14 steps", "1.2", "1.6", "R-17"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
}

// TestValues reads a submission as Slack sends one.
func TestValues(t *testing.T) {
	t.Parallel()
	var state slack.ViewState
	err := json.Unmarshal([]byte(`{"values": {
		"text":    {"text":    {"type": "plain_text_input", "value": "some\ntext"}},
		"empty":   {"empty":   {"type": "plain_text_input", "value": null}},
		"link":    {"link":    {"type": "url_text_input", "value": "https://example.com"}},
		"number":  {"number":  {"type": "number_input", "value": "2.5"}},
		"date":    {"date":    {"type": "datepicker", "selected_date": "2026-01-15"}},
		"no-date": {"no-date": {"type": "datepicker", "selected_date": null}},
		"person":  {"person":  {"type": "users_select", "selected_user": "U0OMAR0001"}},
		"select":  {"select":  {"type": "static_select", "selected_option": {"text": {"type": "plain_text", "text": "AWS"}, "value": "aws"}}},
		"nothing": {"nothing": {"type": "static_select", "selected_option": null}},
		"radio":   {"radio":   {"type": "radio_buttons", "selected_option": {"text": {"type": "plain_text", "text": "AWS"}, "value": "aws"}}},
		"checks":  {"checks":  {"type": "checkboxes", "selected_options": [{"value": "ce"}, {"value": "ee"}]}},
		"none":    {"none":    {"type": "checkboxes", "selected_options": []}},
		"many":    {"many":    {"type": "multi_static_select", "selected_options": [{"value": "o1"}]}}
	}}`), &state)
	if err != nil {
		t.Fatal(err)
	}
	want := commands.Values{
		"text": {"some\ntext"}, "empty": nil, "link": {"https://example.com"}, "number": {"2.5"},
		"date": {"2026-01-15"}, "no-date": nil, "person": {"U0OMAR0001"},
		"select": {"aws"}, "nothing": nil, "radio": {"aws"}, "checks": {"ce", "ee"}, "none": nil, "many": {"o1"},
	}
	if diff := cmp.Diff(want, Values(&state)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if v := Values(nil); v == nil || len(v) > 0 {
		t.Errorf("no state is read as %v", v)
	}
}

// TestEveryFieldIsReadBack fills in every field of a form, by kind, the way
// Slack would send it.
func TestEveryFieldIsReadBack(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, b := range Modal(everyKind()).Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		raw, err := json.Marshal(in.Element)
		if err != nil {
			t.Fatal(err)
		}
		var e struct {
			Type     string `json:"type"`
			ActionID string `json:"action_id"`
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(err)
		}
		if e.ActionID != in.BlockID {
			t.Errorf("%s has the action id %q", in.BlockID, e.ActionID)
		}
		option := slack.OptionBlockObject{Value: "v"}
		filled := slack.BlockAction{Type: slack.ActionType(e.Type), Value: "v", SelectedDate: "v", SelectedUser: "v", SelectedOption: option, SelectedOptions: []slack.OptionBlockObject{option}}
		got := Values(&slack.ViewState{Values: map[string]map[string]slack.BlockAction{in.BlockID: {e.ActionID: filled}}})
		if diff := cmp.Diff(commands.Values{workflow.FieldID(in.BlockID): {"v"}}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", e.Type, diff)
		}
		seen[e.Type] = true
	}
	if len(seen) < 9 {
		t.Errorf("the form has elements of %d types only: %v", len(seen), seen)
	}
}

func TestFieldErrors(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("done: %w", &workflow.Error{Kind: workflow.Invalid, Fields: map[workflow.FieldID]workflow.Text{
		"due":       workflow.Say("%q is in the past.", "<2025> & *before*"),
		"assignee":  workflow.Say("%s cannot act here: choose a member of this workspace.", wei),
		"elsewhere": workflow.Say("This form does not have it."),
		"silent":    {},
	}})
	values := commands.Values{"due": nil, "assignee": {"U1"}, "silent": nil, "other": nil}
	want := map[string]string{
		"due":      "“<2025> & *before*” is in the past.",
		"assignee": "That person cannot act here: choose a member of this workspace.",
	}
	if diff := cmp.Diff(want, FieldErrors(err, values)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	for _, err := range []error{fmt.Errorf("database is gone"), workflow.Fail(workflow.Denied, "No."), nil} {
		if got := FieldErrors(err, values); got == nil || len(got) > 0 {
			t.Errorf("%v makes %v", err, got)
		}
	}
}
