package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file is about images that belong to no run: somebody wants one of a version, for
// themselves. They stay private.

// alone is such an image, as far as it was said.
type alone struct {
	provider              workflow.Provider
	edition, architecture string
	version               string
}

// architectures are what images run on, as packages call it.
var architectures = []string{"amd64", "arm64"}

// namesProvider reports whether what was typed begins with a cloud, as in "aws ee 17.6.2".
func namesProvider(text string) bool {
	words := strings.Fields(text)
	return len(words) > 0 && providerNamed(words[0]) != ""
}

// providerNamed is the cloud of that name; empty for none.
func providerNamed(word string) workflow.Provider {
	for _, p := range []workflow.Provider{workflow.AWS, workflow.Azure} {
		if strings.EqualFold(word, string(p)) {
			return p
		}
	}
	return ""
}

// buildAlone plans an image that belongs to no run, and has it made when the form is
// sent. About is what a form says of it: "aws/EE/17.6.2/arm64", and behind a colon what
// it showed.
func (d *Desk) buildAlone(ctx context.Context, req Request, about string) (Reply, error) {
	if err := d.mayMake(ctx, req.User); err != nil {
		return Reply{}, err
	}
	about, shown, _ := strings.Cut(about, ":")
	var a alone
	var err error
	switch parts := strings.Split(about, "/"); {
	case len(parts) == 4:
		a = alone{provider: workflow.Provider(parts[0]), edition: parts[1], version: parts[2], architecture: parts[3]}
	case req.Values != nil:
		v := req.Values
		a = alone{workflow.Provider(v.One(fieldProvider)), v.One(workflow.FieldEdition), v.One(workflow.FieldArchitecture), strings.TrimSpace(v.One(workflow.FieldVersion))}
	default:
		if a, err = d.aloneTyped(req.Text); err != nil {
			return Reply{}, err
		}
	}
	if a.provider != "" && !d.options.Images.Builds(a.provider) {
		return Reply{}, workflow.Fail(workflow.Unavailable, "No account of %s is connected here, so images are made by hand. The operator can add one to the configuration.", a.provider.Name())
	}
	if err := d.noCloud(); err != nil {
		return Reply{}, err
	}
	if a.edition == "" || a.version == "" || a.architecture == "" || a.provider == "" {
		if req.Values == nil {
			return here(req, d.aloneForm(a)), nil
		}
	}
	m, err := d.makingAlone(a)
	if err != nil {
		return Reply{}, err
	}
	if shown != "" && req.Values != nil {
		return d.confirmed(req, m, shown), nil
	}
	req.Values = nil // they said what is wanted, and are not the answers of the plan
	return d.planning(req, m), nil
}

// mayMake refuses those who may make no image that belongs to no run: it is for the team
// whose lanes images are, and for admins.
func (d *Desk) mayMake(ctx context.Context, who workflow.UserID) error {
	for _, def := range d.sorted() {
		team := makers(def)
		if team == "" {
			continue
		}
		if _, err := d.Admitted(ctx, who, def); err != nil {
			return err
		}
		if roster := d.Roster(def); !roster.IsMember(team, who) && !roster.IsAdmin(who) {
			name := def.TeamName(team)
			name.Group = roster.Teams[team].Group
			return workflow.Fail(workflow.Denied, "%s makes the images. Please ask someone of them.", name)
		}
		return nil
	}
	return workflow.Fail(workflow.Unavailable, "No process here is about images.")
}

// makers is the team that brings a release to its listings; empty where the process is
// about no releases.
func makers(def *workflow.Definition) workflow.TeamID {
	if def.Subject != workflow.SubjectCatalyst {
		return ""
	}
	for i := range def.Stages {
		for _, s := range def.Stages[i].Steps {
			if s.Publishes {
				return s.Team
			}
			for _, part := range s.Steps {
				if part.Publishes {
					return part.Team
				}
			}
		}
	}
	return ""
}

