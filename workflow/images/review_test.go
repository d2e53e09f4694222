package images_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// changes changes a run by itself.
func (w *world) changes(r *workflow.Run, change workflow.Change) {
	w.Helper()
	_, err := w.store.Update(w.Context(), r.ID, w.who("").Request, func(r *workflow.Run) error {
		return change(workflow.Act{Actor: workflow.Bot, At: w.clock()}, r)
	})
	must(w, err)
}

// corrects lets a release have another package in one place, as one that was corrected
// does.
func (w *world) corrects(r *workflow.Run, i int) {
	w.Helper()
	w.changes(r, func(act workflow.Act, r *workflow.Run) error {
		c := *r.Catalyst
		c.Packages = slices.Clone(c.Packages)
		c.Packages[i].SHA256 = strings.Repeat("f", 64)
		return r.Classify(act, c)
	})
}

func (w *world) supersedes(r *workflow.Run) {
	w.Helper()
	w.changes(r, func(act workflow.Act, r *workflow.Run) error {
		return r.Supersede(act, workflow.Successor{Run: "run_next", What: "GitLab 17.6.3"}, []workflow.ListingID{r.Listings[0].ID})
	})
}

// submits brings a build to where the marketplace tries its version.
func (w *world) submits(r *workflow.Run) images.BuildID {
	w.Helper()
	w.trial = time.Hour
	b := w.starts(r, true)[0]
	w.signs(r, omar, ana)
	for range 40 {
		w.passes(5 * time.Minute)
		w.advance(5 * time.Minute)
		if t := w.build(b.ID).Step(images.Submit, "", ""); t.Memory == "tried" {
			return b.ID
		}
	}
	w.Fatalf("it is not tried: %+v", w.build(b.ID).Present())
	return ""
}

// TestATrialIsNoReasonToSubmit lets what was signed change while the marketplace tries
// the version, which takes an hour and changes nothing.
func TestATrialIsNoReasonToSubmit(t *testing.T) {
	t.Parallel()
	t.Run("a newer release has the lane", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.release("17.6.2", "ee")
		id := w.submits(r)
		w.supersedes(r)
		w.passes(24 * time.Hour)
		if is := w.build(id); w.made["submission"] > 0 || is.State != images.Stuck || is.Failed()[0].Fault.Class != images.Overtaken {
			t.Errorf("it is %s with %d submissions: %+v", is.State, w.made["submission"], is.Failed())
		}
	})
	t.Run("the signatures lapse", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := w.release("17.6.2", "ee", "ce")
		id := w.submits(r)
		w.corrects(r, 1) // of the other listing
		w.passes(2 * time.Hour)
		is := w.build(id)
		if w.made["submission"] > 0 || is.Phase() != workflow.BuildSigning {
			t.Fatalf("it is %s with %d submissions", is.Phase(), w.made["submission"])
		}
		w.signs(r, omar, ana)
		w.passes(24 * time.Hour)
		if is := w.build(id); is.Phase() != workflow.BuildLive || w.made["submission"] != 1 {
			t.Errorf("signed again it is %s with %d submissions: %+v", is.Phase(), w.made["submission"], is.Failed())
		}
	})
}

// TestTheProtectionIsOnAgainWhenItIsNotSigned lets signatures lapse while the protection
// is off.
func TestTheProtectionIsOnAgainWhenItIsNotSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shielded["eu-west-1"] = true
	r := w.release("17.6.2", "ee", "ce")
	plan, err := w.service.Plan(t.Context(), workflow.AWS, []images.Want{{Run: r.ID, Lane: lanes(r)[0], Publish: true}}, nil)
	must(t, err)
	builds, err := w.service.Start(t.Context(), w.who(omar), plan, "")
	must(t, err)
	b := builds[0]
	lapsed := false
	w.before = func(op string, k images.Work) error {
		if op == "open" && k.Region == "eu-west-1" && k.Memory == "opening" && k.Build == b.ID && !lapsed {
			return &images.Fault{Class: images.Throttled, After: 10 * time.Minute}
		}
		return nil
	}
	w.signs(r, omar, ana)
	for range 200 {
		w.passes(time.Minute)
		w.advance(time.Minute)
		if w.build(b.ID).Step(images.Open, "eu-west-1", "").Memory == "opening" {
			break
		}
	}
	if w.shielded["eu-west-1"] {
		t.Fatal("the protection is not off")
	}
	w.corrects(r, 1)
	lapsed = true
	w.passes(24 * time.Hour)
	is := w.build(b.ID)
	if w.open["eu-west-1 "+is.Images["eu-west-1"]] || !w.shielded["eu-west-1"] || is.Phase() != workflow.BuildSigning {
		t.Fatalf("open %v, shielded %v, it is %s", w.open, w.shielded, is.Phase())
	}
	if lane := w.run(r.ID).Steps[lanes(r)[0]]; lane.Waiting == nil || w.run(r.ID).NextSigner() == "" {
		t.Errorf("the submission is there still, and somebody is to sign: %+v", lane)
	}
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildLive || !w.shielded["eu-west-1"] || !w.open["eu-west-1 "+is.Images["eu-west-1"]] {
		t.Errorf("signed again it is %s: %+v", is.Phase(), is.Failed())
	}
}

