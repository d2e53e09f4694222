package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// Which steps of a run `update` lists, as a target's field. The open ones are
// what people come for; the others are a button away: those that are closed, and
// those that can only be given up, because they are locked or are whole groups.
const (
	openSteps   workflow.FieldID = ""
	closedSteps workflow.FieldID = "closed"
	otherSteps  workflow.FieldID = "other"
)

// update lists what the person who asks may do in a run, or in one group of
// its steps, and nothing else.
func (d *Desk) update(ctx context.Context, req Request) (Reply, error) {
	r, choose, err := d.runOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	page := &Page{Title: "Update a step", Rows: d.undoRows(r, req.User, workflow.StepKey{})}
	undoable := len(page.Rows)
	var stage *workflow.Stage
	others := map[workflow.FieldID]int{}
	r.Walk(func(n workflow.Node) bool {
		if !within(r, n, req.Target.Step.Step) {
			return true
		}
		buttons := d.stepButtons(r, n, req.User)
		if len(buttons) == 0 {
			return true
		}
		if list := listOf(r, n); list != req.Target.Field {
			others[list]++
			return true
		}
		if n.Stage != stage {
			stage = n.Stage
			page.Rows = append(page.Rows, heading("%s. %s", stage.Number, stage.Title))
		}
		if len(buttons) > 2 {
			buttons = append(buttons[:1], Button{Label: "More…", Verb: "step", Target: targetOf(r, n)})
		}
		page.Rows = append(page.Rows, row(stepStatus(r, n), buttons...))
		return true
	})
	if len(page.Rows) == 0 && len(others) == 0 {
		return Reply{Text: workflow.Say("Nothing in %s is yours to change right now. %s shows where it stands.", r.Partner, d.command("status "+r.Name()))}, nil
	}
	if len(page.Rows) == undoable {
		page.Rows = append(page.Rows, row(workflow.Say("None of these steps is yours to change right now.")))
	}
	if links := listButtons(req.Target, r, others); len(links) > 0 {
		page.Rows = append(page.Rows, Row{Buttons: links})
	}
	page.Foot = append(page.Foot, workflow.Say("%s %s. Only what you may do is shown.", r.Name(), r.Partner))
	return Reply{Page: page}, nil
}

// listOf is which list of `update` a step is in.
func listOf(r *workflow.Run, n workflow.Node) workflow.FieldID {
	switch {
	case n.State.Status.Closed():
		return closedSteps
	case n.State.Status == workflow.Locked || r.IsGroup(n.Key):
		return otherSteps
	}
	return openSteps
}

// listButtons are the buttons that lead to the other lists.
func listButtons(here Target, r *workflow.Run, count map[workflow.FieldID]int) []Button {
	var out []Button
	for _, list := range []struct {
		field workflow.FieldID
		label string
	}{{openSteps, "Open steps"}, {closedSteps, "Closed steps"}, {otherSteps, "Other steps"}} {
		if count[list.field] > 0 {
			out = append(out, Button{Label: list.label, Verb: "update", Target: Target{Run: r.ID, Step: here.Step, Field: list.field}})
		}
	}
	return out
}

// within reports whether a step is the one of that id, a lane or a part of it.
// Every step is within none.
func within(r *workflow.Run, n workflow.Node, id workflow.StepID) bool {
	if id == "" || n.Key.Step == id {
		return true
	}
	group, _, ok := r.Definition().Step(id)
	if !ok {
		return true
	}
	for parts := []*workflow.Step{group}; len(parts) > 0; parts = parts[1:] {
		if parts[0].ID == n.Key.Step {
			return true
		}
		for i := range parts[0].Steps {
			parts = append(parts, &parts[0].Steps[i])
		}
	}
	return false
}

