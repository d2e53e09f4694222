package awssim

import "time"

// Guest is what runs inside of machines. It is called without locks, for each
// machine that a command is sent to, when the command is sent.
type Guest interface {
	Run(Command) Outcome
}

// Capturer is a Guest that hands on what it remembers of a machine to the images made
// of it.
type Capturer interface {
	Captured(instance, image string)
}

// Copier is a Guest that hands on what it remembers of an image to its copies.
type Copier interface {
	Copied(from, to string)
}

// Console is a Guest that says what a machine has written to its console.
type Console interface {
	Console(instance, image string) string
}

// Command is one shell script that a machine is to run.
type Command struct {
	Instance string
	Image    string // what the machine was started from
	Region   string
	UserData string // decoded
	Tags     map[string]string
	Script   string // its lines
	Comment  string
}

// Outcome is what became of a command. The zero value is success at once, without
// output.
type Outcome struct {
	ExitCode int
	Stdout   string
	Stderr   string
	Takes    time.Duration
	// Never lets the agent be silent: the command times out when it was to be
	// delivered.
	Never bool
}

// run asks the guest, which is not there in many tests. The server is unlocked while
// the guest thinks.
func (s *Server) run(c Command) (out Outcome) {
	if s.guest != nil {
		s.outside(func() { out = s.guest.Run(c) })
	}
	return out
}

func (s *Server) captured(instance, image string) {
	if g, ok := s.guest.(Capturer); ok {
		s.outside(func() { g.Captured(instance, image) })
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
