package images

import (
	"fmt"
	"slices"
	"time"

	"cloudimage/workflow"
)

// BuildID identifies a build. What it makes in a cloud carries it.
type BuildID string

// PlanID identifies what was confirmed together: builds that are told of in one
// message.
type PlanID string

// Build is the making of one image and, where that was ordered, its way to
// customers.
type Build struct {
	ID    BuildID `json:"id"`
	Plan  PlanID  `json:"plan"`
	Order Order   `json:"order"`
	State State   `json:"state"`
	Steps []Step  `json:"steps"` // in order
	// Ended is when it came to its end; zero before.
	Ended time.Time `json:"ended,omitzero"`
	// AbandonedBy is who gave it up; empty while nobody has.
	AbandonedBy workflow.UserID `json:"abandoned_by,omitzero"`
	// Unproven says that its machines carried nothing out, so that nothing was verified.
	Unproven bool `json:"unproven,omitzero"`
	// Images are what was made, by region.
	Images map[string]string `json:"images,omitzero"`
	// Revision rises with each change, by its book.
	Revision int64 `json:"-"`
}

// State is how a build stands.
type State string

// The states of a build.
const (
	Running   State = "running"
	Stuck     State = "stuck"     // it needs a person
	Done      State = "done"      // all that was ordered is done
	Clearing  State = "clearing"  // it was abandoned, and what it made is being removed
	Abandoned State = "abandoned" // and that is gone
)

// Open reports whether there is something to do still.
func (s State) Open() bool { return s == Running || s == Stuck || s == Clearing }

// Step is one step of a build, in one region where it has one.
type Step struct {
	Name   StepName `json:"name"`
	Region string   `json:"region,omitzero"`
	Role   string   `json:"role,omitzero"` // of a machine
	// Phase groups steps: those of a phase go on side by side, and a phase begins when
	// all before it are done.
	Phase int       `json:"phase"`
	State StepState `json:"state"`
	// Attempt is 1 at first, and rises when a person has it tried again.
	Attempt int       `json:"attempt"`
	Ref     string    `json:"ref,omitzero"`
	Memory  string    `json:"memory,omitzero"`
	Percent int       `json:"percent,omitzero"`
	Note    string    `json:"note,omitzero"`
	Since   time.Time `json:"since,omitzero"` // of the attempt; zero before it began
	Ended   time.Time `json:"ended,omitzero"`
	Due     time.Time `json:"due,omitzero"` // when it is to be looked at next
	// Failures is how often it has failed in a row and was tried again by itself, and
	// Fault the last failure.
	Failures int    `json:"failures,omitzero"`
	Fault    *Fault `json:"fault,omitzero"`
	Log      string `json:"log,omitzero"` // what a script said, the end of it
	// Asks is what a person is to do and to report, where people do it, and Answer what was
	// reported and is not dealt with yet.
	Asks   string  `json:"asks,omitzero"`
	Answer *Answer `json:"answer,omitzero"`
	// Choice is what a person decided about a fault: for [Foreign] "wait", or the id of
	// what is to be cancelled.
	Choice string `json:"choice,omitzero"`
	// Queued is since when a preview waits for its turn at the product; zero before.
	Queued time.Time `json:"queued,omitzero"`
	// Reopens says that it makes public again what was public before.
	Reopens bool `json:"reopens,omitzero"`
}

// StepState is how a step stands.
type StepState string

// The states of a step.
const (
	StepPending StepState = "pending"
	StepWorking StepState = "working"
	StepUnsure  StepState = "unsure" // whether the last call did anything is not known; it is looked at
	StepDone    StepState = "done"
	StepFailed  StepState = "failed"
	StepSkipped StepState = "skipped" // by a person, or not needed
)

// Over reports whether the next phase need not wait for it.
func (s StepState) Over() bool { return s == StepDone || s == StepSkipped }

// StepName is what a step does.
type StepName string

// The steps of a build, and those of an abandoned one.
const (
	Launch    StepName = "launch"
	Install   StepName = "install"
	Clean     StepName = "clean"
	Stop      StepName = "stop"
	Capture   StepName = "capture"
	Boot      StepName = "boot"
	Check     StepName = "check"
	Compare   StepName = "compare"
	Remove    StepName = "remove"
	Copy      StepName = "copy"
	Mark      StepName = "mark"
	Preview   StepName = "preview"
	Sign      StepName = "sign"
	Open      StepName = "open"
	Retire    StepName = "retire"
	Submit    StepName = "submit"
	Deprecate StepName = "deprecate"

	Withdraw StepName = "withdraw"
	Close    StepName = "close"
	Discard  StepName = "discard"
)

