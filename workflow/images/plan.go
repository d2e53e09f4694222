package images

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// Want is an image that somebody wants to be made.
type Want struct {
	// Run and Lane are whose listing it is for; both empty for an image of its own.
	Run  workflow.RunID
	Lane workflow.StepKey
	// Edition, Architecture and Version are asked for where there is no run.
	Edition      string
	Architecture string
	Version      workflow.Version
	// Publish says that it goes to customers once it is signed; else it stays private.
	Publish bool
}

// Plan is what would be made, and what stands in its way. It is drawn up anew whenever
// it is looked at, and its digest tells whether it is still the same.
type Plan struct {
	Provider workflow.Provider
	Account  string
	Who      string // as whom we are there
	Lanes    []Lane
	Regions  []Region
	Left     []string // regions that were left out
	Minutes  int      // until all images are there, about
	Dollars  float64  // about
	At       time.Time
	Digest   string
}

// Plan draws up what would be made of the wants in a provider's cloud, without the
// regions that are left out.
func (s *Service) Plan(ctx context.Context, provider workflow.Provider, wants []Want, leave []string) (Plan, error) {
	setup, ok := s.setup(provider)
	if !ok {
		return Plan{}, workflow.Fail(workflow.Unavailable, "No account of %s is connected here, so images are made by hand. The operator can add one to the configuration.", provider.Name())
	}
	orders := make([]Order, 0, len(wants))
	for _, w := range wants {
		o, err := s.order(ctx, setup, w, leave)
		if err != nil {
			return Plan{}, err
		}
		orders = append(orders, o)
	}
	return s.draw(ctx, setup, orders, leave)
}

// PlanByHand draws up what people would make of the wants, whatever the provider.
func (s *Service) PlanByHand(ctx context.Context, wants []Want) (Plan, error) {
	setup, ok := s.setupOf(&Order{ByHand: true})
	if !ok {
		return Plan{}, workflow.Fail(workflow.Unavailable, "Images that people make are not followed here.")
	}
	orders := make([]Order, 0, len(wants))
	for _, w := range wants {
		w.Publish = true
		o, err := s.order(ctx, setup, w, nil)
		if err != nil {
			return Plan{}, err
		}
		orders = append(orders, o)
	}
	return s.draw(ctx, setup, orders, nil)
}

// PlanPublishing draws up what it means to publish a private image.
func (s *Service) PlanPublishing(ctx context.Context, id BuildID) (Plan, error) {
	b, err := s.options.Book.Build(ctx, id)
	if err != nil {
		return Plan{}, err
	}
	switch {
	case b.State != Done || b.Order.Publishes():
		return Plan{}, workflow.Fail(workflow.Conflict, "%s is not a private image that waits to be published.", b.Order.Name)
	case b.Order.Run == "":
		return Plan{}, workflow.Fail(workflow.Conflict, "%s belongs to no run, so nobody could sign it. Build it from the card of its release.", b.Order.Name)
	}
	setup, ok := s.setup(b.Order.Provider)
	if !ok {
		return Plan{}, workflow.Fail(workflow.Unavailable, "No account of %s is connected here any more.", b.Order.Provider.Name())
	}
	full, err := s.order(ctx, setup, Want{Run: b.Order.Run, Lane: b.Order.Lane, Publish: true}, nil)
	if err != nil {
		return Plan{}, err
	}
	o := b.Order.clone()
	o.Public, o.Product, o.Title, o.Notes, o.Texts = full.Public, full.Product, full.Title, full.Notes, full.Texts
	name, base := o.Image, o.Base
	o.Image = "" // it is there, and its name is its own
	p, err := s.draw(ctx, setup, []Order{o}, nil)
	for i := range p.Lanes {
		p.Lanes[i].Order.Image, p.Lanes[i].Order.Base = name, base
	}
	return p, err
}

func (s *Service) draw(ctx context.Context, setup Setup, orders []Order, leave []string) (Plan, error) {
	ctx, cancel := context.WithTimeout(ctx, calls)
	defer cancel()
	seen, err := look(ctx, setup.Cloud, orders)
	if err != nil {
		return Plan{}, &workflow.Error{Kind: workflow.Unavailable, Message: workflow.Say("%s could not be asked, so there is no plan: %s. Nothing was made.", setup.Cloud.Provider().Name(), said(err)), Err: err}
	}
	p := Plan{Provider: setup.Cloud.Provider(), Account: seen.Account, Who: seen.Who, Lanes: seen.Lanes, Regions: seen.Regions, Left: leave, At: s.now()}
	h := sha256.New()
	for i := range p.Lanes {
		l := &p.Lanes[i]
		l.Order.Account = seen.Account
		p.Minutes, p.Dollars = max(p.Minutes, l.Minutes), p.Dollars+l.Dollars
		fmt.Fprintln(h, l.Order.Digest())
		for _, problem := range l.Problems {
			if problem.Stops {
				fmt.Fprintln(h, problem.Class, problem.Region, problem.What)
			}
		}
	}
	fmt.Fprintln(h, p.Account)
	p.Digest = hex.EncodeToString(h.Sum(nil)[:8])
	return p, nil
}

// look looks until it gets an answer, a few times: whoever waits for a plan would only ask
// again.
func look(ctx context.Context, cloud Cloud, orders []Order) (Outlook, error) {
	const tries = 3
	for n := 1; ; n++ {
		seen, err := cloud.Look(ctx, orders)
		f, ok := errors.AsType[*Fault](err)
		if !ok || !f.Class.Heals() || n == tries {
			return seen, err
		}
		select {
		case <-time.After(min(max(f.After, 200*time.Millisecond), 5*time.Second)):
		case <-ctx.Done():
			return seen, err
		}
	}
}

