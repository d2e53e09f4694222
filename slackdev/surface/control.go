package surface

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Control is one interactive element.
type Control struct {
	Block   string         // id of the block it is in
	Action  string         // its own id
	Kind    string         // the type of the element: button, static_select, …
	Element map[string]any // as the app sent it
	Caption string         // the words on it: a button's text, an input's label, a placeholder

	Input    bool // inside an input block
	Optional bool // an input that may stay empty
	Dispatch bool // an input that tells the app of what is chosen

	Attachment int // which attachment of the message it is in, from 1; 0 for none

	hint  string
	among []any // the blocks of the message, or of the attachment
	top   int   // index of the one that it is in
}

func newControl(v map[string]any, kind, action string, at place) Control {
	c := Control{Block: at.block, Action: action, Kind: kind, Element: v, Attachment: at.attachment, among: at.among, top: at.top}
	input := at.input
	switch {
	case input != nil:
		c.Input = true
		c.Caption = textOf(input["label"])
		c.hint = textOf(input["hint"])
		c.Optional, _ = input["optional"].(bool)
		c.Dispatch, _ = input["dispatch_action"].(bool)
	case v["text"] != nil:
		c.Caption = textOf(v["text"])
	default:
		c.Caption = textOf(v["placeholder"])
	}
	return c
}

// textOf reads a text object.
func textOf(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["text"].(string)
	return s
}

// Name is what the control is called in messages to people: the words on it, or
// its action id.
func (c *Control) Name() string {
	if c.Caption != "" {
		return fmt.Sprintf("%q", c.Caption)
	}
	return c.Action
}

// options lists the options of a select, of radio buttons, checkboxes or an
// overflow menu, groups flattened.
func (c *Control) options() []map[string]any {
	var out []map[string]any
	add := func(v any) {
		list, _ := v.([]any)
		for _, o := range list {
			if m, ok := o.(map[string]any); ok {
				out = append(out, m)
			}
		}
	}
	add(c.Element["options"])
	groups, _ := c.Element["option_groups"].([]any)
	for _, g := range groups {
		if m, ok := g.(map[string]any); ok {
			add(m["options"])
		}
	}
	return out
}

// External tells whether the app is asked for the options while somebody types.
func (c *Control) External() bool {
	return c.Kind == "external_select" || c.Kind == "multi_external_select"
}

// Option is the option with these words or this value. The error says what is
// offered instead.
func (c *Control) Option(word string) (map[string]any, error) {
	var texts []string
	for _, same := range []func(text, value string) bool{
		func(t, v string) bool { return t == word || v == word },
		func(t, v string) bool { return strings.EqualFold(bare(t), bare(word)) },
	} {
		texts = texts[:0]
		for _, o := range c.options() {
			t := textOf(o["text"])
			if same(t, str(o["value"])) {
				return o, nil
			}
			texts = append(texts, t)
		}
	}
	return nil, fmt.Errorf("%s does not offer %q; it offers %q", c.Name(), word, texts)
}

// initial is what the element holds before anyone touches it.
func (c *Control) initial() json.RawMessage {
	key, init, stateful := valueKeys(c.Kind)
	if !stateful {
		return nil
	}
	v := c.Element[init]
	if v == nil && listValued(key) {
		v = []any{}
	}
	return c.Value(v)
}

// Value writes what was chosen as state.values has it.
func (c *Control) Value(v any) json.RawMessage {
	return marshal(map[string]any{"type": c.Kind, c.Key(): v})
}

// marshal writes what was read from JSON, or is made of such.
func marshal(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`{}`)
	}
	return b
}
