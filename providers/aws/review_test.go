package aws

import (
	"context"
	"testing"
	"time"

	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// However far Open has come when it is not to go on, the protection is on before that is
// told, and the image public only if it was before.
func TestOpenIsHalted(t *testing.T) {
	t.Parallel()
	for calls := range 12 {
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
		public := b.region(home).Images[0].Public
		k.Halt = &images.Fault{Class: images.Unsigned}
		_, err := b.drive(k, b.open(true))
		switch {
		case public && err != nil:
			t.Errorf("after %d calls it was public: %v", calls, err)
		case !public:
			fault(t, err, images.Unsigned)
		}
		b.wants(public, "block-new-sharing")
	}
}

// An image that cannot be made public for a reason that goes by is given up while the
// step may still turn the protection on.
func TestOpenGivesUp(t *testing.T) {
	t.Parallel()
	b := newOpenBench(t, "block-new-sharing", "account")
	b.Inject("ec2:ModifyImageAttribute", "", -1, false, awssim.Fault{Status: 500, Code: "InternalError"})
	k := b.work(&b.order, "b1", "open", home)
	k.Now = b.clock.now()
	began := b.clock.now()
	for range 5000 {
		k.Now = b.clock.now()
		p, err := b.open(true)(t.Context(), k)
		if err == nil {
			k.Memory = p.Memory
		} else if !clouds.Heals(err) {
			fault(t, err, images.TooLong)
			if took := b.clock.now().Sub(began); took > 90*time.Minute {
				t.Errorf("it took %v", took)
			}
			b.wants(false, "block-new-sharing")
			return
		}
		b.clock.add(max(p.Again, 5*time.Second))
	}
	t.Error("it does not come to an end")
}

// A trial that ended well is no reason to submit what is not to go there any more.
func TestSubmitIsHalted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.AddImage(home, awssim.Image{Name: commonName, Tags: map[string]string{clouds.LabelBuild: "b1"}})
	o := images.Offer{Product: listing, Title: "EE 18.3.1 Release", Image: id}
	k := b.work(&b.order, "b1", "submit", "")
	for range 500 {
		k.Now = b.clock.now()
		p, err := b.Submit(t.Context(), k, o)
		if err != nil && !clouds.Heals(err) {
			t.Fatal(err)
		}
		if err == nil {
			k.Memory = p.Memory
		}
		if m := clouds.Recall[submission](k); m.Valid || p.Ref != "" {
			break
		}
		b.clock.add(max(p.Again, time.Second))
	}
	if m := clouds.Recall[submission](k); !m.Valid || m.Added != "" {
		t.Fatalf("it is at %+v", m)
	}
	k.Halt = &images.Fault{Class: images.Overtaken}
	_, err := b.drive(k, func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Submit(ctx, k, o) })
	fault(t, err, images.Overtaken)
	if p, err := b.product(t.Context(), listing); err != nil || p.titled(o.Title) != nil {
		t.Errorf("the product has it, %v", err)
	}
}

// When images cannot be listed, their snapshots are not taken for nobody's.
func TestLeftoversWithoutImages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if _, err := b.build(b.Cloud, b.order, "b1"); err != nil {
		t.Fatal(err)
	}
	list, err := b.Leftovers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if l.Kind == kindImage && !l.Finished {
			t.Errorf("%+v is verified", l)
		}
	}
	b.Inject("ec2:DescribeImages", "", -1, false, awssim.Fault{Status: 500, Code: "InternalError"})
	list, err = b.Leftovers(t.Context())
	if err == nil {
		t.Error("nothing is said of it")
	}
	for _, l := range list {
		if l.Kind == kindSnapshot {
			t.Errorf("listed: %+v", l)
		}
	}
}
