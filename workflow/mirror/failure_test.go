package mirror

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

// The answer to a change was lost: what we wrote is known for ours, and is not
// written again.
func TestWhatWeWroteIsRecognised(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		w := newWorld(t)
		r := w.begins("DigitalOcean")
		w.waits(5 * time.Minute)
		w.taken("")
		w.after = failing("update", 1, Unreachable, 0)
		w.done(r, "gather-documentation")
		w.turn()
		if restart {
			w.restarts()
		}
		w.done(r, "joint-marketing")
		w.waits(20 * time.Second)
		w.counted("update", 2) // the lost one, and one for what was done meanwhile
		w.says(r, "**3 of 14 steps**")
		if kind := w.troubled(r); kind != "" {
			t.Errorf("restarted %v: it is in trouble %q", restart, kind)
		}
	}
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(5 * time.Minute)
	w.taken("")
	w.after = failing("update", 1, Unreachable, 0)
	w.done(r, "gather-documentation")
	w.waits(20 * time.Second)
	w.counted("update", 1)
}

// A tick of the moment in which an answer was lost counts.
func TestTickCountsThoughAnAnswerWasLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(5 * time.Minute)
	w.after = failing("update", 1, Unreachable, 0)
	w.done(r, "gather-documentation")
	w.turn()
	w.tick(pat, w.place(r), "joint-marketing", true)
	w.waits(2 * time.Minute)
	if tick := w.run(r).Steps[key("joint-marketing")].Tick; tick == nil || tick.By.Handle != "pat" {
		t.Errorf("the tick is %+v", tick)
	}
	if kind := w.troubled(r); kind != "" {
		t.Errorf("it is in trouble %q", kind)
	}
	w.says(r, "ticked by @pat, to be accepted in Slack")
}

// What would meet everything keeps everything, for as long as the tracker says or
// as is sensible; documents are made all the same.
func TestGateKeepsEverythingButDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		failure Failure
		wait    time.Duration
		closed  time.Duration // after the first failure
		told    workflow.TroubleKind
	}{
		{Limited, 90 * time.Second, 90 * time.Second, ""},
		{Limited, 0, 5 * time.Second, ""},
		{Unauthorized, 0, time.Minute, workflow.Refused},
		{Unreachable, 0, 5 * time.Second, workflow.Unreachable},
		{Unreachable, 30 * time.Second, 30 * time.Second, workflow.Unreachable},
	} {
		docs := &papers{}
		w := newWorld(t, func(o *Options) { o.Documents = docs })
		one, two := w.begins("DigitalOcean"), w.begins("Vultr")
		w.waits(5 * time.Minute)
		w.taken("")
		w.before = failing("", -1, tt.failure, tt.wait)
		w.done(one, "gather-documentation")
		w.done(two, "gather-documentation")
		w.turn()
		if reason, since := w.mirror.Health(); !strings.HasPrefix(reason, string(tt.failure)) || !since.Equal(w.clock()) {
			t.Errorf("%s: it is %q since %s", tt.failure, reason, since)
		}
		w.counted("", 1) // the other is not tried
		three := w.begins("Hetzner")
		w.advance(tt.closed - time.Second)
		w.turn()
		w.counted("", 0)
		if w.run(three).Facts["google-doc"] == "" {
			t.Errorf("%s: documents wait for the tracker", tt.failure)
		}
		w.advance(time.Second)
		w.turn()
		if n := len(w.taken("")); n != 1 {
			t.Errorf("%s: after %s %d calls were made", tt.failure, tt.closed, n)
		}
		w.waits(10 * time.Minute)
		if n := len(w.taken("")); n > 12 {
			t.Errorf("%s: in ten minutes it was tried %d times", tt.failure, n)
		}
		if kind := w.troubled(one); kind != tt.told {
			t.Errorf("%s: the run was told %q, want %q", tt.failure, kind, tt.told)
		}
		w.before = nil
		w.waits(10 * time.Minute)
		for _, r := range []workflow.RunID{one, two} {
			w.says(r, "**2 of 14 steps**")
			if kind := w.troubled(r); kind != "" {
				t.Errorf("%s: afterwards %s is in trouble %q", tt.failure, r, kind)
			}
		}
		w.says(three, "**1 of 14 steps**")
		if reason, since := w.mirror.Health(); reason != "" || !since.IsZero() {
			t.Errorf("%s: afterwards it is %q since %s", tt.failure, reason, since)
		}
	}
}

func TestBackOffGrowsAndEnds(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{
		-1: 5 * time.Second, 0: 5 * time.Second, 1: 5 * time.Second, 2: 10 * time.Second, 6: 160 * time.Second, 7: 5 * time.Minute, 1 << 30: 5 * time.Minute,
	} {
		if got := backoff(failures); got != want {
			t.Errorf("after %d failures it waits %s, want %s", failures, got, want)
		}
	}
}

