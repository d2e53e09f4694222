package commands

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file is what can be done about a build that has begun. Its target names the build,
// and a step of it by its place.

// clouds are those that are connected. What people make by hand is in none of them.
func (d *Desk) clouds() []workflow.Provider {
	if d.options.Images == nil {
		return nil
	}
	return d.options.Images.Providers()
}

// noCloud is said where no cloud is connected.
func (d *Desk) noCloud() error {
	if len(d.clouds()) > 0 {
		return nil
	}
	return workflow.Fail(workflow.Unavailable, "No cloud is connected here, so images are built by hand. The operator can add an account to the configuration.")
}

// aBuild is the build that a button is about, of which the person may do something.
// NeedReason says that they may as an admin, and have not said why yet.
func (d *Desk) aBuild(ctx context.Context, req Request) (b *images.Build, needReason bool, err error) {
	if d.options.Images == nil {
		return nil, false, d.noCloud()
	}
	if req.Target.Build == "" {
		return nil, false, workflow.Fail(workflow.NotFound, "That is for the buttons of a build. %s shows the builds of a release.", d.command("status"))
	}
	if b, err = d.options.Images.Build(ctx, req.Target.Build); err != nil {
		return nil, false, err
	}
	if b.Order.Run == "" {
		return b, false, d.mayMake(ctx, req.User)
	}
	r, err := d.Run(ctx, b.Order.Run)
	if err != nil {
		return nil, false, err
	}
	needReason, err = d.mayBuild(r, req)
	return b, needReason, err
}

// buildForm asks before something is done to a build.
func buildForm(req Request, title, submit string, needReason bool, intro ...workflow.Text) Reply {
	f := &Form{Verb: req.Verb, Title: title, Submit: submit, Target: req.Target, Intro: intro}
	if needReason {
		f.Fields = append(f.Fields, overrideField())
	}
	return here(req, f)
}

