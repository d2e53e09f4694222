package partnercenter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// Sight is how a plan stands before a version is brought to it.
type Sight struct {
	Product, Plan string // durable ids
	// Versions is how many versions new customers can get of the plan's draft, of
	// MostVersions.
	Versions, MostVersions int
	// Hides is how many of the oldest have to be hidden from new customers, so that there
	// are not more than is to be kept.
	Hides int
	// Flight is the submission that goes on; nil for none.
	Flight *Flight
	// TextsDiffer says that customers read something else than the version's texts.
	TextsDiffer bool
	// Taken is the image that the version's number has already, where it is another than
	// ours; empty for none.
	Taken string
	// Live and Previewed say that the version is there with its image.
	Live, Previewed bool
	// NewImageType says that the plan gets the version's type of image with it.
	NewImageType bool
	// Others is what would come to customers beside the version, or be taken from them, as
	// the draft and the preview stand: it keeps the version from going live. Empty for
	// nothing.
	Others string
}

// Flight is a submission that goes on.
type Flight struct {
	ID     string
	Target string // "preview", "live"
	Since  time.Time
	// Ours says that it brings the version along.
	Ours bool
}

// Look finds out how a plan stands. It changes nothing.
func (c *Client) Look(ctx context.Context, v Version) (Sight, error) {
	at, err := c.find(ctx, v.Offer, v.Plan)
	if err != nil {
		return Sight{}, err
	}
	s, err := c.scene(ctx, at)
	if err != nil {
		return Sight{}, err
	}
	live, preview := s.live.techOf(at.Plan), s.preview.techOf(at.Plan)
	out := Sight{Product: at.Product, Plan: at.Plan, MostVersions: mostVersions, Live: live.had(v), Previewed: preview.has(v), NewImageType: !s.draft.hasSKU(v.ImageType)}
	list := s.draft.versions()
	for _, there := range live.versions() { // they are put back
		if s.draft.numbered(there.number) == nil {
			list = append(list, there)
		}
	}
	out.Versions = active(list)
	next := out.Versions
	if there := s.draft.numbered(v.Number); there == nil || there.state != available {
		next++
	}
	out.Hides = max(0, next-c.o.KeepVersions)
	if sub := s.running(); sub != nil {
		t := &turn{c: c, v: v, mem: memory{place: at}}
		out.Flight = &Flight{sub.ID, sub.Target, sub.Created, t.ours(sub, s)}
	}
	shown := s.live
	if !shown.there {
		if shown, err = c.tree(ctx, at.Product, "draft"); err != nil {
			return Sight{}, err
		}
	}
	out.TextsDiffer = differs(listingOf(shown), v.Texts)
	if _, err := join(list, live, v); err != nil {
		var f *images.Fault
		if errors.As(err, &f) {
			out.Taken = f.What
		}
	}
	if m, err := merge(s.draft, live, v); err == nil {
		out.Others = strings.Join(m.others, ", ")
	}
	if out.Others == "" { // or as the preview of another plan stands
		out.Others = clouds.Shorten(unexplained(s.preview, s.live, v, at.Plan), mostNote)
	}
	return out, nil
}

// Check looks whether Partner Center lets us in and has what is configured: offers, or
// plans as "offer/plan". Ok says what is as it should be, one line each.
func (c *Client) Check(ctx context.Context, offers []string) (ok []string, errs []error) {
	if _, err := c.token(ctx, false); err != nil {
		return nil, []error{err}
	}
	let := false
	for _, name := range offers {
		offer, plan, _ := strings.Cut(name, "/")
		at, err := c.find(ctx, offer, plan)
		switch {
		case clouds.Is(err, images.Permission):
			return ok, append(errs, fmt.Errorf("asking Partner Center: %w", err)) // it is the same for all
		case err != nil:
			errs = append(errs, fmt.Errorf("the offer %s: %w", name, err))
			continue
		}
		if !let {
			ok, let = append(ok, "Partner Center lets us in"), true
		}
		line := fmt.Sprintf("the offer %s is there (%s)", offer, at.Product)
		if plan != "" {
			line = fmt.Sprintf("the plan %s of the offer %s is there (%s)", plan, offer, at.Plan)
		}
		ok = append(ok, line)
	}
	if len(offers) == 0 {
		if err := c.get(ctx, productKind, nil, &struct{}{}); err != nil {
			return nil, []error{fmt.Errorf("asking Partner Center: %w", err)}
		}
		ok = append(ok, "Partner Center lets us in")
	}
	return ok, errs
}
