package store

import (
	"context"
	"database/sql"
	"fmt"

	"cloudimage/workflow"
)

// todoRules is by which rules todos are written. Raise it when they change, and
// those of all open runs are written anew.
const todoRules = 1

// fillTodos writes the todos and the clocks of the runs that were open before the
// present rules. It may be interrupted, and done by several replicas at once.
func (s *Store) fillTodos(ctx context.Context) error {
	var rules int
	if err := one(ctx, s.reader(), []any{&rules}, "SELECT value FROM counters WHERE name = 'todos'"); err != nil {
		return fmt.Errorf("fill the todos: %w", err)
	}
	if rules >= todoRules {
		return nil
	}
	if err := s.eachOpen(ctx, (*batch).refill); err != nil {
		return err
	}
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		return nil, b.exec("UPDATE counters SET value = $1 WHERE name = 'todos' AND value < $1", todoRules)
	})
	return err
}

// eachOpen writes something for every open run, a few of them in a transaction. A
// run whose process cannot be read any more is left out.
func (s *Store) eachOpen(ctx context.Context, write func(*batch, *workflow.Run) error) error {
	for last := ""; ; {
		var ids []workflow.RunID
		err := rows(ctx, s.reader(), func(r *sql.Rows) error {
			err := r.Scan(&last)
			ids = append(ids, workflow.RunID(last))
			return err
		}, `
			SELECT id FROM runs WHERE state IN ('proposed', 'running') AND id > $1
			ORDER BY id LIMIT $2`, last, loadTogether)
		if err == nil && len(ids) > 0 {
			_, err = s.do(ctx, hold{runs: ids}, func(b *batch) (refused, failed error) {
				for _, id := range ids {
					run, err := b.readable(id)
					if err == nil && run != nil {
						err = write(b, run)
					}
					if err != nil {
						return nil, err
					}
				}
				return nil, nil
			})
		}
		if err != nil {
			return fmt.Errorf("bring the open runs up to date: %w", err)
		}
		if len(ids) < loadTogether {
			return nil
		}
	}
}

func (b *batch) refill(run *workflow.Run) error {
	if err := b.exec("DELETE FROM todos WHERE run = $1", string(run.ID)); err != nil {
		return err
	}
	if err := b.moveTodos(nil, run); err != nil {
		return err
	}
	if err := b.setRunClock(run); err != nil {
		return err
	}
	b.startDaily(run)
	return nil
}