// order is what is to be done for a want, as far as it is known without asking the
// cloud.
func (s *Service) order(ctx context.Context, setup Setup, w Want, leave []string) (Order, error) {
	ways := setup.Cloud.Ways()
	o := Order{ByHand: ways.ByHand, Run: w.Run, Lane: w.Lane, Edition: w.Edition, Architecture: w.Architecture, Version: w.Version,
		Provider: setup.Cloud.Provider(), Region: setup.Region}
	if !ways.ByHand {
		o.Regions = setup.regions(leave)
	}
	var packages []workflow.Package
	if w.Run != "" {
		r, err := s.Run(ctx, w.Run)
		if err != nil {
			return o, err
		}
		l, ok := r.Listing(w.Lane.Listing)
		if !ok || r.Steps[w.Lane] == nil {
			return o, workflow.Fail(workflow.NotFound, "%s has no such listing any more. Please look again.", r.Name())
		}
		if r.Catalyst == nil {
			return o, workflow.Fail(workflow.Conflict, "%s is about no release.", r.Name())
		}
		packages = r.Catalyst.Packages
		o.Listing, o.Edition, o.Architecture, o.Version, o.Name = l.ID, l.Edition, l.Architecture, r.Catalyst.Version, r.ListingName(l)
		if err := s.market(ctx, setup, l, w.Publish, &o); err != nil {
			return o, err
		}
	}
	o.Architecture = architecture(o.Architecture)
	if o.Name == "" {
		o.Name = fmt.Sprintf("%s %s (%s)", o.Provider.Name(), o.Edition, o.Architecture)
	}
	o.Machine = setup.Machines[o.Architecture]
	if o.Machine == "" && !ways.ByHand {
		return o, workflow.Fail(workflow.Conflict, "%s is for %s, and no type of machine is configured for that. The operator can add one.", o.Name, o.Architecture)
	}
	if len(packages) == 0 && s.options.Packages != nil {
		var err error
		if packages, err = s.options.Packages(ctx, o.Version); err != nil {
			return o, err
		}
	}
	i := slices.IndexFunc(packages, func(p workflow.Package) bool {
		return p.Edition == o.Edition && p.Architecture == o.Architecture && p.Distribution == setup.Distribution
	})
	if ways.ByHand {
		o.Image = s.imageName(&o)
		return o, nil // whoever makes it finds the packages on the card
	}
	if i < 0 || packages[i].SHA256 == "" {
		return o, workflow.Fail(workflow.Conflict, "No package of %s %s %s for %s (%s) is known with its checksum, and nothing is built without. %s is when one is seen.",
			s.options.Product, o.Edition, o.Version.String(), setup.Distribution, o.Architecture, workflow.Command("/cloudimage release list"))
	}
	o.Package = packages[i]
	o.Image = s.imageName(&o)
	if o.Publishes() {
		o.Title = strings.TrimSuffix(o.Image, " (ARM64)")
	}
	return o, nil
}

// market fills in where the image goes.
func (s *Service) market(ctx context.Context, setup Setup, l *workflow.Listing, publish bool, o *Order) error {
	if !publish {
		return nil
	}
	o.Public = setup.Public
	o.Product = l.Facts[workflow.FactProduct]
	if s.options.Catalogued != nil {
		listed, found, err := s.options.Catalogued(ctx, l.ID)
		if err != nil {
			return err
		}
		if found {
			o.Product = cmp.Or(listed.Product, o.Product)
			if setup.Cloud.Ways().Texts {
				o.Texts = listed.Texts
			}
		}
	}
	if o.ByHand {
		o.Provider = l.Provider
		o.Product = cmp.Or(o.Product, l.Partner, o.Name)
	}
	if !o.Publishes() {
		return workflow.Fail(workflow.Conflict, "Nobody would get %s: the catalogue has no product for it on the marketplace, and images are not made public here. Add the product's id to the listing.", o.Name)
	}
	o.Notes = fmt.Sprintf("%s %s %s.", s.options.Product, o.Edition, o.Version.First().String())
	return nil
}

// architecture is the name that packages have for one.
func architecture(s string) string {
	switch strings.ToLower(s) {
	case "", "x86_64", "x64", "amd64", "x86-64":
		return "amd64"
	case "arm64", "aarch64", "arm":
		return "arm64"
	}
	return strings.ToLower(s)
}

// imageName is what the image is called: "GitLab EE 17.6.2 (ARM64)".
func (s *Service) imageName(o *Order) string {
	name := fmt.Sprintf("%s %s %s", s.options.Product, o.Edition, o.Version.First().String())
	if o.Version.Rebuild > 0 {
		name += fmt.Sprintf(" rebuild %d", o.Version.Rebuild)
	}
	if o.Architecture != "amd64" {
		name += " (" + strings.ToUpper(o.Architecture) + ")"
	}
	return name
}

// Stops reports whether the plan cannot be carried out, and why.
func (p *Plan) Stops() (Problem, bool) {
	for _, l := range p.Lanes {
		for _, problem := range l.Problems {
			if problem.Stops && !problem.Later() {
				return problem, true
			}
		}
	}
	return Problem{}, false
}

// Troubled are the regions in which something stands in the way that leaving them out
// lifts.
func (p *Plan) Troubled() (out []string) {
	for _, l := range p.Lanes {
		for _, problem := range l.Problems {
			if problem.Stops && problem.Region != "" && problem.Region != l.Order.Region && !slices.Contains(out, problem.Region) {
				out = append(out, problem.Region)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Later reports whether the problem only matters when the image is published: it can be
// built meanwhile.
func (p Problem) Later() bool { return p.Class == Quota && p.Region != "" || p.Class == Blocked }
