package process

import (
	"fmt"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file finds what waits for itself. First the "after" lists are checked by
// themselves, since people think of them as the order of the process; when they
// are sound, everything that can hold a step is looked at together.

func (c *checker) waits() {
	for _, s := range c.stages {
		c.stageAfter(s)
	}
	for _, s := range c.steps {
		c.stepAfter(s)
		c.needs(s)
	}
	c.stageCycles()
	for i := range c.def.Stages {
		c.stepCycles(c.def.Stages[i].Steps)
	}
	if len(c.problems) == c.before {
		c.deadlocks()
	}
}

func (c *checker) stageAfter(s *placedStage) {
	for i, id := range s.After {
		if id == "" {
			continue
		}
		if _, ok := c.stage[id]; !ok {
			ids := make([]workflow.StageID, len(c.def.Stages))
			for j := range c.def.Stages {
				ids[j] = c.def.Stages[j].ID
			}
			c.problem(s.node.get("after").item(i), "unknown stage %q in \"after\"%s", id, suggest(string(id), ids, "the stages are "+list(ids)))
		}
	}
}

func (c *checker) stepAfter(s *placedStep) {
	for i, id := range s.After {
		if id == "" {
			continue
		}
		at := s.node.get("after").item(i)
		j := slices.IndexFunc(s.beside, func(o workflow.Step) bool { return o.ID == id })
		if j >= 0 {
			switch other := s.beside[j]; {
			case other.IsAction():
				c.problem(at, "%q is an action, which is never done, so nothing can come after it", id)
			case other.Optional:
				c.problem(at, "%q is optional and may never be done, so nothing can come after it; make it needed, or leave this out", id)
			}
			continue
		}
		if other, ok := c.step[id]; ok {
			c.problem(at, "%q is not beside %q but in %s; \"after\" is for steps side by side, so use \"needs: [{step: %s}]\"", id, s.ID, other.home(), id)
			continue
		}
		ids := make([]workflow.StepID, len(s.beside))
		for k := range s.beside {
			ids[k] = s.beside[k].ID
		}
		c.problem(at, "unknown step %q in \"after\"%s", id, suggest(string(id), ids, "the steps beside it are "+list(ids)))
	}
}

// home is where a step is, for a sentence.
func (s *placedStep) home() string {
	if s.parent != nil {
		return fmt.Sprintf("the step %q", s.parent.ID)
	}
	return fmt.Sprintf("the stage %q", s.stage.ID)
}

func (c *checker) stageCycles() {
	after := map[string][]string{}
	for i := range c.def.Stages {
		s := &c.def.Stages[i]
		after[string(s.ID)] = append(after[string(s.ID)], stringsOf(s.After)...)
	}
	in := map[string]bool{}
	for _, cycle := range cycles(after) {
		c.problem(c.stage[workflow.StageID(cycle[0])].node.get("after"), "%s; take one \"after\" out", circle("stage", cycle))
		for _, id := range cycle {
			in[id] = true
		}
	}
	for i := range c.def.Stages {
		id := string(c.def.Stages[i].ID)
		if behind := firstReached(after, id, in); behind != "" && !in[id] {
			c.problem(c.stage[workflow.StageID(id)].node.get("after"), "the stage %q is unreachable: it comes after %q, which can never be complete", id, behind)
		}
	}
}

func (c *checker) stepCycles(steps []workflow.Step) {
	after := map[string][]string{}
	for i := range steps {
		after[string(steps[i].ID)] = append(after[string(steps[i].ID)], stringsOf(steps[i].After)...)
		c.stepCycles(steps[i].Steps)
	}
	for _, cycle := range cycles(after) {
		c.problem(c.step[workflow.StepID(cycle[0])].node.get("after"), "%s; take one \"after\" out", circle("step", cycle))
	}
}

// circle says what waits for what.
func circle(thing string, cycle []string) string {
	if len(cycle) == 1 {
		return fmt.Sprintf("the %s %q comes after itself and can never open", thing, cycle[0])
	}
	return fmt.Sprintf("these %ss wait for each other and none can open: %s", thing, strings.Join(append(slices.Clone(cycle), cycle[0]), " -> "))
}

func stringsOf[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}
