package aws

import (
	"context"
	"fmt"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"cloudimage/workflow/images"
)

// Look finds out what stands in the way of orders. Of an account that is not the
// configured one nothing more is asked than which it is.
func (c *Cloud) Look(ctx context.Context, orders []images.Order) (images.Outlook, error) {
	me, err := c.identity(ctx)
	if err != nil {
		return images.Outlook{}, err
	}
	out := images.Outlook{Account: me.account, Who: me.arn, At: c.o.Now()}
	for _, o := range orders {
		lane := images.Lane{Order: o}
		lane.Order.Regions, lane.Order.Unblock = c.regionsOf(o), nil
		lane.Minutes, lane.Dollars = estimate(lane.Order, c.o.Disk)
		out.Lanes = append(out.Lanes, lane)
	}
	if p := c.wrongAccount(me); p != nil {
		for i := range out.Lanes {
			out.Lanes[i].Problems = []images.Problem{*p}
		}
		return out, nil
	}
	if err := c.lookForBases(ctx, out.Lanes); err != nil {
		return images.Outlook{}, err
	}
	c.lookIntoHomes(ctx, out.Lanes)
	out.Regions = c.lookIntoRegions(ctx, out.Lanes)
	if err := c.lookAtProducts(ctx, out.Lanes); err != nil {
		return images.Outlook{}, err
	}
	return out, nil
}

// regionsOf are the regions of an order, with the one it is built in first.
func (c *Cloud) regionsOf(o images.Order) []string {
	home := c.orderHome(o)
	out := []string{home}
	for _, r := range o.Regions {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

func (c *Cloud) orderHome(o images.Order) string {
	if o.Region != "" {
		return o.Region
	}
	return c.o.Region
}

// caller is who we are.
type caller struct{ account, arn string }

func (c *Cloud) identity(ctx context.Context) (caller, error) {
	out, err := ask(ctx, c, callerIdentity, c.o.Region, func(ctx context.Context) (*sts.GetCallerIdentityOutput, error) {
		return c.sts().GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	})
	if err != nil {
		return caller{}, err
	}
	return caller{sdk.ToString(out.Account), sdk.ToString(out.Arn)}, nil
}

// wrongAccount is the problem that we are in another account than is configured; nil
// when we are not.
func (c *Cloud) wrongAccount(me caller) *images.Problem {
	if me.account == c.o.Account {
		return nil
	}
	return &images.Problem{Class: images.WrongAccount, What: me.account, Stops: true,
		Said: fmt.Sprintf("The keys are those of %s in the account %s, and the account %s is configured.", me.arn, me.account, c.o.Account)}
}
