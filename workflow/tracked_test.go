package workflow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// trackings says which items a run has or is to have.
func trackings(r *workflow.Run) string {
	var out []string
	for _, t := range r.Trackings() {
		s := string(t.Fact)
		if t.Wanted {
			s += " wanted"
		}
		if t.URL != "" {
			s += " at " + t.URL
		}
		if (t.Stage == nil) != (t.Track == workflow.TrackDocument) {
			s += " in no stage"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// Items come when their steps open, and stay where they are.
func TestTrackings(t *testing.T) {
	t.Parallel()
	p := beginWith(t, keeping(), startWith(ceImage()))
	is := func(what, want string) {
		t.Helper()
		if got := trackings(p.Run); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	is("at the start", "issue wanted, google-doc wanted")
	p.must(p.Link(p.self(), "issue", there, "acme#1"))
	is("once it is there", "issue at "+there+", google-doc wanted")
	p.must(p.Reopen(p.because(ana, "it is not right"), key("create-issue"), 0))
	is("reopened", "issue at "+there+", google-doc wanted")
	p.Learn(p.self(), "google-doc", "https://docs.example/1")
	is("with a document", "issue at "+there+", google-doc at https://docs.example/1")
	p.stage1()
	is("in the next stages", "issue at https://gitlab.example/issue, documentation-mr wanted, marketing-issue wanted, google-doc at https://gitlab.example/google-doc")
	p.must(p.Waive(p.because(ana, "no"), key("marketing-issue"), 0))
	is("with one given up", "issue at https://gitlab.example/issue, documentation-mr wanted, google-doc at https://gitlab.example/google-doc")
	p.must(p.Cancel(p.because(ana, "it ends")))
	is("cancelled", "issue at https://gitlab.example/issue, google-doc at https://gitlab.example/google-doc")

	start := startWith(ceImage())
	start.Proposed, start.Owner = true, ""
	p = beginWith(t, keeping(), start)
	is("a proposal", "")
}

// The issue is the owner's and due at the launch, until somebody decides for its
// stage.
func TestIssueFor(t *testing.T) {
	t.Parallel()
	p := begin(t)
	is := func(what string, who workflow.UserID, due workflow.Date) {
		t.Helper()
		if gotWho, gotDue := p.IssueFor(); gotWho != who || gotDue != due {
			t.Errorf("%s it is %s's, due %s, want %s's, due %s", what, gotWho, gotDue, who, due)
		}
	}
	is("at the start", ana, launchDay)
	p.must(p.SetOwner(p.by(ana), sam))
	is("with another owner", sam, launchDay)
	p.stage1()
	is("in its stage", sam, launchDay) // which has a planned date, and nobody confirmed it
	p.must(p.AssignStage(p.by(omar), "technical", olu))
	is("assigned", olu, launchDay)
	on := workflow.DateOf(launchDay.Time().AddDate(0, 0, -3))
	p.must(p.SetStageDue(p.by(omar), "technical", on))
	is("dated", olu, on)

	start := startWith(ceImage())
	start.Target = ""
	p = beginWith(t, firstTime(), start)
	is("without a launch", ana, "")

	def := firstTime()
	def.Hash = "undecided"
	def.Stages[1].Steps[1].DoneWhen = workflow.Never
	p = beginWith(t, def, startWith(ceImage()))
	p.stage1()
	p.must(p.AssignStage(p.by(omar), "technical", olu))
	if is("without a stage that decides", ana, launchDay); p.IssueStage() != nil {
		t.Error("a stage decides")
	}
}

// It is early when it is merged before the day of the launch, for the team that
// merges it.
func TestMergedEarly(t *testing.T) {
	t.Parallel()
	closes := (week{}).At(om, launchDay) // where the team is
	for _, tt := range []struct {
		what   string
		merged time.Time
		early  bool
	}{
		{"not merged", time.Time{}, false},
		{"long before", closes.AddDate(0, 0, -10), true},
		{"on the day before", closes.AddDate(0, 0, -1), true},
		{"on the day", closes.Add(-time.Hour), false},
		{"after it", closes.AddDate(0, 0, 1), false},
	} {
		p := begin(t)
		if _, early := p.MergedEarly(); early {
			t.Error("without one it is early")
		}
		p.must(p.Link(p.self(), "documentation-mr", there, "acme!1"))
		p.Watched(p.self(), "documentation-mr", workflow.MergeRequest{State: workflow.MergeMerged, Merged: tt.merged})
		if at, early := p.MergedEarly(); early != tt.early || !at.Equal(tt.merged) {
			t.Errorf("%s: early is %v, at %s", tt.what, early, at)
		}
	}
	start := startWith(ceImage())
	start.Target = ""
	p := beginWith(t, firstTime(), start)
	p.must(p.Link(p.self(), "documentation-mr", there, "acme!1"))
	p.Watched(p.self(), "documentation-mr", workflow.MergeRequest{State: workflow.MergeMerged, Merged: monday})
	if _, early := p.MergedEarly(); early {
		t.Error("without a launch it is early")
	}
}

// A run takes a merge request that is found as long as it has none.
func TestNoMergeRequest(t *testing.T) {
	t.Parallel()
	for what, tt := range map[string]struct {
		before func(*play)
		want   workflow.FactName
	}{
		"at the start":  {func(*play) {}, "documentation-mr"},
		"with one":      {func(p *play) { p.must(p.Link(p.self(), "documentation-mr", there, "acme!1")) }, ""},
		"given up":      {func(p *play) { p.stage1(); p.must(p.Waive(p.because(ana, "no"), key("documentation-mr"), 0)) }, ""},
		"cancelled":     {func(p *play) { p.must(p.Cancel(p.because(ana, "no"))) }, ""},
		"given by hand": {func(p *play) { p.stage1(); p.done(omar, "documentation-mr") }, ""},
	} {
		p := begin(t)
		if tt.before(p); p.NoMergeRequest() != tt.want {
			t.Errorf("%s it is %q, want %q", what, p.NoMergeRequest(), tt.want)
		}
	}
}

// What a run knows of the tracker is what its events say.
func TestItemsAreReplayed(t *testing.T) {
	t.Parallel()
	p := beginWith(t, keeping(), startWith(ceImage()))
	p.must(p.Link(p.self(), "issue", there, "acme#1"))
	p.tick("joint-marketing", workflow.Outsider{Handle: "pat"}, false)
	p.Disturb(p.self(), "issue", workflow.Trouble{Kind: workflow.Edited, Key: "k", There: []string{"a"}})
	p.must(p.Repair(p.by(ana), "issue", "k"))
	p.must(p.Link(p.self(), "documentation-mr", there+"0", "acme!1"))
	p.Watched(p.self(), "documentation-mr", workflow.MergeRequest{State: workflow.MergeOpen})
	p.done(ana, "gather-documentation")
	again := workflow.Replay(keeping(), week{}, p.Emitted())
	if diff := cmp.Diff(p.Items, again.Items); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// A copy does not share them.
	c := p.Clone()
	c.Items["issue"].Trouble.There[0] = "b"
	c.Items["documentation-mr"].Merge.Draft = true
	c.Mend(workflow.Act{At: p.now}, "issue")
	if diff := cmp.Diff(again.Items, p.Items); diff != "" {
		t.Errorf("a copy is not its own (-want +got):\n%s", diff)
	}
}
