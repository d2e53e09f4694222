package calendar

import "time"

// Deadline returns the end of "within n business days following from": the close
// of business of the nth business day strictly after from's local date.
//
// For n = 0 it is the close of from's own day, or of the first business day after
// it, and may already have passed. A negative n plans back, as [Calendar.Before].
func (c *Calendar) Deadline(from time.Time, n int) time.Time {
	return c.Closing(c.Shift(c.Date(from), n))
}

// Before returns the close of business of the nth business day strictly before
// target, for planning back from it. For n = 0 it is that of the last business
// day on or before target. A negative n counts forward.
//
// The target is a date because that is what partners agree on; for a moment, pass
// the team's [Calendar.Date] of it.
func (c *Calendar) Before(target Date, n int) time.Time { return c.Closing(c.back(target, n)) }

func (c *Calendar) back(target Date, n int) Date {
	if n == 0 {
		return c.Shift(target.Add(1), -1)
	}
	return c.Shift(target, -bound(n))
}

// Between counts the business days after from's local date, up to and including
// to's local date: 0 on the same day, and the negative count of the way back when
// to is on an earlier day. It stops at [MaxDays] either way.
func (c *Calendar) Between(from, to time.Time) int {
	return c.between(c.Date(from), c.Date(to))
}

func (c *Calendar) between(from, to Date) int {
	if to.Before(from) {
		return -c.between(to, from)
	}
	n := 0
	for d := from; d.Before(to) && n < MaxDays; {
		d = d.Add(1)
		if c.IsBusinessDay(d) {
			n++
		}
	}
	return n
}

// Late returns how many business days late something due is at now: the business
// days begun since its due date. It is 0 until due has passed, and also for the
// rest of the due date and any weekend or holiday right after it; whether due has
// passed at all is now.After(due).
func (c *Calendar) Late(due, now time.Time) int {
	if !now.After(due) {
		return 0
	}
	return c.Between(due, now)
}
