package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// Options is what a [Store] is opened with. DSN, Calendars and Parse are
// needed.
type Options struct {
	// DSN is the path of a SQLite database, which is made when it is not there,
	// or a postgres:// URL.
	DSN string
	// Calendars are given to every run that is handed out.
	Calendars workflow.Calendars
	// Parse reads the source of a definition that is kept in the database and
	// was not given to SaveDefinition since the start: a run keeps the process
	// it was started with, whatever has become of the file.
	Parse func(name string, source []byte) (*workflow.Definition, error)
	// Tracks says that there is an issue tracker, so that it is kept how far it is
	// behind. Defaults to false.
	Tracks bool
	// Now is the present time. Defaults to time.Now.
	Now func() time.Time
	// Logger hears of what no caller is told: panics and lost connections.
	// Defaults to slog.Default.
	Logger *slog.Logger
	// OnCommit is called after each commit that left something to be shown, and
	// before its callers are answered. It is called by the writer and must not
	// block. Defaults to nothing.
	OnCommit func()
	// OnBatch is called after each batch, for metrics. It is called by the
	// writer and must not block. Defaults to nothing.
	OnBatch func(Batch)
}

// Batch is what became of one batch.
type Batch struct {
	Size   int           // pieces of work
	Took   time.Duration // from its first statement to the end of its commit
	Failed bool          // nothing of it was kept
}

// Store keeps runs. It is safe for concurrent use.
type Store struct {
	options     Options
	dialect     dialect
	read        *pool
	write       *sql.DB
	lock        *fileLock // nil on PostgreSQL
	definitions *definitions
	seen        *cache                          // runs by id, as they were at some committed version
	office      atomic.Pointer[workflow.Office] // on SQLite, as the last commit left it; nil while that is not known
	writer      *writer
	closing     sync.Once
}

var (
	_ workflow.Store   = (*Store)(nil)
	_ workflow.Library = (*Store)(nil)
	_ images.Book      = (*Store)(nil)
)

// Open opens the database, brings its schema up to date and starts the writer.
// A SQLite database that another process has open is refused, as is one that a
// newer cloudimage has written.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Calendars == nil || o.Parse == nil {
		return nil, errors.New("open store: Options.Calendars and Options.Parse are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.OnCommit == nil {
		o.OnCommit = func() {}
	}
	if o.OnBatch == nil {
		o.OnBatch = func(Batch) {}
	}
	d, err := dialectOf(o.DSN)
	if err != nil {
		return nil, err
	}
	s := &Store{options: o, dialect: d, definitions: newDefinitions(o.Parse), seen: newCache(cachedRuns)}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", d.name(), err), s.release())
	}
	s.writer = newWriter(s)
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", d.name(), err), s.Close())
	}
	return s, nil
}

// prepare does what is to be done once the writer is there.
func (s *Store) prepare(ctx context.Context) error {
	if err := errors.Join(s.fillTodos(ctx), s.fillTracked(ctx)); err != nil || s.dialect.shared() {
		return err
	}
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		_, err := b.officeNow()
		return nil, err
	})
	return err
}

func (s *Store) open(ctx context.Context) (err error) {
	if s.lock, err = s.dialect.lock(); err != nil {
		return err
	}
	write, read, err := s.dialect.open()
	s.write = write
	if read != nil {
		s.read = newPool(read)
	}
	if err != nil {
		return err
	}
	return migrate(ctx, s.write, s.dialect)
}

// Close refuses new work, finishes what is queued and closes the database.
// Closing again does nothing.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.writer.stop()
		err = s.release()
	})
	return err
}

func (s *Store) release() error {
	var errs []error
	if s.read != nil {
		errs = append(errs, s.read.close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// Queued is how much work is not answered yet: what waits for the writer and
// what it has begun.
func (s *Store) Queued() int { return int(s.writer.unanswered.Load()) }

// timeText is how times are kept: of fixed width, so that they sort as text.
const timeText = "2006-01-02T15:04:05.000Z"

// stamp is a time as it is kept; empty for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeText)
}

// unstamp is a time that was kept.
func unstamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(timeText, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("read a time of the database: %w", err)
	}
	return t, nil
}

// unavailable says that the database could not do it.
func unavailable(err error) error {
	return &workflow.Error{
		Kind:    workflow.Unavailable,
		Message: workflow.Say("The database cannot take this just now. Please try again in a moment."),
		Err:     err,
	}
}
