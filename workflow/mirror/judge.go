package mirror

import (
	"context"
	"errors"

	"cloudimage/workflow"
)

// This file judges whether an issue is in step with its run.

// judge notes what is not as it should be and is for a person to decide, or that
// all is well again.
func (it *item) judge(ctx context.Context, issue Issue) error {
	if it.repairs() {
		it.memory.Odd, it.memory.Overwrote = nil, nil
	}
	found, err := it.verdict(ctx, issue)
	if err != nil {
		return err
	}
	has := it.trouble()
	switch {
	case found != nil:
		return it.disturb(ctx, *found)
	case has != nil && !has.Kind.Heals() && !it.repairs():
		return it.mend(ctx)
	}
	return nil
}

// verdict is the worst that is not as it should be; nil for nothing.
func (it *item) verdict(ctx context.Context, issue Issue) (*workflow.Trouble, error) {
	m := &it.memory
	_, ours, _, err := marksOf(it.id()).split(issue.Description)
	switch {
	case m.Wrote == "" && errors.Is(err, errNoMarks): // it is not written yet
	case err != nil:
		return &workflow.Trouble{Kind: workflow.Unmarked, Key: digest(issue.Description), By: m.Editor}, nil
	case m.Wrote != "" && unticked(ours) != unticked(m.Wrote):
		there, was := difference(ours, m.Wrote)
		return &workflow.Trouble{Kind: workflow.Edited, Key: digest(ours), By: m.Editor, There: there, Ours: was}, nil
	}
	if t := it.oddBox(ours); t != nil {
		return t, nil
	}
	w, err := it.writer(ctx)
	if err != nil {
		return nil, err
	}
	asked, err := it.asks(ctx, w)
	switch {
	case err != nil:
		return nil, err
	case m.Known && issue.Closed != asked.Closed && m.Asked.Closed == asked.Closed:
		return it.oddState(ctx, issue)
	case m.Overwrote != nil:
		return m.Overwrote, nil
	}
	return m.Odd, nil
}

// oddBox is that the box of a step that is done was unticked.
func (it *item) oddBox(ours string) *workflow.Trouble {
	was := map[workflow.StepKey]bool{}
	for _, b := range boxes(it.memory.Wrote) {
		was[b.key] = b.ticked
	}
	var t *workflow.Trouble
	for _, b := range boxes(ours) {
		if !was[b.key] || b.ticked || !it.isDone(b.key) {
			continue
		}
		if t == nil {
			t = &workflow.Trouble{Kind: workflow.OddBox, By: it.memory.Unticker}
		}
		t.There, t.Ours = append(t.There, "- [ ] "+b.text), append(t.Ours, "- [x] "+b.text)
		t.Key = digest(t.Key + b.key.String())
	}
	return t
}

// oddState is that the issue is closed while the run goes on, or the other way
// round.
func (it *item) oddState(ctx context.Context, issue Issue) (*workflow.Trouble, error) {
	t := &workflow.Trouble{Kind: workflow.OddState, Key: "open", There: []string{"open"}, Ours: []string{"closed: the run has ended"}}
	if issue.Closed {
		t.Key, t.There, t.Ours = "closed", []string{"closed"}, []string{"open: the run goes on"}
		if issue.ClosedBy.ID != 0 {
			by, err := it.s.people.outsider(ctx, it.run, issue.ClosedBy)
			if err != nil {
				return nil, err
			}
			t.By = by
		}
	}
	return t, nil
}
