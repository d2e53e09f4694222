package clock

import (
	"testing"
	"time"
)

func TestTheClockMovesToMomentsThatPeopleName(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c := New(testNow)
	for _, step := range []struct {
		name string
		move func() error
		want string
	}{
		{"tomorrow in Berlin", func() error { return c.Tomorrow(t.Context(), "09:30", berlin) }, "2025-11-26T08:30:00Z"},
		{"half past nine in UTC", func() error { return c.AdvanceToMoment(t.Context(), "09:30", nil) }, "2025-11-26T09:30:00Z"},
		{"three business days", func() error { return c.AdvanceBusinessDays(t.Context(), 3, berlin) }, "2025-12-01T09:30:00Z"},
		{"a date", func() error { return c.AdvanceToMoment(t.Context(), "2026-04-01", berlin) }, "2026-04-01T07:00:00Z"},
	} {
		if err := step.move(); err != nil || c.Now().Format(time.RFC3339) != step.want {
			t.Errorf("%s: %s, %v; want %s", step.name, c.Now().Format(time.RFC3339), err, step.want)
		}
	}
	for name, err := range map[string]error{
		"the past":    c.AdvanceToMoment(t.Context(), "2026-01-01", nil),
		"no moment":   c.AdvanceToMoment(t.Context(), "soon", nil),
		"no time":     c.Tomorrow(t.Context(), "noon", nil),
		"no days":     c.AdvanceBusinessDays(t.Context(), 0, nil),
		"an eternity": c.AdvanceBusinessDays(t.Context(), 1<<30, nil),
	} {
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
