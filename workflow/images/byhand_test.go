package images_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// manual is a sky without machines: its steps wait for what people report.
type manual struct{ *sky }

func (manual) Provider() workflow.Provider { return workflow.Manual }
func (manual) Ways() images.Ways           { return images.Ways{ByHand: true} }

// asks waits for an answer.
func asks(w images.Work, what string) (images.Progress, error) {
	switch {
	case w.Answer == nil:
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Asks: what, Again: time.Hour}, nil
	case w.Answer.Refused:
		return images.Progress{}, &images.Fault{Class: images.Rejected, Said: w.Answer.Said}
	}
	return images.Progress{Done: true, Ref: w.Answer.Ref}, nil
}

func TestPeopleReportWhatTheyMake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Clouds = append(w.options.Clouds, images.Setup{Cloud: people{manual{w.sky}}})
	w.restarts()
	r := w.release("17.6.2", "ee")
	lane := lanes(r)[0]
	begin := func() *images.Build {
		plan, err := w.service.PlanByHand(t.Context(), []images.Want{{Run: r.ID, Lane: lane}})
		must(t, err)
		builds, err := w.service.Start(t.Context(), w.who(omar), plan, "")
		must(t, err)
		w.passes(time.Minute)
		return w.build(builds[0].ID)
	}
	b := begin()
	report := func(want string, a images.Answer) {
		t.Helper()
		step, asked := w.build(b.ID).Asked()
		if asked != want {
			t.Fatalf("it asks for %q, not %q", asked, want)
		}
		if mark := w.run(r.ID).Steps[lane].Build; mark.Asks != want {
			t.Errorf("the run says that it asks for %q", mark.Asks)
		}
		_, err := w.service.Report(t.Context(), w.who(olu), b.ID, step, want, a)
		must(t, err)
		w.passes(time.Minute)
	}
	if _, err := w.service.Report(t.Context(), w.who(ned), b.ID, 0, "", images.Answer{Ref: "x"}); workflow.KindOf(err) != workflow.Denied {
		t.Errorf("somebody of no team reports: %v", err)
	}
	if _, err := w.service.Report(t.Context(), w.who(olu), b.ID, 0, "", images.Answer{Ref: "glpat-0123456789abcdefABCD"}); workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("a secret was kept: %v", err)
	}
	report("make", images.Answer{Ref: "image-7"})
	report("check", images.Answer{Refused: true, Said: "it has our keys"})
	if f := w.build(b.ID).Failed(); len(f) != 1 || !strings.Contains(f[0].Trouble(), "our keys") {
		t.Fatalf("what was found is %+v", f)
	}
	_, err := w.service.Retry(t.Context(), w.who(omar), b.ID, -1, "")
	must(t, err)
	w.passes(time.Minute)
	report("check", images.Answer{})
	if along := w.run(r.ID).GoesAlong(); len(along) > 0 {
		t.Errorf("signatures are said to cover %q as well", along)
	}
	if is := w.build(b.ID); is.Phase() != workflow.BuildSigning || is.Images[""] != "image-7" {
		t.Fatalf("it is %s with %v", is.Phase(), is.Images)
	}
	if _, err := w.service.Report(t.Context(), w.who(olu), b.ID, 0, "", images.Answer{Ref: "image-8"}); workflow.KindOf(err) != workflow.Stale {
		t.Errorf("what was reported is reported again: %v", err)
	}
	w.signs(r, omar, ana)
	w.passes(time.Minute)
	report("hand in", images.Answer{Ref: "T-1"})
	if s := w.run(r.ID).Steps[lane]; s.Waiting == nil || s.Waiting.Ticket != "T-1" || s.Build.Phase != workflow.BuildSubmitted {
		t.Fatalf("the lane is %+v, %+v", s.Waiting, s.Build)
	}
	w.passes(200 * time.Hour) // people are reminded elsewhere, and nothing gives up
	report("live", images.Answer{})
	if s := w.run(r.ID).Steps[lane]; s.Status != workflow.Done || s.Waiting != nil || s.Evidence["image-id"] != "image-7" {
		t.Errorf("the lane is %s, %+v", s.Status, s.Evidence)
	}
}

// people hand in and then say that it is live.
type people struct{ manual }

func (p people) Capture(_ context.Context, w images.Work, _ string, _ images.Image) (images.Progress, error) {
	return asks(w, "make")
}

func (p people) Run(_ context.Context, w images.Work, _ string, _ guest.Script) (images.Progress, error) {
	return asks(w, "check")
}

func (p people) Submit(_ context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	if w.Ref == "" {
		if w.Halt != nil {
			return images.Progress{}, w.Halt
		}
		out, err := asks(w, "hand in")
		out.Done = false
		return out, err
	}
	out, err := asks(w, "live")
	out.Ref = w.Ref
	return out, err
}

// Whoever says on the card that it is done needs no build any more.
func TestABuildByHandIsMootWhenTheLaneIsDone(t *testing.T) {
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
	_, err = w.runs.Do(t.Context(), w.who(omar), r.ID, workflow.Ask{Verb: workflow.VerbDone, Step: lanes(r)[0]}, func(act workflow.Act, r *workflow.Run) error {
		return r.Done(act, lanes(r)[0], 0, map[workflow.FieldID]string{"image-id": "image-9"})
	})
	must(t, err)
	w.passes(2 * time.Hour)
	if is := w.build(builds[0].ID); is.State != images.Abandoned || is.AbandonedBy != "" {
		t.Errorf("it is %s by %q", is.State, is.AbandonedBy)
	}
	if s := w.run(r.ID).Steps[lanes(r)[0]]; s.Status != workflow.Done {
		t.Errorf("the lane is %s", s.Status)
	}
}
