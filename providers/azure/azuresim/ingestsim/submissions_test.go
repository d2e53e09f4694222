package ingestsim_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

func TestOnlyThePreviewGoesLive(t *testing.T) {
	w := setup(t)
	fails := func(id string) {
		t.Helper()
		job := w.job(w.live(id))
		w.clock.pass(3 * minute)
		w.want(w.status(job), "conflict", "invalidState")
	}
	guid := strings.TrimPrefix(w.product, "product/")
	fails("submission/" + guid + "/0")
	fails("submission/" + guid + "/1")
	none := w.live("")
	delete(none, "id")
	job := w.job(none)
	w.clock.pass(3 * minute)
	w.want(w.status(job), "conflict", "invalidState")
	fails(w.sim.State().Product("gitlab").Submissions[0].ID) // live already
	first := w.pushed("18.2.0")
	second := w.pushed("18.2.1")
	fails(first)
	job = w.job(w.live(second))
	w.clock.pass(49 * time.Hour)
	same(w, "result", text(w.status(job), "jobResult"), "succeeded")
	fails(second)
}

func TestAProductIsLockedWhileItChanges(t *testing.T) {
	w := setup(t)
	refused := func() {
		t.Helper()
		status, m := w.post(w.tech())
		same(w, "status", status, http.StatusConflict)
		w.want(m, "conflict", "productLocked")
	}
	job := w.job(w.preview())
	refused()
	w.clock.pass(10 * minute)
	refused()
	if w.sim.State().Product("gitlab").Locked == "" {
		t.Error("the product is not locked")
	}
	w.clock.pass(3 * time.Hour)
	same(w, "result", text(w.status(job), "jobResult"), "succeeded")

	id := w.sim.AddForeignSubmission("gitlab", "preview", time.Hour)
	same(w, "status", text(w.get(id), "status"), "running")
	refused()
	same(w, "second", w.sim.AddForeignSubmission("gitlab", "live", time.Hour), "")
	w.clock.pass(time.Hour)
	same(w, "status", text(w.get(id), "result"), "succeeded")
	s := w.sim.State()
	same(w, "foreign", s.Product("gitlab").Submissions[3].Foreign, true)
	same(w, "jobs", len(s.Jobs), 1)

	same(w, "lock", w.sim.LockProduct("gitlab", "Microsoft repairs something."), true)
	refused()
	same(w, "lock", w.sim.LockProduct("gitlab", ""), true)
	same(w, "lock", w.sim.LockProduct("nobody", "x"), false)
	w.job(w.tech())
	// Others are not locked with it.
	other := w.get("product/" + w.sim.AddProduct("other"))
	w.job(other)
	for _, target := range []string{"", "draft"} {
		same(w, "target", w.sim.AddForeignSubmission("other", target, 0), "")
	}
	same(w, "product", w.sim.AddForeignSubmission("nobody", "live", 0), "")
}

