package mirror

import (
	"context"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file takes in what people changed of an issue beside its text: whom it is
// assigned to, when it is due, and its labels.

// readFields takes in whom the issue is assigned to, when it is due, and its
// labels.
func (it *item) readFields(ctx context.Context, issue Issue, acts []Activity) error {
	m := &it.memory
	var added, removed []string
	for _, l := range issue.Labels {
		if !slices.Contains(m.Labels, l) {
			added = append(added, l)
		}
	}
	for _, l := range m.Labels {
		if !slices.Contains(issue.Labels, l) {
			removed = append(removed, l)
		}
	}
	if len(added)+len(removed) > 0 {
		err := it.observe(ctx, request("labels", it.id(), issue.Updated.UnixMilli()), func(act workflow.Act, r *workflow.Run) error {
			r.Relabel(act, it.Fact, added, removed)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if it.Track != workflow.TrackIssue {
		return nil
	}
	assignee := Account{}
	if len(issue.Assignees) > 0 {
		assignee = issue.Assignees[0]
	}
	if assignee.ID != m.Has.Assignee {
		if err := it.readAssignee(ctx, issue, assignee, last(acts, Assigned)); err != nil {
			return err
		}
	}
	if issue.Due != m.Has.Due {
		return it.readDue(ctx, issue, last(acts, Dated))
	}
	return nil
}

// last is who did something of a kind last; zero when nobody can tell.
func last(acts []Activity, kind ActivityKind) Account {
	for _, a := range slices.Backward(acts) {
		if a.Kind == kind {
			return a.Author
		}
	}
	return Account{}
}

func (it *item) readAssignee(ctx context.Context, issue Issue, to, by Account) error {
	m := &it.memory
	if to.ID == m.Asked.Assignee && to.ID != 0 {
		it.forgive("assigned")
		return nil
	}
	who, err := it.s.people.person(ctx, it.run, to)
	if err != nil {
		return err
	}
	there := "assigned to nobody"
	if to.ID != 0 {
		there = "assigned to @" + to.Handle
	}
	return it.readField(ctx, issue, "assigned", there, by, to.ID != 0 && who != "", func(act workflow.Act, r *workflow.Run, stage workflow.StageID) error {
		return r.AssignStage(act, stage, who)
	}, func(s *workflow.StageState) bool { return s.Assignee == who }, func() { m.Asked.Assignee = to.ID })
}

func (it *item) readDue(ctx context.Context, issue Issue, by Account) error {
	m := &it.memory
	if issue.Due == m.Asked.Due {
		it.forgive("due")
		return nil
	}
	there := "no due date"
	if issue.Due != "" {
		there = "due " + day(workflow.Date(issue.Due))
	}
	return it.readField(ctx, issue, "due", there, by, issue.Due != "", func(act workflow.Act, r *workflow.Run, stage workflow.StageID) error {
		return r.SetStageDue(act, stage, workflow.Date(issue.Due))
	}, func(s *workflow.StageState) bool {
		return !s.Due.IsZero() && it.run.Day(it.run.IssueStage().Team, s.Due) == workflow.Date(issue.Due)
	}, func() { m.Asked.Due = issue.Due })
}

// readField takes over what somebody decided about the issue as a whole, if they
// may; else it is odd. Is says that the run has it so already: it may have been decided
// here at the same time.
func (it *item) readField(ctx context.Context, issue Issue, what, there string, by Account, sound bool, take func(workflow.Act, *workflow.Run, workflow.StageID) error, is func(*workflow.StageState) bool, took func()) error {
	stage := it.run.IssueStage()
	if stage == nil {
		return nil // it decides nothing here
	}
	outsider := workflow.Outsider{}
	if by.ID != 0 {
		var err error
		if outsider, err = it.s.people.outsider(ctx, it.run, by); err != nil {
			return err
		}
	}
	ours := map[string]string{"assigned": "whoever the run names", "due": "the date of the run"}[what]
	odd := &workflow.Trouble{Kind: workflow.OddPerson, Key: what + ":" + digest(there), By: outsider, There: []string{there}, Ours: []string{ours}}
	if !sound {
		it.memory.Odd = odd
		return nil
	}
	ask := workflow.Ask{Verb: workflow.VerbAssign, Step: assignedStep(stage)}
	taken := false
	err := it.outsider(ctx, request("field", it.id(), what, issue.Updated.UnixMilli()), outsider, ask, func(act workflow.Act, r *workflow.Run, may bool) error {
		if !may {
			return nil
		}
		act.Outside = &workflow.Outside{Item: it.Fact, By: outsider}
		taken = true
		return take(act, r, stage.ID)
	})
	switch workflow.KindOf(err) {
	case workflow.Invalid, workflow.Conflict:
		err, taken = nil, false // a day in the past, a stage that is complete
	}
	if err != nil {
		return err
	}
	if !taken && !is(it.run.Stages[stage.ID]) {
		it.memory.Odd = odd
		return nil
	}
	took()
	it.forgive(what)
	return nil
}

// forgive forgets that a field was odd.
func (it *item) forgive(what string) {
	if o := it.memory.Odd; o != nil && strings.HasPrefix(o.Key, what+":") {
		it.memory.Odd = nil
	}
}

// assignedStep is the step of a stage that waits for who and when.
func assignedStep(stage *workflow.Stage) workflow.StepKey {
	for i := range stage.Steps {
		if stage.Steps[i].DoneWhen == workflow.AssignedAndDue {
			return workflow.StepKey{Step: stage.Steps[i].ID}
		}
	}
	return workflow.StepKey{}
}
