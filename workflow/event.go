package workflow

import (
	"maps"
	"slices"
	"time"
)

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
	User     UserID               `json:"user,omitempty"`     // assignee, helper or owner
	Team     TeamID               `json:"team,omitempty"`     // whose lead changed
	Field    FieldID              `json:"field,omitempty"`    // asked for, or answered
	Text     string               `json:"text,omitempty"`     // reason, note or answer
	Due      time.Time            `json:"due,omitzero"`       // a step's or stage's date
	Date     Date                 `json:"date,omitempty"`     // promised by the partner, or wanted from a helper
	Planned  bool                 `json:"planned,omitempty"`  // Due comes from the process
	Evidence map[FieldID]string   `json:"evidence,omitempty"` // of a done step
	Listing  *Listing             `json:"listing,omitempty"`  // that joined
	Plan     map[string]time.Time `json:"plan,omitempty"`     // dates by step key, and by "stage:" and a stage id
	Start    *Start               `json:"start,omitempty"`
	Override bool                 `json:"override,omitempty"` // an admin acted in place of the people it belongs to
}

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
	NoteAdded     EventType = "note.added"

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
	StepWanted      EventType = "step.wanted"
	StepAssigned    EventType = "step.assigned"
	StepDated       EventType = "step.dated"
	StepOverdue     EventType = "step.overdue"
	HelpAsked       EventType = "step.help-asked"
	HelpGiven       EventType = "step.help-given"
	PartnerAsked    EventType = "step.waiting"
	PartnerAnswered EventType = "step.answered"
	ActionTaken     EventType = "step.action"
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
}

// emit applies an event and keeps it for the store.
func (r *Run) emit(e Event) {
	e.Seq = r.Version + 1
	e.At = e.At.UTC().Truncate(time.Millisecond) // what storage keeps, so that a replay is exact
	e.Due = e.Due.UTC()
	r.apply(e)
	r.emitted = append(r.emitted, e)
}

// Replay rebuilds a run from all its events.
func Replay(def *Definition, cal Calendars, events []Event) *Run {
	r := &Run{}
	r.attach(def, cal)
	for _, e := range events {
		r.apply(e)
	}
	return r
}

// apply is the only place where a run changes.
func (r *Run) apply(e Event) {
	r.Version = e.Seq
	switch e.Type {
	case RunStarted:
		r.applyStart(e)
	case RunAccepted:
		r.State, r.Owner, r.Started = Running, e.User, e.At
	case RunCompleted:
		r.State, r.Ended = Complete, e.At
	case RunReopened:
		r.State, r.Ended = Running, time.Time{}
	case RunCancelled:
		r.State, r.Ended, r.Reason = Cancelled, e.At, e.Text
	case OwnerChanged:
		r.Owner = e.User
	case LeadChanged:
		r.Leads[e.Team] = e.User
	case RunPlanned:
		r.applyPlan(e.Plan)
	case ListingJoined:
		l := *e.Listing
		l.Facts = maps.Clone(l.Facts)
		r.Listings = append(r.Listings, l)
		r.expand()
	case NoteAdded:
	default:
		if e.Stage != "" {
			r.applyStage(r.Stages[e.Stage], e)
			return
		}
		r.applyStep(r.Steps[e.Step], e)
	}
}

func (r *Run) applyStart(e Event) {
	s := e.Start
	r.ID, r.Number, r.Process, r.Hash = s.ID, s.Number, s.Process, s.Hash
	r.Partner, r.Provider, r.Channel = s.Partner, s.Provider, s.Channel
	r.Owner, r.Opener, r.Started = s.Owner, e.Actor, e.At
	r.Leads = maps.Clone(s.Leads)
	if r.Leads == nil {
		r.Leads = map[TeamID]UserID{}
	}
	r.Listings = cloneListings(s.Listings) // the event's own stay as they were
	r.Facts = map[FactName]string{}
	if s.Target != "" {
		r.Facts[FactLaunchTarget] = string(s.Target)
	}
	r.State = Running
	if s.Proposed {
		r.State = Proposed
	}
	r.Stages = make(map[StageID]*StageState, len(r.def.Stages))
	for i := range r.def.Stages {
		r.Stages[r.def.Stages[i].ID] = &StageState{Status: StageLocked}
	}
	r.Steps = map[StepKey]*StepState{}
	r.expand()
}

// expand makes the steps that are not there yet: all of them at the start, a
// listing's lanes when it joins.
func (r *Run) expand() {
	r.Walk(func(n Node) bool {
		if n.State == nil {
			r.Steps[n.Key] = &StepState{Key: n.Key, Status: Locked, Version: r.Version}
		}
		return true
	})
}

