package slackdev

import (
	"context"
	"net/http"
	"sync"
)

// faults holds what is to go wrong.
type faults struct {
	mu     sync.Mutex
	calls  []*ArmedFault // in the order in which they were armed
	lastID int
	hung   chan struct{}
	hungN  int
	closed bool
}

func newFaults() *faults { return &faults{hung: make(chan struct{})} }

// ClearFaults forgets every fault that has not happened yet, releases what hangs
// or is held back, and lets sockets be opened again.
func (ws *Workspace) ClearFaults() {
	ws.faults.mu.Lock()
	ws.faults.calls = nil
	ws.faults.mu.Unlock()
	ws.clearEnvelopeFaults()
	ws.ReleaseHung()
	ws.tellFaults()
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
	ws.hub.tell(change{kind: "interactions"}, change{kind: "faults"})
	defer func() {
		f.mu.Lock()
		f.hungN--
		f.mu.Unlock()
		ws.hub.tell(change{kind: "interactions"}, change{kind: "faults"})
	}()
	select {
	case <-hung:
	case <-ctx.Done():
	}
}

// statusText is the body of a bare HTTP failure.
func statusText(code int) string { return http.StatusText(code) + "\n" }
