package workflow_test

import (
	"testing"

	"cloudimage/workflow"
)

func TestReopenLocksAgainWhatItHadOpened(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	p.done(maya, "marketing-issue")
	p.done(olu, "scope-effort", "update-issue")
	p.must(p.Reopen(p.because(ana, "the wrong account"), key("partner-account"), 0))

	p.is(workflow.Open, "partner-account")
	p.stageIs(workflow.StageOpen, "introduction")
	p.stageIs(workflow.StageLocked, "technical", "marketing")
	p.is(workflow.Done, "marketing-issue", "scope-effort", "update-issue") // what is done stays done
	p.is(workflow.Locked, "upload-image", "create-listing@ce-image", "documentation-mr", "joint-blog-posts", "align-release")
	if s := p.Steps[key("partner-account")]; s.Reason != "the wrong account" || s.Actor != ana {
		t.Errorf("reopened by %s: %q", s.Actor, s.Reason)
	}

	p.done(ana, "partner-account")
	p.stageIs(workflow.StageOpen, "technical", "marketing")
	p.is(workflow.Open, "create-listing@ce-image", "documentation-mr", "joint-blog-posts")
	p.is(workflow.Done, "marketing-issue", "scope-effort", "update-issue")
}

func TestReopenLocksTheStepsAfterIt(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	p.done(olu, "scope-effort", "update-issue", "create-listing@ce-image")
	p.is(workflow.Open, "partner-testing@ce-image")
	p.must(p.Reopen(p.by(olu), key("create-listing@ce-image"), 0))
	p.is(workflow.Locked, "partner-testing@ce-image")
	p.must(p.Reopen(p.by(olu), key("scope-effort"), 0))
	p.is(workflow.Done, "update-issue")
	p.is(workflow.Open, "upload-image") // what it comes after is still closed
}

func TestReopenTakesFactsBack(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	p.done(maya, "align-release")
	if d, agreed := p.Launch(); d != launchDay || !agreed {
		t.Fatalf("the launch is %s, agreed: %v", d, agreed)
	}
	p.must(p.Reopen(p.by(maya), key("align-release"), 0))
	if d, agreed := p.Launch(); d != launchDay || agreed {
		t.Errorf("the launch is %s, agreed: %v, want the target", d, agreed)
	}
	if got := p.Steps[key("align-release")].Evidence["launch-date"]; got != string(launchDay) {
		t.Errorf("the evidence to offer again is %q", got)
	}
	p.must(p.Done(p.by(maya), key("align-release"), 0, nil)) // with that evidence
	if _, agreed := p.Launch(); !agreed {
		t.Error("the launch is not agreed again")
	}

	p.done(olu, "scope-effort", "update-issue", "create-listing@ce-image")
	p.must(p.Reopen(p.by(olu), key("create-listing@ce-image"), 0))
	if got := p.Fact("product-id", "ce-image"); got != "" {
		t.Errorf("the listing's product is still %q", got)
	}
}

func TestReopenOfWhatIsComplete(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.rest()
	if p.State != workflow.Complete {
		t.Fatalf("the run is %s", p.State)
	}
	p.must(p.Reopen(p.by(olu), key("go-live@ce-image"), 0))
	p.is(workflow.Open, "go-live@ce-image", "upload-image@ce-image", "upload-image")
	if p.State != workflow.Running || !p.Ended.IsZero() {
		t.Errorf("the run is %s, ended %s", p.State, p.Ended)
	}
	p.done(olu, "go-live@ce-image")
	if p.State != workflow.Complete {
		t.Errorf("the run is %s", p.State)
	}
}

// A group closes and opens with its parts; only one that was given up whole is
// reopened whole.
func TestReopenOfGroups(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	p.done(maya, "joint-blog-posts", "social-burst")
	p.is(workflow.Done, "joint-activities")
	wantKind(t, p.Reopen(p.by(maya), key("joint-activities"), 0), workflow.Conflict)
	p.must(p.Reopen(p.by(maya), key("social-burst"), 0))
	p.is(workflow.Open, "joint-activities", "social-burst")

	p.must(p.Waive(p.because(ana, "they do not take part"), key("joint-activities"), 0))
	p.is(workflow.Waived, "joint-activities")
	p.is(workflow.Locked, "social-burst")
	p.is(workflow.Done, "joint-blog-posts")
	wantKind(t, p.Reopen(p.by(maya), key("joint-blog-posts"), 0), workflow.Conflict)
	wantKind(t, p.Done(p.by(maya), key("social-burst"), 0, nil), workflow.Conflict)
	wantKind(t, p.Assign(p.by(maya), key("social-burst"), 0, mo), workflow.Conflict)
	wantKind(t, p.Waive(p.because(ana, "twice"), key("social-burst"), 0), workflow.Conflict)

	p.must(p.Reopen(p.by(ana), key("joint-activities"), 0))
	p.is(workflow.Open, "joint-activities", "social-burst")

	// The part of a lane is part of the whole, too.
	p.must(p.Waive(p.because(ana, "nothing to upload"), key("upload-image"), 0))
	wantKind(t, p.Waive(p.because(ana, "twice"), key("go-live@ce-image"), 0), workflow.Conflict)
	p.must(p.Reopen(p.by(ana), key("upload-image"), 0))
	p.is(workflow.Locked, "upload-image") // for its own reasons
}

func TestReopenRefused(t *testing.T) {
	t.Parallel()
	p := begin(t)
	wantKind(t, p.Reopen(p.by(ana), key("create-issue"), 0), workflow.Conflict)
	if err := p.Reopen(p.by(ana), key("nothing"), 0); workflow.KindOf(err) != workflow.NotFound {
		t.Error(err)
	}
	p.done(ana, "create-issue")
	version := p.Steps[key("create-issue")].Version
	p.must(p.Reopen(p.by(ana), key("create-issue"), version))
	p.done(ana, "create-issue")
	if err := p.Reopen(p.by(ana), key("create-issue"), version); workflow.KindOf(err) != workflow.Stale {
		t.Error(err)
	}
}

// Evidence is what a step was done with the last time.
func TestEvidenceOfAStepDoneAgain(t *testing.T) {
	t.Parallel()
	def := &workflow.Definition{Name: "p", Title: "P", Owner: sp, Teams: teams(), Stages: []workflow.Stage{
		{ID: "one", Title: "One", Team: sp, Steps: []workflow.Step{{ID: "s", Title: "S",
			Evidence: []workflow.Field{{ID: "f", Type: workflow.ShortText, Optional: true, Fact: "fact"}}}}},
	}}
	settleDefinition(def)
	p := beginWith(t, def, startWith(ceImage()))
	p.must(p.Done(p.by(ana), key("s"), 0, map[workflow.FieldID]string{"f": "first"}))
	p.must(p.Reopen(p.by(ana), key("s"), 0))
	p.must(p.Done(p.by(ana), key("s"), 0, map[workflow.FieldID]string{"f": ""}))
	if s := p.Steps[key("s")]; len(s.Evidence) > 0 || p.Fact("fact", "") != "" {
		t.Errorf("the evidence is %v, the fact %q, though it was cleared", s.Evidence, p.Fact("fact", ""))
	}
}
