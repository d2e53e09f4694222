package workflow

import "time"

// Event is something that happened to a run. The fields beside the first five
// depend on its type; an event holds everything that is needed to apply it, so
// that replaying a run's events needs no clock and no calendar.
type Event struct {
	Seq   int64     `json:"seq"` // 1 for the first event of a run
	Type  EventType `json:"type"`
	At    time.Time `json:"at"`
	Actor UserID    `json:"actor,omitempty"` // Bot when it followed by itself
	Step  StepKey   `json:"step,omitzero"`

	Stage    StageID              `json:"stage,omitempty"`
	User     UserID               `json:"user,omitempty"`     // assignee, helper, owner, chaser, or who is away, was reminded or has left
	Team     TeamID               `json:"team,omitempty"`     // whose lead or acting maintainer changed
	Field    FieldID              `json:"field,omitempty"`    // asked for, or answered; the launch date that moved, the action taken, the move reminded of; FieldPackages
	Text     string               `json:"text,omitempty"`     // reason, note or answer
	Due      time.Time            `json:"due,omitzero"`       // a step's or stage's date, or the end of a snooze
	Date     Date                 `json:"date,omitempty"`     // promised by the partner, wanted from a helper, or of the launch
	Planned  bool                 `json:"planned,omitempty"`  // Due comes from the process
	Evidence map[FieldID]string   `json:"evidence,omitempty"` // of a done step; the ticket, the contact and the submission of a wait, the readers of a helper's text, the launch date as it was
	Listing  *Listing             `json:"listing,omitempty"`  // that joined
	Plan     map[string]time.Time `json:"plan,omitempty"`     // dates by step key, and by "stage:" and a stage id
	Start    *Start               `json:"start,omitempty"`
	Override bool                 `json:"override,omitempty"` // an admin acted in place of the people it belongs to
	For      UserID               `json:"for,omitempty"`      // who is away, and was acted for
	Cover    *Cover               `json:"cover,omitempty"`    // that began; or that ended because somebody has left
	Standin  *Standin             `json:"standin,omitempty"`
	Undoes   int64                `json:"undoes,omitempty"`   // the event that is taken back, with what followed from it
	Rung     int                  `json:"rung,omitempty"`     // of a ladder, or of reminders; 1 for the first
	Outside  *Outside             `json:"outside,omitempty"`  // what concerns an item, or was done in the tracker
	Catalyst *Catalyst            `json:"catalyst,omitempty"` // as it is judged now; Due is the promise that follows
	Lanes    []ListingID          `json:"lanes,omitempty"`    // that another run goes on with, or that were signed
	Next     *Successor           `json:"next,omitempty"`     // the run that goes on with them
	Build    *BuildMark           `json:"build,omitempty"`    // how the build of a lane stands
}

// FieldPackages is the field of an event by which a catalyst has other packages, and is
// judged as it was.
const FieldPackages FieldID = "packages"

// Rejudges reports whether a catalyst was found to be of another kind, or to be counted
// from another moment.
func (e Event) Rejudges() bool { return e.Type == RunClassified && e.Field != FieldPackages }

// EventType says what happened.
type EventType string

// The event types.
const (
	RunStarted    EventType = "run.started"
	RunAccepted   EventType = "run.accepted"
	RunCompleted  EventType = "run.completed"
	RunReopened   EventType = "run.reopened"
	RunCancelled  EventType = "run.cancelled"
	OwnerChanged  EventType = "run.owner"
	LeadChanged   EventType = "run.lead"
	RunPlanned    EventType = "run.planned"
	ListingJoined EventType = "listing.joined"
	LanesLeft     EventType = "listing.left" // a newer release concerns them
	RunSuperseded EventType = "run.superseded"
	RunClassified EventType = "run.classified" // the catalyst is another kind than it was taken for
	RunSigned     EventType = "run.signed"
	NoteAdded     EventType = "note.added"
	LaunchMoved   EventType = "run.launch"
	CoverBegan    EventType = "run.cover"
	CoverEnded    EventType = "run.cover-ended"
	StandinBegan  EventType = "run.standin"
	StandinEnded  EventType = "run.standin-ended"
	PersonLeft    EventType = "run.left"
	FactLearned   EventType = "run.fact"
	FactAsked     EventType = "run.fact-asked"

	ItemLinked   EventType = "item.linked"
	ItemTroubled EventType = "item.troubled"
	ItemMended   EventType = "item.mended"
	ItemRepaired EventType = "item.repaired" // somebody decided so
	ItemWatched  EventType = "item.watched"  // the merge request has changed
	ItemHeard    EventType = "item.heard"    // somebody wrote there
	ItemLabelled EventType = "item.labelled"

	StageOpened    EventType = "stage.opened"
	StageRelocked  EventType = "stage.locked"
	StageCompleted EventType = "stage.completed"
	StageAssigned  EventType = "stage.assigned"
	StageDated     EventType = "stage.dated"

	StepOpened      EventType = "step.opened"
	StepRelocked    EventType = "step.locked"
	StepDone        EventType = "step.done"
	StepSkipped     EventType = "step.skipped"
	StepWaived      EventType = "step.waived"
	StepReopened    EventType = "step.reopened"
	StepUndone      EventType = "step.undone"
	StepSnoozed     EventType = "step.snoozed"
	SnoozeEnded     EventType = "step.snooze-ended"
	StepReminded    EventType = "step.reminded"
	LateTold        EventType = "step.late-told"
	LaunchDayDone   EventType = "step.launched"
	StepWanted      EventType = "step.wanted"
	StepAssigned    EventType = "step.assigned"
	StepDated       EventType = "step.dated"
	StepOverdue     EventType = "step.overdue"
	HelpAsked       EventType = "step.help-asked"
	HelpGiven       EventType = "step.help-given"
	PartnerAsked    EventType = "step.waiting"
	PartnerAnswered EventType = "step.answered"
	PartnerWrote    EventType = "step.partner-wrote"
	PartnerSilent   EventType = "step.silent"
	SilenceTold     EventType = "step.silence-told"
	ActionTaken     EventType = "step.action"
	StepTicked      EventType = "step.ticked" // in the tracker
	TickEnded       EventType = "step.tick-ended"
	TickRefused     EventType = "step.tick-refused"
	BuildMoved      EventType = "step.build"
)

// Start is what a run is started with.
type Start struct {
	ID       RunID             `json:"id"`
	Number   int               `json:"number"`
	Process  ProcessName       `json:"process"`
	Hash     string            `json:"hash"`
	Partner  string            `json:"partner"`
	Provider Provider          `json:"provider"`
	Listings []Listing         `json:"listings"`
	Target   Date              `json:"target,omitempty"` // launch date aimed at
	Owner    UserID            `json:"owner,omitempty"`  // empty while proposed
	Leads    map[TeamID]UserID `json:"leads,omitempty"`
	Channel  ChannelID         `json:"channel"`
	Proposed bool              `json:"proposed,omitempty"`
	Catalyst *Catalyst         `json:"catalyst,omitempty"`
	Promise  time.Time         `json:"promise,omitzero"`
	// Carried is what the runs had in hand that this one goes on for.
	Carried Carried `json:"carried,omitzero"`
}

// Carried is work that a run takes over from one that it supersedes.
type Carried struct {
	Assignees map[StepKey]UserID  `json:"assignees,omitempty"` // of lanes and steps
	Stages    map[StageID]UserID  `json:"stages,omitempty"`
	Facts     map[FactName]string `json:"facts,omitempty"`
	Notes     map[StepKey]string  `json:"notes,omitempty"`
}
