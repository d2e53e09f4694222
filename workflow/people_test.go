package workflow_test

import (
	"testing"
	"time"

	"cloudimage/workflow"
)

// The teams and people of these tests. Each team's first person leads it.
const (
	sp workflow.TeamID = "strategic-partnerships"
	om workflow.TeamID = "omnibus"
	pm workflow.TeamID = "partner-marketing"

	ana  workflow.UserID = "U0ANA"  // leads Strategic Partnerships, and owns the runs
	sam  workflow.UserID = "U0SAM"  // of Strategic Partnerships
	omar workflow.UserID = "U0OMAR" // leads Omnibus
	olu  workflow.UserID = "U0OLU"  // of Omnibus
	maya workflow.UserID = "U0MAYA" // leads Partner Marketing
	mo   workflow.UserID = "U0MO"   // of Partner Marketing
	hal  workflow.UserID = "U0HAL"  // a technical writer, of no team
	ada  workflow.UserID = "U0ADA"  // an admin, of no team
	ned  workflow.UserID = "U0NED"  // nobody in particular
)

func roster() workflow.Roster {
	return workflow.Roster{
		Teams: map[workflow.TeamID]workflow.TeamRoster{
			sp: {Members: []workflow.UserID{ana, sam}, Lead: ana},
			om: {Members: []workflow.UserID{omar, olu}, Lead: omar},
			pm: {Members: []workflow.UserID{maya, mo}, Lead: maya},
		},
		Admins: []workflow.UserID{ada},
	}
}

func leads() map[workflow.TeamID]workflow.UserID {
	return map[workflow.TeamID]workflow.UserID{sp: ana, om: omar, pm: maya}
}

// monday is when most runs begin: 09:00 UTC on Monday, 2 March 2026.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// launchDay is the day most runs aim at.
const launchDay workflow.Date = "2026-06-01"

// week is a calendar of five business days a week that close at 17:00. Omnibus
// sits eight hours behind UTC and Partner Marketing thirteen before it, so that
// a day taken in the wrong zone shows.
type week struct{}

var _ workflow.Calendars = week{}

func (week) zone(team workflow.TeamID) *time.Location {
	switch team {
	case om:
		return time.FixedZone("Omnibus", -8*60*60)
	case pm:
		return time.FixedZone("Marketing", 13*60*60)
	}
	return time.UTC
}

func (w week) At(team workflow.TeamID, date workflow.Date) time.Time {
	d := date.Time()
	return time.Date(d.Year(), d.Month(), d.Day(), 17, 0, 0, 0, w.zone(team))
}

func (w week) After(team workflow.TeamID, from time.Time, n int) time.Time {
	return w.step(team, workflow.DateOf(from.In(w.zone(team))), n, 1)
}

func (w week) Before(team workflow.TeamID, target workflow.Date, n int) time.Time {
	return w.step(team, target, n, -1)
}

func (w week) Opening(team workflow.TeamID, from time.Time, n int) time.Time {
	d := workflow.DateOf(from.In(w.zone(team)))
	if n == 0 {
		d, n = workflow.DateOf(d.Time().AddDate(0, 0, -1)), 1
	}
	return w.step(team, d, n, 1).Add(-8 * time.Hour)
}

func (w week) Between(team workflow.TeamID, from, to time.Time) (n int) {
	last := workflow.DateOf(to.In(w.zone(team)))
	for d := workflow.DateOf(from.In(w.zone(team))).Time(); workflow.DateOf(d) < last; {
		d = d.AddDate(0, 0, 1)
		if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			n++
		}
	}
	return n
}

func (w week) step(team workflow.TeamID, from workflow.Date, n, by int) time.Time {
	d := from.Time()
	for n > 0 {
		d = d.AddDate(0, 0, by)
		if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			n--
		}
	}
	return w.At(team, workflow.DateOf(d))
}

func ceImage() workflow.Listing {
	return workflow.NewListing("CE", workflow.Image, workflow.Manual)
}

func eeImage() workflow.Listing {
	return workflow.NewListing("EE", workflow.Image, workflow.Manual)
}

