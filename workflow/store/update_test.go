package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

func TestUpdate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		created := s.create("DigitalOcean")
		if created.Number != 1 || created.State != workflow.Running {
			t.Fatalf("created run %d in state %s, want run 1, running", created.Number, created.State)
		}
		after := s.update(created.ID, s.done("s1"))
		if got := after.Steps[workflow.StepKey{Step: "s1"}].Status; got != workflow.Done {
			t.Errorf("step is %s in the answer, want done", got)
		}
		if len(after.Emitted()) != 0 {
			t.Errorf("the answer still holds %d emitted events", len(after.Emitted()))
		}
		read, err := s.Run(ctx, created.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(after, read, comparable); diff != "" {
			t.Errorf("what Update answered and what Run reads differ (-answer +read):\n%s", diff)
		}
	})
}

func TestWhatIsHandedOutBelongsToTheCaller(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		for range 2 { // the second time from the cache
			r.Partner = "changed"
			r.Facts["launch-target"] = "changed"
			r.Steps[workflow.StepKey{Step: "s1"}].Status = workflow.Waived
			read, err := s.Run(context.Background(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			if read.Partner != "DigitalOcean" || read.Facts["launch-target"] == "changed" || read.Steps[workflow.StepKey{Step: "s1"}].Status != workflow.Open {
				t.Fatal("a change to a run that was handed out shows in the store")
			}
			r = read
		}
	})
}

func TestUnknownRun(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		called := false
		_, err := s.Update(ctx, "run_nowhere", s.next(), func(*workflow.Run) error { called = true; return nil })
		if workflow.KindOf(err) != workflow.NotFound || called {
			t.Errorf("Update of an unknown run: %v, called %v, want NotFound and not called", err, called)
		}
		if _, err := s.Run(ctx, "run_nowhere"); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("Run of an unknown run: %v, want NotFound", err)
		}
		if events, err := s.Events(ctx, "run_nowhere", 0, 5); err != nil || len(events) != 0 {
			t.Errorf("Events of an unknown run: %v, %v, want none", events, err)
		}
	})
}

func TestRefusalComesBackUntouchedAndChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		before := s.create("DigitalOcean")
		refusal := errors.New("no")
		request := s.next()
		got, err := s.Update(context.Background(), before.ID, request, func(r *workflow.Run) error {
			if err := s.done("s1")(r); err != nil {
				return err
			}
			return refusal
		})
		if err != refusal || got != nil {
			t.Fatalf("Update answered %v, %v, want no run and the error itself", got, err)
		}
		after, err := s.Run(context.Background(), before.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after, comparable); diff != "" {
			t.Errorf("a refused change left something (-before +after):\n%s", diff)
		}
		// A refused request may be made again: it did nothing.
		again, err := s.Update(context.Background(), before.ID, request, s.done("s1"))
		if err != nil || again.Version == before.Version {
			t.Errorf("the request made again: %v, want it to be done", err)
		}
	})
}

func TestPanicIsTheCallersAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		_, err := s.Update(context.Background(), r.ID, s.next(), func(r *workflow.Run) error {
			r.Partner = "half done"
			panic("a fault")
		})
		var e *workflow.Error
		if !errors.As(err, &e) || e.Kind != workflow.Internal {
			t.Fatalf("Update answered %v, want an Internal error", err)
		}
		if got := s.update(r.ID, s.note("still here")); got.Partner != "DigitalOcean" {
			t.Errorf("the partner is %q after a panic", got.Partner)
		}
	})
}

func TestChangeWithoutEvents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		before := s.create("DigitalOcean")
		request := s.next()
		for range 2 {
			after, err := s.Update(context.Background(), before.ID, request, func(r *workflow.Run) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, after, comparable); diff != "" {
				t.Errorf("a change without events changed the run:\n%s", diff)
			}
		}
		// The request counts as made.
		after, err := s.Update(context.Background(), before.ID, request, s.note("late"))
		if err != nil || after.Version != before.Version {
			t.Errorf("version %d, error %v, want the run as it was", after.Version, err)
		}
	})
}

