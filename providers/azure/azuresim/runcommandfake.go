package azuresim

import (
	"context"
	"net/http"
	"strings"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8/fake"
)

func (c *request) runCommandsServer() fake.VirtualMachineRunCommandsServer {
	return fake.VirtualMachineRunCommandsServer{
		BeginCreateOrUpdate: func(_ context.Context, _, _, _ string, in arm.VirtualMachineRunCommand, _ *arm.VirtualMachineRunCommandsClientBeginCreateOrUpdateOptions) (azfake.PollerResponder[arm.VirtualMachineRunCommandsClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.VirtualMachineRunCommandsClientCreateOrUpdateResponse, status int, err error) {
				r, status, err := c.putRun(in)
				if err == nil {
					out.VirtualMachineRunCommand = c.runJSON(r)
				}
				return out, status, err
			})
		},
		GetByVirtualMachine: func(context.Context, string, string, string, *arm.VirtualMachineRunCommandsClientGetByVirtualMachineOptions) (azfake.Responder[arm.VirtualMachineRunCommandsClientGetByVirtualMachineResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.VirtualMachineRunCommandsClientGetByVirtualMachineResponse, err error) {
				out.VirtualMachineRunCommand, err = one(c, c.runJSON)
				return out, err
			})
		},
		NewListByVirtualMachinePager: func(string, string, *arm.VirtualMachineRunCommandsClientListByVirtualMachineOptions) azfake.PagerResponder[arm.VirtualMachineRunCommandsClientListByVirtualMachineResponse] {
			return list(c, c.listRuns, func(v []*arm.VirtualMachineRunCommand, next *string) (out arm.VirtualMachineRunCommandsClientListByVirtualMachineResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, string, string, *arm.VirtualMachineRunCommandsClientBeginDeleteOptions) (azfake.PollerResponder[arm.VirtualMachineRunCommandsClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.VirtualMachineRunCommandsClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(r *runCommand) (time.Duration, error) {
					m, ok := find[*machine](c.s, r.machine)
					if ok && m.power.at(c.now) != running {
						return 0, conflict("OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running.")
					}
					return c.s.at(r.location).times.Update, nil
				})
				return out, status, err
			})
		},
	}
}

func (c *request) listRuns() ([]*arm.VirtualMachineRunCommand, error) {
	at := strings.TrimSuffix(c.resourceID(), "/runCommands")
	if _, ok := find[*machine](c.s, at); !ok {
		_, name := kindOf(at)
		return nil, parentNotFound("Microsoft.Compute/virtualMachines/runCommands", name)
	}
	var out []*arm.VirtualMachineRunCommand
	for _, r := range c.s.commandsOf(at) {
		out = append(out, ptr(c.runJSON(r)))
	}
	return out, nil
}
