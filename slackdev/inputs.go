package slackdev

import (
	"encoding/json"
	"fmt"
	"reflect"

	"cloudimage/slackdev/surface"
)

// This file keeps what people have chosen on a surface and not sent.

// inputs is what the person has chosen on the surface, to be read; nil for
// nothing.
func (s *spot) inputs(u *user) surface.State {
	if s.view != nil {
		return s.view.inputs
	}
	return s.message.inputs[u.id]
}

// ownInputs is the same, to be changed.
func (s *spot) ownInputs(u *user) surface.State {
	in := s.inputs(u)
	if in == nil {
		in = surface.State{}
		if s.message.inputs == nil {
			s.message.inputs = map[UserID]surface.State{}
		}
		s.message.inputs[u.id] = in
	}
	return in
}

// choose keeps what the person has chosen in a control.
func (s *spot) choose(u *user, c *surface.Control, v any) { s.ownInputs(u).Set(c, c.Value(v)) }

// adopt takes over what a page says the person has chosen: all of it or, with an
// error, nothing. What is there already, such as what the app set at first, was
// not chosen now and is not judged. Controls that the surface does not have are
// passed over, as an update may just have taken them away.
func (ws *Workspace) adopt(u *user, s *spot, state surface.State) error {
	in, d := s.inputs(u), s.document()
	chosen := map[*surface.Control]any{}
	for i := range d.Controls {
		c := &d.Controls[i]
		raw := state.Get(c)
		if raw == nil || !c.Stateful() {
			continue
		}
		var said map[string]any
		if json.Unmarshal(raw, &said) != nil || said["type"] != c.Kind {
			return fmt.Errorf("%w: %s is a %s, and the state has something else for it", ErrNotPossible, c.Name(), c.Kind)
		}
		if reflect.DeepEqual(said[c.Key()], in.Held(c)) {
			continue
		}
		v, err := ws.chosen(u, c, said[c.Key()])
		if err != nil {
			return err
		}
		chosen[c] = v
	}
	for c, v := range chosen {
		s.choose(u, c, v)
	}
	return nil
}
