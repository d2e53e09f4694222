package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// tracking is a process whose first step has the run's issue, whose third stage an
// issue of its own, and that has a document.
func tracking() *workflow.Definition {
	d := launch()
	d.Hash, d.Source = "hash-of-tracking", "name: launch\n# and it is tracked\n"
	d.Resources = []workflow.Resource{{Title: "Details", Fact: "doc", Creates: workflow.TrackDocument}}
	d.Stages[0].Steps[0].Evidence[0].Tracks = workflow.TrackIssue
	d.Stages[1].Steps[0].Evidence[0].Tracks = workflow.TrackMerge
	d.Stages[2].Steps[0].Evidence[0].Tracks = workflow.TrackRelated
	return d
}

// tracks opens a store that keeps items.
func tracks(t testing.TB, o store.Options) *bundle {
	t.Helper()
	o.Tracks = true
	o.Parse = func(name string, source []byte) (*workflow.Definition, error) {
		if d := tracking(); string(d.Name) == name && d.Source == string(source) {
			return d, nil
		}
		return launch(), nil
	}
	return open(t, o)
}

// follows starts a run whose items are tracked.
func (b *bundle) follows(partner string) *workflow.Run {
	b.t.Helper()
	r, err := b.Create(context.Background(), b.next(), func(id workflow.RunID, number int) (*workflow.Run, error) {
		return workflow.Begin(b.act(ana), tracking(), days{}, workflow.Start{
			ID: id, Number: number, Partner: partner, Provider: workflow.AWS, Owner: ana, Channel: cards,
			Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.AWS)},
			Leads:    map[workflow.TeamID]workflow.UserID{"sp": ana, "om": omar, "pm": maya},
		})
	})
	must(b.t, err)
	return r
}

// item is an item as it is kept.
func (b *bundle) item(run workflow.RunID, fact workflow.FactName) workflow.Tracked {
	b.t.Helper()
	all, err := b.TrackedOf(context.Background(), run)
	must(b.t, err)
	for _, t := range all {
		if t.Fact == fact {
			return t
		}
	}
	return workflow.Tracked{}
}

// facts are the items of a run.
func (b *bundle) facts(run workflow.RunID) (out []workflow.FactName) {
	b.t.Helper()
	all, err := b.TrackedOf(context.Background(), run)
	must(b.t, err)
	for _, t := range all {
		out = append(out, t.Fact)
	}
	return out
}

// itemsBehind are the items that are to be brought in step.
func (b *bundle) itemsBehind(documents bool, limit int) (out []string) {
	b.t.Helper()
	all, err := b.TrackedBehind(context.Background(), documents, b.clock.now(), limit)
	must(b.t, err)
	for _, t := range all {
		r, err := b.Run(context.Background(), t.Run)
		must(b.t, err)
		out = append(out, r.Partner+" "+string(t.Fact))
	}
	return out
}

// saves notes how an item stands, and fails unless that becomes of it.
func (b *bundle) saves(t workflow.Tracked, was string, want workflow.Saved) {
	b.t.Helper()
	if got, err := b.SaveTracked(context.Background(), t, was); err != nil || got != want {
		b.t.Errorf("noting %s at %s#%d becomes %d, %v, want %d", t.Fact, t.Project, t.Number, got, err, want)
	}
}

// inStep notes that an item is at a place, and in step.
func (b *bundle) inStep(run workflow.RunID, fact workflow.FactName, project string, number int64) workflow.Tracked {
	b.t.Helper()
	t := b.item(run, fact)
	was := t.URL
	t.Project, t.Number, t.Written, t.Memory = project, number, t.Wanted, "{}"
	if t.URL == "" {
		t.URL = fmt.Sprintf("https://gitlab.example/%s/-/issues/%d", project, number)
	}
	b.saves(t, was, workflow.SaveNoted)
	return b.item(run, fact)
}

