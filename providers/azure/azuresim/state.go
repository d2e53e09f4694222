package azuresim

import (
	"slices"
	"strings"
	"time"
)

// State is everything that there is at one moment. Lists are in the order of their
// beginning.
type State struct {
	Now            time.Time
	Tenant         string
	Subscriptions  []Subscription
	Groups         []Group
	Machines       []Machine
	NICs           []NIC
	Networks       []Thing
	SecurityGroups []Thing
	Addresses      []Thing
	Disks          []Disk
	Images         []Thing
	Galleries      []Thing
	Definitions    []Thing
	Versions       []Version
	RunCommands    []Run
	Assignments    []Assignment
	Bases          []string // the versions of Canonical's images, the oldest first
	Offers         []Offer
	Operations     int // that go on
	Denied         []string
}

// Subscription is one of the tenant's.
type Subscription struct {
	ID, Name  string
	Providers map[string]string // registration states by namespace
}

// Thing is what all resources have.
type Thing struct {
	ID, Name, Group, Location string
	State                     string // of provisioning
	Created                   time.Time
	Tags                      map[string]string
}

// Group is a resource group.
type Group struct {
	Thing
	Resources int // that are in it
}

// Machine is a virtual machine.
type Machine struct {
	Thing
	Size, Power, Image string
	Generalized        bool
	// Deprovisioned says that a unit which a command left behind has deprovisioned
	// the machine.
	Deprovisioned bool
	Ready         bool // the agent answers
	CustomData    string
	Security      string
	NICs          []string
	Disk          string
	Plan          string // publisher:product:name
}

// NIC is a network interface.
type NIC struct {
	Thing
	Machine, Subnet, PublicAddress string
	Outbound                       bool // it reaches the internet
}

// Disk is a managed disk.
type Disk struct {
	Thing
	Machine string
	Size    int // in GiB
}

// Version is a version of an image in a gallery.
type Version struct {
	Thing
	Definition        string // its id
	Source            string
	Regions           []Region
	ExcludeFromLatest bool
	EndOfLife         time.Time
	Deprovisioned     bool // its machine was
}

// Region is what a version has in a location.
type Region struct {
	Location, State string
	Progress        int // in percent
	Replicas        int
	Exclude         bool
	Details         string
}

// Run is a command of a machine.
type Run struct {
	Thing
	Machine  string
	Script   string
	State    string // of the script
	Done     int    // how often it was carried out
	ExitCode int
}

// Assignment is a role that somebody has.
type Assignment struct{ ID, Scope, Principal, Role string }

func (k *core) thing(now time.Time) Thing {
	return Thing{k.id, k.name, k.group, k.location, k.life.at(now), k.born, plainTags(k.tags)}
}

// State is what there is now.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	s.settle(now)
	out := State{Now: now, Tenant: s.tenant, Denied: s.denials()}
	for _, sub := range sorted(s.subs) {
		v := Subscription{sub.id, sub.name, map[string]string{}}
		for _, n := range namespaces() {
			v.Providers[n] = sub.registration(n)
		}
		out.Subscriptions = append(out.Subscriptions, v)
	}
	gs := sorted(s.groups)
	slices.SortFunc(gs, func(a, b *group) int { return a.order - b.order })
	for _, g := range gs {
		v := Group{Thing: g.thing(now)}
		for _, r := range s.resources {
			if k := r.common(); k.sub == g.sub && strings.EqualFold(k.group, g.name) {
				v.Resources++
			}
		}
		out.Groups = append(out.Groups, v)
	}
	for _, r := range all[resource](s) {
		s.show(r, &out)
	}
	for _, a := range s.assignments {
		out.Assignments = append(out.Assignments, Assignment{a.id(), a.scope, a.principal, a.role})
	}
	for _, b := range s.bases {
		out.Bases = append(out.Bases, b.version)
	}
	for _, o := range s.offers {
		p := o.Offer
		p.Subscriptions = slices.Clone(p.Subscriptions)
		out.Offers = append(out.Offers, p)
	}
	for _, o := range s.operations {
		if o.life.at(now) == inProgress {
			out.Operations++
		}
	}
	return out
}

// show adds a resource to a state.
func (s *Server) show(r resource, out *State) {
	t := r.common().thing(out.Now)
	switch r := r.(type) {
	case *machine:
		out.Machines = append(out.Machines, r.state(out.Now))
	case *nic:
		out.NICs = append(out.NICs, NIC{t, r.owner, r.subnet, r.public, s.reaches(r)})
	case *vnet:
		out.Networks = append(out.Networks, t)
	case *securityGroup:
		out.SecurityGroups = append(out.SecurityGroups, t)
	case *publicAddress:
		out.Addresses = append(out.Addresses, t)
	case *disk:
		out.Disks = append(out.Disks, Disk{t, r.owner, int(r.gigabytes)})
	case *image:
		out.Images = append(out.Images, t)
	case *gallery:
		out.Galleries = append(out.Galleries, t)
	case *definition:
		out.Definitions = append(out.Definitions, t)
	case *version:
		out.Versions = append(out.Versions, r.state(out.Now))
	case *runCommand:
		m, _ := find[*machine](s, r.machine)
		v := Run{Thing: t, Machine: r.machine, Script: val(val(r.props.Source).Script), State: r.now(m, out.Now), Done: r.done}
		if v.State == succeeded || v.State == failed {
			v.ExitCode = r.outcome.ExitCode
		}
		out.RunCommands = append(out.RunCommands, v)
	}
}

func (m *machine) state(now time.Time) Machine {
	v := Machine{
		Thing: m.thing(now), Size: m.size.name, Power: m.power.at(now), Image: m.from.ref, Generalized: m.generalized, Deprovisioned: m.clean,
		Ready: m.agent(now), CustomData: m.custom, Security: m.security(), Disk: m.disk,
	}
	for _, l := range m.nics {
		v.NICs = append(v.NICs, l.id)
	}
	if m.plan != nil {
		v.Plan = val(m.plan.Publisher) + ":" + val(m.plan.Product) + ":" + val(m.plan.Name)
	}
	return v
}

func (v *version) state(now time.Time) Version {
	out := Version{
		Thing: v.thing(now), Definition: v.parent(), Source: v.source, ExcludeFromLatest: val(v.profile.ExcludeFromLatest),
		EndOfLife: val(v.profile.EndOfLifeDate), Deprovisioned: v.clean,
	}
	for _, r := range sorted(v.replicas) {
		g := Region{Location: r.location, State: r.life.at(now), Progress: int(r.progress(now)), Replicas: int(r.count), Exclude: r.exclude}
		if g.State == failed {
			g.Details = r.details
		}
		out.Regions = append(out.Regions, g)
	}
	return out
}

// Version is the version of a gallery with an id, for others who read galleries, such
// as Partner Center; see [Server.PartnerCenterReads].
func (s *Server) Version(id string) (Version, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	s.settle(now)
	v, ok := find[*version](s, id)
	if !ok {
		return Version{}, false
	}
	return v.state(now), true
}
