package ingestsim_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

func TestFaults(t *testing.T) {
	w := setup(t)
	w.sim.Inject("configure", 1, false, ingestsim.Fault{Status: http.StatusTooManyRequests, Code: "tooManyRequests", RetryAfter: 30})
	status, m := w.post(w.tech())
	same(w, "status", status, http.StatusTooManyRequests)
	w.want(m, "tooManyRequests")
	same(w, "jobs", len(w.sim.State().Jobs), 0)

	w.sim.Inject("configure", 1, true, ingestsim.Fault{})
	status, m = w.post(w.tech())
	same(w, "status", status, http.StatusInternalServerError)
	w.want(m, "internalServerError")
	same(w, "jobs", len(w.sim.State().Jobs), 1)
	w.clock.pass(3 * minute)

	w.sim.Inject("configure*", 1, true, ingestsim.Fault{Drop: true})
	body := must(json.Marshal(object{"$schema": schema + "configure/" + newest, "resources": []object{w.tech()}}))(w)
	_, err := http.Post(w.url+"/rp/product-ingestion/configure?$version="+newest, "application/json", strings.NewReader(string(body)))
	if err == nil {
		t.Error("the connection was not cut")
	}
	same(w, "jobs", len(w.sim.State().Jobs), 2)

	w.sim.Inject("product", -1, false, ingestsim.Fault{Status: 503})
	w.sim.Inject("plan", 0, false, ingestsim.Fault{Status: 503})
	for range 3 {
		status, _ = w.send(http.MethodGet, "product", "$version="+newest, nil)
		same(w, "status", status, http.StatusServiceUnavailable)
	}
	w.get("plan", "product="+w.product)
	w.sim.ClearFaults()
	w.get("product")
}

func TestWhatCallsSay(t *testing.T) {
	w := setup(t)
	var heard []string
	var mu sync.Mutex
	w.sim.OnCall(func(c ingestsim.Call, done bool) *ingestsim.Fault {
		mu.Lock()
		defer mu.Unlock()
		when := "before"
		if done {
			when = "after"
		}
		heard = append(heard, when+" "+c.Operation)
		w.sim.State() // the server is unlocked
		if done && c.Operation == "configure-cancel" {
			return &ingestsim.Fault{Status: 502, Code: "badGateway"}
		}
		return nil
	})
	job := w.job(w.tech())
	w.status(job)
	status, _ := w.send(http.MethodPost, "configure/"+job+"/cancel", "$version="+newest, nil)
	same(w, "status", status, http.StatusBadGateway)
	w.sim.OnCall(nil)
	all(w, "heard", heard, "before virtual-machine-plan-technical-configuration", "after virtual-machine-plan-technical-configuration",
		"before configure", "after configure", "before configure-status", "after configure-status", "before configure-cancel", "after configure-cancel")
	calls := w.sim.Calls()
	same(w, "calls", len(calls), 4)
	same(w, "path", calls[1].Method+" "+calls[1].Path, "POST configure")
	same(w, "version", calls[1].Query["$version"], newest)
	same(w, "status", calls[1].Status, http.StatusAccepted)
	same(w, "error", calls[3].Error, "badGateway")
	if errs := ingestsim.CheckConfigure(calls[1].Body); len(errs) > 0 {
		t.Error(errs)
	}
	if all := w.own("calls"); strings.Contains(all, "Bearer") {
		t.Error("a call has a header")
	}
	same(w, "job", w.sim.State().Jobs[0].Result, "cancelled")
}

func TestWhoIsNotLetIn(t *testing.T) {
	var w *world
	expires := time.Date(2026, 8, 20, 10, 0, 0, 0, time.UTC)
	w = setup(t, func(o *ingestsim.Options) {
		now := o.Now
		o.Authorize = func(r *http.Request) error {
			if r.Header.Get("Authorization") != "Bearer good" {
				return errors.New("the token is not known")
			}
			if !now().Before(expires) {
				return errors.New("the token has expired")
			}
			return nil
		}
	})
	job := w.job(w.preview())
	w.token = "bad"
	status, m := w.send(http.MethodGet, "product", "$version="+newest, nil)
	same(w, "status", status, http.StatusUnauthorized)
	w.want(m, "unauthorized")
	same(w, "message", text(m, "error", "message"), "the token is not known")
	w.token = "good"
	w.clock.pass(2 * time.Hour)
	status, m = w.send(http.MethodGet, "configure/"+job+"/status", "$version="+newest, nil)
	same(w, "status", status, http.StatusUnauthorized)
	w.want(m, "unauthorized")
	// What was taken goes on without whoever asked for it.
	w.clock.pass(2 * time.Hour)
	same(w, "result", w.sim.State().Jobs[0].Result, "succeeded")
	calls := w.sim.Calls()
	same(w, "error", calls[len(calls)-1].Error, "unauthorized")
	if !strings.Contains(w.own(""), "gitlab") {
		t.Error("the page is not shown")
	}
}

func TestEveryAnswerHasAnID(t *testing.T) {
	w := setup(t)
	r := must(http.NewRequest(http.MethodGet, w.url+"/rp/product-ingestion/product?$version="+newest, nil))(w)
	r.Header.Set("client-request-id", "mine")
	out := must(http.DefaultClient.Do(r))(w)
	_ = out.Body.Close()
	same(w, "client's", out.Header.Get("client-request-id"), "mine")
	same(w, "length", len(out.Header.Get("request-id")), 36)
}

func TestManyAtOnce(t *testing.T) {
	w := setup(t)
	w.sim.OnCall(func(ingestsim.Call, bool) *ingestsim.Fault { w.sim.State(); return nil })
	tech := w.tech()
	var all sync.WaitGroup
	var taken sync.Map
	for n := range 8 {
		all.Go(func() {
			if status, _ := w.post(tech); status == http.StatusAccepted {
				taken.Store(n, true)
			}
			w.get("resource-tree/" + w.product)
			w.clock.pass(time.Second)
			w.sim.HoldJobs(n%2 == 0)
		})
	}
	all.Wait()
	many := 0
	taken.Range(func(any, any) bool { many++; return true })
	same(w, "jobs", len(w.sim.State().Jobs), many)
	if many == 0 {
		t.Error("no job was taken")
	}
}
