package workflow

// This file is about the things that a run keeps elsewhere: who says where they
// are when no step asks for it, or not yet.

// ResourceField is how it is asked where a resource is: as the step asks for it that
// gives the same fact, or else for a link. It is false for what nobody can say by
// hand: what has a fixed address, what the tracker gives, and what is no link.
func (d *Definition) ResourceField(res Resource) (Field, bool) {
	if res.Fact == "" || res.URL != "" {
		return Field{}, false
	}
	f := Field{Type: URL}
	sound := true
	for i := range d.Stages {
		eachStep(d.Stages[i].Steps, func(s *Step) {
			for _, given := range s.Evidence {
				if given.Fact == res.Fact {
					f = given
					sound = sound && given.Tracks == "" && (given.Type == URL || given.Type == VaultItem)
				}
			}
		})
	}
	f.ID, f.Label, f.Optional, f.Fact = FieldID(res.Fact), res.Title, true, res.Fact
	return f, sound
}

// SetResource says where a thing of the run is; empty for no longer known. What is
// so for every run is said by [Service.SetFact].
func (r *Run) SetResource(act Act, fact FactName, value string) error {
	if r.State == Cancelled {
		return r.notNow("changed")
	}
	for _, res := range r.def.Resources {
		f, ok := r.def.ResourceField(res)
		if res.Fact != fact || !ok {
			continue
		}
		if res.Ask != "" {
			return fail(Conflict, "%s is the same for every run, so it is not said of one.", res.Title)
		}
		if value = clean(value); value != "" {
			checked, problem := checkAnswer(f, value)
			if !problem.IsZero() {
				return &Error{Kind: Invalid, Message: problem, Fields: map[FieldID]Text{f.ID: problem}}
			}
			value = checked
		}
		r.Learn(act, fact, value)
		return nil
	}
	return fail(NotFound, "%s keeps no such thing, or a step gives it.", r.Name())
}
