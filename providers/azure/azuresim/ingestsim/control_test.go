package ingestsim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

func (w *world) control(path, body string) (int, string) {
	w.Helper()
	r := must(http.NewRequestWithContext(w.Context(), http.MethodPost, w.url+"/_ingestsim/"+path, strings.NewReader(body)))(w)
	out := must(http.DefaultClient.Do(r))(w)
	defer func() { _ = out.Body.Close() }()
	return out.StatusCode, strings.TrimSpace(string(must(io.ReadAll(out.Body))(w)))
}

func (w *world) own(path string) string {
	w.Helper()
	out := must(http.Get(w.url + "/_ingestsim/" + path))(w)
	defer func() { _ = out.Body.Close() }()
	return string(must(io.ReadAll(out.Body))(w))
}

func TestControlsOverHTTP(t *testing.T) {
	w := setup(t)
	for _, one := range []struct{ path, body, want string }{
		{"add-product", `{"Product":"two","Plans":[{"ExternalID":"one","Live":[{"Number":"1.0.0"}]}]}`, ""},
		{"add-draft-version", `{"Product":"two","Plan":"one","Version":{"Number":"1.0.1"}}`, "true"},
		{"add-draft-version", `{"Product":"two","Plan":"two","Version":{"Number":"1.0.1"}}`, "false"},
		{"remove-draft-version", `{"Product":"two","Plan":"one","Number":"1.0.0"}`, "true"},
		{"remove-draft-version", `{"Product":"three","Plan":"one","Number":"1.0.0"}`, "false"},
		{"edit-listing", `{"Product":"two","Language":"en-us","Text":{"title":"Two"}}`, "true"},
		{"edit-listing", `{"Product":"two","Language":"fr-fr","Text":{"title":"Two"}}`, "false"},
		{"edit-listing", `{"Product":"three","Language":"fr-fr"}`, "false"},
		{"times", `{"Set":{"Queue":"0s","Configure":"1s","Preview":"1m","Live":"2m","Cancellable":"0s"}}`, "{}"},
		{"hold-jobs", `{"On":false}`, "{}"},
		{"oldest-first", `{"On":false}`, "{}"},
		{"lock-product", `{"Product":"two","Reason":"because"}`, "true"},
		{"fail-certification", `{"Reasons":["Dirty."]}`, "{}"},
		{"refuse-live", `{"Reasons":["No."]}`, "{}"},
		{"inject", `{"Op":"product","Times":1,"Fault":{"Status":503,"Code":"busy","RetryAfter":7}}`, "{}"},
	} {
		status, text := w.control(one.path, one.body)
		same(w, one.path, status, http.StatusOK)
		if one.want != "" {
			same(w, one.path, text, one.want)
		}
	}
	for _, name := range w.sim.Controls() {
		if name == "server-fault" {
			continue
		}
		if status, body := w.control(name, "{}"); status != http.StatusOK {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	two := w.sim.State().Product("two")
	all(w, "draft", two.Draft.Plan("one").Numbers(), "1.0.1")
	all(w, "live", two.Live.Plan("one").Numbers(), "1.0.0")
	same(w, "title", two.Draft.Listings[0].Title, "Two")
	same(w, "locked", two.Locked, "because")
	_, m := w.send(http.MethodGet, "product", "$version="+newest, nil)
	same(w, "no fault", len(codes(m)), 0) // clear-faults was among them

	job := w.job(w.preview())
	w.clock.pass(62 * time.Second)
	w.want(w.status(job), "conflict", "invalidState", "invalidState", "invalidState")

	var state ingestsim.State
	if err := json.Unmarshal([]byte(w.own("state")), &state); err != nil {
		t.Fatal(err)
	}
	same(w, "job", state.Jobs[0].ID, job)
	var calls []ingestsim.Call
	if err := json.Unmarshal([]byte(w.own("calls")), &calls); err != nil {
		t.Fatal(err)
	}
	same(w, "calls", len(calls), len(w.sim.Calls()))
	status, _ := w.control("inject", `{"Nonsense":1}`)
	same(w, "status", status, http.StatusBadRequest)
	status, _ = w.control("explode", `{}`)
	same(w, "status", status, http.StatusNotFound)
	same(w, "nothing", strings.TrimSpace(w.own("nothing")), "404 page not found")
}

func TestThePageIsEscaped(t *testing.T) {
	w := setup(t)
	w.sim.AddProduct("<script>alert(1)</script>", ingestsim.Plan{ExternalID: "<i>x</i>", Live: []ingestsim.Version{{Number: "<b>1</b>"}}})
	w.sim.LockProduct("<script>alert(1)</script>", "<em>me</em>")
	w.sim.RemoveDraftVersion("gitlab", "ee", "18.1.0")
	tech := w.tech()
	delete(tech, "vmImageVersions")
	w.job(tech)
	w.clock.pass(3 * minute)
	page := w.own("")
	for _, bad := range []string{"<script>", "<b>", "<i>", "<em>"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s as it is", bad)
		}
	}
	for _, good := range []string{"&lt;script&gt;", "Dropped versions", "18.1.1"} {
		if !strings.Contains(page, good) {
			t.Errorf("the page does not have %s", good)
		}
	}
}

func TestJobsAreHeld(t *testing.T) {
	w := setup(t)
	first := w.job(w.preview())
	w.clock.pass(minute)
	w.sim.HoldJobs(true)
	w.sim.HoldJobs(true)
	other := w.get("product/" + w.sim.AddProduct("other"))
	w.clock.pass(time.Hour)
	second := w.job(other)
	w.clock.pass(10 * time.Hour)
	same(w, "first", text(w.status(first), "jobStatus"), "running")
	same(w, "second", text(w.status(second), "jobStatus"), "notStarted")
	same(w, "held", w.sim.State().Held, true)
	w.sim.HoldJobs(false)
	w.clock.pass(4 * time.Second)
	same(w, "second", text(w.status(second), "jobStatus"), "notStarted")
	w.clock.pass(2 * minute)
	same(w, "submissions", len(w.sim.State().Product("gitlab").Submissions), 3)
	w.clock.pass(3 * time.Hour)
	same(w, "first", text(w.status(first), "jobResult"), "succeeded")
	same(w, "second", text(w.status(second), "jobResult"), "succeeded")
}

func TestAFaultOfTheServerEndsAJob(t *testing.T) {
	w := setup(t)
	w.sim.NextServerFault()
	job := w.job(w.modular(with(w.tech(), "18.2.0"))...)
	w.clock.pass(3 * minute)
	m := w.status(job)
	same(w, "result", text(m, "jobResult"), "failed")
	w.want(m, "internalServerError")
	s := w.sim.State().Product("gitlab")
	all(w, "draft", s.Draft.Plan("ee").Numbers(), "18.1.0", "18.1.1")
	same(w, "locked", s.Locked, "")
	job = w.job(with(w.tech(), "18.2.0"))
	w.clock.pass(3 * minute)
	same(w, "result", text(w.status(job), "jobResult"), "succeeded")
}

func TestSomeoneEditsBetweenReadAndWrite(t *testing.T) {
	w := setup(t)
	tech := with(w.tech(), "18.2.0")
	w.sim.AddDraftVersion("gitlab", "ee", ingestsim.Version{Number: "18.1.2"})
	w.job(tech)
	w.clock.pass(3 * minute)
	s := w.sim.State()
	all(w, "draft", s.Product("gitlab").Draft.Plan("ee").Numbers(), "18.1.0", "18.1.1", "18.2.0")
	same(w, "dropped", s.Dropped[0].Version, "18.1.2")
	same(w, "was live", s.Dropped[0].WasLive, false)
	same(w, "plan", w.sim.EditDraft("gitlab", "nobody", func(map[string]any) {}), false)
}