func TestItemsFollowTheirRun(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := tracks(t, o)
		r := s.follows("DigitalOcean")
		if diff := cmp.Diff([]workflow.FactName{"doc", "link-s1"}, s.facts(r.ID)); diff != "" {
			t.Errorf("when it starts (-want +got):\n%s", diff)
		}
		want := workflow.Tracked{Run: r.ID, Fact: "link-s1", Track: workflow.TrackIssue, Wanted: r.Version, Since: start}
		if diff := cmp.Diff(want, s.item(r.ID, "link-s1")); diff != "" {
			t.Errorf("the issue (-want +got):\n%s", diff)
		}
		// It falls behind with each change, and has been since the first.
		s.clock.advance(time.Minute)
		r = s.update(r.ID, s.done("s1"))
		if got := s.item(r.ID, "link-s1"); got.Wanted != r.Version || got.Written != 0 || !got.Since.Equal(start) {
			t.Errorf("after a change it is %+v", got)
		}
		s.inStep(r.ID, "link-s1", "acme", 1)
		s.clock.advance(time.Minute)
		r = s.update(r.ID, s.done("s2"))
		if got := s.item(r.ID, "link-s1"); got.Wanted != r.Version || got.Written == r.Version || !got.Since.Equal(s.clock.now()) {
			t.Errorf("behind again it is %+v", got)
		}
		// The others come when their stages open.
		for _, step := range []string{"s3", "s4", "s5"} {
			r = s.update(r.ID, s.done(step))
		}
		if diff := cmp.Diff([]workflow.FactName{"doc", "link-b1", "link-s1", "link-t1"}, s.facts(r.ID)); diff != "" {
			t.Errorf("when the stages open (-want +got):\n%s", diff)
		}
		had := s.facts(r.ID)
		if diff := cmp.Diff(had, s.reopen().facts(r.ID)); diff != "" {
			t.Errorf("after a restart (-want +got):\n%s", diff)
		}
	})
}

// Another link is looked at anew; a change that leaves it as it is does not.
func TestItemIsLookedAtAnewWithAnotherLink(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := tracks(t, o)
		r := s.follows("DigitalOcean")
		at := s.inStep(r.ID, "link-s1", "acme", 1)
		at.NoteAt, at.Failures, at.Reason, at.RetryAt = start.Add(time.Hour), 2, "it refused", start.Add(time.Hour)
		s.saves(at, at.URL, workflow.SaveNoted)
		r = s.update(r.ID, func(r *workflow.Run) error { return r.Link(s.act(workflow.Bot), "link-s1", at.URL, "acme#1") })
		at.Wanted, at.Since = r.Version, start
		if diff := cmp.Diff(at, s.item(r.ID, "link-s1")); diff != "" {
			t.Errorf("with the same link (-want +got):\n%s", diff)
		}
		// Somebody gives another one: of what was known only what there is to do stays.
		r = s.update(r.ID, func(r *workflow.Run) error {
			return r.Reopen(workflow.Act{Actor: ana, At: s.clock.now(), Reason: "It is another."}, workflow.ParseStepKey("s1"), 0)
		})
		const other = "https://gitlab.example/acme/-/issues/2"
		r = s.update(r.ID, func(r *workflow.Run) error {
			return r.Done(s.act(ana), workflow.ParseStepKey("s1"), 0, map[workflow.FieldID]string{"link": other})
		})
		want := workflow.Tracked{Run: r.ID, Fact: "link-s1", Track: workflow.TrackIssue, URL: other, Wanted: r.Version, Since: start, NoteAt: at.NoteAt}
		if diff := cmp.Diff(want, s.item(r.ID, "link-s1")); diff != "" {
			t.Errorf("with another link (-want +got):\n%s", diff)
		}
		// Who has read the old link can note nothing any more.
		at.Written, at.Reason = 99, "too late"
		s.saves(at, at.URL, workflow.SaveRelinked)
		if diff := cmp.Diff(want, s.item(r.ID, "link-s1")); diff != "" {
			t.Errorf("after what came too late (-want +got):\n%s", diff)
		}
	})
}

// A place has one item. An issue and a merge request of one number are two places.
func TestPlaceHasOneItem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := tracks(t, o)
		one, two := s.follows("DigitalOcean"), s.follows("Vultr")
		s.inStep(one.ID, "link-s1", "acme", 1)
		other := s.item(two.ID, "link-s1")
		before := other
		other.Project, other.Number, other.URL = "acme", 1, "https://gitlab.example/acme/-/issues/1"
		s.saves(other, "", workflow.SaveTaken)
		if diff := cmp.Diff(before, s.item(two.ID, "link-s1")); diff != "" {
			t.Errorf("a place that is taken changes it (-want +got):\n%s", diff)
		}
		for _, step := range []string{"s1", "s2", "s3", "s4", "s5"} {
			s.update(two.ID, s.done(step))
		}
		s.inStep(two.ID, "link-b1", "acme", 1) // a merge request
		s.inStep(two.ID, "link-s1", "acme", 2)
		for _, tt := range []struct {
			project string
			number  int64
			merge   bool
			want    workflow.RunID
		}{{"acme", 1, false, one.ID}, {"acme", 1, true, two.ID}, {"acme", 2, false, two.ID}, {"acme", 2, true, ""}, {"other", 1, false, ""}} {
			got, ok, err := s.TrackedAt(ctx, tt.project, tt.number, tt.merge)
			if err != nil || ok != (tt.want != "") || got.Run != tt.want {
				t.Errorf("at %s, %d, %v is the item of %q, %v, %v", tt.project, tt.number, tt.merge, got.Run, ok, err)
			}
		}
	})
}

