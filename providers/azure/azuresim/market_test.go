package azuresim_test

import (
	"testing"
	"time"

	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/azure/azuresim"
)

func TestBaseImages(t *testing.T) {
	w := setup(t)
	images := w.compute().NewVirtualMachineImagesClient()
	newest := func(sku string) string {
		t.Helper()
		l := must(images.List(w.ctx, home, azuresim.BasePublisher, azuresim.BaseOffer, sku, &arm.VirtualMachineImagesClientListOptions{Orderby: ptr("name desc"), Top: ptr(int32(1))}))(w)
		same(w, "images", len(l.VirtualMachineImageResourceArray), 1)
		return *l.VirtualMachineImageResourceArray[0].Name
	}
	same(w, "newest", newest("server"), "24.04.202608160")
	w.sim.PublishBase(w.clock.now())
	same(w, "again", w.sim.PublishBase(w.clock.now()), "24.04.202608201")
	same(w, "newest", newest("server-arm64"), "24.04.202608201")
	one := must(images.Get(w.ctx, home, "canonical", azuresim.BaseOffer, "server-arm64", "24.04.202608201", nil))(w)
	same(w, "architecture", *one.Properties.Architecture, arm.ArchitectureTypesArm64)
	all := must(images.List(w.ctx, home, azuresim.BasePublisher, azuresim.BaseOffer, "minimal", nil))(w)
	same(w, "all", len(all.VirtualMachineImageResourceArray), 4)
	w.sim.SetBaseAge(90 * 24 * time.Hour)
	same(w, "old", newest("server"), "24.04.202605220")
	_, err := images.List(w.ctx, home, azuresim.BasePublisher, azuresim.BaseOffer, "desktop", nil)
	w.want(err, "NotFound")
	_, err = images.Get(w.ctx, home, azuresim.BasePublisher, azuresim.BaseOffer, "server", "1.0.0", nil)
	w.want(err, "NotFound")
}

// A preview can be deployed by its audience alone, and with its plan.
func TestPreview(t *testing.T) {
	const audience = "0a1b2c3d-0000-4000-8000-0000000000ff"
	w := setup(t)
	w.sim.AddSubscription(audience, "Preview")
	w.sim.PublishOffer(azuresim.Offer{
		Publisher: "gitlab", Offer: "gitlab-ee-preview", SKU: "default", Version: "17.5.1", Plan: true, Subscriptions: []string{audience}, Source: "the version",
	})
	preview := func(m *arm.VirtualMachine) {
		m.Properties.StorageProfile.ImageReference = &arm.ImageReference{Publisher: ptr("gitlab"), Offer: ptr("gitlab-ee-preview"), SKU: ptr("default"), Version: ptr("17.5.1")}
	}
	m := machineOf(w.nic("nic"))
	preview(&m)
	_, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", m, nil)
	w.want(err, "PlatformImageNotFound")

	resources := must(armresources.NewClientFactory(audience, w.cred, w.arm()))(w)
	_, err = resources.NewResourceGroupsClient().CreateOrUpdate(w.ctx, build, armresources.ResourceGroup{Location: ptr(home)}, nil)
	w.want(err, "")
	network := must(armnetwork.NewClientFactory(audience, w.cred, w.arm()))(w)
	p, err := network.NewVirtualNetworksClient().BeginCreateOrUpdate(w.ctx, build, "net", armnetwork.VirtualNetwork{Location: ptr(home), Properties: &armnetwork.VirtualNetworkPropertiesFormat{
		AddressSpace: &armnetwork.AddressSpace{AddressPrefixes: []*string{ptr("10.0.0.0/16")}},
		Subnets:      []*armnetwork.Subnet{{Name: ptr("default"), Properties: &armnetwork.SubnetPropertiesFormat{AddressPrefix: ptr("10.0.0.0/24")}}},
	}}, nil)
	net := done(w, p, err)
	m.Properties.NetworkProfile = inline("2022-11-01", *net.Properties.Subnets[0].ID)
	machines := w.compute(audience).NewVirtualMachinesClient()
	_, err = machines.BeginCreateOrUpdate(w.ctx, build, "vm", m, nil)
	w.want(err, "VMMarketplaceInvalidInput")
	m.Plan = &arm.Plan{Name: ptr("other"), Product: ptr("gitlab-ee-preview"), Publisher: ptr("gitlab")}
	_, err = machines.BeginCreateOrUpdate(w.ctx, build, "vm", m, nil)
	w.want(err, "VMMarketplaceInvalidInput")
	m.Plan.Name = ptr("default")
	q, err := machines.BeginCreateOrUpdate(w.ctx, build, "vm", m, nil)
	done(w, q, err)
	s := w.sim.State().Machines[0]
	same(w, "image", s.Image, "the version")
	same(w, "plan", s.Plan, "gitlab:gitlab-ee-preview:default")
}
