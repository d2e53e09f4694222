package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// findRun is what the button carries that asks for a name.
const findRun workflow.FieldID = "find"

// status shows a run's card. Without words it lists what runs, if that is more
// than one.
func (d *Desk) status(ctx context.Context, req Request) (Reply, error) {
	if req.Target.Field == findRun && req.Values == nil {
		return Reply{Form: &Form{Verb: "status", Target: Target{Field: findRun}, Title: "Find", Submit: "Find",
			Fields: []Field{{ID: workflow.FieldText, Label: "Partner or run", Hint: "Part of the name, or a number such as R-17.", Kind: Text, MaxLength: 80}}}}, nil
	}
	if words := req.Values.One(workflow.FieldText); words != "" {
		req.Text = words
	}
	if req.Target.Run == "" && strings.TrimSpace(req.Text) == "" {
		return d.list(ctx)
	}
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	return Reply{Run: r}, nil
}

func (d *Desk) list(ctx context.Context) (Reply, error) {
	runs, err := d.Open(ctx, openRuns)
	if err != nil {
		return Reply{}, err
	}
	switch len(runs) {
	case 0:
		return *d.nothingRuns(), nil
	case 1:
		return Reply{Run: runs[0]}, nil
	}
	page := &Page{Title: "Partnerships", Brief: len(runs) <= 15}
	for _, r := range runs {
		page.Rows = append(page.Rows, row(runLine(r), Button{Label: "Open", Verb: "status", Target: Target{Run: r.ID}}))
	}
	return Reply{Page: page}, nil
}
