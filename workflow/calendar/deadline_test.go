package calendar_test

import (
	"testing"

	"cloudimage/workflow/calendar"
)

func TestDeadline(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		options calendar.Options
		from    string
		n       int
		want    string
	}{
		{"Weekdays", calendar.Options{}, "2026-11-23 10:00 +00:00", 3, "2026-11-26 17:00 +00:00"},
		{"OverTheWeekend", calendar.Options{}, "2026-11-26 10:00 +00:00", 3, "2026-12-01 17:00 +00:00"},
		{"ReleasedOnFriday", calendar.Options{}, "2026-11-27 23:59 +00:00", 1, "2026-11-30 17:00 +00:00"},
		{"ReleasedOnSaturday", calendar.Options{}, "2026-11-28 00:00 +00:00", 1, "2026-11-30 17:00 +00:00"},
		{"ReleasedOnSunday", calendar.Options{}, "2026-11-29 12:00 +00:00", 1, "2026-11-30 17:00 +00:00"},
		{"ReleasedOnMonday", calendar.Options{}, "2026-11-30 00:00 +00:00", 1, "2026-12-01 17:00 +00:00"},
		{"AfterCloseCountsAsThatDay", calendar.Options{}, "2026-11-24 22:00 +00:00", 1, "2026-11-25 17:00 +00:00"},
		{"Zero", calendar.Options{}, "2026-11-24 22:00 +00:00", 0, "2026-11-24 17:00 +00:00"},
		{"ZeroOnSaturday", calendar.Options{}, "2026-11-28 10:00 +00:00", 0, "2026-11-30 17:00 +00:00"},
		{"Back", calendar.Options{}, "2026-11-30 10:00 +00:00", -1, "2026-11-27 17:00 +00:00"},
		{"Thanksgiving", calendar.Options{Countries: []string{"us"}},
			"2026-11-24 10:00 +00:00", 3, "2026-11-30 17:00 +00:00"},
		{"YearEnd", calendar.Options{Countries: []string{"us"}},
			"2026-12-31 10:00 +00:00", 1, "2027-01-04 17:00 +00:00"},
		{"YearEndWithTheHolidayBeforeIt", calendar.Options{Countries: []string{"us"}},
			"2027-12-30 10:00 +00:00", 1, "2028-01-03 17:00 +00:00"},
		{"LeapDay", calendar.Options{}, "2028-02-28 10:00 +00:00", 1, "2028-02-29 17:00 +00:00"},

		{"LocalDateIsTheTeams", calendar.Options{Zone: "America/Los_Angeles"},
			"2026-11-25 03:00 +00:00", 1, "2026-11-25 17:00 -08:00"},
		{"LocalDateIsAheadOfUTC", calendar.Options{Zone: "Pacific/Auckland"},
			"2026-11-24 11:00 +00:00", 1, "2026-11-26 17:00 +13:00"},
		{"SpringForward", calendar.Options{Zone: "Europe/Berlin"},
			"2026-03-27 10:00 +01:00", 1, "2026-03-30 17:00 +02:00"},
		{"FallBack", calendar.Options{Zone: "Europe/Berlin"},
			"2026-10-23 10:00 +02:00", 1, "2026-10-26 17:00 +01:00"},
		{"SpringForwardInTheWest", calendar.Options{Zone: "America/New_York"},
			"2026-03-06 10:00 -05:00", 1, "2026-03-09 17:00 -04:00"},
		{"FallBackInTheWest", calendar.Options{Zone: "America/New_York"},
			"2026-10-30 10:00 -04:00", 1, "2026-11-02 17:00 -05:00"},
		{"HalfHourZone", calendar.Options{Zone: "Asia/Kolkata"},
			"2026-11-23 18:29 +00:00", 1, "2026-11-24 17:00 +05:30"},
		{"HalfHourZoneNextDay", calendar.Options{Zone: "Asia/Kolkata"},
			"2026-11-23 18:30 +00:00", 1, "2026-11-25 17:00 +05:30"},
		{"QuarterHourZone", calendar.Options{Zone: "Asia/Kathmandu"},
			"2026-11-23 10:00 +05:45", 2, "2026-11-25 17:00 +05:45"},
		{"HalfHourClockChange", calendar.Options{Zone: "Australia/Lord_Howe"},
			"2026-10-02 10:00 +10:30", 1, "2026-10-05 17:00 +11:00"},
		{"OtherHours", calendar.Options{Close: "18:30"},
			"2026-11-23 10:00 +00:00", 1, "2026-11-24 18:30 +00:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCalendar(t, tt.options)
			if got := shown(c.Deadline(moment(t, tt.from), tt.n)); got != tt.want {
				t.Errorf("Deadline(%s, %d) = %s, want %s", tt.from, tt.n, got, tt.want)
			}
		})
	}
}