// TestAnotherPackageIsNotWhatIsSigned corrects a package while the image of the one
// before waits for signatures: what is signed then is the new one.
func TestAnotherPackageIsNotWhatIsSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.passes(3 * time.Hour)
	w.corrects(r, 0)
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); len(w.open) > 0 || w.made["submission"] > 0 || is.State != images.Stuck || is.Failed()[0].Fault.Class != images.Overtaken {
		t.Errorf("it is %s: %+v, open %v", is.State, is.Failed(), w.open)
	}
}

// TestOneBuildOfALanePublishes has a private image made twice, and the first one sent to
// customers by a button that is old: what it does was not among what is signed.
func TestOneBuildOfALanePublishes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	first := w.starts(r, false)[0]
	w.passes(24 * time.Hour)
	plan, err := w.service.PlanPublishing(t.Context(), first.ID)
	must(t, err)
	second := w.starts(r, false)[0]
	w.passes(24 * time.Hour)
	if _, err := w.service.Publish(t.Context(), w.who(omar), first.ID, plan); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("it is sent off: %v", err)
		w.signs(r, omar, ana)
		w.passes(24 * time.Hour)
	}
	if is := w.build(first.ID); len(w.open) > 0 || w.made["submission"] > 0 || is.Phase() == workflow.BuildLive {
		t.Errorf("the first is %s, open %v", is.Phase(), w.open)
	}
	if is := w.build(second.ID); is.State != images.Done {
		t.Errorf("the second is %s", is.State)
	}
}

// TestAnotherProductIsSigned lets the catalogue have another product than the run, so
// that signatures that were given before do not cover it.
func TestAnotherProductIsSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	w.signs(r, omar, ana)
	w.options.Catalogued = func(context.Context, workflow.ListingID) (workflow.Listed, bool, error) {
		return workflow.Listed{Product: "prod-other"}, true, nil
	}
	w.restarts()
	b := w.starts(r, true)[0]
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildSigning || w.made["submission"] > 0 {
		t.Fatalf("it is %s with %d submissions", is.Phase(), w.made["submission"])
	}
	if goes := w.run(r.ID).GoesAlong(); len(goes) != 1 || !strings.Contains(goes[0], "prod-other") {
		t.Errorf("who signs sees %q", goes)
	}
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildLive {
		t.Errorf("signed it is %s", is.Phase())
	}
}

// TestANewerPatchIsLive does not let an older one go over it, whoever signs.
func TestANewerPatchIsLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	older, newer := w.release("17.6.1", "ee"), w.release("17.6.2", "ee")
	slow := w.starts(older, true)[0]
	w.passes(time.Hour)
	b := w.starts(newer, true)[0]
	w.signs(newer, omar, ana)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildLive {
		t.Fatalf("the newer is %s", is.Phase())
	}
	open := len(w.open)
	w.signs(older, omar, ana)
	w.passes(24 * time.Hour)
	if is := w.build(slow.ID); len(w.open) != open || w.made["submission"] != 1 || is.State != images.Stuck || !strings.Contains(is.Failed()[0].Trouble(), "17.6.2 is live") {
		t.Errorf("the older is %s: %+v", is.State, is.Failed())
	}
}

func TestNothingIsBuiltForALaneThatIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	plan, err := w.service.Plan(t.Context(), workflow.AWS, []images.Want{{Run: r.ID, Lane: lanes(r)[0], Publish: true}}, nil)
	must(t, err)
	w.supersedes(r)
	if _, err := w.service.Start(t.Context(), w.who(omar), plan, ""); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("it was begun: %v", err)
	}
}

// TestAPrivateImageInAnotherAccount is not published from here.
func TestAPrivateImageInAnotherAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, false)[0]
	w.passes(24 * time.Hour)
	w.account = "999999999999"
	plan, err := w.service.PlanPublishing(t.Context(), b.ID)
	must(t, err)
	if _, err := w.service.Publish(t.Context(), w.who(omar), b.ID, plan); workflow.KindOf(err) != workflow.Conflict || !strings.Contains(err.Error(), "another account") {
		t.Errorf("it was sent off: %v", err)
	}
}

