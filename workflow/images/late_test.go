package images_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/store"
)

// A build is given up too late: customers have it, so it stays and is what they have.
func TestGivenUpTooLate(t *testing.T) {
	t.Parallel()
	w := previewing(t, false)
	w.keeps = true
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.signs(r, omar, ana)
	w.passes(4 * time.Hour)
	_, err := w.service.Abandon(t.Context(), w.who(omar), b.ID)
	must(t, err)
	w.passes(12 * time.Hour)
	is := w.build(b.ID)
	if is.State != images.Done || is.Phase() != workflow.BuildLive || w.alive()["image"] != len(regions) || w.alive()["machine"] != 0 {
		t.Errorf("it is %s, %s, with %v", is.State, is.Phase(), w.alive())
	}
	if lane := w.run(r.ID).Steps[lanes(r)[0]]; lane.Status != workflow.Done {
		t.Errorf("the lane is %s", lane.Status)
	}
}

// What was handed in is known of, whatever became of the lane meanwhile.
func TestWhatWasHandedInIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Clouds = append(w.options.Clouds, images.Setup{Cloud: people{manual{w.sky}}})
	w.restarts()
	r := w.release("17.6.2", "ee")
	plan, err := w.service.PlanByHand(t.Context(), []images.Want{{Run: r.ID, Lane: lanes(r)[0]}})
	must(t, err)
	builds, err := w.service.Start(t.Context(), w.who(omar), plan, "")
	must(t, err)
	w.passes(time.Minute)
	w.signs(r, omar, ana)
	report := func(ref string) {
		t.Helper()
		step, asked := w.build(builds[0].ID).Asked()
		_, err := w.service.Report(t.Context(), w.who(omar), builds[0].ID, step, asked, images.Answer{Ref: ref})
		must(t, err)
	}
	for _, ref := range []string{"image-7", ""} {
		report(ref)
		w.passes(time.Minute)
	}
	step, asked := w.build(builds[0].ID).Asked()
	if asked != "hand in" {
		t.Fatalf("it asks for %q", asked)
	}
	if _, err := w.service.Report(t.Context(), w.who(omar), builds[0].ID, step, "live", images.Answer{}); workflow.KindOf(err) != workflow.Stale {
		t.Errorf("it takes the answer to another question: %v", err)
	}
	report("T-1") // nobody has looked at it yet
	_, err = w.service.Abandon(t.Context(), w.who(omar), builds[0].ID)
	must(t, err)
	if s := w.build(builds[0].ID).Step(images.Submit, "", ""); s.Ref != "T-1" {
		t.Errorf("what was handed in is forgotten: %+v", s)
	}
}

// unreadable is a store that cannot read a build.
type unreadable struct {
	*store.Store
	broken bool
}

func (u *unreadable) Build(ctx context.Context, id images.BuildID) (*images.Build, error) {
	if u.broken {
		return nil, errors.New("the disk is gone")
	}
	return u.Store.Build(ctx, id)
}

// A build that cannot be read is let go, and goes on when it can be again.
func TestABuildThatCannotBeReadIsLetGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	book := &unreadable{Store: w.store, broken: true}
	w.options.Book = book
	w.restarts()
	builds := w.starts(w.release("17.6.2", "ee"), false)
	if _, err := w.service.Fire(t.Context()); err == nil || !strings.Contains(err.Error(), "the disk is gone") {
		t.Fatalf("firing: %v", err)
	}
	book.broken = false
	if mine, err := w.store.HoldBuild(t.Context(), builds[0].ID, "another", w.clock(), time.Minute); err != nil || !mine {
		t.Errorf("it is held still: %v, %v", mine, err)
	}
}
