package ingestsim_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

// check holds a resource to its schema.
func check(w *world, resource object) []error {
	w.Helper()
	return ingestsim.Check(must(json.Marshal(resource))(w))
}

// put changes a member that a path such as "skus.0.skuId" leads to; nil removes it.
func put(v any, path string, to any) {
	name, rest, more := strings.Cut(path, ".")
	switch v := v.(type) {
	case object:
		switch {
		case more:
			put(v[name], rest, to)
		case to == nil:
			delete(v, name)
		default:
			v[name] = to
		}
	case []any:
		at := int(name[0] - '0')
		if more {
			put(v[at], rest, to)
		} else {
			v[at] = to
		}
	}
}

// repeated is a list of n things.
func repeated(n int, one any) []any { return slices.Repeat([]any{one}, n) }

func TestTechnicalConfigurationsAgainstTheirSchema(t *testing.T) {
	w := setup(t)
	valid := func() object {
		tech := with(w.tech(), "18.2.0")
		tech["openPorts"] = []any{object{"label": "https", "portRange": "443", "protocol": "tcp"}}
		return tech
	}
	if errs := check(w, valid()); len(errs) > 0 {
		t.Fatal(errs)
	}
	const old = "2022-03-01-preview3"
	port := func(label, ports, protocol string) any {
		return object{"label": label, "portRange": ports, "protocol": protocol}
	}
	for _, one := range []struct {
		path string
		to   any
		want string // empty: it is valid
	}{
		{"$schema", nil, "$schema is required"},
		{"$schema", "https://example.com/x", "not the address"},
		{"$schema", schema + "virtual-machine-plan-technical-configuration/2022-03-01-preview4", "version that is not known"},
		{"$schema", schema + "nonsense/" + old, "resource that is not known"},
		{"$schema", schema + "configure/2022-07-01", "not a resource"},
		{"$schema", schema + "virtual-machine-plan-technical-configuration/" + old, "skus[1].imageType must be one of x64Gen1, x64Gen2"},
		{"product", nil, "product is required"},
		{"plan", nil, "plan is required"},
		{"product", object{"externalId": "gitlab"}, ""},
		{"product", object{"externalId": "Git Lab"}, "product.externalId must fit"},
		{"product", object{"resourceName": "x"}, ""},
		{"product", object{}, "alone"},
		{"product", object{"x": "y"}, "must have externalId or resourceName"},
		{"product", object{"externalId": "gitlab", "x": "y"}, "alone"},
		{"product", "NOT an id", "product must fit"},
		{"product", 1, "must be a durable id"},
		{"id", "x", "id must fit"},
		{"resourceName", "a b", "resourceName must fit"},
		{"softwareType", "operatingSystem", "softwareType is not known"},
		{"operatingSystem.family", "beos", "must be one of windows, linux"},
		{"operatingSystem.type", "arch", "operatingSystem.type must be one of"},
		{"operatingSystem.friendlyName", nil, "friendlyName is required"},
		{"operatingSystem.friendlyName", "", "between 1 and 100"},
		{"operatingSystem", "linux", "must be an object"},
		{"recommendedVmSizes", repeated(6, "d4s-v5"), ""},
		{"recommendedVmSizes", repeated(7, "d4s-v5"), "between 0 and 6 items, and has 7"},
		{"recommendedVmSizes", []any{1}, "recommendedVmSizes[0] must be a string"},
		{"openPorts", repeated(100, port("web", "80-90", "both")), ""},
		{"openPorts", repeated(101, port("web", "80", "tcp")), "has 101"},
		{"openPorts.0", port("ab", "80", "tcp"), "openPorts[0].label must have between 3 and 20"},
		{"openPorts.0", port("a/b/c", "80", "tcp"), "openPorts[0].label must fit"},
		{"openPorts.0", port("web", "http", "tcp"), "portRange must be a port"},
		{"openPorts.0", port("web", "70000", "tcp"), "between 0 and 65536"},
		{"openPorts.0", port("web", "80", "icmp"), "protocol must be one of"},
		{"vmProperties.supportsCloudInit", "yes", "must be true or false"},
		{"vmProperties.supportsRockets", true, "not known"},
		{"vmProperties.networkVirtualAppliance", false, ""},
		{"skus", []any{}, "between 1 and 3"},
		{"skus", repeated(4, object{"skuId": "a", "imageType": "x64Gen2"}), "has 4"},
		{"skus.0.skuId", "Upper", "skus[0].skuId must fit"},
		{"skus.0.skuId", nil, "skuId is required"},
		{"skus.0.imageType", "x86", "must be one of x64Gen1, x64Gen2, arm64Gen2"},
		{"skus.0.securityType", []any{"trusted"}, ""},
		{"skus.0.securityType", []any{"locked"}, "must be one of trusted, confidential"},
		{"vmImageVersions.0.versionNumber", "1.2", "versionNumber must fit"},
		{"vmImageVersions.0.versionNumber", "1.2.3.4", "versionNumber must fit"},
		{"vmImageVersions.0.versionNumber", strings.Repeat("1", 30) + ".1.1", "between 1 and 32"},
		{"vmImageVersions.0.versionNumber", 1, "must be a string"},
		{"vmImageVersions.0.vmImages", []any{}, "between 1 and 2"},
		{"vmImageVersions.0.vmImages", repeated(3, object{"imageType": "x64Gen2", "source": gallery("1.0.0")}), "has 3"},
		{"vmImageVersions.0.vmImages", nil, "vmImages is required"},
		{"vmImageVersions.0.lifecycleState", "retired", "must be one of generallyAvailable, deprecated, deleted"},
		{"vmImageVersions.0.extra", 1, "not known"},
		{"vmImageVersions.0.deprecationSchedule", object{"dateOffset": "P90D", "reason": "other"}, ""},
		{"vmImageVersions.0.deprecationSchedule", object{"dateOffset": "90 days"}, "must be a duration"},
		{"vmImageVersions.0.deprecationSchedule", object{"dateOffset": "P"}, "must be a duration"},
		{"vmImageVersions.0.deprecationSchedule", object{"dateOffset": "P1DT"}, "must be a duration"},
		{"vmImageVersions.0.deprecationSchedule", object{"reason": "bored"}, "must be one of criticalSecurityIssue"},
		{"vmImageVersions.0.deprecationSchedule", object{"alternative": object{"plan": "x", "product": "y"}}, "alone"},
		{"vmImageVersions.0.deprecationSchedule", object{"alternative": object{"plan": object{"externalId": "eee"}}}, ""},
		{"vmImageVersions.0.vmImages.0.source.sourceType", "disk", "must be one of sharedImageGallery, sasUri"},
		{"vmImageVersions.0.vmImages.0.source.osDisk", object{"uri": "https://x"}, "osDisk is not known"},
		{"vmImageVersions.0.vmImages.0.source.sharedImage.tenantId", nil, "tenantId is required"},
		{"vmImageVersions.0.vmImages.0.source.sharedImage.tenantId", "contoso", "tenantId must fit"},
		{"vmImageVersions.0.vmImages.0.source.sharedImage.resourceId", "/subscriptions/s", "must be the resource id"},
		{"vmImageVersions.0.vmImages.0.source", object{"sourceType": "sasUri", "osDisk": object{"uri": "https://x/y?sig=z"}}, ""},
		{"vmImageVersions.0.vmImages.0.source", object{"sourceType": "sasUri"}, "osDisk is required"},
		{"vmImageVersions.0.vmImages.0.source", object{"sourceType": "sasUri", "osDisk": object{"uri": "x"}}, "osDisk.uri must fit"},
		{"vmImageVersions.0.vmImages.0.source", object{"sourceType": "sasUri", "osDisk": object{"uri": "https://x"}, "dataDisks": []any{object{"lunNumber": 16, "uri": "https://x"}}}, "between 0 and 15"},
		{"vmImageVersions", object{}, "must be a list"},
	} {
		tech := valid()
		put(tech, one.path, one.to)
		errs := check(w, tech)
		found := slices.ContainsFunc(errs, func(err error) bool { return strings.Contains(err.Error(), one.want) })
		if one.want == "" && len(errs) > 0 || one.want != "" && !found {
			t.Errorf("%s = %v: %v; want %q", one.path, one.to, errs, one.want)
		}
		if one.want == "" {
			continue
		}
		status, m := w.post(tech)
		same(w, one.path, status, http.StatusBadRequest)
		if got := codes(m); got[0] != "badRequest" || !slices.Contains(got, "schemaValidationError") {
			t.Errorf("%s: %q", one.path, got)
		}
	}
	same(w, "jobs", len(w.sim.State().Jobs), 0)
}

