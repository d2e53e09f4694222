package calendar_test

import (
	"sync"
	"testing"
	"time"

	"cloudimage/workflow/calendar"
)

// newCalendar returns a calendar that its options must allow.
func newCalendar(t testing.TB, o calendar.Options) *calendar.Calendar {
	t.Helper()
	c, err := calendar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func date(t testing.TB, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// moment reads a time with its offset, so that a table shows what the clock change
// does to it.
func moment(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -07:00", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func shown(t time.Time) string { return t.Format("2006-01-02 15:04 -07:00") }

func TestIsBusinessDay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		options calendar.Options
		in, out []string
	}{{
		name: "Defaults",
		in:   []string{"2026-11-23", "2026-11-27", "2026-12-25", "2024-02-29"},
		out:  []string{"2026-11-28", "2026-11-29"},
	}, {
		name:    "UnitedStates",
		options: calendar.Options{Countries: []string{"us"}},
		in:      []string{"2026-11-25", "2026-11-27", "2026-12-24", "2026-12-28", "2026-05-01"},
		out:     []string{"2026-11-26", "2026-12-25", "2026-01-01", "2026-06-19", "2026-10-12"},
	}, {
		name:    "SaturdayHolidayFreeOnFriday",
		options: calendar.Options{Countries: []string{"us"}},
		in:      []string{"2026-07-02", "2026-07-06"},
		out:     []string{"2026-07-03", "2026-07-04"},
	}, {
		name:    "NewYearObservedInTheOldYear",
		options: calendar.Options{Countries: []string{"us"}},
		in:      []string{"2021-12-30", "2022-01-03", "2022-12-30", "2027-12-30", "2028-01-03"},
		out:     []string{"2021-12-31", "2023-01-02", "2027-12-31"},
	}, {
		name:    "WeekendHolidaysFreeOnMondayAndTuesday",
		options: calendar.Options{Countries: []string{"gb"}},
		in:      []string{"2021-12-24", "2021-12-29", "2026-12-24", "2026-12-29"},
		out:     []string{"2021-12-27", "2021-12-28", "2026-12-25", "2026-12-28"},
	}, {
		name:    "WeekendHolidaysLostInGermany",
		options: calendar.Options{Countries: []string{"de"}},
		in:      []string{"2026-12-24", "2026-12-28", "2026-10-02", "2026-10-05"},
		out:     []string{"2026-12-25", "2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25"},
	}, {
		name:    "Region",
		options: calendar.Options{Countries: []string{"DE-BY"}},
		in:      []string{"2026-10-30"},
		out:     []string{"2026-01-06", "2026-06-04"},
	}, {
		name:    "EasterMoves",
		options: calendar.Options{Countries: []string{"fr"}},
		in:      []string{"2025-04-14", "2026-04-13"},
		out:     []string{"2024-04-01", "2025-04-21", "2026-04-06", "2027-03-29"},
	}, {
		name:    "TwoCountries",
		options: calendar.Options{Countries: []string{"nl", "es"}},
		in:      []string{"2026-12-24"},
		out:     []string{"2026-04-27", "2026-10-12", "2026-12-08"},
	}, {
		name:    "WorkedHoliday",
		options: calendar.Options{Countries: []string{"us"}, Worked: []string{"Columbus Day"}},
		in:      []string{"2026-10-12", "2027-10-11"},
		out:     []string{"2026-11-11"},
	}, {
		name: "OwnDates",
		options: calendar.Options{Holidays: []calendar.Holiday{
			{Date: calendar.NewDate(2026, time.December, 24), Name: "Company day"},
			{Date: calendar.NewDate(2260, time.January, 2), Name: "Far away"},
		}},
		in:  []string{"2025-12-24", "2026-12-23", "2026-12-25"},
		out: []string{"2026-12-24", "2260-01-02"},
	}, {
		name:    "SundayToThursday",
		options: calendar.Options{Days: []string{"sun", "Monday", "TUE", "Wed", "thursday"}},
		in:      []string{"2026-11-22", "2026-11-26"},
		out:     []string{"2026-11-27", "2026-11-28"},
	}, {
		name:    "CountriesOnlyInTheYearsTheyAreKnown",
		options: calendar.Options{Countries: []string{"us"}},
		in:      []string{"1969-12-25", "2151-01-01", "0001-12-25"},
		out:     []string{"1970-01-01", "2150-12-25"},
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCalendar(t, tt.options)
			for _, text := range tt.in {
				if d := date(t, text); !c.IsBusinessDay(d) {
					name, _ := c.Holiday(d)
					t.Errorf("%s (%s) is no business day, want one; holiday %q", d, d.Weekday(), name)
				}
			}
			for _, text := range tt.out {
				if d := date(t, text); c.IsBusinessDay(d) {
					t.Errorf("%s (%s) is a business day, want none", d, d.Weekday())
				}
			}
		})
	}
}

