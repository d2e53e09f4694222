package commands

import (
	"maps"
	"slices"

	"cloudimage/workflow"
)

// whyRun says what holds a run, and who is next.
func (d *Desk) whyRun(r *workflow.Run) *Page {
	page := &Page{Title: "Why " + r.Name(), Rows: []Row{row(runLine(r), Button{Label: "Open", Verb: "status", Target: Target{Run: r.ID}})}}
	def := r.Definition()
	switch r.State {
	case workflow.Proposed:
		page.Rows = append(page.Rows, row(workflow.Say("It is only proposed: somebody of %s has to accept it. That is with %s.", def.TeamName(def.Owner), personOr(r.Acting(r.Lead(def.Owner))))))
		return page
	case workflow.Cancelled:
		page.Rows = append(page.Rows, row(workflow.Say("It has ended: %s", r.Reason)))
		return page
	case workflow.Complete:
		page.Rows = append(page.Rows, row(workflow.Say("Nothing: all its steps are closed.")))
		return page
	}
	page.Rows = append(page.Rows, row(d.deadlineSaid(r)))
	if r.Catalyst != nil && len(r.Catalyst.Evidence) > 0 {
		page.Rows = append(page.Rows, row(workflow.Say("%s\n%s", workflow.Strong("What it was judged by"), evidenceText(r))))
	}
	page.Rows = append(page.Rows, heading("What holds it"))
	holds := worstFirst(r, r.Plan().Holds)
	open := slices.DeleteFunc(slices.Clone(holds), func(n workflow.Node) bool { return n.State.Status == workflow.Locked })
	for _, n := range open[:min(len(open), shownHolds)] {
		page.Rows = append(page.Rows, row(stepStatus(r, n), explainButton(r, n)))
	}
	if more := len(open) - shownHolds; more > 0 {
		page.Rows = append(page.Rows, row(workflow.Say("and %d more open steps", more)))
	}
	if locked := len(holds) - len(open); locked > 0 {
		page.Rows = append(page.Rows, row(workflow.Say("%s locked until these are done.", count(locked, "step is", "steps are"))))
	}
	page.Rows = append(page.Rows, heading("Who is next"))
	page.Rows = append(page.Rows, row(nextText(r)))
	if people := actingText(r, d); len(people) > 0 {
		page.Rows = append(page.Rows, row(lines(people)))
	}
	if def.Subject == workflow.SubjectPartnership {
		page.Rows = append(page.Rows, Row{Buttons: []Button{{Label: "Launch plan", Verb: "launch", Target: Target{Run: r.ID}}, {Label: "History", Verb: "history", Target: Target{Run: r.ID}}}})
	}
	return page
}

// deadlineSaid says when a run is to be over: its launch, or what was promised.
func (d *Desk) deadlineSaid(r *workflow.Run) workflow.Text {
	if r.Definition().Subject == workflow.SubjectPartnership {
		return d.launchSaid(r)
	}
	switch {
	case r.Promise.IsZero():
		return workflow.Say("Nothing was promised to customers.")
	case d.Now().After(r.Promise):
		return workflow.Say("Its listings were promised to be live by %s. That has passed.", r.Promise)
	}
	return workflow.Say("Its listings are promised to be live by %s.", r.Promise)
}

// nextText says who has how many moves now, and the first of each.
func nextText(r *workflow.Run) workflow.Text {
	moves := r.Moves()
	var out []workflow.Text
	for _, who := range slices.Sorted(maps.Keys(moves)) {
		out = append(out, workflow.Say("%s: %s", who, firstOf(moveNames(r, moves[who]), 3)))
	}
	if len(out) == 0 {
		return workflow.Say("Nobody: no open step is with anybody.")
	}
	return lines(out)
}

func moveNames(r *workflow.Run, moves []workflow.Move) []workflow.Text {
	out := make([]workflow.Text, len(moves))
	for i, m := range moves {
		if n, ok := r.Node(m.Key); ok {
			out[i] = r.StepName(n)
		} else if stage, ok := r.Definition().StageByID(m.Stage); ok {
			out[i] = workflow.Say("the date of stage %s", stage.Number)
		} else if res, ok := r.Definition().Resource(workflow.FactName(m.Field)); ok {
			out[i] = workflow.Say("where this is, %s", res.Title)
		} else {
			out[i] = workflow.Say("the proposal")
		}
	}
	return out
}

// actingText says who acts for whom in a run.
func actingText(r *workflow.Run, d *Desk) (out []workflow.Text) {
	for _, who := range slices.Sorted(maps.Keys(r.Covers)) {
		c := r.Covers[who]
		out = append(out, workflow.Say("%s is away until %s, and %s covers.", who, c.Day, c.By))
	}
	for _, team := range slices.Sorted(maps.Keys(r.Standins)) {
		out = append(out, d.standinLine(r.Standins[team]))
	}
	return out
}
