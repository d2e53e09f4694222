package slackdev

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestAFrozenClockMovesOnlyWhenToldAndNeverBack(t *testing.T) {
	t.Parallel()
	c := newClock(testNow)
	if !c.Frozen() || !c.Now().Equal(testNow) {
		t.Error(c.Now())
	}
	if err := c.AdvanceTo(t.Context(), testNow.Add(-time.Second)); err == nil || !strings.Contains(err.Error(), "does not go back") {
		t.Errorf("back: %v", err)
	}
	if err := c.Advance(t.Context(), time.Hour); err != nil || !c.Now().Equal(testNow.Add(time.Hour)) {
		t.Errorf("%v, %v", c.Now(), err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Advance(ended, time.Hour); err == nil {
		t.Error("a wait that was given up went on")
	}
}

// A clock that begins in the past goes on by itself, does what falls due and can be
// moved to the present and beyond it.
func TestAClockRunsFromAPastMoment(t *testing.T) {
	t.Parallel()
	begins := time.Now().AddDate(0, 0, -30)
	ws := start(t, func(o *Options) { o.Now, o.StartAt = time.Time{}, begins })
	c := ws.Clock()
	if now := c.Now(); c.Frozen() || now.Before(begins) || now.After(begins.Add(time.Minute)) {
		t.Fatalf("it is %v and frozen %v", now, c.Frozen())
	}
	first := c.Now()
	if err := ws.WaitFor(t.Context(), func() bool { return c.Now().After(first) }); err != nil {
		t.Error(err)
	}
	due := make(chan struct{})
	c.after(time.Millisecond, func(context.Context) { close(due) })
	<-due
	if _, err := ws.User("ana").Say(t.Context(), "#general", "Good morning"); err != nil {
		t.Fatal(err)
	}
	said := ws.User("omar").Messages("#general")[0].TS.Time()
	if said.Before(begins) || said.After(begins.Add(time.Minute)) {
		t.Errorf("it was said at %v", said)
	}
	for _, to := range []time.Time{time.Now(), time.Now().Add(48 * time.Hour)} {
		if err := c.AdvanceTo(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		if now := c.Now(); now.Before(to) || now.After(to.Add(time.Minute)) {
			t.Errorf("it is %v, not %v", now, to)
		}
	}
	if _, err := Start(Options{Now: testNow, StartAt: testNow}); err == nil || !strings.Contains(err.Error(), "stands still or runs") {
		t.Errorf("it does both: %v", err)
	}
}

func TestDueWorkHappensInOrderAtItsOwnMoment(t *testing.T) {
	t.Parallel()
	c := newClock(testNow)
	var log []string
	note := func(name string) func(context.Context) {
		return func(context.Context) { log = append(log, name+c.Now().Format("@15:04")) }
	}
	c.after(2*time.Hour, note("second"))
	c.after(time.Hour, func(ctx context.Context) {
		note("first")(ctx)
		c.after(30*time.Minute, note("between"))
	})
	c.after(48*time.Hour, note("never"))
	remove := c.OnAdvance(func(_ context.Context, now time.Time) { log = append(log, "hook"+now.Format("@15:04")) })
	if err := c.Advance(t.Context(), 3*time.Hour); err != nil {
		t.Fatal(err)
	}
	remove()
	if err := c.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(log, " "); got != "first@10:00 hook@10:00 between@10:30 hook@10:30 second@11:00 hook@11:00 hook@12:00" {
		t.Error(got)
	}
}

func TestARunningClockFollowsTheRealOneAndCanBeMoved(t *testing.T) {
	t.Parallel()
	c := newClock(time.Time{})
	defer c.stop()
	if d := time.Since(c.Now()); c.Frozen() || d < 0 || d > time.Minute {
		t.Errorf("off by %s", d)
	}
	done := make(chan time.Time, 2)
	c.after(10*time.Millisecond, func(context.Context) { done <- c.Now() }) // by real time
	<-done
	c.after(24*time.Hour, func(context.Context) { done <- c.Now() })
	if err := c.Advance(t.Context(), 25*time.Hour); err != nil {
		t.Fatal(err)
	}
	at := <-done
	if now := c.Now(); now.Sub(at) < 59*time.Minute || time.Until(now) < 24*time.Hour {
		t.Errorf("due at %s, now %s", at, now)
	}
}

func TestTimestampsAreUniqueAndFollowTheClock(t *testing.T) {
	t.Parallel()
	ws := start(t)
	a, b := botPost(t, ws, "C0GENERAL", "a", ""), botPost(t, ws, "C0GENERAL", "b", "")
	if a == b || !a.Time().Equal(testNow) || !b.Time().After(a.Time()) {
		t.Errorf("%s %s", a, b)
	}
	if err := ws.Clock().Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if c := botPost(t, ws, "C0GENERAL", "c", ""); !c.Time().Equal(testNow.Add(time.Hour)) {
		t.Error(c)
	}
	for bad, want := range map[TS]bool{"": true, "x.1": true, "1": false, "1.5": false, "1.x": true} {
		if got := bad.Time().IsZero(); got != want {
			t.Errorf("%q: %v", bad, bad.Time())
		}
	}
}

func TestTheClockStopsWhereAnAppHasSomethingToDo(t *testing.T) {
	t.Parallel()
	c := newClock(testNow)
	due := testNow.Add(time.Hour)
	forget := c.StopAt(func(context.Context) (time.Time, bool) { return due, true })
	var log []string
	c.OnAdvance(func(_ context.Context, now time.Time) {
		if log = append(log, now.Format("15:04")); now.Equal(due) && len(log) < 3 {
			due = due.Add(30 * time.Minute) // what is done makes more to do; the third time it is left undone
		}
	})
	if err := c.Advance(t.Context(), 4*time.Hour); err != nil {
		t.Fatal(err)
	}
	forget()
	due = c.Now().Add(time.Minute)
	if err := c.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(log, " "); got != "10:00 10:30 11:00 13:00 14:00" {
		t.Error(got)
	}
}

func TestMovesAtOnceAddUp(t *testing.T) {
	t.Parallel()
	c := newClock(testNow)
	c.OnAdvance(func(context.Context, time.Time) { runtime.Gosched() }) // some time passes
	var moves sync.WaitGroup
	for range 50 {
		moves.Go(func() {
			if err := c.Advance(t.Context(), time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
	moves.Wait()
	if got, want := c.Now(), testNow.Add(50*time.Minute); !got.Equal(want) {
		t.Errorf("it is %s, want %s", got, want)
	}
}
