package slackdev

import (
	"fmt"
	"strings"
	"time"
)

// This file tells the rest of the story: the app's calls, those that it made on
// its own, moves of the clock, and faults that happened.

// together is the longest pause between two calls of one group of the app's own.
const together = 2 * time.Second

// called notes a Web API call under the interaction that led to it.
func (f *feed) called(c InteractionCall, shown []ScreenChange, began time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var i *entry
	if c.Method != "apps.connections.open" { // nothing that people do leads to it
		i, c.By, c.Likely = f.causeLocked(cluesOf(c.Method, c.Args, shown, began))
	}
	if i == nil {
		c.By, c.Likely = "", false
		i = f.ownLocked(c.At, began)
	}
	ended := began.Add(time.Duration(c.MS * float64(time.Millisecond)))
	if ended.After(i.active) {
		i.active = ended
	}
	c.StartMS = milliseconds(began.Sub(i.sent))
	for _, s := range shown {
		s.Call = c.Seq
		f.showLocked(i, s, ended)
	}
	size := len(c.Result)
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
		f.grownLocked(i, size)
	} else {
		i.LeftOut++
		f.grownLocked(i, 0)
	}
	if c.Fault != "" {
		f.faultLocked(c.Method+": "+c.Fault, c.At, i.ID)
	}
}

// ownLocked is the group of the app's own calls that a call joins: calls that
// follow on each other at one moment of the workspace's clock.
func (f *feed) ownLocked(now, began time.Time) *entry {
	because, name := int64(0), "on its own"
	switch {
	case f.move != nil && (f.moving > 0 || began.Sub(f.settled) <= attentive):
		because, name = f.move.ID, "on its own, after the clock was moved"
	case !f.spoken:
		name = "starting up"
	}
	o := f.own
	if o != nil && o.bytes >= 0 && o.Because == because && o.Name == name && began.Sub(o.active) <= together && now.Sub(o.Until) <= together {
		o.Until = now
		return o
	}
	f.own = &entry{sent: began, Interaction: Interaction{At: now, Until: now, Kind: InteractionOnItsOwn, Name: name, Outcome: "ok", Because: because}}
	f.addLocked(f.own)
	return f.own
}

// byItself notes a change that no call of this moment made: what the app ordered
// for later is due.
func (f *feed) byItself(name string, s ScreenChange, now time.Time) {
	if !f.on() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	i := &entry{sent: time.Now(), Interaction: Interaction{At: now, Until: now, Kind: InteractionOnItsOwn, Name: name, Outcome: "ok"}}
	if f.moving > 0 && f.move != nil {
		i.Because = f.move.ID
	}
	f.addLocked(i)
	f.showLocked(i, s, i.sent)
}

// clockMoves tells the feed of a move of the clock, and pages that there is one.
func (ws *Workspace) clockMoves(from, to time.Time) (done func(at time.Time)) {
	over := ws.feed.clockMoves(from, to)
	ws.hub.tell(change{kind: "interactions"})
	return func(at time.Time) {
		over(at)
		ws.hub.tell(change{kind: "interactions"})
	}
}

// clockMoves notes that the clock is about to be moved; the function it returns,
// that it has been. Moves with nothing between are one entry.
func (f *feed) clockMoves(from, to time.Time) (done func(at time.Time)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.moved = time.Now()
	f.moving++
	if f.on() && to.After(from) {
		if m := f.move; m == nil || f.entries[len(f.entries)-1] != m {
			f.move = &entry{sent: f.moved, Interaction: Interaction{At: from, Kind: InteractionClock, Outcome: "ok"}}
			f.addLocked(f.move)
		}
		f.move.Name = "moved forward by " + durationWords(to.Sub(f.move.At))
		f.grownLocked(f.move, 0)
	}
	move := f.move
	return func(at time.Time) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.moving--
		f.settled = time.Now()
		if move != nil {
			move.Until = at
			f.grownLocked(move, 0)
		}
	}
}

// durationWords writes a time as people say it, in its two largest units.
func durationWords(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		n := d / unit.size
		d -= n * unit.size
		if n == 0 || len(parts) == 2 {
			continue
		}
		s := "s"
		if n == 1 {
			s = ""
		}
		parts = append(parts, fmt.Sprintf("%d %s%s", n, unit.name, s))
	}
	if len(parts) == 0 {
		return "less than a second"
	}
	return strings.Join(parts, " ")
}

// hit notes what a fault did to an envelope.
func (f *feed) hit(i *entry, fate string) {
	if i == nil || fate == "" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	i.Fault = fate
	f.grownLocked(i, 0)
	f.faultLocked(i.Name+": "+fate, i.At, i.ID)
}

// again notes that an envelope was sent once more.
func (f *feed) again(envelopeID string, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := f.index["envelope:"+envelopeID]; i != nil {
		f.faultLocked(i.Name+": delivered once more", now, i.ID)
	}
}

// fault notes a fault that happened to nothing in particular.
func (f *feed) fault(name string, now time.Time) {
	if !f.on() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faultLocked(name, now, 0)
}

func (f *feed) faultLocked(name string, now time.Time, because int64) {
	f.addLocked(&entry{sent: time.Now(), Interaction: Interaction{At: now, Kind: InteractionFault, Name: name, Outcome: "ok", Because: because}})
}

// inFeed is what the inspector calls a fault that happened; empty for none.
func (f Fault) inFeed() string {
	if f == (Fault{}) {
		return ""
	}
	return f.Words()
}
