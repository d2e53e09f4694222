package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file plays builds by hand.

// building is a build that is played by hand: it says what became of each step.
type building struct {
	*images.Build
	now time.Time
}

var builtAt = time.Date(2025, 11, 20, 14, 0, 0, 0, time.UTC)

var regions = []string{"us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-1", "sa-east-1", "me-central-1"}

// order is what omar ordered of an edition.
func order(name, edition, architecture string) images.Order {
	return images.Order{
		Name: name, Edition: edition, Architecture: architecture, Version: workflow.Version{Major: 17, Minor: 6, Patch: 2},
		Provider: workflow.AWS, Account: "123456784127", Region: regions[0], Regions: regions, Image: "GitLab " + edition + " 17.6.2",
		By: omar, At: builtAt, Channel: "C0CLOUD001",
	}
}

// published is an order of what goes to customers.
func published(o images.Order) images.Order {
	o.Run, o.Public, o.Product, o.Title = "run_5n8p2r6y4z7vk3j9f2d4s6a8h5", true, "prod-abc", o.Image
	return o
}

// begun is a build of which nothing is done.
func begun(o images.Order) *building {
	b := &building{&images.Build{ID: images.BuildID("b-" + strings.ToLower(o.Edition) + "5c1e07" + o.Architecture), Plan: "p-1", Order: o, State: images.Running}, builtAt}
	add := func(phase int, name images.StepName, region, role string) {
		b.Steps = append(b.Steps, images.Step{Name: name, Region: region, Role: role, Phase: phase, State: images.StepPending, Attempt: 1, Due: b.now})
	}
	for i, name := range []images.StepName{images.Launch, images.Install, images.Clean, images.Stop} {
		add(i+1, name, "", "builder")
	}
	add(5, images.Capture, o.Region, "")
	for i, name := range []images.StepName{images.Boot, images.Check} {
		add(6+i, name, "", "boot1")
		add(6+i, name, "", "boot2")
	}
	add(8, images.Compare, "", "")
	for _, role := range []string{"builder", "boot1", "boot2"} {
		add(9, images.Remove, "", role)
	}
	for i, r := range o.Regions {
		if i > 0 {
			add(10, images.Copy, r, "")
		}
	}
	for _, r := range o.Regions {
		add(11, images.Mark, r, "")
	}
	if o.Publishes() {
		add(12, images.Sign, "", "")
		add(13, images.Retire, "", "")
		for _, r := range o.Regions {
			add(14, images.Open, r, "")
		}
		add(14, images.Submit, "", "")
		for _, r := range o.Regions {
			add(15, images.Deprecate, r, "")
		}
	}
	return b
}

// upTo lets all be done that comes before a step.
func (b *building) upTo(name images.StepName) *building {
	phase := 1 << 10
	if i := slices.IndexFunc(b.Steps, func(s images.Step) bool { return s.Name == name }); i >= 0 {
		phase = b.Steps[i].Phase
	}
	for i := range b.Steps {
		s := &b.Steps[i]
		if s.Phase >= phase || s.State.Over() {
			continue
		}
		s.State, s.Since = images.StepDone, b.now
		b.now = b.now.Add(time.Minute)
		s.Ended = b.now
		if s.Name == images.Capture || s.Name == images.Copy {
			if b.Images == nil {
				b.Images = map[string]string{}
			}
			b.Images[s.Region] = fmt.Sprintf("ami-0a1b2c3d4e5f%02d", len(b.Images))
		}
	}
	return b
}

// works lets a step be under way; of several with that name the nth.
func (b *building) works(name images.StepName, nth int, change func(*images.Step)) *building {
	s := stepsOf(b.Build, name)[nth]
	s.State, s.Since = images.StepWorking, b.now
	if change != nil {
		change(s)
	}
	return b
}

// through lets a step be done.
func (b *building) through(name images.StepName, nth int) *building {
	return b.works(name, nth, func(s *images.Step) { s.State = images.StepDone })
}

// fails lets a step fail.
func (b *building) fails(name images.StepName, nth int, f images.Fault) *building {
	b.State = images.Stuck
	return b.works(name, nth, func(s *images.Step) { s.State, s.Fault, s.Ended = images.StepFailed, &f, b.now })
}

// says is what the script of a step said.
func (b *building) says(name images.StepName, log string) *building {
	stepsOf(b.Build, name)[0].Log = log
	return b
}

func (b *building) is(s images.State) *building {
	b.State = s
	return b
}

// ends lets all be done.
func (b *building) ends(s images.State) *building {
	b.upTo("")
	b.State, b.Ended = s, b.now
	return b
}

// abandons gives it up, and begins to remove what there is.
func (b *building) abandons() *building {
	b.State = images.Clearing
	for i := range b.Steps {
		if s := &b.Steps[i]; !s.State.Over() {
			s.State = images.StepSkipped
		}
	}
	add := func(phase int, name images.StepName, region, role string) {
		b.Steps = append(b.Steps, images.Step{Name: name, Region: region, Role: role, Phase: phase, State: images.StepPending, Attempt: 1})
	}
	add(22, images.Remove, "", "builder")
	for _, r := range b.Order.Regions {
		add(23, images.Discard, r, "")
	}
	return b
}

// news is how builds stand, half an hour before they are through.
func news(r *workflow.Run, builds ...*building) images.News {
	n := images.News{Run: r, Now: builtAt}
	for _, b := range builds {
		n.Builds = append(n.Builds, b.Build)
		left := 27 * time.Minute
		if b.State != images.Running || b.Order.ByHand || b.Phase() == workflow.BuildSigning || b.Phase() == workflow.BuildSubmitted {
			left = 0
		}
		n.Left = append(n.Left, left)
		if b.now.After(n.Now) {
			n.Now = b.now
		}
	}
	n.Now = n.Now.Add(7 * time.Minute)
	return n
}
