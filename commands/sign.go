package commands

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

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
		f := signForm(r, signed, missing)
		goes, err := d.goesLive(ctx, r)
		if err != nil {
			return Reply{}, err
		}
		f.Intro = append(f.Intro, goes...)
		return here(req, f), nil
	}
	r, err = d.Service.Do(ctx, req.who(), r.ID, workflow.Ask{Verb: workflow.VerbSign}, func(act workflow.Act, r *workflow.Run) error {
		return r.Sign(act, string(req.Target.Field))
	})
	if err != nil {
		return Reply{}, err
	}
	if d.options.Images != nil {
		// It only saves a minute: the builds look by themselves whether they are signed.
		_ = d.options.Images.Wake(ctx, r.ID)
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

// goesLive says of the images that are followed here where they are and what publishing
// them does besides.
func (d *Desk) goesLive(ctx context.Context, r *workflow.Run) ([]workflow.Text, error) {
	var out, cloud, hand []workflow.Text
	if d.options.Images != nil {
		builds, err := d.options.Images.BuildsFor(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		slices.Reverse(builds) // the oldest first
		for _, b := range builds {
			s := r.Steps[b.Order.Lane]
			switch {
			case !b.Order.Publishes() || s == nil || s.Status != workflow.Open || s.Build == nil || s.Build.ID != string(b.ID) || !s.Build.Phase.Open():
			case b.Order.ByHand:
				hand = append(hand, goesByHand(r, b))
			default:
				cloud = append(cloud, goesFromHere(b))
			}
		}
	}
	if len(cloud) > 0 {
		out = append(out, workflow.Say("%s\n%s", workflow.Strong("Published from here"), someTexts(cloud, 12)))
	}
	if len(hand) > 0 {
		out = append(out, workflow.Say("%s\n%s", workflow.Strong("Handed in by people"), someTexts(hand, 12)))
	}
	var along []workflow.Text
	for _, goes := range r.GoesAlong() {
		id, what, ok := strings.Cut(goes, ": ")
		l, known := r.Listing(workflow.ListingID(id))
		if !ok || !known {
			along = append(along, workflow.Say("• %s", goes))
			continue
		}
		along = append(along, workflow.Say("• %s %s", r.ListingName(l), what))
	}
	if len(along) > 0 {
		out = append(out, workflow.Say("%s A signature lapses when this changes.\n%s", workflow.Strong("Beyond the listings:"), someTexts(along, 12)))
	}
	return out, nil
}

// goesFromHere says where an image is, to whom it goes, and whether it was tried in the
// product's preview.
func goesFromHere(b *images.Build) workflow.Text {
	line := workflow.Say("• %s: %s, account %s, %s (%s)", b.Order.Name, b.Order.Provider.Name(), masked(b.Order.Account),
		count(len(b.Order.Regions), "region", "regions"), someOf(b.Order.Regions, 6))
	if b.Order.Public {
		line = workflow.Say("%s, public", line)
	}
	if b.Order.Product != "" {
		line = workflow.Say("%s, product %s", line, b.Order.Product)
	}
	if tried := triedIn(b); tried != "" {
		line = workflow.Say("%s; %s", line, tried)
	}
	return line
}

// triedIn says how far an image is in its product's preview; empty where there is none.
func triedIn(b *images.Build) string {
	preview := b.Step(images.Preview, "", "")
	if preview == nil {
		return ""
	}
	check := b.Step(images.Check, "", images.Trial)
	switch {
	case preview.State != images.StepDone:
		return "it is not in the preview yet"
	case check == nil:
		return "it is in the preview, and nobody has tried it there from here: look at it before you sign"
	case check.State != images.StepDone:
		return "it is in the preview, and was not tried there yet"
	case b.Unproven:
		return "a machine was started from the preview, and carried nothing out, so that proves nothing"
	}
	return "a machine was started from the preview, and it passed"
}

// goesByHand says where people take an image that they made.
func goesByHand(r *workflow.Run, b *images.Build) workflow.Text {
	image := b.Images[b.Order.Region]
	if image == "" {
		return workflow.Say("• %s: to %s; its image is not made yet", b.Order.Name, marketOf(r, b.Order.Lane))
	}
	line := workflow.Say("• %s: the image %s, to %s", b.Order.Name, image, marketOf(r, b.Order.Lane))
	if check := b.Step(images.Check, "", ""); check != nil && check.State != images.StepDone {
		return workflow.Say("%s; it was not checked yet", line)
	}
	return line
}

// someTexts are the first n of lines, and how many more there are.
func someTexts(list []workflow.Text, n int) workflow.Text {
	if len(list) <= n {
		return lines(list)
	}
	return workflow.Say("%s\nand %d more", lines(list[:n]), len(list)-n)
}
