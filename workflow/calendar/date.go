package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// A Date is a civil date: a day on the wall, in no time zone. It is always a real
// day; dates compare with ==, and serve as map keys. The zero Date means "no date".
type Date struct {
	year  int
	month time.Month
	day   int
}

// isoDate is how a Date is written everywhere: in files, JSON and the database.
const isoDate = "2006-01-02"

// NewDate returns the date of that year, month and day. A day outside its month
// is carried over, as time.Date does: 32 October is 1 November.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the date that t shows in its own location. For the date a team
// would call it, use [Calendar.Date].
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate reads a date written as 2026-11-30. Its error is a sentence fit for
// the person who wrote the text.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(isoDate, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date; write year, month and day, such as 2026-11-30", text)
	}
	return DateOf(t), nil
}

// String returns the date as 2026-11-30, and "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(isoDate)
}

// Year returns the year, such as 2026.
func (d Date) Year() int { return d.year }

// Month returns the month of the year.
func (d Date) Month() time.Month { return d.month }

// Day returns the day of the month, from 1.
func (d Date) Day() int { return d.day }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// In returns the moment at which the day begins in loc: midnight, or the first
// moment after it where the clocks skip midnight.
func (d Date) In(loc *time.Location) time.Time { return wall(d, 0, loc) }

// Add returns the date n days later, or earlier when n is negative.
func (d Date) Add(n int) Date {
	if day := d.day + n; day >= 1 && day <= 28 {
		return Date{d.year, d.month, day}
	}
	return NewDate(d.year, d.month, d.day+n)
}

// Compare returns -1 when d is before other, 0 when they are the same day, and
// +1 when d is after it.
func (d Date) Compare(other Date) int {
	return cmp.Or(
		cmp.Compare(d.year, other.year),
		cmp.Compare(d.month, other.month),
		cmp.Compare(d.day, other.day),
	)
}

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// Equal is ==, for packages that compare by it.
func (d Date) Equal(other Date) bool { return d == other }

// MarshalText writes the date as [Date.String] does, for JSON, YAML and the like.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; empty text is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

func (d Date) utc() time.Time {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC)
}
