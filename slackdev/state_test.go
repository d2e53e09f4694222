package slackdev

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stateModal has a control of each kind that a page may send something wrong for.
func stateModal() string {
	options := `"options":[{"text":{"type":"plain_text","text":"A"},"value":"a"},{"text":{"type":"plain_text","text":"B"},"value":"b"}]`
	var blocks []string
	for id, element := range map[string]string{
		"text": `"plain_text_input","max_length":3`, "select": `"static_select",` + options, "checks": `"checkboxes",` + options, "radio": `"radio_buttons",` + options,
		"most": `"multi_static_select","max_selected_items":1,` + options, "app": `"external_select"`, "who": `"users_select"`, "whom": `"multi_users_select"`,
		"where": `"channels_select"`, "wheres": `"multi_conversations_select"`, "day": `"datepicker"`, "time": `"timepicker"`, "moment": `"datetimepicker"`,
		"rich": `"rich_text_input"`, "file": `"file_input"`, "set": `"conversations_select","initial_conversation":"C0ELSEWHERE"`,
	} {
		blocks = append(blocks, labelled(id, `{"type":`+element+`,"action_id":"v"}`, `,"optional":true`))
	}
	return inputModal(append(blocks, `{"type":"actions","block_id":"row","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go on"}}]}`)...)
}

// What a page says was chosen is held against the controls like words are. When
// any of it cannot be, nothing of it is taken over and the app hears nothing.
func TestTheStateOfAPageIsChecked(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	v := openWith(t, ws, s, ana, stateModal())
	good := `"text":{"v":{"type":"plain_text_input","value":"abc"}}`
	before, _ := ana.Modal()
	for name, try := range map[string]struct{ state, says string }{
		"an option that is not offered":      {`"select":{"v":{"type":"static_select","selected_option":{"value":"c"}}}`, `"select" does not offer {"value":"c"}`},
		"one of two is not offered":          {`"checks":{"v":{"type":"checkboxes","selected_options":[{"value":"a"},{"value":"c"}]}}`, "does not offer"},
		"an option that is none":             {`"radio":{"v":{"type":"radio_buttons","selected_option":"a"}}`, "does not offer"},
		"too many options":                   {`"most":{"v":{"type":"multi_static_select","selected_options":[{"value":"a"},{"value":"b"}]}}`, "at most 1 choices"},
		"no list":                            {`"most":{"v":{"type":"multi_static_select","selected_options":{"value":"a"}}}`, "takes a list"},
		"an option of the app without words": {`"app":{"v":{"type":"external_select","selected_option":{"value":"1"}}}`, "has a text of at most 75"},
		"nobody":                             {`"who":{"v":{"type":"users_select","selected_user":"U0NOBODY"}}`, `"U0NOBODY" is nobody here`},
		"who left":                           {`"whom":{"v":{"type":"multi_users_select","selected_users":["U0LEE","U0DANA"]}}`, "is nobody here"},
		"a name for an id":                   {`"who":{"v":{"type":"users_select","selected_user":"lee"}}`, "is nobody here"},
		"no channel":                         {`"where":{"v":{"type":"channels_select","selected_channel":"C0NOWHERE"}}`, "is no channel that ana sees"},
		"a channel of others":                {`"wheres":{"v":{"type":"multi_conversations_select","selected_conversations":["C0GENERAL","D0LEE"]}}`, "is no channel that ana sees"},
		"a date that is none":                {`"day":{"v":{"type":"datepicker","selected_date":"2025-02-30"}}`, "is not a date like"},
		"a date that is a number":            {`"day":{"v":{"type":"datepicker","selected_date":20251126}}`, "is not a date like"},
		"a time without its zero":            {`"time":{"v":{"type":"timepicker","selected_time":"9:30"}}`, "is not a time like 09:30"},
		"milliseconds":                       {`"moment":{"v":{"type":"datetimepicker","selected_date_time":1766568600000}}`, "is not a moment"},
		"half a second":                      {`"moment":{"v":{"type":"datetimepicker","selected_date_time":1766568600.5}}`, "is not a moment"},
		"text that is too long":              {`"text":{"v":{"type":"plain_text_input","value":"abcd"}}`, "at most 3 characters"},
		"text that is a number":              {`"text":{"v":{"type":"plain_text_input","value":7}}`, "is no text"},
		"rich text that is plain":            {`"rich":{"v":{"type":"rich_text_input","rich_text_value":"abc"}}`, "is no rich text"},
		"a file that is not there":           {`"file":{"v":{"type":"file_input","files":[{"id":"F0NOTHING"}]}}`, "is no file of ana"},
		"another kind":                       {`"day":{"v":{"type":"timepicker","selected_time":"09:30"}}`, "is a datepicker"},
		"no kind":                            {`"day":{"v":{"selected_date":"2025-12-24"}}`, "is a datepicker"},
		"nothing":                            {`"day":{"v":null}`, "is a datepicker"},
	} {
		for act, body := range map[string]string{
			"submit": `{"as":"ana","view_id":"` + string(v.ID) + `","state":{` + good + `,` + try.state + `}}`,
			"action": `{"as":"ana","view_id":"` + string(v.ID) + `","block_id":"row","action_id":"go","action":{},"state":{` + good + `,` + try.state + `}}`,
		} {
			if strings.HasPrefix(try.state, `"text"`) {
				body = strings.Replace(body, good+",", "", 1)
			}
			status, out := ask(t, ws, "POST", "/dev/api/"+act, body)
			if told, _ := out["error"].(string); status != 200 || out["ok"] != false || !strings.Contains(told, try.says) || !strings.HasSuffix(told, ".") || out["envelope_id"] != nil {
				t.Errorf("%s, %s: %d %v", act, name, status, out)
			}
		}
	}
	if now, _ := ana.Modal(); string(now.State) != string(before.State) {
		t.Errorf("something was taken over:\n%s", cmp.Diff(string(before.State), string(now.State)))
	}
}

