package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"cloudimage/workflow"
)

// querier reads: the writer's connection or the readers' pool.
type querier interface {
	query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// rows calls scan for each row.
func rows(ctx context.Context, q querier, scan func(*sql.Rows) error, query string, args ...any) error {
	r, err := q.query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer r.Close()
	for r.Next() {
		if err := scan(r); err != nil {
			return err
		}
	}
	return r.Err()
}

// one reads the first row; [sql.ErrNoRows] when there is none.
func one(ctx context.Context, q querier, into []any, query string, args ...any) error {
	found := false
	err := rows(ctx, q, func(r *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return r.Scan(into...)
	}, query, args...)
	if err == nil && !found {
		err = sql.ErrNoRows
	}
	return err
}

// loadTogether is how many runs are read by one statement.
const loadTogether = 32

// The heads and the steps of some runs come from one statement, and so from one
// moment, without a transaction.
var (
	loadOne  = loadQuery("= $1")
	loadMany = loadQuery("IN (" + placeholders(1, loadTogether) + ")")
)

func loadQuery(which string) string {
	return `
		SELECT id, version, definition, body FROM runs WHERE id ` + which + `
		UNION ALL
		SELECT run, 0, '', body FROM steps WHERE run ` + which
}

// placeholders is n of them: $1, $2.
func placeholders(from, n int) string {
	s := ""
	for i := range n {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("$%d", from+i)
	}
	return s
}

// loaded is a run while its rows come in.
type loaded struct {
	run        *workflow.Run
	definition string
	steps      map[workflow.StepKey]*workflow.StepState
}

// load reads the runs of those ids; those that are not there are left out.
func (s *Store) load(ctx context.Context, q querier, ids ...workflow.RunID) (map[workflow.RunID]*workflow.Run, error) {
	out := make(map[workflow.RunID]*workflow.Run, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), loadTogether)
		if err := s.loadSome(ctx, q, ids[:n], out); err != nil {
			return nil, err
		}
		ids = ids[n:]
	}
	return out, nil
}

func (s *Store) loadSome(ctx context.Context, q querier, ids []workflow.RunID, out map[workflow.RunID]*workflow.Run) error {
	query, args := loadOne, []any{string(ids[0])}
	if len(ids) > 1 {
		query, args = loadMany, make([]any, loadTogether)
		for i := range args {
			args[i] = string(ids[min(i, len(ids)-1)])
		}
	}
	parts := map[workflow.RunID]*loaded{}
	err := rows(ctx, q, func(r *sql.Rows) error { return scanRunOrStep(r, parts) }, query, args...)
	if err != nil {
		return fmt.Errorf("read runs: %w", err)
	}
	for id, p := range parts {
		if p.run == nil {
			continue // seen before it began; cannot be, and would be no run
		}
		p.run.Steps = p.steps
		def, err := s.definitions.find(ctx, q, p.definition)
		if err != nil {
			return fmt.Errorf("read run %s: %w", id, err)
		}
		if err := p.run.Attach(def, s.options.Calendars); err != nil {
			return err
		}
		out[id] = p.run
	}
	return nil
}

func scanRunOrStep(r *sql.Rows, parts map[workflow.RunID]*loaded) error {
	var (
		id         string
		version    int64
		definition string
		body       []byte
	)
	if err := r.Scan(&id, &version, &definition, &body); err != nil {
		return err
	}
	p := parts[workflow.RunID(id)]
	if p == nil {
		p = &loaded{steps: map[workflow.StepKey]*workflow.StepState{}}
		parts[workflow.RunID(id)] = p
	}
	if definition == "" {
		step := &workflow.StepState{}
		if err := json.Unmarshal(body, step); err != nil {
			return fmt.Errorf("read a step of run %s: %w", id, err)
		}
		p.steps[step.Key] = step
		return nil
	}
	p.run, p.definition = &workflow.Run{}, definition
	if err := json.Unmarshal(body, p.run); err != nil {
		return fmt.Errorf("read run %s: %w", id, err)
	}
	p.run.Version = version
	return nil
}
