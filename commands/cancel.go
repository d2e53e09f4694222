package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// cancel ends a run, or declines a proposal.
func (d *Desk) cancel(ctx context.Context, req Request) (Reply, error) {
	who := req.who()
	if text := strings.TrimSpace(req.Text); req.Target.Run == "" && text != "" {
		r, rest, err := d.runAndRest(ctx, text)
		if err != nil {
			return Reply{}, err
		}
		if r != nil {
			req.Target.Run, who.Reason = r.ID, rest
		}
	}
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	ask := workflow.Ask{Who: req.User, Verb: workflow.VerbCancel}
	if req.Values == nil && who.Reason == "" {
		if err := d.May(r, ask); err != nil && workflow.KindOf(err) != workflow.NeedReason {
			return Reply{}, err
		}
		// What the state forbids is said before anyone writes a reason.
		if err := r.Clone().Cancel(workflow.Act{At: d.Now()}); workflow.KindOf(err) == workflow.Conflict {
			return Reply{}, err
		}
		return Reply{Form: cancelForm(r)}, nil
	}
	r, err = d.Service.Do(ctx, who, r.ID, ask, func(act workflow.Act, r *workflow.Run) error {
		return r.Cancel(act)
	})
	if err != nil {
		return Reply{}, err
	}
	return Reply{Text: workflow.Say("%s (%s) has ended.", r.Partner, r.Name())}, nil
}

func cancelForm(r *workflow.Run) *Form {
	f := &Form{Verb: "cancel", Target: Target{Run: r.ID}}
	if r.State == workflow.Proposed {
		f.Title, f.Submit = "Decline", "Decline"
		f.Intro = []workflow.Text{workflow.Say("%s\n%s proposed it, and will read your reason.", workflow.Strong(r.Partner), r.Opener)}
		f.Fields = []Field{reasonField("Why is it declined?")}
		return f
	}
	f.Title, f.Submit = "Cancel run", "Cancel the run"
	f.Intro = []workflow.Text{workflow.Say("%s\nNo step can be done any more; the history stays. Listings that are live stay live.", workflow.Strong(r.Partner))}
	f.Fields = []Field{reasonField("Why does it end?")}
	return f
}
