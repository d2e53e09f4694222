package azure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file finds out what we may do, as far as Azure says it: the actions of our roles.
// What denies them beside the roles is not seen, and what is not said is no problem.

// permission is what one role of ours allows.
type permission struct {
	Actions    []string `json:"actions"`
	NotActions []string `json:"notActions"`
}

// covers reports whether a pattern such as "Microsoft.Compute/*/read" is about an
// action. A star is anything.
func covers(pattern, action string) bool {
	parts := strings.Split(strings.ToLower(pattern), "*")
	rest, ok := strings.CutPrefix(strings.ToLower(action), parts[0])
	if !ok {
		return false
	}
	for i, p := range parts[1:] {
		if i == len(parts)-2 { // the last one
			return strings.HasSuffix(rest, p)
		}
		at := strings.Index(rest, p)
		if at < 0 {
			return false
		}
		rest = rest[at+len(p):]
	}
	return rest == ""
}

// allows reports whether one of the roles allows an action.
func allows(roles []permission, action string) bool {
	about := func(p string) bool { return covers(p, action) }
	return slices.ContainsFunc(roles, func(r permission) bool {
		return slices.ContainsFunc(r.Actions, about) && !slices.ContainsFunc(r.NotActions, about)
	})
}

// rights are what our roles allow for something and all that is in it.
func (c *Cloud) rights(ctx context.Context, id string) ([]permission, error) {
	type page struct {
		Value []permission `json:"value"`
	}
	// The client library asks this of groups and of what is in them only.
	out, err := raw[page](ctx, c, readRights, id+"/providers/Microsoft.Authorization/permissions", "2022-04-01")
	return out.Value, err
}

// wish is what we have to be allowed, and for what.
type wish struct {
	id      string // of the subscription, or of something in it
	what    string // in words
	actions []string
}

// wishes are what builds need. With trials some of it is needed where previews are
// tried.
func (c *Cloud) wishes(market bool) []wish {
	home := "/subscriptions/" + c.o.Subscription
	var inHome, builds, gallery []string
	add := func(to *[]string, list []action) {
		for _, a := range list {
			for _, name := range append([]string{a.name}, a.joins...) {
				if !slices.Contains(*to, name) {
					*to = append(*to, name)
				}
			}
		}
	}
	add(&builds, forBuilds())
	add(&gallery, forGallery())
	add(&inHome, inSubscription())
	if !market {
		inHome = slices.DeleteFunc(inHome, func(s string) bool { return s == readRoles.name })
	}
	elsewhere := func(s string) bool { return slices.Contains(gallery, s) }
	builds = slices.DeleteFunc(builds, elsewhere)
	gallery = slices.DeleteFunc(gallery, func(s string) bool { return slices.Contains(builds, s) })
	out := []wish{{c.galleryID(), "the gallery " + c.o.Gallery, gallery}}
	if p := c.o.PreviewSubscription; market && p != "" && p != c.o.Subscription {
		own := slices.DeleteFunc(slices.Clone(builds), func(s string) bool { return strings.HasPrefix(s, "Microsoft.Compute/images/") })
		out = append(out, wish{"/subscriptions/" + p, "the subscription " + p + ", in which previews are tried,", own})
	}
	if c.o.Subnet != "" {
		join := writeInterface.joins[0]
		builds = slices.DeleteFunc(builds, func(s string) bool { return s == join })
		out = append(out, wish{c.o.Subnet, "the subnet of machines", []string{join}})
	}
	return append(out, wish{home, "the subscription " + c.o.Subscription, append(inHome, builds...)})
}

// lacks says what of our wishes no role of ours allows.
func (c *Cloud) lacks(ctx context.Context, market bool) (out []images.Problem, err error) {
	for _, w := range c.wishes(market) {
		roles, err := c.rights(ctx, w.id)
		switch {
		case clouds.Heals(err):
			return nil, err
		case err != nil: // it is not said
			continue
		}
		var missing []string
		for _, a := range w.actions {
			if !allows(roles, a) {
				missing = append(missing, a)
			}
		}
		if len(missing) > 0 {
			out = append(out, images.Problem{Class: images.Permission, What: strings.Join(missing, ", "), Stops: true, Link: c.portal(w.id + "/users"),
				Said: fmt.Sprintf("No role of ours for %s allows it. Add it to our role, or give us one that has it.", w.what)})
		}
	}
	return out, nil
}

// lookAtRights finds out whether we may do what orders need.
func (c *Cloud) lookAtRights(ctx context.Context, lanes []images.Lane) error {
	lists := found[bool, []images.Problem]{}
	for i := range lanes {
		market := lanes[i].Order.Product != ""
		problems, err := lists.of(market, func() ([]images.Problem, error) { return c.lacks(ctx, market) })
		if err != nil {
			return err
		}
		addAll(&lanes[i], problems)
	}
	return nil
}
