package slackdev

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	keptInteractions = 200      // by default
	keptBytes        = 16 << 20 // of JSON, by default
	keptValue        = 1 << 20  // what is longer is left out of the feed
	keptCalls        = 100      // of one interaction
	keptChanges      = 200      // of one interaction
)

// feed remembers the latest interactions, with the Web API calls each led to
// and what people saw of them. It is bounded in entries and in bytes.
type feed struct {
	keep      int // 0: switched off
	keepBytes int

	mu      sync.Mutex
	next    int64
	rev     int64
	bytes   int
	entries []*entry
	index   map[string]*entry // who made or carried a trigger, a view, a message, ...
	spoken  bool              // the app got an envelope already
	own     *entry            // the latest group of calls of the app's own
	move    *entry            // the latest move of the clock
	moving  int               // moves under way
	moved   time.Time         // when the latest move began, in real time
	settled time.Time         // when it ended
}

// entry is an interaction and what finds it again.
type entry struct {
	Interaction
	sent    time.Time // the envelope, or the first call of a group, in real time
	active  time.Time // the last thing known of it, in real time
	channel ChannelID // where it happened, if anywhere
	echo    bool      // the app is told of what it did itself

	messages []TS   // that the envelope is about
	metadata string // of the view that the envelope is about

	keys  []string // in feed.index
	bytes int
}

func newFeed(keep, bytes int) *feed {
	if keep == 0 {
		keep = keptInteractions
	}
	if bytes == 0 {
		bytes = keptBytes
	}
	return &feed{keep: max(0, keep), keepBytes: bytes, index: map[string]*entry{}}
}

// on tells whether anything is remembered at all.
func (f *feed) on() bool { return f.keep > 0 }

// begin notes an envelope that is about to be sent. echo is set when the app did
// itself what it is told of.
func (f *feed) begin(e *envelope, now time.Time, echo bool) *entry {
	if !f.on() {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.spoken = true
	i := &entry{sent: time.Now(), echo: echo, Interaction: Interaction{
		At: now, User: e.who, Kind: e.kind, Name: e.summary, EnvelopeID: e.ID, Outcome: "waiting", Payload: bounded(e.raw),
	}}
	f.addLocked(i)
	f.knowLocked(i, "envelope:"+e.ID)
	f.carriesLocked(i, e)
	f.grownLocked(i, len(i.Payload))
	return i
}

// end notes the ack, or that there was none.
func (f *feed) end(i *entry, out Outcome) {
	if i == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	i.AckMS, i.Response, i.Outcome = out.AckMS, bounded(out.Response), "ok"
	i.Warnings = append(i.Warnings, out.Warnings...)
	if !out.OK {
		i.Outcome = out.Error
	}
	i.active = time.Now()
	f.grownLocked(i, len(i.Response))
}

// refused notes that the payload of an ack was not to be used, and why.
func (f *feed) refused(envelopeID string, out Outcome, why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := f.index["envelope:"+envelopeID]
	if i == nil {
		return
	}
	i.Outcome, i.Warnings = out.Error, append(i.Warnings, why)
	if _, detail, ok := strings.Cut(why, ": "); ok {
		var meta struct {
			Messages []string `json:"messages"`
		}
		if json.Unmarshal([]byte(detail), &meta) == nil {
			i.Problems = meta.Messages
		}
	}
	f.grownLocked(i, 0)
}

// shown notes what an ack changed on a screen.
func (f *feed) shown(envelopeID string, s ScreenChange) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := f.index["envelope:"+envelopeID]; i != nil {
		f.showLocked(i, s, time.Now())
	}
}

func (f *feed) showLocked(i *entry, s ScreenChange, at time.Time) {
	if i.EnvelopeID == "" { // the app's own doing explains nothing further
	} else if s.ViewID != "" {
		f.knowLocked(i, "view:"+string(s.ViewID))
	}
	if s.TS != "" && i.EnvelopeID != "" {
		f.knowLocked(i, "message:"+string(s.TS))
	}
	if len(i.Changes) >= keptChanges {
		return
	}
	s.AtMS, s.Before, s.After = milliseconds(at.Sub(i.sent)), bounded(s.Before), bounded(s.After)
	i.Changes = append(i.Changes, s)
	f.grownLocked(i, len(s.Before)+len(s.After)+len(s.Text))
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// bounded replaces a value that is too long to keep.
func bounded(raw json.RawMessage) json.RawMessage {
	if len(raw) <= keptValue {
		return raw
	}
	return json.RawMessage(fmt.Sprintf(`{"left_out":"%d bytes"}`, len(raw)))
}

func (f *feed) addLocked(i *entry) {
	f.next++
	i.ID, i.Calls = f.next, []InteractionCall{}
	if i.active.IsZero() {
		i.active = i.sent
	}
	f.entries = append(f.entries, i)
	f.grownLocked(i, 0)
}

// knowLocked has the entry found by a key from now on.
func (f *feed) knowLocked(i *entry, key string) {
	if f.index[key] == i {
		return
	}
	f.index[key] = i
	i.keys = append(i.keys, key)
}

// grownLocked marks an entry as changed and forgets the oldest ones when there
// is more than may be kept. The latest entry stays whatever its size.
func (f *feed) grownLocked(i *entry, bytes int) {
	f.rev++
	i.Rev = f.rev
	if i.bytes < 0 {
		return // forgotten already
	}
	i.bytes += bytes
	f.bytes += bytes
	n := 0
	for len(f.entries)-n > 1 && (len(f.entries)-n > f.keep || f.bytes > f.keepBytes) {
		old := f.entries[n]
		f.bytes -= old.bytes
		old.bytes = -1
		for _, k := range old.keys {
			if f.index[k] == old {
				delete(f.index, k)
			}
		}
		n++
	}
	if n > 0 {
		f.entries = append(f.entries[:0:0], f.entries[n:]...)
	}
}

// since lists copies of the interactions after the numbered one.
func (f *feed) since(id int64) []Interaction {
	items, _ := f.read(func(i *entry) bool { return i.ID > id })
	return items
}

// read lists copies of the interactions that are asked for, and the latest
// revision of all.
func (f *feed) read(wanted func(*entry) bool) ([]Interaction, int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := []Interaction{}
	for _, i := range f.entries {
		if wanted(i) {
			c := i.Interaction
			c.Calls = append([]InteractionCall{}, i.Calls...)
			c.Warnings = slices.Clone(i.Warnings)
			c.Changes = slices.Clone(i.Changes)
			out = append(out, c)
		}
	}
	return out, f.rev
}
