package calendar_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow/calendar"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{
		Countries: []string{"us"},
		Holidays: []calendar.Holiday{
			{Date: calendar.NewDate(2026, time.December, 29), Name: "Winter break"},
			{Date: calendar.NewDate(2026, time.December, 30), Name: "Winter break"},
			{Date: calendar.NewDate(2026, time.December, 31), Name: "Year's end"},
		},
	})
	for _, tt := range []struct {
		from         string
		n            int
		text, detail string
	}{{
		"2026-11-24", 3,
		"due Mon 30 Nov 17:00: 3 business days after Tue 24 Nov, skips Thanksgiving Day",
		"due Mon 30 Nov 17:00: 3 business days after Tue 24 Nov, skips Thanksgiving Day (Thu 26 Nov), Sat 28 Nov and Sun 29 Nov",
	}, {
		"2026-11-30", 1,
		"due Tue 1 Dec 17:00: 1 business day after Mon 30 Nov",
		"due Tue 1 Dec 17:00: 1 business day after Mon 30 Nov",
	}, {
		"2026-11-28", 1,
		"due Mon 30 Nov 17:00: 1 business day after Sat 28 Nov",
		"due Mon 30 Nov 17:00: 1 business day after Sat 28 Nov, skips Sun 29 Nov",
	}, {
		"2026-11-26", 1, // the day counted from is not skipped
		"due Fri 27 Nov 17:00: 1 business day after Thu 26 Nov",
		"due Fri 27 Nov 17:00: 1 business day after Thu 26 Nov",
	}, {
		"2026-12-24", 2,
		"due Mon 4 Jan 2027 17:00: 2 business days after Thu 24 Dec 2026, skips Christmas Day, Winter break, Year's end and New Year's Day",
		"due Mon 4 Jan 2027 17:00: 2 business days after Thu 24 Dec 2026, skips Christmas Day (Fri 25 Dec 2026), Sat 26 Dec 2026, Sun 27 Dec 2026, " +
			"Winter break (Tue 29 Dec 2026), Winter break (Wed 30 Dec 2026), Year's end (Thu 31 Dec 2026), New Year's Day (Fri 1 Jan 2027), " +
			"Sat 2 Jan 2027 and Sun 3 Jan 2027",
	}, {
		"2026-11-30", -3,
		"due Tue 24 Nov 17:00: 3 business days before Mon 30 Nov, skips Thanksgiving Day",
		"due Tue 24 Nov 17:00: 3 business days before Mon 30 Nov, skips Thanksgiving Day (Thu 26 Nov), Sat 28 Nov and Sun 29 Nov",
	}, {
		"2026-11-26", 0,
		"due Fri 27 Nov 17:00: the first business day from Thu 26 Nov, skips Thanksgiving Day",
		"due Fri 27 Nov 17:00: the first business day from Thu 26 Nov, skips Thanksgiving Day (Thu 26 Nov)",
	}, {
		"2026-11-24", 0,
		"due Tue 24 Nov 17:00: the same day",
		"due Tue 24 Nov 17:00: the same day",
	}} {
		from := date(t, tt.from).In(time.UTC)
		e := c.Explain(from, tt.n)
		if got := e.String(); got != tt.text {
			t.Errorf("Explain(%s, %d)\n got %s\nwant %s", tt.from, tt.n, got, tt.text)
		}
		if got := e.Detail(); got != tt.detail {
			t.Errorf("Explain(%s, %d).Detail\n got %s\nwant %s", tt.from, tt.n, got, tt.detail)
		}
		if want := c.Deadline(from, tt.n); !e.Due.Equal(want) {
			t.Errorf("Explain(%s, %d) is due %s, Deadline says %s", tt.from, tt.n, e.Due, want)
		}
	}
}

func TestExplainBefore(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{Zone: "Europe/London", Countries: []string{"gb"}})
	for _, tt := range []struct {
		target string
		n      int
		want   string
	}{
		{"2026-12-29", 1, "due Thu 24 Dec 17:00: 1 business day before Tue 29 Dec, skips Christmas Day and Boxing Day (observed)"},
		{"2026-12-28", 0, "due Thu 24 Dec 17:00: the last business day up to Mon 28 Dec, skips Christmas Day and Boxing Day (observed)"},
		{"2026-11-26", 0, "due Thu 26 Nov 17:00: the same day"},
	} {
		e := c.ExplainBefore(date(t, tt.target), tt.n)
		if got := e.String(); got != tt.want {
			t.Errorf("ExplainBefore(%s, %d)\n got %s\nwant %s", tt.target, tt.n, got, tt.want)
		}
		if want := c.Before(date(t, tt.target), tt.n); !e.Due.Equal(want) {
			t.Errorf("ExplainBefore(%s, %d) is due %s, Before says %s", tt.target, tt.n, e.Due, want)
		}
	}
}

func TestExplanationValue(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{Countries: []string{"de"}})
	got := c.Explain(moment(t, "2026-10-01 08:00 +00:00"), 2)
	want := calendar.Explanation{
		From: date(t, "2026-10-01"),
		Days: 2,
		Due:  moment(t, "2026-10-05 17:00 +00:00"),
		Skipped: []calendar.Skip{
			{Date: date(t, "2026-10-03"), Holiday: "Tag der Deutschen Einheit", Rest: true},
			{Date: date(t, "2026-10-04"), Rest: true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("explanation (-want +got):\n%s", diff)
	}
	if text := got.String(); text != "due Mon 5 Oct 17:00: 2 business days after Thu 1 Oct" {
		t.Errorf("a holiday on a weekend is named: %s", text)
	}
}
