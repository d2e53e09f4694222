package workflow_test

import (
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

func TestWhose(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	p.must(p.Assign(p.by(maya), key("joint-activities"), 0, mo))
	p.must(p.Assign(p.by(omar), partnerTesting, 0, ned))
	p.Follow(p.by(omar), &workflow.Office{Standins: []workflow.Standin{{Team: pm, User: hal, Reason: "all away"}}})
	for step, want := range map[string]struct {
		who workflow.UserID
		how workflow.Hold
		at  string
	}{
		"partner-testing@ce-image": {ned, workflow.ByAssignment, "partner-testing@ce-image"},
		"social-burst":             {mo, workflow.ByAssignment, "joint-activities"},
		"documentation-mr":         {olu, workflow.ByStage, "documentation-mr"},
		"marketing-issue":          {hal, workflow.ByStandin, "marketing-issue"},
		"create-issue":             {ana, workflow.ByLead, "create-issue"},
		"no-step":                  {"", "", "no-step"},
	} {
		who, how, at := p.Whose(key(step))
		if who != want.who || how != want.how || at != key(want.at) || who != p.Responsible(key(step)) {
			t.Errorf("%s is %s's, %s at %s", step, who, how, at)
		}
	}
	p.must(p.SetLead(p.by(ana), sp, ""))
	if who, how, _ := p.Whose(key("create-issue")); who != "" || how != "" {
		t.Errorf("it is %s's, %s", who, how)
	}
}

func TestNextTold(t *testing.T) {
	t.Parallel()
	wants := func(p *play, who workflow.UserID, after int, at time.Time) {
		t.Helper()
		got, ok := p.NextTold(partnerTesting)
		if ok != (who != "") || got.Who != who || got.After != after || !got.At.Equal(at) {
			t.Errorf("next is told %+v, want %s after %d, %s", got, who, after, at)
		}
	}
	p := late(t)
	wants(p, olu, 1, time.Time{}) // it depends on reminders
	p.mornings(ned, workflow.Move{Kind: workflow.MoveDo, Key: partnerTesting}, "2026-03-02", "2026-03-09")
	wants(p, olu, 1, on("2026-03-10 09:00"))
	p.climbs(workflow.LateTold, "2026-03-10")
	wants(p, ana, 3, on("2026-03-12 09:00"))
	p.must(p.Wait(p.at("2026-03-11 10:00", ned), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
	wants(p, olu, 3, on("2026-03-16 09:00"))
	p.climbs(workflow.SilenceTold, "2026-03-18")
	wants(p, "", 0, time.Time{}) // it is with Ana, and there is nobody above
}

func TestChaseText(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	if got := p.ChaseText(partnerTesting); got != "" {
		t.Errorf("nothing is to be said: %q", got)
	}
	p.must(p.Wait(p.at("2026-03-02 10:00", olu), partnerTesting, 0, workflow.Question{Asked: "please test it.", Ticket: "T-1", Contact: "Joe", Promised: "2026-03-06"}))
	p.done(maya, "align-release")
	const want = "Hello Joe,\n\non Monday 2 March we asked you: please test it (ticket T-1). You hoped to answer by Friday 6 March. It is about our CE image." +
		"\n\nCould you tell us how it stands, and when we can expect an answer? The launch on 1 June 2026 depends on it.\n\nThank you"
	if got := p.ChaseText(partnerTesting); got != want {
		t.Errorf("the text is\n%s", got)
	}
	if who := p.Reminds(partnerTesting); who != olu {
		t.Errorf("%s is reminded", who)
	}
	if team, action := p.EscalatesTo(partnerTesting); team != sp || action != "escalate" {
		t.Errorf("it goes to %s by %q", team, action)
	}
	if team, action := p.EscalatesTo(key("documentation-mr")); team != sp || action != "" || strings.TrimSpace(p.ChaseText(key("no-step"))) != "" {
		t.Errorf("it goes to %s by %q", team, action)
	}
}
