package commands

import (
	"context"
	"slices"
	"time"

	"cloudimage/workflow"
)

// mine lists what waits for the person who asks.
func (d *Desk) mine(ctx context.Context, req Request) (Reply, error) {
	rows, err := d.moves(ctx, req.User)
	if err != nil {
		return Reply{}, err
	}
	if len(rows) == 0 {
		return Reply{Text: nothingWaits()}, nil
	}
	return Reply{Page: &Page{Title: "My open steps", Rows: rows, Brief: len(rows) <= 15}}, nil
}

func nothingWaits() workflow.Text {
	return workflow.Say("Nothing waits for you. I will write to you when something does.")
}

// overview is what the bare command shows: what is mine, and what runs.
func (d *Desk) overview(ctx context.Context, req Request) (Reply, error) {
	page := &Page{Title: "Cloud images", Brief: true}
	mine, err := d.moves(ctx, req.User)
	if err != nil {
		return Reply{}, err
	}
	page.Rows = append(page.Rows, heading("Do next (%d)", len(mine)))
	if len(mine) == 0 {
		page.Rows = append(page.Rows, row(nothingWaits()))
	}
	page.Rows = append(page.Rows, mine[:min(len(mine), 10)]...)
	if more := len(mine) - 10; more > 0 {
		page.Rows = append(page.Rows, row(workflow.Say("%d more of yours: %s", more, d.command("mine"))))
	}
	runs, err := d.Open(ctx, openRuns)
	if err != nil {
		return Reply{}, err
	}
	page.Rows = append(page.Rows, heading("Partnerships (%d)", len(runs)))
	for _, r := range runs[:min(len(runs), 10)] {
		page.Rows = append(page.Rows, row(runLine(r), Button{Label: "Open", Verb: "status", Target: Target{Run: r.ID}}))
	}
	if more := len(runs) - 10; more > 0 {
		page.Rows = append(page.Rows, row(workflow.Say("%d more: %s", more, d.command("status"))))
	}
	page.Rows = append(page.Rows, Row{Text: workflow.Say("%s lists what else I can do.", d.command("help")),
		Buttons: []Button{{Label: "New partnership", Verb: "new", Primary: len(runs) == 0}, {Label: "Read the process", Verb: "process"}}})
	return Reply{Page: page}, nil
}

// moves are the rows of what waits for a person, with the buttons that settle
// each: proposals first, then what is due soonest, then what has no date.
func (d *Desk) moves(ctx context.Context, who workflow.UserID) ([]Row, error) {
	runs, err := d.Open(ctx, openRuns)
	if err != nil {
		return nil, err
	}
	type move struct {
		due time.Time
		row Row
	}
	var all []move
	for _, r := range runs {
		for _, m := range r.Moves()[who] {
			all = append(all, move{dueOf(r, m), d.moveRow(r, m)})
		}
	}
	slices.SortStableFunc(all, func(a, b move) int { return a.due.Compare(b.due) })
	out := make([]Row, len(all))
	for i, m := range all {
		out[i] = m.row
	}
	return out, nil
}

// dueOf is when a move is wanted; what has no date comes last.
func dueOf(r *workflow.Run, m workflow.Move) time.Time {
	n, ok := r.Node(m.Key)
	switch {
	case !ok:
		return r.Started
	case n.State.Due.IsZero():
		return time.Unix(1<<40, 0)
	}
	return n.State.Due
}

func (d *Desk) moveRow(r *workflow.Run, m workflow.Move) Row {
	if m.Kind == workflow.MoveAccept {
		t := Target{Run: r.ID}
		return row(workflow.Say("%s is proposed by %s", workflow.Strong(r.Partner), r.Opener),
			Button{Label: "Accept", Verb: "accept", Primary: true, Target: t}, Button{Label: "Decline…", Verb: "cancel", Target: t})
	}
	n, _ := r.Node(m.Key)
	text := workflow.Say("%s: %s", workflow.Strong(r.Partner), r.StepName(n))
	if s := n.State; s.Overdue {
		text = workflow.Say("%s, late since %s", text, s.Due)
	} else if !s.Due.IsZero() {
		text = workflow.Say("%s, due %s", text, s.Due)
	}
	t := targetOf(r, n)
	button := func(verb workflow.Verb) Button {
		return Button{Label: d.stepVerb(verb).label(n), Verb: string(verb), Target: t}
	}
	switch m.Kind {
	case workflow.MoveAsk:
		return row(workflow.Say("%s\n%s", text, n.Step.Question), button(workflow.VerbWant), button(workflow.VerbSkip))
	case workflow.MoveChase:
		text = workflow.Say("%s\nwaits for the partner since %s", text, n.State.Waiting.Since)
		return row(text, append([]Button{button(workflow.VerbPartner)}, actionButtons(r, n)...)...)
	case workflow.MoveAnswer:
		t.Field = m.Field
		f, _ := n.Step.Field(m.Field)
		return row(workflow.Say("%s\nyou were asked for this: %s", text, f.Label), Button{Label: "Write it…", Verb: string(workflow.VerbAnswer), Target: t})
	}
	return row(text, button(workflow.VerbDone))
}

// stepVerb is a verb on one step, which there is.
func (d *Desk) stepVerb(verb workflow.Verb) *stepVerb {
	for _, v := range d.onSteps {
		if v.verb == verb {
			return v
		}
	}
	panic("commands: no verb " + string(verb))
}
