package process

import (
	"cmp"
	"fmt"

	"cloudimage/workflow"
)

// This file compares the dates that are planned back from the launch, and those
// that are counted from the catalyst. Dates counted from the day a step opens
// cannot be compared before a run.

// dates tells when a step is planned to be late for what waits for it.
func (c *checker) dates(s *placedStep) {
	at := s.node.get("due")
	if s.parent != nil && s.parent.Due != (workflow.Due{}) {
		c.inTime(at, s.ID, s.Due, fmt.Sprintf("the step %q it is part of", s.parent.ID), s.parent.Due)
	} else {
		c.inTime(at, s.ID, s.Due, fmt.Sprintf("the stage %q it is part of", s.stage.ID), s.stage.Due)
	}
	for _, id := range s.After {
		if first, ok := c.step[id]; ok {
			c.inTime(first.node.get("due"), id, first.Due, fmt.Sprintf("%q, which comes after it", s.ID), s.Due)
		}
	}
	for _, need := range s.Needs {
		if first, ok := c.step[need.Step]; ok {
			c.inTime(first.node.get("due"), need.Step, first.Due, fmt.Sprintf("%q, which needs it", s.ID), s.Due)
		}
	}
}

// inTime tells when part is due after what waits for it.
func (c *checker) inTime(at *node, part workflow.StepID, due workflow.Due, whole string, by workflow.Due) {
	if due.BeforeLaunch > 0 && due.BeforeLaunch < by.BeforeLaunch {
		c.problem(at, "%q is due %s before launch, later than %s (%s); change one of the dates",
			part, businessDays(due.BeforeLaunch), whole, businessDays(by.BeforeLaunch))
	}
	if due.OnLaunch && by.BeforeLaunch > 0 {
		c.problem(at, "%q is due on the day of the launch, later than %s (%s before it); change one of the dates",
			part, whole, businessDays(by.BeforeLaunch))
	}
	if due.AfterCatalyst == 0 || by.AfterCatalyst == 0 {
		return
	}
	security, before := cmp.Or(due.Security, due.AfterCatalyst), cmp.Or(by.Security, by.AfterCatalyst)
	switch {
	case due.AfterCatalyst > by.AfterCatalyst:
		c.problem(at, "%q is due %s after the catalyst, later than %s (%s); change one of the dates",
			part, businessDays(due.AfterCatalyst), whole, businessDays(by.AfterCatalyst))
	case security > before:
		c.problem(at, "%q is due %s after a security update, later than %s (%s); change one of the dates",
			part, businessDays(security), whole, businessDays(before))
	}
}
