package azuresim_test

import (
	"testing"
	"time"

	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"

	"cloudimage/providers/azure/azuresim"
)

// What Azure refuses to make, each with its code.
func TestRefusedMachines(t *testing.T) {
	for name, c := range map[string]struct {
		code   string
		change func(*arm.VirtualMachine)
	}{
		"no size": {"InvalidParameter", func(m *arm.VirtualMachine) { m.Properties.HardwareProfile = nil }},
		"unknown size": {"InvalidParameter", func(m *arm.VirtualMachine) {
			m.Properties.HardwareProfile.VMSize = ptr(arm.VirtualMachineSizeTypes("Huge"))
		}},
		"other processor": {"BadRequest", func(m *arm.VirtualMachine) {
			m.Properties.HardwareProfile.VMSize = ptr(arm.VirtualMachineSizeTypes("Standard_D2ps_v5"))
		}},
		"other generation": {"BadRequest", func(m *arm.VirtualMachine) {
			m.Properties.HardwareProfile.VMSize = ptr(arm.VirtualMachineSizeTypes("Standard_D2s_v6"))
			m.Properties.StorageProfile.ImageReference.SKU = ptr("server-gen1")
		}},
		"unknown image": {"PlatformImageNotFound", func(m *arm.VirtualMachine) {
			m.Properties.StorageProfile.ImageReference.Version = ptr("24.04.200001010")
		}},
		"unknown version": {"GalleryImageNotFound", func(m *arm.VirtualMachine) {
			m.Properties.StorageProfile.ImageReference = &arm.ImageReference{ID: ptr("/subscriptions/x/resourceGroups/y/providers/Microsoft.Compute/galleries/g/images/i/versions/1.0.0")}
		}},
		"no user": {"InvalidParameter", func(m *arm.VirtualMachine) { m.Properties.OSProfile.AdminUsername = nil }},
		"root":    {"InvalidParameter", func(m *arm.VirtualMachine) { m.Properties.OSProfile.AdminUsername = ptr("root") }},
		"no keys": {"InvalidParameter", func(m *arm.VirtualMachine) { m.Properties.OSProfile.LinuxConfiguration.SSH = nil }},
		"a bad key": {"InvalidParameter", func(m *arm.VirtualMachine) {
			m.Properties.OSProfile.LinuxConfiguration.SSH.PublicKeys[0].KeyData = ptr("ssh-ed25519 x")
		}},
		"another path": {"InvalidParameter", func(m *arm.VirtualMachine) {
			m.Properties.OSProfile.LinuxConfiguration.SSH.PublicKeys[0].Path = ptr("/root/.ssh/authorized_keys")
		}},
		"plain data":   {"InvalidParameter", func(m *arm.VirtualMachine) { m.Properties.OSProfile.CustomData = ptr("#cloud-config") }},
		"a small disk": {"InvalidParameter", func(m *arm.VirtualMachine) { m.Properties.StorageProfile.OSDisk.DiskSizeGB = ptr(int32(8)) }},
		"no network":   {"InvalidParameter", func(m *arm.VirtualMachine) { m.Properties.NetworkProfile = nil }},
		"no interface": {"NotFound", func(m *arm.VirtualMachine) { m.Properties.NetworkProfile.NetworkInterfaces[0].ID = ptr("/x") }},
		"no location":  {"LocationRequired", func(m *arm.VirtualMachine) { m.Location = nil }},
		"nowhere":      {"LocationNotAvailableForResourceType", func(m *arm.VirtualMachine) { m.Location = ptr("atlantis") }},
		"not its own":  {"InvalidResourceReference", func(m *arm.VirtualMachine) { m.Location = ptr("westus2") }},
		"nulls": {"NotFound", func(m *arm.VirtualMachine) {
			m.Properties.NetworkProfile.NetworkInterfaces = []*arm.NetworkInterfaceReference{nil}
		}},
		"UEFI alone": {"InvalidParameter", func(m *arm.VirtualMachine) {
			m.Properties.SecurityProfile = &arm.SecurityProfile{UefiSettings: &arm.UefiSettings{}}
		}},
		"no API version": {"InvalidParameter", func(m *arm.VirtualMachine) { m.Properties.NetworkProfile = inline("", "") }},
		"no subnet":      {"InvalidResourceReference", func(m *arm.VirtualMachine) { m.Properties.NetworkProfile = inline("2022-11-01", "/x") }},
	} {
		t.Run(name, func(t *testing.T) {
			w := setup(t)
			m := machineOf(w.nic("nic"))
			c.change(&m)
			_, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", m, nil)
			w.want(err, c.code)
			same(w, "machines", len(w.sim.State().Machines), 0)
			same(w, "disks", len(w.sim.State().Disks), 0)
		})
	}
}

