package images

import (
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file says which steps there are, and what becomes of them. Nothing here asks a
// cloud.

// The roles of machines: the one that an image is made from, two that are made from the
// image, and one that is made from the marketplace's preview of it.
const (
	Builder    = "builder"
	FirstBoot  = "boot1"
	SecondBoot = "boot2"
	Trial      = "preview"
)

// order is the order that steps come in; those with the same number go on side by
// side.
var order = map[StepName]int{
	Launch: 1, Install: 2, Clean: 3, Stop: 4, Capture: 5, Boot: 6, Check: 7, Compare: 8, Remove: 9, Copy: 10, Mark: 11,
	Preview: 12, Sign: 16, Retire: 17, Open: 18, Submit: 18, Deprecate: 19,
	Withdraw: 30, Close: 31, Discard: 33,
}

const (
	// trying is where a machine from the preview is started; it is looked at and removed in
	// the phases after it.
	trying = 13
	// clearingMachines is where the machines of an abandoned build are removed: before the
	// images that are made of them.
	clearingMachines = 32
)

// limits are how long an attempt may take before somebody is asked. They are generous:
// what is stuck costs little, and what is given up too early costs everything.
var limits = map[StepName]time.Duration{
	Launch: 20 * time.Minute, Install: 75 * time.Minute, Clean: 40 * time.Minute, Stop: 20 * time.Minute,
	Capture: 90 * time.Minute, Boot: 20 * time.Minute, Check: time.Hour, Remove: 30 * time.Minute, Copy: 3 * time.Hour, Mark: 30 * time.Minute,
	Preview: 48 * time.Hour, Retire: 24 * time.Hour, Open: 6 * time.Hour, Submit: 72 * time.Hour, Deprecate: time.Hour,
	Withdraw: 24 * time.Hour, Close: time.Hour, Discard: time.Hour,
}

const (
	// builderLives and bootLives are after how long a machine ends itself.
	builderLives = 4 * time.Hour
	bootLives    = 2 * time.Hour
	// calls is how long a call to a cloud may take, and landing how long after it was
	// given up it may still have an effect.
	calls   = time.Minute
	landing = 2 * calls
	// relaunches is how often what was lost with a machine is done again by itself.
	relaunches = 2
	// mostLog is how much of what a script said is kept, in bytes: the end of it.
	mostLog = 16 << 10
)

// limitOf is how long an attempt of a step may take in a cloud; 0 for as long as it likes.
func (w Ways) limitOf(name StepName) time.Duration {
	if w.ByHand {
		return 0 // people are reminded by the run
	}
	if own, ok := w.Limits[name]; ok {
		return own
	}
	return limits[name]
}

// newBuild is a build of an order in a cloud with its ways.
func newBuild(id BuildID, plan PlanID, o Order, ways Ways, now time.Time) *Build {
	b := &Build{ID: id, Plan: plan, Order: o, State: Running}
	add := b.adder(now)
	if ways.ByHand {
		add(Capture, "", "")
		add(Check, "", "")
		b.addPublishing(ways, now)
		return b
	}
	add(Launch, "", Builder)
	add(Install, "", Builder)
	add(Clean, "", Builder)
	add(Stop, "", Builder)
	add(Capture, o.Region, "")
	add(Boot, "", FirstBoot)
	add(Boot, "", SecondBoot)
	add(Check, "", FirstBoot)
	add(Check, "", SecondBoot)
	add(Compare, "", "")
	for _, role := range []string{Builder, FirstBoot, SecondBoot} {
		add(Remove, "", role)
	}
	for _, r := range o.Regions {
		if r != o.Region {
			add(Copy, r, "")
		}
	}
	for _, r := range o.Regions {
		add(Mark, r, "")
	}
	if o.Publishes() {
		b.addPublishing(ways, now)
	}
	return b
}

// adder adds pending steps.
func (b *Build) adder(now time.Time) func(name StepName, region, role string) {
	return func(name StepName, region, role string) {
		b.Steps = append(b.Steps, Step{Name: name, Region: region, Role: role, Phase: order[name], State: StepPending, Attempt: 1, Due: now})
	}
}

func (b *Build) addPublishing(ways Ways, now time.Time) {
	add := b.adder(now)
	if ways.Previews && b.Order.Product != "" {
		add(Preview, "", "")
		if ways.Tries {
			for i, name := range []StepName{Boot, Check, Remove} {
				add(name, "", Trial)
				b.Steps[len(b.Steps)-1].Phase = trying + i
			}
		}
	}
	add(Sign, "", "")
	if b.Order.Hides > 0 && !ways.RetiresAlong {
		add(Retire, "", "")
	}
	if b.Order.Public {
		for _, r := range b.Order.Regions {
			add(Open, r, "")
		}
	}
	if b.Order.Product != "" {
		add(Submit, "", "")
	}
	if b.Order.Public {
		for _, r := range b.Order.Regions {
			add(Deprecate, r, "")
		}
	}
}

// publish adds the way to customers to a build that was a private one.
func (b *Build) publish(o Order, ways Ways, now time.Time) error {
	switch {
	case b.State != Done:
		return workflow.Fail(workflow.Conflict, "%s is not built yet.", b.Order.Name)
	case b.Order.Publishes():
		return workflow.Fail(workflow.Conflict, "%s is published already.", b.Order.Name)
	case b.Order.Run == "":
		return workflow.Fail(workflow.Conflict, "%s belongs to no run, so nobody could sign it. Build it from the card of its release.", b.Order.Name)
	case o.Account != b.Order.Account:
		return workflow.Fail(workflow.Conflict, "%s is in another account than the one that is configured now, so it is not published from here.", b.Order.Name)
	}
	b.Order.Public, b.Order.Unblock, b.Order.Product, b.Order.Title, b.Order.Hides, b.Order.Notes = o.Public, o.Unblock, o.Product, o.Title, o.Hides, o.Notes
	b.Order.Texts = o.Texts
	b.State, b.Ended = Running, time.Time{}
	b.addPublishing(ways, now)
	return nil
}

// moved is what a call for a step came to. A step that was dealt with otherwise
// meanwhile stays as it is.
func (b *Build) moved(i, attempt int, p Progress, ways Ways, now time.Time) {
	s := &b.Steps[i]
	if s.Attempt != attempt || s.State.Over() || s.State == StepFailed {
		return
	}
	if s.Since.IsZero() {
		s.Since = now
	}
	s.State, s.Failures, s.Fault = StepWorking, 0, nil
	if p.Ref != "" {
		s.Ref = p.Ref
	}
	s.Asks = p.Asks
	s.Memory, s.Percent, s.Note, s.Due = p.Memory, p.Percent, discreet(p.Note), later(now, p.Again)
	if p.Output != "" {
		s.Log = tail(discreet(p.Output))
	}
	if !p.Done {
		if limit := ways.limitOf(s.Name); limit > 0 && now.Sub(s.Since) > limit {
			b.failed(i, attempt, &Fault{Class: TooLong, Said: s.Note}, now)
		}
		return
	}
	b.Unproven = b.Unproven || p.Silent
	s.State, s.Ended, s.Percent, s.Due, s.Asks = StepDone, now, 0, time.Time{}, ""
	if p.Kept {
		b.kept(now)
	}
	if (s.Name == Capture || s.Name == Copy) && s.Ref != "" {
		if b.Images == nil {
			b.Images = map[string]string{}
		}
		b.Images[s.Region] = s.Ref
	}
	b.settle(now)
}

// stumbled is that a call for a step has failed.
func (b *Build) stumbled(i, attempt int, f *Fault, ways Ways, now time.Time) {
	s := &b.Steps[i]
	if s.Attempt != attempt || s.State.Over() || s.State == StepFailed {
		return
	}
	if s.Since.IsZero() {
		s.Since = now
	}
	s.Failures++
	s.Fault = f.discreet()
	if f.Log != "" {
		s.Log = tail(discreet(f.Log))
	}
	limit := ways.limitOf(s.Name)
	switch {
	case f.Class.Heals() && (limit == 0 || now.Sub(s.Since) <= limit):
		if f.Class == Unknown {
			s.State = StepUnsure
		} else if s.State == StepPending {
			s.State = StepWorking
		}
		s.Due = later(now, pause(s.Failures, f.After, s.Key(b.ID)))
	case f.Class.Heals():
		late := *s.Fault
		late.Class = TooLong
		b.failed(i, attempt, &late, now)
	case f.Class == Gone && b.relaunch(s, now):
	default:
		b.failed(i, attempt, s.Fault, now)
	}
}

func (b *Build) failed(i, attempt int, f *Fault, now time.Time) {
	s := &b.Steps[i]
	s.State, s.Ended, s.Due, s.Fault, s.Asks = StepFailed, now, time.Time{}, f, ""
	if b.State == Running {
		b.State = Stuck
	}
}

// relaunch begins again with what was lost with a machine. It reports whether it
// did: not for ever.
func (b *Build) relaunch(s *Step, now time.Time) bool {
	var again []StepName
	switch s.Name {
	case Install, Clean, Stop, Capture:
		again = []StepName{Launch, Install, Clean, Stop, Capture}
	case Launch:
		again = []StepName{Launch}
	case Boot, Check:
		again = []StepName{Boot, Check}
	default:
		return false
	}
	role := s.Role
	if s.Name == Capture {
		role = Builder
	}
	for i := range b.Steps {
		t := &b.Steps[i]
		if slices.Contains(again, t.Name) && (t.Role == role || t.Name == Capture) && t.Attempt > relaunches {
			return false
		}
	}
	for i := range b.Steps {
		t := &b.Steps[i]
		if slices.Contains(again, t.Name) && (t.Role == role || t.Name == Capture) {
			t.again(now)
		}
	}
	return true
}

// again lets a step begin anew.
func (s *Step) again(now time.Time) {
	had := s.Ref
	*s = Step{Name: s.Name, Region: s.Region, Role: s.Role, Phase: s.Phase, State: StepPending, Attempt: s.Attempt + 1, Due: now, Queued: s.Queued, Reopens: s.Reopens}
	if s.Name == Discard { // what is to be removed is the same
		s.Ref = had
	}
}

// unsigned lets the build wait for signatures before it goes on with a step. Of the step
// nothing is outside, so that it begins anew; that it may have been begun by a process
// that did not live to tell, it finds out by its key, so the attempt stays the same.
func (b *Build) unsigned(i, attempt int, now time.Time) {
	s := &b.Steps[i]
	if s.Attempt != attempt || s.State.Over() || s.State == StepFailed {
		return
	}
	*s = Step{Name: s.Name, Region: s.Region, Role: s.Role, Phase: s.Phase, State: StepPending, Attempt: s.Attempt, Due: now, Reopens: s.Reopens, Choice: s.Choice}
	if t := b.Step(Sign, "", ""); t != nil && t.State.Over() {
		t.again(now)
	}
}

// settle notes that the build has come to its end, if it has.
func (b *Build) settle(now time.Time) {
	for i := range b.Steps {
		if !b.Steps[i].State.Over() {
			return
		}
	}
	switch b.State {
	case Running, Stuck:
		b.State = Done
	case Clearing:
		b.State, b.Images = Abandoned, nil
	}
	b.Ended = now
}

// later is a moment as it is kept.
func later(now time.Time, d time.Duration) time.Time { return now.Add(d).Truncate(time.Millisecond) }

// tail is the end of a log.
func tail(s string) string {
	if len(s) <= mostLog {
		return s
	}
	return "…" + s[len(s)-mostLog:]
}
