package maintenance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// is checks what a release is, and the open lanes of its run: "out release aws-ee".
func (w *world) is(v, want string) {
	w.Helper()
	r := w.release(v)
	got := []string{string(r.State), string(r.Kind)}
	if r.Unsure {
		got = append(got, "unsure")
	}
	if !r.Next.IsZero() {
		got = append(got, "for "+r.Next.String())
	}
	if len(r.Runs) > 0 {
		if run := w.about(v); run.State != workflow.Running {
			got = append(got, string(run.State))
		} else {
			got = append(got, lanes(run))
		}
	}
	if s := strings.TrimSpace(strings.Join(got, " ")); s != want {
		w.Errorf("%s is %q, want %q", v, s, want)
	}
}

// rests checks that another pass writes nothing.
func (w *world) rests() {
	w.Helper()
	before := w.written()
	w.pass()
	if diff := cmp.Diff(before, w.written()); diff != "" {
		w.Errorf("a pass with nothing new (-before +after):\n%s", diff)
	}
}

func TestFirstLookOpensNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.lists("aws ee 17.4.0", "azure ce")
	w.releases("17.4.0")
	w.secures("17.5.1", "17.5.0")
	w.pass()
	for _, v := range []string{"17.4.0", "17.5.0", "17.5.1"} {
		w.is(v, "before")
	}
	if open := w.open(); len(open) > 0 {
		t.Errorf("%s was opened", open[0].Title())
	}
	w.rests()
	w.advance(time.Hour)
	w.restarts()
	w.releases("17.5.2")
	w.pass()
	w.is("17.5.2", "out release aws-ee azure-ce")
	w.rests()
}

// What was out before anybody watched is told late by a source that was silent then,
// or that does not say when it was made.
func TestSilentSourceOpensNothingLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.lists("aws ee 17.4.0")
	w.releases("17.4.0")
	w.releases("17.5.0")
	w.releases("17.5.1")
	for i := range w.tags {
		w.tags[i].At = time.Time{}
	}
	w.posts = w.posts[:1] // of 17.5.1 alone
	w.failing[sourceTags] = true
	if err := w.watch.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h := w.watch.Health()[sourceTags]; h.Failed.IsZero() || h.Reason != errSilent.Error() {
		t.Errorf("its health is %+v", h)
	}
	w.advance(time.Hour)
	w.failing[sourceTags] = false
	w.pass()
	for _, v := range []string{"17.4.0", "17.5.0", "17.5.1"} {
		w.is(v, "before")
	}
	if h := w.watch.Health()[sourceTags]; !h.Failed.IsZero() || h.Seen != 6 {
		t.Errorf("its health is %+v", h)
	}
	w.rests()
}

// A release that a person told of before anybody watched makes none of the others new.
func TestFirstLookAfterAPersonTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.lists("aws ee 17.4.0")
	if _, err := w.watch.Tell(t.Context(), w.who(omar), version("17.5.1"), workflow.CatalystSecurity, cards); err != nil {
		t.Fatal(err)
	}
	w.is("17.5.1", "out security aws-ee")
	w.releases("17.5.0")
	w.releases("17.5.2")
	for i := range w.tags {
		w.tags[i].At = time.Time{}
	}
	w.pass()
	w.is("17.5.0", "before")
	w.is("17.5.2", "before")
	w.is("17.5.1", "out security aws-ee")
}

func TestReleaseOpensOneRun(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ce 17.5.0", "ibm ee 17.5.1")
	w.tagged("17.5.1")
	w.pass()
	w.is("17.5.1", "waiting security unsure")
	w.packaged("17.5.1", "EE")
	w.advance(time.Minute)
	w.pass()
	w.is("17.5.1", "waiting security unsure")
	w.packaged("17.5.1", "CE")
	w.posts = append(w.posts, w.post("17.5.1"))
	w.advance(time.Minute)
	w.pass()
	w.is("17.5.1", "out release aws-ee azure-ce")
	run := w.about("17.5.1")
	if run.Partner != "GitLab 17.5.1" || run.Owner != omar || run.Channel != cards || run.Opener != workflow.Bot || len(run.Catalyst.Packages) != 2 {
		t.Errorf("the run is %+v about %+v", run, run.Catalyst)
	}
	if diff := cmp.Diff([]string{"17.5.1 aws-ee release", "17.5.1 azure-ce release"}, w.owed()); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	w.rests()
	w.publishes(run.ID, "aws-ee-image")
	if l := w.listed("aws-ee-image"); l.Published != version("17.5.1") {
		t.Errorf("it has %s", l.Published)
	}
	w.pass()
	w.is("17.5.1", "out release azure-ce")
	w.rests()
	w.publishes(run.ID, "azure-ce-image")
	if diff := cmp.Diff([]string{"17.5.1 aws-ee release met", "17.5.1 azure-ce release met"}, w.owed()); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	w.rests()
}

