package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// leadField begins the fields of the people form that hold a team's lead.
const leadField string = "lead-"

// people shows and changes the owner of a run and who leads for each team.
func (d *Desk) people(ctx context.Context, req Request) (Reply, error) {
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	ask := workflow.Ask{Who: req.User, Verb: workflow.VerbOwner}
	if req.Values == nil {
		err := d.May(r, ask)
		if err != nil && workflow.KindOf(err) != workflow.NeedReason {
			return Reply{}, err
		}
		return Reply{Form: peopleForm(r, err != nil)}, nil
	}
	for id := range req.Values {
		if who := req.Values.User(id); who != "" && id != workflow.FieldReason {
			if err := d.FitFor(ctx, who, id); err != nil {
				return Reply{}, err
			}
		}
	}
	r, err = d.Service.Do(ctx, req.who(), r.ID, ask, func(act workflow.Act, r *workflow.Run) error {
		return setPeople(act, r, req.Values)
	})
	if err != nil {
		return Reply{}, err
	}
	return Reply{Text: workflow.Say("%s is owned by %s.", r.Partner, r.Owner)}, nil
}

func setPeople(act workflow.Act, r *workflow.Run, v Values) error {
	if to := v.User(workflow.FieldOwner); to != "" && to != r.Owner {
		if err := r.SetOwner(act, to); err != nil {
			return err
		}
	}
	for _, t := range r.Definition().Teams {
		if to := v.User(workflow.FieldID(leadField + string(t.ID))); to != "" {
			if err := r.SetLead(act, t.ID, to); err != nil {
				return err
			}
		}
	}
	return nil
}

func peopleForm(r *workflow.Run, needReason bool) *Form {
	f := &Form{Verb: "people", Target: Target{Run: r.ID}, Title: "People and dates", Submit: "Save",
		Intro: []workflow.Text{workflow.Say("%s\nA step is with its assignee, else with the person who leads for its team. Dates belong to the steps: choose Update a step on the card.", workflow.Strong(r.Partner))}}
	if r.State != workflow.Proposed { // whoever accepts it will own it
		f.Fields = append(f.Fields, Field{ID: workflow.FieldOwner, Label: "Project owner", Kind: Person, Initial: user(r.Owner)})
	}
	for _, t := range r.Definition().Teams {
		f.Fields = append(f.Fields, Field{ID: workflow.FieldID(leadField + string(t.ID)), Label: t.Name, Hint: t.Does, Kind: Person, Optional: true, Initial: user(r.Leads[t.ID])})
	}
	if needReason {
		f.Fields = append(f.Fields, overrideField())
	}
	return f
}
