package surface

import (
	"fmt"
	"math"
	"time"
	"unicode/utf8"
)

// This file judges one value that somebody chose or typed.

// Takes says why the control does not take a value, nil when it does. Options are
// judged by [Control.Offered]; whom and which channels there are is not known here.
func (c *Control) Takes(v any) error {
	wrong := func(why string) error { return fmt.Errorf("%s: %s %s", c.Name(), marshal(v), why) }
	text, isText := v.(string)
	switch c.Key() {
	case "selected_date":
		if !writtenAs(time.DateOnly, text) {
			return wrong("is not a date like 2025-11-28")
		}
	case "selected_time":
		if !writtenAs("15:04", text) {
			return wrong("is not a time like 09:30")
		}
	case "selected_date_time":
		if !tenDigits(v) {
			return wrong("is not a moment in seconds, or like 2025-11-28T09:30:00Z")
		}
	case "rich_text_value":
		m, _ := v.(map[string]any)
		if _, ok := m["elements"].([]any); !ok || m["type"] != "rich_text" {
			return wrong("is no rich text")
		}
	case "value":
		n, ok := c.Element["max_length"].(float64)
		switch {
		case !isText:
			return wrong("is no text")
		case ok && utf8.RuneCountInString(text) > int(n):
			return fmt.Errorf("%s takes at most %d characters", c.Name(), int(n))
		}
	}
	return nil
}

// writtenAs tells whether a date or a time is written in full, with all its zeros.
func writtenAs(layout, s string) bool {
	t, err := time.Parse(layout, s)
	return err == nil && t.Format(layout) == s
}

// tenDigits tells whether a moment is in seconds: milliseconds have more digits.
func tenDigits(v any) bool {
	const least, most = 1_000_000_000, 9_999_999_999
	switch n := v.(type) {
	case int64:
		return n >= least && n <= most
	case float64:
		return n >= least && n <= most && n == math.Trunc(n)
	}
	return false
}

// Offered returns the option of the control that equals o, by value. What an
// external select offers is known only to the app: there an option has to look
// like one.
func (c *Control) Offered(o any) (map[string]any, error) {
	m, _ := o.(map[string]any)
	if c.External() {
		if !IsOption(textOf(m["text"]), str(m["value"])) {
			return nil, fmt.Errorf("%s: an option has a text of at most %d characters and a value of at most %d, not %s", c.Name(), maxOptionText, maxOptionValue, marshal(o))
		}
		return m, nil
	}
	for _, opt := range c.options() {
		if m != nil && opt["value"] == m["value"] {
			return opt, nil
		}
	}
	return nil, fmt.Errorf("%s does not offer %s", c.Name(), marshal(o))
}

const (
	maxOptionText  = 75
	maxOptionValue = 150
)

// IsOption tells whether Slack would take an option of this text and this value
// from an app.
func IsOption(text, value string) bool {
	return text != "" && value != "" && utf8.RuneCountInString(text) <= maxOptionText && utf8.RuneCountInString(value) <= maxOptionValue
}

// Answer is the value of the one of two feedback buttons that has these words or
// this value; nil for neither.
func (c *Control) Answer(word any) any {
	for _, k := range [...]string{"positive_button", "negative_button"} {
		if m, ok := c.Element[k].(map[string]any); ok && (m["value"] == word || textOf(m["text"]) == word) {
			return m["value"]
		}
	}
	return nil
}
