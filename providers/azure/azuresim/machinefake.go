package azuresim

import (
	"context"
	"net/http"
	"slices"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8/fake"
)

func (c *request) machinesServer() fake.VirtualMachinesServer {
	return fake.VirtualMachinesServer{
		BeginCreateOrUpdate: func(_ context.Context, _, _ string, in arm.VirtualMachine, _ *arm.VirtualMachinesClientBeginCreateOrUpdateOptions) (azfake.PollerResponder[arm.VirtualMachinesClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.VirtualMachinesClientCreateOrUpdateResponse, status int, err error) {
				m, status, err := c.putMachine(in)
				if err == nil {
					out.VirtualMachine = c.machineJSON(m)
				}
				return out, status, err
			})
		},
		Get: func(context.Context, string, string, *arm.VirtualMachinesClientGetOptions) (azfake.Responder[arm.VirtualMachinesClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.VirtualMachinesClientGetResponse, err error) {
				out.VirtualMachine, err = one(c, c.machineJSON)
				return out, err
			})
		},
		InstanceView: func(context.Context, string, string, *arm.VirtualMachinesClientInstanceViewOptions) (azfake.Responder[arm.VirtualMachinesClientInstanceViewResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.VirtualMachinesClientInstanceViewResponse, err error) {
				at, _, _ := cutLast(c.resourceID(), "/")
				m, ok := find[*machine](c.s, at)
				if !ok {
					kind, name := kindOf(at)
					return out, notFound(kind, name, c.vars["group"])
				}
				out.VirtualMachineInstanceView = c.instanceView(m)
				return out, nil
			})
		},
		NewListPager: func(string, *arm.VirtualMachinesClientListOptions) azfake.PagerResponder[arm.VirtualMachinesClientListResponse] {
			return list(c, each(c, c.machineJSON), func(v []*arm.VirtualMachine, next *string) (out arm.VirtualMachinesClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		NewListAllPager: func(*arm.VirtualMachinesClientListAllOptions) azfake.PagerResponder[arm.VirtualMachinesClientListAllResponse] {
			return list(c, c.listMachines, func(v []*arm.VirtualMachine, next *string) (out arm.VirtualMachinesClientListAllResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginPowerOff: func(context.Context, string, string, *arm.VirtualMachinesClientBeginPowerOffOptions) (azfake.PollerResponder[arm.VirtualMachinesClientPowerOffResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.VirtualMachinesClientPowerOffResponse, status int, err error) {
				status, err = c.onMachine(func() (int, error) {
					return c.turnPower("powerOff", stopping, stopped, func(t Times) time.Duration { return t.PowerOff })
				})
				return out, status, err
			})
		},
		BeginDeallocate: func(context.Context, string, string, *arm.VirtualMachinesClientBeginDeallocateOptions) (azfake.PollerResponder[arm.VirtualMachinesClientDeallocateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.VirtualMachinesClientDeallocateResponse, status int, err error) {
				status, err = c.onMachine(func() (int, error) {
					return c.turnPower("deallocate", deallocating, deallocated, func(t Times) time.Duration { return t.Deallocate })
				})
				return out, status, err
			})
		},
		BeginStart: func(context.Context, string, string, *arm.VirtualMachinesClientBeginStartOptions) (azfake.PollerResponder[arm.VirtualMachinesClientStartResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.VirtualMachinesClientStartResponse, status int, err error) {
				status, err = c.onMachine(func() (int, error) {
					return c.turnPower("start", starting, running, func(t Times) time.Duration { return t.Start })
				})
				return out, status, err
			})
		},
		Generalize: func(context.Context, string, string, *arm.VirtualMachinesClientGeneralizeOptions) (azfake.Responder[arm.VirtualMachinesClientGeneralizeResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.VirtualMachinesClientGeneralizeResponse, err error) {
				_, err = c.onMachine(func() (int, error) { return 0, c.generalize() })
				return out, err
			})
		},
		BeginDelete: func(context.Context, string, string, *arm.VirtualMachinesClientBeginDeleteOptions) (azfake.PollerResponder[arm.VirtualMachinesClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.VirtualMachinesClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(m *machine) (time.Duration, error) {
					m.power = m.power.turn(c.now)
					return c.s.at(m.location).times.Delete, nil
				})
				return out, status, err
			})
		},
	}
}

// onMachine does something to the machine whose path goes on with what to do.
func (c *request) onMachine(f func() (int, error)) (int, error) {
	whole := c.path
	c.path, _, _ = cutLast(c.path, "/")
	defer func() { c.path = whole }()
	return f()
}

// listMachines are the machines of the subscription.
func (c *request) listMachines() ([]*arm.VirtualMachine, error) {
	ms := slices.DeleteFunc(all[*machine](c.s), func(m *machine) bool { return m.sub != c.sub.id })
	var out []*arm.VirtualMachine
	for _, m := range ms {
		out = append(out, ptr(c.machineJSON(m)))
	}
	return out, nil
}
