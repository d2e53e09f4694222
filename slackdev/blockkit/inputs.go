package blockkit

import (
	"encoding/json"
	"strconv"
	"time"
)

// inputs are the elements with an open set of answers: text, dates, files.
func inputs() map[string]*element {
	return map[string]*element{
		"plain_text_input": {
			on: everywhere, in: inInput,
			shape: shape{
				properties: append(typing(),
					optional("initial_value", str(0, 3000)),
					optional("multiline", boolean),
					optional("min_length", integer(0, 3000)),
					optional("max_length", integer(1, 3000)),
				),
				also: []func(*walk, map[string]any){textBounds},
			},
		},
		"rich_text_input": {
			on: onModal | onHome, in: inInput,
			shape: shape{properties: append(typing(),
				optional("initial_value", richText()),
				optional("min_lines", integer(1, 100)),
				optional("max_lines", integer(1, 100)),
			)},
		},
		"email_text_input": {
			on: onModal, in: inInput,
			shape: shape{properties: append(typing(), optional("initial_value", str(0, 3000)))},
		},
		"url_text_input": {
			on: onModal, in: inInput,
			shape: shape{properties: append(typing(), optional("initial_value", link(3000)))},
		},
		"number_input": {
			on: onModal, in: inInput,
			shape: shape{
				properties: append(typing(),
					required("is_decimal_allowed", boolean),
					optional("initial_value", numeral),
					optional("min_value", numeral),
					optional("max_value", numeral),
				),
				also: []func(*walk, map[string]any){numberBounds},
			},
		},
		"file_input": {
			on: onModal, in: inInput,
			shape: shape{properties: []property{
				optional("action_id", actionID),
				optional("filetypes", list(1, 100, str(1, 255))),
				optional("max_files", integer(1, 10)),
			}},
		},
		"datepicker": {
			on: everywhere, in: chooses,
			shape: shape{properties: append(picking(),
				optional("placeholder", text(plainText, 150)),
				optional("initial_date", moment("date", time.DateOnly)),
			)},
		},
		"timepicker": {
			on: everywhere, in: chooses,
			shape: shape{properties: append(picking(),
				optional("placeholder", text(plainText, 150)),
				optional("initial_time", moment("time", "15:04")),
				optional("timezone", str(1, 255)),
			)},
		},
		"datetimepicker": {
			on: onMessage | onModal, in: inActions | inInput,
			shape: shape{properties: append(picking(),
				// Slack wants ten digits: seconds, not milliseconds.
				optional("initial_date_time", integer(1_000_000_000, 9_999_999_999)),
			)},
		},
	}
}

// typing are the keys of every element a person types in.
func typing() []property {
	return []property{
		optional("action_id", actionID),
		optional("placeholder", text(plainText, 150)),
		optional("dispatch_action_config", dispatchConfig()),
		optional("focus_on_load", focus),
	}
}

// picking are the keys of every element a person picks a moment with.
func picking() []property {
	return []property{
		optional("action_id", actionID),
		optional("confirm", confirm()),
		optional("focus_on_load", focus),
	}
}

// moment is the rule for a date or a time written in the layout.
func moment(name, layout string) rule {
	return func(w *walk, value any) {
		s, ok := value.(string)
		if !ok {
			w.wrongType("must provide a string")
			return
		}
		// Parse forgives missing zeros, Slack does not.
		if t, err := time.Parse(layout, s); err != nil || t.Format(layout) != s {
			w.fail("input must be a valid: " + name)
		}
	}
}

// numeral is the rule for a number written as a string.
func numeral(w *walk, value any) {
	s, ok := value.(string)
	if !ok {
		w.wrongType("must provide a string")
		return
	}
	// Not ParseFloat: it takes Inf and hexadecimal as well.
	if _, err := json.Number(s).Float64(); err != nil || !json.Valid([]byte(s)) {
		w.fail("must provide a number")
	}
}

// textBounds holds the limits of a text input to each other and to the text it
// starts with.
func textBounds(w *walk, element map[string]any) {
	least, hasLeast := element["min_length"].(float64)
	most, hasMost := element["max_length"].(float64)
	if hasLeast && hasMost && least > most {
		w.fail("must be less than or equal to `max_length`", "min_length")
		return
	}
	initial, ok := element["initial_value"].(string)
	if !ok || initial == "" {
		return
	}
	switch n := float64(runes(initial)); {
	case hasLeast && n < least:
		w.fail("must be more than "+strconv.Itoa(int(least)-1)+" characters", "initial_value")
	case hasMost && n > most:
		w.fail("must be less than "+strconv.Itoa(int(most)+1)+" characters", "initial_value")
	}
}

// numberBounds holds the limits of a number input to each other.
func numberBounds(w *walk, element map[string]any) {
	parse := func(name string) (float64, bool) {
		s, _ := element[name].(string)
		n, err := strconv.ParseFloat(s, 64)
		return n, err == nil
	}
	least, hasLeast := parse("min_value")
	most, hasMost := parse("max_value")
	initial, hasInitial := parse("initial_value")
	switch {
	case hasLeast && hasMost && least > most:
		w.fail("must be less than or equal to `max_value`", "min_value")
	case hasInitial && hasLeast && initial < least:
		w.fail("must be greater than or equal to `min_value`", "initial_value")
	case hasInitial && hasMost && initial > most:
		w.fail("must be less than or equal to `max_value`", "initial_value")
	}
}
