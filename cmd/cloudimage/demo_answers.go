package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cloudimage/slackdev"
)

// This file is how the people of the demo fill in a form that they have not seen before.

// answers are what somebody writes into a form, by the label of the field. What they
// have nothing for is answered by its kind, when it is needed.
type answers map[string][]string

// blank is one field of a form.
type blank struct {
	Block    string
	Label    string
	Kind     string // of its element, in Slack's words
	Hint     string
	Optional bool
	Filled   bool     // the bot has put something into it
	Options  []string // values of what can be chosen
}

// inputsOf are the fields of a form, in order.
func inputsOf(form slackdev.View) ([]blank, error) {
	type text struct {
		Text string `json:"text"`
	}
	type option struct {
		Value string `json:"value"`
	}
	var blocks []struct {
		Type     string `json:"type"`
		BlockID  string `json:"block_id"`
		Label    text   `json:"label"`
		Hint     text   `json:"hint"`
		Optional bool   `json:"optional"`
		Element  map[string]json.RawMessage
	}
	if err := json.Unmarshal(form.Blocks, &blocks); err != nil {
		return nil, fmt.Errorf("read the form: %w", err)
	}
	var out []blank
	for _, b := range blocks {
		if b.Type != "input" {
			continue
		}
		in := blank{Block: b.BlockID, Label: b.Label.Text, Hint: b.Hint.Text, Optional: b.Optional}
		var within text
		var options []option
		var groups []struct {
			Options []option `json:"options"`
		}
		for key, raw := range b.Element {
			var to any
			switch {
			case key == "type":
				to = &in.Kind
			case key == "placeholder":
				to = &within
			case key == "options":
				to = &options
			case key == "option_groups":
				to = &groups
			case strings.HasPrefix(key, "initial_"):
				in.Filled = true
				continue
			default:
				continue
			}
			if err := json.Unmarshal(raw, to); err != nil {
				return nil, fmt.Errorf("read the field %q: %w", in.Label, err)
			}
		}
		in.Hint = strings.TrimSpace(in.Hint + " " + within.Text)
		for _, g := range groups {
			options = append(options, g.Options...)
		}
		for _, o := range options {
			in.Options = append(in.Options, o.Value)
		}
		out = append(out, in)
	}
	return out, nil
}

// to is what somebody writes into a field; nil leaves it as it is.
func (a answers) to(in blank, who string, now time.Time) []string {
	for label, values := range a {
		if strings.HasPrefix(strings.ToLower(in.Label), strings.ToLower(label)) {
			return values
		}
	}
	if in.Optional || in.Filled {
		return nil
	}
	switch in.Kind {
	case "number_input":
		return []string{"3"}
	case "datepicker":
		return []string{now.Format(time.DateOnly)}
	case "timepicker":
		return []string{"10:00"}
	case "datetimepicker":
		return []string{now.Format(time.RFC3339)}
	case "users_select", "multi_users_select":
		return []string{who}
	case "email_text_input":
		return []string{who + "@acme.example"}
	case "static_select", "multi_static_select", "radio_buttons", "checkboxes":
		if len(in.Options) == 0 {
			return nil
		}
		return in.Options[:1]
	}
	return []string{"https://acme.example/" + slugOf(in.Label)} // a link is a text, too
}

// slugOf is a label as a part of an address.
func slugOf(label string) string {
	words := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
	return strings.Join(words[:min(len(words), 4)], "-")
}
