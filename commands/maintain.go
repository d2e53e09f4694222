package commands

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// maintain starts work on an image alone: the same version again.
func (d *Desk) maintain(ctx context.Context, req Request) (Reply, error) {
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	groups, err := d.fixable(ctx, maintenance.ParseFilter(req.Text))
	if err != nil {
		return Reply{}, err
	}
	if req.Values == nil {
		if len(groups) == 0 {
			return Reply{Text: workflow.Say("No listing with an image and a known version is in the catalogue. %s lists what there is.", d.command("listing"))}, nil
		}
		return here(req, maintainForm(req, groups)), nil
	}
	i := slices.IndexFunc(groups, func(g fixGroup) bool { return optionValue(g.value) == req.Values.One(fieldListings) })
	if i < 0 {
		return Reply{}, wrong(fieldListings, workflow.Say("Those listings have changed meanwhile. Please choose again."))
	}
	because := strings.TrimSpace(req.Values.One(workflow.FieldReason))
	if because == "" {
		return Reply{}, wrong(workflow.FieldReason, workflow.Say("Say what is wrong with the image."))
	}
	if err := checkReason(because, mostBecause); err != nil {
		return Reply{}, err
	}
	kind := workflow.CatalystFix
	if req.Values.One(fieldKind) == string(workflow.CatalystSecurity) {
		kind = workflow.CatalystSecurity
	}
	r, err := d.options.Maintenance.Fix(ctx, req.who(), groups[i].ids, because, kind, req.Target.Channel)
	if err != nil {
		return Reply{}, err
	}
	if r.State == workflow.Proposed {
		return Reply{Tell: true, Text: workflow.Say("A fix of the image of %s is proposed as %s; %s decides.", r.Partner, r.Name(), r.Definition().TeamName(r.Definition().Owner))}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("A fix of the image of %s has started as %s, live by %s.", r.Partner, r.Name(), r.Promise), Buttons: []Button{{Label: "Open", Verb: "status", Target: Target{Run: r.ID}}}}, nil
}

// fixGroup is some listings with one version.
type fixGroup struct {
	value, label string
	ids          []workflow.ListingID
}

// fixable are the groups of listings whose image can be fixed: all of a version, those
// of a partner, and each.
func (d *Desk) fixable(ctx context.Context, f maintenance.Filter) ([]fixGroup, error) {
	b, err := d.options.Maintenance.Board(ctx, f)
	if err != nil {
		return nil, err
	}
	var out []fixGroup
	add := func(value, label string, id workflow.ListingID) {
		i := slices.IndexFunc(out, func(g fixGroup) bool { return g.value == value })
		if i < 0 {
			out = append(out, fixGroup{value: value, label: label})
			i = len(out) - 1
		}
		out[i].ids = append(out[i].ids, id)
	}
	for _, level := range []int{0, 1, 2} {
		for _, r := range b.Rows {
			l := r.Listing
			if !l.Maintained() || l.Published.IsZero() {
				continue
			}
			v := l.Published.String()
			switch level {
			case 0:
				add("v:"+v, "All with "+v, l.ID)
			case 1:
				add("p:"+v+":"+l.Partner, l.Partner+", "+v, l.ID)
			case 2:
				add("l:"+string(l.ID)+":"+v, l.FullName()+", "+v, l.ID)
			}
		}
	}
	out = slices.DeleteFunc(out, func(g fixGroup) bool { return len(g.ids) == 1 && !strings.HasPrefix(g.value, "l:") })
	for i := range out {
		if n := len(out[i].ids); n > 1 {
			out[i].label += fmt.Sprintf(" (%d listings)", n)
		}
	}
	return out, nil
}

const (
	// mostGroups is how many groups of listings a menu has.
	mostGroups = 100
	// mostBecause is how many characters somebody may say of what is wrong.
	mostBecause = 500
)

func maintainForm(req Request, groups []fixGroup) *Form {
	f := &Form{Verb: "maintain", Title: "Fix an image", Submit: "Open the work", Target: Target{Channel: req.Channel},
		Intro: []workflow.Text{workflow.Say("The same version again, because the image is wrong. A new version comes by itself, or by telling of the release.")},
		Fields: []Field{
			{ID: fieldListings, Label: "Listings", Kind: Select},
			{ID: workflow.FieldReason, Label: "What is wrong with it?", Kind: LongText, MaxLength: mostBecause},
			{ID: fieldKind, Label: "How urgent", Kind: Radio, Initial: []string{string(workflow.CatalystFix)}, Options: []Option{
				{Value: string(workflow.CatalystFix), Label: "As a release"}, {Value: string(workflow.CatalystSecurity), Label: "As a security update", Note: "It has the shorter clock"}}},
		}}
	if len(groups) > mostGroups {
		f.Intro = append(f.Intro, workflow.Say("There are %d more than fit here. Words after the command narrow them.", len(groups)-mostGroups))
	}
	for _, g := range groups[:min(len(groups), mostGroups)] {
		f.Fields[0].Options = append(f.Fields[0].Options, Option{Value: optionValue(g.value), Label: cut(g.label, 75)})
	}
	return f
}

