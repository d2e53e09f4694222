package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// This file is where the two databases differ. Everywhere else one SQL text
// serves both; the exceptions are the fields of dialect and the /*sqlite:
// */ notes in the migrations.

// dialect is one kind of database, at one address.
type dialect struct {
	goose goose.Dialect
	path  string // of a SQLite database
	url   string // of a PostgreSQL one
	// begin starts a transaction of the writer. SQLite takes its lock at once,
	// so that being locked out shows before any work is done.
	begin string
	// lockRuns takes the rows of a batch's runs in id order, since other
	// replicas write them too; lockOpen takes those of all open runs besides.
	// SQLite has one writer and needs neither.
	lockRuns, lockOpen string
	// lockBuilds takes the rows of a batch's builds in the same way, after the runs.
	lockBuilds string
	// timeout is how long a batch may take. A statement of SQLite cannot hang;
	// watching its context would cost a goroutine each.
	timeout time.Duration
}

func dialectOf(dsn string) (dialect, error) {
	switch {
	case dsn == "":
		return dialect{}, errors.New("open store: no database is named; give the path of a file, or a postgres:// URL")
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return dialect{
			goose:      goose.DialectPostgres,
			url:        dsn,
			begin:      "BEGIN ISOLATION LEVEL READ COMMITTED", // sees what it waited for
			lockRuns:   "SELECT id, version FROM runs WHERE id = ANY($1) ORDER BY id FOR UPDATE",
			lockOpen:   "SELECT id, version FROM runs WHERE id = ANY($1) OR state IN ('proposed', 'running') ORDER BY id FOR UPDATE",
			lockBuilds: "SELECT id FROM builds WHERE id = ANY($1) ORDER BY id FOR UPDATE",
			timeout:    30 * time.Second,
		}, nil
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return dialect{}, fmt.Errorf("open store: %w", err)
	}
	// Two names of one file must find the same lock.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return dialect{goose: goose.DialectSQLite3, path: path, begin: "BEGIN IMMEDIATE"}, nil
}

// shared reports whether other processes may write the database.
func (d dialect) shared() bool { return d.url != "" }

// name is the database for people: no password.
func (d dialect) name() string {
	if !d.shared() {
		return d.path
	}
	u, err := url.Parse(d.url)
	if err != nil {
		return "the PostgreSQL database"
	}
	return u.Redacted()
}

func (d dialect) lock() (*fileLock, error) {
	if d.shared() {
		return nil, nil
	}
	return lockFile(d.path)
}

// open makes the two pools: the writer's one connection, and the readers'.
func (d dialect) open() (write, read *sql.DB, err error) {
	if d.shared() {
		if write, err = sql.Open("pgx", d.url); err != nil {
			return nil, nil, err
		}
		if read, err = sql.Open("pgx", d.url); err != nil {
			return write, nil, err
		}
		// Migrations want a second connection beside the one that holds their lock.
		write.SetMaxOpenConns(2)
		read.SetMaxOpenConns(8)
		read.SetMaxIdleConns(8)
		return write, read, nil
	}
	// What people wrote as evidence is nobody else's to read; SQLite gives its
	// other files the mode of this one.
	f, err := os.OpenFile(d.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("the database file cannot be written; choose another with --db, or make its folder and give it to this user: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, nil, err
	}
	if write, err = sql.Open("sqlite", d.sqliteURL()); err != nil {
		return nil, nil, err
	}
	if read, err = sql.Open("sqlite", d.sqliteURL("query_only(1)")); err != nil {
		return write, nil, err
	}
	write.SetMaxOpenConns(1)
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	return write, read, nil
}

// sqliteURL carries the pragmas, so that every connection of a pool has them.
func (d dialect) sqliteURL(more ...string) string {
	pragmas := append([]string{
		"busy_timeout(5000)",
		"journal_mode(WAL)",
		"synchronous(FULL)", // a commit is on disk when it returns
		"foreign_keys(1)",
	}, more...)
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(d.path), RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	return u.String()
}
