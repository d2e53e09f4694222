package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"cloudimage/workflow"
)

// This file keeps messages that are not of one run.

// Keep carries out what a clock that has run out leads to, in one transaction:
// the clock's next time, the message if there is something to say, and the
// reminders in the runs that a morning message is about. A run that is not there
// is passed over. A clock without a next time is stopped, unless there is
// something for its subject by now: then it runs out at once.
//
// When request was seen before, nothing is said. Then a clock that is still as
// the letter found it is set all the same, or it would run out for ever.
func (s *Store) Keep(ctx context.Context, request workflow.RequestID, l workflow.Letter) error {
	if err := checkRequest(request); err != nil {
		return err
	}
	if err := checkClock(l.Clock); err != nil {
		return err
	}
	runs, moves := movesOf(l)
	_, err := s.do(ctx, hold{runs: runs}, func(b *batch) (refused, failed error) {
		return b.keepLetter(request, l, runs, moves)
	})
	if err != nil {
		return fmt.Errorf("keep the %s message of %s: %w", l.Clock.Kind, l.Clock.Subject, err)
	}
	return nil
}

// movesOf are the moves that a person is reminded of, by run, and the runs in
// order.
func movesOf(l workflow.Letter) (runs []workflow.RunID, moves map[workflow.RunID][]workflow.Move) {
	moves = map[workflow.RunID][]workflow.Move{}
	if l.Clock.Kind != workflow.MorningClock || l.About == "" {
		return nil, moves
	}
	for _, it := range l.Items {
		if moves[it.Run] == nil {
			runs = append(runs, it.Run)
		}
		moves[it.Run] = append(moves[it.Run], it.Move)
	}
	slices.Sort(runs)
	return runs, moves
}

func (b *batch) keepLetter(request workflow.RequestID, l workflow.Letter, runs []workflow.RunID, moves map[workflow.RunID][]workflow.Move) (refused, failed error) {
	if _, seen, err := b.requestOf(request); err != nil || seen {
		if err == nil {
			err = b.passClock(l)
		}
		return nil, err
	}
	var reminded []*decided
	for _, id := range runs {
		run, err := b.readable(id)
		if err != nil {
			return nil, err
		}
		if run == nil {
			continue
		}
		d, refused := b.decide(run, func(r *workflow.Run) error {
			for _, m := range moves[id] {
				r.Remind(b.now, workflow.UserID(l.Clock.Subject), m)
			}
			return nil
		})
		if refused != nil {
			return refused, nil
		}
		if d != nil {
			reminded = append(reminded, d)
		}
	}
	if fresh, err := b.keepRequest(request, ""); err != nil || !fresh {
		return nil, err
	}
	if err := b.saveAll(reminded...); err != nil {
		return nil, err
	}
	next := workflow.Clock{Kind: l.Clock.Kind, Subject: l.Clock.Subject, Due: l.Next}
	if l.About != "" {
		next.Sent = b.now
	}
	if err := b.nextClock(next); err != nil {
		return nil, err
	}
	if l.About == "" {
		return nil, nil
	}
	m := Message{ID: dailyID(workflow.ChannelID(l.Clock.Subject)), Kind: Daily, Channel: workflow.ChannelID(l.Clock.Subject), About: l.About}
	if l.Clock.Kind == workflow.MorningClock {
		m = Message{ID: morningID(workflow.UserID(l.Clock.Subject)), Kind: Morning, Person: workflow.UserID(l.Clock.Subject), About: l.About}
	}
	return nil, b.tell(m)
}

func (b *batch) nextClock(next workflow.Clock) (err error) {
	if next.Due.IsZero() {
		err = b.restClock(next)
	} else {
		err = b.setClock(next)
	}
	if err != nil {
		return fmt.Errorf("set the clock: %w", err)
	}
	return nil
}

// passClock sets the clock of a letter that was kept before, if it has run out
// again at the same moment.
func (b *batch) passClock(l workflow.Letter) error {
	n, err := b.changed("UPDATE clocks SET due_at = due_at WHERE kind = $1 AND subject = $2 AND due_at = $3",
		string(l.Clock.Kind), l.Clock.Subject, stamp(l.Clock.Due))
	if err != nil || n == 0 {
		return err
	}
	return b.nextClock(workflow.Clock{Kind: l.Clock.Kind, Subject: l.Clock.Subject, Due: l.Next})
}

// tell makes a message that is not of one run, or one that takes the place of
// the one that is there.
func (b *batch) tell(m Message) error {
	b.show = true
	err := b.exec(`
		INSERT INTO messages (`+messageColumns+`)
		VALUES ($1, '', $2, $3, $4, '', 1, 0, 1, 0, '', $5, '', '', 0, '', $6, 0, 0)
		ON CONFLICT (id) DO UPDATE
		SET about = excluded.about, wanted = messages.wanted + 1, news = messages.wanted + 1, recall = 0,
			since = CASE WHEN messages.shown < messages.wanted OR messages.recall = 1 THEN messages.since ELSE excluded.since END
		WHERE messages.kind <> 'operator' OR messages.about <> excluded.about`,
		string(m.ID), string(m.Kind), string(m.Person), string(m.Channel), stamp(b.now), cleanText(m.About))
	if err != nil {
		return fmt.Errorf("want message %s: %w", m.ID, err)
	}
	return nil
}

// Notify tells the operator of a trouble, in a channel: there is one message for
// each key. About is the trouble as its drawer reads it, a JSON object; its member
// "over" is true once the trouble has passed.
//
// The message is posted when the trouble is there for the first time, or again
// after it was over, and edited when it changes in another way. A trouble that
// was over before anybody was told is not told, and what is as it was changes
// nothing. In another channel than before the message is posted anew.
func (s *Store) Notify(ctx context.Context, key string, channel workflow.ChannelID, about string) error {
	m := Message{ID: operatorID(key), Kind: Operator, Channel: channel, About: cleanText(about)}
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		return nil, b.notify(m)
	})
	if err != nil {
		return fmt.Errorf("notify the operator of %q: %w", key, err)
	}
	return nil
}

func (b *batch) notify(m Message) error {
	var about, channel string
	err := one(b.ctx, b.session, []any{&about, &channel}, "SELECT about, channel FROM messages WHERE id = $1", string(m.ID))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if isOver(m.About) {
			return nil
		}
		return b.tell(m)
	case err != nil:
		return err
	case channel != string(m.Channel):
		if isOver(m.About) {
			return nil
		}
		// What was posted elsewhere stays as it is.
		if err := b.exec("UPDATE messages SET channel = $1, ts = '', about = '', attempted = '', retry_at = '' WHERE id = $2", string(m.Channel), string(m.ID)); err != nil {
			return err
		}
		return b.tell(m)
	case about == m.About:
		return nil
	case isOver(about) && !isOver(m.About):
		return b.tell(m)
	}
	b.show = true
	return b.exec(`
		UPDATE messages
		SET about = $1, wanted = wanted + 1, since = CASE WHEN `+isBehind+` THEN since ELSE $2 END
		WHERE id = $3 AND about <> $1`,
		m.About, stamp(b.now), string(m.ID))
}

// isOver reads the one thing of a trouble that matters here.
func isOver(about string) bool {
	var t struct{ Over bool }
	return json.Unmarshal([]byte(about), &t) == nil && t.Over
}
