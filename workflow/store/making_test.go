package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/store"
)

// notes are the texts of a run's notes, the newest first.
func (b *bundle) notes(run workflow.RunID) string {
	b.t.Helper()
	events, err := b.Events(context.Background(), run, 0, 1000)
	must(b.t, err)
	var out []string
	for _, e := range events {
		if e.Type == workflow.NoteAdded {
			out = append(out, e.Text)
		}
	}
	return strings.Join(out, ", ")
}

// told notes a new build in its run.
func (b *bundle) told(r *workflow.Run, build *images.Build) error {
	return b.note("begun " + string(build.ID))(r)
}

func TestCreateBuildsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		one, two := s.create("DigitalOcean"), s.create("Vultr")
		request := s.next()
		answers := make([][]*images.Build, 10)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				// Who asks again may have named them anew.
				name := func(n int) images.BuildID { return images.BuildID(fmt.Sprintf("b%d-%d", i, n)) }
				plan := images.PlanID(fmt.Sprintf("p%d", i))
				made, err := s.CreateBuilds(ctx, request, []*images.Build{s.aBuild(name(3), plan, one.ID), s.aBuild(name(2), plan, two.ID), s.aBuild(name(1), plan, one.ID), s.aBuild(name(0), plan, "")}, s.told)
				if err != nil {
					t.Error(err)
				}
				answers[i] = made
			})
		}
		wg.Wait()
		for i := range answers {
			if diff := cmp.Diff(answers[0], answers[i]); diff != "" {
				t.Errorf("the request for the %d. time (-first +now):\n%s", i+1, diff)
			}
		}
		first := answers[0]
		if len(first) != 4 {
			t.Fatalf("%d builds were made, want 4", len(first))
		}
		if kept, err := s.BuildsOf(ctx, first[0].Plan); err != nil || !cmp.Equal(first, kept) {
			t.Errorf("kept are %v, %v, want %v", kept, err, first)
		}
		if open, err := s.BuildsOpen(ctx); err != nil || len(open) != 4 {
			t.Errorf("%d builds are kept, %v, want 4", len(open), err)
		}
		if got, want := s.notes(one.ID), fmt.Sprintf("begun %s, begun %s", first[2].ID, first[0].ID); got != want {
			t.Errorf("one run was told %q, want %q", got, want)
		}
		if got, want := s.notes(two.ID), fmt.Sprintf("begun %s", first[1].ID); got != want {
			t.Errorf("another was told %q, want %q", got, want)
		}
		// It holds after a restart as well, and tells how they are now.
		s.changes(first[0].ID, func(b *images.Build) { b.State = images.Stuck })
		again, err := s.reopen().CreateBuilds(ctx, request, first, s.told)
		if err != nil || len(again) != 4 || again[0].State != images.Stuck {
			t.Errorf("after a restart %v, %v", again, err)
		}
	})
}

func TestBuildsThatAreNotMade(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		s.builds(s.aBuild("b1", "p1", ""))
		refusal := errors.New("no")
		of := func(list ...*images.Build) []*images.Build { return list }
		internal := func(err error) bool { return workflow.KindOf(err) == workflow.Internal }
		for name, tt := range map[string]struct {
			builds []*images.Build
			change func(*workflow.Run, *images.Build) error
			want   func(error) bool
		}{
			"refused": {of(s.aBuild("b2", "p2", r.ID), s.aBuild("b3", "p2", r.ID)), func(r *workflow.Run, b *images.Build) error {
				if b.ID == "b3" {
					return refusal
				}
				return s.told(r, b)
			}, func(err error) bool { return err == refusal }},
			"of a run that is not there": {of(s.aBuild("b2", "p2", r.ID), s.aBuild("b3", "p2", "r0")), s.told, func(err error) bool { return workflow.KindOf(err) == workflow.NotFound }},
			"there already":              {of(s.aBuild("b2", "p2", r.ID), s.aBuild("b1", "p2", r.ID)), s.told, internal},
			"named twice":                {of(s.aBuild("b2", "p2", r.ID), s.aBuild("b2", "p2", r.ID)), s.told, internal},
			"without a plan":             {of(s.aBuild("b2", "", r.ID)), s.told, internal},
			"with a fault of ours":       {of(s.aBuild("b2", "p2", r.ID)), func(*workflow.Run, *images.Build) error { panic("a fault") }, internal},
		} {
			request := s.next()
			if made, err := s.CreateBuilds(ctx, request, tt.builds, tt.change); made != nil || !tt.want(err) {
				t.Errorf("%s: made %v, %v", name, made, err)
			}
			if open, err := s.BuildsOpen(ctx); err != nil || len(open) != 1 || s.notes(r.ID) != "" {
				t.Errorf("%s: kept are %v, %v, and the run was told %q", name, open, err, s.notes(r.ID))
			}
			if _, err := s.BuildMessage(ctx, "p2"); workflow.KindOf(err) != workflow.NotFound {
				t.Errorf("%s: its message: %v, want NotFound", name, err)
			}
		}
	})
}

