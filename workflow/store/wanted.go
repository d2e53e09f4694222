package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file says which messages a change calls for. Those of the run itself are
// written with it. What many runs share, a person's morning message and a
// channel's daily one, is only noted, and written once at the end of the batch.

// wantMessages makes the messages that a change calls for, and asks for the new
// version in those that show the run. Todos must have been written.
func (b *batch) wantMessages(before, after *workflow.Run) error {
	if err := b.exec(`
		UPDATE messages
		SET wanted = $1, since = CASE WHEN `+isBehind+` THEN since ELSE $2 END
		WHERE run = $3 AND `+showsRun+` AND `+isThere,
		after.Version, stamp(b.now), string(after.ID)); err != nil {
		return fmt.Errorf("want its messages: %w", err)
	}
	for _, e := range after.Emitted() {
		if e.Type == workflow.StepUndone {
			if err := b.takeBack(after, e.Undoes); err != nil {
				return err
			}
		}
	}
	if hasCard(after) && (before == nil || !hasCard(before)) {
		m := Message{ID: cardID(after.ID), Kind: Card, Channel: after.Channel}
		if err := b.wantMessage(after, m); err != nil {
			return err
		}
	}
	if stories := after.Stories(); len(stories) > 0 {
		switch likes, err := b.channelPrefers(after.Channel); {
		case err != nil:
			return err
		case !likes.NoThread:
			if err := b.wantStories(after, stories); err != nil {
				return err
			}
		}
	}
	if err := b.wantNews(before, after); err != nil {
		return err
	}
	if after.State == workflow.Running && (before == nil || before.State != workflow.Running) {
		b.startDaily(after)
	}
	return nil
}

