package images_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

func TestFromReleaseToCustomers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee", "ce", "ee arm64")
	builds := w.starts(r, true)
	w.passes(12 * time.Hour)
	for _, b := range builds {
		if is := w.build(b.ID); is.Phase() != workflow.BuildSigning {
			t.Fatalf("%s is %s: %+v", is.Order.Name, is.Phase(), is.Failed())
		}
	}
	if len(w.open) > 0 || w.made["submission"] > 0 {
		t.Fatal("something went outside unsigned")
	}
	if who := w.run(r.ID).NextSigner(); who != omar {
		t.Errorf("%q is asked to sign", who)
	}
	w.signs(r, olu)
	w.passes(time.Hour)
	if len(w.open) > 0 {
		t.Fatal("one signature was enough")
	}
	w.signs(r, ana)
	w.passes(time.Hour)
	if s := w.run(r.ID).Steps[lanes(r)[0]]; s.Waiting == nil || s.Waiting.Ticket == "" || s.Build.Phase != workflow.BuildSubmitted {
		t.Errorf("what is with the marketplace waits for it: %+v", s)
	}
	w.passes(12 * time.Hour)
	for i, b := range builds {
		is, lane := w.build(b.ID), w.run(r.ID).Steps[lanes(r)[i]]
		if is.State != images.Done || is.Phase() != workflow.BuildLive || len(is.Images) != len(regions) {
			t.Errorf("%s is %s, with %v", is.Order.Name, is.State, is.Images)
		}
		if lane.Status != workflow.Done || lane.Actor != workflow.Bot || lane.Evidence["image-id"] != is.Images[regions[0]] || lane.Waiting != nil {
			t.Errorf("the lane of %s: %+v", is.Order.Name, lane)
		}
	}
	if got := w.alive(); got["machine"] != 0 || got["image"] != 9 {
		t.Errorf("there is left: %v", got)
	}
	if w.made["machine"] != 9 || w.made["image"] != 9 || w.made["submission"] != 3 || len(w.open) != 9 {
		t.Errorf("made %v, open %v", w.made, w.open)
	}
}

func TestAPrivateBuildGoesNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, false)[0]
	w.passes(24 * time.Hour)
	is, lane := w.build(b.ID), w.run(r.ID).Steps[lanes(r)[0]]
	if is.State != images.Done || lane.Status != workflow.Open || lane.Build.Phase != workflow.BuildBuilt || len(w.open) > 0 || w.made["submission"] > 0 {
		t.Fatalf("%s, lane %+v", is.State, lane)
	}
	if is.Order.Image == "GitLab EE 17.6.2" {
		t.Error("a private image has taken the name of the published one")
	}
	plan, err := w.service.PlanPublishing(t.Context(), b.ID)
	must(t, err)
	_, err = w.service.Publish(t.Context(), w.who(omar), b.ID, plan)
	must(t, err)
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildLive || len(w.open) != len(regions) {
		t.Errorf("it is %s", is.Phase())
	}
}

func TestWhoMayBuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	plan, err := w.service.Plan(t.Context(), workflow.AWS, []images.Want{{Run: r.ID, Lane: lanes(r)[0], Publish: true}}, nil)
	must(t, err)
	_, err = w.service.Start(t.Context(), w.who(ned), plan, "")
	if workflow.KindOf(err) != workflow.Denied {
		t.Errorf("ned: %v", err)
	}
	who := w.who(omar)
	first, err := w.service.Start(t.Context(), who, plan, "")
	must(t, err)
	again, err := w.service.Start(t.Context(), who, plan, "")
	must(t, err)
	if again[0].ID != first[0].ID {
		t.Error("a request that came twice built twice")
	}
	if _, err = w.service.Start(t.Context(), w.who(omar), plan, ""); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("built twice at once: %v", err)
	}
	if _, err := w.service.Abandon(t.Context(), w.who(ned), first[0].ID); workflow.KindOf(err) != workflow.Denied {
		t.Errorf("ned abandons: %v", err)
	}
}