func TestOtherResourcesAgainstTheirSchemas(t *testing.T) {
	w := setup(t)
	guid := strings.TrimPrefix(w.product, "product/")
	listing := func() object { return w.get("listing/" + guid + "/public/main/default/en-us") }
	property := func() object { return w.get("property/" + guid + "/public/main") }
	product := func() object { return w.get(w.product) }
	plan := func() object { return w.get(w.plan) }
	audience := func() object { return w.get("price-and-availability-offer/" + guid) }
	for _, one := range []struct {
		make func() object
		path string
		to   any
		want string
	}{
		{listing, "kind", "azureSaaS", "kind must be one of azureVM"},
		{listing, "languageId", nil, "languageId is required"},
		{listing, "slogan", "x", "slogan is not known"},
		{listing, "supportContact.name", nil, "supportContact.name is required"},
		{listing, "supportContact.email", "nobody", "email must fit"},
		{listing, "supportContact.url", "ftp://x", "url must fit"},
		{listing, "generalLinks", []any{object{"displayText": "Docs", "link": "https://x"}}, ""},
		{listing, "generalLinks", []any{object{"displayText": "Docs", "link": "x"}}, "link must fit"},
		{listing, "title", 1, "title must be a string"},
		{listing, "lifecycleState", "deprecated", "must be one of generallyAvailable, deleted"},
		{property, "categories", nil, "categories is required"},
		{property, "categories", []any{}, "categories must be an object"},
		{property, "termsConditions", "none", "must be one of custom"},
		{property, "industries", object{"finance": []any{"banking"}}, ""},
		{product, "type", "softwareAsAService", "type must be one of"},
		{product, "alias", strings.Repeat("x", 121), "between 0 and 120"},
		{product, "identity.externalId", "ab", "externalId must fit"},
		{plan, "azureRegions", []any{"azureMoon"}, "azureRegions[0] must be one of"},
		{plan, "alias", "", "between 1 and 125"},
		{plan, "displayRank", -1, "displayRank must be a number"},
		{plan, "azureGovernmentCertifications", []any{object{"name": "x", "link": "https://x"}}, ""},
		{audience, "previewAudiences", []any{object{"type": "subscription", "id": "x", "label": "us"}}, ""},
		{audience, "previewAudiences", []any{object{"type": "planet", "id": "x"}}, "must be one of"},
		{w.preview, "target.targetType", "retail", "must be one of draft, preview, live"},
		{w.preview, "target", nil, "target is required"},
		{w.preview, "created", "whenever", ""},
	} {
		d := one.make()
		put(d, one.path, one.to)
		errs := check(w, d)
		found := slices.ContainsFunc(errs, func(err error) bool { return strings.Contains(err.Error(), one.want) })
		if one.want == "" && len(errs) > 0 || one.want != "" && !found {
			t.Errorf("%s = %v: %v; want %q", one.path, one.to, errs, one.want)
		}
	}
}

