package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file keeps and reads builds. A row's body is the build; the columns beside
// it repeat what never changes of its order, and what is searched for.

const buildColumns = `revision, body`

func scanBuild(r *sql.Rows) (*images.Build, error) {
	var revision int64
	var body []byte
	if err := r.Scan(&revision, &body); err != nil {
		return nil, err
	}
	return readBuild(revision, body)
}

func readBuild(revision int64, body []byte) (*images.Build, error) {
	build := &images.Build{}
	if err := json.Unmarshal(body, build); err != nil {
		return nil, fmt.Errorf("read a build: %w", err)
	}
	build.Revision = revision
	return build, nil
}

// encodeBuild is a build as it is kept, and as it will be read. What a cloud or a
// script said may hold anything: what of it cannot be kept is replaced, since
// nobody is there to say it again.
func encodeBuild(build *images.Build, revision int64) (body string, kept *images.Build, err error) {
	text, err := json.Marshal(build)
	if err != nil {
		return "", nil, fmt.Errorf("encode: %w", err)
	}
	body = mended(string(text))
	kept, err = readBuild(revision, []byte(body))
	return body, kept, err
}

// mended is JSON without the escapes by which [mangled] knows what is no text.
func mended(body string) string {
	if !mangled(body) {
		return body
	}
	return strings.NewReplacer(`\\`, `\\`, `\ufffd`, "\uFFFD", `\u0000`, "").Replace(body)
}

// collectBuilds reads the builds that a query answers, in its order.
func collectBuilds(ctx context.Context, q querier, where string, args ...any) ([]*images.Build, error) {
	var out []*images.Build
	err := rows(ctx, q, func(r *sql.Rows) error {
		build, err := scanBuild(r)
		out = append(out, build)
		return err
	}, `SELECT `+buildColumns+` FROM builds WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read builds: %w", err)
	}
	return out, nil
}

// Build implements [images.Book].
func (s *Store) Build(ctx context.Context, id images.BuildID) (*images.Build, error) {
	found, err := collectBuilds(ctx, s.reader(), `id = $1`, string(id))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, unknownBuild(id)
	}
	return found[0], nil
}

func unknownBuild(id images.BuildID) error {
	return workflow.Fail(workflow.NotFound, "There is no build %q here; it may be of another database.", string(id))
}

// The conditions by which builds are read, each along an index.
const (
	buildsOf     = `plan = $1 ORDER BY created, id`
	buildsFor    = `run = $1 ORDER BY created DESC, id DESC LIMIT $2`
	buildsDue    = `due_at <> '' AND due_at <= $1 ORDER BY due_at, created, id LIMIT $2`
	buildsOpen   = `state IN ('running', 'stuck', 'clearing') ORDER BY created, id`
	buildsDone   = `state = 'done' AND listing = $1 ORDER BY created DESC, id DESC LIMIT $2`
	buildsAnyone = `state = 'done' ORDER BY created DESC, id DESC LIMIT $1`
)

// BuildsOf implements [images.Book].
func (s *Store) BuildsOf(ctx context.Context, plan images.PlanID) ([]*images.Build, error) {
	return collectBuilds(ctx, s.reader(), buildsOf, string(plan))
}

// BuildsFor implements [images.Book].
func (s *Store) BuildsFor(ctx context.Context, run workflow.RunID, limit int) ([]*images.Build, error) {
	return collectBuilds(ctx, s.reader(), buildsFor, string(run), max(limit, 0))
}

// BuildsDue implements [images.Book].
func (s *Store) BuildsDue(ctx context.Context, now time.Time, limit int) ([]images.BuildID, error) {
	var out []images.BuildID
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var id images.BuildID
		err := r.Scan(&id)
		out = append(out, id)
		return err
	}, `SELECT id FROM builds WHERE `+buildsDue, stamp(now), max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("look for builds that are due: %w", err)
	}
	return out, nil
}

// BuildsOpen implements [images.Book].
func (s *Store) BuildsOpen(ctx context.Context) ([]*images.Build, error) {
	return collectBuilds(ctx, s.reader(), buildsOpen)
}

// BuildsDone implements [images.Book].
func (s *Store) BuildsDone(ctx context.Context, listing workflow.ListingID, limit int) ([]*images.Build, error) {
	if listing == "" {
		return collectBuilds(ctx, s.reader(), buildsAnyone, max(limit, 0))
	}
	return collectBuilds(ctx, s.reader(), buildsDone, string(listing), max(limit, 0))
}

// HoldBuild implements [images.Book]. A build that is not there is held by nobody.
func (s *Store) HoldBuild(ctx context.Context, id images.BuildID, holder string, now time.Time, within time.Duration) (mine bool, err error) {
	if !s.dialect.shared() {
		return true, nil // there is one process
	}
	done, err := s.do(ctx, hold{builds: []images.BuildID{id}}, func(b *batch) (refused, failed error) {
		n, err := b.changed(`
			UPDATE builds SET held_by = $1, held_at = $2
			WHERE id = $3 AND (held_by = '' OR held_by = $1 OR held_at < $4)`,
			holder, stamp(now), string(id), stamp(now.Add(-within)))
		mine = n == 1
		return nil, err
	})
	if err != nil {
		return false, fmt.Errorf("hold build %s: %w", id, err)
	}
	return done && mine, nil
}

// ReleaseBuild implements [images.Book]. What another holds by now stays held.
func (s *Store) ReleaseBuild(ctx context.Context, id images.BuildID, holder string) error {
	if !s.dialect.shared() {
		return nil
	}
	_, err := s.do(ctx, hold{builds: []images.BuildID{id}}, func(b *batch) (refused, failed error) {
		return nil, b.exec("UPDATE builds SET held_by = '' WHERE id = $1 AND held_by = $2", string(id), holder)
	})
	if err != nil {
		return fmt.Errorf("release build %s: %w", id, err)
	}
	return nil
}

// build is the build as it is in this transaction; nil when there is none.
func (b *batch) build(id images.BuildID) (*images.Build, error) {
	found, err := collectBuilds(b.ctx, b.session, `id = $1`+b.held(), string(id))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// insertBuild keeps a new build, after those that are there.
func (b *batch) insertBuild(build *images.Build, request workflow.RequestID, body string) error {
	err := b.exec(`
		INSERT INTO builds (id, plan, run, listing, state, due_at, revision, created, request, held_by, held_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT COALESCE(MAX(created), 0) + 1 FROM builds), $8, '', '', $9)`,
		string(build.ID), string(build.Plan), string(build.Order.Run), string(build.Order.Listing), string(build.State), stamp(build.Due()),
		build.Revision, string(request), body)
	if err != nil {
		return fmt.Errorf("keep build %s: %w", build.ID, err)
	}
	return nil
}

// saveBuild keeps a build as it is now.
func (b *batch) saveBuild(build *images.Build, body string) error {
	err := b.exec("UPDATE builds SET state = $1, due_at = $2, revision = $3, body = $4 WHERE id = $5",
		string(build.State), stamp(build.Due()), build.Revision, body, string(build.ID))
	if err != nil {
		return fmt.Errorf("save build %s: %w", build.ID, err)
	}
	return nil
}

// runOfBuild is the run of a build, which never changes; empty when it has none.
func (s *Store) runOfBuild(ctx context.Context, id images.BuildID) (run workflow.RunID, err error) {
	err = one(ctx, s.reader(), []any{&run}, "SELECT run FROM builds WHERE id = $1", string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return "", unknownBuild(id)
	}
	if err != nil {
		return "", fmt.Errorf("look for the run of build %s: %w", id, err)
	}
	return run, nil
}