// applyPlan leaves the versions of steps alone: a button does not grow stale
// because the launch moved.
func (r *Run) applyPlan(plan map[string]time.Time) {
	for name, due := range plan {
		if id, ok := cutStage(name); ok {
			s := r.Stages[id]
			s.Due, s.Planned = due, true
			continue
		}
		s := r.Steps[ParseStepKey(name)]
		s.Due, s.Planned, s.Overdue = due, true, false
	}
}

func (r *Run) applyStage(s *StageState, e Event) {
	switch e.Type {
	case StageOpened:
		s.Status, s.Closed = StageOpen, time.Time{}
		if s.Opened.IsZero() {
			s.Opened = e.At
		}
		if !e.Due.IsZero() {
			s.Due, s.Planned = e.Due, true
		}
	case StageRelocked:
		s.Status, s.Closed = StageLocked, time.Time{}
	case StageCompleted:
		s.Status, s.Closed = StageComplete, e.At
	case StageAssigned:
		s.Assignee = e.User
	case StageDated:
		s.Due, s.Planned = e.Due, false
	}
}

func (r *Run) applyStep(s *StepState, e Event) {
	if e.Type != StepOverdue { // which nobody decided: no button grows stale by it
		s.Version = e.Seq
	}
	switch e.Type {
	case StepOpened:
		s.Status = Open
		s.Opened = e.At
		if !e.Due.IsZero() {
			s.Due, s.Planned = e.Due, true
		}
	case StepRelocked:
		s.Status = Locked
	case StepDone:
		r.close(s, Done, e)
		s.Evidence = nil
		if len(e.Evidence) > 0 { // one that is empty is not stored
			s.Evidence = maps.Clone(e.Evidence)
		}
		r.learn(s.Key, s.Evidence)
	case StepSkipped:
		r.close(s, Skipped, e)
	case StepWaived:
		r.close(s, Waived, e)
	case StepReopened:
		s.Status, s.Actor, s.At, s.Reason = Open, e.Actor, e.At, e.Text
		s.Overdue = false
		if !e.Due.IsZero() {
			s.Due, s.Planned = e.Due, true
		}
		r.forget(s.Key)
	case StepWanted:
		s.Wanted = true
	case StepAssigned:
		s.Assignee = e.User
	case StepDated:
		s.Due, s.Planned, s.Overdue = e.Due, e.Planned, false
	case StepOverdue:
		s.Overdue = true
	case HelpAsked:
		s.Helpers = append(s.Helpers, Helper{User: e.User, Field: e.Field, By: e.Actor, At: e.At, Until: e.Date})
	case HelpGiven:
		s.Helpers = slices.DeleteFunc(s.Helpers, func(h Helper) bool { return h.Field == e.Field })
		if s.Evidence == nil {
			s.Evidence = map[FieldID]string{}
		}
		s.Evidence[e.Field] = e.Text
	case PartnerAsked:
		s.Waiting = &Wait{For: e.Text, Ticket: e.Evidence["ticket"], Promised: e.Date, By: e.Actor, Since: e.At, Chaser: e.User}
	case PartnerAnswered:
		s.Waiting = nil
	case ActionTaken:
		s.Waiting.Taken = append(s.Waiting.Taken, Taken{Action: StepID(e.Field), By: e.Actor, At: e.At, Note: e.Text})
		if e.User != "" {
			s.Waiting.Chaser = e.User
		}
	}
}

func (r *Run) close(s *StepState, to Status, e Event) {
	s.Status, s.Actor, s.At, s.Reason = to, e.Actor, e.At, e.Text
	s.Helpers, s.Waiting, s.Overdue = nil, nil, false
}

// learn makes known the facts that a step's evidence gives.
func (r *Run) learn(key StepKey, evidence map[FieldID]string) {
	r.eachFact(key, func(facts map[FactName]string, f Field) {
		if v := evidence[f.ID]; v != "" {
			facts[f.Fact] = v
		}
	})
}

// forget takes back the facts that a step's evidence gave; the evidence itself
// stays, to be offered when the step is done again.
func (r *Run) forget(key StepKey) {
	r.eachFact(key, func(facts map[FactName]string, f Field) { delete(facts, f.Fact) })
}

func (r *Run) eachFact(key StepKey, visit func(map[FactName]string, Field)) {
	p := r.index.byID[key.Step]
	if p == nil {
		return
	}
	facts := r.Facts
	if l, ok := r.Listing(key.Listing); ok {
		if l.Facts == nil {
			l.Facts = map[FactName]string{}
		}
		facts = l.Facts
	}
	for _, f := range p.step.Evidence {
		if f.Fact != "" {
			visit(facts, f)
		}
	}
}
