package azure

import (
	"context"
	"fmt"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file makes what machines of a build are in: a group, and a network that reaches
// out and is reached from nowhere. Each is looked for by its name before it is made.

// The names of what is once in a group.
const (
	firewallName = "nobody-in"
	networkName  = "network"
	subnetName   = "machines"
)

// prepare brings about what a machine needs. A nil progress without an error is that
// all of it is there.
func (c *Cloud) prepare(ctx context.Context, w images.Work, s site, region string, mem *launched) (*images.Progress, error) {
	steps := []func(context.Context, images.Work, site, string) (string, error){c.group}
	if c.subnetOf(s) == "" {
		steps = append(steps, c.firewall, c.network)
	}
	steps = append(steps, c.networkInterface)
	for i, do := range steps {
		if mem.Ready > i {
			continue
		}
		note, err := do(ctx, w, s, region)
		if err != nil {
			return nil, err
		}
		if note != "" {
			return &images.Progress{Memory: clouds.Remember(mem), Note: note, Again: 5 * time.Second}, nil
		}
		mem.Ready = i + 1
	}
	return nil, nil
}

// subnetOf is the subnet that is configured for machines; empty for one of the build's
// own, as for those in another subscription.
func (c *Cloud) subnetOf(s site) string {
	if s.subscription != c.o.Subscription {
		return ""
	}
	return c.o.Subnet
}

// ready says how something stands that was found: its note is empty when it is ready.
func ready(what, state string) string {
	if state == "Succeeded" || state == "" {
		return ""
	}
	return "waiting for the " + what
}

// failing reports whether something has failed that is to be made again, over itself.
func failing(state string) bool { return state == "Failed" || state == "Canceled" }

// ours is the fault of something that has a name of ours and is not of the build.
func ours(w images.Work, what, id string, tags map[string]*string) error {
	if b := tagged(tags, clouds.LabelBuild); b != string(w.Build) {
		return &images.Fault{Class: images.Invalid, What: id, Said: fmt.Sprintf("There is a %s %s already that is not of this build.", what, id)}
	}
	return nil
}

// group makes the resource group.
func (c *Cloud) group(ctx context.Context, w images.Work, s site, region string) (string, error) {
	g, err := c.resourceGroup(ctx, s)
	switch {
	case err != nil:
		return "", err
	case g != nil:
		if err := ours(w, "resource group", s.group, g.Tags); err != nil {
			return "", err
		}
		state := ""
		if g.Properties != nil {
			state = val(g.Properties.ProvisioningState)
		}
		return ready("resource group", state), nil
	}
	_, err = ask(ctx, c, writeGroup, func(ctx context.Context) (armresources.ResourceGroupsClientCreateOrUpdateResponse, error) {
		return c.of(s.subscription).resources.NewResourceGroupsClient().CreateOrUpdate(ctx, s.group, armresources.ResourceGroup{
			Location: &region, Tags: tagsFor(w, s.group),
		}, nil)
	})
	return "making the resource group", err
}

// resourceGroup is the group of a machine; nil when there is none.
func (c *Cloud) resourceGroup(ctx context.Context, s site) (*armresources.ResourceGroup, error) {
	out, err := ask(ctx, c, readGroup, func(ctx context.Context) (armresources.ResourceGroupsClientGetResponse, error) {
		return c.of(s.subscription).resources.NewResourceGroupsClient().Get(ctx, s.group, nil)
	})
	if clouds.Is(err, images.Gone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &out.ResourceGroup, nil
}

// firewall makes the rules of the network: nobody gets in, not even other machines.
func (c *Cloud) firewall(ctx context.Context, w images.Work, s site, region string) (string, error) {
	client := c.of(s.subscription).network.NewSecurityGroupsClient()
	there, err := ask(ctx, c, readFirewall, func(ctx context.Context) (armnetwork.SecurityGroupsClientGetResponse, error) {
		return client.Get(ctx, s.group, firewallName, nil)
	})
	if err == nil && there.Properties != nil && !failing(string(val(there.Properties.ProvisioningState))) {
		return ready("network's rules", string(val(there.Properties.ProvisioningState))), nil
	}
	if err != nil && !clouds.Is(err, images.Gone) {
		return "", err
	}
	any := to.Ptr("*")
	_, err = begin(ctx, c, writeFirewall, func(ctx context.Context) (*runtime.Poller[armnetwork.SecurityGroupsClientCreateOrUpdateResponse], error) {
		return client.BeginCreateOrUpdate(ctx, s.group, firewallName, armnetwork.SecurityGroup{
			Location: &region, Tags: tagsFor(w, firewallName),
			Properties: &armnetwork.SecurityGroupPropertiesFormat{SecurityRules: []*armnetwork.SecurityRule{{
				Name: to.Ptr(firewallName), Properties: &armnetwork.SecurityRulePropertiesFormat{
					Access: to.Ptr(armnetwork.SecurityRuleAccessDeny), Direction: to.Ptr(armnetwork.SecurityRuleDirectionInbound),
					Priority: to.Ptr[int32](100), Protocol: to.Ptr(armnetwork.SecurityRuleProtocolAsterisk),
					SourceAddressPrefix: any, SourcePortRange: any, DestinationAddressPrefix: any, DestinationPortRange: any,
				},
			}}},
		}, nil)
	})
	return "making the network's rules", err
}

// network makes the network with its subnet. Its machines have no public address, and
// reach out by the address that Azure lends them.
func (c *Cloud) network(ctx context.Context, w images.Work, s site, region string) (string, error) {
	client := c.of(s.subscription).network.NewVirtualNetworksClient()
	there, err := ask(ctx, c, readNetwork, func(ctx context.Context) (armnetwork.VirtualNetworksClientGetResponse, error) {
		return client.Get(ctx, s.group, networkName, nil)
	})
	if err == nil && there.Properties != nil && !failing(string(val(there.Properties.ProvisioningState))) {
		return ready("network", string(val(there.Properties.ProvisioningState))), nil
	}
	if err != nil && !clouds.Is(err, images.Gone) {
		return "", err
	}
	_, err = begin(ctx, c, writeNetwork, func(ctx context.Context) (*runtime.Poller[armnetwork.VirtualNetworksClientCreateOrUpdateResponse], error) {
		return client.BeginCreateOrUpdate(ctx, s.group, networkName, armnetwork.VirtualNetwork{
			Location: &region, Tags: tagsFor(w, networkName),
			Properties: &armnetwork.VirtualNetworkPropertiesFormat{
				AddressSpace: &armnetwork.AddressSpace{AddressPrefixes: []*string{to.Ptr("10.83.0.0/24")}},
				Subnets: []*armnetwork.Subnet{{Name: to.Ptr(subnetName), Properties: &armnetwork.SubnetPropertiesFormat{
					AddressPrefix: to.Ptr("10.83.0.0/25"), DefaultOutboundAccess: to.Ptr(true),
					NetworkSecurityGroup: &armnetwork.SecurityGroup{ID: to.Ptr(s.id("Microsoft.Network/networkSecurityGroups", firewallName))},
				}}},
			},
		}, nil)
	})
	return "making the network", err
}

// networkInterface makes the machine's own.
func (c *Cloud) networkInterface(ctx context.Context, w images.Work, s site, region string) (string, error) {
	client := c.of(s.subscription).network.NewInterfacesClient()
	there, err := ask(ctx, c, readInterface, func(ctx context.Context) (armnetwork.InterfacesClientGetResponse, error) {
		return client.Get(ctx, s.group, s.name, nil)
	})
	if err == nil && there.Properties != nil && !failing(string(val(there.Properties.ProvisioningState))) {
		return ready("network interface", string(val(there.Properties.ProvisioningState))), nil
	}
	if err != nil && !clouds.Is(err, images.Gone) {
		return "", err
	}
	subnet := c.subnetOf(s)
	if subnet == "" {
		subnet = s.id("Microsoft.Network/virtualNetworks", networkName) + "/subnets/" + subnetName
	}
	_, err = begin(ctx, c, writeInterface, func(ctx context.Context) (*runtime.Poller[armnetwork.InterfacesClientCreateOrUpdateResponse], error) {
		return client.BeginCreateOrUpdate(ctx, s.group, s.name, armnetwork.Interface{
			Location: &region, Tags: tagsFor(w, s.name),
			Properties: &armnetwork.InterfacePropertiesFormat{IPConfigurations: []*armnetwork.InterfaceIPConfiguration{{
				Name: to.Ptr("inside"), Properties: &armnetwork.InterfaceIPConfigurationPropertiesFormat{
					Primary: to.Ptr(true), PrivateIPAllocationMethod: to.Ptr(armnetwork.IPAllocationMethodDynamic), Subnet: &armnetwork.Subnet{ID: &subnet},
				},
			}}},
		}, nil)
	})
	return "making the network interface", err
}
