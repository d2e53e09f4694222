package mirror

import (
	"context"
	"errors"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file watches the merge request of a run.

// bringMerge looks at the merge request when its link is new, and asks its author
// to hold it when the launch has moved.
func (it *item) bringMerge(ctx context.Context) error {
	m := &it.memory
	date, _ := it.run.Launch()
	if it.Number > 0 && (m.Held == date || date == "") && it.trouble() == nil && it.isLinked() && !m.Updated.IsZero() {
		return it.done(ctx, it.run.Version)
	}
	at := it.at()
	if it.Number == 0 {
		var ok bool
		if at, ok = it.s.options.Tracker.Locate(it.URL); !ok || at.Kind != MergeRequestKind {
			return it.done(ctx, it.run.Version) // it is a link, and nothing more
		}
	}
	mr, err := it.s.options.Tracker.MergeRequest(ctx, at)
	if err != nil {
		return it.lostMerge(ctx, err)
	}
	it.s.gate.opened()
	if it.Number == 0 {
		it.Project, it.Number = mr.Project, mr.Number
		if err := it.save(ctx); errors.Is(err, errTaken) {
			// Two runs may wait for one merge request; it is looked at for each of them
			// when its link is given, and followed for the first.
			it.Project, it.Number = "", 0
		} else if err != nil {
			return err
		}
	}
	if !it.isLinked() {
		err := it.observe(ctx, request("linked", it.id(), mr.Path, it.run.Version), func(act workflow.Act, r *workflow.Run) error {
			return r.Link(act, it.Fact, it.URL, mr.Path)
		})
		if err != nil {
			return err
		}
	}
	if err := it.sawMerge(ctx, mr); err != nil {
		return err
	}
	if err := it.hold(ctx, mr); err != nil {
		return err
	}
	if err := it.mend(ctx); err != nil { // whatever it was, it is there
		return err
	}
	return it.done(ctx, it.run.Version)
}

func (it *item) lostMerge(ctx context.Context, err error) error {
	var refused *TrackerError
	if !errors.As(err, &refused) || refused.Failure != Gone {
		return err
	}
	it.s.gate.opened()
	if it.repairs() { // nothing here can, and it may be tried again
		if err := it.mend(ctx); err != nil {
			return err
		}
	}
	it.memory.LookAt = time.Time{}
	if err := it.disturb(ctx, workflow.Trouble{Kind: workflow.Vanished, Key: "vanished"}); err != nil {
		return err
	}
	return it.done(ctx, it.run.Version)
}

// sawMerge lets the run know how the merge request stands.
func (it *item) sawMerge(ctx context.Context, mr MergeRequest) error {
	author, err := it.s.people.outsider(ctx, it.run, mr.Author)
	if err != nil {
		return err
	}
	seen := workflow.MergeRequest{
		Title: mr.Title, Draft: mr.Draft, Author: author, Milestone: mr.Milestone,
		State: map[MergeState]workflow.MergeState{MergeOpen: workflow.MergeOpen, MergeClosed: workflow.MergeClosed, Merged: workflow.MergeMerged}[mr.State],
	}
	if mr.Approved {
		seen.Approved = it.s.options.Now()
	}
	if mr.State == Merged {
		if seen.Merged = mr.MergedAt; seen.Merged.IsZero() {
			seen.Merged = it.s.options.Now()
		}
		if seen.MergedBy, err = it.s.people.outsider(ctx, it.run, mr.MergedBy); err != nil {
			return err
		}
	}
	it.memory.Updated, it.memory.LookAt = mr.Updated, time.Time{}
	return it.observe(ctx, request("merge", it.id(), mr.Updated.UnixMilli(), mr.State, mr.Approved, mr.Milestone, mr.Draft), func(act workflow.Act, r *workflow.Run) error {
		r.Watched(act, it.Fact, seen)
		return nil
	})
}

// hold asks the author to wait for the launch on its new day. Who knows of no day
// yet is asked nothing.
func (it *item) hold(ctx context.Context, mr MergeRequest) error {
	m := &it.memory
	date, _ := it.run.Launch()
	was := m.Held
	if was == date || date == "" {
		return nil
	}
	if was != "" && mr.State == MergeOpen {
		asked, err := it.isAskedToHold(ctx, mr.Ref, date)
		if err != nil {
			return err
		}
		if !asked {
			w := writer{run: it.run}
			if _, err := it.s.options.Tracker.Comment(ctx, mr.Ref, w.hold(it.id(), mr.Author.Handle, was, date)); err != nil {
				return err
			}
		}
	}
	m.Held = date
	return nil
}

// isAskedToHold looks whether the author was asked already.
func (it *item) isAskedToHold(ctx context.Context, at Ref, date workflow.Date) (bool, error) {
	acts, err := it.s.options.Tracker.Activity(ctx, at, it.memory.Seen)
	if err != nil {
		return false, err
	}
	mark := holdMark(it.id(), date)
	for _, a := range acts {
		if strings.Contains(a.Text, mark) {
			return true, nil
		}
	}
	return false, nil
}
