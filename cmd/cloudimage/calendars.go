package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
)

// calendars answers for the business days of teams; see workflow.Calendars.
type calendars struct {
	byTeam map[workflow.TeamID]*calendar.Calendar
	other  *calendar.Calendar
}

var _ workflow.Calendars = calendars{}

func newCalendars(c Config) (calendars, error) {
	var errs []error
	read := func(path string, from Calendar) *calendar.Calendar {
		out, problems := from.calendar()
		for _, p := range problems {
			errs = append(errs, c.source.at(path+"."+p.Field, "%s", p.Problem))
		}
		return out
	}
	out := calendars{byTeam: map[workflow.TeamID]*calendar.Calendar{}, other: read("calendar", c.Calendar)}
	for _, id := range slices.Sorted(maps.Keys(c.Teams)) {
		if own := c.Teams[id].Calendar; own != nil {
			out.byTeam[id] = read("teams."+string(id)+".calendar", *own)
		}
	}
	return out, errors.Join(errs...)
}

// calendar is the calendar that was configured, or all that is wrong with it.
func (c Calendar) calendar() (*calendar.Calendar, []*calendar.OptionError) {
	var problems []*calendar.OptionError
	o := calendar.Options{Zone: c.Zone, Days: c.Days, Open: c.Open, Close: c.Close, Countries: c.Countries, Worked: c.Worked}
	for i, h := range c.Holidays {
		day, err := calendar.ParseDate(h.Date)
		if err != nil {
			problems = append(problems, &calendar.OptionError{Field: fmt.Sprintf("holidays[%d].date", i), Problem: err.Error()})
			continue
		}
		o.Holidays = append(o.Holidays, calendar.Holiday{Date: day, Name: h.Name})
	}
	out, err := calendar.New(o)
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			if p, ok := errors.AsType[*calendar.OptionError](err); ok {
				problems = append(problems, p)
			}
		}
	}
	return out, problems
}

func (c calendars) of(team workflow.TeamID) *calendar.Calendar {
	if own, ok := c.byTeam[team]; ok {
		return own
	}
	return c.other
}

// After implements [workflow.Calendars].
func (c calendars) After(team workflow.TeamID, from time.Time, n int) time.Time {
	return c.of(team).Deadline(from, n)
}

// Before implements [workflow.Calendars].
func (c calendars) Before(team workflow.TeamID, target workflow.Date, n int) time.Time {
	return c.of(team).Before(calendar.DateOf(target.Time()), n)
}

// At implements [workflow.Calendars].
func (c calendars) At(team workflow.TeamID, date workflow.Date) time.Time {
	return c.of(team).Closing(calendar.DateOf(date.Time()))
}

// Opening implements [workflow.Calendars].
func (c calendars) Opening(team workflow.TeamID, from time.Time, n int) time.Time {
	own := c.of(team)
	return own.Opening(own.Shift(own.Date(from), n))
}

// Between implements [workflow.Calendars].
func (c calendars) Between(team workflow.TeamID, from, to time.Time) int {
	return c.of(team).Between(from, to)
}

// Reason implements [commands.Reasons].
func (c calendars) Reason(team workflow.TeamID, from workflow.Date, n int) string {
	own, day := c.of(team), calendar.DateOf(from.Time())
	if n < 0 {
		return own.ExplainBefore(day, -n).Reason()
	}
	return own.Explain(own.Closing(day), n).Reason()
}
