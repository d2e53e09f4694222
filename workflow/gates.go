package workflow

import "time"

// This file decides what is locked, open and complete. Every action ends in
// settle, which compares each stage and group with what its parts say and emits
// what follows, until nothing more does. The rules are:
//
//   - A stage is locked until every stage it comes after is complete. It is
//     complete when every step that is not optional is closed.
//   - A step is locked until its stage is open, its group is open and the steps
//     it comes after are closed. The parts of an optional step are locked until
//     somebody asks for it.
//   - A group is done when all its parts are closed, and open again when one is
//     reopened or a listing joins.
//   - An optional step nobody asked for is skipped when its stage is complete.
//   - A run is complete when every stage is and no step that was asked for is
//     open.
//   - In a proposal all is locked; in a cancelled run all that is not closed.

// settle emits everything that follows from the run's present state.
func (r *Run) settle(at time.Time) {
	for s := (settler{Run: r, at: at}); s.once(); s.changed = false {
	}
}

// settler is one settling: what follows happens at the moment of the action it
// follows from, and by nobody.
type settler struct {
	*Run
	at      time.Time
	changed bool
}

func (s *settler) emit(e Event) {
	e.At = s.at
	s.Run.emit(e)
	s.changed = true
}

func (s *settler) once() bool {
	visit := func(n Node) bool { s.step(n); return true }
	for i := range s.def.Stages {
		s.stage(&s.def.Stages[i])
		for _, p := range s.index.stages[i] {
			s.walk(p, "", visit)
		}
	}
	switch {
	case s.State == Running && s.finished():
		s.emit(Event{Type: RunCompleted})
	case s.State == Complete && !s.finished():
		s.emit(Event{Type: RunReopened})
	}
	return s.changed
}

func (s *settler) stage(stage *Stage) {
	state := s.Stages[stage.ID]
	want := s.stageStatus(stage)
	if want == state.Status {
		return
	}
	switch want {
	case StageLocked:
		s.emit(Event{Type: StageRelocked, Stage: stage.ID})
	case StageOpen:
		s.emit(Event{Type: StageOpened, Stage: stage.ID, Due: s.dueOnOpening(state.Due, stage.Team, stage.Due)})
	case StageComplete:
		s.emit(Event{Type: StageCompleted, Stage: stage.ID})
	}
}

// dueOnOpening is the date of something that opens now and has none yet.
func (s *settler) dueOnOpening(have time.Time, team TeamID, rule Due) time.Time {
	if !have.IsZero() {
		return time.Time{}
	}
	return s.afterOpening(team, rule, s.at)
}

func (r *Run) stageStatus(stage *Stage) StageStatus {
	switch {
	case r.State == Cancelled && r.Stages[stage.ID].Status == StageComplete:
		return StageComplete // what was achieved stays to be seen
	case r.State == Cancelled, r.State == Proposed:
		return StageLocked
	}
	for _, before := range stage.After {
		if r.Stages[before].Status != StageComplete {
			return StageLocked
		}
	}
	for i := range stage.Steps {
		step := &stage.Steps[i]
		if !step.Optional && !r.Steps[StepKey{Step: step.ID}].Status.Closed() {
			return StageOpen
		}
	}
	if r.Stages[stage.ID].Status == StageLocked {
		return StageOpen // it opens before it completes, so that history reads in order
	}
	return StageComplete
}

func (s *settler) step(n Node) {
	switch state := n.State; {
	case !state.Status.Closed() && n.Step.Optional && !state.Wanted && s.Stages[n.Stage.ID].Status == StageComplete:
		s.emit(Event{Type: StepSkipped, Step: n.Key, Text: "Nobody asked for it."})
	case s.IsGroup(n.Key):
		s.group(n)
	case state.Status.Closed():
	case state.Status == Open && n.Step.DoneWhen != Never && s.holds(n):
		s.emit(Event{Type: StepDone, Step: n.Key, Evidence: s.conditionEvidence(n)})
	default:
		s.gate(n)
	}
}

// group follows a group's parts. A group that a person waived or skipped stays
// so.
func (s *settler) group(n Node) {
	state := n.State
	if state.Status == Waived || state.Status == Skipped {
		return
	}
	closed := true
	for _, child := range s.Children(n.Key) {
		closed = closed && s.Steps[child].Status.Closed()
	}
	switch {
	case closed && state.Status == Open:
		s.emit(Event{Type: StepDone, Step: n.Key})
	case !closed && state.Status == Done:
		s.emit(Event{Type: StepReopened, Step: n.Key})
	case state.Status != Done:
		s.gate(n)
	}
}

func (s *settler) gate(n Node) {
	switch open := s.gateOpen(n); {
	case open && n.State.Status == Locked:
		e := Event{Type: StepOpened, Step: n.Key}
		if n.State.Due.IsZero() {
			e.Due = s.dueAfter(n, s.at)
		}
		s.emit(e)
	case !open && n.State.Status == Open:
		s.emit(Event{Type: StepRelocked, Step: n.Key})
	}
}

// gateOpen reports whether nothing before the step holds it.
func (r *Run) gateOpen(n Node) bool {
	if r.State == Cancelled || r.Stages[n.Stage.ID].Status == StageLocked {
		return false
	}
	if p, ok := r.parent(n.Key); ok {
		if s := r.Steps[p].Status; s != Open && s != Done || r.unasked(p) {
			return false
		}
	}
	if n.Lane() {
		return true // the group's own gate holds all lanes
	}
	for _, before := range n.Step.After {
		if !r.Steps[StepKey{before, n.Key.Listing}].Status.Closed() {
			return false
		}
	}
	return true
}

// unasked reports whether the step is optional and nobody asked for it.
func (r *Run) unasked(key StepKey) bool {
	p := r.index.byID[key.Step]
	return p != nil && p.step.Optional && !r.Steps[key].Wanted
}

// finished reports whether nothing needed is left to do.
func (r *Run) finished() bool {
	for i := range r.def.Stages {
		if r.Stages[r.def.Stages[i].ID].Status != StageComplete {
			return false
		}
	}
	for _, s := range r.Steps {
		if s.Status == Open {
			return false // an optional step that was asked for
		}
	}
	return true
}

// holds reports whether the step's own condition is met.
func (r *Run) holds(n Node) bool {
	switch n.Step.DoneWhen {
	case AssignedAndDue:
		stage := r.Stages[n.Stage.ID]
		return stage.Assignee != "" && !stage.Due.IsZero() && !stage.Planned
	case MergeApproved, MergeDone:
		_, m := r.MergeRequest()
		if m == nil {
			return false
		}
		at := m.Merged
		if at.IsZero() && n.Step.DoneWhen == MergeApproved {
			at = m.Approved
		}
		// Who reopened the step since then knew that, and wants more.
		return !at.IsZero() && !at.Before(n.State.At)
	}
	return false
}

func (r *Run) conditionEvidence(n Node) map[FieldID]string {
	if n.Step.DoneWhen != AssignedAndDue {
		t, _ := r.MergeRequest()
		for _, f := range n.Step.Evidence {
			if f.Fact == t.Fact {
				return map[FieldID]string{f.ID: r.Items[t.Fact].URL}
			}
		}
		return nil
	}
	stage := r.Stages[n.Stage.ID]
	return map[FieldID]string{FieldAssignee: string(stage.Assignee), FieldDue: string(r.Day(n.Stage.Team, stage.Due))}
}
