package slackdev

import "cloudimage/slackdev/surface"

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
