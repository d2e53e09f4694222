package store

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// The migrations are numbered, go forward only and are written once for both
// databases. What SQLite alone understands stands in a comment, as in
//
//	CREATE TABLE t (...) /*sqlite: STRICT */;
//
// which PostgreSQL skips and which is opened up before SQLite reads it.

//go:embed migrations/*.sql
var migrations embed.FS

var sqliteNote = regexp.MustCompile(`/\*sqlite:\s*(.*?)\s*\*/`)

// migrate brings the schema up to date.
func migrate(ctx context.Context, db *sql.DB, d dialect) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if d.shared() {
		// Replicas start together: whoever comes second looks again each second,
		// for two minutes.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	} else {
		files = sqliteFiles{files}
	}
	p, err := goose.NewProvider(d.goose, db, files, options...)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if have > newest {
		return fmt.Errorf("the database was written by a newer cloudimage (schema %d, this one knows %d); start that one, or give this one a backup of its own time", have, newest)
	}
	if have == newest {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// sqliteFiles are migrations with the notes for SQLite opened up.
type sqliteFiles struct{ fs.FS }

func (f sqliteFiles) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return file, err
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return sqliteFile{file, bytes.NewReader(sqliteNote.ReplaceAll(text, []byte("$1")))}, nil
}

type sqliteFile struct {
	fs.File
	text *bytes.Reader
}

func (f sqliteFile) Read(b []byte) (int, error) { return f.text.Read(b) }
