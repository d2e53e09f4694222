package workflow

// This file walks a run's steps. A definition is a tree of steps; a run is that
// tree with lanes: a step made per listing has one child for each listing, and
// below it the step's substeps, once per lane. A step with children is a group:
// nobody does it, it is done when its children are closed.

// Node is one step of a run in the order of the process.
type Node struct {
	Key   StepKey
	Step  *Step
	Stage *Stage
	State *StepState
	Depth int // 0 for a step of a stage
}

// Lane reports whether the node stands for one listing of a per-listing step.
func (n Node) Lane() bool { return n.Step.PerListing && n.Key.Listing != "" }

// Number is the step's number; a lane has its step's.
func (n Node) Number() string { return n.Step.Number }

// Walk calls visit for each step of the run, groups before their children, in
// the order of the process. It stops when visit returns false.
func (r *Run) Walk(visit func(Node) bool) {
	for _, steps := range r.index.stages {
		for _, p := range steps {
			if !r.walk(p, "", visit) {
				return
			}
		}
	}
}

func (r *Run) walk(p *place, lane ListingID, visit func(Node) bool) bool {
	key := StepKey{p.step.ID, lane}
	if !visit(r.node(p, key, r.Steps[key])) {
		return false
	}
	if p.lanes(key) {
		for i := range r.Listings {
			if !r.walk(p, r.Listings[i].ID, visit) {
				return false
			}
		}
		return true
	}
	for _, part := range p.parts {
		if !r.walk(part, lane, visit) {
			return false
		}
	}
	return true
}

func (r *Run) node(p *place, key StepKey, state *StepState) Node {
	n := Node{Key: key, Step: p.step, Stage: p.stage, State: state, Depth: p.depth}
	if key.Listing != "" {
		n.Depth++ // a lane is one level more
	}
	return n
}

// Node is the step of that key.
func (r *Run) Node(key StepKey) (Node, bool) {
	p, state := r.index.byID[key.Step], r.Steps[key]
	if p == nil || state == nil {
		return Node{}, false
	}
	return r.node(p, key, state), true
}

// Nodes are all steps of the run, groups before their children.
func (r *Run) Nodes() []Node {
	out := make([]Node, 0, len(r.Steps))
	r.Walk(func(n Node) bool { out = append(out, n); return true })
	return out
}

// Children are the parts of a group: its lanes, or its substeps. None for a
// step that is done by a person.
func (r *Run) Children(key StepKey) []StepKey {
	p := r.index.byID[key.Step]
	if p == nil {
		return nil
	}
	var out []StepKey
	if p.lanes(key) {
		for i := range r.Listings {
			out = append(out, StepKey{key.Step, r.Listings[i].ID})
		}
		return out
	}
	for _, part := range p.parts {
		out = append(out, StepKey{part.step.ID, key.Listing})
	}
	return out
}

// IsGroup reports whether the step is done by its parts and not by a person.
func (r *Run) IsGroup(key StepKey) bool {
	p := r.index.byID[key.Step]
	return p != nil && p.group(key)
}

// parent is the group that key is a part of.
func (r *Run) parent(key StepKey) (StepKey, bool) {
	if p := r.index.byID[key.Step]; p != nil {
		return p.above(key)
	}
	return StepKey{}, false
}

// Progress counts steps.
type Progress struct{ Done, Total int }

// Progress counts the needed steps of the run. A per-listing step counts once
// and is done when all its lanes are; skipped and waived steps, and optional
// ones nobody asked for, are not counted.
func (r *Run) Progress() Progress {
	var p Progress
	for i := range r.def.Stages {
		s := r.StageProgress(&r.def.Stages[i])
		p.Done += s.Done
		p.Total += s.Total
	}
	return p
}

// StageProgress counts the needed steps of one stage.
func (r *Run) StageProgress(stage *Stage) Progress {
	var p Progress
	for i := range stage.Steps {
		state := r.Steps[StepKey{Step: stage.Steps[i].ID}]
		if state == nil || state.Status == Skipped || state.Status == Waived || stage.Steps[i].Optional && !state.Wanted {
			continue
		}
		p.Total++
		if state.Status == Done {
			p.Done++
		}
	}
	return p
}
