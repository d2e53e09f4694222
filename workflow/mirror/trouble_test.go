package mirror

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudimage/workflow"
)

func TestMergeRequestOfTwoRunsIsHeldForBoth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.begins("DigitalOcean"), w.begins("Vultr")
	w.waits(5 * time.Minute)
	mr := w.documents(one, 1)
	w.waits(time.Minute)
	w.documents(two, 1)
	w.waits(time.Minute)
	for _, r := range []workflow.RunID{one, two} {
		w.does(r, ana, func(act workflow.Act, run *workflow.Run) error { return run.MoveLaunch(act, "2026-06-03") })
	}
	w.waits(5 * time.Minute)
	if acts := w.acts[mr.Ref]; len(acts) != 2 {
		t.Errorf("%d comments were written", len(acts))
	}
	if it := w.run(two).Items["documentation-mr"]; it == nil || it.Trouble != nil {
		t.Errorf("the second is %+v", it)
	}
}

// A merge request that was hidden from us and is there again is in step.
func TestMergeRequestThatIsThereAgain(t *testing.T) {
	t.Parallel()
	for _, changes := range []bool{false, true} {
		w := newWorld(t)
		r := w.begins("DigitalOcean")
		w.waits(5 * time.Minute)
		mr := w.documents(r, 1)
		w.waits(time.Minute)
		delete(w.merges, mr.Ref)
		w.does(r, ana, func(act workflow.Act, run *workflow.Run) error { return run.MoveLaunch(act, "2026-06-03") })
		w.waits(2 * time.Minute)
		trouble := func() *workflow.Trouble { return w.run(r).Items["documentation-mr"].Trouble }
		if trouble() == nil {
			t.Fatal("nobody is told")
		}
		w.does(r, ana, func(act workflow.Act, run *workflow.Run) error {
			return run.Repair(act, "documentation-mr", "vanished")
		})
		w.waits(2 * time.Minute)
		if w.run(r).Items["documentation-mr"].Repair != "" {
			t.Error("it is being repaired for ever")
		}
		w.merges[mr.Ref] = mr
		if changes {
			mr.Updated = w.clock()
		} else {
			w.done(r, "gather-documentation")
		}
		w.waits(3 * time.Minute)
		if trouble() != nil {
			t.Errorf("changes %v: it is in trouble %+v", changes, trouble())
		}
	}
}

// Who can read an issue, the issue says, and not how another would have been made.
func TestBriefIsNotForAnybodyWhoSeesAnOpenIssue(t *testing.T) {
	t.Parallel()
	for _, recipes := range []bool{false, true} {
		w := newWorld(t, func(o *Options) {
			if !recipes {
				o.Recipes = nil
			}
		})
		given := w.write(pat, project, "Marketing", "Words.")
		r := w.begins("DigitalOcean")
		w.waits(time.Minute)
		if !recipes {
			w.done(r, "create-issue")
		}
		w.does(r, maya, func(act workflow.Act, run *workflow.Run) error {
			return run.Link(act, "marketing-issue", given.URL, "")
		})
		secret := "Launch with their secret product"
		w.done(r, "gather-documentation")
		w.does(r, ana, func(act workflow.Act, run *workflow.Run) error {
			return run.Done(act, key("joint-marketing"), 0, map[workflow.FieldID]string{"opportunities": secret})
		})
		w.waits(3 * time.Minute)
		text := func() string { return w.issue(given.Ref).Description }
		if !strings.Contains(text(), "cloudimage:begin") || strings.Contains(text(), secret) {
			t.Errorf("recipes %v: an open issue says\n%s", recipes, text())
		}
		w.as(pat, given.Ref, OtherActivity, "", func(i *Issue) { i.Restricted = true })
		w.waits(3 * time.Minute)
		if !strings.Contains(text(), secret) {
			t.Errorf("recipes %v: a confidential issue says\n%s", recipes, text())
		}
		w.as(pat, given.Ref, OtherActivity, "", func(i *Issue) { i.Restricted = false })
		w.waits(3 * time.Minute)
		if strings.Contains(text(), secret) || w.run(r).Items["marketing-issue"].Trouble != nil {
			t.Errorf("recipes %v: an issue that was opened says\n%s", recipes, text())
		}
	}
}

// moves moves an issue as pat, as GitLab does: to one that begins with what was there.
func (w *world) moves(from Ref, to string) Ref {
	old := w.issue(from)
	made := w.write(pat, to, old.Title, old.Description)
	w.Lock()
	defer w.Unlock()
	for _, a := range w.acts[from] {
		if a.Kind == Commented {
			w.act(a, made.Ref, nil)
		}
	}
	is := w.issues[made.Ref]
	is.Assignees, is.Due, is.Labels, is.Restricted = old.Assignees, old.Due, old.Labels, old.Restricted
	w.act(Activity{Kind: MovedTo, Author: pat, Target: made.Ref}, from, func(i *Issue) { i.Moved, i.Closed = true, true })
	return made.Ref
}

