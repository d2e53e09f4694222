package releasesim

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Fault is something that goes wrong with a request. The zero value does nothing.
type Fault struct {
	// Hold keeps the request waiting until [Server.Release], or until the caller
	// gives up. It may be combined with the others.
	Hold bool
	// Refuse closes the connection without an answer.
	Refuse bool
	// Status answers this status, such as 404, 429 or 503.
	Status int
	// RetryAfter is a header of the answer with Status, in whole seconds.
	RetryAfter time.Duration
	// Elsewhere redirects to this address.
	Elsewhere string
	// Garbage answers what has no form, or a form that nobody knows.
	Garbage bool
	// Cut answers the first half of a body.
	Cut bool
	// BadChecksum spoils the checksums of an index.
	BadChecksum bool
	// Endless answers a body that begins well and does not end.
	Endless bool
}

type armed struct {
	pattern string
	left    int // below 0 for ever
	fault   Fault
}

type faults struct {
	mu     sync.Mutex
	list   []*armed
	gate   chan struct{} // closed by Release
	held   int
	change chan struct{} // closed and made anew when held changes
}

func newFaults() *faults {
	return &faults{gate: make(chan struct{}), change: make(chan struct{})}
}

// FailNext lets the next n requests for a path go wrong; n below 0 means all until
// [Server.ClearFaults]. In the path "*" fits one part, and "**" at the end all that
// follows: "/gitlab/**". The first fault that fits is taken.
func (s *Server) FailNext(n int, path string, f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, &armed{path, n, f})
}

// ClearFaults forgets every fault that has not happened yet, and releases what is
// held.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	s.faults.list = nil
	s.faults.mu.Unlock()
	s.Release()
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

// take is what goes wrong with a request.
func (f *faults) take(path string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, a := range f.list {
		if !fits(a.pattern, path) {
			continue
		}
		if a.left > 0 {
			a.left--
		}
		if a.left == 0 {
			f.list = slices.Delete(f.list, i, i+1)
		}
		return a.fault
	}
	return Fault{}
}

// fits reports whether a path fits a pattern.
func fits(pattern, path string) bool {
	want, have := strings.Split(strings.Trim(pattern, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for i, w := range want {
		if w == "**" {
			return true
		}
		if i >= len(have) || w != "*" && w != have[i] {
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

// endless answers until the caller has had enough.
func endless(w http.ResponseWriter, r *http.Request) {
	head, more := "", strings.Repeat(" ", 32<<10)
	to := io.Writer(w)
	switch {
	case strings.HasSuffix(r.URL.Path, ".gz"):
		head, more = "", strings.Repeat("Package: x\nDescription: "+strings.Repeat("x", 1000)+"\n\n", 32)
		to = gzip.NewWriter(w) // which is small on the wire, and has no end once it is unpacked
	case strings.HasSuffix(r.URL.Path, "/Packages"):
		more = strings.Repeat("Package: x\nDescription: "+strings.Repeat("x", 1000)+"\n\n", 32)
	case strings.HasSuffix(r.URL.Path, ".xml"):
		head = `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>`
		more = strings.Repeat("more ", 8<<10)
	}
	if _, err := io.WriteString(to, head); err != nil {
		return
	}
	for r.Context().Err() == nil {
		if _, err := io.WriteString(to, more); err != nil {
			return
		}
	}
}

// Call is one request, and what became of it.
type Call struct {
	Method string
	Path   string
	Query  url.Values
	Agent  string // who asked, by its User-Agent
	Status int    // 0 when the connection was closed without an answer
}

// callLog remembers the latest calls.
type callLog struct {
	keep int

	mu   sync.Mutex
	list []Call
}

func (l *callLog) add(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) >= l.keep {
		l.list = slices.Delete(l.list, 0, len(l.list)-l.keep+1)
	}
	l.list = append(l.list, c)
}

// Calls are the remembered calls for a path, in the order in which they ended. The
// path is that of [Server.FailNext]; "**" is all.
func (s *Server) Calls(path string) []Call {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	var out []Call
	for _, c := range s.calls.list {
		if fits(path, c.Path) {
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
