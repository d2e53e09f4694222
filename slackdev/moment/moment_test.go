package moment

import (
	"strings"
	"testing"
	"time"
)

func in(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func utc(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestMomentsAreReadAsTheyAreMeantInAZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, zone, text, want string }{
		{"2026-11-26T08:00:00Z", "Etc/UTC", "09:30", "2026-11-26T09:30:00Z"},
		{"2026-11-26T09:30:00Z", "Etc/UTC", "09:30", "2026-11-27T09:30:00Z"}, // not now: the next time
		{"2026-11-26T09:30:00Z", "Etc/UTC", "9:30", "2026-11-27T09:30:00Z"},
		{"2026-11-26T08:00:00Z", "Etc/UTC", " tomorrow 09:30 ", "2026-11-27T09:30:00Z"},
		{"2026-11-26T08:00:00Z", "Etc/UTC", "Tomorrow", "2026-11-27T09:00:00Z"},
		{"2026-11-26T08:00:00Z", "Etc/UTC", "today 17:00", "2026-11-26T17:00:00Z"},
		{"2026-11-26T08:00:00Z", "Etc/UTC", "2026-12-01", "2026-12-01T09:00:00Z"},
		{"2026-11-26T08:00:00Z", "Etc/UTC", "2026-12-01 09:30", "2026-12-01T09:30:00Z"},
		{"2026-11-26T08:00:00Z", "Etc/UTC", "2026-12-01T09:30", "2026-12-01T09:30:00Z"},
		{"2026-11-26T08:00:00Z", "Etc/UTC", "2026-12-01T09:30:00+02:00", "2026-12-01T07:30:00Z"},
		{"2026-11-26T08:00:00Z", "Europe/Berlin", "09:30", "2026-11-26T08:30:00Z"},
		{"2026-11-26T20:00:00Z", "Asia/Kolkata", "tomorrow 09:30", "2026-11-28T04:00:00Z"}, // it is the 27th there
		{"2026-11-26T20:00:00Z", "Asia/Kolkata", "09:30", "2026-11-27T04:00:00Z"},
		{"2026-11-26T02:00:00Z", "America/Los_Angeles", "tomorrow 09:30", "2026-11-26T17:30:00Z"}, // it is the 25th there
		{"2026-12-31T20:00:00Z", "Etc/UTC", "tomorrow 00:15", "2027-01-01T00:15:00Z"},
	} {
		got, err := Parse(c.text, utc(t, c.now), in(t, c.zone))
		if err != nil || !got.Equal(utc(t, c.want)) {
			t.Errorf("%q at %s in %s: %s, %v; want %s", c.text, c.now, c.zone, got.UTC().Format(time.RFC3339), err, c.want)
		}
	}
}

