package azure

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// base is the base image of an architecture, with what is wrong about it.
type base struct {
	images.Base
	problems []images.Problem
}

// lookForBases fills in the base images of orders.
func (c *Cloud) lookForBases(ctx context.Context, lanes []images.Lane) error {
	type of struct{ region, architecture string }
	bases := found[of, base]{}
	for i := range lanes {
		o := &lanes[i].Order
		b, err := bases.of(of{o.Region, o.Architecture}, func() (base, error) {
			b, err := c.base(ctx, o.Region, o.Architecture)
			if err != nil && !clouds.Heals(err) {
				b.problems, err = append(b.problems, clouds.Problem(err, "", true)), nil
			}
			return b, err
		})
		if err != nil {
			return err
		}
		o.Base = b.Base
		addAll(&lanes[i], b.problems)
	}
	return nil
}

// base finds the newest version of the base image.
func (c *Cloud) base(ctx context.Context, region, architecture string) (base, error) {
	sku := c.o.Base.SKU
	if architecture == "arm64" {
		sku = c.o.Base.SKUArm64
	}
	urn := strings.ToLower(c.o.Base.Publisher) + ":" + c.o.Base.Offer + ":" + sku
	out, err := ask(ctx, c, readBases, func(ctx context.Context) (armcompute.VirtualMachineImagesClientListResponse, error) {
		return c.home.compute.NewVirtualMachineImagesClient().List(ctx, region, c.o.Base.Publisher, c.o.Base.Offer, sku, &armcompute.VirtualMachineImagesClientListOptions{Orderby: to.Ptr("name desc"), Top: to.Ptr[int32](1)})
	})
	if err != nil {
		return base{}, err
	}
	newest := ""
	for _, v := range out.VirtualMachineImageResourceArray {
		if v != nil && val(v.Name) > newest {
			newest = val(v.Name)
		}
	}
	if newest == "" {
		return base{}, &images.Fault{Class: images.Invalid, What: urn, Said: fmt.Sprintf("There is no image %s in %s.", urn, region)}
	}
	b := base{Base: images.Base{ID: urn + ":" + newest, Name: c.o.Base.Offer + " " + sku + " " + newest, Made: madeOn(newest)}}
	if age := c.o.Now().Sub(b.Made); !b.Made.IsZero() && age > c.o.BaseMaxAge {
		b.problems = append(b.problems, images.Problem{Class: images.OldBase, What: b.ID,
			Said: fmt.Sprintf("The base image %s was made on %s, %d days ago.", b.ID, b.Made.Format("2 Jan 2006"), int(age.Hours()/24))})
	}
	return b, nil
}

// madeOn is the day that is in the number of a version, as in 24.04.202611100; the zero
// time when there is none.
func madeOn(version string) time.Time {
	last := version[strings.LastIndexByte(version, '.')+1:]
	if len(last) < 8 {
		return time.Time{}
	}
	t, err := time.Parse("20060102", last[:8])
	if err != nil {
		return time.Time{}
	}
	return t
}
