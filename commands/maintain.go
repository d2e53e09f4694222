package commands

import (
	"context"
	"fmt"
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
