package surface

import (
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Refuses is why Slack itself refuses what an input holds, before it asks the app,
// in the words that stand under the input; empty when it does not.
func (c *Control) Refuses(v any) string {
	s, isText := v.(string)
	list, isList := v.([]any)
	if v == nil || isText && strings.TrimSpace(s) == "" || isList && len(list) == 0 {
		if c.Optional {
			return ""
		}
		return "Please complete this required field."
	}
	number := func(k string) (float64, bool) {
		switch n := c.Element[k].(type) {
		case float64:
			return n, true
		case string:
			f, err := strconv.ParseFloat(n, 64)
			return f, err == nil
		}
		return 0, false
	}
	switch c.Kind {
	case "file_input":
		return c.RefusesFiles(FileNames(list))
	case "plain_text_input":
		if n, ok := number("min_length"); ok && utf8.RuneCountInString(s) < int(n) {
			return fmt.Sprintf("Please enter at least %d characters.", int(n))
		}
		if n, ok := number("max_length"); ok && utf8.RuneCountInString(s) > int(n) {
			return fmt.Sprintf("Please enter at most %d characters.", int(n))
		}
	case "email_text_input":
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			return "Please enter a valid email address."
		}
	case "url_text_input":
		if u, err := url.Parse(s); err != nil || u.Scheme == "" || u.Host == "" {
			return "Please enter a valid URL."
		}
	case "number_input":
		n, err := strconv.ParseFloat(s, 64)
		if decimal, _ := c.Element["is_decimal_allowed"].(bool); err != nil || !decimal && strings.ContainsAny(s, ".eE") {
			return "Please enter a valid number."
		}
		if low, ok := number("min_value"); ok && n < low {
			return fmt.Sprintf("Please enter a number of at least %v.", low)
		}
		if high, ok := number("max_value"); ok && n > high {
			return fmt.Sprintf("Please enter a number of at most %v.", high)
		}
	}
	return ""
}
