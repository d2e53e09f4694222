package process

import (
	"slices"

	"cloudimage/workflow"
)

// checkStep tells which parts of a step cannot work together.
func (c *checker) checkStep(s *placedStep) {
	if own := s.node.get("team"); own.given() { // what is inherited is told above
		c.team(own, s.Team)
	}
	c.team(s.node.get("ask_team"), s.AskTeam)
	c.countable(s.node, s.Due)
	c.launchDay(s)
	c.optional(s)
	c.lanes(s)
	c.publishes(s)
	c.condition(s)
	c.dates(s)
	if s.IsAction() {
		c.action(s)
	}
	if len(s.Substeps()) > 0 && len(s.Evidence) > 0 {
		c.problem(s.node.get("evidence"), "the step %q has substeps and is done when they are, so nobody would be asked for its evidence; move the evidence to a substep", s.ID)
	}
}

func (c *checker) optional(s *placedStep) {
	switch {
	case s.Optional && s.parent != nil:
		c.problem(s.node.get("optional"), "%q is a substep and cannot be optional, since the step above waits for all of its substeps; make it a step of the stage", s.ID)
	case s.Optional && s.PerListing:
		c.problem(s.node.get("per"), "%q is optional and per listing; people ask for an optional step once, so leave one of the two out", s.ID)
	}
	switch question, team := s.node.get("question"), s.node.get("ask_team"); {
	case question.given() && !s.Optional:
		c.problem(question, "%q is needed anyway, so there is nothing to ask; add \"optional: true\" or leave the question out", s.ID)
	case team.given() && !question.given():
		c.problem(team, "%q names a team to ask and no \"question\"; write the question", s.ID)
	case question.given() && !team.given():
		c.problem(question, "%q asks a question of nobody; add \"ask_team\" with a team's id", s.ID)
	}
}

// launchDay tells when nobody could do anything with a step on the day of the
// launch.
func (c *checker) launchDay(s *placedStep) {
	at := s.node.get("launch_day")
	switch {
	case !at.given():
	case c.def.Subject == workflow.SubjectCatalyst:
		c.problem(at, "a catalyst has no launch, so %q has no row on the day of it; leave this out", s.ID)
	case len(s.Substeps()) > 0:
		c.problem(at, "the step %q has substeps, and what is done on the day of the launch is done with one of them; move this to that substep", s.ID)
	}
}

func (c *checker) lanes(s *placedStep) {
	if s.PerListing && s.parent != nil && s.parent.PerListing {
		c.problem(s.node.get("per"), "%q is per listing already, because the step above it is; leave this out", s.ID)
	}
}

// publishes checks a step by which a listing goes live.
func (c *checker) publishes(s *placedStep) {
	at, sign := s.node.get("publishes"), s.node.get("sign")
	switch {
	case s.Publishes && s.lane() == nil:
		c.problem(at, "%q is not done for each listing, so nothing tells which one is live after it; add \"per: listing\", or move this to a step of a lane", s.ID)
	case s.Publishes && len(s.Substeps()) > 0:
		c.problem(at, "the step %q has substeps, and a listing is live after one of them; move this to that substep", s.ID)
	case s.Publishes && c.published != nil:
		c.problem(at, "a listing is live after %q already; one step can publish", c.published.ID)
	case s.Publishes:
		c.published = s
	}
	switch {
	case !sign.given():
	case !s.Publishes:
		c.problem(sign, "people sign for what goes live, and %q publishes nothing; move this to the step with \"publishes: true\"", s.ID)
	case c.def.Subject != workflow.SubjectCatalyst:
		c.problem(sign, "people sign for a release, and a partnership is about none; leave this out")
	}
	for i, team := range s.Sign.Teams {
		c.team(sign.get("teams").item(i), team)
	}
}

// condition checks a step that is done by itself.
func (c *checker) condition(s *placedStep) {
	if s.DoneWhen == workflow.Never {
		return
	}
	at := s.node.get("done_when")
	if s.DoneWhen == workflow.MergeApproved || s.DoneWhen == workflow.MergeDone {
		switch {
		case s.lane() != nil || len(s.Steps) > 0:
			c.problem(at, "%q is about the one merge request of a run; only a step without substeps and not per listing can be done by it", s.DoneWhen)
		case c.tracked[workflow.TrackMerge] == nil:
			c.problem(at, "%q is about a merge request, and no field tracks one; add \"tracks: %s\" to the field that asks for its link", s.DoneWhen, workflow.TrackMerge)
		}
		return
	}
	if s.parent != nil || s.PerListing || len(s.Steps) > 0 {
		c.problem(at, "%q is about the stage as a whole; only a step of a stage without substeps and not per listing can be done by itself", s.DoneWhen)
		return
	}
	for _, want := range []workflow.Field{{ID: workflow.FieldAssignee, Type: workflow.Person}, {ID: workflow.FieldDue, Type: workflow.DateField}} {
		if f, ok := s.Field(want.ID); !ok || f.Type != want.Type {
			c.problem(at, "%q asks for the stage's assignee and due date, so %q needs a field {id: %s, type: %s} in its evidence", s.DoneWhen, s.ID, want.ID, want.Type)
		}
	}
	for i := range s.Evidence {
		if f := s.Evidence[i]; f.ID != workflow.FieldAssignee && f.ID != workflow.FieldDue && !f.Optional {
			c.problem(s.node.get("evidence").item(i), "nobody is asked for %q when %q is done by itself; make the field optional or move it to another step", f.ID, s.ID)
		}
	}
}

// action checks a substep that exists only in a situation: people take it, it
// is never open, done or late.
func (c *checker) action(s *placedStep) {
	if s.parent == nil {
		c.problem(s.node.get("when"), "%q is a step of a stage; only a substep can be an action that exists while its step is waiting", s.ID)
		return
	}
	for _, key := range []string{"after", "needs", "optional", "per", "publishes", "sign", "done_when", "due", "launch_day"} {
		if n := s.node.get(key); n.given() {
			c.problem(n, "%q is an action (\"when: %s\"): it is taken, never open or done, so %q means nothing here; leave it out", s.ID, s.When, key)
		}
	}
}

// needs tells which needs of a step can never be met.
func (c *checker) needs(s *placedStep) {
	for i, need := range s.Needs {
		at := s.node.get("needs").item(i)
		if need.Step != "" {
			c.neededStep(s, need.Step, at.get("step"))
		}
		if need.Fact != "" {
			c.neededFact(s, need.Fact, at.get("fact"))
		}
	}
}

func (c *checker) neededStep(s *placedStep, id workflow.StepID, at *node) {
	other, ok := c.step[id]
	switch {
	case !ok:
		c.problem(at, "unknown step %q%s", id, suggest(string(id), c.stepIDs(), "the steps are "+list(c.stepIDs())))
	case other.IsAction():
		c.problem(at, "%q is an action, which is never done, so nothing can need it", id)
	case other.Optional:
		c.problem(at, "%q is optional and may never be done, so nothing can need it; make it needed, or leave this out", id)
	case other.parent != nil && other.lane() != nil && !other.PerListing && other.lane() != s.lane():
		c.problem(at, "%q is done once for each listing, and %q is outside of these lanes; need the step above it, %q", id, s.ID, other.parent.ID)
	}
}

func (c *checker) stepIDs() []workflow.StepID {
	ids := make([]workflow.StepID, 0, len(c.steps))
	for _, s := range c.steps {
		if s.ID != "" {
			ids = append(ids, s.ID)
		}
	}
	return slices.Compact(ids)
}
