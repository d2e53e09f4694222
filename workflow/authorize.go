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

	VerbDue      Verb = "due"
	VerbUndo     Verb = "undo"
	VerbSnooze   Verb = "snooze"
	VerbWrote    Verb = "wrote"     // the partner wrote, without answering
	VerbSilent   Verb = "silent"    // the partner was asked again, and is silent still
	VerbEscalate Verb = "escalate"  // hand the follow-up to the owner team
	VerbConfirm  Verb = "confirm"   // the date of a stage
	VerbLaunch   Verb = "launch"    // move its date
	VerbLaunched Verb = "launched"  // what is done with a step on launch day
	VerbDecline  Verb = "decline"   // a step is not done, though its box was ticked
	VerbRepair   Verb = "repair"    // an item is to be as the run has it
	VerbResource Verb = "resources" // where the things of the run are
	VerbClassify Verb = "classify"  // say what kind of catalyst it is
	VerbSign     Verb = "sign"      // what goes live
	VerbBuild    Verb = "build"     // take what is left to build
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
	Stage  StageID // of VerbConfirm
	Field  FieldID // of VerbAnswer
	Reason string  // an admin who acts in place of others has to give one
}

// Leave is how a person may do something.
type Leave struct {
	Override bool   // as an admin, for the reason they gave
	For      UserID // in place of this person, who is away; empty in their own
}

// Authorize says whether the person may. It looks at the run and the teams as
// they are now, and at nothing the person sent beside who they are. Whoever
// covers for somebody may what they may, and acts for them in what is theirs.
func Authorize(r *Run, roster Roster, ask Ask) (Leave, error) {
	if ask.Who == Bot { // what the bot does by itself is never asked for
		return Leave{}, fail(Denied, "Only a person can do that.")
	}
	for _, who := range r.inPlaceOf(ask) {
		as := ask
		if as.Who = who; r.allowed(roster, as) {
			if who == ask.Who {
				who = ""
			}
			return Leave{For: who}, nil
		}
	}
	if roster.IsAdmin(ask.Who) && ask.Verb != VerbAnswer && ask.Verb != VerbSnooze && ask.Verb != VerbUndo && ask.Verb != VerbSign {
		if strings.TrimSpace(ask.Reason) == "" {
			return Leave{}, fail(NeedReason, "This belongs to %s. As an admin you may do it, with a reason.", r.whoMay(roster, ask))
		}
		return Leave{Override: true}, nil
	}
	return Leave{}, r.refusal(roster, ask)
}

// inPlaceOf are the people as whom the person may act, the one whose move it is
// first.
func (r *Run) inPlaceOf(ask Ask) []UserID {
	out := r.covered(ask.Who)
	if len(out) > 1 {
		if i := slices.IndexFunc(out, func(who UserID) bool { return r.isAsked(who, ask) }); i > 0 {
			out[0], out[i] = out[i], out[0]
		}
	}
	return out
}

