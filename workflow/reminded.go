package workflow

import "maps"

// This file counts reminders, and says when they begin anew.

// calm forgets reminders: what is to be said of the step now is new.
func (s *StepState) calm() { s.Reminded, s.Snooze, s.Rung = nil, nil, 0 }

// moved lets reminders begin anew for another date. Whoever had one knows already
// that it is theirs, and what they put off until before that date stays put off.
// Of a partner who is waited for they are reminded by another clock.
func (s *StepState) moved() {
	if s.Rung = 0; s.Waiting == nil {
		s.Reminded = known(s.Reminded)
	}
	if s.Snooze != nil && !s.Snooze.Until.Before(s.Due) {
		s.Snooze = nil
	}
}

// known leaves one reminder of those that people had: the first, which said that
// it is theirs.
func known(had map[UserID]Reminded) map[UserID]Reminded {
	out := maps.Clone(had)
	for who, was := range out {
		was.Times = 1
		out[who] = was
	}
	return out
}

// remind counts messages: what is said twice in one is said once.
func remind(had map[UserID]Reminded, e Event) map[UserID]Reminded {
	out := maps.Clone(had)
	if out == nil {
		out = map[UserID]Reminded{}
	}
	if was := out[e.User]; was.Times == 0 || e.At.After(was.Last) {
		out[e.User] = Reminded{Times: was.Times + 1, Last: e.At}
	}
	return out
}
