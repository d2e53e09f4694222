package workflow

import "time"

// UndoWithin is for how long what was done can be undone by who did it.
const UndoWithin = 10 * time.Minute

// Undoable reports whether the person can undo the step at that moment: they
// marked it done, not longer than [UndoWithin] ago.
func (r *Run) Undoable(key StepKey, who UserID, now time.Time) bool {
	s := r.Steps[key]
	return s != nil && s.Status == Done && who != Bot && s.Actor == who && now.Sub(s.At) < UndoWithin && !r.IsGroup(key) &&
		(r.State == Running || r.State == Complete) && r.partOf(key) == nil
}

// Undo takes back that a step was done, for the person who did it and within
// [UndoWithin]; later there is Reopen. The step stands as it did before, with its
// date, its helpers and its wait; what it had opened is locked again, and what
// was done there stays done. The facts its evidence gave are taken back.
func (r *Run) Undo(act Act, key StepKey, version int64) error {
	n, ok := r.Node(key)
	switch {
	case !ok:
		return r.noStep(key)
	case r.State != Running && r.State != Complete:
		return r.notNow("changed")
	case n.State.Status != Done:
		return fail(Conflict, "%s is not done, so there is nothing to undo.", r.StepName(n))
	case r.IsGroup(key):
		return fail(Conflict, "%s was done in parts: undo the part that is not.", r.StepName(n))
	case n.State.Actor == Bot:
		return fail(Conflict, "%s was done by itself; it can be reopened.", r.StepName(n))
	case n.State.Actor != act.Actor:
		return fail(Denied, "Only %s, who did %s, can undo it. You can reopen it.", n.State.Actor, r.StepName(n))
	case act.At.Sub(n.State.At) >= UndoWithin:
		return fail(Stale, "%s was done %s, more than ten minutes ago. It can be reopened.", r.StepName(n), n.State.At)
	case version != 0 && version != n.State.Version:
		return r.stale(n)
	}
	if err := r.partOf(key); err != nil {
		return err
	}
	e := act.event(StepUndone)
	e.Step, e.Undoes = key, n.State.Version
	launch, _ := r.Launch()
	r.emit(e)
	if n.Step.DoneWhen == AssignedAndDue && r.holds(n) {
		r.assignStage(act, n.Stage, "") // or it would be done again at once
	}
	r.settle(act.At)
	if r.Stages[n.Stage.ID].Status == StageOpen {
		r.unskip(n.Stage, e.Undoes, act.At)
		r.settle(act.At)
	}
	if now, _ := r.Launch(); now != launch {
		r.replan(act.At)
	}
	return nil
}

// unskip brings back the optional steps of a stage that were skipped because an
// event, which is undone, had completed it.
func (r *Run) unskip(stage *Stage, since int64, at time.Time) {
	for i := range stage.Steps {
		key := StepKey{Step: stage.Steps[i].ID}
		if s := r.Steps[key]; s.Status == Skipped && s.Actor == Bot && s.Version > since {
			r.emit(Event{Type: StepUndone, At: at, Step: key, Undoes: s.Version})
		}
	}
}
