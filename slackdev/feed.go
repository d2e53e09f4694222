package slackdev

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// feed remembers the latest interactions, with the Web API calls each led to.
type feed struct {
	keep int // 0: switched off

	mu      sync.Mutex
	next    int64
	entries []*interaction
}

// interaction is one envelope and what came of it.
type interaction struct {
	ID         int64           `json:"id"`
	At         time.Time       `json:"at"`
	User       UserID          `json:"user"`
	Kind       string          `json:"kind"`
	Name       string          `json:"name"`
	EnvelopeID string          `json:"envelope_id"`
	AckMS      float64         `json:"ack_ms"`
	Outcome    string          `json:"outcome"`
	Calls      []feedCall      `json:"calls"`
	Payload    json.RawMessage `json:"payload"`
	Response   json.RawMessage `json:"response,omitempty"`
	Warnings   []string        `json:"warnings,omitempty"`
}

type feedCall struct {
	Method string            `json:"method"`
	OK     bool              `json:"ok"`
	Error  string            `json:"error,omitempty"`
	MS     float64           `json:"ms"`
	Args   map[string]string `json:"args"`
	Result json.RawMessage   `json:"result"`
}

func newFeed(keep int) *feed {
	if keep == 0 {
		keep = 200
	}
	return &feed{keep: max(0, keep)}
}

func (f *feed) begin(e *envelope, now time.Time) *interaction {
	if f.keep == 0 {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	i := &interaction{
		ID: f.next, At: now, User: e.who, Kind: e.kind, Name: e.summary, EnvelopeID: e.ID, Outcome: "waiting",
		Calls: []feedCall{}, Payload: e.raw,
	}
	f.entries = append(f.entries, i)
	if n := len(f.entries) - f.keep; n > 0 {
		f.entries = append(f.entries[:0:0], f.entries[n:]...)
	}
	return i
}

func (f *feed) end(i *interaction, out Outcome) {
	if i == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	i.AckMS, i.Response, i.Outcome = out.AckMS, out.Response, "ok"
	i.Warnings = append(i.Warnings, out.Warnings...)
	if !out.OK {
		i.Outcome = out.Error
	}
}

// called notes a Web API call under the interaction whose trigger it uses, or
// else under the latest one, which most likely led to it.
func (f *feed) called(c feedCall) {
	if f.keep == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.entries) == 0 {
		return
	}
	i := f.entries[len(f.entries)-1]
	if t := c.Args["trigger_id"]; t != "" {
		for _, e := range slices.Backward(f.entries) {
			if bytes.Contains(e.Payload, []byte(t)) {
				i = e
				break
			}
		}
	}
	if len(i.Calls) < 50 {
		i.Calls = append(i.Calls, c)
	}
}

// since lists copies of the interactions after the numbered one.
func (f *feed) since(id int64) []interaction {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := []interaction{}
	for _, i := range f.entries {
		if i.ID > id {
			c := *i
			c.Calls = append([]feedCall{}, i.Calls...)
			c.Warnings = slices.Clone(i.Warnings)
			out = append(out, c)
		}
	}
	return out
}
