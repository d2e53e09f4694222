package calendar

import "time"

// wall returns the moment at which the clocks of loc show that time of that day,
// counted from midnight. time.Date leaves open which moment that is on a day the
// clocks change, and near midnight may even answer with the day before, so the
// rule is fixed here: the offset in force before the change decides. A skipped
// time then happens as much later as the clocks jump, and a repeated one is the
// first of the two.
func wall(d Date, clock time.Duration, loc *time.Location) time.Time {
	shown := d.utc().Add(clock)
	before := shown.Add(-offset(shown.Add(-24*time.Hour), loc))
	after := shown.Add(-offset(shown.Add(24*time.Hour), loc))
	for _, t := range []time.Time{before, after} {
		if t.Add(offset(t, loc)).Equal(shown) {
			return t.In(loc)
		}
	}
	return before.In(loc)
}

// offset returns how far the clocks of loc are ahead of UTC at t.
func offset(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}
