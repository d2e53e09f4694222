package azuresim_test

import (
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/azure/azuresim"
)

// A build from the beginning to its clean-up, as the documents say it.
func TestBuild(t *testing.T) {
	var seen []azuresim.Command
	w := setup(t, withGuest(guest(func(c azuresim.Command) azuresim.Outcome {
		seen = append(seen, c)
		return azuresim.Outcome{Stdout: "installed", Takes: 5 * time.Minute}
	})))
	id := w.machine("vm")
	same(w, "power", w.sim.State().Machines[0].Power, "running")
	p, err := w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "install", script("apt-get install -y gitlab-ee"), nil)
	done(w, p, err)
	v := w.look("vm", "install")
	same(w, "state", *v.ExecutionState, armcompute.ExecutionStateSucceeded)
	same(w, "output", *v.Output, "installed")
	p, err = w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "clean", script("systemd-run --on-active=10 sh -c 'waagent -force -deprovision+user; poweroff'"), nil)
	done(w, p, err)
	w.pass(2 * time.Minute)
	vm := must(w.machines().InstanceView(w.ctx, build, "vm", nil))(w)
	same(w, "power", *vm.Statuses[len(vm.Statuses)-1].Code, "PowerState/stopped")
	q, err := w.machines().BeginDeallocate(w.ctx, build, "vm", nil)
	done(w, q, err)
	_, err = w.machines().Generalize(w.ctx, build, "vm", nil)
	w.want(err, "")
	got := must(w.putVersion("gitlab-ee", "17.5.1", versionOf(id, "eastus", "West Europe")))(w)
	same(w, "version", *got.Properties.ProvisioningState, armcompute.GalleryProvisioningStateSucceeded)
	r, err := w.resources().NewResourceGroupsClient().BeginDelete(w.ctx, build, nil)
	done(w, r, err)
	s := w.sim.State()
	same(w, "groups", len(s.Groups), 1)
	same(w, "machines and disks and nics", len(s.Machines)+len(s.Disks)+len(s.NICs)+len(s.Networks)+len(s.RunCommands), 0)
	same(w, "versions", len(s.Versions), 1)
	same(w, "deprovisioned", s.Versions[0].Deprovisioned, true)
	same(w, "commands", len(seen), 2)
	same(w, "custom data", seen[0].CustomData, "#cloud-config")
}
