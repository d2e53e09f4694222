package workflow

// This file is about what the thread of a card tells: the story of the run.

// Stories are the events among those emitted that the thread tells, by their
// sequence numbers. Steps that become late at one moment are one story. A run
// that was just begun has none, for its card is new and says all of it, and an
// undo has none: it takes stories back.
func (r *Run) Stories() (out []int64) {
	if len(r.emitted) == 0 || r.emitted[0].Type == RunStarted || r.emitted[0].Type == StepUndone {
		return nil
	}
	late := false
	for i, e := range r.emitted {
		switch {
		case e.Type == StepOverdue && late:
			continue
		case e.Type == CoverBegan && !r.has(e.User):
			continue
		case (e.Type == PartnerAsked || e.Type == PartnerAnswered) && e.Actor == Bot:
			continue // the message of its build tells of it
		case !r.isStory(e):
			continue
		}
		late = late || e.Type == StepOverdue
		out = append(out, r.emitted[i].Seq)
	}
	return out
}

func (r *Run) isStory(e Event) bool {
	switch e.Type {
	case StageOpened, StageCompleted, StepOverdue, PartnerAsked, PartnerAnswered, PartnerWrote,
		LaunchMoved, StandinBegan, StandinEnded, PersonLeft, CoverBegan, RunCancelled, RunCompleted,
		LanesLeft, RunSigned, ListingJoined,
		ItemHeard, ItemLabelled, StepTicked, TickRefused:
		return true
	case RunClassified:
		return e.Rejudges()
	case ItemTroubled:
		return !e.Outside.Trouble.Kind.Heals() // else the card says it for as long as it lasts
	case ItemWatched:
		return e.Outside.Merge.State != e.Outside.Was && (e.Outside.Was != "" || e.Outside.Merge.State != MergeOpen)
	case SilenceTold, ActionTaken:
		return e.User != "" // it was handed to somebody
	}
	return false
}

// Broadcasts reports whether the whole channel hears of an event, and not only
// who follows the thread: a stage is done, or a step is blocked because the
// partner is silent. Of a catalyst it hears by its card alone.
func (r *Run) Broadcasts(e Event) bool {
	if r.Catalyst != nil {
		return false
	}
	switch e.Type {
	case StageCompleted:
		return true
	case SilenceTold, ActionTaken:
		return e.User != ""
	}
	return false
}

// Holds reports whether what an event tells is still so: a story that an undo
// has taken back is not told any more.
func (r *Run) Holds(e Event) bool {
	switch e.Type {
	case StageOpened:
		return r.Stages[e.Stage].Status != StageLocked
	case StageCompleted:
		s := r.Stages[e.Stage]
		return s.Status == StageComplete && s.Closed.Equal(e.At)
	case RunCompleted:
		return r.State == Complete
	}
	return true
}
