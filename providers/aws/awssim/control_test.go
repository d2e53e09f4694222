package awssim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"cloudimage/providers/aws/awssim"
)

func (w *world) post(path, body string) (int, string) {
	w.Helper()
	r := must(http.NewRequestWithContext(w.ctx, http.MethodPost, w.url+"/_awssim/"+path, strings.NewReader(body)))(w)
	out := must(http.DefaultClient.Do(r))(w)
	defer func() { _ = out.Body.Close() }()
	return out.StatusCode, string(must(io.ReadAll(out.Body))(w))
}

func (w *world) get(path string) string {
	w.Helper()
	return w.body(must(http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+"/_awssim/"+path, nil))(w))
}

func TestControlsOverHTTP(t *testing.T) {
	w := setup(t)
	for _, name := range w.sim.Controls() {
		if status, body := w.post(name, "{}"); status != http.StatusOK {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	for path, body := range map[string]string{
		"inject":          `{"Op":"ec2:RunInstances","Times":1,"Fault":{"Code":"Unavailable","Status":503}}`,
		"roles":           `{"Names":["arn:aws:iam::1:role/x"]}`,
		"profiles":        `{"Names":["builder"]}`,
		"times":           `{"Region":"us-east-1","Set":{"Run":"1h","Invisible":"0s"}}`,
		"vcpu-limit":      `{"Limit":100}`,
		"rates":           `{"On":false}`,
		"default-vpc":     `{"On":true}`,
		"ingestion-roles": `{"Names":[]}`,
	} {
		if status, text := w.post(path, body); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	_, err := w.run()
	w.want(err, "Unavailable")
	i := must(w.run())(w)
	same(w, "state", w.instance(*i.InstanceId).State.Name, "pending")
	var calls []awssim.Call
	if err := json.Unmarshal([]byte(w.get("calls")), &calls); err != nil {
		t.Fatal(err)
	}
	same(w, "calls", len(calls), len(w.sim.Calls()))
	var state awssim.State
	if err := json.Unmarshal([]byte(w.get("state")), &state); err != nil {
		t.Fatal(err)
	}
	same(w, "machine", state.Region(home).Instances[0].ID, *i.InstanceId)
	status, _ := w.post("inject", `{"Nonsense":1}`)
	same(w, "status", status, http.StatusBadRequest)
	status, _ = w.post("explode", `{}`)
	same(w, "status", status, http.StatusNotFound)
}

func TestThePageIsEscaped(t *testing.T) {
	w := setup(t)
	w.sim.AddImage(home, awssim.Image{Name: "<script>alert(1)</script>", Tags: map[string]string{"<b>": "&"}})
	w.sim.AddProduct("prod-x", "<i>x</i>", "x86_64", "<u>1</u>")
	w.sim.AddForeignChangeSet("prod-x", "<em>x</em>", "me", 0)
	page := w.get("")
	for _, bad := range []string{"<script>", "<b>", "<i>", "<u>", "<em>"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s as it is", bad)
		}
	}
	if !strings.Contains(page, "&lt;script&gt;") {
		t.Error("the page does not have the image")
	}
}