// TestMachinesEndThemselves looks that each machine that is started does, whatever
// becomes of us.
func TestMachinesEndThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.starts(w.release("17.6.2", "ee"), false)
	w.passes(24 * time.Hour)
	for _, m := range w.machines {
		if !strings.Contains(m.userData, "shutdown -P +") {
			t.Errorf("%s is started with %q", m.role, m.userData)
		}
	}
}

// TestACopyThatNobodySawBeginIsRemoved abandons a build whose process ended with the
// first call of a copy.
func TestACopyThatNobodySawBeginIsRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.before = func(op string, k images.Work) error {
		if op == "copy" {
			return &images.Fault{Class: images.Throttled, After: time.Hour}
		}
		return nil
	}
	w.passes(time.Hour)
	// What the call made is there, and nothing of it was noted.
	w.pictures["eu-west-1 "+string(b.ID)] = &thing{id: "image-lost", build: string(b.ID), region: "eu-west-1"}
	_, err := w.store.UpdateBuild(t.Context(), b.ID, "", func(b *images.Build) error {
		s := b.Step(images.Copy, "eu-west-1", "")
		*s = images.Step{Name: s.Name, Region: s.Region, Phase: s.Phase, State: images.StepPending, Attempt: 1, Due: w.clock()}
		return nil
	}, nil)
	must(t, err)
	_, err = w.service.Abandon(t.Context(), w.who(omar), b.ID)
	must(t, err)
	w.before = nil
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.State != images.Abandoned || len(w.alive()) > 0 {
		t.Errorf("it is %s, and there is left %v", is.State, w.alive())
	}
}

// closes makes a build live and then takes its image back in a region.
func (w *world) closes(r *workflow.Run) images.BuildID {
	w.Helper()
	b := w.starts(r, true)[0]
	w.signs(r, omar, ana)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildLive {
		w.Fatalf("it is %s", is.Phase())
	}
	delete(w.open, "eu-west-1 "+w.build(b.ID).Images["eu-west-1"])
	return b.ID
}

// TestRepairThatFails can be tried again, and be given up without taking anything from
// customers.
func TestRepairThatFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.closes(w.release("17.6.2", "ee"))
	w.shielded["eu-west-1"] = true // and it was not when it was ordered
	_, err := w.service.Repair(t.Context(), w.who(omar), id)
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(id); is.State != images.Stuck || is.Failed()[0].Fault.Class != images.Blocked {
		t.Fatalf("it is %s: %+v", is.State, is.Failed())
	}
	_, err = w.service.Retry(t.Context(), w.who(omar), id, -1, "")
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(id); is.State != images.Stuck || is.Failed()[0].Fault.Class != images.Blocked {
		t.Fatalf("tried again it is %s: %+v", is.State, is.Failed())
	}
	_, err = w.service.Abandon(t.Context(), w.who(omar), id)
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(id); is.State != images.Done || w.alive()["image"] != len(regions) || len(w.open) != len(regions)-1 {
		t.Errorf("given up it is %s, with %v, open %v", is.State, w.alive(), w.open)
	}
	w.shielded["eu-west-1"] = false
	_, err = w.service.Repair(t.Context(), w.who(omar), id)
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(id); is.State != images.Done || len(w.open) != len(regions) {
		t.Errorf("repaired it is %s, open %v", is.State, w.open)
	}
}

// TestRepairOfAReopenedLane waits for signatures: somebody takes it up again.
func TestRepairOfAReopenedLane(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee", "ce")
	id := w.closes(r)
	w.changes(r, func(act workflow.Act, r *workflow.Run) error {
		act.Actor, act.Reason = omar, "it is bad"
		return r.Reopen(act, lanes(r)[0], 0)
	})
	w.corrects(r, 1)
	_, err := w.service.Repair(t.Context(), w.who(omar), id)
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(id); len(w.open) == len(regions) || is.Phase() != workflow.BuildSigning {
		t.Errorf("it is %s, open %v", is.Phase(), w.open)
	}
}

// TestTheTimeNobodyLooked is none that a step took.
func TestTheTimeNobodyLooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.starts(w.release("17.6.2", "ee"), false)[0]
	if _, err := w.service.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.advance(5 * time.Hour)
	w.restarts()
	first := true
	w.before = func(string, images.Work) error {
		if first {
			first = false
			return &images.Fault{Class: images.Throttled}
		}
		return nil
	}
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.State != images.Done {
		t.Errorf("it is %s: %+v", is.State, is.Failed())
	}
}

// TestWaitingForSignaturesIsQuiet counts how often a build that waits is written.
func TestWaitingForSignaturesIsQuiet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.starts(w.release("17.6.2", "ee"), true)[0]
	w.passes(3 * time.Hour)
	before := w.build(b.ID).Revision
	w.passes(24 * time.Hour)
	if n := w.build(b.ID).Revision - before; n > 150 {
		t.Errorf("it was written %d times in a day", n)
	}
}

