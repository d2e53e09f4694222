package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

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
		if at, ok, err := s.NextDue(ctx); err != nil || !ok || !at.Equal(due) {
			t.Errorf("next due at %v, %v, %v, want %v", at, ok, err, due)
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
		if at, ok, err := s.NextDue(ctx); err != nil || ok {
			t.Errorf("with all overdue it is due at %v, %v", at, err)
		}
		other := s.create("Hetzner")
		s.update(other.ID, func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: start, Reason: "It ends."})
		})
		if at, ok, err := s.NextDue(ctx); err != nil || ok {
			t.Errorf("a cancelled run is due at %v, %v", at, err)
		}
	})
}

func TestTimerThatIsWrongIsSetRight(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		s.create("DigitalOcean")
		right, _, err := s.NextDue(ctx)
		must(t, err)
		must(t, s.Statements(ctx, "UPDATE timers SET due_at = '2020-01-01T00:00:00.000Z'"))
		if n, err := s.FireDue(ctx, start); err != nil || n != 0 {
			t.Errorf("fired %d, %v, want none", n, err)
		}
		if at, ok, err := s.NextDue(ctx); err != nil || !ok || !at.Equal(right) {
			t.Errorf("next due at %v, %v, %v, want %v", at, ok, err, right)
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
			events, err := s.Events(ctx, r.ID, 2)
			must(t, err)
			if events[0].Type != workflow.StepOverdue || events[1].Type == workflow.StepOverdue {
				t.Errorf("%s ends in %s, %s, want one step.overdue", r.Name(), events[1].Type, events[0].Type)
			}
		}
		if due, err := s.Due(ctx, later, count); err != nil || len(due) != 0 {
			t.Errorf("%d timers are still due, %v", len(due), err)
		}
		if fired.Load() < count {
			t.Errorf("the sweepers report %d fired, want %d at least", fired.Load(), count)
		}
	})
}
