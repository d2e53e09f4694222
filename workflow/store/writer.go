package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file is the one writer. The rules are:
//
//   - Work is decided before any of it is written. Deciding is pure, so work
//     that is refused leaves nothing to roll back: there is no savepoint.
//   - When the database fails in the middle of a batch, the batch is rolled back
//     and each piece of its work is given a transaction of its own, so that
//     nobody pays for a neighbour.
//   - When a commit fails, everybody in it is told so and nothing is believed:
//     what is remembered of runs comes from commits that returned.
//   - Callers are answered after the commit, and after OnCommit: who waits for
//     everything to be shown cannot look too early.

const (
	maxBatch   = 64
	queueSpace = 1024
	attempts   = 3 // of a batch that crosses another replica's
)

// work is what one caller wants. It returns why it was refused, or how the
// database failed; it may be called again after a failure.
type work func(*batch) (refused, failed error)

// item is work in the queue.
type item struct {
	work  work
	hold  hold
	gone  func() error // why the caller no longer wants it; nil while it does
	reply chan error   // has space for the one answer
}

// hold is which runs and builds the work may change. On PostgreSQL they are locked
// before any work of the batch begins, runs first.
type hold struct {
	runs   []workflow.RunID
	open   bool // all that are proposed or running
	builds []images.BuildID
}

// on is a hold of one run; of none when the id is empty.
func on(run workflow.RunID) hold {
	if run == "" {
		return hold{}
	}
	return hold{runs: []workflow.RunID{run}}
}

type writer struct {
	store   *Store
	queue   chan *item
	stopped chan struct{}

	mu     sync.RWMutex // held for reading while work is put in the queue
	closed bool

	unanswered atomic.Int64

	// What follows belongs to the writer's goroutine.
	session *session
	latest  *cache           // on SQLite, each run in it is at its newest version
	office  *workflow.Office // on SQLite, as it is; nil while it was not read
	swept   time.Time
}

func newWriter(s *Store) *writer {
	w := &writer{
		store:   s,
		queue:   make(chan *item, queueSpace),
		stopped: make(chan struct{}),
		latest:  newCache(cachedRuns),
	}
	go w.loop()
	return w
}

// stop refuses new work and returns when what is queued has been done.
func (w *writer) stop() {
	w.mu.Lock()
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.stopped
}

// put queues work.
func (w *writer) put(ctx context.Context, hold hold, do work) (*item, error) {
	it := &item{work: do, hold: hold, gone: ctx.Err, reply: make(chan error, 1)}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return nil, unavailable(errors.New("the store is closed"))
	}
	w.unanswered.Add(1)
	select {
	case w.queue <- it:
		return it, nil
	case <-ctx.Done():
		w.unanswered.Add(-1)
		return nil, ctx.Err()
	}
}

// do queues work and waits for its answer. Done is false when the caller left
// before there was one; then nothing the work noted may be looked at, since it
// may yet be noting.
func (s *Store) do(ctx context.Context, hold hold, do work) (done bool, err error) {
	it, err := s.writer.put(ctx, hold, do)
	if err != nil {
		return false, err
	}
	return it.wait(ctx)
}

