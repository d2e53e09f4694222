package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"cloudimage/workflow"
)

func (s *Store) reader() querier { return s.read }

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

// OpenIn calls visit with the running runs whose cards are in a channel, oldest
// first. They are read a few at a time, so there may be many; what changes
// meanwhile may be seen as it was or as it is. An error from visit ends it and is
// returned as it is.
func (s *Store) OpenIn(ctx context.Context, channel workflow.ChannelID, visit func(*workflow.Run) error) error {
	return s.eachOf(ctx, func(r *workflow.Run) error {
		if r.State == workflow.Proposed {
			return nil // has no card
		}
		return visit(r)
	}, "state IN ('proposed', 'running') AND number > $1 AND channel = $3", string(channel))
}

// Each implements [workflow.Library].
func (s *Store) Each(ctx context.Context, visit func(*workflow.Run) error) error {
	return s.eachOf(ctx, visit, "number > $1")
}

// eachOf visits the runs that a condition is true of, oldest first. In it $1 is
// the number of the last run that was visited.
func (s *Store) eachOf(ctx context.Context, visit func(*workflow.Run) error, condition string, args ...any) error {
	for last := 0; ; {
		runs, err := s.pick(ctx, "SELECT id, version FROM runs WHERE "+condition+" ORDER BY number LIMIT $2",
			append([]any{last, loadTogether}, args...)...)
		if err != nil {
			return fmt.Errorf("read each run: %w", err)
		}
		for _, r := range runs {
			last = r.Number
			if err := visit(r); err != nil {
				return err
			}
		}
		if len(runs) < loadTogether {
			return nil
		}
	}
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
func (s *Store) Events(ctx context.Context, id workflow.RunID, before int64, limit int) ([]workflow.Event, error) {
	if before <= 0 || before > math.MaxInt32 { // more than PostgreSQL's INTEGER holds
		before = math.MaxInt32
	}
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
	}, "SELECT body FROM events WHERE run = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3", string(id), before, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("events of run %s: %w", id, err)
	}
	return out, nil
}