func TestUpdateBuild(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		made := s.builds(s.aBuild("b1", "p1", r.ID))[0]
		request := s.next()
		for range 3 {
			is, err := s.UpdateBuild(ctx, "b1", request, func(b *images.Build) error {
				b.Steps[0].Percent += 10
				b.Steps[0].Due = start.Add(time.Minute)
				return nil
			}, func(r *workflow.Run, was, is *images.Build) error {
				return s.note(fmt.Sprintf("%d at %d, then %d at %d", was.Steps[0].Percent, was.Revision, is.Steps[0].Percent, is.Revision))(r)
			})
			must(t, err)
			want := made.Clone()
			want.Revision, want.Steps[0].Percent, want.Steps[0].Due = 2, 10, start.Add(time.Minute)
			if diff := cmp.Diff(want, is); diff != "" {
				t.Errorf("the answer (-want +got):\n%s", diff)
			}
			if kept, err := s.Build(ctx, "b1"); err != nil || !cmp.Equal(want, kept) {
				t.Errorf("kept is %+v, %v, want %+v", kept, err, want)
			}
		}
		if got := s.notes(r.ID); got != "0 at 1, then 10 at 2" {
			t.Errorf("the run was told %q", got)
		}
		// A request that is never seen is carried out each time.
		for range 2 {
			s.changes("b1", func(b *images.Build) { b.Steps[0].Percent++ })
		}
		if kept, err := s.reopen().Build(ctx, "b1"); err != nil || kept.Revision != 4 || kept.Steps[0].Percent != 12 {
			t.Errorf("kept is %+v, %v", kept, err)
		}
	})
}

// A build without a run has none that follows, and neither has one whose run is not
// there.
func TestBuildsThatNoRunFollows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		s.builds(s.aBuild("b1", "p1", ""), s.aBuild("b2", "p1", "r0"))
		for _, id := range []images.BuildID{"b1", "b2"} {
			is, err := s.UpdateBuild(ctx, id, s.next(), func(b *images.Build) error {
				b.State = images.Stuck
				return nil
			}, func(*workflow.Run, *images.Build, *images.Build) error {
				return errors.New("a run follows")
			})
			if err != nil || is.Revision != 2 || is.State != images.Stuck {
				t.Errorf("%s is %+v, %v", id, is, err)
			}
		}
		_, err := s.UpdateBuild(ctx, "b9", "", func(*images.Build) error { return nil }, nil)
		if workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("a build that is not there: %v, want NotFound", err)
		}
	})
}

