package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/store"
)

// aBuild is a build of two steps, of which the first is due at once.
func (b *bundle) aBuild(id images.BuildID, plan images.PlanID, run workflow.RunID) *images.Build {
	now := b.clock.now()
	return &images.Build{
		ID: id, Plan: plan, State: images.Running,
		Order: images.Order{
			Run: run, Listing: "aws", Name: "AWS EE", Edition: "EE", Architecture: "amd64", Version: version("17.5.1"), Provider: workflow.AWS,
			Region: "eu-west-1", Regions: []string{"eu-west-1"}, By: ana, At: now, Channel: cards,
		},
		Steps: []images.Step{
			{Name: images.Launch, Role: "builder", Phase: 1, State: images.StepPending, Attempt: 1, Due: now},
			{Name: images.Install, Phase: 2, State: images.StepPending, Attempt: 1, Due: now},
		},
	}
}

// builds makes builds by a new request.
func (b *bundle) builds(list ...*images.Build) []*images.Build {
	b.t.Helper()
	made, err := b.CreateBuilds(context.Background(), b.next(), list, nil)
	must(b.t, err)
	return made
}

// changes changes a build by a request that is never seen, and no run.
func (b *bundle) changes(id images.BuildID, change func(*images.Build)) *images.Build {
	b.t.Helper()
	is, err := b.UpdateBuild(context.Background(), id, "", func(build *images.Build) error {
		change(build)
		return nil
	}, nil)
	must(b.t, err)
	return is
}

// ids are the builds of an answer.
func ids(t *testing.T) func([]*images.Build, error) string {
	return func(list []*images.Build, err error) string {
		t.Helper()
		must(t, err)
		var out []string
		for _, build := range list {
			out = append(out, string(build.ID))
		}
		return strings.Join(out, " ")
	}
}

func TestBuildsAreRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx, of := context.Background(), ids(t)
		s := open(t, o)
		r := s.create("DigitalOcean")
		first := s.aBuild("b2", "p1", r.ID)
		first.Images = map[string]string{"eu-west-1": "ami-1"}
		first.Steps[0].Fault = &images.Fault{Class: images.Capacity, Said: "none left", Findings: []string{"one"}}
		made := s.builds(first, s.aBuild("b1", "p1", r.ID))
		other := s.aBuild("b0", "p2", "")
		other.Order.Listing = ""
		s.builds(other)
		want := first.Clone()
		want.Revision = 1
		for _, got := range []func() (*images.Build, error){
			func() (*images.Build, error) { return made[0], nil },
			func() (*images.Build, error) { return s.Build(ctx, "b2") },
			func() (*images.Build, error) { s = s.reopen(); return s.Build(ctx, "b2") },
		} {
			is, err := got()
			must(t, err)
			if diff := cmp.Diff(want, is); diff != "" {
				t.Errorf("a build (-want +got):\n%s", diff)
			}
		}
		if _, err := s.Build(ctx, "b9"); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("a build that is not there: %v, want NotFound", err)
		}
		check := func(what, want, got string) {
			t.Helper()
			if got != want {
				t.Errorf("%s are %q, want %q", what, got, want)
			}
		}
		check("those of a plan", "b2 b1", of(s.BuildsOf(ctx, "p1")))
		check("those of no plan", "", of(s.BuildsOf(ctx, "p9")))
		check("those of a run", "b1 b2", of(s.BuildsFor(ctx, r.ID, 10)))
		check("the newest of a run", "b1", of(s.BuildsFor(ctx, r.ID, 1)))
		check("the open ones", "b2 b1 b0", of(s.BuildsOpen(ctx)))
		check("the done ones", "", of(s.BuildsDone(ctx, "", 10)))
		for i, state := range []images.State{images.Done, images.Stuck, images.Done} {
			s.changes(images.BuildID(fmt.Sprintf("b%d", i)), func(b *images.Build) { b.State = state })
		}
		s.builds(s.aBuild("b4", "p3", r.ID), s.aBuild("b3", "p3", r.ID))
		s.changes("b3", func(b *images.Build) { b.State = images.Done })
		s.changes("b4", func(b *images.Build) { b.State = images.Abandoned })
		check("the open ones later", "b1", of(s.BuildsOpen(ctx)))
		check("the done ones later", "b3 b0 b2", of(s.BuildsDone(ctx, "", 10)))
		check("the newest done one", "b3", of(s.BuildsDone(ctx, "", 1)))
		check("the done ones of a listing", "b3 b2", of(s.BuildsDone(ctx, "aws", 10)))
		check("the newest done one of a listing", "b3", of(s.BuildsDone(ctx, "aws", 1)))
	})
}

