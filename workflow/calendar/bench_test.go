package calendar_test

import (
	"testing"
	"time"

	"cloudimage/workflow/calendar"
)

func benchCalendar(b *testing.B) (*calendar.Calendar, time.Time) {
	c := newCalendar(b, calendar.Options{Zone: "America/New_York", Countries: []string{"us"}})
	return c, time.Date(2026, time.November, 24, 15, 0, 0, 0, time.UTC)
}

func BenchmarkDeadline10(b *testing.B) {
	c, from := benchCalendar(b)
	b.ReportAllocs()
	for b.Loop() {
		c.Deadline(from, 10)
	}
}

func BenchmarkDeadline10Parallel(b *testing.B) {
	c, from := benchCalendar(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Deadline(from, 10)
		}
	})
}

func BenchmarkLate(b *testing.B) {
	c, now := benchCalendar(b)
	due := now.AddDate(0, 0, -14)
	for b.Loop() {
		c.Late(due, now)
	}
}

func BenchmarkWorking(b *testing.B) {
	c, now := benchCalendar(b)
	for b.Loop() {
		c.Working(now)
	}
}

func BenchmarkExplain(b *testing.B) {
	c, from := benchCalendar(b)
	for b.Loop() {
		_ = c.Explain(from, 3).String()
	}
}

func BenchmarkMaxDays(b *testing.B) {
	c, from := benchCalendar(b)
	for b.Loop() {
		c.Deadline(from, calendar.MaxDays)
	}
}

// BenchmarkFirstUse is a new team asking about a year for the first time.
func BenchmarkFirstUse(b *testing.B) {
	from := time.Date(2026, time.November, 24, 15, 0, 0, 0, time.UTC)
	for b.Loop() {
		newCalendar(b, calendar.Options{Countries: []string{"us"}}).Deadline(from, 10)
	}
}
