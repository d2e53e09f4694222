package azure

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// machinesOfABuild is how many machines of a build there are at most at the same time.
const machinesOfABuild = 3

// lookAtMachines finds out whether the machines of orders are to be had in the regions
// they are built in.
func (c *Cloud) lookAtMachines(ctx context.Context, lanes []images.Lane) error {
	types, usages := found[string, []*armcompute.ResourceSKU]{}, found[string, []*armcompute.Usage]{}
	wanted := map[[2]string]int64{} // virtual processors, by region and family
	for i := range lanes {
		o := &lanes[i].Order
		list, err := types.of(o.Region, func() ([]*armcompute.ResourceSKU, error) { return c.machineTypes(ctx, o.Region) })
		if clouds.Heals(err) {
			return err
		}
		if err != nil {
			clouds.Add(&lanes[i], clouds.Problem(err, "", true))
			continue
		}
		sku := typed(list, o.Machine)
		addAll(&lanes[i], c.unfit(*o, sku))
		if sku == nil {
			continue
		}
		n, _ := strconv.ParseInt(capability(sku, "vCPUs"), 10, 64)
		wanted[[2]string{o.Region, "cores"}] += n * machinesOfABuild
		wanted[[2]string{o.Region, strings.ToLower(val(sku.Family))}] += n * machinesOfABuild
	}
	for i := range lanes {
		o := &lanes[i].Order
		list, err := usages.of(o.Region, func() ([]*armcompute.Usage, error) { return c.usages(ctx, o.Region) })
		if clouds.Heals(err) {
			return err
		}
		if err != nil {
			clouds.Add(&lanes[i], clouds.Problem(err, "", false))
			continue
		}
		sku := typed(types[o.Region], o.Machine)
		if sku == nil {
			continue
		}
		for _, name := range []string{"cores", strings.ToLower(val(sku.Family))} {
			if p := c.tooFew(list, o.Region, name, wanted[[2]string{o.Region, name}]); p != nil {
				clouds.Add(&lanes[i], *p)
			}
		}
	}
	return nil
}

// machineTypes are the types of machines in a region.
func (c *Cloud) machineTypes(ctx context.Context, region string) ([]*armcompute.ResourceSKU, error) {
	pager := func() *runtime.Pager[armcompute.ResourceSKUsClientListResponse] {
		return c.home.compute.NewResourceSKUsClient().NewListPager(&armcompute.ResourceSKUsClientListOptions{Filter: to.Ptr("location eq '" + region + "'")})
	}
	list, err := all(ctx, c, readSKUs, pager, func(p armcompute.ResourceSKUsClientListResponse) []*armcompute.ResourceSKU { return p.Value })
	return slices.DeleteFunc(list, func(s *armcompute.ResourceSKU) bool {
		return !strings.EqualFold(val(s.ResourceType), "virtualMachines") || !slices.ContainsFunc(s.Locations, func(l *string) bool { return place(val(l)) == region })
	}), err
}

func (c *Cloud) usages(ctx context.Context, region string) ([]*armcompute.Usage, error) {
	pager := func() *runtime.Pager[armcompute.UsageClientListResponse] {
		return c.home.compute.NewUsageClient().NewListPager(region, nil)
	}
	return all(ctx, c, readUsages, pager, func(p armcompute.UsageClientListResponse) []*armcompute.Usage { return p.Value })
}

func typed(list []*armcompute.ResourceSKU, name string) *armcompute.ResourceSKU {
	for _, s := range list {
		if strings.EqualFold(val(s.Name), name) {
			return s
		}
	}
	return nil
}

// capability is what a type of machine says of something; empty when it says nothing.
func capability(s *armcompute.ResourceSKU, name string) string {
	for _, p := range s.Capabilities {
		if p != nil && strings.EqualFold(val(p.Name), name) {
			return val(p.Value)
		}
	}
	return ""
}

// unfit says why a type of machine cannot be what an order is built on.
func (c *Cloud) unfit(o images.Order, s *armcompute.ResourceSKU) (out []images.Problem) {
	say := func(class images.Class, format string, args ...any) {
		out = append(out, images.Problem{Class: class, What: o.Machine, Said: fmt.Sprintf(format, args...), Stops: true, Link: c.quotaLink()})
	}
	if s == nil {
		say(images.Invalid, "There is no type of machine %q in %s.", o.Machine, o.Region)
		return out
	}
	for _, r := range s.Restrictions {
		if r != nil && val(r.Type) == armcompute.ResourceSKURestrictionsTypeLocation && (len(r.Values) == 0 || slices.ContainsFunc(r.Values, func(v *string) bool { return place(val(v)) == o.Region })) {
			say(images.Capacity, "Machines of the type %s are not offered to the subscription in %s (%s). Ask for them, or choose another type.", o.Machine, o.Region, val(r.ReasonCode))
		}
	}
	if arch := capability(s, "CpuArchitectureType"); arch != "" && strings.EqualFold(arch, "Arm64") != (o.Architecture == "arm64") {
		say(images.Invalid, "Machines of the type %s are for %s, and the image is for %s.", o.Machine, arch, o.Architecture)
	}
	if g := capability(s, "HyperVGenerations"); g != "" && !strings.Contains(g, "V2") {
		say(images.Invalid, "Machines of the type %s do not start images of the generation V2.", o.Machine)
	}
	return out
}

// tooFew is the problem that there is no room for so many processors more; nil when
// there is, or Azure says nothing of it.
func (c *Cloud) tooFew(list []*armcompute.Usage, region, name string, more int64) *images.Problem {
	for _, u := range list {
		if u == nil || u.Name == nil || !strings.EqualFold(val(u.Name.Value), name) || u.Limit == nil {
			continue
		}
		used, most := int64(val(u.CurrentValue)), *u.Limit
		if used+more <= most {
			return nil
		}
		what := val(u.Name.LocalizedValue)
		if what == "" {
			what = val(u.Name.Value)
		}
		return &images.Problem{Class: images.Quota, What: c.clean(what), Stops: true, Link: c.quotaLink(),
			Said: fmt.Sprintf("%d of %d virtual processors are in use in %s, and the machines of a build need %d more.", used, most, region, more)}
	}
	return nil
}
