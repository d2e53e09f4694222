package workflow_test

import (
	"testing"

	"cloudimage/workflow"
)

func TestStages2And3OpenTogetherAfterStage1(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stageIs(workflow.StageOpen, "introduction")
	p.stageIs(workflow.StageLocked, "technical", "marketing")
	p.is(workflow.Open, "create-issue", "gather-documentation", "joint-marketing", "partner-account", "technical-call", "introduce-marketing")
	p.is(workflow.Locked, "scope-effort", "update-issue", "upload-image", "upload-image@ce-image", "create-listing@ce-image", "documentation",
		"documentation-mr", "marketing-issue", "joint-activities", "image-description@ce-image", "align-release", "customer-story")
	wantKind(t, p.Done(p.by(olu), key("scope-effort"), 0, nil), workflow.Conflict)

	p.done(ana, "create-issue", "gather-documentation", "joint-marketing", "partner-account")
	p.stageIs(workflow.StageOpen, "introduction")
	p.stageIs(workflow.StageLocked, "technical", "marketing")

	p.done(ana, "introduce-marketing")
	p.stageIs(workflow.StageComplete, "introduction")
	p.stageIs(workflow.StageOpen, "technical", "marketing")
	p.is(workflow.Open, "scope-effort", "documentation", "documentation-mr", "marketing-issue", "joint-activities",
		"joint-blog-posts", "social-burst", "image-description", "image-description@ce-image", "align-release", "customer-story")
	p.is(workflow.Locked, "update-issue", "upload-image", "create-listing@ce-image", "merge-documentation")

	// Either of the two may be ahead of the other.
	p.done(maya, "marketing-issue", "joint-blog-posts", "social-burst", "image-description@ce-image", "align-release", "customer-story")
	p.stageIs(workflow.StageComplete, "marketing")
	p.stageIs(workflow.StageOpen, "technical")
	p.done(olu, "scope-effort", "update-issue", "create-listing@ce-image", "partner-testing@ce-image", "go-live@ce-image", "documentation-mr")
	if p.State != workflow.Running {
		t.Fatalf("the run is %s with the documentation not merged", p.State)
	}
	p.done(olu, "merge-documentation")
	p.stageIs(workflow.StageComplete, "introduction", "technical", "marketing")
	if p.State != workflow.Complete || !p.Ended.Equal(p.now) {
		t.Errorf("the run is %s since %s, want complete since %s", p.State, p.Ended, p.now)
	}
}

func TestProgressCountsNeededSteps(t *testing.T) {
	t.Parallel()
	p := beginWith(t, firstTime(), startWith(ceImage(), eeImage()))
	want := func(done, total int) {
		t.Helper()
		if got := p.Progress(); got != (workflow.Progress{Done: done, Total: total}) {
			t.Errorf("progress is %d of %d, want %d of %d", got.Done, got.Total, done, total)
		}
	}
	want(0, 14)
	p.must(p.Want(p.by(omar), key("technical-call"), 0))
	want(0, 15) // it is needed once asked for
	p.stage1()
	want(5, 15)
	p.done(maya, "image-description@ce-image")
	want(5, 15) // a step with lanes counts once,
	p.done(maya, "image-description@ee-image")
	want(6, 15) // when all of them are done
	p.must(p.Waive(p.because(ana, "no customer wants to be named"), key("customer-story"), 0))
	want(6, 14)
	p.must(p.Skip(p.by(omar), key("technical-call"), 0))
	want(6, 13)
}

// The optional call of stage 1.
func TestOptionalStep(t *testing.T) {
	t.Parallel()
	asked := workflow.Move{Kind: workflow.MoveAsk, Key: key("technical-call")}

	t.Run("its team is asked, and it never blocks", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		wantMoves(t, p, omar, asked)
		p.stage1()
		p.stageIs(workflow.StageOpen, "technical", "marketing")
	})
	t.Run("no answer means that it is not needed", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.stage1()
		p.is(workflow.Skipped, "technical-call")
		if s := p.Steps[key("technical-call")]; s.Actor != workflow.Bot || s.Reason != "Nobody asked for it." {
			t.Errorf("skipped by %q: %q", s.Actor, s.Reason)
		}
	})
	t.Run("it is skipped by who does not need it", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.must(p.Skip(p.by(omar), key("technical-call"), 0))
		p.is(workflow.Skipped, "technical-call")
		wantMoves(t, p, omar)
	})
	t.Run("once asked for it is done, and holds the run but no stage", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.must(p.Want(p.by(omar), key("technical-call"), 0))
		wantMoves(t, p, omar)
		wantKind(t, p.Want(p.by(omar), key("technical-call"), 0), workflow.Conflict)
		p.stage1()
		p.is(workflow.Open, "technical-call")
		p.stageIs(workflow.StageComplete, "introduction")
		p.rest()
		if p.State != workflow.Running {
			t.Errorf("the run is %s while the call that was asked for is open", p.State)
		}
		p.done(ana, "technical-call")
		if p.State != workflow.Complete {
			t.Errorf("the run is %s", p.State)
		}
	})
	t.Run("who reopens it in a complete stage asks for it", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.stage1()
		p.must(p.Reopen(p.by(omar), key("technical-call"), 0))
		p.is(workflow.Open, "technical-call")
		if !p.Steps[key("technical-call")].Wanted {
			t.Error("it is not wanted, so it would be skipped again")
		}
		p.stageIs(workflow.StageOpen, "technical", "marketing")
	})
	t.Run("a needed step is neither skipped nor asked for", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		wantKind(t, p.Skip(p.by(ana), key("create-issue"), 0), workflow.Conflict)
		wantKind(t, p.Want(p.by(ana), key("create-issue"), 0), workflow.Conflict)
	})
}

