package workflow

// This file is what the events of the tracker do to a run.

// applyOutside is change for what concerns an item.
func (r *Run) applyOutside(e Event) {
	o := e.Outside
	if r.Items == nil {
		r.Items = map[FactName]*TrackedItem{}
	}
	it := r.Items[o.Item]
	if it == nil {
		it = &TrackedItem{}
		r.Items[o.Item] = it
	}
	switch e.Type {
	case ItemLinked:
		if it.URL != o.URL {
			*it = TrackedItem{}
		}
		it.URL, it.Path = o.URL, o.Path
		r.Facts[o.Item] = o.URL
	case ItemTroubled:
		t := *o.Trouble
		if it.Trouble == nil || !it.Trouble.Kind.Heals() || !t.Kind.Heals() {
			it.Repair = ""
		}
		it.Trouble, it.Waiting = &t, max(it.Waiting, t.Missed)
	case ItemMended:
		it.Trouble, it.Waiting, it.Repair = nil, 0, ""
	case ItemRepaired:
		it.Repair = o.Trouble.Key
	case ItemWatched:
		m := *o.Merge
		it.Merge = &m
	}
}

// applyTick is applyStep for a box that was ticked in the tracker.
func (s *StepState) applyTick(e Event) {
	switch e.Type {
	case StepTicked:
		s.Tick = &Tick{By: e.Outside.By, Item: e.Outside.Item, At: e.At, Own: e.Outside.Own}
	case TickEnded:
		s.Tick = nil
	}
}

// wait counts what an item in trouble does not tell of.
func (r *Run) wait(e Event) {
	if !e.Tells() {
		return
	}
	for _, it := range r.Items {
		if it.Trouble != nil {
			it.Waiting++
		}
	}
}

// Tells reports whether an event is worth telling those who follow the run in the
// tracker: something was done, given up, decided or promised. What only time did,
// and what is between the bot and one person, is not.
func (e Event) Tells() bool {
	switch e.Type {
	case RunStarted, RunAccepted, RunCompleted, RunReopened, RunCancelled, RunSuperseded, LanesLeft, RunSigned, OwnerChanged, LaunchMoved, ListingJoined,
		StageOpened, StageCompleted, StageAssigned, StageDated,
		StepDone, StepWaived, StepReopened, StepUndone, StepWanted, StepAssigned, StepDated,
		PartnerAsked, PartnerAnswered, PartnerWrote, TickRefused, ItemRepaired:
		return true
	case RunClassified:
		return e.Rejudges()
	case StepSkipped:
		return e.Actor != Bot
	case TickEnded:
		return e.Actor != Bot
	case SilenceTold, ActionTaken:
		return e.User != ""
	}
	return false
}

func (it *TrackedItem) clone() *TrackedItem {
	c := *it
	if it.Merge != nil {
		m := *it.Merge
		c.Merge = &m
	}
	if it.Trouble != nil {
		t := *it.Trouble
		c.Trouble = &t
	}
	return &c
}