// Key is what the step's effects are found by.
func (s *Step) Key(id BuildID) string {
	key := fmt.Sprintf("%s.%s", id, s.Name)
	for _, part := range []string{s.Role, s.Region} {
		if part != "" {
			key += "." + part
		}
	}
	return fmt.Sprintf("%s.%d", key, s.Attempt)
}

// LogName is what the log of the step is called as a file: "check-boot1-log.txt".
func (s *Step) LogName() string {
	name := string(s.Name)
	if (s.Name == Boot || s.Name == Check) && s.Role != "" {
		name += "-" + s.Role
	}
	return name + "-log.txt"
}

// Clone is a deep copy.
func (b *Build) Clone() *Build {
	c := *b
	c.Order = b.Order.clone()
	c.Steps = slices.Clone(b.Steps)
	for i := range c.Steps {
		if a := c.Steps[i].Answer; a != nil {
			copied := *a
			c.Steps[i].Answer = &copied
		}
		if f := c.Steps[i].Fault; f != nil {
			copied := *f
			copied.Findings = slices.Clone(f.Findings)
			c.Steps[i].Fault = &copied
		}
	}
	if b.Images != nil {
		c.Images = map[string]string{}
		for k, v := range b.Images {
			c.Images[k] = v
		}
	}
	return &c
}

// Due is when there is something to do for it next; zero for not by itself.
func (b *Build) Due() time.Time {
	var due time.Time
	for _, i := range b.Present() {
		s := &b.Steps[i]
		if s.State.Over() || s.State == StepFailed {
			continue
		}
		if due.IsZero() || s.Due.Before(due) {
			due = s.Due
		}
	}
	return due
}

// Present are the steps of the phase that the build is in; nil when it is through.
func (b *Build) Present() (out []int) {
	if !b.State.Open() {
		return nil
	}
	phase := 0
	for i := range b.Steps {
		s := &b.Steps[i]
		if !s.State.Over() && (phase == 0 || s.Phase < phase) {
			phase = s.Phase
		}
	}
	for i := range b.Steps {
		if phase > 0 && b.Steps[i].Phase == phase {
			out = append(out, i)
		}
	}
	return out
}

// Step is the step of that name, region and role; nil when there is none.
func (b *Build) Step(name StepName, region, role string) *Step {
	for i := range b.Steps {
		if s := &b.Steps[i]; s.Name == name && s.Region == region && s.Role == role {
			return s
		}
	}
	return nil
}

// Asked is what a person is to report at the moment, and of which step; -1 for nothing.
func (b *Build) Asked() (step int, what string) {
	for _, i := range b.Present() {
		if s := &b.Steps[i]; s.Asks != "" {
			return i, s.Asks
		}
	}
	return -1, ""
}

// Failed are the steps that need a person.
func (b *Build) Failed() (out []*Step) {
	for i := range b.Steps {
		if b.Steps[i].State == StepFailed {
			out = append(out, &b.Steps[i])
		}
	}
	return out
}

// Phase is how the build stands, as its run tells of it.
func (b *Build) Phase() workflow.BuildPhase {
	switch b.State {
	case Stuck:
		return workflow.BuildStuck
	case Clearing, Abandoned:
		return workflow.BuildAbandoned
	case Done:
		if b.Order.Publishes() {
			return workflow.BuildLive
		}
		return workflow.BuildBuilt
	}
	present := b.Present()
	waits := len(present) > 0 && b.Steps[present[0]].Name == Sign // perhaps again, for the rest of it
	if s := b.Step(Submit, "", ""); s != nil && s.State != StepDone && s.Ref != "" && !waits {
		return workflow.BuildSubmitted
	}
	for _, i := range present {
		switch s := &b.Steps[i]; s.Name {
		case Preview:
			return workflow.BuildPreviewing
		case Boot, Check, Remove:
			if s.Role == Trial {
				return workflow.BuildPreviewing
			}
		case Sign:
			return workflow.BuildSigning
		case Open, Retire, Submit:
			return workflow.BuildPublishing
		case Deprecate:
			return workflow.BuildLive
		}
	}
	return workflow.BuildBuilding
}
