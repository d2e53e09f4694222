package bot

import (
	"context"
	"sync"
	"time"
)

// seen remembers envelopes for a while, and what each was answered with. It
// spares work on doubled deliveries that change nothing; those that would change
// something are held off by the store, which remembers across restarts.
type seen struct {
	mu       sync.Mutex
	now, old map[string]*given
	turned   time.Time
	empty    *given // for all that were answered with nothing

	// The last action that had a trigger. When another follows with the same
	// one, the server's triggers tell nothing.
	trigger, key string
	reused       bool
}

// given is what an envelope was answered with.
type given struct {
	done    chan struct{} // closed when it was
	payload any
}

// seenFor is longer than Slack retries an event: at once, after 1 and after 5
// minutes.
const seenFor = 15 * time.Minute

// first reports whether the envelope is new, and remembers it. When it is not,
// what comes back is what the first copy of it was or will be answered with. A
// key that cannot be relied on is put right.
func (s *seen) first(in *Incoming, at time.Time) (*given, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		s.empty = &given{done: make(chan struct{})}
		close(s.empty.done)
	}
	if s.now == nil || at.Sub(s.turned) > seenFor {
		s.old, s.now, s.turned = s.now, map[string]*given{}, at
	}
	if in.Trigger != "" {
		s.reused = s.reused || in.Trigger == s.trigger && in.Key != s.key
		s.trigger, s.key = in.Trigger, in.Key
		if s.reused {
			in.Key = in.Delivery
		}
	}
	for _, key := range []string{in.Delivery, in.Key} {
		for _, known := range []map[string]*given{s.now, s.old} {
			if g := known[key]; g != nil {
				return g, false
			}
		}
	}
	g := &given{done: make(chan struct{})}
	s.now[in.Delivery], s.now[in.Key] = g, g
	return g, true
}

// answered notes what the first copy of an envelope was answered with.
func (s *seen) answered(in Incoming, g *given, payload any) {
	g.payload = payload
	close(g.done)
	if payload != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range []string{in.Delivery, in.Key} {
		if s.now[key] == g {
			s.now[key] = s.empty
		}
	}
}

// wait is what the first copy of an envelope is answered with; nothing when that
// takes too long.
func (g *given) wait(ctx context.Context) any {
	select {
	case <-g.done:
		return g.payload
	case <-ctx.Done():
		return nil
	}
}
