package azure

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// Look finds out what stands in the way of orders. Of a tenant that is not the configured
// one nothing more is asked than which it is.
func (c *Cloud) Look(ctx context.Context, orders []images.Order) (images.Outlook, error) {
	sub, err := c.subscription(ctx, c.o.Subscription)
	if err != nil && !clouds.Is(err, images.WrongAccount) {
		return images.Outlook{}, err
	}
	out := images.Outlook{Account: c.o.Subscription, At: c.o.Now()}
	for _, o := range orders {
		lane := images.Lane{Order: o}
		lane.Order.Region = c.orderHome(o)
		lane.Order.Regions, lane.Order.Unblock, lane.Order.Hides = c.regionsOf(o), nil, 0
		lane.Minutes, lane.Dollars = estimate(lane.Order, c.disk())
		out.Lanes = append(out.Lanes, lane)
		for _, r := range lane.Order.Regions {
			if !slices.ContainsFunc(out.Regions, func(is images.Region) bool { return is.Name == r }) {
				out.Regions = append(out.Regions, images.Region{Name: r})
			}
		}
	}
	if p := c.wrongTenant(sub, err); p != nil {
		out.Regions = nil
		for i := range out.Lanes {
			out.Lanes[i].Problems = []images.Problem{*p}
		}
		return out, nil
	}
	if p := c.disabled(sub); p != nil {
		for i := range out.Lanes {
			clouds.Add(&out.Lanes[i], *p)
		}
	}
	out.Who = c.me(ctx)
	for _, look := range []func(context.Context, []images.Lane) error{
		c.lookAtProviders, c.lookForBases, c.lookAtMachines, c.lookAtGallery, c.lookAtRights, c.lookAtReaders, c.lookAtProducts,
	} {
		if err := look(ctx, out.Lanes); err != nil {
			return images.Outlook{}, err
		}
	}
	return out, nil
}

// regionsOf are the regions of an order, with the one it is built in first.
func (c *Cloud) regionsOf(o images.Order) []string {
	out := []string{c.orderHome(o)}
	for _, r := range o.Regions {
		if r = place(r); !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

func (c *Cloud) orderHome(o images.Order) string { return cmp.Or(place(o.Region), c.o.Region) }

// subscription is what Azure says of a subscription.
type subscription struct {
	ID     string `json:"subscriptionId"`
	Tenant string `json:"tenantId"`
	Name   string `json:"displayName"`
	State  string `json:"state"`
}

func (c *Cloud) subscription(ctx context.Context, id string) (subscription, error) {
	return raw[subscription](ctx, c, readSubscription, "/subscriptions/"+id, "2022-12-01")
}

// raw reads something that the client library has no client for.
func raw[T any](ctx context.Context, c *Cloud, a action, path, version string) (T, error) {
	return ask(ctx, c, a, func(ctx context.Context) (out T, err error) {
		r, err := runtime.NewRequest(ctx, http.MethodGet, runtime.JoinPaths(c.home.raw.Endpoint(), path))
		if err != nil {
			return out, err
		}
		q := r.Raw().URL.Query()
		q.Set("api-version", version)
		r.Raw().URL.RawQuery = q.Encode()
		resp, err := c.home.raw.Pipeline().Do(r)
		if err != nil {
			return out, err
		}
		if !runtime.HasStatusCode(resp, http.StatusOK) {
			return out, runtime.NewResponseError(resp)
		}
		return out, runtime.UnmarshalAsJSON(resp, &out)
	})
}

// wrongTenant is the problem that the subscription belongs to another tenant than is
// configured; nil when it does not.
func (c *Cloud) wrongTenant(s subscription, err error) *images.Problem {
	if err != nil {
		p := clouds.Problem(err, "", true)
		p.What = c.o.Subscription
		return &p
	}
	if strings.EqualFold(s.Tenant, c.o.Tenant) {
		return nil
	}
	return &images.Problem{Class: images.WrongAccount, What: c.clean(s.Tenant), Stops: true,
		Said: fmt.Sprintf("The subscription %s belongs to the tenant %s, and the tenant %s is configured.", c.o.Subscription, c.clean(s.Tenant), c.o.Tenant)}
}

// disabled is the problem that nothing can be made in a subscription; nil when it can.
func (c *Cloud) disabled(s subscription) *images.Problem {
	switch strings.ToLower(s.State) {
	case "disabled", "deleted", "expired":
		return &images.Problem{Class: images.Unready, What: c.o.Subscription, Stops: true, Link: c.portal("subscriptions/" + c.o.Subscription + "/overview"),
			Said: fmt.Sprintf("The subscription is %s, so that nothing can be made in it. Whoever pays for it can have it enabled.", strings.ToLower(s.State))}
	}
	return nil
}

// found keeps what was found for one lane for the others that want the same.
type found[K comparable, V any] map[K]V

// of is what was found, which is looked for once.
func (f found[K, V]) of(k K, look func() (V, error)) (V, error) {
	if v, ok := f[k]; ok {
		return v, nil
	}
	v, err := look()
	if err == nil {
		f[k] = v
	}
	return v, err
}

// addAll adds problems to a lane.
func addAll(lane *images.Lane, problems []images.Problem) {
	for _, p := range problems {
		clouds.Add(lane, p)
	}
}
