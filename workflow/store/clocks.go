package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"cloudimage/workflow"
)

// runClock is the kind of a run's own clock.
const runClock workflow.ClockKind = "run"

// DueRun is a run whose clock has run out: at its present version time does
// something to it from a moment on.
type DueRun struct {
	Run     workflow.RunID
	Version int64
	At      time.Time
}

// Due are the runs whose clocks have run out by now, oldest first, limit at
// most.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]DueRun, error) {
	var out []DueRun
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var run, at string
		var due DueRun
		if err := r.Scan(&run, &due.Version, &at); err != nil {
			return err
		}
		var err error
		due.Run = workflow.RunID(run)
		due.At, err = unstamp(at)
		out = append(out, due)
		return err
	}, `
		SELECT c.subject, r.version, c.due_at FROM clocks c JOIN runs r ON r.id = c.subject
		WHERE c.kind = 'run' AND c.due_at <= $1 ORDER BY c.due_at, c.subject LIMIT $2`,
		stamp(now), max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read due runs: %w", err)
	}
	return out, nil
}

// Clocks are the clocks of people and channels that have run out by now, oldest
// first, limit at most.
func (s *Store) Clocks(ctx context.Context, now time.Time, limit int) ([]workflow.Clock, error) {
	var out []workflow.Clock
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		c, err := scanClock(r)
		out = append(out, c)
		return err
	}, `
		SELECT kind, subject, due_at, sent_at FROM clocks
		WHERE due_at <= $1 AND kind IN ('morning', 'daily') ORDER BY due_at, kind, subject LIMIT $2`,
		stamp(now), max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read clocks: %w", err)
	}
	return out, nil
}

func scanClock(r *sql.Rows) (c workflow.Clock, err error) {
	var due, sent string
	if err := r.Scan(&c.Kind, &c.Subject, &due, &sent); err != nil {
		return c, err
	}
	var errs [2]error
	c.Due, errs[0] = unstamp(due)
	c.Sent, errs[1] = unstamp(sent)
	return c, errors.Join(errs[:]...)
}

// NextDue is when the next clock of any kind runs out, the next message fades, an
// item of the tracker is to be looked at, or there is something to do for a build;
// false when none is to come.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	var at sql.NullString
	err := one(ctx, s.reader(), []any{&at}, `
		SELECT MIN(at) FROM (
			SELECT MIN(due_at) AS at FROM clocks
			UNION ALL SELECT MIN(redraw_at) FROM messages WHERE redraw_at <> ''
			UNION ALL SELECT MIN(retry_at) FROM tracked WHERE written < wanted AND retry_at <> ''
			UNION ALL SELECT MIN(note_at) FROM tracked WHERE note_at <> ''
			UNION ALL SELECT MIN(due_at) FROM builds WHERE due_at <> ''
		) AS next`)
	if err != nil || !at.Valid {
		return time.Time{}, false, err
	}
	due, err := unstamp(at.String)
	return due, err == nil, err
}

const fireTogether = maxBatch

// FireDue does to runs what time has done by now and reports in how many
// something happened; messages that have faded fall behind. It can be called by
// several replicas at once: each clock fires once. Those of people and channels
// are left to whoever writes to them; see [Store.Clocks].
func (s *Store) FireDue(ctx context.Context, now time.Time) (n int, err error) {
	defer func() { err = errors.Join(err, s.fade(ctx, now)) }()
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

// fire queues all clocks before it waits for the first, so that they share
// commits.
func (s *Store) fire(ctx context.Context, now time.Time, due []DueRun) (n int, err error) {
	items := make([]*item, 0, len(due))
	fired := make([]bool, len(due))
	for i, t := range due {
		// When the clock runs out again, the run has changed or the moment is
		// another.
		request := workflow.RequestID(fmt.Sprintf("tick:%s:%d:%s", t.Run, t.Version, stamp(t.At)))
		it, err := s.writer.put(ctx, on(t.Run), func(b *batch) (refused, failed error) {
			after, refused, failed := b.update(t.Run, request, func(r *workflow.Run) error {
				r.Tick(now)
				return nil
			})
			if refused != nil || failed != nil {
				return refused, failed
			}
			if fired[i] = after.Version > t.Version; !fired[i] {
				// When it is due may be told differently since it was set.
				failed = b.setRunClock(after)
			}
			return nil, failed
		})
		if err != nil {
			return n, fmt.Errorf("fire clocks: %w", err)
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
		return n, fmt.Errorf("fire clocks: %w", err)
	}
	return n, nil
}

// SetClock sets the clock of a person or a channel. A zero Sent leaves it as it
// is, and a zero Due stops the clock: it is removed, and set again when there is
// something new for its subject.
func (s *Store) SetClock(ctx context.Context, c workflow.Clock) error {
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		if refused := checkClock(c); refused != nil {
			return refused, nil
		}
		if c.Due.IsZero() {
			return nil, b.stopClock(c)
		}
		return nil, b.setClock(c)
	})
	if err != nil {
		return fmt.Errorf("set the %s clock of %s: %w", c.Kind, c.Subject, err)
	}
	return nil
}

