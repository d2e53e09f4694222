package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cloudimage/workflow"
)

// Backup writes a SQLite database as it is now to a new file, while work goes
// on. The file appears whole or not at all. PostgreSQL has tools of its own.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.dialect.shared() {
		return workflow.Fail(workflow.Conflict, "PostgreSQL databases are backed up with pg_dump.")
	}
	if _, err := os.Lstat(path); err == nil {
		return workflow.Fail(workflow.Conflict, "%s is there already; name a file that is not.", path)
	}
	// Made by us first, so that it is ours alone to read.
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(part.Name())
	if err := part.Close(); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := s.vacuumInto(ctx, part.Name()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := syncFile(part.Name()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// vacuumInto uses a connection of its own: the readers' may write nothing, not
// even elsewhere, and the writer has no time.
func (s *Store) vacuumInto(ctx context.Context, name string) error {
	db, err := sql.Open("sqlite", s.dialect.sqliteURL())
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO $1", name)
	return errors.Join(err, db.Close())
}

func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Ping reports whether the writer answers and its database takes writes. It
// commits, and leaves no row behind.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		return nil, b.exec("UPDATE counters SET value = value + 1 WHERE name = 'pulse'")
	})
	if err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return nil
}
