package azure

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

func (b *bench) marker(source string) step {
	return func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Mark(ctx, k, images.Image{Source: source, ID: source})
	}
}

func TestMark(t *testing.T) {
	t.Parallel()
	for name, latest := range map[string]bool{"published": true, "private": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if !latest {
				private(&b.order)
			}
			source := b.captured()
			for _, region := range b.order.Regions {
				if _, err := b.drive(b.work(&b.order, "b1", "mark", region), b.marker(source)); err != nil {
					t.Fatal(err)
				}
			}
			v := b.State().Versions[0]
			if v.Tags[clouds.LabelState] != clouds.Verified || v.Tags[clouds.LabelBuild] != "b1" || v.ExcludeFromLatest == latest || len(v.Regions) != 1 {
				t.Errorf("%+v", v)
			}
			n := 0
			for _, c := range b.Calls() {
				if strings.HasPrefix(c.Operation, "GalleryImageVersions.") && makes(c) {
					n++
				}
			}
			if n != 2 { // made, and marked for both regions
				t.Errorf("it was written %d times", n)
			}
		})
	}
}

func TestDiscard(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	discard := func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Discard(ctx, k) }
	b.captured()
	if p, err := b.drive(b.work(&b.order, "b1", "discard", away), discard); err != nil || !p.Done || len(b.State().Versions) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := b.drive(b.work(&b.order, "b2", "discard", home), discard); err != nil || !p.Done || len(b.State().Versions) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := b.drive(b.work(&b.order, "b1", "discard", home), discard); err != nil || !p.Done || len(b.State().Versions) != 0 {
		t.Errorf("%+v, %v, %+v", p, err, b.State().Versions)
	}
	// While it is being made it cannot be removed, and is afterwards.
	k := b.work(&b.order, "b1", "capture", "")
	k.Now = b.clock.now()
	if _, err := b.capturer("cloudimage-b1/builder-1")(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	if p, err := b.drive(b.work(&b.order, "b1", "discard", home), discard); err != nil || len(b.State().Versions) != 0 {
		t.Errorf("%+v, %v, %+v", p, err, b.State().Versions)
	}
}

func TestNothingBecomesPublic(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	k := b.work(&b.order, "b1", "open", home)
	_, err := b.Open(t.Context(), k, images.Image{}, false)
	fault(t, err, images.Invalid)
	for name, do := range map[string]func() (images.Progress, error){
		"close":     func() (images.Progress, error) { return b.Close(t.Context(), k, images.Image{}, true) },
		"deprecate": func() (images.Progress, error) { return b.Deprecate(t.Context(), k, images.Image{}, time.Time{}) },
		"retire":    func() (images.Progress, error) { return b.Retire(t.Context(), k, images.Offer{}) },
	} {
		if p, err := do(); err != nil || !p.Done {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if is, err := b.IsPublic(t.Context(), home, "any"); !is || err != nil {
		t.Error(is, err)
	}
}

func TestLeftovers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	source := b.captured()
	k := b.work(&b.order, "b2", "launch-preview", "")
	b.showPreview(source)
	if _, err := b.drive(k, func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Launch(ctx, k, images.Machine{Role: images.Trial, Type: vmType, Preview: &images.Offer{Product: listing}})
	}); err != nil {
		t.Fatal(err)
	}
	list, err := b.Leftovers(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	want := []string{"group cloudimage-b1 b1", "group " + trials + "/cloudimage-b2 b2", "image " + source + " b1"}
	for i, l := range list {
		if got := fmt.Sprintf("%s %s %s", l.Kind, l.ID, l.Build); got != want[i] || l.Region != home || l.Made.IsZero() || l.Dollars <= 0 || l.Finished {
			t.Errorf("%+v", l)
		}
	}
	for _, l := range list {
		if err := b.RemoveLeftover(t.Context(), l); err != nil {
			t.Error(err)
		}
	}
	b.clock.add(time.Hour)
	list, err = b.Leftovers(t.Context())
	if err != nil || len(list) != 0 || len(b.State().Groups) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := b.RemoveLeftover(t.Context(), images.Leftover{Kind: kindImage, ID: source, Build: "b1"}); err != nil {
		t.Error(err)
	}
	fault(t, b.RemoveLeftover(t.Context(), images.Leftover{Kind: "volume", ID: "x"}), images.Invalid)
}

func TestLeftoversAsFarAsTheyAreSeen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.captured()
	b.Deny("Microsoft.Resources/subscriptions/resourceGroups/read")
	list, err := b.Leftovers(t.Context())
	if err == nil || len(list) != 1 || list[0].Kind != kindImage {
		t.Errorf("%+v, %v", list, err)
	}
}

