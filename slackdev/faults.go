package slackdev

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Fault is something that goes wrong with a Web API call. Exactly one of its
// fields is meant to be set; the zero value does nothing.
type Fault struct {
	// RetryAfter answers HTTP 429 with this wait, rounded up to seconds.
	RetryAfter time.Duration
	// Status answers this HTTP status (500, 503, ...) with no useful body.
	Status int
	// Code answers {"ok":false,"error":Code}.
	Code string
	// StoredThenStatus does what was asked and then answers this HTTP status,
	// so that the caller cannot know.
	StoredThenStatus int
	// Hang keeps the caller waiting until ReleaseHung, then answers as usual.
	Hang bool
}

// faults holds what is to go wrong.
type faults struct {
	mu     sync.Mutex
	calls  map[string][]Fault // by method; "*" is any
	hung   chan struct{}
	armed  bool // any call fault is set: keeps the usual call cheap
	hungN  int
	closed bool
}

func newFaults() *faults { return &faults{calls: map[string][]Fault{}, hung: make(chan struct{})} }

// FailNext makes the next n calls of the method go wrong; "*" is any method.
func (ws *Workspace) FailNext(method string, n int, f Fault) {
	ws.faults.mu.Lock()
	defer ws.faults.mu.Unlock()
	for range n {
		ws.faults.calls[method] = append(ws.faults.calls[method], f)
	}
	ws.faults.armed = true
}

// ClearFaults forgets every fault that has not happened yet, releases what hangs
// or is held back, and lets sockets be opened again.
func (ws *Workspace) ClearFaults() {
	ws.faults.mu.Lock()
	clear(ws.faults.calls)
	ws.faults.armed = false
	ws.faults.mu.Unlock()
	ws.clearEnvelopeFaults()
	ws.ReleaseHung()
}

// ReleaseHung lets every hanging call go on.
func (ws *Workspace) ReleaseHung() {
	ws.faults.mu.Lock()
	defer ws.faults.mu.Unlock()
	if !ws.faults.closed {
		close(ws.faults.hung)
		ws.faults.hung = make(chan struct{})
	}
}

// Hung is the number of calls that hang at the moment.
func (ws *Workspace) Hung() int {
	ws.faults.mu.Lock()
	defer ws.faults.mu.Unlock()
	return ws.faults.hungN
}

// take returns what is to go wrong with this call.
func (f *faults) take(method string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.armed {
		return Fault{}
	}
	for _, m := range []string{method, "*"} {
		if q := f.calls[m]; len(q) > 0 {
			f.calls[m] = q[1:]
			return q[0]
		}
	}
	return Fault{}
}

func (f *faults) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.hung)
	}
}

func (ws *Workspace) hang(ctx context.Context) {
	f := ws.faults
	f.mu.Lock()
	hung := f.hung
	f.hungN++
	f.mu.Unlock()
	ws.hub.tell(change{kind: "interactions"})
	defer func() {
		f.mu.Lock()
		f.hungN--
		f.mu.Unlock()
		ws.hub.tell(change{kind: "interactions"})
	}()
	select {
	case <-hung:
	case <-ctx.Done():
	}
}

// statusText is the body of a bare HTTP failure.
func statusText(code int) string { return http.StatusText(code) + "\n" }
