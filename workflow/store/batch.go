package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cloudimage/workflow"
)

// batch is one transaction of the writer while it goes on.
type batch struct {
	ctx     context.Context
	store   *Store
	writer  *writer
	session *session
	now     time.Time // the same for all work of the batch

	runs        map[workflow.RunID]*workflow.Run // as this batch leaves them
	versions    map[workflow.RunID]int64         // of the locked runs, on PostgreSQL
	definitions []*workflow.Definition           // kept by this batch
	show        bool                             // something is to be shown
	swept       bool                             // old requests were removed
}

// all does the work of the items in order.
func (b *batch) all(items []*item) (refused []error, err error) {
	if err := b.lock(items); err != nil {
		return nil, err
	}
	refused = make([]error, len(items))
	for i, it := range items {
		if gone := it.gone(); gone != nil {
			refused[i] = gone
			continue
		}
		if refused[i], err = it.work(b); err != nil {
			return nil, err
		}
	}
	return refused, b.sweep()
}

// lock takes the runs of the items, where others may write them too.
func (b *batch) lock(items []*item) error {
	if b.store.dialect.lockRuns == "" {
		return nil
	}
	ids := make([]string, 0, len(items))
	for _, it := range items {
		if it.run != "" {
			ids = append(ids, string(it.run))
		}
	}
	b.versions = make(map[workflow.RunID]int64, len(ids))
	if len(ids) == 0 {
		return nil
	}
	err := rows(b.ctx, b.session, func(r *sql.Rows) error {
		var id string
		var version int64
		if err := r.Scan(&id, &version); err != nil {
			return err
		}
		b.versions[workflow.RunID(id)] = version
		return nil
	}, b.store.dialect.lockRuns, ids)
	if err != nil {
		return fmt.Errorf("lock runs: %w", err)
	}
	return nil
}

// run is the run as it is in this transaction, not to be changed; nil when
// there is none.
func (b *batch) run(id workflow.RunID) (*workflow.Run, error) {
	if r := b.runs[id]; r != nil {
		return r, nil
	}
	r := b.writer.latest.get(id)
	if version, locked := b.versions[id]; r != nil && (!b.store.dialect.shared() || locked && version == r.Version) {
		return r, nil
	}
	found, err := b.store.load(b.ctx, b.session, id)
	if err != nil {
		return nil, err
	}
	if r = found[id]; r != nil {
		b.runs[id] = r
	}
	return r, nil
}

func (b *batch) exec(query string, args ...any) error {
	_, err := b.session.exec(b.ctx, query, args...)
	return err
}

// changed runs a statement and reports how many rows it changed.
func (b *batch) changed(query string, args ...any) (int64, error) {
	res, err := b.session.exec(b.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// requestOf is the run that the request changed; empty when it was not seen.
func (b *batch) requestOf(request workflow.RequestID) (run workflow.RunID, err error) {
	var id string
	err = one(b.ctx, b.session, []any{&id}, "SELECT run FROM requests WHERE id = $1", string(request))
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look up a request: %w", err)
	}
	return workflow.RunID(id), nil
}

// keepRequest keeps the id of a request; fresh is false when it was there.
func (b *batch) keepRequest(request workflow.RequestID, run workflow.RunID) (fresh bool, err error) {
	n, err := b.changed(`
		INSERT INTO requests (id, run, at) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO NOTHING`,
		string(request), string(run), stamp(b.now))
	if err != nil {
		return false, fmt.Errorf("keep a request: %w", err)
	}
	return n == 1, nil
}

const (
	requestsKept  = 30 * 24 * time.Hour // far longer than anybody retries
	sweepEvery    = time.Hour
	sweepTogether = 500
)

// sweep removes requests that nobody will repeat any more, a few at a time.
func (b *batch) sweep() error {
	if b.now.Sub(b.writer.swept) < sweepEvery {
		return nil
	}
	n, err := b.changed(`
		DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE at < $1 ORDER BY at LIMIT $2)`,
		stamp(b.now.Add(-requestsKept)), sweepTogether)
	if err != nil {
		return fmt.Errorf("remove old requests: %w", err)
	}
	b.swept = n < sweepTogether
	return nil
}