// Nobody deals with an item while another does; who has stopped is not waited for.
func TestOneHolderDealsWithAnItem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		shared := strings.HasPrefix(o.DSN, "postgres")
		s := tracks(t, o)
		r := s.follows("DigitalOcean")
		at := s.item(r.ID, "link-s1")
		holds := func(who string, after time.Duration, want bool) {
			t.Helper()
			mine, err := s.HoldTracked(ctx, at, who, start.Add(after), 5*time.Minute)
			if err != nil || mine != (want || !shared) { // one process has a file for itself
				t.Errorf("%s holds it after %s: %v, %v", who, after, mine, err)
			}
		}
		holds("one", 0, true)
		holds("one", time.Minute, true)
		holds("two", 2*time.Minute, false)
		holds("two", 6*time.Minute, false)
		holds("two", 6*time.Minute+time.Second, true)
		holds("one", 7*time.Minute, false)
		s.saves(at, at.URL, workflow.SaveNoted) // in the middle of dealing with it
		holds("one", 7*time.Minute, false)
		must(t, s.ReleaseTracked(ctx, at, "one")) // which does not hold it
		holds("one", 7*time.Minute, false)
		must(t, s.ReleaseTracked(ctx, at, "two"))
		holds("one", 7*time.Minute, true)
		at.Run = "no-run"
		if mine, err := s.HoldTracked(ctx, at, "one", start, time.Minute); shared && (mine || err != nil) {
			t.Errorf("what is not there is held: %v, %v", mine, err)
		}
	})
}

// Who has waited longest comes first, no more than asked for, and documents by
// themselves.
func TestItemsBehindComeInTurn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := tracks(t, o)
		var runs []*workflow.Run
		for _, partner := range []string{"A", "B", "C"} {
			runs = append(runs, s.follows(partner))
			s.clock.advance(time.Second)
		}
		wants := func(what string, got []string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		wants("at the start", s.itemsBehind(false, 10), "A link-s1", "B link-s1", "C link-s1")
		wants("two of them", s.itemsBehind(false, 2), "A link-s1", "B link-s1")
		wants("documents", s.itemsBehind(true, 10), "A doc", "B doc", "C doc")
		for i, r := range runs {
			s.inStep(r.ID, "link-s1", "acme", int64(i+1))
			s.inStep(r.ID, "doc", "", 0)
		}
		wants("in step", append(s.itemsBehind(false, 10), s.itemsBehind(true, 10)...))
		s.update(runs[1].ID, s.done("s2"))
		s.clock.advance(time.Second)
		s.update(runs[0].ID, s.done("s2"))
		s.clock.advance(time.Second)
		s.update(runs[1].ID, s.done("s3"))
		wants("after changes", s.itemsBehind(false, 10), "B link-s1", "A link-s1")
		// What may not be tried yet is left out, until then.
		b := s.item(runs[1].ID, "link-s1")
		b.RetryAt = s.clock.now().Add(time.Minute)
		s.saves(b, b.URL, workflow.SaveNoted)
		wants("to be tried later", s.itemsBehind(false, 10), "A link-s1")
		s.inStep(runs[0].ID, "link-s1", "acme", 1)
		// What is in step has something to do later.
		c := s.item(runs[2].ID, "link-s1")
		c.NoteAt = s.clock.now().Add(30 * time.Second)
		s.saves(c, c.URL, workflow.SaveNoted)
		wants("nothing yet", s.itemsBehind(false, 10))
		s.clock.advance(30 * time.Second)
		wants("then", s.itemsBehind(false, 10), "C link-s1")
		s.clock.advance(30 * time.Second)
		got := s.itemsBehind(false, 10)
		slices.Sort(got)
		wants("both", got, "B link-s1", "C link-s1")
	})
}