func TestBefore(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{Zone: "Europe/London", Countries: []string{"gb"}})
	for _, tt := range []struct {
		target string
		n      int
		want   string
	}{
		{"2026-11-26", 1, "2026-11-25 17:00 +00:00"},
		{"2026-11-30", 1, "2026-11-27 17:00 +00:00"},
		{"2026-11-28", 1, "2026-11-27 17:00 +00:00"},
		{"2026-11-26", 0, "2026-11-26 17:00 +00:00"},
		{"2026-11-28", 0, "2026-11-27 17:00 +00:00"},
		{"2026-12-28", 0, "2026-12-24 17:00 +00:00"},
		{"2027-01-04", 4, "2026-12-24 17:00 +00:00"},
		{"2026-10-27", 2, "2026-10-23 17:00 +01:00"},
		{"2026-11-26", -1, "2026-11-27 17:00 +00:00"},
	} {
		if got := shown(c.Before(date(t, tt.target), tt.n)); got != tt.want {
			t.Errorf("Before(%s, %d) = %s, want %s", tt.target, tt.n, got, tt.want)
		}
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{Zone: "America/New_York", Countries: []string{"us"}})
	for _, tt := range []struct {
		from, to string
		want     int
	}{
		{"2026-11-24 09:00 -05:00", "2026-11-24 23:00 -05:00", 0},
		{"2026-11-24 23:59 -05:00", "2026-11-25 00:00 -05:00", 1},
		{"2026-11-24 09:00 -05:00", "2026-11-30 09:00 -05:00", 3},
		{"2026-11-27 09:00 -05:00", "2026-11-29 09:00 -05:00", 0},
		{"2026-11-28 09:00 -05:00", "2026-11-30 09:00 -05:00", 1},
		{"2026-11-30 09:00 -05:00", "2026-11-24 09:00 -05:00", -3},
		{"2026-11-29 09:00 -05:00", "2026-11-27 09:00 -05:00", 0},
		{"2026-10-30 12:00 -04:00", "2026-11-02 12:00 -05:00", 1},
		// The same moments are other dates in New York.
		{"2026-11-25 02:00 +00:00", "2026-11-25 12:00 +00:00", 1},
	} {
		if got := c.Between(moment(t, tt.from), moment(t, tt.to)); got != tt.want {
			t.Errorf("Between(%s, %s) = %d, want %d", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestLate(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{})
	const due = "2026-11-27 17:00 +00:00" // a Friday
	for _, tt := range []struct {
		now  string
		want int
	}{
		{"2026-11-20 09:00 +00:00", 0},
		{"2026-11-27 17:00 +00:00", 0},
		{"2026-11-27 17:01 +00:00", 0},
		{"2026-11-29 12:00 +00:00", 0},
		{"2026-11-30 00:00 +00:00", 1},
		{"2026-12-01 09:00 +00:00", 2},
		{"2026-12-07 09:00 +00:00", 6},
	} {
		if got := c.Late(moment(t, due), moment(t, tt.now)); got != tt.want {
			t.Errorf("Late(%s) = %d, want %d", tt.now, got, tt.want)
		}
	}
}
