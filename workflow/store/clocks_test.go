package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// nextRun is when the next clock of a run runs out; the zero time when none does.
func (b *bundle) nextRun() time.Time {
	b.t.Helper()
	due, err := b.Due(context.Background(), start.AddDate(1000, 0, 0), 1)
	must(b.t, err)
	if len(due) == 0 {
		return time.Time{}
	}
	return due[0].At
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		if at, ok, err := s.NextDue(ctx); err != nil || ok {
			t.Errorf("an empty database is due at %v, %v", at, err)
		}
		r := s.create("DigitalOcean")
		due := closing(workflow.DateOf(start.AddDate(0, 0, 1))) // s1, a day after it opened
		if at := s.nextRun(); !at.Equal(due) {
			t.Errorf("next due at %v, want %v", at, due)
		}
		if n, err := s.FireDue(ctx, due.Add(-time.Millisecond)); err != nil || n != 0 {
			t.Errorf("before it is due: fired %d, %v", n, err)
		}
		if n, err := s.FireDue(ctx, due); err != nil || n != 1 {
			t.Errorf("when it is due: fired %d, %v, want 1", n, err)
		}
		after, err := s.Run(ctx, r.ID)
		must(t, err)
		if !after.Steps[workflow.StepKey{Step: "s1"}].Overdue || after.Steps[workflow.StepKey{Step: "s2"}].Overdue {
			t.Error("not just the step that is due is overdue")
		}
		if n, err := s.FireDue(ctx, due); err != nil || n != 0 {
			t.Errorf("again: fired %d, %v, want none", n, err)
		}
		// A new date sets it again, even one it was due at before.
		s.update(r.ID, func(r *workflow.Run) error {
			return r.SetDue(s.act(ana), workflow.StepKey{Step: "s1"}, 0, workflow.DateOf(due))
		})
		if n, err := s.FireDue(ctx, due); err != nil || n != 1 {
			t.Errorf("with a date of its own: fired %d, %v, want 1", n, err)
		}
		// After its last date it is never due, nor is a run that has ended.
		if n, err := s.FireDue(ctx, due.AddDate(1, 0, 0)); err != nil || n != 1 {
			t.Errorf("a year later: fired %d, %v, want 1", n, err)
		}
		if at := s.nextRun(); !at.IsZero() {
			t.Errorf("with all overdue it is due at %v", at)
		}
		other := s.create("Hetzner")
		s.update(other.ID, func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: start, Reason: "It ends."})
		})
		if at := s.nextRun(); !at.IsZero() {
			t.Errorf("a cancelled run is due at %v", at)
		}
	})
}

func TestTimerThatIsWrongIsSetRight(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		s.create("DigitalOcean")
		right := s.nextRun()
		must(t, s.Statements(ctx, "UPDATE clocks SET due_at = '2020-01-01T00:00:00.000Z' WHERE kind = 'run'"))
		if n, err := s.FireDue(ctx, start); err != nil || n != 0 {
			t.Errorf("fired %d, %v, want none", n, err)
		}
		if at := s.nextRun(); !at.Equal(right) {
			t.Errorf("next due at %v, want %v", at, right)
		}
		// That it ran out too soon does not keep it from running out in time.
		if n, err := s.FireDue(ctx, right); err != nil || n != 1 {
			t.Errorf("in time: fired %d, %v, want 1", n, err)
		}
	})
}

func TestManyTimersFireOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		const count = 150
		for range count {
			s.create("DigitalOcean")
		}
		later := start.AddDate(0, 0, 1).Add(10 * time.Hour)
		// Two sweepers at once, as two replicas would.
		var fired atomic.Int64
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				n, err := s.FireDue(ctx, later)
				if err != nil {
					t.Error(err)
				}
				fired.Add(int64(n))
			})
		}
		wg.Wait()
		runs, err := s.Open(ctx, count)
		must(t, err)
		for _, r := range runs {
			events, err := s.Events(ctx, r.ID, 0, 2)
			must(t, err)
			if events[0].Type != workflow.StepOverdue || events[1].Type == workflow.StepOverdue {
				t.Errorf("%s ends in %s, %s, want one step.overdue", r.Name(), events[1].Type, events[0].Type)
			}
		}
		if due, err := s.Due(ctx, later, count); err != nil || len(due) != 0 {
			t.Errorf("%d runs are still due, %v", len(due), err)
		}
		if fired.Load() < count {
			t.Errorf("the sweepers report %d fired, want %d at least", fired.Load(), count)
		}
	})
}

func TestClocks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		s.create("DigitalOcean")
		must(t, s.Statements(ctx, "DELETE FROM clocks WHERE kind <> 'run'"))
		morning := workflow.Clock{Kind: workflow.MorningClock, Subject: "U0ANA", Due: start.Add(time.Hour), Sent: start.Add(-time.Hour)}
		daily := workflow.Clock{Kind: workflow.DailyClock, Subject: "C0CARDS", Due: start.Add(2 * time.Hour)}
		later := workflow.Clock{Kind: workflow.MorningClock, Subject: "U0OMAR", Due: start.AddDate(0, 1, 0)}
		for _, c := range []workflow.Clock{later, daily, morning} {
			must(t, s.SetClock(ctx, c))
		}
		// What is set without a time of the last message keeps the one it has.
		must(t, s.SetClock(ctx, workflow.Clock{Kind: morning.Kind, Subject: morning.Subject, Due: morning.Due}))
		if at, ok, err := s.NextDue(ctx); err != nil || !ok || !at.Equal(morning.Due) {
			t.Errorf("next due at %v, %v, %v, want %v", at, ok, err, morning.Due)
		}
		for at, want := range map[time.Duration][]workflow.Clock{
			time.Hour - time.Millisecond: nil,
			time.Hour:                    {morning},
			200 * time.Hour:              {morning, daily},
		} {
			got, err := s.Clocks(ctx, start.Add(at), 10)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("run out after %s (-want +got):\n%s", at, diff)
			}
		}
		if got, err := s.Clocks(ctx, start.AddDate(1, 0, 0), 2); err != nil || len(got) != 2 {
			t.Errorf("of three, two are %v, %v", got, err)
		}
		// They are not fired with those of runs.
		if _, err := s.FireDue(ctx, start.AddDate(1, 0, 0)); err != nil {
			t.Error(err)
		}
		if got, err := s.Clocks(ctx, start.AddDate(1, 0, 0), 10); err != nil || len(got) < 3 {
			t.Errorf("after runs were fired there are %v, %v", got, err)
		}
	})
}
