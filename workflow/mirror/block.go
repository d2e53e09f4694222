package mirror

import (
	"fmt"
	"strings"

	"cloudimage/workflow"
)

// This file composes our part of an issue from the run as it is. It depends on the
// run and on who people are, and on nothing else, so that it changes when they do.

// writer writes what is so of a run.
type writer struct {
	run *workflow.Run
	who func(workflow.UserID) string // people, as the tracker knows them
	// outward says that others than the members of the project read it. They are not told
	// why people decided what they did.
	outward bool
}

// part is our part of an item's text, with its marks.
func (w writer) part(t workflow.Tracking, discreet bool) string {
	var out strings.Builder
	if t.Track == workflow.TrackRelated {
		w.launch(&out)
		w.brief(&out, t.Stage, discreet)
		w.stage(&out, t.Stage)
	} else {
		w.head(&out)
		for i := range w.run.Definition().Stages {
			w.stage(&out, &w.run.Definition().Stages[i])
		}
	}
	return marksOf(itemID(w.run.ID, t.Fact)).framed(out.String())
}

func (w writer) head(out *strings.Builder) {
	r := w.run
	p := r.Progress()
	facts := []string{fmt.Sprintf("**%d of %d steps**", p.Done, p.Total)}
	switch r.State {
	case workflow.Complete:
		facts = append(facts, "**complete**")
	case workflow.Cancelled:
		if r.Superseded() {
			facts = append(facts, "**superseded** by "+plain(r.Next.What)+" ("+plain(r.Next.Name)+")")
			break
		}
		facts = append(facts, "**cancelled**"+w.why(r.Reason))
	}
	if r.Owner != "" {
		facts = append(facts, "owner "+w.who(r.Owner))
	}
	if !r.Promise.IsZero() {
		facts = append(facts, "every listing live by "+w.day(r.Definition().Owner, r))
	}
	out.WriteString(strings.Join(facts, " · ") + "\n")
	w.launch(out)
	names := make([]string, len(r.Listings))
	for i := range r.Listings {
		names[i] = plain(r.ListingName(&r.Listings[i]))
	}
	out.WriteString("\nListings: " + strings.Join(names, ", ") + "\n")
}

func (w writer) day(team workflow.TeamID, r *workflow.Run) string {
	return day(r.Day(team, r.Promise))
}

func (w writer) launch(out *strings.Builder) {
	date, agreed := w.run.Launch()
	switch {
	case date == "":
	case agreed:
		out.WriteString("\nLaunch: **" + day(date) + "**, agreed with the partner\n")
	default:
		out.WriteString("\nLaunch: **" + day(date) + "**, a target and not agreed yet\n")
	}
}

// brief is what a stage opens with. Where others than members of the project can
// read it, it has nothing but links.
func (w writer) brief(out *strings.Builder, stage *workflow.Stage, discreet bool) {
	var rows []string
	for _, fact := range stage.Brief {
		value := w.run.Fact(fact, "")
		field, ok := fieldOf(w.run.Definition(), fact)
		isLink := ok && (field.Type == workflow.URL || field.Type == workflow.URLs)
		if value == "" || !ok || field.Private || field.Type == workflow.VaultItem || !discreet && !isLink {
			continue
		}
		rows = append(rows, "- "+plain(field.Label)+": "+plain(value))
	}
	if len(rows) > 0 {
		out.WriteString("\n#### Brief\n\n" + strings.Join(rows, "\n") + "\n")
	}
}

// fieldOf is the field that makes a fact known.
func fieldOf(def *workflow.Definition, fact workflow.FactName) (found workflow.Field, ok bool) {
	var look func(steps []workflow.Step)
	look = func(steps []workflow.Step) {
		for i := range steps {
			for _, f := range steps[i].Evidence {
				if f.Fact == fact && !ok {
					found, ok = f, true
				}
			}
			look(steps[i].Steps)
		}
	}
	for i := range def.Stages {
		look(def.Stages[i].Steps)
	}
	return found, ok
}

