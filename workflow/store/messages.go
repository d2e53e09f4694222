package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudimage/workflow"
)

// MessageID identifies a message. It says which run and whom it is for, and is
// the same for ever, so a message that was posted can be recognised by it.
type MessageID string

// MessageKind is what a message is.
type MessageKind string

// The kinds of messages. The first three are of a run. Of the next three there is
// one for each person, channel or trouble, and it is posted anew when there is
// news. Those of builds are posted once; a plan may be for several runs.
const (
	Card     MessageKind = "card"     // shows a run to everybody, in the run's channel
	DM       MessageKind = "dm"       // shows a run to one person, with what they may do
	Story    MessageKind = "story"    // tells an event in the thread of a card
	Morning  MessageKind = "morning"  // asks a person for what is due
	Daily    MessageKind = "daily"    // tells a channel what is late
	Operator MessageKind = "operator" // tells the operator of a trouble

	BuildNews MessageKind = "build" // tells how the builds of a plan stand
	BuildLog  MessageKind = "log"   // has the log of a step that failed, at one attempt
)

// Message is what shows something somewhere. It is behind while Shown is below
// Wanted, or while it is to be taken away.
type Message struct {
	ID   MessageID
	Run  workflow.RunID // empty for a message that is not of one run
	Kind MessageKind
	// Person is whose direct or morning message it is; empty for the others.
	Person workflow.UserID
	// Channel is where it is, or is to be posted. It is empty for a message to a
	// person until the first post, and TS is empty until then for all.
	Channel workflow.ChannelID
	TS      string
	// Wanted is the run's version that is to be shown, Shown the one that is. A
	// message not of one run is counted instead: it is at Wanted when it was drawn
	// after Wanted was read.
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
	// About is what a morning, daily or operator message is about, as its drawer
	// reads it; the plan of builds; and which log, see [ReadLog]. It is empty for the
	// others.
	About string
	// Seq is the event that a story tells; 0 for the others.
	Seq int64
	// Recall says that what is posted is to be deleted, and nothing posted in its
	// place until there is something to show again; see [Store.Recalled].
	Recall bool
}

// HasNews reports whether the message is to be posted anew.
func (m Message) HasNews() bool { return m.News > m.Posted }

// The ids of messages say their run, if they are of one; see runOf. No run is
// called as the other kinds are.

func cardID(run workflow.RunID) MessageID { return MessageID(run + ".card") }

func dmID(run workflow.RunID, person workflow.UserID) MessageID {
	return MessageID(string(run) + "." + string(person))
}

func storyID(run workflow.RunID, seq int64) MessageID {
	return MessageID(fmt.Sprintf("%s.story.%d", run, seq))
}

func morningID(person workflow.UserID) MessageID {
	return MessageID(string(Morning) + "." + string(person))
}

func dailyID(channel workflow.ChannelID) MessageID {
	return MessageID(string(Daily) + "." + string(channel))
}

func operatorID(key string) MessageID { return MessageID(string(Operator) + "." + key) }

// runOf is the run that a message is of; empty when it is of none.
func runOf(id MessageID) workflow.RunID {
	run, _, _ := strings.Cut(string(id), ".")
	switch MessageKind(run) {
	case Morning, Daily, Operator, BuildNews, BuildLog:
		return ""
	}
	return workflow.RunID(run)
}

const messageColumns = `id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason, about, seq, recall`

// Of messages, in SQL.
const (
	// isBehind is what the index messages_pending holds.
	isBehind = `(shown < wanted OR recall = 1)`
	// showsRun are the cards and the direct messages among those of a run. A list
	// of the two would take longer.
	showsRun = `kind < 'story'`
	// isThere leaves out what was taken away: that is not posted, and not to be.
	isThere = `(ts <> '' OR shown < wanted)`
	// mayShow leaves out stories whose card is not posted yet.
	mayShow = `(kind <> 'story' OR EXISTS (SELECT 1 FROM messages AS c WHERE c.id = messages.run || '.card' AND c.ts <> ''))`
)

func scanMessage(r *sql.Rows) (m Message, err error) {
	var since, attempted, retryAt string
	var recall int
	err = r.Scan(&m.ID, &m.Run, &m.Kind, &m.Person, &m.Channel, &m.TS, &m.Wanted, &m.Shown, &m.News, &m.Posted,
		&m.Digest, &since, &attempted, &retryAt, &m.Failures, &m.Reason, &m.About, &m.Seq, &recall)
	if err != nil {
		return m, err
	}
	m.Recall = recall == 1
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

// pending is read along the index messages_pending.
const pending = `
	SELECT ` + messageColumns + ` FROM messages
	WHERE ` + isBehind + ` AND retry_at <= $1 AND ` + mayShow + `
	ORDER BY since, seq, id LIMIT $2`

// Pending are the messages that are behind and may be tried now, the one that
// has waited longest first, limit at most. A story may be once its card is
// posted.
func (s *Store) Pending(ctx context.Context, limit int) ([]Message, error) {
	return s.messages(ctx, pending, stamp(s.options.Now()), max(limit, 0))
}

// Behind is how many messages fell behind before a moment and still are, whatever
// holds them back; since when the oldest is, and why, as far as that is known.
// Stories that wait for their card are not counted beside it.
func (s *Store) Behind(ctx context.Context, before time.Time) (n int, since time.Time, reason string, err error) {
	first := ""
	err = rows(ctx, s.reader(), func(r *sql.Rows) error {
		var at, why string
		err := r.Scan(&at, &why)
		if n++; n == 1 {
			first = at
		}
		reason = cmp.Or(reason, why)
		return err
	}, `
		SELECT since, reason FROM messages
		WHERE `+isBehind+` AND since < $1 AND `+mayShow+` ORDER BY since, id`,
		stamp(before))
	if err == nil {
		since, err = unstamp(first)
	}
	if err != nil {
		return 0, time.Time{}, "", fmt.Errorf("read what is behind: %w", err)
	}
	return n, since, reason, nil
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

// MessageAt is the message that was posted there; a NotFound error when it is none
// of ours, or none that is of a run.
func (s *Store) MessageAt(ctx context.Context, channel workflow.ChannelID, ts string) (Message, error) {
	found, err := s.messages(ctx, `SELECT `+messageColumns+` FROM messages WHERE channel = $1 AND ts = $2 AND run <> ''`, string(channel), ts)
	if err == nil && len(found) == 0 {
		err = workflow.Fail(workflow.NotFound, "There is no message of a run there.")
	}
	if err != nil {
		return Message{}, err
	}
	return found[0], nil
}

// MessagesOf are all messages that show a run.
func (s *Store) MessagesOf(ctx context.Context, run workflow.RunID) ([]Message, error) {
	return s.messages(ctx, `SELECT `+messageColumns+` FROM messages WHERE run = $1 ORDER BY id`, string(run))
}
