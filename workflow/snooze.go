package workflow

import "time"

// SnoozeFor is until when a person is not reminded: for a number of business
// days, or until a day. The zero value ends a snooze.
type SnoozeFor struct {
	Days int  // 1 for the next working morning
	On   Date // the morning of that day, or of the first business day after it
}

// Snooze keeps reminders of a step from the person who would get them, for a
// reason that everybody can see. A security update is not snoozed past its
// deadline.
func (r *Run) Snooze(act Act, key StepKey, version int64, until SnoozeFor) error {
	n, err := r.openStep(key, version)
	if err != nil {
		return err
	}
	who := r.Acting(r.Responsible(key))
	if n.State.Waiting != nil {
		who = r.Acting(r.Chaser(key))
	}
	if who != act.Actor {
		if who == "" {
			return fail(Denied, "Nobody is reminded of %s, so there is nothing to snooze.", r.StepName(n))
		}
		return fail(Denied, "%s is with %s, who is the one to be reminded of it: only they can snooze it.", r.StepName(n), who)
	}
	e := act.event(StepSnoozed)
	e.Step, e.User = key, who
	if until == (SnoozeFor{}) {
		if n.State.Snooze == nil {
			return fail(Conflict, "%s is not snoozed.", r.StepName(n))
		}
		r.emit(e)
		return nil
	}
	if e.Due, err = r.snoozeUntil(n, act.At, until); err != nil {
		return err
	}
	if err := needReason(act, "Say why it can wait; the team sees it."); err != nil {
		return err
	}
	r.emit(e)
	return nil
}

// mostSnooze is the longest snooze, in business days: a date, a wait or another
// person says more than that.
const mostSnooze = 20

func (r *Run) snoozeUntil(n Node, at time.Time, until SnoozeFor) (time.Time, error) {
	team, end := n.Step.Team, time.Time{}
	if until.On == r.Day(team, at) || until.On == "" && until.Days < 1 {
		t := Say("Choose a later day than today.")
		return end, &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{FieldUntil: t}}
	}
	if until.On != "" {
		if err := r.checkDay(team, at, until.On, FieldUntil, "The day"); err != nil {
			return end, err
		}
		end = r.opening(team, r.closeOn(team, until.On), 0)
	} else {
		end = r.opening(team, at, until.Days)
	}
	if r.between(team, at, end) > mostSnooze {
		t := Say("That is more than %d business days. Move the date instead, or hand it over.", mostSnooze)
		return end, &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{FieldUntil: t}}
	}
	if hard := r.hardDeadline(n); !hard.IsZero() && !end.Before(hard) {
		t := Say("This is a security update, due %s. It cannot be snoozed past that.", hard)
		return end, &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{FieldUntil: t}}
	}
	return end, nil
}

// hardDeadline is when a step of a security update has to be done: by its own
// date, or by what was promised, whichever comes first. The zero time for every
// other step.
func (r *Run) hardDeadline(n Node) time.Time {
	if r.Catalyst == nil || r.Catalyst.Kind != CatalystSecurity {
		return time.Time{}
	}
	hard := r.Promise
	if due := n.State.Due; !due.IsZero() && (hard.IsZero() || due.Before(hard)) {
		hard = due
	}
	return hard
}
