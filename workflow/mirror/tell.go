package mirror

import (
	"context"
	"errors"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file tells at an issue what has happened in its run.

// notes tells of what has happened, when enough time has passed for more to come
// together.
func (it *item) notes(ctx context.Context, w writer) error {
	m := &it.memory
	if err := it.lookForNote(ctx); err != nil {
		return err
	}
	if m.Noted == 0 {
		m.Noted = w.run.Version // its first text says all there was
	}
	events, err := it.since(ctx, m.Noted)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(events, func(e workflow.Event) bool { return e.Tells() })
	if i < 0 {
		m.NoteAt = time.Time{}
		if len(events) > 0 {
			m.Noted = events[len(events)-1].Seq
		}
		return nil
	}
	now := it.s.options.Now()
	due := events[i].At.Add(it.s.options.Batch)
	ended := w.run.State == workflow.Complete || w.run.State == workflow.Cancelled
	if due.After(now) && !ended {
		m.NoteAt = due
		return nil
	}
	upTo := events[len(events)-1].Seq
	var more []workflow.UserID
	for _, e := range events {
		more = append(more, e.Actor, e.User)
	}
	if w, err = it.writer(ctx, more...); err != nil {
		return err
	}
	text := w.note(it.id(), events, upTo)
	if text == "" {
		m.NoteAt, m.Noted = time.Time{}, upTo
		return nil
	}
	m.NoteAt, m.Noting = now, upTo
	if err := it.save(ctx); err != nil { // after a crash it is looked for
		return err
	}
	_, err = it.s.options.Tracker.Comment(ctx, it.at(), text)
	var refused *TrackerError
	if errors.As(err, &refused) && refused.Failure == Forbidden {
		// Nobody may comment there now. Nothing is lost: it is told later.
		it.s.log.Info("notes wait: comments are not taken", "item", it.id(), "err", err)
		m.NoteAt, m.Noting = now.Add(time.Hour), 0
		return nil
	}
	if err != nil {
		return err
	}
	m.NoteAt, m.Noted, m.Noting = time.Time{}, upTo, 0
	return nil
}

// lookForNote looks whether the note was written whose outcome is not known.
func (it *item) lookForNote(ctx context.Context) error {
	m := &it.memory
	if m.Noting == 0 {
		return nil
	}
	acts, err := it.s.options.Tracker.Activity(ctx, it.at(), m.Seen)
	if err != nil {
		return err
	}
	for _, a := range acts {
		m.Noted = max(m.Noted, toldIn(it.id(), a.Text))
	}
	m.Noting = 0
	return nil
}

// mostEvents is how many events are read to be told of. Who was away for longer
// reads the history.
const mostEvents = 200

// since are the events of the run after one, oldest first.
func (it *item) since(ctx context.Context, seq int64) ([]workflow.Event, error) {
	n := it.run.Version - seq
	if n <= 0 {
		return nil, nil
	}
	events, err := it.s.options.Service.Events(ctx, it.Run, it.run.Version+1, int(min(n, mostEvents)))
	slices.Reverse(events)
	return events, err
}
