package commands_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// yard is where images are made in memory: a book of builds, and a cloud that makes
// nothing.
type yard struct {
	shelf *shelf
	sky   *sky
	// clouds are those that are connected; nil for AWS and people.
	clouds []images.Setup

	mu     sync.Mutex
	builds []*images.Build // the oldest first
	seen   map[workflow.RequestID]images.PlanID
}

var _ images.Book = (*yard)(nil)

func (y *yard) CreateBuilds(ctx context.Context, request workflow.RequestID, builds []*images.Build, change func(*workflow.Run, *images.Build) error) ([]*images.Build, error) {
	if plan, ok := y.plan(request); ok {
		return y.BuildsOf(ctx, plan)
	}
	y.shelf.mu.Lock()
	defer y.shelf.mu.Unlock()
	runs := map[workflow.RunID]*workflow.Run{}
	for _, b := range builds {
		if b.Order.Run == "" {
			continue
		}
		if runs[b.Order.Run] == nil {
			runs[b.Order.Run] = y.shelf.runs[b.Order.Run].Clone()
		}
		if err := change(runs[b.Order.Run], b); err != nil {
			return nil, err
		}
	}
	for _, r := range runs {
		y.shelf.keep(request, r)
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.seen[request] = builds[0].Plan
	for _, b := range builds {
		y.builds = append(y.builds, b.Clone())
	}
	return builds, nil
}

func (y *yard) plan(request workflow.RequestID) (images.PlanID, bool) {
	y.mu.Lock()
	defer y.mu.Unlock()
	plan, ok := y.seen[request]
	return plan, ok
}

func (y *yard) UpdateBuild(ctx context.Context, id images.BuildID, request workflow.RequestID, change func(*images.Build) error, follow func(r *workflow.Run, was, is *images.Build) error) (*images.Build, error) {
	was, err := y.Build(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, ok := y.plan(request); ok && request != "" {
		return was, nil
	}
	is := was.Clone()
	if err := change(is); err != nil {
		return nil, err
	}
	if follow != nil && is.Order.Run != "" {
		y.shelf.mu.Lock()
		defer y.shelf.mu.Unlock()
		r := y.shelf.runs[is.Order.Run].Clone()
		if err := follow(r, was, is); err != nil {
			return nil, err
		}
		y.shelf.keep(workflow.RequestID(fmt.Sprintf("build %s, %d", id, r.Version)), r)
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.seen[request] = is.Plan
	for i, b := range y.builds {
		if b.ID == id {
			y.builds[i] = is.Clone()
		}
	}
	return is, nil
}

func (y *yard) some(limit int, wanted func(*images.Build) bool) (out []*images.Build) {
	y.mu.Lock()
	defer y.mu.Unlock()
	for _, b := range y.builds {
		if wanted(b) && len(out) < limit {
			out = append(out, b.Clone())
		}
	}
	return out
}

func (y *yard) Build(_ context.Context, id images.BuildID) (*images.Build, error) {
	found := y.some(1, func(b *images.Build) bool { return b.ID == id })
	if len(found) == 0 {
		return nil, workflow.Fail(workflow.NotFound, "There is no build %q here.", string(id))
	}
	return found[0], nil
}

func (y *yard) BuildsOf(_ context.Context, plan images.PlanID) ([]*images.Build, error) {
	return y.some(100, func(b *images.Build) bool { return b.Plan == plan }), nil
}

func (y *yard) BuildsFor(_ context.Context, run workflow.RunID, limit int) ([]*images.Build, error) {
	out := y.some(limit, func(b *images.Build) bool { return b.Order.Run == run })
	slices.Reverse(out)
	return out, nil
}

func (y *yard) BuildsDue(context.Context, time.Time, int) ([]images.BuildID, error) { return nil, nil }

func (y *yard) BuildsOpen(context.Context) ([]*images.Build, error) {
	return y.some(100, func(b *images.Build) bool { return b.State.Open() }), nil
}

func (y *yard) BuildsDone(_ context.Context, listing workflow.ListingID, limit int) ([]*images.Build, error) {
	out := y.some(limit, func(b *images.Build) bool {
		return b.State == images.Done && (listing == "" || b.Order.Listing == listing)
	})
	slices.Reverse(out)
	return out, nil
}

func (*yard) HoldBuild(context.Context, images.BuildID, string, time.Time, time.Duration) (bool, error) {
	return true, nil
}

func (*yard) ReleaseBuild(context.Context, images.BuildID, string) error { return nil }

// sky is a cloud as it looks before anything is made.
type sky struct {
	images.Cloud // which nothing here is asked to do more of
	account, who string
	base         images.Base
	packages     []workflow.Package
	blocked      []string // regions in which images may not become public
	problems     func(o images.Order) []images.Problem
	looks        int
	down         error

	left    []images.Leftover
	missed  error
	stays   string // id of what cannot be removed
	removed []string
	closed  map[string]bool // images that are not public
}

const skyAccount = "123456784127"

func newSky() *sky {
	s := &sky{account: skyAccount, who: "arn:aws:sts::" + skyAccount + ":assumed-role/cloudimage-build/cloudimage", closed: map[string]bool{},
		base: images.Base{ID: "ami-base1", Name: "ubuntu-noble-24.04-20261114", Made: friday.AddDate(0, 0, -6)}}
	for _, e := range []string{"CE", "EE"} {
		for _, arch := range []string{"amd64", "arm64"} {
			s.packages = append(s.packages, workflow.Package{Edition: e, Distribution: "noble", Architecture: arch, SHA256: strings.Repeat("9c1f"+strings.ToLower(e), 10),
				URL: fmt.Sprintf("https://packages.example/gitlab-%s_17.6.0-%s.0_%s.deb", strings.ToLower(e), strings.ToLower(e), arch)})
		}
	}
	return s
}

func (*sky) Provider() workflow.Provider { return workflow.AWS }
func (*sky) Ways() images.Ways           { return images.Ways{} }

func (*sky) Plea(w images.Work, o images.Offer) images.Plea {
	return images.Plea{Link: "https://support.example/ticket", Text: "Hello,\n\nthe change set " + w.Ref + " of the product " + o.Product + " does not go on. What does it wait for?"}
}

// azure is another cloud, whose products have a preview and whose texts come along.
type azure struct {
	*sky
	tries bool
}

func (azure) Provider() workflow.Provider { return workflow.Azure }
func (a azure) Ways() images.Ways {
	return images.Ways{Previews: true, Tries: a.tries, RetiresAlong: true, Texts: true}
}

const azureAccount = "0d4c1f6a-52b1-4e57-9c86-3f1be0209012"

func (a azure) Look(ctx context.Context, orders []images.Order) (images.Outlook, error) {
	out, err := a.sky.Look(ctx, orders)
	out.Account, out.Who = azureAccount, "cloudimage-build"
	for i := range out.Lanes {
		o := &out.Lanes[i].Order
		o.Account, o.Base.ID, o.Base.Name = azureAccount, "canonical:ubuntu-24_04-lts:server:24.04.202611100", "ubuntu-24_04-lts 24.04.202611100"
	}
	return out, err
}

// hands are people, of whom nothing is known before they report.
type hands struct{ images.Cloud }

func (hands) Provider() workflow.Provider { return workflow.Manual }
func (hands) Ways() images.Ways           { return images.Ways{ByHand: true} }

func (hands) Look(_ context.Context, orders []images.Order) (images.Outlook, error) {
	out := images.Outlook{}
	for _, o := range orders {
		out.Lanes = append(out.Lanes, images.Lane{Order: o})
	}
	return out, nil
}

func (hands) Plea(w images.Work, _ images.Offer) images.Plea {
	return images.Plea{Text: "Hello,\n\nwe handed it in under " + w.Ref + " and have not heard of it since."}
}

func (s *sky) Look(_ context.Context, orders []images.Order) (images.Outlook, error) {
	if s.looks++; s.down != nil {
		return images.Outlook{}, s.down
	}
	out := images.Outlook{Account: s.account, Who: s.who}
	for _, o := range orders {
		o.Base, o.Account = s.base, skyAccount
		l := images.Lane{Minutes: 42, Dollars: 0.95}
		if o.Public {
			for _, r := range s.blocked {
				if slices.Contains(o.Regions, r) {
					o.Unblock = append(o.Unblock, r)
				}
			}
		}
		if o.Product != "" {
			l.Versions, l.MostVersions = 97, 100
		}
		if s.account != skyAccount {
			l.Problems = append(l.Problems, images.Problem{Class: images.WrongAccount, What: s.account, Stops: true})
		}
		if s.problems != nil {
			l.Problems = append(l.Problems, s.problems(o)...)
		}
		l.Order = o
		out.Lanes = append(out.Lanes, l)
	}
	return out, nil
}

func (s *sky) Leftovers(context.Context) ([]images.Leftover, error) {
	return slices.DeleteFunc(slices.Clone(s.left), func(l images.Leftover) bool { return slices.Contains(s.removed, l.ID) }), s.missed
}

func (s *sky) RemoveLeftover(_ context.Context, l images.Leftover) error {
	if l.ID == s.stays {
		return &images.Fault{Class: images.Permission, What: "ec2:DeregisterImage"}
	}
	s.removed = append(s.removed, l.ID)
	return nil
}

func (s *sky) IsPublic(_ context.Context, region, _ string) (bool, error) {
	return !s.closed[region], s.missed
}

// skyRegions are where images go.
var skyRegions = []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1", "ap-east-1", "sa-east-1", "me-central-1", "af-south-1", "ca-central-1"}

// makesImages connects a cloud to the desk of an office.
func (o *office) makesImages(options *commands.Options) {
	y := o.shelf.yard
	clouds := y.clouds
	if clouds == nil {
		clouds = []images.Setup{y.onAWS(), {Cloud: hands{}}}
	}
	options.Images = images.New(images.Options{
		Service: o.service, Book: y, Product: "GitLab", Team: "omnibus", Process: "image-maintenance",
		Clouds:   clouds,
		Packages: func(context.Context, workflow.Version) ([]workflow.Package, error) { return y.sky.packages, nil },
		Catalogued: func(_ context.Context, id workflow.ListingID) (workflow.Listed, bool, error) {
			l, ok := o.shelf.ledger.listings[id]
			return l, ok, nil
		},
		Now: func() time.Time { return o.now }, Logger: slog.New(slog.DiscardHandler),
	})
}

func (y *yard) onAWS() images.Setup {
	return images.Setup{Cloud: y.sky, Region: "us-east-1", Regions: skyRegions, Machines: map[string]string{"amd64": "m6i.large", "arm64": "m6g.large"},
		Distribution: "noble", Public: true}
}

func (y *yard) onAzure(tries bool) images.Setup {
	return images.Setup{Cloud: azure{y.sky, tries}, Region: "westeurope", Regions: []string{"westeurope", "eastus"}, Machines: map[string]string{"amd64": "Standard_D4s_v5"},
		Distribution: "noble"}
}

// newYard is an office in which images are made: of a release, three on AWS and one by
// hand.
func newYard(t *testing.T) *office {
	t.Helper()
	return newYardOf(t, func(*yard) []images.Setup { return nil })
}

// newYardOf is the same with other clouds; nil for AWS and people.
func newYardOf(t *testing.T, clouds func(*yard) []images.Setup) *office {
	t.Helper()
	runs := newShelf()
	runs.ledger = newLedger()
	runs.yard = &yard{shelf: runs, sky: newSky(), seen: map[workflow.RequestID]images.PlanID{}}
	runs.yard.clouds = clouds(runs.yard)
	o := openOffice(t, runs, friday)
	o.lists("AWS", "aws", "EE", "17.5.0", "product", "prod-ee")
	o.lists("AWS", "aws", "CE", "17.5.0", "product", "prod-ce")
	o.lists("AWS", "aws", "EE", "17.5.0", "architecture", "arm64")
	o.lists("DigitalOcean", "manual", "CE", "17.5.0")
	o.tells("17.6.0", "release")
	o.now = o.now.Add(time.Hour)
	return o
}

// waits works out what an answer says will come.
func waits(reply commands.Reply, err error) (commands.Reply, error) {
	if err != nil || reply.Later == nil {
		return reply, err
	}
	return reply.Later(context.Background())
}

// later is do, and what comes of it.
func (o *office) later(who string, req commands.Request) (commands.Reply, error) {
	return waits(o.do(who, req))
}

// plans is the form of the plan of a release's images on AWS.
func (o *office) plans(who string) *commands.Form {
	o.t.Helper()
	reply, err := o.later(who, commands.Request{Verb: "build", Target: commands.Target{Run: o.run("17.6.0").ID, Field: "plan:aws"}})
	if err != nil || reply.Form == nil {
		o.t.Fatalf("no plan: %s", print(reply, err))
	}
	return reply.Form
}

// builds has all images of the release built, as omar, and published once signed.
func (o *office) builds(answers ...string) []*images.Build {
	o.t.Helper()
	reply, err := waits(o.sends("omar", o.plans("omar"), answers...))
	if err != nil || reply.Form != nil {
		o.t.Fatalf("nothing is built: %s", print(reply, err))
	}
	return o.shelf.yard.some(100, func(*images.Build) bool { return true })
}

// moves changes a build, and lets its run know.
func (o *office) moves(id images.BuildID, mark workflow.BuildMark, change func(*images.Build)) {
	o.t.Helper()
	_, err := o.shelf.yard.UpdateBuild(context.Background(), id, "", func(b *images.Build) error {
		change(b)
		return nil
	}, func(r *workflow.Run, _, is *images.Build) error {
		mark.ID, mark.By = string(id), is.Order.By
		return r.Build(workflow.Act{Actor: workflow.Bot, At: o.now}, is.Order.Lane, mark)
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// fails lets a step of a build fail, and reports which it is.
func (o *office) fails(id images.BuildID, name images.StepName, region string, f images.Fault) (at int) {
	o.t.Helper()
	o.moves(id, workflow.BuildMark{Phase: workflow.BuildStuck, Trouble: "it failed", Publishes: true}, func(b *images.Build) {
		b.State = images.Stuck
		phase := 0
		for i := range b.Steps {
			if b.Steps[i].Name == name {
				phase = b.Steps[i].Phase
			}
		}
		for i := range b.Steps {
			s := &b.Steps[i]
			switch {
			case s.Name == name && s.Region == region:
				at = i
				s.State, s.Fault, s.Since, s.Ended = images.StepFailed, &f, o.now, o.now
			case s.Phase < phase:
				s.State, s.Since, s.Ended = images.StepDone, o.now, o.now
			}
		}
	})
	return at
}

var errDown = errors.New("dial tcp: i/o timeout")
