package commands

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// resources asks where the things of a run are that no step asks for, or not yet.
// A button carries which one.
func (d *Desk) resources(ctx context.Context, req Request) (Reply, error) {
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	if req.Values != nil {
		return d.tell(ctx, req, r)
	}
	form := &Form{Verb: string(workflow.VerbResource), Title: "Links of " + r.Name(), Submit: "Save",
		Target: Target{Run: r.ID, Field: req.Target.Field, Channel: cmp.Or(req.Target.Channel, req.Channel)},
		Intro:  []workflow.Text{workflow.Say("%s\nWhere things are, never what is secret: passwords and keys stay in the vault.", workflow.Strong(r.Partner))}}
	var refusal error
	needReason := false
	for _, res := range r.Definition().Resources {
		f, ok := r.Definition().ResourceField(res)
		if !ok || req.Target.Field != "" && req.Target.Field != f.ID {
			continue
		}
		err := d.mayTell(ctx, r, res, req.User)
		if err != nil && workflow.KindOf(err) != workflow.NeedReason {
			refusal = cmp.Or(refusal, err)
			continue
		}
		form.Fields, needReason = append(form.Fields, resourceField(r, res, f)), needReason || err != nil
	}
	if needReason {
		form.Fields = append(form.Fields, overrideField())
	}
	switch {
	case len(form.Fields) == 0 && refusal != nil:
		return Reply{}, refusal
	case len(form.Fields) == 0:
		return Reply{Text: workflow.Say("%s keeps nothing that is said by hand.", r.Partner)}, nil
	}
	return Reply{Form: form}, nil
}

// mayTell refuses those who have no say in where a thing is; it asks an admin why.
func (d *Desk) mayTell(ctx context.Context, r *workflow.Run, res workflow.Resource, who workflow.UserID) error {
	if _, ok := r.Definition().ResourceField(res); !ok {
		return workflow.Fail(workflow.Conflict, "A step gives that.")
	}
	if res.Ask != "" {
		return d.MaySetFact(ctx, who, res.Fact)
	}
	if r.State == workflow.Cancelled {
		return workflow.Fail(workflow.Conflict, "%s was cancelled, so nothing of it is changed any more.", r.Name())
	}
	return d.May(r, workflow.Ask{Who: who, Verb: workflow.VerbResource})
}

func resourceField(r *workflow.Run, res workflow.Resource, f workflow.Field) Field {
	out := evidenceField(f, r.Fact(res.Fact, ""))
	if out.Hint == "" {
		out.Hint = res.Text
	}
	if res.Ask != "" {
		out.Hint = joinHints(out.Hint, "For every run.")
	}
	return out
}

// tell keeps what was said.
func (d *Desk) tell(ctx context.Context, req Request, r *workflow.Run) (Reply, error) {
	var own, shared []workflow.Resource
	for _, res := range r.Definition().Resources {
		given, asked := req.Values[workflow.FieldID(res.Fact)]
		_, ok := r.Definition().ResourceField(res)
		if !asked || !ok || strings.TrimSpace(strings.Join(given, "")) == r.Fact(res.Fact, "") {
			continue
		}
		if res.Ask != "" {
			shared = append(shared, res)
		} else {
			own = append(own, res)
		}
	}
	value := func(res workflow.Resource) string { return req.Values.One(workflow.FieldID(res.Fact)) }
	if len(own) > 0 {
		_, err := d.Service.Do(ctx, req.who(), r.ID, workflow.Ask{Verb: workflow.VerbResource}, func(act workflow.Act, r *workflow.Run) error {
			for _, res := range own {
				if err := r.SetResource(act, res.Fact, value(res)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return Reply{}, err
		}
	}
	for _, res := range shared {
		who := req.who()
		who.Request += workflow.RequestID(":" + string(res.Fact)) // the run was changed by the other
		if err := d.SetFact(ctx, who, res.Fact, value(res)); err != nil {
			return Reply{}, err
		}
	}
	var names []workflow.Text
	for _, res := range slices.Concat(own, shared) {
		names = append(names, workflow.Say("%s", res.Title))
	}
	if len(names) == 0 {
		return Reply{Text: workflow.Say("Nothing was changed.")}, nil
	}
	return Reply{Tell: req.Target.Channel != "", Text: workflow.Say("Kept for %s: %s.", r.Partner, listed(names))}, nil
}
