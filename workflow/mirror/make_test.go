package mirror

import (
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

func TestIssueIsMadeAndKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.settle()
	i := w.issue(w.place(r))
	if i.Title != "DigitalOcean: First-time image" || !i.Restricted || i.Due != "2026-05-20" || len(i.Assignees) != 1 || i.Assignees[0] != gAna {
		t.Errorf("it is made as %+v", i)
	}
	w.says(r, "- [x] **1.1** Create issue · done 3 March 2026")
	if it := w.run(r).Items["issue"]; it.URL != i.URL || it.Path != i.Path {
		t.Errorf("the run knows it as %+v", it)
	}
	w.done(r, "gather-documentation")
	w.settle()
	w.says(r, "**2 of 14 steps**")
	w.says(r, "- [x] **1.2** Gather integration documentation · done 3 March 2026 by @ana.m")
	if n := len(w.issues); n != 1 {
		t.Errorf("there are %d issues", n)
	}
}

// A turn with nothing to do asks nobody anything.
func TestTurnWithNothingToDoDoesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 3 {
		if w.turn() {
			t.Error("without a run something was done")
		}
		w.advance(time.Hour)
	}
	w.counted("", 0)
	r := w.begins("DigitalOcean")
	w.waits(20 * time.Minute) // what was looked at again is at rest
	w.taken("")
	for range 2 {
		if w.turn() {
			t.Error("something was done")
		}
	}
	w.counted("", 0)
	w.advance(2 * time.Minute)
	if w.turn() {
		t.Error("a poll that finds nothing is taken for something")
	}
	w.counted("", 1)
	version := w.run(r).Version
	w.waits(5 * time.Minute)
	if now := w.run(r).Version; now != version {
		t.Errorf("by itself the run went from version %d to %d", version, now)
	}
}

// It is looked for before it is made: what we made, and did not hear of, is found.
func TestIssueIsLookedForBeforeItIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.after = failing("create", 1, Unreachable, 0)
	r := w.begins("DigitalOcean")
	w.waits(time.Minute)
	if n := len(w.issues); n != 1 || w.place(r).Number != 1 {
		t.Errorf("there are %d issues, and the run's is %v", n, w.place(r))
	}
	w.says(r, "- [x] **1.1** Create issue")
	if kind := w.troubled(r); kind != "" {
		t.Errorf("it is in trouble: %s", kind)
	}
}

// Of two issues with our marks the first is taken, whoever writes the other's.
func TestFirstOfTwoIssuesIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	part := marksOf(itemID(r, "issue")).framed("older")
	w.write(pat, project, "somebody's own, with our marks", part)
	first := w.write(bot, project, "ours", "Kept words.\n\n"+part)
	second := w.write(bot, project, "ours again", part)
	w.settle()
	if at := w.place(r); at != first.Ref {
		t.Errorf("it is at %v, want %v", at, first.Ref)
	}
	w.counted("create ", 0)
	w.says(r, "Kept words.")
	w.says(r, "of 14 steps**")
	if got := w.issue(second.Ref); got.Description != part {
		t.Errorf("the second was changed: %s", got.Description)
	}
}

// What people made by hand is followed, and its text stays.
func TestLinkThatWasGivenIsAdopted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Recipes = nil })
	r := w.begins("DigitalOcean")
	w.settle()
	w.counted("", 0)
	made := w.write(pat, project, "By hand", "Words of pat.  \r\n\r\n- [ ] a box of theirs\r\n")
	w.as(pat, made.Ref, Commented, "written before it was followed", nil)
	w.gives(r, made.URL)
	w.settle()
	if at := w.place(r); at != made.Ref || w.run(r).Items["issue"].Path != made.Path {
		t.Errorf("it is at %v, called %q", at, w.run(r).Items["issue"].Path)
	}
	text := w.issue(made.Ref).Description
	if !strings.HasPrefix(text, "Words of pat.  \r\n\r\n- [ ] a box of theirs\r\n\n<!-- cloudimage:begin ") {
		t.Errorf("its text is\n%s", text)
	}
	w.says(r, "- [x] **1.1** Create issue")
	if got := w.heard(r); len(got) > 0 {
		t.Errorf("it tells of what was written before: %q", got)
	}
	w.as(pat, made.Ref, Commented, "and after", nil)
	w.waits(2 * time.Minute)
	if got := w.heard(r); len(got) != 1 || got[0] != "pat: and after" {
		t.Errorf("it heard %q", got)
	}
}

func TestLinkToElsewhereIsALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Recipes = nil })
	for _, url := range []string{"https://elsewhere.example/acme/issues/1", "https://tracker.example/acme/merge_requests/1"} {
		r := w.begins("DigitalOcean")
		w.gives(r, url)
		w.settle()
		w.counted("", 0)
		got := w.tracked(r, "issue")
		if got.URL != url || got.Number != 0 || got.Written != got.Wanted || w.troubled(r) != "" {
			t.Errorf("%s is kept as %+v", url, got)
		}
	}
}

// An issue shows one run. The second is told, and the first keeps it.
func TestPlaceThatIsTakenIsForeign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.begins("DigitalOcean")
	w.settle()
	i := w.issue(w.place(first))
	w.options.Recipes = nil
	w.restarts()
	second := w.begins("Vultr")
	w.gives(second, i.URL)
	w.waits(time.Minute)
	if kind := w.troubled(second); kind != workflow.Foreign {
		t.Errorf("the second is in trouble %q", kind)
	}
	if got := w.tracked(second, "issue"); got.Number != 0 || got.Written != got.Wanted {
		t.Errorf("it is kept as %+v", got)
	}
	if kind := w.troubled(first); kind != "" || strings.Contains(w.issue(i.Ref).Description, itemID(second, "issue")) {
		t.Errorf("the first is in trouble %q:\n%s", kind, w.issue(i.Ref).Description)
	}
	// Another link ends it.
	other := w.write(pat, project, "its own", "")
	w.does(second, ana, func(act workflow.Act, r *workflow.Run) error { return r.Reopen(act, key("create-issue"), 0) })
	w.gives(second, other.URL)
	w.waits(time.Minute)
	if kind := w.troubled(second); kind != "" || w.place(second) != other.Ref {
		t.Errorf("with a link of its own it is in trouble %q, at %v", kind, w.place(second))
	}
}

func TestDeletedIssueIsMadeAnewWhenSomebodyDecidesSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.settle()
	delete(w.issues, w.place(r))
	w.done(r, "gather-documentation")
	w.waits(time.Minute)
	if kind := w.troubled(r); kind != workflow.Vanished || len(w.issues) != 0 {
		t.Fatalf("it is in trouble %q, with %d issues", kind, len(w.issues))
	}
	w.does(r, ana, func(act workflow.Act, run *workflow.Run) error {
		return run.Repair(act, "issue", run.Items["issue"].Trouble.Key)
	})
	w.waits(time.Minute)
	if kind := w.troubled(r); kind != "" || len(w.issues) != 1 {
		t.Fatalf("after its repair it is in trouble %q, with %d issues", kind, len(w.issues))
	}
	w.says(r, "**2 of 14 steps**")
}

// The issue of a stage is made when the stage opens, and is linked to the run's own.
func TestRelatedIssueIsMadeAndLinkedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.begins("DigitalOcean")
	w.waits(5 * time.Minute)
	if n := len(w.issues); n != 1 {
		t.Fatalf("before it opens there are %d issues", n)
	}
	w.after = failing("link", 1, Unreachable, 0)
	w.done(r, "gather-documentation", "joint-marketing", "partner-account", "introduce-marketing")
	w.waits(5 * time.Minute)
	own, beside := w.place(r), w.tracked(r, "marketing-issue")
	if len(w.issues) != 2 || beside.Number == 0 || w.run(r).Items["marketing-issue"].URL != beside.URL {
		t.Fatalf("there are %d issues, and it is %+v", len(w.issues), beside)
	}
	at := Ref{IssueKind, beside.Project, beside.Number}
	for _, l := range w.links { // the answer was lost once, and linking again changes nothing
		if l != [2]Ref{own, at} {
			t.Errorf("linked are %v", l)
		}
	}
	if i := w.issue(at); len(w.links) == 0 || i.Title != "DigitalOcean: Marketing" || len(i.Assignees) != 0 || i.Due != "" || !strings.Contains(i.Description, "#### Brief") {
		t.Errorf("it is %+v, with links %v", i, w.links)
	}
	w.restarts()
	w.taken("")
	w.done(r, "image-description@ce-image")
	w.waits(time.Minute)
	w.counted("link", 0)
}
