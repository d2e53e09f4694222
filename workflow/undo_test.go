package workflow_test

import (
	"testing"
	"time"

	"cloudimage/workflow"
)

func TestUndo(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.done(ana, "create-issue", "gather-documentation", "joint-marketing", "partner-account", "introduce-marketing")
	last, doneAt := key("introduce-marketing"), p.now
	p.is(workflow.Skipped, "technical-call") // nobody had asked for it
	p.stageIs(workflow.StageOpen, "technical", "marketing")
	version := p.Steps[last].Version

	undo := func(who workflow.UserID, at time.Time, version int64) error {
		return p.Undo(workflow.Act{Actor: who, At: at}, last, version)
	}
	for what, tt := range map[string]struct {
		err  error
		kind workflow.Kind
	}{
		"by somebody else":    {undo(sam, doneAt.Add(time.Minute), 0), workflow.Denied},
		"after ten minutes":   {undo(ana, doneAt.Add(workflow.UndoWithin), 0), workflow.Stale},
		"of an older version": {undo(ana, doneAt.Add(time.Minute), version-1), workflow.Stale},
		"of what is open":     {p.Undo(p.by(ana), key("scope-effort"), 0), workflow.Conflict},
		"of no step":          {p.Undo(p.by(ana), key("no-step"), 0), workflow.NotFound},
		"of a group":          {p.Undo(p.by(ana), key("documentation"), 0), workflow.Conflict},
	} {
		if workflow.KindOf(tt.err) != tt.kind {
			t.Errorf("%s: %v", what, tt.err)
		}
	}
	for at, want := range map[time.Duration]bool{0: true, workflow.UndoWithin - time.Millisecond: true, workflow.UndoWithin: false} {
		if got := p.Undoable(last, ana, doneAt.Add(at)); got != want {
			t.Errorf("after %s Ana can undo it: %v", at, got)
		}
	}
	if p.Undoable(last, sam, doneAt) || p.Undoable(key("technical-call"), workflow.Bot, doneAt) {
		t.Error("somebody else can undo it")
	}

	p.must(undo(ana, doneAt.Add(9*time.Minute), version))
	p.is(workflow.Open, "introduce-marketing", "technical-call")
	p.stageIs(workflow.StageOpen, "introduction")
	p.stageIs(workflow.StageLocked, "technical", "marketing")
	p.is(workflow.Locked, "scope-effort", "documentation-mr", "marketing-issue")
	if got := p.Fact("contact-marketing", ""); got != "" {
		t.Errorf("it is known that %q", got)
	}
	if s := p.Steps[last]; s.Actor != "" || !s.At.IsZero() || s.Evidence["contact-marketing"] == "" {
		t.Errorf("it is %+v", s) // what was answered is offered again
	}
	p.must(p.Done(p.by(ana), last, 0, nil))
	p.stageIs(workflow.StageComplete, "introduction")
}

// What is asked of people about a step comes back with it.
func TestUndoBringsBack(t *testing.T) {
	t.Parallel()
	step := partnerTesting
	check := func(t *testing.T, p *play) {
		t.Helper()
		before := p.Clone()
		p.must(p.Done(p.by(ned), step, 0, map[workflow.FieldID]string{"image-id": "ami-1"}))
		if s := p.Steps[step]; len(s.Helpers) > 0 || s.Waiting != nil || s.Overdue || s.Snooze != nil || s.Reminded != nil || s.Rung != 0 {
			t.Errorf("done, it still has %+v", s)
		}
		p.must(p.Undo(p.by(ned), step, 0))
		was, is := *before.Steps[step], *p.Steps[step]
		was.Version, was.Evidence, is.Version, is.Evidence = 0, nil, 0, nil
		if diff := diffSteps(was, is); diff != "" {
			t.Errorf("undone, it is another (-before +after):\n%s", diff)
		}
	}
	t.Run("a wait and a helper", func(t *testing.T) {
		t.Parallel()
		p := withNed(t)
		p.must(p.Wait(p.by(ned), step, 0, workflow.Question{Asked: "please test it"}))
		p.must(p.PartnerAnswered(p.by(ned), step, 0, "we do"))
		p.must(p.Wait(p.by(ned), step, 0, workflow.Question{Asked: "and now?", Promised: launchDay}))
		p.must(p.Ask(p.by(ned), step, 0, hal, "image-id", launchDay, "customers"))
		check(t, p)
		if n := len(p.Steps[step].Waits); n != 1 {
			t.Errorf("%d waits are over", n)
		}
	})
	t.Run("that it is late, and who was told", func(t *testing.T) {
		t.Parallel()
		p := late(t)
		p.Tick(on("2026-03-06 17:00"))
		for _, d := range []string{"2026-03-09", "2026-03-10", "2026-03-11"} {
			p.Remind(on(d+" 09:30"), ned, workflow.Move{Kind: workflow.MoveDo, Key: step})
		}
		p.climbs(workflow.LateTold, "2026-03-12")
		p.must(p.Snooze(p.because(ned, "they test it tomorrow"), step, 0, workflow.SnoozeFor{Days: 1}))
		check(t, p)
		wantMoves(t, p, ana) // the second rung was not climbed
	})
	t.Run("who had reopened it", func(t *testing.T) {
		t.Parallel()
		p := withNed(t)
		p.done(ned, "partner-testing@ce-image")
		p.must(p.Reopen(p.because(omar, "the wrong image"), step, 0))
		check(t, p)
	})
}

