package reminder_test

import (
	"context"
	"testing"
	"time"

	"cloudimage/workflow"
)

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// The first business day of a week says that all is on time; other days say
// nothing unless something is late, and then the worst comes first.
func TestDaily(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-20 10:00 America/Los_Angeles")
	late, later := b.partnership("Vultr"), b.partnership("Linode")
	due := func(r *workflow.Run, step workflow.StepID, on workflow.Date) {
		b.do(r.ID, ana, func(a workflow.Act, r *workflow.Run) error {
			return r.SetDue(a, workflow.StepKey{Step: step}, 0, on)
		})
	}
	due(late, "create-issue", "2026-11-24")
	due(later, "create-issue", "2026-11-23")
	daily := func() (out []workflow.Letter) {
		for _, l := range b.letters {
			if l.Clock.Kind == workflow.DailyClock {
				out = append(out, l)
			}
		}
		b.letters = nil
		return out
	}
	b.until("2026-11-23 12:00 America/Los_Angeles")
	monday := daily()
	if len(monday) != 1 {
		t.Fatalf("on Monday there are %d messages", len(monday))
	}
	d, err := b.service.Daily(context.Background(), channel, monday[0].About)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Whole || len(d.Rows) != 0 || len(d.Runs) != 2 {
		t.Errorf("on Monday: whole %v, %d late, %d runs", d.Whole, len(d.Rows), len(d.Runs))
	}
	b.until("2026-11-25 12:00 America/Los_Angeles")
	week := daily()
	if len(week) != 2 {
		t.Fatalf("on Tuesday and Wednesday there are %d messages", len(week))
	}
	if d, err = b.service.Daily(context.Background(), channel, week[1].About); err != nil {
		t.Fatal(err)
	}
	if len(d.Rows) != 2 || d.Rows[0].Run.Partner != "Linode" || d.Rows[0].Late.Days != 2 || d.Rows[1].Late.Days != 1 || d.Whole {
		t.Errorf("on Wednesday: %+v", d)
	}
	// What is done meanwhile is settled, and the message is the same one.
	b.do(later.ID, ana, func(a workflow.Act, r *workflow.Run) error {
		return r.Done(a, workflow.StepKey{Step: "create-issue"}, 0, map[workflow.FieldID]string{"issue": "https://example.com/1"})
	})
	if d, err = b.service.Daily(context.Background(), channel, week[1].About); err != nil {
		t.Fatal(err)
	}
	if !d.Rows[0].Settled || d.Rows[1].Settled {
		t.Errorf("after one is done: %+v", d.Rows)
	}
}

// Where the week begins with a holiday, its first business day tells everything.
func TestWeekBeginsAfterAHoliday(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-12-31 10:00 America/Los_Angeles")
	b.partnership("Vultr")
	b.until("2027-01-18 23:00 America/Los_Angeles") // Martin Luther King's day
	b.letters = nil
	b.until("2027-01-19 23:00 America/Los_Angeles")
	for _, l := range b.letters {
		if l.Clock.Kind != workflow.DailyClock {
			continue
		}
		if d, err := b.service.Daily(context.Background(), channel, l.About); err != nil || !d.Whole {
			t.Errorf("on Tuesday after a free Monday: whole %v, %v", d.Whole, err)
		}
		return
	}
	t.Error("nothing was said on the first business day of the week")
}
