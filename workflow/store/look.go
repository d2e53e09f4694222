package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"cloudimage/checkup"
)

// This file looks at a database from outside, and leaves no trace there: no file,
// no lock, no table. It may be used while the bot runs.

// Look says what there is to be said of the database at a DSN; see [Options].
func Look(ctx context.Context, dsn string) []checkup.Finding {
	d, err := dialectOf(dsn)
	if err != nil {
		return []checkup.Finding{checkup.Failing("Name one with --db or CLOUDIMAGE_DB.", "There is no database: %v.", err)}
	}
	if d.shared() {
		return d.lookAtServer(ctx)
	}
	return d.lookAtFile(ctx)
}

func (d dialect) lookAtServer(ctx context.Context) []checkup.Finding {
	u, err := url.Parse(d.url)
	var db *sql.DB
	if err == nil {
		db, err = sql.Open("pgx", d.url)
	}
	if err != nil { // which may hold the password
		return []checkup.Finding{checkup.Failing("Write it as postgres://user:password@host:5432/database.", "The address of the PostgreSQL database cannot be read.")}
	}
	defer db.Close()
	where := "The PostgreSQL database " + u.Host + u.Path
	have, err := schemaOf(ctx, db, "SELECT to_regclass('goose_db_version') IS NOT NULL")
	if err != nil {
		return []checkup.Finding{checkup.Failing("See that the server runs, that it can be reached from here, and that user, password and database are right.", "%s does not answer: %v.", where, err)}
	}
	return append([]checkup.Finding{checkup.Okay("%s answers.", where)}, aboutSchema(have)...)
}

func (d dialect) lookAtFile(ctx context.Context) []checkup.Finding {
	info, err := os.Stat(d.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if dir, err := os.Stat(filepath.Dir(d.path)); err != nil || !dir.IsDir() {
			return []checkup.Finding{checkup.Failing("Make the folder and give it to the user that the bot runs as, or choose another file with --db.", "The folder of the database %s is not there.", d.path)}
		}
		return []checkup.Finding{checkup.Noted("", "There is no database at %s yet; the bot makes it when it starts.", d.path)}
	case err != nil:
		return []checkup.Finding{checkup.Failing("Run this as the user that the bot runs as.", "The database %s cannot be looked at: %v.", d.path, err)}
	case info.IsDir():
		return []checkup.Finding{checkup.Failing("Name a file with --db.", "%s is a folder and no database.", d.path)}
	}
	out := []checkup.Finding{checkup.Okay("The database %s is there.", d.path)}
	if isLocked(d.path + ".lock") {
		out = append(out, checkup.Okay("A cloudimage has it open at the moment."))
	}
	have, err := d.readSchema(ctx)
	switch {
	case errors.Is(err, errNotTakenIn):
		return append(out, checkup.Noted("", "Its last changes are in a log beside it, which the bot takes in when it starts; its schema is looked at then."))
	case err != nil:
		return append(out, checkup.Failing("Run this as the user that the bot runs as. If it stays so, the file is damaged: restore a backup.", "The database cannot be read: %v.", err))
	}
	return append(out, aboutSchema(have)...)
}

// errNotTakenIn says that a writer left its log behind, and no index of it.
var errNotTakenIn = errors.New("the log is not taken in")

// readSchema reads the schema's version of a SQLite file. A file that nobody has
// open is read as one that does not change: SQLite would make files beside it,
// which would belong to whoever asks. Where there is a writer, or one left its
// log behind, the log is read too, by the index that is there.
func (d dialect) readSchema(ctx context.Context) (int64, error) {
	how := "immutable=1"
	log, err := os.Stat(d.path + "-wal")
	logged := err == nil && log.Size() > 0
	if logged {
		how = "readonly_shm=1"
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(d.path), RawQuery: "mode=ro&" + how + "&_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return 0, err
	}
	have, err := schemaOf(ctx, db, "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'goose_db_version'")
	err = errors.Join(err, db.Close())
	if _, missing := os.Stat(d.path + "-shm"); err != nil && logged && missing != nil {
		return 0, errNotTakenIn
	}
	return have, err
}

// schemaOf is the number of a database's schema; 0 for none.
func schemaOf(ctx context.Context, db *sql.DB, isThere string) (version int64, err error) {
	var there bool
	if err := db.QueryRowContext(ctx, isThere).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	return version, err
}

// aboutSchema compares the schema of a database with the one that is known here.
func aboutSchema(have int64) []checkup.Finding {
	newest, err := newestSchema()
	switch {
	case err != nil:
		return []checkup.Finding{checkup.Failing("Report it.", "This program's own schema cannot be read: %v.", err)}
	case have == 0:
		return []checkup.Finding{checkup.Noted("", "It is empty; the bot makes its tables when it starts.")}
	case have > newest:
		return []checkup.Finding{checkup.Failing("Start that one, or give this one a backup of its own time.", "It was written by a newer cloudimage (schema %d, this one knows %d).", have, newest)}
	case have < newest:
		return []checkup.Finding{checkup.Noted("Make a backup before.", "Its schema is %d, and is brought to %d when the bot starts.", have, newest)}
	}
	return []checkup.Finding{checkup.Okay("Its schema is up to date (%d).", have)}
}

// newestSchema is the number of the newest migration.
func newestSchema() (newest int64, err error) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		n, err := goose.NumericComponent(f.Name())
		if err != nil {
			return 0, fmt.Errorf("%s: %w", f.Name(), err)
		}
		newest = max(newest, n)
	}
	return newest, nil
}
