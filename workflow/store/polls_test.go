package store_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// A project is asked as long as a run has something in it, and a month longer.
func TestProjectsAreThoseOfRuns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := tracks(t, o)
		one, two := s.follows("DigitalOcean"), s.follows("Vultr")
		projects := func(since time.Time) (out []workflow.Poll) {
			t.Helper()
			out, err := s.TrackedProjects(ctx, since)
			must(t, err)
			return out
		}
		if got := projects(start); got != nil {
			t.Errorf("before anything is there: %v", got)
		}
		for _, step := range []string{"s1", "s2", "s3", "s4", "s5"} {
			s.update(one.ID, s.done(step))
		}
		s.inStep(one.ID, "link-s1", "acme", 1)
		s.inStep(one.ID, "link-t1", "acme", 2)
		s.inStep(one.ID, "link-b1", "acme", 1)
		s.inStep(two.ID, "link-s1", "other", 1)
		want := []workflow.Poll{{Project: "acme"}, {Project: "acme", Merge: true}, {Project: "other"}}
		if diff := cmp.Diff(want, projects(start)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		known, at := start.Add(-time.Hour), start.Add(time.Minute)
		if mine, err := s.SavePoll(ctx, want[1], known, at); err != nil || !mine {
			t.Errorf("noted: %v, %v", mine, err)
		}
		want[1].Known, want[1].At = known, at
		if diff := cmp.Diff(want, projects(start)); diff != "" {
			t.Errorf("once it was asked (-want +got):\n%s", diff)
		}
		s.update(two.ID, func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: start, Reason: "It ends."})
		})
		if diff := cmp.Diff(want, projects(start.Add(-time.Millisecond))); diff != "" {
			t.Errorf("of a run that has just ended (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want[:2], projects(start)); diff != "" {
			t.Errorf("of a run that ended long ago (-want +got):\n%s", diff)
		}
	})
}

// Of several who have read the same, one notes how far the changes are known.
func TestPollIsNotedByOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := tracks(t, o)
		stores := []*store.Store{s.Store}
		if strings.HasPrefix(o.DSN, "postgres") {
			stores = append(stores, tracks(t, o).Store)
		}
		read := workflow.Poll{Project: "acme"}
		for round := range 3 {
			at := start.Add(time.Duration(round+1) * time.Minute)
			var mine atomic.Int64
			var all sync.WaitGroup
			for i := range 6 {
				all.Go(func() {
					ok, err := stores[i%len(stores)].SavePoll(ctx, read, start, at)
					if err != nil {
						t.Error(err)
					}
					if ok {
						mine.Add(1)
					}
				})
			}
			all.Wait()
			// The first row is made by whoever comes first.
			if got := mine.Load(); got != 1 {
				t.Errorf("round %d was noted by %d", round, got)
			}
			if ok, err := s.SavePoll(ctx, workflow.Poll{Project: "acme", At: start.Add(-time.Hour)}, start, at); err != nil || ok {
				t.Errorf("who has read something older notes it: %v, %v", ok, err)
			}
			read.At = at
		}
		if ok, err := s.SavePoll(ctx, workflow.Poll{Project: "acme", Merge: true}, start, start); err != nil || !ok {
			t.Errorf("the merge requests of a project are noted with its issues: %v, %v", ok, err)
		}
	})
}

// Runs that were open before there was a tracker get their items when it comes.
func TestOpenRunsGetTheirItems(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := tracks(t, o)
		s.close()
		s.options.Tracks = false
		s = s.reopen()
		r, ended := s.follows("DigitalOcean"), s.follows("Vultr")
		r = s.update(r.ID, s.done("s2"))
		s.update(ended.ID, func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: start, Reason: "It ends."})
		})
		if got := s.facts(r.ID); got != nil {
			t.Errorf("without a tracker there are %v", got)
		}
		if _, ok, err := s.TrackedAt(context.Background(), "acme", 1, false); err != nil || ok {
			t.Errorf("without a tracker something is there: %v", err)
		}
		s.close()
		s.options.Tracks = true
		s = s.reopen()
		if diff := cmp.Diff([]workflow.FactName{"doc", "link-s1"}, s.facts(r.ID)); diff != "" {
			t.Errorf("when it comes (-want +got):\n%s", diff)
		}
		if got := s.facts(ended.ID); got != nil {
			t.Errorf("a run that has ended gets %v", got)
		}
		if got := s.item(r.ID, "link-s1"); got.Wanted != r.Version || got.Written != 0 {
			t.Errorf("it is %+v", got)
		}
		// Another start changes nothing.
		at := s.inStep(r.ID, "link-s1", "acme", 1)
		s = s.reopen()
		if diff := cmp.Diff(at, s.item(r.ID, "link-s1")); diff != "" {
			t.Errorf("after another start (-want +got):\n%s", diff)
		}
	})
}

// Time that is moved by hand stops where an item has something to do.
func TestItemsAreAmongWhatIsDue(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := tracks(t, o)
		r := s.follows("DigitalOcean")
		must(t, s.Statements(ctx, "DELETE FROM clocks"))
		due := func(what string, want time.Time) {
			t.Helper()
			at, ok, err := s.NextDue(ctx)
			if err != nil || ok != !want.IsZero() || ok && !at.Equal(want) {
				t.Errorf("%s it is due %s, %v, %v, want %s", what, at, ok, err, want)
			}
		}
		due("behind", time.Time{}) // at once, which needs no clock
		at := s.item(r.ID, "link-s1")
		at.RetryAt = start.Add(time.Hour)
		s.saves(at, "", workflow.SaveNoted)
		due("to be tried later", start.Add(time.Hour))
		at.NoteAt = start.Add(time.Minute)
		s.saves(at, "", workflow.SaveNoted)
		due("with a note to come", start.Add(time.Minute))
		at.Written, at.NoteAt = at.Wanted, time.Time{}
		s.saves(at, "", workflow.SaveNoted)
		due("in step", time.Time{})
	})
}

// Looking for what is behind, or for what has changed, does not read what is in step.
func TestItemsAreFoundByAnIndex(t *testing.T) {
	t.Parallel()
	s := tracks(t, options(sqlite(t)))
	behind, at, err := s.TrackedPlans(context.Background())
	must(t, err)
	if strings.Contains(behind, "SCAN") || !strings.Contains(behind, "tracked_behind") || !strings.Contains(behind, "tracked_note") {
		t.Errorf("what is behind is read by\n%s", behind)
	}
	if strings.Contains(at, "SCAN") || !strings.Contains(at, "tracked_place") {
		t.Errorf("what is at a place is read by\n%s", at)
	}
}
