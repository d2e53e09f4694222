package commands

import (
	"slices"

	"cloudimage/workflow"
)

// This file is about what has to come out together on the day of a launch, and how
// each part of it stands.

// together are the parts: the merge request, the issues beside the run's own, and
// what the steps of the day need of others, listing by listing.
func (d *Desk) together(r *workflow.Run, day []workflow.Node) (out []Row) {
	if t, m := r.MergeRequest(); m != nil && d.options.Tracker != "" {
		out = append(out, row(d.mergeSaid(r, t.Fact, m), d.openMerge(r)...))
	}
	for _, t := range r.Trackings() {
		if t.Track != workflow.TrackRelated || t.URL == "" {
			continue
		}
		said := workflow.Say("%s", workflow.Strong(capital(r.ItemName(t.Fact))))
		if it := r.Items[t.Fact]; d.options.Tracker != "" && it != nil && it.Path != "" {
			if said = workflow.Say("%s\nin step with the run", said); it.Trouble != nil {
				said = workflow.Say("%s\nout of sync: %s", workflow.Strong(capital(r.ItemName(t.Fact))), it.Trouble.Text(r, d.tracker()))
			}
		}
		out = append(out, row(said, Button{Label: "Open", URL: t.URL}))
	}
	for _, id := range neededBy(day) {
		out = append(out, row(neededText(r, id)))
	}
	return out
}

// mergeSaid is how the merge request stands, who wrote it, and what it waits for.
func (d *Desk) mergeSaid(r *workflow.Run, fact workflow.FactName, m *workflow.MergeRequest) workflow.Text {
	state := workflow.Say("open, not approved yet")
	switch {
	case m.State == workflow.MergeMerged:
		state = workflow.Say("merged %s by %s", m.Merged, m.MergedBy.Text(d.tracker()))
	case m.State == workflow.MergeClosed:
		state = workflow.Say("closed without being merged")
	case m.Draft:
		state = workflow.Say("a draft")
	case !m.Approved.IsZero():
		state = workflow.Say("approved %s", m.Approved)
	}
	if m.Milestone != "" {
		state = workflow.Say("%s, milestone %s", state, cut(m.Milestone, 60))
	}
	said := workflow.Say("%s\n%s", workflow.Strong(cut(because(workflow.Say("%s", r.ItemName(fact)), m.Title).String(), 150)), state)
	date, agreed := r.Launch()
	switch _, early := r.MergedEarly(); {
	case early:
		return workflow.Say("%s. That is before the launch.", said)
	case m.State != workflow.MergeOpen:
		return said
	case agreed:
		return workflow.Say("%s. Held until %s; %s wrote it, and is told there when that moves.", said, date, m.Author.Text(d.tracker()))
	}
	return workflow.Say("%s. Held until the launch; %s wrote it.", said, m.Author.Text(d.tracker()))
}

// neededBy are the steps that those of the day need, each once.
func neededBy(day []workflow.Node) (out []workflow.StepID) {
	for _, n := range day {
		for _, need := range n.Step.Needs {
			if need.Step != "" && !slices.Contains(out, need.Step) {
				out = append(out, need.Step)
			}
		}
	}
	return out
}

// neededText is a step that others need, with how it stands in each listing.
func neededText(r *workflow.Run, id workflow.StepID) workflow.Text {
	step, _, ok := r.Definition().Step(id)
	if !ok {
		return workflow.Text{}
	}
	said := []workflow.Text{workflow.Say("%s", workflow.Strong(step.Number+" "+short(step)))}
	r.Walk(func(n workflow.Node) bool {
		switch {
		case n.Key.Step != id || n.Key.Listing == "" && r.IsGroup(n.Key):
		case n.Key.Listing == "":
			said = append(said, stepState(r, n))
		default:
			if l, ok := r.Listing(n.Key.Listing); ok {
				said = append(said, workflow.Say("%s: %s", r.ListingName(l), stepState(r, n)))
			}
		}
		return len(said) < shownSteps
	})
	return lines(said)
}

// givenLinks are the links that a step has been given, for a row of the day.
func givenLinks(n workflow.Node, text workflow.Text) workflow.Text {
	for _, f := range n.Step.Evidence {
		if v := n.State.Evidence[f.ID]; v != "" && !f.Private && f.Type == workflow.URL {
			text = workflow.Say("%s\n%s: %s", text, f.Label, cut(v, 300))
		}
	}
	return text
}
