package slackdev

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"sync"
	"time"
)

// Clock is the workspace's time. Started at a given moment it stands still
// until it is advanced; started at zero it follows the real clock and can
// still be moved forward. It can also run from another moment than the present
// one, see [Options].StartAt. It never goes back.
//
// Things that fall due inside the workspace (redelivery of events) happen in
// order while the clock passes them, each at its own moment.
type Clock struct {
	advancing sync.Mutex // one Advance at a time, held while due work runs

	mu     sync.Mutex
	frozen bool
	at     time.Time     // now, when frozen
	began  time.Time     // at the start, when frozen
	offset time.Duration // ahead of the real clock, when not; negative for behind it
	first  time.Duration // the offset at the start
	due    []dueWork     // by time
	hooks  map[int]func(context.Context, time.Time)
	stops  map[int]func(context.Context) (time.Time, bool)
	hookN  int         // of both
	timer  *time.Timer // fires the earliest due work of a running clock
	closed bool
	fired  sync.WaitGroup // work that the timer set going; added to only while not closed

	// moves is told of every move before it begins; what it returns, when it is
	// over. May be nil; set before the clock is used.
	moves func(from, to time.Time) (done func(at time.Time))
}

type dueWork struct {
	at time.Time
	do func(context.Context)
}

func newClock(now time.Time) *Clock {
	return &Clock{frozen: !now.IsZero(), at: now.UTC(), began: now.UTC(), hooks: map[int]func(context.Context, time.Time){}, stops: map[int]func(context.Context) (time.Time, bool){}}
}

// newRunningClock is a clock that goes as the real one does and begins at a moment.
func newRunningClock(begins time.Time) *Clock {
	c := newClock(time.Time{})
	c.offset = time.Until(begins)
	c.first = c.offset
	return c
}

// Now is the workspace's present moment, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nowLocked()
}

func (c *Clock) nowLocked() time.Time {
	if c.frozen {
		return c.at
	}
	return time.Now().Add(c.offset).UTC()
}

// moved is how far the clock was moved forward in all.
func (c *Clock) moved() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		return c.at.Sub(c.began)
	}
	return c.offset - c.first
}

// Frozen tells whether time passes only by Advance.
func (c *Clock) Frozen() bool { return c.frozen }

// Advance moves the clock forward by d, from where it is when the moves before are
// over; see AdvanceTo.
func (c *Clock) Advance(ctx context.Context, d time.Duration) error {
	return c.advance(ctx, func(now time.Time) time.Time { return now.Add(d) })
}

// AdvanceTo moves the clock forward to t. It stops at every moment at which
// something falls due in the workspace or in an app (see StopAt), does that,
// tells the hooks, and goes on; it returns when t is reached and the hooks have returned. Moving back is
// an error and changes nothing.
func (c *Clock) AdvanceTo(ctx context.Context, t time.Time) error {
	return c.advance(ctx, func(time.Time) time.Time { return t })
}

// advance moves the clock to what to makes of the present moment.
func (c *Clock) advance(ctx context.Context, to func(now time.Time) time.Time) error {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	now := c.Now()
	t := to(now).UTC()
	if t.Before(now) {
		return fmt.Errorf("advance clock to %s: it is already %s, and time does not go back", t.Format(time.RFC3339), now.Format(time.RFC3339))
	}
	if c.moves != nil {
		done := c.moves(now, t)
		defer func() { done(c.Now()) }()
	}
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("advance clock to %s: %w", t.Format(time.RFC3339), err)
		}
		work, stop := c.step(c.appsNext(ctx, t))
		for _, w := range work {
			w.do(ctx)
		}
		c.tell(ctx, stop)
		if !stop.Before(t) {
			return nil
		}
	}
}

