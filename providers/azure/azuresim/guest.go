package azuresim

import "time"

// Guest is what runs inside of machines. It is called without locks, when a machine
// is asked to carry out a command.
type Guest interface {
	Run(Command) Outcome
}

// Capturer is a Guest that hands on what it remembers of a machine to the images and
// versions made of it. Both are resource ids.
type Capturer interface {
	Captured(machine, image string)
}

// Copier is a Guest that hands on what it remembers of an image to the versions made
// of it.
type Copier interface {
	Copied(from, to string)
}

// Command is one script that a machine is to carry out.
type Command struct {
	Machine string // resource id
	// Image is what the machine was made from: the id of a resource, or
	// publisher:offer:sku:version.
	Image      string
	Location   string
	CustomData string // decoded
	Tags       map[string]string
	Name       string // of the command
	Script     string
	// Parameters are those of the command, the protected ones among them.
	Parameters map[string]string
	// Outbound says whether the machine reaches the internet: its subnet has default
	// outbound access or a gateway, or it has a public address.
	Outbound bool
}

// Outcome is what became of a command. The zero value is success at once, without
// output.
type Outcome struct {
	ExitCode int
	Stdout   string
	Stderr   string
	Takes    time.Duration
	// Never lets the command run until it times out.
	Never bool
	// PowersOff is how long after the command's start the machine powers itself off.
	// 0: only if the script leaves a unit behind that does, see [Times.PowersOff];
	// below 0: it does not.
	PowersOff time.Duration
}

// run asks the guest, which is not there in many tests. The server is unlocked while
// the guest thinks.
func (s *Server) run(c Command) (out Outcome) {
	if s.guest != nil {
		s.outside(func() { out = s.guest.Run(c) })
	}
	return out
}

func (s *Server) captured(machine, image string) {
	if g, ok := s.guest.(Capturer); ok {
		s.outside(func() { g.Captured(machine, image) })
	}
}

func (s *Server) copied(from, to string) {
	if g, ok := s.guest.(Copier); ok {
		s.outside(func() { g.Copied(from, to) })
	}
}

// outside does something while the server is unlocked, so that it may ask the server.
func (s *Server) outside(f func()) {
	s.mu.Unlock()
	defer s.mu.Lock()
	f()
}
