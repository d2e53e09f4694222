package blockkit

import (
	"encoding/json"
	"fmt"
)

// Limits of one message.
const (
	maxMarkdown  = 12_000 // characters in markdown blocks together
	maxTables    = 1      // table and data_table together
	maxCharts    = 2      // undocumented, enforced
	maxCellText  = 10_000 // characters in table cells together
	maxFallback  = 40_000 // characters of the top-level text
	maxAttached  = 100
	maxEventType = 255

	// maxMessageText is the length of all blocks of a message together beyond
	// which Slack answers msg_blocks_too_long. Slack documents the error but
	// not the number; this one is measured, and so is what each header adds to
	// it besides its text.
	maxMessageText = 13_200
	headerCost     = 100
)

// ValidateMessage judges a message: its text, blocks, attachments and metadata
// together. Other keys, such as the channel, are left alone, so the arguments
// of chat.postMessage can be passed as they are. It returns nil when Slack
// would take the message.
func ValidateMessage(message json.RawMessage) []Error {
	w := newWalk(Message)
	if value, ok := w.decode(message, "invalid_json"); ok {
		messageRule(w, value)
	}
	return w.errors
}

var messageRule = object(shape{
	open: true,
	properties: []property{
		optional("text", fallbackText),
		optional("markdown_text", str(1, maxMarkdown)),
		optional("blocks", surfaceBlocks),
		optional("attachments", list(0, maxAttached, object(shape{
			open:       true,
			properties: []property{optional("blocks", attachedBlocks)},
		}))),
		optional("metadata", object(shape{
			open: true,
			properties: []property{
				required("event_type", str(1, maxEventType)),
				required("event_payload", object(shape{open: true})),
			},
		})),
	},
	also: []func(*walk, map[string]any){
		messageContent,
		func(w *walk, _ map[string]any) { w.under("blocks", func() { messageBudgets(w) }) },
	},
})

// attachedBlocks is the rule for the blocks of an attachment. That null is none is
// in no document; slack-go sends it for each attachment without blocks, and its
// users would have noticed.
func attachedBlocks(w *walk, value any) {
	if value != nil {
		surfaceBlocks(w, value)
	}
}

// fallbackText is the rule for what notifications and screen readers say.
func fallbackText(w *walk, value any) {
	s, ok := value.(string)
	switch {
	case !ok:
		w.wrongType("must provide a string")
	case runes(s) > maxFallback:
		w.report("msg_too_long", fmt.Sprintf("must be less than %d characters", maxFallback+1))
	}
}

// messageContent holds that a message says something, in one way.
func messageContent(w *walk, message map[string]any) {
	text, hasText := message["text"].(string)
	blocks, hasBlocks := message["blocks"].([]any)
	attachments, _ := message["attachments"].([]any)
	_, hasMarkdown := message["markdown_text"]
	switch {
	case hasMarkdown && (hasText || hasBlocks):
		w.report("markdown_text_conflict", "must not be used together with `text` or `blocks`", "markdown_text")
	case !hasMarkdown && text == "" && len(blocks) == 0 && len(attachments) == 0:
		w.report("no_text", "must provide `text`, `blocks` or `attachments`")
	}
}

// messageBudgets holds what the blocks of a message add up to, once all of them
// have been seen. It stands at the blocks.
func messageBudgets(w *walk) {
	if w.markdown > maxMarkdown {
		w.fail(fmt.Sprintf("markdown blocks must be less than %d characters together", maxMarkdown+1))
	}
	if w.tables > maxTables {
		w.report("only_one_table_allowed", "only one table is allowed in a message")
	}
	if w.charts > maxCharts {
		w.fail("too many data_visualization blocks")
	}
	if w.cells > maxCellText {
		w.fail(fmt.Sprintf("table cells must be less than %d characters together", maxCellText+1))
	}
	if w.text > maxMessageText {
		w.report("msg_blocks_too_long", fmt.Sprintf("must be less than %d characters together", maxMessageText+1))
	}
}
