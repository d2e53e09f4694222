package clock

import (
	"context"
	"sort"
	"time"
)

// This file is what falls due inside the workspace.

type dueWork struct {
	at time.Time
	do func(context.Context)
}

// After has do called once the clock has passed d from now: while it is advanced,
// or by its timer, with a context that nobody ends.
func (c *Clock) After(d time.Duration, do func(context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.addLocked(c.nowLocked().Add(d), do)
}

// When has do called once the clock gets to a moment, as with After. It is false
// when that is over already; then nobody will call it.
func (c *Clock) When(at time.Time, do func(context.Context)) bool {
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

func (c *Clock) takeLocked(until time.Time) []dueWork {
	n := sort.Search(len(c.due), func(i int) bool { return c.due[i].at.After(until) })
	work := append([]dueWork(nil), c.due[:n]...)
	c.due = append(c.due[:0], c.due[n:]...)
	c.armLocked()
	return work
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

// Stop has nothing more fall due by itself, and waits for what the timer set
// going. What was due and is not done will not be.
func (c *Clock) Stop() {
	c.mu.Lock()
	c.closed = true
	c.due = nil
	if c.timer != nil {
		c.timer.Stop()
	}
	c.mu.Unlock()
	c.fired.Wait()
}
