// Package moment reads the moments that people name when they move a clock
// forward: "tomorrow 09:30", "2026-12-01", three working days from now. It is
// pure: it is given the time and the zone.
//
// A wall time that a zone skips when its clocks go forward comes out as much
// later as they go (half past two is half past three); one that comes twice is
// the first of the two that is yet to come.
package moment

import (
	"fmt"
	"strings"
	"time"
)

// Morning is the time of a day that is named without one.
const Morning = "09:00"

// Forms says in words what Parse reads.
const Forms = `"09:30", "tomorrow 09:30", "2026-12-01", "2026-12-01 09:30" or a time like 2026-12-01T09:30:00Z`

// Parse reads a moment, as it is meant at now in the zone:
//
//   - "09:30" is the next time it is half past nine, today or tomorrow;
//   - "today 09:30" and "tomorrow 09:30" are on that day;
//   - "2026-12-01 09:30", with a space or a T, is on that date;
//   - a day without a time is its Morning;
//   - an RFC 3339 time is what it is, in whatever zone.
//
// It reads the past, too; whoever moves a clock refuses it.
func Parse(text string, now time.Time, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	if wall, err := clock(text); err == nil {
		return NextTime(now, wall, zone), nil
	}
	if t, err := time.Parse("2006-01-02T15:04", text); err == nil {
		return Wall{t.Hour(), t.Minute()}.on(t, now, zone), nil
	}
	day, hours, _ := strings.Cut(strings.ToLower(text), " ")
	if hours == "" {
		hours = Morning
	}
	wall, err := clock(strings.TrimSpace(hours))
	if err != nil {
		return time.Time{}, unread(text)
	}
	switch day {
	case "today":
		return wall.on(today(now, zone), now, zone), nil
	case "tomorrow":
		return Tomorrow(now, wall, zone), nil
	}
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}, unread(text)
	}
	return wall.on(date, now, zone), nil
}

func unread(text string) error {
	return fmt.Errorf("%q is no moment this clock knows: write %s", text, Forms)
}

// Wall is a time of day.
type Wall struct{ Hour, Minute int }

// clock reads "09:30" and "9:30".
func clock(text string) (Wall, error) {
	t, err := time.Parse("15:04", text)
	return Wall{t.Hour(), t.Minute()}, err
}

// ParseWall reads a time of day, "09:30".
func ParseWall(text string) (Wall, error) {
	w, err := clock(strings.TrimSpace(text))
	if err != nil {
		return w, fmt.Errorf("%q is no time of day: write it like 09:30", text)
	}
	return w, nil
}

// today is the date in the zone, at midnight UTC: dates are counted without hours,
// as a zone may lack some.
func today(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
}

// on is the time of day on the date of d. Where it comes
// twice it is the first that is after now, else the first.
func (w Wall) on(d, now time.Time, zone *time.Location) time.Time {
	first, second := w.both(d, zone)
	if !first.After(now) && second.After(now) {
		return second
	}
	return first
}

// both are the moments at which the zone's clocks show the time on that date.
// They are one where it comes once.
func (w Wall) both(d time.Time, zone *time.Location) (first, second time.Time) {
	bare := time.Date(d.Year(), d.Month(), d.Day(), w.Hour, w.Minute, 0, 0, time.UTC)
	// The offsets before and after whatever change there may be on that day.
	first = bare.Add(-offset(bare.AddDate(0, 0, -1), zone))
	second = bare.Add(-offset(bare.AddDate(0, 0, 1), zone))
	switch {
	case w.shownAt(first, bare, zone) && w.shownAt(second, bare, zone):
		return first, second
	case w.shownAt(second, bare, zone):
		return second, second
	}
	return first, first // of those that are skipped, too: the old offset makes them later
}

func (w Wall) shownAt(t, bare time.Time, zone *time.Location) bool {
	l := t.In(zone)
	return l.Hour() == w.Hour && l.Minute() == w.Minute && l.Day() == bare.Day()
}

func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// Tomorrow is the time of day on the next date in the zone.
func Tomorrow(now time.Time, w Wall, zone *time.Location) time.Time {
	return w.on(today(now, zone).AddDate(0, 0, 1), now, zone)
}

// NextTime is the next moment after now at which it is the time of day in the
// zone.
func NextTime(now time.Time, w Wall, zone *time.Location) time.Time {
	day := today(now, zone)
	for {
		if t := w.on(day, now, zone); t.After(now) {
			return t
		}
		day = day.AddDate(0, 0, 1)
	}
}

// BusinessDays is the same time of day n business days later in the zone: Monday
// to Friday, without any holidays. From a weekend the first of them is Monday.
func BusinessDays(now time.Time, n int, zone *time.Location) time.Time {
	day := today(now, zone)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			n--
		}
	}
	local, within := now.In(zone), now.Sub(now.Truncate(time.Minute))
	return Wall{local.Hour(), local.Minute()}.on(day, now, zone).Add(within)
}
