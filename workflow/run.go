package workflow

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Run is one execution of a process. It changes only through its actions, each
// of which either returns an error and leaves the run as it was, or emits the
// events that changed it. A Run is not safe for concurrent use; what a store
// hands out is a copy that belongs to the caller.
type Run struct {
	ID       RunID               `json:"id,omitzero"`
	Number   int                 `json:"number,omitzero"` // what people call it: R-17
	Process  ProcessName         `json:"process,omitzero"`
	Hash     string              `json:"hash,omitzero"` // of the definition it keeps
	State    RunState            `json:"state,omitzero"`
	Reason   string              `json:"reason,omitzero"` // why it was cancelled or declined
	Partner  string              `json:"partner,omitzero"`
	Provider Provider            `json:"provider,omitzero"`
	Listings []Listing           `json:"listings,omitzero"`
	Facts    map[FactName]string `json:"facts,omitzero"`
	Owner    UserID              `json:"owner,omitzero"`
	Leads    map[TeamID]UserID   `json:"leads,omitzero"`   // who answers for each team in this run
	Channel  ChannelID           `json:"channel,omitzero"` // where its card is
	Opener   UserID              `json:"opener,omitzero"`  // who asked for it
	Started  time.Time           `json:"started,omitzero"` // begun, or accepted if it was proposed
	Ended    time.Time           `json:"ended,omitzero"`   // zero while it is not complete or cancelled
	// Catalyst is what a maintenance run is about; nil for a partnership.
	Catalyst *Catalyst `json:"catalyst,omitzero"`
	// Promise is when every listing is to be live; zero for no promise.
	Promise time.Time `json:"promise,omitzero"`
	// Next is the run that goes on with the lanes which this one has given up; nil
	// while there is none. A run that has given up all it had left is cancelled.
	Next *Successor `json:"next,omitzero"`
	// Signed are the signatures for going live, the oldest first.
	Signed []Signature `json:"signed,omitzero"`
	// Covers are who stands in for a person who is away, by that person, and
	// Standins who stands in for a team.
	Covers   map[UserID]Cover   `json:"covers,omitzero"`
	Standins map[TeamID]Standin `json:"standins,omitzero"`
	// Moved is how the launch got the day that it has now; zero while it has its first.
	Moved Moved `json:"moved,omitzero"`
	// Reminded is how often each person was reminded of the proposal.
	Reminded map[UserID]Reminded `json:"reminded,omitzero"`
	// Asks are what this run asks of a team for every run, by the fact.
	Asks map[FactName]*FactAsk `json:"asks,omitzero"`

	Stages map[StageID]*StageState `json:"stages,omitzero"`
	Steps  map[StepKey]*StepState  `json:"steps,omitzero"`
	// Items are the issues and the merge request that the run keeps in the tracker.
	Items map[FactName]*TrackedItem `json:"items,omitzero"`
	// Version is the number of events so far. What shows an older version is
	// out of date.
	Version int64 `json:"version,omitzero"`

	def     *Definition
	index   *index            // of def
	lanes   map[ListingID]int // where each of Listings is; never changed, but made anew
	cal     Calendars
	emitted []Event
}

// Given is an answer that a helper has sent; the text is in the evidence.
type Given struct {
	Field FieldID   `json:"field,omitzero"`
	User  UserID    `json:"user,omitzero"` // who wrote it
	By    UserID    `json:"by,omitzero"`   // who asked for it
	At    time.Time `json:"at,omitzero"`
}

// Moved is that the launch was put on another day, or agreed.
type Moved struct {
	At     time.Time `json:"at,omitzero"`
	By     UserID    `json:"by,omitzero"`
	Was    Date      `json:"was,omitzero"`
	Reason string    `json:"reason,omitzero"`
}

// RunState is where a run is in its life.
type RunState string

// The states of a run.
const (
	Proposed  RunState = "proposed" // waits for the owner team to accept it
	Running   RunState = "running"
	Complete  RunState = "complete"
	Cancelled RunState = "cancelled"
)

// StageStatus is where a stage is.
type StageStatus string

// The statuses of a stage.
const (
	StageLocked   StageStatus = "locked"
	StageOpen     StageStatus = "open"
	StageComplete StageStatus = "complete"
)

