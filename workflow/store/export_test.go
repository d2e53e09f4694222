package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"

	"github.com/pressly/goose/v3"

	"cloudimage/workflow"
)

// Statements runs SQL as one piece of the writer's work, to bring a database
// into trouble.
func (s *Store) Statements(ctx context.Context, statements ...string) error {
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		for _, q := range statements {
			if err := b.exec(q); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	return err
}

// Peek sends the number that a query of the writer's connection answers.
func (s *Store) Peek(ctx context.Context, query string, answer chan<- int64) error {
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		var n int64
		if err := one(b.ctx, b.session, []any{&n}, query); err != nil {
			return nil, err
		}
		answer <- n
		return nil, nil
	})
	return err
}

// MoveTodos writes what changed between two lists of a run's todos.
func (s *Store) MoveTodos(ctx context.Context, run workflow.RunID, had, have []workflow.Todo) error {
	_, err := s.do(ctx, on(run), func(b *batch) (refused, failed error) {
		return nil, b.saveTodos(run, had, have)
	})
	return err
}

// WantStories makes the stories of a run's events.
func (s *Store) WantStories(ctx context.Context, run *workflow.Run, events ...int64) error {
	_, err := s.do(ctx, on(run.ID), func(b *batch) (refused, failed error) {
		return nil, b.wantStories(run, events)
	})
	return err
}

// TakeBack does what an undo of a run's events from that one on does to its
// messages.
func (s *Store) TakeBack(ctx context.Context, run *workflow.Run, from int64) error {
	_, err := s.do(ctx, on(run.ID), func(b *batch) (refused, failed error) {
		return nil, b.takeBack(run, from)
	})
	return err
}

// Dismiss asks for what is posted of a message to be deleted, as an undo does for
// what it takes back.
func (s *Store) Dismiss(ctx context.Context, id MessageID) error {
	return s.note(ctx, id, func(b *batch) (int64, error) {
		n, err := b.changed(`
			UPDATE messages SET since = CASE WHEN `+isBehind+` THEN since ELSE $1 END, recall = 1, retry_at = ''
			WHERE id = $2`,
			stamp(b.now), string(id))
		b.show = b.show || n > 0
		return n, err
	})
}

// MigrateTo brings an empty database to the schema of that number, as an older
// cloudimage did, and runs SQL on it.
func MigrateTo(ctx context.Context, dsn string, version int64, statements ...string) (err error) {
	d, err := dialectOf(dsn)
	if err != nil {
		return err
	}
	write, read, err := d.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, write.Close(), read.Close()) }()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	if !d.shared() {
		files = sqliteFiles{files}
	}
	p, err := goose.NewProvider(d.goose, write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return err
	}
	for _, q := range statements {
		if _, err := write.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// Plans are how SQLite reads what a person is asked for, and what is to be shown.
func (s *Store) Plans(ctx context.Context) (asked, behind string, err error) {
	asked, errAsked := s.plan(ctx, asking, "U0ANA", "", "", "", workflow.MostReminders, 10)
	behind, errBehind := s.plan(ctx, pending, "", 10)
	return asked, behind, errors.Join(errAsked, errBehind)
}

// TrackedPlans are how SQLite reads the items that are behind, and the one at a
// place.
func (s *Store) TrackedPlans(ctx context.Context) (behind, at string, err error) {
	behind, errBehind := s.plan(ctx, `SELECT `+trackedColumns+` FROM tracked WHERE `+trackedBehind, "", false, 10)
	at, errAt := s.plan(ctx, `SELECT `+trackedColumns+` FROM tracked WHERE `+atPlace, "acme", 1, false)
	return behind, at, errors.Join(errBehind, errAt)
}

func (s *Store) plan(ctx context.Context, query string, args ...any) (plan string, err error) {
	err = rows(ctx, s.reader(), func(r *sql.Rows) error {
		var id, parent, unused int
		var detail string
		err := r.Scan(&id, &parent, &unused, &detail)
		plan += detail + "\n"
		return err
	}, "EXPLAIN QUERY PLAN "+query, args...)
	return plan, err
}

// BuildPlans are how SQLite reads builds, by the index that is meant.
func (s *Store) BuildPlans(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	var errs []error
	for index, q := range map[string]struct {
		where string
		args  []any
	}{
		"builds_plan": {buildsOf, []any{"p"}}, "builds_run": {buildsFor, []any{"r", 10}}, "builds_due": {buildsDue, []any{"2", 10}},
		"builds_open": {buildsOpen, nil}, "builds_done": {buildsDone, []any{"l", 10}}, "builds_created": {buildsAnyone, []any{10}},
	} {
		plan, err := s.plan(ctx, `SELECT `+buildColumns+` FROM builds WHERE `+q.where, q.args...)
		out[index] = plan
		errs = append(errs, err)
	}
	return out, errors.Join(errs...)
}
