package commands

import (
	"context"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// This file lists the releases that were seen.

// releasesOnPage is how many releases a page has.
const releasesOnPage = 8

// releaseList says which releases were seen, and why each was judged as it was.
func (d *Desk) releaseList(ctx context.Context, req Request, page int) (Reply, error) {
	all, err := d.options.Maintenance.Releases(ctx)
	if err != nil {
		return Reply{}, err
	}
	out := &Page{Title: "Releases"}
	page, first, last := paged(len(all), page, releasesOnPage)
	for _, t := range all[first:last] {
		text, err := d.releaseLine(ctx, t)
		if err != nil {
			return Reply{}, err
		}
		r := row(text)
		if n := len(t.Release.Runs); n > 0 {
			r.Buttons = append(r.Buttons, Button{Label: "Open", Verb: "status", Target: Target{Run: t.Release.Runs[n-1]}})
		}
		out.Rows = append(out.Rows, r)
	}
	if len(all) == 0 {
		out.Rows = append(out.Rows, row(workflow.Say("No release was seen yet. %s tells of one.", d.command("release 17.5.1"))))
	}
	turn := Row{}
	if first > 0 {
		turn.Buttons = append(turn.Buttons, Button{Label: "Newer", Verb: "release", Target: Target{Field: pageField("list", page-1)}})
	}
	if last < len(all) {
		turn.Buttons = append(turn.Buttons, Button{Label: "Older", Verb: "release", Target: Target{Field: pageField("list", page+1)}})
	}
	if d.decides(ctx, req) {
		turn.Buttons = append(turn.Buttons, Button{Label: "Tell of a release…", Verb: "release", Target: Target{Field: fieldKind}})
	}
	if len(turn.Buttons) > 0 {
		out.Rows = append(out.Rows, turn)
	}
	out.Foot = append(out.Foot, d.watching())
	return Reply{Page: out}, nil
}

// watching says which sources are watched, and how they answer.
func (d *Desk) watching() workflow.Text {
	m := d.options.Maintenance
	if !m.Watches() {
		return workflow.Say("No source of releases is watched: people tell me of them.")
	}
	out := workflow.Say("Watched:")
	health := m.Health()
	for i, name := range m.Sources() {
		if i > 0 {
			out = workflow.Say("%s,", out)
		}
		switch h := health[name]; {
		case !h.Failed.IsZero():
			out = workflow.Say("%s %s (no answer since %s: %s)", out, name, h.Failed, cut(h.Reason, 120))
		case h.Asked.IsZero():
			out = workflow.Say("%s %s (not asked yet)", out, name)
		default:
			out = workflow.Say("%s %s", out, name)
		}
	}
	return workflow.Say("%s.", out)
}

// releaseLine is a release, what became of it, and why it was judged so.
func (d *Desk) releaseLine(ctx context.Context, t maintenance.Told) (workflow.Text, error) {
	r := t.Release
	line := workflow.Say("%s", workflow.Strong(d.options.Maintenance.Title(r.Version)))
	switch {
	case r.State == workflow.ReleaseDropped || r.State == workflow.ReleaseBefore:
	case r.Unsure:
		line = workflow.Say("%s  may be a security update", line)
	default:
		line = workflow.Say("%s  %s", line, maintenance.KindName(r.Kind))
	}
	line = workflow.Say("%s\n%s", line, d.releaseState(t))
	if n := len(r.Runs); n > 0 {
		run, err := d.Run(ctx, r.Runs[n-1])
		if err != nil {
			return line, err
		}
		live := 0
		for i := range run.Listings {
			if run.IsLive(run.Listings[i].ID) {
				live++
			}
		}
		line = workflow.Say("%s. %s: %d of %s live", line, run.Name(), live, count(len(run.Listings), "listing", "listings"))
	}
	for _, why := range t.Why {
		line = workflow.Say("%s\n• %s", line, why)
	}
	if !t.Said.IsZero() {
		line = workflow.Say("%s\n• %s", line, t.Said)
	}
	return line, nil
}

func (d *Desk) releaseState(t maintenance.Told) workflow.Text {
	r := t.Release
	switch r.State {
	case workflow.ReleaseWaits:
		if t.Waits.IsZero() {
			return workflow.Say("seen %s, not all there yet", r.Seen)
		}
		return workflow.Say("seen %s, I wait until %s", r.Seen, t.Waits)
	case workflow.ReleaseAsked:
		return workflow.Say("seen %s, a person is asked whether it comes out", r.Seen)
	case workflow.ReleaseQuiet:
		return workflow.Say("out since %s, in a quiet time", r.Published)
	case workflow.ReleasePassed:
		return workflow.Say("out since %s, passed over for %s", r.Published, r.Next.String())
	case workflow.ReleaseBefore:
		if r.Published.IsZero() {
			return workflow.Say("out before I watched")
		}
		return workflow.Say("out since %s, before I watched", r.Published)
	case workflow.ReleaseDropped:
		return workflow.Say("none of ours")
	}
	if len(r.Runs) == 0 {
		return workflow.Say("out since %s, concerns no listing that is behind", r.Published)
	}
	return workflow.Say("out since %s", r.Published)
}
