package aws

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// opening is a bench with an image to open.
type openBench struct {
	*bench
	image string
}

func newOpenBench(t testing.TB, state, by string) *openBench {
	b := newBench(t)
	b.SetBlockPublicAccess("", state, by)
	id := b.AddImage(home, awssim.Image{Name: commonName, Tags: map[string]string{clouds.LabelBuild: "b1"}})
	return &openBench{b, id}
}

func (b *openBench) open(unblock bool) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Open(ctx, k, images.Image{ID: b.image}, unblock)
	}
}

func (b *openBench) close(unblock bool) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Close(ctx, k, images.Image{ID: b.image}, unblock)
	}
}

func (b *openBench) wants(public bool, state string) {
	b.Helper()
	b.clock.add(20 * time.Minute) // nothing is on its way any more
	r := b.region(home)
	if r.BlockPublicAccess != state || r.Images[0].Public != public {
		b.Errorf("the protection is %s, and the image public %t", r.BlockPublicAccess, r.Images[0].Public)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state, by string
		unblock   bool
		class     images.Class
		public    bool
		after     string
	}{
		"free":               {"unblocked", "account", false, "", true, "unblocked"},
		"blocked":            {"block-new-sharing", "account", false, images.Blocked, false, "block-new-sharing"},
		"unblocked":          {"block-new-sharing", "account", true, "", true, "block-new-sharing"},
		"off already":        {"unblocked", "account", true, "", true, "block-new-sharing"},
		"fixed by a policy":  {"block-new-sharing", "declarative-policy", true, images.Blocked, false, "block-new-sharing"},
		"fixed, not unblock": {"block-new-sharing", "declarative-policy", false, images.Blocked, false, "block-new-sharing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOpenBench(t, c.state, c.by)
			_, err := b.drive(b.work(&b.order, "b1", "open", home), b.open(c.unblock))
			if c.class != "" {
				fault(t, err, c.class)
			} else if err != nil {
				t.Fatal(err)
			}
			if public, err := b.IsPublic(t.Context(), home, b.image); public != c.public || err != nil {
				t.Errorf("public %t, %v", public, err)
			}
			b.wants(c.public, c.after)
		})
	}
}

// That the protection will be off is on disk before it is.
func TestOpenRemembersFirst(t *testing.T) {
	t.Parallel()
	b := newOpenBench(t, "block-new-sharing", "account")
	k := b.work(&b.order, "b1", "open", home)
	k.Now = b.clock.now()
	p, err := b.open(true)(t.Context(), k)
	if err != nil || p.Memory == "" || p.Again != 0 || p.Done {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, c := range b.Calls() {
		if c.Operation == "DisableImageBlockPublicAccess" && !c.DryRun {
			t.Error("it was turned off already")
		}
	}
}

// Whatever the image cannot be opened for, the protection is on before it is told.
func TestOpenRestoresTheProtection(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*openBench){
		"no quota":     func(b *openBench) { b.SetPublicImageQuota(home, 0) },
		"no right":     func(b *openBench) { b.Deny("ec2:ModifyImageAttribute") },
		"image gone":   func(b *openBench) { b.gone() },
		"no disabling": func(b *openBench) { b.Deny("ec2:DisableImageBlockPublicAccess") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOpenBench(t, "block-new-sharing", "account")
			k := b.work(&b.order, "b1", "open", home)
			k.Now = b.clock.now()
			p, err := b.open(true)(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			k.Memory = p.Memory
			spoil(b)
			if _, err = b.drive(k, b.open(true)); err == nil || clouds.Heals(err) {
				t.Fatalf("it said %v", err)
			}
			if r := b.region(home); r.BlockPublicAccess != "block-new-sharing" {
				t.Errorf("the protection is %s when it is told", r.BlockPublicAccess)
			}
			b.clock.add(20 * time.Minute)
			if r := b.region(home); r.BlockPublicAccess != "block-new-sharing" {
				t.Errorf("the protection is %s afterwards", r.BlockPublicAccess)
			}
		})
	}
}

func (b *openBench) gone() {
	if err := b.deregister(context.Background(), home, b.image); err != nil {
		b.Fatal(err)
	}
	b.clock.add(5 * time.Second)
}

// However far Open has come, Close brings everything back.
func TestCloseAfterEveryCallOfOpen(t *testing.T) {
	t.Parallel()
	for calls := range 40 {
		t.Run(fmt.Sprint(calls), func(t *testing.T) {
			t.Parallel()
			b := newOpenBench(t, "block-new-sharing", "account")
			k := b.work(&b.order, "b1", "open", home)
			for range calls {
				k.Now = b.clock.now()
				p, err := b.open(true)(t.Context(), k)
				if err != nil && !clouds.Heals(err) {
					t.Fatal(err)
				}
				if err == nil {
					k.Memory = p.Memory
				}
				b.clock.add(max(p.Again, time.Second))
			}
			if _, err := b.drive(b.work(&b.order, "b1", "close", home), b.close(true)); err != nil {
				t.Fatal(err)
			}
			b.wants(false, "block-new-sharing")
		})
	}
}

func TestCloseWhatIsGone(t *testing.T) {
	t.Parallel()
	b := newOpenBench(t, "unblocked", "account")
	b.gone()
	if p, err := b.drive(b.work(&b.order, "b1", "close", home), b.close(false)); err != nil || !p.Done {
		t.Errorf("%+v, %v", p, err)
	}
}

// Two builds that turn the protection off and on at the same time both come through.
func TestTwoBuildsOpen(t *testing.T) {
	t.Parallel()
	b := newOpenBench(t, "block-new-sharing", "account")
	second := b.AddImage(home, awssim.Image{Name: "second", Tags: map[string]string{clouds.LabelBuild: "b2"}})
	type run struct {
		k    images.Work
		id   string
		due  time.Time
		done bool
	}
	runs := []*run{{k: b.work(&b.order, "b1", "open", home), id: b.image}, {k: b.work(&b.order, "b2", "open", home), id: second, due: b.clock.now().Add(4 * time.Minute)}}
	for range 1000 {
		for _, r := range runs {
			if r.done || b.clock.now().Before(r.due) {
				continue
			}
			r.k.Now = b.clock.now()
			p, err := b.Open(t.Context(), r.k, images.Image{ID: r.id}, true)
			switch {
			case err != nil && !clouds.Heals(err):
				t.Fatal(err)
			case err == nil:
				r.k.Memory, r.done = p.Memory, p.Done
			}
			r.due = b.clock.now().Add(max(p.Again, time.Second))
		}
		b.clock.add(time.Second)
		if runs[0].done && runs[1].done {
			break
		}
		if b.clock.now().Sub(runs[0].k.Since) > 2*time.Hour {
			t.Fatal("they are in each other's way")
		}
		b.clock.add(4 * time.Second)
	}
	b.clock.add(20 * time.Minute)
	r := b.region(home)
	if r.BlockPublicAccess != "block-new-sharing" || r.PublicImages != 2 {
		t.Errorf("the protection is %s, %d images are public", r.BlockPublicAccess, r.PublicImages)
	}
}
