package partnercenter

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file reads what there is of a product.

// place is a plan of a product, by durable ids.
type place struct {
	Product string `json:"product,omitempty"`
	Plan    string `json:"plan,omitempty"`
}

// find is the plan of an offer by their external ids.
func (c *Client) find(ctx context.Context, offer, plan string) (at place, err error) {
	if at.Product, err = c.named(ctx, productKind, url.Values{"externalId": {offer}}, offer); err != nil {
		return place{}, err
	}
	if at.Product == "" {
		return place{}, &images.Fault{Class: images.NoProduct, What: offer, Said: fmt.Sprintf("Partner Center has no offer %s of this publisher.", offer), Link: managed}
	}
	if plan == "" {
		return at, nil
	}
	if at.Plan, err = c.named(ctx, planKind, url.Values{"product": {at.Product}, "externalId": {plan}}, plan); err != nil {
		return place{}, err
	}
	if at.Plan == "" {
		return place{}, &images.Fault{Class: images.NoProduct, What: offer + "/" + plan, Said: fmt.Sprintf("The offer %s has no plan %s.", offer, plan), Link: managed}
	}
	return at, nil
}

// durable is the form of a durable id: it becomes part of addresses.
var durable = regexp.MustCompile(`^[a-z-]+(/[0-9a-zA-Z-]+)+$`)

// named is the durable id of what a query finds by an external id; empty for nothing.
func (c *Client) named(ctx context.Context, kind string, query url.Values, external string) (string, error) {
	list, err := c.list(ctx, kind, query)
	if clouds.Is(err, images.Gone) {
		return "", nil
	}
	for _, r := range list {
		if id := r.text("id"); r.object("identity").text("externalId") == external && durable.MatchString(id) {
			return id, nil
		}
	}
	return "", err
}

// mostPages is where a list that does not end is given up.
const mostPages = 100

// list are all pages of a list.
func (c *Client) list(ctx context.Context, path string, query url.Values) (out []resource, err error) {
	for range mostPages {
		var page struct {
			Value []resource `json:"value"`
			Next  string     `json:"@nextLink"`
			OData string     `json:"@odata.nextLink"`
		}
		if err := c.get(ctx, path, query, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Value...)
		next := cmp.Or(page.Next, page.OData)
		if next == "" {
			return out, nil
		}
		// Only what it asks for is taken from the link: a token goes nowhere else.
		u, err := url.Parse(next)
		if err != nil || u.Query().Get("continuationToken") == "" {
			return nil, unreadable(path)
		}
		query = u.Query()
	}
	return nil, &images.Fault{Class: images.Passing, What: path, Said: "The list does not end."}
}

// tree is a product in one place.
func (c *Client) tree(ctx context.Context, product, target string) (*tree, error) {
	var in struct {
		Resources []json.RawMessage `json:"resources"`
	}
	t := &tree{target: target}
	err := c.get(ctx, treeKind+"/"+product, url.Values{"targetType": {target}}, &in)
	if clouds.Is(err, images.Gone) && target != "draft" {
		return t, nil
	}
	if err != nil {
		return nil, gone(err, product)
	}
	t.there = true
	for _, text := range in.Resources {
		var r resource
		if json.Unmarshal(text, &r) != nil || r == nil {
			return nil, unreadable(product)
		}
		t.resources = append(t.resources, r)
	}
	return t, nil
}

// tech is the technical configuration of a plan's draft. It is read with a schema that
// can say all that there may be: what it cannot say would be lost when it is sent back.
func (c *Client) tech(ctx context.Context, plan string) (tech, error) {
	var r resource
	if err := c.get(ctx, techKind+"/"+guids(plan), url.Values{"$version": {c.o.Schemas[techKind]}}, &r); err != nil {
		return tech{}, gone(err, plan)
	}
	if needs := defaultSchemas()[techKind]; !r.atLeast(needs) {
		return tech{}, &images.Fault{Class: images.Invalid, What: r.text("$schema"), Said: fmt.Sprintf(
			"The technical configuration is read with a schema that is older than %s and does not know every type of image, so that versions would be lost. Put the version of the schema right in the configuration.", needs)}
	}
	return techOf(r), nil
}

