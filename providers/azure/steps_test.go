package azure

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim"
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
	return &bench{w, w.look(w.order()).Order}
}

func (b *bench) launcher(role string) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Launch(ctx, k, images.Machine{Role: role, Image: b.order.Base.ID, Type: b.order.Machine, UserData: "#!/bin/bash\ntrue\n"})
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

func (b *bench) stopper(machine string) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Stop(ctx, k, machine) }
}

// stopped is one that is stopped.
func (b *bench) stopped() string {
	b.Helper()
	m := b.machine()
	if _, err := b.drive(b.work(&b.order, "b1", "stop", ""), b.stopper(m)); err != nil {
		b.Fatal(err)
	}
	return m
}

func (b *bench) capturer(machine string) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Capture(ctx, k, machine, images.Image{Name: b.order.Image})
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
		return b.Copy(ctx, k, images.Image{Name: b.order.Image, Source: source})
	}
}

// speaker is a guest with one thing to say.
type speaker azuresim.Outcome

func (s speaker) Run(azuresim.Command) azuresim.Outcome { return azuresim.Outcome(s) }

func benchOf(t testing.TB, out azuresim.Outcome) *bench {
	t.Helper()
	w := worldOf(t, azuresim.Options{Guest: speaker(out)})
	return &bench{w, w.look(w.order()).Order}
}

func (b *bench) run(machine string) (images.Progress, error) {
	return b.drive(b.work(&b.order, "b1", "install", ""), func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Run(ctx, k, machine, script())
	})
}

func TestMachineIsMadeAsItShould(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Disk = 64 })
	ref := b.machine()
	s := b.State()
	m := s.Machines[0]
	if ref != "cloudimage-b1/builder-1" || m.CustomData != "#!/bin/bash\ntrue\n" || m.Size != vmType || m.Tags[clouds.LabelRole] != "builder" || m.Tags[clouds.LabelBuild] != "b1" || m.Tags[tagCreated] == "" || !m.Ready {
		t.Errorf("%s: %+v", ref, m)
	}
	if n := s.NICs[0]; n.PublicAddress != "" || !n.Outbound || len(s.SecurityGroups) != 1 || len(s.Networks) != 1 || s.Disks[0].Size != 64 {
		t.Errorf("%+v, %+v", n, s.Disks)
	}
	for _, g := range s.Groups {
		if g.Name == "cloudimage-b1" && (g.Location != home || g.Tags[clouds.LabelBuild] != "b1") {
			t.Errorf("%+v", g)
		}
	}
}

func TestRunSaysWhatTheScriptSaid(t *testing.T) {
	t.Parallel()
	b := benchOf(t, azuresim.Outcome{Stdout: "one\ntwo\n", Takes: 5 * time.Minute})
	p, err := b.run(b.machine())
	if err != nil || p.Output != "one\ntwo\n" || !p.Silent {
		t.Errorf("%+v, %v", p, err)
	}
	if r := b.State().RunCommands; len(r) != 1 || r[0].Script != script().Text || r[0].Done != 1 || r[0].Name != "b1-install-1" {
		t.Errorf("%+v", r)
	}
}

func TestRunThatFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		out  azuresim.Outcome
		said string
		log  string
	}{
		"with a reason":  {azuresim.Outcome{ExitCode: 3, Stdout: "begun\n", Stderr: "a line\nThe package is not there.\n", Takes: time.Minute}, "The package is not there.", "begun\na line\nThe package is not there."},
		"on stdout":      {azuresim.Outcome{ExitCode: 1, Stdout: "No room.\n"}, "No room.", "No room."},
		"without a word": {azuresim.Outcome{ExitCode: 7}, "The script ended with 7 and said nothing.", ""},
		"too long":       {azuresim.Outcome{Never: true}, "The script did not end within 1h0m0s and was stopped.", ""},
		"with a secret":  {azuresim.Outcome{ExitCode: 1, Stderr: "client_secret=abcdef\nAuthorization: Bearer abc is wrong\n"}, "Authorization: (hidden) is wrong", "client_secret=(hidden)\nAuthorization: (hidden) is wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := benchOf(t, c.out)
			_, err := b.run(b.machine())
			f := fault(t, err, images.ScriptFailed)
			if f.Said != c.said || f.Log != c.log || f.What != "install" {
				t.Errorf("said %q, log %q", f.Said, f.Log)
			}
		})
	}
}

func TestMachineThatEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*bench, string) bool{
		"removed": func(b *bench, id string) bool { return b.TerminateMachine(id) },
		"stopped": func(b *bench, id string) bool { return b.StopMachine(id) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := benchOf(t, azuresim.Outcome{Takes: time.Hour})
			ref := b.machine()
			s, _ := b.site(ref)
			k := b.work(&b.order, "b1", "install", "")
			k.Now = b.clock.now()
			p, err := b.Run(t.Context(), k, ref, script())
			if err != nil {
				t.Fatal(err)
			}
			if !end(b, s.machine()) {
				t.Fatal("it did not end")
			}
			b.clock.add(seeing + time.Minute)
			k.Ref, k.Memory, k.Now = p.Ref, p.Memory, b.clock.now()
			_, err = b.Run(t.Context(), k, ref, script())
			fault(t, err, images.Gone)
			if name == "removed" {
				_, err = b.drive(b.work(&b.order, "b1", "stop", ""), b.stopper(ref))
				fault(t, err, images.Gone)
			}
			k = b.work(&b.order, "b1", "launch", "")
			k.Ref, k.Now, k.Since = ref, b.clock.now(), b.clock.now().Add(-time.Hour)
			_, err = b.launcher("builder")(t.Context(), k)
			fault(t, err, images.Gone)
		})
	}
}

func TestLaunchFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*bench)
		class images.Class
		what  string
	}{
		"no capacity":     {func(b *bench) { b.LackCapacity(vmType, home, "AllocationFailed", -1) }, images.Capacity, "cloudimage-b1/builder-1"},
		"not there":       {func(b *bench) { b.LackCapacity(vmType, home, "SkuNotAvailable", -1) }, images.Capacity, writeMachine.name},
		"too many":        {func(b *bench) { b.SetVCPULimit(home, 1) }, images.Quota, writeMachine.name},
		"not allowed":     {func(b *bench) { b.Deny(writeMachine.name) }, images.Permission, writeMachine.name},
		"no group":        {func(b *bench) { b.Deny("Microsoft.Resources/subscriptions/resourceGroups/write") }, images.Permission, writeGroup.name},
		"no join":         {func(b *bench) { b.Deny(writeInterface.joins[0]) }, images.Permission, writeInterface.joins[0]},
		"not registered":  {func(b *bench) { b.SetRegistration("Microsoft.Compute", "NotRegistered") }, images.Unready, writeMachine.name},
		"no such machine": {func(b *bench) { b.order.Machine = "Standard_X1" }, images.Invalid, writeMachine.name},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			c.spoil(b)
			_, err := b.drive(b.work(&b.order, "b1", "launch", ""), b.launcher("builder"))
			f := fault(t, err, c.class)
			if f.What != c.what || f.Said == "" || (c.class == images.Quota || c.class == images.Permission) && !strings.HasPrefix(f.Link, "https://portal.azure.com/") {
				t.Errorf("%+v", f)
			}
		})
	}
}

// After a machine that failed another attempt makes another one, and both are removed.
func TestAnotherMachine(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.LackCapacity(vmType, home, "AllocationFailed", 1)
	k := b.work(&b.order, "b1", "launch", "")
	_, err := b.drive(k, b.launcher("builder"))
	fault(t, err, images.Capacity)
	p, err := b.drive(b.attempt(k, 2), b.launcher("builder"))
	if err != nil || p.Ref != "cloudimage-b1/builder-2" || len(b.State().Machines) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := b.drive(b.work(&b.order, "b1", "remove", ""), func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Remove(ctx, k, "builder") }); err != nil || len(b.State().Machines)+len(b.State().NICs) != 0 {
		t.Errorf("%v, %+v", err, b.State().Groups)
	}
}

func TestWhatIsNotOursStays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.AddGallery("cloudimage-b1", "theirs", home)
	_, err := b.drive(b.work(&b.order, "b1", "launch", ""), b.launcher("builder"))
	if f := fault(t, err, images.Invalid); f.What != "cloudimage-b1" {
		t.Errorf("%+v", f)
	}
	if _, err = b.drive(b.work(&b.order, "b1", "remove", ""), func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Remove(ctx, k, "builder") }); err != nil || len(b.State().Groups) != 2 {
		t.Errorf("%v, %+v", err, b.State().Groups)
	}
	if err := b.RemoveLeftover(t.Context(), images.Leftover{Kind: kindGroup, ID: "cloudimage-b1", Build: "b1"}); err == nil || len(b.State().Groups) != 2 {
		t.Errorf("%v, %+v", err, b.State().Groups)
	}
}

// Two processes that do the same at the same time make one of each.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other := b.cloud()
	both := func(name, region string, do func(*Cloud, context.Context, images.Work) (images.Progress, error)) images.Progress {
		k := b.work(&b.order, "b1", name, region)
		for range 300 {
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
	both("install", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Run(ctx, k, machine, script())
	})
	both("stop", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Stop(ctx, k, machine)
	})
	source := both("capture", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Capture(ctx, k, machine, images.Image{Name: b.order.Image})
	}).Ref
	both("copy", away, func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Copy(ctx, k, images.Image{Name: b.order.Image, Source: source})
	})
	both("mark", away, func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Mark(ctx, k, images.Image{Name: b.order.Image, Source: source, ID: source})
	})
	both("remove", "", func(c *Cloud, ctx context.Context, k images.Work) (images.Progress, error) {
		return c.Remove(ctx, k, "builder")
	})
	s := b.State()
	if len(s.Machines) != 0 || len(s.Groups) != 1 || len(s.Versions) != 1 || s.Versions[0].State != "Succeeded" || s.Versions[0].ExcludeFromLatest {
		t.Errorf("machines %d, groups %+v, versions %+v", len(s.Machines), s.Groups, s.Versions)
	}
}
