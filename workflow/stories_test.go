package workflow_test

import (
	"slices"
	"testing"

	"cloudimage/workflow"
)

// told are the types of the events that the thread tells of a change.
func told(p *play, change func()) (out []workflow.EventType) {
	p.Run = p.Clone()
	change()
	stories := p.Stories()
	for _, e := range p.Emitted() {
		if slices.Contains(stories, e.Seq) {
			out = append(out, e.Type)
		}
	}
	return out
}

func TestStories(t *testing.T) {
	t.Parallel()
	if p := begin(t); len(p.Stories()) > 0 {
		t.Errorf("of a new run is told: %v", p.Stories())
	}
	p := begin(t)
	wantTold := func(what string, change func(), want ...workflow.EventType) {
		t.Helper()
		if got := told(p, change); !slices.Equal(got, want) {
			t.Errorf("%s: told are %v, want %v", what, got, want)
		}
	}
	wantTold("nothing", func() {})
	wantTold("a step", func() { p.done(ana, "create-issue") })
	p.done(ana, "gather-documentation", "joint-marketing", "partner-account")
	opened := []workflow.EventType{workflow.StageCompleted, workflow.StageOpened, workflow.StageOpened}
	wantTold("a stage", func() { p.done(ana, "introduce-marketing") }, opened...)
	stories := p.Emitted()
	wantTold("an undo", func() { p.must(p.Undo(p.by(ana), key("introduce-marketing"), 0)) })
	for _, e := range stories {
		if (e.Type == workflow.StageOpened || e.Type == workflow.StageCompleted) && p.Holds(e) {
			t.Errorf("undone, %s of %s still holds", e.Type, e.Stage)
		}
	}
	wantTold("and it is done again", func() { p.done(ana, "introduce-marketing") }, opened...)
	for _, e := range p.Emitted() {
		if !p.Holds(e) {
			t.Errorf("%s of %s does not hold", e.Type, e.Stage)
		}
	}
	for _, e := range stories {
		if e.Type == workflow.StageCompleted && p.Holds(e) {
			t.Error("what was undone holds again, beside what is told of it now")
		}
	}

	p.done(olu, "scope-effort", "update-issue", "create-listing@ce-image")
	wantTold("a wait", func() {
		p.must(p.Wait(p.by(olu), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
	}, workflow.PartnerAsked)
	wantTold("a mail", func() { p.must(p.PartnerWrote(p.by(olu), partnerTesting, 0, "we look", "")) }, workflow.PartnerWrote)
	wantTold("a follow-up", func() { p.must(p.Take(p.by(olu), partnerTesting, 0, "follow-up", "")) })
	wantTold("an escalation", func() { p.must(p.Escalate(p.by(olu), partnerTesting, 0, "")) }, workflow.ActionTaken)
	wantTold("the same again", func() { p.must(p.Take(p.by(olu), partnerTesting, 0, "escalate", "")) })
	wantTold("rungs without a handover", func() { p.climbs(workflow.SilenceTold, "2026-03-20") })
	wantTold("an answer", func() { p.must(p.PartnerAnswered(p.by(olu), partnerTesting, 0, "")) }, workflow.PartnerAnswered)
	wantTold("what is late at one moment", func() { p.Tick(launchDay.Time().AddDate(0, 0, 3)) }, workflow.StepOverdue)
	wantTold("a launch that moves", func() {
		p.now = launchDay.Time()
		p.must(p.MoveLaunch(p.by(ana), "2026-07-01"))
	}, workflow.LaunchMoved)
	wantTold("an absence", func() { p.Follow(p.by(omar), away(olu, omar, "2026-07-20")) }, workflow.CoverBegan)
	wantTold("an absence that is of no matter", func() {
		o := away(olu, omar, "2026-07-20")
		o.Away[hal] = absence(ned, "2026-07-20")
		p.Follow(p.by(omar), o)
	})
	wantTold("a return", func() { p.Follow(p.by(omar), &workflow.Office{}) })
	wantTold("a standin", func() {
		p.Follow(p.by(omar), &workflow.Office{Standins: []workflow.Standin{{Team: om, User: ned, Reason: "all away"}}})
	}, workflow.StandinBegan)
	wantTold("Hand back", func() { p.Follow(p.by(omar), &workflow.Office{}) }, workflow.StandinEnded)
	wantTold("somebody who left", func() { p.Left(workflow.Act{At: p.now}, olu, nil) }, workflow.PersonLeft)
	wantTold("the end", func() { p.must(p.Cancel(p.because(ana, "they were bought"))) }, workflow.RunCancelled)
}

// The whole channel hears of a stage that is done and of a partner who is
// silent, and of nothing else.
func TestBroadcasts(t *testing.T) {
	t.Parallel()
	for e, want := range map[*workflow.Event]bool{
		{Type: workflow.StageCompleted}:         true,
		{Type: workflow.StageOpened}:            false,
		{Type: workflow.SilenceTold, User: ana}: true,
		{Type: workflow.SilenceTold}:            false,
		{Type: workflow.ActionTaken, User: ana}: true,
		{Type: workflow.ActionTaken}:            false,
		{Type: workflow.StepOverdue}:            false,
		{Type: workflow.RunCompleted}:           false,
		{Type: workflow.PartnerAnswered}:        false,
	} {
		if got := (&workflow.Run{}).Broadcasts(*e); got != want {
			t.Errorf("%s (%s) is broadcast: %v", e.Type, e.User, got)
		}
		if (&workflow.Run{Catalyst: &workflow.Catalyst{}}).Broadcasts(*e) {
			t.Errorf("%s (%s) of a catalyst is broadcast", e.Type, e.User)
		}
	}
}
