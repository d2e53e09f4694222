package workflow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// This file has what follows from one thing that happens in the issue tracker, case
// by case; outside_test.go plays it in any order.

const there = "https://there.example/acme/-/issues/1"

// keeping is the first-time process, with all that a run can keep elsewhere.
func keeping() *workflow.Definition {
	def := firstTime()
	def.Hash = "keeping"
	def.Stages[2].Steps[0].Evidence[0].Tracks = workflow.TrackRelated
	def.Resources = []workflow.Resource{{ID: "doc", Title: "Details", Fact: "google-doc", Creates: workflow.TrackDocument}}
	return def
}

// self is an act of the bot.
func (p *play) self() workflow.Act { return p.by(workflow.Bot) }

// types are the types of the events since that version.
func (p *play) types(since int64) string {
	var out []string
	for _, e := range p.Emitted() {
		if e.Seq > since {
			out = append(out, string(e.Type))
		}
	}
	return strings.Join(out, " ")
}

func (p *play) issue() *workflow.TrackedItem { return p.Items[workflow.FactIssue] }

// A step that asks for nothing but the link is done by it, and no other.
func TestLinkDoesItsStep(t *testing.T) {
	t.Parallel()
	asksMore := keeping()
	asksMore.Stages[0].Steps[0].Evidence = append(asksMore.Stages[0].Steps[0].Evidence, workflow.Field{ID: "why", Type: workflow.LongText})
	asksMore.Hash = "asks-more"
	for what, tt := range map[string]struct {
		def    *workflow.Definition
		fact   workflow.FactName
		before func(*play)
		step   string
		want   workflow.Status
		events string
	}{
		"the issue's":                {keeping(), "issue", nil, "create-issue", workflow.Done, "item.linked step.done"},
		"one that asks for more":     {asksMore, "issue", nil, "create-issue", workflow.Open, "item.linked"},
		"one that is locked":         {keeping(), "marketing-issue", nil, "marketing-issue", workflow.Locked, "item.linked"},
		"one that opened":            {keeping(), "marketing-issue", (*play).stage1, "marketing-issue", workflow.Done, "item.linked step.done"},
		"one with its own condition": {keeping(), "documentation-mr", (*play).stage1, "documentation-mr", workflow.Open, "item.linked"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			p := beginWith(t, tt.def, startWith(ceImage()))
			if tt.before != nil {
				tt.before(p)
			}
			version := p.Version
			p.must(p.Link(p.self(), tt.fact, there, "acme#1"))
			p.is(tt.want, tt.step)
			if got := p.types(version); got != tt.events {
				t.Errorf("it led to %q, want %q", got, tt.events)
			}
			if it := p.Items[tt.fact]; it.URL != there || it.Path != "acme#1" || p.Facts[tt.fact] != there {
				t.Errorf("it is kept as %+v", it)
			}
			version = p.Version
			if p.must(p.Link(p.self(), tt.fact, there, "acme#1")); p.Version != version {
				t.Error("the same link again changes something")
			}
		})
	}
}

func TestLinkDoesNotTakeTheOneThatWasGiven(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.done(ana, "create-issue")
	given := p.Facts["issue"]
	wantKind(t, p.Link(p.self(), "issue", there, "acme#1"), workflow.Conflict)
	if p.Facts["issue"] != given || p.issue() != nil {
		t.Errorf("it has %q, %+v", p.Facts["issue"], p.issue())
	}
	// The one that was given is seen, and moves; what was so of it at its old place is
	// over.
	p.must(p.Link(p.self(), "issue", given, "acme#7"))
	p.Disturb(p.self(), "issue", workflow.Trouble{Kind: workflow.Edited, Key: "k"})
	p.must(p.Link(p.self(), "issue", there, "other#1"))
	if diff := cmp.Diff(&workflow.TrackedItem{URL: there, Path: "other#1"}, p.issue()); diff != "" || p.Facts["issue"] != there {
		t.Errorf("moved it is (-want +got):\n%s", diff)
	}
}

