package ingestsim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

const minute = time.Minute

func TestFromDraftToLive(t *testing.T) {
	w := setup(t)
	status, m := w.post(w.modular(with(w.tech(), "18.2.0"))...)
	same(w, "status", status, http.StatusAccepted)
	same(w, "jobStatus", text(m, "jobStatus"), "notStarted")
	same(w, "jobResult", text(m, "jobResult"), "pending")
	same(w, "jobEnd", text(m, "jobEnd"), "0001-01-01T00:00:00")
	job := text(m, "jobId")
	gitlab := func() ingestsim.Product { return w.sim.State().Product("gitlab") }

	w.clock.pass(minute)
	same(w, "jobStatus", text(w.status(job), "jobStatus"), "running")
	all(w, "draft", gitlab().Draft.Plan("ee").Numbers(), "18.1.0", "18.1.1")
	status, m = w.send(http.MethodGet, "configure/"+job, "$version="+newest, nil)
	same(w, "status", status, http.StatusBadRequest)
	w.want(m, "badRequest")

	w.clock.pass(2 * minute)
	all(w, "draft", gitlab().Draft.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	all(w, "preview", gitlab().Preview.Plan("ee").Numbers(), "18.1.0", "18.1.1")
	subs := objects(w.get("submission/"+strings.TrimPrefix(w.product, "product/")), "value")
	same(w, "submission", text(subs[1], "status")+" "+text(subs[1], "result")+" "+text(subs[1], "target", "targetType"), "running pending preview")
	same(w, "jobStatus", text(w.status(job), "jobStatus"), "running")

	w.clock.pass(3 * time.Hour)
	m = w.status(job)
	same(w, "jobStatus", text(m, "jobStatus"), "completed")
	same(w, "jobResult", text(m, "jobResult"), "succeeded")
	same(w, "resourceUri", strings.HasPrefix(text(m, "resourceUri"), w.url+"/rp/product-ingestion/configure/"+job), true)
	all(w, "preview", gitlab().Preview.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	all(w, "live", gitlab().Live.Plan("ee").Numbers(), "18.1.0", "18.1.1")
	detail := objects(w.get("configure/"+job), "resources")
	same(w, "resources", len(detail), 5)
	id := text(detail[4], "id")
	same(w, "submission", text(w.get(id), "result"), "succeeded")

	job = w.job(w.live(id))
	w.clock.pass(3 * minute)
	same(w, "live", text(w.get(id), "target", "targetType")+" "+text(w.get(id), "status"), "live running")
	w.clock.pass(49 * time.Hour)
	same(w, "jobResult", text(w.status(job), "jobResult"), "succeeded")
	all(w, "live", gitlab().Live.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	// The id stands for both until the next preview.
	subs = objects(w.get("submission/"+w.product), "value")
	same(w, "submissions", len(subs), 3)
	same(w, "draft", text(subs[0], "target", "targetType"), "draft")
	same(w, "live", text(subs[1], "id")+" "+text(subs[1], "target", "targetType"), id+" live")
	same(w, "preview", text(subs[2], "id")+" "+text(subs[2], "target", "targetType"), id+" preview")
	next := w.pushed("18.2.1")
	subs = objects(w.get("submission/"+w.product), "value")
	same(w, "preview", text(subs[1], "id")+" "+text(subs[1], "target", "targetType"), next+" preview")
	same(w, "live", text(subs[2], "id")+" "+text(subs[2], "target", "targetType"), id+" live")
	w.sim.SetOldestFirst(true)
	subs = objects(w.get("submission/"+w.product), "value")
	same(w, "last", text(subs[2], "id"), next)
	same(w, "dropped", len(w.sim.State().Dropped), 0)
	same(w, "history", len(objects(w.get("submission/"+w.product, "targetType=preview"), "value")), 3)
	same(w, "history", len(objects(w.get("submission/"+w.product, "targetType=preview", "$maxpagesize=2"), "value")), 2)
	same(w, "draft", text(w.get(strings.Replace(w.product, "product", "submission", 1)+"/0"), "target", "targetType"), "draft")
}

func TestADraftAlone(t *testing.T) {
	w := setup(t)
	job := w.job(with(w.tech(), "18.2.0"))
	w.clock.pass(3 * minute)
	same(w, "jobResult", text(w.status(job), "jobResult"), "succeeded")
	s := w.sim.State().Product("gitlab")
	all(w, "draft", s.Draft.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	same(w, "submissions", len(s.Submissions), 2)
	same(w, "locked", s.Locked, "")

	// A submission alone takes the whole draft with it.
	w.sim.EditListing("gitlab", "en-us", func(d map[string]any) { d["title"] = "By hand" })
	job = w.job(w.preview())
	w.clock.pass(4 * time.Hour)
	same(w, "jobResult", text(w.status(job), "jobResult"), "succeeded")
	s = w.sim.State().Product("gitlab")
	all(w, "preview", s.Preview.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	same(w, "title", s.Preview.Listings[0].Title, "By hand")
}

func TestModularTakesOnlyWhatIsNamed(t *testing.T) {
	w := setup(t)
	w.sim.EditListing("gitlab", "en-us", func(d map[string]any) { d["title"] = "Not ready" })
	w.pushed("18.2.0")
	s := w.sim.State().Product("gitlab")
	same(w, "draft", s.Draft.Listings[0].Title, "Not ready")
	same(w, "preview", s.Preview.Listings[0].Title, "gitlab")
	all(w, "preview", s.Preview.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")

	// What the configuration builds on must be named with it.
	job := w.job(w.tech(), w.preview())
	w.clock.pass(3 * minute)
	w.want(w.status(job), "badRequest", "invalidRequest", "invalidRequest", "invalidRequest")
}

func TestReferencesByName(t *testing.T) {
	w := setup(t)
	tech := with(w.tech(), "18.2.0")
	delete(tech, "id")
	tech["product"], tech["plan"] = object{"externalId": "gitlab"}, object{"externalId": "eee"}
	status, m := w.post(tech)
	same(w, "status", status, http.StatusBadRequest)
	w.want(m, "badRequest", "resourceNotFound")

	plan := object{
		"$schema": schema + "plan/2022-03-01-preview2", "resourceName": "new", "product": object{"externalId": "gitlab"},
		"identity": object{"externalId": "eee"}, "alias": "Another",
	}
	tech["plan"] = object{"resourceName": "new"}
	job := w.job(tech, plan)
	w.clock.pass(3 * minute)
	same(w, "jobResult", text(w.status(job), "jobResult"), "succeeded")
	draft := w.sim.State().Product("gitlab").Draft
	all(w, "versions", draft.Plan("eee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	// It was never published, so that it can go, and its configuration with it.
	plan["lifecycleState"] = "deleted"
	w.job(plan)
	w.clock.pass(3 * minute)
	same(w, "plans", len(w.sim.State().Product("gitlab").Draft.Plans), 1)
}

func TestTheOldHostOfSchemas(t *testing.T) {
	w := setup(t)
	tech := with(w.tech(), "18.2.0")
	tech["$schema"] = "https://product-ingestion.azureedge.net/schema/virtual-machine-plan-technical-configuration/2022-03-01-preview5"
	status, m := w.send(http.MethodPost, "configure", "$version="+newest, object{
		"$schema": "https://product-ingestion.azureedge.net/schema/configure/2022-03-01-preview2", "resources": []object{tech},
	})
	if status != http.StatusAccepted {
		t.Fatal(status, m)
	}
}

func TestAgesOfDeprecation(t *testing.T) {
	w := setup(t)
	deprecate := func(offset string) object {
		tech := w.tech()
		v := objects(tech, "vmImageVersions")[0]
		v["lifecycleState"] = "deprecated"
		v["deprecationSchedule"] = object{"dateOffset": offset, "reason": "endOfSupport", "date": "1999-01-01", "alternative": object{"plan": w.plan}}
		return tech
	}
	first := func() ingestsim.Version { return w.sim.State().Product("gitlab").Draft.Plan("ee").Versions[0] }
	w.job(deprecate("P90D"))
	w.clock.pass(3 * minute)
	same(w, "state", first().Lifecycle+" "+first().Reason, "deprecated endOfSupport")
	same(w, "date", first().DeprecationDate, "2026-11-18")
	// Sent back a week later, it is the same schedule; changed, it is another.
	w.clock.pass(7 * 24 * time.Hour)
	w.job(w.tech())
	w.clock.pass(3 * minute)
	same(w, "date", first().DeprecationDate, "2026-11-18")
	w.job(deprecate("P1M2DT12H"))
	w.clock.pass(3 * minute)
	same(w, "date", first().DeprecationDate, "2026-09-28")
}
