package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// fieldLeftovers is which of what is left over is removed.
const fieldLeftovers workflow.FieldID = "leftovers"

// mostSwept is how many things a form stands for, all together.
const mostSwept = 300

// sweep looks for what is left over in a cloud, and removes of it what the person says.
// The field of its form is "aws:" and what was shown.
func (d *Desk) sweep(ctx context.Context, req Request) (Reply, error) {
	if err := d.noCloud(); err != nil {
		return Reply{}, err
	}
	if err := d.mayMake(ctx, req.User); err != nil {
		return Reply{}, err
	}
	name, shown, _ := strings.Cut(string(req.Target.Field), ":")
	clouds := d.clouds()
	if name == "" {
		name = strings.TrimSpace(req.Text)
	}
	p := providerNamed(name)
	switch {
	case p == "" && name != "":
		return Reply{}, workflow.Fail(workflow.NotFound, "I know no cloud “%s”. Write it as %s.", cut(name, 40), d.command("sweep "+string(clouds[0])))
	case p == "" && len(clouds) == 1:
		p = clouds[0]
	case p == "":
		page := &Page{Title: "Look for leftovers"}
		for _, c := range clouds {
			page.Rows = append(page.Rows, row(workflow.Say("%s", workflow.Strong(c.Name())), Button{Label: "Look", Verb: req.Verb, Target: Target{Field: workflow.FieldID(c), Channel: req.Channel}}))
		}
		return Reply{Page: page}, nil
	}
	if !d.options.Images.Builds(p) {
		return Reply{}, workflow.Fail(workflow.Unavailable, "No account of %s is connected here.", p.Name())
	}
	if req.Values == nil {
		return waiting("Leftovers in "+p.Name(), workflow.Say("Looking through all regions of %s… That takes a moment, and removes nothing.", p.Name()),
			func(ctx context.Context) (Reply, error) { return d.sweepForm(ctx, req, p) }), nil
	}
	chosen := req.Values[fieldLeftovers]
	if len(chosen) == 0 {
		return Reply{}, wrong(fieldLeftovers, workflow.Say("Choose at least one."))
	}
	return waiting("Leftovers in "+p.Name(), workflow.Say("Removing… I look first whether it is still nobody's."),
		func(ctx context.Context) (Reply, error) { return d.sweepAway(ctx, req, p, chosen, shown) }), nil
}

func (d *Desk) sweepForm(ctx context.Context, req Request, p workflow.Provider) (Reply, error) {
	found, err := d.options.Images.Leftovers(ctx, req.who(), p)
	if err != nil {
		return Reply{}, err
	}
	missed := workflow.Say("%s: %s.", workflow.Strong("Not everything could be looked at"), found.Missed)
	others := workflow.Say("%s of builds that are not known here, and finished or from today: another installation in this account may need them, so they are left alone.", count(found.Others, "more thing is", "more things are"))
	switch {
	case len(found.Left) == 0 && found.Missed == "" && found.Others > 0:
		return Reply{Tell: true, Text: workflow.Say("Nothing that is surely left over was found in %s. %s", p.Name(), others)}, nil
	case len(found.Left) == 0 && found.Missed == "":
		return Reply{Tell: true, Text: workflow.Say("Nothing is left over in %s: every %s of ours belongs to a build.", p.Name(), things(p))}, nil
	case len(found.Left) == 0:
		return Reply{Tell: true, Text: workflow.Say("Nothing that is left over was found in %s. %s", p.Name(), missed)}, nil
	}
	now := d.Now()
	f := &Form{Verb: "sweep", Title: cut("Leftovers in "+p.Name(), 24), Submit: "Remove them", Target: Target{Field: workflow.FieldID(string(p) + ":" + leftDigests(found.Left))},
		Intro: []workflow.Text{workflow.Say("%s in %s that no build owns any more, about %s a month together. What is removed is gone for good.", count(len(found.Left), "thing is", "things are"), p.Name(), workflow.Strong(dollars(found.Dollars)))}}
	if found.Missed != "" {
		f.Intro = append(f.Intro, missed)
	}
	if found.Others > 0 {
		f.Intro = append(f.Intro, others)
	}
	checks := Field{ID: fieldLeftovers, Label: "Remove", Kind: Checks, Hint: "The oldest come first."}
	if n := len(found.Left); n > 1 {
		o := Option{Value: everyLane, Label: fmt.Sprintf("All %d", n)}
		if n > mostSwept {
			o.Label = fmt.Sprintf("The %d oldest", mostSwept)
		}
		checks.Options = append(checks.Options, o)
	}
	for _, l := range found.Left {
		if len(checks.Options) == mostChecks {
			break
		}
		checks.Options = append(checks.Options, Option{Value: optionValue(l.ID), Label: cut(leftName(l), 75), Note: leftNote(l, now)})
	}
	if hidden := len(found.Left) - mostChecks + 1; hidden > 0 && len(found.Left) > 1 {
		f.Intro = append(f.Intro, workflow.Say("The oldest are listed; %d more are among all.", hidden))
	}
	f.Fields = []Field{checks}
	f.Target.Channel = cmp.Or(req.Target.Channel, req.Channel)
	return Reply{Form: f}, nil
}

