package images_test

import (
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// previewing is a world whose marketplace shows a version in a preview first.
func previewing(t *testing.T, tries bool) *world {
	w := newWorld(t)
	w.ways = images.Ways{Previews: true, Tries: tries, RetiresAlong: true, Texts: true}
	w.options.Clouds[0].Public = false
	w.restarts()
	return w
}

func TestAPreviewComesBeforeSignatures(t *testing.T) {
	t.Parallel()
	for _, tries := range []bool{false, true} {
		w := previewing(t, tries)
		r := w.release("17.6.2", "ee")
		b := w.starts(r, true)[0]
		w.passes(12 * time.Hour)
		is := w.build(b.ID)
		if is.Phase() != workflow.BuildSigning || len(w.previews) != 1 {
			t.Fatalf("it is %s with %d previews: %+v", is.Phase(), len(w.previews), is.Failed())
		}
		machines := 3
		if tries {
			machines = 4
		}
		if w.made["machine"] != machines || w.alive()["machine"] != 0 {
			t.Errorf("made %v, alive %v", w.made, w.alive())
		}
		if w.made["submission"] > 0 {
			t.Error("something went outside unsigned")
		}
		if lane := w.run(r.ID).Steps[lanes(r)[0]]; lane.Waiting != nil || lane.Build.Submission == "" {
			t.Errorf("the lane: %+v, %+v", lane.Waiting, lane.Build)
		}
		w.signs(r, omar, ana)
		w.passes(12 * time.Hour)
		if is := w.build(b.ID); is.Phase() != workflow.BuildLive || w.made["submission"] != 1 {
			t.Errorf("it is %s, made %v", is.Phase(), w.made)
		}
	}
}

// A product has one preview, and what is in it goes live: two images of an offer come
// there one after the other.
func TestImagesOfAnOfferTakeTurns(t *testing.T) {
	t.Parallel()
	w := previewing(t, false)
	r := w.release("17.6.2", "ee", "ee arm64")
	var wants []images.Want
	for _, key := range lanes(r) {
		wants = append(wants, images.Want{Run: r.ID, Lane: key, Publish: true})
	}
	plan, err := w.service.Plan(t.Context(), workflow.AWS, wants, nil)
	must(t, err)
	for i, product := range []string{"gitlab-ee/byol", "gitlab-ee/byol-arm64"} {
		plan.Lanes[i].Order.Product = product
	}
	builds, err := w.service.Start(t.Context(), w.who(omar), plan, "")
	must(t, err)
	w.passes(12 * time.Hour)
	first, second := w.build(builds[0].ID), w.build(builds[1].ID)
	if len(w.previews) != 1 {
		t.Fatalf("there are %d previews at once", len(w.previews))
	}
	if first.Phase() != workflow.BuildSigning {
		first, second = second, first
	}
	if first.Phase() != workflow.BuildSigning || second.Phase() != workflow.BuildPreviewing || !strings.Contains(second.Step(images.Preview, "", "").Note, first.Order.Name) {
		t.Errorf("one is %s, the other %s: %q", first.Phase(), second.Phase(), second.Step(images.Preview, "", "").Note)
	}
	w.passes(80 * time.Hour) // nobody is asked because it waits for people who sign
	if is := w.build(second.ID); is.State != images.Running {
		t.Errorf("the other is %s: %+v", is.State, is.Failed())
	}
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	for _, b := range builds {
		if is := w.build(b.ID); is.Phase() != workflow.BuildLive {
			t.Errorf("%s is %s", is.Order.Name, is.Phase())
		}
	}
	if len(w.previews) != 2 || w.made["submission"] != 2 {
		t.Errorf("made %v", w.made)
	}
}

// What is in the preview has changed since it was tried: it goes there again, and is tried
// and signed again before anybody gets it.
func TestASupersededPreviewIsMadeAgain(t *testing.T) {
	t.Parallel()
	w := previewing(t, true)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.signs(r, omar, ana)
	changed := true
	w.before = func(op string, k images.Work) error {
		if op == "submit" && changed {
			changed = false
			return &images.Fault{Class: images.Superseded, What: "submission/9"}
		}
		return nil
	}
	w.passes(24 * time.Hour)
	is := w.build(b.ID)
	if failed := is.Failed(); len(failed) != 1 || failed[0].Name != images.Submit {
		t.Fatalf("it is %s: %+v", is.State, failed)
	}
	_, err := w.service.Retry(t.Context(), w.who(omar), b.ID, -1, "")
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildLive || len(w.previews) != 2 || w.made["machine"] != 5 || w.alive()["machine"] != 0 {
		t.Errorf("it is %s with %d previews, made %v", is.Phase(), len(w.previews), w.made)
	}
}

func TestAnAbandonedPreviewIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := previewing(t, true)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.passes(12 * time.Hour)
	_, err := w.service.Abandon(t.Context(), w.who(omar), b.ID)
	must(t, err)
	is := w.build(b.ID)
	if is.Step(images.Withdraw, "", "") == nil || is.Step(images.Remove, "", images.Trial) == nil {
		t.Errorf("it clears %+v", is.Steps)
	}
	w.passes(6 * time.Hour)
	if is := w.build(b.ID); is.State != images.Abandoned || w.alive()["image"] != 0 {
		t.Errorf("it is %s, and there is %v", is.State, w.alive())
	}
}

// A submission that takes much longer than usual is said to.
func TestASubmissionStalls(t *testing.T) {
	t.Parallel()
	w := previewing(t, false)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.before = func(op string, k images.Work) error {
		if op == "preview" { // it never ends
			for _, p := range w.previews {
				p.ready = w.clock().Add(10 * time.Minute)
			}
		}
		return nil
	}
	w.passes(3 * time.Hour)
	stalled := func() bool {
		n, err := w.service.News(t.Context(), b.Plan)
		must(t, err)
		return n.Stalled[0]
	}
	if stalled() {
		t.Error("it is said to be slow at once")
	}
	w.passes(6 * time.Hour)
	if lane := w.run(r.ID).Steps[lanes(r)[0]]; !stalled() || !lane.Build.Stalls {
		t.Errorf("it is not said to be slow: %+v", lane.Build)
	}
	if p, ok := w.service.Plea(w.build(b.ID)); !ok || !strings.Contains(p.Text, w.build(b.ID).Step(images.Preview, "", "").Ref) {
		t.Errorf("what to ask is %+v", p)
	}
}
