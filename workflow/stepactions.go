package workflow

// This file is the life of one step. Each action takes the version of the step
// it was drawn from, 0 when it was typed and not drawn; an older version than
// the step's is refused with a sentence that says what has happened since.

// Done closes an open step with the evidence it asks for.
func (r *Run) Done(act Act, key StepKey, version int64, answers map[FieldID]string) error {
	n, err := r.openStep(key, version)
	if err != nil {
		return err
	}
	if unmet := r.Unmet(key); len(unmet) > 0 {
		return &Error{Kind: Conflict, Message: Say("%s cannot be done before %s.", r.StepName(n), blocksText(unmet))}
	}
	evidence, err := CheckEvidence(n.Step, answers, n.State.Evidence)
	if err != nil {
		return err
	}
	if n.Step.DoneWhen == AssignedAndDue {
		if err := r.setStage(act, n, evidence); err != nil {
			return err
		}
	}
	launch, _ := r.Launch()
	e := act.event(StepDone)
	e.Step, e.Evidence = key, evidence
	r.emit(e)
	r.settle(act.At)
	if now, _ := r.Launch(); now != launch {
		r.replan(act.At)
	}
	return nil
}

// Skip closes an optional step that is not needed.
func (r *Run) Skip(act Act, key StepKey, version int64) error {
	n, err := r.openNode(key, version)
	if err != nil {
		return err
	}
	if !n.Step.Optional {
		return fail(Conflict, "%s is needed, so it cannot be skipped. The project owner, %s, may waive it with a reason.", r.StepName(n), r.Owner)
	}
	e := act.event(StepSkipped)
	e.Step = key
	r.emit(e)
	r.settle(act.At)
	return nil
}

// Want asks for an optional step; from then on it is needed.
func (r *Run) Want(act Act, key StepKey, version int64) error {
	n, err := r.openNode(key, version)
	if err != nil {
		return err
	}
	if !n.Step.Optional || n.State.Wanted {
		return fail(Conflict, "%s is needed already.", r.StepName(n))
	}
	e := act.event(StepWanted)
	e.Step = key
	r.emit(e)
	r.settle(act.At)
	return nil
}

// Waive gives up a step that is needed, for a reason. A group may be waived
// whole. Locked steps can be waived too.
func (r *Run) Waive(act Act, key StepKey, version int64) error {
	n, ok := r.Node(key)
	if !ok {
		return r.noStep(key)
	}
	if r.State != Running {
		return r.notNow("changed")
	}
	if err := r.asDrawn(n, version); err != nil {
		return err
	}
	if err := needReason(act, "Say why this step is given up; it stays in the history."); err != nil {
		return err
	}
	e := act.event(StepWaived)
	e.Step = key
	r.emit(e)
	r.settle(act.At)
	return nil
}

// Reopen opens a closed step again. Whatever it had opened is locked again;
// what was done there stays done. The facts its evidence gave are taken back.
func (r *Run) Reopen(act Act, key StepKey, version int64) error {
	n, ok := r.Node(key)
	if !ok {
		return r.noStep(key)
	}
	if r.State != Running && r.State != Complete {
		return r.notNow("changed")
	}
	if !n.State.Status.Closed() {
		return fail(Conflict, "%s is not closed, so there is nothing to reopen.", r.StepName(n))
	}
	if version != 0 && version != n.State.Version {
		return r.stale(n)
	}
	if r.IsGroup(key) && n.State.Status == Done {
		return fail(Conflict, "%s was done in parts: reopen the part that is not.", r.StepName(n))
	}
	if err := r.partOf(key); err != nil {
		return err
	}
	e := act.event(StepReopened)
	e.Step = key
	if n.State.Planned {
		e.Due = r.dueAfter(n, act.At)
	}
	r.emit(e)
	// Some steps would close again at once: that one until its stage is given to
	// somebody anew, and an optional one of a complete stage, unless whoever
	// reopens it asks for it.
	if n.Step.DoneWhen == AssignedAndDue {
		r.assignStage(act, n.Stage, "")
	}
	if r.unasked(key) && r.Stages[n.Stage.ID].Status == StageComplete {
		w := act.event(StepWanted)
		w.Step = key
		r.emit(w)
	}
	r.settle(act.At)
	r.replan(act.At)
	return nil
}

