package azuresim

import (
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
)

func (c *request) putNIC(in armnetwork.Interface) (*nic, int, error) {
	n, ok := find[*nic](c.s, c.resourceID())
	if !ok {
		k, err := c.fresh(in.Location, in.Tags)
		if err != nil {
			return nil, 0, err
		}
		n = &nic{core: k}
	} else {
		if err := n.changes(in.Location); err != nil {
			return nil, 0, err
		}
		if err := n.free(c.now); err != nil {
			return nil, 0, err
		}
	}
	p := val(in.Properties)
	if len(p.IPConfigurations) != 1 || p.IPConfigurations[0] == nil {
		return nil, 0, refuse("NetworkInterfaceMustHaveAtleastOneIpConfiguration", "Network interface %s must have one ip configuration; more of them are not known here.", n.id)
	}
	ip := p.IPConfigurations[0]
	q := val(ip.Properties)
	w := wish{ipConfig: val(ip.Name), fast: val(p.EnableAcceleratedNetworking)}
	if q.Subnet != nil {
		w.subnet = val(q.Subnet.ID)
	}
	if q.PublicIPAddress != nil {
		w.public = val(q.PublicIPAddress.ID)
	}
	if p.NetworkSecurityGroup != nil {
		w.group = val(p.NetworkSecurityGroup.ID)
	}
	if err := c.fit(n, w); err != nil {
		return nil, 0, err
	}
	n.tags = copyTags(in.Tags)
	status := c.make(&n.core, !ok, c.s.at(n.location).times.Network)
	c.s.put(n)
	return n, status, nil
}

// wish is what an interface is to be connected with.
type wish struct {
	ipConfig, subnet, group, public string
	fast                            bool
}

// fit checks what an interface is to be connected with, and connects it.
func (c *request) fit(n *nic, w wish) error {
	v, sn := c.s.subnetOf(w.subnet)
	if sn == nil || v.location != n.location {
		return dangling(w.subnet, n.id)
	}
	if err := c.link("Microsoft.Network/virtualNetworks/subnets/join/action", w.subnet); err != nil {
		return err
	}
	if w.group != "" {
		if err := c.joinGroup(w.group); err != nil {
			return err
		}
	}
	if w.public != "" {
		a, ok := find[*publicAddress](c.s, w.public)
		if !ok {
			return dangling(w.public, n.id)
		}
		if a.owner != "" && !strings.EqualFold(a.owner, n.id) {
			return refuse("PublicIPAddressInUse", "Resource %s is referencing public IP address %s that is already allocated to resource %s.", n.id, a.id, a.owner)
		}
		if err := c.link("Microsoft.Network/publicIPAddresses/join/action", w.public); err != nil {
			return err
		}
		a.owner = n.id
	}
	if n.address == "" || !strings.EqualFold(n.subnet, sn.id) {
		n.address = c.s.nextAddress(sn)
	}
	n.subnet, n.group, n.public, n.ipConfig, n.fast = sn.id, w.group, w.public, w.ipConfig, w.fast
	if n.ipConfig == "" {
		n.ipConfig = "ipconfig1"
	}
	return nil
}

// reaches reports whether something behind an interface reaches the internet.
func (s *Server) reaches(n *nic) bool {
	_, sn := s.subnetOf(n.subnet)
	return n.public != "" || sn != nil && (sn.gateway || sn.outbound == nil || *sn.outbound)
}

func (c *request) nicJSON(n *nic) armnetwork.Interface {
	ip := &armnetwork.InterfaceIPConfiguration{
		ID: ptr(n.id + "/ipConfigurations/" + n.ipConfig), Name: ptr(n.ipConfig), Type: ptr("Microsoft.Network/networkInterfaces/ipConfigurations"),
		Properties: &armnetwork.InterfaceIPConfigurationPropertiesFormat{
			Primary: ptr(true), PrivateIPAddress: ptr(n.address), PrivateIPAddressVersion: ptr(armnetwork.IPVersionIPv4),
			PrivateIPAllocationMethod: ptr(armnetwork.IPAllocationMethodDynamic), Subnet: &armnetwork.Subnet{ID: ptr(n.subnet)},
			ProvisioningState: networkState(&n.core, c.now),
		},
	}
	if n.public != "" {
		ip.Properties.PublicIPAddress = &armnetwork.PublicIPAddress{ID: ptr(n.public)}
	}
	p := &armnetwork.InterfacePropertiesFormat{
		IPConfigurations: []*armnetwork.InterfaceIPConfiguration{ip}, EnableAcceleratedNetworking: ptr(n.fast),
		ProvisioningState: networkState(&n.core, c.now),
	}
	if n.group != "" {
		p.NetworkSecurityGroup = &armnetwork.SecurityGroup{ID: ptr(n.group)}
	}
	if n.owner != "" {
		p.VirtualMachine, p.Primary = &armnetwork.SubResource{ID: ptr(n.owner)}, ptr(true)
	}
	return armnetwork.Interface{ID: ptr(n.id), Name: ptr(n.name), Type: ptr(n.kind), Location: ptr(n.location), Tags: copyTags(n.tags), Properties: p}
}

func (c *request) addressJSON(a *publicAddress) armnetwork.PublicIPAddress {
	out := armnetwork.PublicIPAddress{
		ID: ptr(a.id), Name: ptr(a.name), Type: ptr(a.kind), Location: ptr(a.location), Tags: copyTags(a.tags),
		Properties: &armnetwork.PublicIPAddressPropertiesFormat{
			PublicIPAllocationMethod: ptr(armnetwork.IPAllocationMethodStatic), ProvisioningState: networkState(&a.core, c.now),
		},
	}
	if a.owner != "" {
		out.Properties.IPConfiguration = &armnetwork.IPConfiguration{ID: ptr(a.owner + "/ipConfigurations/ipconfig1")}
	}
	return out
}

func nicInUse(id, owner string) *armError {
	return refuse("NicInUse", "Network Interface %s is used by existing resource %s. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.", id, owner)
}
