package surface

import "encoding/json"

// State holds what a person has chosen: block id, action id, value object. Its
// JSON is that of state.values.
type State map[string]map[string]json.RawMessage

// Get is the value object of a control; nil for one that was not touched.
func (s State) Get(c *Control) json.RawMessage { return s[c.Block][c.Action] }

// Held is the value of a control: what was chosen, or what the app set at first.
func (s State) Held(c *Control) any {
	raw := s.Get(c)
	if raw == nil {
		raw = c.initial()
	}
	var value map[string]any
	json.Unmarshal(raw, &value)
	return value[c.Key()]
}

// Set gives a control its value object, see [Control.Value].
func (s State) Set(c *Control, v json.RawMessage) {
	if s[c.Block] == nil {
		s[c.Block] = map[string]json.RawMessage{}
	}
	s[c.Block][c.Action] = v
}

// Values is state.values: every stateful control, touched or not.
func (d *Document) Values(s State) State {
	out := State{}
	for i := range d.Controls {
		c := &d.Controls[i]
		if !c.Stateful() {
			continue
		}
		v := s.Get(c)
		if v == nil {
			v = c.initial()
		}
		out.Set(c, v)
	}
	return out
}

// Keep is what of s the controls of the document still hold: what a person typed
// survives an update only while block and action ids stay.
func (d *Document) Keep(s State) State {
	out := State{}
	for i := range d.Controls {
		c := &d.Controls[i]
		if v := s.Get(c); v != nil {
			var t struct {
				Type string `json:"type"`
			}
			if json.Unmarshal(v, &t) == nil && t.Type == c.Kind {
				out.Set(c, v)
			}
		}
	}
	return out
}
