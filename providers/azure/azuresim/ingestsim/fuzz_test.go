package ingestsim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

// FuzzConfigure sends what no client would, waits until it is done, and asks for
// everything: no answer is that of a program that broke, and nothing that is shown fails
// its own schema.
func FuzzConfigure(f *testing.F) {
	resource := func(kind, rest string) string {
		return `{"$schema":"` + schema + `configure/2022-07-01","resources":[{"$schema":"` + schema + kind + `",` + rest + `}]}`
	}
	for _, body := range []string{
		`{}`, `null`, `[]`, `{"resources":[null]}`,
		resource("submission/2022-03-01-preview2", `"product":{"externalId":"gitlab"},"target":{"targetType":"preview"}`),
		resource("submission/2022-03-01-preview2", `"id":"submission/x/1","product":{"externalId":"gitlab"},"target":{"targetType":"live"}`),
		resource("product/2022-03-01-preview3", `"identity":{"externalId":"gitlab"},"type":"azureVirtualMachine","alias":"x","lifecycleState":"deleted"`),
		resource("plan/2022-03-01-preview2", `"product":{"externalId":"gitlab"},"identity":{"externalId":"new"},"alias":"x"`),
		resource("plan/2022-03-01-preview2", `"product":{"externalId":"gitlab"},"identity":{"externalId":"ee"},"alias":"x","lifecycleState":"deleted"`),
		resource("listing/2022-03-01-preview5", `"product":{"externalId":"gitlab"},"kind":"azureVM","languageId":"../../x","title":"y"`),
		resource("plan-listing/2022-03-01-preview5", `"product":{"externalId":"gitlab"},"plan":{"externalId":"eee"},"kind":"azureVM-plan","languageId":"x"`),
		resource("price-and-availability-offer/2022-03-01-preview3", `"product":{"externalId":"gitlab"},"previewAudiences":[{"type":"none","id":""}]`),
		resource("property/2022-03-01-preview5", `"product":{"externalId":"gitlab"},"kind":"azureVM","categories":{"a":[]},"termsConditions":"custom"`),
		resource("virtual-machine-plan-technical-configuration/2022-03-01-preview5",
			`"product":{"externalId":"gitlab"},"plan":{"externalId":"eee"},"skus":[{"skuId":"a","imageType":"x64Gen2","securityType":["trusted"]}],`+
				`"vmImageVersions":[{"versionNumber":"1.0.0","lifecycleState":"deprecated","deprecationSchedule":{"dateOffset":"P999999D"},`+
				`"vmImages":[{"imageType":"x64Gen2","source":{"sourceType":"sasUri","osDisk":{"uri":"https://x/%zz?sig=1"},"dataDisks":[{"lunNumber":1e0,"uri":"http://x"}]}}]}]`),
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		c := &clock{t: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)}
		sim := ingestsim.New(ingestsim.Options{Now: c.now})
		guid := sim.AddProduct("gitlab", ingestsim.Plan{ExternalID: "eee", Live: []ingestsim.Version{{Number: "1.0.0"}}})
		ask := func(method, path, body string) []byte {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(method, "/rp/product-ingestion/"+path+"?$version="+newest, strings.NewReader(body))
			sim.ServeHTTP(w, r)
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
			}
			return w.Body.Bytes()
		}
		ask(http.MethodPost, "configure", body)
		c.pass(100 * time.Hour)
		for _, j := range sim.State().Jobs {
			if j.Status != "completed" {
				t.Errorf("job %s is %s", j.ID, j.Status)
			}
			ask(http.MethodGet, "configure/"+j.ID, "")
			ask(http.MethodGet, "configure/"+j.ID+"/status", "")
		}
		ask(http.MethodGet, "submission/"+guid, "")
		var tree struct{ Resources []json.RawMessage }
		if err := json.Unmarshal(ask(http.MethodGet, "resource-tree/product/"+guid, ""), &tree); err != nil {
			t.Fatal(err)
		}
		for _, r := range tree.Resources {
			for _, err := range ingestsim.Check(r) {
				// The language of a text is free, and is a part of its id.
				if !strings.HasPrefix(err.Error(), "id must fit") {
					t.Errorf("%s: %v", r, err)
				}
			}
		}
		if s := sim.State(); len(s.Dropped) == 0 && len(s.Product("gitlab").Draft.Plan("eee").Versions) == 0 {
			t.Error("the versions are gone, and nothing says so")
		}
	})
}
