package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file knows change sets: how ours are named, and what becomes of those that
// hold a product. A product changes by one at a time.

// changeSet is a change set, as lists show it.
type changeSet struct {
	id, name string
	status   types.ChangeStatus
	products []string
}

// What our change sets are for; the last word of their names.
const (
	forValidate = "validate"
	forAdd      = "add"
	forRetire   = "retire"
)

// ours begins the names of change sets that are ours.
const ours = "cloudimage "

// notInNames is what a name of a change set may not have.
var notInNames = regexp.MustCompile(`[^\w+=.:@-]`)

// setsOf begins the names of a build's change sets.
func setsOf(w images.Work) string {
	return ours + clouds.Mark(notInNames.ReplaceAllString(string(w.Build), "-"), 64) + " "
}

// setName is what a change set of a step is found by.
func setName(w images.Work, what string) string {
	return setsOf(w) + strconv.Itoa(w.Attempt) + " " + what
}

// changeSets are those of a product that filters let through; of all for an empty one.
func (c *Cloud) changeSets(ctx context.Context, product string, filters ...types.Filter) ([]changeSet, error) {
	if product != "" {
		filters = append([]types.Filter{{Name: sdk.String("EntityId"), ValueList: []string{product}}}, filters...)
	}
	return all(ctx, c, listChangeSets, market, func(ctx context.Context, next *string) ([]changeSet, *string, error) {
		out, err := c.catalog().ListChangeSets(ctx, &marketplacecatalog.ListChangeSetsInput{Catalog: sdk.String(catalogName), FilterList: filters, NextToken: next})
		if err != nil {
			return nil, nil, err
		}
		var list []changeSet
		for _, s := range out.ChangeSetSummaryList {
			list = append(list, changeSet{sdk.ToString(s.ChangeSetId), sdk.ToString(s.ChangeSetName), s.Status, s.EntityIdList})
		}
		return list, out.NextToken, nil
	})
}

// inFlight are those that hold a product, or for an empty one any.
func (c *Cloud) inFlight(ctx context.Context, product string) ([]changeSet, error) {
	return c.changeSets(ctx, product, types.Filter{Name: sdk.String("Status"), ValueList: []string{string(types.ChangeStatusPreparing), string(types.ChangeStatusApplying)}})
}

// foremost is the one of those in flight that matters to a build: its own, or else the
// first; nil when there is none.
func foremost(w images.Work, flight []changeSet) *changeSet {
	for i := range flight {
		if strings.HasPrefix(flight[i].name, setsOf(w)) {
			return &flight[i]
		}
	}
	if len(flight) > 0 {
		return &flight[0]
	}
	return nil
}

// called is the change set of that name, whatever became of it; nil when there is none.
func (c *Cloud) called(ctx context.Context, product, name string) (*changeSet, error) {
	list, err := c.changeSets(ctx, product, types.Filter{Name: sdk.String("ChangeSetName"), ValueList: []string{name}})
	for i := range list {
		if list[i].name == name {
			return &list[i], err
		}
	}
	return nil, err
}

// changeSet is a change set by its id.
func (c *Cloud) changeSet(ctx context.Context, id string) (*marketplacecatalog.DescribeChangeSetOutput, error) {
	return ask(ctx, c, describeChangeSet, market, func(ctx context.Context) (*marketplacecatalog.DescribeChangeSetOutput, error) {
		return c.catalog().DescribeChangeSet(ctx, &marketplacecatalog.DescribeChangeSetInput{Catalog: sdk.String(catalogName), ChangeSetId: &id})
	})
}

// start starts a change set with one change. The id is that of the same one when it
// was started before.
func (c *Cloud) start(ctx context.Context, w images.Work, product, changeType, what string, intent types.Intent, details any) (string, error) {
	text, err := json.Marshal(details)
	if err != nil {
		return "", err
	}
	out, err := ask(ctx, c, startChangeSet, market, func(ctx context.Context) (*marketplacecatalog.StartChangeSetOutput, error) {
		return c.catalog().StartChangeSet(ctx, &marketplacecatalog.StartChangeSetInput{
			Catalog: sdk.String(catalogName), Intent: intent, ClientRequestToken: token(w.Key, what), ChangeSetName: sdk.String(setName(w, what)),
			ChangeSet: []types.Change{{
				ChangeType: &changeType, Details: sdk.String(string(text)),
				Entity: &types.Entity{Type: sdk.String("AmiProduct@1.0"), Identifier: &product},
			}},
		})
	})
	if err != nil {
		return "", err
	}
	return sdk.ToString(out.ChangeSetId), nil
}

// cancel cancels a change set, and reports whether that was possible still.
func (c *Cloud) cancel(ctx context.Context, id string) (bool, error) {
	_, err := ask(ctx, c, cancelChangeSet, market, func(ctx context.Context) (*marketplacecatalog.CancelChangeSetOutput, error) {
		return c.catalog().CancelChangeSet(ctx, &marketplacecatalog.CancelChangeSetInput{Catalog: sdk.String(catalogName), ChangeSetId: &id})
	})
	if clouds.Is(err, images.Foreign, images.Gone) || clouds.Coded(err, "ValidationException") {
		return false, nil
	}
	return err == nil, err
}

// setID finds the id of a change set in what AWS says.
var setID = regexp.MustCompile(`\b[a-z0-9]{20,32}\b`)

// holder is the change set that a refusal names; nil when it names none.
func (c *Cloud) holder(ctx context.Context, refusal error) (*changeSet, error) {
	for _, id := range setID.FindAllString(clouds.Said(refusal), 5) {
		s, err := c.changeSet(ctx, id)
		if clouds.Is(err, images.Gone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return &changeSet{id: id, name: sdk.ToString(s.ChangeSetName), status: s.Status}, nil
	}
	return nil, nil
}

// held is what a step does about a change set that holds the product and is not the
// build's own.
func (c *Cloud) held(ctx context.Context, w images.Work, o images.Offer, s changeSet) (images.Progress, error) {
	p := images.Progress{Ref: w.Ref, Memory: w.Memory, Again: 5 * time.Minute, Note: fmt.Sprintf("waiting for the change set %s (%s), which is %s", s.id, s.name, s.status)}
	switch {
	case strings.HasPrefix(s.name, ours), o.Wait: // another build's goes by itself
		return p, nil
	case o.Cancel == s.id && s.status == types.ChangeStatusPreparing:
		could, err := c.cancel(ctx, s.id)
		if err != nil {
			return images.Progress{}, err
		}
		p.Again = 30 * time.Second
		if !could {
			p.Note = "it is too late to cancel the change set " + s.id + ", so it is waited for"
		}
		return p, nil
	case o.Cancel == s.id:
		p.Note = "it is too late to cancel the change set " + s.id + ", so it is waited for"
		return p, nil
	}
	return images.Progress{}, &images.Fault{Class: images.Foreign, What: s.id, Said: s.name, Link: "https://aws.amazon.com/marketplace/management/requests/" + s.id}
}

// pollAfter is how soon to look again at what began at a time: seldom, if it has
// taken long already.
func pollAfter(w images.Work, began time.Time) time.Duration {
	return max(30*time.Second, min(w.Now.Sub(began)/4, 10*time.Minute)).Truncate(time.Second)
}