func startWith(listings ...workflow.Listing) workflow.Start {
	return workflow.Start{
		ID: "run1", Number: 17, Partner: "DigitalOcean", Provider: workflow.Manual, Channel: "C0CARDS",
		Listings: listings, Target: launchDay, Owner: ana, Leads: leads(),
	}
}

// play is a run with a clock, for tests that tell a story.
type play struct {
	t testing.TB
	*workflow.Run
	now time.Time
}

// begin starts a run of the first-time process that launches a CE image.
func begin(t testing.TB) *play {
	t.Helper()
	return beginWith(t, firstTime(), startWith(ceImage()))
}

func beginWith(t testing.TB, def *workflow.Definition, start workflow.Start) *play {
	t.Helper()
	r, err := workflow.Begin(workflow.Act{Actor: ana, At: monday}, def, week{}, start)
	if err != nil {
		t.Fatal(err)
	}
	return &play{t, r, monday}
}

// by is an act of that person, a minute after the one before.
func (p *play) by(who workflow.UserID) workflow.Act {
	p.now = p.now.Add(time.Minute)
	return workflow.Act{Actor: who, At: p.now}
}

func (p *play) because(who workflow.UserID, reason string) workflow.Act {
	act := p.by(who)
	act.Reason = reason
	return act
}

// key is a step's key as it is written: "go-live@ce-image".
func key(s string) workflow.StepKey { return workflow.ParseStepKey(s) }

// done marks steps done with evidence that fits.
func (p *play) done(who workflow.UserID, steps ...string) {
	p.t.Helper()
	for _, s := range steps {
		n, ok := p.Node(key(s))
		if !ok {
			p.t.Fatalf("there is no step %s", s)
		}
		p.must(p.Done(p.by(who), n.Key, 0, evidenceFor(n.Step)))
	}
}

// stage1 does what stage 1 needs.
func (p *play) stage1() {
	p.t.Helper()
	p.done(ana, "create-issue", "gather-documentation", "joint-marketing", "partner-account", "introduce-marketing")
}

// rest does all that can be done.
func (p *play) rest() {
	p.t.Helper()
	for again := true; again; {
		again = false
		for _, n := range p.Nodes() {
			if p.Doable(n.Key) && (!n.Step.Optional || !n.State.Wanted) {
				p.done(olu, n.Key.String())
				again = true
			}
		}
	}
}

func (p *play) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// is checks the statuses of steps.
func (p *play) is(want workflow.Status, steps ...string) {
	p.t.Helper()
	for _, s := range steps {
		state := p.Steps[key(s)]
		if state == nil {
			p.t.Errorf("there is no step %s", s)
		} else if state.Status != want {
			p.t.Errorf("%s is %s, want %s", s, state.Status, want)
		}
	}
}

func (p *play) stageIs(want workflow.StageStatus, stages ...workflow.StageID) {
	p.t.Helper()
	for _, id := range stages {
		if got := p.Stages[id].Status; got != want {
			p.t.Errorf("stage %s is %s, want %s", id, got, want)
		}
	}
}

// evidenceFor is evidence that a step accepts.
func evidenceFor(step *workflow.Step) map[workflow.FieldID]string {
	out := map[workflow.FieldID]string{}
	for _, f := range step.Evidence {
		out[f.ID] = answerFor(f)
	}
	return out
}

func answerFor(f workflow.Field) string {
	switch f.Type {
	case workflow.URL:
		return "https://gitlab.example/" + string(f.ID)
	case workflow.URLs:
		return "https://docs.example/one\nhttps://docs.example/two"
	case workflow.DateField:
		return string(launchDay)
	case workflow.Person:
		return string(olu)
	case workflow.Number:
		return "8"
	case workflow.Choice:
		return f.Options[0]
	case workflow.VaultItem:
		return "DigitalOcean seller account"
	}
	return "what was asked for"
}

// wantKind checks an error's kind; what errors say is in sentences_test.go.
func wantKind(t testing.TB, err error, kind workflow.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that is %s", kind)
	}
	if got := workflow.KindOf(err); got != kind {
		t.Errorf("an error that is %s, want %s: %v", got, kind, err)
	}
}
