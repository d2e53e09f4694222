package gitlabsim

import (
	"net/url"
	"slices"
	"sync"
	"time"
)

// Call is one API request, and what became of it. Tokens are not in it.
type Call struct {
	Seq      int64  // 1 is the first of the instance
	ID       string // X-Request-Id
	At       time.Time
	Method   string
	Path     string         // without /api/v4, escaped as it came
	Query    url.Values     // as it came
	Body     map[string]any // the body's parameters, decoded; nil when there are none
	RawBody  []byte
	User     string // the username, "" for nobody
	Status   int    // 0 when the connection was closed before any work
	Response []byte // what was answered, or would have been
	Done     bool   // the request reached GitLab's own code
	Lost     bool   // the caller got no answer
}

// Hook is told of requests. Both functions may be nil, may be called
// concurrently, and may act on the server, as a person too: no lock is held.
type Hook struct {
	// Before is called when a request is about to be carried out.
	Before func(Call)
	// After is called when it was carried out, before the caller is answered.
	After func(Call)
}

type hooks struct {
	mu   sync.Mutex
	list []*Hook
}

// AddHook adds a hook; the function that is returned takes it away.
func (s *Server) AddHook(h Hook) (remove func()) {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	s.hooks.list = append(s.hooks.list, &h)
	return func() {
		s.hooks.mu.Lock()
		defer s.hooks.mu.Unlock()
		s.hooks.list = slices.DeleteFunc(s.hooks.list, func(x *Hook) bool { return x == &h })
	}
}

func (h *hooks) all() []*Hook {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.list)
}

func (h *hooks) before(c Call) {
	for _, x := range h.all() {
		if x.Before != nil {
			x.Before(c)
		}
	}
}

func (h *hooks) after(c Call) {
	for _, x := range h.all() {
		if x.After != nil {
			x.After(c)
		}
	}
}

// callLog remembers the latest calls.
type callLog struct {
	keep int

	mu   sync.Mutex
	seq  int64
	list []Call
}

// number is the number of the next call.
func (l *callLog) number() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	return l.seq
}

func (l *callLog) add(c Call) {
	if l.keep == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) >= 2*l.keep {
		l.list = slices.Clone(l.list[len(l.list)-l.keep:])
	}
	l.list = append(l.list, c)
}

// Calls are the remembered calls that fit, in the order in which they were
// answered. The method and path are those of [Server.FailNext]; "" and "**" are
// all.
func (s *Server) Calls(method, path string) []Call {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	var out []Call
	for _, c := range s.calls.list[max(0, len(s.calls.list)-s.calls.keep):] {
		if (method == "" || method == c.Method) && fits(path, c.Path) {
			out = append(out, c)
		}
	}
	return out
}

// ResetCalls forgets all calls.
func (s *Server) ResetCalls() {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	s.calls.list = nil
}
