package gitlabsim

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Fault is something that goes wrong with an API request. The zero value does
// nothing. LoseRequest, Status and RetryAfter mean that nothing was done; they
// exclude each other, and the others may be combined with anything.
type Fault struct {
	// Hold keeps the request waiting until [Server.Release], before any work.
	Hold bool
	// HoldReply does the work, and keeps the answer until [Server.Release].
	HoldReply bool
	// LoseRequest closes the connection before any work.
	LoseRequest bool
	// LoseReply does the work and closes the connection without an answer, so
	// that the caller cannot know.
	LoseReply bool
	// RetryAfter answers 429 with this wait, in whole seconds, rounded up.
	RetryAfter time.Duration
	// Status answers this status without any work.
	Status int
	// Body is the body of the answer with Status. "" is an HTML page for 5xx, as
	// a proxy makes it, and GitLab's JSON for the rest.
	Body string
}

// Outage is how an instance that is down behaves.
type Outage int

// The outages: connections that are closed, and the pages of a proxy whose
// backend is away or overwhelmed.
const (
	Refusing    Outage = 1
	BadGateway  Outage = http.StatusBadGateway
	Unavailable Outage = http.StatusServiceUnavailable
)

type armed struct {
	method, pattern string
	left            int // below 0 for ever
	fault           Fault
}

type faults struct {
	mu     sync.Mutex
	list   []*armed
	outage Outage
	gate   chan struct{} // closed by Release
	held   int
	change chan struct{} // closed and made anew when held changes
}

func newFaults() *faults {
	return &faults{gate: make(chan struct{}), change: make(chan struct{})}
}

// FailNext lets the next n requests that fit go wrong; n below 0 means all until
// [Server.ClearFaults]. The method "" fits any. In the path, which is written
// without /api/v4, "*" fits one part and "**" at the end all that follows:
// "/projects/*/issues/*". The first fault that fits is taken.
func (s *Server) FailNext(n int, method, path string, f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, &armed{method, path, n, f})
}

// ClearFaults forgets every fault that has not happened yet, ends an outage,
// and releases what is held.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	s.faults.list, s.faults.outage = nil, 0
	s.faults.mu.Unlock()
	s.Release()
}

// Down takes the whole instance down, its pages too; [Server.Up] ends it.
func (s *Server) Down(o Outage) { s.setOutage(o) }

// Up ends an outage.
func (s *Server) Up() { s.setOutage(0) }

func (s *Server) setOutage(o Outage) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.outage = o
}

// Release lets everything that is held go on.
func (s *Server) Release() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	close(s.faults.gate)
	s.faults.gate = make(chan struct{})
}

// WaitHeld waits until n requests or more are held, or the context ends.
func (s *Server) WaitHeld(ctx context.Context, n int) error {
	for {
		s.faults.mu.Lock()
		held, change := s.faults.held, s.faults.change
		s.faults.mu.Unlock()
		if held >= n {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// down is the outage there is, 0 when there is none.
func (f *faults) down() Outage {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.outage
}

// take is what goes wrong with a request.
func (f *faults) take(method, path string) (Fault, Outage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.outage != 0 {
		return Fault{}, f.outage
	}
	for i, a := range f.list {
		if a.method != "" && a.method != method || !fits(a.pattern, path) {
			continue
		}
		if a.left > 0 {
			a.left--
		}
		if a.left == 0 {
			f.list = append(f.list[:i:i], f.list[i+1:]...)
		}
		return a.fault, 0
	}
	return Fault{}, 0
}

// fits reports whether a path fits a pattern.
func fits(pattern, path string) bool {
	want, have := strings.Split(strings.Trim(pattern, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for i, w := range want {
		if w == "**" {
			return true
		}
		if i >= len(have) || w != "*" && !strings.EqualFold(w, have[i]) {
			return false
		}
	}
	return len(want) == len(have)
}

// hold waits for the gate, or for the caller to give up.
func (f *faults) hold(ctx context.Context) {
	f.mu.Lock()
	gate := f.gate
	f.count(1)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.count(-1)
		f.mu.Unlock()
	}()
	select {
	case <-gate:
	case <-ctx.Done():
	}
}

func (f *faults) count(n int) {
	f.held += n
	close(f.change)
	f.change = make(chan struct{})
}

// proxyPage is what stands before GitLab says when GitLab does not answer.
func proxyPage(status int) string {
	text := http.StatusText(status)
	return "<!DOCTYPE html>\n<html>\n<head><title>GitLab is not responding (" + text + ")</title></head>\n" +
		"<body><h1>" + text + "</h1><p>Whoops, GitLab is taking too much time to respond.</p></body>\n</html>\n"
}