// What is wrong with one item is no reason to keep the others.
func TestOneItemDoesNotHoldOthers(t *testing.T) {
	t.Parallel()
	for _, failure := range []Failure{Rejected, Forbidden} {
		w := newWorld(t)
		one, two := w.begins("DigitalOcean"), w.begins("Vultr")
		w.waits(5 * time.Minute)
		w.before = failing(fmt.Sprint("update acme ", w.place(one).Number), -1, failure, 0)
		w.done(one, "gather-documentation")
		w.done(two, "gather-documentation")
		w.settle()
		w.says(two, "**2 of 14 steps**")
		w.says(one, "**1 of 14 steps**")
		if kind := w.troubled(one); kind != workflow.Refused {
			t.Errorf("%s: it is in trouble %q", failure, kind)
		}
		if reason, _ := w.mirror.Health(); reason != "" {
			t.Errorf("%s: the tracker is taken to be away: %s", failure, reason)
		}
		got := w.tracked(one, "issue")
		if got.Failures != 1 || !got.RetryAt.After(w.clock()) || !strings.HasPrefix(got.Reason, string(failure)) {
			t.Errorf("%s: it is kept as %+v", failure, got)
		}
		w.before = nil
		w.waits(time.Minute)
		w.says(one, "**2 of 14 steps**")
		if kind := w.troubled(one); kind != "" || w.tracked(one, "issue").Failures != 0 {
			t.Errorf("%s: afterwards it is in trouble %q", failure, kind)
		}
	}
}

// A fault of ours with one item is the log's, and others go on.
func TestFaultWithOneItemDoesNotHoldOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.begins("DigitalOcean"), w.begins("Vultr")
	w.waits(5 * time.Minute)
	refused := fmt.Sprint("update acme ", w.place(one).Number)
	w.before = func(call string) error {
		if call == refused {
			return errors.New("no error that anybody knows")
		}
		return nil
	}
	w.done(one, "gather-documentation")
	w.done(two, "gather-documentation")
	w.settle()
	w.says(two, "**2 of 14 steps**")
	if got := w.tracked(one, "issue"); got.Failures != 1 || got.Reason != "a fault of ours; the log says more" {
		t.Errorf("it is kept as %+v", got)
	}
	w.before = nil
	w.waits(time.Minute)
	w.says(one, "**2 of 14 steps**")
}

// A tracker without premium features keeps one assignee, or none: what it drops is
// not asked for again and again.
func TestAssigneeThatIsDroppedDoesNotLoop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ignores = true
	r := w.begins("DigitalOcean")
	w.waits(10 * time.Minute)
	w.does(r, omar, func(act workflow.Act, run *workflow.Run) error { return run.AssignStage(act, "technical", omar) })
	w.waits(2 * time.Minute)
	w.taken("")
	version := w.run(r).Version
	w.waits(10 * time.Minute)
	w.counted("update", 0)
	if now := w.run(r).Version; now != version || w.troubled(r) != "" {
		t.Errorf("it went from version %d to %d, in trouble %q", version, now, w.troubled(r))
	}
	w.done(r, "gather-documentation")
	w.waits(2 * time.Minute)
	w.counted("update", 1)
	w.says(r, "**2 of 14 steps**")
}

// Notes come together, and are told once though the answer was lost.
func TestNoteIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(15 * time.Minute)
	w.taken("")
	w.done(r, "gather-documentation")
	w.waits(5 * time.Minute)
	w.done(r, "joint-marketing")
	w.counted("comment", 0)
	w.after = failing("comment", 1, Unreachable, 0)
	w.waits(6 * time.Minute)
	w.counted("comment", 1)
	w.done(r, "partner-account")
	w.before = failing("comment", 1, Forbidden, 0) // locked
	w.waits(12 * time.Minute)
	w.counted("comment", 1)
	w.waits(time.Hour)
	w.counted("comment", 1)
	var notes []string
	for _, a := range w.acts[w.place(r)] {
		if a.Kind == Commented {
			notes = append(notes, a.Text)
		}
	}
	if len(notes) != 2 || strings.Count(notes[0], "\n- ") != 1 || !strings.Contains(notes[1], "**1.4**") {
		t.Errorf("the notes are %q", notes)
	}
	if kind := w.troubled(r); kind != "" {
		t.Errorf("it is in trouble %q", kind)
	}
}

// A tracker that can be read and not written is away for those who wait for it, and
// is not asked more and more.
func TestTrackerThatCanOnlyBeReadIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(20 * time.Minute)
	w.before = failing("update", -1, Unreachable, 0)
	w.done(r, "gather-documentation")
	w.taken("")
	w.waits(time.Hour)
	if tr := w.run(r).Items["issue"].Trouble; tr == nil || tr.Kind != workflow.Unreachable {
		t.Errorf("its trouble is %+v", tr)
	}
	if n := len(w.taken("update")); n > 30 {
		t.Errorf("it was tried %d times in an hour", n)
	}
	w.before = nil
	w.waits(10 * time.Minute)
	if tr := w.run(r).Items["issue"].Trouble; tr != nil {
		t.Errorf("afterwards its trouble is %+v", tr)
	}
}
