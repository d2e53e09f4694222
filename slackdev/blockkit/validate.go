package blockkit

import (
	"encoding/json"
	"fmt"
)

// A Surface is where blocks are shown. Any other value than the three below
// accepts no block.
type Surface string

// The surfaces an app can fill.
const (
	Message Surface = "message"
	Modal   Surface = "modal"
	Home    Surface = "home"
)

// An Error is one reason Slack would refuse the JSON.
type Error struct {
	// Pointer is the JSON pointer of the culprit, such as
	// /blocks/0/text/text. It starts with /view for a view.
	Pointer string
	// Code is Slack's error code. From the Block Kit schema come
	// failed_constraint, invalid_type and missing_field; the others are codes
	// of the Web API, such as view_too_large or only_one_table_allowed.
	Code string
	// Message is the reason in Slack's words, such as "must be less than 3001
	// characters".
	Message string
}

// Error returns the form in which Slack lists a reason in
// response_metadata.messages.
func (e Error) Error() string {
	return fmt.Sprintf("[ERROR] %s [json-pointer:%s]", e.Message, e.Pointer)
}

// Validate judges a JSON array of blocks for a surface. Pointers start with
// /blocks. It returns nil when Slack would take the blocks.
func Validate(surface Surface, blocks json.RawMessage) []Error {
	w := newWalk(surface)
	w.under("blocks", func() {
		if value, ok := w.decode(blocks, "invalid_blocks_format"); ok {
			surfaceBlocks(w, value)
			if surface == Message {
				messageBudgets(w)
			}
		}
	})
	return w.errors
}
