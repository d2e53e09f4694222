package images

import (
	"context"
	"time"
)

// This file lets builds take turns at a product: it has one preview, and what goes live is
// what the preview shows. So a second image is brought there when the first is live, and
// nobody signs for one and publishes two.

// turnsEvery is how often a build that waits for its turn looks.
const turnsEvery = 5 * time.Minute

// queue reports whether a preview has to wait: until it stands in the queue, and then until
// those before it are through.
func (s *Service) queue(ctx context.Context, b *Build, i int) (waits bool, err error) {
	step, now := &b.Steps[i], s.now()
	if step.Queued.IsZero() {
		return true, s.inQueue(ctx, b, i, func(t *Step) { t.Queued, t.Due = now, now })
	}
	ahead, err := s.ahead(ctx, b, step)
	if err != nil || ahead == nil {
		return false, err
	}
	if halt, err := s.halt(ctx, b, step); err == nil && halt != nil && halt.Class == Overtaken {
		return false, nil // it need not wait to learn that
	}
	note := "waits until " + ahead.Order.Name + " is through: a product has one preview"
	return true, s.inQueue(ctx, b, i, func(t *Step) { t.Note, t.Due = note, later(now, turnsEvery) })
}

func (s *Service) inQueue(ctx context.Context, b *Build, i int, change func(*Step)) error {
	attempt := b.Steps[i].Attempt
	after, err := s.options.Book.UpdateBuild(ctx, b.ID, "", func(b *Build) error {
		if t := &b.Steps[i]; t.Attempt == attempt && t.State == StepPending {
			change(t)
		}
		return nil
	}, nil)
	s.note(after, err)
	return err
}

// ahead is a build that stands before another at the same product; nil when it is its
// turn.
func (s *Service) ahead(ctx context.Context, b *Build, step *Step) (*Build, error) {
	if step.State != StepPending {
		return nil, nil // it has begun
	}
	open, err := s.options.Book.BuildsOpen(ctx)
	if err != nil {
		return nil, err
	}
	for _, other := range open {
		t := other.Step(Preview, "", "")
		if t == nil || t.Queued.IsZero() || other.ID == b.ID || other.Order.Provider != b.Order.Provider || other.Order.offered() != b.Order.offered() {
			continue
		}
		if live := other.Step(Submit, "", ""); live != nil && live.State == StepDone {
			continue
		}
		// Who has begun is before whoever has not, whatever the clocks of replicas say.
		begun := t.State != StepPending && t.State != StepSkipped
		if begun || t.Queued.Before(step.Queued) || t.Queued.Equal(step.Queued) && other.ID < b.ID {
			return other, nil
		}
	}
	return nil, nil
}
