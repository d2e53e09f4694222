package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"cloudimage/workflow/calendar"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-11-30", "2024-02-29", "0001-01-01", "9999-12-31"} {
		if got, err := calendar.ParseDate(text); err != nil || got.String() != text {
			t.Errorf("ParseDate(%q) = %q, %v; want it back", text, got, err)
		}
	}
	for _, text := range []string{"", "2026-02-29", "2026-13-01", "2026-1-1", "30/11/2026", "2026-11-30T00:00:00Z", "tomorrow"} {
		if got, err := calendar.ParseDate(text); err == nil || !got.IsZero() {
			t.Errorf("ParseDate(%q) = %q, %v; want an error and no date", text, got, err)
		}
	}
	_, err := calendar.ParseDate("30/11")
	if want := `"30/11" is not a date; write year, month and day, such as 2026-11-30`; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestDateJSON(t *testing.T) {
	t.Parallel()
	type launch struct {
		Target calendar.Date         `json:"target"`
		Agreed calendar.Date         `json:"agreed"`
		Left   calendar.Date         `json:"left,omitzero"`
		Notes  map[calendar.Date]int `json:"notes"`
	}
	day := calendar.NewDate(2026, time.November, 30)
	text, err := json.Marshal(launch{Target: day, Notes: map[calendar.Date]int{day: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"target":"2026-11-30","agreed":"","notes":{"2026-11-30":1}}`; string(text) != want {
		t.Errorf("marshalled %s, want %s", text, want)
	}
	var back launch
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if back.Target != day || !back.Agreed.IsZero() || back.Notes[day] != 1 {
		t.Errorf("unmarshalled %+v", back)
	}
	if err := json.Unmarshal([]byte(`{"target":"soon"}`), &back); err == nil {
		t.Error(`"soon" was taken for a date`)
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	// Every step from one day to the next agrees with the time package, over a
	// span with a leap century in it.
	at := time.Date(1995, time.December, 1, 12, 0, 0, 0, time.UTC)
	d := calendar.DateOf(at)
	for range 365 * 15 {
		next := at.AddDate(0, 0, 1)
		if got := d.Add(1); got != calendar.DateOf(next) || got.Add(-1) != d || !d.Before(got) || !got.After(d) {
			t.Fatalf("%s: the next day is %s, want %s", d, got, next)
		}
		if d.Weekday() != at.Weekday() {
			t.Fatalf("%s: %s, want %s", d, d.Weekday(), at.Weekday())
		}
		d, at = d.Add(1), next
	}
	if got := calendar.NewDate(2026, time.October, 32).String(); got != "2026-11-01" {
		t.Errorf("32 October is %s, want 2026-11-01", got)
	}
	if got := calendar.NewDate(2026, time.January, 1).Add(-400).String(); got != "2024-11-27" {
		t.Errorf("400 days earlier is %s, want 2024-11-27", got)
	}
}

func TestDateIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ date, zone, want string }{
		{"2026-11-30", "UTC", "2026-11-30 00:00 +00:00"},
		{"2026-11-30", "Asia/Kolkata", "2026-11-30 00:00 +05:30"},
		{"2026-03-29", "Europe/Berlin", "2026-03-29 00:00 +01:00"},
		{"2026-03-30", "Europe/Berlin", "2026-03-30 00:00 +02:00"},
		{"2026-10-25", "Europe/Berlin", "2026-10-25 00:00 +02:00"},
		{"2026-10-26", "Europe/Berlin", "2026-10-26 00:00 +01:00"},
		// These clocks change at midnight: it is skipped, then it comes twice.
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04 01:00 -02:00"},
		{"2024-03-31", "Asia/Beirut", "2024-03-31 01:00 +03:00"},
		{"2024-10-27", "Asia/Beirut", "2024-10-27 00:00 +02:00"},
		{"2026-11-01", "America/Havana", "2026-11-01 00:00 -04:00"},
	} {
		loc, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(date(t, tt.date).In(loc)); got != tt.want {
			t.Errorf("%s in %s begins at %s, want %s", tt.date, tt.zone, got, tt.want)
		}
	}
}
