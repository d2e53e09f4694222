package process

import (
	"strconv"

	"cloudimage/workflow"
)

// settle fills in what follows from the order of a definition: the numbers, and
// the team and short title of each step that does not name its own.
func settle(def *workflow.Definition) {
	for i := range def.Stages {
		stage := &def.Stages[i]
		stage.Number = strconv.Itoa(i + 1)
		settleSteps(stage.Steps, stage.Number, stage.Team)
	}
}

func settleSteps(steps []workflow.Step, number string, team workflow.TeamID) {
	for i := range steps {
		s := &steps[i]
		s.Number = number + "." + strconv.Itoa(i+1)
		if s.Team == "" {
			s.Team = team
		}
		if s.Short == "" {
			s.Short = s.Title
		}
		settleSteps(s.Steps, s.Number, s.Team)
	}
}
