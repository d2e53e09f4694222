package azure

import (
	"strings"
	"testing"

	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

func TestWholeBuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lane := w.look(w.order())
	for _, p := range lane.Problems {
		t.Errorf("there is a problem: %+v", p)
	}
	if lane.Order.Base.ID == "" || lane.Order.Base.Made.IsZero() || lane.Versions != 2 || lane.MostVersions != 100 || lane.Minutes == 0 || lane.Dollars <= 0 {
		t.Errorf("it was not filled in: %+v", lane)
	}
	r, err := w.build(w.Cloud, lane.Order, "b1")
	if err != nil {
		t.Fatal(err)
	}
	w.once(r, lane.Order)
}

// once looks whether everything was made, and was made once.
func (w *world) once(r results, o images.Order) {
	w.Helper()
	s := w.State()
	if len(s.Machines) != 0 || len(s.NICs) != 0 || len(s.Disks) != 0 || len(s.Networks) != 0 || len(s.Images) != 0 {
		w.Errorf("something is left: machines %+v, interfaces %d, disks %d, networks %d", s.Machines, len(s.NICs), len(s.Disks), len(s.Networks))
	}
	for _, g := range s.Groups {
		if g.Name != azuresim.GalleryGroup {
			w.Errorf("the group %s is left", g.Name)
		}
	}
	if len(s.Versions) != 1 {
		w.Fatalf("there are %d versions", len(s.Versions))
	}
	v := s.Versions[0]
	if v.Tags[clouds.LabelState] != clouds.Verified || v.Tags[clouds.LabelBuild] != "b1" || v.Tags[clouds.LabelVersion] != "18.3.1" || v.ExcludeFromLatest != (o.Product == "") || len(v.Regions) != len(o.Regions) {
		w.Errorf("the version %+v", v)
	}
	for _, region := range o.Regions {
		if r.images[region] != r.source {
			w.Errorf("the image in %s is %q, and the source %q", region, r.images[region], r.source)
		}
	}
	if o.Product == "" {
		return
	}
	n := 0
	for _, p := range w.partner.State().Products {
		for _, plan := range p.Live.Plans {
			for _, v := range plan.Versions {
				if v.Number == published(&o) {
					n++
				}
			}
		}
	}
	if n != 1 || r.offered == "" || r.previewed == "" {
		w.Errorf("the offer has the version %d times, the submissions are %q and %q", n, r.previewed, r.offered)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.order(func(o *images.Order) { o.Version.Rebuild = 2 })
	if n := published(&o); n != "18.3.102" {
		t.Error(n)
	}
	// Each build has a number of its own behind it, so that none is ever given again.
	a, b := w.imageOf("b1", &o), w.imageOf("b2", &o)
	if a == b || a != w.imageOf("b1", &o) || !strings.HasPrefix(a.String(), "gitlab_images/gitlab-ee/18.3.102") || len(a.number) != len("18.3.10200000") {
		t.Error(a, b)
	}
}
