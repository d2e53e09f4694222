package commands

import "cloudimage/workflow"

// This file says in words what happened in the issue tracker.

func isOfTracker(t workflow.EventType) bool {
	switch t {
	case workflow.ItemLinked, workflow.ItemTroubled, workflow.ItemMended, workflow.ItemRepaired, workflow.ItemWatched, workflow.ItemHeard,
		workflow.ItemLabelled, workflow.FactLearned, workflow.StepTicked, workflow.TickEnded, workflow.TickRefused:
		return true
	}
	return false
}

// inTracker is what a person did in the tracker, in their own name.
func inTracker(d *Desk, r *workflow.Run, e workflow.Event) workflow.Text {
	what := describe(r, e)
	if what.IsZero() {
		return what
	}
	return workflow.Say("%s, in %s", what, d.tracker())
}

func (d *Desk) describeTracker(r *workflow.Run, e workflow.Event) workflow.Text {
	if e.Type == workflow.FactLearned {
		return learned(r, e)
	}
	o := e.Outside
	if o == nil {
		return workflow.Text{}
	}
	item, by := r.ItemName(o.Item), o.By.Text(d.tracker())
	switch e.Type {
	case workflow.ItemLinked:
		if o.Path == "" {
			return workflow.Text{} // it is told when it was seen
		}
		return workflow.Say("%s is followed: %s", item, o.Path)
	case workflow.ItemTroubled:
		return workflow.Say("%s is out of sync: %s", item, o.Trouble.Text(r, d.tracker()))
	case workflow.ItemMended:
		return workflow.Say("%s is in step again", item)
	case workflow.ItemRepaired:
		return workflow.Say("%s decided that %s is to be as the run has it", actor(e), item)
	case workflow.ItemHeard:
		return workflow.Say("%s wrote in %s: %s", by, item, e.Text)
	case workflow.ItemLabelled:
		return workflow.Say("%s has other labels: %s", item, e.Text)
	case workflow.ItemWatched:
		return d.watched(e, item)
	}
	n, ok := r.Node(e.Step)
	if !ok {
		return workflow.Text{}
	}
	step := r.StepName(n)
	switch e.Type {
	case workflow.StepTicked:
		return workflow.Say("%s ticked %s in %s", by, step, d.tracker())
	case workflow.TickRefused:
		return workflow.Say("%s ticked %s in %s, which cannot be done yet", by, step, d.tracker())
	}
	if e.Actor == workflow.Bot {
		return workflow.Say("the box of %s was unticked in %s", step, d.tracker())
	}
	return workflow.Say("%s said that %s is not done, though %s ticked it", actor(e), step, by)
}

// watched says what has become of the merge request; no text for what is not worth
// a line.
func (d *Desk) watched(e workflow.Event, item string) workflow.Text {
	m := e.Outside.Merge
	switch {
	case m == nil:
		return workflow.Text{}
	case m.State != e.Outside.Was:
		switch m.State {
		case workflow.MergeMerged:
			return workflow.Say("%s was merged by %s", item, m.MergedBy.Text(d.tracker()))
		case workflow.MergeClosed:
			return workflow.Say("%s was closed without being merged", item)
		}
		if e.Outside.Was != "" {
			return workflow.Say("%s is open again", item)
		}
		return because(workflow.Say("%s was seen", item), m.Title)
	case m.Approved.Equal(e.At):
		return workflow.Say("%s is approved", item)
	}
	return workflow.Text{}
}

// learned says that a link was given that no step asks for.
func learned(r *workflow.Run, e workflow.Event) workflow.Text {
	title := string(e.Field)
	for _, res := range r.Definition().Resources {
		if res.Fact == workflow.FactName(e.Field) {
			title = res.Title
		}
	}
	if e.Text == "" {
		return workflow.Say("%s took the link away: %s", actor(e), title)
	}
	return workflow.Say("%s said where this is, %s: %s", actor(e), title, e.Text)
}
