package mirror

import (
	"context"
	"errors"
	"time"

	"cloudimage/workflow"
)

// This file is about the tracker's being out of reach: how long to wait, and whom
// to tell.

// backoff is how long to wait after so many failures.
func backoff(failures int) time.Duration {
	const first, longest = 5 * time.Second, 5 * time.Minute
	return min(first<<min(max(failures-1, 0), 10), longest)
}

// gate is closed while it is of no use to ask the tracker anything.
type gate struct {
	until    time.Time
	since    time.Time // when it was first closed; zero while all is well
	failures int
	failure  Failure
	reason   string
}

func (g *gate) closed(now time.Time) bool { return now.Before(g.until) }

// shut closes the gate after a failure that would meet everything.
func (g *gate) shut(now time.Time, e *TrackerError) {
	if g.failures++; g.since.IsZero() {
		g.since = now
	}
	wait := max(e.Wait, backoff(g.failures))
	if e.Failure == Unauthorized {
		wait = max(wait, time.Minute) // a person has to do something
	}
	g.until, g.failure, g.reason = now.Add(wait), e.Failure, e.Error()
}

func (g *gate) opened() { *g = gate{} }

// Health says why nothing can be asked of the tracker, and since when; an empty
// reason when it can.
func (s *Service) Health() (reason string, since time.Time) {
	h := s.health.Load()
	if h == nil {
		return "", time.Time{}
	}
	return h.reason, h.since
}

// tellAfter is how long the tracker may be out of reach before runs say so, and
// tellEvery how often it is looked for more of them.
const (
	tellAfter = time.Minute
	tellEvery = 10 * time.Second
)

// tellWaiting lets the runs that have something to say to the tracker know that it
// waits.
func (s *Service) tellWaiting(ctx context.Context, now time.Time) (did bool, err error) {
	if s.gate.failure == Limited || s.gate.failure == Unreachable && now.Sub(s.gate.since) < tellAfter {
		return false, nil
	}
	if now.Before(s.tell) {
		return false, nil
	}
	most := s.told + together // those that were told are the first for as long as it lasts
	behind, err := s.options.Book.TrackedBehind(ctx, false, now.Add(24*time.Hour), most)
	if err != nil {
		return false, err
	}
	for _, t := range behind {
		told, err := s.tellWaits(ctx, now, t)
		if did = did || told; err != nil {
			return did, err
		}
	}
	switch {
	case did:
	case len(behind) == most:
		s.told, did = most, true // there may be more
	default:
		s.tell = now.Add(tellEvery)
	}
	return did, nil
}

// tellWaits lets the run of one item know that it waits.
func (s *Service) tellWaits(ctx context.Context, now time.Time, t workflow.Tracked) (did bool, err error) {
	if m, err := recall(t); err != nil || m.Told { // and cannot be told again before it was in step
		return false, nil
	}
	if it, err := s.open(ctx, t); err == nil && !it.isThere() {
		return false, nil
	}
	t, mine, err := s.hold(ctx, t, now)
	if err != nil || !mine {
		return false, err // for whoever deals with it, the tracker answers
	}
	defer s.release(ctx, t)
	it, err := s.open(ctx, t)
	if err != nil {
		return false, nil // it is told of when it is dealt with
	}
	if err := it.disturb(ctx, s.gate.trouble()); err != nil {
		return false, err
	}
	it.memory.Told = true
	if err := it.save(ctx); err != nil && !errors.Is(err, errRelinked) {
		return false, err
	}
	return true, nil
}

// isThere reports whether the tracker has the item, or is to have it.
func (it *item) isThere() bool {
	_, made := it.s.options.Recipes[it.Fact]
	return it.URL != "" || made && it.what.Wanted
}

func (g *gate) trouble() workflow.Trouble {
	kind := workflow.Unreachable
	if g.failure == Unauthorized {
		kind = workflow.Refused
	}
	return workflow.Trouble{Kind: kind, Key: string(kind)}
}
