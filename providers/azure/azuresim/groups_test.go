package azuresim_test

import (
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"
)

func TestGroups(t *testing.T) {
	w := setup(t)
	groups := w.resources().NewResourceGroupsClient()
	same(w, "there", must(groups.CheckExistence(w.ctx, build, nil))(w).Success, false)
	w.group(build)
	same(w, "there", must(groups.CheckExistence(w.ctx, build, nil))(w).Success, true)
	_, err := groups.CreateOrUpdate(w.ctx, build, armresources.ResourceGroup{Location: ptr("westus2")}, nil)
	w.want(err, "InvalidResourceGroupLocation")
	_, err = groups.CreateOrUpdate(w.ctx, "ends.", armresources.ResourceGroup{Location: ptr(home)}, nil)
	w.want(err, "InvalidResourceGroup")
	_, err = groups.Update(w.ctx, build, armresources.ResourceGroupPatchable{Tags: map[string]*string{"runId": ptr("7")}}, nil)
	w.want(err, "")
	value := func(p armresources.ResourceGroupsClientListResponse) []*armresources.ResourceGroup { return p.Value }
	same(w, "all", len(pages(w, groups.NewListPager(nil), value)), 2)
	tagged := pages(w, groups.NewListPager(&armresources.ResourceGroupsClientListOptions{Filter: ptr("tagName eq 'runId' and tagValue eq '7'")}), value)
	same(w, "tagged", len(tagged), 1)
	same(w, "state", *tagged[0].Properties.ProvisioningState, "Succeeded")
	_, err = groups.Get(w.ctx, "nowhere", nil)
	w.want(err, "ResourceGroupNotFound")
	_, err = groups.BeginDelete(w.ctx, "nowhere", nil)
	w.want(err, "ResourceGroupNotFound")
}

// A group is deleted with all that is in it, and takes nothing new meanwhile.
func TestGroupDeletion(t *testing.T) {
	w := setup(t)
	w.machine("vm")
	groups := w.resources().NewResourceGroupsClient()
	inside := func() int {
		return len(pages(w, w.resources().NewClient().NewListByResourceGroupPager(build, nil), func(p armresources.ClientListByResourceGroupResponse) []*armresources.GenericResourceExpanded {
			return p.Value
		}))
	}
	same(w, "resources", inside(), 4)
	_, err := groups.BeginDelete(w.ctx, build, &armresources.ResourceGroupsClientBeginDeleteOptions{ForceDeletionTypes: ptr("Microsoft.Network/virtualNetworks")})
	w.want(err, "InvalidForceDeletionTypes")
	p, err := groups.BeginDelete(w.ctx, build, nil)
	w.want(err, "")
	same(w, "state", *must(groups.Get(w.ctx, build, nil))(w).Properties.ProvisioningState, "Deleting")
	_, err = groups.CreateOrUpdate(w.ctx, build, armresources.ResourceGroup{Location: ptr(home)}, nil)
	w.want(err, "ResourceGroupBeingDeleted")
	_, err = w.network().NewVirtualNetworksClient().BeginCreateOrUpdate(w.ctx, build, "new", armnetwork.VirtualNetwork{Location: ptr(home), Properties: &armnetwork.VirtualNetworkPropertiesFormat{}}, nil)
	w.want(err, "ResourceGroupBeingDeleted")
	w.pass(2 * time.Minute)
	same(w, "resources", inside(), 1)
	q, err := groups.BeginDelete(w.ctx, build, nil)
	done(w, q, err)
	done(w, p, nil)
	_, err = groups.Get(w.ctx, build, nil)
	w.want(err, "ResourceGroupNotFound")
	w.group(build)
	same(w, "resources", inside(), 0)
}

func TestNetworks(t *testing.T) {
	w := setup(t)
	w.nic("nic")
	nets, groups := w.network().NewVirtualNetworksClient(), w.network().NewSecurityGroupsClient()
	put := func(space, subnet, group string) error {
		s := &armnetwork.Subnet{Name: ptr("s"), Properties: &armnetwork.SubnetPropertiesFormat{AddressPrefix: ptr(subnet)}}
		if group != "" {
			s.Properties.NetworkSecurityGroup = &armnetwork.SecurityGroup{ID: ptr(group)}
		}
		p, err := nets.BeginCreateOrUpdate(w.ctx, build, "other", armnetwork.VirtualNetwork{Location: ptr(home), Properties: &armnetwork.VirtualNetworkPropertiesFormat{
			AddressSpace: &armnetwork.AddressSpace{AddressPrefixes: []*string{ptr(space)}}, Subnets: []*armnetwork.Subnet{s},
		}}, nil)
		_, err = wait(w, p, err)
		return err
	}
	w.want(put("10.1.0.0/16", "10.2.0.0/24", ""), "NetcfgSubnetRangeOutsideVnet")
	w.want(put("10.1.0.0/16", "all of it", ""), "InvalidCIDRNotation")
	w.want(put("10.1.0.0/16", "10.1.0.0/24", "/nothing"), "InvalidResourceReference")
	g, err := groups.BeginCreateOrUpdate(w.ctx, build, "nsg", armnetwork.SecurityGroup{Location: ptr(home), Properties: &armnetwork.SecurityGroupPropertiesFormat{
		SecurityRules: []*armnetwork.SecurityRule{{Name: ptr("none"), Properties: &armnetwork.SecurityRulePropertiesFormat{Priority: ptr(int32(100))}}},
	}}, nil)
	nsg := done(w, g, err)
	same(w, "rules", len(nsg.Properties.SecurityRules), 1)
	w.want(put("10.1.0.0/16", "10.1.0.0/24", *nsg.ID), "")
	_, err = groups.BeginDelete(w.ctx, build, "nsg", nil)
	w.want(err, "InUseNetworkSecurityGroupCannotBeDeleted")
	d, err := nets.BeginDelete(w.ctx, build, "other", nil)
	done(w, d, err)
	e, err := groups.BeginDelete(w.ctx, build, "nsg", nil)
	done(w, e, err)
	// A subnet with an interface in it stays.
	_, err = nets.BeginCreateOrUpdate(w.ctx, build, "net", armnetwork.VirtualNetwork{Location: ptr(home), Properties: &armnetwork.VirtualNetworkPropertiesFormat{
		AddressSpace: &armnetwork.AddressSpace{AddressPrefixes: []*string{ptr("10.0.0.0/16")}},
	}}, nil)
	w.want(err, "InUseSubnetCannotBeDeleted")
	n := must(w.network().NewInterfacesClient().Get(w.ctx, build, "nic", nil))(w)
	same(w, "address", *n.Properties.IPConfigurations[0].Properties.PrivateIPAddress, "10.0.0.4")
}
