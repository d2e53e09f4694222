package azure

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudimage/checkup"
	"cloudimage/providers/azure/partnercenter"
	"cloudimage/providers/clouds"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file says to Partner Center what a build brings to an offer. How offers change is
// known there.

// newMarket is the client for Partner Center; nil when it is not configured.
func (c *Cloud) newMarket() *partnercenter.Client {
	if !c.o.Market {
		return nil
	}
	return partnercenter.New(partnercenter.Options{
		Endpoint: c.servers.graph.String() + "/rp/product-ingestion", Token: c.graphToken, Transport: c.carrier,
		Schemas: c.o.Schemas, KeepVersions: c.o.KeepVersions, Publisher: c.o.Publisher, Now: c.o.Now, Logger: c.o.Logger, Scrub: c.scrub,
	})
}

// Ways are how images come to customers in Azure.
func (c *Cloud) Ways() images.Ways {
	return images.Ways{
		Previews: c.o.Market, Tries: c.o.Market && c.o.PreviewSubscription != "", RetiresAlong: true, Texts: true,
		Limits: map[images.StepName]time.Duration{
			images.Preview: 72 * time.Hour, images.Submit: 10 * 24 * time.Hour, images.Copy: 6 * time.Hour, images.Capture: 3 * time.Hour,
			images.Withdraw: 11 * 24 * time.Hour, // a submission that is on its way to customers cannot be stopped
		},
		Typical: images.Typical{
			images.Capture: 25 * time.Minute, images.Copy: 40 * time.Minute, images.Preview: 6 * time.Hour, images.Submit: 24 * time.Hour,
		},
	}
}

// Preview brings the image to the preview of its offer.
func (c *Cloud) Preview(ctx context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	v, err := c.brought(ctx, w, o, true)
	if err != nil {
		return images.Progress{}, err
	}
	return c.market.Preview(ctx, w, o, v)
}

// Submit brings to customers what the preview has.
func (c *Cloud) Submit(ctx context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	v, err := c.brought(ctx, w, o, false)
	if err != nil {
		return images.Progress{}, err
	}
	return c.market.Submit(ctx, w, o, v)
}

// Withdraw takes back what did not come to customers yet.
func (c *Cloud) Withdraw(ctx context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	v, err := c.brought(ctx, w, o, false)
	if err != nil {
		return images.Progress{}, err
	}
	return c.market.Withdraw(ctx, w, o, v)
}

// Plea is what to write to the marketplace's support.
func (c *Cloud) Plea(w images.Work, o images.Offer) images.Plea {
	v, err := c.brought(context.Background(), w, o, false) // which asks nothing
	if err != nil {
		return images.Plea{}
	}
	return c.market.Plea(w, o, v)
}

// Retire has nothing to do: old versions are hidden by the submission itself.
func (c *Cloud) Retire(context.Context, images.Work, images.Offer) (images.Progress, error) {
	return images.Progress{Done: true, Note: "they are hidden by the submission"}, nil
}

// brought is what a build brings to a plan of an offer. What kind of machines it starts
// is asked for only where a plan may get its first image of that kind.
func (c *Cloud) brought(ctx context.Context, w images.Work, o images.Offer, first bool) (partnercenter.Version, error) {
	if c.market == nil {
		return partnercenter.Version{}, noMarket()
	}
	order, err := orderOf(w)
	if err != nil {
		return partnercenter.Version{}, err
	}
	v, err := c.offered(o.Product, order)
	if err != nil || o.Image == "" {
		return v, err
	}
	im, err := versionOf(o.Image)
	if err != nil {
		return v, err
	}
	v.ResourceID = c.resource(im)
	if first {
		d, err := c.definition(ctx, im.definition)
		if err != nil {
			return v, err
		}
		v.SecurityTypes = offeredSecurity(securityOf(d))
	}
	return v, nil
}

// offered is a version of an offer, before there is an image for it.
func (c *Cloud) offered(product string, o *images.Order) (partnercenter.Version, error) {
	offer, plan, ok := strings.Cut(product, "/")
	if !ok || offer == "" || plan == "" || strings.Contains(plan, "/") {
		return partnercenter.Version{}, noPlan(product)
	}
	kind := "x64Gen2"
	if o.Architecture == "arm64" {
		kind = "arm64Gen2"
	}
	return partnercenter.Version{Offer: offer, Plan: plan, Number: published(o), ImageType: kind, TenantID: c.o.Tenant, Texts: o.Texts, Hides: o.Hides}, nil
}