// What is brought to the preview is taken back.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	source := b.captured()
	o := images.Offer{Product: listing, Image: source}
	k := b.work(&b.order, "b1", "preview", "")
	k.Now = b.clock.now()
	for range 5 {
		p, err := b.Preview(t.Context(), k, o)
		if err != nil {
			t.Fatal(err)
		}
		k.Ref, k.Memory = p.Ref, p.Memory
		b.clock.add(p.Again)
		k.Now = b.clock.now()
	}
	if plea := b.Plea(k, o); plea.Link == "" || !strings.Contains(plea.Text, "gitlab-ee") {
		t.Errorf("%+v", plea)
	}
	o.Previewed = k.Ref
	if p, err := b.drive(b.work(&b.order, "b1", "withdraw", ""), func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Withdraw(ctx, k, o) }); err != nil {
		t.Errorf("%+v, %v", p, err)
	}
	for _, p := range b.partner.State().Products {
		for _, v := range p.Draft.Plans[0].Versions {
			if v.Number == "18.3.100" {
				t.Errorf("%+v", v)
			}
		}
	}
}

func TestWithoutPartnerCenter(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Market, o.PreviewSubscription = false, "" })
	k := b.work(&b.order, "b1", "preview", "")
	for _, do := range []func(context.Context, images.Work, images.Offer) (images.Progress, error){b.Preview, b.Submit, b.Withdraw} {
		_, err := do(t.Context(), k, images.Offer{Product: listing})
		fault(t, err, images.Unready)
	}
	if plea := b.Plea(k, images.Offer{Product: listing}); plea != (images.Plea{}) {
		t.Errorf("%+v", plea)
	}
	_, err := b.Launch(t.Context(), k, images.Machine{Role: images.Trial, Preview: &images.Offer{Product: listing}})
	fault(t, err, images.Invalid)
}

// Every call that is made has an action that is told of, and what is told of is used.
func TestActions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddDefinition(w.galleryID(), azuresim.Definition{Name: "gitlab-ee", Features: map[string]string{"SecurityType": "TrustedLaunchSupported"}})
	w.Check(t.Context())
	w.look(w.order(func(o *images.Order) { o.Edition = "JH" })) // for which there is no definition
	o := w.look(w.order()).Order
	if _, err := w.build(w.Cloud, o, "b1"); err != nil {
		t.Fatal(err)
	}
	b := &bench{w, o}
	k := b.work(&o, "b1", "discard", home)
	k.Now = w.clock.now()
	if _, err := b.drive(k, func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Discard(ctx, k) }); err != nil {
		t.Fatal(err)
	}
	known, used := Actions(), map[string]bool{}
	for _, c := range w.Calls() {
		for _, name := range append([]string{c.Action}, c.Linked...) {
			if name != "" && !slices.Contains(known, name) {
				t.Errorf("%s of %s is not told of", name, c.Operation)
			}
			used[name] = true
		}
	}
	for _, name := range known {
		if !used[name] && name != readNetworkOperation.name { // how networks go on is seen in them
			t.Errorf("%s is not used", name)
		}
	}
}

func TestWishes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) {
		o.Subnet = "/subscriptions/" + o.Subscription + "/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
	})
	var all []string
	for _, wish := range w.wishes(true) {
		all = append(all, wish.actions...)
		if wish.id == w.o.Subnet && !slices.Equal(wish.actions, writeInterface.joins) {
			t.Errorf("%+v", wish)
		}
	}
	for _, name := range Actions() {
		if !slices.Contains(all, name) {
			t.Errorf("%s is not looked for", name)
		}
	}
}
