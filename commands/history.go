package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// historyLength is how many events history shows; an export has them all.
const historyLength = 40

// history says who did what in a run, newest first.
func (d *Desk) history(ctx context.Context, req Request) (Reply, error) {
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	events, err := d.Events(ctx, r.ID, historyLength*3)
	if err != nil {
		return Reply{}, err
	}
	page := &Page{Title: "History of " + r.Name()}
	for _, e := range events {
		what := describe(r, e)
		if what.IsZero() || len(page.Rows) >= historyLength {
			continue
		}
		if e.Override && saysText(e.Type) {
			what = workflow.Say("%s, as an admin", what)
		} else if e.Override {
			what = workflow.Say("%s, as an admin: %s", what, e.Text)
		}
		page.Rows = append(page.Rows, row(workflow.Say("%s  %s", e.At, what)))
	}
	page.Foot = append(page.Foot, workflow.Say("%s, newest first.", r.Title()))
	return Reply{Page: page}, nil
}

// describe says an event in words. Events that only follow from others, such as
// a step that opens, are not worth a line.
func describe(r *workflow.Run, e workflow.Event) workflow.Text {
	if e.Stage != "" {
		return describeStage(r, e)
	}
	step := workflow.Text{}
	if n, ok := r.Node(e.Step); ok {
		step = r.StepName(n)
	}
	switch e.Type {
	case workflow.RunStarted:
		if e.Start.Proposed {
			return workflow.Say("%s proposed it", e.Actor)
		}
		return workflow.Say("%s started it", e.Actor)
	case workflow.RunAccepted:
		return workflow.Say("%s accepted it and owns it", e.Actor)
	case workflow.RunCompleted:
		return workflow.Say("all steps are done: it is complete")
	case workflow.RunReopened:
		return workflow.Say("it runs again")
	case workflow.RunCancelled:
		return workflow.Say("%s cancelled it: %s", e.Actor, e.Text)
	case workflow.OwnerChanged:
		return workflow.Say("%s made %s the owner", e.Actor, e.User)
	case workflow.LeadChanged:
		return workflow.Say("%s made %s lead for %s", e.Actor, e.User, r.Definition().TeamName(e.Team))
	case workflow.ListingJoined:
		return workflow.Say("%s added %s", e.Actor, e.Listing.Name())
	case workflow.NoteAdded:
		if step.IsZero() {
			return workflow.Say("%s noted: %s", e.Actor, e.Text)
		}
		return workflow.Say("%s noted on %s: %s", e.Actor, step, e.Text)
	case workflow.StepDone:
		if e.Actor == workflow.Bot {
			return workflow.Say("%s is done", step)
		}
		return workflow.Say("%s did %s", e.Actor, step)
	case workflow.StepSkipped:
		if e.Actor == workflow.Bot {
			return workflow.Say("%s was not asked for", step)
		}
		return workflow.Say("%s skipped %s", e.Actor, step)
	case workflow.StepWaived:
		return workflow.Say("%s waived %s: %s", e.Actor, step, e.Text)
	case workflow.StepReopened:
		if e.Actor == workflow.Bot {
			return workflow.Text{}
		}
		return because(workflow.Say("%s reopened %s", e.Actor, step), e.Text)
	case workflow.StepWanted:
		return workflow.Say("%s asked for %s", e.Actor, step)
	case workflow.StepAssigned:
		if e.User == "" {
			return workflow.Say("%s gave %s back to the team", e.Actor, step)
		}
		return workflow.Say("%s gave %s to %s", e.Actor, step, e.User)
	case workflow.StepDated:
		return workflow.Say("%s moved %s to %s", e.Actor, step, e.Due)
	case workflow.StepOverdue:
		return workflow.Say("%s is late", step)
	case workflow.HelpAsked:
		return workflow.Say("%s asked %s for help with %s", e.Actor, e.User, step)
	case workflow.HelpGiven:
		return workflow.Say("%s wrote a text for %s", e.Actor, step)
	case workflow.PartnerAsked:
		return because(workflow.Say("%s waits for the partner on %s", e.Actor, step), e.Text)
	case workflow.PartnerAnswered:
		return because(workflow.Say("%s took the partner's answer on %s", e.Actor, step), e.Text)
	case workflow.ActionTaken:
		return because(workflow.Say("%s followed up on %s", e.Actor, step), e.Text)
	}
	return workflow.Text{}
}

// because is a sentence with what was said, if anything was.
func because(what workflow.Text, said string) workflow.Text {
	if said == "" {
		return what
	}
	return workflow.Say("%s: %s", what, said)
}

// saysText reports whether the words for an event hold the text that came with
// it, which for every other is the reason an admin gave.
func saysText(t workflow.EventType) bool {
	switch t {
	case workflow.RunCancelled, workflow.NoteAdded, workflow.StepWaived, workflow.StepReopened,
		workflow.PartnerAsked, workflow.PartnerAnswered, workflow.ActionTaken:
		return true
	}
	return false
}

func describeStage(r *workflow.Run, e workflow.Event) workflow.Text {
	stage, ok := r.Definition().StageByID(e.Stage)
	if !ok {
		return workflow.Text{}
	}
	name := workflow.Say("stage %s, %s", stage.Number, stage.Title)
	switch e.Type {
	case workflow.StageOpened:
		return workflow.Say("%s opened", name)
	case workflow.StageRelocked:
		if r.State == workflow.Cancelled && e.At.Equal(r.Ended) {
			return workflow.Text{} // of course
		}
		return workflow.Say("%s is locked again", name)
	case workflow.StageCompleted:
		return workflow.Say("%s is complete", name)
	case workflow.StageAssigned:
		if e.User == "" {
			return workflow.Text{}
		}
		return workflow.Say("%s gave %s to %s", e.Actor, name, e.User)
	case workflow.StageDated:
		return workflow.Say("%s set the date of %s to %s", e.Actor, name, e.Due)
	}
	return workflow.Text{}
}