// retry lets what has failed of a build be tried again. The target's field is empty for
// all, or a step: "12"; "12:wait" to wait until somebody else's submission is over, and
// "12:" with its id to cancel that.
func (d *Desk) retry(ctx context.Context, req Request) (Reply, error) {
	b, needReason, err := d.aBuild(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	at, choice, _ := strings.Cut(string(req.Target.Field), ":")
	step := -1
	if at != "" {
		if step, err = strconv.Atoi(at); err != nil || step < 0 || step >= len(b.Steps) {
			return Reply{}, gone()
		}
		if s := &b.Steps[step]; choice != "" && s.State == images.StepFailed && !isChoice(s.Fault, choice) {
			return Reply{}, gone()
		}
	}
	if i := slices.IndexFunc(b.Steps, func(s images.Step) bool { return s.State == images.StepFailed && s.Fault.Class == images.Foreign }); i >= 0 && choice == "" && (step < 0 || step == i) {
		return Reply{Page: decidePage(b, i)}, nil
	}
	cancels := choice != "" && choice != images.ChoiceWait
	switch {
	case req.Values != nil:
	case cancels:
		return buildForm(req, "Cancel a submission?", "Cancel it", needReason,
			workflow.Say("The submission %s to the product %s is somebody else's. It is cancelled, and ours is made in its place.", workflow.Strong(choice), b.Order.Product),
			workflow.Say("What they wanted to change at the marketplace does not happen then. Whose it is, their console tells; ask them first, if you can.")), nil
	case needReason:
		return buildForm(req, "Try again", "Try again", true, workflow.Say("What has failed of %s is tried again.", workflow.Strong(b.Order.Name))), nil
	}
	var tried []workflow.Text
	for i := range b.Steps {
		if b.Steps[i].State == images.StepFailed && (step < 0 || step == i) {
			tried = append(tried, workflow.Say("%s", stepWords(b, &b.Steps[i])))
		}
	}
	anew := slices.ContainsFunc(b.Steps, func(s images.Step) bool {
		return s.State == images.StepFailed && s.Fault.Class == images.Superseded
	}) && (step < 0 || b.Steps[step].State == images.StepFailed && b.Steps[step].Fault.Class == images.Superseded)
	if b, err = d.options.Images.Retry(ctx, req.who(), b.ID, step, choice); err != nil {
		return Reply{}, err
	}
	switch {
	case choice == images.ChoiceWait:
		return Reply{Tell: true, Text: workflow.Say("%s waits until the other submission is over, and goes on by itself then. The thread tells how it goes.", b.Order.Name)}, nil
	case cancels:
		return Reply{Tell: true, Text: workflow.Say("The submission %s is being cancelled, and %s is submitted in its place. The thread tells how it goes.", choice, b.Order.Name)}, nil
	case anew:
		return Reply{Tell: true, Text: workflow.Say("%s is brought to the preview once more. It goes live when it was tried there, as it was signed or once it is signed again. The thread tells how it goes.", b.Order.Name)}, nil
	case len(tried) == 0: // the same request came before
		return Reply{Tell: true, Text: workflow.Say("%s goes on. The thread tells how it goes.", b.Order.Name)}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("It is tried again, for %s: %s. The thread tells how it goes.", b.Order.Name, firstOf(tried, 4))}, nil
}

// decidePage asks what becomes of somebody else's submission: trying again alone would
// find it again.
func decidePage(b *images.Build, i int) *Page {
	s := &b.Steps[i]
	to := func(choice string) Target {
		return Target{Build: b.ID, Field: workflow.FieldID(fmt.Sprintf("%d:%s", i, choice))}
	}
	page := &Page{Title: "Somebody else's turn", Rows: []Row{
		row(workflow.Say("%s waits: %s.", workflow.Strong(b.Order.Name), strings.TrimSuffix(s.Trouble(), ".")), Button{Label: "Wait for it", Verb: "retry", Target: to(images.ChoiceWait)}),
	}}
	if s.Fault.What == "" { // it cannot be cancelled from here
		page.Rows = append(page.Rows, row(workflow.Say("Or give ours up, which leaves theirs as it is."), Button{Label: "Abandon…", Verb: "abandon", Danger: true, Target: Target{Build: b.ID}}))
		return page
	}
	page.Rows = append(page.Rows, row(workflow.Say("Or cancel it, if it is nobody's any more."), Button{Label: "Cancel theirs…", Verb: "retry", Target: to(s.Fault.What)}))
	return page
}

// isChoice reports whether a fault leaves that choice: only what was found in the way can
// be cancelled, whatever a button says.
func isChoice(f *images.Fault, choice string) bool {
	if f == nil || f.Class != images.Foreign {
		return false
	}
	ids := strings.FieldsFunc(f.What, func(c rune) bool { return strings.ContainsRune(" ,;:()", c) })
	return choice == images.ChoiceWait || choice == f.What || slices.Contains(ids, choice)
}

func gone() error {
	return workflow.Fail(workflow.Stale, "That has changed since you looked, so nothing was done. Please look again.")
}

// abandon gives a build up, once it was said what is removed.
func (d *Desk) abandon(ctx context.Context, req Request) (Reply, error) {
	b, needReason, err := d.aBuild(ctx, req)
	switch {
	case err != nil:
		return Reply{}, err
	case req.Values == nil && !b.State.Open():
		return Reply{Text: workflow.Say("%s has come to its end, so there is nothing to abandon.", b.Order.Name), Tell: true}, nil
	case req.Values == nil && b.Restoring():
		return buildForm(req, "Leave it as it is?", "Leave it", needReason,
			workflow.Say("%s is not made public again where it is not. Nothing of it is removed: customers have it.", workflow.Strong(b.Order.Name))), nil
	case req.Values == nil:
		given := workflow.Say("%s is given up. Nothing was made of it that is known here.", workflow.Strong(b.Order.Name))
		switch gone := removes(b); {
		case len(gone) == 0:
		case b.Order.ByHand:
			given = workflow.Say("%s is given up: %s.", workflow.Strong(b.Order.Name), joinedBy("; ", gone))
		default:
			given = workflow.Say("%s is given up, and what it made is removed: %s.", workflow.Strong(b.Order.Name), joinedBy("; ", gone))
		}
		return buildForm(req, "Abandon the build?", "Abandon it", needReason, given,
			workflow.Say("That cannot be taken back. It can be built again from the start.")), nil
	}
	if b, err = d.options.Images.Abandon(ctx, req.who(), b.ID); err != nil {
		return Reply{}, err
	}
	if b.State == images.Done {
		return Reply{Tell: true, Text: workflow.Say("%s stays as it is. What is not public of it, %s tells.", b.Order.Name, d.command("verify"))}, nil
	}
	if b.Order.ByHand {
		return Reply{Tell: true, Text: workflow.Say("%s is abandoned. The thread asks for what is left to take back or to remove, if there is any.", b.Order.Name)}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("%s is abandoned. What it made is being removed now; the thread tells when that is done.", b.Order.Name)}, nil
}

// removes is what is removed when a build is abandoned; what people made, they are asked
// to remove.
func removes(b *images.Build) (out []workflow.Text) {
	var made, open []string
	submitted, previewed := false, false
	for i := range b.Steps {
		s := &b.Steps[i]
		if s.Since.IsZero() {
			continue
		}
		switch s.Name {
		case images.Capture, images.Copy:
			made = append(made, s.Region)
		case images.Open:
			open = append(open, s.Region)
		case images.Preview:
			previewed = true
		case images.Submit:
			submitted = true
		}
	}
	if b.Order.ByHand {
		if s := b.Step(images.Submit, "", ""); s != nil && s.Ref != "" {
			out = append(out, workflow.Say("somebody is asked to take back what was handed in%s", numbered(b)))
		}
		if image := b.Images[b.Order.Region]; image != "" {
			out = append(out, workflow.Say("somebody is asked to remove the image %s", image))
		}
		return out
	}
	out = append(out, workflow.Say("its machines, if any are there"))
	if len(made) > 0 {
		with := "its image in %s"
		if b.Order.Provider == workflow.AWS {
			with = "its image with its snapshots in %s"
		}
		out = append(out, workflow.Say(with, someOf(made, 8)))
	}
	if len(open) > 0 {
		out = append(out, workflow.Say("it is public no longer in %s", someOf(open, 8)))
	}
	if previewed {
		out = append(out, workflow.Say("its version is taken out of the preview, if it is there"))
	}
	if submitted {
		out = append(out, workflow.Say("its submission to the marketplace is withdrawn, if it is not through"))
	}
	return out
}

// log hands out what a script in a machine said: of the step that the target names, or of
// the last that said something.
func (d *Desk) log(ctx context.Context, req Request) (Reply, error) {
	b, _, err := d.aBuild(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	step := -1
	if field := string(req.Target.Field); field != "" {
		if step, err = strconv.Atoi(field); err != nil || step < 0 || step >= len(b.Steps) {
			return Reply{}, gone()
		}
	} else {
		for i := range b.Steps {
			if b.Steps[i].Log != "" && (step < 0 || b.Steps[step].State != images.StepFailed || b.Steps[i].State == images.StepFailed) {
				step = i
			}
		}
	}
	if step < 0 || b.Steps[step].Log == "" {
		return Reply{Tell: true, Text: workflow.Say("There is no log of that for %s: nothing has said anything yet.", b.Order.Name)}, nil
	}
	s := &b.Steps[step]
	words := stepWords(b, s)
	return Reply{Tell: true, Text: workflow.Say("What the machine said, %s of %s: the end of it.", words, b.Order.Name),
		Files: []File{{Name: s.LogName(), Title: capital(words) + ", " + b.Order.Name, Data: []byte(s.Log)}}}, nil
}

// restore makes public again what somebody closed.
func (d *Desk) restore(ctx context.Context, req Request) (Reply, error) {
	b, needReason, err := d.aBuild(ctx, req)
	switch {
	case err != nil:
		return Reply{}, err
	case needReason:
		return buildForm(req, "Make public again", "Make public again", true, workflow.Say("%s was signed and public, and is not any more. It is made public again.", workflow.Strong(b.Order.Name))), nil
	}
	return waiting("Make public again", workflow.Say("Checking… I look where %s is not public any more.", b.Order.Name), func(ctx context.Context) (Reply, error) {
		b, err := d.options.Images.Repair(ctx, req.who(), b.ID)
		if err != nil {
			return Reply{}, err
		}
		var regions []string
		for i := range b.Steps {
			if s := &b.Steps[i]; s.Name == images.Open && !s.State.Over() {
				regions = append(regions, s.Region)
			}
		}
		if len(regions) == 0 {
			return Reply{Tell: true, Text: workflow.Say("%s is being made public again. The thread tells when it is.", b.Order.Name)}, nil
		}
		return Reply{Tell: true, Text: workflow.Say("%s is being made public again in %s. The thread tells when it is.", b.Order.Name, someOf(regions, 8))}, nil
	}), nil
}
