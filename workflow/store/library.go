package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"cloudimage/workflow"
)

func (s *Store) reader() querier { return pool{s.read} }

// Run implements [workflow.Library].
func (s *Store) Run(ctx context.Context, id workflow.RunID) (*workflow.Run, error) {
	runs, err := s.pick(ctx, "SELECT id, version FROM runs WHERE id = $1", string(id))
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", id, err)
	}
	if len(runs) == 0 {
		return nil, unknownRun(id)
	}
	return runs[0], nil
}

const findMost = 20

// Find implements [workflow.Library]. Words that are the number of a run mean
// that run alone.
func (s *Store) Find(ctx context.Context, words string) ([]*workflow.Run, error) {
	words = strings.TrimSpace(words)
	if words == "" || !utf8.ValidString(words) || strings.ContainsRune(words, 0) {
		return nil, nil
	}
	if n, ok := runNumber(words); ok {
		runs, err := s.pick(ctx, "SELECT id, version FROM runs WHERE number = $1", n)
		if err != nil {
			return nil, fmt.Errorf("find run %d: %w", n, err)
		}
		if len(runs) > 0 {
			return runs, nil
		}
	}
	runs, err := s.pick(ctx, `
		SELECT id, version FROM runs WHERE partner_key LIKE $1 ESCAPE '\'
		ORDER BY CASE state WHEN 'running' THEN 0 ELSE 1 END, number DESC LIMIT $2`,
		"%"+likeText(partnerKey(words))+"%", findMost)
	if err != nil {
		return nil, fmt.Errorf("find runs by partner: %w", err)
	}
	return runs, nil
}

// runNumber reads "R-17", "#17" and "17".
func runNumber(words string) (int, bool) {
	words = strings.TrimPrefix(words, "#")
	if rest, ok := strings.CutPrefix(strings.ToLower(words), "r-"); ok {
		words = rest
	}
	n, err := strconv.ParseInt(words, 10, 32)
	return int(n), err == nil && n > 0
}

// likeText is text that LIKE takes for itself.
func likeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// Open implements [workflow.Library].
func (s *Store) Open(ctx context.Context, limit int) ([]*workflow.Run, error) {
	runs, err := s.pick(ctx, `
		SELECT id, version FROM runs WHERE state IN ('proposed', 'running')
		ORDER BY number DESC LIMIT $1`,
		max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("open runs: %w", err)
	}
	return runs, nil
}

// pick hands out the runs that a query names by id and version, in its order.
// Those that were seen at that version before are not read again.
func (s *Store) pick(ctx context.Context, query string, args ...any) ([]*workflow.Run, error) {
	var ids, missing []workflow.RunID
	found := map[workflow.RunID]*workflow.Run{}
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var id string
		var version int64
		if err := r.Scan(&id, &version); err != nil {
			return err
		}
		ids = append(ids, workflow.RunID(id))
		if seen := s.seen.get(workflow.RunID(id)); seen != nil && seen.Version >= version {
			found[seen.ID] = seen
		} else {
			missing = append(missing, workflow.RunID(id))
		}
		return nil
	}, query, args...)
	if err != nil {
		return nil, err
	}
	read, err := s.load(ctx, s.reader(), missing...)
	if err != nil {
		return nil, err
	}
	for id, r := range read {
		s.seen.put(r)
		found[id] = r
	}
	out := make([]*workflow.Run, 0, len(ids))
	for _, id := range ids {
		if r := found[id]; r != nil {
			out = append(out, r.Clone())
		}
	}
	return out, nil
}

// Events implements [workflow.Library].
func (s *Store) Events(ctx context.Context, id workflow.RunID, limit int) ([]workflow.Event, error) {
	var out []workflow.Event
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var body []byte
		if err := r.Scan(&body); err != nil {
			return err
		}
		var e workflow.Event
		if err := json.Unmarshal(body, &e); err != nil {
			return err
		}
		out = append(out, e)
		return nil
	}, "SELECT body FROM events WHERE run = $1 ORDER BY seq DESC LIMIT $2", string(id), max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("events of run %s: %w", id, err)
	}
	return out, nil
}
