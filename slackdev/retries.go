package slackdev

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// This file sends events again that were not acked. Those that are due at the
// same moment go together, in order, so that an app that answers none of them
// holds the clock up once.

const (
	// eventLife is how old an event may be when it is sent.
	eventLife = 2 * time.Hour
	// keepRetries bounds the events that wait for a retry while time stands still.
	keepRetries = 10_000
)

// retryAfter is the wait before each further attempt, from the event.
var retryAfter = [...]time.Duration{0, time.Minute, 5 * time.Minute}

// retries are the events that wait for their next attempt, by its moment.
type retries struct {
	seq   atomic.Int64 // of the latest event
	mu    sync.Mutex
	n     int
	batch map[time.Time][]retry
}

type retry struct {
	e *event
	n int // the attempt
}

// retry makes attempt n, now or when the clock gets there, and those after it
// while the app does not ack.
func (ws *Workspace) retry(e *event, n int) {
	switch {
	case ws.ctx.Err() != nil:
		return
	case n > len(retryAfter):
		ws.log.Warn("an event was never acked and is lost", "event", e.name, "event_id", e.id)
		return
	}
	at := e.at.Add(retryAfter[n-1])
	r := &ws.retries
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n >= keepRetries {
		ws.log.Warn("an event was not acked and is lost: too many wait to be sent again", "event", e.name, "event_id", e.id, "limit", keepRetries)
		return
	}
	if r.batch == nil {
		r.batch = map[time.Time][]retry{}
	}
	if r.batch[at] == nil && !ws.clock.When(at, func(context.Context) { ws.retryAll(at) }) {
		ws.spawn(func() { ws.tryAgain([]retry{{e, n}}) })
		return
	}
	r.n++
	r.batch[at] = append(r.batch[at], retry{e, n})
	ws.hub.tell(change{kind: "interactions"}) // the last of an event that nobody acked
}

// retryAll makes the attempts that are due at a moment.
func (ws *Workspace) retryAll(at time.Time) {
	r := &ws.retries
	r.mu.Lock()
	due := r.batch[at]
	delete(r.batch, at)
	r.n -= len(due)
	r.mu.Unlock()
	ws.tryAgain(due)
}

// tryAgain sends the events in the order in which they happened and returns when
// each was acked or has had its time.
func (ws *Workspace) tryAgain(due []retry) {
	slices.SortFunc(due, func(a, b retry) int { return cmp.Compare(a.e.seq, b.e.seq) })
	flights := make([]*flight, len(due))
	for i, r := range due {
		if age := ws.clock.Now().Sub(r.e.at); age > eventLife {
			ws.log.Warn("an event is too old to be sent again and is lost", "event", r.e.name, "event_id", r.e.id, "age", age)
			continue
		}
		flights[i] = ws.attempt(r.e, r.n)
	}
	for i, f := range flights {
		if f == nil {
			continue
		}
		if _, err := ws.await(ws.ctx, f); err != nil {
			ws.retry(due[i].e, due[i].n+1)
		}
	}
}
