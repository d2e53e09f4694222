package workflow_test

import (
	"testing"

	"cloudimage/workflow"
)

// proposed is a run that nobody in particular has proposed.
func proposed(t testing.TB) *play {
	t.Helper()
	start := startWith(ceImage())
	start.Proposed, start.Owner = true, ""
	r, err := workflow.Begin(workflow.Act{Actor: ned, At: monday}, firstTime(), week{}, start)
	if err != nil {
		t.Fatal(err)
	}
	return &play{t, r, monday}
}

func TestProposal(t *testing.T) {
	t.Parallel()
	t.Run("waits for the owner team", func(t *testing.T) {
		t.Parallel()
		p := proposed(t)
		if p.State != workflow.Proposed || p.Owner != "" || p.Opener != ned {
			t.Errorf("it is %s, owned by %q, opened by %s", p.State, p.Owner, p.Opener)
		}
		p.stageIs(workflow.StageLocked, "introduction", "technical", "marketing")
		for who := range p.Moves() {
			if who != ana {
				t.Errorf("%s is asked for something", who)
			}
		}
		wantMoves(t, p, ana, workflow.Move{Kind: workflow.MoveAccept})
		if next := p.NextDue(); !next.IsZero() {
			t.Errorf("something of it is due %s", next)
		}
		p.Tick(launchDay.Time())
		p.is(workflow.Locked, "create-issue")
		news := workflow.Notices(nil, p.Run, ned)
		if len(news) != 1 || news[0] != (workflow.Notice{User: ana, News: true}) {
			t.Errorf("notices are %v", news)
		}
	})
	t.Run("belongs to who accepts it", func(t *testing.T) {
		t.Parallel()
		p := proposed(t)
		p.must(p.Accept(p.by(sam)))
		if p.State != workflow.Running || p.Owner != sam {
			t.Errorf("it is %s, owned by %q", p.State, p.Owner)
		}
		p.stageIs(workflow.StageOpen, "introduction")
		p.is(workflow.Open, "create-issue")
		wantKind(t, p.Accept(p.by(ana)), workflow.Conflict)
	})
	t.Run("is not late because it waited", func(t *testing.T) {
		t.Parallel()
		p := proposed(t)
		p.now = launchDay.Time().AddDate(0, 0, -14)
		p.must(p.Accept(p.by(sam)))
		if !p.Started.Equal(p.now) {
			t.Errorf("it started %s, want %s", p.Started, p.now)
		}
		if next, soonest := p.NextDue(), (week{}).After(sp, p.now, 1); next.Before(soonest) {
			t.Errorf("the next date is %s, want %s or later", next, soonest)
		}
	})
	t.Run("is declined with a reason", func(t *testing.T) {
		t.Parallel()
		p := proposed(t)
		wantKind(t, p.Cancel(p.by(ana)), workflow.Invalid)
		p.must(p.Cancel(p.because(ana, " not this year ")))
		if p.State != workflow.Cancelled || p.Reason != "not this year" {
			t.Errorf("it is %s: %q", p.State, p.Reason)
		}
		wantKind(t, p.Accept(p.by(ana)), workflow.Conflict)
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.must(p.Want(p.by(omar), key("technical-call"), 0)) // and so it is open in a complete stage
	p.stage1()
	p.must(p.Cancel(p.because(ana, "they were bought")))
	if p.State != workflow.Cancelled || p.Reason != "they were bought" || !p.Ended.Equal(p.now) {
		t.Errorf("it is %s since %s: %q", p.State, p.Ended, p.Reason)
	}
	p.stageIs(workflow.StageComplete, "introduction") // what was achieved stays to be seen
	p.stageIs(workflow.StageLocked, "technical", "marketing")
	p.is(workflow.Done, "create-issue", "introduce-marketing")
	p.is(workflow.Locked, "technical-call", "scope-effort", "documentation-mr", "image-description@ce-image")
	if len(p.Moves()) > 0 || !p.NextDue().IsZero() {
		t.Errorf("it wants %v, next due %s", p.Moves(), p.NextDue())
	}
	for what, err := range map[string]error{
		"done":    p.Done(p.by(olu), key("scope-effort"), 0, nil),
		"reopen":  p.Reopen(p.by(ana), key("create-issue"), 0),
		"waive":   p.Waive(p.because(ana, "no"), key("scope-effort"), 0),
		"assign":  p.Assign(p.by(omar), key("scope-effort"), 0, olu),
		"due":     p.SetDue(p.by(omar), key("scope-effort"), 0, launchDay),
		"stage":   p.AssignStage(p.by(omar), "technical", olu),
		"listing": p.Join(p.by(ana), eeImage()),
		"owner":   p.SetOwner(p.by(ana), sam),
		"lead":    p.SetLead(p.by(ana), om, olu),
		"cancel":  p.Cancel(p.because(ana, "again")),
		"accept":  p.Accept(p.by(ana)),
	} {
		if workflow.KindOf(err) != workflow.Conflict {
			t.Errorf("%s of a cancelled run: %v", what, err)
		}
	}
	p.must(p.Note(p.by(ana), workflow.StepKey{}, "their new owner may call"))
}
