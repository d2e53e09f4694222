package process

import "cloudimage/workflow"

// checker walks a definition and the tree it was read from side by side, and
// tells what no single value shows: names that nothing defines, names defined
// twice, and combinations that cannot work.
type checker struct {
	*reader
	def    *workflow.Definition
	root   *node
	stages []*placedStage // in the order of the file
	steps  []*placedStep  // and substeps, in the order of the file
	stage  map[workflow.StageID]*placedStage
	step   map[workflow.StepID]*placedStep
	givers map[workflow.FactName]*giver
	// tracked are the fields that track what a run has one of.
	tracked map[workflow.Track]*placedStep
	// published is the step by which a listing goes live; nil for none.
	published *placedStep
	// before is how many problems were known before the checks. A search for
	// deadlocks makes sense only where the names are sound.
	before int
}

// placedStage is a stage and where it is in the file.
type placedStage struct {
	*workflow.Stage
	node *node
}

// placedStep is a step and where it is, in the file and in the process.
type placedStep struct {
	*workflow.Step
	node   *node
	stage  *placedStage
	parent *placedStep // nil for a step of a stage
	beside []workflow.Step
}

// giver is the field that makes a fact known.
type giver struct {
	step  *placedStep // nil when no step gives it: a fact of the product, or one that a resource asks for
	field *workflow.Field
	node  *node
}

// lane is the step that makes this one's lane, itself or the one above; nil
// for a step that is made once.
func (s *placedStep) lane() *placedStep {
	switch {
	case s.PerListing:
		return s
	case s.parent != nil && s.parent.PerListing:
		return s.parent
	}
	return nil
}

func (r *reader) check(def *workflow.Definition, root *node) {
	if r.steps > MaxSteps {
		return // told already; what follows would only repeat it
	}
	c := &checker{
		reader: r, def: def, root: root, before: len(r.problems),
		stage: map[workflow.StageID]*placedStage{},
		step:  map[workflow.StepID]*placedStep{}, tracked: map[workflow.Track]*placedStep{},
	}
	c.place()
	c.teams()
	c.promise()
	c.releases()
	c.ladders()
	c.resources()
	c.tracks()
	for _, s := range c.stages {
		c.checkStage(s)
	}
	for _, s := range c.steps {
		c.checkStep(s)
		c.evidence(s)
	}
	c.waits()
}

// place finds where each stage and step is, and which facts are given.
func (c *checker) place() {
	first := map[string]*node{}
	for i := range c.def.Stages {
		stage := &placedStage{Stage: &c.def.Stages[i], node: c.root.get("stages").item(i)}
		c.stages = append(c.stages, stage)
		c.unique(first, "stage", string(stage.ID), stage.node.get("id"))
		if c.stage[stage.ID] == nil {
			c.stage[stage.ID] = stage
		}
		c.placeSteps(stage, nil, stage.Steps, stage.node.get("steps"), first)
	}
	c.givers = c.given()
}

func (c *checker) placeSteps(stage *placedStage, parent *placedStep, steps []workflow.Step, at *node, first map[string]*node) {
	for i := range steps {
		s := &placedStep{Step: &steps[i], node: at.item(i), stage: stage, parent: parent, beside: steps}
		c.steps = append(c.steps, s)
		c.unique(first, "step", string(s.ID), s.node.get("id"))
		if c.step[s.ID] == nil {
			c.step[s.ID] = s
		}
		c.placeSteps(stage, s, s.Steps, s.node.get("steps"), first)
	}
}

// unique tells when an id was used before for the same kind of thing.
func (c *checker) unique(first map[string]*node, what, id string, at *node) {
	if id == "" {
		return
	}
	if f, ok := first[what+" "+id]; ok {
		c.problem(at, "the %s id %q is used twice; the first is in line %d, so give this one another", what, id, f.line)
		return
	}
	first[what+" "+id] = at
}

func (c *checker) teams() {
	first := map[string]*node{}
	for i, t := range c.def.Teams {
		c.unique(first, "team", string(t.ID), c.root.get("teams").item(i).get("id"))
	}
	c.team(c.root.get("owner"), c.def.Owner)
}

// team tells when nothing defines a team.
func (c *checker) team(at *node, id workflow.TeamID) {
	if id == "" || len(c.def.Teams) == 0 {
		return
	}
	if _, ok := c.def.Team(id); ok {
		return
	}
	c.problem(at, "unknown team %q; the teams are %s", id, list(c.teamIDs()))
}

func (c *checker) teamIDs() []workflow.TeamID {
	ids := make([]workflow.TeamID, len(c.def.Teams))
	for i, t := range c.def.Teams {
		ids[i] = t.ID
	}
	return ids
}

func (c *checker) promise() {
	if n := c.root.get("promise"); n.given() && c.def.Subject == workflow.SubjectPartnership {
		c.problem(n, "a promise is counted from a catalyst, and a partnership has none; leave it out")
	}
}

func (c *checker) releases() {
	switch n := c.root.get("releases"); {
	case n.given() && c.def.Subject == workflow.SubjectPartnership:
		c.problem(n, "releases concern listings that are there, and a partnership brings new ones; say this in the process about a catalyst")
	case n.given() && c.def.Promise.Days == 0:
		c.problem(n, "releases are worked on within the time that is promised, and nothing is; add \"promise: {days: 3}\"")
	}
}

func (c *checker) resources() {
	first := map[string]*node{}
	for i, res := range c.def.Resources {
		at := c.root.get("resources").item(i)
		c.unique(first, "resource", res.ID, at.get("id"))
		c.team(at.get("ask"), res.Ask)
		c.fact(at.get("fact"), res.Fact)
	}
}

func (c *checker) checkStage(s *placedStage) {
	c.team(s.node.get("team"), s.Team)
	c.countable(s.node, s.Due)
	for i, fact := range s.Brief {
		c.fact(s.node.get("brief").item(i), fact)
	}
	needed := len(s.Steps) == 0 // told already
	for i := range s.Steps {
		needed = needed || !s.Steps[i].Optional
	}
	if !needed {
		c.problem(s.node, "every step of the stage %q is optional, so it would be complete before anybody did anything; make one of them needed", s.ID)
	}
}

// countable tells when a date is counted from a day that the subject has not
// got.
func (c *checker) countable(at *node, due workflow.Due) {
	switch {
	case (due.BeforeLaunch > 0 || due.OnLaunch) && c.def.Subject == workflow.SubjectCatalyst:
		c.problem(at.get("due"), "a catalyst has no launch to plan back from; write {after_catalyst: N} or {after_open: N}")
	case due.AfterCatalyst > 0 && c.def.Subject == workflow.SubjectPartnership:
		c.problem(at.get("due"), "a partnership has no catalyst to count from; write {before_launch: N} or {after_open: N}")
	}
}