// What people did right before an issue was moved, twice, counts, and is told once.
func TestWhatWasDoneRightBeforeAMoveCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(5 * time.Minute)
	w.tick(gAna, w.place(r), "gather-documentation", true)
	w.as(gOmar, w.place(r), Commented, "I move it", nil)
	second := w.moves(w.place(r), "beta")
	third := w.moves(second, "gamma")
	w.waits(5 * time.Minute)
	if tick := w.run(r).Steps[key("gather-documentation")].Tick; tick == nil || tick.By.User != ana {
		t.Errorf("the tick is %+v", tick)
	}
	if got := w.heard(r); len(got) != 1 || got[0] != "omar_k: I move it" {
		t.Errorf("it heard %q", got)
	}
	if w.place(r) != third || w.troubled(r) != "" || w.run(r).Items["issue"].Path != "gamma#1" {
		t.Errorf("it is at %v, in trouble %q", w.place(r), w.troubled(r))
	}
}

// Who may has decided the same here and there: that is not odd.
func TestSameDecisionHereAndThereIsNotOdd(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"due", "assigned"} {
		w := newWorld(t)
		r := w.begins("DigitalOcean")
		w.done(r, "gather-documentation", "joint-marketing", "partner-account", "introduce-marketing")
		w.waits(5 * time.Minute)
		w.does(r, omar, func(act workflow.Act, run *workflow.Run) error {
			if what == "due" {
				return run.SetStageDue(act, "technical", "2026-05-05")
			}
			return run.AssignStage(act, "technical", omar)
		})
		if what == "due" {
			w.as(gOmar, w.place(r), Dated, "", func(i *Issue) { i.Due = "2026-05-05" })
		} else {
			w.as(gOmar, w.place(r), Assigned, "", func(i *Issue) { i.Assignees = []Account{gOmar} })
		}
		w.waits(5 * time.Minute)
		if kind := w.troubled(r); kind != "" {
			t.Errorf("%s: it is in trouble %q", what, kind)
		}
	}
}

// However many runs wait for the tracker, all of them know, and to know it costs little.
func TestAllThatWaitKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range together + 10 {
		w.begins("DigitalOcean")
	}
	w.waits(2 * time.Minute)
	w.waits(15 * time.Minute)
	w.before = failing("", -1, Unreachable, 0)
	for _, r := range w.runs {
		w.done(r, "gather-documentation")
	}
	w.waits(3 * time.Minute)
	for _, r := range w.runs {
		if kind := w.troubled(r); kind != workflow.Unreachable {
			t.Fatalf("%s is in trouble %q", r, kind)
		}
	}
	if w.turn() {
		t.Error("there is something to do")
	}
	w.before = nil
	w.waits(10 * time.Minute)
	for _, r := range w.runs {
		if kind := w.troubled(r); kind != "" {
			t.Fatalf("afterwards %s is in trouble %q", r, kind)
		}
	}
}

// Where only documents are made, issues wait for the day on which there is a tracker.
func TestIssuesAreMadeOnceThereIsATracker(t *testing.T) {
	t.Parallel()
	docs := &papers{}
	w := newWorld(t, func(o *Options) { o.Documents, o.Tracker = docs, nil })
	r := w.begins("DigitalOcean")
	w.waits(5 * time.Minute)
	if w.run(r).Facts["google-doc"] == "" {
		t.Error("no document was made")
	}
	w.options.Tracker = w.fake
	w.restarts()
	w.waits(5 * time.Minute)
	if w.run(r).Facts["issue"] == "" {
		t.Error("no issue was made")
	}
}

// What somebody called a milestone is part of an id, however long and in whatever
// script it is.
func TestRequestsDifferHoweverLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("日本", 127)
	one, two := request("merge", long, 1), request("merge", long, 2)
	if one == two || len(one) > 300 || !utf8.ValidString(string(one)) {
		t.Errorf("%q and %q", one, two)
	}
}

// A note that is refused again and again is one trouble, and not one each time.
func TestRefusedNoteIsOneTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(15 * time.Minute)
	w.done(r, "gather-documentation")
	version := w.run(r).Version
	w.before = failing("comment", -1, Rejected, 0)
	w.waits(2 * time.Hour)
	if now := w.run(r).Version; now > version+1 || w.troubled(r) != workflow.Refused {
		t.Errorf("it went from version %d to %d, in trouble %q", version, now, w.troubled(r))
	}
	w.before = nil
	w.waits(10 * time.Minute)
	if kind := w.troubled(r); kind != "" {
		t.Errorf("afterwards it is in trouble %q", kind)
	}
	w.taken("")
	w.waits(10 * time.Minute)
	w.counted("comment", 0)
}

// Why people decided something is not told where anybody can read it.
func TestReasonsAreNotToldInTheOpen(t *testing.T) {
	t.Parallel()
	for _, open := range []bool{false, true} {
		w := newWorld(t, func(o *Options) {
			recipe := o.Recipes["issue"]
			recipe.Open = open
			o.Recipes["issue"] = recipe
		})
		r := w.begins("DigitalOcean")
		w.waits(5 * time.Minute)
		w.does(r, ana, func(act workflow.Act, run *workflow.Run) error {
			act.Reason = "they refuse"
			return run.Waive(act, key("joint-marketing"), 0)
		})
		w.waits(15 * time.Minute)
		w.does(r, ana, func(act workflow.Act, run *workflow.Run) error {
			act.Reason = "they refuse"
			return run.Cancel(act)
		})
		w.waits(15 * time.Minute)
		said := w.issue(w.place(r)).Description
		for _, a := range w.acts[w.place(r)] {
			said += a.Text
		}
		if got := strings.Count(said, "they refuse"); got != map[bool]int{false: 4, true: 0}[open] {
			t.Errorf("open %v: it is said %d times:\n%s", open, got, said)
		}
	}
}