// step shows all that the person may do with one step.
func (d *Desk) step(ctx context.Context, req Request) (Reply, error) {
	r, n, choose, err := d.stepOf(ctx, req)
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	if n.Step == nil {
		return d.update(ctx, req)
	}
	page := &Page{Title: "Step " + n.Number(), Rows: append(d.undoRows(r, req.User, n.Key), row(workflow.Say("%s\n%s", fullName(r, n), stepState(r, n))))}
	if tick := d.tickText(r, n, req.User); !tick.IsZero() {
		page.Rows = append(page.Rows, row(tick))
	}
	if n.Step.Standard != "" {
		page.Rows = append(page.Rows, row(workflow.Say("Done means: %s", n.Step.Standard)))
	}
	buttons := d.stepButtons(r, n, req.User)
	for len(buttons) > 0 {
		some := min(len(buttons), 5)
		page.Rows = append(page.Rows, Row{Buttons: buttons[:some]})
		buttons = buttons[some:]
	}
	page.Rows = append(page.Rows, Row{Buttons: []Button{
		{Label: "How-to", Verb: "howto", Target: targetOf(r, n)},
		explainButton(r, n),
		{Label: "Back", Verb: "update", Target: Target{Run: r.ID, Field: listOf(r, n)}},
	}})
	return Reply{Page: page}, nil
}

// stepButtons are the verbs that fit a step as it stands and that the person
// may use on it.
func (d *Desk) stepButtons(r *workflow.Run, n workflow.Node, who workflow.UserID) []Button {
	var out []Button
	for _, v := range d.onSteps {
		if v.verb == workflow.VerbAnswer || v.verb == workflow.VerbUndo { // which are at the top, or in the message that asked
			continue
		}
		if !d.offered(v, r, n, who) {
			continue
		}
		err := d.May(r, workflow.Ask{Who: who, Verb: v.verb, Step: n.Key})
		if err != nil && workflow.KindOf(err) != workflow.NeedReason {
			continue
		}
		if v.verb == workflow.VerbAct {
			out = append(out, actionButtons(r, n)...)
			continue
		}
		out = append(out, Button{Label: v.label(n), Verb: string(v.verb), Target: targetOf(r, n)})
	}
	return out
}

// actionButtons are what can be done while a step waits for the partner, but for
// the escalation, which has a verb of its own.
func actionButtons(r *workflow.Run, n workflow.Node) []Button {
	var out []Button
	_, escalation := r.EscalatesTo(n.Key)
	for _, a := range r.ActionsFor(n.Key) {
		if a.ID == escalation {
			continue
		}
		t := targetOf(r, n)
		t.Field = workflow.FieldID(a.ID)
		out = append(out, Button{Label: cut(short(a), 29) + "…", Verb: string(workflow.VerbAct), Target: t})
	}
	return out
}

// stepStatus says in a few lines which step it is and how it stands.
func stepStatus(r *workflow.Run, n workflow.Node) workflow.Text {
	return workflow.Say("%s\n%s", r.StepName(n), stepState(r, n))
}

// stepState says how a step stands: "with @omar, due 25 Nov".
func stepState(r *workflow.Run, n workflow.Node) workflow.Text {
	s := n.State
	state := workflow.Say("with nobody yet")
	switch who := r.Responsible(n.Key); {
	case s.Status.Closed() && s.Actor != workflow.Bot:
		return workflow.Say("%s by %s, %s", string(s.Status), s.Actor, s.At)
	case s.Status.Closed():
		return workflow.Say("%s, %s", string(s.Status), s.At)
	case s.Status == workflow.Locked:
		return workflow.Say("locked")
	case s.Waiting != nil && s.Waiting.Chaser != "":
		state = workflow.Say("waits for the partner since %s, %s follows up", s.Waiting.Since, s.Waiting.Chaser)
	case s.Waiting != nil:
		state = workflow.Say("waits for the partner since %s", s.Waiting.Since)
	case n.Step.Optional && !s.Wanted && n.Step.AskTeam != "" && r.Leads[n.Step.AskTeam] != "":
		return workflow.Say("asked %s, not needed unless they say so", r.Leads[n.Step.AskTeam])
	case n.Step.Optional && !s.Wanted:
		return workflow.Say("not needed unless somebody asks for it")
	case who != "":
		state = workflow.Say("with %s", who)
	}
	switch {
	case s.Due.IsZero():
	case s.Overdue:
		state = workflow.Say("%s, late since %s", state, s.Due)
	default:
		state = workflow.Say("%s, due %s", state, s.Due)
	}
	if z := s.Snooze; z != nil {
		state = because(workflow.Say("%s\n%s is not reminded of it until %s", state, z.User, z.Until), z.Reason)
	}
	for _, b := range r.Unmet(n.Key) {
		state = workflow.Say("%s\nwaits until %s", state, b.Text())
	}
	return state
}