// What waits longest comes first, and what is over or needs a person not at all;
// the clock is told of it.
func TestBuildsAreDueInTurn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		isDue := func(at time.Time, limit int) string {
			t.Helper()
			list, err := s.BuildsDue(ctx, at, limit)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Trim(fmt.Sprint(list), "[]")
		}
		due := func(id images.BuildID, at time.Time) {
			t.Helper()
			s.changes(id, func(b *images.Build) { b.Steps[0].Due = at })
		}
		next := func(want time.Time) {
			t.Helper()
			if at, ok, err := s.NextDue(ctx); err != nil || ok == want.IsZero() || !at.Equal(want) {
				t.Errorf("next due at %v, %v, %v, want %v", at, ok, err, want)
			}
		}
		next(time.Time{})
		s.builds(s.aBuild("b1", "p1", ""), s.aBuild("b2", "p1", ""), s.aBuild("b3", "p1", ""))
		next(start)
		due("b1", start.Add(2*time.Minute))
		due("b2", start.Add(time.Minute))
		for _, tt := range []struct {
			after time.Duration
			limit int
			want  string
		}{{-time.Second, 10, ""}, {0, 10, "b3"}, {time.Minute, 10, "b3 b2"}, {2 * time.Minute, 10, "b3 b2 b1"}, {2 * time.Minute, 2, "b3 b2"}, {0, -1, ""}} {
			if got := isDue(start.Add(tt.after), tt.limit); got != tt.want {
				t.Errorf("after %s, %d at most, %q are due, want %q", tt.after, tt.limit, got, tt.want)
			}
		}
		s.changes("b3", func(b *images.Build) { b.State = images.Done })
		next(start.Add(time.Minute))
		s.changes("b2", func(b *images.Build) { b.State, b.Steps[0].State = images.Stuck, images.StepFailed })
		next(start.Add(2 * time.Minute))
		if got := isDue(start.Add(time.Hour), 10); got != "b1" {
			t.Errorf("%q are due, want b1: another is done, and one needs a person", got)
		}
	})
}

// Nobody deals with a build while another does; who has stopped is not waited for.
func TestOneHolderDealsWithABuild(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		shared := strings.HasPrefix(o.DSN, "postgres")
		one := open(t, o)
		two := one
		if shared {
			two = open(t, o)
		}
		one.builds(one.aBuild("b1", "p1", one.create("DigitalOcean").ID), one.aBuild("b2", "p1", ""))
		holds := func(s *bundle, who string, after time.Duration, want bool) {
			t.Helper()
			mine, err := s.HoldBuild(ctx, "b1", who, start.Add(after), 5*time.Minute)
			if err != nil || mine != (want || !shared) { // one process has a file for itself
				t.Errorf("%s holds it after %s: %v, %v", who, after, mine, err)
			}
		}
		holds(one, "one", 0, true)
		holds(one, "one", time.Minute, true)
		holds(two, "two", 2*time.Minute, false)
		holds(two, "two", 6*time.Minute, false)
		holds(two, "two", 6*time.Minute+time.Second, true)
		holds(one, "one", 7*time.Minute, false)
		one.changes("b1", func(b *images.Build) { b.Steps[0].Note = "on its way" }) // in the middle of it
		holds(one, "one", 7*time.Minute, false)
		must(t, one.ReleaseBuild(ctx, "b1", "one")) // which does not hold it
		holds(one, "one", 7*time.Minute, false)
		must(t, two.ReleaseBuild(ctx, "b1", "two"))
		holds(one, "one", 7*time.Minute, true)
		if mine, err := two.HoldBuild(ctx, "b2", "two", start, time.Minute); err != nil || !mine {
			t.Errorf("another build is held: %v, %v", mine, err)
		}
		if mine, err := one.HoldBuild(ctx, "b9", "one", start, time.Minute); mine == shared || err != nil {
			t.Errorf("what is not there is held: %v, %v", mine, err)
		}
	})
}

// Builds are read along indexes, however many there were.
func TestPlansOfBuilds(t *testing.T) {
	t.Parallel()
	s := open(t, options(sqlite(t)))
	plans, err := s.BuildPlans(context.Background())
	must(t, err)
	for index, plan := range plans {
		if !strings.Contains(plan, "INDEX "+index) || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("not along %s:\n%s", index, plan)
		}
	}
}