// What becomes of a box that is ticked depends on who may, what is missing, and
// whether it can be done at all.
func TestTickOutside(t *testing.T) {
	t.Parallel()
	byPat, bySam := workflow.Outsider{Handle: "pat"}, workflow.Outsider{Handle: "sam_s", User: sam}
	plain := keeping()
	plain.Stages[0].Steps[1].Evidence = nil
	plain.Hash = "plain"
	for what, tt := range map[string]struct {
		step   string
		by     workflow.Outsider
		may    bool
		before func(*play)
		status workflow.Status
		tick   *workflow.Tick
		events string
	}{
		"who may":                    {"gather-documentation", bySam, true, nil, workflow.Done, nil, "step.done"},
		"who may not":                {"gather-documentation", byPat, false, nil, workflow.Open, &workflow.Tick{By: byPat, Item: "issue"}, "step.ticked"},
		"who may, evidence missing":  {"joint-marketing", bySam, true, nil, workflow.Open, &workflow.Tick{By: bySam, Item: "issue", Own: true}, "step.ticked"},
		"nobody can tell who":        {"joint-marketing", workflow.Outsider{}, false, nil, workflow.Open, &workflow.Tick{Item: "issue"}, "step.ticked"},
		"a step that is locked":      {"scope-effort", bySam, true, nil, workflow.Locked, nil, "step.tick-refused"},
		"one that is ticked already": {"joint-marketing", byPat, false, func(p *play) { p.tick("joint-marketing", bySam, false) }, workflow.Open, &workflow.Tick{By: bySam, Item: "issue"}, ""},
		"and then by who may do it":  {"joint-marketing", bySam, true, func(p *play) { p.tick("joint-marketing", byPat, false) }, workflow.Open, &workflow.Tick{By: bySam, Item: "issue", Own: true}, "step.ticked"},
		"one that is done":           {"joint-marketing", byPat, false, func(p *play) { p.done(ana, "joint-marketing") }, workflow.Done, nil, ""},
		"one that is given up":       {"joint-marketing", byPat, false, func(p *play) { p.must(p.Waive(p.because(ana, "no"), key("joint-marketing"), 0)) }, workflow.Waived, nil, ""},
		"a group":                    {"documentation", bySam, true, (*play).stage1, workflow.Open, nil, "step.tick-refused"},
		"a step that waits for both": {"update-issue", bySam, true, func(p *play) { p.stage1(); p.done(omar, "scope-effort") }, workflow.Open, &workflow.Tick{By: bySam, Item: "issue", Own: true}, "step.ticked"},
		"a run that has ended":       {"joint-marketing", bySam, true, func(p *play) { p.must(p.Cancel(p.because(ana, "no"))) }, workflow.Locked, nil, ""},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			p := beginWith(t, plain, startWith(ceImage()))
			if tt.before != nil {
				tt.before(p)
			}
			version, act := p.Version, p.self()
			if tt.may {
				act.Actor = tt.by.User
			}
			p.must(p.TickOutside(act, key(tt.step), "issue", tt.by, tt.may))
			if tt.tick != nil && tt.events != "" {
				tt.tick.At = act.At
			}
			got := p.Steps[key(tt.step)]
			if tt.tick != nil && got.Tick != nil && tt.events == "" {
				tt.tick.At = got.Tick.At // of the first
			}
			if diff := cmp.Diff(tt.tick, got.Tick); diff != "" || got.Status != tt.status || p.types(version) != tt.events {
				t.Errorf("it is %s, by %q (-want +got):\n%s", got.Status, p.types(version), diff)
			}
			if tt.events == "step.done" && (got.Actor != tt.by.User || p.Emitted()[len(p.Emitted())-1].Outside == nil) {
				t.Errorf("it is done by %q", got.Actor)
			}
		})
	}
	p := begin(t)
	version := p.Version
	if p.must(p.TickOutside(p.self(), key("no-step"), "issue", byPat, false)); p.Version != version {
		t.Error("a step that is none was ticked")
	}
}

// tick is a tick of a step in the run's issue.
func (p *play) tick(step string, by workflow.Outsider, may bool) {
	p.t.Helper()
	p.must(p.TickOutside(p.self(), key(step), "issue", by, may))
}

// A tick is over when it is taken back, declined, or the step is closed.
func TestTickEnds(t *testing.T) {
	t.Parallel()
	byPat := workflow.Outsider{Handle: "pat"}
	for what, tt := range map[string]struct {
		end  func(*play)
		want string
	}{
		"taken back": {func(p *play) { p.UntickOutside(p.self(), key("joint-marketing"), byPat) }, "step.tick-ended"},
		"declined":   {func(p *play) { p.must(p.DeclineTick(p.by(ana), key("joint-marketing"))) }, "step.tick-ended"},
		"done":       {func(p *play) { p.done(ana, "joint-marketing") }, "step.done"},
		"given up":   {func(p *play) { p.must(p.Waive(p.because(ana, "no"), key("joint-marketing"), 0)) }, "step.waived"},
	} {
		p := begin(t)
		p.tick("joint-marketing", byPat, false)
		version := p.Version
		if tt.end(p); p.Steps[key("joint-marketing")].Tick != nil || p.types(version) != tt.want {
			t.Errorf("%s: it is %+v, by %q", what, p.Steps[key("joint-marketing")].Tick, p.types(version))
		}
		version = p.Version
		if p.UntickOutside(p.self(), key("joint-marketing"), byPat); p.Version != version {
			t.Errorf("%s: taking it back again changes something", what)
		}
		if what != "taken back" && what != "declined" {
			continue
		}
		wantKind(t, p.DeclineTick(p.by(ana), key("joint-marketing")), workflow.Conflict)
	}
}

