package maintenance

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"cloudimage/workflow"
)

// This file is about what is not done twice: after a crash, by replicas, and where a
// person gave it up.

// A run that nobody noted is found again and not made twice.
func TestCrashAfterTheRunBegan(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0")
	w.releases("17.5.1")
	must(t, w.watch.Look(t.Context()))
	w.options.Book = &forgetful{Book: w.store}
	w.restarts()
	if err := w.watch.Reconcile(t.Context()); !errors.Is(err, errCrashed) {
		t.Fatalf("it did not crash: %v", err)
	}
	if open := w.open(); len(open) != 1 || len(w.release("17.5.1").Runs) != 0 {
		t.Fatalf("%d runs are open, and %v are known", len(open), w.release("17.5.1").Runs)
	}
	w.options.Book = w.store
	w.restarts()
	w.lists("azure ee 17.5.0") // meanwhile
	w.pass()
	w.is("17.5.1", "out release aws-ee azure-ee")
	if open := w.open(); len(open) != 1 {
		t.Errorf("%d runs are open", len(open))
	}
	w.rests()
}

var errCrashed = errors.New("the process has ended")

// forgetful is a book that is not there any more when the records of releases are kept.
type forgetful struct{ Book }

func (*forgetful) SaveReleases(context.Context, []workflow.Release, []workflow.Owed) (bool, error) {
	return false, errCrashed
}

// Work that was taken up is done, whatever becomes of who took it up: it fails, or its
// process ends in the middle.
func TestWorkIsNotLostWithWhoTookIt(t *testing.T) {
	t.Parallel()
	for name, book := range map[string]func(w *world) Book{
		"it fails":         func(w *world) Book { return &forgetful{Book: w.store} },
		"it cannot read":   func(w *world) Book { return &blind{Book: w.store} },
		"its process ends": func(w *world) Book { return &forgetful{Book: &mute{Book: w.store}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := began(t, "", "aws ee 17.5.0")
			w.options.Sources = Sources{} // nothing else wakes it
			must(t, w.store.MoveWatch(t.Context(), workflow.WatchSources, w.clock(), time.Time{}))
			w.restarts()
			for did := true; did; {
				var err error
				did, err = w.watch.Fire(t.Context())
				must(t, err)
			}
			tell := workflow.Release{Version: version("17.5.1"), Seen: w.clock(), Rulings: []workflow.Ruling{{Kind: workflow.CatalystRelease, By: omar, At: w.clock()}}}
			if saved, err := w.store.SaveReleases(t.Context(), []workflow.Release{tell}, nil); err != nil || !saved {
				t.Fatalf("it is not told: %v", err)
			}
			w.options.Book = book(w)
			w.restarts()
			if _, err := w.watch.Fire(t.Context()); !errors.Is(err, errCrashed) {
				t.Fatalf("it did not crash: %v", err)
			}
			w.options.Book = w.store
			w.restarts()
			if did, err := w.watch.Fire(t.Context()); err != nil || did {
				t.Errorf("it is done twice at the same time: %v, %v", did, err)
			}
			w.advance(retryAfter)
			if did, err := w.watch.Fire(t.Context()); err != nil || !did {
				t.Errorf("it is not tried again: %v, %v", did, err)
			}
			w.is("17.5.1", "out release aws-ee")
			_, err := w.watch.Fire(t.Context()) // what it has written itself is looked at once
			must(t, err)
			if did, err := w.watch.Fire(t.Context()); err != nil || did {
				t.Errorf("it does not rest: %v, %v", did, err)
			}
		})
	}
}

// blind is a book that cannot be read.
type blind struct{ Book }

func (*blind) Releases(context.Context) ([]workflow.Release, error) { return nil, errCrashed }

// mute is a book that nobody can set anything in.
type mute struct{ Book }

func (*mute) SetWatch(context.Context, workflow.Watch, time.Time) error { return errCrashed }

func (*mute) MoveWatch(context.Context, workflow.Watch, time.Time, time.Time) error {
	return errCrashed
}

// Replicas that find the same work at the same time do it once.
func TestReplicasOpenOneRun(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ce 17.5.0")
	w.secures("17.5.1")
	w.advance(time.Minute)
	replicas := []*Service{w.watch, New(w.options), New(w.options)}
	for range 3 {
		var wg sync.WaitGroup
		for _, s := range replicas {
			wg.Go(func() { must(t, errors.Join(s.Look(t.Context()), s.Reconcile(t.Context()))) })
		}
		wg.Wait()
	}
	if open := w.open(); len(open) != 1 || len(w.release("17.5.1").Runs) != 1 {
		t.Errorf("%d runs are open, and %v are known", len(open), w.release("17.5.1").Runs)
	}
	w.is("17.5.1", "out security aws-ee azure-ce")
	w.rests()
	// And of several watchers one asks the sources.
	w.advance(time.Hour)
	before := w.asked[sourceTags]
	var wg sync.WaitGroup
	for _, s := range replicas {
		wg.Go(func() {
			_, err := s.Fire(t.Context())
			must(t, err)
		})
	}
	wg.Wait()
	if asked := w.asked[sourceTags] - before; asked != 1 {
		t.Errorf("the sources were asked %d times", asked)
	}
}

