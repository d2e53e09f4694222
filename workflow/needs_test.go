package workflow_test

import (
	"testing"

	"cloudimage/workflow"
)

// A fact that is known of each listing is given, and given up, lane by lane.
func TestNeedOfAListing(t *testing.T) {
	t.Parallel()
	def := &workflow.Definition{Name: "p", Title: "P", Owner: sp, Teams: teams(), Stages: []workflow.Stage{
		{ID: "one", Title: "One", Team: om, Steps: []workflow.Step{
			{ID: "create", Title: "Create", PerListing: true, Evidence: []workflow.Field{{ID: "id", Type: workflow.ShortText, Fact: "product-id"}}},
			{ID: "publish", Title: "Publish", PerListing: true, Needs: []workflow.Need{{Fact: "product-id"}}},
		}},
	}}
	settleDefinition(def)
	p := beginWith(t, def, startWith(ceImage(), eeImage()))
	p.must(p.Assign(p.by(omar), key("create@ce-image"), 0, ned))
	unmet := p.Unmet(key("publish@ce-image"))
	if len(unmet) != 1 || unmet[0].Giver.Key != key("create@ce-image") || unmet[0].Holder != ned {
		t.Fatalf("it waits for %+v", unmet)
	}
	p.done(ned, "create@ce-image")
	if !p.Doable(key("publish@ce-image")) || p.Doable(key("publish@ee-image")) {
		t.Error("one listing's product does for the other's")
	}
	p.must(p.Waive(p.because(ana, "it has none"), key("create@ee-image"), 0))
	if !p.Doable(key("publish@ee-image")) {
		t.Errorf("it waits for %v", p.Unmet(key("publish@ee-image")))
	}
}

// Going live needs the listing's description and an agreed launch date.
func TestGoingLive(t *testing.T) {
	t.Parallel()
	at := func(t *testing.T) *play {
		p := beginWith(t, firstTime(), startWith(ceImage(), eeImage()))
		p.stage1()
		p.done(olu, "scope-effort", "update-issue", "create-listing@ce-image", "partner-testing@ce-image")
		p.is(workflow.Open, "go-live@ce-image")
		return p
	}
	live := key("go-live@ce-image")
	goLive := func(p *play) error {
		n, _ := p.Node(live)
		return p.Done(p.by(olu), live, 0, evidenceFor(n.Step))
	}
	doLive := workflow.Move{Kind: workflow.MoveDo, Key: live}

	t.Run("is refused until both are there", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		if p.Doable(live) || len(p.Unmet(live)) != 2 {
			t.Fatalf("doable: %v, needs %v", p.Doable(live), p.Unmet(live))
		}
		wantKind(t, goLive(p), workflow.Conflict)
		p.done(maya, "image-description@ce-image")
		wantKind(t, goLive(p), workflow.Conflict)
		for _, m := range p.Moves()[olu] {
			if m == doLive {
				t.Error("somebody is told to go live")
			}
		}
		p.done(maya, "align-release")
		p.must(goLive(p))
	})
	t.Run("is told to who does it once both are there", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		p.must(p.Assign(p.by(omar), live, 0, omar))
		p.done(maya, "image-description@ce-image")
		before := p.Clone()
		p.done(maya, "align-release")
		told := false
		for _, n := range workflow.Notices(before, p.Run, maya) {
			told = told || n == workflow.Notice{User: omar, News: true}
		}
		if !told {
			t.Errorf("notices are %v", workflow.Notices(before, p.Run, maya))
		}
	})
	t.Run("needs the description of this listing alone", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		p.done(maya, "align-release", "image-description@ee-image")
		if p.Doable(live) {
			t.Error("the CE image may go live with the description of the EE image")
		}
		p.done(maya, "image-description@ce-image")
		p.must(p.Reopen(p.by(maya), key("image-description@ee-image"), 0))
		if !p.Doable(live) {
			t.Error("the CE image waits for the description of the EE image")
		}
	})
	t.Run("is refused again when the launch is no longer agreed", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		p.done(maya, "align-release", "image-description@ce-image")
		p.must(p.Reopen(p.by(maya), key("align-release"), 0))
		if err := goLive(p); workflow.KindOf(err) != workflow.Conflict {
			t.Errorf("it went live: %v", err)
		}
	})
	t.Run("does not wait for what was given up", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		p.must(p.Waive(p.because(ana, "they write it themselves"), key("image-description"), 0))
		p.must(p.Waive(p.because(ana, "they choose the day"), key("align-release"), 0))
		if unmet := p.Unmet(live); len(unmet) > 0 {
			t.Errorf("it waits for %v", unmet)
		}
		p.must(goLive(p))
	})
	t.Run("stays open meanwhile", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		p.must(p.Wait(p.by(olu), live, 0, workflow.Question{Asked: "we asked for a review", Ticket: "", Promised: ""}))
		p.must(p.Assign(p.by(olu), live, 0, omar))
		p.is(workflow.Open, "go-live@ce-image")
	})
}
