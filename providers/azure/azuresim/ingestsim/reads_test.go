package ingestsim_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

func TestProductsAndPlansByTheirNames(t *testing.T) {
	w := setup(t)
	w.sim.AddProduct("other")
	found := objects(w.get("product", "externalId=gitlab"), "value")
	same(w, "products", len(found), 1)
	same(w, "id", text(found[0], "id"), w.product)
	same(w, "schema", text(found[0], "$schema"), schema+"product/2022-03-01-preview3")
	// Documents write the parameter in two ways.
	same(w, "products", len(objects(w.get("product", "externalID=gitlab"), "value")), 1)
	same(w, "products", len(objects(w.get("product", "externalId=nobody"), "value")), 0)
	same(w, "products", len(objects(w.get("product", "type=azureVirtualMachine"), "value")), 2)
	same(w, "products", len(objects(w.get("product", "type=softwareAsAService"), "value")), 0)

	plans := objects(w.get("plan", "product="+w.product, "externalId=ee"), "value")
	same(w, "plans", len(plans), 1)
	same(w, "id", text(plans[0], "id"), w.plan)
	same(w, "alias", text(w.get(w.plan), "identity", "externalId"), "ee")
	same(w, "product", text(w.get(w.plan), "product"), w.product)

	status, m := w.send(http.MethodGet, "plan", "$version="+newest, nil)
	same(w, "status", status, http.StatusBadRequest)
	w.want(m, "badRequest")
	status, m = w.send(http.MethodGet, "product/00000000-0000-0000-0000-000000000000", "$version="+newest, nil)
	same(w, "status", status, http.StatusNotFound)
	w.want(m, "notFound", "resourceNotFound")
}

func TestAVersionIsNeeded(t *testing.T) {
	w := setup(t)
	for _, query := range []string{"", "$version=", "$version=2021-12-01", "$version=2022-03-01-preview9"} {
		for _, path := range []string{"product", w.product, "resource-tree/" + w.product, "configure/x/status"} {
			status, m := w.send(http.MethodGet, path, query, nil)
			same(w, path+" "+query, status, http.StatusBadRequest)
			w.want(m, "badRequest")
		}
	}
	status, m := w.send(http.MethodPost, "configure", "", object{})
	same(w, "status", status, http.StatusBadRequest)
	w.want(m, "badRequest")
}

func TestTheVersionIsAnUpperLimit(t *testing.T) {
	w := setup(t)
	for version, want := range map[string]string{
		"2022-03-01-preview2": "preview2", "2022-03-01-preview3": "preview3", "2022-03-01-preview4": "preview3",
		"2022-03-01-preview5": "preview5", "2022-07-01": "preview5",
	} {
		m := w.tech("$version=" + version)
		same(w, version, text(m, "$schema"), schema+"virtual-machine-plan-technical-configuration/2022-03-01-"+want)
		// What the older schemas cannot say is not said.
		arm := len(objects(m, "skus")) == 2
		same(w, version+" has arm64", arm, want == "preview5")
		if errs := check(w, m); len(errs) > 0 {
			t.Errorf("%s: the answer does not fit its schema: %v", version, errs)
		}
	}
}

func TestTheTreeOfEachTarget(t *testing.T) {
	w := setup(t)
	draft := w.get("resource-tree/" + w.product)
	same(w, "root", text(draft, "root"), w.product)
	same(w, "target", text(draft, "target", "targetType"), "draft")
	var kinds []string
	for _, r := range objects(draft, "resources") {
		kind, _, _ := strings.Cut(text(r, "id"), "/")
		kinds = append(kinds, kind)
		if errs := check(w, r); len(errs) > 0 {
			t.Errorf("%s does not fit its schema: %v", kind, errs)
		}
	}
	all(w, "kinds", kinds, "product", "plan", "listing", "plan-listing", "price-and-availability-offer", "property",
		"virtual-machine-plan-technical-configuration", "submission")

	w.sim.AddDraftVersion("gitlab", "ee", ingestsim.Version{Number: "18.2.0"})
	for target, want := range map[string]int{"draft": 3, "preview": 2, "live": 2, `"live"`: 2} {
		tree := w.get("resource-tree/"+w.product, "targetType="+target)
		i := slices.IndexFunc(objects(tree, "resources"), func(r object) bool { return strings.HasPrefix(text(r, "id"), "virtual") })
		same(w, target, len(objects(objects(tree, "resources")[i], "vmImageVersions")), want)
	}
	status, m := w.send(http.MethodGet, "resource-tree/"+w.product, "$version="+newest+"&targetType=retail", nil)
	same(w, "status", status, http.StatusBadRequest)
	w.want(m, "badRequest")
	fresh := w.sim.AddProduct("fresh")
	status, m = w.send(http.MethodGet, "resource-tree/product/"+fresh, "$version="+newest+"&targetType=live", nil)
	same(w, "status", status, http.StatusNotFound)
	w.want(m, "notFound", "resourceNotFound")
}

