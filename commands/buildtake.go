package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file is how people take images that no cloud makes. What they take is a build as
// well, which asks them for one thing after the other.

// isBeingBuilt reports whether a lane has a build that has not come to its end.
func isBeingBuilt(n workflow.Node) bool {
	return n.State.Build != nil && n.State.Build.Phase.Open()
}

// byHand are the open builds of a run that people make.
func (d *Desk) byHand(ctx context.Context, r *workflow.Run) (map[string]bool, error) {
	if d.options.Images == nil {
		return nil, nil
	}
	open, err := d.options.Images.BuildsOpen(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, b := range open {
		if b.Order.ByHand && b.Order.Run == r.ID {
			out[string(b.ID)] = true
		}
	}
	return out, nil
}

// follows reports whether what people take of a run becomes a build. Where nobody signs,
// nothing could be handed in.
func (d *Desk) follows(r *workflow.Run) bool {
	return d.options.Images != nil && r.NeedsSignature()
}

// toTake are the lanes that a person may take: those that are not theirs, and those that
// are and have not begun.
func (d *Desk) toTake(r *workflow.Run, lanes []workflow.Node, who workflow.UserID) []workflow.Node {
	return slices.DeleteFunc(slices.Clone(lanes), func(n workflow.Node) bool {
		return n.State.Assignee == who && (isBeingBuilt(n) || !d.follows(r))
	})
}

// takeOver shows what people build of a run, and gives it to who asks.
func (d *Desk) takeOver(ctx context.Context, req Request, r *workflow.Run) (Reply, error) {
	byHand, err := d.byHand(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	if req.Values == nil {
		needReason, err := d.mayBuild(r, req)
		if err != nil {
			return Reply{}, err
		}
		f := d.takeForm(r, req.User, d.toTake(r, d.lanesOfRun(r, byHand).hand, req.User))
		if needReason && len(f.Fields) > 0 {
			f.Fields = append(f.Fields, overrideField())
		}
		return here(req, f), nil
	}
	chosen := req.Values[fieldListings]
	all := slices.Contains(chosen, everyLane)
	var took []workflow.StepKey
	r, err = d.Service.Do(ctx, req.who(), r.ID, workflow.Ask{Verb: workflow.VerbBuild}, func(act workflow.Act, r *workflow.Run) error {
		took = nil
		for _, n := range d.toTake(r, d.lanesOfRun(r, byHand).hand, req.User) {
			if free := n.State.Assignee == ""; all && !free || !all && !slices.Contains(chosen, optionValue(string(n.Key.Listing))) {
				continue
			}
			if n.State.Assignee != req.User {
				if err := r.Assign(act, n.Key, 0, req.User); err != nil {
					return err
				}
			}
			took = append(took, n.Key)
		}
		if len(took) == 0 {
			return workflow.Fail(workflow.Conflict, "Nothing was left to take: somebody was quicker. Please look again.")
		}
		return nil
	})
	if err != nil {
		return Reply{}, err
	}
	if took == nil { // by this request, when it came before
		for _, n := range d.lanesOfRun(r, byHand).hand {
			if n.State.Assignee == req.User && (all || slices.Contains(chosen, optionValue(string(n.Key.Listing)))) {
				took = append(took, n.Key)
			}
		}
	}
	with := workflow.Say("%s of %s with you now.", count(len(took), "listing", "listings"), withVerb(r.Partner, len(took)))
	follows, err := d.startByHand(ctx, req, r, took)
	switch {
	case err != nil:
		with = workflow.Say("%s They could not be set going: %s Take them again in a while, or mark each as done when customers can get it.", with, whyNot(err))
	case follows:
		with = workflow.Say("%s Start with the image; the thread of %s asks for what comes next.", with, r.Partner)
	default:
		with = workflow.Say("%s Mark each as done when customers can get it.", with)
	}
	return Reply{Tell: true, Text: with}, nil
}

// startByHand starts builds for what a person has taken, unless one is open. It reports
// whether they are followed by builds.
func (d *Desk) startByHand(ctx context.Context, req Request, r *workflow.Run, took []workflow.StepKey) (bool, error) {
	if !d.follows(r) {
		return false, nil
	}
	var wants []images.Want
	for _, key := range took {
		if n, ok := r.Node(key); ok && !isBeingBuilt(n) {
			wants = append(wants, images.Want{Run: r.ID, Lane: key})
		}
	}
	if len(wants) == 0 {
		return true, nil
	}
	plan, err := d.options.Images.PlanByHand(ctx, wants)
	if err != nil {
		return true, err
	}
	who := req.who()
	who.Request += ", by hand" // the request itself has given them to the person
	_, err = d.options.Images.Start(ctx, who, plan, r.Channel)
	return true, err
}

// whyNot is why something could not be done, in a sentence.
func whyNot(err error) workflow.Text {
	if e, ok := errors.AsType[*workflow.Error](err); ok {
		return e.Message
	}
	return workflow.Say("that could not be kept.")
}

func withVerb(name string, n int) workflow.Text {
	if n == 1 {
		return workflow.Say("%s is", name)
	}
	return workflow.Say("%s are", name)
}

// everyLane stands for all that nobody has, where it is more than a form can list.
const everyLane = "all"

// takeForm shows what people build of a run, from which packages, and whose it is.
func (d *Desk) takeForm(r *workflow.Run, who workflow.UserID, left []workflow.Node) *Form {
	intro := workflow.Say("%s\nNo cloud is connected here, so images are built by hand, as the step's how-to says, from these packages:", workflow.Strong(r.Partner))
	if len(d.clouds()) > 0 {
		intro = workflow.Say("%s\nNo cloud of these is connected here, so their images are built by hand, as the step's how-to says, from these packages:", workflow.Strong(r.Partner))
	}
	f := &Form{Verb: string(workflow.VerbBuild), Title: "Build the rest", Submit: "Take them", Target: Target{Run: r.ID},
		Intro: []workflow.Text{intro, packagesText(r, whole)}}
	if len(left) == 0 {
		f.Submit = "Close"
		f.Intro = append(f.Intro, workflow.Say("What is left is yours already, or with the partner."))
		return f
	}
	if d.follows(r) {
		f.Intro = append(f.Intro, workflow.Say("The thread asks whoever has one for the image, for a look at it, and after the signatures for handing it in."))
	}
	checks := Field{ID: fieldListings, Label: "Take over", Kind: Checks}
	rank := func(n workflow.Node) int { // what nobody has comes first
		switch n.State.Assignee {
		case "":
			return 0
		case who:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(left, func(a, b workflow.Node) int { return cmp.Compare(rank(a), rank(b)) })
	free := 0
	for _, n := range left {
		if rank(n) == 0 {
			free++
		}
	}
	if len(left) > mostChecks && free > 0 {
		checks.Options = append(checks.Options, Option{Value: everyLane, Label: fmt.Sprintf("All %d that nobody has", free)})
		checks.Initial = []string{everyLane}
	}
	for _, n := range left {
		if len(checks.Options) == mostChecks {
			break
		}
		l, _ := r.Listing(n.Key.Listing)
		o := Option{Value: optionValue(string(n.Key.Listing)), Label: cut(r.ListingName(l), 75)}
		switch rank(n) {
		case 1:
			o.Note = "Yours already, and not begun"
		case 2:
			o.Note = "Somebody has it already"
		}
		if rank(n) < 2 && len(left) <= mostChecks {
			checks.Initial = append(checks.Initial, o.Value)
		}
		checks.Options = append(checks.Options, o)
	}
	f.Fields = []Field{checks}
	return f
}

// mostChecks is how many boxes a field has.
const mostChecks = 10
