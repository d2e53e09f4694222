package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file notes what became of messages. The notes go through the writer, so
// that they share commits with the changes that caused them.

// wantMessages makes the messages that a change calls for, and asks for the new
// version in all of the run's.
func (b *batch) wantMessages(before, after *workflow.Run) error {
	if err := b.exec(`
		UPDATE messages
		SET wanted = $1, since = CASE WHEN shown < wanted THEN since ELSE $2 END
		WHERE run = $3`,
		after.Version, stamp(b.now), string(after.ID)); err != nil {
		return fmt.Errorf("want its messages: %w", err)
	}
	wasShown := before != nil && before.State != workflow.Proposed
	isShown := after.State == workflow.Running || after.State == workflow.Complete
	if isShown && !wasShown {
		m := Message{ID: cardID(after.ID), Kind: Card, Channel: after.Channel}
		if err := b.wantMessage(after, m); err != nil {
			return err
		}
	}
	for _, n := range workflow.Notices(before, after, after.Emitted()[0].Actor) {
		m := Message{ID: dmID(after.ID, n.User), Kind: DM, Person: n.User}
		if n.News {
			m.News = after.Version
		}
		if err := b.wantMessage(after, m); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) wantMessage(run *workflow.Run, m Message) error {
	err := b.exec(`
		INSERT INTO messages (`+messageColumns+`)
		VALUES ($1, $2, $3, $4, $5, '', $6, 0, $7, 0, '', $8, '', '', 0, '')
		ON CONFLICT (id) DO UPDATE SET news = excluded.news WHERE excluded.news > messages.news`,
		string(m.ID), string(run.ID), string(m.Kind), string(m.Person), string(m.Channel), run.Version, m.News, stamp(b.now))
	if err != nil {
		return fmt.Errorf("want message %s: %w", m.ID, err)
	}
	return nil
}

// Attempt notes, before a message is posted, that a post is under way, so that
// after a crash it is known that the outcome is not. It is false when somebody
// else has begun one since m was read; then leave the message to them. Posted
// and Failed end the attempt.
func (s *Store) Attempt(ctx context.Context, m Message) (mine bool, err error) {
	err = s.note(ctx, m.ID, func(b *batch) (int64, error) {
		n, err := b.changed(`
			UPDATE messages SET attempted = $1
			WHERE id = $2 AND attempted = $3 AND ts = $4 AND posted = $5`,
			stamp(b.now), string(m.ID), stamp(m.Attempted), m.TS, m.Posted)
		mine = n == 1
		return 1, err
	})
	return mine && err == nil, err
}

// Posted notes a message that was posted, for the first time or for news. It
// shows version, drawn with digest; news is the News of the message as it was
// read.
func (s *Store) Posted(ctx context.Context, id MessageID, channel workflow.ChannelID, ts string, version int64, digest string, news int64) error {
	return s.note(ctx, id, func(b *batch) (int64, error) {
		return b.changed(`
			UPDATE messages
			SET channel = $1, ts = $2, shown = $3, digest = $4, posted = $5, attempted = '', retry_at = '', failures = 0, reason = ''
			WHERE id = $6`,
			string(channel), ts, version, digest, news, string(id))
	})
}

// Shown notes that a message was edited, or needed no edit, and shows version,
// drawn with digest.
func (s *Store) Shown(ctx context.Context, id MessageID, version int64, digest string) error {
	return s.note(ctx, id, func(b *batch) (int64, error) {
		return b.changed(`
			UPDATE messages
			SET shown = $1, digest = $2, retry_at = '', failures = 0, reason = ''
			WHERE id = $3`,
			version, digest, string(id))
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
	_, err := s.do(ctx, "", func(b *batch) (refused, failed error) {
		n, err := b.changed("UPDATE messages SET retry_at = '' WHERE channel = $1 AND retry_at <> ''", string(channel))
		b.show = b.show || n > 0
		return nil, err
	})
	if err != nil {
		return fmt.Errorf("release the messages of %s: %w", channel, err)
	}
	return nil
}

// note changes one message.
func (s *Store) note(ctx context.Context, id MessageID, change func(*batch) (int64, error)) error {
	_, err := s.do(ctx, runOf(id), func(b *batch) (refused, failed error) {
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

// runOf is the run that a message shows.
func runOf(id MessageID) workflow.RunID {
	run, _, _ := strings.Cut(string(id), ".")
	return workflow.RunID(run)
}

// cleanText is text without what cannot be kept.
func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
