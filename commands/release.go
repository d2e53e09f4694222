package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// Answers of the form about a release.
const (
	fieldKind workflow.FieldID = "kind"

	kindSources = "sources" // they say what it is
	kindNone    = "none"    // it is none of ours
)

// noMaintenance is said where no process is about releases.
func (d *Desk) noMaintenance() error {
	if d.options.Maintenance != nil {
		return nil
	}
	return workflow.Fail(workflow.NotFound, "There is no process for releases here, so there is nothing to maintain.")
}

// release tells of a release, or lists those that were seen.
func (d *Desk) release(ctx context.Context, req Request) (Reply, error) {
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	if name, number := pageMark(req.Target.Field); name == "list" {
		return d.releaseList(ctx, req, number)
	}
	version, kind, err := d.releaseTyped(req)
	if err != nil {
		return Reply{}, err
	}
	switch {
	case version == "list":
		return d.releaseList(ctx, req, 0)
	case version == "" || req.Values == nil && req.Target.Field == fieldKind:
		return here(req, d.releaseForm(req, version)), nil
	}
	v, ok := workflow.ParseVersion(version)
	if !ok {
		t := workflow.Say("“%s” is no released version. Write it as 17.5.1; release candidates are none.", cut(version, 40))
		return Reply{}, wrong(workflow.FieldVersion, t)
	}
	if kind == "" && req.Values == nil && d.options.Maintenance.Watches() {
		if _, err := d.options.Maintenance.Told(ctx, v); workflow.KindOf(err) == workflow.NotFound {
			f := d.releaseForm(req, version)
			f.Intro = append(f.Intro, workflow.Say("No source has seen %s. Is the number right?", v.String()))
			return here(req, f), nil
		}
	}
	channel := req.Channel
	if channel == "" {
		channel = req.Target.Channel
	}
	told, err := d.options.Maintenance.Tell(ctx, req.who(), v, kind, channel)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: d.toldText(told), Buttons: d.kindButtons(told)}, nil
}

// releaseTyped is what a form says, or what was typed: "17.5.1 --security".
func (d *Desk) releaseTyped(req Request) (version string, kind workflow.CatalystKind, err error) {
	if v := req.Values; v != nil {
		kind = workflow.CatalystKind(v.One(fieldKind))
		switch kind {
		case kindSources:
			kind = ""
		case workflow.CatalystSecurity, workflow.CatalystRelease, workflow.CatalystFix:
		default:
			return "", "", wrong(fieldKind, workflow.Say("Choose what it is."))
		}
		if version = strings.TrimSpace(v.One(workflow.FieldVersion)); version == "" {
			return "", "", wrong(workflow.FieldVersion, workflow.Say("Write the version, such as 17.5.1."))
		}
		return version, kind, nil
	}
	for _, w := range strings.Fields(req.Text) {
		switch strings.TrimLeft(strings.ToLower(w), "-–—") {
		case "security":
			kind = workflow.CatalystSecurity
		case "ordinary", "release":
			kind = workflow.CatalystRelease
		case "fix":
			kind = workflow.CatalystFix
		case "list":
			return "list", "", nil
		default:
			if version != "" {
				return "", "", workflow.Fail(workflow.Invalid, "I do not understand “%s”. Write it as %s.", cut(w, 40), d.command("release 17.5.1 --security"))
			}
			version = w
		}
	}
	return version, kind, nil
}

func (d *Desk) releaseForm(req Request, version string) *Form {
	f := &Form{Verb: "release", Title: "Tell of a release", Submit: "Open the work",
		Target: Target{Channel: req.Channel},
		Intro:  []workflow.Text{workflow.Say("For a release that I have not seen myself, or not judged right. %s says what I saw, and why I judged it so.", d.command("release list"))},
		Fields: []Field{
			{ID: workflow.FieldVersion, Label: "Version", Kind: Text, MaxLength: 40, Hint: "Such as 17.5.1."},
			{ID: fieldKind, Label: "What it is", Kind: Radio, Initial: []string{kindSources}, Options: []Option{
				{Value: string(workflow.CatalystSecurity), Label: "A security update", Note: "It has the shorter clock"},
				{Value: string(workflow.CatalystRelease), Label: "A release without security fixes"},
				{Value: kindSources, Label: "What the announcement says", Note: "A release, where nothing is said"},
			}},
		}}
	if version != "" {
		f.Fields[0].Initial = []string{version}
	}
	return f
}

// toldText says what came of telling of a release.
func (d *Desk) toldText(t maintenance.Told) workflow.Text {
	title := d.options.Maintenance.Title(t.Release.Version)
	if len(t.Runs) == 0 {
		switch t.Release.State {
		case workflow.ReleaseQuiet:
			return workflow.Say("%s came out in a quiet time. Its work opens when that ends.", title)
		case workflow.ReleaseDropped:
			return workflow.Say("%s is none of ours, then. Nothing is opened for it.", title)
		case workflow.ReleaseWaits:
			return workflow.Say("%s is noted. I open the work when the rest is there; %s says what is missing.", title, d.command("release list"))
		}
		if t.Lanes > 0 {
			return workflow.Say("%s concerns %s, but I know no channel for its card. Type this in the channel where it should be.", title, count(t.Lanes, "listing", "listings"))
		}
		return workflow.Say("%s is noted. No listing needs it: none has an older version that it concerns. %s shows them.", title, d.command("board"))
	}
	r := t.Runs[len(t.Runs)-1]
	text := workflow.Say("%s is %s: %s, %s, live by %s.", title, maintenance.KindName(r.Catalyst.Kind), r.Name(), count(len(r.Listings), "listing", "listings"), r.Promise)
	if r.State != workflow.Running {
		text = workflow.Say("%s: %s", r.Name(), runLine(r))
	}
	return text
}

