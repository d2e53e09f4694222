package blockkit

import "fmt"

// Constraint is the limit that was broken, as blocks.validate tells it beside
// the message: max_length and min_length of a text, max_items and min_items of
// a list. Slack documents no list of the kinds; other errors have none here.
func (e Error) Constraint() (kind string, expected int, ok bool) {
	for _, known := range []struct {
		kind, format string
		beyond       int // how far the number in the words is from the limit
	}{
		{"max_length", "must be less than %d characters", -1},
		{"min_length", "must be more than %d characters", 1},
		{"max_items", "no more than %d items allowed", 0},
		{"min_items", "must provide at least %d items", 0},
	} {
		if e.Code != "failed_constraint" {
			break
		}
		var n int
		if _, err := fmt.Sscanf(e.Message, known.format, &n); err == nil && e.Message == fmt.Sprintf(known.format, n) {
			return known.kind, n + known.beyond, true
		}
	}
	return "", 0, false
}
