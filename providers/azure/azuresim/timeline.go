package azuresim

import "time"

// phase is a state and the moment at which it begins.
type phase struct {
	name string
	from time.Time
}

// timeline is the life of a thing, as far as it is planned. Phases are in the order
// of time.
type timeline []phase

// at is the state at a moment, and empty before the first phase.
func (t timeline) at(now time.Time) string {
	p, _ := t.phaseAt(now)
	return p.name
}

// since is when the state of a moment began.
func (t timeline) since(now time.Time) time.Time {
	p, _ := t.phaseAt(now)
	return p.from
}

func (t timeline) phaseAt(now time.Time) (phase, bool) {
	for i := len(t) - 1; i >= 0; i-- {
		if !t[i].from.After(now) {
			return t[i], true
		}
	}
	return phase{}, false
}

// end is the last phase that is planned.
func (t timeline) end() phase {
	if len(t) == 0 {
		return phase{}
	}
	return t[len(t)-1]
}

// turn forgets what was planned after a moment, and goes on from it with other
// phases.
func (t timeline) turn(now time.Time, next ...phase) timeline {
	var out timeline
	for _, p := range t {
		if !p.from.After(now) {
			out = append(out, p)
		}
	}
	return append(out, next...)
}
