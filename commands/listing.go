package commands

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// What a button about listings does, as a target's field; behind a colon follows
// which listing.
const (
	listingAdd    = "add"
	listingImport = "import"
	listingExport = "export"
	listingShow   = "show"
	listingEdit   = "edit"
	listingTexts  = "texts"
	listingRetire = "retire"
)

// listingsOnPage is how many listings a page of the catalogue has.
const listingsOnPage = 12

func listingField(what string, id workflow.ListingID) workflow.FieldID {
	return workflow.FieldID(what + ":" + string(id))
}

// about is what a button or form about listings acts on, and where that is told of.
func about(req Request, what workflow.FieldID) Target {
	return Target{Field: what, Channel: cmp.Or(req.Target.Channel, req.Channel)}
}

// decides reports whether the person has a say in releases and listings: who has none
// is offered no buttons for that.
func (d *Desk) decides(ctx context.Context, req Request) bool {
	return d.options.Maintenance.MayDecide(ctx, req.User) == nil
}

// listing shows, adds, changes, imports and exports what is in the catalogue.
func (d *Desk) listing(ctx context.Context, req Request) (Reply, error) {
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	what, id, _ := strings.Cut(string(req.Target.Field), ":")
	if req.Typed() {
		word, rest, _ := strings.Cut(strings.TrimSpace(req.Text), " ")
		switch strings.ToLower(word) {
		case listingAdd, listingImport, listingExport:
			what = strings.ToLower(word)
		case "":
			return d.catalogue(ctx, req, 0)
		default:
			return d.listingNamed(ctx, req, strings.TrimSpace(word+" "+rest))
		}
	}
	switch what {
	case listingAdd:
		return d.listingAdd(ctx, req)
	case listingImport:
		return d.listingImport(ctx, req)
	case listingExport:
		return d.listingExport(ctx)
	case listingEdit, listingTexts, listingRetire:
		return d.listingChange(ctx, req, what, workflow.ListingID(id))
	case listingShow:
		return d.listingShow(ctx, req, workflow.ListingID(id))
	}
	_, page := pageMark(req.Target.Field)
	return d.catalogue(ctx, req, page)
}

// listingNamed shows the listing that words name, or those that fit.
func (d *Desk) listingNamed(ctx context.Context, req Request, words string) (Reply, error) {
	b, err := d.options.Maintenance.Board(ctx, maintenance.ParseFilter(cut(words, mostWords)))
	if err != nil {
		return Reply{}, err
	}
	switch len(b.Rows) {
	case 0:
		return d.retiredNamed(ctx, req, cut(words, mostWords))
	case 1:
		return d.listingShow(ctx, req, b.Rows[0].Listing.ID)
	}
	return d.board(ctx, Request{Target: Target{Field: pageField(words, 0)}})
}

// retiredNamed shows the retired listing that words name: the board has none of them.
func (d *Desk) retiredNamed(ctx context.Context, req Request, words string) (Reply, error) {
	all, err := d.options.Maintenance.Catalogue(ctx)
	if err != nil {
		return Reply{}, err
	}
	all = slices.DeleteFunc(all, func(l workflow.Listed) bool {
		return l.Retired.IsZero() || !strings.Contains(strings.ToLower(l.FullName()), strings.ToLower(words))
	})
	if len(all) != 1 {
		return Reply{}, workflow.Fail(workflow.NotFound, "No listing is called “%s”. %s lists them.", words, d.command("listing"))
	}
	return d.listingShow(ctx, req, all[0].ID)
}

