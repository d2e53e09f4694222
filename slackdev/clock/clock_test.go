package clock

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// testNow is a Tuesday, 09:00 in UTC and in Lisbon.
var testNow = time.Date(2025, 11, 25, 9, 0, 0, 0, time.UTC)

func TestAFrozenClockMovesOnlyWhenToldAndNeverBack(t *testing.T) {
	t.Parallel()
	c := New(testNow)
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

func TestDueWorkHappensInOrderAtItsOwnMoment(t *testing.T) {
	t.Parallel()
	c := New(testNow)
	var log []string
	note := func(name string) func(context.Context) {
		return func(context.Context) { log = append(log, name+c.Now().Format("@15:04")) }
	}
	c.After(2*time.Hour, note("second"))
	c.After(time.Hour, func(ctx context.Context) {
		note("first")(ctx)
		c.After(30*time.Minute, note("between"))
	})
	c.After(48*time.Hour, note("never"))
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
	c := New(time.Time{})
	defer c.Stop()
	if d := time.Since(c.Now()); c.Frozen() || d < 0 || d > time.Minute {
		t.Errorf("off by %s", d)
	}
	done := make(chan time.Time, 2)
	c.After(10*time.Millisecond, func(context.Context) { done <- c.Now() }) // by real time
	<-done
	c.After(24*time.Hour, func(context.Context) { done <- c.Now() })
	if err := c.Advance(t.Context(), 25*time.Hour); err != nil {
		t.Fatal(err)
	}
	at := <-done
	if now := c.Now(); now.Sub(at) < 59*time.Minute || time.Until(now) < 24*time.Hour {
		t.Errorf("due at %s, now %s", at, now)
	}
}

func TestTheClockStopsWhereAnAppHasSomethingToDo(t *testing.T) {
	t.Parallel()
	c := New(testNow)
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
	c := New(testNow)
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
