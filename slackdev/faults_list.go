package slackdev

import (
	"errors"
	"fmt"

	"cloudimage/slackdev/socketmode"
)

// This file lists the faults of envelopes beside those of calls, and takes single
// ones back. They have one id for each kind, as they are counted by kind.

// envelopeFault is what waits for an envelope, as the control API shows it.
type envelopeFault struct {
	ArmedFault
	what string
}

const (
	faultDrop      = "drop"
	faultDuplicate = "duplicate"
	faultReorder   = "reorder"
	faultDelay     = "delay"
)

// envelopeFaults lists what is to go wrong with envelopes.
func (ws *Workspace) envelopeFaults() []envelopeFault {
	var list []envelopeFault
	add := func(id string, left int, what string) {
		list = append(list, envelopeFault{ArmedFault{ID: id, Method: "envelope", Left: left}, what})
	}
	delay := ws.sockets.Delay()
	ws.sockets.Fault(func(f *socketmode.Faults) {
		if f.Drops > 0 {
			add(faultDrop, f.Drops, "dropped on its way")
		}
		if len(f.Copies) > 0 {
			add(faultDuplicate, len(f.Copies), fmt.Sprintf("sent %d times", f.Copies[0]))
		}
		if f.Reorders > 0 {
			add(faultReorder, f.Reorders, "sent after the one that follows it")
		}
		if delay > 0 {
			add(faultDelay, 0, fmt.Sprintf("arrives %s late", delay))
		}
	})
	return list
}

// takeBackEnvelope takes the faults of one kind back. It reports whether there
// were any.
func (ws *Workspace) takeBackEnvelope(id string) bool {
	found := false
	for _, a := range ws.envelopeFaults() {
		found = found || a.ID == id
	}
	switch id {
	case faultDrop:
		ws.sockets.Fault(func(f *socketmode.Faults) { f.Drops = 0 })
	case faultDuplicate:
		ws.sockets.Fault(func(f *socketmode.Faults) { f.Copies = nil })
	case faultReorder:
		ws.sockets.Fault(func(f *socketmode.Faults) { f.Reorders = 0 })
	case faultDelay:
		ws.DelayEnvelopes(0)
	}
	if found {
		ws.tellFaults()
	}
	return found
}

// tellFaults tells pages and waiters that something else goes wrong now.
func (ws *Workspace) tellFaults() { ws.hub.tell(change{kind: "faults"}) }

// orderEnvelopeFault does what a faultOrder says of envelopes.
func (ws *Workspace) orderEnvelopeFault(o faultOrder) error {
	late, err := faultWait("latency", o.Latency)
	if err != nil {
		return err
	}
	rest := o
	rest.Envelope, rest.Times, rest.Latency = "", 0, ""
	switch {
	case rest != faultOrder{}:
		return errors.New("of an envelope only times and latency can be said")
	case (o.Envelope == faultDelay) != (o.Latency != ""):
		return errors.New("latency goes with the envelope fault delay, and delay with latency")
	case o.Times < 0 || o.Times > maxFaultTimes:
		return fmt.Errorf("times must be 1 to %d, not %d", maxFaultTimes, o.Times)
	case o.Times != 0 && o.Envelope != faultDrop && o.Envelope != faultDuplicate:
		return errors.New("times goes with drop and duplicate alone")
	}
	switch o.Envelope {
	case faultDrop:
		ws.DropNext(max(1, o.Times))
	case faultDuplicate:
		if o.Times == 1 {
			return errors.New("times must be 2 or more for an envelope to be doubled")
		}
		ws.DuplicateNext(max(2, o.Times))
	case faultReorder:
		ws.ReorderNext()
	case faultDelay:
		ws.DelayEnvelopes(late)
	case "redeliver":
		if err := ws.RedeliverLast(); err != nil {
			return fmt.Errorf("%w: %w", ErrNotPossible, err)
		}
	default:
		return fmt.Errorf("envelope must be drop, duplicate, reorder, delay or redeliver, not %q", o.Envelope)
	}
	return nil
}
