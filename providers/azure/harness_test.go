package azure

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/guest"
	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/workflow"
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

// world is the stand-in, over real HTTP, and a cloud in it.
type world struct {
	testing.TB
	*azuresim.Server
	*Cloud
	partner *ingestsim.Server
	clock   *clock
	url     string
}

const (
	home    = "eastus"
	away    = "westeurope"
	third   = "westus2"
	listing = "gitlab-ee/byol"
	trials  = "0a1b2c3d-0000-4000-8000-0000000000aa"
	vmType  = "Standard_D2s_v5"
)

func newWorld(t testing.TB, edit ...func(*Options)) *world {
	t.Helper()
	return worldOf(t, azuresim.Options{}, edit...)
}

func worldOf(t testing.TB, sim azuresim.Options, edit ...func(*Options)) *world {
	t.Helper()
	w := &world{TB: t, clock: &clock{at: time.Date(2033, 11, 2, 9, 0, 0, 0, time.UTC)}}
	sim.Now = w.clock.now
	w.partner = ingestsim.New(ingestsim.Options{
		Now: w.clock.now,
		Authorize: func(r *http.Request) error {
			if _, ok, why := w.Server.Authorize(r, azuresim.AudienceGraph); !ok {
				return errors.New("the token is " + why)
			}
			return nil
		},
		Readable: func(_, id string) error {
			if !w.PartnerCenterReads(id) {
				return errors.New("The image reference is not accessible.")
			}
			return nil
		},
	})
	sim.Ingestion = w.partner
	w.Server = azuresim.New(sim)
	s := httptest.NewServer(w.Server)
	t.Cleanup(s.Close)
	w.url = s.URL
	w.Server.SetBaseURL(s.URL)
	w.partner.SetBaseURL(s.URL)
	w.AddSubscription(trials, "Trials")
	w.partner.AddProduct("gitlab-ee", ingestsim.Plan{ExternalID: "byol", Live: []ingestsim.Version{{Number: "18.2.0"}, {Number: "18.3.0"}}})
	w.Cloud = w.cloud(edit...)
	return w
}

