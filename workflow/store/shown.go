package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file notes what became of messages. The notes go through the writer, so
// that they share commits with the changes that caused them.

// Attempt notes, before a message is posted, that a post is under way, so that
// after a crash it is known that the outcome is not. It is false when somebody
// else has begun one since m was read, and when the message is to be taken away;
// then leave it to them, or for the next look. Posted and Failed end the attempt.
func (s *Store) Attempt(ctx context.Context, m Message) (mine bool, err error) {
	err = s.note(ctx, m.ID, func(b *batch) (int64, error) {
		n, err := b.changed(`
			UPDATE messages SET attempted = $1
			WHERE id = $2 AND attempted = $3 AND ts = $4 AND posted = $5 AND recall = 0`,
			stamp(b.now), string(m.ID), stamp(m.Attempted), m.TS, m.Posted)
		mine = n == 1
		return 1, err
	})
	return mine && err == nil, err
}

// Drawn is what a message shows.
type Drawn struct {
	Version int64
	Digest  string
	// Fades is when it is to be drawn anew although nothing changes; zero for
	// never. Store.FireDue asks for it then.
	Fades time.Time
}

// Posted notes a message that was posted, for the first time or for news, which is
// the News of the message as it was read.
func (s *Store) Posted(ctx context.Context, id MessageID, channel workflow.ChannelID, ts string, d Drawn, news int64) error {
	return s.note(ctx, id, func(b *batch) (int64, error) {
		return b.changed(`
			UPDATE messages
			SET channel = $1, ts = $2, shown = $3, digest = $4, redraw_at = $5, posted = $6, attempted = '', retry_at = '', failures = 0, reason = ''
			WHERE id = $7`,
			string(channel), ts, d.Version, d.Digest, stamp(d.Fades), news, string(id))
	})
}

// Shown notes that a message was edited, or needed no edit.
func (s *Store) Shown(ctx context.Context, id MessageID, d Drawn) error {
	return s.note(ctx, id, func(b *batch) (int64, error) {
		return b.changed(`
			UPDATE messages
			SET shown = $1, digest = $2, redraw_at = $3, retry_at = '', failures = 0, reason = ''
			WHERE id = $4`,
			d.Version, d.Digest, stamp(d.Fades), string(id))
	})
}

// fade lets messages that are to be drawn anew by now fall behind.
func (s *Store) fade(ctx context.Context, now time.Time) error {
	const faded = `redraw_at <> '' AND redraw_at <= $1`
	for {
		var ids []MessageID
		var runs []workflow.RunID
		err := rows(ctx, s.reader(), func(r *sql.Rows) error {
			var id MessageID
			err := r.Scan(&id)
			ids, runs = append(ids, id), append(runs, runOf(id))
			return err
		}, `SELECT id FROM messages WHERE `+faded+` ORDER BY redraw_at, id LIMIT $2`, stamp(now), fireTogether)
		if err == nil && len(ids) > 0 {
			_, err = s.do(ctx, hold{runs: runs}, func(b *batch) (refused, failed error) {
				for _, id := range ids {
					failed = errors.Join(failed, b.exec(`
						UPDATE messages
						SET redraw_at = '', shown = CASE WHEN ts <> '' AND shown >= wanted THEN wanted - 1 ELSE shown END,
							since = CASE WHEN `+isBehind+` THEN since ELSE $2 END
						WHERE id = $3 AND `+faded,
						stamp(now), stamp(b.now), string(id)))
				}
				b.show = true
				return nil, failed
			})
		}
		if err != nil {
			return fmt.Errorf("draw faded messages anew: %w", err)
		}
		if len(ids) < fireTogether {
			return nil
		}
	}
}

// Recalled notes that what was posted of a message was deleted: because it was to
// be, or because a story is not true any more. It is behind still when there was
// something to show again meanwhile.
func (s *Store) Recalled(ctx context.Context, id MessageID) error {
	return s.note(ctx, id, func(b *batch) (int64, error) {
		const over = `recall = 1 OR kind <> 'dm' AND news <= posted`
		return b.changed(`
			UPDATE messages
			SET ts = '', digest = '', recall = 0, attempted = '', retry_at = '', failures = 0, reason = '',
				shown = CASE WHEN `+over+` THEN wanted WHEN shown < wanted THEN shown ELSE wanted - 1 END,
				posted = CASE WHEN `+over+` THEN news ELSE posted END
			WHERE id = $1`,
			string(id))
	})
}

// Failed notes that a message could not be shown, for a reason, and when to try
// again. An attempt to post it is over; when it is not known whether it came
// through, use [Store.Lost].
func (s *Store) Failed(ctx context.Context, id MessageID, retryAt time.Time, reason string) error {
	return s.note(ctx, id, func(b *batch) (int64, error) {
		return b.changed(`
			UPDATE messages
			SET attempted = '', retry_at = $1, failures = failures + 1, reason = $2
			WHERE id = $3`,
			stamp(retryAt), cleanText(reason), string(id))
	})
}

// Lost notes that the answer to a post was lost: it is tried again at retryAt,
// and the attempt stays noted, so that it is looked for first.
func (s *Store) Lost(ctx context.Context, id MessageID, retryAt time.Time, reason string) error {
	return s.note(ctx, id, func(b *batch) (int64, error) {
		return b.changed(`
			UPDATE messages
			SET retry_at = $1, failures = failures + 1, reason = $2
			WHERE id = $3`,
			stamp(retryAt), cleanText(reason), string(id))
	})
}

// Release lets the messages of a channel be tried at once, because what held
// them back is over: the bot was invited, say.
func (s *Store) Release(ctx context.Context, channel workflow.ChannelID) error {
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		n, err := b.changed("UPDATE messages SET retry_at = '' WHERE channel = $1 AND retry_at <> ''", string(channel))
		b.show = b.show || n > 0
		return nil, err
	})
	if err != nil {
		return fmt.Errorf("release the messages of %s: %w", channel, err)
	}
	return nil
}

// note changes one message, and holds its run if it is of one.
func (s *Store) note(ctx context.Context, id MessageID, change func(*batch) (int64, error)) error {
	_, err := s.do(ctx, on(runOf(id)), func(b *batch) (refused, failed error) {
		n, err := change(b)
		if err == nil && n == 0 {
			refused = workflow.Fail(workflow.NotFound, "There is no message %q here.", string(id))
		}
		return refused, err
	})
	if err != nil {
		return fmt.Errorf("note on message %s: %w", id, err)
	}
	return nil
}

// cleanText is text without what cannot be kept.
func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