// inline is an interface that belongs to a machine.
func inline(version, subnet string) *arm.NetworkProfile {
	p := &arm.NetworkProfile{NetworkInterfaceConfigurations: []*arm.VirtualMachineNetworkInterfaceConfiguration{{
		Name: ptr("own"), Properties: &arm.VirtualMachineNetworkInterfaceConfigurationProperties{
			Primary: ptr(true), DeleteOption: ptr(arm.DeleteOptionsDelete),
			IPConfigurations: []*arm.VirtualMachineNetworkInterfaceIPConfiguration{{Name: ptr("ip"), Properties: &arm.VirtualMachineNetworkInterfaceIPConfigurationProperties{Subnet: &arm.SubResource{ID: ptr(subnet)}}}},
		},
	}}}
	if version != "" {
		p.NetworkAPIVersion = ptr(arm.NetworkAPIVersion(version))
	}
	return p
}

func TestMachineWithItsOwnInterface(t *testing.T) {
	w := setup(t)
	w.nic("other")
	m := machineOf("")
	m.Properties.NetworkProfile = inline("2022-11-01", w.id(build, "Microsoft.Network/virtualNetworks/net/subnets/default"))
	p, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", m, nil)
	vm := done(w, p, err)
	same(w, "interface", *vm.Properties.NetworkProfile.NetworkInterfaces[0].ID, w.id(build, "Microsoft.Network/networkInterfaces/own"))
	q, err := w.machines().BeginDelete(w.ctx, build, "vm", nil)
	done(w, q, err)
	s := w.sim.State()
	same(w, "interfaces", len(s.NICs), 1)
	same(w, "disks", len(s.Disks), 0)
}

func TestDeleteOptions(t *testing.T) {
	w := setup(t)
	w.machine("vm", func(m *arm.VirtualMachine) {
		m.Properties.StorageProfile.OSDisk.DeleteOption = nil
		m.Properties.NetworkProfile.NetworkInterfaces[0].Properties = nil
	})
	_, err := w.network().NewInterfacesClient().BeginDelete(w.ctx, build, "vm-nic", nil)
	w.want(err, "NicInUse")
	_, err = w.network().NewVirtualNetworksClient().BeginDelete(w.ctx, build, "net", nil)
	w.want(err, "InUseSubnetCannotBeDeleted")
	disks := w.compute().NewDisksClient()
	all := pages(w, disks.NewListByResourceGroupPager(build, nil), func(p arm.DisksClientListByResourceGroupResponse) []*arm.Disk { return p.Value })
	same(w, "disks", len(all), 1)
	_, err = disks.BeginDelete(w.ctx, build, *all[0].Name, nil)
	w.want(err, "OperationNotAllowed")
	p, err := w.machines().BeginDelete(w.ctx, build, "vm", nil)
	done(w, p, err)
	s := w.sim.State()
	same(w, "interfaces", len(s.NICs), 1)
	same(w, "disks", len(s.Disks), 1)
	same(w, "owner", s.Disks[0].Machine+s.NICs[0].Machine, "")
	q, err := disks.BeginDelete(w.ctx, build, *all[0].Name, nil)
	done(w, q, err)
	again, err := disks.BeginDelete(w.ctx, build, *all[0].Name, nil)
	done(w, again, err)
	same(w, "disks", len(w.sim.State().Disks), 0)
}

