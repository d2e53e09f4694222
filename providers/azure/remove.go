package azure

import (
	"context"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// removing is what Remove remembers: the operation that it has begun last, what that
// removes, and when it found nothing first.
type removing struct {
	Op      string    `json:"op,omitzero"`
	Machine string    `json:"machine,omitzero"` // empty for the group
	At      time.Time `json:"at,omitzero"`
}

// Remove removes the machines of a role, and with the last machine of the build all
// that they were in.
func (c *Cloud) Remove(ctx context.Context, w images.Work, role string) (images.Progress, error) {
	subscriptions := []string{c.o.Subscription}
	if role == images.Trial && c.o.PreviewSubscription != "" && c.o.PreviewSubscription != c.o.Subscription {
		subscriptions = []string{c.o.PreviewSubscription, c.o.Subscription} // it may have been configured since
	}
	for _, sub := range subscriptions {
		p, err := c.removeIn(ctx, w, site{subscription: sub, group: groupOf(w.Build)}, role)
		if p != nil || err != nil {
			return deref(p), err
		}
	}
	return clouds.Nothing(w), nil
}

// removeIn removes them in a subscription. A nil progress without an error is that there
// is nothing.
func (c *Cloud) removeIn(ctx context.Context, w images.Work, s site, role string) (*images.Progress, error) {
	g, err := c.resourceGroup(ctx, s)
	if err != nil || g == nil || ours(w, "resource group", s.group, g.Tags) != nil {
		return nil, err
	}
	if err := c.removed(ctx, w, s); err != nil {
		return nil, err
	}
	waiting := func(note string) *images.Progress {
		return &images.Progress{Memory: clouds.Remember(removing{Op: clouds.Recall[removing](w).Op, Machine: clouds.Recall[removing](w).Machine}), Note: note, Again: 15 * time.Second}
	}
	if g.Properties != nil && strings.EqualFold(val(g.Properties.ProvisioningState), "Deleting") {
		return waiting("removing the resource group"), nil
	}
	list, err := c.machinesIn(ctx, s)
	if err != nil {
		return nil, err
	}
	others, mine := 0, (*armcompute.VirtualMachine)(nil)
	for _, vm := range list {
		if !ofRole(vm, role) {
			others++
			continue
		}
		if mine == nil || deleting(mine) {
			mine = vm
		}
	}
	switch {
	case mine != nil && deleting(mine):
		return waiting("removing " + val(mine.Name)), nil
	case mine != nil:
		name := val(mine.Name)
		op, err := begin(ctx, c, deleteMachine, func(ctx context.Context) (*runtime.Poller[armcompute.VirtualMachinesClientDeleteResponse], error) {
			return c.of(s.subscription).compute.NewVirtualMachinesClient().BeginDelete(ctx, s.group, name, nil)
		})
		if err != nil && !clouds.Is(err, images.Gone) {
			return nil, err
		}
		return &images.Progress{Memory: clouds.Remember(removing{Op: op, Machine: name}), Note: "removing " + name, Again: 15 * time.Second}, nil
	case others > 0: // the last one takes it along
		return nil, nil
	}
	op, err := c.deleteGroup(ctx, s)
	if err != nil && !clouds.Is(err, images.Gone) {
		return nil, err
	}
	return &images.Progress{Memory: clouds.Remember(removing{Op: op}), Note: "removing the resource group", Again: 15 * time.Second}, nil
}

// removed is the fault of a removal that failed; nil when it goes on or is over, or
// would be worth another try.
func (c *Cloud) removed(ctx context.Context, w images.Work, s site) error {
	mem := clouds.Recall[removing](w)
	var f *images.Fault
	if mem.Machine != "" {
		f = failed(ctx, c, deleteMachine, mem.Op, func(ctx context.Context, token string) (*runtime.Poller[armcompute.VirtualMachinesClientDeleteResponse], error) {
			return c.of(s.subscription).compute.NewVirtualMachinesClient().BeginDelete(ctx, s.group, mem.Machine, &armcompute.VirtualMachinesClientBeginDeleteOptions{ResumeToken: token})
		})
	} else {
		f = failed(ctx, c, deleteGroup, mem.Op, func(ctx context.Context, token string) (*runtime.Poller[armresources.ResourceGroupsClientDeleteResponse], error) {
			return c.of(s.subscription).resources.NewResourceGroupsClient().BeginDelete(ctx, s.group, &armresources.ResourceGroupsClientBeginDeleteOptions{ResumeToken: token})
		})
	}
	if f == nil || f.Class.Heals() {
		return nil
	}
	f.What = s.group
	return f
}

// deleteGroup begins to delete a group with all that is in it.
func (c *Cloud) deleteGroup(ctx context.Context, s site) (string, error) {
	return begin(ctx, c, deleteGroup, func(ctx context.Context) (*runtime.Poller[armresources.ResourceGroupsClientDeleteResponse], error) {
		return c.of(s.subscription).resources.NewResourceGroupsClient().BeginDelete(ctx, s.group, &armresources.ResourceGroupsClientBeginDeleteOptions{ForceDeletionTypes: to.Ptr("Microsoft.Compute/virtualMachines")})
	})
}

// machinesIn are the machines of a group.
func (c *Cloud) machinesIn(ctx context.Context, s site) ([]*armcompute.VirtualMachine, error) {
	pager := func() *runtime.Pager[armcompute.VirtualMachinesClientListResponse] {
		return c.of(s.subscription).compute.NewVirtualMachinesClient().NewListPager(s.group, nil)
	}
	list, err := all(ctx, c, readMachine, pager, func(p armcompute.VirtualMachinesClientListResponse) []*armcompute.VirtualMachine { return p.Value })
	if clouds.Is(err, images.Gone) {
		return nil, nil
	}
	return list, err
}

// ofRole reports whether a machine is one of a role: by its tag, or by the name that it
// got from it.
func ofRole(vm *armcompute.VirtualMachine, role string) bool {
	if r := tagged(vm.Tags, clouds.LabelRole); r != "" {
		return r == role
	}
	return strings.HasPrefix(val(vm.Name), role+"-")
}

func deleting(vm *armcompute.VirtualMachine) bool {
	return vm.Properties != nil && val(vm.Properties.ProvisioningState) == "Deleting"
}
