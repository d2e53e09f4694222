package process

import (
	"strings"

	"cloudimage/workflow"
)

// This file looks for deadlocks: steps that could never be done because what
// they need waits, over some detour, for themselves. The vertices are moments,
// "open" and "closed" of each stage and step; an edge says that one moment
// comes after another, and why.

// moments is the graph of what must happen before what.
type moments struct {
	before map[string][]string
	why    map[[2]string]string
}

func (m *moments) edge(later, earlier, why string) {
	m.before[later] = append(m.before[later], earlier)
	m.why[[2]string{later, earlier}] = why
}

func opened(what string) string { return "open " + what }
func closed(what string) string { return "closed " + what }

func stageKey(id workflow.StageID) string { return "stage " + string(id) }
func stepKey(id workflow.StepID) string   { return "step " + string(id) }

func (c *checker) deadlocks() {
	m := &moments{before: map[string][]string{}, why: map[[2]string]string{}}
	for _, s := range c.stages {
		m.stage(s.Stage)
	}
	for _, s := range c.steps {
		c.stepMoments(m, s)
	}
	for _, cycle := range cycles(m.before) {
		at, why := c.explain(m, cycle)
		c.problem(at, "this can never be done, because it waits for itself: %s; take one of these out", strings.Join(why, ", "))
	}
}

func (m *moments) stage(s *workflow.Stage) {
	key := stageKey(s.ID)
	m.edge(closed(key), opened(key), "")
	for _, id := range s.After {
		m.edge(opened(key), closed(stageKey(id)), `the stage "`+string(s.ID)+`" comes after the stage "`+string(id)+`"`)
	}
	for i := range s.Steps {
		if !s.Steps[i].Optional {
			m.edge(closed(key), closed(stepKey(s.Steps[i].ID)), `the stage "`+string(s.ID)+`" is complete when the step "`+string(s.Steps[i].ID)+`" is closed`)
		}
	}
}

func (c *checker) stepMoments(m *moments, s *placedStep) {
	if s.IsAction() {
		return
	}
	key, quoted := stepKey(s.ID), `the step "`+string(s.ID)+`"`
	m.edge(closed(key), opened(key), "")
	if s.parent != nil {
		m.edge(opened(key), opened(stepKey(s.parent.ID)), quoted+` is part of the step "`+string(s.parent.ID)+`"`)
	} else {
		m.edge(opened(key), opened(stageKey(s.stage.ID)), quoted+` is in the stage "`+string(s.stage.ID)+`"`)
	}
	for _, id := range s.After {
		m.edge(opened(key), closed(stepKey(id)), quoted+` comes after the step "`+string(id)+`"`)
	}
	for _, sub := range s.Substeps() {
		m.edge(closed(key), closed(stepKey(sub.ID)), quoted+` is done when its substep "`+string(sub.ID)+`" is`)
	}
	for _, need := range s.Needs {
		if need.Step != "" {
			m.edge(closed(key), closed(stepKey(need.Step)), quoted+` needs the step "`+string(need.Step)+`"`)
		}
		if g := c.givers[need.Fact]; g != nil && g.step != nil {
			m.edge(closed(key), closed(stepKey(g.step.ID)), quoted+` needs the fact "`+string(need.Fact)+`", which the step "`+string(g.step.ID)+`" gives`)
		}
	}
}

// explain is the reasons along a loop, and the place of the first step's
// "needs" on it: without needs there would be no loop.
func (c *checker) explain(m *moments, cycle []string) (at *node, why []string) {
	at = c.root
	for i, later := range cycle {
		reason := m.why[[2]string{later, cycle[(i+1)%len(cycle)]}]
		if reason == "" {
			continue
		}
		why = append(why, reason)
		if id, ok := strings.CutPrefix(later, closed("step ")); ok && at == c.root && strings.Contains(reason, " needs ") {
			if n := c.step[workflow.StepID(id)].node.get("needs"); n.given() {
				at = n
			}
		}
	}
	return at, why
}
