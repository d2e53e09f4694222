package workflow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

func TestText(t *testing.T) {
	t.Parallel()
	inner := workflow.Say("by %s", workflow.UserID("U1"))
	text := workflow.Say("%s %d %q %s %s, %s, %s, %s", "typed", 3, "quoted", workflow.TeamName{Name: "Omnibus", Group: "S1"},
		time.Date(2026, 3, 2, 10, 0, 0, 0, time.FixedZone("", 3600)), workflow.Date("2026-03-02"), inner, workflow.Command("/cloudimage new"))
	const want = `typed 3 "quoted" Omnibus 2026-03-02T09:00:00Z, 2026-03-02, by U1, /cloudimage new`
	if got := text.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := text.Map(func(any) any { return 1 }); got != "%!s(int=1) 1 '\\x01' %!s(int=1) %!s(int=1), %!s(int=1), %!s(int=1), %!s(int=1)" {
		t.Errorf("each argument is printed by the caller: %q", got)
	}
	if text.IsZero() || !(workflow.Text{}).IsZero() {
		t.Error("what is no text, and what is")
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	cause := io.ErrUnexpectedEOF
	err := fmt.Errorf("do it: %w", &workflow.Error{
		Kind: workflow.Invalid, Message: workflow.Say("Look again."), Err: cause,
		Fields: map[workflow.FieldID]workflow.Text{"c": workflow.Say("third"), "a": workflow.Say("first"), "b": workflow.Say("second")},
	})
	for range 20 { // in the same order each time
		if got := err.Error(); got != "do it: Look again.; a: first; b: second; c: third: unexpected EOF" {
			t.Fatal(got)
		}
	}
	if !errors.Is(err, cause) || workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("%v is %s", err, workflow.KindOf(err))
	}
	if got := workflow.KindOf(cause); got != workflow.Internal {
		t.Errorf("a foreign error is %s", got)
	}
	if got := (&workflow.Error{Kind: workflow.NeedReason}).Error(); got != "need reason" {
		t.Errorf("an error without words is %q", got)
	}
	if got := workflow.KindOf(workflow.Fail(workflow.Unavailable, "Later.")); got != workflow.Unavailable {
		t.Errorf("it is %s", got)
	}
}

func TestStepKey(t *testing.T) {
	t.Parallel()
	states := map[workflow.StepKey]int{{Step: "go-live", Listing: "ce-image"}: 1, {Step: "scope-effort"}: 2}
	b, err := json.Marshal(states)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != `{"go-live@ce-image":1,"scope-effort":2}` {
		t.Errorf("stored as %s", b)
	}
	var back map[workflow.StepKey]int
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	for k, v := range states {
		if back[k] != v {
			t.Errorf("%s is %d", k, back[k])
		}
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	l := workflow.NewListing("EE", workflow.OmnibusPackage, workflow.AWS)
	if l.ID != "ee-omnibus-package" || l.Name() != "EE Omnibus package" {
		t.Errorf("it is %s, %q", l.ID, l.Name())
	}
	if got := ceImage().Name(); got != "CE image" {
		t.Errorf("it is %q", got)
	}
	for p, want := range map[workflow.Provider]string{workflow.AWS: "AWS", workflow.Azure: "Azure", workflow.Manual: "other, by hand"} {
		if got := p.Name(); got != want {
			t.Errorf("%s is %q", p, got)
		}
	}
}

// A copy of a run has nothing in common with it.
func TestClone(t *testing.T) {
	t.Parallel()
	start := startWith(ceImage())
	start.Listings[0].Facts = map[workflow.FactName]string{"known": "before"}
	p := beginWith(t, firstTime(), start)
	p.stage1()
	p.done(olu, "scope-effort", "update-issue")
	create, text := key("create-listing@ce-image"), key("image-description@ce-image")
	p.must(p.Wait(p.by(olu), create, 0, workflow.Question{Asked: "please", Ticket: "", Promised: ""}))
	for range 3 { // after which there is room for a fourth
		p.must(p.Take(p.by(olu), create, 0, "follow-up", "wrote"))
	}
	p.must(p.Ask(p.by(maya), text, 0, hal, "title", "", ""))
	p.must(p.Answer(p.by(hal), text, "title", "GitLab CE"))
	p.must(p.Ask(p.by(maya), text, 0, hal, "long", "", ""))
	was, err := json.Marshal(p.Run)
	if err != nil {
		t.Fatal(err)
	}
	c := &play{t, p.Clone(), p.now}
	if len(c.Emitted()) > 0 {
		t.Errorf("the copy has emitted %v", c.Emitted())
	}
	c.must(c.Take(c.by(omar), create, 0, "escalate", "no answer"))
	other := &play{t, p.Clone(), p.now}
	other.must(other.Take(other.by(olu), create, 0, "follow-up", "in another copy"))
	if got := c.Steps[create].Waiting.Taken[3].Note; got != "no answer" {
		t.Errorf("what happened to one copy, %q, happened to another", got)
	}
	c.must(c.PartnerAnswered(c.by(olu), create, 0, "yes"))
	c.must(c.Ask(c.by(maya), text, 0, ned, "long", "", ""))
	c.must(c.Answer(c.by(hal), text, "long", "ready to run"))
	c.must(c.SetLead(c.by(ana), om, olu))
	c.must(c.AssignStage(c.by(ana), "marketing", mo))
	c.must(c.Join(c.by(ana), eeImage()))
	c.done(olu, "create-listing@ce-image")
	c.done(maya, "align-release")
	is, err := json.Marshal(p.Run)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(was), string(is)); diff != "" {
		t.Errorf("what happened to the copy happened to the run:\n%s", diff)
	}
}

func TestAttach(t *testing.T) {
	t.Parallel()
	p := begin(t)
	stored, err := json.Marshal(p.Run)
	if err != nil {
		t.Fatal(err)
	}
	var r workflow.Run
	if err := json.Unmarshal(stored, &r); err != nil {
		t.Fatal(err)
	}
	if err := r.Attach(maintenance(), week{}); err == nil {
		t.Error("a run takes another process than it was started with")
	}
	if err := r.Attach(firstTime(), week{}); err != nil {
		t.Fatal(err)
	}
	read := &play{t, &r, p.now}
	read.stage1()
	read.stageIs(workflow.StageOpen, "technical", "marketing")
}