func (w writer) stage(out *strings.Builder, stage *workflow.Stage) {
	r := w.run
	state := r.Stages[stage.ID]
	facts := []string{plain(stage.Number + " " + stage.Title), plain(r.Definition().TeamName(stage.Team).Name)}
	switch {
	case state.Status == workflow.StageComplete:
		facts = append(facts, "complete "+day(r.Day(stage.Team, state.Closed)))
	case state.Status == workflow.StageLocked:
		facts = append(facts, "not open yet")
	case !state.Due.IsZero():
		facts = append(facts, "due "+day(r.Day(stage.Team, state.Due)))
	}
	if state.Assignee != "" {
		facts = append(facts, w.who(state.Assignee))
	}
	out.WriteString("\n#### " + strings.Join(facts, " · ") + "\n\n")
	r.Walk(func(n workflow.Node) bool {
		if n.Stage == stage {
			out.WriteString(strings.Repeat("  ", n.Depth) + w.step(n) + "\n")
		}
		return true
	})
}

// step is the line of a step: with a box where it can be ticked.
func (w writer) step(n workflow.Node) string {
	r, s := w.run, n.State
	name := "**" + n.Number() + "** " + plain(short(n.Step))
	if l, ok := r.Listing(n.Key.Listing); ok && n.Lane() {
		name = plain(r.ListingName(l))
		if !r.IsGroup(n.Key) {
			name = "**" + n.Number() + "** " + name
		}
	}
	given := w.givenUp(n)
	switch {
	case given != "":
		return "- " + name + " · " + given
	case r.IsGroup(n.Key):
		return "- " + name
	case s.Status == workflow.Skipped:
		return "- " + name + " · not needed"
	case n.Step.Optional && !s.Wanted && s.Status != workflow.Done:
		return "- " + name + " · only when it is asked for"
	}
	facts := []string{name}
	switch {
	case s.Status == workflow.Done && s.Actor == workflow.Bot:
		facts = append(facts, "done "+day(r.Day(n.Step.Team, s.At)))
	case s.Status == workflow.Done:
		facts = append(facts, "done "+day(r.Day(n.Step.Team, s.At))+" by "+w.who(s.Actor))
	default:
		facts = append(facts, w.open(n)...)
	}
	return boxLabel(strings.Join(facts, " · "), n.Key, s.Status == workflow.Done || s.Tick != nil)
}

func (w writer) givenUp(n workflow.Node) string {
	if n.State.Status != workflow.Waived {
		return ""
	}
	if n.State.Actor == workflow.Bot { // a newer release has it
		return "given up: " + plain(n.State.Reason)
	}
	return "given up by " + w.who(n.State.Actor) + w.why(n.State.Reason)
}

// why is what somebody typed as a reason, for behind what it is the reason of.
func (w writer) why(reason string) string {
	if w.outward || reason == "" {
		return ""
	}
	return ": " + plain(reason)
}

func (w writer) open(n workflow.Node) (facts []string) {
	r, s := w.run, n.State
	if s.Status == workflow.Locked {
		return nil
	}
	if who := r.Responsible(n.Key); who != "" {
		facts = append(facts, w.who(who))
	}
	if !s.Due.IsZero() {
		late := ""
		if s.Overdue {
			late = ", late"
		}
		facts = append(facts, "due "+day(r.Day(n.Step.Team, s.Due))+late)
	}
	switch t := s.Tick; {
	case t != nil && t.Own:
		facts = append(facts, "ticked by "+w.outsider(t.By)+", who is asked for the evidence in Slack")
	case t != nil:
		facts = append(facts, "ticked by "+w.outsider(t.By)+", to be accepted in Slack")
	}
	if s.Waiting != nil {
		facts = append(facts, "waiting for the partner since "+day(r.Day(n.Step.Team, s.Waiting.Since)))
	}
	return facts
}

func (w writer) outsider(o workflow.Outsider) string {
	switch {
	case o.Handle != "":
		return "@" + o.Handle
	case o.User != "":
		return w.who(o.User)
	}
	return "somebody"
}

// short is a step's title in few words.
func short(s *workflow.Step) string {
	if s.Short != "" {
		return s.Short
	}
	return s.Title
}
