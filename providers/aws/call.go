package aws

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// ask makes one call of an action in a region. Its error is a [images.Fault]. In another
// account than the configured one nothing is asked but which it is.
func ask[O any](ctx context.Context, c *Cloud, a action, region string, do func(context.Context) (*O, error)) (*O, error) {
	if p, ok := ctx.Value(paidKey{}).(*paid); ok && p.action == a && p.region == region && p.left > 0 {
		p.left--
	} else if err := c.mayAsk(a, region, 1); err != nil {
		return nil, err
	}
	if err := c.athome(ctx, a, region); err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	s := &sent{}
	begun := time.Now()
	out, err := do(context.WithValue(within, sentKey{}, s))
	var fault *images.Fault
	if err != nil {
		fault = c.fault(ctx, a, region, err, s.service())
	}
	c.note(ctx, a, region, time.Since(begun), fault)
	if fault != nil {
		return nil, fault
	}
	return out, nil
}

// athome refuses calls in another account than the configured one: there we would find
// nothing of what was made, take it for gone, and make it anew. Keys change while a build
// goes on; each is looked up once.
func (c *Cloud) athome(ctx context.Context, a action, region string) error {
	if a.service == callerIdentity.service {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	keys, err := c.config.Credentials.Retrieve(within)
	if err != nil { // in the form in which the call itself would say it
		return c.fault(ctx, a, region, &smithy.OperationError{ServiceID: a.service, OperationName: a.name, Err: fmt.Errorf("get identity: get credentials: %w", err)}, "")
	}
	c.accounts.Lock()
	account, known := c.accounts.of[keys.AccessKeyID]
	c.accounts.Unlock()
	if !known {
		me, err := c.identity(ctx)
		switch {
		case c.unknownTo(err):
			return nil
		case clouds.Is(err, images.Permission):
			return nil // the call itself says more
		case err != nil:
			return err
		}
		account = me.account
		c.accounts.Lock()
		if c.accounts.of == nil || len(c.accounts.of) > 100 {
			c.accounts.of = map[string]string{}
		}
		c.accounts.of[keys.AccessKeyID] = account
		c.accounts.Unlock()
	}
	if account != c.o.Account {
		return &images.Fault{Class: images.WrongAccount, What: account, Said: fmt.Sprintf("The keys are those of the account %s, and the account %s is configured.", account, c.o.Account)}
	}
	return nil
}

// accounts are those that keys belong to, by the id of the key.
type accounts struct {
	sync.Mutex
	of map[string]string
}

// mayAsk takes tokens for calls, or is the fault that says how long to wait for them.
func (c *Cloud) mayAsk(a action, region string, n int) error {
	if wait := c.pace.take(a, region, n, c.o.Now()); wait > 0 {
		return &images.Fault{Class: images.Throttled, What: a.String(), Said: "We wait, so as not to call AWS more often than it allows.", After: wait}
	}
	return nil
}

// paid is what is left of the tokens that were taken beforehand.
type paid struct {
	action action
	region string
	left   int
}

type paidKey struct{}

// prepay takes the tokens for several calls of a rare action at once. Taken one by one,
// they would be used up by those who do not get the second.
func (c *Cloud) prepay(ctx context.Context, a action, region string, n int) (context.Context, error) {
	if err := c.mayAsk(a, region, n); err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, paidKey{}, &paid{a, region, n}), nil
}

// note logs a call.
func (c *Cloud) note(ctx context.Context, a action, region string, took time.Duration, f *images.Fault) {
	attrs := []slog.Attr{slog.String("action", a.String()), slog.String("region", region), slog.Duration("took", took)}
	if f != nil {
		attrs = append(attrs, slog.String("class", string(f.Class)), slog.String("code", f.Code), slog.String("said", f.Said))
	}
	c.o.Logger.LogAttrs(ctx, slog.LevelDebug, "aws answered", attrs...)
}

// sent is how far a call came.
type sent struct{ to atomic.Pointer[string] }

type sentKey struct{}

// service is the id of the service that the last request was sent to; empty for none.
func (s *sent) service() string {
	if p := s.to.Load(); p != nil {
		return *p
	}
	return ""
}

// noteSent notes that a request is about to leave. What fails before it had no
// effect: the search for credentials, above all.
func noteSent(stack *middleware.Stack) error {
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("cloudimage", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
		if s, ok := ctx.Value(sentKey{}).(*sent); ok {
			id := awsmiddleware.GetServiceID(ctx)
			s.to.Store(&id)
		}
		return next.HandleDeserialize(ctx, in)
	}), middleware.After)
}

// all asks for all pages of a list. Do gets the token of a page, nil for the first,
// and gives back the next.
func all[T any](ctx context.Context, c *Cloud, a action, region string, do func(ctx context.Context, token *string) ([]T, *string, error)) ([]T, error) {
	type page struct {
		list []T
		next *string
	}
	var out []T
	var token *string
	for range mostPages {
		p, err := ask(ctx, c, a, region, func(ctx context.Context) (*page, error) {
			list, next, err := do(ctx, token)
			return &page{list, next}, err
		})
		if err != nil {
			return nil, err
		}
		out = append(out, p.list...)
		if p.next == nil || *p.next == "" {
			return out, nil
		}
		token = p.next
	}
	return nil, &images.Fault{Class: images.Passing, What: a.String(), Said: "The list does not end."}
}

// mostPages is where a list that does not end is given up.
const mostPages = 500

// regionOf is where a call for a step happens.
func (c *Cloud) regionOf(w images.Work) string {
	home := ""
	if w.Order != nil {
		home = w.Order.Region
	}
	return cmp.Or(w.Region, home, c.o.Region)
}

// homeOf is where the images of an order are made.
func (c *Cloud) homeOf(w images.Work) string {
	if w.Order != nil && w.Order.Region != "" {
		return w.Order.Region
	}
	return c.o.Region
}
