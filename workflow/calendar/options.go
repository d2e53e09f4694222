package calendar

import (
	"cmp"
	"errors"
	"fmt"
)

// Options describe a team's calendar in the words of its configuration. The zero
// value is a calendar in UTC, Monday to Friday, 09:00 to 17:00, without holidays.
type Options struct {
	// Zone is an IANA time zone such as "Europe/Berlin". Defaults to "UTC".
	Zone string

	// Days are the working days of the week, such as "Mon" or "monday".
	// Defaults to Monday to Friday.
	Days []string

	// Open is when the team starts, such as "08:30". Defaults to "09:00".
	Open string

	// Close is the close of business, later on the same day, at most "23:59".
	// Defaults to "17:00".
	Close string

	// Countries are those whose holidays are free, such as "us", or "de-by"
	// where regions differ; [Countries] has them all. Defaults to none.
	Countries []string

	// Worked are holidays of Countries that the team works all the same, by
	// their name, such as "Columbus Day". Defaults to none.
	Worked []string

	// Holidays are further free days of the team. Defaults to none.
	Holidays []Holiday
}

// An OptionError is one thing wrong with [Options].
type OptionError struct {
	Field   string // as a configuration names it: "zone", "countries[1]"
	Problem string // what is wrong and what cures it
}

// Error returns the field and the problem.
func (e *OptionError) Error() string { return e.Field + ": " + e.Problem }

// New returns the calendar that the options describe. When any are wrong its error
// joins an [OptionError] for each, so that they can be put right in one go.
func New(o Options) (*Calendar, error) {
	var p problems
	c := &Calendar{
		zone:      parseZone(&p, cmp.Or(o.Zone, "UTC")),
		week:      parseWeek(&p, o.Days),
		countries: parseCountries(&p, o.Countries, o.Worked),
		own:       parseHolidays(&p, o.Holidays),
	}
	c.opens, c.closes = parseHours(&p, cmp.Or(o.Open, "09:00"), cmp.Or(o.Close, "17:00"))
	if len(p) > 0 {
		return nil, errors.Join(p...)
	}
	return c, nil
}

// problems collects what is wrong with the options.
type problems []error

func (p *problems) add(field, format string, args ...any) {
	*p = append(*p, &OptionError{Field: field, Problem: fmt.Sprintf(format, args...)})
}

// item names an element of a list option.
func item(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
