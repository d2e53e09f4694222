package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// session is the writer's connection and the statements prepared on it. The
// writer begins and ends its transactions by statement: there is one connection
// and one transaction at a time, so each statement is prepared once for all of
// them.
type session struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func newSession(ctx context.Context, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn, map[string]*sql.Stmt{}}, nil
}

// close gives the connection up, and whatever it had begun. It is for a
// connection in trouble too, so what goes wrong here is no news.
func (s *session) close() {
	// A statement that is left open keeps a SQLite connection open, and its
	// lock; the pool knows nothing of statements prepared on a connection.
	for _, st := range s.prepared {
		_ = st.Close()
	}
	// The pool drops a connection that its driver calls bad.
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.conn.Close()
}

func (s *session) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st := s.prepared[query]; st != nil {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	s.prepared[query] = st
	return st, nil
}

func (s *session) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

func (s *session) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// pool reads through any connection of the readers'. A connection prepares each
// statement once; the texts are those of this package, so they are few.
type pool struct {
	db       *sql.DB
	mu       sync.Mutex
	prepared map[string]*sql.Stmt
}

func newPool(db *sql.DB) *pool { return &pool{db: db, prepared: map[string]*sql.Stmt{}} }

func (p *pool) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (p *pool) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	p.mu.Lock()
	st := p.prepared[query]
	p.mu.Unlock()
	if st != nil {
		return st, nil
	}
	fresh, err := p.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if st = p.prepared[query]; st != nil { // somebody else was quicker
		return st, fresh.Close()
	}
	p.prepared[query] = fresh
	return fresh, nil
}

// close gives the statements up, and then the connections.
func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, st := range p.prepared {
		errs = append(errs, st.Close())
	}
	clear(p.prepared)
	return errors.Join(append(errs, p.db.Close())...)
}
