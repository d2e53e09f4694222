package surface

import "testing"

func TestTakes(t *testing.T) {
	t.Parallel()
	text := map[string]any{"max_length": 2.0}
	for _, try := range []struct {
		kind    string
		element map[string]any
		v       any
		want    string
	}{
		{"datepicker", nil, "2025-12-24", ""},
		{"datepicker", nil, "2025-12-4", `a: "2025-12-4" is not a date like 2025-11-28`},
		{"timepicker", nil, "09:30", ""},
		{"timepicker", nil, "24:00", `a: "24:00" is not a time like 09:30`},
		{"datetimepicker", nil, 1766568600.0, ""},
		{"datetimepicker", nil, int64(1766568600), ""},
		{"datetimepicker", nil, "1766568600", `a: "1766568600" is not a moment in seconds, or like 2025-11-28T09:30:00Z`},
		{"rich_text_input", nil, map[string]any{"type": "rich_text", "elements": []any{}}, ""},
		{"rich_text_input", nil, map[string]any{"type": "rich_text"}, `a: {"type":"rich_text"} is no rich text`},
		{"plain_text_input", text, "éé", ""},
		{"plain_text_input", text, "ééé", "a takes at most 2 characters"},
		{"number_input", nil, 7.0, "a: 7 is no text"},
		{"users_select", nil, "anybody", ""}, // who there is is not known here
	} {
		c := Control{Kind: try.kind, Action: "a", Element: try.element}
		got := ""
		if err := c.Takes(try.v); err != nil {
			got = err.Error()
		}
		if got != try.want {
			t.Errorf("%s, %v: %q, want %q", try.kind, try.v, got, try.want)
		}
	}
}
