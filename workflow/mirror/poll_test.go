package mirror

import (
	"fmt"
	"testing"
	"time"

	"cloudimage/workflow"
)

// spread is a world whose runs have issues in several projects, and that is at
// rest.
func spread(t *testing.T, projects int) (*world, []workflow.RunID) {
	w := newWorld(t, func(o *Options) { o.Recipes = nil })
	var runs []workflow.RunID
	for i := range projects {
		id := w.begins(fmt.Sprint("Partner ", i))
		w.gives(id, w.write(pat, fmt.Sprint("project", i), "By hand", "").URL)
		runs = append(runs, id)
	}
	w.waits(5 * time.Minute)
	w.taken("")
	return w, runs
}

// isTime lets time pass until it asks again.
func (w *world) isTime() {
	if at := w.mirror.next; at.After(w.clock()) {
		w.at.Store(at.UnixNano())
	}
}

// polls lets it ask n times what has changed, and returns how many projects it
// asked each time.
func (w *world) polls(n int) (asked []int) {
	w.t.Helper()
	for range n {
		w.taken("")
		w.isTime()
		w.turn()
		asked = append(asked, len(w.taken("changed ")))
	}
	return asked
}

// While something happens all projects are asked, each time; in a lull they take
// turns, so that it costs one call.
func TestProjectsTakeTurnsInALull(t *testing.T) {
	t.Parallel()
	w, runs := spread(t, 3)
	for _, n := range w.polls(4) {
		if n != 3 {
			t.Errorf("of three projects %d were asked", n)
		}
	}
	w.advance(lively)
	asked := map[string]bool{}
	for range 3 {
		w.taken("")
		w.isTime()
		w.turn()
		calls := w.taken("changed ")
		if len(calls) != 1 {
			t.Fatalf("in a lull %q were asked", calls)
		}
		asked[calls[0][:len("changed project0")]] = true
	}
	if len(asked) != 3 {
		t.Errorf("in three turns only %v were asked", asked)
	}
	w.as(pat, w.place(runs[1]), Commented, "something", nil)
	w.polls(3)
	if got := w.heard(runs[1]); len(got) != 1 {
		t.Errorf("after each had its turn it heard %q", got)
	}
	if n := w.polls(1); n[0] != 3 {
		t.Errorf("after a change %d were asked", n[0])
	}
}

// Several bots do not ask in the same second.
func TestPollIsNeverEarlyAndATenthLateAtMost(t *testing.T) {
	t.Parallel()
	w, _ := spread(t, 1)
	seen := map[time.Duration]bool{}
	for range 40 {
		w.isTime()
		w.turn()
		wait := w.mirror.next.Sub(w.clock())
		if seen[wait] = true; wait < time.Minute || wait > time.Minute+6*time.Second {
			t.Errorf("it asks after %s", wait)
		}
		w.advance(wait - time.Nanosecond)
		w.taken("")
		w.turn()
		w.counted("changed", 0)
	}
	if len(seen) < 20 {
		t.Errorf("it asks after one of %d times", len(seen))
	}
}

// What could not be asked is asked from the same moment on, and the others go on.
func TestPollAsksAgainForWhatFailed(t *testing.T) {
	t.Parallel()
	for _, failure := range []Failure{Forbidden, Gone, Unreachable} {
		w, runs := spread(t, 2)
		w.before = failing("changed project0", 1, failure, 0)
		w.as(pat, w.place(runs[0]), Commented, "first", nil)
		w.as(pat, w.place(runs[1]), Commented, "second", nil)
		w.advance(10 * time.Second)
		w.polls(1)
		if got := w.heard(runs[0]); len(got) != 0 {
			t.Fatalf("%s: it heard %q though it could not ask", failure, got)
		}
		if got, want := len(w.heard(runs[1])), map[bool]int{false: 1, true: 0}[failure.Everything()]; got != want {
			t.Errorf("%s: the other heard %d comments, want %d", failure, got, want)
		}
		w.waits(3 * time.Minute)
		for i, r := range runs {
			if got := w.heard(r); len(got) != 1 {
				t.Errorf("%s: afterwards project %d heard %q", failure, i, got)
			}
		}
	}
}

// What could not be read to its end is read again, and nothing twice.
func TestPollReadsAgainWhatItCouldNotRead(t *testing.T) {
	t.Parallel()
	w, runs := spread(t, 2)
	w.before = failing("activity project0", 1, Unreachable, 0)
	w.as(pat, w.place(runs[0]), Commented, "first", nil)
	w.as(pat, w.place(runs[1]), Commented, "second", nil)
	w.waits(3 * time.Minute)
	for i, r := range runs {
		if got := w.heard(r); len(got) != 1 {
			t.Errorf("project %d heard %q", i, got)
		}
	}
}

// A tracker does not date an issue anew when somebody writes soon after a change.
// It is looked at once more, and what was written is not lost.
func TestCommentWithoutANewDateIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(20 * time.Minute)
	w.done(r, "gather-documentation")
	w.settle()
	w.quiet = true
	w.advance(30 * time.Second)
	w.as(pat, w.place(r), Commented, "right after", nil)
	w.as(bot, w.place(r), Commented, "our own", nil)
	w.waits(lookAgain - 31*time.Second)
	if got := w.heard(r); len(got) != 0 {
		t.Errorf("it heard %q before it looked", got)
	}
	w.waits(2 * time.Second)
	if got := w.heard(r); len(got) != 1 || got[0] != "pat: right after" {
		t.Errorf("it heard %q", got)
	}
	w.quiet = false
	w.waits(20 * time.Minute)
	if got := w.heard(r); len(got) != 1 {
		t.Errorf("it heard %q", got)
	}
}

// Internal notes are told of without their text, and what bots write is not.
func TestCommentsAreToldAsTheyMayBe(t *testing.T) {
	t.Parallel()
	w, runs := spread(t, 1)
	at := w.place(runs[0])
	w.as(pat, at, Commented, "open", nil)
	w.as(Account{ID: 9, Handle: "another-bot", Bot: true}, at, Commented, "a bot's", nil)
	w.Lock()
	w.act(Activity{Kind: Commented, Author: pat, Text: "their price is 3", Internal: true}, at, nil)
	w.Unlock()
	w.waits(2 * time.Minute)
	got := w.heard(runs[0])
	if len(got) != 2 || got[0] != "pat: open" || got[1] != "pat: (an internal note: read it there)" {
		t.Errorf("it heard %q", got)
	}
}

// What runs have ended long ago is not asked for.
func TestEndedRunsAreFollowedForAMonth(t *testing.T) {
	t.Parallel()
	w, runs := spread(t, 1)
	w.does(runs[0], ana, func(act workflow.Act, r *workflow.Run) error { return r.Cancel(act) })
	w.waits(20 * time.Minute)
	if !w.issue(w.place(runs[0])).Closed {
		t.Error("it is not closed")
	}
	w.advance(followedFor - time.Hour)
	if n := w.polls(1); n[0] != 1 {
		t.Errorf("shortly before a month %d projects are asked", n[0])
	}
	w.advance(2 * time.Hour)
	if n := w.polls(1); n[0] != 0 {
		t.Errorf("after a month %d projects are asked", n[0])
	}
}
