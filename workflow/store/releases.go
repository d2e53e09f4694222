package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"cloudimage/workflow"
)

// This file keeps the releases that were seen, and the watches by which they are
// looked for.

// order is a version as text that sorts; empty for none.
func order(v workflow.Version) string {
	if v.IsZero() {
		return ""
	}
	return fmt.Sprintf("%06d.%06d.%06d.%06d", v.Major, v.Minor, v.Patch, v.Rebuild)
}

// unorder reads what order wrote.
func unorder(s string) (v workflow.Version, err error) {
	if s == "" {
		return v, nil
	}
	if len(s) != len("000017.000005.000001.000000") {
		return v, fmt.Errorf("read a version of the database: %q is none", s)
	}
	for i, n := range []*int{&v.Major, &v.Minor, &v.Patch, &v.Rebuild} {
		if *n, err = strconv.Atoi(s[7*i : 7*i+6]); err != nil {
			return workflow.Version{}, fmt.Errorf("read a version of the database: %w", err)
		}
	}
	return v, nil
}

// Releases are all that were seen, the lowest version first.
func (s *Store) Releases(ctx context.Context) ([]workflow.Release, error) {
	var out []workflow.Release
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var rel workflow.Release
		var body []byte
		if err := r.Scan(&rel.Revision, &body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &rel); err != nil {
			return err
		}
		out = append(out, rel)
		return nil
	}, "SELECT revision, body FROM releases ORDER BY version")
	if err != nil {
		return nil, fmt.Errorf("read releases: %w", err)
	}
	return out, nil
}

// SaveReleases keeps releases, each as long as it is as it was read: one that
// somebody else has changed since is left as it is, and so are all others, and
// saved is false. Owed is what customers are owed because of them, where no run sees
// to it. Of one that was dropped nothing is owed any more.
func (s *Store) SaveReleases(ctx context.Context, list []workflow.Release, owed []workflow.Owed) (saved bool, err error) {
	bodies := make([]string, len(list))
	for i := range list {
		if bodies[i], err = encodeText(list[i]); err != nil {
			return false, err
		}
	}
	done, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		for i := range list {
			has, err := b.revisionOf("releases", "version", order(list[i].Version))
			if err != nil {
				return nil, err
			}
			if has != list[i].Revision {
				return errRevised, nil
			}
		}
		for i := range list {
			if err := b.exec(`
				INSERT INTO releases (version, revision, body) VALUES ($1, 1, $2)
				ON CONFLICT (version) DO UPDATE SET revision = releases.revision + 1, body = excluded.body`,
				order(list[i].Version), bodies[i]); err != nil {
				return nil, fmt.Errorf("save release %s: %w", list[i].Version, err)
			}
			if list[i].State == workflow.ReleaseDropped {
				if err := b.exec("DELETE FROM owed WHERE version = $1 AND met_at = ''", order(list[i].Version)); err != nil {
					return nil, fmt.Errorf("owe nothing of release %s: %w", list[i].Version, err)
				}
			}
		}
		for _, o := range owed {
			if err := b.owe(o); err != nil {
				return nil, err
			}
		}
		return nil, b.setWatch(workflow.WatchWork, b.now) // what follows from it is done, whatever happens to who saved it
	})
	if errors.Is(err, errRevised) {
		return false, nil
	}
	return done && err == nil, err
}

// errRevised is that something was changed since it was read.
var errRevised = errors.New("it has changed since")

// revisionOf is the revision of a row, which is held until the end of the
// transaction; 0 when there is none.
func (b *batch) revisionOf(table, key, id string) (n int64, err error) {
	query := "SELECT revision FROM " + table + " WHERE " + key + " = $1"
	if b.store.dialect.shared() {
		query += " FOR UPDATE"
	}
	err = one(b.ctx, b.session, []any{&n}, query, id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read a revision: %w", err)
	}
	return n, nil
}

// watchClock is the kind of the clocks by which releases are watched.
const watchClock workflow.ClockKind = "watch"

// TakeWatch reports whether a watch has run out, or was never set, and sets it to run
// out again at next; of several replicas one takes it.
func (s *Store) TakeWatch(ctx context.Context, w workflow.Watch, now, next time.Time) (mine bool, err error) {
	var due string
	err = one(ctx, s.reader(), []any{&due}, "SELECT due_at FROM clocks WHERE kind = $1 AND subject = $2", string(watchClock), string(w))
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return false, fmt.Errorf("look at the watch of %s: %w", w, err)
	case due > stamp(now):
		return false, nil
	}
	done, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		n, err := b.changed(`
			INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ($1, $2, $3, '')
			ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at WHERE clocks.due_at <= $4`,
			string(watchClock), string(w), stamp(next), stamp(now))
		mine = n == 1
		return nil, err
	})
	return done && mine && err == nil, err
}

// never is when a watch at rest runs out.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// MoveWatch lets a watch that runs out at one moment do so at another, unless somebody
// has set it since; a zero time lets it rest until it is set.
func (s *Store) MoveWatch(ctx context.Context, w workflow.Watch, from, to time.Time) error {
	if to.IsZero() {
		to = never
	}
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		return nil, b.exec("UPDATE clocks SET due_at = $1 WHERE kind = $2 AND subject = $3 AND due_at = $4", stamp(to), string(watchClock), string(w), stamp(from))
	})
	if err != nil {
		return fmt.Errorf("move the watch of %s: %w", w, err)
	}
	return nil
}

// SetWatch lets a watch run out at a moment, if that is before it would.
func (s *Store) SetWatch(ctx context.Context, w workflow.Watch, at time.Time) error {
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) { return nil, b.setWatch(w, at) })
	return err
}

func (b *batch) setWatch(w workflow.Watch, at time.Time) error {
	err := b.exec(`
		INSERT INTO clocks (kind, subject, due_at, sent_at) VALUES ($1, $2, $3, '')
		ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at WHERE clocks.due_at > excluded.due_at`,
		string(watchClock), string(w), stamp(at))
	if err != nil {
		return fmt.Errorf("set the watch of %s: %w", w, err)
	}
	return nil
}