// aloneTyped reads "aws ee 17.6.2 arm64": the cloud, and the rest in any order.
func (d *Desk) aloneTyped(text string) (a alone, err error) {
	for i, w := range strings.Fields(text) {
		edition := slices.IndexFunc(d.options.Editions, func(e string) bool { return strings.EqualFold(e, w) })
		_, isVersion := workflow.ParseVersion(strings.ToLower(w))
		switch arch := architectureNamed(w); {
		case i == 0:
			a.provider = providerNamed(w)
		case edition >= 0 && a.edition == "":
			a.edition = d.options.Editions[edition]
		case isVersion && a.version == "":
			a.version = strings.ToLower(w)
		case arch != "" && a.architecture == "":
			a.architecture = arch
		default:
			return a, workflow.Fail(workflow.Invalid, "I do not understand “%s”. Write it as %s.", cut(w, 40), d.command("build "+string(a.provider)+" ee 17.6.2 arm64"))
		}
	}
	if a.architecture == "" && a.edition != "" && a.version != "" {
		a.architecture = architectures[0]
	}
	return a, nil
}

// architectureNamed is the architecture that people call so; empty for none.
func architectureNamed(word string) string {
	switch strings.ToLower(word) {
	case "amd64", "x86_64", "x86-64", "x64":
		return "amd64"
	case "arm64", "aarch64", "arm":
		return "arm64"
	}
	return ""
}

// aloneForm asks for what was not said.
func (d *Desk) aloneForm(a alone) *Form {
	f := &Form{Verb: string(workflow.VerbBuild), Title: "Build a private image", Submit: "Plan it", Target: Target{Field: buildOwn},
		Intro: []workflow.Text{workflow.Say("For an image that belongs to no release. It stays private: nobody outside sees it. The images of a release are built from its card.")},
		Fields: []Field{
			{ID: fieldProvider, Label: "Cloud", Kind: Select},
			{ID: workflow.FieldEdition, Label: "Edition", Kind: Select},
			{ID: workflow.FieldVersion, Label: "Version", Kind: Text, MaxLength: 40, Hint: "Such as 17.5.1."},
			{ID: workflow.FieldArchitecture, Label: "Architecture", Kind: Select, Initial: architectures[:1]},
		}}
	for _, p := range d.clouds() {
		f.Fields[0].Options = append(f.Fields[0].Options, Option{Value: string(p), Label: p.Name()})
	}
	for _, e := range d.options.Editions {
		f.Fields[1].Options = append(f.Fields[1].Options, Option{Value: e, Label: e})
	}
	for _, arch := range architectures {
		f.Fields[3].Options = append(f.Fields[3].Options, Option{Value: arch, Label: arch})
	}
	for i, said := range []string{string(a.provider), a.edition, a.version, a.architecture} {
		if said != "" {
			f.Fields[i].Initial = []string{said}
		}
	}
	return f
}

// makingAlone is what is to be made, once all of it is said.
func (d *Desk) makingAlone(a alone) (making, error) {
	version, ok := workflow.ParseVersion(a.version)
	switch {
	case !d.options.Images.Builds(a.provider):
		return making{}, wrong(fieldProvider, workflow.Say("Choose a cloud that is connected here."))
	case !slices.Contains(d.options.Editions, a.edition):
		return making{}, wrong(workflow.FieldEdition, workflow.Say("Choose an edition."))
	case !ok:
		return making{}, wrong(workflow.FieldVersion, workflow.Say("“%s” is no released version. Write it as 17.5.1; release candidates are none.", cut(a.version, 40)))
	case !slices.Contains(architectures, a.architecture):
		return making{}, wrong(workflow.FieldArchitecture, workflow.Say("Choose an architecture."))
	}
	return making{
		provider: a.provider, version: version, built: []bool{false},
		wants:   []images.Want{{Edition: a.edition, Architecture: a.architecture, Version: version}},
		names:   []string{fmt.Sprintf("%s %s %s (%s)", a.provider.Name(), a.edition, version, a.architecture)},
		subject: strings.Join([]string{buildOwn + ":" + string(a.provider), a.edition, version.String(), a.architecture}, "/"),
	}, nil
}
