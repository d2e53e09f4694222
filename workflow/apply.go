package workflow

import (
	"maps"
	"slices"
	"time"
)

// This file is the only place where a run changes: what each event does to it.

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
	was, wasAgreed := r.Launch()
	r.change(e)
	if is, agreed := r.Launch(); was != "" && (is != was || agreed != wasAgreed) {
		r.Moved = Moved{At: e.At, By: e.Actor, Was: was}
		if e.Type == LaunchMoved {
			r.Moved.Reason = e.Text
		}
	}
}

func (r *Run) change(e Event) {
	r.Version = e.Seq
	r.wait(e)
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
		r.State, r.Ended, r.Reason, r.Next = Cancelled, e.At, e.Text, nil // somebody ended it, and no other run
	case OwnerChanged:
		r.Owner = e.User
	case LeadChanged:
		r.Leads[e.Team] = e.User
	case RunPlanned:
		r.applyPlan(e.Plan)
	case LaunchMoved:
		r.Facts[FactName(e.Field)] = string(e.Date)
	case CoverBegan, CoverEnded, StandinBegan, StandinEnded, PersonLeft:
		r.applyPeople(e)
	case ListingJoined:
		l := *e.Listing
		l.Facts = maps.Clone(l.Facts)
		r.Listings = append(r.Listings, l)
		r.expand()
	case LanesLeft, RunSuperseded, RunClassified, RunSigned:
		r.applyCatalyst(e)
	case FactLearned, FactAsked:
		r.applyFact(e)
	case ItemLinked, ItemTroubled, ItemMended, ItemRepaired, ItemWatched, ItemHeard, ItemLabelled:
		r.applyOutside(e)
	case NoteAdded:
	default:
		switch {
		case e.Stage != "":
			r.applyStage(r.Stages[e.Stage], e)
		case e.Step != (StepKey{}):
			r.applyStep(r.Steps[e.Step], e)
		case e.Type == StepReminded && e.Field == FieldID(MoveFact):
			if ask := r.Asks[FactName(e.Text)]; ask != nil {
				ask.Reminded = remind(ask.Reminded, e)
			}
		case e.Type == StepReminded:
			r.Reminded = remind(r.Reminded, e)
		}
	}
}

func (r *Run) applyStart(e Event) {
	s := e.Start
	r.ID, r.Number, r.Process, r.Hash = s.ID, s.Number, s.Process, s.Hash
	r.Partner, r.Provider, r.Channel = s.Partner, s.Provider, s.Channel
	r.Owner, r.Opener, r.Started = s.Owner, e.Actor, e.At
	r.Promise = s.Promise
	r.Catalyst = s.Catalyst.clone()
	r.Leads = maps.Clone(s.Leads)
	if r.Leads == nil {
		r.Leads = map[TeamID]UserID{}
	}
	r.Listings = cloneListings(s.Listings) // the event's own stay as they were
	r.Facts = map[FactName]string{}
	maps.Copy(r.Facts, s.Carried.Facts)
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
	r.findLanes()
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
			s.Due, s.Planned, s.Reminded = due, true, known(s.Reminded)
			continue
		}
		s := r.Steps[ParseStepKey(name)]
		s.Due, s.Planned, s.Overdue = due, true, false
		s.moved()
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
		s.Due, s.Planned, s.Reminded = e.Due, false, known(s.Reminded)
	case StepReminded:
		s.Reminded = remind(s.Reminded, e)
	}
}

func (r *Run) applyStep(s *StepState, e Event) {
	if e.Type.ages() {
		s.Version = e.Seq
	}
	switch e.Type {
	case StepOpened:
		s.Status = Open
		s.Opened = e.At
		s.calm()
		if !e.Due.IsZero() {
			s.Due, s.Planned = e.Due, true
		}
	case StepRelocked:
		s.Status, s.Tick = Locked, nil
	case StepTicked, TickEnded:
		s.applyTick(e)
	case BuildMoved:
		m := *e.Build
		s.Build = &m
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
		s.Opened, s.Overdue, s.Kept = e.At, false, nil
		s.calm()
		if !e.Due.IsZero() {
			s.Due, s.Planned = e.Due, true
		}
		r.forget(s.Key)
	case StepUndone:
		s.undo(e.At)
		r.forget(s.Key)
	case StepWanted:
		s.Wanted = true
	case StepAssigned:
		s.Assignee = e.User
		s.calm()
	case StepDated:
		s.Due, s.Planned, s.Overdue, s.Snooze = e.Due, e.Planned, false, nil
		s.moved()
	case StepSnoozed:
		s.Snooze = nil
		if !e.Due.IsZero() {
			s.Snooze = &Snooze{User: e.User, Until: e.Due, Reason: e.Text}
		}
	case SnoozeEnded:
		s.Snooze = nil
	case StepReminded:
		s.Reminded = remind(s.Reminded, e)
	case LateTold:
		s.Rung = e.Rung
	case LaunchDayDone:
		s.Launched = e.At
	case StepOverdue:
		s.Overdue = true
	case HelpAsked:
		s.Helpers = append(s.Helpers, Helper{User: e.User, Field: e.Field, By: e.Actor, At: e.At, Until: e.Date, For: e.Evidence[FieldFor]})
	case HelpGiven:
		g := Given{Field: e.Field, User: e.Actor, At: e.At}
		if i := slices.IndexFunc(s.Helpers, func(h Helper) bool { return h.Field == e.Field }); i >= 0 {
			g.By = s.Helpers[i].By
		}
		s.Given = append(s.Given, g)
		s.Helpers = without(s.Helpers, func(h Helper) bool { return h.Field == e.Field })
		if s.Evidence == nil {
			s.Evidence = map[FieldID]string{}
		}
		s.Evidence[e.Field] = e.Text
	default:
		r.applyWait(s, e)
	}
}

