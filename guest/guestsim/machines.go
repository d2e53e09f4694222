package guestsim

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"time"
)

// Options are what [Machines] are made with.
type Options struct {
	// Packages are the checksums of what is served at which URL. Nil: everything is
	// served, and is what is asked for.
	Packages map[string]string
	Kernel   string // that an update installs; defaults to one of Ubuntu 24.04
}

// Fault is something that goes wrong in a run of a script.
type Fault string

// The faults, and the scripts that they happen in.
const (
	WrongChecksum Fault = "wrong-checksum" // install: another package is served
	AptLocked     Fault = "apt-locked"     // install: another program never ends with apt
	DiskFull      Fault = "disk-full"      // install
	WrongVersion  Fault = "wrong-version"  // install: the package is not what its name says; check: another is installed
	LeftKeys      Fault = "left-keys"      // clean, check and forbidden: an authorized_keys is left
	LeftSecrets   Fault = "left-secrets"   // clean and forbidden: the secrets file is left; check: as SameSecrets
	NeverHealthy  Fault = "never-healthy"  // check
	SlowBoot      Fault = "slow-boot"      // check: the first boot takes most of the time there is
	SameSecrets   Fault = "same-secrets"   // check: its secrets are those of each machine that has this fault
	Cut           Fault = "cut"            // all: the answer ends before the result, and the work was done
)

// Machines are all machines of a simulated cloud.
type Machines struct {
	mu       sync.Mutex
	packages map[string]string
	kernel   string
	machines map[string]*system
	images   map[string]system
	faults   []*armed
}

// system is what is on a disk.
type system struct {
	image             string // that it was booted from
	pkg, version, sum string
	updated           bool
	cleaned           bool
	// twins is not empty when the image was not cleaned: machines of it are alike in
	// what they have of the machine of this name.
	twins string
}

type armed struct {
	left   int // below 0 for ever
	script string
	fault  Fault
}

// New returns a cloud's machines. There are none yet.
func New(o Options) *Machines {
	if o.Kernel == "" {
		o.Kernel = "6.8.0-101-generic"
	}
	return &Machines{packages: o.Packages, kernel: o.Kernel, machines: map[string]*system{}, images: map[string]system{}}
}

// FailNext lets the next n runs of a script go wrong; n below 0 means all until
// [Machines.ClearFaults]. Script is "install", "clean", "check", "forbidden", or "*"
// for each. The first fault that fits is taken.
func (m *Machines) FailNext(n int, script string, f Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = append(m.faults, &armed{n, script, f})
}

// ClearFaults forgets every fault that has not happened yet.
func (m *Machines) ClearFaults() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = nil
}

// Captured says that an image was made of a machine.
func (m *Machines) Captured(instance, image string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := *m.machine(instance, "")
	if !s.cleaned {
		s.twins = instance
	}
	m.images[image] = s
}

// Copied says that an image was copied.
func (m *Machines) Copied(from, to string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.images[from]; ok {
		m.images[to] = s
	}
}

// Run runs a script in a machine that was booted from an image.
func (m *Machines) Run(instance, image, script string) (exit int, stdout, stderr string, takes time.Duration) {
	c, ok := recognise(script)
	if !ok {
		return 0, "", "", time.Second
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := &run{Machines: m, call: c, instance: instance, system: m.machine(instance, image), fault: m.fault(c.name)}
	r.result.Script = c.name
	switch c.name {
	case "install":
		r.install()
	case "clean":
		r.clean()
	case "check":
		r.check()
	case "forbidden":
		r.step("looking for what must not be in an image")
		r.forbidden()
	}
	if r.result.Failure != "" {
		exit = 1
		r.log.WriteString("failed: " + r.result.Failure + "\n")
	}
	if r.fault == Cut {
		return exit, r.log.String(), "", r.takes
	}
	return exit, r.log.String() + r.result.Line(), "", r.takes
}

func (m *Machines) machine(instance, image string) *system {
	s := m.machines[instance]
	if s == nil {
		fresh := m.images[image]
		fresh.image = image
		s = &fresh
		m.machines[instance] = s
	}
	return s
}

func (m *Machines) fault(script string) Fault {
	for _, a := range m.faults {
		if a.left == 0 || a.script != "*" && a.script != script {
			continue
		}
		a.left = max(a.left-1, -1)
		return a.fault
	}
	return ""
}

// fingerprint is a hash that follows from names.
func fingerprint(names ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return hex.EncodeToString(sum[:])
}
