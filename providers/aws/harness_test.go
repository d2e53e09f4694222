package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"cloudimage/guest"
	"cloudimage/providers/aws/awssim"
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
	*awssim.Server
	*Cloud
	clock *clock
	url   string
}

const (
	account    = "123456789012"
	home       = "us-east-1"
	away       = "eu-west-1"
	listing    = "prod-abcdefghijklm"
	ingestion  = "arn:aws:iam::" + account + ":role/AWSMarketplaceAmiIngestion"
	commonName = "GitLab EE 18.3.1"
)

func newWorld(t testing.TB, edit ...func(*Options)) *world {
	t.Helper()
	return worldOf(t, awssim.Options{}, edit...)
}

func worldOf(t testing.TB, sim awssim.Options, edit ...func(*Options)) *world {
	t.Helper()
	w := &world{TB: t, clock: &clock{at: time.Date(2033, 11, 2, 9, 0, 0, 0, time.UTC)}}
	sim.Now = w.clock.now
	w.Server = awssim.New(sim)
	s := httptest.NewServer(w.Server)
	t.Cleanup(s.Close)
	w.url = s.URL
	w.SetBaseURL(s.URL)
	w.AddProduct(listing, "GitLab Premium", "x86_64", "EE 18.2.0", "EE 18.3.0")
	w.Cloud = w.cloud(edit...)
	return w
}

// cloud is another cloud in the same account: a replica.
func (w *world) cloud(edit ...func(*Options)) *Cloud {
	w.Helper()
	id, secret := w.Credentials()
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	w.Cleanup(transport.CloseIdleConnections)
	o := Options{Account: account, AccessKey: id, SecretKey: secret, Profile: "cloudimage", AccessRole: ingestion,
		Now: w.clock.now, Transport: transport}
	for _, f := range edit {
		f(&o)
	}
	c, err := newCloud(context.Background(), o, config.WithBaseEndpoint(w.url))
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// order is an order of a public image in two regions that is a version of a product.
func order(edit ...func(*images.Order)) images.Order {
	v, _ := workflow.ParseVersion("18.3.1")
	o := images.Order{Name: "AWS EE", Edition: "EE", Architecture: "amd64", Version: v, Run: "run_1",
		Package:  workflow.Package{URL: "https://packages.example.com/gitlab-ee.deb", SHA256: strings.Repeat("ab", 32)},
		Provider: workflow.AWS, Account: account, Region: home, Regions: []string{home, away}, Machine: "m5.large", Image: commonName,
		Public: true, Product: listing, Title: "EE 18.3.1 Release", Notes: "https://about.gitlab.com/releases"}
	for _, f := range edit {
		f(&o)
	}
	return o
}

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

// drive calls for a step until it is done or needs somebody. Faults that heal are
// waited for, as an engine does.
func (w *world) drive(k images.Work, do step) (images.Progress, error) {
	for range 500 {
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
	}
	return images.Progress{}, errors.New("it does not come to an end")
}

// results are what a build of a test has made.
type results struct {
	source string
	images map[string]string // by region
	set    string
}

// buildStep is a step of a build, and what becomes of its ref.
type buildStep struct {
	name, region string
	do           step
	ref          func(string)
}

// plan is a whole build, in the order in which an engine does it.
func plan(c *Cloud, o images.Order) (*results, []buildStep) {
	r := &results{images: map[string]string{}}
	machines := map[string]string{}
	script := guest.Script{Name: "install", Text: "#!/bin/bash\necho hello\n", Timeout: time.Hour}
	image := func(region string) images.Image {
		return images.Image{Name: o.Image, Description: o.Name, Source: r.source, ID: r.images[region]}
	}
	launch := func(role string) buildStep {
		return buildStep{"launch-" + role, "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			from := r.source
			if role == "builder" {
				from = o.Base.ID
			}
			return c.Launch(ctx, k, images.Machine{Role: role, Image: from, Type: o.Machine, Lifetime: time.Hour, UserData: "#!/bin/bash\n"})
		}, func(ref string) { machines[role] = ref }}
	}
	command := func(name, role string) buildStep {
		return buildStep{name, "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c.Run(ctx, k, machines[role], script)
		}, nil}
	}
	steps := []buildStep{
		launch("builder"), command("install", "builder"), command("clean", "builder"),
		{"stop", "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c.Stop(ctx, k, machines["builder"])
		}, nil},
		{"capture", "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c.Capture(ctx, k, machines["builder"], image(home))
		}, func(ref string) { r.source = ref }},
		launch("boot1"), command("check1", "boot1"), launch("boot2"), command("check2", "boot2"),
	}
	for _, role := range []string{"boot1", "boot2", "builder"} {
		steps = append(steps, buildStep{"remove-" + role, "", func(ctx context.Context, k images.Work) (images.Progress, error) {
			return c.Remove(ctx, k, role)
		}, nil})
	}
	for _, region := range o.Regions {
		steps = append(steps,
			buildStep{"copy", region, func(ctx context.Context, k images.Work) (images.Progress, error) {
				return c.Copy(ctx, k, image(region))
			}, func(ref string) { r.images[region] = ref }},
			buildStep{"mark", region, func(ctx context.Context, k images.Work) (images.Progress, error) {
				return c.Mark(ctx, k, image(region))
			}, nil})
		if o.Public {
			steps = append(steps, buildStep{"open", region, func(ctx context.Context, k images.Work) (images.Progress, error) {
				return c.Open(ctx, k, image(region), slices.Contains(o.Unblock, region))
			}, nil})
		}
	}
	offer := func() images.Offer {
		return images.Offer{Product: o.Product, Title: o.Title, Notes: o.Notes, Image: r.source}
	}
	if o.Product != "" {
		steps = append(steps,
			buildStep{"retire", "", func(ctx context.Context, k images.Work) (images.Progress, error) { return c.Retire(ctx, k, offer()) }, nil},
			buildStep{"submit", "", func(ctx context.Context, k images.Work) (images.Progress, error) { return c.Submit(ctx, k, offer()) }, func(ref string) { r.set = ref }})
	}
	return r, steps
}

// build makes a whole build.
func (w *world) build(c *Cloud, o images.Order, id string) (results, error) {
	r, steps := plan(c, o)
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

// region is how a region stands.
func (w *world) region(name string) awssim.Region { return w.State().Region(name) }

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