func TestPower(t *testing.T) {
	w := setup(t)
	w.machine("vm")
	codes := func() string {
		vm := must(w.machines().Get(w.ctx, build, "vm", &arm.VirtualMachinesClientGetOptions{Expand: ptr(arm.InstanceViewTypesInstanceView)}))(w)
		out := ""
		for _, s := range vm.Properties.InstanceView.Statuses {
			out += *s.Code + " "
		}
		return out
	}
	same(w, "running", codes(), "ProvisioningState/succeeded PowerState/running ")
	_, err := w.machines().Generalize(w.ctx, build, "vm", nil)
	w.want(err, "OperationNotAllowed")
	p, err := w.machines().BeginPowerOff(w.ctx, build, "vm", nil)
	w.want(err, "")
	same(w, "on the way", codes(), "ProvisioningState/updating PowerState/stopping ")
	_, err = w.machines().BeginDeallocate(w.ctx, build, "vm", nil)
	w.want(err, "Conflict")
	done(w, p, nil)
	same(w, "off", codes(), "ProvisioningState/succeeded PowerState/stopped ")
	s, err := w.machines().BeginStart(w.ctx, build, "vm", nil)
	done(w, s, err)
	same(w, "ready", w.sim.State().Machines[0].Ready, false)
	w.pass(time.Minute)
	same(w, "ready", w.sim.State().Machines[0].Ready, true)
	d, err := w.machines().BeginDeallocate(w.ctx, build, "vm", nil)
	done(w, d, err)
	_, err = w.machines().Generalize(w.ctx, build, "vm", nil)
	w.want(err, "")
	same(w, "generalized", codes(), "ProvisioningState/succeeded OSState/generalized PowerState/deallocated ")
	_, err = w.machines().BeginStart(w.ctx, build, "vm", nil)
	w.want(err, "OperationNotAllowed")
	_, err = w.machines().BeginStart(w.ctx, build, "nobody", nil)
	w.want(err, "ResourceNotFound")
}

// A request again changes nothing, and another one is refused.
func TestMachineAgain(t *testing.T) {
	w := setup(t)
	nic := w.nic("nic")
	p, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", machineOf(nic), nil)
	w.want(err, "")
	_, err = w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", machineOf(nic), nil)
	w.want(err, "Conflict")
	first := done(w, p, nil)
	q, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", machineOf(nic), nil)
	same(w, "the same", *done(w, q, err).Properties.VMID, *first.Properties.VMID)
	m := machineOf(nic)
	m.Properties.StorageProfile.ImageReference.SKU = ptr("minimal")
	_, err = w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", m, nil)
	w.want(err, "PropertyChangeNotAllowed")
	m = machineOf(nic)
	m.Properties.OSProfile.CustomData = ptr("b3RoZXI=")
	_, err = w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", m, nil)
	w.want(err, "PropertyChangeNotAllowed")
	same(w, "secret", first.Properties.OSProfile.CustomData == nil, true)
	same(w, "exact", *first.Properties.StorageProfile.ImageReference.ExactVersion, "24.04.202608160")
}

