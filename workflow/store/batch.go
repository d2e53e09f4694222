package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
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
	office      *workflow.Office                 // as this batch leaves it; nil when it does not matter
	definitions []*workflow.Definition           // kept by this batch
	stale       map[MessageID]bool               // not of one run, and to be drawn anew
	start       map[clockID]bool                 // to be set unless they are
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
	if err := b.startClocks(); err != nil {
		return nil, err
	}
	if err := b.redrawStale(); err != nil {
		return nil, err
	}
	return refused, b.sweep()
}

// lock takes the runs and the builds of the items, where others may write them too.
func (b *batch) lock(items []*item) error {
	if !b.store.dialect.shared() {
		return nil
	}
	b.versions = map[workflow.RunID]int64{}
	var ids []workflow.RunID
	var builds []images.BuildID
	open := false
	for _, it := range items {
		ids = append(ids, it.hold.runs...)
		builds = append(builds, it.hold.builds...)
		open = open || it.hold.open
	}
	if err := b.lockRuns(ids, open); err != nil {
		return err
	}
	return b.lockBuilds(builds)
}

// lockBuilds takes builds, in the order of their ids by one statement.
func (b *batch) lockBuilds(ids []images.BuildID) error {
	if len(ids) == 0 {
		return nil
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	if err := rows(b.ctx, b.session, func(*sql.Rows) error { return nil }, b.store.dialect.lockBuilds, names); err != nil {
		return fmt.Errorf("lock builds: %w", err)
	}
	return nil
}

// lockRuns takes runs, in the order of their ids by one statement.
func (b *batch) lockRuns(ids []workflow.RunID, open bool) error {
	if len(ids) == 0 && !open {
		return nil
	}
	query := b.store.dialect.lockRuns
	if open {
		query = b.store.dialect.lockOpen
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	err := rows(b.ctx, b.session, func(r *sql.Rows) error {
		var id string
		var version int64
		if err := r.Scan(&id, &version); err != nil {
			return err
		}
		b.versions[workflow.RunID(id)] = version
		return nil
	}, query, names)
	if err != nil {
		return fmt.Errorf("lock runs: %w", err)
	}
	return nil
}

// run is the run as it is in this transaction, not to be changed; nil when
// there is none.
func (b *batch) run(id workflow.RunID) (*workflow.Run, error) {
	if r := b.known(id); r != nil {
		return r, nil
	}
	found, err := b.store.load(b.ctx, b.session, id)
	if err != nil {
		return nil, err
	}
	r := found[id]
	if r != nil {
		b.runs[id] = r
	}
	return r, nil
}

// known is the run as it is in this transaction, if that needs no reading.
func (b *batch) known(id workflow.RunID) *workflow.Run {
	if r := b.runs[id]; r != nil {
		return r
	}
	r := b.writer.latest.get(id)
	if version, locked := b.versions[id]; r != nil && (!b.store.dialect.shared() || locked && version == r.Version) {
		return r
	}
	return nil
}

// readable is run for work on many runs, from which one whose process cannot be
// read any more must not keep the others: it is nil, and the log says so.
func (b *batch) readable(id workflow.RunID) (*workflow.Run, error) {
	run, err := b.run(id)
	var lost *unreadable
	if errors.As(err, &lost) {
		b.store.options.Logger.Error("a run is left out", "run", id, "error", err)
		return nil, nil
	}
	return run, err
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

// requestOf is the run that the request changed, empty when it was about none;
// seen is false when there was no such request.
func (b *batch) requestOf(request workflow.RequestID) (run workflow.RunID, seen bool, err error) {
	var id string
	err = one(b.ctx, b.session, []any{&id}, "SELECT run FROM requests WHERE id = $1", string(request))
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("look up a request: %w", err)
	}
	return workflow.RunID(id), true, nil
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
