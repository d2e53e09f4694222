package azuresim

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Call is the record of one request.
type Call struct {
	Seq int
	// Operation is what was asked, such as "VirtualMachines.CreateOrUpdate"; tokens
	// are "Login.Token", and the state of an operation is "Operations.Get".
	Operation string
	// Action is what a role must allow for it, such as
	// "Microsoft.Compute/virtualMachines/write". It is empty for tokens.
	Action string
	// Linked are the actions that other resources in the request ask for, such as
	// "Microsoft.Network/networkInterfaces/join/action".
	Linked []string
	Method string
	Path   string
	Query  string
	Region string // the location of what it is about; empty when there is none
	Client string // who asked, by application id
	At     time.Time
	// Body is what was sent, without passwords and protected parameters. It is empty
	// for tokens.
	Body string
	// Status and Error are those of the answer; Error is empty when it was none.
	Status int
	Error  string
}

// Fault is an answer in place of the true one. The zero value is an error of the
// service without a code.
type Fault struct {
	Status  int // default: 500
	Code    string
	Message string
	// RetryAfter is when to ask again, in whole seconds. Default: not said.
	RetryAfter time.Duration
	// Drop cuts the connection without an answer.
	Drop bool
}

// errDropped is the answer of a connection that is cut.
var errDropped = errors.New("the connection is cut")

func (f *Fault) err() error {
	if f == nil {
		return nil
	}
	if f.Drop {
		return errDropped
	}
	e := &armError{status: f.Status, code: f.Code, message: f.Message, after: f.RetryAfter}
	if e.status < 200 || e.status > 599 {
		e.status = http.StatusInternalServerError
	}
	if e.code == "" {
		e.code = "InternalServerError"
	}
	return e
}

// injection is a fault for calls to come.
type injection struct {
	op, region string
	left       int
	after      bool
	fault      Fault
}

// maxCalls are how many calls are remembered.
const maxCalls = 20000

// Calls are the latest requests, in the order in which they came.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Call, len(s.calls))
	for i, c := range s.calls {
		out[i] = c.copy()
	}
	return out
}

func (c *Call) copy() Call {
	out := *c
	out.Linked = slices.Clone(c.Linked)
	return out
}

// OnCall sets who hears of each request that is authenticated, and of each for a
// token: before its effect, with done false, and after the effect and before the
// answer, with done true. The server is unlocked, so the hearer may block. A fault that
// it returns is the answer; before the effect, it is instead of the effect too.
func (s *Server) OnCall(hear func(c Call, done bool) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onCall = hear
}

// Inject lets the next calls of an operation, such as
// "GalleryImageVersions.CreateOrUpdate", in a location go wrong; "" is any location,
// and "VirtualMachines.*" any operation of one kind. With after, the effect happens and
// only the answer is replaced. With times below 0 it is for ever.
func (s *Server) Inject(op, location string, times int, after bool, f Fault) {
	if times == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injected = append(s.injected, &injection{op, plain(location), times, after, f})
}

// ClearFaults forgets all that was injected and did not happen yet.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injected = nil
}

// note remembers a request. The server is locked.
func (s *Server) note(c Call) *Call {
	c.Seq = 1
	if n := len(s.calls); n > 0 {
		c.Seq = s.calls[n-1].Seq + 1
	}
	s.calls = append(s.calls, &c)
	if len(s.calls) > maxCalls {
		s.calls = s.calls[len(s.calls)-maxCalls:]
	}
	return &c
}

// done notes what was answered.
func (s *Server) done(c *Call, status int, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Status, c.Error = status, code
}

// fault is what goes wrong with a call at one of its two moments.
func (s *Server) fault(c *Call, done bool) error {
	s.mu.Lock()
	hear, seen := s.onCall, c.copy()
	s.mu.Unlock()
	if hear != nil {
		if err := hear(seen, done).err(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take(c, done).err()
}

// take uses up an injected fault.
func (s *Server) take(c *Call, done bool) *Fault {
	for i, j := range s.injected {
		if j.after != done || j.region != "" && j.region != c.Region || !covers(j.op, c.Operation) {
			continue
		}
		f := j.fault
		if j.left > 0 {
			j.left--
		}
		if j.left == 0 {
			s.injected = append(s.injected[:i:i], s.injected[i+1:]...)
		}
		return &f
	}
	return nil
}

// covers reports whether a pattern such as "Microsoft.Compute/*" is about an action.
func covers(pattern, action string) bool {
	pattern, action = strings.ToLower(pattern), strings.ToLower(action)
	head, wild := strings.CutSuffix(pattern, "*")
	return wild && strings.HasPrefix(action, head) || pattern == action
}
