package slackdev

import (
	"context"
	"strings"
	"testing"
	"time"
)

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
	c.After(time.Millisecond, func(context.Context) { close(due) })
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