func TestCancelledRunIsNotOpenedAgain(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0")
	w.releases("17.5.1")
	w.pass()
	run := w.about("17.5.1")
	w.does(omar, run.ID, func(a workflow.Act, r *workflow.Run) error { return r.Cancel(a) })
	w.pass()
	w.is("17.5.1", "dropped release cancelled")
	if owed := w.owed(); len(owed) > 0 {
		t.Errorf("of what is none of ours, %v is owed", owed)
	}
	w.rests()
	board, err := w.watch.Board(t.Context(), Filter{})
	must(t, err)
	if board.Rows[0].Standing != Current {
		t.Errorf("the listing stands as %d", board.Rows[0].Standing)
	}
	// A person may come back to it.
	w.advance(time.Hour)
	if _, err := w.watch.Tell(t.Context(), w.who(omar), version("17.5.1"), workflow.CatalystSecurity, cards); err != nil {
		t.Fatal(err)
	}
	w.is("17.5.1", "out security aws-ee")
	if len(w.release("17.5.1").Runs) != 2 {
		t.Errorf("it has the runs %v", w.release("17.5.1").Runs)
	}
	w.rests()
}

func TestDroppedReleaseCancelsItsRun(t *testing.T) {
	t.Parallel()
	w := began(t, "{ concern: supported-minors, supported: 3 }", "aws ee 17.5.0", "pinned ee 17.5.0 follows 17.5", "free ee")
	w.releases("17.5.1")
	w.pass()
	w.is("17.5.1", "out release aws-ee free-ee pinned-ee")
	w.advance(time.Hour)
	w.releases("17.6.0")
	w.pass()
	w.is("17.5.1", "out release aws-ee pinned-ee")
	w.is("17.6.0", "out release free-ee")
	if _, err := w.watch.Rule(t.Context(), w.who(ned), version("17.6.0"), "", ""); workflow.KindOf(err) != workflow.Denied {
		t.Errorf("anybody can say so: %v", err)
	}
	told, err := w.watch.Rule(t.Context(), w.who(olu), version("17.6.0"), "", "a mistake")
	must(t, err)
	if told.Release.State != workflow.ReleaseDropped || told.Runs[0].Reason != "it is none of ours: a mistake" {
		t.Errorf("it is %s, and its run ended because %q", told.Release.State, told.Runs[0].Reason)
	}
	w.pass()
	w.is("17.6.0", "dropped release cancelled")
	w.is("17.5.1", "out release aws-ee free-ee pinned-ee") // it goes on with what it had given up
	w.rests()
}

func TestWaivedLaneIsNotBroughtUpAgain(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ee 17.5.0")
	w.releases("17.5.1")
	w.pass()
	run := w.about("17.5.1")
	w.does(omar, run.ID, func(a workflow.Act, r *workflow.Run) error {
		return r.Waive(a, workflow.StepKey{Step: "update-image", Listing: "aws-ee-image"}, 0)
	})
	w.pass()
	w.is("17.5.1", "out release azure-ee")
	w.rests()
	w.publishes(run.ID, "azure-ee-image")
	w.completes(run.ID)
	w.pass()
	w.is("17.5.1", "out release complete")
	w.rests()
	// The next release is for it again.
	w.advance(time.Hour)
	w.releases("17.5.2")
	w.pass()
	w.is("17.5.2", "out release aws-ee azure-ee")
}

// completes waives all that is open.
func (w *world) completes(id workflow.RunID) {
	w.Helper()
	run := w.does(omar, id, func(a workflow.Act, r *workflow.Run) error {
		for _, n := range r.Nodes() {
			if n.State.Status == workflow.Open && !r.IsGroup(n.Key) {
				if err := r.Waive(a, n.Key, 0); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if run.State != workflow.Complete {
		w.Fatalf("%s is %s", run.Name(), run.State)
	}
}

func TestListingAddedLater(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0")
	w.releases("17.5.1")
	w.pass()
	w.advance(24 * time.Hour)
	w.lists("azure ee 17.5.0") // while the run is open
	w.is("17.5.1", "out release aws-ee azure-ee")
	first := w.about("17.5.1")
	if l, _ := first.Listing("azure-ee-image"); !l.Since.Equal(w.clock()) || !first.LiveBy(l.ID).After(first.Promise) {
		t.Errorf("it joined since %s, and is to be live by %s", l.Since, first.LiveBy(l.ID))
	}
	w.rests()
	w.publishes(first.ID, "aws-ee-image")
	w.publishes(first.ID, "azure-ee-image")
	w.completes(first.ID)
	w.pass()
	w.lists("ibm ee 17.5.0") // after it was complete
	w.is("17.5.1", "out release ibm-ee")
	if runs := w.release("17.5.1").Runs; len(runs) != 2 || runs[0] != first.ID {
		t.Errorf("it has the runs %v", runs)
	}
	w.rests()
}