func TestBodiesAgainstTheirSchema(t *testing.T) {
	w := setup(t)
	for body, want := range map[string]string{
		``:                 "not JSON",
		`[]`:               "must be an object",
		`{} {}`:            "not one JSON value",
		`{"resources":[]}`: "$schema is required",
		`{"$schema":"x"}`:  "not the address",
		`{"$schema":"` + schema + `configure/2022-07-01"}`:                               "resources is required",
		`{"$schema":"` + schema + `configure/2022-07-01","resources":[]}`:                "between 1",
		`{"$schema":"` + schema + `configure/2022-07-01","resources":[1]}`:               "must be an object",
		`{"$schema":"` + schema + `configure/2022-07-01","resources":[{}]}`:              "resources[0]: $schema is required",
		`{"$schema":"` + schema + `configure/2022-07-01","resources":[{}],"force":true}`: "force is not known",
		`{"$schema":"` + schema + `submission/2022-03-01-preview2","resources":[{}]}`:    "not that of a configure request",
	} {
		errs := ingestsim.CheckConfigure(json.RawMessage(body))
		if !slices.ContainsFunc(errs, func(err error) bool { return strings.Contains(err.Error(), want) }) {
			t.Errorf("%s: %v; want %q", body, errs, want)
		}
		status, _ := w.send(http.MethodPost, "configure", "$version="+newest, body)
		same(w, body, status, http.StatusBadRequest)
	}
	if errs := ingestsim.Check(json.RawMessage(`3`)); len(errs) != 1 {
		t.Error(errs)
	}
	same(w, "schema", ingestsim.Schemas()["plan"][0], schema+"plan/2022-03-01-preview2")
}

func TestRequestsThatContradictThemselves(t *testing.T) {
	w := setup(t)
	other := "product/" + w.sim.AddProduct("other")
	wrongID := w.tech()
	wrongID["id"] = "virtual-machine-plan-technical-configuration/" + strings.TrimPrefix(other, "product/") + "/x"
	elsewhere := w.get(other)
	create := w.get(other)
	delete(create, "id")
	create["identity"] = object{"externalId": "third"}
	named := func() object { d := w.get(w.product); d["resourceName"] = "one"; return d }
	absent := w.get(w.plan)
	absent["id"] = w.plan + "0"
	absent["identity"] = object{"externalId": "unknown"}
	draft := w.preview()
	draft["target"] = object{"targetType": "draft"}
	for name, one := range map[string]struct {
		resources []object
		want      []string
	}{
		"id":              {[]object{wrongID}, []string{"badRequest", "invalidId"}},
		"twice":           {[]object{w.tech(), w.tech()}, []string{"badRequest", "invalidRequest"}},
		"two products":    {[]object{w.tech(), elsewhere}, []string{"badRequest", "invalidRequest"}},
		"new product":     {[]object{create}, []string{"badRequest", "notSupported"}},
		"two submissions": {[]object{w.preview(), w.preview()}, []string{"badRequest"}},
		"names":           {[]object{named(), named()}, []string{"badRequest"}},
		"plan":            {[]object{absent}, []string{"badRequest", "resourceNotFound"}},
		"draft":           {[]object{draft}, []string{"badRequest", "invalidRequest"}},
		"live":            {[]object{w.tech(), w.live("x/1")}, []string{"badRequest", "invalidRequest"}},
	} {
		status, m := w.post(one.resources...)
		same(w, name, status, http.StatusBadRequest)
		all(w, name, codes(m), one.want...)
	}
}
