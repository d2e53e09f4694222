package slackdev

import (
	"fmt"
	"time"

	"cloudimage/slackdev/socketmode"
)

// This file arms what goes wrong with envelopes on their way to the app.

// DropNext loses the next n envelopes on their way to the app.
func (ws *Workspace) DropNext(n int) {
	ws.sockets.Fault(func(f *socketmode.Faults) { f.Drops += n })
	ws.tellFaults()
}

// DuplicateNext delivers the next envelope n times, byte for byte the same; it
// is acked once.
func (ws *Workspace) DuplicateNext(n int) {
	ws.sockets.Fault(func(f *socketmode.Faults) { f.Copies = append(f.Copies, n) })
	ws.tellFaults()
}

// ReorderNext holds the next envelope back until the one after it is sent. If
// none comes within half the time in which it must be acked, it goes alone.
func (ws *Workspace) ReorderNext() {
	ws.sockets.Fault(func(f *socketmode.Faults) { f.Reorders++ })
	ws.tellFaults()
}

// DelayEnvelopes makes the network slow: every envelope arrives d of real time
// after it was sent, in order. The time to ack it counts from when it was sent,
// as with Slack. 0 ends it, also for what is under way.
func (ws *Workspace) DelayEnvelopes(d time.Duration) {
	ws.sockets.SetDelay(d)
	ws.tellFaults()
}

// RedeliverLast sends the last envelope once more: the same envelope_id, and no
// word of a retry, as has been seen in Slack. It is an error when there was none
// or no socket is open.
func (ws *Workspace) RedeliverLast() error {
	id, err := ws.sockets.Redeliver()
	if err != nil {
		return fmt.Errorf("redeliver the last envelope: %w", err)
	}
	ws.record.Redelivered(id, ws.clock.Now())
	ws.hub.tell(change{kind: "interactions"})
	return nil
}

// clearEnvelopeFaults undoes everything of this file, and lets sockets be opened.
func (ws *Workspace) clearEnvelopeFaults() {
	ws.DelayEnvelopes(0)
	ws.EnableSocketMode()
	ws.sockets.ClearFaults()
}
