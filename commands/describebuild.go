package commands

import (
	"cmp"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file says how the builds of a run's listings stand, and how they came to.

// describeBuild says what became of a build. A person ordered it, reported of it, had it
// tried again or gave it up; the rest happens by itself.
func describeBuild(r *workflow.Run, e workflow.Event) workflow.Text {
	l, ok := r.Listing(e.Step.Listing)
	if !ok || e.Build == nil {
		return workflow.Text{}
	}
	name, by, m := r.ListingName(l), actor(e), e.Build
	person := e.Actor != workflow.Bot
	switch {
	case e.Text != "":
		return workflow.Say("%s reported on %s: %s", by, name, e.Text)
	case m.Asks != "" && m.Phase == workflow.BuildAbandoned:
		return workflow.Say("the build of %s was abandoned, and somebody has to %s", name, m.Asks)
	case m.Asks != "" && m.Phase != workflow.BuildSubmitted:
		return workflow.Say("%s waits for somebody to %s", name, m.Asks)
	case m.Stalls && (m.Phase == workflow.BuildPreviewing || m.Phase == workflow.BuildSubmitted):
		return workflow.Say("%s is with the marketplace for much longer than usual (%s)", name, cmp.Or(m.Submission, "no id yet"))
	}
	switch m.Phase {
	case workflow.BuildBuilding:
		switch {
		case person:
			return workflow.Say("%s set the build of %s going", by, name)
		case m.Image != "" && l.Provider == workflow.Manual:
			return workflow.Say("the image of %s is made: %s", name, m.Image)
		case m.Image != "":
			return workflow.Say("the image of %s is made and is being verified: %s", name, m.Image)
		}
		return workflow.Say("the build of %s goes on", name)
	case workflow.BuildBuilt:
		return workflow.Say("%s is built, and private: %s", name, m.Image)
	case workflow.BuildPreviewing:
		switch {
		case person:
			return workflow.Say("%s set the preview of %s going", by, name)
		case m.Submission == "":
			return workflow.Say("%s is built, and is being brought to the preview: %s", name, m.Image)
		}
		return workflow.Say("%s was submitted to the preview, to be tried there (%s)", name, m.Submission)
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
		if l.Provider == workflow.Manual {
			return workflow.Say("%s was handed in at %s (%s)", name, marketOf(r, e.Step), cmp.Or(m.Submission, "no number"))
		}
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

// whyBuild says in a sentence or two how the build of a lane stands.
func whyBuild(m *workflow.BuildMark) workflow.Text {
	out := standsAt(m)
	if m.Stalls {
		out = workflow.Say("%s That is much longer than usual: the marketplace's support can be asked.", out)
	}
	if m.Asks != "" {
		out = workflow.Say("%s Somebody has to %s, and to report it.", out, m.Asks)
	}
	return out
}

func standsAt(m *workflow.BuildMark) workflow.Text {
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
	case workflow.BuildPreviewing:
		if m.Submission == "" {
			return workflow.Say("Its image is built, and is being brought to the preview since %s.", m.At)
		}
		return workflow.Say("Its image is built, and on its way into the preview or tried there since %s (%s).", m.At, m.Submission)
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
