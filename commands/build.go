package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file is how the images of a release come about: what can be made in a cloud
// that is connected is planned and made there, and people take the rest.

// What a target of build means. Behind a colon follows what it is about.
const (
	buildHand = "hand" // what people take
	buildPlan = "plan" // lanes that are made in a cloud
	buildOwn  = "own"  // an image that belongs to no run
)

// build shows what is left to build of a release, has it made where a cloud is
// connected, and gives the rest to who asks.
func (d *Desk) build(ctx context.Context, req Request) (Reply, error) {
	what, about, _ := strings.Cut(string(req.Target.Field), ":")
	if d.options.Images != nil && (what == buildOwn || what == "" && req.Values == nil && namesProvider(req.Text)) {
		return d.buildAlone(ctx, req, about)
	}
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	r, choose, err := d.catalystOf(ctx, req)
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	switch {
	case r.State != workflow.Running || len(r.OpenLanes()) == 0:
		return Reply{Text: workflow.Say("Nothing of %s is left to build.", r.Partner)}, nil
	case d.options.Images == nil || what == buildHand || what == "" && req.Values != nil:
		return d.takeOver(ctx, req, r)
	}
	needReason, err := d.mayBuild(r, req)
	if err != nil {
		return Reply{}, err
	}
	if what == buildPlan {
		return d.buildLanes(ctx, req, r, about, needReason)
	}
	return d.chooseWay(ctx, req, r, needReason)
}

// mayBuild refuses those who may not build for a run. NeedReason says that the person
// may as an admin, and was not asked yet why.
func (d *Desk) mayBuild(r *workflow.Run, req Request) (needReason bool, err error) {
	err = d.May(r, workflow.Ask{Who: req.User, Verb: workflow.VerbBuild, Reason: req.who().Reason})
	if _, asked := req.Values[workflow.FieldReason]; !asked && workflow.KindOf(err) == workflow.NeedReason {
		return true, nil
	}
	return false, err
}

// lanes are the listings of a run that are to get its image, by how they come to it.
type lanes struct {
	cloud  map[workflow.Provider][]workflow.Node // made in a cloud that is connected
	hand   []workflow.Node                       // by people
	making []workflow.Node                       // being made
}

// lanesOfRun sorts the open lanes of a run that do not wait for the partner.
func (d *Desk) lanesOfRun(r *workflow.Run) lanes {
	out := lanes{cloud: map[workflow.Provider][]workflow.Node{}}
	r.Walk(func(n workflow.Node) bool {
		if !n.Step.Publishes || n.Key.Listing == "" || n.State.Status != workflow.Open || n.State.Waiting != nil {
			return true
		}
		l, ok := r.Listing(n.Key.Listing)
		switch {
		case !ok:
		case d.options.Images == nil:
			out.hand = append(out.hand, n)
		case n.State.Build != nil && n.State.Build.Phase.Open():
			out.making = append(out.making, n)
		case d.options.Images.Builds(l.Provider):
			out.cloud[l.Provider] = append(out.cloud[l.Provider], n)
		default:
			out.hand = append(out.hand, n)
		}
		return true
	})
	return out
}

// laneNames are what people call the listings of lanes.
func laneNames(r *workflow.Run, lanes []workflow.Node) (out []workflow.Text) {
	for _, n := range lanes {
		if l, ok := r.Listing(n.Key.Listing); ok {
			out = append(out, workflow.Say("%s", r.ListingName(l)))
		}
	}
	return out
}