func TestCapacity(t *testing.T) {
	w := setup(t)
	nic := w.nic("nic")
	put := func() error {
		p, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", machineOf(nic), nil)
		_, err = wait(w, p, err)
		return err
	}
	w.sim.LackCapacity("Standard_D2s_v5", "", "SkuNotAvailable", 1)
	w.want(put(), "SkuNotAvailable")
	same(w, "machines", len(w.sim.State().Machines), 0)
	w.sim.LackCapacity("Standard_D2s_v5", home, "", 1)
	w.want(put(), "AllocationFailed")
	same(w, "state", w.sim.State().Machines[0].State, "Failed")
	w.want(put(), "")
	same(w, "machines", len(w.sim.State().Machines), 1)
	same(w, "state", w.sim.State().Machines[0].State, "Succeeded")
	w.sim.SetVCPULimit(home, 3)
	w.machine("third", func(m *arm.VirtualMachine) {
		w.sim.SetVCPULimit(home, 4)
	})
	m := machineOf(w.nic("fourth"))
	_, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "fourth", m, nil)
	w.want(err, "OperationNotAllowed")
	usage := pages(w, w.compute().NewUsageClient().NewListPager(home, nil), func(p arm.UsageClientListResponse) []*arm.Usage { return p.Value })
	same(w, "usage", *usage[0].CurrentValue, 4)
	same(w, "limit", *usage[0].Limit, 4)
}

func TestSizes(t *testing.T) {
	w := setup(t)
	w.sim.Restrict("Standard_D2s_v5", home, "NotAvailableForSubscription")
	w.sim.SetPageSize(3)
	skus := pages(w, w.compute().NewResourceSKUsClient().NewListPager(&arm.ResourceSKUsClientListOptions{Filter: ptr("location eq 'eastus'")}), func(p arm.ResourceSKUsClientListResponse) []*arm.ResourceSKU { return p.Value })
	n := 0
	for _, s := range skus {
		if len(s.Restrictions) > 0 {
			n++
			same(w, "size", *s.Name, "Standard_D2s_v5")
			same(w, "reason", *s.Restrictions[0].ReasonCode, arm.ResourceSKURestrictionsReasonCodeNotAvailableForSubscription)
		}
	}
	same(w, "restricted", n, 1)
	_, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", machineOf(w.nic("nic")), nil)
	w.want(err, "SkuNotAvailable")
	w.sim.Restrict("Standard_D2s_v5", home, "")
	w.machine("vm")
}

// A private subnet has no way out, unless it is given one.
func TestOutbound(t *testing.T) {
	var reached bool
	w := setup(t, withGuest(guest(func(c azuresim.Command) azuresim.Outcome {
		reached = c.Outbound
		return azuresim.Outcome{}
	})))
	nic := w.nic("nic", func(v *armnetwork.VirtualNetwork) {
		v.Properties.Subnets[0].Properties.DefaultOutboundAccess = ptr(false)
	})
	p, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", machineOf(nic), nil)
	done(w, p, err)
	r, err := w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", script("apt-get update"), nil)
	done(w, r, err)
	same(w, "reached", reached, false)
	same(w, "shown", w.sim.State().NICs[0].Outbound, false)
}

func TestUnwantedEnds(t *testing.T) {
	w := setup(t)
	id := w.machine("vm")
	same(w, "stopped", w.sim.StopMachine(id), true)
	same(w, "power", w.sim.State().Machines[0].Power, "stopped")
	same(w, "terminated", w.sim.TerminateMachine(id), true)
	same(w, "again", w.sim.TerminateMachine(id), false)
	_, err := w.machines().Get(w.ctx, build, "vm", nil)
	w.want(err, "ResourceNotFound")
	same(w, "disks", len(w.sim.State().Disks), 0)
}

// Each page of a list names the next one, and the last none.
func TestLists(t *testing.T) {
	w := setup(t)
	for _, n := range []string{"a", "b", "c"} {
		w.machine(n)
	}
	w.sim.SetPageSize(2)
	same(w, "in the group", len(pages(w, w.machines().NewListPager(build, nil), func(p arm.VirtualMachinesClientListResponse) []*arm.VirtualMachine { return p.Value })), 3)
	same(w, "in all", len(pages(w, w.machines().NewListAllPager(nil), func(p arm.VirtualMachinesClientListAllResponse) []*arm.VirtualMachine { return p.Value })), 3)
	_, err := w.machines().NewListPager("nowhere", nil).NextPage(w.ctx)
	w.want(err, "ResourceGroupNotFound")
}
