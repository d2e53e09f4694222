package azure

import (
	"context"
	"errors"

	"cloudimage/checkup"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// Check asks Azure what has to be so to build and publish images, and changes nothing.
// When it cannot be asked, what was not found out is left out.
func (c *Cloud) Check(ctx context.Context) []checkup.Finding {
	sub, err := c.subscription(ctx, c.o.Subscription)
	if err != nil && !clouds.Is(err, images.WrongAccount) {
		return []checkup.Finding{unanswered("which subscription it is", err)}
	}
	if p := c.wrongTenant(sub, err); p != nil {
		return []checkup.Finding{checkup.Failing("Configure the subscription and the tenant that belong together, and sign in there.", "%s", p.Said)}
	}
	who := c.me(ctx)
	if who == "" {
		who = "somebody whose name it does not say"
	}
	out := []checkup.Finding{checkup.Okay("Azure takes the credentials: we are %s, in the subscription %s.", who, sub.Name)}
	if p := c.disabled(sub); p != nil {
		out = append(out, checkup.Failing("Let whoever pays for it enable it.", "%s", p.Said))
	}
	out = append(out, c.checkProviders(ctx)...)
	bases := make([]checkup.Finding, 2)
	together(
		func() { bases[0] = c.checkBase(ctx, "amd64") },
		func() { bases[1] = c.checkBase(ctx, "arm64") },
	)
	out = append(out, bases...)
	out = append(out, c.checkGallery(ctx)...)
	out = append(out, c.checkRights(ctx)...)
	return append(out, c.checkMarket(ctx)...)
}

// checkProviders looks at what the subscription uses, and at the regions.
func (c *Cloud) checkProviders(ctx context.Context) (out []checkup.Finding) {
	problems, places, err := c.providers(ctx)
	if err != nil {
		return []checkup.Finding{unanswered("which providers are registered", err)}
	}
	for _, p := range problems {
		out = append(out, checkup.Failing("Register it, or let somebody do so who may.", "%s", p.Said))
	}
	if len(problems) == 0 {
		out = append(out, checkup.Okay("The subscription uses what builds need."))
	}
	lane := images.Lane{Order: images.Order{Region: c.o.Region, Regions: c.o.Regions}}
	for _, r := range c.regionsOf(lane.Order) {
		if len(places) > 0 && !has(places, r) {
			out = append(out, checkup.Failing("Take it out of the configuration, or correct its name.", "Galleries cannot have images in %q.", r))
		}
	}
	return out
}

func has(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// checkBase looks at the base image of an architecture.
func (c *Cloud) checkBase(ctx context.Context, architecture string) checkup.Finding {
	b, err := c.base(ctx, c.o.Region, architecture)
	if err != nil {
		return unanswered("which base image there is for "+architecture, err)
	}
	for _, p := range b.problems {
		return checkup.Doubtful("Look whether its publisher has stopped making them, or whether another one is to be configured.", "The base image for %s: %s", architecture, p.Said)
	}
	return checkup.Okay("The base image for %s is %s.", architecture, b.ID)
}

// checkGallery looks at the gallery. Its definitions are for editions, which an order
// knows.
func (c *Cloud) checkGallery(ctx context.Context) []checkup.Finding {
	list, err := c.definitions(ctx)
	switch {
	case clouds.Is(err, images.Gone):
		return []checkup.Finding{checkup.Failing("Make it, or correct its name: az sig create --resource-group "+c.o.GalleryGroup+" --gallery-name "+c.o.Gallery,
			"There is no gallery %s in the resource group %s.", c.o.Gallery, c.o.GalleryGroup)}
	case err != nil:
		return []checkup.Finding{unanswered("what is in the gallery "+c.o.Gallery, err)}
	case len(list) == 0:
		return []checkup.Finding{checkup.Failing("Make one for each edition and architecture, such as "+definition(c.o.Definition, "ee", "amd64")+". The plan of a build has the command.", "The gallery %s has no image definitions.", c.o.Gallery)}
	}
	var out []checkup.Finding
	fit := 0
	for _, d := range list {
		name := lastPart(val(d.Name))
		for _, o := range c.ordersOf(name) {
			fit++
			for _, p := range c.misdefined(o, d) {
				cure := "Make another definition, and configure its name."
				if p.Stops {
					out = append(out, checkup.Failing(cure, "%s", p.Said))
					continue
				}
				out = append(out, checkup.Doubtful(cure, "%s", p.Said))
			}
		}
	}
	if fit == 0 {
		return []checkup.Finding{checkup.Failing("Make one, or configure what definitions are called.", "The gallery %s has no image definition such as %s.", c.o.Gallery, definition(c.o.Definition, "ee", "amd64"))}
	}
	if len(out) == 0 {
		out = append(out, checkup.Okay("The gallery %s has %d image definitions that fit.", c.o.Gallery, fit))
	}
	return out
}

// ordersOf are the orders, as far as they matter to a definition, that have a definition
// of that name.
func (c *Cloud) ordersOf(name string) (out []images.Order) {
	for _, edition := range []string{"ce", "ee"} {
		for _, architecture := range []string{"amd64", "arm64"} {
			o := images.Order{Edition: edition, Architecture: architecture}
			if c.definitionOf(&o) == name {
				out = append(out, o)
			}
		}
	}
	return out
}

// checkRights looks at what our roles allow.
func (c *Cloud) checkRights(ctx context.Context) (out []checkup.Finding) {
	problems, err := c.lacks(ctx, c.o.Market)
	if err != nil {
		return []checkup.Finding{unanswered("what we may do", err)}
	}
	for _, p := range problems {
		out = append(out, checkup.Failing("Add it to our role, at "+p.Link+".", "We may not do: %s.", p.What))
	}
	if len(problems) == 0 {
		out = append(out, checkup.Okay("Our roles allow what builds do, as far as Azure says it."))
	}
	return out
}

// unanswered is a finding about a question that was not answered.
func unanswered(what string, err error) checkup.Finding {
	cure := "Look whether Azure can be reached from here, and check again."
	var f *images.Fault
	if errors.As(err, &f) {
		switch f.Class {
		case images.Permission:
			cure = "Look at the credentials, and at the roles of whoever they belong to."
			if f.What != "" {
				cure += " What is missing is " + f.What + "."
			}
		case images.Throttled:
			cure = "Wait a minute and check again."
		case images.Invalid, images.Gone, images.NoProduct:
			cure = "Look at the configuration."
		}
	}
	return checkup.Failing(cure, "Azure did not say %s: %s", what, clouds.Said(err))
}
