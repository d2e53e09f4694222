package azuresim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloudimage/providers/azure/azuresim"
)

func (w *world) own(method, path, body string) (int, string) {
	w.Helper()
	r := must(http.NewRequestWithContext(w.ctx, method, w.url+"/_azuresim/"+path, strings.NewReader(body)))(w)
	resp := must(w.wire.Do(r))(w)
	return resp.StatusCode, string(must(io.ReadAll(resp.Body))(w))
}

func TestControls(t *testing.T) {
	w := setup(t)
	for _, name := range w.sim.Controls() {
		body := `{}`
		switch name {
		case "deny":
			body = `{"Action":"Microsoft.Compute/virtualMachines/write"}`
		case "inject":
			body = `{"Op":"VirtualMachines.*","Times":2,"Fault":{"Status":429,"Code":"TooManyRequests"}}`
		case "times":
			body = `{"Set":{"Capture":"3m"}}`
		case "registration":
			body = `{"Namespace":"Microsoft.PartnerCenterIngestion","State":"NotRegistered"}`
		case "add-gallery":
			body = `{"Group":"more","Name":"more","Region":"westus2"}`
		}
		status, text := w.own("POST", name, body)
		same(w, name+" "+text, status, http.StatusOK)
	}
	s := w.sim.State()
	same(w, "denied", slices.Contains(s.Denied, "Microsoft.Compute/virtualMachines/write"), true)
	same(w, "registration", s.Subscriptions[0].Providers["Microsoft.PartnerCenterIngestion"], "NotRegistered")
	same(w, "galleries", len(s.Galleries), 2)
	status, text := w.own("POST", "nothing", `{}`)
	same(w, "status", status, http.StatusNotFound)
	same(w, "names", strings.Contains(text, "lack-capacity"), true)
	status, _ = w.own("POST", "deny", `{"Unknown":1}`)
	same(w, "status", status, http.StatusBadRequest)
	status, _ = w.own("PUT", "deny", `{}`)
	same(w, "status", status, http.StatusMethodNotAllowed)
	status, _ = w.own("GET", "nothing", "")
	same(w, "status", status, http.StatusNotFound)
}

func TestPage(t *testing.T) {
	w := setup(t)
	id := w.generalized("vm")
	must(w.putVersion("gitlab-ee", "1.0.0", versionOf(id, home)))(w)
	status, text := w.own("GET", "", "")
	same(w, "status", status, http.StatusOK)
	for _, part := range []string{"Azure, simulated", "vm", "gitlab-ee", "1.0.0", "eastus Completed 100%"} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q", part)
		}
	}
	var s azuresim.State
	_, text = w.own("GET", "state", "")
	w.want(json.Unmarshal([]byte(text), &s), "")
	same(w, "machines", len(s.Machines), 1)
	var calls []azuresim.Call
	_, text = w.own("GET", "calls", "")
	w.want(json.Unmarshal([]byte(text), &calls), "")
	same(w, "calls", len(calls) > 5, true)
	v, ok := w.sim.Version(s.Versions[0].ID)
	same(w, "found", ok, true)
	same(w, "region", v.Regions[0].State, "Completed")
}
