package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// howTo is how a step is done: its standard, text and links, with the address
// the process was first written with beside today's.
func (d *Desk) howTo(ctx context.Context, req Request) (Reply, error) {
	step, def, provider, reply, err := d.described(ctx, req)
	if err != nil || reply != nil {
		return orEmpty(reply), err
	}
	page := &Page{Title: "How-to " + step.Number}
	page.Rows = append(page.Rows, row(workflow.Say("%s\n%s", workflow.Strong(step.Title), def.TeamName(step.Team))))
	if step.Standard != "" {
		page.Rows = append(page.Rows, row(workflow.Say("Done means: %s", step.Standard)))
	}
	for parts := []*workflow.Step{step}; len(parts) > 0; parts = parts[1:] {
		for _, g := range parts[0].Guides {
			if g.Provider == "" || provider == "" || g.Provider == provider {
				page.Rows = append(page.Rows, guideRows(guideTitle(step, parts[0], g, provider), g)...)
			}
		}
		for i := range parts[0].Steps {
			parts = append(parts, &parts[0].Steps[i])
		}
	}
	if len(page.Rows) <= 2 {
		page.Rows = append(page.Rows, row(workflow.Say("There is no how-to for this step. Whoever does it is welcome to write one into the process.")))
	}
	if _, stage, ok := def.Step(step.ID); ok {
		page.Foot = append(page.Foot, workflow.Say("Stage %s, %s", stage.Number, stage.Title))
	}
	return Reply{Page: page}, nil
}

// described is the step whose how-to is asked for, in the process it is part of:
// of a run, whose provider narrows it, or of a process that is only read.
func (d *Desk) described(ctx context.Context, req Request) (step *workflow.Step, def *workflow.Definition, provider workflow.Provider, reply *Reply, err error) {
	if name := req.Target.Process; name != "" {
		def, ok := d.Service.Process(name)
		if !ok {
			return nil, nil, "", nil, workflow.Fail(workflow.NotFound, "There is no such process any more.")
		}
		step, _, ok := def.Step(req.Target.Step.Step)
		if !ok {
			return nil, nil, "", nil, workflow.Fail(workflow.NotFound, "There is no such step any more.")
		}
		return step, def, "", nil, nil
	}
	r, n, choose, err := d.stepOf(ctx, req)
	switch {
	case err != nil || choose != nil:
		return nil, nil, "", choose, err
	case n.Step == nil:
		page, err := d.process(ctx, Request{User: req.User, Target: Target{Process: r.Process}})
		return nil, nil, "", &page, err
	}
	return n.Step, r.Definition(), r.Provider, nil, nil
}

// guideTitle says what a guide is about, as far as the page does not: the part
// of the step, and the provider while any may be meant.
func guideTitle(page, part *workflow.Step, g workflow.Guide, known workflow.Provider) string {
	var words []string
	if part != page {
		words = append(words, part.Title)
	}
	switch {
	case g.Provider == "" || known != "":
	case g.Provider == workflow.Manual:
		words = append(words, "other partners")
	default:
		words = append(words, g.Provider.Name())
	}
	return strings.Join(words, ", ")
}

func guideRows(title string, g workflow.Guide) []Row {
	text := workflow.Say("%s", g.Text)
	if title != "" {
		text = workflow.Say("%s\n%s", workflow.Strong(title), g.Text)
	}
	out := []Row{row(text)}
	for _, l := range g.Links {
		text := workflow.Say("%s", l.Title)
		if l.Seed != "" && l.Seed != l.URL {
			text = workflow.Say("%s\nfirst written as %s", text, l.Seed)
		}
		out = append(out, row(text, Button{Label: "Open", URL: l.URL}))
	}
	return out
}
