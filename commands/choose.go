package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// choose does a step by the one answer that it needs, where its process offers that
// for a click.
func (d *Desk) choose(ctx context.Context, req Request) (Reply, error) {
	if req.Target.Run == "" {
		return Reply{}, workflow.Fail(workflow.NotFound, "That is for the buttons of a step. %s lists what is yours.", d.command("mine"))
	}
	r, err := d.Run(ctx, req.Target.Run)
	if err != nil {
		return Reply{}, err
	}
	n, ok := r.Node(req.Target.Step)
	if !ok {
		return Reply{}, noStep(r)
	}
	field, ok := n.Step.Quick()
	if !ok {
		return d.Do(ctx, Request{ID: req.ID, User: req.User, Channel: req.Channel, Verb: string(workflow.VerbDone), Target: req.Target})
	}
	r, err = d.Service.Do(ctx, req.who(), r.ID, workflow.Ask{Verb: workflow.VerbDone, Step: n.Key}, func(act workflow.Act, r *workflow.Run) error {
		return r.Done(act, n.Key, req.Target.Version, map[workflow.FieldID]string{field.ID: field.Quick})
	})
	if workflow.KindOf(err) == workflow.NeedReason {
		return d.Do(ctx, Request{ID: req.ID, User: req.User, Channel: req.Channel, Verb: string(workflow.VerbDone), Target: req.Target})
	}
	if err != nil {
		return Reply{}, err
	}
	return Reply{Text: workflow.Say("%s: %s.", r.StepName(n), lowerFirst(strings.TrimSuffix(field.Quick, ".")))}, nil
}