// What a source said before stays as it was while it does not answer.
func TestFailingSourceLeavesWhatIsKnown(t *testing.T) {
	t.Parallel()
	for _, source := range []string{sourceTags, sourcePackages, sourceAnnouncements, sourceOpinions} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			w.options.Sources.Opinions = w.news
			w.restarts()
			w.releases("17.5.0")
			w.pass()
			w.lists("aws ee 17.5.0")
			w.advance(time.Hour)
			w.secures("17.5.1")
			w.opinions[version("17.5.0")] = workflow.Opinion{Of: version("17.5.0"), Latest: version("17.5.1"), Standing: workflow.StandingInDanger}
			w.pass()
			w.is("17.5.1", "out security aws-ee")
			before := w.release("17.5.1")
			w.failing[source] = true
			w.tags, w.packages, w.posts, w.opinions = nil, nil, nil, nil
			w.restarts()
			w.pass()
			if diff := cmp.Diff(before, w.release("17.5.1")); diff != "" {
				t.Errorf("with %s silent (-before +after):\n%s", source, diff)
			}
		})
	}
}

func TestNewerReleaseSupersedes(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ce 17.5.0")
	w.secures("17.5.1")
	w.pass()
	first := w.about("17.5.1")
	w.does(omar, first.ID, func(a workflow.Act, r *workflow.Run) error {
		return r.Assign(a, workflow.StepKey{Step: "update-image", Listing: "aws-ee-image"}, 0, olu)
	})
	w.advance(time.Hour)
	w.releases("17.6.0")
	w.pass()
	w.is("17.5.1", "out security cancelled")
	w.is("17.6.0", "out release aws-ee azure-ce")
	first, second := w.about("17.5.1"), w.about("17.6.0")
	if !first.Superseded() || first.Next.Run != second.ID {
		t.Errorf("the first goes on as %+v", first.Next)
	}
	lane := second.Steps[workflow.StepKey{Step: "update-image", Listing: "aws-ee-image"}]
	if lane.Assignee != olu || !second.LiveBy("aws-ee-image").Equal(first.Promise) {
		t.Errorf("the lane is %s's, and due %s, not %s", lane.Assignee, second.LiveBy("aws-ee-image"), first.Promise)
	}
	w.rests()
	w.publishes(second.ID, "aws-ee-image")
	w.publishes(second.ID, "azure-ce-image")
	if diff := cmp.Diff([]string{"17.5.1 aws-ee security met", "17.5.1 azure-ce security met", "17.6.0 aws-ee release met", "17.6.0 azure-ce release met"}, w.owed()); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	w.rests()
}

// Three branches of one day: the policy says whose work each is, and one that nobody
// works on is owed all the same.
func TestThreeBranchesOfOneDay(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string][]string{
		"{ concern: highest-minor }":                    {"out security", "out security pinned-ee", "out security aws-ee azure-ee"},
		"{ concern: supported-minors, supported: 2 }":   {"out security", "out security azure-ee pinned-ee", "out security aws-ee"},
		"{ concern: highest-minor, editions: [CE] }":    {"out security", "out security", "out security"},
		"{ concern: supported-minors, supported: 100 }": {"out security aws-ee", "out security azure-ee pinned-ee", "out security"},
	} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, policy)
			w.releases("17.4.0", "17.5.0", "17.6.0")
			w.pass()
			w.lists("aws ee 17.4.0", "azure ee 17.5.0", "pinned ee 17.5.0 follows 17.5")
			w.pass()
			w.advance(time.Hour)
			w.secures("17.6.1", "17.5.1", "17.4.1")
			w.pass()
			for i, v := range []string{"17.4.1", "17.5.1", "17.6.1"} {
				w.is(v, want[i])
			}
			w.rests()
		})
	}
}

// A release that comes out together with a newer one is passed over, and owed.
func TestPassedOverIsOwed(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0")
	w.secures("17.5.1")
	w.advance(time.Hour)
	w.releases("17.6.0")
	w.pass()
	w.is("17.5.1", "passed security for 17.6.0")
	w.is("17.6.0", "out release aws-ee")
	if diff := cmp.Diff([]string{"17.5.1 aws-ee security", "17.6.0 aws-ee release"}, w.owed()); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	run := w.about("17.6.0")
	if !run.LiveBy("aws-ee-image").Before(run.Promise) {
		t.Errorf("it is to be live by %s, as if nothing else were owed", run.LiveBy("aws-ee-image"))
	}
	w.rests()
	// What it was passed over for is none of ours: it has work of its own again, and is
	// counted once.
	if _, err := w.watch.Rule(t.Context(), w.who(omar), version("17.6.0"), "", "it was withdrawn"); err != nil {
		t.Fatal(err)
	}
	w.pass()
	w.is("17.6.0", "dropped release cancelled")
	w.is("17.5.1", "out security aws-ee")
	levels, err := w.watch.Levels(t.Context(), Period{From: "2026-03-01", To: "2026-03-31"})
	must(t, err)
	if levels.All.Open != 1 || len(levels.Owed) != 1 || levels.Owed[0].Run == "" {
		t.Errorf("it is counted as %+v, of %+v", levels.All, levels.Owed)
	}
	w.rests()
}

