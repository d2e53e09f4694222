package surface

import (
	"fmt"
	"strings"
	"time"
)

// date writes a moment as <!date> does, in the reader's zone.
func (r *Reader) date(unix int64, format string) string {
	zone := r.Zone
	if zone == nil {
		zone = time.UTC
	}
	at := time.Unix(unix, 0).In(zone)
	now := r.Now.In(zone)
	ordinal := fmt.Sprintf("%d%s", at.Day(), suffix(at.Day()))
	long := at.Format("January ") + ordinal + at.Format(", 2006")
	divider := long // without the year while it is this one
	if at.Year() == now.Year() {
		divider = at.Format("January ") + ordinal
	}
	pretty := func(plain string) string {
		day := func(t time.Time) string { return t.Format(time.DateOnly) }
		switch day(at) {
		case day(now):
			return "today"
		case day(now.AddDate(0, 0, 1)):
			return "tomorrow"
		case day(now.AddDate(0, 0, -1)):
			return "yesterday"
		}
		return plain
	}
	return strings.NewReplacer(
		"{date_num}", at.Format(time.DateOnly), "{date_slash}", at.Format("2006/01/02"),
		"{date_short_pretty}", pretty(at.Format("Jan 2, 2006")), "{date_long_pretty}", pretty(at.Format("Monday, ")+long), "{date_pretty}", pretty(long),
		"{date_short}", at.Format("Jan 2, 2006"), "{date_long}", at.Format("Monday, ")+long, "{date}", long,
		"{date_long_full}", at.Format("January 2, 2006"), "{day_divider_pretty}", pretty(at.Format("Monday, ")+divider),
		"{time_secs}", at.Format("3:04:05 PM"), "{time}", at.Format("3:04 PM"), "{ago}", ago(now.Sub(at)),
	).Replace(format)
}

func suffix(day int) string {
	if day/10 == 1 {
		return "th"
	}
	switch day % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

func ago(d time.Duration) string {
	tail := " ago"
	if d < 0 {
		d, tail = -d, " from now"
	}
	count := func(n int, unit string) string {
		if n != 1 {
			unit += "s"
		}
		return fmt.Sprintf("%d %s%s", n, unit, tail)
	}
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	case d < 24*time.Hour:
		return count(int(d/time.Hour), "hour")
	}
	return count(int(d/(24*time.Hour)), "day")
}
