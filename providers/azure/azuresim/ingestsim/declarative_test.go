package ingestsim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

// fails sends a technical configuration and says the codes of what came of it.
func (w *world) fails(tech object) []string {
	w.Helper()
	job := w.job(tech)
	w.clock.pass(3 * minute)
	m := w.status(job)
	if text(m, "jobResult") == "succeeded" {
		return nil
	}
	same(w, "result", text(m, "jobResult"), "failed")
	return codes(m)
}

func TestWhatIsNotNamedIsDropped(t *testing.T) {
	w := setup(t)
	tech := w.tech()
	list, _ := tech["vmImageVersions"].([]any)
	tech["vmImageVersions"] = append(slices.Clone(list[1:]), any(version("18.2.0")))
	all(w, "codes", w.fails(tech))
	s := w.sim.State()
	all(w, "draft", s.Product("gitlab").Draft.Plan("ee").Numbers(), "18.1.1", "18.2.0")
	same(w, "dropped", len(s.Dropped), 1)
	d := s.Dropped[0]
	same(w, "dropped", fmt.Sprint(d.Product, d.Plan, d.Version, d.WasLive, d.Job == s.Jobs[0].ID), "gitlabee18.1.0true true")

	// A version that was only ever a draft can be deleted, and is not dropped then.
	tech = w.tech()
	objects(tech, "vmImageVersions")[1]["lifecycleState"] = "deleted"
	all(w, "codes", w.fails(tech))
	s = w.sim.State()
	all(w, "draft", s.Product("gitlab").Draft.Plan("ee").Numbers(), "18.1.1")
	same(w, "dropped", len(s.Dropped), 1)

	// Without the list, all are gone.
	tech = w.tech()
	delete(tech, "vmImageVersions")
	all(w, "codes", w.fails(tech))
	same(w, "dropped", len(w.sim.State().Dropped), 2)
}

func TestWhatIsPublishedStays(t *testing.T) {
	w := setup(t)
	change := func(f func(tech object)) object {
		tech := w.tech()
		f(tech)
		return tech
	}
	first := func(tech object) object { return objects(tech, "vmImageVersions")[0] }
	for name, tech := range map[string]object{
		"deleted": change(func(d object) { first(d)["lifecycleState"] = "deleted" }),
		"image": change(func(d object) {
			objects(first(d), "vmImages")[0]["source"] = gallery("18.1.9")
		}),
		"images": change(func(d object) {
			first(d)["vmImages"] = []any{objects(first(d), "vmImages")[0]}
		}),
		"sku": change(func(d object) { objects(d, "skus")[0]["skuId"] = "renamed" }),
		"twice": change(func(d object) {
			list, _ := d["vmImageVersions"].([]any)
			d["vmImageVersions"] = append(list, list[0])
		}),
	} {
		all(w, name, w.fails(tech), "badRequest", "businessValidationError")
	}
	plan := w.get(w.plan)
	plan["identity"] = object{"externalId": "other"}
	all(w, "plan", w.fails(plan), "badRequest", "businessValidationError")
	plan = w.get(w.plan)
	plan["lifecycleState"] = "deleted"
	all(w, "plan", w.fails(plan), "badRequest", "businessValidationError")
	w.job(object{
		"$schema": schema + "plan/2022-03-01-preview2", "product": w.product, "identity": object{"externalId": "draft"}, "alias": "Draft",
	})
	w.clock.pass(3 * minute)
	draft := w.get("plan", "product="+w.product, "externalId=draft")
	other := objects(draft, "value")[0]
	other["identity"] = object{"externalId": "ee"}
	all(w, "name", w.fails(other), "badRequest", "businessValidationError")
	other["identity"] = object{"externalId": "renamed"}
	all(w, "name", w.fails(other))
	product := w.get(w.product)
	product["identity"] = object{"externalId": "other"}
	all(w, "product", w.fails(product), "badRequest", "businessValidationError")
	same(w, "dropped", len(w.sim.State().Dropped), 0)

	// Reading with an old version loses an image, and the loss is noticed.
	all(w, "old", w.fails(w.tech("$version=2022-03-01-preview3")), "badRequest", "businessValidationError",
		"businessValidationError", "businessValidationError")
}

func TestImagesNeedTheirSKU(t *testing.T) {
	w := setup(t)
	tech := with(w.tech(), "18.2.0")
	m := objects(objects(tech, "vmImageVersions")[2], "vmImages")[0]
	m["imageType"] = "x64Gen1"
	all(w, "codes", w.fails(tech), "badRequest", "businessValidationError")
	tech = with(w.tech(), "18.2.0")
	v := objects(tech, "vmImageVersions")[2]
	v["vmImages"] = []any{objects(v, "vmImages")[0], objects(v, "vmImages")[0]}
	all(w, "codes", w.fails(tech), "badRequest", "businessValidationError")
}

func TestSignaturesOfDisksDoNotCount(t *testing.T) {
	w := setup(t)
	w.sim.AddProduct("signed", ingestsim.Plan{ExternalID: "one", Live: []ingestsim.Version{{
		Number: "1.0.0", Images: []ingestsim.Image{{Type: "x64Gen2", URI: "https://disks.example.com/a.vhd?sv=1&sig=secret1&x=1"}},
	}}})
	plan := w.sim.State().Product("signed").Draft.Plan("one").PlanID
	path := "virtual-machine-plan-technical-configuration/" + strings.TrimPrefix(plan, "plan/")
	tech := w.get(path)
	disk := func() object {
		source, _ := objects(objects(tech, "vmImageVersions")[0], "vmImages")[0]["source"].(object)
		d, _ := source["osDisk"].(object)
		return d
	}
	disk()["uri"] = "https://disks.example.com/a.vhd?x=1&sig=secret2&sv=2&se=3"
	all(w, "codes", w.fails(tech))
	disk()["uri"] = "https://disks.example.com/b.vhd?x=1&sig=secret2"
	all(w, "codes", w.fails(tech), "badRequest", "businessValidationError")
	for _, c := range w.sim.Calls() {
		if strings.Contains(string(c.Body), "secret") {
			t.Errorf("a call has a signature: %s", c.Body)
		}
	}
	if text := fmt.Sprint(w.sim.State()); strings.Contains(text, "secret") {
		t.Errorf("the state has a signature: %s", text)
	}
}

func TestAHundredVersions(t *testing.T) {
	w := setup(t)
	var more []string
	for i := range 98 {
		more = append(more, fmt.Sprintf("19.0.%d", i))
	}
	all(w, "codes", w.fails(with(w.tech(), more...)))
	all(w, "codes", w.fails(with(w.tech(), "20.0.0")), "badRequest", "collectionLimitExceeded")
	tech := with(w.tech(), "20.0.0")
	objects(tech, "vmImageVersions")[0]["lifecycleState"] = "deprecated"
	all(w, "codes", w.fails(tech))
	same(w, "versions", len(w.sim.State().Product("gitlab").Draft.Plan("ee").Versions), 101)
}