// TestOneRegionFails retries the region that failed, and it alone.
func TestOneRegionFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	failing := true
	w.before = func(op string, k images.Work) error {
		if failing && op == "copy" && k.Region == "eu-west-1" {
			return &images.Fault{Class: images.Quota, What: "images", Said: "too many"}
		}
		return nil
	}
	b := w.starts(r, true)[0]
	w.passes(24 * time.Hour)
	is := w.build(b.ID)
	if is.State != images.Stuck || is.Step(images.Copy, "ap-southeast-1", "").State != images.StepDone {
		t.Fatalf("it is %s; the other region is %s", is.State, is.Step(images.Copy, "ap-southeast-1", "").State)
	}
	if m := w.run(r.ID).Steps[lanes(r)[0]].Build; m.Phase != workflow.BuildStuck || !strings.Contains(m.Trouble, "quota") || !strings.Contains(m.Trouble, "eu-west-1") {
		t.Errorf("the run knows %+v", m)
	}
	failing = false
	_, err := w.service.Retry(t.Context(), w.who(olu), b.ID, -1, "")
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildSigning || w.made["image"] != 3 || w.made["machine"] != 3 {
		t.Errorf("it is %s, made %v", is.Phase(), w.made)
	}
}

func TestAbandonedBuildsLeaveNothing(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Duration{0, time.Minute, 10 * time.Minute, 25 * time.Minute, 40 * time.Minute, 55 * time.Minute, 26 * time.Hour} {
		w := newWorld(t)
		w.shielded["eu-west-1"] = true
		r := w.release("17.6.2", "ee")
		b := w.starts(r, true)[0]
		if at > time.Hour {
			w.signs(r, omar, ana)
			w.before = func(op string, k images.Work) error {
				if op == "open" && k.Region == "eu-west-1" && k.Memory == "opening" {
					return &images.Fault{Class: images.Permission}
				}
				return nil
			}
		}
		w.passes(at)
		_, err := w.service.Abandon(t.Context(), w.who(omar), b.ID)
		if at > time.Hour && err != nil {
			if !strings.Contains(err.Error(), "marketplace already") {
				t.Fatal(err)
			}
			continue
		}
		must(t, err)
		w.passes(24 * time.Hour)
		if is := w.build(b.ID); is.State != images.Abandoned {
			t.Fatalf("after %v it is %s: %+v", at, is.State, is.Failed())
		}
		if got := w.alive(); len(got) > 0 || len(w.open) > 0 || !w.shielded["eu-west-1"] {
			t.Errorf("after %v there is left: %v, open %v, shielded %v", at, got, w.open, w.shielded)
		}
		if m := w.run(r.ID).Steps[lanes(r)[0]].Build; m.Phase != workflow.BuildAbandoned {
			t.Errorf("the run knows %+v", m)
		}
	}
}

// TestUnsoundImagesGoNowhere tries what a check may find.
func TestUnsoundImagesGoNowhere(t *testing.T) {
	t.Parallel()
	sound := func(w images.Work) guest.Result {
		return guest.Result{Script: "check", Fingerprints: map[string]string{"secrets": w.Key}}
	}
	for name, says := range map[string]func(script string, w images.Work) (guest.Result, error){
		"something is left": func(script string, w images.Work) (guest.Result, error) {
			r := sound(w)
			if script == "check" {
				r.Violations = []guest.Violation{{Rule: "authorized-keys", Path: "/root/.ssh/authorized_keys", Words: "a key"}}
			}
			return r, nil
		},
		"the secrets are the same": func(script string, w images.Work) (guest.Result, error) {
			r := sound(w)
			r.Fingerprints["secrets"] = "same"
			return r, nil
		},
		"the check failed": func(script string, w images.Work) (guest.Result, error) {
			if script != "check" {
				return sound(w), nil
			}
			return guest.Result{}, &images.Fault{Class: images.ScriptFailed, Said: "not healthy", Log: "waiting\n"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.says = says
			r := w.release("17.6.2", "ee")
			b := w.starts(r, true)[0]
			w.signs(r, omar, ana)
			w.passes(24 * time.Hour)
			is := w.build(b.ID)
			if is.State != images.Stuck || is.Failed()[0].Fault.Class != images.Unsound || len(w.open) > 0 || w.made["submission"] > 0 || w.made["image"] != 1 {
				t.Errorf("it is %s: %+v", is.State, is.Failed())
			}
			w.says = nil
			_, err := w.service.Retry(t.Context(), w.who(omar), b.ID, -1, "")
			must(t, err)
			w.passes(24 * time.Hour)
			if is := w.build(b.ID); is.Phase() != workflow.BuildLive {
				t.Errorf("after another try it is %s: %+v", is.Phase(), is.Failed())
			}
		})
	}
}

