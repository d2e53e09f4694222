package blockkit_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"cloudimage/slackdev/blockkit"
)

func ExampleValidate() {
	blocks, err := json.Marshal([]any{
		map[string]any{"type": "header", "text": map[string]string{"type": "mrkdwn", "text": "*Launch*"}},
		map[string]any{"type": "section", "text": map[string]string{"type": "mrkdwn", "text": strings.Repeat("x", 3001)}},
	})
	if err != nil {
		panic(err)
	}
	for _, e := range blockkit.Validate(blockkit.Message, blocks) {
		fmt.Println(e)
	}
	// Output:
	// [ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]
	// [ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]
}

func ExampleValidateView() {
	view := json.RawMessage(`{
		"type": "modal",
		"title": {"type": "plain_text", "text": "First-time image for DigitalOcean"},
		"blocks": [{
			"type": "input",
			"label": {"type": "plain_text", "text": "Partner"},
			"element": {"type": "plain_text_input", "action_id": "partner"}
		}]
	}`)
	for _, e := range blockkit.ValidateView(view) {
		fmt.Println(e)
	}
	// Output:
	// [ERROR] must be less than 25 characters [json-pointer:/view/title/text]
	// [ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]
}

func ExampleValidateMessage() {
	message := json.RawMessage(`{
		"channel": "C0001",
		"text": "DigitalOcean: gather documentation, due Wednesday",
		"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*1.2 Gather documentation*"}}],
		"metadata": {"event_type": "card"}
	}`)
	for _, e := range blockkit.ValidateMessage(message) {
		fmt.Println(e)
	}
	// Output:
	// [ERROR] missing required field: event_payload [json-pointer:/metadata]
}