func TestUndoOfAssigneeAndDate(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	p.done(olu, "scope-effort", "update-issue")
	p.is(workflow.Open, "create-listing@ce-image")
	p.must(p.Undo(p.by(olu), key("update-issue"), 0))
	p.is(workflow.Open, "update-issue")
	p.is(workflow.Locked, "create-listing@ce-image")
	if s := p.Stages["technical"]; s.Assignee != "" {
		t.Errorf("the stage is with %s", s.Assignee)
	}

	p.must(p.AssignStage(p.by(omar), "technical", omar)) // and so it is done by itself
	p.is(workflow.Done, "update-issue")
	wantKind(t, p.Undo(p.by(omar), key("update-issue"), 0), workflow.Conflict)
}

func TestUndoOfTheLaunch(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	live := p.Steps[key("go-live@ce-image")]
	due := live.Due
	p.must(p.Done(p.by(maya), key("align-release"), 0, map[workflow.FieldID]string{"launch-date": "2026-07-01"}))
	if live.Due.Equal(due) {
		t.Fatal("no date moved")
	}
	p.must(p.Undo(p.by(maya), key("align-release"), 0))
	if d, agreed := p.Launch(); d != launchDay || agreed || !live.Due.Equal(due) {
		t.Errorf("the launch is %s, agreed: %v; going live is due %s", d, agreed, live.Due)
	}
}

func TestUndoOfTheLastStep(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.rest()
	var last workflow.StepKey
	for k, s := range p.Steps {
		if s.At.Equal(p.Ended) && s.Actor == olu {
			last = k
		}
	}
	if !p.Undoable(last, olu, p.now) {
		t.Fatalf("%s cannot be undone", last)
	}
	p.must(p.Undo(p.by(olu), last, 0))
	if p.State != workflow.Running || !p.Ended.IsZero() {
		t.Errorf("the run is %s, ended %s", p.State, p.Ended)
	}
	p.must(p.Cancel(p.because(ana, "they were bought")))
	wantKind(t, p.Undo(p.by(olu), last, 0), workflow.Conflict)

	p = uploading(t)
	p.done(olu, "partner-testing@ce-image")
	p.must(p.Waive(p.because(ana, "not now"), key("upload-image"), 0))
	if p.Undoable(partnerTesting, olu, p.now) {
		t.Error("a part of what was given up can be undone")
	}
	wantKind(t, p.Undo(p.by(olu), partnerTesting, 0), workflow.Conflict)
}

// Who did a step may undo it, whatever they may otherwise.
func TestMayUndo(t *testing.T) {
	t.Parallel()
	p := begin(t)
	ask := workflow.Ask{Who: ada, Verb: workflow.VerbDone, Step: key("create-issue"), Reason: "all are away"}
	leave, err := workflow.Authorize(p.Run, roster(), ask)
	if err != nil || !leave.Override {
		t.Fatal(leave, err)
	}
	p.done(ada, "create-issue")
	ask = workflow.Ask{Who: ada, Verb: workflow.VerbUndo, Step: key("create-issue")}
	if leave, err := workflow.Authorize(p.Run, roster(), ask); err != nil || leave != (workflow.Leave{}) {
		t.Errorf("leave %+v, %v", leave, err)
	}
	ask.Who = ned
	_, err = workflow.Authorize(p.Run, roster(), ask)
	wantKind(t, err, workflow.Denied)
}
