package partnercenter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/workflow/images"
)

// clock is the time of a test, moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// tokens are those of a test: each is good for an hour, and the client is given the last
// one until it asks for another.
type tokens struct {
	mu    sync.Mutex
	clock *clock
	made  int
	until time.Time
}

const secret = "eyJhbGciOiJub25lIn0.eyJvaWQiOiJ0ZXN0In0.signature-"

func (k *tokens) get(_ context.Context, fresh bool) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if fresh || k.made == 0 {
		k.made++
		k.until = k.clock.now().Add(time.Hour)
	}
	return fmt.Sprintf("%s%d", secret, k.made), nil
}

func (k *tokens) check(r *http.Request) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r.Header.Get("Authorization") != fmt.Sprintf("Bearer %s%d", secret, k.made) || k.clock.now().After(k.until) {
		return errors.New("The token has expired.")
	}
	return nil
}

// world is the stand-in, over real HTTP, with an offer of one plan that has two live
// versions, and a client of it.
type world struct {
	testing.TB
	*ingestsim.Server
	*Client
	clock  *clock
	tokens *tokens
	url    string
}

const (
	offer  = "gitlab"
	plan   = "ee"
	tenant = "33333333-3333-4333-8333-333333333333"
)

func newWorld(t testing.TB, edit ...func(*Options)) *world {
	t.Helper()
	w := &world{TB: t, clock: &clock{at: time.Date(2033, 11, 2, 9, 0, 0, 0, time.UTC)}}
	w.tokens = &tokens{clock: w.clock}
	w.Server = ingestsim.New(ingestsim.Options{Now: w.clock.now, Authorize: w.tokens.check})
	s := httptest.NewServer(w.Server)
	t.Cleanup(s.Close)
	w.url = s.URL
	w.SetBaseURL(s.URL)
	w.AddProduct(offer, ingestsim.Plan{ExternalID: plan, Live: []ingestsim.Version{{Number: "18.1.0"}, {Number: "18.1.1"}}},
		ingestsim.Plan{ExternalID: "ce", Live: []ingestsim.Version{{Number: "18.1.0"}}})
	w.SetTimes(func(t *ingestsim.Times) { t.Preview, t.Live = time.Hour, 6*time.Hour })
	w.Client = w.client(edit...)
	return w
}

// client is another client of the same publisher: a replica.
func (w *world) client(edit ...func(*Options)) *Client {
	w.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 10}
	w.Cleanup(transport.CloseIdleConnections)
	o := Options{Endpoint: w.url + "/rp/product-ingestion", Token: w.tokens.get, Transport: transport, Now: w.clock.now, Publisher: "gitlabinc"}
	for _, f := range edit {
		f(&o)
	}
	return New(o)
}

// ours is a version of a build.
func ours(number string, edit ...func(*Version)) Version {
	v := Version{Offer: offer, Plan: plan, Number: number, ImageType: "x64Gen2", TenantID: tenant, ResourceID: source("ee", number)}
	for _, f := range edit {
		f(&v)
	}
	return v
}

func source(definition, number string) string {
	return "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/images/providers/Microsoft.Compute/galleries/gitlab/images/" + definition + "/versions/" + number
}

// method is Preview, Submit or Withdraw.
type method func(*Client, context.Context, images.Work, images.Offer, Version) (images.Progress, error)

var (
	toPreview method = (*Client).Preview
	toLive    method = (*Client).Submit
	back      method = (*Client).Withdraw
)

// work is a call for a step of a build that begins now.
func (w *world) work(build, step string) images.Work {
	return images.Work{Build: images.BuildID(build), Key: build + "." + step + ".1", Attempt: 1, Since: w.clock.now()}
}

// drive calls a method until it is done or needs somebody. Faults that heal are waited
// for, as an engine does. See hears of each call that went well.
func (w *world) drive(do method, k images.Work, o images.Offer, v Version, see ...func(images.Progress)) (images.Progress, error) {
	for range 3000 {
		k.Now = w.clock.now()
		p, err := do(w.Client, context.Background(), k, o, v)
		var f *images.Fault
		switch {
		case errors.As(err, &f) && f.Class.Heals():
			w.clock.add(max(f.After, 3*time.Second))
			continue
		case err != nil:
			return p, err
		}
		for _, s := range see {
			s(p)
		}
		if p.Done {
			return p, nil
		}
		if p.Ref != "" {
			k.Ref = p.Ref
		}
		k.Memory = p.Memory
		w.clock.add(p.Again)
	}
	return images.Progress{}, errors.New("it does not come to an end")
}

// preview brings a version to the preview, and says by which submission.
func (w *world) preview(v Version, see ...func(images.Progress)) images.Progress {
	w.Helper()
	p, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{Product: v.product()}, v, see...)
	if err != nil {
		w.Fatalf("preview: %v", err)
	}
	return p
}

// live brings what is in the preview to customers.
func (w *world) live(v Version, previewed string, see ...func(images.Progress)) images.Progress {
	w.Helper()
	p, err := w.drive(toLive, w.work("b1", "submit"), images.Offer{Product: v.product(), Previewed: previewed}, v, see...)
	if err != nil {
		w.Fatalf("live: %v", err)
	}
	return p
}

// product is the offer as it is.
func (w *world) product() ingestsim.Product { return w.State().Product(offer) }

// numbers are the versions of the plan in a place.
func (w *world) numbers(t ingestsim.Target) string { return strings.Join(t.Plan(plan).Numbers(), " ") }

// sound holds what was sent, and what became of it, to what always has to be so.
func (w *world) sound() {
	w.Helper()
	for _, d := range w.State().Dropped {
		w.Errorf("a version was dropped: %+v", d)
	}
	for _, c := range w.Calls() {
		if c.Operation == "configure" && len(c.Body) > 0 {
			for _, err := range ingestsim.CheckConfigure(c.Body) {
				w.Errorf("what was sent does not fit its schema: %v", err)
			}
		}
	}
}

// jobs are how many requests with a target were taken.
func (w *world) jobs(target string) (n int) {
	for _, j := range w.State().Jobs {
		if j.Target == target {
			n++
		}
	}
	return n
}

// fault is an error that has to be a fault of a class.
func fault(t testing.TB, err error, class images.Class) *images.Fault {
	t.Helper()
	var f *images.Fault
	if !errors.As(err, &f) {
		t.Fatalf("it is no fault: %v", err)
	}
	if f.Class != class {
		t.Fatalf("it is %s, and not %s: %s (%s), what %s", f.Class, class, f.Said, f.Code, f.What)
	}
	if text := fmt.Sprint(f.Said, f.What, f.Findings, f.Err); strings.Contains(text, secret) {
		t.Fatalf("it has the token in it: %s", text)
	}
	return f
}

// sent is a member of a resource of the last request with one of a kind.
func (w *world) sent(kind string) resource {
	w.Helper()
	for _, c := range slices.Backward(w.Calls()) {
		var body struct {
			Resources []resource `json:"resources"`
		}
		if c.Operation != "configure" || json.Unmarshal(c.Body, &body) != nil {
			continue
		}
		for _, r := range body.Resources {
			if r.kind() == kind {
				return r
			}
		}
	}
	w.Fatalf("nothing of the kind %s was sent", kind)
	return nil
}
