package commands

import "cloudimage/workflow"

// This file holds the forms of the verbs that are a step's life.

// evidenceForm asks for the evidence of a step. A step that asks for none needs
// no form.
func evidenceForm(r *workflow.Run, n workflow.Node, _ Target) []Field {
	out := make([]Field, 0, len(n.Step.Evidence))
	for _, f := range n.Step.Evidence {
		before := n.State.Evidence[f.ID]
		if before == "" && f.Fact != "" {
			before = r.Fact(f.Fact, n.Key.Listing)
		}
		if before == "" && f.ID == workflow.FieldAssignee {
			before = string(r.StageHolder(n.Stage))
		}
		if s := r.Stages[n.Stage.ID]; before == "" && f.ID == workflow.FieldDue && !s.Due.IsZero() {
			before = string(r.Day(n.Stage.Team, s.Due))
		}
		out = append(out, evidenceField(f, before))
	}
	return out
}

// evidenceIntro says what done means.
func evidenceIntro(_ *workflow.Run, n workflow.Node, _ Target) []workflow.Text {
	if n.Step.Standard == "" {
		return nil
	}
	return []workflow.Text{workflow.Say("Done means: %s", n.Step.Standard)}
}

func reasonForm(label string) func(*workflow.Run, workflow.Node, Target) []Field {
	return func(*workflow.Run, workflow.Node, Target) []Field {
		return []Field{reasonField(label)}
	}
}

func reopenForm(*workflow.Run, workflow.Node, Target) []Field {
	f := reasonField("Why is it opened again?")
	f.Optional = true
	return []Field{f}
}

// reopenIntro says which stages a reopening locks.
func reopenIntro(r *workflow.Run, n workflow.Node, _ Target) []workflow.Text {
	if n.Step.Optional {
		return nil
	}
	var locks []string
	for i := range r.Definition().Stages {
		stage := &r.Definition().Stages[i]
		for _, before := range stage.After {
			if before == n.Stage.ID && r.Stages[stage.ID].Status != workflow.StageLocked {
				locks = append(locks, stage.Number)
			}
		}
	}
	if len(locks) == 0 {
		return nil
	}
	stages := "stage"
	if len(locks) > 1 {
		stages = "stages"
	}
	return []workflow.Text{workflow.Say("This locks %s %s again until it is done. What is done there stays done.", stages, joined(locks))}
}