func (it *item) wait(ctx context.Context) (done bool, err error) {
	select {
	case err := <-it.reply:
		return true, err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (w *writer) loop() {
	defer close(w.stopped)
	defer func() {
		if w.session != nil {
			w.session.close()
		}
	}()
	items := make([]*item, 0, maxBatch)
	for it := range w.queue {
		items = w.gather(append(items[:0], it))
		w.batch(items)
	}
}

// gather adds what else is in the queue. Callers that the last commit answered
// are about to come back, so as long as more come they are let run before the
// batch goes ahead: a full one costs hardly more than a small one.
func (w *writer) gather(items []*item) []*item {
	for before := 0; before < len(items) && len(items) < maxBatch; {
		before = len(items)
		runtime.Gosched()
		for len(w.queue) > 0 && len(items) < maxBatch {
			items = append(items, <-w.queue) // nobody else takes from it
		}
	}
	return items
}

// batch does the work in one transaction and answers.
func (w *writer) batch(items []*item) {
	began := time.Now()
	b, refused, err := w.attempt(items)
	for range attempts - 1 {
		if !anotherWon(err) {
			break
		}
		b, refused, err = w.attempt(items)
	}
	var ending *endError
	if err != nil && len(items) > 1 && !errors.As(err, &ending) {
		w.store.options.Logger.Warn("a batch failed and is done piece by piece", "size", len(items), "error", err)
		for _, it := range items {
			w.batch([]*item{it})
		}
		return
	}
	w.store.options.OnBatch(Batch{Size: len(items), Took: time.Since(began), Failed: err != nil})
	if err != nil {
		w.store.options.Logger.Error("the database failed", "size", len(items), "error", err)
		for _, it := range items {
			w.answer(it, unavailable(err))
		}
		return
	}
	w.keep(b)
	if b.show {
		w.store.options.OnCommit() // before the callers go on, so that none of them can miss it
	}
	for i, it := range items {
		w.answer(it, refused[i])
	}
}

func (w *writer) answer(it *item, err error) {
	w.unanswered.Add(-1)
	it.reply <- err
}

// keep remembers what a committed batch left.
func (w *writer) keep(b *batch) {
	for _, r := range b.runs {
		w.latest.put(r)
		w.store.seen.put(r)
	}
	for _, def := range b.definitions {
		w.store.definitions.add(def)
	}
	if b.office != nil && !w.store.dialect.shared() {
		w.office = b.office
		w.store.office.Store(b.office)
	}
	if b.swept {
		w.swept = b.now
	}
}

// endError is a transaction that could not be begun or committed, for which no
// single piece of work is to blame.
type endError struct{ err error }

func (e *endError) Error() string { return e.err.Error() }
func (e *endError) Unwrap() error { return e.err }

// attempt is one transaction. Refused holds an answer for each item.
func (w *writer) attempt(items []*item) (b *batch, refused []error, err error) {
	ctx := context.Background()
	if t := w.store.dialect.timeout; t > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t)
		defer cancel()
	}
	if err := w.begin(ctx); err != nil {
		return nil, nil, &endError{err}
	}
	b = &batch{ctx: ctx, store: w.store, writer: w, session: w.session, now: w.store.options.Now(),
		runs: map[workflow.RunID]*workflow.Run{}, stale: map[MessageID]bool{}, start: map[clockID]bool{}}
	refused, err = b.all(items)
	if err != nil {
		if back := b.exec("ROLLBACK"); back != nil {
			w.drop()
		}
		return nil, nil, err
	}
	if err := b.exec("COMMIT"); err != nil {
		w.drop() // it may be inside the transaction still
		return nil, nil, &endError{fmt.Errorf("commit: %w", err)}
	}
	return b, refused, nil
}

// begin starts a transaction. A connection that PostgreSQL has closed since the
// last one shows here, and is replaced.
func (w *writer) begin(ctx context.Context) (err error) {
	old := w.session != nil
	if !old {
		if w.session, err = newSession(ctx, w.store.write); err != nil {
			return fmt.Errorf("connect: %w", err)
		}
	}
	if _, err = w.session.exec(ctx, w.store.dialect.begin); err == nil {
		return nil
	}
	w.drop()
	if old && w.store.dialect.shared() {
		return w.begin(ctx)
	}
	return fmt.Errorf("begin: %w", err)
}

// anotherWon reports whether PostgreSQL stopped a transaction in favour of
// another replica's, so that it only has to be done again.
func anotherWon(err error) bool {
	var coded interface{ SQLState() string }
	if !errors.As(err, &coded) {
		return false
	}
	switch coded.SQLState() {
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return true
	}
	return false
}

// drop gives up the connection after a failure; the next batch makes another.
// Whether the transaction came through may not be known, so neither is which
// version of a run is the newest, nor how the office is.
func (w *writer) drop() {
	w.session.close()
	w.session, w.latest, w.office = nil, newCache(cachedRuns), nil
	w.store.office.Store(nil)
}