// wantNews makes the direct messages that a change calls for. Without news there
// is a new one only for what somebody took for themselves: whoever has none reads
// of it in the morning, and what is there is drawn anew with the run.
func (b *batch) wantNews(before, after *workflow.Run) error {
	for _, n := range workflow.Notices(before, after, after.Emitted()[0].Actor) {
		if !n.News && !n.Own {
			continue
		}
		likes, err := b.personPrefers(n.User)
		if err != nil {
			return err
		}
		if likes.NoNews {
			continue
		}
		m := Message{ID: dmID(after.ID, n.User), Kind: DM, Person: n.User}
		if n.News {
			m.News = after.Version
		}
		if err := b.wantMessage(after, m); err != nil {
			return err
		}
		if err := b.bringBack(after, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// hasCard reports whether a run has a card by its state. One that was cancelled
// keeps the card it had, which its state does not tell.
func hasCard(r *workflow.Run) bool {
	return r.State == workflow.Running || r.State == workflow.Complete
}

// startDaily sees to it that the run's channel has a clock.
func (b *batch) startDaily(r *workflow.Run) {
	if r.Channel != "" {
		b.start[clockID{workflow.DailyClock, string(r.Channel)}] = true
	}
}

// wantMessage makes a message of a run, or notes that there is news in the one
// that is there.
func (b *batch) wantMessage(run *workflow.Run, m Message) error {
	err := b.exec(`
		INSERT INTO messages (`+messageColumns+`)
		VALUES ($1, $2, $3, $4, $5, '', $6, 0, $7, 0, '', $8, '', '', 0, '', '', $9, 0)
		ON CONFLICT (id) DO UPDATE SET news = excluded.news WHERE excluded.news > messages.news`,
		string(m.ID), string(run.ID), string(m.Kind), string(m.Person), string(m.Channel), run.Version, m.News, stamp(b.now), m.Seq)
	if err != nil {
		return fmt.Errorf("want message %s: %w", m.ID, err)
	}
	return nil
}

// bringBack asks again for a direct message that was taken away, or is about to
// be.
func (b *batch) bringBack(run *workflow.Run, id MessageID) error {
	err := b.exec(`
		UPDATE messages
		SET wanted = $1, recall = 0, since = CASE WHEN `+isBehind+` THEN since ELSE $2 END
		WHERE id = $3 AND (recall = 1 OR NOT `+isThere+`)`,
		run.Version, stamp(b.now), string(id))
	if err != nil {
		return fmt.Errorf("bring message %s back: %w", id, err)
	}
	return nil
}

// wantStories makes the stories of events, where there is a card to tell them
// under. A story is told once: later changes of the run do not touch it.
func (b *batch) wantStories(run *workflow.Run, events []int64) error {
	if len(events) == 0 {
		return nil
	}
	if !hasCard(run) {
		var id string
		err := one(b.ctx, b.session, []any{&id}, "SELECT id FROM messages WHERE id = $1", string(cardID(run.ID)))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look for its card: %w", err)
		}
	}
	for _, seq := range events {
		m := Message{ID: storyID(run.ID, seq), Kind: Story, Channel: run.Channel, Seq: seq}
		if err := b.wantMessage(run, m); err != nil {
			return err
		}
	}
	return nil
}

// takeBack deals with what was shown of events from that one on, which an undo
// has taken back: the stories are looked at again, and the news of people who
// have nothing to do in the run any more is deleted.
func (b *batch) takeBack(run *workflow.Run, from int64) error {
	err := b.exec(`
		UPDATE messages
		SET wanted = $1, since = CASE WHEN `+isBehind+` THEN since ELSE $2 END
		WHERE run = $3 AND kind = 'story' AND seq >= $4 AND `+isThere,
		run.Version, stamp(b.now), string(run.ID), from)
	if err == nil {
		err = b.exec(`
			UPDATE messages SET recall = 1
			WHERE run = $1 AND kind = 'dm' AND news >= $2 AND `+isThere+`
				AND person NOT IN (SELECT person FROM todos WHERE run = $1)`,
			string(run.ID), from)
	}
	if err != nil {
		return fmt.Errorf("take back what was told: %w", err)
	}
	return nil
}

// dailyNews notes a change that the channel's daily message shows: which steps
// are late, and for the late ones and those that wait for the partner, whose they
// are and how they stand.
func (b *batch) dailyNews(before, after *workflow.Run, written *encoded) {
	if before == nil || after.Channel == "" {
		return
	}
	news := false
	for _, r := range written.steps {
		if news = isDailyNews(before, after, r.step.Key, b.now); news {
			break
		}
	}
	if !news && written.head != "" { // it ended, or a stage or a team is somebody else's
		for _, s := range after.Steps {
			if news = s.Waiting != nil || before.IsLate(s.Key, b.now) || after.IsLate(s.Key, b.now); news {
				break
			}
		}
	}
	if news {
		b.stale[dailyID(after.Channel)] = true
	}
}

// isDailyNews reports whether a change of a step shows in the channel's message:
// it is late, or no longer, or with somebody else. What was promised is late
// without a mark of it, also while the partner has it.
func isDailyNews(before, after *workflow.Run, key workflow.StepKey, now time.Time) bool {
	was, is := before.Steps[key], after.Steps[key]
	if was == nil || is == nil {
		return false
	}
	late := after.IsLate(key, now)
	if was.Overdue != is.Overdue || before.IsLate(key, now) != late || !sameWait(was.Waiting, is.Waiting) {
		return true
	}
	return (late || is.Waiting != nil) && (was.Status != is.Status || was.Assignee != is.Assignee || !sameSnooze(was.Snooze, is.Snooze))
}

// redrawStale asks for the shared messages that were noted to be drawn anew,
// where they are posted.
func (b *batch) redrawStale() error {
	for _, id := range slices.Sorted(maps.Keys(b.stale)) {
		n, err := b.changed(`
			UPDATE messages
			SET wanted = wanted + 1, since = CASE WHEN `+isBehind+` THEN since ELSE $1 END
			WHERE id = $2 AND `+isThere,
			stamp(b.now), string(id))
		if err != nil {
			return fmt.Errorf("redraw message %s: %w", id, err)
		}
		b.show = b.show || n > 0
	}
	return nil
}
