package calendar

import (
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"
)

// MaxDays bounds every count of business days, about forty years: a longer count
// is taken as this one. It keeps a slip of the pen (or a zero time) from costing
// more than a millisecond; a loader of deadlines should refuse more.
const MaxDays = 10_000

// A Calendar knows the business days and hours of one team. Make it with [New].
// It never changes, and is safe for concurrent use.
type Calendar struct {
	zone          *time.Location
	week          [7]bool       // by time.Weekday: a working day?
	opens, closes time.Duration // since midnight, on the wall

	own       map[Date]string // the team's own holidays, by name
	countries []*cal.Holiday  // the rules of its countries

	// years holds what the rules come to in each year, worked out when it is
	// first asked for; it is never altered once stored. Two goroutines may work
	// out the same year and store equal tables.
	years [lastYear - firstYear + 1]atomic.Pointer[year]
}

// Zone returns the team's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Date returns the team's local date at that moment.
func (c *Calendar) Date(t time.Time) Date { return DateOf(t.In(c.zone)) }

// IsWorkingDay reports whether the team's week has d in it, holiday or not.
func (c *Calendar) IsWorkingDay(d Date) bool { return c.week[d.Weekday()] }

// IsBusinessDay reports whether d is a working day that is not a holiday.
func (c *Calendar) IsBusinessDay(d Date) bool {
	if !c.IsWorkingDay(d) {
		return false
	}
	_, holiday := c.Holiday(d)
	return !holiday
}

// Shift returns the nth business day strictly after d, or strictly before it when
// n is negative. For n = 0 it is d itself if that is a business day, otherwise
// the first one after it.
func (c *Calendar) Shift(d Date, n int) Date {
	n = bound(n)
	step := 1
	switch {
	case n == 0:
		d, n = d.Add(-1), 1
	case n < 0:
		step, n = -1, -n
	}
	// The walk ends: some weekday is a working day, and beyond the years of the
	// country rules only the finite list of the team's own dates can take it.
	for n > 0 {
		d = d.Add(step)
		if c.IsBusinessDay(d) {
			n--
		}
	}
	return d
}

func bound(n int) int { return max(-MaxDays, min(n, MaxDays)) }
