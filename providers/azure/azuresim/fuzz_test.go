package azuresim_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim"
)

// FuzzRequest: whatever is asked, the answer is one that the service could give.
func FuzzRequest(f *testing.F) {
	const sub = "/subscriptions/0a1b2c3d-0000-4000-8000-000000000001"
	const group = sub + "/resourceGroups/gitlab-images/providers/Microsoft."
	seeds := []struct{ method, path, query, body string }{
		{"GET", "/subscriptions", "", ""}, {"PUT", sub + "/resourcegroups/x", "", `{"location":"eastus"}`},
		{"DELETE", sub + "/resourcegroups/gitlab-images", "forceDeletionTypes=x", ""}, {"GET", sub + "/resourcegroups", "$filter=tagName eq 'x'", ""},
		{"GET", sub + "/providers/Microsoft.Compute", "", ""}, {"POST", sub + "/providers/Microsoft.Compute/register", "", ""},
		{"GET", sub + "/resourceGroups/gitlab-images/resources", "$expand=createdTime", ""},
		{"PUT", group + "Compute/virtualMachines/vm", "", `{"location":"eastus","properties":{"networkProfile":{"networkInterfaces":[null]},"storageProfile":{"osDisk":null}}}`},
		{"PUT", group + "Compute/virtualMachines/vm/runCommands/r", "", `{"location":"eastus","properties":{"source":{"script":"true"}}}`},
		{"POST", group + "Compute/virtualMachines/vm/deallocate", "", ""}, {"GET", group + "Compute/virtualMachines/vm/instanceView", "", ""},
		{"PUT", group + "Compute/galleries/gitlab_images/images/gitlab-ee/versions/1.0.0", "", `{"location":"eastus","properties":{"publishingProfile":{"targetRegions":[null,{"name":"eastus"}]},"storageProfile":{"source":{"virtualMachineId":"/x"}}}}`},
		{"PATCH", group + "Compute/galleries/gitlab_images/images/gitlab-ee/versions/1.0.0", "", `{"properties":null}`},
		{"PUT", group + "Compute/galleries/gitlab_images/images/new", "", `{"location":"eastus","properties":{"features":[null],"identifier":{}}}`},
		{"GET", group + "Compute/galleries/gitlab_images/images", "$skiptoken=-1", ""},
		{"PUT", group + "Network/virtualNetworks/n", "", `{"location":"eastus","properties":{"addressSpace":{"addressPrefixes":[null]},"subnets":[null,{"name":"s"}]}}`},
		{"PUT", group + "Network/networkInterfaces/n", "", `{"location":"eastus","properties":{"ipConfigurations":[null]}}`},
		{"PUT", group + "Network/networkSecurityGroups/n", "", `{"location":"eastus","properties":{"securityRules":[null]}}`},
		{"GET", sub + "/providers/Microsoft.Authorization/roleAssignments", "$filter=atScope()", ""},
		{"GET", "/providers/Microsoft.Authorization/roleDefinitions/x", "", ""}, {"GET", group + "Compute/disks/%2e%2e", "", ""},
		{"GET", sub + "/providers/Microsoft.Compute/locations/eastus/publishers/Canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus/server/versions", "$top=x", ""},
		{"GET", sub + "/providers/Microsoft.Compute/skus", "$filter=x", ""}, {"GET", sub + "/providers/Microsoft.Compute/locations/x/usages", "", ""},
		{"GET", sub + "/providers/Microsoft.Compute/locations/eastus/operations/x", "monitor=true", ""},
		{"POST", "/11111111-2222-4333-8444-555555555555/oauth2/v2.0/token", "", "grant_type=client_credentials&client_id=x"},
		{"GET", "/common/discovery/instance", "authorization_endpoint=%zz", ""}, {"GET", "/_azuresim/", "", ""}, {"POST", "/_azuresim/times", "", "{}"},
	}
	for _, s := range seeds {
		f.Add(s.method, s.path, s.query, s.body)
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "/_azuresim/on") {
			return
		}
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		now := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
		sim := azuresim.New(azuresim.Options{Now: func() time.Time { return now }})
		u.RawQuery = "api-version=1&" + query
		if _, err := http.NewRequest(method, "http://azure.test/", nil); err != nil || method == http.MethodConnect {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "http://azure.test/", strings.NewReader(body))
		r.Method, r.URL = method, u
		if method == http.MethodPost && !strings.HasPrefix(path, "/subscriptions") {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.Header.Set("Authorization", "Bearer "+tokenOf(t, sim))
		resp := httptest.NewRecorder()
		sim.ServeHTTP(resp, r)
		if resp.Code >= http.StatusInternalServerError {
			t.Errorf("%s %s %s: %d %s", method, u, body, resp.Code, resp.Body)
		}
		for k := range resp.Header() {
			if strings.HasPrefix(k, "Fake") {
				t.Errorf("the answer has the header %s", k)
			}
		}
		now = now.Add(time.Hour)
		sim.State()
	})
}

// tokenOf asks for a token without a client.
func tokenOf(t *testing.T, sim *azuresim.Server) string {
	id, secret := sim.Credentials()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}, "scope": {azuresim.AudienceARM + "/.default"}}
	r := httptest.NewRequest(http.MethodPost, "http://azure.test/"+sim.Tenant()+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp := httptest.NewRecorder()
	sim.ServeHTTP(resp, r)
	_, rest, _ := strings.Cut(resp.Body.String(), `"access_token": "`)
	token, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatal(resp.Body)
	}
	return token
}