// checkClock refuses a clock that is no person's or channel's.
func checkClock(c workflow.Clock) error {
	if c.Kind != workflow.MorningClock && c.Kind != workflow.DailyClock || c.Subject == "" {
		return &workflow.Error{Kind: workflow.Internal, Err: fmt.Errorf("a clock of kind %q for %q cannot be kept", c.Kind, c.Subject)}
	}
	return nil
}

func (b *batch) setClock(c workflow.Clock) error {
	return b.exec(`
		INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, subject) DO UPDATE
		SET due_at = excluded.due_at, sent_at = CASE WHEN excluded.sent_at = '' THEN clocks.sent_at ELSE excluded.sent_at END`,
		string(c.Kind), c.Subject, stamp(c.Due), stamp(c.Sent))
}

func (b *batch) stopClock(c workflow.Clock) error {
	return b.exec("DELETE FROM clocks WHERE kind = $1 AND subject = $2", string(c.Kind), c.Subject)
}

// restClock stops a clock for which there is nothing. When something has turned
// up since that was looked at, it runs out now.
func (b *batch) restClock(c workflow.Clock) error {
	const busy = `CASE kind
		WHEN 'morning' THEN EXISTS (SELECT 1 FROM todos WHERE person = clocks.subject)
			OR EXISTS (SELECT 1 FROM office WHERE kind = 'standin' AND key LIKE '%/' || clocks.subject)
		ELSE EXISTS (SELECT 1 FROM runs WHERE channel = clocks.subject AND state = 'running') END`
	// Whoever brings something at the same time waits for this row, or is waited
	// for here and seen by the statement that follows.
	c.Due = b.now
	if err := b.setClock(c); err != nil {
		return err
	}
	return b.exec("DELETE FROM clocks WHERE kind = $1 AND subject = $2 AND NOT ("+busy+")", string(c.Kind), c.Subject)
}

// clockID is whose clock.
type clockID struct {
	kind    workflow.ClockKind
	subject string
}

// startClocks sets the clocks for which there is something from now on, unless
// they are set. That they run out at once says that they are to be planned.
func (b *batch) startClocks() error {
	for _, c := range slices.SortedFunc(maps.Keys(b.start), func(x, y clockID) int {
		return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.subject, y.subject))
	}) {
		// The update changes nothing and waits for who lets the clock rest.
		err := b.exec(`
			INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ($1, $2, $3, '')
			ON CONFLICT (kind, subject) DO UPDATE SET due_at = clocks.due_at`,
			string(c.kind), c.subject, stamp(b.now))
		if err != nil {
			return fmt.Errorf("start the %s clock of %s: %w", c.kind, c.subject, err)
		}
	}
	return nil
}

// moveClock keeps the moment at which time next does something to the run, when
// a change has moved it.
func (b *batch) moveClock(before, after *workflow.Run) error {
	var had time.Time
	if before != nil {
		had = before.NextDue()
	}
	if after.NextDue().Equal(had) {
		return nil
	}
	return b.setRunClock(after)
}

func (b *batch) setRunClock(run *workflow.Run) (err error) {
	next := run.NextDue()
	if next.IsZero() {
		err = b.stopClock(workflow.Clock{Kind: runClock, Subject: string(run.ID)})
	} else {
		err = b.setClock(workflow.Clock{Kind: runClock, Subject: string(run.ID), Due: next})
	}
	if err != nil {
		return fmt.Errorf("set the clock of run %s: %w", run.ID, err)
	}
	return nil
}
