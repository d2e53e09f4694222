package mirror

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file finds the issue of a run, or makes it: one, whatever happens between.

// find is bring for an item whose place is not known yet.
func (it *item) find(ctx context.Context) error {
	if it.URL != "" {
		return it.adopt(ctx)
	}
	// One that takes the place of another is made although the run has a link.
	again := it.what.URL != "" && !it.memory.Creating.IsZero()
	if _, made := it.s.options.Recipes[it.Fact]; !made || !it.what.Wanted && !again {
		return it.done(ctx, it.run.Version)
	}
	return it.make(ctx)
}

// adopt follows an issue that somebody gave the link of. A link to anywhere else
// is a link, and nothing more.
func (it *item) adopt(ctx context.Context) error {
	at, ok := it.s.options.Tracker.Locate(it.URL)
	if !ok || at.Kind != IssueKind {
		return it.done(ctx, it.run.Version)
	}
	issue, err := it.s.options.Tracker.Issue(ctx, at)
	if err != nil {
		return it.lost(ctx, err)
	}
	it.s.gate.opened()
	return it.own(ctx, issue)
}

// own notes that the item is at an issue, and brings it in step.
func (it *item) own(ctx context.Context, issue Issue) error {
	it.Project, it.Number = issue.Project, issue.Number
	if it.URL == "" {
		it.URL = issue.URL
	}
	err := it.save(ctx)
	switch {
	case errors.Is(err, errTaken):
		it.Project, it.Number = "", 0
		if err := it.disturb(ctx, workflow.Trouble{Kind: workflow.Foreign, Key: issue.Path}); err != nil {
			return err
		}
		return it.done(ctx, it.run.Version)
	case err != nil:
		return err
	}
	if err := it.linked(ctx, issue); err != nil {
		return err
	}
	return it.settle(ctx, issue)
}

// linked lets the run know where the item is.
func (it *item) linked(ctx context.Context, issue Issue) error {
	return it.observe(ctx, request("linked", it.id(), issue.Path, it.run.Version), func(act workflow.Act, r *workflow.Run) error {
		return r.Link(act, it.Fact, it.URL, issue.Path)
	})
}

// make makes the issue, unless it was made before and the answer was lost.
func (it *item) make(ctx context.Context) error {
	kind := it.s.options.Recipes[it.Fact]
	issue, there, err := it.made(ctx, kind.Project)
	if err != nil {
		return err
	}
	m := &it.memory
	if there {
		if m.Wrote = m.Writing; m.Wrote == "" {
			_, m.Wrote, _, _ = marksOf(it.id()).split(issue.Description)
		}
		m.Writing, m.Creating = "", time.Time{}
		return it.owned(ctx, issue)
	}
	w, err := it.writer(ctx)
	if err != nil {
		return err
	}
	asked, err := it.asks(ctx, w)
	if err != nil {
		return err
	}
	part := it.part(w)
	title, text, err := kind.fill(w.page(it.what, part))
	if err != nil {
		return err
	}
	m.Creating, m.Writing = it.s.options.Now(), part
	if err := it.save(ctx); err != nil { // after a crash it is looked for
		return err
	}
	issue, err = it.s.options.Tracker.Create(ctx, kind.Project, NewIssue{
		Title: title, Description: text, Assignee: asked.Assignee, Due: asked.Due,
		Labels: kind.Labels, Milestone: kind.Milestone, Restricted: !kind.Open,
	})
	if err != nil {
		return err
	}
	m.Wrote, m.Writing, m.Creating = part, "", time.Time{}
	m.Asked = asked
	it.has(issue)
	return it.owned(ctx, issue)
}

// owned is own for an issue that we made. When somebody gave another link
// meanwhile, ours is closed.
func (it *item) owned(ctx context.Context, issue Issue) error {
	it.s.gate.opened()
	err := it.own(ctx, issue)
	if !errors.Is(err, errRelinked) && workflow.KindOf(err) != workflow.Conflict {
		return err
	}
	closed := true
	if _, err := it.s.options.Tracker.Update(ctx, issue.Ref, Change{Closed: &closed}); err != nil {
		it.s.log.Warn("an issue that nobody needs could not be closed", "issue", issue.Path, "err", err)
	}
	return errRelinked
}

// made looks for the issue among those that we made since the run began. Of two the
// first is taken.
func (it *item) made(ctx context.Context, project string) (Issue, bool, error) {
	since := it.run.Started.Add(-time.Hour) // clocks differ
	all, err := it.s.options.Tracker.Created(ctx, project, since)
	if err != nil {
		return Issue{}, false, err
	}
	it.s.gate.opened()
	mark := marksOf(it.id()).begin
	slices.SortFunc(all, func(a, b Issue) int { return int(a.Number - b.Number) })
	for _, issue := range all {
		if strings.Contains(issue.Description, mark) && !issue.Moved {
			return issue, true, nil
		}
	}
	return Issue{}, false, nil
}

// follow goes where an issue was moved to.
func (it *item) follow(ctx context.Context, issue Issue) (Issue, error) {
	acts, err := it.s.options.Tracker.Activity(ctx, it.at(), 0)
	if err != nil {
		return issue, err
	}
	to := Ref{}
	for _, a := range acts {
		if a.Kind == MovedTo {
			to = a.Target
		}
	}
	if to == (Ref{}) {
		return issue, &TrackerError{Failure: Gone, Err: errors.New("it was moved, and nothing says where to")}
	}
	moved, err := it.s.options.Tracker.Issue(ctx, to)
	if err != nil {
		return issue, err
	}
	if it.memory.Known { // what people did there until it was moved
		n, err := it.news(ctx)
		if err != nil {
			return issue, err
		}
		if err := it.read(ctx, issue, n); err != nil {
			return issue, err
		}
	}
	from := it.Tracked
	it.Project, it.Number, it.URL = moved.Project, moved.Number, moved.URL
	// Everything that was written at it was copied, and is known.
	copied, err := it.s.options.Tracker.Activity(ctx, it.at(), it.memory.Seen)
	if err != nil {
		it.Project, it.Number, it.URL = from.Project, from.Number, from.URL
		return issue, err
	}
	for _, a := range copied {
		it.memory.Seen = max(it.memory.Seen, a.ID)
	}
	it.memory.Updated = time.Time{}
	if err := it.save(ctx); errors.Is(err, errTaken) {
		it.Project, it.Number, it.URL, it.memory.LookAt = from.Project, from.Number, from.URL, time.Time{}
		it.memory.Updated = issue.Updated
		return issue, errors.Join(err, it.disturb(ctx, workflow.Trouble{Kind: workflow.Foreign, Key: moved.Path}))
	} else if err != nil {
		return issue, err
	}
	return moved, it.linked(ctx, moved)
}
