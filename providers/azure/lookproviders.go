package azure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// The providers that a subscription has to use.
const (
	computeProvider   = "Microsoft.Compute"
	networkProvider   = "Microsoft.Network"
	ingestionProvider = "Microsoft.PartnerCenterIngestion"
)

// lookAtProviders finds out whether the subscription uses what builds need, and whether
// images can be in the regions of orders.
func (c *Cloud) lookAtProviders(ctx context.Context, lanes []images.Lane) error {
	problems, places, err := c.providers(ctx)
	if err != nil {
		return err
	}
	for i := range lanes {
		addAll(&lanes[i], problems)
		for _, r := range lanes[i].Order.Regions {
			if len(places) == 0 || slices.Contains(places, r) {
				continue
			}
			where := r
			if r == lanes[i].Order.Region {
				where = "" // it cannot be left out
			}
			clouds.Add(&lanes[i], images.Problem{Class: images.Invalid, Region: where, What: r, Stops: true, Said: fmt.Sprintf("%s is no region that the subscription's galleries can have images in.", r)})
		}
	}
	return nil
}

// providers says which providers are not registered, and in which regions galleries can
// have images: none when Azure does not say.
func (c *Cloud) providers(ctx context.Context) (problems []images.Problem, places []string, err error) {
	names := []string{computeProvider, networkProvider}
	if c.o.Market {
		names = append(names, ingestionProvider)
	}
	for _, name := range names {
		p, err := c.provider(ctx, name)
		switch {
		case clouds.Heals(err):
			return nil, nil, err
		case err != nil:
			problems = append(problems, clouds.Problem(err, "", true))
			continue
		}
		if name == computeProvider {
			places = placesOf(p)
		}
		if state := val(p.RegistrationState); !strings.EqualFold(state, "Registered") {
			problems = append(problems, images.Problem{Class: images.Unready, What: name, Stops: true, Link: c.portal("subscriptions/" + c.o.Subscription + "/resourceProviders"),
				Said: fmt.Sprintf("The subscription is not registered for %s (%s). Somebody has to do so once: az provider register --subscription %s --namespace %s", name, c.clean(state), c.o.Subscription, name)})
		}
	}
	return problems, places, nil
}

func (c *Cloud) provider(ctx context.Context, name string) (armresources.ProvidersClientGetResponse, error) {
	return ask(ctx, c, readProvider, func(ctx context.Context) (armresources.ProvidersClientGetResponse, error) {
		return c.home.resources.NewProvidersClient().Get(ctx, name, nil)
	})
}

// placesOf are the regions in which galleries can have versions.
func placesOf(p armresources.ProvidersClientGetResponse) (out []string) {
	for _, t := range p.ResourceTypes {
		if t == nil || !strings.EqualFold(val(t.ResourceType), "galleries/images/versions") {
			continue
		}
		for _, l := range t.Locations {
			out = append(out, place(val(l)))
		}
	}
	return out
}
