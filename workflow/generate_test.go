package workflow_test

import (
	"fmt"

	"pgregory.net/rapid"

	"cloudimage/workflow"
)

// generator makes processes such as a loader accepts: any order of stages and
// steps that does not wait for itself, lanes, groups, optional steps, actions,
// and steps done by themselves.
type generator struct {
	*rapid.T
	def     *workflow.Definition
	steps   int
	fields  int
	agreed  bool                // a step gives the agreed launch date
	before  map[string][]string // moments that come before a moment, to keep needs free of loops
	targets []target            // what a step may need
	needy   []needy             // steps that may need something
}

// target is a step that can be needed, and the facts it surely gives.
type target struct {
	step  workflow.StepID
	lane  workflow.StepID // the per-listing step it is, or is part of
	bare  bool            // it has a key without a listing
	facts []workflow.FactName
}

type needy struct {
	step *workflow.Step
	lane workflow.StepID
}

// anyProcess draws a process.
func anyProcess(t *rapid.T) *workflow.Definition {
	g := &generator{T: t, before: map[string][]string{}, def: &workflow.Definition{
		Name: "drawn", Title: "Drawn", Subject: workflow.SubjectPartnership, Owner: sp, Teams: teams(), Hash: "drawn", Resources: resources(),
	}}
	if g.chance(3, "of a catalyst") {
		g.def.Subject = workflow.SubjectCatalyst
		g.def.Promise = workflow.Promise{Days: rapid.IntRange(0, 3).Draw(t, "promise"), Security: rapid.IntRange(0, 1).Draw(t, "security")}
	}
	g.def.Silence = g.ladder(workflow.ToChaser)
	g.def.Lateness = g.ladder(workflow.ToOwner)
	for i := range rapid.IntRange(1, 4).Draw(t, "stages") {
		g.def.Stages = append(g.def.Stages, g.stage(i))
	}
	g.tracked()
	g.launchDays()
	g.collect()
	for _, n := range g.needy {
		g.needs(n)
	}
	settleDefinition(g.def)
	return g.def
}

