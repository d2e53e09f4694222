package workflow

// index finds the steps of a definition by their ids. It is made once, when a
// run gets its definition, and never changes, so the copies of a run share it.
type index struct {
	stages [][]*place // the steps of each stage
	byID   map[StepID]*place
	tracks []Tracking
}

// place is a step and where it is in its process.
type place struct {
	step    *Step
	stage   *Stage
	parent  *place // nil for a step of a stage
	depth   int
	parts   []*place // substeps
	actions []*Step
}

func newIndex(def *Definition) *index {
	x := &index{stages: make([][]*place, len(def.Stages)), byID: map[StepID]*place{}, tracks: def.Trackings()}
	for i := range def.Stages {
		stage := &def.Stages[i]
		for j := range stage.Steps {
			x.stages[i] = append(x.stages[i], x.add(stage, nil, &stage.Steps[j]))
		}
	}
	return x
}

func (x *index) add(stage *Stage, parent *place, step *Step) *place {
	p := &place{step: step, stage: stage, parent: parent}
	if parent != nil {
		p.depth = parent.depth + 1
	}
	x.byID[step.ID] = p
	for i := range step.Steps {
		part := x.add(stage, p, &step.Steps[i])
		if part.step.IsAction() {
			p.actions = append(p.actions, part.step)
		} else {
			p.parts = append(p.parts, part)
		}
	}
	return p
}

// lanes reports whether the key stands for all lanes of a step.
func (p *place) lanes(key StepKey) bool { return p.step.PerListing && key.Listing == "" }

// group reports whether the step of that key is done by its parts.
func (p *place) group(key StepKey) bool { return len(p.parts) > 0 || p.lanes(key) }

// above is the group that key is a part of.
func (p *place) above(key StepKey) (StepKey, bool) {
	switch {
	case p.step.PerListing && key.Listing != "":
		return StepKey{Step: key.Step}, true
	case p.parent != nil:
		return StepKey{p.parent.step.ID, key.Listing}, true
	}
	return StepKey{}, false
}
