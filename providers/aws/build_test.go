package aws

import (
	"strings"
	"testing"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

func TestWholeBuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetBlockPublicAccess("", "block-new-sharing", "account")
	lane := w.look(order())
	for _, p := range lane.Problems {
		t.Errorf("there is a problem: %+v", p)
	}
	if len(lane.Order.Unblock) != 2 || lane.Order.Base.ID == "" || lane.Versions != 2 || lane.MostVersions != 100 || lane.Minutes == 0 || lane.Dollars <= 0 {
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
	for _, region := range s.Regions {
		instances, alive := map[string]int{}, 0
		for _, i := range region.Instances {
			instances[i.Tags[clouds.LabelRole]]++
			if i.State != "terminated" && i.State != "shutting-down" {
				alive++
			}
			if i.HTTPTokens != "required" || i.OnShutdown != "terminate" || !strings.HasSuffix(i.Profile, "/cloudimage") {
				w.Errorf("the machine %+v", i)
			}
		}
		commands := map[string]int{}
		for _, c := range region.Commands {
			commands[c.Comment]++
		}
		if region.Name == o.Region {
			if instances["builder"] != 1 || instances["boot1"] != 1 || instances["boot2"] != 1 || len(commands) != 4 || len(region.Commands) != 4 {
				w.Errorf("machines %v, commands %v", instances, commands)
			}
		}
		if alive > 0 {
			w.Errorf("%d machines are left in %s", alive, region.Name)
		}
		id, wanted := r.images[region.Name]
		if !wanted {
			if len(region.Images) > 0 {
				w.Errorf("there are images in %s: %+v", region.Name, region.Images)
			}
			continue
		}
		if len(region.Images) != 1 || len(region.Snapshots) != 1 || len(region.Volumes) != 0 {
			w.Errorf("in %s there are %d images, %d snapshots, volumes %v", region.Name, len(region.Images), len(region.Snapshots), region.Volumes)
			continue
		}
		im := region.Images[0]
		if im.ID != id || im.Public != o.Public || im.Tags[clouds.LabelState] != clouds.Verified || im.Tags[clouds.LabelBuild] != "b1" || im.Tags[clouds.LabelVersion] != "18.3.1" || im.Name != o.Image {
			w.Errorf("the image in %s: %+v, and %s was reported", region.Name, im, id)
		}
		if o.Public && len(o.Unblock) > 0 && region.BlockPublicAccess != "block-new-sharing" {
			w.Errorf("the protection in %s is %s", region.Name, region.BlockPublicAccess)
		}
	}
	n := 0
	for _, p := range s.Products {
		for _, v := range p.Versions {
			if v.Title == o.Title {
				n++
			}
		}
	}
	if o.Product != "" && (n != 1 || r.set == "") {
		w.Errorf("the product has the version %d times, the submission is %q", n, r.set)
	}
	sets := map[string]int{}
	for _, c := range s.ChangeSets {
		sets[c.Name]++
	}
	if o.Product != "" && (len(sets) != 2 || len(s.ChangeSets) != 2) {
		w.Errorf("the change sets are %v", sets)
	}
}
