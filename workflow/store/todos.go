package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file keeps what every person has to do beside the runs, so that a morning
// need not read them all.

// todoID is which of a run's todos. Who is asked for one thing twice, for
// themselves and for somebody they cover, is asked for it once.
type todoID struct {
	person workflow.UserID
	kind   workflow.MoveKind
	key    workflow.StepKey
	field  workflow.FieldID
	stage  workflow.StageID
}

func idOf(t workflow.Todo) todoID { return todoID{t.Person, t.Kind, t.Key, t.Field, t.Stage} }

func sameTodo(a, b workflow.Todo) bool {
	return idOf(a) == idOf(b) &&
		a.For == b.For &&
		sameTime(a.Due, b.Due) &&
		sameTime(a.Since, b.Since) &&
		a.Reminded == b.Reminded &&
		sameTime(a.Quiet, b.Quiet) &&
		a.Snoozed == b.Snoozed
}

// moveTodos keeps the todos of a run as a change leaves them.
func (b *batch) moveTodos(before, after *workflow.Run) error {
	var had []workflow.Todo
	if before != nil {
		had = before.Todos()
	}
	return b.saveTodos(after.ID, had, after.Todos())
}

// saveTodos writes those that changed. Whoever has something to do for the first
// time gets a clock, and the morning messages of those concerned are drawn anew.
func (b *batch) saveTodos(run workflow.RunID, had, have []workflow.Todo) error {
	if slices.EqualFunc(had, have, sameTodo) {
		return nil
	}
	gone := make(map[todoID]workflow.Todo, len(had))
	busy := map[workflow.UserID]bool{}
	for _, t := range had {
		busy[t.Person] = true
		if _, twice := gone[idOf(t)]; !twice {
			gone[idOf(t)] = t
		}
	}
	kept := make(map[todoID]bool, len(have))
	for _, t := range have {
		id := idOf(t)
		if t.Person == "" || kept[id] {
			continue
		}
		kept[id] = true
		was, is := gone[id]
		delete(gone, id)
		if is && sameTodo(was, t) {
			continue
		}
		if err := b.saveTodo(run, t); err != nil {
			return err
		}
		b.stale[morningID(t.Person)] = true
		if !busy[t.Person] {
			b.start[clockID{workflow.MorningClock, string(t.Person)}] = true
		}
	}
	for id := range gone {
		if err := b.removeTodo(run, id); err != nil {
			return err
		}
		b.stale[morningID(id.person)] = true
	}
	return nil
}

