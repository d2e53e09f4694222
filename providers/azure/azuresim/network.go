package azuresim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
)

// vnet is a virtual network with its subnets.
type vnet struct {
	core
	space   []*string
	subnets []*subnet
}

// subnet is a part of a network.
type subnet struct {
	id, name, prefix string
	group            string // the id of its security group
	outbound         *bool  // nil: as Azure has it
	gateway          bool
}

// securityGroup filters what comes and goes.
type securityGroup struct {
	core
	rules []*armnetwork.SecurityRule
}

// nic is a network interface.
type nic struct {
	core
	owner    string // the id of the machine that uses it
	subnet   string
	group    string
	public   string // the id of its address
	address  string
	ipConfig string // its name
	fast     bool   // accelerated networking
}

// publicAddress is an address that the internet reaches.
type publicAddress struct {
	core
	owner string // the id of the interface
}

// clone copies a value of the SDK with all that it points to.
func clone[T any](v T) T {
	out := *new(T)
	// What the SDK has read it can write.
	if text, err := json.Marshal(v); err == nil {
		_ = json.Unmarshal(text, &out)
	}
	return out
}

// networkState is a provisioning state as the provider of networks has it.
func networkState(k *core, now time.Time) *armnetwork.ProvisioningState {
	return ptr(armnetwork.ProvisioningState(k.life.at(now)))
}

// make plans the life of something that is new, or has changed, and answers the status.
func (c *request) make(k *core, isNew bool, takes time.Duration) int {
	if isNew {
		k.life = timeline{{creating, c.now}, {succeeded, c.now.Add(takes)}}
	} else {
		k.life = k.life.turn(c.now, phase{updating, c.now}, phase{succeeded, c.now.Add(takes)})
	}
	c.begun(k, c.now.Add(takes), nil)
	if isNew {
		return http.StatusCreated
	}
	return http.StatusOK
}

// subnetOf is the subnet with an id, and its network.
func (s *Server) subnetOf(id string) (*vnet, *subnet) {
	at, name, _ := cutLast(id, "/subnets/")
	if v, ok := find[*vnet](s, at); ok {
		for _, n := range v.subnets {
			if strings.EqualFold(n.name, name) {
				return v, n
			}
		}
	}
	return nil, nil
}

// usersOf are the interfaces in a subnet.
func (s *Server) usersOf(subnet string) []*nic {
	var out []*nic
	for _, n := range all[*nic](s) {
		if strings.EqualFold(n.subnet, subnet) {
			out = append(out, n)
		}
	}
	return out
}

func subnetInUse(name, user string) *armError {
	return refuse("InUseSubnetCannotBeDeleted", "Subnet %s is in use by %s/ipConfigurations/ipconfig and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.", name, user)
}

func (c *request) putNetwork(in armnetwork.VirtualNetwork) (*vnet, int, error) {
	old, _ := find[*vnet](c.s, c.resourceID())
	v := &vnet{}
	if old == nil {
		k, err := c.fresh(in.Location, in.Tags)
		if err != nil {
			return nil, 0, err
		}
		v.core = k
	} else {
		if err := old.changes(in.Location); err != nil {
			return nil, 0, err
		}
		if err := old.free(c.now); err != nil {
			return nil, 0, err
		}
		v.core = old.core
		v.tags = copyTags(in.Tags)
	}
	p := val(in.Properties)
	if p.AddressSpace == nil || len(p.AddressSpace.AddressPrefixes) == 0 {
		return nil, 0, refuse("InvalidRequestFormat", "Cannot parse the request. The address space of the virtual network %s is missing.", v.name)
	}
	v.space = clone(p.AddressSpace.AddressPrefixes)
	for _, n := range p.Subnets {
		sn, err := c.readSubnet(v, n)
		if err != nil {
			return nil, 0, err
		}
		v.subnets = append(v.subnets, sn)
	}
	if old != nil {
		for _, n := range old.subnets {
			if users := c.s.usersOf(n.id); len(users) > 0 && v.subnet(n.name) == nil {
				return nil, 0, subnetInUse(n.name, users[0].id)
			}
		}
	}
	status := c.make(&v.core, old == nil, c.s.at(v.location).times.Network)
	c.s.put(v)
	return v, status, nil
}

func (v *vnet) subnet(name string) *subnet {
	for _, n := range v.subnets {
		if strings.EqualFold(n.name, name) {
			return n
		}
	}
	return nil
}