// StageState is a stage of a run.
type StageState struct {
	Status   StageStatus `json:"status,omitzero"`
	Assignee UserID      `json:"assignee,omitzero"` // empty until a person said who
	Due      time.Time   `json:"due,omitzero"`      // zero for no date
	Planned  bool        `json:"planned,omitzero"`  // Due was planned by the process, not confirmed by a person
	Opened   time.Time   `json:"opened,omitzero"`
	Closed   time.Time   `json:"closed,omitzero"`
	// Reminded is how often each person was reminded to confirm its date.
	Reminded map[UserID]Reminded `json:"reminded,omitzero"`
}

// Status is where a step is.
type Status string

// The statuses of a step. Done, skipped and waived steps are closed. A part of
// a skipped or waived step keeps its own status, and is given up with it.
const (
	Locked  Status = "locked" // waits for the steps or stages before it
	Open    Status = "open"
	Done    Status = "done"
	Skipped Status = "skipped" // optional, and not needed
	Waived  Status = "waived"  // needed, and given up by the project owner
)

// Closed reports whether nothing more has to happen.
func (s Status) Closed() bool { return s == Done || s == Skipped || s == Waived }

// StepState is a step of a run, or of one lane of it.
type StepState struct {
	Key    StepKey `json:"key,omitzero"`
	Status Status  `json:"status,omitzero"`
	// Version rises with each change of this step, and of no other, that a button
	// grows stale by; a date that the process plans anew and a reminder are none.
	// A button carries the version it was drawn from.
	Version  int64              `json:"version,omitzero"`
	Wanted   bool               `json:"wanted,omitzero"`   // an optional step somebody asked for
	Assignee UserID             `json:"assignee,omitzero"` // the person who will; empty leaves it to the stage's assignee or lead
	Due      time.Time          `json:"due,omitzero"`
	Planned  bool               `json:"planned,omitzero"` // Due comes from the process, not from a person
	Overdue  bool               `json:"overdue,omitzero"` // its due time has passed while it was open
	Helpers  []Helper           `json:"helpers,omitzero"`
	Given    []Given            `json:"given,omitzero"` // what helpers have sent since it opened
	Waiting  *Wait              `json:"waiting,omitzero"`
	Evidence map[FieldID]string `json:"evidence,omitzero"`
	Actor    UserID             `json:"actor,omitzero"` // who closed or reopened it last; Bot when it happened by itself
	At       time.Time          `json:"at,omitzero"`
	Reason   string             `json:"reason,omitzero"` // of a skip, a waiver or a reopening
	Opened   time.Time          `json:"opened,omitzero"` // when it opened last
	Snooze   *Snooze            `json:"snooze,omitzero"`
	// Tick is a box that was ticked in the tracker and that nobody has answered.
	Tick *Tick `json:"tick,omitzero"`
	// Build is how the last build of a lane stands; nil while none was begun here.
	Build *BuildMark `json:"build,omitzero"`
	// Reminded is how often each person was reminded of it. It begins anew when
	// the step changes hands or gets another date.
	Reminded map[UserID]Reminded `json:"reminded,omitzero"`
	// Rung is how many rungs of the process's lateness ladder were climbed.
	Rung     int       `json:"rung,omitzero"`
	Waits    []Past    `json:"waits,omitzero"`    // that are over, oldest first
	Launched time.Time `json:"launched,omitzero"` // when what is done with it on launch day was done
	Kept     *Kept     `json:"kept,omitzero"`     // what an undo brings back
}

// Kept is how a step stood when it was done, and stands again when that is
// undone, as far as being done changes it.
type Kept struct {
	Helpers  []Helper            `json:"helpers,omitzero"`
	Given    []Given             `json:"given,omitzero"`
	Waiting  *Wait               `json:"waiting,omitzero"`
	Overdue  bool                `json:"overdue,omitzero"`
	Actor    UserID              `json:"actor,omitzero"` // who had reopened it, when and why
	At       time.Time           `json:"at,omitzero"`
	Reason   string              `json:"reason,omitzero"`
	Snooze   *Snooze             `json:"snooze,omitzero"`
	Reminded map[UserID]Reminded `json:"reminded,omitzero"`
	Rung     int                 `json:"rung,omitzero"`
	Tick     *Tick               `json:"tick,omitzero"`
}

