package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cloudimage/workflow"
)

// Timer is a run that has, at its present version, something that is overdue
// from a moment on.
type Timer struct {
	Run     workflow.RunID
	Version int64
	At      time.Time
}

// Due are the timers that have run out by now, oldest first, limit at most.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]Timer, error) {
	var out []Timer
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var run, at string
		var t Timer
		if err := r.Scan(&run, &t.Version, &at); err != nil {
			return err
		}
		var err error
		t.Run = workflow.RunID(run)
		t.At, err = unstamp(at)
		out = append(out, t)
		return err
	}, `
		SELECT t.run, r.version, t.due_at FROM timers t JOIN runs r ON r.id = t.run
		WHERE t.due_at <= $1 ORDER BY t.due_at, t.run LIMIT $2`,
		stamp(now), max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read due timers: %w", err)
	}
	return out, nil
}

// NextDue is when the next timer runs out; false when none is set.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	var at string
	err := one(ctx, s.reader(), []any{&at}, "SELECT due_at FROM timers ORDER BY due_at LIMIT 1")
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read the next timer: %w", err)
	}
	due, err := unstamp(at)
	return due, err == nil, err
}

const fireTogether = maxBatch

// FireDue marks what has become overdue by now and reports in how many runs. It
// can be called by several replicas at once: each timer fires once.
func (s *Store) FireDue(ctx context.Context, now time.Time) (n int, err error) {
	for {
		due, err := s.Due(ctx, now, fireTogether)
		if err != nil || len(due) == 0 {
			return n, err
		}
		fired, err := s.fire(ctx, now, due)
		n += fired
		if err != nil || fired == 0 || len(due) < fireTogether {
			return n, err
		}
	}
}

// fire queues all timers before it waits for the first, so that they share
// commits.
func (s *Store) fire(ctx context.Context, now time.Time, due []Timer) (n int, err error) {
	items := make([]*item, 0, len(due))
	fired := make([]bool, len(due))
	for i, t := range due {
		// The run's version makes the id: when the timer is due again, the run
		// has changed.
		request := workflow.RequestID(fmt.Sprintf("overdue:%s:%d", t.Run, t.Version))
		it, err := s.writer.put(ctx, t.Run, func(b *batch) (refused, failed error) {
			after, refused, failed := b.update(t.Run, request, func(r *workflow.Run) error {
				r.Overdue(now)
				return nil
			})
			if refused != nil || failed != nil {
				return refused, failed
			}
			if fired[i] = after.Version > t.Version; !fired[i] {
				// What is overdue may be told differently since it was set.
				failed = b.setTimer(after)
			}
			return nil, failed
		})
		if err != nil {
			return n, fmt.Errorf("fire timers: %w", err)
		}
		items = append(items, it)
	}
	for i, it := range items {
		done, werr := it.wait(ctx)
		if done && werr == nil && fired[i] {
			n++
		}
		err = errors.Join(err, werr)
	}
	if err != nil {
		return n, fmt.Errorf("fire timers: %w", err)
	}
	return n, nil
}

// moveTimer keeps the moment at which the run next becomes overdue, when a
// change has moved it.
func (b *batch) moveTimer(before, after *workflow.Run) error {
	var had time.Time
	if before != nil {
		had = before.NextDue()
	}
	if after.NextDue().Equal(had) {
		return nil
	}
	return b.setTimer(after)
}

func (b *batch) setTimer(run *workflow.Run) (err error) {
	next := run.NextDue()
	if next.IsZero() {
		err = b.exec("DELETE FROM timers WHERE run = $1 AND kind = 'overdue'", string(run.ID))
	} else {
		err = b.exec(`
			INSERT INTO timers (run, kind, due_at) VALUES ($1, 'overdue', $2)
			ON CONFLICT (run, kind) DO UPDATE SET due_at = excluded.due_at`,
			string(run.ID), stamp(next))
	}
	if err != nil {
		return fmt.Errorf("set the timer of run %s: %w", run.ID, err)
	}
	return nil
}