func TestSomeoneElsePublishes(t *testing.T) {
	w := setup(t)
	w.sim.AddDraftVersion("gitlab", "ee", ingestsim.Version{Number: "18.2.0"})
	id := w.sim.AddForeignSubmission("gitlab", "preview", time.Hour)
	w.clock.pass(time.Hour)
	same(w, "live", w.sim.AddForeignSubmission("gitlab", "live", time.Hour), id)
	w.clock.pass(time.Hour)
	all(w, "live", w.sim.State().Product("gitlab").Live.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
}

func TestCertificationFails(t *testing.T) {
	w := setup(t)
	w.sim.FailCertification("Policy 200.3.4: a swap partition was found.", "Policy 200.4.1: bash history.")
	job := w.job(w.modular(with(w.tech(), "18.2.0"))...)
	w.clock.pass(4 * time.Hour)
	m := w.status(job)
	same(w, "result", text(m, "jobResult"), "failed")
	w.want(m, "conflict", "invalidState", "invalidState", "invalidState", "invalidState")
	said := fmt.Sprint(m["errors"])
	if !strings.Contains(said, "certification") || !strings.Contains(said, "200.4.1") {
		t.Errorf("the errors are %s", said)
	}
	s := w.sim.State().Product("gitlab")
	all(w, "preview", s.Preview.Plan("ee").Numbers(), "18.1.0", "18.1.1")
	all(w, "draft", s.Draft.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	same(w, "submission", s.Submissions[2].Result, "failed")
	// The failed one is listed, and the live one too.
	same(w, "listed", len(objects(w.get("submission/"+w.product), "value")), 4)

	// It is said once, and the next attempt goes through.
	job = w.job(w.modular(w.tech())...)
	w.clock.pass(4 * time.Hour)
	same(w, "result", text(w.status(job), "jobResult"), "succeeded")
	preview := w.sim.State().Product("gitlab").Submissions[3].ID
	w.sim.FailCertification("Policy 100.1")
	job = w.job(w.live(preview))
	w.clock.pass(50 * time.Hour)
	w.want(w.status(job), "conflict", "invalidState", "invalidState", "invalidState")
	w.sim.RefuseLive("The offer's name is taken.")
	job = w.job(w.live(preview))
	w.clock.pass(50 * time.Hour)
	m = w.status(job)
	w.want(m, "conflict", "invalidState", "businessValidationError")
	if said := fmt.Sprint(m["errors"]); strings.Contains(said, "certification") {
		t.Errorf("the errors are %s", said)
	}
	all(w, "live", w.sim.State().Product("gitlab").Live.Plan("ee").Numbers(), "18.1.0", "18.1.1")
	job = w.job(w.live(preview))
	w.clock.pass(50 * time.Hour)
	same(w, "result", text(w.status(job), "jobResult"), "succeeded")
}

func TestImagesThatMicrosoftCannotRead(t *testing.T) {
	var asked []string
	allowed := false
	w := setup(t, func(o *ingestsim.Options) {
		o.Readable = func(tenantID, resourceID string) error {
			asked = append(asked, tenantID+" "+resourceID[strings.LastIndex(resourceID, "/")+1:])
			if !allowed {
				return errors.New("the role is missing")
			}
			return nil
		}
	})
	job := w.job(w.modular(with(w.tech(), "18.2.0"))...)
	w.clock.pass(4 * time.Hour)
	m := w.status(job)
	w.want(m, "conflict", "invalidResource")
	said := fmt.Sprint(m["errors"])
	if !strings.Contains(said, "image reference is not accessible") || strings.Contains(said, "role") {
		t.Errorf("the errors are %s", said)
	}
	// Those that are live were copied long ago.
	all(w, "asked", asked, tenant+" 18.2.0")
	allowed = true
	job = w.job(w.modular(w.tech())...)
	w.clock.pass(4 * time.Hour)
	same(w, "result", text(w.status(job), "jobResult"), "succeeded")
}

func TestAPlanNeedsAVersion(t *testing.T) {
	w := setup(t)
	guid := w.sim.AddProduct("fresh", ingestsim.Plan{ExternalID: "one"})
	submit := object{"$schema": schema + "submission/2022-03-01-preview2", "product": "product/" + guid, "target": object{"targetType": "preview"}}
	job := w.job(submit)
	w.clock.pass(4 * time.Hour)
	w.want(w.status(job), "conflict", "businessValidationError")
	w.sim.AddDraftVersion("fresh", "one", ingestsim.Version{Number: "1.0.0"})
	job = w.job(submit)
	w.clock.pass(4 * time.Hour)
	same(w, "result", text(w.status(job), "jobResult"), "succeeded")
	s := w.sim.State().Product("fresh")
	all(w, "preview", s.Preview.Plan("one").Numbers(), "1.0.0")
	same(w, "live", len(s.Live.Plans), 0)
}

func TestJobsCanBeCancelled(t *testing.T) {
	w := setup(t)
	cancel := func(job string) (int, object) {
		t.Helper()
		return w.send(http.MethodPost, "configure/"+job+"/cancel", "$version="+newest, nil)
	}
	job := w.job(with(w.tech(), "18.2.0"))
	w.clock.pass(minute)
	status, m := cancel(job)
	same(w, "cancelled", status, http.StatusOK)
	same(w, "result", text(m, "jobStatus")+" "+text(m, "jobResult"), "completed cancelled")
	w.clock.pass(10 * minute)
	all(w, "draft", w.sim.State().Product("gitlab").Draft.Plan("ee").Numbers(), "18.1.0", "18.1.1")
	status, m = cancel(job)
	same(w, "again", status, http.StatusBadRequest)
	w.want(m, "badRequest")
	if !strings.Contains(fmt.Sprint(m), "job has already completed") {
		t.Errorf("the error is %v", m)
	}
	same(w, "resources", len(objects(w.get("configure/"+job), "resources")), 0)

	// What was done to the draft remains.
	job = w.job(w.modular(with(w.tech(), "18.2.0"))...)
	w.clock.pass(5 * minute)
	status, _ = cancel(job)
	same(w, "cancelled", status, http.StatusOK)
	s := w.sim.State().Product("gitlab")
	all(w, "draft", s.Draft.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	same(w, "submission", s.Submissions[2].Status+" "+s.Submissions[2].Result, "completed failed")

	job = w.job(w.preview())
	w.clock.pass(time.Hour)
	status, m = cancel(job)
	same(w, "too late", status, http.StatusBadRequest)
	w.want(m, "badRequest")
	w.clock.pass(3 * time.Hour)
	same(w, "result", text(w.status(job), "jobResult"), "succeeded")
}