func TestWhatIsNoMomentIsRefusedWithTheForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "soon", "25:00", "tomorrow 9.30", "2026-13-01", "2026-02-30 10:00", "yesterday 09:30", "tomorrow 09:30 sharp", "T", "09:30 tomorrow"} {
		if got, err := Parse(text, utc(t, "2026-11-26T08:00:00Z"), time.UTC); err == nil || !strings.Contains(err.Error(), `"tomorrow 09:30"`) {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	if _, err := ParseWall("noon"); err == nil || !strings.Contains(err.Error(), "like 09:30") {
		t.Error(err)
	}
	if w, err := ParseWall(" 09:30 "); err != nil || w != (Wall{9, 30}) {
		t.Error(w, err)
	}
}

func TestClocksThatGoForwardAndBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, zone, text, want string }{
		// In Berlin half past two is skipped on 29 March and comes twice on 25 October.
		{"2026-03-28T12:00:00Z", "Europe/Berlin", "tomorrow 02:30", "2026-03-29T01:30:00Z"}, // 03:30 there
		{"2026-03-28T12:00:00Z", "Europe/Berlin", "tomorrow 01:30", "2026-03-29T00:30:00Z"},
		{"2026-03-28T12:00:00Z", "Europe/Berlin", "tomorrow 03:30", "2026-03-29T01:30:00Z"},
		{"2026-03-28T12:00:00Z", "Europe/Berlin", "tomorrow 09:30", "2026-03-29T07:30:00Z"}, // summer by then
		{"2026-10-24T12:00:00Z", "Europe/Berlin", "tomorrow 02:30", "2026-10-25T00:30:00Z"},
		{"2026-10-25T00:30:00Z", "Europe/Berlin", "02:30", "2026-10-25T01:30:00Z"}, // the second of the two
		{"2026-10-25T01:30:00Z", "Europe/Berlin", "02:30", "2026-10-26T01:30:00Z"},
		{"2026-10-24T12:00:00Z", "Europe/Berlin", "tomorrow 09:30", "2026-10-25T08:30:00Z"},
		// In New York it is 8 March and 1 November.
		{"2026-03-07T12:00:00Z", "America/New_York", "tomorrow 02:30", "2026-03-08T07:30:00Z"},
		{"2026-10-31T12:00:00Z", "America/New_York", "tomorrow 01:30", "2026-11-01T05:30:00Z"},
		// Lord Howe Island goes by half an hour; South of the equator summer is in January.
		{"2026-10-03T12:00:00Z", "Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45:00Z"}, // 02:45 there
		{"2026-10-03T00:00:00Z", "Australia/Sydney", "2026-10-04 09:00", "2026-10-03T22:00:00Z"},
	} {
		got, err := Parse(c.text, utc(t, c.now), in(t, c.zone))
		if err != nil || !got.Equal(utc(t, c.want)) {
			t.Errorf("%q at %s in %s: %s, %v; want %s", c.text, c.now, c.zone, got.UTC().Format(time.RFC3339), err, c.want)
		}
	}
}

func TestBusinessDaysSkipWeekendsAndKeepTheTimeOfDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		now, zone string
		n         int
		want      string
	}{
		{"2026-11-26T15:04:05Z", "Etc/UTC", 1, "2026-11-27T15:04:05Z"}, // Thursday
		{"2026-11-27T15:04:05Z", "Etc/UTC", 1, "2026-11-30T15:04:05Z"},
		{"2026-11-28T15:00:00Z", "Etc/UTC", 1, "2026-11-30T15:00:00Z"},
		{"2026-11-29T15:00:00Z", "Etc/UTC", 5, "2026-12-04T15:00:00Z"},
		{"2026-11-26T15:00:00Z", "Etc/UTC", 10, "2026-12-10T15:00:00Z"},
		{"2026-11-26T15:00:00Z", "Etc/UTC", 0, "2026-11-26T15:00:00Z"},
		{"2026-11-27T20:00:00Z", "Asia/Kolkata", 1, "2026-11-29T20:00:00Z"},  // Saturday there; Monday 01:30
		{"2026-03-27T08:30:00Z", "Europe/Berlin", 1, "2026-03-30T07:30:00Z"}, // summer since Sunday
	} {
		if got := BusinessDays(utc(t, c.now), c.n, in(t, c.zone)); !got.Equal(utc(t, c.want)) {
			t.Errorf("%d from %s in %s: %s, want %s", c.n, c.now, c.zone, got.UTC().Format(time.RFC3339), c.want)
		}
	}
}

// Whatever the zone and the moment, tomorrow's time is tomorrow's and to come.
func TestTomorrowIsAlwaysTomorrow(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns", "Etc/UTC"} {
		zone := in(t, name)
		for hour := range 366 * 24 {
			now := utc(t, "2026-01-01T00:17:00Z").Add(time.Duration(hour) * time.Hour)
			got := Tomorrow(now, Wall{9, 30}, zone).In(zone)
			want := now.In(zone).AddDate(0, 0, 1)
			if got.Day() != want.Day() || got.Hour() != 9 || got.Minute() != 30 || !got.After(now) {
				t.Fatalf("%s at %s: %s", name, now, got)
			}
			if next := NextTime(now, Wall{2, 30}, zone); !next.After(now) || next.Sub(now) > 26*time.Hour {
				t.Fatalf("%s at %s: next %s", name, now, next)
			}
		}
	}
}
