package slackdev

import (
	"encoding/json"
	"sync"
	"time"

	"cloudimage/slackdev/inspector"
)

// Call is one Web API call the app made, with tokens removed.
type Call struct {
	Seq    int64             // 1 is the first call of the workspace
	At     time.Time         // by the workspace's clock
	Method string            // chat.postMessage
	Args   map[string]string // structured arguments as JSON text
	OK     bool
	Error  string          // Slack's error code when not OK
	Status int             // of HTTP
	Result json.RawMessage // the whole answer
	Took   time.Duration   // real time
}

// callLog remembers the latest calls and counts all of them.
type callLog struct {
	keep int

	mu     sync.Mutex
	seq    int64
	ring   []Call
	at     int   // where the next call goes, once the ring is full
	bytes  int   // of arguments and answers
	light  int64 // the number of the latest call that is without its own
	counts map[string]int
	errors map[string]int
}

func newCallLog(keep int) *callLog {
	if keep == 0 {
		keep = 2000
	}
	return &callLog{keep: max(0, keep), counts: map[string]int{}, errors: map[string]int{}}
}

// add remembers a call and returns its number.
func (l *callLog) add(c Call) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	l.counts[c.Method]++
	if !c.OK {
		l.errors[c.Method]++
	}
	c.Seq = l.seq
	l.makeRoom(&c)
	switch {
	case l.keep == 0:
	case len(l.ring) < l.keep:
		l.ring = append(l.ring, c)
	default:
		l.ring[l.at] = c
		l.at = (l.at + 1) % l.keep
	}
	return c.Seq
}

func (ws *Workspace) logCall(c *call, name string, began time.Time, status int, raw []byte, err error) {
	took := time.Since(began)
	entry := Call{At: ws.clock.Now(), Method: name, OK: err == nil && status < 400, Status: status, Took: took}
	if err != nil {
		entry.Error = err.Error()
	}
	if ws.calls.keep > 0 || ws.record.On() {
		entry.Args, entry.Result = c.args.redacted(), raw
	}
	entry.Seq = ws.calls.add(entry)
	ws.record.Called(inspector.Call{
		Seq: entry.Seq, At: entry.At, Method: name, OK: entry.OK, Error: entry.Error, Status: status,
		Args: entry.Args, Result: raw, Fault: c.fault.happened(), Problems: c.problems,
	}, c.shown, began, took)
	if !entry.OK {
		ws.log.Warn("a call was refused", "method", name, "error", entry.Error, "status", status)
	}
	ws.hub.tell(change{kind: "interactions"})
}

// Calls lists the calls of a method that are still remembered, oldest first;
// "" lists those of every method.
func (ws *Workspace) Calls(method string) []Call {
	l := ws.calls
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Call
	for i := range l.ring {
		c := l.ring[(l.at+i)%len(l.ring)]
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// CallCount is how often the method was called since the start, or any method
// when it is "".
func (ws *Workspace) CallCount(method string) int {
	l := ws.calls
	l.mu.Lock()
	defer l.mu.Unlock()
	if method == "" {
		return int(l.seq)
	}
	return l.counts[method]
}

// FailedCallCount is how many of the method's calls were refused.
func (ws *Workspace) FailedCallCount(method string) int {
	l := ws.calls
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.errors[method]
}