// TestSignaturesLapse lets the plan change between the signatures and the publication.
func TestSignaturesLapse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	w.signs(r, omar, ana)
	w.shielded["eu-west-1"] = true // so that the build will turn it off, which was not signed
	b := w.starts(r, true)[0]
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildSigning || len(w.open) > 0 {
		t.Fatalf("it is %s", is.Phase())
	}
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildLive || !w.shielded["eu-west-1"] {
		t.Errorf("it is %s, shielded %v", is.Phase(), w.shielded)
	}
}

// TestALaneThatIsDoneOtherwise is not published over.
func TestALaneThatIsDoneOtherwise(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.passes(3 * time.Hour)
	_, err := w.runs.Do(t.Context(), w.who(omar), r.ID, workflow.Ask{Verb: workflow.VerbDone, Step: lanes(r)[0]}, func(act workflow.Act, r *workflow.Run) error {
		return r.Done(act, lanes(r)[0], 0, map[workflow.FieldID]string{"image-id": "ami-byhand"})
	})
	must(t, err)
	w.passes(3 * time.Hour)
	if is := w.build(b.ID); is.State != images.Stuck || is.Failed()[0].Fault.Class != images.Overtaken || len(w.open) > 0 {
		t.Errorf("it is %s: %+v", is.State, is.Failed())
	}
}

// TestAMachineIsLost begins again by itself, and not for ever.
func TestAMachineIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	lost := 0
	w.before = func(op string, k images.Work) error {
		if op == "run:clean" && lost < 1 {
			lost++
			for _, m := range w.machines {
				m.dead = true
			}
		}
		return nil
	}
	b := w.starts(r, false)[0]
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.State != images.Done || w.made["machine"] != 4 || w.made["image"] != 3 {
		t.Errorf("it is %s, made %v", is.State, w.made)
	}
}

// TestTheCloudIsAway waits for hours, and then asks.
func TestTheCloudIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	away := true
	w.before = func(string, images.Work) error {
		if away {
			return errors.New("connection refused")
		}
		return nil
	}
	b := w.starts(r, false)[0]
	w.passes(5 * time.Minute)
	if is := w.build(b.ID); is.State != images.Running || is.Steps[0].State != images.StepUnsure {
		t.Fatalf("it is %s, %s", is.State, is.Steps[0].State)
	}
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.State != images.Stuck || is.Failed()[0].Fault.Class != images.TooLong || w.calls > 60 {
		t.Fatalf("it is %s after %d calls", is.State, w.calls)
	}
	away = false
	_, err := w.service.Retry(t.Context(), w.who(omar), b.ID, 0, "")
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.State != images.Done || w.made["machine"] != 3 {
		t.Errorf("it is %s, made %v", is.State, w.made)
	}
}

// TestAPlanThatStops begins nothing.
func TestAPlanThatStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	w.problems = []images.Problem{{Class: images.WrongAccount, What: "999999999999", Stops: true}}
	want := []images.Want{{Run: r.ID, Lane: lanes(r)[0], Publish: true}}
	plan, err := w.service.Plan(t.Context(), workflow.AWS, want, nil)
	must(t, err)
	if _, err := w.service.Start(t.Context(), w.who(omar), plan, ""); workflow.KindOf(err) != workflow.Conflict || w.calls > 0 {
		t.Errorf("%v after %d calls", err, w.calls)
	}
	stopped := plan.Digest
	w.problems = nil
	plan, err = w.service.Plan(t.Context(), workflow.AWS, want, nil)
	must(t, err)
	if plan.Digest == stopped {
		t.Error("another plan has the same digest")
	}
	w.base = "ami-newer"
	if again, err := w.service.Plan(t.Context(), workflow.AWS, want, nil); err != nil || again.Digest == plan.Digest {
		t.Errorf("another base image has the same digest (%v)", err)
	}
	if _, err := w.service.Plan(t.Context(), workflow.AWS, []images.Want{{Edition: "XX", Version: version("17.6.2")}}, nil); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("no package: %v", err)
	}
	if _, err := w.service.Plan(t.Context(), workflow.Azure, want, nil); workflow.KindOf(err) != workflow.Unavailable {
		t.Errorf("no account: %v", err)
	}
}