// TestSecretsAreNotKept lets a script print some.
func TestSecretsAreNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const token = "glpat-abcdefghij0123456789"
	text := "one\ncloning https://bot:" + token + "@gitlab.example/x.git\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\nlast\n"
	w.before = func(op string, k images.Work) error {
		if op == "run:install" {
			return &images.Fault{Class: images.ScriptFailed, Said: "could not clone with " + token, Log: text, Findings: []string{"see " + token}}
		}
		return nil
	}
	b := w.starts(w.release("17.6.2", "ee"), false)[0]
	w.passes(24 * time.Hour)
	s := w.build(b.ID).Failed()[0]
	for _, kept := range append([]string{s.Log, s.Fault.Said}, s.Fault.Findings...) {
		if strings.Contains(kept, token) || strings.Contains(kept, "MIIE") {
			t.Errorf("kept: %s", kept)
		}
	}
	if !strings.HasPrefix(s.Log, "one\n") || !strings.HasSuffix(s.Log, "last\n") {
		t.Errorf("the rest of it is %q", s.Log)
	}
}

// TestAnotherAccountIsConfigured lets nothing of a build happen in an account that it was
// not ordered in.
func TestAnotherAccountIsConfigured(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.release("17.6.2", "ee")
	b := w.starts(r, true)[0]
	w.signs(r, omar, ana)
	w.passes(20 * time.Minute)
	calls := w.calls
	w.options.Clouds[0].Account = "999999999999"
	w.restarts()
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); w.calls != calls || is.State != images.Stuck || is.Failed()[0].Fault.Class != images.WrongAccount {
		t.Fatalf("it is %s after %d calls: %+v", is.State, w.calls-calls, is.Failed())
	}
	w.options.Clouds[0].Account = w.account
	w.restarts()
	_, err := w.service.Retry(t.Context(), w.who(omar), b.ID, -1, "")
	must(t, err)
	w.passes(24 * time.Hour)
	if is := w.build(b.ID); is.Phase() != workflow.BuildLive {
		t.Errorf("with the account again it is %s", is.Phase())
	}
}

// TestAnotherInstallationInTheAccount keeps what it needs.
func TestAnotherInstallationInTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.starts(w.release("17.6.2", "ee"), false)
	w.passes(3 * time.Hour)
	// Another service with a database of its own, and the same account.
	other := newWorld(t)
	other.at.Store(w.at.Load())
	w.machines["theirs"] = &thing{id: "machine-theirs", build: "b-theirs", role: "builder", ready: w.clock().Add(-time.Hour)}
	other.options.Clouds[0].Cloud = w.sky
	other.restarts()
	sweep, err := other.service.Leftovers(t.Context(), other.who(omar), workflow.AWS)
	must(t, err)
	if len(sweep.Left) > 0 || sweep.Others != len(regions)+1 || sweep.Dollars != 0 {
		t.Errorf("it would remove %+v and leave %d", sweep.Left, sweep.Others)
	}
	other.advance(48 * time.Hour)
	sweep, err = other.service.Leftovers(t.Context(), other.who(omar), workflow.AWS)
	must(t, err)
	if len(sweep.Left) != 1 || sweep.Left[0].ID != "machine-theirs" || sweep.Others != len(regions) {
		t.Errorf("after two days it would remove %+v and leave %d", sweep.Left, sweep.Others)
	}
}

// blind is a sky in which some regions cannot be looked through.
type blind struct{ images.Cloud }

func (blind) Leftovers(context.Context) ([]images.Leftover, error) {
	var errs []error
	for _, region := range []string{"ap-east-1", "ca-west-1", "eu-west-1", "us-west-2"} {
		errs = append(errs, errors.Join(nil, fmt.Errorf("the machines in %s: %w", region, &images.Fault{Class: images.Permission, Code: "UnauthorizedOperation", What: "ec2:DescribeInstances", Said: "You may not."})))
	}
	return []images.Leftover{{Kind: "image", ID: "ami-1", Build: "b-unknown"}}, errors.Join(errs...)
}

// TestWhatCouldNotBeLookedAt is said with its place, once for each, and without the codes
// that only programs read.
func TestWhatCouldNotBeLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Clouds[0].Cloud = blind{w.sky}
	w.restarts()
	sweep, err := w.service.Leftovers(t.Context(), w.who(omar), workflow.AWS)
	must(t, err)
	want := "the machines in ap-east-1: we may not do that (ec2:DescribeInstances): You may not; the machines in ca-west-1: we may not do that (ec2:DescribeInstances): You may not; " +
		"the machines in eu-west-1: we may not do that (ec2:DescribeInstances): You may not; and 1 more"
	if sweep.Missed != want {
		t.Errorf("it says %q", sweep.Missed)
	}
}