// kindButtons say in one click that it is another kind of release than it was taken
// for.
func (d *Desk) kindButtons(t maintenance.Told) []Button {
	if len(t.Runs) == 0 || t.Runs[len(t.Runs)-1].State != workflow.Running {
		return nil
	}
	r := t.Runs[len(t.Runs)-1]
	out := []Button{{Label: "Open", Verb: "status", Target: Target{Run: r.ID}}}
	if r.Catalyst.Kind != workflow.CatalystSecurity {
		out = append(out, ClassifyButton(r, workflow.CatalystSecurity))
	}
	return out
}

// ClassifyButton says what kind of catalyst a run is about; an empty kind, that it is
// none of ours.
func ClassifyButton(r *workflow.Run, kind workflow.CatalystKind) Button {
	label, field := "Security update", workflow.FieldID(kind)
	switch kind {
	case workflow.CatalystRelease:
		label = "No security update"
	case "":
		label, field = "Not for us…", kindNone
	}
	return Button{Label: label, Verb: string(workflow.VerbClassify), Target: Target{Run: r.ID, Field: field}}
}

// classify says what kind of release a run is about.
func (d *Desk) classify(ctx context.Context, req Request) (Reply, error) {
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	if r.Catalyst == nil || r.Catalyst.Version.IsZero() {
		return Reply{}, workflow.Fail(workflow.Conflict, "%s is about no release.", r.Name())
	}
	kind := workflow.CatalystKind(req.Target.Field)
	if v := req.Values.One(fieldKind); v != "" {
		kind = workflow.CatalystKind(v)
	}
	if err := d.options.Maintenance.MayDecide(ctx, req.User); err != nil {
		return Reply{}, err
	}
	isKind := kind == workflow.CatalystSecurity || kind == workflow.CatalystRelease
	switch {
	case req.Values == nil && !isKind:
		return here(req, d.classifyForm(r, kind)), nil
	case kind == kindNone:
		kind = ""
	case !isKind:
		return Reply{}, wrong(fieldKind, workflow.Say("Choose what it is."))
	}
	if err := checkReason(req.Values.One(workflow.FieldReason), mostNote); err != nil {
		return Reply{}, err
	}
	if _, err := d.options.Maintenance.Rule(ctx, req.who(), r.Catalyst.Version, kind, req.Values.One(workflow.FieldReason)); err != nil {
		return Reply{}, err
	}
	if r, err = d.Run(ctx, r.ID); err != nil {
		return Reply{}, err
	}
	switch {
	case kind == "" && r.State == workflow.Complete:
		return Reply{Tell: true, Text: workflow.Say("%s is none of ours, then. %s is complete and stays so.", r.Partner, r.Name())}, nil
	case kind == "":
		return Reply{Tell: true, Text: workflow.Say("%s is none of ours, then: %s is over.", r.Partner, r.Name())}, nil
	case r.State != workflow.Running:
		return Reply{Tell: true, Text: workflow.Say("%s is %s, then. %s is over, so nothing changes there.", r.Partner, maintenance.KindName(kind), r.Name())}, nil
	}
	return Reply{Tell: true, Text: workflow.Say("%s is %s, live by %s.", r.Partner, maintenance.KindName(r.Catalyst.Kind), r.Promise)}, nil
}

func (d *Desk) classifyForm(r *workflow.Run, kind workflow.CatalystKind) *Form {
	f := &Form{Verb: string(workflow.VerbClassify), Title: "What is it?", Submit: "Say so", Target: Target{Run: r.ID},
		Intro: []workflow.Text{workflow.Say("%s\n%s", workflow.Strong(r.Partner), evidenceText(r))},
		Fields: []Field{
			{ID: fieldKind, Label: "What it is", Kind: Radio, Options: []Option{
				{Value: string(workflow.CatalystSecurity), Label: "A security update", Note: "It has the shorter clock"},
				{Value: string(workflow.CatalystRelease), Label: "A release without security fixes"},
				{Value: kindNone, Label: "None of ours", Note: "It does not come out, or needs no image; its run ends"},
			}},
			{ID: workflow.FieldReason, Label: "How do you know?", Kind: Text, Optional: true, MaxLength: mostNote},
		}}
	if kind != "" {
		f.Fields[0].Initial = []string{string(kind)}
	}
	return f
}

// mostNote is how many characters somebody may say of how they know.
const mostNote = 300

// checkReason refuses a reason that nobody should read, under its field.
func checkReason(said string, most int) error {
	switch {
	case len([]rune(said)) > most:
		return wrong(workflow.FieldReason, workflow.Say("Keep it to %d characters.", most))
	case workflow.LooksSecret(said):
		return wrong(workflow.FieldReason, workflow.Say("That looks like a secret, so it was not kept. If it was a real one, change it: it has passed through Slack."))
	}
	return nil
}

// evidenceText is what a release was judged by.
func evidenceText(r *workflow.Run) workflow.Text {
	out := workflow.Text{}
	for i, e := range r.Catalyst.Evidence {
		if i > 0 {
			out.Format += "\n"
		}
		out.Format += "• %s"
		out.Args = append(out.Args, e)
	}
	return out
}
