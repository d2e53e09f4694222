package calendar

import "time"

// Opening returns the moment at which the team starts on d, whatever day it is.
func (c *Calendar) Opening(d Date) time.Time { return wall(d, c.opens, c.zone) }

// Closing returns the close of business on d, whatever day it is.
func (c *Calendar) Closing(d Date) time.Time { return wall(d, c.closes, c.zone) }

// Working reports whether the team is at work at t: from the opening of a business
// day until just before its close.
func (c *Calendar) Working(t time.Time) bool {
	d := c.Date(t)
	return c.IsBusinessDay(d) && !t.Before(c.Opening(d)) && t.Before(c.Closing(d))
}

// Next returns the next business morning: the first opening strictly after t. On
// a business day before opening that is the same day. Asked with its own answer
// it gives the morning after, so a schedule built on it always moves on.
func (c *Calendar) Next(t time.Time) time.Time {
	d := c.Date(t)
	if c.IsBusinessDay(d) {
		if opening := c.Opening(d); opening.After(t) {
			return opening
		}
	}
	return c.Opening(c.Shift(d, 1))
}