// isAsked reports whether what the person would do is what the run asks them for.
func (r *Run) isAsked(who UserID, ask Ask) bool {
	n, ok := r.Node(ask.Step)
	switch ask.Verb {
	case VerbAccept:
		return r.lead(r.def.Owner) == who
	case VerbConfirm:
		stage, ok := r.def.StageByID(ask.Stage)
		return ok && r.StageHolder(stage) == who
	case VerbAnswer:
		return ok && slices.ContainsFunc(n.State.Helpers, func(h Helper) bool { return h.User == who && h.Field == ask.Field })
	case VerbWant, VerbSkip:
		return ok && r.lead(n.Step.AskTeam) == who
	case VerbClassify:
		return r.Classifier() == who
	case VerbSign:
		return r.NextSigner() == who
	case VerbView, VerbNew, VerbWaive, VerbCancel, VerbListing, VerbOwner, VerbLaunch, VerbNote, VerbRepair, VerbResource, VerbBuild:
		return false
	}
	return ok && r.Chaser(ask.Step) == who
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
	case VerbLaunch:
		return ask.Who == r.Owner || r.speaksFor(roster, owner, ask.Who) || r.alignsLaunch(roster, ask.Who)
	case VerbConfirm:
		stage, ok := r.def.StageByID(ask.Stage)
		return ok && (ask.Who == r.Owner || r.Stages[stage.ID].Assignee == ask.Who || r.speaksFor(roster, stage.Team, ask.Who))
	case VerbNote, VerbRepair:
		return r.takesPart(roster, ask.Who)
	case VerbResource:
		return r.worksOn(roster, ask.Who)
	case VerbClassify:
		return ask.Who == r.Owner || r.speaksFor(roster, owner, ask.Who)
	case VerbSign:
		return slices.ContainsFunc(r.SignTeams(), func(t TeamID) bool { return r.speaksFor(roster, t, ask.Who) })
	case VerbBuild:
		return ask.Who == r.Owner || r.speaksFor(roster, r.buildTeam(), ask.Who)
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
	case ask.Verb == VerbUndo && n.State.Actor == ask.Who:
		return true // it was theirs to do
	case ask.Who == r.Owner, r.speaksFor(roster, n.Step.Team, ask.Who), r.assigned(ask.Step, ask.Who):
		return true
	case ask.Verb == VerbPartner || ask.Verb == VerbAct || ask.Verb == VerbWrote || ask.Verb == VerbSilent || ask.Verb == VerbEscalate || ask.Verb == VerbSnooze:
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

// speaksFor reports whether the person is a member of the team, leads it in this
// run, or stands in for it.
func (r *Run) speaksFor(roster Roster, team TeamID, who UserID) bool {
	return roster.IsMember(team, who) || r.Leads[team] == who || r.Standins[team].User == who
}

// alignsLaunch reports whether the person answers for a step by which the launch
// is agreed.
func (r *Run) alignsLaunch(roster Roster, who UserID) bool {
	g := r.giver(FactLaunchAgreed, "")
	return g != nil && (r.speaksFor(roster, g.Step.Team, who) || r.assigned(g.Key, who))
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
		if r.speaksFor(roster, t.ID, who) {
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

// worksOn reports whether the person answers for a part of the run. Who is asked
// for one text, or only proposed it, does not.
func (r *Run) worksOn(roster Roster, who UserID) bool {
	if who == r.Owner {
		return true
	}
	for _, t := range r.def.Teams {
		if r.speaksFor(roster, t.ID, who) {
			return true
		}
	}
	for _, s := range r.Steps {
		if s.Assignee == who {
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
	case VerbLaunch:
		return fail(Denied, "When %s launches is for %s to say. Ask %s.", r.Partner, r.teamName(roster, r.def.Owner), r.whoMay(roster, ask))
	case VerbConfirm:
		if stage, ok := r.def.StageByID(ask.Stage); ok {
			return fail(Denied, "The date of stage %s is for %s to confirm. Ask %s.", stage.Number, r.teamName(roster, stage.Team), r.whoMay(roster, ask))
		}
	case VerbClassify:
		return fail(Denied, "What kind of release it is is for %s to say. Ask %s.", r.teamName(roster, r.def.Owner), r.whoMay(roster, ask))
	case VerbSign:
		return r.mayNotSign(roster)
	case VerbBuild:
		return fail(Denied, "Building is for %s. Ask %s.", r.teamName(roster, r.buildTeam()), r.whoMay(roster, ask))
	case VerbRepair:
		return fail(Denied, "What the issue says is for those who take part in %s. Ask %s.", r.Name(), r.whoMay(roster, ask))
	case VerbResource:
		return fail(Denied, "Where the things of %s are is for those to say who work on it. Ask %s.", r.Name(), r.whoMay(roster, ask))
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

// buildTeam is whose the lanes are.
func (r *Run) buildTeam() TeamID {
	for _, places := range r.index.stages {
		for _, p := range places {
			if p.step.PerListing {
				return p.step.Team
			}
		}
	}
	return r.def.Owner
}

func (r *Run) mayNotSign(roster Roster) error {
	teams := r.SignTeams()
	if len(teams) == 0 {
		return fail(Conflict, "Nothing of %s waits for a signature.", r.Name())
	}
	names := Say("%s", r.teamName(roster, teams[0]))
	for _, t := range teams[1:] {
		names = Say("%s or %s", names, r.teamName(roster, t))
	}
	return fail(Denied, "What goes live is for somebody of %s to sign.", names)
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
			return r.Acting(r.Owner)
		}
		return r.teamName(roster, r.def.Owner)
	}
	if who := r.Responsible(ask.Step); ask.Step != (StepKey{}) && who != "" {
		return r.Acting(who)
	}
	team := r.def.Owner
	if step, _, ok := r.def.Step(ask.Step.Step); ok {
		team = step.Team
	}
	if stage, ok := r.def.StageByID(ask.Stage); ok {
		if who := r.StageHolder(stage); who != "" {
			return r.Acting(who)
		}
		team = stage.Team
	}
	if lead := roster.Teams[team].Lead; lead != "" {
		return r.Acting(lead)
	}
	return r.teamName(roster, team)
}