// chooseWay leads to the plan of a cloud, or to what people take; where there are
// several of them, by a choice.
func (d *Desk) chooseWay(ctx context.Context, req Request, r *workflow.Run, needReason bool) (Reply, error) {
	left := d.lanesOfRun(r)
	free := withoutOwn(left.hand, req.User)
	page := &Page{Title: buildTitle("Build", r.Catalyst.Version)}
	only := workflow.Provider("")
	for _, p := range d.options.Images.Providers() {
		if lanes := left.cloud[p]; len(lanes) > 0 {
			only = p
			page.Rows = append(page.Rows, row(workflow.Say("%s (%s): %s", workflow.Strong(p.Name()), count(len(lanes), "image", "images"), firstOf(laneNames(r, lanes), 8)),
				Button{Label: "Plan…", Verb: req.Verb, Primary: true, Target: Target{Run: r.ID, Field: workflow.FieldID(buildPlan + ":" + string(p)), Channel: cmp.Or(req.Target.Channel, req.Channel)}}))
		}
	}
	if len(free) > 0 {
		page.Rows = append(page.Rows, row(workflow.Say("%s (%d): %s", workflow.Strong("By hand"), len(free), firstOf(laneNames(r, free), 8)),
			Button{Label: "Take…", Verb: req.Verb, Target: Target{Run: r.ID, Field: buildHand, Channel: cmp.Or(req.Target.Channel, req.Channel)}}))
	}
	if len(left.making) > 0 {
		page.Foot = append(page.Foot, workflow.Say("Being built already: %s.", firstOf(laneNames(r, left.making), 8)))
	}
	switch {
	case len(page.Rows) == 0 && len(left.making) > 0:
		return Reply{Text: workflow.Say("All that can be built of %s is being built: %s.", r.Partner, firstOf(laneNames(r, left.making), 8)), Buttons: []Button{openRun(r.ID)}}, nil
	case len(page.Rows) == 1 && only != "":
		return d.buildLanes(ctx, req, r, string(only), needReason)
	case len(page.Rows) < 2:
		return d.takeOver(ctx, req, r)
	}
	return Reply{Page: page}, nil
}

func openRun(run workflow.RunID) Button {
	return Button{Label: "Open", Verb: "status", Target: Target{Run: run}}
}

// buildTitle is the title of a form about a version: "Build 17.5.1".
func buildTitle(what string, v workflow.Version) string {
	return cut(strings.TrimSpace(what+" "+v.String()), 24)
}

// takeOver shows what people build of a run, and gives it to who asks.
func (d *Desk) takeOver(ctx context.Context, req Request, r *workflow.Run) (Reply, error) {
	if req.Values == nil {
		needReason, err := d.mayBuild(r, req)
		if err != nil {
			return Reply{}, err
		}
		f := d.takeForm(r, withoutOwn(d.lanesOfRun(r).hand, req.User))
		if needReason && len(f.Fields) > 0 {
			f.Fields = append(f.Fields, overrideField())
		}
		return here(req, f), nil
	}
	chosen := req.Values[fieldListings]
	all := slices.Contains(chosen, everyLane)
	took := 0
	r, err := d.Service.Do(ctx, req.who(), r.ID, workflow.Ask{Verb: workflow.VerbBuild}, func(act workflow.Act, r *workflow.Run) error {
		took = 0
		for _, n := range withoutOwn(d.lanesOfRun(r).hand, req.User) {
			if free := n.State.Assignee == ""; all && !free || !all && !slices.Contains(chosen, optionValue(string(n.Key.Listing))) {
				continue
			}
			if err := r.Assign(act, n.Key, 0, req.User); err != nil {
				return err
			}
			took++
		}
		if took == 0 {
			return workflow.Fail(workflow.Conflict, "Nothing was left to take: somebody was quicker. Please look again.")
		}
		return nil
	})
	if err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: workflow.Say("%s of %s with you now. Mark each as done when customers can get it.", count(took, "listing", "listings"), withVerb(r.Partner, took))}, nil
}

func withVerb(name string, n int) workflow.Text {
	if n == 1 {
		return workflow.Say("%s is", name)
	}
	return workflow.Say("%s are", name)
}

// everyLane stands for all that nobody has, where it is more than a form can list.
const everyLane = "all"

// withoutOwn are the lanes that are not the person's already.
func withoutOwn(lanes []workflow.Node, who workflow.UserID) []workflow.Node {
	return slices.DeleteFunc(slices.Clone(lanes), func(n workflow.Node) bool { return n.State.Assignee == who })
}