// offeredSecurity is the kind of machines as offers name it.
func offeredSecurity(security string) []string {
	switch security {
	case trustedLaunch, trustedSupported:
		return []string{"trusted"}
	case eitherSupported:
		return []string{"trusted", "confidential"}
	}
	return nil
}

// noPlan is the fault of a product that is no plan of an offer.
func noPlan(product string) error {
	return &images.Fault{Class: images.Invalid, What: product, Said: fmt.Sprintf("A product of Azure is named as its offer and plan, such as gitlab-ee/byol, and not as %q.", product)}
}

func noMarket() error {
	return &images.Fault{Class: images.Unready, What: "Partner Center", Said: "Partner Center is not configured, so nothing is brought to the marketplace.", Link: "https://partner.microsoft.com/dashboard/account/v3/usermanagement"}
}

// offers is where people see their offers.
const offers = "https://partner.microsoft.com/dashboard/marketplace-offers/overview"

// lookAtProducts finds out how the offers of orders stand.
func (c *Cloud) lookAtProducts(ctx context.Context, lanes []images.Lane) error {
	for i := range lanes {
		lane, o := &lanes[i], &lanes[i].Order
		if o.Product == "" {
			continue
		}
		if c.market == nil {
			clouds.Add(lane, clouds.Problem(noMarket(), "", true))
			continue
		}
		v, err := c.offered(o.Product, o)
		if err != nil {
			clouds.Add(lane, clouds.Problem(err, "", true))
			continue
		}
		if o.Image != "" {
			v.ResourceID = c.resource(c.imageOf("", o))
		}
		s, err := c.market.Look(ctx, v)
		switch {
		case clouds.Heals(err):
			return err
		case err != nil:
			clouds.Add(lane, clouds.Problem(err, "", true))
			continue
		}
		tellOfOffer(lane, s)
	}
	return nil
}

// tellOfOffer adds to a lane what was found about its offer.
func tellOfOffer(lane *images.Lane, s partnercenter.Sight) {
	o := &lane.Order
	lane.Versions, lane.MostVersions, o.Hides = s.Versions, s.MostVersions, s.Hides
	if !s.TextsDiffer {
		o.Texts = workflow.Texts{}
	}
	if s.Taken != "" {
		clouds.Add(lane, images.Problem{Class: images.TitleTaken, What: published(o), Said: fmt.Sprintf("The plan has the version %s already, with the image %s.", published(o), s.Taken), Link: offers, Stops: true})
	}
	if s.Flight != nil && !s.Flight.Ours {
		clouds.Add(lane, images.Problem{Class: images.Foreign, What: s.Flight.ID, Said: "It goes to " + s.Flight.Target + ".", Link: offers})
	}
	if s.Others != "" {
		clouds.Add(lane, images.Problem{Class: images.Unready, What: o.Product, Link: offers,
			Said: "The draft of the offer has changes that are not ours: " + s.Others + ". They would go to customers too, so nothing goes live before they are published or undone."})
	}
}

// checkMarket looks whether Partner Center lets us in, and the marketplace reads images.
func (c *Cloud) checkMarket(ctx context.Context) (out []checkup.Finding) {
	if c.market == nil {
		return []checkup.Finding{checkup.Noted("Configure Partner Center.", "Nothing is brought to the marketplace: Partner Center is not configured.")}
	}
	problems, err := c.readers(ctx)
	if err != nil {
		out = append(out, unanswered("whether the marketplace may read images", err))
	}
	for _, p := range problems {
		if p.Stops {
			out = append(out, checkup.Failing("See "+p.Link+".", "%s", p.Said))
			continue
		}
		out = append(out, checkup.Noted("See "+p.Link+".", "%s", p.Said))
	}
	if err == nil && len(problems) == 0 {
		out = append(out, checkup.Okay("The marketplace may read images of the gallery."))
	}
	ok, errs := c.market.Check(ctx, nil)
	for _, line := range ok {
		out = append(out, checkup.Okay("%s.", line))
	}
	for _, err := range errs {
		out = append(out, checkup.Failing("Look whether our application is a user of Partner Center, as a manager.", "%s", c.clean(clouds.Said(err))))
	}
	return append(out, c.checkTrials()...)
}

// checkTrials says whether previews are tried.
func (c *Cloud) checkTrials() []checkup.Finding {
	if c.o.PreviewSubscription == "" {
		return []checkup.Finding{checkup.Noted("Name a subscription of the preview audience, and the publisher's id.", "Previews are not tried: no subscription for that is configured.")}
	}
	return nil
}
