package awssim

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// Call is the record of one request.
type Call struct {
	Seq       int
	Service   string // as signatures name it: ec2, ssm, sts, servicequotas, aws-marketplace
	Operation string
	Region    string
	Principal string // who asked, by ARN
	DryRun    bool
	At        time.Time
	// Params are what was asked, as the Query protocols write it, for all services:
	// Filter.1.Name. No header is among them.
	Params map[string]string
	// Error is the code of the answer, and empty when it was not an error.
	Error string
}

// Fault is an answer in place of the true one. The zero value is an error of the
// service without a code.
type Fault struct {
	Status  int // default: 500
	Code    string
	Message string
	// Drop cuts the connection without an answer.
	Drop bool
}

// dropped is the answer of a connection that is cut.
type dropped struct{}

func (*dropped) Error() string { return "the connection is cut" }

func (f *Fault) err() error {
	if f == nil {
		return nil
	}
	if f.Drop {
		return &dropped{}
	}
	e := &awsError{status: f.Status, code: f.Code, message: f.Message}
	if e.status < 100 || e.status > 599 {
		e.status = http.StatusInternalServerError
	}
	if e.code == "" {
		e.code = "InternalError"
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
	out.Params = maps.Clone(c.Params)
	return out
}

// OnCall sets who hears of each authenticated request: before its effect, with done
// false, and after the effect and before the answer, with done true. The server is
// unlocked, so the hearer may block. A fault that it returns is the answer; before
// the effect, it is instead of the effect too.
func (s *Server) OnCall(hear func(c Call, done bool) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onCall = hear
}

// Inject lets the next calls of an operation, such as "ec2:CopyImage", in a region go
// wrong; "" is any region, and "ec2:*" any operation. With after, the effect happens
// and only the answer is replaced. With times below 0 it is for ever.
func (s *Server) Inject(op, region string, times int, after bool, f Fault) {
	if times == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injected = append(s.injected, &injection{op, region, times, after, f})
}

// ClearFaults forgets all that was injected and did not happen yet.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injected = nil
}

// note remembers a request.
func (s *Server) note(c *request) *Call {
	c.seq = 1
	if n := len(s.calls); n > 0 {
		c.seq = s.calls[n-1].Seq + 1
	}
	call := &Call{
		Seq: c.seq, Service: c.service, Operation: c.op, Region: c.region, At: c.now,
		DryRun: c.form.is("DryRun"), Params: clean(c.params),
	}
	s.calls = append(s.calls, call)
	if len(s.calls) > maxCalls {
		s.calls = s.calls[len(s.calls)-maxCalls:]
	}
	return call
}

// clean leaves out the few parameters that are secrets.
func clean(params map[string]string) map[string]string {
	out := maps.Clone(params)
	for _, k := range []string{"TokenCode", "WebIdentityToken", "SAMLAssertion", "TradeInToken"} {
		delete(out, k)
	}
	return out
}

func (s *Server) done(c *Call, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Error = code
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
		if j.after != done || j.region != "" && j.region != c.Region || !covers(j.op, c.Service+":"+c.Operation) {
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

// covers reports whether a pattern such as "ec2:*" is about an action.
func covers(pattern, action string) bool {
	head, wild := strings.CutSuffix(pattern, "*")
	return wild && strings.HasPrefix(action, head) || pattern == action
}