func TestListsHavePages(t *testing.T) {
	w := setup(t)
	for _, name := range []string{"aaa", "bbb", "ccc", "ddd"} {
		w.sim.AddProduct(name)
	}
	var names []string
	query := url.Values{"$version": {newest}, "$maxpagesize": {"2"}}.Encode()
	for pages := 1; ; pages++ {
		_, m := w.send(http.MethodGet, "product", query, nil)
		for _, p := range objects(m, "value") {
			names = append(names, text(p, "identity", "externalId"))
		}
		next := text(m, "@nextLink")
		if next == "" {
			same(w, "pages", pages, 3)
			break
		}
		u := must(url.Parse(next))(w)
		same(w, "address", "http://"+u.Host+u.Path, w.url+"/rp/product-ingestion/product")
		if u.Query().Get("continuationToken") == "" || u.Query().Get("$version") != newest {
			t.Fatalf("the link is %s", next)
		}
		query = u.RawQuery
	}
	all(w, "names", names, "gitlab", "aaa", "bbb", "ccc", "ddd")
	for _, q := range []string{"$maxpagesize=0", "$maxpagesize=x", "continuationToken=x", "continuationToken=eHggMQ"} {
		status, m := w.send(http.MethodGet, "product", "$version="+newest+"&"+q, nil)
		same(w, q, status, http.StatusBadRequest)
		w.want(m, "badRequest")
	}
}

func TestPathsAndMethods(t *testing.T) {
	w := setup(t)
	for _, one := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, "configure", http.StatusMethodNotAllowed},
		{http.MethodPost, "product", http.StatusMethodNotAllowed},
		{http.MethodDelete, w.product, http.StatusMethodNotAllowed},
		{http.MethodGet, "", http.StatusNotFound},
		{http.MethodGet, "elsewhere", http.StatusNotFound},
		{http.MethodGet, "configure/a/b/c", http.StatusNotFound},
		{http.MethodGet, "configure/a/status", http.StatusNotFound},
		{http.MethodGet, "configure/a", http.StatusNotFound},
		{http.MethodPost, "configure/a/cancel", http.StatusNotFound},
		{http.MethodGet, "submission/nobody", http.StatusNotFound},
		{http.MethodGet, "submission/nobody/1", http.StatusNotFound},
		{http.MethodGet, "submission", http.StatusBadRequest},
		{http.MethodGet, "resource-tree/x", http.StatusBadRequest},
		{http.MethodGet, "listing", http.StatusBadRequest},
		{http.MethodGet, "listing/x", http.StatusNotFound},
	} {
		status, m := w.send(one.method, one.path, "$version="+newest, nil)
		same(w, one.method+" "+one.path, status, one.want)
		if len(codes(m)) == 0 {
			t.Errorf("%s %s has no error: %v", one.method, one.path, m)
		}
	}
	r := must(http.Get(w.url + "/beta/me"))(w)
	_ = r.Body.Close()
	same(w, "status", r.StatusCode, http.StatusNotFound)
}

func TestTheListing(t *testing.T) {
	w := setup(t)
	guid := strings.TrimPrefix(w.product, "product/")
	m := w.get("listing/" + guid + "/public/main/default/en-us")
	same(w, "language", text(m, "languageId"), "en-us")
	m["title"] = "GitLab Enterprise"
	m["searchResultSummary"] = "One application."
	w.job(m)
	w.clock.pass(3 * minute)
	same(w, "title", w.sim.State().Product("gitlab").Draft.Listings[0].Title, "GitLab Enterprise")
	// Documents bind it to a language; another one is another resource.
	delete(m, "id")
	m["languageId"] = "de-de"
	w.job(m)
	w.clock.pass(3 * minute)
	same(w, "listings", len(w.sim.State().Product("gitlab").Draft.Listings), 2)
	m["description"] = strings.Repeat("x", 5001)
	m["title"] = " "
	job := w.job(m, w.preview(), w.get(w.product), w.get("property/"+guid+"/public/main"))
	w.clock.pass(3 * minute)
	w.want(w.status(job), "conflict", "businessValidationError", "businessValidationError")
}
