package aws

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// Withdraw cancels a submission of the build that is not being applied yet.
func (c *Cloud) Withdraw(ctx context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	if o.Product == "" {
		return images.Progress{Done: true}, nil
	}
	flight, err := c.inFlight(ctx, o.Product)
	if err != nil {
		return images.Progress{}, err
	}
	for _, s := range flight {
		if !strings.HasPrefix(s.name, setsOf(w)) {
			continue
		}
		could := s.status == types.ChangeStatusPreparing
		if could {
			if could, err = c.cancel(ctx, s.id); err != nil {
				return images.Progress{}, err
			}
		}
		if !could {
			return images.Progress{Ref: s.id, Done: true, Note: "it is too late to take back the change set " + s.id + ", which is being applied"}, nil
		}
		return images.Progress{Ref: s.id, Note: "taking back the change set " + s.id, Again: 5 * time.Second}, nil
	}
	p := clouds.Nothing(w)
	p.Ref = w.Ref
	return p, nil
}

// retiring is what Retire remembers: its change set, and when it was started.
type retiring struct {
	Set string    `json:"set,omitempty"`
	At  time.Time `json:"at,omitzero"`
}

// Retire hides the oldest versions from new customers until there is room for one
// more. Who has one keeps it.
func (c *Cloud) Retire(ctx context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	if o.Product == "" {
		return images.Progress{Done: true}, nil
	}
	mem := clouds.Recall[retiring](w)
	if mem.Set != "" {
		return c.retired(ctx, w, o, mem)
	}
	if w.Halt != nil {
		return images.Progress{}, w.Halt
	}
	p, err := c.product(ctx, o.Product)
	if err != nil {
		return images.Progress{}, err
	}
	old := c.tooOld(p, o.Title)
	if w.Order != nil && w.Order.Hides > 0 { // so many were signed
		old = old[:min(len(old), w.Order.Hides)]
	}
	if len(old) == 0 {
		return images.Progress{Done: true}, nil
	}
	if ctx, err = c.prepay(ctx, listChangeSets, market, 2); err != nil { // for what is in flight, and what has our name
		return images.Progress{}, err
	}
	flight, err := c.inFlight(ctx, o.Product)
	if err != nil {
		return images.Progress{}, err
	}
	if s := foremost(w, flight); s != nil {
		return c.meetRetiring(ctx, w, o, *s)
	}
	var ids []string
	for _, v := range old {
		ids = append(ids, v.visible()...)
	}
	// One of that name that is over tells its outcome when it is followed.
	if s, err := c.called(ctx, o.Product, setName(w, forRetire)); err != nil || s != nil {
		if err != nil {
			return images.Progress{}, err
		}
		return c.meetRetiring(ctx, w, o, *s)
	}
	set, err := c.start(ctx, w, o.Product, "RestrictDeliveryOptions", forRetire, types.IntentApply, struct{ DeliveryOptionIds []string }{ids})
	switch {
	case clouds.Is(err, images.Foreign):
		there, e := c.holder(ctx, err)
		if e != nil || there == nil {
			return images.Progress{}, err
		}
		return c.meetRetiring(ctx, w, o, *there)
	case err != nil:
		return images.Progress{}, err
	}
	return images.Progress{Ref: set, Memory: clouds.Remember(retiring{set, w.Now}), Again: 30 * time.Second,
		Note: fmt.Sprintf("hiding the oldest of %d versions", len(p.open()))}, nil
}

// tooOld are the versions to hide: so many that one more fits below what is kept, the
// oldest first. One always stays, and so does the one of the title.
func (c *Cloud) tooOld(p *product, title string) []version {
	open := p.open()
	n := min(len(open)-c.o.KeepVersions+1, len(open)-1)
	if p.titled(title) != nil {
		n-- // it is there already and needs no room
	}
	var out []version
	for _, v := range open {
		if len(out) < n && v.Title != title {
			out = append(out, v)
		}
	}
	return out
}

// meetRetiring is what a change set in flight means for hiding versions.
func (c *Cloud) meetRetiring(ctx context.Context, w images.Work, o images.Offer, s changeSet) (images.Progress, error) {
	if s.name == setName(w, forRetire) {
		return images.Progress{Ref: s.id, Memory: clouds.Remember(retiring{s.id, w.Now}), Note: "hiding the oldest versions", Again: 30 * time.Second}, nil
	}
	return c.held(ctx, w, o, s)
}

// retired says how hiding them stands.
func (c *Cloud) retired(ctx context.Context, w images.Work, o images.Offer, mem retiring) (images.Progress, error) {
	wait := images.Progress{Ref: mem.Set, Memory: clouds.Remember(mem), Note: "hiding the oldest versions", Again: pollAfter(w, mem.At)}
	out, err := c.changeSet(ctx, mem.Set)
	switch {
	case clouds.Is(err, images.Gone) && clouds.Settles(w, mem.At):
		return wait, nil
	case err != nil:
		return images.Progress{}, err
	case running(out.Status):
		return wait, nil
	case out.Status == types.ChangeStatusSucceeded:
		return images.Progress{Ref: mem.Set, Memory: clouds.Remember(mem), Done: true}, nil
	}
	return images.Progress{}, c.setFault(ctx, out, o)
}