func TestSameRequest(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		request := s.next()
		var first *workflow.Run
		for i := range 3 {
			got, err := s.Update(context.Background(), r.ID, request, s.done("s1"))
			if err != nil {
				t.Fatalf("the request for the %d. time: %v", i+1, err)
			}
			if first == nil {
				first = got
			}
			if diff := cmp.Diff(first, got, comparable); diff != "" {
				t.Errorf("the request for the %d. time (-first +now):\n%s", i+1, diff)
			}
		}
		// Seen is also what was made before a restart, and the answer is the
		// run as it is now.
		s.update(r.ID, s.done("s2"))
		s = s.reopen()
		got, err := s.Update(context.Background(), r.ID, request, s.done("s1"))
		if err != nil || got.Steps[workflow.StepKey{Step: "s2"}].Status != workflow.Done {
			t.Errorf("the request after a restart: %v, want the run as it is now", err)
		}
	})
}

func TestRequestsAreForgottenAfterAMonth(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		request := s.next()
		again := func(when string, want int64) {
			t.Helper()
			got, err := s.Update(context.Background(), r.ID, request, s.note("a note"))
			if err != nil || got.Version != want {
				t.Errorf("the request made %s: version %d, %v, want %d", when, got.Version, err, want)
			}
		}
		again("first", r.Version+1)
		s.clock.advance(29 * 24 * time.Hour)
		again("after 29 days", r.Version+1)
		s.clock.advance(2 * 24 * time.Hour)
		must(t, s.Ping(context.Background())) // old requests go with whatever is written next
		again("after 31 days", r.Version+2)
	})
}

func TestSameRequestAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		request := s.next()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				got, err := s.Update(context.Background(), r.ID, request, s.note("once"))
				if err != nil || got.Version != r.Version+1 {
					t.Errorf("answered %v, want version %d", err, r.Version+1)
				}
			})
		}
		wg.Wait()
		after, err := s.Run(context.Background(), r.ID)
		if err != nil || after.Version != r.Version+1 {
			t.Errorf("version %d, %v, want %d", after.Version, err, r.Version+1)
		}
	})
}

func TestCreateTwiceWithOneRequest(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		request := s.next()
		ids := make([]workflow.RunID, 10)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				r, err := s.Create(context.Background(), request, s.begin("DigitalOcean"))
				if err != nil {
					t.Error(err)
					return
				}
				ids[i] = r.ID
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("one request made runs %s and %s", ids[0], id)
			}
		}
	})
}

func TestRefusedRunTakesNoNumber(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		s.create("DigitalOcean")
		if _, err := s.Create(context.Background(), s.next(), s.begin("")); workflow.KindOf(err) != workflow.Invalid {
			t.Fatalf("a run without a partner: %v, want Invalid", err)
		}
		if got := s.create("Hetzner").Number; got != 2 {
			t.Errorf("the next run has number %d, want 2", got)
		}
	})
}

func TestCallerThatLeft(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		busy := occupy(s, r.ID)
		ctx, cancel := context.WithCancel(context.Background())
		left := make(chan error)
		go func() {
			_, err := s.Update(ctx, r.ID, s.next(), s.note("not wanted any more"))
			left <- err
		}()
		waitQueued(s, 1)
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("Update answered %v, want that it was cancelled", err)
		}
		busy.end(t)
		if got := s.update(r.ID, s.note("next")); got.Version != r.Version+2 {
			t.Errorf("version %d, want %d: the work of who left was done", got.Version, r.Version+2)
		}
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		busy := occupy(s, r.ID)
		answers := make(chan error, 10)
		for range cap(answers) {
			go func() {
				_, err := s.Update(context.Background(), r.ID, s.next(), s.note("queued"))
				answers <- err
			}()
		}
		waitQueued(s, cap(answers))
		closed := make(chan error)
		go func() { closed <- s.Close() }()
		busy.end(t)
		if err := <-closed; err != nil {
			t.Error(err)
		}
		for range cap(answers) {
			if err := <-answers; err != nil {
				t.Errorf("work that was queued before Close: %v", err)
			}
		}
		if _, err := s.Update(context.Background(), r.ID, s.next(), s.note("late")); workflow.KindOf(err) != workflow.Unavailable {
			t.Errorf("work after Close: %v, want Unavailable", err)
		}
		after, err := s.reopen().Run(context.Background(), r.ID)
		if err != nil || after.Version != r.Version+1+int64(cap(answers)) {
			t.Errorf("version %d after a restart, %v, want %d", after.Version, err, r.Version+1+int64(cap(answers)))
		}
	})
}
