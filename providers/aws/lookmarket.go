package aws

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// shop is what was found about a product.
type shop struct {
	product  *product
	flight   []changeSet
	problems []images.Problem
}

// lookAtProducts finds out how the products of orders stand.
func (c *Cloud) lookAtProducts(ctx context.Context, lanes []images.Lane) error {
	if !slices.ContainsFunc(lanes, func(l images.Lane) bool { return l.Order.Product != "" }) {
		return nil
	}
	// One question for all products: AWS lets few such be asked.
	flight, refused := c.inFlight(ctx, "")
	if refused != nil && clouds.Heals(refused) {
		return refused
	}
	found := map[string]shop{}
	for i := range lanes {
		lane := &lanes[i]
		id := lane.Order.Product
		if id == "" {
			continue
		}
		s, ok := found[id]
		if !ok {
			var err error
			if s, err = c.lookAtProduct(ctx, id, flight, refused); err != nil {
				return err
			}
			found[id] = s
		}
		c.tellOfProduct(lane, s)
	}
	return nil
}

// lookAtProduct asks for a product, and finds what holds it among all change sets that
// are in flight; refused is why those could not be asked for.
func (c *Cloud) lookAtProduct(ctx context.Context, id string, flight []changeSet, refused error) (s shop, err error) {
	for _, f := range flight {
		if slices.ContainsFunc(f.products, func(p string) bool { return p == id || strings.HasPrefix(p, id+"@") }) {
			s.flight = append(s.flight, f)
		}
	}
	s.product, err = c.product(ctx, id)
	if err != nil && clouds.Heals(err) {
		return s, err
	}
	for _, err := range []error{err, refused} {
		if err != nil {
			s.problems = append(s.problems, clouds.Problem(err, "", true))
		}
	}
	return s, nil
}

// tellOfProduct adds to a lane what was found about its product.
func (c *Cloud) tellOfProduct(lane *images.Lane, s shop) {
	o := lane.Order
	for _, p := range s.problems {
		clouds.Add(lane, p)
	}
	if c.o.AccessRole == "" {
		clouds.Add(lane, clouds.Problem(c.submittable(images.Offer{}), "", true))
	}
	if !slices.Contains(o.Regions, market) {
		clouds.Add(lane, images.Problem{Class: images.Invalid, What: market, Said: fmt.Sprintf("The marketplace takes images from %s only, and the order does not go there.", market), Stops: true})
	}
	if s.product == nil {
		return
	}
	lane.Versions, lane.MostVersions = len(s.product.open()), mostVersions
	lane.Order.Hides = len(c.tooOld(s.product, o.Title))
	if v := s.product.titled(o.Title); v != nil {
		clouds.Add(lane, clouds.Problem(titleTaken(images.Offer{Product: o.Product, Title: o.Title}, v), "", true))
	}
	for _, f := range s.flight {
		clouds.Add(lane, images.Problem{Class: images.Foreign, What: f.id, Said: f.name, Link: "https://aws.amazon.com/marketplace/management/requests/" + f.id})
	}
}