func TestBuildChangesWithItsRunOrNotAtAll(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		made := s.builds(s.aBuild("b1", "p1", r.ID))[0]
		s.show()
		refusal := errors.New("no")
		stick := func(b *images.Build) error {
			b.State = images.Stuck
			return nil
		}
		quiet := func(*workflow.Run, *images.Build, *images.Build) error { return nil }
		noted := func(r *workflow.Run, _, _ *images.Build) error { return s.note("followed")(r) }
		internal := func(err error) bool { return workflow.KindOf(err) == workflow.Internal }
		for name, tt := range map[string]struct {
			change func(*images.Build) error
			follow func(r *workflow.Run, was, is *images.Build) error
			want   func(error) bool
		}{
			"refused": {func(b *images.Build) error { return errors.Join(stick(b), refusal) }, noted, func(err error) bool { return errors.Is(err, refusal) }},
			"refused by its run": {stick, func(r *workflow.Run, was, is *images.Build) error {
				return errors.Join(noted(r, was, is), refusal)
			}, func(err error) bool { return errors.Is(err, refusal) }},
			"with a fault of ours": {stick, func(*workflow.Run, *images.Build, *images.Build) error { panic("a fault") }, internal},
			"of another run":       {func(b *images.Build) error { b.Order.Run = "r0"; return nil }, quiet, internal},
			"of another plan":      {func(b *images.Build) error { b.Plan = "p2"; return nil }, quiet, internal},
			"not at all":           {func(*images.Build) error { return nil }, noted, func(err error) bool { return err == nil }},
		} {
			request := s.next()
			if _, err := s.UpdateBuild(ctx, "b1", request, tt.change, tt.follow); !tt.want(err) {
				t.Errorf("%s: %v", name, err)
			}
			if kept, err := s.Build(ctx, "b1"); err != nil || !cmp.Equal(made, kept) {
				t.Errorf("%s: kept is %+v, %v, want %+v", name, kept, err, made)
			}
			after, err := s.Run(ctx, r.ID)
			must(t, err)
			if after.Version != r.Version || s.notes(r.ID) != "" {
				t.Errorf("%s: the run has changed: %q", name, s.notes(r.ID))
			}
			if n := s.show(); n != 0 {
				t.Errorf("%s: %d messages are behind", name, n)
			}
		}
		// A run that is not changed is not written, though its build is.
		if _, err := s.UpdateBuild(ctx, "b1", s.next(), stick, quiet); err != nil {
			t.Error(err)
		}
		if after, err := s.Run(ctx, r.ID); err != nil || after.Version != r.Version {
			t.Errorf("the run is at %d, %v, want %d", after.Version, err, r.Version)
		}
		// When the one cannot be written, the other is not.
		if !strings.HasPrefix(o.DSN, "postgres") {
			must(t, s.Statements(ctx, "CREATE TRIGGER fails BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no'); END"))
			_, err := s.UpdateBuild(ctx, "b1", s.next(), func(b *images.Build) error {
				b.State = images.Running
				return nil
			}, noted)
			if kept, _ := s.Build(ctx, "b1"); workflow.KindOf(err) != workflow.Unavailable || kept.State != images.Stuck {
				t.Errorf("when the run cannot be written: %v, and the build is %s", err, kept.State)
			}
			must(t, s.Statements(ctx, "DROP TRIGGER fails"))
		}
	})
}

// Builds of one run, changed at once by replicas, are each changed once, and the run
// with each of them.
func TestBuildsChangeAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		replicas := []*bundle{open(t, o)}
		if strings.HasPrefix(o.DSN, "postgres") {
			replicas = append(replicas, open(t, o))
		}
		s := replicas[0]
		r := s.create("DigitalOcean")
		builds := []images.BuildID{"b1", "b2", "b3"}
		for _, id := range builds {
			s.builds(s.aBuild(id, "p1", r.ID))
		}
		const each = 20
		var wg sync.WaitGroup
		for i, s := range replicas {
			for n := range each {
				for k := range builds {
					wg.Go(func() {
						id := builds[(k+i)%len(builds)]
						request := workflow.RequestID(fmt.Sprintf("%d-%d-%s", i, n, id))
						_, err := s.UpdateBuild(ctx, id, request, func(b *images.Build) error {
							b.Steps[0].Percent++
							return nil
						}, func(r *workflow.Run, _, _ *images.Build) error { return s.note("x")(r) })
						if err != nil {
							t.Error(err)
						}
					})
				}
			}
		}
		wg.Wait()
		times := each * len(replicas)
		for _, id := range builds {
			if is, err := s.Build(ctx, id); err != nil || is.Steps[0].Percent != times || is.Revision != int64(times+1) {
				t.Errorf("%s was changed %d times and is at %d, %v, want %d", id, is.Steps[0].Percent, is.Revision, err, times)
			}
		}
		if after, err := s.Run(ctx, r.ID); err != nil || after.Version != r.Version+int64(times*len(builds)) {
			t.Errorf("the run is at %d, %v, want %d", after.Version, err, r.Version+int64(times*len(builds)))
		}
	})
}

// What a script said is kept, whatever it is.
func TestWhatCannotBeKeptIsReplaced(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		s.builds(s.aBuild("b1", "p1", ""))
		s.changes("b1", func(b *images.Build) { b.Steps[0].Log = "a\xff\x00\\u0000\\\ufffd<b" })
		is := s.changes("b1", func(b *images.Build) { b.Steps[0].Log += "" })
		if want := "a\ufffd\\u0000\\\ufffd<b"; is.Steps[0].Log != want || is.Revision != 2 {
			t.Errorf("the log is %q at %d, want %q at 2", is.Steps[0].Log, is.Revision, want)
		}
	})
}
