package store_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// comparable compares runs by what is kept of them.
var comparable = cmpopts.IgnoreUnexported(workflow.Run{})

// occupied is a writer that waits inside a piece of work.
type occupied struct {
	release chan struct{}
	answer  chan error
}

// occupy makes the writer wait until end is called; what is queued meanwhile is
// one batch.
func occupy(s *bundle, id workflow.RunID) *occupied {
	o := &occupied{make(chan struct{}), make(chan error, 1)}
	entered := make(chan struct{})
	var once sync.Once
	go func() {
		_, err := s.Update(context.Background(), id, s.next(), func(r *workflow.Run) error {
			once.Do(func() { close(entered) })
			<-o.release
			return s.note("busy")(r)
		})
		o.answer <- err
	}()
	<-entered
	return o
}

func (o *occupied) end(t *testing.T) {
	t.Helper()
	close(o.release)
	if err := <-o.answer; err != nil {
		t.Error(err)
	}
}

// waitQueued returns when n pieces of work wait for an occupied writer.
func waitQueued(s *bundle, n int) {
	for s.Queued() < n+1 {
		runtime.Gosched()
	}
}

// sizes notes the batches of a store.
type sizes struct {
	mu  sync.Mutex
	all []store.Batch
}

func (s *sizes) add(b store.Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, b)
}

func (s *sizes) have(size int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.all, func(b store.Batch) bool { return b.Size == size && !b.Failed })
}

func TestWhatQueuesSharesACommit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		var batches sizes
		o.OnBatch = batches.add
		s := open(t, o)
		runs := []workflow.RunID{s.create("A").ID, s.create("B").ID, s.create("C").ID}
		refusal := errors.New("no")
		busy := occupy(s, runs[0])
		const callers = 40
		answers := make([]error, callers)
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				_, answers[i] = s.Update(context.Background(), runs[i%len(runs)], s.next(), func(r *workflow.Run) error {
					switch i {
					case 10:
						return refusal
					case 20:
						panic("a fault")
					}
					return s.note("shared")(r)
				})
			})
		}
		waitQueued(s, callers)
		busy.end(t)
		wg.Wait()
		for i, err := range answers {
			switch {
			case i == 10 && err != refusal:
				t.Errorf("the refused one was answered %v, want its own error", err)
			case i == 20 && workflow.KindOf(err) != workflow.Internal:
				t.Errorf("the panicking one was answered %v, want Internal", err)
			case i != 10 && i != 20 && err != nil:
				t.Errorf("caller %d, a neighbour of the refused one: %v", i, err)
			}
		}
		if !batches.have(callers) {
			t.Errorf("no batch of %d in %v", callers, batches.all)
		}
		notes := 0
		for _, id := range runs {
			events, err := s.Events(context.Background(), id, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Type == workflow.NoteAdded && e.Text == "shared" {
					notes++
				}
			}
		}
		if notes != callers-2 {
			t.Errorf("%d notes are kept, want %d", notes, callers-2)
		}
	})
}

func TestFailureIsNotTheNeighbours(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		busy := occupy(s, r.ID)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if _, err := s.Update(context.Background(), r.ID, s.next(), s.note("kept")); err != nil {
					t.Error(err)
				}
			})
		}
		failed := make(chan error)
		go func() {
			failed <- s.Statements(context.Background(), "UPDATE counters SET value = 7 WHERE name = 'pulse'", "INSERT INTO counters (name, value) VALUES ('nonsense', 1)")
		}()
		waitQueued(s, 6)
		busy.end(t)
		wg.Wait()
		if err := <-failed; workflow.KindOf(err) != workflow.Unavailable || !strings.Contains(err.Error(), "counters_name") {
			t.Errorf("the failing statement was answered %v, want Unavailable and the name of the constraint", err)
		}
		after, err := s.Run(context.Background(), r.ID)
		if err != nil || after.Version != r.Version+6 {
			t.Errorf("version %d, %v, want %d", after.Version, err, r.Version+6)
		}
	})
}

func TestFailedCommitKeepsNothing(t *testing.T) {
	t.Parallel()
	// A constraint that SQLite checks at the end of the transaction stands for
	// a disk that gives up there.
	var batches sizes
	o := options(sqlite(t))
	o.OnBatch = batches.add
	s := open(t, o)
	r := s.create("DigitalOcean")
	busy := occupy(s, r.ID)
	answers := make(chan error, 6)
	for range 5 {
		go func() {
			_, err := s.Update(context.Background(), r.ID, s.next(), s.note("lost"))
			answers <- err
		}()
	}
	go func() {
		answers <- s.Statements(context.Background(), "PRAGMA defer_foreign_keys = 1",
			"INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('nowhere', 1, '', '2026-03-03T09:00:00.000Z', '', '', '', '')")
	}()
	waitQueued(s, cap(answers))
	busy.end(t)
	for range cap(answers) {
		if err := <-answers; workflow.KindOf(err) != workflow.Unavailable {
			t.Errorf("answered %v, want Unavailable", err)
		}
	}
	if last := batches.all[len(batches.all)-1]; !last.Failed || last.Size != 6 {
		t.Errorf("the last batch is %+v, want a failed one of 6", last)
	}
	// The next change builds on what was kept, not on what was lost.
	if got := s.update(r.ID, s.note("next")); got.Version != r.Version+2 {
		t.Errorf("version %d, want %d", got.Version, r.Version+2)
	}
	after, err := s.reopen().Run(context.Background(), r.ID)
	if err != nil || after.Version != r.Version+2 {
		t.Errorf("version %d after a restart, %v, want %d", after.Version, err, r.Version+2)
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := open(t, options(sqlite(t)))
	r := s.create("DigitalOcean")
	if err := s.Statements(context.Background(), "PRAGMA max_page_count = 1"); err != nil { // the size it has
		t.Fatal(err)
	}
	kept := r.Version
	long := strings.Repeat("a long note ", 200)
	var err error
	for range 100 {
		var after *workflow.Run
		if after, err = s.Update(context.Background(), r.ID, s.next(), s.note(long)); err != nil {
			break
		}
		kept = after.Version
	}
	if workflow.KindOf(err) != workflow.Unavailable {
		t.Fatalf("a full disk was answered %v, want Unavailable", err)
	}
	if err := s.Statements(context.Background(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if got := s.update(r.ID, s.note("room again")); got.Version != kept+1 {
		t.Errorf("version %d once there was room, want %d", got.Version, kept+1)
	}
}
