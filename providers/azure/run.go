package azure

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/guest"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// ran is what Run remembers: when it sent the command, and when the machine was last
// seen to be there.
type ran struct {
	Sent time.Time `json:"sent,omitzero"`
	Seen time.Time `json:"seen,omitzero"`
}

const (
	// polls is how often it is asked how a script stands, and seeing how often whether
	// its machine runs: a command of one that does not says nothing of that.
	polls  = 20 * time.Second
	seeing = 2 * time.Minute
)

// Run runs a script in a machine, as a managed command that has a name of ours.
func (c *Cloud) Run(ctx context.Context, w images.Work, machine string, sc guest.Script) (images.Progress, error) {
	s, err := c.site(machine)
	if err != nil {
		return images.Progress{}, err
	}
	mem, name := clouds.Recall[ran](w), commandName(w.Key)
	if w.Now.Sub(mem.Seen) >= seeing {
		vm, err := c.machine(ctx, s)
		if err != nil {
			return images.Progress{}, err
		}
		if vm == nil {
			return images.Progress{}, clouds.Gone("The machine %s is not there any more.", machine)
		}
		if power := powerOf(vm); power != "" && power != "running" && power != "starting" {
			return images.Progress{}, c.ended(s, power)
		}
		mem.Seen = w.Now
	}
	there, err := c.command(ctx, s, name)
	switch {
	case err != nil:
		return images.Progress{}, err
	case there != nil:
		return c.ranSoFar(w, name, mem, there, sc)
	case w.Ref != "" && clouds.Settles(w, mem.Sent):
		return images.Progress{Ref: name, Memory: clouds.Remember(mem), Note: "sent", Again: 5 * time.Second}, nil
	case w.Ref != "":
		return images.Progress{}, clouds.Gone("The command %s of the machine %s is not there any more.", name, machine)
	}
	return c.send(ctx, w, s, name, mem, sc)
}

// commandName is what the command of a step is called.
func commandName(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == ' ' {
			return '-'
		}
		return r
	}, clouds.Mark(key, 60))
}

// command is a command of a machine; nil when there is none.
func (c *Cloud) command(ctx context.Context, s site, name string) (*armcompute.VirtualMachineRunCommand, error) {
	out, err := ask(ctx, c, readCommand, func(ctx context.Context) (armcompute.VirtualMachineRunCommandsClientGetByVirtualMachineResponse, error) {
		return c.of(s.subscription).compute.NewVirtualMachineRunCommandsClient().GetByVirtualMachine(ctx, s.group, s.name, name, &armcompute.VirtualMachineRunCommandsClientGetByVirtualMachineOptions{Expand: to.Ptr("instanceView")})
	})
	if clouds.Is(err, images.Gone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &out.VirtualMachineRunCommand, nil
}

// send sends the script. It goes on after the answer, so that no connection is held for
// an hour, and a script that fails is none of Azure's failures.
func (c *Cloud) send(ctx context.Context, w images.Work, s site, name string, mem ran, sc guest.Script) (images.Progress, error) {
	region := c.homeOf(w)
	_, err := begin(ctx, c, writeCommand, func(ctx context.Context) (*runtime.Poller[armcompute.VirtualMachineRunCommandsClientCreateOrUpdateResponse], error) {
		return c.of(s.subscription).compute.NewVirtualMachineRunCommandsClient().BeginCreateOrUpdate(ctx, s.group, s.name, name, armcompute.VirtualMachineRunCommand{
			Location: &region, Tags: tagsFor(w, name),
			Properties: &armcompute.VirtualMachineRunCommandProperties{
				Source:         &armcompute.VirtualMachineRunCommandScriptSource{Script: &sc.Text},
				AsyncExecution: to.Ptr(true), TreatFailureAsDeploymentFailure: to.Ptr(false),
				TimeoutInSeconds: to.Ptr(int32(max(60, int(sc.Timeout.Seconds())))),
			},
		}, nil)
	})
	if err != nil {
		return images.Progress{}, err
	}
	mem.Sent = w.Now
	return images.Progress{Ref: name, Memory: clouds.Remember(mem), Note: "sent", Again: 5 * time.Second}, nil
}

// ranSoFar says how a command stands.
func (c *Cloud) ranSoFar(w images.Work, name string, mem ran, there *armcompute.VirtualMachineRunCommand, sc guest.Script) (images.Progress, error) {
	p := images.Progress{Ref: name, Memory: clouds.Remember(mem), Note: "waiting for the machine to take it", Again: polls}
	if there.Properties == nil {
		return p, nil
	}
	view := there.Properties.InstanceView
	if view == nil {
		view = &armcompute.VirtualMachineRunCommandInstanceView{}
	}
	state := val(view.ExecutionState)
	if state == "" && val(there.Properties.ProvisioningState) == "Failed" {
		state = armcompute.ExecutionStateFailed
	}
	switch state {
	case "", armcompute.ExecutionStateUnknown, armcompute.ExecutionStatePending:
		return p, nil
	case armcompute.ExecutionStateRunning:
		p.Note = "running"
		return p, nil
	case armcompute.ExecutionStateSucceeded:
		// That it succeeded says that it was carried out, and no more.
		if val(view.ExitCode) != 0 {
			break
		}
		p.Done, p.Note, p.Again = true, "", 0
		p.Output = val(view.Output)
		_, said, _ := guest.Read(p.Output)
		p.Silent = !said && c.servers.imitated
		return p, nil
	}
	return images.Progress{}, c.scriptFault(state, view, sc)
}

// scriptFault is how a script failed, in words.
func (c *Cloud) scriptFault(state armcompute.ExecutionState, view *armcompute.VirtualMachineRunCommandInstanceView, sc guest.Script) error {
	stdout, stderr, message := val(view.Output), val(view.Error), c.clean(val(view.ExecutionMessage))
	f := &images.Fault{Class: images.ScriptFailed, What: sc.Name, Code: string(state), Log: c.scrub(clouds.Log(stdout, stderr))}
	switch {
	case state == armcompute.ExecutionStateCanceled:
		f.Said = "Somebody cancelled the command in Azure."
	case state == armcompute.ExecutionStateTimedOut:
		f.Said = fmt.Sprintf("The script did not end within %s and was stopped.", sc.Timeout)
	default:
		f.Said = cmp.Or(c.clean(clouds.LastLine(stderr)), c.clean(clouds.LastLine(stdout)))
		if f.Said == "" && val(view.ExitCode) == 0 {
			f.Said = cmp.Or(message, "The command failed, and Azure does not say why.")
		}
		if f.Said == "" {
			f.Said = fmt.Sprintf("The script ended with %d and said nothing.", val(view.ExitCode))
		}
	}
	return f
}
