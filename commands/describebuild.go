package commands

import (
	"cmp"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file says how the builds of a run's listings stand, and how they came to.

// describeBuild says what became of a build. A person ordered it, had it tried again or
// gave it up; the rest happens by itself.
func describeBuild(r *workflow.Run, e workflow.Event) workflow.Text {
	l, ok := r.Listing(e.Step.Listing)
	if !ok || e.Build == nil {
		return workflow.Text{}
	}
	name, by, m := r.ListingName(l), actor(e), e.Build
	person := e.Actor != workflow.Bot
	switch m.Phase {
	case workflow.BuildBuilding:
		switch {
		case person:
			return workflow.Say("%s set the build of %s going", by, name)
		case m.Image != "":
			return workflow.Say("the image of %s is made and is being verified: %s", name, m.Image)
		}
		return workflow.Say("the build of %s goes on", name)
	case workflow.BuildBuilt:
		return workflow.Say("%s is built, and private: %s", name, m.Image)
	case workflow.BuildSigning:
		if person {
			return workflow.Say("%s has %s published once it is signed", by, name)
		}
		return workflow.Say("%s is built and waits for signatures: %s", name, m.Image)
	case workflow.BuildPublishing:
		if person {
			return workflow.Say("%s set the publishing of %s going", by, name)
		}
		return workflow.Say("%s is being published", name)
	case workflow.BuildSubmitted:
		return workflow.Say("%s was submitted to the marketplace (%s)", name, cmp.Or(m.Submission, "no id yet"))
	case workflow.BuildLive:
		return workflow.Say("%s is live: %s", name, m.Image)
	case workflow.BuildStuck:
		return because(workflow.Say("the build of %s is stuck", name), m.Trouble)
	case workflow.BuildAbandoned:
		if person {
			return workflow.Say("%s abandoned the build of %s", by, name)
		}
		return workflow.Say("what the build of %s had made is removed", name)
	}
	return workflow.Text{}
}

// whyBuild says in a sentence how the build of a lane stands.
func whyBuild(m *workflow.BuildMark) workflow.Text {
	until := func(t workflow.Text) workflow.Text {
		if m.Until.IsZero() {
			return workflow.Say("%s.", t)
		}
		return workflow.Say("%s; it takes until about %s.", t, m.Until.Round(time.Minute))
	}
	switch m.Phase {
	case workflow.BuildBuilding:
		return until(workflow.Say("Its image is being built, which %s ordered", m.By))
	case workflow.BuildBuilt:
		return workflow.Say("Its image is built since %s, and private: somebody has to publish it.", m.At)
	case workflow.BuildSigning:
		return workflow.Say("Its image is built, and waits for signatures since %s.", m.At)
	case workflow.BuildPublishing:
		return until(workflow.Say("Its image is signed, and is being published"))
	case workflow.BuildSubmitted:
		return workflow.Say("Its image is with the marketplace since %s (%s).", m.At, cmp.Or(m.Submission, "no id yet"))
	case workflow.BuildLive:
		return workflow.Say("Its image is live since %s. What the step lacks besides, a person has to add.", m.At)
	case workflow.BuildStuck:
		return workflow.Say("Its build is stuck since %s, and needs a person: %s.", m.At, strings.TrimSuffix(m.Trouble, "."))
	}
	return workflow.Say("Its build was abandoned, %s.", m.At)
}