// cloud is another cloud in the same subscription: a replica.
func (w *world) cloud(edit ...func(*Options)) *Cloud {
	w.Helper()
	id, secret := w.Credentials()
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	w.Cleanup(transport.CloseIdleConnections)
	o := Options{
		Subscription: w.Subscription(), Tenant: w.Tenant(), Region: home, Regions: []string{home, away},
		GalleryGroup: azuresim.GalleryGroup, Gallery: azuresim.GalleryName, ClientID: id, ClientSecret: secret,
		Market: true, Publisher: "gitlab", PreviewSubscription: trials,
		PartnerCenterPrincipals: []string{azuresim.PartnerCenterObjectID, azuresim.ImageRegistryObjectID},
		Endpoints:               Endpoints{Authority: w.url, ResourceManager: w.url, Graph: w.url},
		Now:                     w.clock.now, Transport: transport,
	}
	for _, f := range edit {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// order is an order of an image in two regions that is a version of an offer.
func (w *world) order(edit ...func(*images.Order)) images.Order {
	v, _ := workflow.ParseVersion("18.3.1")
	o := images.Order{Name: "Azure EE", Edition: "EE", Architecture: "amd64", Version: v, Run: "run_1",
		Package:  workflow.Package{URL: "https://packages.example.com/gitlab-ee.deb", SHA256: strings.Repeat("ab", 32)},
		Provider: workflow.Azure, Account: w.Subscription(), Region: home, Regions: []string{home, away}, Machine: vmType, Image: "GitLab EE 18.3.1",
		Product: listing, Title: "EE 18.3.1 Release"}
	for _, f := range edit {
		f(&o)
	}
	return o
}

func private(o *images.Order) { o.Product = "" }

// step is a call for a step.
type step func(context.Context, images.Work) (images.Progress, error)

// work is a call for a step of a build that begins now.
func (w *world) work(o *images.Order, build, name, region string) images.Work {
	key := build + "." + name
	if region != "" {
		key += "." + region
	}
	return images.Work{Build: images.BuildID(build), Key: key + ".1", Region: region, Attempt: 1, Since: w.clock.now(), Order: o}
}

// attempt is another attempt of a step.
func (w *world) attempt(k images.Work, n int) images.Work {
	k.Key, k.Attempt, k.Since, k.Ref, k.Memory = fmt.Sprintf("%s%d", k.Key[:len(k.Key)-1], n), n, w.clock.now(), "", ""
	return k
}

// drive calls for a step until it is done or needs somebody. Faults that heal are waited
// for, as an engine does. See may change what is remembered.
func (w *world) drive(k images.Work, do step, see ...func(*images.Work)) (images.Progress, error) {
	for range 3000 {
		k.Now = w.clock.now()
		p, err := do(context.Background(), k)
		var f *images.Fault
		switch {
		case errors.As(err, &f) && f.Class.Heals():
			w.clock.add(max(f.After, 3*time.Second))
			continue
		case err != nil || p.Done:
			return p, err
		}
		if p.Ref != "" {
			k.Ref = p.Ref
		}
		k.Memory = p.Memory
		w.clock.add(p.Again)
		for _, f := range see {
			f(&k)
		}
	}
	return images.Progress{}, errors.New("it does not come to an end")
}

// results are what a build of a test has made.
type results struct {
	source             string
	images             map[string]string // by region
	previewed, offered string
}

// buildStep is a step of a build, and what becomes of its ref.
type buildStep struct {
	name, region string
	do           step
	ref          func(string)
}

func script() guest.Script {
	return guest.Script{Name: "install", Text: "#!/bin/bash\necho hello\n", Timeout: time.Hour}
}

// plan is a whole build, in the order in which an engine does it.
func (w *world) plan(c func() *Cloud, o images.Order) (*results, []buildStep) {
	r := &results{images: map[string]string{}}
	machines := map[string]string{}
	image := func(region string) images.Image {
		return images.Image{Name: o.Image, Description: o.Name, Source: r.source, ID: r.images[region]}
	}
	launch := func(role string, attempts ...int) buildStep {
		return buildStep{"launch-" + role, "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			m := images.Machine{Role: role, Image: r.source, Type: o.Machine, Lifetime: time.Hour, UserData: "#!/bin/bash\n"}
			switch role {
			case images.Builder:
				m.Image = o.Base.ID
			case images.Trial:
				m.Image, m.Preview = "", &images.Offer{Product: o.Product}
			}
			return c().Launch(ctx, k, m)
		}, func(ref string) { machines[role] = ref }}
	}
	command := func(name, role string) buildStep {
		return buildStep{name, "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c().Run(ctx, k, machines[role], script())
		}, nil}
	}
	remove := func(role string) buildStep {
		return buildStep{"remove-" + role, "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c().Remove(ctx, k, role)
		}, nil}
	}
	steps := []buildStep{
		launch(images.Builder), command("install", images.Builder), command("clean", images.Builder),
		{"stop", "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c().Stop(ctx, k, machines[images.Builder])
		}, nil},
		{"capture", home, func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c().Capture(ctx, k, machines[images.Builder], image(home))
		}, func(ref string) { r.source, r.images[home] = ref, ref }},
		launch(images.FirstBoot), command("check1", images.FirstBoot), launch(images.SecondBoot), command("check2", images.SecondBoot),
		remove(images.FirstBoot), remove(images.SecondBoot), remove(images.Builder),
	}
	for _, region := range o.Regions {
		if region == home {
			continue
		}
		steps = append(steps, buildStep{"copy", region, func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c().Copy(ctx, k, image(region))
		}, func(ref string) { r.images[region] = ref }})
	}
	for _, region := range o.Regions {
		steps = append(steps, buildStep{"mark", region, func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c().Mark(ctx, k, image(region))
		}, nil})
	}
	offer := func() images.Offer {
		return images.Offer{Product: o.Product, Title: o.Title, Notes: o.Notes, Image: r.source, Previewed: r.previewed, Submitted: r.offered}
	}
	if o.Product != "" {
		steps = append(steps,
			buildStep{"preview", "", func(ctx context.Context, k images.Work) (images.Progress, error) {
				return c().Preview(ctx, k, offer())
			}, func(ref string) {
				r.previewed = ref
				w.showPreview(r.source)
			}},
			launch(images.Trial), command("check3", images.Trial), remove(images.Trial),
			buildStep{"submit", "", func(ctx context.Context, k images.Work) (images.Progress, error) {
				return c().Submit(ctx, k, offer())
			}, func(ref string) { r.offered = ref }})
	}
	return r, steps
}

// showPreview lets machines be started from the preview of the offer.
func (w *world) showPreview(source string) {
	v, err := versionOf(source)
	if err != nil {
		w.Fatal(err)
	}
	w.PublishOffer(azuresim.Offer{Publisher: "gitlab", Offer: "gitlab-ee-preview", SKU: "byol", Version: v.number[:len(v.number)-5], Plan: true, Subscriptions: []string{trials}, Source: w.resource(v)})
}

// build makes a whole build.
func (w *world) build(c *Cloud, o images.Order, id string) (results, error) {
	r, steps := w.plan(func() *Cloud { return c }, o)
	for _, s := range steps {
		p, err := w.drive(w.work(&o, id, s.name, s.region), s.do)
		if err != nil {
			return *r, fmt.Errorf("%s in %s: %w", s.name, s.region, err)
		}
		if s.ref != nil {
			s.ref(p.Ref)
		}
	}
	return *r, nil
}

// look is the one lane that Look finds for an order.
func (w *world) look(o images.Order) images.Lane {
	w.Helper()
	out, err := w.Look(context.Background(), []images.Order{o})
	if err != nil {
		w.Fatal(err)
	}
	return out.Lanes[0]
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
	return f
}
