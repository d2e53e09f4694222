package images

import (
	"cmp"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file is what people do to a build: report of it, have it tried again, give it up.

// laneDone is the code of a fault of class [Overtaken] whose lane is done: customers have
// what they wait for.
const laneDone = "done"

// heard is that what a person reported of a step was dealt with. What they reported since
// stays for the next call.
func (b *Build) heard(i int, a *Answer) {
	if s := &b.Steps[i]; a != nil && s.Answer != nil && *s.Answer == *a {
		s.Answer = nil
	}
}

// report notes what a person reported of a step.
func (b *Build) report(i int, asked string, a Answer) error {
	if i < 0 || i >= len(b.Steps) || !slices.Contains(b.Present(), i) || b.Steps[i].Asks == "" || asked != "" && b.Steps[i].Asks != asked || b.Steps[i].State.Over() || b.Steps[i].State == StepFailed {
		return workflow.Fail(workflow.Stale, "That has changed since you looked. Please look again.")
	}
	s := &b.Steps[i]
	s.Answer, s.Asks, s.Due = &a, "", a.At
	return nil
}

// isMoot reports whether a build is over because nobody waits for it any more. What was
// handed in for a lane that another release has is for a person to take back.
func (b *Build) isMoot(i, attempt int, ways Ways, f *Fault) bool {
	s := &b.Steps[i]
	if !ways.ByHand || s.Attempt != attempt || s.State.Over() {
		return false
	}
	in := b.Step(Submit, "", "")
	return f.Code == laneDone || in == nil || in.Ref == "" && in.Answer == nil
}

// moot ends a build by hand that nobody waits for any more. One that was given up
// meanwhile goes on asking for what is to be taken back.
func (b *Build) moot(now time.Time) {
	if b.State != Running && b.State != Stuck {
		return
	}
	for i := range b.Steps {
		if s := &b.Steps[i]; !s.State.Over() {
			s.State, s.Asks, s.Answer, s.Due = StepSkipped, "", nil, time.Time{}
		}
	}
	b.State, b.Ended = Abandoned, now
}

// retry lets what has failed begin anew: one step, or all for a negative number.
// Choice is what the person decided about it.
func (b *Build) retry(i int, choice string, now time.Time) error {
	if len(b.Failed()) == 0 {
		return workflow.Fail(workflow.Conflict, "Nothing of %s has failed any more.", b.Order.Name)
	}
	if i >= len(b.Steps) || i >= 0 && b.Steps[i].State != StepFailed {
		return workflow.Fail(workflow.Stale, "That has changed since you looked. Please look again.")
	}
	for j := range b.Steps {
		s := &b.Steps[j]
		if s.State != StepFailed || i >= 0 && i != j {
			continue
		}
		switch s.Name {
		case Check: // what did not pass is not looked at again: another machine is
			if boot := b.Step(Boot, "", s.Role); boot != nil {
				boot.again(now)
			}
		case Compare:
			for _, role := range []string{FirstBoot, SecondBoot} {
				b.Step(Boot, "", role).again(now)
				b.Step(Check, "", role).again(now)
			}
		}
		if s.Name == Submit && s.Fault.Class == Superseded { // and is signed as it was, or is signed again
			for k := range b.Steps {
				if t := &b.Steps[k]; t.Name == Preview || t.Role == Trial || t.Name == Sign {
					t.again(now)
				}
			}
		}
		s.again(now)
		s.Choice = choice
	}
	if b.State == Stuck && len(b.Failed()) == 0 {
		b.State = Running
	}
	return nil
}

// abandon gives the build up: what it made is removed.
func (b *Build) abandon(by workflow.UserID, now time.Time) error {
	switch b.State {
	case Done:
		return workflow.Fail(workflow.Conflict, "%s is done, so there is nothing to abandon.", b.Order.Name)
	case Clearing, Abandoned:
		return workflow.Fail(workflow.Conflict, "%s is abandoned already.", b.Order.Name)
	}
	if b.Restoring() {
		return b.restoreNoMore(now)
	}
	if s := b.Step(Submit, "", ""); s != nil && s.State == StepDone {
		return workflow.Fail(workflow.Conflict, "%s is on the marketplace already, and what customers have is not taken from them. Restrict the version there if it must go.", b.Order.Name)
	}
	// A step whose first call is on its way, or was made by a process that did not live to
	// tell, has begun as well, and so has one that was begun anew.
	var began []Step
	present := b.Present()
	for i := range b.Steps {
		if s := &b.Steps[i]; s.Name == Submit && s.Answer != nil && !s.Answer.Refused && s.Ref == "" { // it was handed in, and nobody has heard of it yet
			s.Ref = cmp.Or(s.Answer.Ref, b.Order.Product)
		}
		if s := &b.Steps[i]; !s.Since.IsZero() || s.Attempt > 1 || slices.Contains(present, i) {
			began = append(began, *s)
		}
		if s := &b.Steps[i]; !s.State.Over() {
			s.State, s.Due = StepSkipped, time.Time{}
		}
	}
	b.State, b.AbandonedBy = Clearing, by
	// What is under way may land still, and is to be seen by what clears it.
	add := b.adder(now.Add(landing))
	if slices.ContainsFunc(began, func(s Step) bool { return s.Name == Submit || s.Name == Preview }) {
		add(Withdraw, "", "")
	}
	for _, s := range began {
		switch s.Name {
		case Open:
			add(Close, s.Region, "")
		case Capture, Copy:
			add(Discard, s.Region, "")
			if b.Order.ByHand { // there are no labels to find it by
				b.Steps[len(b.Steps)-1].Ref = b.Images[s.Region]
			}
		}
	}
	for _, role := range []string{Builder, FirstBoot, SecondBoot, Trial} {
		if b.Order.ByHand || role == Trial && b.Step(Boot, "", Trial) == nil {
			continue
		}
		add(Remove, "", role)
		b.Steps[len(b.Steps)-1].Phase = clearingMachines
	}
	b.settle(now) // where there is nothing to clear
	return nil
}

// Restoring reports whether the build was with customers before, and only makes public
// again what somebody closed.
func (b *Build) Restoring() bool {
	return slices.ContainsFunc(b.Steps, func(s Step) bool { return s.Reopens && !s.State.Over() })
}

// restoreNoMore leaves what could not be made public again as it is. What customers have
// is not taken from them.
func (b *Build) restoreNoMore(now time.Time) error {
	for i := range b.Steps {
		if s := &b.Steps[i]; s.Reopens && !s.State.Over() && s.State != StepFailed && !s.Since.IsZero() {
			return workflow.Fail(workflow.Conflict, "%s is being made public again at this moment. Wait until that has come to an end.", b.Order.Name)
		}
	}
	for i := range b.Steps {
		if s := &b.Steps[i]; !s.State.Over() {
			s.State, s.Ended, s.Due, s.Fault = StepSkipped, now, time.Time{}, nil
		}
	}
	b.settle(now)
	return nil
}

// kept is that customers have what was to be given up: it came too late. So it is what
// they have, its image stays, and what else was made goes.
func (b *Build) kept(now time.Time) {
	if t := b.Step(Submit, "", ""); t != nil {
		t.State, t.Ended = StepDone, now
	}
	for i := range b.Steps {
		if t := &b.Steps[i]; t.Name == Discard && !t.State.Over() {
			t.State, t.Due = StepSkipped, time.Time{}
		}
	}
	b.State = Running
}