func TestTheStateOfAPageIsTakenOver(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	openWith(t, ws, s, ana, stateModal())
	state := `{
	 "text":{"v":{"type":"plain_text_input","value":"äöü"}},
	 "select":{"v":{"type":"static_select","selected_option":{"text":{"type":"plain_text","text":"another text"},"value":"b"}}},
	 "checks":{"v":{"type":"checkboxes","selected_options":[]}},
	 "app":{"v":{"type":"external_select","selected_option":{"text":{"type":"plain_text","text":"One"},"value":"1"}}},
	 "whom":{"v":{"type":"multi_users_select","selected_users":["U0LEE"]}},
	 "where":{"v":{"type":"channels_select","selected_channel":"C0GENERAL"}},
	 "day":{"v":{"type":"datepicker","selected_date":"2025-12-24","forged":true}},
	 "moment":{"v":{"type":"datetimepicker","selected_date_time":1766568600}},
	 "set":{"v":{"type":"conversations_select","selected_conversation":"C0ELSEWHERE"}},
	 "gone":{"v":{"type":"plain_text_input","value":"of before an update"}},
	 "row":{"go":{"type":"button","value":"x"}}}`
	_, p := capture(t, s, func() (Outcome, error) {
		_, out := ask(t, ws, "POST", "/dev/api/submit", `{"as":"ana","state":`+state+`}`)
		told, _ := out["error"].(string)
		return Outcome{OK: out["ok"] == true, Error: told}, nil
	})
	values := at(p, "view", "state", "values")
	want := map[string]any{
		"text":   map[string]any{"type": "plain_text_input", "value": "äöü"},
		"select": map[string]any{"type": "static_select", "selected_option": map[string]any{"text": map[string]any{"type": "plain_text", "text": "B"}, "value": "b"}},
		"checks": map[string]any{"type": "checkboxes", "selected_options": []any{}},
		"app":    map[string]any{"type": "external_select", "selected_option": map[string]any{"text": map[string]any{"type": "plain_text", "text": "One"}, "value": "1"}},
		"whom":   map[string]any{"type": "multi_users_select", "selected_users": []any{"U0LEE"}},
		"where":  map[string]any{"type": "channels_select", "selected_channel": "C0GENERAL"},
		"day":    map[string]any{"type": "datepicker", "selected_date": "2025-12-24"},
		"moment": map[string]any{"type": "datetimepicker", "selected_date_time": 1766568600.0},
		"set":    map[string]any{"type": "conversations_select", "selected_conversation": "C0ELSEWHERE"}, // the app set it
	}
	for id, w := range want {
		if diff := cmp.Diff(w, at(values, id, "v")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	if at(values, "gone") != nil || at(values, "row") != nil {
		t.Errorf("what has no value has one: %v", values)
	}
}

func TestFeedbackIsOneOfItsTwoAnswers(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	side := func(text, value string) string {
		return `{"text":{"type":"plain_text","text":"` + text + `"},"value":"` + value + `"}`
	}
	ts := botPost(t, ws, "C0GENERAL", "card", `[{"type":"context_actions","block_id":"b","elements":[{"type":"feedback_buttons","action_id":"f","positive_button":`+side("Good", "up")+`,"negative_button":`+side("Bad", "down")+`}]}]`)
	ana := ws.User("ana")
	_, p := capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "f"), Choose("Bad")) })
	if at(p, "actions", 0, "value") != "down" {
		t.Errorf("%v", p["actions"])
	}
	for _, choose := range [][]string{nil, {"Fair"}, {"Good", "Bad"}} {
		if out, err := ana.Click(t.Context(), In("#general", "f"), Choose(choose...)); err == nil || !strings.Contains(out.Error, "one of its two answers") {
			t.Errorf("%q: %+v, %v", choose, out, err)
		}
	}
	if _, out := ask(t, ws, "POST", "/dev/api/action", `{"as":"ana","channel":"general","ts":"`+string(ts)+`","block_id":"b","action_id":"f","action":{"value":"forged"}}`); out["ok"] != false {
		t.Errorf("%v", out)
	}
}
