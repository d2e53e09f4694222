package inspector

import (
	"fmt"
	"maps"
	"time"
)

// This file tells the rest of the story: the app's calls, those that it made on
// its own, what was due, what changed on screens, and faults that happened.

// together is the longest pause between two calls of one group of the app's own.
const together = 2 * time.Second

// Called notes a Web API call under the interaction that led to it, with what it
// changed on people's screens. began and took are of real time. StartMS, MS, By
// and Likely are found out here.
func (r *Record) Called(c Call, changes []Change, began time.Time, took time.Duration) {
	if !r.On() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var i *entry
	if c.Method != "apps.connections.open" { // nothing that people do leads to it
		i, c.By, c.Likely = r.causeLocked(cluesOf(c.Method, c.Args, changes, began))
	}
	if i == nil {
		c.By, c.Likely = "", false
		i = r.ownLocked(c.At, began)
	}
	ended := began.Add(took)
	if ended.After(i.active) {
		i.active = ended
	}
	c.StartMS, c.MS = milliseconds(began.Sub(i.sent)), milliseconds(took)
	for _, s := range changes {
		s.Call = c.Seq
		r.changedLocked(i, s, ended)
	}
	size := len(c.Result)
	c.Args = maps.Clone(c.Args)
	for k, v := range c.Args {
		if len(v) > keptValue {
			v = fmt.Sprintf("(left out: %d bytes)", len(v))
			c.Args[k] = v
		}
		size += len(k) + len(v)
	}
	if len(i.Calls) < keptCalls {
		c.Result = bounded(c.Result)
		i.Calls = append(i.Calls, c)
		r.grownLocked(i, size)
	} else {
		i.LeftOut++
		r.grownLocked(i, 0)
	}
	if c.Fault != "" {
		r.faultLocked(c.Method+": "+c.Fault, c.At, i.ID)
	}
}

// ownLocked is the group of the app's own calls that a call joins: calls that
// follow on each other at one moment of the workspace's clock.
func (r *Record) ownLocked(now, began time.Time) *entry {
	because, name := int64(0), "on its own"
	switch {
	case r.move != nil && (r.moving > 0 || began.Sub(r.settled) <= attentive):
		because, name = r.move.ID, "on its own, after the clock was moved"
	case !r.spoken:
		name = "starting up"
	}
	o := r.own
	if o != nil && o.bytes >= 0 && o.Because == because && o.Name == name && began.Sub(o.active) <= together && now.Sub(o.Until) <= together {
		o.Until = now
		return o
	}
	r.own = &entry{sent: began, Interaction: Interaction{At: now, Until: now, Kind: KindOnItsOwn, Name: name, Outcome: "ok", Because: because}}
	r.addLocked(r.own)
	return r.own
}

// Due notes a change that no call of this moment made: what the app ordered for
// later is due. at is the workspace's time.
func (r *Record) Due(name string, c Change, at time.Time) {
	if !r.On() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	i := &entry{sent: time.Now(), Interaction: Interaction{At: at, Until: at, Kind: KindOnItsOwn, Name: name, Outcome: "ok"}}
	if r.moving > 0 && r.move != nil {
		i.Because = r.move.ID
	}
	r.addLocked(i)
	r.changedLocked(i, c, i.sent)
}

// Fault notes a fault that happened to nothing in particular. at is the
// workspace's time.
func (r *Record) Fault(name string, at time.Time) {
	if !r.On() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faultLocked(name, at, 0)
}

func (r *Record) faultLocked(name string, at time.Time, because int64) {
	r.addLocked(&entry{sent: time.Now(), Interaction: Interaction{At: at, Kind: KindFault, Name: name, Outcome: "ok", Because: because}})
}

// changedLocked notes a change under an interaction. at is real time.
func (r *Record) changedLocked(i *entry, c Change, at time.Time) {
	if i.EnvelopeID != "" { // the app's own doing explains nothing further
		if c.ViewID != "" {
			r.knowLocked(i, "view:"+c.ViewID)
		}
		if c.TS != "" {
			r.knowLocked(i, "message:"+c.TS)
		}
	}
	if len(i.Changes) >= keptChanges {
		return
	}
	c.AtMS, c.Before, c.After = milliseconds(at.Sub(i.sent)), bounded(c.Before), bounded(c.After)
	i.Changes = append(i.Changes, c)
	r.grownLocked(i, len(c.Before)+len(c.After)+len(c.Text))
}
