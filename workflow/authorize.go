package workflow

import (
	"slices"
	"strings"
)

// Verb is something a person does to a run.
type Verb string

// The verbs that change a run, and View for reading one.
const (
	VerbView    Verb = "status"
	VerbNew     Verb = "new"
	VerbAccept  Verb = "accept"
	VerbDone    Verb = "done"
	VerbSkip    Verb = "skip"
	VerbWant    Verb = "want"
	VerbWaive   Verb = "waive"
	VerbReopen  Verb = "reopen"
	VerbAssign  Verb = "assign"
	VerbOwner   Verb = "owner"
	VerbAsk     Verb = "ask"
	VerbAnswer  Verb = "answer"
	VerbWait    Verb = "wait"
	VerbPartner Verb = "answered"
	VerbAct     Verb = "act"
	VerbNote    Verb = "note"
	VerbCancel  Verb = "cancel"
	VerbListing Verb = "listing"
)

// Admit refuses people who may not use the bot at all: outsiders, guests, bots
// and deactivated people. Every request passes it first.
func Admit(who Profile, owner TeamName) error {
	switch {
	case who.Deactivated:
		return fail(Denied, "This account is deactivated. Someone from %s can act in its place.", owner)
	case who.Bot:
		return fail(Denied, "Bots and apps cannot act here; a person from %s can.", owner)
	case who.Outsider:
		return fail(Denied, "Only members of this workspace can do that. Please ask your contact in %s.", owner)
	case who.Guest:
		return fail(Denied, "Guests cannot do that. Please ask someone from %s, who can.", owner)
	}
	return nil
}

// Ask is a question of who may: this person, this verb, this step of this run.
type Ask struct {
	Who    UserID
	Verb   Verb
	Step   StepKey // zero for what concerns the whole run
	Field  FieldID // of VerbAnswer
	Reason string  // an admin who acts in place of others has to give one
}

// Authorize says whether the person may. It looks at the run and the teams as
// they are now, and at nothing the person sent beside who they are. A nil error
// with override means that they may as an admin, for the reason they gave.
func Authorize(r *Run, roster Roster, ask Ask) (override bool, err error) {
	if ask.Who == Bot { // what the bot does by itself is never asked for
		return false, fail(Denied, "Only a person can do that.")
	}
	if r.allowed(roster, ask) {
		return false, nil
	}
	if roster.IsAdmin(ask.Who) && ask.Verb != VerbAnswer {
		if strings.TrimSpace(ask.Reason) == "" {
			return false, fail(NeedReason, "This belongs to %s. As an admin you may do it, with a reason.", r.whoMay(roster, ask))
		}
		return true, nil
	}
	return false, r.refusal(roster, ask)
}

func (r *Run) allowed(roster Roster, ask Ask) bool {
	owner := r.def.Owner
	switch ask.Verb {
	case VerbView:
		return true
	case VerbNew:
		return roster.IsMember(owner, ask.Who)
	case VerbAccept:
		return r.speaksFor(roster, owner, ask.Who)
	case VerbWaive, VerbCancel, VerbListing:
		return ask.Who == r.Owner || r.State == Proposed && (ask.Who == r.Opener || roster.IsMember(owner, ask.Who))
	case VerbOwner:
		return ask.Who == r.Owner || roster.IsMember(owner, ask.Who)
	case VerbNote:
		return r.takesPart(roster, ask.Who)
	}
	n, ok := r.Node(ask.Step)
	if !ok {
		step, stage, found := r.def.Step(ask.Step.Step)
		if !found || !step.IsAction() { // which has no state of its own
			return false
		}
		n = Node{Key: ask.Step, Step: step, Stage: stage, State: &StepState{}}
	}
	switch {
	case ask.Who == r.Owner, r.speaksFor(roster, n.Step.Team, ask.Who), r.assigned(ask.Step, ask.Who):
		return true
	case ask.Verb == VerbPartner || ask.Verb == VerbAct:
		if w := n.State.Waiting; w != nil && w.Chaser == ask.Who {
			return true // it was escalated to them
		}
		return n.Step.IsAction() && r.speaksFor(roster, n.Stage.Team, ask.Who) // who escalates is not who is escalated to
	case ask.Verb == VerbAnswer:
		return slices.ContainsFunc(n.State.Helpers, func(h Helper) bool { return h.User == ask.Who && h.Field == ask.Field })
	case ask.Verb == VerbWant || ask.Verb == VerbSkip:
		return n.Step.AskTeam != "" && r.speaksFor(roster, n.Step.AskTeam, ask.Who)
	}
	return false
}

