package main

import (
	"cloudimage/workflow"
)

// evidenceFor is evidence of the right kinds for a step.
func evidenceFor(s *workflow.Step, who workflow.UserID, day workflow.Date) map[workflow.FieldID]string {
	out := map[workflow.FieldID]string{}
	for _, f := range s.Evidence {
		if f.Optional {
			continue
		}
		switch f.Type {
		case workflow.URL, workflow.URLs:
			out[f.ID] = "https://example.com/" + string(s.ID)
		case workflow.DateField:
			out[f.ID] = string(day)
		case workflow.Person:
			out[f.ID] = string(who)
		case workflow.Number:
			out[f.ID] = "3"
		case workflow.Choice:
			out[f.ID] = f.Options[0]
		default:
			out[f.ID] = "As agreed"
		}
	}
	return out
}
