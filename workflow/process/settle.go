package process

import (
	"strconv"

	"cloudimage/workflow"
)

// settle fills in what a definition need not say: the numbers, which follow from
// the order, the team and short title of each step that does not name its own,
// the ladders, and which releases concern a listing.
func settle(def *workflow.Definition) {
	if len(def.Silence) == 0 {
		def.Silence = []workflow.Rung{
			{After: 2, Tell: workflow.ToChaser},
			{After: 3, Tell: workflow.ToStage},
			{After: 5, Tell: workflow.ToTeam, Team: def.Owner},
		}
	}
	if len(def.Lateness) == 0 {
		def.Lateness = []workflow.Rung{
			{After: 1, Tell: workflow.ToStage},
			{After: 3, Tell: workflow.ToOwner},
		}
	}
	if def.Subject == workflow.SubjectCatalyst && def.Releases.Concern == "" {
		def.Releases.Concern = workflow.HighestBranch
	}
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
