package workflow

import "time"

// This file is what time does by itself. The rules are:
//
//   - An open step is late from its due time on, unless it waits for the partner:
//     its date pauses meanwhile.
//   - While a partner is silent the process's silence ladder is climbed, in
//     business days of the step's team since they were asked, last wrote, or
//     promised to answer.
//   - When a person was reminded [MostReminders] times and the step is late, the
//     process's lateness ladder is climbed, in business days since the last
//     reminder. Nobody is told what they know already.
//   - Covers, acting maintainers and snoozes end.

// Tick does what time has done by now. It does nothing when that is nothing.
func (r *Run) Tick(now time.Time) {
	r.endPeople(now)
	if r.State != Running {
		return
	}
	r.Walk(func(n Node) bool {
		if z := n.State.Snooze; z != nil && !z.Until.After(now) {
			r.emit(Event{Type: SnoozeEnded, At: now, Step: n.Key, User: z.User})
		}
		if r.isLateAt(n, now) {
			r.emit(Event{Type: StepOverdue, At: now, Step: n.Key, Due: n.State.Due})
		}
		for rung := r.nextSilence(n); !rung.at.IsZero() && !rung.at.After(now); rung = r.nextSilence(n) {
			e := Event{Type: SilenceTold, At: now, Step: n.Key, Rung: rung.number}
			if to := r.lead(rung.Team); rung.Tell == ToTeam && to != r.Chaser(n.Key) {
				e.User = to
			}
			r.emit(e)
		}
		for rung := r.nextLateness(n); !rung.at.IsZero() && !rung.at.After(now); rung = r.nextLateness(n) {
			r.emit(Event{Type: LateTold, At: now, Step: n.Key, Rung: rung.number})
		}
		return true
	})
}

// NextDue is the next moment at which Tick would do something; the zero time
// for never.
func (r *Run) NextDue() (next time.Time) {
	soonest := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if r.State == Running || r.State == Proposed {
		for _, c := range r.Covers {
			soonest(c.Until)
		}
		for _, s := range r.Standins {
			soonest(s.Ends)
		}
	}
	if r.State != Running {
		return next
	}
	r.Walk(func(n Node) bool {
		if z := n.State.Snooze; z != nil {
			soonest(z.Until)
		}
		if r.canBeLate(n) {
			soonest(n.State.Due)
		}
		soonest(r.nextSilence(n).at)
		soonest(r.nextLateness(n).at)
		return true
	})
	return next
}

func (r *Run) isLateAt(n Node, now time.Time) bool {
	return r.canBeLate(n) && !n.State.Due.After(now)
}

// canBeLate reports whether the step becomes late once its due time passes.
func (r *Run) canBeLate(n Node) bool {
	s := n.State
	return s.Status == Open && s.Waiting == nil && !s.Overdue && !s.Due.IsZero() && !r.IsGroup(n.Key) &&
		(!n.Step.Optional || s.Wanted)
}

// rung is a rung that is climbed next, and when.
type rung struct {
	Rung
	number int // 1 for the first
	at     time.Time
}

// nextSilence is the next rung of a wait's ladder; its time is zero when there
// is none.
func (r *Run) nextSilence(n Node) rung {
	w := n.State.Waiting
	if n.State.Status != Open || w == nil || r.cal == nil || w.Rung >= len(r.def.Silence) {
		return rung{}
	}
	next := r.def.Silence[w.Rung]
	return rung{next, w.Rung + 1, r.cal.Opening(n.Step.Team, r.silentSince(n), next.After)}
}

// silentSince is the moment from which a partner's silence is counted.
func (r *Run) silentSince(n Node) time.Time {
	w := n.State.Waiting
	since := w.Since
	if w.Heard.After(since) {
		since = w.Heard
	}
	if w.Promised != "" {
		if promised := r.closeOn(n.Step.Team, w.Promised); promised.After(since) {
			since = promised
		}
	}
	return since
}

// ChaseAt is when the partner is to be asked again: on the first rung's day, or
// on the business day after the one they promised. The zero time for a step that
// does not wait, and when the process has no such rung.
func (r *Run) ChaseAt(key StepKey) time.Time {
	n, ok := r.Node(key)
	if !ok || n.State.Waiting == nil {
		return time.Time{}
	}
	for _, step := range r.def.Silence {
		if step.Tell != ToChaser || r.cal == nil {
			continue
		}
		w, since, days := n.State.Waiting, r.silentSince(n), step.After
		switch {
		case w.Chased.After(since):
			since = w.Chased
		case !since.Equal(w.Since) && !since.Equal(w.Heard):
			days = 1 // the promised day has passed
		}
		return r.cal.After(n.Step.Team, since, days)
	}
	return time.Time{}
}

// MostReminders is how often a person is reminded of one thing, until it changes
// hands or gets another date.
const MostReminders = 3

// nextLateness is the next rung of a late step's ladder; its time is zero when
// there is none.
func (r *Run) nextLateness(n Node) rung {
	s := n.State
	if s.Status != Open || !s.Overdue || r.cal == nil || s.Rung >= len(r.def.Lateness) {
		return rung{}
	}
	since := r.inVainSince(n)
	if since.IsZero() {
		return rung{}
	}
	next := r.def.Lateness[s.Rung]
	return rung{next, s.Rung + 1, r.cal.Opening(n.Step.Team, since, next.After)}
}

// inVainSince is when the person a late step is with was reminded of it for the
// last time; its due time, when nobody could be. The zero time while they are to
// be reminded still.
func (r *Run) inVainSince(n Node) time.Time {
	who := r.Acting(r.Responsible(n.Key))
	had := n.State.Reminded[who]
	switch {
	case !n.State.Overdue || !inVain(who, had):
		return time.Time{}
	case who == "":
		return n.State.Due
	}
	return had.Last
}

// inVain reports whether the person was reminded so often that others are told.
// Nobody can be reminded when nobody is known.
func inVain(who UserID, had Reminded) bool { return who == "" || had.Times >= MostReminders }

// told is the person a rung tells; empty when nobody is known.
func (r *Run) told(n Node, to Rung) UserID {
	switch to.Tell {
	case ToStage:
		return r.StageHolder(n.Stage)
	case ToOwner:
		return r.Owner
	case ToTeam:
		return r.lead(to.Team)
	}
	return ""
}
