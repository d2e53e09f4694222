package commands

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
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
	if d.options.Images == nil && (what == buildPlan || what == buildOwn) {
		return Reply{}, d.noCloud()
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
	hand   []workflow.Node                       // by people, whether or not they have begun
	making []workflow.Node                       // being made in a cloud
}

// lanesOfRun sorts the open lanes of a run that do not wait for the partner. ByHand tells
// which of its builds people make.
func (d *Desk) lanesOfRun(r *workflow.Run, byHand map[string]bool) lanes {
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
		case isBeingBuilt(n) && !byHand[n.State.Build.ID]:
			out.making = append(out.making, n)
		case !isBeingBuilt(n) && d.options.Images.Builds(l.Provider):
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
	byHand, err := d.byHand(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	left := d.lanesOfRun(r, byHand)
	free := d.toTake(r, left.hand, req.User)
	page := &Page{Title: buildTitle("Build", r.Catalyst.Version)}
	only := workflow.Provider("")
	for _, p := range d.clouds() {
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
	if r.Catalyst == nil {
		return packageLines(nil, shown)
	}
	return packageLines(r.Catalyst.Packages, shown)
}

// packagesFor lists those that the image of an order can be made from; all, where none is
// known to be for it.
func packagesFor(r *workflow.Run, o *images.Order) workflow.Text {
	if r.Catalyst == nil {
		return packageLines(nil, whole)
	}
	own := slices.DeleteFunc(slices.Clone(r.Catalyst.Packages), func(p workflow.Package) bool {
		return p.Edition != o.Edition || p.Architecture != o.Architecture
	})
	if len(own) == 0 {
		own = r.Catalyst.Packages
	}
	return packageLines(own, whole)
}

func packageLines(list []workflow.Package, shown func(address string) string) workflow.Text {
	if len(list) == 0 {
		return workflow.Say("No package index is watched, so look up the package and its checksum yourself.")
	}
	out := workflow.Text{}
	for i, p := range list {
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
