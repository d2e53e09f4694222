package ingestsim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Call is the record of one request to the API.
type Call struct {
	Seq int
	// Operation is configure, configure-status, configure-detail, configure-cancel,
	// resource-tree, submission, product, plan or another type of resource that was
	// read; and unknown.
	Operation string
	Method    string
	Path      string // below the API's root
	Query     map[string]string
	At        time.Time
	// Body is what was sent, without the signatures of addresses. No header is kept.
	Body json.RawMessage
	// Status and Error are those of the answer. Error is empty when it was not one.
	Status int
	Error  string
}

// Fault is an answer in place of the true one. The zero value is an error of the
// server.
type Fault struct {
	Status     int    // default: 500
	Code       string // default: internalServerError
	Message    string
	RetryAfter int // seconds; 0: nothing is said
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
	e := &refusal{status: f.Status, problem: around(f.Code, f.Message), retry: f.RetryAfter}
	if e.status < 200 || e.status > 599 {
		e.status = http.StatusInternalServerError
	}
	if f.Code == "" {
		e.problem.Code = serverError
	}
	e.problem.Details = []*problem{}
	return e
}

// injection is a fault for calls to come.
type injection struct {
	op    string
	left  int
	after bool
	fault Fault
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
	out.Query, out.Body = maps.Clone(c.Query), slices.Clone(c.Body)
	return out
}

// OnCall sets who hears of each authorized request: before its effect, with done false,
// and after the effect and before the answer, with done true. The server is unlocked, so
// the hearer may block. A fault that it returns is the answer; before the effect, it is
// instead of the effect too.
func (s *Server) OnCall(hear func(c Call, done bool) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onCall = hear
}

// Inject lets the next calls of an operation, such as "configure", go wrong; "*" at its
// end stands for anything. With after, the effect happens and only the answer is
// replaced. With times below 0 it is for ever.
func (s *Server) Inject(op string, times int, after bool, f Fault) {
	if times == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injected = append(s.injected, &injection{op, times, after, f})
}

// ClearFaults forgets all that was injected and did not happen yet.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injected = nil
}

// note remembers a request.
func (s *Server) note(c *request) *Call {
	s.seq++
	call := &Call{Seq: s.seq, Operation: c.op, Method: c.method, Path: c.path, Query: map[string]string{}, At: c.now}
	for k := range c.query {
		call.Query[k] = c.query.Get(k)
	}
	if v, err := decode(c.body); err == nil {
		if text, err := json.Marshal(unsigned(v)); err == nil {
			call.Body = text
		}
	}
	s.calls = append(s.calls, call)
	if len(s.calls) > maxCalls {
		s.calls = s.calls[len(s.calls)-maxCalls:]
	}
	return call
}

// unsigned is a value without what comes after the "?" of addresses, which lets anyone
// read a disk.
func unsigned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, one := range v {
			if s, ok := one.(string); ok && k == "uri" {
				one, _, _ = strings.Cut(s, "?")
			}
			out[k] = unsigned(one)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			out[i] = unsigned(one)
		}
		return out
	}
	return v
}

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
		if j.after != done || !covers(j.op, c.Operation) {
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

// covers reports whether a pattern such as "configure*" is about an operation.
func covers(pattern, op string) bool {
	head, wild := strings.CutSuffix(pattern, "*")
	return wild && strings.HasPrefix(op, head) || pattern == op
}