// gone is an error of something that we have found before: it is no product of ours any
// more.
func gone(err error, what string) error {
	if !clouds.Is(err, images.Gone) {
		return err
	}
	return &images.Fault{Class: images.NoProduct, What: what, Code: "resourceNotFound", Said: "It is not in Partner Center any more: " + clouds.Said(err), Link: managed}
}

// submission is one that brings a product to its preview, or to live.
type submission struct {
	ID, Target     string
	Status, Result string
	Created        time.Time
}

func (s *submission) running() bool { return s.Status == "running" || s.Status == "notStarted" }

func (s *submission) succeeded() bool { return !s.running() && s.Result == "succeeded" }

// since is when it began, in words.
func (s *submission) since() string {
	if s.Created.IsZero() {
		return "a time that is not said"
	}
	return s.Created.UTC().Format("2 January 2006, 15:04 UTC")
}

// submissions are those of a product that matter now, the newest first. With a target
// they are all that there ever were to it.
func (c *Client) submissions(ctx context.Context, product, target string) ([]submission, error) {
	query := url.Values{}
	if target != "" {
		query.Set("targetType", target)
	}
	list, err := c.list(ctx, submissionKind+"/"+guids(product), query)
	if err != nil {
		return nil, gone(err, product)
	}
	var out []submission
	for _, r := range list {
		s := submission{r.text("id"), r.object("target").text("targetType"), r.text("status"), r.text("result"), moment(r.text("created"))}
		if s.Target == "preview" || s.Target == "live" {
			out = append(out, s)
		}
	}
	// In which order they come is not documented.
	slices.SortStableFunc(out, func(a, b submission) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(len(b.ID), len(a.ID)), strings.Compare(b.ID, a.ID))
	})
	return out, nil
}

// moment is a time as the API writes it; zero for what is none.
func moment(text string) time.Time {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.9999999"} {
		if at, err := time.Parse(form, text); err == nil && at.Year() > 1 {
			return at.UTC()
		}
	}
	return time.Time{}
}

// scene is how a plan stands.
type scene struct {
	submissions   []submission
	preview, live *tree
	draft         tech
}

// scene looks at all that decides what comes next. What goes on is read first: what has
// come to its end meanwhile is seen in the trees, or the next time.
func (c *Client) scene(ctx context.Context, at place) (s *scene, err error) {
	s = &scene{}
	if s.submissions, err = c.submissions(ctx, at.Product, ""); err != nil {
		return nil, err
	}
	if s.live, err = c.tree(ctx, at.Product, "live"); err != nil {
		return nil, err
	}
	if s.preview, err = c.tree(ctx, at.Product, "preview"); err != nil {
		return nil, err
	}
	s.draft, err = c.tech(ctx, at.Plan)
	return s, err
}

// running is the submission that goes on; nil when there is none.
func (s *scene) running() *submission {
	for i := range s.submissions {
		if s.submissions[i].running() {
			return &s.submissions[i]
		}
	}
	return nil
}

// last is the newest submission to a target with an id, or with any for an empty one; nil
// when there is none.
func (s *scene) last(target, id string) *submission {
	for i, sub := range s.submissions {
		if sub.Target == target && (id == "" || sub.ID == id) {
			return &s.submissions[i]
		}
	}
	return nil
}

// current is the id of the submission that a target shows.
func (s *scene) current(target string) string {
	t := s.preview
	if target == "live" {
		t = s.live
	}
	if id := t.submission(); id != "" || !t.there {
		return id
	}
	for _, sub := range s.submissions {
		if sub.Target == target && sub.succeeded() {
			return sub.ID
		}
	}
	return ""
}
