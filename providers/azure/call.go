package azure

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// ask makes one call of an action. Its error is a [images.Fault]. A call that reads is
// made again when its token has ended and there is a new one.
func ask[O any](ctx context.Context, c *Cloud, a action, do func(context.Context) (O, error)) (O, error) {
	out, err := once(ctx, c, a, do)
	if err != nil && !a.changes && !a.failing && stale(err) {
		return once(ctx, c, a, do)
	}
	return out, err
}

// once makes one call.
func once[O any](ctx context.Context, c *Cloud, a action, do func(context.Context) (O, error)) (O, error) {
	var none O
	if wait := c.hush.left(a, c.o.Now()); wait > 0 {
		return none, &images.Fault{Class: images.Throttled, What: a.name, Said: "Azure has asked us to wait.", After: wait}
	}
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	s := &sent{}
	begun := time.Now()
	out, err := do(context.WithValue(within, sentKey{}, s))
	var fault *images.Fault
	if err != nil {
		fault = c.fault(a, err, s)
	} else {
		c.who.took(int(s.credential.Load()))
	}
	if fault != nil && fault.Class == images.Throttled {
		c.hush.until(a, c.o.Now().Add(fault.After))
	}
	c.note(ctx, a, time.Since(begun), fault)
	if fault != nil {
		return none, fault
	}
	return out, nil
}

// note logs a call.
func (c *Cloud) note(ctx context.Context, a action, took time.Duration, f *images.Fault) {
	attrs := []slog.Attr{slog.String("action", a.name), slog.Duration("took", took)}
	if f != nil {
		attrs = append(attrs, slog.String("class", string(f.Class)), slog.String("code", f.Code), slog.String("said", f.Said))
	}
	c.o.Logger.LogAttrs(ctx, slog.LevelDebug, "azure answered", attrs...)
}

// all asks for all pages of a list. It begins anew when the token ends meanwhile: a pager
// that has failed stays so.
func all[P, T any](ctx context.Context, c *Cloud, a action, pager func() *runtime.Pager[P], list func(P) []*T) ([]*T, error) {
	out, err := pages(ctx, c, a, pager(), list)
	if err != nil && stale(err) {
		return pages(ctx, c, a, pager(), list)
	}
	return out, err
}

func pages[P, T any](ctx context.Context, c *Cloud, a action, pager *runtime.Pager[P], list func(P) []*T) ([]*T, error) {
	var out []*T
	for range mostPages {
		if !pager.More() {
			return out, nil
		}
		p, err := once(ctx, c, a, pager.NextPage)
		if err != nil {
			return nil, err
		}
		for _, v := range list(p) {
			if v != nil {
				out = append(out, v)
			}
		}
	}
	return nil, &images.Fault{Class: images.Passing, What: a.name, Said: "The list does not end."}
}

// mostPages is where a list that does not end is given up.
const mostPages = 500

// begin makes a call that begins an operation, and returns the operation's token: empty
// when it is over with the answer.
func begin[T any](ctx context.Context, c *Cloud, a action, do func(context.Context) (*runtime.Poller[T], error)) (string, error) {
	p, err := ask(ctx, c, a, do)
	if err != nil || p.Done() {
		return "", err
	}
	token, err := p.ResumeToken()
	if err != nil {
		return "", nil // how it stands is seen in the resource
	}
	return token, nil
}

// follow says how an operation stands that a call of an action has begun: whether it
// runs, or else why it failed. One that is not known any more is as one that ended:
// the resource says how it stands. Resume makes no call.
func follow[T any](ctx context.Context, c *Cloud, a action, token string, resume func(context.Context, string) (*runtime.Poller[T], error)) (runs bool, err error) {
	if token == "" {
		return false, nil
	}
	p, err := resume(ctx, token)
	if err != nil {
		return false, nil // it is none of ours
	}
	read := action{name: a.operations()}
	_, err = ask(ctx, c, read, p.Poll)
	switch {
	case clouds.Heals(err):
		return true, err
	case err != nil:
		return false, nil
	case !p.Done():
		return true, nil
	}
	_, err = ask(ctx, c, action{name: a.name, failing: true}, p.Result)
	if clouds.Is(err, images.Gone) {
		return false, nil
	}
	return false, err
}

// failed is why an operation failed that is over; nil when that is not known.
func failed[T any](ctx context.Context, c *Cloud, a action, token string, resume func(context.Context, string) (*runtime.Poller[T], error)) *images.Fault {
	runs, err := follow(ctx, c, a, token, resume)
	f, ok := err.(*images.Fault)
	if runs || !ok {
		return nil
	}
	return f
}

// hush is what was asked to wait, and until when.
type hush struct {
	mu sync.Mutex
	by map[string]time.Time
}

func (h *hush) left(a action, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := h.by[a.name]
	if ok && !now.Before(at) {
		delete(h.by, a.name)
		return 0
	}
	return max(0, at.Sub(now))
}

func (h *hush) until(a action, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.by == nil {
		h.by = map[string]time.Time{}
	}
	if at.After(h.by[a.name]) {
		h.by[a.name] = at
	}
}

// regionOf is where a call for a step happens.
func (c *Cloud) regionOf(w images.Work) string {
	if w.Region != "" {
		return place(w.Region)
	}
	return c.homeOf(w)
}

// homeOf is where the images of an order are made.
func (c *Cloud) homeOf(w images.Work) string {
	if w.Order != nil && w.Order.Region != "" {
		return place(w.Order.Region)
	}
	return c.o.Region
}

// orderOf is the order of a step; it is an error when there is none.
func orderOf(w images.Work) (*images.Order, error) {
	if w.Order == nil {
		return nil, &images.Fault{Class: images.Invalid, Said: fmt.Sprintf("The build %s has no order.", w.Build)}
	}
	return w.Order, nil
}
