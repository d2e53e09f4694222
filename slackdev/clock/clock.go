package clock

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Clock is a workspace's time. It stands still until it is advanced, or runs as
// the real clock does and can still be moved forward; see [New] and [Running]. It
// never goes back.
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

	moves func(from, to time.Time) (done func(at time.Time)) // see Watch; may be nil
}

// New is a clock that stands still at a moment. Without one (the zero time) it is
// the real clock, which can be moved forward; it must be stopped then.
func New(now time.Time) *Clock {
	return &Clock{frozen: !now.IsZero(), at: now.UTC(), began: now.UTC(), hooks: map[int]func(context.Context, time.Time){}, stops: map[int]func(context.Context) (time.Time, bool){}}
}

// Running is a clock that goes as the real one does and begins at a moment. It
// must be stopped.
func Running(begins time.Time) *Clock {
	c := New(time.Time{})
	c.offset = time.Until(begins)
	c.first = c.offset
	return c
}

// Now is the present moment, in UTC.
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

// Moved is how far the clock was moved forward in all, whatever passed by itself.
func (c *Clock) Moved() time.Duration {
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
// something falls due in the workspace or in an app (see StopAt), does that, tells
// the hooks, and goes on; it returns when t is reached and the hooks have returned.
// Moving back is an error and changes nothing.
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
