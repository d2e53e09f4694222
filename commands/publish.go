package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// publish lists the private images that wait to be published, and sends one on its way
// to customers.
func (d *Desk) publish(ctx context.Context, req Request) (Reply, error) {
	if err := d.noCloud(); err != nil {
		return Reply{}, err
	}
	if req.Target.Build == "" {
		return d.publishable(ctx, req)
	}
	b, needReason, err := d.aBuild(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	shown := string(req.Target.Field)
	if req.Values == nil || shown == "" {
		return waiting(buildTitle("Publish", b.Order.Version), workflow.Say("Checking… I look at the account, the regions and the marketplace of %s. It takes a few seconds, and changes nothing.", b.Order.Provider.Name()),
			func(ctx context.Context) (Reply, error) { return d.publishForm(ctx, req, b, needReason, nil) }), nil
	}
	if b.Order.Publishes() {
		return Reply{Tell: true, Text: workflow.Say("%s is on its way to customers already.", b.Order.Name), Buttons: []Button{openRun(b.Order.Run)}}, nil
	}
	return waiting(buildTitle("Publish", b.Order.Version), workflow.Say("I check once more that everything is as it was shown. Nothing has changed yet."),
		func(ctx context.Context) (Reply, error) { return d.sendOff(ctx, req, b, shown) }), nil
}

// publishable lists the private images of a run, or of all that are worked on.
func (d *Desk) publishable(ctx context.Context, req Request) (Reply, error) {
	var runs []*workflow.Run
	if words := strings.TrimSpace(req.Text); req.Target.Run != "" || words != "" {
		r, choose, err := d.runOf(ctx, req, words)
		if err != nil || choose != nil {
			return orEmpty(choose), err
		}
		runs = []*workflow.Run{r}
	} else {
		open, err := d.openReleases(ctx)
		if err != nil {
			return Reply{}, err
		}
		runs = open
	}
	page := &Page{Title: "Private images"}
	for _, r := range runs {
		builds, err := d.options.Images.BuildsFor(ctx, r.ID)
		if err != nil {
			return Reply{}, err
		}
		for _, b := range builds {
			if !waitsToBePublished(r, b) {
				continue
			}
			page.Rows = append(page.Rows, row(workflow.Say("%s, %s\nbuilt %s, private, in %s", workflow.Strong(b.Order.Name), r.Partner, b.Ended, count(len(b.Images), "region", "regions")),
				Button{Label: "Publish…", Verb: req.Verb, Target: Target{Build: b.ID, Channel: req.Channel}}))
		}
	}
	if len(page.Rows) == 0 {
		return Reply{Text: workflow.Say("No private image waits to be published. %s makes one.", d.command("build"))}, nil
	}
	return Reply{Page: page}, nil
}

// waitsToBePublished reports whether a build is the last of its lane, and its image
// private.
func waitsToBePublished(r *workflow.Run, b *images.Build) bool {
	s := r.Steps[b.Order.Lane]
	return r.State == workflow.Running && b.State == images.Done && !b.Order.Publishes() &&
		s != nil && s.Status == workflow.Open && s.Build != nil && s.Build.ID == string(b.ID)
}

// publishForm shows what it means to publish a private image.
func (d *Desk) publishForm(ctx context.Context, req Request, b *images.Build, needReason bool, first []workflow.Text) (Reply, error) {
	p, err := d.options.Images.PlanPublishing(ctx, b.ID)
	if err != nil {
		return Reply{}, err
	}
	r, err := d.Run(ctx, b.Order.Run)
	if err != nil {
		return Reply{}, err
	}
	if !r.NeedsSignature() {
		return Reply{}, workflow.Fail(workflow.Conflict, "In the process of %s nobody signs what goes live, so nothing of it can be published from here.", r.Name())
	}
	s := sketch{making: making{provider: b.Order.Provider, run: r, version: b.Order.Version, names: []string{b.Order.Name}}, plan: p, publish: true, publishing: true}
	f := &Form{Verb: "publish", Title: buildTitle("Publish", b.Order.Version), Submit: "Publish when signed", Target: Target{Build: b.ID}}
	f.Intro = append(first, s.where(), s.whatText(), s.regionsText())
	f.Intro = append(append(f.Intro, s.whoSees()...), s.problemTexts()...)
	if s.stopped() {
		f.Submit = "Check again"
		f.Intro = append(f.Intro, workflow.Say("Checked %s. It cannot be published before that is put right.", p.At))
		return here(req, f), nil
	}
	f.Intro = append(f.Intro, workflow.Say("Checked %s; it is checked again when you submit: a difference is shown, not published.", p.At))
	if f.Target.Field = workflow.FieldID(facts(p)); needReason {
		f.Fields = append(f.Fields, overrideField())
	}
	return here(req, f), nil
}

// sendOff publishes what was confirmed, when it is what was shown.
func (d *Desk) sendOff(ctx context.Context, req Request, b *images.Build, shown string) (Reply, error) {
	p, err := d.options.Images.PlanPublishing(ctx, b.ID)
	if err != nil {
		return Reply{}, err
	}
	if news := unseen(shown, p); len(news) > 0 {
		return d.publishForm(ctx, req, b, false, []workflow.Text{workflow.Say("%s, so nothing was published:\n%s", workflow.Strong("Changed since you looked"), bullets(news))})
	}
	if problem, stops := p.Stops(); stops {
		return d.publishForm(ctx, req, b, false, []workflow.Text{workflow.Say("%s: %s", workflow.Strong("Nothing was published, because one check stops it"), problemText(problem))})
	}
	if b, err = d.options.Images.Publish(ctx, req.who(), b.ID, p); err != nil {
		return Reply{}, err
	}
	r, err := d.Run(ctx, b.Order.Run)
	if err != nil {
		return Reply{}, err
	}
	open := []Button{openRun(r.ID)}
	_, missing := r.Signatures()
	switch next := r.NextSigner(); {
	case missing == 0:
		return Reply{Tell: true, Text: workflow.Say("%s is signed, and on its way to customers. The thread of %s tells how it goes.", b.Order.Name, r.Partner), Buttons: open}, nil
	case next != "":
		return Reply{Tell: true, Text: workflow.Say("%s goes to customers as soon as it is signed. %s missing; %s is asked.", b.Order.Name, count(missing, "signature is", "signatures are"), next), Buttons: open}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("%s goes to customers as soon as it is signed. %s missing: %s signs.", b.Order.Name, count(missing, "signature is", "signatures are"), d.command("sign "+r.Name())), Buttons: open}, nil
}
