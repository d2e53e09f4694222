package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cloudimage/workflow"
)

// This file keeps where the issue tracker has the items of runs. A row is made,
// and falls behind, in the commit that changes its run; what became of it is
// noted by the mirror.

const trackedColumns = `run, fact, track, url, project, number, wanted, written, since, retry_at, note_at, failures, reason, memory`

func scanTracked(r *sql.Rows) (t workflow.Tracked, err error) {
	var since, retryAt, noteAt string
	err = r.Scan(&t.Run, &t.Fact, &t.Track, &t.URL, &t.Project, &t.Number, &t.Wanted, &t.Written, &since, &retryAt, &noteAt, &t.Failures, &t.Reason, &t.Memory)
	if err != nil {
		return t, err
	}
	var errs [3]error
	t.Since, errs[0] = unstamp(since)
	t.RetryAt, errs[1] = unstamp(retryAt)
	t.NoteAt, errs[2] = unstamp(noteAt)
	return t, errors.Join(errs[:]...)
}

func (s *Store) tracked(ctx context.Context, where string, args ...any) ([]workflow.Tracked, error) {
	var out []workflow.Tracked
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		t, err := scanTracked(r)
		out = append(out, t)
		return err
	}, `SELECT `+trackedColumns+` FROM tracked WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read tracked items: %w", err)
	}
	return out, nil
}

// trackedBehind is asked each second, and most items are in step. That since is more
// than nothing is always so, and lets SQLite use its index.
const trackedBehind = `
	(written < wanted AND since > '' OR note_at <> '' AND note_at <= $1) AND retry_at <= $1 AND (track = 'document') = $2
	ORDER BY since, run, fact LIMIT $3`

// TrackedBehind are the items that are to be brought in step now, the one that has
// waited longest first, limit at most: documents, or what the issue tracker has.
func (s *Store) TrackedBehind(ctx context.Context, documents bool, now time.Time, limit int) ([]workflow.Tracked, error) {
	return s.tracked(ctx, trackedBehind, stamp(now), documents, limit)
}

// TrackedOf are the items of a run.
func (s *Store) TrackedOf(ctx context.Context, run workflow.RunID) ([]workflow.Tracked, error) {
	return s.tracked(ctx, `run = $1 ORDER BY fact`, string(run))
}

// atPlace says that a number is more than nothing, which is always so, and lets SQLite
// use the index of places.
const atPlace = `project = $1 AND number = $2 AND number > 0 AND (track = 'merge-request') = $3`

// TrackedAt is the item that is at that place of the tracker; false when it is
// none of ours. Merge says that it is a merge request.
func (s *Store) TrackedAt(ctx context.Context, project string, number int64, merge bool) (workflow.Tracked, bool, error) {
	found, err := s.tracked(ctx, atPlace, project, number, merge)
	if err != nil || len(found) == 0 {
		return workflow.Tracked{}, false, err
	}
	return found[0], true, nil
}

// TrackedProjects are the projects with items of runs that have not ended long
// ago, and how far the changes of each are known.
func (s *Store) TrackedProjects(ctx context.Context, since time.Time) ([]workflow.Poll, error) {
	var out []workflow.Poll
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		var p workflow.Poll
		var merge bool
		var known, at string
		if err := r.Scan(&p.Project, &merge, &known, &at); err != nil {
			return err
		}
		p.Merge = merge
		var errs [2]error
		p.Known, errs[0] = unstamp(known)
		p.At, errs[1] = unstamp(at)
		out = append(out, p)
		return errors.Join(errs[:]...)
	}, `
		SELECT t.project, t.merge, COALESCE(p.known, ''), COALESCE(p.at, '') FROM (
			SELECT DISTINCT tracked.project, (track = 'merge-request') AS merge
			FROM tracked JOIN runs ON runs.id = tracked.run
			WHERE tracked.number > 0 AND (runs.ended_at = '' OR runs.ended_at > $1)
		) AS t LEFT JOIN polls AS p ON p.project = t.project AND p.kind = CASE WHEN t.merge THEN 'merge-request' ELSE 'issue' END
		ORDER BY t.project, t.merge`, stamp(since))
	if err != nil {
		return nil, fmt.Errorf("read tracked projects: %w", err)
	}
	return out, nil
}

// SavePoll notes how far the changes of a project are known. It is false when
// somebody else has done so since p was read.
func (s *Store) SavePoll(ctx context.Context, p workflow.Poll, known, at time.Time) (mine bool, err error) {
	kind := "issue"
	if p.Merge {
		kind = "merge-request"
	}
	done, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		n, err := b.changed(`
			INSERT INTO polls (project, kind, known, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (project, kind) DO UPDATE SET known = excluded.known, at = excluded.at WHERE polls.at = $5`,
			p.Project, kind, stamp(known), stamp(at), stamp(p.At))
		mine = n == 1
		return nil, err
	})
	return done && mine && err == nil, err
}

// HoldTracked lets one mirror at a time deal with an item: it is false when
// another does, and has begun no longer than within ago.
func (s *Store) HoldTracked(ctx context.Context, t workflow.Tracked, holder string, now time.Time, within time.Duration) (mine bool, err error) {
	if !s.dialect.shared() {
		return true, nil // there is one process
	}
	err = s.noteTracked(ctx, t, func(b *batch) (int64, error) {
		n, err := b.changed(`
			UPDATE tracked SET held_by = $1, held_at = $2
			WHERE run = $3 AND fact = $4 AND (held_by = '' OR held_by = $1 OR held_at < $5)`,
			holder, stamp(now), string(t.Run), string(t.Fact), stamp(now.Add(-within)))
		mine = n == 1
		return 1, err
	})
	return mine && err == nil, err
}

// ReleaseTracked lets others deal with an item again, unless another does already.
func (s *Store) ReleaseTracked(ctx context.Context, t workflow.Tracked, holder string) error {
	if !s.dialect.shared() {
		return nil
	}
	return s.noteTracked(ctx, t, func(b *batch) (int64, error) {
		return 1, b.exec("UPDATE tracked SET held_by = '' WHERE run = $1 AND fact = $2 AND held_by = $3", string(t.Run), string(t.Fact), holder)
	})
}

// SaveTracked notes how an item stands now, but how far it is wanted: that is for
// runs to say. Nothing is noted when another item is at its place already, and
// when its link, which was was, is another since it was read.
func (s *Store) SaveTracked(ctx context.Context, t workflow.Tracked, was string) (out workflow.Saved, err error) {
	err = s.noteTracked(ctx, t, func(b *batch) (int64, error) {
		if t.Number > 0 {
			var n int
			err := one(b.ctx, b.session, []any{&n}, `
				SELECT count(*) FROM tracked WHERE `+atPlace+` AND NOT (run = $4 AND fact = $5)`,
				t.Project, t.Number, t.Track == workflow.TrackMerge, string(t.Run), string(t.Fact))
			if err != nil || n > 0 {
				out = workflow.SaveTaken
				return 1, err
			}
		}
		n, err := b.changed(`
			UPDATE tracked
			SET url = $1, project = $2, number = $3, written = $4, retry_at = $5, note_at = $6, failures = $7, reason = $8, memory = $9,
				since = CASE WHEN $4 < wanted THEN since ELSE $10 END
			WHERE run = $11 AND fact = $12 AND url = $13`,
			t.URL, t.Project, t.Number, t.Written, stamp(t.RetryAt), stamp(t.NoteAt), t.Failures, t.Reason, t.Memory, stamp(b.now),
			string(t.Run), string(t.Fact), was)
		if n == 0 {
			out = workflow.SaveRelinked
		}
		return 1, err
	})
	return out, err
}

func (s *Store) noteTracked(ctx context.Context, t workflow.Tracked, change func(b *batch) (int64, error)) error {
	done, err := s.do(ctx, on(t.Run), func(b *batch) (refused, failed error) {
		n, err := change(b)
		if err == nil && n == 0 {
			refused = workflow.Fail(workflow.NotFound, "Nothing is tracked there.")
		}
		return refused, err
	})
	if err == nil && !done {
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("note item %s of run %s: %w", t.Fact, t.Run, err)
	}
	return nil
}

// wantTracked makes the rows of the items that a run is to have, and lets those
// that it has fall behind. A link that somebody gave in the place of another is
// looked at anew.
func (b *batch) wantTracked(before, run *workflow.Run) error {
	if !b.store.options.Tracks {
		return nil
	}
	if err := b.exec(`
		UPDATE tracked
		SET wanted = $1, since = CASE WHEN written < wanted THEN since ELSE $2 END
		WHERE run = $3`, run.Version, stamp(b.now), string(run.ID)); err != nil {
		return fmt.Errorf("want its items: %w", err)
	}
	had := map[workflow.FactName]string{}
	if before != nil {
		for _, t := range before.Trackings() {
			had[t.Fact] = t.URL
		}
	}
	for _, t := range run.Trackings() {
		err := b.exec(`
			INSERT INTO tracked (run, fact, track, url, project, number, wanted, written, since, retry_at, note_at, held_by, held_at, failures, reason, memory)
			VALUES ($1, $2, $3, $4, '', 0, $5, 0, $6, '', '', '', '', 0, '', '')
			ON CONFLICT (run, fact) DO UPDATE
			SET url = excluded.url, project = '', number = 0, written = 0, retry_at = '', failures = 0, reason = '', memory = ''
			WHERE excluded.url <> '' AND excluded.url <> tracked.url AND $7`,
			string(run.ID), string(t.Fact), string(t.Track), t.URL, run.Version, stamp(b.now), t.URL != had[t.Fact])
		if err != nil {
			return fmt.Errorf("track its %s: %w", t.Fact, err)
		}
	}
	return nil
}

// fillTracked makes the rows of runs that were open before the tracker was
// configured.
func (s *Store) fillTracked(ctx context.Context) error {
	if !s.options.Tracks {
		return nil
	}
	return s.eachOpen(ctx, func(b *batch, run *workflow.Run) error { return b.wantTracked(run, run) })
}