func TestHolidayNames(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{
		Countries: []string{"us", "gb"},
		Holidays:  []calendar.Holiday{{Date: calendar.NewDate(2026, time.November, 26), Name: "Turkey"}},
	})
	for text, want := range map[string]string{
		"2026-07-03": "Independence Day (observed)",
		"2026-07-04": "", // moved to the day before
		"2021-12-31": "New Year's Day (observed)",
		"2026-11-26": "Turkey",
		"2026-12-25": "Christmas Day",
		"2026-12-28": "Boxing Day (observed)",
		"2026-11-24": "",
	} {
		if got, ok := c.Holiday(date(t, text)); got != want || ok != (want != "") {
			t.Errorf("Holiday(%s) = %q, %t; want %q", text, got, ok, want)
		}
	}
}

func TestShift(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{Countries: []string{"us"}})
	for _, tt := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-24", 3, "2026-11-30"},
		{"2026-11-24", 0, "2026-11-24"},
		{"2026-11-26", 0, "2026-11-27"},
		{"2026-11-28", 0, "2026-11-30"},
		{"2026-11-30", -3, "2026-11-24"},
		{"2026-11-28", -1, "2026-11-27"},
	} {
		if got := c.Shift(date(t, tt.from), tt.n).String(); got != tt.want {
			t.Errorf("Shift(%s, %d) = %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

// A count that nobody can mean ends all the same, even in a calendar that is free
// for years on end.
func TestShiftEnds(t *testing.T) {
	t.Parallel()
	var shut []calendar.Holiday
	first := calendar.NewDate(2026, time.January, 1)
	for i := range 3 * 365 {
		shut = append(shut, calendar.Holiday{Date: first.Add(i), Name: "Shut"})
	}
	c := newCalendar(t, calendar.Options{Days: []string{"Mon"}, Holidays: shut})
	if got := c.Shift(first, 1).String(); got != "2029-01-01" {
		t.Errorf("first business day after three shut years = %s, want 2029-01-01", got)
	}
	const huge = int(^uint(0) >> 1)
	for _, n := range []int{huge, -huge - 1} {
		limit := calendar.MaxDays
		if n < 0 {
			limit = -limit
		}
		if got, want := c.Shift(first, n), c.Shift(first, limit); got != want {
			t.Errorf("Shift(%d) = %s, want that of %d, %s", n, got, limit, want)
		}
	}
	if got := c.Between(time.Time{}, moment(t, "2026-01-01 00:00 +00:00")); got != calendar.MaxDays {
		t.Errorf("Between(zero time, now) = %d, want %d", got, calendar.MaxDays)
	}
}

// Teams of one country share its rules, and a team's goroutines share its years.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	countries := []string{"us", "de", "jp"}
	shared := newCalendar(t, calendar.Options{Countries: countries})
	var wg sync.WaitGroup
	for range 8 {
		own := newCalendar(t, calendar.Options{Countries: countries})
		wg.Go(func() {
			for d := calendar.NewDate(2000, time.January, 1); d.Year() < 2030; d = d.Add(50) {
				if got, want := shared.Shift(d, 10), own.Shift(d, 10); got != want {
					t.Errorf("Shift(%s, 10) = %s in the shared calendar, %s in another", d, got, want)
				}
			}
		})
	}
	wg.Wait()
}
