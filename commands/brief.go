package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// brief is what a run knows: the things every run keeps, and what its steps have
// learned. Private evidence is no part of it.
func (d *Desk) brief(ctx context.Context, req Request) (Reply, error) {
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	page := &Page{Title: "Brief and links", Rows: []Row{row(runLine(r))}}
	for _, res := range r.Definition().Resources {
		page.Rows = append(page.Rows, d.resourceRow(ctx, r, res, req.User))
	}
	var known []Row
	r.Walk(func(n workflow.Node) bool {
		if n.State.Status != workflow.Done {
			return true
		}
		for _, f := range n.Step.Evidence {
			if v := n.State.Evidence[f.ID]; v != "" && !f.Private {
				known = append(known, factRow(workflow.Say("%s\n%s", workflow.Strong(f.Label), r.StepName(n)), shown(f, v)))
			}
		}
		return true
	})
	if len(known) > 0 {
		page.Rows = append(append(page.Rows, heading("What the steps say")), known...)
	}
	return Reply{Page: page}, nil
}

// resourceRow is one of the things a run keeps elsewhere, or who is to say where
// it is.
func (d *Desk) resourceRow(ctx context.Context, r *workflow.Run, res workflow.Resource, who workflow.UserID) Row {
	title := workflow.Say("%s", workflow.Strong(res.Title))
	if res.URL != "" {
		return factRow(title, res.URL)
	}
	if v := r.Fact(res.Fact, ""); v != "" {
		return factRow(title, v)
	}
	out := row(workflow.Say("%s\nnot known yet: %s", title, res.Text))
	if lead := r.Leads[res.Ask]; lead != "" {
		out.Text = workflow.Say("%s\nnot known yet. Ask %s.", title, lead)
	}
	if d.mayTell(ctx, r, res, who) == nil {
		out.Buttons = []Button{{Label: "Tell…", Verb: string(workflow.VerbResource), Target: Target{Run: r.ID, Field: workflow.FieldID(res.Fact)}}}
	}
	return out
}

// factRow is a fact, with a button when it is a link.
func factRow(title workflow.Text, value any) Row {
	v, ok := value.(string)
	if ok && !strings.ContainsAny(v, " \n") && strings.Contains(v, "://") {
		return row(workflow.Say("%s\n%s", title, v), Button{Label: "Open", URL: v})
	}
	if ok {
		value = cut(v, 1500)
	}
	return row(workflow.Say("%s\n%s", title, value))
}

// shown is an answer as people read it: a person as a mention, a date as a date.
func shown(f workflow.Field, value string) any {
	switch f.Type {
	case workflow.Person:
		return workflow.UserID(value)
	case workflow.DateField:
		return workflow.Date(value)
	}
	return value
}