// Snooze keeps reminders of a step from a person until a moment.
type Snooze struct {
	User   UserID    `json:"user,omitzero"` // whose reminders; it lapses when the step changes hands
	Until  time.Time `json:"until,omitzero"`
	Reason string    `json:"reason,omitzero"`
}

// Reminded is how often a person was reminded of something, and when last.
type Reminded struct {
	Times int       `json:"times,omitzero"`
	Last  time.Time `json:"last,omitzero"`
}

// Helper is a person asked for one answer of a step, with rights to just that.
type Helper struct {
	User  UserID    `json:"user,omitzero"`
	Field FieldID   `json:"field,omitzero"`
	By    UserID    `json:"by,omitzero"`
	At    time.Time `json:"at,omitzero"`
	Until Date      `json:"until,omitzero"` // when the answer is wanted; empty for no date
	For   string    `json:"for,omitzero"`   // who will read it; may be empty
}

// Wait is a step's wait for the partner.
type Wait struct {
	For      string    `json:"for,omitzero"`      // what was asked of them
	Ticket   string    `json:"ticket,omitzero"`   // theirs; may be empty
	Promised Date      `json:"promised,omitzero"` // when they said they would answer; may be empty
	By       UserID    `json:"by,omitzero"`
	Since    time.Time `json:"since,omitzero"`
	Chaser   UserID    `json:"chaser,omitzero"`  // who follows up; changes hands on escalation
	Contact  string    `json:"contact,omitzero"` // who was asked, on their side; may be empty
	About    string    `json:"about,omitzero"`   // the submission that it is about and ends with; may be empty
	Taken    []Taken   `json:"taken,omitzero"`
	Chased   time.Time `json:"chased,omitzero"` // when they were last asked again; zero for never
	Heard    time.Time `json:"heard,omitzero"`  // when they last wrote without answering; zero for never
	// Rung is how many rungs of the process's silence ladder were climbed.
	Rung int `json:"rung,omitzero"`
}

