package workflow

import (
	"cmp"
	"time"
)

// This file is about waits for the partner.

// FieldSubmission is, beside the ticket, the submission that a wait is about.
const FieldSubmission FieldID = "submission"

// Question is what a partner was asked.
type Question struct {
	Asked    string // needed
	Ticket   string // theirs
	Promised Date   // when they said they would answer
	Contact  string // who was asked, on their side
	// About is the id of the submission that it is about, if any: when that goes on or ends,
	// so does the wait.
	About string
}

// AskedPartner is who is asked about a step: the run's partner, or in a run about
// a release that of the listing.
func (r *Run) AskedPartner(key StepKey) string {
	switch l, ok := r.Listing(key.Listing); {
	case r.def.Subject == SubjectPartnership:
		return r.Partner
	case ok && l.Provider != Manual && l.Provider != "":
		return l.Provider.Name()
	}
	return "the partner"
}

// Wait starts a wait for the partner. The step's date pauses until it ends, and
// the partner's clock runs; what was promised to customers does not pause.
func (r *Run) Wait(act Act, key StepKey, version int64, q Question) error {
	n, err := r.openStep(key, version)
	if err != nil {
		return err
	}
	if n.State.Waiting != nil {
		return fail(Conflict, "%s waits for %s already, since %s.", r.StepName(n), r.AskedPartner(n.Key), n.State.Waiting.Since)
	}
	if q.Asked, err = checkText(q.Asked); err != nil {
		return err
	}
	if q.Ticket, err = checkWords(FieldTicket, q.Ticket); err != nil {
		return err
	}
	if q.Contact, err = checkWords(FieldContact, q.Contact); err != nil {
		return err
	}
	if q.About, err = checkWords(FieldSubmission, q.About); err != nil {
		return err
	}
	if err := r.checkPromise(n, act, q.Promised); err != nil {
		return err
	}
	e := act.event(PartnerAsked)
	e.Step, e.Text, e.Date, e.User = key, q.Asked, q.Promised, cmp.Or(act.For, act.Actor)
	if act.Override {
		e.User = "" // an admin helps out, and does not take it over
	}
	for field, text := range map[FieldID]string{FieldTicket: q.Ticket, FieldContact: q.Contact, FieldSubmission: q.About} {
		if text == "" {
			continue
		}
		if e.Evidence == nil {
			e.Evidence = map[FieldID]string{}
		}
		e.Evidence[field] = text
	}
	r.emit(e)
	return nil
}

// checkPromise refuses a day that is none, or that is over.
func (r *Run) checkPromise(n Node, act Act, on Date) error {
	if on == "" {
		return nil
	}
	if _, err := ParseDate(string(on)); err != nil {
		return notDate(FieldPromised)
	}
	return r.checkDay(n.Step.Team, act.At, on, FieldPromised, "The day they promised")
}

// PartnerAnswered ends a wait for the partner, with what they said.
func (r *Run) PartnerAnswered(act Act, key StepKey, version int64, said string) error {
	n, err := r.waitingStep(key, version)
	if err != nil {
		return err
	}
	said, err = checkWords(FieldText, said)
	if err != nil {
		return err
	}
	e := act.event(PartnerAnswered)
	e.Step, e.Text, e.Due = key, said, r.resumed(n, act.At)
	r.emit(e)
	return nil
}

// resumed is the date that a step has again when its wait ends: as many business
// days later as the wait took. The zero time when it stays.
func (r *Run) resumed(n Node, at time.Time) time.Time {
	s := n.State
	if s.Due.IsZero() || r.cal == nil {
		return time.Time{}
	}
	if waited := r.cal.Between(n.Step.Team, s.Waiting.Since, at); waited > 0 {
		return r.cal.After(n.Step.Team, s.Due, waited)
	}
	return time.Time{}
}

// PartnerWrote takes a message of the partner that does not answer: their clock
// begins anew, with the day they promise now, if any.
func (r *Run) PartnerWrote(act Act, key StepKey, version int64, said string, promised Date) error {
	n, err := r.waitingStep(key, version)
	if err != nil {
		return err
	}
	if said, err = checkText(said); err != nil {
		return err
	}
	if err := r.checkPromise(n, act, promised); err != nil {
		return err
	}
	e := act.event(PartnerWrote)
	e.Step, e.Text, e.Date = key, said, promised
	r.emit(e)
	return nil
}

// StillSilent notes that the partner was asked again and does not answer. It
// moves the day of the next follow-up, and nothing else.
func (r *Run) StillSilent(act Act, key StepKey, version int64, note string) error {
	if _, err := r.waitingStep(key, version); err != nil {
		return err
	}
	note, err := checkWords(FieldText, note)
	if err != nil {
		return err
	}
	e := act.event(PartnerSilent)
	e.Step, e.Text = key, note
	r.emit(e)
	return nil
}

// Escalate hands the follow-up to another team at once: by the step's action
// for that, or to the team that owns the run.
func (r *Run) Escalate(act Act, key StepKey, version int64, note string) error {
	n, err := r.waitingStep(key, version)
	if err != nil {
		return err
	}
	team, action := r.EscalatesTo(key)
	switch to := r.lead(team); {
	case to == "":
		return fail(Conflict, "Nobody is known who answers for %s, so there is nobody to hand it to.", r.def.TeamName(team))
	case to == r.Chaser(key):
		return fail(Conflict, "%s is with %s of %s already, and there is nobody above.", r.StepName(n), to, r.def.TeamName(team))
	}
	return r.take(act, n, team, action, note)
}

func (r *Run) waitingStep(key StepKey, version int64) (Node, error) {
	n, err := r.openStep(key, version)
	if err == nil && n.State.Waiting == nil {
		err = fail(Conflict, "%s does not wait for %s.", r.StepName(n), r.AskedPartner(n.Key))
	}
	return n, err
}

// Take takes one of a waiting step's actions. An action of another team than
// the step's hands the follow-up to that team's lead.
func (r *Run) Take(act Act, key StepKey, version int64, action StepID, note string) error {
	n, err := r.openStep(key, version)
	if err != nil {
		return err
	}
	step, found := r.action(key, action)
	if !found || n.State.Waiting == nil {
		return fail(Conflict, "That is for while %s waits for %s, which it does not.", r.StepName(n), r.AskedPartner(n.Key))
	}
	return r.take(act, n, step.Team, action, note)
}

// take notes an action, which hands the follow-up to a team when that is not the
// step's and does not have it already.
func (r *Run) take(act Act, n Node, team TeamID, action StepID, note string) error {
	note, err := checkWords(FieldText, note)
	if err != nil {
		return err
	}
	e := act.event(ActionTaken)
	e.Step, e.Field, e.Text = n.Key, FieldID(action), note
	if to := r.lead(team); (team != n.Step.Team || action == "") && to != r.Chaser(n.Key) {
		e.User = to
	}
	r.emit(e)
	return nil
}

// ActionsFor are the actions that exist for the step now: those of it and of
// the groups it is part of, while it is open and waits.
func (r *Run) ActionsFor(key StepKey) []*Step {
	if s := r.Steps[key]; s == nil || s.Status != Open || s.Waiting == nil {
		return nil
	}
	var out []*Step
	for k, ok := key, true; ok; k, ok = r.parent(k) {
		if p := r.index.byID[k.Step]; !p.lanes(k) {
			out = append(out, p.actions...)
		}
	}
	return out
}

func (r *Run) action(key StepKey, id StepID) (*Step, bool) {
	for _, a := range r.ActionsFor(key) {
		if a.ID == id {
			return a, true
		}
	}
	return nil, false
}
