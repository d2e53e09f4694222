package workflow

import "time"

// Lateness is how many business days a step is late, and whose they are.
type Lateness struct {
	Days     int
	Ours     int // we had it
	Partners int // we had asked the partner, and the day they promised, if any, was over
	Nobodys  int // we had asked the partner, who had promised a later day
}

// Deadline is when the step has to be done: what was promised to customers, for
// a listing's step that has a catalyst, else its own date. Zero for no date.
func (r *Run) Deadline(key StepKey) (at time.Time, promised bool) {
	n, ok := r.Node(key)
	switch {
	case !ok:
		return time.Time{}, false
	case !r.Promise.IsZero() && key.Listing != "":
		return r.LiveBy(key.Listing), true
	}
	return n.State.Due, false
}

// LiveBy is when a listing is to be live: as all of the run are, or counted from
// when it joined, and not later than its customers were promised before.
func (r *Run) LiveBy(id ListingID) time.Time {
	by := r.Promise
	l, ok := r.Listing(id)
	if !ok || by.IsZero() {
		return by
	}
	if !l.Since.IsZero() && r.cal != nil {
		by = r.cal.After(r.def.Owner, l.Since, r.def.Promise.For(r.Catalyst.Kind)).UTC()
	}
	if !l.Owed.IsZero() && l.Owed.Before(by) {
		by = l.Owed
	}
	return by
}

// LatenessOf says by how many business days of its team a step has missed its
// deadline until now, or until it was closed, and whose days they are. The
// promise never pauses, so each of its days is somebody's: the partner's from
// the day they promised, or were asked if they promised none; nobody's while
// their promise ran; ours otherwise.
func (r *Run) LatenessOf(key StepKey, now time.Time) Lateness {
	n, ok := r.Node(key)
	due, _ := r.Deadline(key)
	if !ok || due.IsZero() || r.cal == nil {
		return Lateness{}
	}
	end := now
	if n.State.Status.Closed() {
		end = n.State.At
	}
	if !end.After(due) {
		return Lateness{}
	}
	team := n.Step.Team
	days := func(from, to time.Time) int {
		if from.Before(due) {
			from = due
		}
		if to.After(end) {
			to = end
		}
		if !to.After(from) {
			return 0
		}
		return r.cal.Between(team, from, to)
	}
	l := Lateness{Days: days(due, end)}
	waits := n.State.Waits
	if w := n.State.Waiting; w != nil {
		waits = append(waits[:len(waits):len(waits)], Past{Since: w.Since, Until: end, Promised: w.Promised})
	}
	for _, w := range waits {
		from := w.Since
		if w.Promised != "" {
			if promised := r.closeOn(team, w.Promised); promised.After(from) {
				l.Nobodys += days(from, earlier(promised, w.Until))
				from = promised
			}
		}
		l.Partners += days(from, w.Until)
	}
	l.Ours = l.Days - l.Partners - l.Nobodys
	return l
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// IsLate reports whether the step has missed its deadline: it is open and late,
// or its listing is not live although that was promised.
func (r *Run) IsLate(key StepKey, now time.Time) bool {
	n, ok := r.Node(key)
	if !ok || r.State != Running || n.State.Status.Closed() || r.IsGroup(key) {
		return false
	}
	due, promised := r.Deadline(key)
	return n.State.Overdue || promised && !due.IsZero() && now.After(due)
}
