package azure

import (
	"context"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// stopping is what Stop remembers: the operation that it has begun last, and what that
// does.
type stopping struct {
	Op   string `json:"op,omitzero"`
	Does string `json:"does,omitzero"`
}

const (
	doesPowerOff   = "power off"
	doesDeallocate = "deallocate"
)

// Stop stops a machine so that it can be captured: it shuts down, with what the guest
// does meanwhile, gives its place back, and is marked as one that others are made of.
func (c *Cloud) Stop(ctx context.Context, w images.Work, machine string) (images.Progress, error) {
	s, err := c.site(machine)
	if err != nil {
		return images.Progress{}, err
	}
	vm, err := c.machine(ctx, s)
	if err != nil {
		return images.Progress{}, err
	}
	if vm == nil || val(vm.Properties.ProvisioningState) == "Deleting" {
		return images.Progress{}, clouds.Gone("The machine %s is not there any more.", machine)
	}
	if generalized(vm) {
		return images.Progress{Ref: machine, Done: true}, nil
	}
	mem := clouds.Recall[stopping](w)
	runs, err := c.stops(ctx, s, mem)
	wait := images.Progress{Ref: machine, Memory: clouds.Remember(mem), Note: "stopping", Again: 10 * time.Second}
	switch {
	case runs && err != nil:
		return images.Progress{}, err
	case err != nil && !clouds.Heals(err) && powerOf(vm) != "stopped" && powerOf(vm) != "deallocated":
		return images.Progress{}, err
	case runs:
		return wait, nil
	}
	begun := func(op, does string, err error) (images.Progress, error) {
		wait.Memory = clouds.Remember(stopping{op, does})
		return wait, err
	}
	machines := c.of(s.subscription).compute.NewVirtualMachinesClient()
	switch powerOf(vm) {
	case "running", "starting":
		op, err := begin(ctx, c, powerOffMachine, func(ctx context.Context) (*runtime.Poller[armcompute.VirtualMachinesClientPowerOffResponse], error) {
			return machines.BeginPowerOff(ctx, s.group, s.name, nil)
		})
		return begun(op, doesPowerOff, err)
	case "stopped":
		op, err := begin(ctx, c, deallocateMachine, func(ctx context.Context) (*runtime.Poller[armcompute.VirtualMachinesClientDeallocateResponse], error) {
			return machines.BeginDeallocate(ctx, s.group, s.name, nil)
		})
		return begun(op, doesDeallocate, err)
	case "deallocated":
		_, err := ask(ctx, c, generalizeMachine, func(ctx context.Context) (armcompute.VirtualMachinesClientGeneralizeResponse, error) {
			return machines.Generalize(ctx, s.group, s.name, nil)
		})
		wait.Note, wait.Again = "marking it as generalized", 2*time.Second
		return begun("", "", err)
	}
	return wait, nil
}

// stops says how the operation stands that stops a machine.
func (c *Cloud) stops(ctx context.Context, s site, mem stopping) (bool, error) {
	machines := c.of(s.subscription).compute.NewVirtualMachinesClient()
	switch mem.Does {
	case doesPowerOff:
		return follow(ctx, c, powerOffMachine, mem.Op, func(ctx context.Context, token string) (*runtime.Poller[armcompute.VirtualMachinesClientPowerOffResponse], error) {
			return machines.BeginPowerOff(ctx, s.group, s.name, &armcompute.VirtualMachinesClientBeginPowerOffOptions{ResumeToken: token})
		})
	case doesDeallocate:
		return follow(ctx, c, deallocateMachine, mem.Op, func(ctx context.Context, token string) (*runtime.Poller[armcompute.VirtualMachinesClientDeallocateResponse], error) {
			return machines.BeginDeallocate(ctx, s.group, s.name, &armcompute.VirtualMachinesClientBeginDeallocateOptions{ResumeToken: token})
		})
	}
	return false, nil
}
