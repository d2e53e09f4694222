package clock

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A move is told as a whole, with where it came to, also when it was given up.
func TestAMoveIsWatched(t *testing.T) {
	t.Parallel()
	c := New(testNow)
	var from, to, at time.Time
	c.Watch(func(f, t time.Time) func(time.Time) {
		from, to = f, t
		return func(a time.Time) { at = a }
	})
	ctx, cancel := context.WithCancel(t.Context())
	c.After(time.Hour, func(context.Context) { cancel() })
	if err := c.Advance(ctx, 3*time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if !from.Equal(testNow) || !to.Equal(testNow.Add(3*time.Hour)) || !at.Equal(testNow.Add(time.Hour)) {
		t.Errorf("from %s to %s it came to %s", from, to, at)
	}
}

func TestNothingIsDueInThePast(t *testing.T) {
	t.Parallel()
	c := New(testNow)
	if c.When(testNow, func(context.Context) { t.Error("it was done") }) {
		t.Error("it will be done")
	}
	done := false
	if !c.When(testNow.Add(time.Second), func(context.Context) { done = true }) {
		t.Error("it will not be done")
	}
	if err := c.Advance(t.Context(), time.Second); err != nil || !done {
		t.Errorf("done: %v, %v", done, err)
	}
}

func TestARunningClockIsBehindUntilItIsMovedOrStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := Running(testNow)
		times := 0
		c.After(time.Hour, func(context.Context) { times++ })
		<-time.After(time.Hour) // of the bubble
		synctest.Wait()
		if now := c.Now(); times != 1 || !now.Equal(testNow.Add(time.Hour)) || c.Moved() != 0 {
			t.Errorf("%d times, it is %s, moved by %s", times, now, c.Moved())
		}
		if err := c.Advance(t.Context(), time.Minute); err != nil || c.Moved() != time.Minute {
			t.Errorf("moved by %s, %v", c.Moved(), err)
		}
		c.After(time.Hour, func(context.Context) { times++ })
		c.Stop()
		<-time.After(2 * time.Hour)
		synctest.Wait()
		if times != 1 {
			t.Error("a clock that was stopped went on")
		}
	})
}
