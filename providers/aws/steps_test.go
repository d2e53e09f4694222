package aws

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/guest"
	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// bench is a world with an order that was looked at, and what steps are tried with.
type bench struct {
	*world
	order images.Order
}

func newBench(t testing.TB, edit ...func(*Options)) *bench {
	t.Helper()
	w := newWorld(t, edit...)
	return &bench{w, w.look(order()).Order}
}

func (b *bench) launcher(role string) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Launch(ctx, k, images.Machine{Role: role, Image: b.order.Base.ID, Type: b.order.Machine})
	}
}

// machine is a machine that takes commands.
func (b *bench) machine() string {
	b.Helper()
	p, err := b.drive(b.work(&b.order, "b1", "launch", ""), b.launcher("builder"))
	if err != nil {
		b.Fatal(err)
	}
	return p.Ref
}

// stopped is one that is stopped.
func (b *bench) stopped() string {
	b.Helper()
	m := b.machine()
	if _, err := b.drive(b.work(&b.order, "b1", "stop", ""), func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Stop(ctx, k, m) }); err != nil {
		b.Fatal(err)
	}
	return m
}

func (b *bench) capturer(machine string) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Capture(ctx, k, machine, images.Image{Name: commonName})
	}
}

// captured is an image.
func (b *bench) captured() string {
	b.Helper()
	p, err := b.drive(b.work(&b.order, "b1", "capture", ""), b.capturer(b.stopped()))
	if err != nil {
		b.Fatal(err)
	}
	return p.Ref
}

func (b *bench) copier(source string) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Copy(ctx, k, images.Image{Name: commonName, Source: source})
	}
}

func script() guest.Script {
	return guest.Script{Name: "install", Text: "#!/bin/bash\necho hello\n", Timeout: 30 * time.Minute}
}

// speaker is a guest with one thing to say.
type speaker awssim.Outcome

func (s speaker) Run(awssim.Command) awssim.Outcome { return awssim.Outcome(s) }

func benchOf(t testing.TB, out awssim.Outcome) *bench {
	t.Helper()
	w := worldOf(t, awssim.Options{Guest: speaker(out)})
	return &bench{w, w.look(order()).Order}
}

func (b *bench) run(machine string) (images.Progress, error) {
	return b.drive(b.work(&b.order, "b1", "install", ""), func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Run(ctx, k, machine, script())
	})
}

func TestRunSaysWhatTheScriptSaid(t *testing.T) {
	t.Parallel()
	b := benchOf(t, awssim.Outcome{Stdout: "one\ntwo\n", Takes: 5 * time.Minute})
	p, err := b.run(b.machine())
	if err != nil || p.Output != "one\ntwo\n" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestRunThatFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		out  awssim.Outcome
		said string
		log  string
	}{
		"with a reason":   {awssim.Outcome{ExitCode: 3, Stdout: "begun\n", Stderr: "a line\nThe package is not there.\n", Takes: time.Minute}, "The package is not there.", "begun\na line\nThe package is not there."},
		"on stdout":       {awssim.Outcome{ExitCode: 1, Stdout: "No room.\n"}, "No room.", "No room."},
		"without a word":  {awssim.Outcome{ExitCode: 7}, "The script ended with 7 and said nothing.", ""},
		"never delivered": {awssim.Outcome{Never: true}, "The machine did not take the command within 10m0s: its agent does not answer.", ""},
		"too long":        {awssim.Outcome{Takes: 10 * time.Hour}, "The script did not end within 30m0s and was stopped.", ""},
		"with a secret":   {awssim.Outcome{ExitCode: 1, Stderr: "aws_secret_access_key=abcdef\nAKIAIOSFODNN7EXAMPLE is wrong\n"}, "(hidden) is wrong", "aws_secret_access_key=(hidden)\n(hidden) is wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := benchOf(t, c.out)
			_, err := b.run(b.machine())
			f := fault(t, err, images.ScriptFailed)
			if f.Said != c.said || f.Log != c.log {
				t.Errorf("said %q, log %q", f.Said, f.Log)
			}
		})
	}
}

func TestMachineThatEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	k := b.work(&b.order, "b1", "launch", "")
	k.Now = b.clock.now()
	p, err := b.launcher("builder")(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	b.TerminateInstance(p.Ref)
	b.clock.add(10 * time.Second)
	k.Ref, k.Memory, k.Now = p.Ref, p.Memory, b.clock.now()
	_, err = b.launcher("builder")(t.Context(), k)
	if f := fault(t, err, images.Gone); !strings.Contains(f.Said, "Terminated by the server") {
		t.Errorf("said %q", f.Said)
	}
	// And while a script runs in it.
	b = benchOf(t, awssim.Outcome{Takes: time.Hour})
	m := b.machine()
	k = b.work(&b.order, "b1", "install", "")
	k.Now = b.clock.now()
	if p, err = b.Run(t.Context(), k, m, script()); err != nil {
		t.Fatal(err)
	}
	b.TerminateInstance(m)
	b.clock.add(seeing + time.Minute)
	k.Ref, k.Memory, k.Now = p.Ref, p.Memory, b.clock.now()
	_, err = b.Run(t.Context(), k, m, script())
	fault(t, err, images.Gone)
}

func TestLaunchFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*bench)
		class images.Class
		what  string
	}{
		"no capacity":     {func(b *bench) { b.LackCapacity("m5.large", home, -1) }, images.Capacity, "ec2:RunInstances"},
		"too many":        {func(b *bench) { b.SetVCPULimit(home, 0) }, images.Quota, "ec2:RunInstances"},
		"not allowed":     {func(b *bench) { b.Deny("ec2:RunInstances") }, images.Permission, "ec2:RunInstances"},
		"no role to pass": {func(b *bench) { b.Deny("iam:PassRole") }, images.Permission, "iam:PassRole"},
		"no network":      {func(b *bench) { b.SetDefaultVPC(home, false) }, images.Invalid, "ec2:RunInstances"},
		"no profile":      {func(b *bench) { b.SetProfiles("other") }, images.Invalid, "ec2:RunInstances"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			c.spoil(b)
			_, err := b.drive(b.work(&b.order, "b1", "launch", ""), b.launcher("builder"))
			f := fault(t, err, c.class)
			if f.What != c.what || f.Said == "" || c.class == images.Quota && !strings.Contains(f.Link, "servicequotas") {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestProfileThatWasJustMade(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.SetProfiles("other")
	k := b.work(&b.order, "b1", "launch", "")
	k.Now = b.clock.now()
	p, err := b.launcher("builder")(t.Context(), k)
	if err != nil || p.Ref != "" || p.Again == 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	b.SetProfiles("cloudimage")
	if _, err := b.drive(k, b.launcher("builder")); err != nil {
		t.Error(err)
	}
}

func TestCaptureAdoptsWhatIsThere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.captured()
	k := b.work(&b.order, "b1", "capture", "")
	k.Key, k.Attempt = "b1.capture.2", 2
	machine := b.region(home).Instances[0].ID
	p, err := b.drive(k, b.capturer(machine))
	if err != nil || p.Ref != id {
		t.Errorf("%+v, %v", p, err)
	}
	// Another build finds the name taken.
	_, err = b.drive(b.work(&b.order, "b2", "capture", ""), b.capturer(machine))
	if f := fault(t, err, images.Invalid); f.What != id || !strings.Contains(f.Said, "of the build b1") {
		t.Errorf("%+v", f)
	}
	// An image of another machine, of an earlier attempt, is not it.
	p, err = b.drive(b.work(&b.order, "b1", "launch-again", ""), b.launcher("builder"))
	if err != nil {
		t.Fatal(err)
	}
	other := p.Ref
	if _, err = b.drive(b.work(&b.order, "b1", "stop-again", ""), func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Stop(ctx, k, other) }); err != nil {
		t.Fatal(err)
	}
	if p, err = b.drive(k, b.capturer(other)); err != nil || p.Ref == id {
		t.Errorf("%+v, %v", p, err)
	}
	if n := len(b.region(home).Images); n != 1 {
		t.Errorf("there are %d images", n)
	}
}

func TestImageThatFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := b.stopped()
	b.FailImages("", "", 1, "Client.InternalError: it broke")
	_, err := b.drive(b.work(&b.order, "b1", "capture", ""), b.capturer(m))
	if f := fault(t, err, images.BrokenImage); !strings.Contains(f.Said, "it broke") || f.What == "" {
		t.Errorf("%+v", f)
	}
	k := b.work(&b.order, "b1", "capture", "")
	k.Key, k.Attempt = "b1.capture.2", 2
	p, err := b.drive(k, b.capturer(m))
	if err != nil || len(b.region(home).Images) != 1 || len(b.region(home).Snapshots) != 1 {
		t.Errorf("%+v, %v: %+v", p, err, b.region(home).Images)
	}
	source := p.Ref
	b.FailImages("CopyImage", away, 1, "Client.InternalError: it broke")
	k = b.work(&b.order, "b1", "copy", away)
	_, err = b.drive(k, b.copier(source))
	fault(t, err, images.BrokenImage)
	k.Key, k.Attempt, k.Since = "b1.copy.2", 2, b.clock.now()
	if p, err = b.drive(k, b.copier(source)); err != nil || len(b.region(away).Images) != 1 || b.region(away).Images[0].ID != p.Ref {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestCopiesThatAreOneTooMany(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	source := b.captured()
	k := b.work(&b.order, "b1", "copy", away)
	p, err := b.drive(k, b.copier(source))
	if err != nil {
		t.Fatal(err)
	}
	tags := b.region(away).Images[0].Tags
	b.AddImage(away, awssim.Image{Name: commonName, Tags: tags, Created: b.clock.now()})
	theirs := b.AddImage(away, awssim.Image{Name: commonName, Created: b.clock.now()})
	b.clock.add(5 * time.Second)
	again, err := b.drive(k, b.copier(source))
	if err != nil || again.Ref != p.Ref {
		t.Errorf("%+v, %v", again, err)
	}
	var left []string
	for _, im := range b.region(away).Images {
		left = append(left, im.ID)
	}
	if len(left) != 2 || left[0] != p.Ref || left[1] != theirs {
		t.Errorf("left are %v, the copy is %s, theirs is %s", left, p.Ref, theirs)
	}
}

// Two processes that do the same at the same time make one of each. Scripts are left
// out: there a process holds the build, for Systems Manager has no token.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other := b.cloud()
	both := func(name, region string, do func(*Cloud, context.Context, images.Work) (images.Progress, error)) images.Progress {
		k := b.work(&b.order, "b1", name, region)
		for range 200 {
			k.Now = b.clock.now()
			var p [2]images.Progress
			var err [2]error
			var all sync.WaitGroup
			for i, c := range []*Cloud{b.Cloud, other} {
				all.Go(func() { p[i], err[i] = do(c, context.Background(), k) })
			}
			all.Wait()
			n := int(k.Now.Unix()) % 2
			if e := err[n]; e != nil && !clouds.Heals(e) {
				t.Fatalf("%s: %v", name, e)
			} else if e != nil {
				b.clock.add(5 * time.Second)
				continue
			}
			if p[n].Done {
				return p[n]
			}
			k.Ref, k.Memory = p[n].Ref, p[n].Memory
			b.clock.add(p[n].Again + time.Second)
		}
		t.Fatalf("%s does not come to an end", name)
		return images.Progress{}
	}
	machine := both("launch", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Launch(ctx, k, images.Machine{Role: "builder", Image: b.order.Base.ID, Type: b.order.Machine})
	}).Ref
	both("stop", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Stop(ctx, k, machine)
	})
	source := both("capture", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Capture(ctx, k, machine, images.Image{Name: commonName})
	}).Ref
	both("copy", away, func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Copy(ctx, k, images.Image{Name: commonName, Source: source})
	})
	o := images.Offer{Product: listing, Title: b.order.Title, Image: source}
	both("submit", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Submit(ctx, k, o)
	})
	both("remove", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Remove(ctx, k, "builder")
	})
	s := b.State()
	if h, a := s.Region(home), s.Region(away); len(h.Instances) != 1 || len(h.Images) != 1 || len(a.Images) != 1 || len(s.ChangeSets) != 2 {
		t.Errorf("machines %d, images %d and %d, change sets %d", len(h.Instances), len(h.Images), len(a.Images), len(s.ChangeSets))
	}
}
