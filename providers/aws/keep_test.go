package aws

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

func TestDiscardTakesItAllAway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	source := b.captured()
	b.AddImage(home, awssim.Image{Name: "another", Tags: map[string]string{clouds.LabelBuild: "b2"}})
	discard := func(key string) error {
		k := b.work(&b.order, "b1", key, home)
		_, err := b.drive(k, b.Discard)
		return err
	}
	b.Inject("ec2:DeregisterImage", home, 1, false, awssim.Fault{Status: 400, Code: "OperationNotPermitted", Message: "Deregistration protection is on."})
	if f := fault(t, discard("discard"), images.Invalid); !strings.Contains(f.What, source) || len(f.Findings) == 0 || !strings.Contains(f.Said, "eregistration protection") {
		t.Errorf("%+v", f)
	}
	if err := discard("discard-again"); err != nil {
		t.Error(err)
	}
	if r := b.region(home); len(r.Images) != 1 || len(r.Snapshots) != 1 {
		t.Errorf("left are %+v", r.Images)
	}
}

func TestDeprecate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	source := b.captured()
	deprecate := func(id string, in time.Duration) images.Progress {
		p, err := b.drive(b.work(&b.order, "b1", "deprecate", home), func(ctx context.Context, k images.Work) (images.Progress, error) {
			return b.Deprecate(ctx, k, images.Image{ID: id}, b.clock.now().Add(in))
		})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	deprecate(source, 30*24*time.Hour)
	if at := b.region(home).Images[0].Deprecated.Sub(b.clock.now()); at < 29*24*time.Hour || at > 31*24*time.Hour {
		t.Errorf("it is deprecated in %s", at)
	}
	deprecate(source, -time.Hour) // sooner
	if at := b.region(home).Images[0].Deprecated.Sub(b.clock.now()); at > time.Hour {
		t.Errorf("it is deprecated in %s", at)
	}
	b.clock.add(5 * time.Minute)
	if p := deprecate("ami-0123456789abcdef0", time.Hour); p.Note == "" {
		t.Error("nothing is said of an image that is gone")
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.drive(b.work(&b.order, "b1", "mark", away), func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Mark(ctx, k, images.Image{Name: "x"})
	})
	fault(t, err, images.Invalid)
	k := b.work(&b.order, "b1", "mark", away)
	k.Since = k.Since.Add(-time.Hour)
	k.Now = b.clock.now()
	_, err = b.Mark(t.Context(), k, images.Image{ID: "ami-0123456789abcdef0"})
	fault(t, err, images.Gone)
	k.Since = k.Now
	if p, err := b.Mark(t.Context(), k, images.Image{ID: "ami-0123456789abcdef0"}); err != nil || p.Again == 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if err := b.RemoveLeftover(t.Context(), images.Leftover{Kind: "bucket", ID: "x"}); !errors.As(err, new(*images.Fault)) {
		t.Error(err)
	}
}
