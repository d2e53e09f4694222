package commands

import (
	"context"
	"slices"

	"cloudimage/workflow"
)

// minePage is how many rows a page of `mine` has; each may take two blocks.
const minePage = 40

// mine lists what waits for the person who asks, and which of their steps wait for
// others, in one run or in all. A button carries the page.
func (d *Desk) mine(ctx context.Context, req Request) (Reply, error) {
	runs, err := d.openOr(ctx, req.Target.Run)
	if err != nil {
		return Reply{}, err
	}
	rows, waits := d.work(runs, func(who workflow.UserID) bool { return who == req.User }, false)
	if len(rows)+len(waits) == 0 {
		return Reply{Text: nothingWaits()}, nil
	}
	if len(rows) == 0 {
		rows = append(rows, row(nothingWaits()))
	}
	if len(waits) > 0 {
		rows = append(append(rows, heading("Waiting on others (%d)", len(waits))), waits...)
	}
	_, at := readMark(req.Target.Field)
	from := min(at, (len(rows)-1)/minePage) * minePage
	to := min(from+minePage, len(rows))
	page := &Page{Title: "My open steps", Rows: slices.Clone(rows[from:to]), Brief: len(rows) <= 15}
	turn := Row{}
	if from > 0 {
		turn.Buttons = append(turn.Buttons, Button{Label: "Back", Verb: "mine", Target: Target{Run: req.Target.Run, Field: mark(showMine, from/minePage-1)}})
	}
	if to < len(rows) {
		turn.Buttons = append(turn.Buttons, Button{Label: "More", Verb: "mine", Target: Target{Run: req.Target.Run, Field: mark(showMine, from/minePage+1)}})
	}
	if len(turn.Buttons) > 0 {
		page.Rows = append(page.Rows, turn)
	}
	return Reply{Page: page}, nil
}

// openOr is the run of that id, or all open ones for none.
func (d *Desk) openOr(ctx context.Context, id workflow.RunID) ([]*workflow.Run, error) {
	if id == "" {
		return d.Open(ctx, openRuns)
	}
	r, err := d.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	return []*workflow.Run{r}, nil
}

func nothingWaits() workflow.Text {
	return workflow.Say("Nothing waits for you. I will write to you when something does.")
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