// Past is a wait for the partner that is over.
type Past struct {
	Since    time.Time `json:"since,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	Promised Date      `json:"promised,omitzero"` // the last day they promised; empty for none
	Said     string    `json:"said,omitzero"`     // what they answered; empty when the step was closed instead
}

// Taken is an action somebody took while waiting.
type Taken struct {
	Action StepID    `json:"action,omitzero"`
	By     UserID    `json:"by,omitzero"`
	At     time.Time `json:"at,omitzero"`
	Note   string    `json:"note,omitzero"`
}

// Calendars answers for the business days of teams. Implementations must be
// safe for concurrent use and answer for unknown teams as for a team with the
// default calendar.
type Calendars interface {
	// After is the close of business of the nth business day strictly after from.
	After(team TeamID, from time.Time, n int) time.Time
	// Before is the close of business of the nth business day before target.
	Before(team TeamID, target Date, n int) time.Time
	// At is the close of business on date, whether or not it is a business day,
	// in the team's zone; that zone also says what day it is for the team.
	At(team TeamID, date Date) time.Time
	// Opening is when business opens on the nth business day strictly after
	// from; for n = 0 on from's own day, or the first business day after it.
	Opening(team TeamID, from time.Time, n int) time.Time
	// Between counts the business days after from's day, up to and including
	// to's.
	Between(team TeamID, from, to time.Time) int
}

// Definition is the process the run keeps.
func (r *Run) Definition() *Definition { return r.def }

// Attach gives a run that was read from storage the definition it was started
// with and the calendars to plan by. The definition's hash must be the run's.
func (r *Run) Attach(def *Definition, cal Calendars) error {
	if def.Hash != r.Hash {
		return fmt.Errorf("run %s keeps definition %.12s, not %.12s", r.ID, r.Hash, def.Hash)
	}
	r.attach(def, cal)
	r.findLanes()
	return nil
}

func (r *Run) attach(def *Definition, cal Calendars) {
	r.def, r.index, r.cal = def, newIndex(def), cal
}

// Name is what people call the run: "R-17".
func (r *Run) Name() string { return fmt.Sprintf("R-%d", r.Number) }

// Title is what the run is about: "DigitalOcean: First-time image".
func (r *Run) Title() string { return r.Partner + ": " + r.def.Title }

// Clone is a deep copy with no emitted events.
func (r *Run) Clone() *Run {
	c := *r
	c.emitted = nil
	c.Facts = maps.Clone(r.Facts)
	c.Leads = maps.Clone(r.Leads)
	c.Covers, c.Standins, c.Reminded = maps.Clone(r.Covers), maps.Clone(r.Standins), maps.Clone(r.Reminded)
	c.Listings = cloneListings(r.Listings)
	c.Signed = slices.Clone(r.Signed)
	if r.Items != nil {
		c.Items = make(map[FactName]*TrackedItem, len(r.Items))
		for fact, it := range r.Items {
			c.Items[fact] = it.clone()
		}
	}
	if r.Asks != nil {
		c.Asks = make(map[FactName]*FactAsk, len(r.Asks))
		for fact, ask := range r.Asks {
			c.Asks[fact] = ask.clone()
		}
	}
	c.Stages = make(map[StageID]*StageState, len(r.Stages))
	for id, s := range r.Stages {
		copied := *s
		copied.Reminded = maps.Clone(s.Reminded)
		c.Stages[id] = &copied
	}
	c.Steps = make(map[StepKey]*StepState, len(r.Steps))
	steps := make([]StepState, 0, len(r.Steps)) // one piece of memory for all
	for key, s := range r.Steps {
		steps = append(steps, s.clone())
		c.Steps[key] = &steps[len(steps)-1]
	}
	return &c
}

func (s *StepState) clone() StepState {
	c := *s
	c.Helpers, c.Given = slices.Clone(s.Helpers), slices.Clone(s.Given)
	c.Evidence, c.Reminded = maps.Clone(s.Evidence), maps.Clone(s.Reminded)
	c.Waiting, c.Waits = s.Waiting.clone(), slices.Clone(s.Waits)
	c.Snooze = s.Snooze.clone()
	c.Tick = s.Tick.clone()
	if s.Build != nil {
		m := *s.Build
		c.Build = &m
	}
	if s.Kept != nil {
		k := *s.Kept
		k.Helpers, k.Given, k.Waiting, k.Snooze, k.Reminded, k.Tick = slices.Clone(k.Helpers), slices.Clone(k.Given), k.Waiting.clone(), k.Snooze.clone(), maps.Clone(k.Reminded), k.Tick.clone()
		c.Kept = &k
	}
	return c
}

func (t *Tick) clone() *Tick {
	if t == nil {
		return nil
	}
	c := *t
	return &c
}

func (w *Wait) clone() *Wait {
	if w == nil {
		return nil
	}
	c := *w
	c.Taken = slices.Clone(w.Taken)
	return &c
}

func (z *Snooze) clone() *Snooze {
	if z == nil {
		return nil
	}
	c := *z
	return &c
}

// Emitted are the events since the run was loaded or cloned, oldest first.
func (r *Run) Emitted() []Event { return r.emitted }

// Listing is the listing of that id.
func (r *Run) Listing(id ListingID) (*Listing, bool) {
	if i, ok := r.lanes[id]; ok {
		return &r.Listings[i], true
	}
	return nil, false
}

// findLanes notes where each listing is. The copies of a run share it.
func (r *Run) findLanes() {
	r.lanes = make(map[ListingID]int, len(r.Listings))
	for i := range r.Listings {
		r.lanes[r.Listings[i].ID] = i
	}
}

// Fact is what the run knows by that name; for a lane, what its listing knows,
// else the run. Empty when unknown.
func (r *Run) Fact(name FactName, listing ListingID) string {
	if l, ok := r.Listing(listing); ok {
		if v := l.Facts[name]; v != "" {
			return v
		}
	}
	return r.Facts[name]
}

// Launch is the agreed launch date and true, or the target date and false.
func (r *Run) Launch() (date Date, agreed bool) {
	if d := r.Facts[FactLaunchAgreed]; d != "" {
		return Date(d), true
	}
	return Date(r.Facts[FactLaunchTarget]), false
}

// isEnded reports whether no step of the run can change any more, short of
// reopening one.
func (r *Run) isEnded() bool { return r.State == Complete || r.State == Cancelled }
