package blockkit

import (
	"fmt"
	"strings"
	"testing"
)

func TestButtons(t *testing.T) {
	t.Parallel()
	runBlockCases(t, []blockCase{
		{name: "in full", block: actions(button(`"action_id":"a"`, `"value":"v"`, `"url":"https://a.example"`, `"style":"primary"`, `"accessibility_label":"x"`))},
		{name: "danger", block: actions(button(`"style":"danger"`))},
		{name: "unknown style", block: actions(button(`"style":"default"`)),
			want: []string{says("must be a valid enum value", "/blocks/0/elements/0/style")}},
		{name: "style that is a number", block: actions(button(`"style":1`)),
			want: []string{says("must provide a string", "/blocks/0/elements/0/style")}},
		{name: "link of another scheme", block: actions(button(`"url":"mailto:a@b.example"`))},
		{name: "link without a scheme", block: actions(button(`"url":"a.example/b"`)),
			want: []string{says("invalid url", "/blocks/0/elements/0/url")}},
		{name: "value that is a number", block: actions(button(`"value":7`)),
			want: []string{says("must provide a string", "/blocks/0/elements/0/value")}},
		{name: "no text", block: actions(`{"type":"button"}`),
			want: []string{says("missing required field: text", "/blocks/0/elements/0")}},
		{name: "key of a select", block: actions(button(`"options":[]`)),
			want: []string{says("invalid additional property: options", "/blocks/0/elements/0")}},
		{name: "unknown icon", block: `{"type":"context_actions","elements":[{"type":"icon_button","icon":"star","text":` + plain("x") + `}]}`,
			want: []string{says("must be a valid enum value", "/blocks/0/elements/0/icon")}},
		{name: "workflow without a trigger", block: actions(`{"type":"workflow_button","text":` + plain("x") + `,"workflow":{}}`),
			want: []string{says("missing required field: trigger", "/blocks/0/elements/0/workflow")}},
		{name: "half a feedback", block: `{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":{"text":` + plain("x") + `,"value":"v"}}]}`,
			want: []string{says("missing required field: negative_button", "/blocks/0/elements/0")}},
	})
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	confirm := func(dialog string) string { return actions(button(`"confirm":` + dialog)) }
	runBlockCases(t, []blockCase{
		{name: "without deny", block: confirm(`{"title":` + plain("x") + `,"text":` + mark("x") + `,"confirm":` + plain("x") + `,"style":"danger"}`)},
		{name: "without anything", block: confirm(`{}`), want: []string{
			says("missing required field: title", "/blocks/0/elements/0/confirm"),
			says("missing required field: text", "/blocks/0/elements/0/confirm"),
			says("missing required field: confirm", "/blocks/0/elements/0/confirm"),
		}},
		{name: "with a mrkdwn title", block: confirm(`{"title":` + mark("x") + `,"text":` + mark("x") + `,"confirm":` + plain("x") + `}`),
			want: []string{says("unsupported type: mrkdwn", "/blocks/0/elements/0/confirm/title/type")}},
		{name: "with a type", block: confirm(`{"type":"confirm","title":` + plain("x") + `,"text":` + mark("x") + `,"confirm":` + plain("x") + `}`),
			want: []string{says("invalid additional property: type", "/blocks/0/elements/0/confirm")}},
		{name: "true", block: confirm(`true`),
			want: []string{says("must provide an object", "/blocks/0/elements/0/confirm")}},
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	option := func(text, more string) string {
		return fmt.Sprintf(`{"text":%s,"value":"v"%s}`, text, more)
	}
	with := func(kind, option string) string {
		return section(fmt.Sprintf(`{"type":%q,"options":[%s]}`, kind, option))
	}
	runBlockCases(t, []blockCase{
		{name: "mrkdwn in checkboxes", block: with("checkboxes", option(mark("x"), `,"description":`+mark("x")))},
		{name: "mrkdwn in radio_buttons", block: with("radio_buttons", option(mark("x"), ""))},
		{name: "mrkdwn in a select", block: with("static_select", option(mark("x"), "")),
			want: []string{says("unsupported type: mrkdwn", "/blocks/0/accessory/options/0/text/type")}},
		{name: "mrkdwn in an overflow", block: with("overflow", option(mark("x"), "")),
			want: []string{says("unsupported type: mrkdwn", "/blocks/0/accessory/options/0/text/type")}},
		{name: "mrkdwn description in a select", block: with("static_select", option(plain("x"), `,"description":`+mark("x"))),
			want: []string{says("unsupported type: mrkdwn", "/blocks/0/accessory/options/0/description/type")}},
		{name: "link in an overflow", block: with("overflow", option(plain("x"), `,"url":"https://a.example"`))},
		{name: "link in a select", block: with("static_select", option(plain("x"), `,"url":"https://a.example"`)),
			want: []string{says("invalid additional property: url", "/blocks/0/accessory/options/0")}},
		{name: "no value", block: with("static_select", `{"text":`+plain("x")+`}`),
			want: []string{says("missing required field: value", "/blocks/0/accessory/options/0")}},
		{name: "options and option_groups", block: section(`{"type":"static_select","options":[` + option(plain("x"), "") + `],
			"option_groups":[{"label":` + plain("g") + `,"options":[` + option(plain("x"), "") + `]}]}`),
			want: []string{says("must define only one of `options` or `option_groups`", "/blocks/0/accessory/type")}},
		{name: "neither options nor option_groups", block: section(`{"type":"static_select"}`),
			want: []string{says("must define either `options` or `option_groups`", "/blocks/0/accessory/type")}},
		{name: "options in a select that asks for them", block: section(`{"type":"external_select","options":[]}`),
			want: []string{says("invalid additional property: options", "/blocks/0/accessory")}},
	})
}

func TestInitialOptions(t *testing.T) {
	t.Parallel()
	a := `{"text":` + plain("a") + `,"value":"a"}`
	b := `{"text":` + plain("b") + `,"value":"b"}`
	renamed := `{"text":` + plain("A") + `,"value":"a"}`
	group := func(option string) string { return `{"label":` + plain("g") + `,"options":[` + option + `]}` }
	const complaint = "must match one of the provided options"
	runBlockCases(t, []blockCase{
		{name: "an offered one", block: section(`{"type":"static_select","options":[` + a + `,` + b + `],"initial_option":` + b + `}`)},
		{name: "another", block: section(`{"type":"static_select","options":[` + a + `],"initial_option":` + b + `}`),
			want: []string{says(complaint, "/blocks/0/accessory/initial_option")}},
		{name: "the same by another name", block: section(`{"type":"radio_buttons","options":[` + a + `],"initial_option":` + renamed + `}`),
			want: []string{says(complaint, "/blocks/0/accessory/initial_option")}},
		{name: "in the second group", block: section(`{"type":"static_select","option_groups":[` + group(a) + `,` + group(b) + `],"initial_option":` + b + `}`)},
		{name: "in no group", block: section(`{"type":"static_select","option_groups":[` + group(a) + `],"initial_option":` + b + `}`),
			want: []string{says(complaint, "/blocks/0/accessory/initial_option")}},
		{name: "null, as a forgotten default is", block: section(`{"type":"static_select","options":[` + a + `],"initial_option":null}`),
			want: []string{says("must provide an object", "/blocks/0/accessory/initial_option")}},
		{name: "several offered ones", block: section(`{"type":"checkboxes","options":[` + a + `,` + b + `],"initial_options":[` + a + `,` + b + `]}`)},
		{name: "one of several is not offered", block: section(`{"type":"checkboxes","options":[` + a + `],"initial_options":[` + a + `,` + b + `]}`),
			want: []string{says(complaint, "/blocks/0/accessory/initial_options/1")}},
		{name: "several in a multi-select", block: section(`{"type":"multi_static_select","options":[` + a + `,` + b + `],"initial_options":[` + b + `]}`)},
		{name: "none", block: section(`{"type":"checkboxes","options":[` + a + `],"initial_options":[]}`),
			want: []string{says("must provide at least 1 items", "/blocks/0/accessory/initial_options")}},
		{name: "any, where Slack asks for the options", block: section(`{"type":"external_select","initial_option":` + a + `,"min_query_length":0}`)},
	})
}

func TestSelects(t *testing.T) {
	t.Parallel()
	runBlockCases(t, []blockCase{
		{name: "users", block: section(`{"type":"users_select","initial_user":"U1"}`)},
		{name: "many users", block: section(`{"type":"multi_users_select","initial_users":["U1","U2"],"max_selected_items":2}`)},
		{name: "max_selected_items of 0", block: section(`{"type":"multi_users_select","max_selected_items":0}`),
			want: []string{says("must be greater than 1", "/blocks/0/accessory/max_selected_items")}},
		{name: "max_selected_items of a single select", block: section(`{"type":"users_select","max_selected_items":1}`),
			want: []string{says("invalid additional property: max_selected_items", "/blocks/0/accessory")}},
		{name: "initial_user of a multi-select", block: section(`{"type":"multi_users_select","initial_user":"U1"}`),
			want: []string{says("invalid additional property: initial_user", "/blocks/0/accessory")}},
		{name: "conversations", on: Modal, block: input(`{"type":"conversations_select","default_to_current_conversation":true,"response_url_enabled":true,
			"filter":{"include":["public","private"],"exclude_bot_users":true}}`)},
		{name: "conversations of an unknown kind", block: section(`{"type":"conversations_select","filter":{"include":["secret"]}}`),
			want: []string{says("must be a valid enum value", "/blocks/0/accessory/filter/include/0")}},
		{name: "response_url of a multi-select", block: section(`{"type":"multi_channels_select","response_url_enabled":true}`),
			want: []string{says("invalid additional property: response_url_enabled", "/blocks/0/accessory")}},
		{name: "channels", block: section(`{"type":"channels_select","initial_channel":"C1"}`)},
	})
}

func TestInputs(t *testing.T) {
	t.Parallel()
	text := func(keys string) string { return input(`{"type":"plain_text_input",` + keys + `}`) }
	number := func(keys string) string {
		return input(`{"type":"number_input","is_decimal_allowed":true,` + keys + `}`)
	}
	const at = "/blocks/0/element/"
	runBlockCases(t, []blockCase{
		{name: "lengths at their ends", on: Modal, block: text(`"min_length":0,"max_length":3000,"multiline":true`)},
		{name: "max_length over", on: Modal, block: text(`"max_length":3001`), want: []string{says("must be less than 3000", at+"max_length")}},
		{name: "max_length under", on: Modal, block: text(`"max_length":0`), want: []string{says("must be greater than 1", at+"max_length")}},
		{name: "min_length over", on: Modal, block: text(`"min_length":3001`), want: []string{says("must be less than 3000", at+"min_length")}},
		{name: "min_length under", on: Modal, block: text(`"min_length":-1`), want: []string{says("must be greater than 0", at+"min_length")}},
		{name: "lengths alike", on: Modal, block: text(`"min_length":5,"max_length":5`)},
		{name: "lengths crossed", on: Modal, block: text(`"min_length":6,"max_length":5`),
			want: []string{says("must be less than or equal to `max_length`", at+"min_length")}},
		{name: "initial_value that fits", on: Modal, block: text(`"initial_value":"éé","min_length":2,"max_length":2`)},
		{name: "initial_value too long", on: Modal, block: text(`"initial_value":"ééé","max_length":2`),
			want: []string{says("must be less than 3 characters", at+"initial_value")}},
		{name: "initial_value too short", on: Modal, block: text(`"initial_value":"é","min_length":2`),
			want: []string{says("must be more than 1 characters", at+"initial_value")}},
		{name: "unknown trigger", on: Modal, block: text(`"dispatch_action_config":{"trigger_actions_on":["on_blur"]}`),
			want: []string{says("must be a valid enum value", at+"dispatch_action_config/trigger_actions_on/0")}},
		{name: "number in range", on: Modal, block: number(`"min_value":"-1.5","max_value":"10","initial_value":"10"`)},
		{name: "number without is_decimal_allowed", on: Modal, block: input(`{"type":"number_input"}`),
			want: []string{says("missing required field: is_decimal_allowed", "/blocks/0/element")}},
		{name: "number that is not a string", on: Modal, block: number(`"min_value":1`), want: []string{says("must provide a string", at+"min_value")}},
		{name: "number that is not one", on: Modal, block: number(`"min_value":"Inf"`), want: []string{says("must provide a number", at+"min_value")}},
		{name: "range crossed", on: Modal, block: number(`"min_value":"2","max_value":"1"`),
			want: []string{says("must be less than or equal to `max_value`", at+"min_value")}},
		{name: "number below", on: Modal, block: number(`"min_value":"2","initial_value":"1"`),
			want: []string{says("must be greater than or equal to `min_value`", at+"initial_value")}},
		{name: "number above", on: Modal, block: number(`"max_value":"2","initial_value":"3"`),
			want: []string{says("must be less than or equal to `max_value`", at+"initial_value")}},
		{name: "files at most", on: Modal, block: input(`{"type":"file_input","filetypes":["png"],"max_files":10}`)},
		{name: "files over", on: Modal, block: input(`{"type":"file_input","max_files":11}`), want: []string{says("must be less than 10", at+"max_files")}},
		{name: "files that dispatch", on: Modal, block: strings.Replace(input(`{"type":"file_input"}`), `"type":"input"`, `"type":"input","dispatch_action":true`, 1),
			want: []string{says("unsupported type: file_input", at+"type")}},
		{name: "link to start with", on: Modal, block: input(`{"type":"url_text_input","initial_value":"https://a.example"}`)},
		{name: "link to start with that is none", on: Modal, block: input(`{"type":"url_text_input","initial_value":"example"}`),
			want: []string{says("invalid url", at+"initial_value")}},
		{name: "rich text to start with", on: Modal, block: input(`{"type":"rich_text_input","initial_value":{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}}`)},
		{name: "plain text to start a rich one with", on: Modal, block: input(`{"type":"rich_text_input","initial_value":` + plain("x") + `}`),
			want: []string{says("unsupported type: plain_text", at+"initial_value/type")}},
	})
}

func TestMoments(t *testing.T) {
	t.Parallel()
	const at = "/blocks/0/elements/0/"
	runBlockCases(t, []blockCase{
		{name: "date", block: actions(`{"type":"datepicker","initial_date":"2025-11-26"}`)},
		{name: "date that is none", block: actions(`{"type":"datepicker","initial_date":"2025-02-30"}`),
			want: []string{says("input must be a valid: date", at+"initial_date")}},
		{name: "date the other way round", block: actions(`{"type":"datepicker","initial_date":"26.11.2025"}`),
			want: []string{says("input must be a valid: date", at+"initial_date")}},
		{name: "date that is a number", block: actions(`{"type":"datepicker","initial_date":20251126}`),
			want: []string{says("must provide a string", at+"initial_date")}},
		{name: "time", block: actions(`{"type":"timepicker","initial_time":"09:30","timezone":"America/Los_Angeles"}`)},
		{name: "time without its zero", block: actions(`{"type":"timepicker","initial_time":"9:30"}`),
			want: []string{says("input must be a valid: time", at+"initial_time")}},
		{name: "time that is none", block: actions(`{"type":"timepicker","initial_time":"24:00"}`),
			want: []string{says("input must be a valid: time", at+"initial_time")}},
		{name: "moment in seconds", block: actions(`{"type":"datetimepicker","initial_date_time":1764147600}`)},
		{name: "moment in milliseconds", block: actions(`{"type":"datetimepicker","initial_date_time":1764147600000}`),
			want: []string{says("must be less than 9999999999", at+"initial_date_time")}},
	})
}
