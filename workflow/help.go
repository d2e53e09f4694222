package workflow

import "slices"

// This file is about helpers: people who are asked for one text or answer.

// Ask asks a person who need not be of the team for one answer of a step, until
// a day and for some readers, as far as that is known.
func (r *Run) Ask(act Act, key StepKey, version int64, helper UserID, field FieldID, until Date, readers string) error {
	n, err := r.openStep(key, version)
	if err != nil {
		return err
	}
	if _, ok := n.Step.Field(field); !ok {
		return fail(Invalid, "%s asks for no such text, so there is nothing a helper could write.", r.StepName(n))
	}
	if helper == "" {
		return &Error{Kind: Invalid, Message: Say("Choose whom to ask."), Fields: map[FieldID]Text{"helper": Say("Choose whom to ask.")}}
	}
	if hasHelper(n.State.Helpers, helper, field) {
		return fail(Conflict, "%s has been asked for this already.", helper)
	}
	if until != "" {
		if err := r.checkDay(n.Step.Team, act.At, until, "until", "That day"); err != nil {
			return err
		}
	}
	if readers, err = checkWords(FieldFor, readers); err != nil {
		return err
	}
	e := act.event(HelpAsked)
	e.Step, e.User, e.Field, e.Date = key, helper, field, until
	if readers != "" {
		e.Evidence = map[FieldID]string{FieldFor: readers}
	}
	r.emit(e)
	return nil
}

// Answer takes a helper's text; it waits in the step for the team to mark it
// done.
func (r *Run) Answer(act Act, key StepKey, field FieldID, text string) error {
	n, err := r.openStep(key, 0)
	if err != nil {
		return err
	}
	f, ok := n.Step.Field(field)
	if !ok || !slices.ContainsFunc(n.State.Helpers, func(h Helper) bool { return h.Field == field }) {
		return fail(Conflict, "This text is not asked for any more. Thank you all the same.")
	}
	value, problem := "", missing(f)
	if text = clean(text); text != "" {
		value, problem = checkAnswer(f, text)
	}
	if !problem.IsZero() {
		return &Error{Kind: Invalid, Message: problem, Fields: map[FieldID]Text{field: problem}}
	}
	e := act.event(HelpGiven)
	e.Step, e.Field, e.Text = key, field, value
	r.emit(e)
	return nil
}