func (b *batch) saveTodo(run workflow.RunID, t workflow.Todo) error {
	err := b.exec(`
		INSERT INTO todos (`+todoColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (run, person, kind, step, listing, field, stage) DO UPDATE
		SET covered = excluded.covered, due_at = excluded.due_at, since = excluded.since, reminded = excluded.reminded,
			quiet_until = excluded.quiet_until, snoozed = excluded.snoozed`,
		string(t.Person), string(run), string(t.Kind), string(t.Key.Step), string(t.Key.Listing), string(t.Field), string(t.Stage),
		string(t.For), stamp(t.Due), stamp(t.Since), t.Reminded, stamp(t.Quiet), bit(t.Snoozed))
	if err != nil {
		return fmt.Errorf("keep what %s has to do: %w", t.Person, err)
	}
	return nil
}

func (b *batch) removeTodo(run workflow.RunID, id todoID) error {
	err := b.exec(`
		DELETE FROM todos
		WHERE run = $1 AND person = $2 AND kind = $3 AND step = $4 AND listing = $5 AND field = $6 AND stage = $7`,
		string(run), string(id.person), string(id.kind), string(id.key.Step), string(id.key.Listing), string(id.field), string(id.stage))
	if err != nil {
		return fmt.Errorf("remove what %s had to do: %w", id.person, err)
	}
	return nil
}

// bit is how a yes is kept.
func bit(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

const (
	todoColumns = `person, run, kind, step, listing, field, stage, covered, due_at, since, reminded, quiet_until, snoozed`
	todoOrder   = `ORDER BY due_at = '', due_at, since, run, kind, step, listing, field, stage` // the index todos_due
)

func scanTodo(r *sql.Rows, more ...any) (t workflow.RunTodo, err error) {
	var due, since, quiet string
	var snoozed int
	err = r.Scan(append([]any{&t.Person, &t.Run, &t.Kind, &t.Key.Step, &t.Key.Listing, &t.Field, &t.Stage, &t.For, &due, &since, &t.Reminded, &quiet, &snoozed}, more...)...)
	if err != nil {
		return t, err
	}
	var errs [3]error
	t.Due, errs[0] = unstamp(due)
	t.Since, errs[1] = unstamp(since)
	t.Quiet, errs[2] = unstamp(quiet)
	t.Snoozed = snoozed == 1
	return t, errors.Join(errs[:]...)
}

// todos reads a list. What stands beside its columns is scanned into more.
func (s *Store) todos(ctx context.Context, more []any, query string, args ...any) (list []workflow.RunTodo, err error) {
	err = rows(ctx, s.reader(), func(r *sql.Rows) error {
		t, err := scanTodo(r, more...)
		list = append(list, t)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read what is to be done: %w", err)
	}
	return list, nil
}

// Todos are what a person has to do in all runs: the soonest due first, what has
// no date last, limit at most.
func (s *Store) Todos(ctx context.Context, person workflow.UserID, limit int) ([]workflow.RunTodo, error) {
	return s.todos(ctx, nil, `
		SELECT `+todoColumns+` FROM todos WHERE person = $1 `+todoOrder+` LIMIT $2`,
		string(person), max(limit, 0))
}

const (
	isAsked = `
		FROM todos
		WHERE person = $1 AND quiet_until <= $2 AND reminded < $5
			AND (due_at <> '' AND due_at <= $3 OR reminded = 0 OR due_at = '' AND since <= $4) `
	// asking is read along the index todos_due, and sorts nothing. It counts all of
	// the list by the same statement, and so at one moment, and reads the first.
	asking = `SELECT ` + todoColumns + `, (SELECT COUNT(*) ` + isAsked + `) ` + isAsked + todoOrder + ` LIMIT $6`
)

// Asking are those of a person's todos of which they are to be reminded now: that
// are not quiet and were said fewer than [workflow.MostReminders] times, and are
// due at horizon or before, or new to them, or without a date and theirs since
// undated or longer. What is late comes first, then what is due, then what has no
// date. The list is cut at limit; all is how many there are.
func (s *Store) Asking(ctx context.Context, person workflow.UserID, now, horizon, undated time.Time, limit int) (list []workflow.RunTodo, all int, err error) {
	list, err = s.todos(ctx, []any{&all}, asking, string(person), stamp(now), stamp(horizon), stamp(undated), workflow.MostReminders, max(limit, 1))
	return list[:min(len(list), max(limit, 0))], all, err
}

// Snoozed are those of a person's todos of which they asked not to be reminded
// before a moment that has not come: the soonest due first, limit at most.
func (s *Store) Snoozed(ctx context.Context, person workflow.UserID, now time.Time, limit int) ([]workflow.RunTodo, error) {
	return s.todos(ctx, nil, `
		SELECT `+todoColumns+` FROM todos
		WHERE person = $1 AND quiet_until > $2 AND snoozed = 1 `+todoOrder+` LIMIT $3`,
		string(person), stamp(now), max(limit, 0))
}

// Count is how many todos a person has.
func (s *Store) Count(ctx context.Context, person workflow.UserID) (n int, err error) {
	if err := one(ctx, s.reader(), []any{&n}, "SELECT COUNT(*) FROM todos WHERE person = $1", string(person)); err != nil {
		return 0, fmt.Errorf("count what is to be done: %w", err)
	}
	return n, nil
}

// People are all who have something to do, by id.
func (s *Store) People(ctx context.Context) ([]workflow.UserID, error) {
	var out []workflow.UserID
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var id workflow.UserID
		err := r.Scan(&id)
		out = append(out, id)
		return err
	}, "SELECT DISTINCT person FROM todos ORDER BY person")
	if err != nil {
		return nil, fmt.Errorf("read who has something to do: %w", err)
	}
	return out, nil
}
