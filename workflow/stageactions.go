package workflow

import "cmp"

// This file is what people decide about a stage as a whole. The step that waits
// for it, by [AssignedAndDue], is done by itself, or by whoever decides both in
// the step's own dialog.

// Fields of the step that closes by [AssignedAndDue]: its own dialog sets both.
const (
	FieldAssignee FieldID = "assignee"
	FieldDue      FieldID = "due"
)

// AssignStage says who will see a stage through; an empty user gives it back to
// the team's lead.
func (r *Run) AssignStage(act Act, id StageID, to UserID) error {
	stage, err := r.unclosedStage(id)
	if err != nil {
		return err
	}
	if r.Stages[id].Assignee == to {
		if to == "" {
			return fail(Conflict, "Stage %s is with the whole team already.", stage.Number)
		}
		return fail(Conflict, "Stage %s is with %s already.", stage.Number, to)
	}
	r.assignStage(act, stage, to)
	r.settle(act.At)
	return nil
}

// SetStageDue says when a stage should be complete. To confirm a date that the
// process planned, choose it.
func (r *Run) SetStageDue(act Act, id StageID, on Date) error {
	stage, err := r.unclosedStage(id)
	if err != nil {
		return err
	}
	if err := r.checkDay(stage.Team, act.At, on, FieldDue, "The due date"); err != nil {
		return err
	}
	r.dateStage(act, stage, on)
	r.settle(act.At)
	return nil
}

func (r *Run) unclosedStage(id StageID) (*Stage, error) {
	stage, ok := r.def.StageByID(id)
	switch {
	case !ok:
		return nil, fail(NotFound, "%s has no stage %q.", r.Name(), string(id))
	case r.State != Running:
		return nil, r.notNow("changed")
	case r.Stages[id].Status == StageComplete:
		return nil, fail(Conflict, "Stage %s, %s, is complete.", stage.Number, stage.Title)
	}
	return stage, nil
}

// setStage takes both from the evidence of the step that waits for them.
func (r *Run) setStage(act Act, n Node, evidence map[FieldID]string) error {
	state := r.Stages[n.Stage.ID]
	who, on := UserID(evidence[FieldAssignee]), Date(evidence[FieldDue])
	bad := map[FieldID]Text{}
	if cmp.Or(who, state.Assignee) == "" {
		bad[FieldAssignee] = Say("Choose the person.")
	}
	if on == "" && (state.Due.IsZero() || state.Planned) {
		bad[FieldDue] = Say("Choose the date.")
	}
	if len(bad) > 0 {
		return &Error{Kind: Invalid, Message: Say("%s asks for evidence before it is done.", r.StepName(n)), Fields: bad}
	}
	if on != "" {
		if err := r.checkDay(n.Stage.Team, act.At, on, FieldDue, "The due date"); err != nil {
			return err
		}
	}
	if who != "" && who != state.Assignee {
		r.assignStage(act, n.Stage, who)
	}
	if on != "" && (state.Planned || !state.Due.Equal(r.closeOn(n.Stage.Team, on))) {
		r.dateStage(act, n.Stage, on)
	}
	return nil
}

func (r *Run) assignStage(act Act, stage *Stage, to UserID) {
	e := act.event(StageAssigned)
	e.Stage, e.User = stage.ID, to
	r.emit(e)
}

func (r *Run) dateStage(act Act, stage *Stage, on Date) {
	e := act.event(StageDated)
	e.Stage, e.Due = stage.ID, r.closeOn(stage.Team, on)
	r.emit(e)
}
