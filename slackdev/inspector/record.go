package inspector

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	keptInteractions = 200      // by default
	keptBytes        = 16 << 20 // of JSON, by default
	keptValue        = 1 << 20  // what is longer is left out
	keptCalls        = 100      // of one interaction
	keptChanges      = 200      // of one interaction
	keptWarnings     = 20       // of one envelope: an app may ack forever
)

// Record remembers the latest interactions, with the Web API calls each led to
// and what people saw of them. Its methods may be called from many goroutines at
// once.
type Record struct {
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
	channel string    // where it happened, if anywhere
	echo    bool      // the app is told of what it did itself

	messages []string // that the envelope is about
	metadata string   // of the view that the envelope is about

	keys  []string // in Record.index
	bytes int
}

// New makes a record that keeps so many interactions, 200 when it is 0 and none
// when it is negative, and so many bytes of JSON, 16 MiB when it is 0: payloads,
// arguments, answers and what changed. The latest interaction is kept whatever
// its size.
func New(keep, bytes int) *Record {
	if keep == 0 {
		keep = keptInteractions
	}
	if bytes == 0 {
		bytes = keptBytes
	}
	return &Record{keep: max(0, keep), keepBytes: bytes, index: map[string]*entry{}}
}

// On tells whether anything is remembered at all. When it is off, nothing need be
// told.
func (r *Record) On() bool { return r.keep > 0 }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// bounded replaces a value that is too long to keep.
func bounded(raw json.RawMessage) json.RawMessage {
	if len(raw) <= keptValue {
		return raw
	}
	return json.RawMessage(fmt.Sprintf(`{"left_out":"%d bytes"}`, len(raw)))
}

func (r *Record) addLocked(i *entry) {
	r.next++
	i.ID, i.Calls = r.next, []Call{}
	if i.active.IsZero() {
		i.active = i.sent
	}
	r.entries = append(r.entries, i)
	r.grownLocked(i, 0)
}

// knowLocked has the entry found by a key from now on, unless it was forgotten
// in the meantime.
func (r *Record) knowLocked(i *entry, key string) {
	if i.bytes < 0 || r.index[key] == i {
		return
	}
	r.index[key] = i
	i.keys = append(i.keys, key)
}

// grownLocked marks an entry as changed and forgets the oldest ones when there
// is more than may be kept. The latest entry stays whatever its size.
func (r *Record) grownLocked(i *entry, bytes int) {
	r.rev++
	i.Rev = r.rev
	if i.bytes < 0 {
		return // forgotten already
	}
	i.bytes += bytes
	r.bytes += bytes
	n := 0
	for len(r.entries)-n > 1 && (len(r.entries)-n > r.keep || r.bytes > r.keepBytes) {
		old := r.entries[n]
		r.bytes -= old.bytes
		old.bytes = -1
		for _, k := range old.keys {
			if r.index[k] == old {
				delete(r.index, k)
			}
		}
		n++
	}
	if n > 0 {
		r.entries = append(r.entries[:0:0], r.entries[n:]...)
	}
}

// All lists copies of the interactions that are remembered, oldest first.
func (r *Record) All() []Interaction {
	items, _ := r.Read(0, 0)
	return items
}

// Read lists copies of the interactions after the one that is numbered since, of
// these what is new or different since a reading that had the revision rev. It
// returns the latest revision of all beside them.
func (r *Record) Read(since, rev int64) ([]Interaction, int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []Interaction{}
	for _, i := range r.entries {
		if i.ID > since && i.Rev > rev {
			c := i.Interaction
			c.Calls = append([]Call{}, i.Calls...)
			c.Warnings = slices.Clone(i.Warnings)
			c.Changes = slices.Clone(i.Changes)
			out = append(out, c)
		}
	}
	return out, r.rev
}
