package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValidateMessage(t *testing.T) {
	t.Parallel()
	const divider = `{"type":"divider"}`
	tests := []struct {
		name, message string
		want          []Error
	}{
		{"the arguments of chat.postMessage", `{"channel":"C1","thread_ts":"1.2","unfurl_links":false,"text":"x","blocks":[` + divider + `],
			"metadata":{"event_type":"card","event_payload":{"card_id":"7","rev":3}}}`, nil},
		{"blocks alone", `{"blocks":[` + divider + `]}`, nil},
		{"text alone", `{"text":"x"}`, nil},
		{"text that clears the blocks", `{"text":"x","blocks":[]}`, nil},
		{"attachment without blocks", `{"attachments":[{"text":"x","blocks":null}]}`, nil},
		{"attachments alone", `{"attachments":[{"fallback":"x","blocks":[` + divider + `]}]}`, nil},
		{"markdown_text alone", `{"markdown_text":"` + chars(12_000) + `"}`, nil},
		{"nothing to say", `{"channel":"C1"}`, []Error{{"", "no_text", "must provide `text`, `blocks` or `attachments`"}}},
		{"empty text and no blocks", `{"text":"","blocks":[]}`, []Error{{"", "no_text", "must provide `text`, `blocks` or `attachments`"}}},
		{"text at its end", `{"text":"` + chars(40_000) + `"}`, nil},
		{"text over", `{"text":"` + chars(40_001) + `"}`, []Error{{"/text", "msg_too_long", "must be less than 40001 characters"}}},
		{"text that is a text object", `{"text":` + plain("x") + `,"blocks":[` + divider + `]}`,
			[]Error{{"/text", "invalid_type", "must provide a string"}}},
		{"markdown_text over", `{"markdown_text":"` + chars(12_001) + `"}`,
			[]Error{{"/markdown_text", "failed_constraint", "must be less than 12001 characters"}}},
		{"markdown_text and text", `{"markdown_text":"x","text":"x"}`,
			[]Error{{"/markdown_text", "markdown_text_conflict", "must not be used together with `text` or `blocks`"}}},
		{"block in the message", `{"text":"x","blocks":[{"type":"alert"}]}`,
			[]Error{{"/blocks/0/type", "failed_constraint", "unsupported type: alert"}}},
		{"block in an attachment", `{"attachments":[{"blocks":[{"type":"header"}]}]}`,
			[]Error{{"/attachments/0/blocks/0", "missing_field", "missing required field: text"}}},
		{"51 blocks", `{"text":"x","blocks":` + items(51, divider) + `}`,
			[]Error{{"/blocks", "failed_constraint", "no more than 50 items allowed"}}},
		{"50 blocks and 50 in an attachment", `{"blocks":` + items(50, divider) + `,"attachments":[{"blocks":` + items(50, divider) + `}]}`, nil},
		{"100 attachments", `{"attachments":` + items(100, `{"text":"x"}`) + `}`, nil},
		{"101 attachments", `{"attachments":` + items(101, `{"text":"x"}`) + `}`,
			[]Error{{"/attachments", "failed_constraint", "no more than 100 items allowed"}}},
		{"blocks written as a string", `{"blocks":"[]"}`, []Error{
			{"/blocks", "invalid_type", "must provide an array"},
			{"", "no_text", "must provide `text`, `blocks` or `attachments`"},
		}},
		{"metadata without payload", `{"text":"x","metadata":{"event_type":"card"}}`,
			[]Error{{"/metadata", "missing_field", "missing required field: event_payload"}}},
		{"metadata with a list for a payload", `{"text":"x","metadata":{"event_type":"card","event_payload":[]}}`,
			[]Error{{"/metadata/event_payload", "invalid_type", "must provide an object"}}},
		{"metadata of a nameless event", `{"text":"x","metadata":{"event_type":"","event_payload":{}}}`,
			[]Error{{"/metadata/event_type", "failed_constraint", "must be more than 0 characters"}}},
		{"not an object", `[]`, []Error{{"", "invalid_type", "must provide an object"}}},
		{"not JSON", `text=x`, []Error{{"", "invalid_json", "must provide valid JSON"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, ValidateMessage(json.RawMessage(test.message))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestMessageBudgets holds the limits on what the blocks of a message add up
// to, each exactly and one over.
func TestMessageBudgets(t *testing.T) {
	t.Parallel()
	markdown := func(n int) string { return fmt.Sprintf(`{"type":"markdown","text":%q}`, chars(n)) }
	text := func(s string) string { return fmt.Sprintf(`{"type":"section","text":%s}`, mark(s)) }
	four := strings.Repeat(text(chars(3000))+",", 4)
	tests := []struct {
		name, blocks string
		want         []Error
	}{
		{"markdown", markdown(6000) + "," + markdown(6000), nil},
		{"markdown over", markdown(6000) + "," + markdown(6001),
			[]Error{{"/blocks", "failed_constraint", "markdown blocks must be less than 12001 characters together"}}},
		{"text", four + text(chars(1200)), nil},
		{"text over", four + text(chars(1201)),
			[]Error{{"/blocks", "msg_blocks_too_long", "must be less than 13201 characters together"}}},
		{"an ampersand counts as the five characters it is stored as", four + text(chars(1195)+"&"), nil},
		{"an ampersand over", four + text(chars(1196)+"&"),
			[]Error{{"/blocks", "msg_blocks_too_long", "must be less than 13201 characters together"}}},
		{"a header costs a hundred", four + `{"type":"header","text":` + plain("x") + `},` + text(chars(1099)), nil},
		{"a header over", four + `{"type":"header","text":` + plain("x") + `},` + text(chars(1100)),
			[]Error{{"/blocks", "msg_blocks_too_long", "must be less than 13201 characters together"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			blocks := "[" + test.blocks + "]"
			if diff := cmp.Diff(test.want, Validate(Message, json.RawMessage(blocks))); diff != "" {
				t.Errorf("Validate (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, ValidateMessage(json.RawMessage(`{"blocks":`+blocks+`}`))); diff != "" {
				t.Errorf("ValidateMessage (-want +got):\n%s", diff)
			}
		})
	}
	// A modal has no such budget: its limit is the size of the view.
	checkBlocks(t, Modal, four+text(chars(1201)))
}
