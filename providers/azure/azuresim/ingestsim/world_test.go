package ingestsim_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

const (
	newest = "2022-07-01"
	schema = "https://schema.mp.microsoft.com/schema/"
	tenant = "33333333-3333-4333-8333-333333333333"
)

// clock is time as a test wants it.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type object = map[string]any

// world is a server with one offer, gitlab, which has a plan with two live versions.
type world struct {
	*testing.T
	clock   *clock
	sim     *ingestsim.Server
	url     string
	token   string
	product string // durable id
	plan    string // durable id
}

func setup(t *testing.T, options ...func(*ingestsim.Options)) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, clock: &clock{t: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)}, token: "good"}
	o := ingestsim.Options{Now: w.clock.now}
	for _, f := range options {
		f(&o)
	}
	w.sim = ingestsim.New(o)
	server := httptest.NewServer(w.sim)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.sim.SetBaseURL(server.URL)
	w.product = "product/" + w.sim.AddProduct("gitlab", ingestsim.Plan{
		ExternalID: "ee", SKUs: []ingestsim.SKU{{ID: "ee", ImageType: "x64Gen2"}, {ID: "ee-arm64", ImageType: "arm64Gen2"}},
		Live: []ingestsim.Version{{Number: "18.1.0"}, {Number: "18.1.1"}},
	})
	w.plan = w.sim.State().Product("gitlab").Draft.Plan("ee").PlanID
	return w
}

// send makes a request of the API. A query is what stands after the "?".
func (w *world) send(method, path, query string, body any) (int, object) {
	w.Helper()
	var text []byte
	switch b := body.(type) {
	case nil:
	case string:
		text = []byte(b)
	default:
		text = must(json.Marshal(b))(w)
	}
	r := must(http.NewRequestWithContext(w.Context(), method, w.url+"/rp/product-ingestion/"+path+"?"+query, bytes.NewReader(text)))(w)
	r.Header.Set("Authorization", "Bearer "+w.token)
	out := must(http.DefaultClient.Do(r))(w)
	defer func() { _ = out.Body.Close() }()
	var m object
	if err := json.Unmarshal(must(io.ReadAll(out.Body))(w), &m); err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
	return out.StatusCode, m
}

// get is the answer to a query that works.
func (w *world) get(path string, query ...string) object {
	w.Helper()
	q := url.Values{"$version": {newest}}
	for _, one := range query {
		k, v, _ := strings.Cut(one, "=")
		q.Set(k, v)
	}
	status, m := w.send(http.MethodGet, path, q.Encode(), nil)
	if status != http.StatusOK {
		w.Fatalf("GET %s: %d %v", path, status, m)
	}
	return m
}

// post is the answer to a configure request.
func (w *world) post(resources ...object) (int, object) {
	w.Helper()
	return w.send(http.MethodPost, "configure", "$version="+newest, object{"$schema": schema + "configure/" + newest, "resources": resources})
}

// job is the id of a job that was taken.
func (w *world) job(resources ...object) string {
	w.Helper()
	status, m := w.post(resources...)
	if status != http.StatusAccepted {
		w.Fatalf("configure: %d %v", status, m)
	}
	return text(m, "jobId")
}

// status is what a job has come to.
func (w *world) status(job string) object {
	w.Helper()
	return w.get("configure/" + job + "/status")
}

// tech is the technical configuration of the plan, as a client reads it.
func (w *world) tech(version ...string) object {
	w.Helper()
	return w.get("virtual-machine-plan-technical-configuration/"+strings.TrimPrefix(w.plan, "plan/"), version...)
}

// with is a configuration with one more version.
func with(tech object, numbers ...string) object {
	list, _ := tech["vmImageVersions"].([]any)
	for _, n := range numbers {
		list = append(list, any(version(n)))
	}
	tech["vmImageVersions"] = list
	return tech
}

func version(number string) object {
	return object{"versionNumber": number, "vmImages": []any{object{"imageType": "x64Gen2", "source": gallery(number)}}}
}

func gallery(number string) object {
	return object{"sourceType": "sharedImageGallery", "sharedImage": object{
		"tenantId": tenant, "resourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/images/images/ee/versions/" + number,
	}}
}

func (w *world) preview() object {
	return object{"$schema": schema + "submission/2022-03-01-preview2", "product": w.product, "target": object{"targetType": "preview"}}
}

func (w *world) live(id string) object {
	return object{"$schema": schema + "submission/2022-03-01-preview2", "id": id, "product": w.product, "target": object{"targetType": "live"}}
}

// modular are the resources that go to preview together.
func (w *world) modular(tech object) []object {
	w.Helper()
	guid := strings.TrimPrefix(w.product, "product/")
	return []object{w.get(w.product), w.get(w.plan), w.get("property/" + guid + "/public/main"), tech, w.preview()}
}

// pushed is the id of a preview submission that has succeeded with one more version.
func (w *world) pushed(number string) string {
	w.Helper()
	job := w.job(w.modular(with(w.tech(), number))...)
	w.clock.pass(4 * time.Hour)
	m := w.status(job)
	same(w, "result", text(m, "jobResult"), "succeeded")
	subs := w.sim.State().Product("gitlab").Submissions
	return subs[len(subs)-1].ID
}

// codes are the codes of an error, from the outermost.
func codes(v any) []string {
	var out []string
	switch v := v.(type) {
	case object:
		if c, ok := v["code"].(string); ok {
			out = append(out, c)
		}
		out = append(out, codes(v["error"])...)
		out = append(out, codes(v["errors"])...)
		out = append(out, codes(v["details"])...)
	case []any:
		for _, one := range v {
			out = append(out, codes(one)...)
		}
	}
	return out
}

func (w *world) want(v any, want ...string) {
	w.Helper()
	if got := codes(v); !slices.Equal(got, want) {
		w.Fatalf("the codes are %q; want %q: %v", got, want, v)
	}
}

func text(v any, path ...string) string {
	for _, name := range path {
		m, _ := v.(object)
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

func objects(v any, name string) []object {
	m, _ := v.(object)
	list, _ := m[name].([]any)
	var out []object
	for _, one := range list {
		o, _ := one.(object)
		out = append(out, o)
	}
	return out
}

// must is a value that was got without an error.
func must[T any](v T, err error) func(*world) T {
	return func(w *world) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

func same[T comparable](w *world, what string, got, want T) {
	w.Helper()
	if got != want {
		w.Errorf("%s is %v; want %v", what, got, want)
	}
}

func all(w *world, what string, got []string, want ...string) {
	w.Helper()
	if !slices.Equal(got, want) {
		w.Errorf("%s are %q; want %q", what, got, want)
	}
}
