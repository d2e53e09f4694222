package workflow

import (
	"cmp"
	"time"
)

// This file is what a run knows of the builds of its listings: enough to say how each
// stands, and to be done when it is live.

// BuildMark is how the build of a lane stands.
type BuildMark struct {
	ID    string     `json:"id"`
	Phase BuildPhase `json:"phase"`
	// By is who ordered it, and At since when it stands so.
	By UserID    `json:"by,omitzero"`
	At time.Time `json:"at,omitzero"`
	// Image is the id of the image; empty while there is none.
	Image string `json:"image,omitzero"`
	// Until is when it is expected to be through; zero where nobody can tell.
	Until time.Time `json:"until,omitzero"`
	// Publishes says that it goes to customers, and Goes what it does outside beyond the
	// listing itself, which is a part of what is signed.
	Publishes bool   `json:"publishes,omitzero"`
	Goes      string `json:"goes,omitzero"`
	// Submission is the id that the marketplace gave it.
	Submission string `json:"submission,omitzero"`
	// Trouble is why it is stuck, in words, and Decide that trying again is not enough: a
	// person has to decide what becomes of what is in the way.
	Trouble string `json:"trouble,omitzero"`
	Decide  bool   `json:"decide,omitzero"`
	// Stalls says that it is with the marketplace for longer than usual.
	Stalls bool `json:"stalls,omitzero"`
	// Asks is what a person is to do and to report, where people do it: "make the image";
	// empty where it needs nobody.
	Asks string `json:"asks,omitzero"`
}

// BuildPhase is how far a build is.
type BuildPhase string

// The phases of a build.
const (
	BuildBuilding   BuildPhase = "building"
	BuildBuilt      BuildPhase = "built"      // there is an image, and it stays private
	BuildPreviewing BuildPhase = "previewing" // it is brought to the marketplace's preview, and tried there
	BuildSigning    BuildPhase = "signing"
	BuildPublishing BuildPhase = "publishing"
	BuildSubmitted  BuildPhase = "submitted" // it is with the marketplace
	BuildLive       BuildPhase = "live"
	BuildStuck      BuildPhase = "stuck"
	BuildAbandoned  BuildPhase = "abandoned"
)

// Open reports whether something is being done.
func (p BuildPhase) Open() bool {
	return p != "" && p != BuildBuilt && p != BuildLive && p != BuildAbandoned
}

// same reports whether there is nothing new to tell: when it will be through changes
// with every look.
func (m BuildMark) same(o BuildMark) bool {
	m.At, m.Until, o.At, o.Until = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return m == o
}

// submission is the submission that a wait is about, by its id: what it was begun for, or
// the ticket, if that is one.
func (w *Wait) submission() string { return cmp.Or(w.About, w.Ticket) }

// passed reports whether the submission that the wait of a step is about has gone on or
// ended, now that its build stands otherwise. One that waits for signatures again, for the
// rest of it, is with the marketplace still.
func (s *StepState) passed(was, is *BuildMark) bool {
	if was == nil || s.Waiting == nil || was.Submission == "" || s.Waiting.submission() != was.Submission {
		return false
	}
	begun := func(p BuildPhase) bool { return p == BuildSubmitted || p == BuildSigning }
	return is.ID != was.ID || is.Submission != was.Submission || is.Phase != was.Phase && !(begun(was.Phase) && begun(is.Phase))
}

// reported is what a person was asked to do for a build and has now reported, which leaves
// it where it is until that is looked at; empty for nothing.
func (m BuildMark) reported(act Act, was *BuildMark) string {
	if act.Actor == Bot || was == nil || was.ID != m.ID || was.Phase != m.Phase || m.Asks != "" {
		return ""
	}
	return was.Asks
}

// Build notes how the build of a lane stands, and does what follows from it: what is with
// the marketplace waits for the partner, and what is live is done. The same again
// changes nothing.
func (r *Run) Build(act Act, key StepKey, m BuildMark) error {
	s := r.Steps[key]
	if s == nil {
		return fail(NotFound, "%s has no such listing.", r.Name())
	}
	if s.Build != nil && s.Build.same(m) {
		return nil
	}
	was := s.Build
	e := act.event(BuildMoved)
	m.At = act.At.UTC().Truncate(time.Millisecond)
	e.Step, e.Build, e.Text = key, &m, m.reported(act, was)
	r.emit(e)
	if r.State != Running || s.Status != Open {
		return nil
	}
	if was == nil && act.Actor != Bot && s.Assignee == "" {
		if err := r.Assign(act, key, 0, act.Actor); err != nil {
			return err
		}
	}
	if m.Phase == BuildLive {
		if done, err := r.live(act, key, m); done || err != nil {
			return err
		} // a person sees to what it lacks, and need not wait for that
	}
	if s.passed(was, &m) {
		said := "The submission has ended."
		if m.Phase != BuildStuck && m.Phase != BuildAbandoned {
			said = "The submission has gone on."
		}
		if err := r.PartnerAnswered(act, key, 0, said); err != nil {
			return err
		}
	}
	if m.Phase == BuildSubmitted && s.Waiting == nil {
		return r.Wait(act, key, 0, Question{Asked: "publish the version we submitted", Ticket: m.Submission})
	}
	return nil
}

// live is that the image of a lane is with customers: it is done, unless it lacks
// something besides.
func (r *Run) live(act Act, key StepKey, m BuildMark) (done bool, err error) {
	n, ok := r.Node(key)
	if !ok || len(r.Unmet(key)) > 0 {
		return false, nil
	}
	answers := map[FieldID]string{}
	for _, f := range n.Step.Evidence {
		if f.Fact == FactImage {
			answers[f.ID] = m.Image
		}
	}
	if _, err := CheckEvidence(n.Step, answers, n.State.Evidence); err != nil {
		return false, nil // it asks for more than is known here
	}
	return true, r.Done(act, key, 0, answers)
}

// NeedsSignature reports whether something of the run waits for signatures before
// it may go live.
func (r *Run) NeedsSignature() bool { return r.def.signed() != nil }