// catalogue lists all listings.
func (d *Desk) catalogue(ctx context.Context, req Request, page int) (Reply, error) {
	all, err := d.options.Maintenance.Catalogue(ctx)
	if err != nil {
		return Reply{}, err
	}
	out := &Page{Title: "Listings"}
	head := Row{}
	decides := d.decides(ctx, req)
	if decides {
		head.Buttons = append(head.Buttons, Button{Label: "Add…", Verb: "listing", Target: about(req, listingAdd)})
	}
	if decides && d.options.ReadListings != nil {
		head.Buttons = append(head.Buttons, Button{Label: "Import…", Verb: "listing", Target: about(req, listingImport)})
	}
	if len(all) > 0 {
		if d.options.WriteListings != nil {
			head.Buttons = append(head.Buttons, Button{Label: "Export", Verb: "listing", Target: about(req, listingExport)})
		}
		head.Buttons = append(head.Buttons, Button{Label: "Board", Verb: "board"})
	}
	if len(head.Buttons) > 0 {
		out.Rows = append(out.Rows, head)
	}
	page, first, last := paged(len(all), page, listingsOnPage)
	for _, l := range all[first:last] {
		out.Rows = append(out.Rows, row(listedLine(l), Button{Label: "Open", Verb: "listing", Target: about(req, listingField(listingShow, l.ID))}))
	}
	if len(all) == 0 {
		out.Rows = append(out.Rows, row(workflow.Say("No listing is in the catalogue yet. One comes into it when a partnership goes live.")))
	}
	turn := Row{}
	if first > 0 {
		turn.Buttons = append(turn.Buttons, Button{Label: "Back", Verb: "listing", Target: about(req, pageField("page", page-1))})
	}
	if last < len(all) {
		turn.Buttons = append(turn.Buttons, Button{Label: "More", Verb: "listing", Target: about(req, pageField("page", page+1))})
	}
	if len(turn.Buttons) > 0 {
		out.Rows = append(out.Rows, turn)
	}
	return Reply{Page: out}, nil
}

// listedLine is a listing in two lines.
func listedLine(l workflow.Listed) workflow.Text {
	line := workflow.Say("%s", workflow.Strong(l.FullName()))
	switch {
	case !l.Retired.IsZero():
		line = workflow.Say("%s\nretired since %s", line, l.Retired)
	case !l.Maintained():
		line = workflow.Say("%s\nno image maintenance needed: %s", line, lowerFirst(workflow.NoMaintenance))
	case l.Published.IsZero():
		line = workflow.Say("%s\nnobody has said which version is live", line)
	default:
		line = workflow.Say("%s\n%s, live since %s", line, l.Published.String(), l.At)
	}
	if l.Branch != (workflow.Branch{}) {
		line = workflow.Say("%s, follows %s", line, l.Branch.String())
	}
	return line
}