func (g *generator) stage(i int) workflow.Stage {
	s := workflow.Stage{ID: workflow.StageID(fmt.Sprintf("stage%d", i+1)), Title: fmt.Sprintf("Stage %d", i+1), Team: g.team(), Due: g.due()}
	for _, earlier := range g.def.Stages {
		if g.chance(2, "stage after") {
			s.After = append(s.After, earlier.ID)
			g.before["open "+string(s.ID)] = append(g.before["open "+string(s.ID)], "closed "+string(earlier.ID))
		}
	}
	for j := range rapid.IntRange(1, 4).Draw(g.T, "steps") {
		step := g.step()
		switch {
		case j > 0 && g.chance(4, "optional"):
			step.Optional = true
			if g.chance(2, "asks") {
				step.Question, step.AskTeam = "Wanted?", g.team()
			}
		case g.chance(3, "per listing"):
			step.PerListing = true
		case len(step.Steps) == 0 && g.chance(4, "done when"):
			step.DoneWhen = workflow.AssignedAndDue
			step.Evidence = []workflow.Field{
				{ID: workflow.FieldAssignee, Type: workflow.Person},
				{ID: workflow.FieldDue, Type: workflow.DateField},
				{ID: "remark", Type: workflow.LongText, Optional: true},
			}
		}
		step.After = g.after(s.Steps)
		if !step.PerListing && step.DoneWhen == workflow.Never {
			g.agree(step.Evidence)
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}

// agree lets the first date that is asked for be the agreed launch date.
func (g *generator) agree(fields []workflow.Field) {
	for i := range fields {
		if !g.agreed && fields[i].Type == workflow.DateField {
			fields[i].Fact, g.agreed = workflow.FactLaunchAgreed, true
		}
	}
}

func (g *generator) step() workflow.Step {
	step := g.leaf()
	if !g.chance(3, "has parts") {
		return step
	}
	step.Evidence = nil
	for i := range rapid.IntRange(1, 3).Draw(g.T, "parts") {
		sub := g.leaf()
		if i > 0 && g.chance(4, "action") {
			sub.When, sub.Due, sub.Evidence = workflow.Waiting, workflow.Due{}, nil
		} else {
			sub.After = g.after(step.Steps)
		}
		step.Steps = append(step.Steps, sub)
	}
	return step
}

func (g *generator) leaf() workflow.Step {
	g.steps++
	id := fmt.Sprintf("s%d", g.steps)
	step := workflow.Step{ID: workflow.StepID(id), Title: "Step " + id, Due: g.due()}
	if g.chance(3, "own team") {
		step.Team = g.team()
	}
	for range rapid.IntRange(0, 2).Draw(g.T, "fields") {
		step.Evidence = append(step.Evidence, g.field())
	}
	return step
}

func (g *generator) field() workflow.Field {
	g.fields++
	f := workflow.Field{
		ID: workflow.FieldID(fmt.Sprintf("f%d", g.fields)),
		Type: rapid.SampledFrom([]workflow.FieldType{
			workflow.ShortText, workflow.LongText, workflow.URL, workflow.URLs, workflow.DateField,
			workflow.Person, workflow.Number, workflow.Choice, workflow.VaultItem,
		}).Draw(g.T, "type"),
		Optional: g.chance(4, "optional field"),
	}
	if f.Type == workflow.Choice {
		f.Options = []string{"one", "other"}
	}
	if g.chance(2, "fact") {
		f.Fact = workflow.FactName("of-" + f.ID)
	}
	return f
}

// after draws steps beside that come first: none that is an action or optional.
func (g *generator) after(beside []workflow.Step) (out []workflow.StepID) {
	for i := range beside {
		if s := &beside[i]; !s.IsAction() && !s.Optional && g.chance(4, "after") {
			out = append(out, s.ID)
		}
	}
	return out
}

func (g *generator) team() workflow.TeamID {
	return rapid.SampledFrom([]workflow.TeamID{sp, om, pm}).Draw(g.T, "team")
}

func (g *generator) due() workflow.Due {
	days := rapid.IntRange(1, 20).Draw(g.T, "due")
	switch catalyst := g.def.Subject == workflow.SubjectCatalyst; {
	case days%4 == 0:
		return workflow.Due{AfterOpen: days}
	case days%4 == 1 && catalyst:
		return workflow.Due{AfterCatalyst: days, Security: days % 3}
	case days%4 == 1:
		return workflow.Due{BeforeLaunch: days}
	case days%4 == 2 && !catalyst:
		return workflow.Due{OnLaunch: true}
	}
	return workflow.Due{}
}

// ladder draws whom to tell, and after how long.
func (g *generator) ladder(first workflow.Role) (out []workflow.Rung) {
	after := 0
	for i := range rapid.IntRange(1, 4).Draw(g.T, "rungs") {
		after += rapid.IntRange(1, 4).Draw(g.T, "after")
		rung := workflow.Rung{After: after, Tell: first}
		if i > 0 {
			rung.Tell = rapid.SampledFrom([]workflow.Role{workflow.ToStage, workflow.ToOwner, workflow.ToTeam}).Draw(g.T, "tell")
		}
		if rung.Tell == workflow.ToTeam {
			rung.Team = g.team()
		}
		out = append(out, rung)
	}
	return out
}

// launchDays gives some steps something to be done on the day of the launch.
func (g *generator) launchDays() {
	if g.def.Subject == workflow.SubjectCatalyst {
		return
	}
	var visit func(steps []workflow.Step)
	visit = func(steps []workflow.Step) {
		for i := range steps {
			if s := &steps[i]; len(s.Steps) == 0 && !s.IsAction() && s.DoneWhen == workflow.Never && g.chance(4, "launch day") {
				s.LaunchDay = "Publish it"
			}
			visit(steps[i].Steps)
		}
	}
	for i := range g.def.Stages {
		visit(g.def.Stages[i].Steps)
	}
}

// chance is true once in n draws.
func (g *generator) chance(n int, what string) bool {
	return rapid.IntRange(1, n).Draw(g.T, what) == n
}

// collect notes what comes before what, and what can be needed by whom.
func (g *generator) collect() {
	for i := range g.def.Stages {
		stage := &g.def.Stages[i]
		g.note("closed "+string(stage.ID), "open "+string(stage.ID))
		for j := range stage.Steps {
			s := &stage.Steps[j]
			g.collectStep(s, "open "+string(stage.ID), "", false)
			if !s.Optional {
				g.note("closed "+string(stage.ID), "closed "+string(s.ID))
			}
		}
	}
}

func (g *generator) collectStep(s *workflow.Step, within string, lane workflow.StepID, optional bool) {
	optional = optional || s.Optional
	if s.PerListing {
		lane = s.ID
	}
	opened, closed := "open "+string(s.ID), "closed "+string(s.ID)
	g.note(opened, within)
	g.note(closed, opened)
	for _, id := range s.After {
		g.note(opened, "closed "+string(id))
	}
	for _, sub := range s.Substeps() {
		g.collectStep(sub, opened, lane, optional)
		g.note(closed, "closed "+string(sub.ID))
	}
	if len(s.Substeps()) == 0 && s.DoneWhen == workflow.Never {
		g.needy = append(g.needy, needy{s, lane})
	}
	if optional {
		return // nothing can need what may never be done
	}
	to := target{step: s.ID, lane: lane, bare: lane == "" || s.PerListing}
	for _, f := range s.Evidence {
		if f.Fact != "" && !f.Optional && len(s.Substeps()) == 0 {
			to.facts = append(to.facts, f.Fact)
		}
	}
	g.targets = append(g.targets, to)
}

// needs draws what must be true before a step is done.
func (g *generator) needs(n needy) {
	if !g.chance(3, "needs") {
		return
	}
	to := rapid.SampledFrom(g.targets).Draw(g.T, "needed")
	if to.step == n.step.ID || g.comesBefore("closed "+string(to.step), "closed "+string(n.step.ID)) {
		return // it would wait for itself
	}
	switch {
	case len(to.facts) > 0 && (to.lane == "" || n.lane != ""):
		n.step.Needs = append(n.step.Needs, workflow.Need{Fact: to.facts[0]})
	case to.bare || to.lane == n.lane:
		n.step.Needs = append(n.step.Needs, workflow.Need{Step: to.step})
	default:
		return
	}
	g.note("closed "+string(n.step.ID), "closed "+string(to.step))
}

// note remembers that a moment comes after another.
func (g *generator) note(later, earlier string) {
	g.before[later] = append(g.before[later], earlier)
}

// comesBefore reports whether the one moment must pass before the other.
func (g *generator) comesBefore(later, earlier string) bool {
	seen := map[string]bool{later: true}
	for queue := []string{later}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == earlier {
			return true
		}
		for _, m := range g.before[queue[0]] {
			if !seen[m] {
				seen[m] = true
				queue = append(queue, m)
			}
		}
	}
	return false
}