// An optional step that has parts.
func TestOptionalGroup(t *testing.T) {
	t.Parallel()
	process := func() *workflow.Definition {
		def := &workflow.Definition{Name: "p", Title: "P", Owner: sp, Teams: teams(), Stages: []workflow.Stage{
			{ID: "one", Title: "One", Team: sp, Steps: []workflow.Step{
				{ID: "needed", Title: "Needed"},
				{ID: "event", Title: "Event", Optional: true, AskTeam: pm, Question: "An event?", Steps: []workflow.Step{
					{ID: "book", Title: "Book"},
					{ID: "invite", Title: "Invite", After: []workflow.StepID{"book"}},
				}},
			}},
		}}
		settleDefinition(def)
		return def
	}
	t.Run("its parts wait until it is asked for", func(t *testing.T) {
		t.Parallel()
		p := beginWith(t, process(), startWith(ceImage()))
		p.is(workflow.Open, "event")
		p.is(workflow.Locked, "book", "invite")
		wantMoves(t, p, maya, workflow.Move{Kind: workflow.MoveAsk, Key: key("event")})
		wantMoves(t, p, ana, workflow.Move{Kind: workflow.MoveDo, Key: key("needed")})
		wantKind(t, p.Done(p.by(ana), key("book"), 0, nil), workflow.Conflict)
		p.must(p.Want(p.by(maya), key("event"), 0))
		p.is(workflow.Open, "event", "book")
		p.is(workflow.Locked, "invite")
		p.done(ana, "needed", "book")
		if p.State != workflow.Running {
			t.Errorf("the run is %s", p.State)
		}
		p.done(ana, "invite")
		p.is(workflow.Done, "event")
		if p.State != workflow.Complete {
			t.Errorf("the run is %s", p.State)
		}
	})
	t.Run("it is skipped whole", func(t *testing.T) {
		t.Parallel()
		p := beginWith(t, process(), startWith(ceImage()))
		p.must(p.Skip(p.by(maya), key("event"), 0))
		p.is(workflow.Skipped, "event")
		p.done(ana, "needed")
		if p.State != workflow.Complete {
			t.Errorf("the run is %s", p.State)
		}
	})
}

// Stage 2's step that waits for an assignee and a due date.
func TestStepDoneByItself(t *testing.T) {
	t.Parallel()
	update := key("update-issue")
	at := func(t *testing.T) *play {
		p := begin(t)
		p.stage1()
		p.done(olu, "scope-effort")
		return p
	}
	t.Run("by its own dialog", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		p.must(p.Done(p.by(omar), update, 0, map[workflow.FieldID]string{"assignee": string(olu), "due": "2026-05-04"}))
		s, stage := p.Steps[update], p.Stages["technical"]
		if s.Status != workflow.Done || s.Actor != omar || s.Evidence["due"] != "2026-05-04" {
			t.Errorf("it is %s by %s with %v", s.Status, s.Actor, s.Evidence)
		}
		if want := (week{}).At(om, "2026-05-04"); stage.Assignee != olu || !stage.Due.Equal(want) || stage.Planned {
			t.Errorf("the stage is with %s, due %s", stage.Assignee, stage.Due)
		}
		p.is(workflow.Open, "upload-image", "create-listing@ce-image")
	})
	t.Run("with the date that was planned", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		planned := p.Day(om, p.Stages["technical"].Due)
		p.must(p.Done(p.by(omar), update, 0, map[workflow.FieldID]string{"assignee": string(olu), "due": string(planned)}))
		if s := p.Stages["technical"]; s.Planned || p.Day(om, s.Due) != planned {
			t.Errorf("stage 2 is due %s, planned: %v", s.Due, s.Planned)
		}
	})
	t.Run("when both are set elsewhere", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		p.must(p.AssignStage(p.by(omar), "technical", olu))
		p.is(workflow.Open, "update-issue") // the date is only planned yet
		p.must(p.SetStageDue(p.by(omar), "technical", "2026-05-04"))
		p.is(workflow.Done, "update-issue")
		if s := p.Steps[update]; s.Actor != workflow.Bot || s.Evidence["assignee"] != string(olu) || s.Evidence["due"] != "2026-05-04" {
			t.Errorf("done by %q with %v", s.Actor, s.Evidence)
		}
	})
	t.Run("a date in the past changes nothing", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		before := p.Clone()
		err := p.Done(p.by(omar), update, 0, map[workflow.FieldID]string{"assignee": string(olu), "due": "2026-02-27"})
		wantKind(t, err, workflow.Invalid)
		if diff := differ(before, p.Run); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("who reopens it is asked for the person again", func(t *testing.T) {
		t.Parallel()
		p := at(t)
		p.done(omar, "update-issue")
		p.must(p.Reopen(p.by(omar), update, 0))
		p.is(workflow.Open, "update-issue")
		p.is(workflow.Locked, "upload-image", "create-listing@ce-image")
		p.done(omar, "update-issue")
		p.is(workflow.Open, "upload-image", "create-listing@ce-image")
	})
}

// wantMoves checks what the run wants of a person.
func wantMoves(t testing.TB, p *play, who workflow.UserID, want ...workflow.Move) {
	t.Helper()
	got := p.Moves()[who]
	if len(got) == len(want) {
		same := true
		for i := range got {
			same = same && got[i] == want[i]
		}
		if same {
			return
		}
	}
	t.Errorf("%s is asked for %v, want %v", who, got, want)
}
