package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Explanation is a deadline with the way it was counted. Its texts speak in the
// team's zone.
type Explanation struct {
	From    Date      // the day counted from, which itself does not count
	Days    int       // business days after From; negative when planned back
	Due     time.Time // the deadline, in the team's zone
	Skipped []Skip    // the days in between that did not count, in order of date
}

// A Skip is a day that was passed over.
type Skip struct {
	Date    Date
	Holiday string // its name; "" for a day of rest that is no holiday
	Rest    bool   // the team's week does not have this day, holiday or not
}

// Explain returns [Calendar.Deadline] with its reasons.
func (c *Calendar) Explain(from time.Time, n int) Explanation {
	day := c.Date(from)
	return c.explain(day, bound(n), c.Shift(day, n))
}

// ExplainBefore returns [Calendar.Before] with its reasons.
func (c *Calendar) ExplainBefore(target Date, n int) Explanation {
	return c.explain(target, -bound(n), c.back(target, n))
}

func (c *Calendar) explain(from Date, days int, due Date) Explanation {
	e := Explanation{From: from, Days: days, Due: c.Closing(due)}
	first, last := from, due
	if last.Before(first) {
		first, last = last, first
	}
	for d := first; !d.After(last); d = d.Add(1) {
		// The day counted from is out of the count, not skipped in it; for 0 days
		// it is the first candidate.
		if c.IsBusinessDay(d) || d == from && days != 0 {
			continue
		}
		name, _ := c.Holiday(d)
		e.Skipped = append(e.Skipped, Skip{Date: d, Holiday: name, Rest: !c.IsWorkingDay(d)})
	}
	return e
}

// String returns the deadline and its reason on one line, such as
//
//	due Mon 30 Nov 17:00: 3 business days after Tue 24 Nov, skips Thanksgiving Day
func (e Explanation) String() string { return e.due() + ": " + e.Reason() }

// Reason returns the part of [Explanation.String] after the colon, for where the
// deadline itself is printed in the reader's zone. It names the holidays that cost
// a working day, each once, and leaves weekends out.
func (e Explanation) Reason() string {
	var names []string
	for _, s := range e.Skipped {
		if !s.Rest && !slices.Contains(names, s.Holiday) {
			names = append(names, s.Holiday)
		}
	}
	return e.count() + skips(names)
}

// Detail is String with every skipped day and its date, days of rest too:
//
//	due Mon 30 Nov 17:00: 3 business days after Tue 24 Nov, skips Thanksgiving Day (Thu 26 Nov), Sat 28 Nov and Sun 29 Nov
func (e Explanation) Detail() string {
	var days []string
	for _, s := range e.Skipped {
		text := e.date(s.Date)
		if s.Holiday != "" {
			text = s.Holiday + " (" + text + ")"
		}
		days = append(days, text)
	}
	return e.due() + ": " + e.count() + skips(days)
}

func (e Explanation) due() string {
	return "due " + e.date(DateOf(e.Due)) + e.Due.Format(" 15:04")
}

func (e Explanation) count() string {
	from, n := e.date(e.From), e.Days
	switch order := DateOf(e.Due).Compare(e.From); {
	case n == 1 || n == -1:
		return "1 business day " + side(n) + " " + from
	case n != 0:
		return fmt.Sprintf("%d business days %s %s", max(n, -n), side(n), from)
	case order > 0:
		return "the first business day from " + from
	case order < 0:
		return "the last business day up to " + from
	default:
		return "the same day"
	}
}

func side(n int) string {
	if n < 0 {
		return "before"
	}
	return "after"
}

// date writes a day as people say it, with the year only where there are two.
func (e Explanation) date(d Date) string {
	if e.From.Year() == e.Due.Year() {
		return d.utc().Format("Mon 2 Jan")
	}
	return d.utc().Format("Mon 2 Jan 2006")
}

// skips joins what was skipped as a sentence does: "A, B and C".
func skips(what []string) string {
	switch n := len(what); n {
	case 0:
		return ""
	case 1:
		return ", skips " + what[0]
	default:
		return ", skips " + strings.Join(what[:n-1], ", ") + " and " + what[n-1]
	}
}
