package slackdev

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// This file reads blocks: which controls they hold, what these hold before
// anyone touches them, and the ids Slack gives to blocks that have none.
// It walks any JSON, so controls inside containers, cards and blocks that are
// newer than this package are found too.

// document is a parsed list of blocks.
type document struct {
	blocks   []any
	controls []control
	lacking  bool // some block or control may have come without its id
}

// control is one interactive element.
type control struct {
	block   string
	action  string
	kind    string
	element map[string]any
	caption string // the words on it: a button's text, an input's label, a placeholder
	top     int    // index of the top-level block it is in

	input    bool // inside an input block
	optional bool
	dispatch bool
	hint     string
}

// inputState holds what a person has chosen: block id, action id, value object.
type inputState map[string]map[string]json.RawMessage

func (s inputState) get(c *control) json.RawMessage { return s[c.block][c.action] }

func (s inputState) set(block, action string, v json.RawMessage) {
	if s[block] == nil {
		s[block] = map[string]json.RawMessage{}
	}
	s[block][action] = v
}

// valueKeys tells, for each stateful element, under which key its value stands
// in state.values and in actions, and under which key the app sets it at first.
func valueKeys(kind string) (key, initial string, stateful bool) {
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value", "initial_value", true
	case "rich_text_input":
		return "rich_text_value", "initial_value", true
	case "checkboxes":
		return "selected_options", "initial_options", true
	case "radio_buttons", "static_select", "external_select":
		return "selected_option", "initial_option", true
	case "multi_static_select", "multi_external_select":
		return "selected_options", "initial_options", true
	case "users_select":
		return "selected_user", "initial_user", true
	case "multi_users_select":
		return "selected_users", "initial_users", true
	case "conversations_select":
		return "selected_conversation", "initial_conversation", true
	case "multi_conversations_select":
		return "selected_conversations", "initial_conversations", true
	case "channels_select":
		return "selected_channel", "initial_channel", true
	case "multi_channels_select":
		return "selected_channels", "initial_channels", true
	case "datepicker":
		return "selected_date", "initial_date", true
	case "timepicker":
		return "selected_time", "initial_time", true
	case "datetimepicker":
		return "selected_date_time", "initial_date_time", true
	case "file_input":
		return "files", "", true
	case "button", "workflow_button", "icon_button":
		return "value", "", false
	case "overflow":
		return "selected_option", "", false
	case "feedback_buttons":
		return "value", "", false
	}
	return "", "", false
}

// interactive tells whether the element type is one people can act on.
func interactive(kind string) bool { key, _, _ := valueKeys(kind); return key != "" }

// listValued tells whether an untouched element reports [] rather than null.
func listValued(key string) bool {
	switch key {
	case "selected_options", "selected_users", "selected_conversations", "selected_channels", "files":
		return true
	}
	return false
}

// parseDocument reads blocks; what is not a list of blocks reads as none.
func parseDocument(blocks json.RawMessage) *document {
	d, err := readDocument(blocks)
	if err != nil {
		return &document{}
	}
	return d
}

func readDocument(blocks json.RawMessage) (*document, error) {
	d := &document{}
	if len(blocks) == 0 {
		return d, nil
	}
	if err := json.Unmarshal(blocks, &d.blocks); err != nil {
		return nil, fmt.Errorf("blocks are not a list: %w", err)
	}
	for i, b := range d.blocks {
		m, _ := b.(map[string]any)
		d.lacking = d.lacking || str(m["block_id"]) == ""
		d.walk(b, "", i, nil)
	}
	return d, nil
}

// walk collects controls. block is the id of the innermost block around v.
func (d *document) walk(v any, block string, top int, input map[string]any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			d.walk(e, block, top, input)
		}
	case map[string]any:
		if id, ok := v["block_id"].(string); ok {
			block = id
		}
		kind, _ := v["type"].(string)
		if kind == "input" {
			input = v
		}
		if interactive(kind) {
			action := str(v["action_id"])
			d.lacking = d.lacking || action == ""
			d.controls = append(d.controls, newControl(v, kind, block, action, top, input))
			return
		}
		for _, k := range walkOrder {
			if e, ok := v[k]; ok {
				d.lacking = d.lacking || holdsBlocks(kind, k)
				d.walk(e, block, top, input)
			}
		}
	}
}

// walkOrder lists the keys under which controls are found, in reading order.
var walkOrder = [...]string{"accessory", "element", "elements", "child_blocks", "rows", "items", "block", "columns", "blocks", "tasks", "cards", "actions", "buttons", "fallback_blocks"}

func newControl(v map[string]any, kind, block, action string, top int, input map[string]any) control {
	c := control{block: block, action: action, kind: kind, element: v, top: top}
	switch {
	case input != nil:
		c.input = true
		c.caption = textOf(input["label"])
		c.hint = textOf(input["hint"])
		c.optional, _ = input["optional"].(bool)
		c.dispatch, _ = input["dispatch_action"].(bool)
	case v["text"] != nil:
		c.caption = textOf(v["text"])
	default:
		c.caption = textOf(v["placeholder"])
	}
	return c
}

// textOf reads a text object.
func textOf(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["text"].(string)
	return s
}

// find returns the control with the ids; block may be empty when the action
// id alone is enough.
func (d *document) find(block, action string) *control {
	for i := range d.controls {
		c := &d.controls[i]
		if c.action == action && (block == "" || c.block == block) {
			return c
		}
	}
	return nil
}