// Trouble is noted once, counted while it lasts, and repaired as it was shown.
func TestTroubleUntilItIsOver(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.must(p.Link(p.self(), "issue", there, "acme#1"))
	repair := func(shown string, want workflow.Kind) {
		t.Helper()
		wantKind(t, p.Repair(p.by(ana), "issue", shown), want)
	}
	repair("", workflow.Conflict) // all is well
	edited := workflow.Trouble{Kind: workflow.Edited, Key: "a", By: workflow.Outsider{Handle: "pat"},
		There: append([]string{strings.Repeat("ö", 500)}, make([]string, 20)...)}
	p.Disturb(p.self(), "issue", edited)
	had := p.issue().Trouble
	if len(had.There) != workflow.MostDifferent || len([]rune(had.There[0])) > 160 || had.At.IsZero() || had.By.Handle != "pat" {
		t.Errorf("it is kept as %+v", had)
	}
	version := p.Version
	if p.Disturb(p.self(), "issue", edited); p.Version != version {
		t.Error("the same trouble again changes something")
	}
	p.done(ana, "gather-documentation")
	p.must(p.Note(p.by(ana), workflow.StepKey{}, "which is not told there"))
	if n := p.issue().Waiting; n != 1 {
		t.Errorf("%d things wait, want the step alone", n)
	}
	repair("b", workflow.Stale)
	p.must(p.Repair(p.by(ana), "issue", "a"))
	repair("a", workflow.Conflict)
	if !p.issue().Repairs() {
		t.Error("it is not being repaired")
	}
	// Something else is the matter before it is repaired: that is not what was decided.
	p.Disturb(p.self(), "issue", workflow.Trouble{Kind: workflow.Edited, Key: "b"})
	if p.issue().Repairs() {
		t.Error("what nobody has seen is being repaired")
	}
	p.Mend(p.self(), "issue")
	if diff := cmp.Diff(&workflow.TrackedItem{URL: there, Path: "acme#1"}, p.issue()); diff != "" {
		t.Errorf("once it is over (-want +got):\n%s", diff)
	}
	version = p.Version
	p.Mend(p.self(), "issue")
	if p.Mend(p.self(), "marketing-issue"); p.Version != version {
		t.Error("what is in step was mended")
	}
	// What ends by itself, and what another run has, cannot be repaired.
	for _, kind := range []workflow.TroubleKind{workflow.Unreachable, workflow.Refused, workflow.Foreign} {
		p.Disturb(p.self(), "issue", workflow.Trouble{Kind: kind, Key: "k"})
		repair("k", workflow.Conflict)
	}
}

// While the tracker is away, what was decided stays decided.
func TestRepairOutlastsWhatEndsByItself(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.must(p.Link(p.self(), "issue", there, "acme#1"))
	p.Disturb(p.self(), "issue", workflow.Trouble{Kind: workflow.Unreachable, Key: "unreachable"})
	p.Disturb(p.self(), "issue", workflow.Trouble{Kind: workflow.Refused, Key: "refused"})
	if got := p.Disturbed(); len(got) != 1 || p.issue().Trouble.Kind != workflow.Refused {
		t.Errorf("in trouble are %v: %+v", got, p.issue().Trouble)
	}
	p.Disturb(p.self(), "marketing-issue", workflow.Trouble{Kind: workflow.Overwrote, Key: "o"})
	p.Disturb(p.self(), "documentation-mr", workflow.Trouble{Kind: workflow.Vanished, Key: "v"})
	if diff := cmp.Diff([]workflow.FactName{"issue", "documentation-mr", "marketing-issue"}, p.Disturbed()); diff != "" {
		t.Errorf("the worst first (-want +got):\n%s", diff)
	}
}

