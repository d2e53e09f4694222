package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cloudimage/workflow"
)

// MessageID identifies a message. It says which run and whom it is for, and is
// the same for ever, so a message that was posted can be recognised by it.
type MessageID string

// MessageKind is what a message is.
type MessageKind string

// The kinds of messages.
const (
	Card MessageKind = "card" // shows a run to everybody, in the run's channel
	DM   MessageKind = "dm"   // shows a run to one person, with what they may do
)

// Message is what shows a run somewhere. It is behind while Shown is below
// Wanted.
type Message struct {
	ID   MessageID
	Run  workflow.RunID
	Kind MessageKind
	// Person is whose direct message it is; empty for a card.
	Person workflow.UserID
	// Channel is where it is, or is to be posted. It is empty for a direct
	// message until the first post, and TS is empty until then for all.
	Channel workflow.ChannelID
	TS      string
	// Wanted is the run's version that is to be shown, Shown the one that is.
	Wanted, Shown int64
	// News is the version at which there was something worth a message of its
	// own, and Posted the one that was posted for. While News is above Posted
	// the message is to be posted anew rather than edited.
	News, Posted int64
	// Digest is the digest of what was last drawn; a drawing with the same one
	// needs no call.
	Digest string
	// Since is when it fell behind.
	Since time.Time
	// Attempted is when the post that is under way began; zero when none is.
	// After a crash, or an answer that was lost, it tells that the message may
	// have been posted: look for it before posting.
	Attempted time.Time
	// RetryAt is when it may be tried again after a failure; zero for at once.
	RetryAt time.Time
	// Failures is how often it has failed since it was last shown, and Reason
	// what went wrong last.
	Failures int
	Reason   string
}

// HasNews reports whether the message is to be posted anew.
func (m Message) HasNews() bool { return m.News > m.Posted }

// cardID and dmID make ids that say their run; see runOf.
func cardID(run workflow.RunID) MessageID { return MessageID(run + ".card") }

func dmID(run workflow.RunID, person workflow.UserID) MessageID {
	return MessageID(string(run) + "." + string(person))
}

const messageColumns = `id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason`

func scanMessage(r *sql.Rows) (m Message, err error) {
	var since, attempted, retryAt string
	err = r.Scan(&m.ID, &m.Run, &m.Kind, &m.Person, &m.Channel, &m.TS, &m.Wanted, &m.Shown, &m.News, &m.Posted,
		&m.Digest, &since, &attempted, &retryAt, &m.Failures, &m.Reason)
	if err != nil {
		return m, err
	}
	var errs [3]error
	m.Since, errs[0] = unstamp(since)
	m.Attempted, errs[1] = unstamp(attempted)
	m.RetryAt, errs[2] = unstamp(retryAt)
	return m, errors.Join(errs[:]...)
}

func (s *Store) messages(ctx context.Context, query string, args ...any) ([]Message, error) {
	var out []Message
	err := rows(ctx, s.reader(), func(r *sql.Rows) error {
		m, err := scanMessage(r)
		out = append(out, m)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return out, nil
}

// Pending are the messages that are behind and may be tried now, the one that
// has waited longest first, limit at most.
func (s *Store) Pending(ctx context.Context, limit int) ([]Message, error) {
	return s.messages(ctx, `
		SELECT `+messageColumns+` FROM messages
		WHERE shown < wanted AND retry_at <= $1
		ORDER BY since, id LIMIT $2`,
		stamp(s.options.Now()), max(limit, 0))
}

// NextRetry is when the next message that is behind and held back may be tried
// again; false when none is held back.
func (s *Store) NextRetry(ctx context.Context) (time.Time, bool, error) {
	var at sql.NullString
	err := one(ctx, s.reader(), []any{&at}, `
		SELECT MIN(retry_at) FROM messages WHERE shown < wanted AND retry_at > $1`,
		stamp(s.options.Now()))
	if err != nil || !at.Valid {
		return time.Time{}, false, err
	}
	t, err := unstamp(at.String)
	return t, err == nil, err
}

// Message is the message of that id; a NotFound error when there is none.
func (s *Store) Message(ctx context.Context, id MessageID) (Message, error) {
	found, err := s.messages(ctx, `SELECT `+messageColumns+` FROM messages WHERE id = $1`, string(id))
	if err == nil && len(found) == 0 {
		err = workflow.Fail(workflow.NotFound, "There is no message %q here.", string(id))
	}
	if err != nil {
		return Message{}, err
	}
	return found[0], nil
}

// CardOf is a run's card; a NotFound error while it has none, as a proposal.
func (s *Store) CardOf(ctx context.Context, run workflow.RunID) (Message, error) {
	return s.Message(ctx, cardID(run))
}

// MessagesOf are all messages that show a run.
func (s *Store) MessagesOf(ctx context.Context, run workflow.RunID) ([]Message, error) {
	return s.messages(ctx, `SELECT `+messageColumns+` FROM messages WHERE run = $1 ORDER BY id`, string(run))
}