func (d *document) inputBlock(id string) bool {
	return slices.ContainsFunc(d.controls, func(c control) bool { return c.input && c.block == id })
}

// options lists the options of a select, of radio buttons, checkboxes or an
// overflow menu, groups flattened.
func (c *control) options() []map[string]any {
	var out []map[string]any
	add := func(v any) {
		list, _ := v.([]any)
		for _, o := range list {
			if m, ok := o.(map[string]any); ok {
				out = append(out, m)
			}
		}
	}
	add(c.element["options"])
	groups, _ := c.element["option_groups"].([]any)
	for _, g := range groups {
		if m, ok := g.(map[string]any); ok {
			add(m["options"])
		}
	}
	return out
}

// initial is what the element holds before anyone touches it.
func (c *control) initial() json.RawMessage {
	key, init, stateful := valueKeys(c.kind)
	if !stateful {
		return nil
	}
	v := c.element[init]
	if v == nil && listValued(key) {
		v = []any{}
	}
	return valueObject(c.kind, key, v)
}

func valueObject(kind, key string, v any) json.RawMessage {
	b, err := json.Marshal(map[string]any{"type": kind, key: v})
	if err != nil {
		return json.RawMessage(`{}`)
	}
	return b
}

// values is state.values: every stateful element, touched or not.
func (d *document) values(s inputState) inputState {
	out := inputState{}
	for i := range d.controls {
		c := &d.controls[i]
		if _, _, stateful := valueKeys(c.kind); !stateful {
			continue
		}
		v := s.get(c)
		if v == nil {
			v = c.initial()
		}
		out.set(c.block, c.action, v)
	}
	return out
}

// keep drops from s what no element of the document holds any more: what a
// person typed survives an update only while block and action ids stay.
func (d *document) keep(s inputState) inputState {
	out := inputState{}
	for i := range d.controls {
		c := &d.controls[i]
		if v := s.get(c); v != nil {
			var t struct {
				Type string `json:"type"`
			}
			if json.Unmarshal(v, &t) == nil && t.Type == c.kind {
				out.set(c.block, c.action, v)
			}
		}
	}
	return out
}

// withIDs gives every block a block_id and every control an action_id, as
// Slack does for those that come without. What is complete stays untouched,
// byte for byte.
func withIDs(blocks json.RawMessage, ids *idSource) (json.RawMessage, error) {
	if len(bytes.TrimSpace(blocks)) == 0 {
		return nil, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(blocks, &list); err != nil {
		return nil, fmt.Errorf("blocks are not a list: %w", err)
	}
	changed := false
	for i, raw := range list {
		out, ch, err := fillIDs(raw, ids, true)
		if err != nil {
			return nil, err
		}
		if ch {
			list[i], changed = out, true
		}
	}
	if !changed {
		return blocks, nil
	}
	return json.Marshal(list)
}

func fillIDs(raw json.RawMessage, ids *idSource, block bool) (json.RawMessage, bool, error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, false, fmt.Errorf("a block is not an object: %w", err)
	}
	var kind string
	json.Unmarshal(m["type"], &kind)
	changed := false
	if block && !hasText(m["block_id"]) {
		m["block_id"], changed = quote(strings.ToLower(ids.short("")[:5])), true
	}
	if interactive(kind) && !hasText(m["action_id"]) {
		m["action_id"], changed = quote(strings.ToLower(ids.short("")[:5])), true
	}
	for _, k := range walkOrder {
		sub, ok := m[k]
		if !ok {
			continue
		}
		out, ch, err := fillNested(sub, ids, holdsBlocks(kind, k))
		if err != nil {
			return nil, false, err
		}
		if ch {
			m[k], changed = out, true
		}
	}
	if !changed {
		return raw, false, nil
	}
	out, err := json.Marshal(m)
	return out, true, err
}

// holdsBlocks tells whether the objects under key are blocks themselves.
func holdsBlocks(kind, key string) bool {
	switch key {
	case "child_blocks", "blocks", "block", "cards", "tasks", "fallback_blocks":
		return true
	case "elements":
		return kind == "carousel"
	case "rows", "items", "columns":
		return kind == "layout" || kind == "" // a row of a layout has no type
	}
	return false
}

func fillNested(raw json.RawMessage, ids *idSource, block bool) (json.RawMessage, bool, error) {
	switch t := bytes.TrimSpace(raw); {
	case len(t) > 0 && t[0] == '{':
		var probe struct {
			Type string `json:"type"`
		}
		json.Unmarshal(t, &probe)
		return fillIDs(raw, ids, block && probe.Type != "")
	case len(t) > 0 && t[0] == '[':
		var list []json.RawMessage
		if err := json.Unmarshal(t, &list); err != nil {
			return nil, false, err
		}
		changed := false
		for i, e := range list {
			out, ch, err := fillNested(e, ids, block)
			if err != nil {
				return nil, false, err
			}
			if ch {
				list[i], changed = out, true
			}
		}
		if !changed {
			return raw, false, nil
		}
		out, err := json.Marshal(list)
		return out, true, err
	}
	return raw, false, nil
}

func hasText(raw json.RawMessage) bool { return len(raw) > 2 && raw[0] == '"' }

func quote(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		return json.RawMessage(`""`)
	}
	return b
}