// partOf refuses what is done to a part of something that was given up whole.
func (r *Run) partOf(key StepKey) error {
	for p, ok := r.parent(key); ok; p, ok = r.parent(p) {
		whole, _ := r.Node(p)
		if s := whole.State.Status; s == Waived || s == Skipped {
			return fail(Conflict, "The whole of %s was %s: reopen that first.", r.StepName(whole), string(s))
		}
	}
	return nil
}

// Assign says who will do a step that is not closed; an empty user gives it
// back to the team.
func (r *Run) Assign(act Act, key StepKey, version int64, to UserID) error {
	n, err := r.unclosedStep(key, version)
	if err != nil {
		return err
	}
	switch {
	case n.State.Assignee != to:
	case to == "":
		return fail(Conflict, "%s is with the whole team already.", r.StepName(n))
	default:
		return fail(Conflict, "%s is with %s already.", r.StepName(n), to)
	}
	e := act.event(StepAssigned)
	e.Step, e.User = key, to
	r.emit(e)
	return nil
}

// SetDue moves the date of a step that is not closed.
func (r *Run) SetDue(act Act, key StepKey, version int64, on Date) error {
	n, err := r.unclosedStep(key, version)
	if err != nil {
		return err
	}
	if err := r.checkDay(n.Step.Team, act.At, on, FieldDue, "The due date"); err != nil {
		return err
	}
	e := act.event(StepDated)
	e.Step, e.Due = key, r.closeOn(n.Step.Team, on)
	r.emit(e)
	return nil
}

// openStep is the step, if a person can do something to it now.
func (r *Run) openStep(key StepKey, version int64) (Node, error) {
	n, err := r.openNode(key, version)
	if err == nil && r.IsGroup(key) {
		err = fail(Conflict, "%s is done in parts: choose one of them.", r.StepName(n))
	}
	return n, err
}

// openNode is openStep for what can be done to a group as well.
func (r *Run) openNode(key StepKey, version int64) (Node, error) {
	n, err := r.unclosedStep(key, version)
	if err == nil && n.State.Status == Locked {
		err = &Error{Kind: Conflict, Message: Say("%s is locked: it opens once %s.", r.StepName(n), blocksText(r.LockedBy(key)))}
	}
	return n, err
}

func (r *Run) unclosedStep(key StepKey, version int64) (Node, error) {
	n, ok := r.Node(key)
	if !ok {
		return n, r.noStep(key)
	}
	if r.State == Cancelled || r.State == Proposed {
		return n, r.notNow("changed")
	}
	return n, r.asDrawn(n, version)
}

// asDrawn refuses a step that is closed, by itself or with all it is part of, or
// that has changed since it was drawn.
func (r *Run) asDrawn(n Node, version int64) error {
	if n.State.Status.Closed() {
		return r.stale(n)
	}
	if err := r.partOf(n.Key); err != nil {
		return err
	}
	if version != 0 && version != n.State.Version {
		return r.stale(n)
	}
	return nil
}

// stale says what has happened to a step since its button was drawn.
func (r *Run) stale(n Node) error {
	s := n.State
	switch {
	case s.Status == Done && s.Actor == Bot:
		return fail(Stale, "%s is already done. It closed by itself, %s.", r.StepName(n), s.At)
	case s.Status == Done:
		return fail(Stale, "%s is already done, by %s, %s.", r.StepName(n), s.Actor, s.At)
	case s.Status == Skipped && s.Actor == Bot:
		return fail(Stale, "%s is over: nobody asked for it before its stage was complete.", r.StepName(n))
	case s.Status == Skipped:
		return fail(Stale, "%s was skipped by %s, %s.", r.StepName(n), s.Actor, s.At)
	case s.Status == Waived:
		return fail(Stale, "%s was waived by %s, %s: %s", r.StepName(n), s.Actor, s.At, s.Reason)
	case s.Status == Locked:
		return &Error{Kind: Stale, Message: Say("%s is locked again: it opens once %s.", r.StepName(n), blocksText(r.LockedBy(n.Key)))}
	}
	return fail(Stale, "%s has changed since you opened it, so nothing was done. Please open it again.", r.StepName(n))
}