// speaksFor reports whether the person is a member of the team, or leads it in
// this run.
func (r *Run) speaksFor(roster Roster, team TeamID, who UserID) bool {
	return roster.IsMember(team, who) || r.Leads[team] == who
}

// assigned reports whether the step, or a group it is part of, is the person's.
func (r *Run) assigned(key StepKey, who UserID) bool {
	for k, ok := key, true; ok; k, ok = r.parent(k) {
		if s := r.Steps[k]; s != nil && s.Assignee == who {
			return true
		}
	}
	if _, stage, ok := r.def.Step(key.Step); ok {
		return r.Stages[stage.ID].Assignee == who
	}
	return false
}

// takesPart reports whether the run is any business of the person's.
func (r *Run) takesPart(roster Roster, who UserID) bool {
	if who == r.Owner || who == r.Opener {
		return true
	}
	for _, t := range r.def.Teams {
		if roster.IsMember(t.ID, who) || r.Leads[t.ID] == who {
			return true
		}
	}
	for _, s := range r.Steps {
		if s.Assignee == who || slices.ContainsFunc(s.Helpers, func(h Helper) bool { return h.User == who }) {
			return true
		}
	}
	return false
}

// refusal says who can, and what their team does.
func (r *Run) refusal(roster Roster, ask Ask) error {
	switch ask.Verb {
	case VerbWaive:
		return fail(Denied, "Only the project owner may waive a step. Ask %s.", r.whoMay(roster, ask))
	case VerbCancel:
		return fail(Denied, "Only the project owner may cancel %s. Ask %s.", r.Name(), r.whoMay(roster, ask))
	case VerbListing:
		return fail(Denied, "Only the project owner may change the listings of %s. Ask %s.", r.Name(), r.whoMay(roster, ask))
	case VerbNew, VerbAccept:
		return fail(Denied, "%s decides what is started. Ask %s.", r.teamName(roster, r.def.Owner), r.whoMay(roster, ask))
	case VerbOwner:
		return fail(Denied, "Who owns and leads %s is for %s to say. Ask %s.", r.Name(), r.teamName(roster, r.def.Owner), r.whoMay(roster, ask))
	case VerbNote:
		return fail(Denied, "Notes are for those who take part in %s. Ask %s to write it down.", r.Name(), r.whoMay(roster, ask))
	}
	team := r.def.Owner
	if step, _, ok := r.def.Step(ask.Step.Step); ok {
		team = step.Team
	}
	t, _ := r.def.Team(team)
	if problem := roster.Teams[team].Problem; !problem.IsZero() {
		return &Error{Kind: Denied, Message: problem}
	}
	if n, ok := r.Node(ask.Step); ok {
		return fail(Denied, "%s is for %s (%s). Ask %s.", r.StepName(n), r.teamName(roster, team), t.Does, r.whoMay(roster, ask))
	}
	return fail(Denied, "That is for %s (%s). Ask %s.", r.teamName(roster, team), t.Does, r.whoMay(roster, ask))
}

func (r *Run) teamName(roster Roster, id TeamID) TeamName {
	name := r.def.TeamName(id)
	name.Group = roster.Teams[id].Group
	return name
}

// whoMay is the person to turn to, or the team when nobody is known.
func (r *Run) whoMay(roster Roster, ask Ask) any {
	if ask.Verb == VerbWaive || ask.Verb == VerbCancel || ask.Verb == VerbListing {
		if r.Owner != "" {
			return r.Owner
		}
		return r.teamName(roster, r.def.Owner)
	}
	if who := r.Responsible(ask.Step); ask.Step != (StepKey{}) && who != "" {
		return who
	}
	team := r.def.Owner
	if step, _, ok := r.def.Step(ask.Step.Step); ok {
		team = step.Team
	}
	if lead := roster.Teams[team].Lead; lead != "" {
		return lead
	}
	return r.teamName(roster, team)
}
