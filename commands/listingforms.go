package commands

import (
	"fmt"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file is the forms about listings.

// whichListing asks what a listing is; that stays for ever.
func (d *Desk) whichListing() []Field {
	var editions []Option
	for _, e := range d.options.Editions {
		editions = append(editions, Option{Value: e, Label: e})
	}
	return []Field{
		{ID: workflow.FieldPartner, Label: "Partner", Hint: "On whose marketplace it is, such as AWS or DigitalOcean.", Kind: Text, MaxLength: 80},
		{ID: workflow.FieldProvider, Label: "Provider", Kind: Radio, Options: []Option{
			{Value: string(workflow.AWS), Label: "AWS"}, {Value: string(workflow.Azure), Label: "Azure"}, {Value: string(workflow.Manual), Label: "Other", Note: "People upload the image; I follow"}}},
		{ID: workflow.FieldEdition, Label: "Edition", Kind: Select, Options: editions},
		{ID: workflow.FieldDelivery, Label: "What it delivers", Kind: Radio, Initial: []string{string(workflow.Image)}, Options: []Option{
			{Value: string(workflow.Image), Label: "An image"}, {Value: string(workflow.OmnibusPackage), Label: "The Omnibus package", Note: "Needs no maintenance for version or security updates"}}},
		{ID: workflow.FieldArchitecture, Label: "Architecture", Hint: "Such as arm64, where there are several.", Kind: Text, Optional: true, MaxLength: 60},
	}
}

// aboutListing asks what is known of a listing.
func (d *Desk) aboutListing(l workflow.Listed) []Field {
	text := func(id workflow.FieldID, label, hint, initial string, kind FieldKind) Field {
		f := Field{ID: id, Label: label, Hint: hint, Kind: kind, Optional: true}
		if initial != "" {
			f.Initial = []string{initial}
		}
		return f
	}
	var regions []string
	for _, r := range l.Regions {
		line := r.Name
		if !r.Version.IsZero() {
			line += "=" + r.Version.String()
		}
		regions = append(regions, line)
	}
	branch := ""
	if l.Branch != (workflow.Branch{}) {
		branch = l.Branch.String()
	}
	fields := []Field{
		text(workflow.FieldVersion, "Version that is live", "Such as 17.5.1.", l.Published.String(), Text),
		text(workflow.FieldProduct, "Product id", "The marketplace's, such as prod-abc123.", l.Product, Text),
		text(workflow.FieldLink, "Link on the marketplace", "", l.Link, Link),
		text(workflow.FieldPricing, "Pricing model", "Such as BYOL.", l.Pricing, Text),
		text(workflow.FieldRegions, "Regions", "One to a line; one that is behind as us-east-1=17.5.0.", strings.Join(regions, "\n"), LongText),
		text(workflow.FieldBranch, "Follows a minor version", "Such as 17.5; else it follows what the process says.", branch, Text),
	}
	if teams := d.options.Maintenance.Teams(); len(teams) > 0 {
		f := Field{ID: workflow.FieldMaintainer, Label: "Maintained by", Kind: Select, Optional: true}
		for _, t := range teams {
			f.Options = append(f.Options, Option{Value: string(t.ID), Label: t.Name})
		}
		if l.Maintainer != "" {
			f.Initial = []string{string(l.Maintainer)}
		}
		fields = append(fields, f)
	}
	return fields
}

// fillListed reads the answers of aboutListing.
func fillListed(l *workflow.Listed, v Values) error {
	bad := map[workflow.FieldID]workflow.Text{}
	l.Product, l.Link, l.Pricing = strings.TrimSpace(v.One(workflow.FieldProduct)), strings.TrimSpace(v.One(workflow.FieldLink)), strings.TrimSpace(v.One(workflow.FieldPricing))
	l.Maintainer = workflow.TeamID(v.One(workflow.FieldMaintainer))
	l.Published, l.Branch, l.Regions = workflow.Version{}, workflow.Branch{}, nil
	ok := true
	if s := strings.TrimSpace(v.One(workflow.FieldVersion)); s != "" {
		if l.Published, ok = workflow.ParseVersion(s); !ok {
			bad[workflow.FieldVersion] = workflow.Say("Write a released version, such as 17.5.1.")
		}
	}
	if s := strings.TrimSpace(v.One(workflow.FieldBranch)); s != "" {
		if l.Branch, ok = workflow.ParseBranch(s); !ok {
			bad[workflow.FieldBranch] = workflow.Say("Write a minor version, such as 17.5.")
		}
	}
	for _, line := range strings.FieldsFunc(v.One(workflow.FieldRegions), func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		name, version, has := strings.Cut(strings.TrimSpace(line), "=")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		r := workflow.Region{Name: name}
		if has {
			if r.Version, ok = workflow.ParseVersion(strings.TrimSpace(version)); !ok {
				bad[workflow.FieldRegions] = workflow.Say("“%s” is no released version. Write a region that is behind as us-east-1=17.5.0.", cut(version, 40))
			}
		}
		if slices.ContainsFunc(l.Regions, func(o workflow.Region) bool { return o.Name == r.Name }) {
			bad[workflow.FieldRegions] = workflow.Say("%s is there twice.", cut(r.Name, 60))
		}
		l.Regions = append(l.Regions, r)
	}
	if len(bad) > 0 {
		return &workflow.Error{Kind: workflow.Invalid, Message: workflow.Say("Some answers need another look."), Fields: bad}
	}
	return nil
}

func (d *Desk) listingForm(what string, l workflow.Listed) *Form {
	f := &Form{Verb: "listing", Title: "Listing", Submit: "Save", Target: Target{Field: listingField(what, l.ID), Version: l.Revision},
		Intro: []workflow.Text{workflow.Say("%s", workflow.Strong(l.FullName()))}}
	switch what {
	case listingEdit:
		f.Fields = d.aboutListing(l)
		f.leaveOutLong()
	case listingTexts:
		limits := workflow.LimitsOf(l.Provider)
		for _, t := range []struct {
			id    workflow.FieldID
			label string
			text  string
			most  int
			kind  FieldKind
		}{{workflow.FieldTitle, "Title", l.Texts.Title, limits.Title, Text}, {workflow.FieldShort, "Short description", l.Texts.Short, limits.Short, LongText}, {workflow.FieldLong, "Description", l.Texts.Long, limits.Long, LongText}} {
			field := Field{ID: t.id, Label: t.label, Kind: t.kind, Optional: true, MaxLength: min(t.most, 3000), Hint: fmt.Sprintf("%s takes %d characters.", l.Provider.Name(), t.most)}
			if t.text != "" {
				field.Initial = []string{t.text}
			}
			f.Fields = append(f.Fields, field)
		}
		f.leaveOutLong()
	case listingRetire:
		f.Title, f.Submit = "Retire a listing", "Retire"
		f.Intro = append(f.Intro, workflow.Say("It was taken off the marketplace. Releases are no work for it any more; what it had stays in the reports."))
	}
	return f
}
