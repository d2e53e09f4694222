package workflow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// wantNews checks who hears of what an actor did.
func wantNews(t *testing.T, before, after *workflow.Run, actor workflow.UserID, want ...workflow.Notice) {
	t.Helper()
	if diff := cmp.Diff(append([]workflow.Notice{}, want...), workflow.Notices(before, after, actor)); diff != "" {
		t.Errorf("who hears of it (-want +got):\n%s", diff)
	}
}

func TestNews(t *testing.T) {
	t.Parallel()
	doDoc := key("documentation-mr")
	t.Run("is a first step, and no further one", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		before := p.Clone()
		p.must(p.Assign(p.by(omar), doDoc, 0, ned))
		wantNews(t, before, p.Run, omar, workflow.Notice{User: ned, News: true})
		before = p.Clone()
		p.must(p.Assign(p.by(omar), partnerTesting, 0, ned))
		wantNews(t, before, p.Run, omar, workflow.Notice{User: ned})
	})
	t.Run("is not what one did oneself", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		before := p.Clone()
		p.must(p.Assign(p.by(omar), doDoc, 0, omar))
		wantNews(t, before, p.Run, omar, workflow.Notice{User: omar, Own: true})
	})
	t.Run("is a follow-up that was handed over, and the answer to it", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		before := p.Clone()
		p.must(p.Wait(p.by(olu), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
		wantNews(t, before, p.Run, olu, workflow.Notice{User: olu, Own: true})
		p.must(p.Assign(p.by(maya), key("marketing-issue"), 0, ana)) // so that it is not her first
		before = p.Clone()
		p.must(p.Escalate(p.by(olu), partnerTesting, 0, ""))
		wantNews(t, before, p.Run, olu, workflow.Notice{User: ana, News: true})
		before = p.Clone()
		p.must(p.PartnerAnswered(p.by(ana), partnerTesting, 0, "it works"))
		wantNews(t, before, p.Run, ana, workflow.Notice{User: olu, News: true})
	})
	t.Run("is each step of a security update", func(t *testing.T) {
		t.Parallel()
		for kind, news := range map[workflow.CatalystKind]bool{workflow.CatalystSecurity: true, workflow.CatalystRelease: false} {
			p := maintained(t, kind, monday)
			p.must(p.Assign(p.by(omar), key("create-issue"), 0, ned))
			before := p.Clone()
			p.must(p.Assign(p.by(omar), key("update-image@ce-image"), 0, ned))
			wantNews(t, before, p.Run, omar, workflow.Notice{User: ned, News: news})
		}
	})
	t.Run("is a stage that opens, for its first step", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.done(ana, "create-issue", "gather-documentation", "joint-marketing", "partner-account")
		before := p.Clone()
		p.done(ana, "introduce-marketing")
		wantNews(t, before, p.Run, ana, workflow.Notice{User: maya, News: true}, workflow.Notice{User: omar, News: true})
	})
	t.Run("is a launch that moves, for all who see a stage through", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		before := p.Clone()
		p.must(p.MoveLaunch(p.by(ana), "2026-07-01"))
		wantNews(t, before, p.Run, ana, workflow.Notice{User: ana, Own: true}, workflow.Notice{User: maya, News: true}, workflow.Notice{User: olu, News: true})
	})
	t.Run("is that the partner answered, for who does the step", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		p.must(p.Assign(p.by(omar), doDoc, 0, ned))
		p.must(p.Assign(p.by(omar), partnerTesting, 0, ned))
		p.must(p.Wait(p.by(ned), partnerTesting, 0, workflow.Question{Asked: "please test the image"}))
		for by, news := range map[workflow.UserID]bool{ana: true, ned: false} {
			before, after := p.Clone(), p.Clone()
			p.must(after.PartnerAnswered(p.by(by), partnerTesting, 0, "yes"))
			wantNews(t, before, after, by, workflow.Notice{User: ned, News: news, Own: !news})
			if waits := after.Steps[partnerTesting].Waits; len(waits) != 1 || waits[0].Said != "yes" {
				t.Errorf("the waits are %+v", waits)
			}
		}
	})
	t.Run("is not that somebody else has left", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		before := p.Clone()
		p.Left(workflow.Act{At: p.now}, maya, map[workflow.TeamID]workflow.UserID{pm: mo})
		wantNews(t, before, p.Run, workflow.Bot, workflow.Notice{User: mo})
	})
	t.Run("is not what somebody covers", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		before := p.Clone()
		p.Follow(p.by(ned), &workflow.Office{Away: map[workflow.UserID]workflow.Cover{olu: {By: ned, Until: p.now.AddDate(0, 0, 9)}}})
		if _, covers := p.Moves()[ned]; !covers {
			t.Fatal("ned has nothing to do")
		}
		wantNews(t, before, p.Run, ned, workflow.Notice{User: ned})
	})
}
