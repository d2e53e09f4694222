package commands

import (
	"context"
	"strconv"

	"cloudimage/workflow"
)

// This file takes many listings at once, and gives them all.

// listingImport takes many listings from pasted text.
func (d *Desk) listingImport(ctx context.Context, req Request) (Reply, error) {
	if d.options.ReadListings == nil {
		return Reply{}, workflow.Fail(workflow.NotFound, "Listings cannot be imported here.")
	}
	if err := d.options.Maintenance.MayDecide(ctx, req.User); err != nil {
		return Reply{}, err
	}
	if req.Values == nil {
		return Reply{Form: &Form{Verb: "listing", Title: "Import listings", Submit: "Import", Target: about(req, listingImport),
			Intro:  []workflow.Text{workflow.Say("Paste YAML or CSV. Listings that are there already are changed, and what a line leaves out stays. All of it is taken, or nothing.")},
			Fields: []Field{{ID: workflow.FieldText, Label: "Listings", Kind: LongText, Hint: "A CSV begins with a line of names: partner,provider,edition,version. For more than 3,000 characters there is the command cloudimage import."}}}}, nil
	}
	list, err := d.options.ReadListings("", []byte(req.Values.One(workflow.FieldText)))
	if err != nil {
		return Reply{}, wrong(workflow.FieldText, workflow.Say("%s", cut(err.Error(), 1500)))
	}
	for i := range list {
		list[i].Channel = req.Target.Channel
	}
	added, err := d.options.Maintenance.Add(ctx, req.who(), list)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: workflow.Say("%s added, %d changed. %s shows how they stand.", count(added, "listing is", "listings are"), len(list)-added, d.command("board"))}, nil
}

// listingExport gives all listings as a table.
func (d *Desk) listingExport(ctx context.Context) (Reply, error) {
	all, err := d.options.Maintenance.Catalogue(ctx)
	if err != nil {
		return Reply{}, err
	}
	if d.options.WriteListings == nil {
		return Reply{}, workflow.Fail(workflow.NotFound, "Listings cannot be exported here.")
	}
	if len(all) == 0 {
		return Reply{Text: workflow.Say("No listing is in the catalogue yet.")}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("%s.", count(len(all), "listing", "listings")),
		Files: []File{{Name: "listings.csv", Title: "Listings", Alt: strconv.Itoa(len(all)) + " listings", Data: d.options.WriteListings(all)}}}, nil
}