func TestOlderImagesAreDeprecated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var first *images.Build
	for _, v := range []string{"17.6.1", "17.6.2"} {
		r := w.release(v, "ee")
		b := w.starts(r, true)[0]
		w.signs(r, omar, ana)
		w.passes(24 * time.Hour)
		if is := w.build(b.ID); is.Phase() != workflow.BuildLive {
			t.Fatalf("%s is %s", v, is.Phase())
		} else if first == nil {
			first = is
		}
	}
	if len(w.older) != len(first.Images) {
		t.Errorf("deprecated: %v of %v", w.older, first.Images)
	}
}

func TestWhatIsLeftOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	w.machines["foreign"] = &thing{id: "machine-x", build: "b-unknown", role: "builder"}
	sweep, err := w.service.Leftovers(t.Context(), w.who(omar), workflow.AWS)
	must(t, err)
	if len(sweep.Left) != 1 || sweep.Left[0].ID != "machine-x" || sweep.Dollars != 70 {
		t.Fatalf("%+v", sweep)
	}
	if _, err := w.service.Leftovers(t.Context(), w.who(ned), workflow.AWS); workflow.KindOf(err) != workflow.Denied {
		t.Errorf("ned: %v", err)
	}
	n, failed, err := w.service.RemoveLeftovers(t.Context(), w.who(omar), workflow.AWS, []string{"machine-x", "image-1"})
	must(t, err)
	if n != 1 || len(failed) > 0 || w.alive()["image"] != 3 || w.alive()["machine"] != 0 {
		t.Errorf("removed %d, failed %v, left %v", n, failed, w.alive())
	}
	// and what is not public any more
	delete(w.open, "eu-west-1 "+w.build(b.ID).Images["eu-west-1"])
	closed, missed, err := w.service.Audit(t.Context())
	must(t, err)
	if len(closed) != 1 || closed[0].Region != "eu-west-1" || missed != "" {
		t.Fatalf("%+v %s", closed, missed)
	}
	_, err = w.service.Repair(t.Context(), w.who(omar), b.ID)
	must(t, err)
	w.passes(time.Hour)
	if len(w.open) != 3 || w.build(b.ID).State != images.Done {
		t.Errorf("open: %v", w.open)
	}
}

// TestTheDailyLook finds what is not public any more. Whoever ordered it makes it public
// again, or leaves it so, and is not asked about that again.
func TestTheDailyLook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	id := w.starts(r, true)[0].ID
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	closes := func(regions ...string) {
		for _, region := range regions {
			delete(w.open, region+" "+w.build(id).Images[region])
		}
		w.advance(25 * time.Hour)
		w.passes(time.Hour)
	}
	closes()
	if is := w.build(id); is.State != images.Done {
		t.Fatalf("with all public it is %s", is.State)
	}
	closes("eu-west-1", "us-east-1")
	is := w.build(id)
	if failed := is.Failed(); is.State != images.Stuck || len(failed) != 2 || failed[0].Fault.Class != images.NotPublic {
		t.Fatalf("it is %s: %+v", is.State, failed)
	}
	if m := w.run(r.ID).Steps[lanes(r)[0]].Build; m.Phase != workflow.BuildStuck || !strings.Contains(m.Trouble, "not public any more") {
		t.Errorf("the run knows %+v", m)
	}
	if found, _, err := w.service.Audit(t.Context()); err != nil || len(found) != 2 {
		t.Errorf("verify finds %+v, %v", found, err)
	}
	_, err := w.service.Retry(t.Context(), w.who(omar), id, -1, "")
	must(t, err)
	w.passes(time.Hour)
	if is := w.build(id); is.State != images.Done || len(w.open) != 3 {
		t.Fatalf("it is %s, open %v", is.State, w.open)
	}
	closes("eu-west-1")
	_, err = w.service.Abandon(t.Context(), w.who(omar), id)
	must(t, err)
	closes()
	if is := w.build(id); is.State != images.Done || len(w.open) != 2 || w.alive()["image"] != 3 {
		t.Errorf("left closed it is %s, open %v, %v", is.State, w.open, w.alive())
	}
}