// readSubnet checks a subnet that a network is to have.
func (c *request) readSubnet(v *vnet, in *armnetwork.Subnet) (*subnet, error) {
	if in == nil || val(in.Name) == "" {
		return nil, refuse("InvalidRequestFormat", "Cannot parse the request. A subnet has no name.")
	}
	p := val(in.Properties)
	n := &subnet{id: v.id + "/subnets/" + *in.Name, name: *in.Name, prefix: val(p.AddressPrefix), outbound: p.DefaultOutboundAccess, gateway: p.NatGateway != nil}
	if n.prefix == "" && len(p.AddressPrefixes) > 0 {
		n.prefix = val(p.AddressPrefixes[0])
	}
	if v.subnet(n.name) != nil {
		return nil, refuse("InvalidRequestFormat", "Cannot parse the request. The subnet %s is there twice.", n.name)
	}
	inner, err := netip.ParsePrefix(n.prefix)
	if err != nil {
		return nil, refuse("InvalidCIDRNotation", "The address prefix %s in resource %s has an invalid CIDR notation. For the given prefix length, the address prefix should be %s.", n.prefix, n.id, n.prefix)
	}
	fits := false
	for _, s := range v.space {
		outer, err := netip.ParsePrefix(val(s))
		fits = fits || err == nil && outer.Contains(inner.Addr()) && outer.Bits() <= inner.Bits()
	}
	if !fits {
		return nil, refuse("NetcfgSubnetRangeOutsideVnet", "Subnet '%s' is not valid because its IP address range is outside the IP address range of virtual network '%s'.", n.name, v.name)
	}
	for _, o := range v.subnets {
		if other, err := netip.ParsePrefix(o.prefix); err == nil && other.Overlaps(inner) {
			return nil, refuse("NetcfgSubnetRangesOverlap", "Subnet '%s' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '%s'.", n.name, v.name)
		}
	}
	if p.NetworkSecurityGroup != nil {
		n.group = val(p.NetworkSecurityGroup.ID)
		if err := c.joinGroup(n.group); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// joinGroup checks a security group that something refers to.
func (c *request) joinGroup(id string) error {
	if _, ok := find[*securityGroup](c.s, id); !ok {
		return dangling(id, c.resourceID())
	}
	return c.link("Microsoft.Network/networkSecurityGroups/join/action", id)
}

// dangling is a reference to what is not there.
func dangling(id, from string) *armError {
	return refuse("InvalidResourceReference", "Resource %s referenced by resource %s was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.", id, from)
}

func (c *request) networkJSON(v *vnet) armnetwork.VirtualNetwork {
	out := armnetwork.VirtualNetwork{
		ID: ptr(v.id), Name: ptr(v.name), Type: ptr(v.kind), Location: ptr(v.location), Tags: copyTags(v.tags),
		Properties: &armnetwork.VirtualNetworkPropertiesFormat{
			AddressSpace: &armnetwork.AddressSpace{AddressPrefixes: clone(v.space)}, ProvisioningState: networkState(&v.core, c.now),
			Subnets: []*armnetwork.Subnet{},
		},
	}
	for _, n := range v.subnets {
		sn := &armnetwork.Subnet{ID: ptr(n.id), Name: ptr(n.name), Type: ptr("Microsoft.Network/virtualNetworks/subnets"), Properties: &armnetwork.SubnetPropertiesFormat{
			AddressPrefix: ptr(n.prefix), DefaultOutboundAccess: n.outbound, ProvisioningState: networkState(&v.core, c.now),
		}}
		if n.group != "" {
			sn.Properties.NetworkSecurityGroup = &armnetwork.SecurityGroup{ID: ptr(n.group)}
		}
		for _, u := range c.s.usersOf(n.id) {
			sn.Properties.IPConfigurations = append(sn.Properties.IPConfigurations, &armnetwork.IPConfiguration{ID: ptr(u.id + "/ipConfigurations/" + u.ipConfig)})
		}
		out.Properties.Subnets = append(out.Properties.Subnets, sn)
	}
	return out
}

func (c *request) putSecurityGroup(in armnetwork.SecurityGroup) (*securityGroup, int, error) {
	g, ok := find[*securityGroup](c.s, c.resourceID())
	if !ok {
		k, err := c.fresh(in.Location, in.Tags)
		if err != nil {
			return nil, 0, err
		}
		g = &securityGroup{core: k}
	} else {
		if err := g.changes(in.Location); err != nil {
			return nil, 0, err
		}
		if err := g.free(c.now); err != nil {
			return nil, 0, err
		}
		g.tags = copyTags(in.Tags)
	}
	g.rules = clone(val(in.Properties).SecurityRules)
	status := c.make(&g.core, !ok, c.s.at(g.location).times.Network)
	c.s.put(g)
	return g, status, nil
}

func (c *request) securityGroupJSON(g *securityGroup) armnetwork.SecurityGroup {
	rules := []*armnetwork.SecurityRule{}
	for _, r := range clone(g.rules) {
		if r != nil {
			r.ID, r.Type = ptr(g.id+"/securityRules/"+val(r.Name)), ptr("Microsoft.Network/networkSecurityGroups/securityRules")
			rules = append(rules, r)
		}
	}
	return armnetwork.SecurityGroup{
		ID: ptr(g.id), Name: ptr(g.name), Type: ptr(g.kind), Location: ptr(g.location), Tags: copyTags(g.tags),
		Properties: &armnetwork.SecurityGroupPropertiesFormat{SecurityRules: rules, ProvisioningState: networkState(&g.core, c.now)},
	}
}

// groupUser is what uses a security group, and empty when nothing does.
func (s *Server) groupUser(id string) string {
	for _, n := range all[*nic](s) {
		if strings.EqualFold(n.group, id) {
			return n.id
		}
	}
	for _, v := range all[*vnet](s) {
		for _, n := range v.subnets {
			if strings.EqualFold(n.group, id) {
				return n.id
			}
		}
	}
	return ""
}

// nextAddress is a private address in a subnet.
func (s *Server) nextAddress(n *subnet) string {
	p, err := netip.ParsePrefix(n.prefix)
	if err != nil {
		return ""
	}
	a := p.Masked().Addr()
	for range 4 + len(s.usersOf(n.id)) {
		a = a.Next()
	}
	return fmt.Sprint(a)
}
