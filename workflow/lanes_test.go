package workflow_test

import (
	"testing"

	"cloudimage/workflow"
)

func TestLanes(t *testing.T) {
	t.Parallel()
	p := beginWith(t, firstTime(), startWith(ceImage(), eeImage()))
	p.stage1()
	p.done(olu, "scope-effort", "update-issue")
	p.is(workflow.Open, "upload-image", "upload-image@ce-image", "upload-image@ee-image", "create-listing@ce-image", "create-listing@ee-image")
	p.is(workflow.Locked, "partner-testing@ce-image", "partner-testing@ee-image")

	p.done(olu, "create-listing@ce-image")
	p.is(workflow.Open, "partner-testing@ce-image", "create-listing@ee-image")
	p.is(workflow.Locked, "partner-testing@ee-image") // a lane does not run ahead of itself

	t.Run("what is known of one listing is not of the other", func(t *testing.T) {
		if got := p.Fact("product-id", "ce-image"); got == "" {
			t.Error("the product of the CE image is not known")
		}
		if got := p.Fact("product-id", "ee-image"); got != "" {
			t.Errorf("the product of the EE image is known to be %q", got)
		}
		if got := p.Fact(workflow.FactIssue, "ee-image"); got == "" {
			t.Error("what the whole run knows is not known of the listing")
		}
	})
	t.Run("a group is not done by a person", func(t *testing.T) {
		for _, group := range []string{"upload-image", "upload-image@ce-image"} {
			if err := p.Done(p.by(olu), key(group), 0, nil); workflow.KindOf(err) != workflow.Conflict {
				t.Errorf("%s: %v", group, err)
			}
		}
	})
	t.Run("each level is deeper than the one above", func(t *testing.T) {
		for s, want := range map[string]int{"upload-image": 0, "upload-image@ce-image": 1, "create-listing@ce-image": 2, "documentation-mr": 1, "image-description@ee-image": 1} {
			if n, _ := p.Node(key(s)); n.Depth != want {
				t.Errorf("%s is at depth %d, want %d", s, n.Depth, want)
			}
		}
	})
	t.Run("the parts of a lane are lanes only at its top", func(t *testing.T) {
		for s, want := range map[string]bool{"upload-image": false, "upload-image@ce-image": true, "create-listing@ce-image": false, "scope-effort": false} {
			if n, _ := p.Node(key(s)); n.Lane() != want {
				t.Errorf("%s is a lane: %v", s, n.Lane())
			}
		}
	})
}

func TestListingJoinsLater(t *testing.T) {
	t.Parallel()
	// live is a run whose one listing is live, and which is not complete yet.
	live := func(t *testing.T) *play {
		p := begin(t)
		p.stage1()
		p.done(maya, "image-description@ce-image", "align-release")
		p.done(olu, "scope-effort", "update-issue", "create-listing@ce-image", "partner-testing@ce-image", "go-live@ce-image")
		p.is(workflow.Done, "upload-image", "upload-image@ce-image", "image-description")
		return p
	}
	t.Run("the groups it has lanes in open again", func(t *testing.T) {
		t.Parallel()
		p := live(t)
		was := p.Steps[key("go-live@ce-image")].Version
		p.must(p.Join(p.by(ana), eeImage()))
		p.is(workflow.Open, "upload-image", "upload-image@ee-image", "create-listing@ee-image", "image-description", "image-description@ee-image")
		p.is(workflow.Done, "upload-image@ce-image", "go-live@ce-image", "image-description@ce-image")
		p.is(workflow.Locked, "partner-testing@ee-image", "go-live@ee-image")
		if got := p.Steps[key("go-live@ce-image")].Version; got != was {
			t.Errorf("the other listing's version went from %d to %d", was, got)
		}
		if due := p.Steps[key("create-listing@ee-image")].Due; !due.Equal((week{}).Before(om, launchDay, 15)) {
			t.Errorf("its steps are due %s", due)
		}
		p.rest()
		p.is(workflow.Done, "upload-image", "go-live@ee-image", "image-description@ee-image")
		if p.State != workflow.Complete {
			t.Errorf("the run is %s", p.State)
		}
	})
	t.Run("a complete stage opens again", func(t *testing.T) {
		t.Parallel()
		p := live(t)
		p.done(olu, "documentation-mr", "merge-documentation")
		p.stageIs(workflow.StageComplete, "technical")
		p.must(p.Join(p.by(ana), eeImage()))
		p.stageIs(workflow.StageOpen, "technical")
	})
	t.Run("a group that was waived stays waived", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.stage1()
		p.must(p.Waive(p.because(ana, "they write it themselves"), key("image-description"), 0))
		p.must(p.Join(p.by(ana), eeImage()))
		p.is(workflow.Waived, "image-description")
		p.is(workflow.Locked, "image-description@ce-image", "image-description@ee-image")
	})
	t.Run("what is known of it stays its own", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		l := eeImage()
		l.Facts = map[workflow.FactName]string{"product-id": "prod-1"}
		p.must(p.Join(p.by(ana), l))
		l.Facts["product-id"] = "prod-2"
		if got := p.Fact("product-id", "ee-image"); got != "prod-1" {
			t.Errorf("the product is %q", got)
		}
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		wantKind(t, p.Join(p.by(ana), ceImage()), workflow.Conflict)
		wantKind(t, p.Join(p.by(ana), workflow.Listing{}), workflow.Invalid)
		for i := range 19 {
			p.must(p.Join(p.by(ana), workflow.NewListing(string(rune('a'+i)), workflow.Image, workflow.AWS)))
		}
		wantKind(t, p.Join(p.by(ana), eeImage()), workflow.Invalid)
		p.must(p.Cancel(p.because(ana, "enough")))
		if err := p.Join(p.by(ana), eeImage()); workflow.KindOf(err) != workflow.Conflict {
			t.Errorf("a listing joins a cancelled run: %v", err)
		}
	})
}

// What a run is started with is its own: neither the caller nor the run changes
// the other's, or the event's.
func TestStartIsCopied(t *testing.T) {
	t.Parallel()
	start := startWith(ceImage())
	start.Listings[0].Facts = map[workflow.FactName]string{"product-id": "prod-1"}
	p := beginWith(t, firstTime(), start)
	start.Listings[0].Facts["product-id"] = "changed by the caller"
	start.Leads[om] = ned
	events := p.Emitted()
	p.stage1()
	p.done(olu, "scope-effort", "update-issue", "create-listing@ce-image")
	if got := events[0].Start.Listings[0].Facts["product-id"]; got != "prod-1" {
		t.Errorf("the event of the start says %q", got)
	}
	if p.Leads[om] != omar || events[0].Start.Leads[om] != omar {
		t.Errorf("Omnibus is led by %s, and the event says %s", p.Leads[om], events[0].Start.Leads[om])
	}
}