// What a person says is live closes the lane, and nothing is asked of anybody.
func TestSaidToBeLive(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ee 17.5.0")
	w.releases("17.5.1")
	w.pass()
	must(t, w.watch.Change(t.Context(), w.who(omar), "aws-ee-image", 0, func(l *workflow.Listed) { l.Published, l.At = version("17.5.1"), w.clock() }))
	w.is("17.5.1", "out release azure-ee")
	if diff := cmp.Diff([]string{"17.5.1 aws-ee release met", "17.5.1 azure-ee release"}, w.owed()); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	w.rests()
	// And what they take back is owed again.
	must(t, w.watch.Change(t.Context(), w.who(omar), "aws-ee-image", 0, func(l *workflow.Listed) { l.Published, l.At = version("17.5.0"), w.clock() }))
	if diff := cmp.Diff([]string{"17.5.1 aws-ee release", "17.5.1 azure-ee release"}, w.owed()); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
}

func TestUndonePublicationIsOwedAgain(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ee 17.5.0")
	w.releases("17.5.1")
	w.pass()
	run := w.about("17.5.1")
	w.publishes(run.ID, "aws-ee-image")
	w.does(omar, run.ID, func(a workflow.Act, r *workflow.Run) error {
		return r.Undo(a, workflow.StepKey{Step: "update-image", Listing: "aws-ee-image"}, 0)
	})
	if l := w.listed("aws-ee-image"); l.Published != version("17.5.0") {
		t.Errorf("it has %s", l.Published)
	}
	if diff := cmp.Diff([]string{"17.5.1 aws-ee release", "17.5.1 azure-ee release"}, w.owed()); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	w.pass()
	w.is("17.5.1", "out release aws-ee azure-ee")
	w.rests()
}

func TestMissingForADayIsAsked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(w *world, id workflow.RunID)
		want   string
	}{
		"accepted": {func(w *world, id workflow.RunID) {
			w.does(omar, id, func(a workflow.Act, r *workflow.Run) error { return r.Accept(a) })
		}, "out security unsure aws-ee"},
		"accepted and done at once": {func(w *world, id workflow.RunID) {
			w.does(omar, id, func(a workflow.Act, r *workflow.Run) error { return r.Accept(a) })
			w.completes(id)
		}, "out security unsure complete"},
		"declined": {func(w *world, id workflow.RunID) {
			w.does(omar, id, func(a workflow.Act, r *workflow.Run) error { return r.Cancel(a) })
		}, "dropped security unsure cancelled"},
		"ruled": {func(w *world, _ workflow.RunID) {
			_, err := w.watch.Rule(w.Context(), w.who(olu), version("17.5.1"), workflow.CatalystRelease, "")
			must(w, err)
		}, "out release aws-ee"},
		"its packages are there": {func(w *world, _ workflow.RunID) {
			w.packaged("17.5.1")
			w.posts = append(w.posts, w.post("17.5.1"))
			w.advance(time.Minute)
		}, "out release aws-ee"},
		"nobody answers": {func(*world, workflow.RunID) {}, "asked security unsure proposed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := began(t, "", "aws ee 17.5.0")
			w.tagged("17.5.1")
			w.pass()
			w.advance(24 * time.Hour)
			w.pass()
			w.is("17.5.1", "asked security unsure proposed")
			w.rests()
			c.answer(w, w.about("17.5.1").ID)
			w.pass()
			w.is("17.5.1", c.want)
			if open := w.open(); len(open) > 1 {
				t.Errorf("%d runs are open", len(open))
			}
			w.rests()
		})
	}
}