// applyWait is applyStep for a wait for the partner.
func (r *Run) applyWait(s *StepState, e Event) {
	w := s.Waiting
	switch e.Type {
	case PartnerAsked:
		s.Waiting = &Wait{For: e.Text, Ticket: e.Evidence[FieldTicket], Contact: e.Evidence[FieldContact], About: e.Evidence[FieldSubmission], Promised: e.Date, By: e.Actor, Since: e.At, Chaser: e.User}
		s.Overdue = false
		s.calm()
	case PartnerAnswered:
		s.endWait(e.At)
		s.Waits[len(s.Waits)-1].Said = e.Text
		if !e.Due.IsZero() {
			s.Due, s.Planned = e.Due, false
		}
		s.calm()
	case PartnerWrote:
		w.Heard, w.Promised, w.Rung = e.At, e.Date, 0
		s.calm()
	case PartnerSilent:
		w.Taken = append(w.Taken, Taken{By: e.Actor, At: e.At, Note: e.Text})
		w.Chased = e.At
		r.chaseAnew(s, "")
	case SilenceTold:
		w.Rung = e.Rung
		if e.User != "" {
			r.chaseAnew(s, e.User)
		}
	case ActionTaken:
		w.Taken = append(w.Taken, Taken{Action: StepID(e.Field), By: e.Actor, At: e.At, Note: e.Text})
		w.Chased = e.At
		r.chaseAnew(s, e.User)
	}
}

// chaseAnew lets the reminders of a follow-up begin anew, with somebody else if
// it was handed over. What others were told of the silence they know.
func (r *Run) chaseAnew(s *StepState, to UserID) {
	if to != "" {
		s.Waiting.Chaser = to
	}
	s.Snooze = nil
	if delete(s.Reminded, r.Acting(r.Chaser(s.Key))); len(s.Reminded) == 0 {
		s.Reminded = nil
	}
}

func (s *StepState) endWait(at time.Time) {
	s.Waits = append(s.Waits, Past{Since: s.Waiting.Since, Until: at, Promised: s.Waiting.Promised})
	s.Waiting = nil
}

// ages reports whether buttons drawn before the event are out of date. They are
// not by what nobody decided, nor by what leaves the step as it was.
func (t EventType) ages() bool {
	switch t {
	case StepOverdue, StepReminded, LateTold, SilenceTold, LaunchDayDone, SnoozeEnded, StepTicked, TickEnded, TickRefused, BuildMoved:
		return false
	}
	return true
}

func (r *Run) close(s *StepState, to Status, e Event) {
	s.Kept = nil
	if to == Done && e.Actor != Bot { // which alone can be undone
		s.Kept = s.kept()
	}
	s.Status, s.Actor, s.At, s.Reason, s.Tick = to, e.Actor, e.At, e.Text, nil
	if s.Waiting != nil {
		s.endWait(e.At)
	}
	s.Helpers, s.Given, s.Overdue = nil, nil, false
	s.calm()
}

// kept is what an undo has to bring back; nil for nothing.
func (s *StepState) kept() *Kept {
	if len(s.Helpers) == 0 && len(s.Given) == 0 && s.Waiting == nil && !s.Overdue && s.At.IsZero() && s.Snooze == nil && s.Reminded == nil && s.Rung == 0 && s.Tick == nil {
		return nil
	}
	return &Kept{s.Helpers, s.Given, s.Waiting, s.Overdue, s.Actor, s.At, s.Reason, s.Snooze, s.Reminded, s.Rung, s.Tick}
}

// undo opens a step as it was before it was closed. Its evidence stays, to be
// offered when it is done again.
func (s *StepState) undo(at time.Time) {
	k := Kept{}
	if s.Kept != nil {
		k = *s.Kept
	}
	s.Status, s.Kept = Open, nil
	if s.Opened.IsZero() { // it was skipped before it opened
		s.Opened = at
	}
	s.Helpers, s.Given, s.Waiting, s.Overdue, s.Actor, s.At, s.Reason = k.Helpers, k.Given, k.Waiting, k.Overdue, k.Actor, k.At, k.Reason
	s.Snooze, s.Reminded, s.Rung, s.Tick = k.Snooze, k.Reminded, k.Rung, k.Tick
	if k.Waiting != nil { // it is not over after all
		if s.Waits = s.Waits[:len(s.Waits)-1]; len(s.Waits) == 0 {
			s.Waits = nil
		}
	}
}

// without is the list without some; nil when nobody is left.
func without(list []Helper, gone func(Helper) bool) []Helper {
	if list = slices.DeleteFunc(list, gone); len(list) == 0 {
		return nil
	}
	return list
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