// things are what builds make in a cloud.
func things(p workflow.Provider) string {
	if p == workflow.Azure {
		return "resource group and image"
	}
	return "machine, image and snapshot"
}

// leftName is one thing that is left over: "instance, us-east-1: GitLab EE 17.5.1".
func leftName(l images.Leftover) string {
	kind := l.Kind
	if kind == "group" {
		kind = "group with all in it"
	}
	return fmt.Sprintf("%s, %s: %s", kind, l.Region, cmp.Or(l.Name, l.ID))
}

func leftNote(l images.Leftover, now time.Time) string {
	age := "of unknown age"
	if !l.Made.IsZero() {
		age = "made today"
		if days := int(now.Sub(l.Made).Hours() / 24); days > 0 {
			age = count(days, "day", "days").String() + " old"
		}
	}
	return cut(fmt.Sprintf("%s, %s a month, %s", age, dollars(l.Dollars), l.ID), 75)
}

// leftDigests are what a form carries of what it showed, so that all of it is that and
// nothing else.
func leftDigests(list []images.Leftover) string {
	var b strings.Builder
	for _, l := range list[:min(len(list), mostSwept)] {
		b.WriteString(fact{id: l.ID}.digest())
	}
	return b.String()
}

func (d *Desk) sweepAway(ctx context.Context, req Request, p workflow.Provider, chosen []string, shown string) (Reply, error) {
	found, err := d.options.Images.Leftovers(ctx, req.who(), p)
	if err != nil {
		return Reply{}, err
	}
	saw := map[string]bool{}
	for ; len(shown) >= factDigest; shown = shown[factDigest:] {
		saw[shown[:factDigest]] = true
	}
	all := slices.Contains(chosen, everyLane)
	var ids []string
	dollarsOf := 0.0
	for _, l := range found.Left {
		if saw[fact{id: l.ID}.digest()] && (all || slices.Contains(chosen, optionValue(l.ID))) {
			ids, dollarsOf = append(ids, l.ID), dollarsOf+l.Dollars
		}
	}
	if len(ids) == 0 {
		return Reply{Tell: true, Text: workflow.Say("Nothing of that is left over in %s any more, so nothing was removed.", p.Name())}, nil
	}
	removed, failed, err := d.options.Images.RemoveLeftovers(ctx, req.who(), p, ids)
	if err != nil {
		return Reply{}, err
	}
	text := workflow.Say("%s removed in %s.", count(removed, "thing is", "things are"), p.Name())
	if len(failed) == 0 {
		text = workflow.Say("%s removed in %s, which saves about %s a month.", count(removed, "thing is", "things are"), p.Name(), dollars(dollarsOf))
	} else {
		var out []workflow.Text
		for _, f := range failed {
			out = append(out, workflow.Say("%s", f))
		}
		text = workflow.Say("%s These could not be removed; look again in a while:\n%s", text, bullets(out))
	}
	return Reply{Tell: true, Text: text, Buttons: []Button{{Label: "Look again", Verb: "sweep", Target: Target{Field: workflow.FieldID(p)}}}}, nil
}
