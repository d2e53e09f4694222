package slackdev

import (
	"fmt"
	"strings"
	"time"
)

// Fault is something that goes wrong with a Web API call. One of its fields is
// meant to be set, and Latency beside it if need be; the zero value does nothing.
// All times are real time.
type Fault struct {
	// RetryAfter answers HTTP 429 with this wait, rounded up to seconds.
	RetryAfter time.Duration
	// Status answers this HTTP status (500, 503, ...) with no useful body.
	Status int
	// Code answers {"ok":false,"error":Code}: missing_scope, plan_upgrade_required,
	// hash_conflict or any other.
	Code string
	// Needed is the scope that missing_scope names as needed; empty is the one that
	// the method needs.
	Needed string
	// StoredThenStatus does what was asked and then answers this HTTP status,
	// so that the caller cannot know.
	StoredThenStatus int
	// LoseAnswer does what was asked and then cuts the connection without a word.
	LoseAnswer bool
	// Timeout keeps the caller waiting so long and then cuts the connection; what
	// was asked is not done.
	Timeout time.Duration
	// Hang keeps the caller waiting until ReleaseHung, then answers as usual.
	Hang bool
	// Latency is how much later everything happens: a slow network.
	Latency time.Duration
}

// Methods that a fault may name beside those of the Web API.
const (
	// AnyMethod is every call, those to response URLs too.
	AnyMethod = "*"
	// ResponseURL is a post to a response URL; a Code is answered with 404.
	ResponseURL = "response_url"
	// TriggerID is a trigger when it is given to the app: with the Code
	// expired_trigger_id, the only fault it knows, it is expired from the start.
	TriggerID = "trigger_id"
)

const expiredTrigger = "expired_trigger_id"

// Words says in a phrase what the fault does.
func (f Fault) Words() string {
	var parts []string
	switch {
	case f.RetryAfter > 0:
		parts = append(parts, fmt.Sprintf("429, Retry-After %d s", retrySeconds(f.RetryAfter)))
	case f.Status != 0:
		parts = append(parts, fmt.Sprintf("HTTP %d, nothing is done", f.Status))
	case f.Timeout > 0:
		parts = append(parts, fmt.Sprintf("no answer, cut after %s, nothing is done", f.Timeout))
	case f.Code != "" && f.Needed != "":
		parts = append(parts, f.Code+", needed "+f.Needed)
	case f.Code != "":
		parts = append(parts, f.Code)
	case f.StoredThenStatus != 0:
		parts = append(parts, fmt.Sprintf("done, but answered HTTP %d", f.StoredThenStatus))
	case f.LoseAnswer:
		parts = append(parts, "done, but the answer is lost")
	case f.Hang:
		parts = append(parts, "hangs until it is released")
	}
	if f.Latency > 0 {
		parts = append(parts, fmt.Sprintf("%s slower", f.Latency))
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// retrySeconds is a wait as the header Retry-After has it.
func retrySeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// slows tells whether all the fault does is slow down.
func (f Fault) slows() bool {
	rest := f
	rest.Latency = 0
	return f.Latency > 0 && rest == Fault{}
}

// ArmedFault is a fault that waits for its call.
type ArmedFault struct {
	ID       string // names it among those of this workspace
	Method   string
	Left     int // how often it will happen; 0 stands for: until it is taken back
	Happened int // how often it has happened
	Fault    Fault
}

// FailNext makes the next n calls of the method go wrong; n below 0 means all
// until the fault is taken back. The method may be AnyMethod, ResponseURL or
// TriggerID. It returns the id of the fault, empty when n is 0.
//
// Of several faults that fit a call one happens: those that are counted go
// before those that stand, those of the method before those of any, older before
// newer. A fault that only slows down happens beside it; the slowest counts.
func (ws *Workspace) FailNext(method string, n int, f Fault) string {
	if n == 0 {
		return ""
	}
	ws.faults.mu.Lock()
	ws.faults.lastID++
	a := &ArmedFault{ID: fmt.Sprintf("F%d", ws.faults.lastID), Method: method, Left: max(n, 0), Fault: f}
	ws.faults.calls = append(ws.faults.calls, a)
	ws.faults.mu.Unlock()
	ws.tellFaults()
	return a.ID
}

// ExpireNextTrigger makes the next trigger that the app gets an expired one.
func (ws *Workspace) ExpireNextTrigger() string {
	return ws.FailNext(TriggerID, 1, Fault{Code: expiredTrigger})
}

// Faults lists what is armed, in the order in which it was.
func (ws *Workspace) Faults() []ArmedFault {
	ws.faults.mu.Lock()
	defer ws.faults.mu.Unlock()
	list := make([]ArmedFault, len(ws.faults.calls))
	for i, a := range ws.faults.calls {
		list[i] = *a
	}
	return list
}

// TakeBack takes one fault back. It reports whether the fault was still armed.
func (ws *Workspace) TakeBack(id string) bool {
	ws.faults.mu.Lock()
	ok := ws.faults.forget(id)
	ws.faults.mu.Unlock()
	if ok {
		ws.tellFaults()
	}
	return ok
}

func (f *faults) forget(id string) bool {
	for i, a := range f.calls {
		if a.ID == id {
			f.calls = append(f.calls[:i:i], f.calls[i+1:]...)
			return true
		}
	}
	return false
}

// takeFault returns what is to go wrong with this call, and counts it.
func (ws *Workspace) takeFault(method string) Fault {
	f, changed := ws.faults.take(method)
	if changed {
		ws.tellFaults()
	}
	return f
}

func (f *faults) take(method string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var one *ArmedFault
	var slow []*ArmedFault
	var late time.Duration
	for _, a := range f.calls {
		switch {
		case a.Method != method && (a.Method != AnyMethod || method == TriggerID):
		case a.Fault.slows():
			slow, late = append(slow, a), max(late, a.Fault.Latency)
		case one == nil || a.before(one):
			one = a
		}
	}
	var out Fault
	if one != nil {
		out = one.Fault
		f.use(one)
	}
	for _, a := range slow {
		f.use(a)
	}
	out.Latency = max(out.Latency, late)
	return out, one != nil || len(slow) > 0
}

// before tells whether a happens rather than the older b.
func (a *ArmedFault) before(b *ArmedFault) bool {
	if (a.Left > 0) != (b.Left > 0) {
		return a.Left > 0
	}
	return a.Method != AnyMethod && b.Method == AnyMethod
}

func (f *faults) use(a *ArmedFault) {
	a.Happened++
	if a.Left == 0 {
		return
	}
	if a.Left--; a.Left == 0 {
		f.forget(a.ID)
	}
}
