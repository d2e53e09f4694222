package azuresim

import (
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

// The power states.
const (
	starting     = "starting"
	running      = "running"
	stopping     = "stopping"
	stopped      = "stopped"
	deallocating = "deallocating"
	deallocated  = "deallocated"
)

// machine is a virtual machine.
type machine struct {
	core
	props       armcompute.VirtualMachineProperties // what was asked, without secrets
	plan        *armcompute.Plan
	size        size
	from        origin
	vmID        string
	power       timeline
	agentTakes  time.Duration
	generalized bool
	clean       bool // deprovisioned
	custom      string
	disk        string // id
	diskGoes    bool   // with the machine
	nics        []link
	why         *armError
}

// link is the use of an interface.
type link struct {
	id   string
	goes bool // with the machine
}

// ready is when the agent of a machine answers, if it runs and goes on to run.
func (m *machine) ready(now time.Time) (time.Time, bool) {
	for i := len(m.power) - 1; i >= 0; i-- {
		p := m.power[i]
		if p.name == running {
			if i+1 < len(m.power) && !m.power[i+1].from.After(now) {
				return time.Time{}, false
			}
			return p.from.Add(m.agentTakes), true
		}
	}
	return time.Time{}, false
}

// agent reports whether the agent of a machine answers.
func (m *machine) agent(now time.Time) bool {
	at, ok := m.ready(now)
	return ok && m.power.at(now) == running && !now.Before(at)
}

// security is the security type that was asked for.
func (m *machine) security() string {
	return string(val(val(m.props.SecurityProfile).SecurityType))
}

// TerminateMachine lets a machine be deleted behind everyone's back, and reports
// whether it was there.
func (s *Server) TerminateMachine(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	s.settle(now)
	m, ok := find[*machine](s, id)
	if ok {
		s.preempt(m.id, now)
		m.life = m.life.turn(now, phase{gone, now})
		s.settle(now)
	}
	return ok
}

// StopMachine lets a machine be off, as if somebody had shut it down from inside, and
// reports whether it is there.
func (s *Server) StopMachine(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := find[*machine](s, id)
	if ok {
		now := s.time()
		m.power = m.power.turn(now, phase{stopped, now})
	}
	return ok
}

func (c *request) machineJSON(m *machine) armcompute.VirtualMachine {
	p := clone(m.props)
	p.VMID, p.TimeCreated, p.ProvisioningState = ptr(m.vmID), ptr(m.born), ptr(m.life.at(c.now))
	if strings.Contains(strings.ToLower(c.query.Get("$expand")), "instanceview") {
		p.InstanceView = ptr(c.instanceView(m))
	}
	return armcompute.VirtualMachine{
		ID: ptr(m.id), Name: ptr(m.name), Type: ptr(m.kind), Location: ptr(m.location), Tags: copyTags(m.tags), Plan: clone(m.plan), Properties: &p,
	}
}

func status(code, words string, at time.Time) *armcompute.InstanceViewStatus {
	return &armcompute.InstanceViewStatus{Code: ptr(code), DisplayStatus: ptr(words), Level: ptr(armcompute.StatusLevelTypesInfo), Time: ptr(at)}
}

// instanceView is how a machine does.
func (c *request) instanceView(m *machine) armcompute.VirtualMachineInstanceView {
	st := m.life.at(c.now)
	first := status("ProvisioningState/"+strings.ToLower(st), "Provisioning "+strings.ToLower(st), m.life.since(c.now))
	if st == failed && m.why != nil {
		first.Code, first.Level, first.Message = ptr("ProvisioningState/failed/"+m.why.code), ptr(armcompute.StatusLevelTypesError), ptr(m.why.message)
	}
	out := armcompute.VirtualMachineInstanceView{Statuses: []*armcompute.InstanceViewStatus{first}}
	if m.generalized {
		out.Statuses = append(out.Statuses, status("OSState/generalized", "VM generalized", c.now))
	}
	if p := m.power.at(c.now); p != "" {
		out.Statuses = append(out.Statuses, status("PowerState/"+p, "VM "+p, m.power.since(c.now)))
	}
	out.HyperVGeneration = ptr(armcompute.HyperVGenerationType(m.from.generation))
	switch {
	case m.agent(c.now):
		out.ComputerName = val(m.props.OSProfile).ComputerName
		out.OSName, out.OSVersion = ptr("ubuntu"), ptr("24.04")
		out.VMAgent = &armcompute.VirtualMachineAgentInstanceView{
			VMAgentVersion: ptr("2.11.1.4"), Statuses: []*armcompute.InstanceViewStatus{status("ProvisioningState/succeeded", "Ready", c.now)},
		}
	case m.power.at(c.now) == running:
		out.VMAgent = &armcompute.VirtualMachineAgentInstanceView{
			VMAgentVersion: ptr("Unknown"), Statuses: []*armcompute.InstanceViewStatus{{
				Code: ptr("ProvisioningState/Unavailable"), Level: ptr(armcompute.StatusLevelTypesWarning), DisplayStatus: ptr("Not Ready"),
				Message: ptr("VM status blob is found but not yet populated."), Time: ptr(c.now),
			}},
		}
	}
	return out
}