// build shows what is left to build, and gives it to who asks.
func (d *Desk) build(ctx context.Context, req Request) (Reply, error) {
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	r, choose, err := d.catalystOf(ctx, req)
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	left := buildable(r, req.User)
	switch {
	case r.State != workflow.Running || len(r.OpenLanes()) == 0:
		return Reply{Text: workflow.Say("Nothing of %s is left to build.", r.Partner)}, nil
	case req.Values == nil:
		if err := d.May(r, workflow.Ask{Who: req.User, Verb: workflow.VerbBuild}); err != nil && workflow.KindOf(err) != workflow.NeedReason {
			return Reply{}, err
		}
		return here(req, buildForm(r, left)), nil
	}
	chosen := req.Values[fieldListings]
	all := slices.Contains(chosen, everyLane)
	took := 0
	r, err = d.Service.Do(ctx, req.who(), r.ID, workflow.Ask{Verb: workflow.VerbBuild}, func(act workflow.Act, r *workflow.Run) error {
		took = 0
		for _, n := range buildable(r, req.User) {
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
	open, err := d.Open(ctx, openRuns)
	if err != nil {
		return nil, nil, err
	}
	open = slices.DeleteFunc(open, func(r *workflow.Run) bool { return r.Catalyst == nil || r.State != workflow.Running })
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

// buildable are the lanes of a run that the person can take: open, theirs not yet, and
// not with the partner.
func buildable(r *workflow.Run, who workflow.UserID) (out []workflow.Node) {
	r.Walk(func(n workflow.Node) bool {
		if n.Step.Publishes && n.Key.Listing != "" && n.State.Status == workflow.Open && n.State.Waiting == nil && n.State.Assignee != who {
			out = append(out, n)
		}
		return true
	})
	return out
}

func buildForm(r *workflow.Run, left []workflow.Node) *Form {
	f := &Form{Verb: string(workflow.VerbBuild), Title: "Build the rest", Submit: "Take them", Target: Target{Run: r.ID},
		Intro: []workflow.Text{workflow.Say("%s\nNo cloud is connected here, so images are built by hand, as the step's how-to says, from these packages:", workflow.Strong(r.Partner)), packagesText(r, whole)}}
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
	if len(left) > 10 && free > 0 {
		checks.Options = append(checks.Options, Option{Value: everyLane, Label: fmt.Sprintf("All %d that nobody has", free)})
		checks.Initial = []string{everyLane}
	}
	for _, n := range left {
		if len(checks.Options) == 10 {
			break
		}
		l, _ := r.Listing(n.Key.Listing)
		o := Option{Value: optionValue(string(n.Key.Listing)), Label: cut(r.ListingName(l), 75)}
		if n.State.Assignee != "" {
			o.Note = "Somebody has it already"
		} else if len(left) <= 10 {
			checks.Initial = append(checks.Initial, o.Value)
		}
		checks.Options = append(checks.Options, o)
	}
	f.Fields = []Field{checks}
	return f
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

// sign shows what goes live, and signs it.
func (d *Desk) sign(ctx context.Context, req Request) (Reply, error) {
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	r, choose, err := d.catalystOf(ctx, req)
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	if req.Values == nil {
		if err := d.May(r, workflow.Ask{Who: req.User, Verb: workflow.VerbSign}); err != nil {
			return Reply{}, err
		}
		signed, missing := r.Signatures()
		if missing == 0 || r.State != workflow.Running {
			return Reply{Text: workflow.Say("%s has all its signatures.", r.Partner)}, nil
		}
		for _, s := range signed {
			if s.User == req.User {
				return Reply{}, workflow.Fail(workflow.Conflict, "You have signed %s already, %s. The other signature is for somebody else to give.", r.Name(), s.At)
			}
		}
		return here(req, signForm(r, signed, missing)), nil
	}
	r, err = d.Service.Do(ctx, req.who(), r.ID, workflow.Ask{Verb: workflow.VerbSign}, func(act workflow.Act, r *workflow.Run) error {
		return r.Sign(act, string(req.Target.Field))
	})
	if err != nil {
		return Reply{}, err
	}
	if _, missing := r.Signatures(); missing > 0 {
		if next := r.NextSigner(); next != "" {
			return Reply{Tell: true, Text: workflow.Say("You have signed. %s is missing; %s is asked.", count(missing, "signature", "signatures"), next)}, nil
		}
		return Reply{Tell: true, Text: workflow.Say("You have signed. %s is missing, and I know nobody else who could: %s.", count(missing, "signature", "signatures"), d.signers(r))}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("You have signed, and all signatures are there: it may go live.")}, nil
}

// signers says whose people may sign.
func (d *Desk) signers(r *workflow.Run) workflow.Text {
	out := workflow.Say("it has to be somebody else of")
	for i, t := range r.SignTeams() {
		if i > 0 {
			out = workflow.Say("%s or", out)
		}
		name := r.Definition().TeamName(t)
		name.Group = d.Roster(r.Definition()).Teams[t].Group
		out = workflow.Say("%s %s", out, name)
	}
	return out
}

func signForm(r *workflow.Run, signed []workflow.Signature, missing int) *Form {
	var names []string
	for i := range r.Listings {
		names = append(names, r.ListingName(&r.Listings[i]))
	}
	shown := strings.Join(names[:min(len(names), 12)], ", ")
	if len(names) > 12 {
		shown += fmt.Sprintf(" and %d more", len(names)-12)
	}
	f := &Form{Verb: string(workflow.VerbSign), Title: "Review and sign", Submit: "Sign", Target: Target{Run: r.ID, Field: workflow.FieldID(r.SignPlan())},
		Intro: []workflow.Text{workflow.Say("%s goes live in %s: %s.", workflow.Strong(r.Partner), count(len(r.Listings), "listing", "listings"), shown)}}
	for _, s := range signed {
		f.Intro = append(f.Intro, workflow.Say("%s signed %s.", s.User, s.At))
	}
	f.Intro = append(f.Intro,
		workflow.Say("%s missing. A signature lapses when the version, a package or the listings change.", count(missing, "signature is", "signatures are")),
		packagesText(r, path.Base))
	if r.Lapsed() {
		f.Intro = append(f.Intro, workflow.Say("What was signed before is not what goes live now, so that does not count any more."))
	}
	return f
}
