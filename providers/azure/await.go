package azure

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// await says how far a machine is on its way to taking commands: it runs, and its agent
// answers.
func (c *Cloud) await(ctx context.Context, w images.Work, s site, mem launched, vm *armcompute.VirtualMachine) (images.Progress, error) {
	if mem.Made.IsZero() {
		mem.Made = w.Now
	}
	p := images.Progress{Ref: c.ref(s), Memory: clouds.Remember(mem), Note: "starting", Again: 10 * time.Second}
	switch val(vm.Properties.ProvisioningState) {
	case "Failed":
		return images.Progress{}, c.unmade(ctx, s, mem, vm)
	case "Deleting":
		return images.Progress{}, clouds.Gone("The machine %s is being deleted.", c.ref(s))
	case "Succeeded":
	default:
		return p, nil
	}
	switch power := powerOf(vm); power {
	case "running":
	case "", "starting", "unknown":
		return p, nil
	default:
		return images.Progress{}, c.ended(s, power)
	}
	p.Again = 15 * time.Second
	if !answers(vm) {
		p.Note = "waiting for the agent of Azure"
		return p, nil
	}
	p.Done, p.Note, p.Again = true, "", 0
	return p, nil
}

// statusOf is the rest of the code of a status that a machine has: "running" of
// "PowerState/running".
func statusOf(vm *armcompute.VirtualMachine, kind string) (rest string, s *armcompute.InstanceViewStatus) {
	if vm.Properties.InstanceView == nil {
		return "", nil
	}
	for _, s := range vm.Properties.InstanceView.Statuses {
		if s == nil {
			continue
		}
		if rest, ok := strings.CutPrefix(strings.ToLower(val(s.Code)), strings.ToLower(kind)+"/"); ok {
			return rest, s
		}
	}
	return "", nil
}

func powerOf(vm *armcompute.VirtualMachine) string {
	power, _ := statusOf(vm, "PowerState")
	return power
}

func generalized(vm *armcompute.VirtualMachine) bool {
	state, _ := statusOf(vm, "OSState")
	return state == "generalized"
}

// answers reports whether a machine's agent does.
func answers(vm *armcompute.VirtualMachine) bool {
	if vm.Properties.InstanceView == nil || vm.Properties.InstanceView.VMAgent == nil {
		return false
	}
	for _, s := range vm.Properties.InstanceView.VMAgent.Statuses {
		if s != nil && strings.EqualFold(val(s.DisplayStatus), "Ready") {
			return true
		}
	}
	return false
}

// unmade is the fault of a machine that could not be made. The operation says why, and
// where that is not known any more the machine's own status.
func (c *Cloud) unmade(ctx context.Context, s site, mem launched, vm *armcompute.VirtualMachine) error {
	f := failed(ctx, c, writeMachine, mem.Op, func(ctx context.Context, token string) (*runtime.Poller[armcompute.VirtualMachinesClientCreateOrUpdateResponse], error) {
		return c.of(s.subscription).compute.NewVirtualMachinesClient().BeginCreateOrUpdate(ctx, s.group, s.name, armcompute.VirtualMachine{}, &armcompute.VirtualMachinesClientBeginCreateOrUpdateOptions{ResumeToken: token})
	})
	if f == nil {
		f = &images.Fault{Class: images.Invalid, Said: "The machine could not be made, and Azure does not say why."}
		if rest, status := statusOf(vm, "ProvisioningState"); status != nil {
			parts := strings.Split(val(status.Code), "/")
			f.Code, f.Said = parts[len(parts)-1], c.clean(val(status.Message))
			if f.Said == "" {
				f.Said = "The machine could not be made: " + c.clean(rest)
			}
			f.Class = classOf(action{}, f.Code, f.Said, 0)
		}
		if f.Class == images.Quota {
			f.Link = c.quotaLink()
		}
	}
	f.What, f.Err = c.ref(s), errors.New("the machine failed")
	if f.Class.Heals() {
		// It goes by, but a machine that failed stays so: another one is to be made.
		f.Class = images.Gone
	}
	return f
}

// ended is the fault of a machine that ended while it was needed.
func (c *Cloud) ended(s site, power string) error {
	return &images.Fault{Class: images.Gone, What: c.ref(s), Said: fmt.Sprintf("The machine %s is %s.", c.ref(s), power), Err: errors.New("the machine ended")}
}
