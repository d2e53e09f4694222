package workflow

import "time"

// This file answers why a step is with a person, and who hears of it next.

// Hold is how a step comes to be with a person.
type Hold string

// The ways in which a step comes to be with a person.
const (
	ByAssignment Hold = "assigned" // it was given to them, or a group that it is part of was
	ByStage      Hold = "stage"    // they see its stage through
	ByStandin    Hold = "standin"  // they stand in for its team
	ByLead       Hold = "lead"     // they answer for its team
)

// Whose is the person who will do the step, as [Run.Responsible] has it, and how
// it comes to be theirs. At is the step that they were given, when it was a
// group that the step is part of. No person is known where how is empty.
func (r *Run) Whose(key StepKey) (who UserID, how Hold, at StepKey) {
	n, ok := r.Node(key)
	if !ok {
		return "", "", key
	}
	for k, ok := key, true; ok; k, ok = r.parent(k) {
		if who := r.Steps[k].Assignee; who != "" {
			return who, ByAssignment, k
		}
	}
	if who := r.Stages[n.Stage.ID].Assignee; who != "" && n.Step.Team == n.Stage.Team {
		return who, ByStage, key
	}
	if s, ok := r.Standins[n.Step.Team]; ok {
		return s.User, ByStandin, key
	}
	if who := r.Leads[n.Step.Team]; who != "" {
		return who, ByLead, key
	}
	return "", "", key
}

// Told is somebody who hears of a step next, if nobody acts before.
type Told struct {
	Rung
	Who UserID
	// At is zero while it depends on reminders still to come.
	At time.Time
}

// NextTold is who hears next of the partner's silence, while the step waits for
// them, or else of its lateness. Whoever the step is with is not told what they
// know already.
func (r *Run) NextTold(key StepKey) (Told, bool) {
	n, ok := r.Node(key)
	if !ok || n.State.Status != Open || r.IsGroup(key) || r.cal == nil {
		return Told{}, false
	}
	ladder, climbed, with, since := r.def.Lateness, n.State.Rung, r.Responsible(key), r.inVainSince(n)
	if w := n.State.Waiting; w != nil {
		ladder, climbed, with, since = r.def.Silence, w.Rung, r.Chaser(key), r.silentSince(n)
	}
	for _, rung := range ladder[min(climbed, len(ladder)):] {
		who := r.told(n, rung)
		if who == "" || r.Acting(who) == r.Acting(with) {
			continue
		}
		t := Told{Rung: rung, Who: who}
		if !since.IsZero() {
			t.At = r.cal.Opening(n.Step.Team, since, rung.After)
		}
		return t, true
	}
	return Told{}, false
}
