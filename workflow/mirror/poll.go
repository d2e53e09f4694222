package mirror

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"cloudimage/workflow"
)

// This file asks the tracker what has changed. It asks for whole projects, so that
// it costs the same for ten runs and for thousands.

const (
	// followedFor is for how long the items of runs that have ended are followed:
	// somebody may reopen an issue.
	followedFor = 30 * 24 * time.Hour
	// overlap is how much of the past is asked for again, for trackers that answer
	// from copies that are behind. What is known already costs nothing more.
	overlap = time.Minute
	// clocksDiffer is how far the tracker's clock may be from ours. What is older than
	// the last poll by more is not asked for again, even when nothing has changed since.
	clocksDiffer = 15 * time.Minute
	// lively is for how long after a change all projects are asked each time; in a
	// lull they take turns.
	lively = 10 * time.Minute
)

// poll asks what has changed, when it is time to.
func (s *Service) poll(ctx context.Context, now time.Time) (did bool, err error) {
	if s.options.Tracker == nil || now.Before(s.next) {
		return false, nil
	}
	projects, err := s.options.Book.TrackedProjects(ctx, now.Add(-followedFor))
	if err != nil {
		return false, err
	}
	s.next = now.Add(s.options.Poll + rand.N(s.options.Poll/10+1))
	if len(projects) == 0 {
		return false, nil
	}
	if s.lull.IsZero() {
		s.lull = now
	}
	if now.Sub(s.lull) > lively {
		s.at = (s.at + 1) % len(projects)
		projects = projects[s.at : s.at+1]
	}
	for _, p := range projects {
		changed, err := s.pollProject(ctx, now, p)
		var refused *TrackerError
		if errors.As(err, &refused) {
			if refused.Failure.Everything() {
				s.gate.shut(now, refused)
				s.log.Warn("the issue tracker cannot be asked what has changed; it is tried again", "failure", refused.Failure, "err", err, "at", s.gate.until)
				return did, nil
			}
			s.log.Warn("a project cannot be asked what has changed", "project", p.Project, "err", err)
			continue
		}
		if err != nil {
			return did, err
		}
		s.gate.opened()
		did = did || changed
	}
	if did {
		s.lull = now
	}
	return did, nil
}

// pollProject takes in what has changed in one project.
func (s *Service) pollProject(ctx context.Context, now time.Time, p workflow.Poll) (changed bool, err error) {
	since := later(p.Known.Add(-overlap), p.At.Add(-clocksDiffer))
	if p.Known.IsZero() {
		since = now.Add(-time.Hour)
	}
	known, unread := since, time.Time{}
	if p.Merge {
		all, err := s.options.Tracker.ChangedMergeRequests(ctx, p.Project, since)
		if err != nil {
			return false, err
		}
		for _, mr := range all {
			news, err := s.readMerge(ctx, mr)
			if errors.Is(err, errHeld) {
				unread, err = sooner(unread, mr.Updated), nil
			}
			if err != nil {
				return changed, err
			}
			changed = changed || news
			known = later(known, mr.Updated)
		}
	} else {
		all, err := s.options.Tracker.Changed(ctx, p.Project, since)
		if err != nil {
			return false, err
		}
		for _, issue := range all {
			news, err := s.readIssue(ctx, issue)
			if errors.Is(err, errHeld) {
				unread, err = sooner(unread, issue.Updated), nil
			}
			if err != nil {
				return changed, err
			}
			changed = changed || news
			known = later(known, issue.Updated)
		}
	}
	if !unread.IsZero() && unread.Before(known) {
		known = unread // should who deals with it have stopped, it is asked for again
	}
	if !known.After(p.Known) {
		known = later(p.Known, since)
	}
	_, err = s.options.Book.SavePoll(ctx, p, known, now)
	return changed, err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// readIssue takes in an issue that has changed, if it is one of ours and the change
// is not.
func (s *Service) readIssue(ctx context.Context, issue Issue) (news bool, err error) {
	t, ours, err := s.options.Book.TrackedAt(ctx, issue.Project, issue.Number, false)
	if err != nil || !ours {
		return false, err
	}
	return s.readItem(ctx, t, issue.Updated, func(it *item) error {
		if _, err := it.takeIn(ctx, issue); err != nil {
			return err
		}
		// What it is to say may follow from who can read it, and not from the run alone.
		w, err := it.writer(ctx)
		if err == nil && !it.isHeld() && it.part(w) != it.memory.Wrote {
			it.Written = min(it.Written, it.run.Version-1)
		}
		return err
	})
}

func (s *Service) readMerge(ctx context.Context, mr MergeRequest) (news bool, err error) {
	t, ours, err := s.options.Book.TrackedAt(ctx, mr.Project, mr.Number, true)
	if err != nil || !ours {
		return false, err
	}
	return s.readItem(ctx, t, mr.Updated, func(it *item) error {
		whole, err := s.options.Tracker.MergeRequest(ctx, it.at()) // with its approvals
		if err != nil {
			return err
		}
		if err := it.sawMerge(ctx, whole); err != nil {
			return err
		}
		return it.mend(ctx) // whatever it was, it is there
	})
}

func (s *Service) readItem(ctx context.Context, t workflow.Tracked, updated time.Time, read func(*item) error) (news bool, err error) {
	if m, err := recall(t); err == nil && m.Updated.Equal(updated) {
		return false, nil // most often it is we who changed it
	}
	t, mine, err := s.hold(ctx, t, s.options.Now())
	if err != nil {
		return false, err
	}
	if !mine {
		return false, errHeld // who holds it reads it
	}
	defer s.release(ctx, t)
	if m, err := recall(t); err == nil && m.Updated.Equal(updated) {
		return false, nil // another has read it meanwhile
	}
	it, err := s.open(ctx, t)
	if err != nil {
		return false, s.fault(ctx, t, err)
	}
	if err := read(it); err != nil {
		var refused *TrackerError
		switch {
		case errors.As(err, &refused) && refused.Failure == Gone && it.Track == workflow.TrackMerge:
			return true, it.lostMerge(ctx, err)
		case errors.As(err, &refused) && refused.Failure == Gone:
			return true, it.lost(ctx, err)
		case errors.As(err, &refused) && !refused.Failure.Everything():
			return true, it.failed(ctx, refused)
		case errors.As(err, &refused):
			return true, errors.Join(err, it.save(ctx))
		case errors.Is(err, errTaken):
			return true, it.done(ctx, it.run.Version) // a person decides
		case errors.Is(err, errRelinked):
			return true, nil
		case ctx.Err() != nil:
			return true, ctx.Err()
		}
		// It is one item's, and must not keep the others. It is read when it is looked at
		// next, whatever its date.
		it.memory.Updated, it.memory.LookAt = time.Time{}, s.options.Now()
		return true, it.fault(ctx, err)
	}
	return true, it.save(ctx)
}
