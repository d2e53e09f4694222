package calendar_test

import (
	"testing"

	"cloudimage/workflow/calendar"
)

func TestWorking(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		options calendar.Options
		in, out []string
	}{{
		name: "Defaults",
		in:   []string{"2026-11-24 09:00 +00:00", "2026-11-24 16:59 +00:00", "2026-11-24 18:00 +02:00"},
		out:  []string{"2026-11-24 08:59 +00:00", "2026-11-24 17:00 +00:00", "2026-11-28 12:00 +00:00"},
	}, {
		name:    "Holiday",
		options: calendar.Options{Zone: "America/New_York", Countries: []string{"us"}},
		in:      []string{"2026-11-25 12:00 -05:00", "2026-11-25 21:59 +00:00"},
		out:     []string{"2026-11-26 12:00 -05:00", "2026-11-25 22:00 +00:00"},
	}, {
		name:    "HalfHourZone",
		options: calendar.Options{Zone: "Asia/Kolkata", Open: "10:30", Close: "19:00"},
		in:      []string{"2026-11-24 05:00 +00:00", "2026-11-24 13:29 +00:00"},
		out:     []string{"2026-11-24 04:59 +00:00", "2026-11-24 13:30 +00:00"},
	}, {
		name:    "SkippedOpeningIsAsMuchLater",
		options: calendar.Options{Zone: "Europe/Berlin", Days: []string{"Sun"}, Open: "02:30"},
		in:      []string{"2026-03-29 03:30 +02:00", "2026-03-22 02:30 +01:00"},
		out:     []string{"2026-03-29 03:29 +02:00", "2026-03-29 01:59 +01:00"},
	}, {
		name:    "RepeatedOpeningIsTheFirst",
		options: calendar.Options{Zone: "Europe/Berlin", Days: []string{"Sun"}, Open: "02:30"},
		in:      []string{"2026-10-25 02:30 +02:00", "2026-10-25 02:15 +01:00"},
		out:     []string{"2026-10-25 02:29 +02:00"},
	}, {
		name:    "RepeatedCloseIsTheFirst",
		options: calendar.Options{Zone: "America/New_York", Days: []string{"Sun"}, Open: "00:00", Close: "01:30"},
		in:      []string{"2026-11-01 01:29 -04:00"},
		out:     []string{"2026-11-01 01:30 -04:00", "2026-11-01 01:15 -05:00"},
	}, {
		name:    "MidnightSkipped",
		options: calendar.Options{Zone: "America/Santiago", Days: []string{"Sun"}, Open: "00:00"},
		in:      []string{"2026-09-06 01:00 -03:00"},
		out:     []string{"2026-09-05 23:59 -04:00"},
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCalendar(t, tt.options)
			for _, text := range tt.in {
				if !c.Working(moment(t, text)) {
					t.Errorf("not at work at %s, want at work", text)
				}
			}
			for _, text := range tt.out {
				if c.Working(moment(t, text)) {
					t.Errorf("at work at %s, want not", text)
				}
			}
		})
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	c := newCalendar(t, calendar.Options{Zone: "America/New_York", Countries: []string{"us"}})
	for from, want := range map[string]string{
		"2026-11-24 08:59 -05:00": "2026-11-24 09:00 -05:00",
		"2026-11-24 09:00 -05:00": "2026-11-25 09:00 -05:00",
		"2026-11-24 12:00 -05:00": "2026-11-25 09:00 -05:00",
		"2026-11-25 20:00 -05:00": "2026-11-27 09:00 -05:00",
		"2026-11-26 08:00 -05:00": "2026-11-27 09:00 -05:00",
		"2026-11-28 08:00 -05:00": "2026-11-30 09:00 -05:00",
		"2026-10-30 20:00 -04:00": "2026-11-02 09:00 -05:00",
		"2026-03-06 20:00 -05:00": "2026-03-09 09:00 -04:00",
	} {
		if got := shown(c.Next(moment(t, from))); got != want {
			t.Errorf("Next(%s) = %s, want %s", from, got, want)
		}
	}
}
