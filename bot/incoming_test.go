package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudimage/bot/view"
	"cloudimage/commands"
)

// shapes are payloads as Slack sends them, with what is made of each.
var shapes = []struct {
	name, envelope, payload string
	want                    Incoming
}{
	{"a typed command", "slash_commands", `{"token":"x","team_id":"T1","team_domain":"acme","channel_id":"C1","channel_name":"general","user_id":"U1","user_name":"ana",
		"command":"/cloudimage","text":"done <@U2|omar> 2.1","api_app_id":"A1","is_enterprise_install":"false","response_url":"https://hooks.example/1","trigger_id":"1.2.3"}`,
		Incoming{Kind: Slash, AppID: "A1", TeamID: "T1", User: "U1", Channel: "C1", Trigger: "1.2.3", Response: "https://hooks.example/1", Command: "/cloudimage", Text: "done <@U2|omar> 2.1"}},
	{"a button of a message", "interactive", `{"type":"block_actions","user":{"id":"U1","username":"ana","name":"ana","team_id":"T1"},"api_app_id":"A1","token":"x",
		"container":{"type":"message","message_ts":"1.2","channel_id":"C1","is_ephemeral":false},"trigger_id":"1.2.3","team":{"id":"T1","domain":"acme"},"enterprise":null,"is_enterprise_install":false,
		"channel":{"id":"C1","name":"general"},"message":{"type":"message","user":"U9","ts":"1.2","blocks":[{"type":"something_new","elements":[{"type":"newer","x":{}}]}]},
		"state":{"values":{}},"response_url":"https://hooks.example/1","actions":[{"action_id":"done","block_id":"b","type":"button","value":"R1|go-live|2s","text":{"type":"plain_text","text":"Done"},"action_ts":"1.3"}]}`,
		Incoming{Kind: Click, AppID: "A1", TeamID: "T1", User: "U1", UserTeam: "T1", Channel: "C1", Trigger: "1.2.3", Response: "https://hooks.example/1", Actions: []Action{{"done", "R1|go-live|2s"}}}},
	{"a menu of a message only one person sees", "interactive", `{"type":"block_actions","user":{"id":"U1","team_id":"T2"},"container":{"type":"message","message_ts":"1.2","channel_id":"C1","is_ephemeral":true},
		"trigger_id":"1.2.3","team":{"id":"T1"},"channel":{"id":"C1"},"response_url":"https://hooks.example/1",
		"actions":[{"action_id":"more:R1","type":"overflow","selected_option":{"text":{"type":"plain_text","text":"History"},"value":"history"}},{"action_id":"when","type":"datepicker","selected_date":"2026-01-15"}]}`,
		Incoming{Kind: Click, TeamID: "T1", User: "U1", UserTeam: "T2", Channel: "C1", Trigger: "1.2.3", Response: "https://hooks.example/1", Ephemeral: true, Actions: []Action{{"more:R1", "history"}, {"when", ""}}}},
	{"a button of a modal", "interactive", `{"type":"block_actions","user":{"id":"U1"},"container":{"type":"view","view_id":"V1"},"trigger_id":"1.2.3","team":{"id":"T1"},
		"view":{"id":"V1","team_id":"T1","type":"modal","callback_id":"page","private_metadata":"meta","hash":"h","state":{"values":{}},"root_view_id":"V1","blocks":[{"type":"new"}]},"actions":[{"action_id":"update","value":"R1"}]}`,
		Incoming{Kind: Click, TeamID: "T1", User: "U1", Trigger: "1.2.3", View: View{ID: "V1", Type: "modal", Callback: "page", Metadata: "meta"}, Actions: []Action{{"update", "R1"}}}},
	{"a button of the Home tab", "interactive", `{"type":"block_actions","user":{"id":"U1"},"container":{"type":"view","view_id":"V2"},"trigger_id":"1.2.3","team":null,"enterprise":{"id":"E1","name":"acme"},"is_enterprise_install":true,
		"view":{"id":"V2","type":"home","callback_id":"","private_metadata":""},"actions":[{"action_id":"mine","value":""}]}`,
		Incoming{Kind: Click, User: "U1", Trigger: "1.2.3", View: View{ID: "V2", Type: "home"}, Actions: []Action{{"mine", ""}}}},
	{"a submitted form", "interactive", `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1","team_id":"T1"},"api_app_id":"A1","trigger_id":"1.2.3",
		"view":{"id":"V1","type":"modal","callback_id":"form","private_metadata":"done|R1|go-live","hash":"h","state":{"values":{"issue":{"issue":{"type":"url_text_input","value":"https://a.example"}}}}},"response_urls":[]}`,
		Incoming{Kind: Submission, AppID: "A1", TeamID: "T1", User: "U1", UserTeam: "T1", Trigger: "1.2.3", View: View{ID: "V1", Type: "modal", Callback: "form", Metadata: "done|R1|go-live"}}},
	{"a closed form", "interactive", `{"type":"view_closed","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","type":"modal","callback_id":"form"},"is_cleared":false}`,
		Incoming{Kind: Closed, TeamID: "T1", User: "U1", View: View{ID: "V1", Type: "modal", Callback: "form"}}},
	{"a shortcut", "interactive", `{"type":"shortcut","token":"x","action_ts":"1.2","team":{"id":"T1"},"user":{"id":"U1","username":"ana","team_id":"T1"},"callback_id":"new_partnership","trigger_id":"1.2.3"}`,
		Incoming{Kind: Shortcut, TeamID: "T1", User: "U1", UserTeam: "T1", Callback: "new_partnership", Trigger: "1.2.3"}},
	{"a person who was changed", "events_api", `{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1","event":{"type":"user_change","user":{"id":"U1","team_id":"T1","deleted":true},"event_ts":"1.2"}}`,
		Incoming{Kind: Happened, AppID: "A1", TeamID: "T1", User: "U1", Event: Event{Type: "user_change", User: json.RawMessage(`{"id":"U1","team_id":"T1","deleted":true}`)}}},
	{"an opened Home tab", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev2","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Event: Event{Type: "app_home_opened", User: json.RawMessage(`"U1"`), Channel: "D1", Tab: "home"}}},
	{"a channel as an object", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev3","event":{"type":"channel_created","channel":{"id":"C1","name":"new"}}}`,
		Incoming{Kind: Happened, TeamID: "T1", Event: Event{Type: "channel_created", Channel: "C1"}}},
	{"words to the bot", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev4","event":{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"mine"}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Text: "mine", Event: Event{Type: "message", User: json.RawMessage(`"U1"`), Channel: "D1", Written: true}}},
	{"words to the bot in a thread", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev6","event":{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"done","ts":"1.5","thread_ts":"1.2","parent_user_id":"U9"}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Text: "done", Event: Event{Type: "message", User: json.RawMessage(`"U1"`), Channel: "D1", TS: "1.5", Thread: "1.2", Written: true}}},
	{"a reply in a channel", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev7","event":{"type":"message","channel":"C1","channel_type":"channel","user":"U1","text":"done","ts":"1.5","thread_ts":"1.2","blocks":[{"type":"rich_text","elements":[]}]}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Text: "done", Event: Event{Type: "message", User: json.RawMessage(`"U1"`), Channel: "C1", TS: "1.5", Thread: "1.2", Reply: true}}},
	{"a reply that is sent to the private channel, too", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev8","event":{"type":"message","subtype":"thread_broadcast","channel":"G1","channel_type":"group","user":"U1","text":"done","ts":"1.5","thread_ts":"1.2","root":{"user":"U9","bot_id":"B1","ts":"1.2","thread_ts":"1.2"}}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Text: "done", Event: Event{Type: "message", User: json.RawMessage(`"U1"`), Channel: "G1", TS: "1.5", Thread: "1.2", Reply: true}}},
	{"a reply of the bot", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev9","event":{"type":"message","channel":"C1","channel_type":"channel","bot_id":"B1","user":"U9","text":"a story","ts":"1.5","thread_ts":"1.2"}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U9", Text: "a story", Event: Event{Type: "message", User: json.RawMessage(`"U9"`), Channel: "C1", TS: "1.5", Thread: "1.2"}}},
	{"words in a channel", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev10","event":{"type":"message","channel":"C1","channel_type":"channel","user":"U1","text":"lunch?","ts":"1.5"}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Text: "lunch?", Event: Event{Type: "message", User: json.RawMessage(`"U1"`), Channel: "C1", TS: "1.5"}}},
	{"a parent, which is no reply", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev11","event":{"type":"message","channel":"C1","channel_type":"channel","user":"U1","text":"x","ts":"1.5","thread_ts":"1.5"}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Text: "x", Event: Event{Type: "message", User: json.RawMessage(`"U1"`), Channel: "C1", TS: "1.5"}}},
	{"a changed card", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev12","event":{"type":"message","subtype":"message_changed","hidden":true,"channel":"C1","channel_type":"channel","ts":"1.6",
		"message":{"user":"U9","bot_id":"B1","text":"new","ts":"1.2"},"previous_message":{"user":"U9","bot_id":"B1","text":"old","ts":"1.2"}}}`,
		Incoming{Kind: Happened, Event: Event{Type: "message"}}},
	{"a changed card, written in another way", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev12","event":{"type":"message","subtype": "message_changed","hidden":true,"channel":"C1","channel_type":"channel","ts":"1.6"}}`,
		Incoming{Kind: Happened, TeamID: "T1", Event: Event{Type: "message", Channel: "C1", TS: "1.6"}}},
	{"somebody who types that a message was changed", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev15","event":{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"\"subtype\":\"message_changed\""}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Text: `"subtype":"message_changed"`, Event: Event{Type: "message", User: json.RawMessage(`"U1"`), Channel: "D1", Written: true}}},
	{"a thread that got a reply, which Slack sends without its subtype", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev13","event":{"type":"message","hidden":true,"channel":"D1","channel_type":"im","ts":"1.6",
		"message":{"user":"U1","text":"mine","ts":"1.2","thread_ts":"1.2","reply_count":1}}}`,
		Incoming{Kind: Happened, TeamID: "T1", Event: Event{Type: "message", Channel: "D1", TS: "1.6"}}},
	{"somebody joins a channel", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev14","event":{"type":"message","subtype":"channel_join","channel":"C1","channel_type":"channel","user":"U1","text":"has joined","ts":"1.5"}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U1", Text: "has joined", Event: Event{Type: "message", User: json.RawMessage(`"U1"`), Channel: "C1", TS: "1.5"}}},
	{"words of the bot", "events_api", `{"type":"event_callback","team_id":"T1","event_id":"Ev5","event":{"type":"message","channel":"D1","channel_type":"im","bot_id":"B1","user":"U9","text":"hello"}}`,
		Incoming{Kind: Happened, TeamID: "T1", User: "U9", Text: "hello", Event: Event{Type: "message", User: json.RawMessage(`"U9"`), Channel: "D1"}}},
}

func envelopeOf(id, kind, payload string) []byte {
	return fmt.Appendf(nil, `{"envelope_id":%q,"payload":%s,"type":%q,"accepts_response_payload":true}`, id, payload, kind)
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			got, err := Decode(envelopeOf("e1", s.envelope, s.payload))
			if err != nil || got.ID != "e1" || got.Type != s.envelope || !got.Accepts && !got.Event.isChatter() {
				t.Errorf("envelope %q of type %q, accepts %v, %v", got.ID, got.Type, got.Accepts, err)
			}
			ignored := cmpopts.IgnoreFields(Incoming{}, "Key", "Delivery", "View.State")
			if diff := cmp.Diff(s.want, got.Incoming, ignored); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeAnswersOfAForm(t *testing.T) {
	t.Parallel()
	got, err := Decode(envelopeOf("e1", "interactive", `{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","state":{"values":{
		"text":{"text":{"type":"plain_text_input","value":"words"}},"empty":{"empty":{"type":"plain_text_input","value":null}},
		"who":{"who":{"type":"users_select","selected_user":"U2"}},"when":{"when":{"type":"datepicker","selected_date":"2026-01-15"}},
		"some":{"some":{"type":"checkboxes","selected_options":[{"value":"a"},{"value":"b"}]}},"none":{"none":{"type":"static_select","selected_option":null}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := commands.Values{"text": {"words"}, "empty": nil, "who": {"U2"}, "when": {"2026-01-15"}, "some": {"a", "b"}, "none": nil}
	if diff := cmp.Diff(want, view.Values(got.View.State)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeWordsOnTheConnection(t *testing.T) {
	t.Parallel()
	for frame, want := range map[string]Envelope{
		`{"type":"hello","num_connections":2,"connection_info":{"app_id":"A1"},"debug_info":{"host":"h"}}`: {Type: "hello"},
		`{"type":"disconnect","reason":"refresh_requested","debug_info":{"host":"h"}}`:                     {Type: "disconnect", Reason: "refresh_requested"},
	} {
		got, err := Decode([]byte(frame))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", frame, diff)
		}
	}
}

// What cannot be read can still be acknowledged, as long as it has an id.
func TestDecodeKeepsWhatIsAcknowledged(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{`{}`, `[]`, `7`, `"x"`, `null`, `{"type":7}`, `{"type":"block_actions","user":[]}`} {
		got, err := Decode(envelopeOf("e1", "interactive", payload))
		if err == nil || got.ID != "e1" {
			t.Errorf("%s: id %q, %v", payload, got.ID, err)
		}
	}
	for _, frame := range []string{``, `{`, `[]`, `{"envelope_id":"e1","payload":{"type":"block_actions"`} {
		if _, err := Decode([]byte(frame)); err == nil {
			t.Errorf("%q was read", frame)
		}
	}
}

func TestKeyTellsActionsApart(t *testing.T) {
	t.Parallel()
	decode := func(id, kind, payload string) Incoming {
		e, err := Decode(envelopeOf(id, kind, payload))
		if err != nil {
			t.Fatal(err)
		}
		return e.Incoming
	}
	event := `{"type":"event_callback","event_id":"Ev1","event":{"type":"app_home_opened","user":"U1"}}`
	if a, b := decode("e1", "events_api", event), decode("e2", "events_api", event); a.Key != b.Key {
		t.Errorf("an event that is delivered again has the keys %q and %q", a.Key, b.Key)
	}
	click := `{"type":"block_actions","user":{"id":"U1"},"trigger_id":"1.2.3","actions":[{"action_id":"done","value":"R1"}]}`
	if a, b := decode("e1", "interactive", click), decode("e2", "interactive", click); a.Key != b.Key || a.Delivery == b.Delivery {
		t.Errorf("a click that is delivered again has the keys %q and %q", a.Key, b.Key)
	}
	if a, b := decode("e1", "interactive", click), decode("e2", "interactive", strings.Replace(click, "1.2.3", "1.2.4", 1)); a.Key == b.Key {
		t.Errorf("two clicks have the key %q", a.Key)
	}
}

// A form that is submitted again, because no acknowledgement came, is the same
// request; with other answers it is another.
func TestFormIsOneRequest(t *testing.T) {
	t.Parallel()
	in := Incoming{Key: "trigger:1", View: View{ID: "V1", Metadata: "new||"}}
	again := in
	again.Key = "trigger:2"
	values := commands.Values{"partner": {"DigitalOcean"}, "listings": {"CE", "EE"}}
	if a, b := requestOf(in, values), requestOf(again, values); a != b {
		t.Errorf("the same form makes the requests %q and %q", a, b)
	}
	other := again
	other.View.ID = "V2"
	for _, r := range []struct {
		in     Incoming
		values commands.Values
	}{{other, values}, {again, commands.Values{"partner": {"Digital"}, "listings": {"Ocean", "CE", "EE"}}}} {
		if requestOf(in, values) == requestOf(r.in, r.values) {
			t.Errorf("%v with %v makes the same request", r.in.View, r.values)
		}
	}
	if got := requestOf(Incoming{Key: "trigger:3"}, values); got != "trigger:3" {
		t.Errorf("without the id of a form the request is %q", got)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range shapes {
		f.Add(envelopeOf("e1", s.envelope, s.payload))
	}
	f.Add([]byte(`{"type":"hello"}`))
	f.Add([]byte(`{"envelope_id":"e","type":"interactive","payload":{"type":"view_submission","user":{"id":"U"},"view":{"state":{"values":{"a":{"b":{"selected_options":null}}}}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := Decode(raw)
		if err != nil {
			return
		}
		if e.ID != "" && (e.Kind == "" || e.Key == "" || e.Delivery == "") {
			t.Errorf("an envelope without kind or key passed for a good one: %+v", e)
		}
		view.Values(e.View.State) // whatever was answered can be read
		if ev := e.Event; ev.Written && ev.Reply || ev.Reply && (ev.Thread == "" || ev.Thread == ev.TS) || (ev.Written || ev.Reply) && e.User == "" {
			t.Errorf("nobody can have said this: %+v", e)
		}
		for _, a := range e.Actions {
			view.ParseAction(a.ID, a.Value)
		}
	})
}
