package azuresim

import (
	"net/http"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

// putMachine makes a machine, or changes one.
func (c *request) putMachine(in armcompute.VirtualMachine) (*machine, int, error) {
	old, ok := find[*machine](c.s, c.resourceID())
	if ok && old.power.at(c.now) != "" {
		return c.changeMachine(old, in)
	}
	if ok {
		// One that could not be created can be tried again.
		if err := old.free(c.now); err != nil {
			return nil, 0, err
		}
	}
	k, err := c.fresh(in.Location, in.Tags)
	if err != nil {
		return nil, 0, err
	}
	m := &machine{core: k, plan: clone(in.Plan), vmID: c.s.uuid(), props: clone(val(in.Properties))}
	if err := c.checkMachine(m, in); err != nil {
		return nil, 0, err
	}
	later, now := c.room(m.size, m, m.location)
	if now != nil {
		return nil, 0, now
	}
	if err := c.wire(m, val(in.Properties).NetworkProfile); err != nil {
		return nil, 0, err
	}
	c.bear(m, later)
	c.s.put(m)
	return m, http.StatusCreated, nil
}

// checkMachine checks what does not depend on how much there is.
func (c *request) checkMachine(m *machine, in armcompute.VirtualMachine) error {
	p := val(in.Properties)
	name := string(val(val(p.HardwareProfile).VMSize))
	z, ok := sizes()[strings.ToLower(name)]
	if !ok {
		return refuse("InvalidParameter", "The value %s provided for the VM size is not valid. The valid sizes in the current region are: Standard_B2s,Standard_B2ms,Standard_D2s_v5,Standard_D4s_v5. Find out more on the valid VM sizes in each region at https://aka.ms/azure-regions.", name).on("vmSize")
	}
	m.size = z
	if p.StorageProfile == nil {
		return missing("storageProfile")
	}
	if err := checkDisk(p.StorageProfile.OSDisk); err != nil {
		return err
	}
	o, err := c.origin(p.StorageProfile.ImageReference, m.location)
	if err != nil {
		return err
	}
	m.from = *o
	kind, err := checkSecurity(p.SecurityProfile, o.generation)
	if err != nil {
		return err
	}
	if err := o.suits(z, in.Plan, kind); err != nil {
		return err
	}
	if m.custom, err = checkOS(p.OSProfile); err != nil {
		return err
	}
	return c.checkNICs(m, p.NetworkProfile)
}

// wire makes the interfaces that a machine is to have as a part of itself. How the real
// ones are named is not documented; here they have the name that was asked for.
func (c *request) wire(m *machine, p *armcompute.NetworkProfile) error {
	g, err := c.group()
	if err != nil {
		return err
	}
	for _, q := range val(p).NetworkInterfaceConfigurations {
		f := val(val(q).Properties)
		if val(val(q).Name) == "" || len(f.IPConfigurations) != 1 || f.IPConfigurations[0] == nil {
			return missing("networkProfile.networkInterfaceConfigurations.ipConfigurations")
		}
		ip := val(f.IPConfigurations[0].Properties)
		at := g.id + "/providers/Microsoft.Network/"
		n := &nic{core: c.s.newCore(at+"networkInterfaces/"+*q.Name, *q.Name, "Microsoft.Network/networkInterfaces", g, m.location, q.Tags, c.now)}
		if o, ok := find[*nic](c.s, n.id); ok && o.owner != "" && !strings.EqualFold(o.owner, m.id) {
			return refuse("NicInUse", "Network Interface %s is used by existing VM %s.", o.id, o.owner)
		}
		w := wish{ipConfig: val(f.IPConfigurations[0].Name), fast: val(f.EnableAcceleratedNetworking)}
		if ip.Subnet != nil {
			w.subnet = val(ip.Subnet.ID)
		}
		if f.NetworkSecurityGroup != nil {
			w.group = val(f.NetworkSecurityGroup.ID)
		}
		n.life = timeline{{succeeded, c.now}}
		if a := ip.PublicIPAddressConfiguration; a != nil && val(a.Name) != "" {
			r := &publicAddress{core: c.s.newCore(at+"publicIPAddresses/"+*a.Name, *a.Name, "Microsoft.Network/publicIPAddresses", g, m.location, nil, c.now)}
			r.life = timeline{{succeeded, c.now}}
			c.s.put(r)
			w.public = r.id
		}
		if err := c.link("Microsoft.Network/networkInterfaces/write", n.id); err != nil {
			return err
		}
		if err := c.fit(n, w); err != nil {
			return err
		}
		c.s.put(n)
		m.nics = append(m.nics, link{n.id, val(f.DeleteOption) == armcompute.DeleteOptionsDelete})
	}
	return nil
}

// bear plans the life of a machine that was checked. With an error, it does not live.
func (c *request) bear(m *machine, why *armError) {
	times := c.s.at(m.location).times
	m.agentTakes = times.Agent
	for _, l := range m.nics {
		if n, ok := find[*nic](c.s, l.id); ok {
			n.owner = m.id
		}
	}
	m.dress()
	until := c.now.Add(times.Create)
	if why != nil {
		until = c.now.Add(times.Create / 2)
		m.life, m.why = timeline{{creating, c.now}, {failed, until}}, why
		c.begun(&m.core, until, why)
		return
	}
	d := val(m.props.StorageProfile.OSDisk)
	c.addDisk(m, &d)
	m.props.StorageProfile.OSDisk = &d
	m.life = timeline{{creating, c.now}, {succeeded, until}}
	m.power = timeline{{starting, c.now}, {running, until}}
	c.begun(&m.core, until, nil)
}

// dress makes of what was asked what is shown: without secrets, and with what follows
// from it.
func (m *machine) dress() {
	p := &m.props
	p.InstanceView, p.ProvisioningState, p.VMID, p.UserData = nil, nil, nil, nil
	if o := p.OSProfile; o != nil {
		o.AdminPassword, o.CustomData = nil, nil
		if o.AllowExtensionOperations == nil {
			o.AllowExtensionOperations = ptr(true)
		}
	}
	p.NetworkProfile = &armcompute.NetworkProfile{}
	for _, l := range m.nics {
		option := armcompute.DeleteOptionsDetach
		if l.goes {
			option = armcompute.DeleteOptionsDelete
		}
		p.NetworkProfile.NetworkInterfaces = append(p.NetworkProfile.NetworkInterfaces, &armcompute.NetworkInterfaceReference{
			ID: ptr(l.id), Properties: &armcompute.NetworkInterfaceReferenceProperties{DeleteOption: ptr(option)},
		})
	}
	if r := p.StorageProfile.ImageReference; r != nil && m.from.exact != "" {
		r.ExactVersion = ptr(m.from.exact)
	}
}

// changeMachine is a PUT of a machine that is there. Tags can change, and little else.
func (c *request) changeMachine(m *machine, in armcompute.VirtualMachine) (*machine, int, error) {
	if err := m.changes(in.Location); err != nil {
		return nil, 0, err
	}
	if err := m.free(c.now); err != nil {
		return nil, 0, err
	}
	if m.generalized {
		return nil, 0, conflict("OperationNotAllowed", "Operation 'update' is not allowed on VM '%s' since the VM is generalized.", m.name)
	}
	p := val(in.Properties)
	if s := p.StorageProfile; s != nil && s.ImageReference != nil && !sameImage(s.ImageReference, m.props.StorageProfile.ImageReference) {
		return nil, 0, fixedProperty("imageReference")
	}
	if o := p.OSProfile; o != nil {
		if o.CustomData != nil {
			data, err := checkOS(o)
			if err != nil {
				return nil, 0, err
			}
			if data != m.custom {
				return nil, 0, fixedProperty("osProfile.customData")
			}
		}
		if !strings.EqualFold(val(o.AdminUsername), val(val(m.props.OSProfile).AdminUsername)) {
			return nil, 0, fixedProperty("osProfile.adminUsername")
		}
	}
	if z := val(p.HardwareProfile).VMSize; z != nil && !strings.EqualFold(string(*z), m.size.name) {
		return nil, 0, conflict("OperationNotAllowed", "The size of machines cannot be changed here.")
	}
	m.tags = copyTags(in.Tags)
	return m, c.make(&m.core, false, c.s.at(m.location).times.Update), nil
}

func sameImage(a, b *armcompute.ImageReference) bool {
	x, y := val(a), val(b)
	eq := func(v, w *string) bool { return strings.EqualFold(val(v), val(w)) }
	return eq(x.ID, y.ID) && eq(x.Publisher, y.Publisher) && eq(x.Offer, y.Offer) && eq(x.SKU, y.SKU) && eq(x.Version, y.Version)
}