// What people write there is told here, short, and without secrets.
func TestHear(t *testing.T) {
	t.Parallel()
	const secret = "(That looked like a secret and was not taken over.)"
	for said, want := range map[string]string{
		"  They want January.\n":         "They want January.",
		"":                               "",
		" \n\t":                          "",
		"the password: hunter2-and-more": secret,
		"AKIA" + "IOSFODNN7EXAMPLE":      secret,
		strings.Repeat("ö", 600):         strings.Repeat("ö", 600),
		strings.Repeat("ö", 601):         strings.Repeat("ö", 599) + "…",
		strings.Repeat("ö", 590) + strings.Repeat(" ", 100) + "x":           strings.Repeat("ö", 590) + "…",
		strings.Repeat("long ", 1000) + "glpat-" + strings.Repeat("aB3", 7): secret,
		"a\xffb": "a\uFFFDb",
	} {
		p := begin(t)
		version := p.Version
		p.Hear(p.self(), "issue", workflow.Outsider{Handle: "pat"}, said)
		got := ""
		if p.Version > version {
			got = p.Emitted()[len(p.Emitted())-1].Text
		}
		if got != want {
			t.Errorf("%.40q is told as %.60q, want %.60q", said, got, want)
		}
	}
}

func TestRelabel(t *testing.T) {
	t.Parallel()
	p := begin(t)
	version := p.Version
	if p.Relabel(p.self(), "issue", nil, nil); p.Version != version {
		t.Error("no labels are told of")
	}
	p.Relabel(p.self(), "issue", []string{"a", "b"}, []string{"c"})
	if got := p.Emitted()[len(p.Emitted())-1].Text; got != "+a, +b, −c" {
		t.Errorf("it is told as %q", got)
	}
}

// The merge request does its steps, once it is approved and once it is merged; who
// reopens one wants more than was there.
func TestWatched(t *testing.T) {
	t.Parallel()
	p := beginWith(t, keeping(), startWith(ceImage()))
	p.stage1()
	version := p.Version
	mr := workflow.MergeRequest{Title: "Section", State: workflow.MergeOpen}
	if p.Watched(p.self(), "documentation-mr", mr); p.Version != version {
		t.Error("one that nobody gave is watched")
	}
	p.must(p.Link(p.self(), "documentation-mr", "https://there.example/!1", "acme!1"))
	saw := func(what string, want string) {
		t.Helper()
		version := p.Version
		p.Watched(p.self(), "documentation-mr", mr)
		if got := p.types(version); got != want {
			t.Errorf("%s: it led to %q, want %q", what, got, want)
		}
	}
	saw("open", "item.watched")
	saw("the same", "")
	mr.Draft = true
	saw("a draft", "item.watched")
	mr.Approved = p.now.Add(-time.Hour) // when it was so does not count, but when it was seen
	saw("approved", "item.watched step.done step.opened")
	p.is(workflow.Done, "documentation-mr")
	at := p.Items["documentation-mr"].Merge.Approved
	if at.Before(p.now.Add(-time.Second)) || p.Steps[key("documentation-mr")].Evidence["merge-request"] != "https://there.example/!1" {
		t.Errorf("it is approved since %s, with %v", at, p.Steps[key("documentation-mr")].Evidence)
	}
	mr.Approved = p.now.Add(time.Hour)
	saw("approved still", "")
	p.must(p.Reopen(p.because(omar, "more is needed"), key("documentation-mr"), 0))
	saw("approved as before", "")
	p.is(workflow.Open, "documentation-mr")
	mr.Approved = time.Time{}
	saw("not approved any more", "item.watched")
	p.now = p.now.Add(time.Hour)
	mr.Approved = p.now
	saw("approved anew", "item.watched step.done step.opened")
	// The launch is agreed, and it is merged: that does the other step.
	p.done(maya, "align-release")
	p.is(workflow.Open, "merge-documentation")
	mr.State, mr.Merged, mr.MergedBy = workflow.MergeMerged, p.now.Add(time.Minute).Truncate(time.Millisecond), workflow.Outsider{Handle: "lena"}
	saw("merged", "item.watched step.done step.done") // and the group of both
	p.is(workflow.Done, "merge-documentation")
	if e := p.Emitted()[len(p.Emitted())-3]; e.Outside.Was != workflow.MergeOpen || e.Outside.By.Handle != "lena" {
		t.Errorf("it is told as %+v", e.Outside)
	}
	p.must(p.Reopen(p.because(maya, "it is not read yet"), key("merge-documentation"), 0))
	mr.Milestone = "18.6"
	saw("merged as before", "item.watched")
	p.is(workflow.Open, "merge-documentation")
}
