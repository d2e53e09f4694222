package gitlabsim

import (
	"slices"
	"time"
)

// This file writes notes and resource events. Which of the two a change leads to
// is as in app/services/issuable/common_system_notes_service.rb and
// app/services/resource_events.

// systemNote writes what somebody did. It does not touch the item; callers do
// where GitLab does.
func (s *Server) systemNote(it *item, who *user, action, body string) *note {
	now := s.now()
	n := &note{id: NoteID(s.ids.next("note")), author: who, body: body, system: true, action: action, created: now, updated: now}
	it.notes = append(it.notes, n)
	return n
}

// comment writes a note of somebody.
func (s *Server) comment(it *item, who *user, body string, internal bool, at time.Time) *note {
	n := &note{id: NoteID(s.ids.next("note")), author: who, body: body, internal: internal, created: at, updated: at}
	it.notes = append(it.notes, n)
	it.comments++
	s.touch(it)
	s.crossReference(who, it, n, body)
	return n
}

func (s *Server) removeNote(it *item, n *note) {
	it.notes = slices.DeleteFunc(it.notes, func(x *note) bool { return x == n })
	it.comments--
}

// touch is what a note does to its item: it moves updated_at, but not within
// TouchInterval of the last change. So a comment may go unseen by who asks for
// what was updated since.
func (s *Server) touch(it *item) {
	if now := s.now(); now.Sub(it.updated) > s.opts.TouchInterval {
		it.updated = now
	}
}

func (s *Server) stateChanged(it *item, who *user, state string, by *item) {
	it.stateEv = append(it.stateEv, &stateEvent{id: s.ids.next("event"), user: who, at: s.now(), state: state, by: by})
}

// setLabels sets the labels and writes the events; it reports a change.
func (s *Server) setLabels(it *item, who *user, labels []*label) bool {
	changed := false
	for _, l := range labels {
		if !it.hasLabel(l) {
			it.labelEv = append(it.labelEv, &labelEvent{s.ids.next("event"), who, s.now(), l, false})
			changed = true
		}
	}
	for _, l := range it.labels {
		if !slices.Contains(labels, l) {
			it.labelEv = append(it.labelEv, &labelEvent{s.ids.next("event"), who, s.now(), l, true})
			changed = true
		}
	}
	it.labels = labels
	return changed
}

// setMilestone sets the milestone and writes the event; it reports a change.
func (s *Server) setMilestone(it *item, who *user, m *milestone) bool {
	if it.milestone == m {
		return false
	}
	e := &milestoneEvent{id: s.ids.next("event"), user: who, at: s.now(), milestone: m}
	if m == nil {
		e.milestone, e.removed = it.milestone, true
	}
	it.stoneEv = append(it.stoneEv, e)
	it.milestone = m
	return true
}
