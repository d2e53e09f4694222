package azure

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// The kinds of leftovers. What is in a group goes with it.
const (
	kindGroup = "group"
	kindImage = "image"
)

// Leftovers is everything that builds have made: their resource groups, and versions in
// the gallery.
func (c *Cloud) Leftovers(ctx context.Context) ([]images.Leftover, error) {
	subscriptions := []string{c.o.Subscription}
	if p := c.o.PreviewSubscription; p != "" && p != c.o.Subscription {
		subscriptions = append(subscriptions, p)
	}
	var out []images.Leftover
	var failed []error
	for _, sub := range subscriptions {
		list, err := c.groupsLeft(ctx, sub)
		if err != nil {
			err = fmt.Errorf("the resource groups in the subscription %s: %w", sub, err)
		}
		out, failed = append(out, list...), append(failed, err)
	}
	list, err := c.versionsLeft(ctx)
	if err != nil {
		err = fmt.Errorf("the images in the gallery %s: %w", c.o.Gallery, err)
	}
	return append(out, list...), errors.Join(append(failed, err)...)
}

// groupsLeft are the groups of builds in a subscription.
func (c *Cloud) groupsLeft(ctx context.Context, sub string) (out []images.Leftover, err error) {
	pager := func() *runtime.Pager[armresources.ResourceGroupsClientListResponse] {
		return c.of(sub).resources.NewResourceGroupsClient().NewListPager(&armresources.ResourceGroupsClientListOptions{Filter: to.Ptr("tagName eq '" + clouds.LabelBuild + "'")})
	}
	list, err := all(ctx, c, readGroup, pager, func(p armresources.ResourceGroupsClientListResponse) []*armresources.ResourceGroup {
		return p.Value
	})
	if err != nil {
		return nil, err
	}
	for _, g := range list {
		build := tagged(g.Tags, clouds.LabelBuild)
		if build == "" || g.Properties != nil && strings.EqualFold(val(g.Properties.ProvisioningState), "Deleting") {
			continue
		}
		s := site{sub, val(g.Name), ""}
		id := s.group
		if sub != c.o.Subscription {
			id = sub + "/" + id
		}
		l := images.Leftover{Region: place(val(g.Location)), Kind: kindGroup, ID: id, Name: tagged(g.Tags, clouds.LabelName), Build: images.BuildID(build), Made: createdAt(g.Tags)}
		machines, err := c.machinesIn(ctx, s)
		if err != nil {
			return out, err
		}
		for _, vm := range machines {
			l.Dollars += c.monthOf(vm)
		}
		out = append(out, l)
	}
	return out, nil
}

// monthOf is about what a machine costs in a month, if it runs.
func (c *Cloud) monthOf(vm *armcompute.VirtualMachine) float64 {
	size := ""
	if vm.Properties != nil && vm.Properties.HardwareProfile != nil {
		size = string(val(vm.Properties.HardwareProfile.VMSize))
	}
	return anHour(size)*hoursInMonth + diskMonth*float64(c.disk())
}

// versionsLeft are the versions in the gallery that builds have made.
func (c *Cloud) versionsLeft(ctx context.Context) (out []images.Leftover, err error) {
	definitions, err := c.definitions(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range definitions {
		name := lastPart(val(d.Name))
		list, err := c.versionsOf(ctx, name)
		if err != nil {
			return out, err
		}
		for _, v := range list {
			build := tagged(v.Tags, clouds.LabelBuild)
			if build == "" || stateOf(v) == armcompute.GalleryProvisioningStateDeleting {
				continue
			}
			copies := max(1, len(v.Properties.PublishingProfile.TargetRegions))
			made := val(v.Properties.PublishingProfile.PublishedDate)
			if made.IsZero() {
				made = createdAt(v.Tags)
			}
			out = append(out, images.Leftover{Region: place(val(v.Location)), Kind: kindImage, ID: version{c.o.Gallery, name, lastPart(val(v.Name))}.String(),
				Name: tagged(v.Tags, clouds.LabelName), Build: images.BuildID(build), Made: made.UTC().Truncate(time.Second),
				Finished: tagged(v.Tags, clouds.LabelState) == clouds.Verified,
				Dollars:  snapshotMonth * usedOfDisk * float64(c.disk()) * float64(copies)})
		}
	}
	return out, nil
}

// lastPart is a name without what it is in, which some lists put before it.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// RemoveLeftover removes what a build has made.
func (c *Cloud) RemoveLeftover(ctx context.Context, l images.Leftover) error {
	switch l.Kind {
	case kindGroup:
		return c.removeGroup(ctx, l)
	case kindImage:
		v, err := versionOf(l.ID)
		if err != nil {
			return err
		}
		found, err := c.version(ctx, v)
		if err != nil || found == nil {
			return err
		}
		if tagged(found.Tags, clouds.LabelBuild) != string(l.Build) {
			return notOurs(l)
		}
		return c.deleteVersion(ctx, v)
	}
	return &images.Fault{Class: images.Invalid, What: l.ID, Said: "A " + strings.TrimSpace(l.Kind) + " is nothing that is removed here."}
}

func (c *Cloud) removeGroup(ctx context.Context, l images.Leftover) error {
	sub, group := c.inWhich(l.ID, 0)
	if err := c.knows(sub); err != nil {
		return err
	}
	s := site{subscription: sub, group: group}
	g, err := c.resourceGroup(ctx, s)
	if err != nil || g == nil {
		return err
	}
	if tagged(g.Tags, clouds.LabelBuild) != string(l.Build) {
		return notOurs(l)
	}
	if _, err = c.deleteGroup(ctx, s); clouds.Is(err, images.Gone) {
		return nil
	}
	return err
}

// notOurs is the fault of something that is not any more what was listed.
func notOurs(l images.Leftover) error {
	return &images.Fault{Class: images.Invalid, What: l.ID, Said: fmt.Sprintf("%s is not of the build %s any more, so it stays.", l.ID, l.Build)}
}
