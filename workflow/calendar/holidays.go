package calendar

import (
	"time"

	"github.com/rickar/cal/v2"
)

// The years in which the rules of countries hold. Before them there is nothing to
// plan; after them the astronomy of some rules runs out.
const (
	firstYear = 1970
	lastYear  = 2150
)

// A Holiday is one free day of a team's own, such as a company day.
type Holiday struct {
	Date Date
	Name string // said to people when the day is skipped
}

// Holiday returns the name of the holiday that d is, and whether it is one. The
// team's own name for a day comes before a country's; a day that two countries
// have goes by the name of the country listed first.
func (c *Calendar) Holiday(d Date) (name string, ok bool) {
	if name, ok := c.own[d]; ok {
		return name, true
	}
	if d.year < firstYear || d.year > lastYear || len(c.countries) == 0 {
		return "", false
	}
	slot := &c.years[d.year-firstYear]
	table := slot.Load()
	if table == nil {
		table = newYear(d.year, c.countries)
		slot.Store(table)
	}
	if table.free[d.month]&(1<<d.day) == 0 {
		return "", false
	}
	return table.names[d], true
}

// A year is what the rules of a team's countries come to in one year. Most days
// are no holiday, and the bits say so without hashing the date.
type year struct {
	free  [13]uint32 // by month, a bit for each day of it
	names map[Date]string
}

func newYear(number int, rules []*cal.Holiday) *year {
	y := &year{names: make(map[Date]string, len(rules))}
	for _, rule := range rules {
		// A holiday near the turn of the year may be observed on the other side:
		// New Year's Day of 2022, a Saturday, was free on 31 December 2021.
		for _, of := range []int{number, number + 1, number - 1} {
			// Some rules note their result in themselves, and all teams share
			// them, so each is worked out on a copy.
			scratch := *rule
			actual, observed := scratch.Calc(of)
			if actual.IsZero() {
				continue
			}
			day, name := dateOfRule(observed), rule.Name
			if day.year != number || y.names[day] != "" {
				continue
			}
			if day != dateOfRule(actual) {
				name += " (observed)"
			}
			y.names[day] = name
			y.free[day.month] |= 1 << day.day
		}
	}
	return y
}

// dateOfRule reads the date of a rule. Rules answer with midnight in the zone of
// the machine, or with an hour before it where that midnight is skipped; six hours
// later is the day meant.
func dateOfRule(t time.Time) Date { return DateOf(t.Add(6 * time.Hour)) }
