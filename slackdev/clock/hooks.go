package clock

import (
	"context"
	"maps"
	"slices"
	"time"
)

// This file is who is told of moves, and who has the clock stop on its way.

// Watch has every move of the clock told before it begins: from where, and to
// where it is meant to go. What is returned is called when the move is over, with
// where it came to. It is for one, and set before the clock is used.
func (c *Clock) Watch(moves func(from, to time.Time) (done func(at time.Time))) { c.moves = moves }

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
