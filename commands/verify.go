package commands

import (
	"context"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// verify looks whether the images that are to be public are.
func (d *Desk) verify(_ context.Context, req Request) (Reply, error) {
	if err := d.noCloud(); err != nil {
		return Reply{}, err
	}
	return waiting("Public images", workflow.Say("Checking… I look whether the images that are to be public are, in all their regions."),
		func(ctx context.Context) (Reply, error) { return d.verified(ctx, req) }), nil
}

// mostClosed is how many images that are not public are listed.
const mostClosed = 40

func (d *Desk) verified(ctx context.Context, req Request) (Reply, error) {
	closed, missed, err := d.options.Images.Audit(ctx)
	if err != nil {
		return Reply{}, err
	}
	couldNot := workflow.Say("%s: %s.", workflow.Strong("Not everything could be looked at"), missed)
	switch {
	case len(closed) == 0 && missed == "":
		return Reply{Tell: true, Text: workflow.Say("All images that are to be public are public, in all their regions.")}, nil
	case len(closed) == 0:
		return Reply{Tell: true, Text: workflow.Say("No image was found that is not public any more. %s", couldNot)}, nil
	}
	page := &Page{Title: "Public images"}
	for i, b := range byBuild(closed) {
		if i == mostClosed {
			page.Foot = append(page.Foot, workflow.Say("and more, which are shown when these are public again"))
			break
		}
		var where []string
		for _, c := range b {
			where = append(where, c.Region+" ("+c.Image+")")
		}
		page.Rows = append(page.Rows, row(workflow.Say("%s is not public any more in %s", workflow.Strong(b[0].Name), someOf(where, 8)),
			Button{Label: "Make public again", Verb: "restore", Target: Target{Build: b[0].Build, Channel: req.Channel}}))
	}
	page.Foot = append(page.Foot, workflow.Say("They were signed when they went live, so nobody has to sign again."))
	if missed != "" {
		page.Foot = append(page.Foot, couldNot)
	}
	return Reply{Page: page}, nil
}

// byBuild are images that are not public, those of a build together.
func byBuild(closed []images.Closed) [][]images.Closed {
	var out [][]images.Closed
	at := map[images.BuildID]int{}
	for _, c := range closed {
		i, ok := at[c.Build]
		if !ok {
			i = len(out)
			at[c.Build], out = i, append(out, nil)
		}
		out[i] = append(out[i], c)
	}
	return out
}
