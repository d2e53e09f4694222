package commands

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cloudimage/workflow"
)

// process lets people read the process itself, so that the bot can replace the
// page it came from.
func (d *Desk) process(_ context.Context, req Request) (Reply, error) {
	name := req.Target.Process
	if name == "" {
		name = workflow.ProcessName(strings.TrimSpace(req.Text))
	}
	if name == "" {
		name = d.options.Default
	}
	def, ok := d.Service.Process(name)
	if !ok {
		return Reply{}, workflow.Fail(workflow.NotFound, "There is no process “%s”. %s shows the one partnerships start with.", string(name), d.command("process"))
	}
	page := &Page{Title: cut(def.Title, 24)}
	page.Rows = append(page.Rows, row(workflow.Say("%s", def.Goal)))
	if def.Standard != "" {
		page.Rows = append(page.Rows, row(workflow.Say("%s\n%s", workflow.Strong("Done means"), def.Standard)))
	}
	for i := range def.Stages {
		page.Rows = append(page.Rows, stageRows(def, &def.Stages[i])...)
	}
	others := Row{}
	for _, p := range d.sorted() {
		if p.Name != name && len(others.Buttons) < 5 {
			others.Buttons = append(others.Buttons, Button{Label: cut(p.Title, 30), Verb: "process", Target: Target{Process: p.Name}})
		}
	}
	if len(others.Buttons) > 0 {
		page.Rows = append(page.Rows, others)
	}
	return Reply{Page: page}, nil
}

// sorted are the processes by name.
func (d *Desk) sorted() []*workflow.Definition {
	out := slices.Collect(maps.Values(d.Processes()))
	slices.SortFunc(out, func(a, b *workflow.Definition) int { return strings.Compare(string(a.Name), string(b.Name)) })
	return out
}

func stageRows(def *workflow.Definition, stage *workflow.Stage) []Row {
	out := []Row{heading("%s. %s", stage.Number, stage.Title)}
	intro := workflow.Say("%s", def.TeamName(stage.Team))
	if stage.Role != "" {
		intro = workflow.Say("%s %s", capital(stage.Role), def.TeamName(stage.Team))
	}
	for i, id := range stage.After {
		before, _ := def.StageByID(id)
		join := "%s, after stage %s is complete"
		if i > 0 {
			join = "%s and stage %s"
		}
		intro = workflow.Say(join, intro, before.Number)
	}
	if stage.Standard != "" {
		intro = workflow.Say("%s\nDone means: %s", intro, stage.Standard)
	}
	out = append(out, row(intro))
	for i := range stage.Steps {
		s := &stage.Steps[i]
		line := workflow.Say("%s %s", s.Number, s.Title)
		if s.Optional {
			line = workflow.Say("%s (optional)", line)
		}
		if s.PerListing {
			line = workflow.Say("%s (for each listing)", line)
		}
		if s.Standard != "" {
			line = workflow.Say("%s\nDone means: %s", line, s.Standard)
		}
		for j := range s.Steps {
			line = workflow.Say("%s\n• %s %s", line, s.Steps[j].Number, s.Steps[j].Title)
		}
		out = append(out, row(line, Button{Label: "How-to", Verb: "howto", Target: Target{Process: def.Name, Step: workflow.StepKey{Step: s.ID}}}))
	}
	return out
}

// capital begins a line.
func capital(s string) string {
	c, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(c)) + s[size:]
}