// appsNext is the first moment before t at which an app has something to do, or t.
func (c *Clock) appsNext(ctx context.Context, t time.Time) time.Time {
	c.mu.Lock()
	now := c.nowLocked()
	stops := slices.Collect(maps.Values(c.stops))
	c.mu.Unlock()
	for _, next := range stops {
		if at, ok := next(ctx); ok && at.After(now) && at.Before(t) {
			t = at
		}
	}
	return t
}

// step moves the clock to the next due moment or to t, and takes what is due.
func (c *Clock) step(t time.Time) ([]dueWork, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stop := t
	if len(c.due) > 0 && c.due[0].at.Before(t) {
		stop = c.due[0].at
	}
	if now := c.nowLocked(); stop.Before(now) {
		stop = now
	}
	if c.frozen {
		c.at = stop
	} else if ahead := time.Until(stop); ahead > c.offset {
		c.offset = ahead
	}
	return c.takeLocked(stop), stop
}

func (c *Clock) takeLocked(until time.Time) []dueWork {
	n := sort.Search(len(c.due), func(i int) bool { return c.due[i].at.After(until) })
	work := append([]dueWork(nil), c.due[:n]...)
	c.due = append(c.due[:0], c.due[n:]...)
	c.armLocked()
	return work
}

func (c *Clock) tell(ctx context.Context, now time.Time) {
	c.mu.Lock()
	hooks := make([]func(context.Context, time.Time), 0, len(c.hooks))
	for i := 0; i < c.hookN; i++ {
		if h, ok := c.hooks[i]; ok {
			hooks = append(hooks, h)
		}
	}
	c.mu.Unlock()
	for _, h := range hooks {
		h(ctx, now)
	}
}

// OnAdvance has hook called after every move of the clock by Advance or
// AdvanceTo, in the order of registration, before these return. An app that
// lives on the same clock does what is due in it. The returned function
// removes the hook.
func (c *Clock) OnAdvance(hook func(ctx context.Context, now time.Time)) (remove func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.hookN
	c.hookN++
	c.hooks[n] = hook
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.hooks, n)
	}
}

// StopAt has the clock stop on its way at the moments at which an app that lives on
// it has something to do: next says when that is, and false when there is nothing.
// What was due earlier and was not done holds nobody up. The returned function
// removes it.
func (c *Clock) StopAt(next func(context.Context) (time.Time, bool)) (remove func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.hookN
	c.hookN++
	c.stops[n] = next
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.stops, n)
	}
}

// after has do called once the clock has passed d from now.
func (c *Clock) after(d time.Duration, do func(context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.addLocked(c.nowLocked().Add(d), do)
}

// when has do called once the clock gets to a moment. It is false when that is
// over already; then nobody will call it.
func (c *Clock) when(at time.Time, do func(context.Context)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.nowLocked().Before(at) {
		return false
	}
	c.addLocked(at, do)
	return true
}

func (c *Clock) addLocked(at time.Time, do func(context.Context)) {
	i := sort.Search(len(c.due), func(i int) bool { return c.due[i].at.After(at) })
	c.due = append(c.due, dueWork{})
	copy(c.due[i+1:], c.due[i:])
	c.due[i] = dueWork{at: at, do: do}
	c.armLocked()
}

// armLocked keeps one real timer for the earliest due work of a running clock.
func (c *Clock) armLocked() {
	if c.frozen {
		return
	}
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	if c.closed || len(c.due) == 0 {
		return
	}
	c.timer = time.AfterFunc(max(0, c.due[0].at.Sub(c.nowLocked())), func() {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return
		}
		c.fired.Add(1)
		defer c.fired.Done()
		work := c.takeLocked(c.nowLocked())
		c.mu.Unlock()
		for _, w := range work {
			w.do(context.Background())
		}
	})
}

// stop ends the clock and waits for what its timer set going.
func (c *Clock) stop() {
	c.mu.Lock()
	c.closed = true
	c.due = nil
	if c.timer != nil {
		c.timer.Stop()
	}
	c.mu.Unlock()
	c.fired.Wait()
}