// listingShow tells all that is known of a listing.
func (d *Desk) listingShow(ctx context.Context, req Request, id workflow.ListingID) (Reply, error) {
	l, err := d.options.Maintenance.Listed(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	past, err := d.options.Maintenance.Publications(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	text := listedLine(l)
	say := func(name, value string) {
		if value != "" {
			text = workflow.Say("%s\n%s: %s", text, name, value)
		}
	}
	say("Provider", l.Provider.Name())
	say("Product", l.Product)
	say("Pricing", l.Pricing)
	say("Link", l.Link)
	var regions []string
	for _, r := range l.Regions {
		if regions = append(regions, r.Name); !r.Version.IsZero() {
			regions[len(regions)-1] += " (" + r.Version.String() + ")"
		}
	}
	say("Regions", strings.Join(regions, ", "))
	for _, t := range d.options.Maintenance.Teams() {
		if t.ID == l.Maintainer {
			say("Maintained by", t.Name)
		}
	}
	out := &Page{Title: "Listing"}
	head := row(text)
	if d.decides(ctx, req) {
		head.Buttons = append(head.Buttons, Button{Label: "Edit…", Verb: "listing", Target: about(req, listingField(listingEdit, id))},
			Button{Label: "Texts…", Verb: "listing", Target: about(req, listingField(listingTexts, id))})
		if l.Retired.IsZero() {
			head.Buttons = append(head.Buttons, Button{Label: "Retire…", Verb: "listing", Danger: true, Target: about(req, listingField(listingRetire, id))})
		}
	}
	head.Buttons = append(head.Buttons, Button{Label: "All listings", Verb: "listing", Target: about(req, "")})
	out.Rows = append(out.Rows, head)
	limits := workflow.LimitsOf(l.Provider)
	for _, t := range []struct {
		name, text string
		most       int
	}{{"Title", l.Texts.Title, limits.Title}, {"Short description", l.Texts.Short, limits.Short}, {"Description", l.Texts.Long, limits.Long}} {
		if t.text != "" {
			out.Rows = append(out.Rows, row(workflow.Say("%s (%d of %d characters)\n%s", workflow.Strong(t.name), len([]rune(t.text)), t.most, cut(t.text, 1500))))
		}
	}
	if len(past) > 0 {
		lines := workflow.Say("%s", workflow.Strong("Versions that went live"))
		for i, p := range past {
			if i == 8 {
				lines = workflow.Say("%s\nand %d before", lines, len(past)-i)
				break
			}
			version := p.Version.String()
			if version == "" {
				version = "a version that nobody named"
			}
			lines = workflow.Say("%s\n%s since %s", lines, version, p.At)
			if p.By != "" {
				lines = workflow.Say("%s, as %s said", lines, p.By)
			}
		}
		out.Rows = append(out.Rows, row(lines))
	}
	return Reply{Page: out}, nil
}

// listingAdd asks for a listing, and adds it.
func (d *Desk) listingAdd(ctx context.Context, req Request) (Reply, error) {
	if req.Values == nil {
		if err := d.options.Maintenance.MayDecide(ctx, req.User); err != nil {
			return Reply{}, err
		}
		return Reply{Form: &Form{Verb: "listing", Title: "Add a listing", Submit: "Add", Target: about(req, listingAdd),
			Intro:  []workflow.Text{workflow.Say("A listing that is live on a partner's marketplace. What a partnership launches comes here by itself.")},
			Fields: append(d.whichListing(), d.aboutListing(workflow.Listed{})...)}}, nil
	}
	v := req.Values
	l := workflow.Listed{Channel: req.Target.Channel, Listing: workflow.Listing{
		Partner: strings.TrimSpace(v.One(workflow.FieldPartner)), Edition: v.One(workflow.FieldEdition), Provider: workflow.Provider(v.One(workflow.FieldProvider)),
		Delivery: workflow.Delivery(v.One(workflow.FieldDelivery)), Architecture: strings.TrimSpace(v.One(workflow.FieldArchitecture)),
	}}
	if err := fillListed(&l, v); err != nil {
		return Reply{}, err
	}
	added, err := d.options.Maintenance.Add(ctx, req.who(), []workflow.Listed{l})
	if err != nil {
		return Reply{}, err
	}
	if added == 0 {
		return Reply{Tell: true, Text: workflow.Say("%s was there already, and is changed.", l.FullName())}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("%s is in the catalogue. %s shows how it stands.", l.FullName(), d.command("board"))}, nil
}

// listingChange asks what is to be another way, and changes it.
func (d *Desk) listingChange(ctx context.Context, req Request, what string, id workflow.ListingID) (Reply, error) {
	m := d.options.Maintenance
	if req.Values == nil {
		if err := m.MayDecide(ctx, req.User); err != nil {
			return Reply{}, err
		}
		l, err := m.Listed(ctx, id)
		if err != nil {
			return Reply{}, err
		}
		return here(req, d.listingForm(what, l)), nil
	}
	v := req.Values
	given := workflow.Listed{}
	if what == listingEdit {
		if err := fillListed(&given, v); err != nil {
			return Reply{}, err
		}
	}
	now := d.Now()
	name := ""
	err := m.Change(ctx, req.who(), id, req.Target.Version, func(l *workflow.Listed) {
		name = l.FullName()
		switch what {
		case listingEdit:
			l.Product, l.Link, l.Pricing, l.Maintainer, l.Branch = given.Product, given.Link, given.Pricing, given.Maintainer, given.Branch
			if _, asked := v[workflow.FieldRegions]; asked {
				l.Regions = given.Regions
			}
			if given.Published != l.Published {
				l.Published, l.At = given.Published, now
			}
			l.Retired = workflow.Listed{}.Retired
		case listingTexts:
			for id, text := range map[workflow.FieldID]*string{workflow.FieldTitle: &l.Texts.Title, workflow.FieldShort: &l.Texts.Short, workflow.FieldLong: &l.Texts.Long} {
				if _, asked := v[id]; asked {
					*text = strings.TrimSpace(v.One(id))
				}
			}
		case listingRetire:
			l.Retired = now
		}
	})
	if err != nil {
		return Reply{}, err
	}
	if what == listingRetire {
		return Reply{Tell: true, Text: workflow.Say("%s is retired: releases are no work for it any more. Editing it brings it back.", name)}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("%s is changed.", name)}, nil
}
