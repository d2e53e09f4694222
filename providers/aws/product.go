package aws

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"

	"cloudimage/workflow/images"
)

// mostVersions is how many versions of a product can be had at a time.
const mostVersions = 100

const catalogName = "AWSMarketplace"

// product is what the catalog says of a product, as far as it matters here.
type product struct {
	Versions []version
}

type version struct {
	ID      string `json:"Id"`
	Title   string `json:"VersionTitle"`
	Created string `json:"CreationDate"`
	Sources []struct {
		Image string
	}
	Options []option `json:"DeliveryOptions"`
}

type option struct {
	ID         string `json:"Id"`
	Visibility string
}

// product asks for a product.
func (c *Cloud) product(ctx context.Context, id string) (*product, error) {
	out, err := ask(ctx, c, describeEntity, market, func(ctx context.Context) (*marketplacecatalog.DescribeEntityOutput, error) {
		return c.catalog().DescribeEntity(ctx, &marketplacecatalog.DescribeEntityInput{Catalog: sdk.String(catalogName), EntityId: &id})
	})
	var f *images.Fault
	if errors.As(err, &f) && f.Class == images.Gone {
		f.Class, f.What, f.Said = images.NoProduct, id, fmt.Sprintf("The marketplace has no product %s of this account.", id)
		f.Link = "https://aws.amazon.com/marketplace/management/products"
	}
	if err != nil {
		return nil, err
	}
	text := []byte(sdk.ToString(out.Details))
	if len(text) == 0 && out.DetailsDocument != nil {
		var doc any
		if err := out.DetailsDocument.UnmarshalSmithyDocument(&doc); err == nil {
			text, _ = json.Marshal(doc)
		}
	}
	p := &product{}
	if err := json.Unmarshal(text, p); err != nil {
		return nil, &images.Fault{Class: images.Passing, What: describeEntity.String(), Said: fmt.Sprintf("What the marketplace says of the product %s cannot be read.", id), Err: err}
	}
	return p, nil
}

// titled is the version of a title; nil when there is none.
func (p *product) titled(title string) *version {
	for i := range p.Versions {
		if p.Versions[i].Title == title {
			return &p.Versions[i]
		}
	}
	return nil
}

// open are the versions that new customers can get, the oldest first.
func (p *product) open() []version {
	var out []version
	for _, v := range p.Versions {
		if len(v.visible()) > 0 {
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b version) int { return cmp.Compare(a.Created, b.Created) })
	return out
}

// visible are the ids of a version's options that are not hidden.
func (v *version) visible() (ids []string) {
	for _, o := range v.Options {
		if o.Visibility != "Restricted" {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// of reports whether a version is made of an image.
func (v *version) of(image string) bool {
	return slices.ContainsFunc(v.Sources, func(s struct{ Image string }) bool { return s.Image == image })
}

// image is what a version is made of, for people.
func (v *version) image() string {
	for _, s := range v.Sources {
		if s.Image != "" {
			return s.Image
		}
	}
	return "an image that is not named"
}

// titleTaken is the fault of a title that another image has.
func titleTaken(o images.Offer, v *version) error {
	return &images.Fault{Class: images.TitleTaken, What: v.image(), Said: fmt.Sprintf("The product %s has a version %q already, of %s.", o.Product, o.Title, v.image()), Link: managed(o.Product)}
}

// managed is where a product is managed.
func managed(product string) string {
	return "https://aws.amazon.com/marketplace/management/products/" + product
}