func TestQuietReleaseWaits(t *testing.T) {
	t.Parallel()
	w := began(t, "\n  concern: highest-minor\n  quiet: [{ from: 2026-03-03, to: 2026-03-06, why: Holidays }, { from: 2026-03-07, to: 2026-03-08 }]", "aws ee 17.5.0")
	w.releases("17.5.1")
	w.pass()
	w.is("17.5.1", "quiet release")
	w.rests()
	w.advance(time.Hour)
	w.secures("17.5.2")
	w.pass()
	w.is("17.5.2", "out security aws-ee") // what secures does not wait
	if _, err := w.watch.Rule(t.Context(), w.who(omar), version("17.5.2"), "", ""); err != nil {
		t.Fatal(err)
	}
	w.advance(6 * 24 * time.Hour)
	w.pass()
	w.is("17.5.1", "out release aws-ee")
	run := w.about("17.5.1")
	if end := time.Date(2026, 3, 8, 17, 0, 0, 0, time.UTC); !run.Catalyst.From.Equal(end) || !run.Promise.Equal(time.Date(2026, 3, 11, 17, 0, 0, 0, time.UTC)) {
		t.Errorf("it is counted from %s, and promised for %s", run.Catalyst.From, run.Promise)
	}
	if !slices.ContainsFunc(run.Catalyst.Evidence, func(s string) bool { return strings.Contains(s, "2026-03-07 to 2026-03-08") }) {
		t.Errorf("it is not said why: %q", run.Catalyst.Evidence)
	}
	w.rests()
}

// A run learns what kind of release it is about, in the name of who says so.
func TestKindIsSaidLater(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0")
	w.tagged("17.5.1")
	w.packaged("17.5.1")
	w.pass()
	w.advance(3 * time.Hour)
	w.pass()
	w.is("17.5.1", "out security unsure aws-ee")
	promise := w.about("17.5.1").Promise
	told, err := w.watch.Rule(t.Context(), w.who(olu), version("17.5.1"), workflow.CatalystRelease, "")
	must(t, err)
	w.is("17.5.1", "out release aws-ee")
	run := told.Runs[0]
	if run.Catalyst.Unsure || !run.Promise.After(promise) {
		t.Errorf("it is %+v, promised for %s", run.Catalyst, run.Promise)
	}
	events, err := w.store.Events(t.Context(), run.ID, 0, 1)
	must(t, err)
	if events[0].Type != workflow.RunClassified || events[0].Actor != olu {
		t.Errorf("history says %s by %q", events[0].Type, events[0].Actor)
	}
	if _, err := w.watch.Rule(t.Context(), w.who(omar), version("17.5.1"), workflow.CatalystRelease, ""); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("it is said twice: %v", err)
	}
	w.rests()
}

func TestRetiredListingLeavesItsRun(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ee 17.5.0")
	w.releases("17.5.1")
	w.pass()
	must(t, w.watch.Change(t.Context(), w.who(omar), "aws-ee-image", 0, func(l *workflow.Listed) { l.Retired = w.clock() }))
	w.is("17.5.1", "out release azure-ee")
	lane := w.about("17.5.1").Steps[workflow.StepKey{Step: "update-image", Listing: "aws-ee-image"}]
	if lane.Status != workflow.Waived || lane.Reason != "it was taken off the marketplace" {
		t.Errorf("its lane is %s: %s", lane.Status, lane.Reason)
	}
	w.rests()
	must(t, w.watch.Change(t.Context(), w.who(omar), "aws-ee-image", 0, func(l *workflow.Listed) { l.Retired = time.Time{} }))
	w.is("17.5.1", "out release aws-ee azure-ee") // it is there after all
	w.rests()
}

// A listing that follows an older minor version from now on is worked on for that one
// alone.
func TestListingThatIsToHaveLessIsHandedOver(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0", "azure ee 17.5.0", "pinned ee 17.5.0 follows 17.5")
	w.releases("17.5.1")
	w.releases("17.6.0")
	w.pass()
	w.is("17.6.0", "out release aws-ee azure-ee")
	must(t, w.watch.Change(t.Context(), w.who(omar), "aws-ee-image", 0, func(l *workflow.Listed) { l.Branch = workflow.Branch{Major: 17, Minor: 5} }))
	w.is("17.5.1", "out release aws-ee pinned-ee")
	w.is("17.6.0", "out release azure-ee")
	w.rests()
}

// What a person accepts in a quiet time is worked on.
func TestAcceptedInAQuietTime(t *testing.T) {
	t.Parallel()
	w := began(t, "\n  concern: highest-minor\n  quiet: [{ from: 2026-03-05, to: 2026-03-20 }]", "aws ee 17.5.0")
	w.advance(24 * time.Hour)
	w.tagged("17.5.1")
	w.pass()
	w.advance(24 * time.Hour)
	w.pass()
	w.is("17.5.1", "asked security unsure proposed")
	run := w.about("17.5.1")
	w.packaged("17.5.1")
	w.advance(24 * time.Hour)
	w.posts = append(w.posts, w.post("17.5.1"))
	w.pass()
	w.does(omar, run.ID, func(a workflow.Act, r *workflow.Run) error {
		if r.State == workflow.Proposed {
			return r.Accept(a)
		}
		return nil
	})
	w.pass()
	w.is("17.5.1", "out release aws-ee")
	w.rests()
}