func (d *Desk) takeForm(r *workflow.Run, left []workflow.Node) *Form {
	intro := workflow.Say("%s\nNo cloud is connected here, so images are built by hand, as the step's how-to says, from these packages:", workflow.Strong(r.Partner))
	if d.options.Images != nil {
		intro = workflow.Say("%s\nNo cloud of these is connected here, so their images are built by hand, as the step's how-to says, from these packages:", workflow.Strong(r.Partner))
	}
	f := &Form{Verb: string(workflow.VerbBuild), Title: "Build the rest", Submit: "Take them", Target: Target{Run: r.ID},
		Intro: []workflow.Text{intro, packagesText(r, whole)}}
	if len(left) == 0 {
		f.Submit = "Close"
		f.Intro = append(f.Intro, workflow.Say("What is left is yours already, or with the partner."))
		return f
	}
	checks := Field{ID: fieldListings, Label: "Take over", Kind: Checks}
	slices.SortStableFunc(left, func(a, b workflow.Node) int { // what nobody has comes first
		return cmp.Compare(min(len(a.State.Assignee), 1), min(len(b.State.Assignee), 1))
	})
	free := 0
	for _, n := range left {
		if n.State.Assignee == "" {
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
		if n.State.Assignee != "" {
			o.Note = "Somebody has it already"
		} else if len(left) <= mostChecks {
			checks.Initial = append(checks.Initial, o.Value)
		}
		checks.Options = append(checks.Options, o)
	}
	f.Fields = []Field{checks}
	return f
}

// mostChecks is how many boxes a field has.
const mostChecks = 10

// catalystOf is the run about a release that is meant: the one named, or the only one
// that is open.
func (d *Desk) catalystOf(ctx context.Context, req Request) (*workflow.Run, *Reply, error) {
	words := strings.TrimSpace(req.Text)
	if req.Target.Run != "" || words != "" {
		r, choose, err := d.runOf(ctx, req, words)
		if err == nil && r != nil && r.Catalyst == nil {
			err = workflow.Fail(workflow.Conflict, "%s is about no release. Its images are built in its own steps.", r.Name())
		}
		return r, choose, err
	}
	open, err := d.openReleases(ctx)
	if err != nil {
		return nil, nil, err
	}
	switch len(open) {
	case 0:
		return nil, &Reply{Text: workflow.Say("No release is being worked on. %s shows what is live where.", d.command("board"))}, nil
	case 1:
		return open[0], nil, nil
	}
	page := &Page{Title: "Which one?"}
	for _, r := range open {
		page.Rows = append(page.Rows, row(runLine(r), Button{Label: "Choose", Verb: req.Verb, Target: Target{Run: r.ID}}))
	}
	return nil, &Reply{Page: page}, nil
}

// openReleases are the runs about a release that are worked on.
func (d *Desk) openReleases(ctx context.Context) ([]*workflow.Run, error) {
	open, err := d.Open(ctx, openRuns)
	return slices.DeleteFunc(open, func(r *workflow.Run) bool { return r.Catalyst == nil || r.State != workflow.Running }), err
}

// whole leaves the address of a package as it is.
func whole(address string) string { return address }

// packagesText lists what the images are made from, and says of each address what shown
// leaves of it.
func packagesText(r *workflow.Run, shown func(address string) string) workflow.Text {
	if r.Catalyst == nil || len(r.Catalyst.Packages) == 0 {
		return workflow.Say("No package index is watched, so look up the package and its checksum yourself.")
	}
	out := workflow.Text{}
	for i, p := range r.Catalyst.Packages {
		if i == 12 {
			out.Format += "\n…"
			break
		}
		if i > 0 {
			out.Format += "\n"
		}
		out.Format += "• %s %s %s: %s\n   sha256 %s"
		out.Args = append(out.Args, p.Edition, p.Distribution, p.Architecture, shown(p.URL), p.SHA256)
	}
	return out
}
