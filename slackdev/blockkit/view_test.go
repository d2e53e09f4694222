package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValidateView(t *testing.T) {
	t.Parallel()
	modal := func(keys string) string {
		return `{"type":"modal","title":` + plain("x") + `,"blocks":[]` + keys + `}`
	}
	const field = `{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input"}}`
	tests := []struct {
		name, view string
		want       []Error
	}{
		{"modal in full", `{"type":"modal","title":` + plain(chars(24)) + `,"submit":` + plain(chars(24)) + `,"close":` + plain(chars(24)) + `,
			"blocks":[` + field + `],"private_metadata":"` + chars(3000) + `","callback_id":"` + chars(255) + `","external_id":"` + chars(255) + `",
			"clear_on_close":true,"notify_on_close":true,"submit_disabled":false}`, nil},
		{"Home in full", `{"type":"home","blocks":[` + field + `],"private_metadata":"` + chars(3000) + `","callback_id":"` + chars(255) + `","external_id":"` + chars(255) + `"}`, nil},
		{"title over", `{"type":"modal","title":` + plain(chars(25)) + `,"blocks":[]}`,
			[]Error{{"/view/title/text", "failed_constraint", "must be less than 25 characters"}}},
		{"title empty", `{"type":"modal","title":` + plain("") + `,"blocks":[]}`,
			[]Error{{"/view/title/text", "failed_constraint", "must be more than 0 characters"}}},
		{"title mrkdwn", `{"type":"modal","title":` + mark("x") + `,"blocks":[]}`,
			[]Error{{"/view/title/type", "failed_constraint", "unsupported type: mrkdwn"}}},
		{"title missing", `{"type":"modal","blocks":[]}`,
			[]Error{{"/view", "missing_field", "missing required field: title"}}},
		{"blocks missing", `{"type":"home"}`,
			[]Error{{"/view", "missing_field", "missing required field: blocks"}}},
		{"submit over", modal(`,"submit":` + plain(chars(25))),
			[]Error{{"/view/submit/text", "failed_constraint", "must be less than 25 characters"}}},
		{"close over", modal(`,"close":` + plain(chars(25))),
			[]Error{{"/view/close/text", "failed_constraint", "must be less than 25 characters"}}},
		{"private_metadata over", modal(`,"private_metadata":"` + chars(3001) + `"`),
			[]Error{{"/view/private_metadata", "failed_constraint", "must be less than 3001 characters"}}},
		{"callback_id over", modal(`,"callback_id":"` + chars(256) + `"`),
			[]Error{{"/view/callback_id", "failed_constraint", "must be less than 256 characters"}}},
		{"external_id over", modal(`,"external_id":"` + chars(256) + `"`),
			[]Error{{"/view/external_id", "failed_constraint", "must be less than 256 characters"}}},
		{"input without submit", `{"type":"modal","title":` + plain("x") + `,"blocks":[{"type":"divider"},` + field + `]}`,
			[]Error{{"/view/blocks/1/input", "failed_constraint", "must define `submit` to use an `input` block in modals"}}},
		{"nested input without submit", `{"type":"modal","title":` + plain("x") + `,"blocks":[{"type":"layout","label":"x","rows":[{"items":[{"block":` + field + `}]}]}]}`,
			[]Error{{"/view/blocks/0/rows/0/items/0/block/input", "failed_constraint", "must define `submit` to use an `input` block in modals"}}},
		{"Home with a title", `{"type":"home","title":` + plain("x") + `,"blocks":[]}`,
			[]Error{{"/view", "failed_constraint", "invalid additional property: title"}}},
		{"view as Slack returns it", modal(`,"id":"V1","hash":"1.2"`), []Error{
			{"/view", "failed_constraint", "invalid additional property: hash"},
			{"/view", "failed_constraint", "invalid additional property: id"},
		}},
		{"block of another surface", `{"type":"home","blocks":[{"type":"data_visualization"}]}`,
			[]Error{{"/view/blocks/0/type", "failed_constraint", "unsupported type: data_visualization"}}},
		{"100 blocks", `{"type":"home","blocks":` + items(100, `{"type":"divider"}`) + `}`, nil},
		{"101 blocks", `{"type":"home","blocks":` + items(101, `{"type":"divider"}`) + `}`,
			[]Error{{"/view/blocks", "failed_constraint", "no more than 100 items allowed"}}},
		{"unknown type", `{"type":"dialog"}`,
			[]Error{{"/view/type", "failed_constraint", "unsupported type: dialog"}}},
		{"a message", `{"type":"message","blocks":[]}`,
			[]Error{{"/view/type", "failed_constraint", "unsupported type: message"}}},
		{"no type", `{}`, []Error{{"/view", "missing_field", "missing required field: type"}}},
		{"a list", `[]`, []Error{{"/view", "invalid_type", "must provide an object"}}},
		{"nothing", ``, []Error{{"/view", "invalid_json", "must provide valid JSON"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, ValidateView(json.RawMessage(test.view))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestViewSize takes a view whose every part is within its limits to the limit
// of the whole, and one byte over.
func TestViewSize(t *testing.T) {
	t.Parallel()
	const head, tail = `{"type":"home","blocks":[`, `]}`
	full := fmt.Sprintf(`{"type":"section","text":%s},`, mark(strings.Repeat("x", 3000)))
	body := strings.Repeat(full, 80)
	view := func(size int) json.RawMessage {
		const last = `{"type":"divider"}`
		padding := size - len(head) - len(body) - len(last) - len(tail)
		return json.RawMessage(head + body + strings.Repeat(" ", padding) + last + tail)
	}
	if errs := ValidateView(view(maxView)); errs != nil {
		t.Errorf("%d bytes: %v", maxView, errs)
	}
	want := []Error{{"/view", "view_too_large", "must be less than 250001 bytes"}}
	if diff := cmp.Diff(want, ValidateView(view(maxView+1))); diff != "" {
		t.Errorf("one byte over (-want +got):\n%s", diff)
	}
}
