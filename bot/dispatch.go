package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"cloudimage/workflow"
)

const (
	// workers is how many envelopes are handled at once. A worker mostly waits
	// for the commit it shares with the others.
	workers = 64
	// queued is how many envelopes may wait for a worker: some seconds of the
	// most there can be. Beyond it the socket is not read, and Slack waits.
	queued = 8192
	// answerWithin leaves the rest of Slack's three seconds to the way back.
	answerWithin = 2500 * time.Millisecond
	ackWithin    = 2 * time.Second
)

// envelope is what a socket brought, and the socket to acknowledge it on.
type envelope struct {
	Envelope
	socket  *socket
	arrived time.Time
	err     error // it could not be decoded
}

// dispatcher hands envelopes to workers.
type dispatcher struct {
	bot   *Bot
	queue chan envelope
	seen  seen
	busy  sync.WaitGroup // envelopes taken and not yet acknowledged and spoken about
	aside sync.WaitGroup // what goes on beside the workers

	mu       sync.Mutex
	draining bool
	idle     int // envelopes under way, and what goes on beside, for those who wait for none
	change   chan struct{}
}

func newDispatcher(b *Bot) *dispatcher {
	return &dispatcher{bot: b, queue: make(chan envelope, queued), change: make(chan struct{}, 1)}
}

// take accepts an envelope from a socket.
func (d *dispatcher) take(e envelope) {
	d.mu.Lock()
	if d.draining {
		d.mu.Unlock()
		return // unacknowledged, so Slack delivers it elsewhere or says so
	}
	d.busy.Add(1)
	d.idle++
	d.mu.Unlock()
	d.bot.metrics.Queue.Set(float64(len(d.queue) + 1))
	d.queue <- e
}

// run works until ctx ends.
func (d *dispatcher) run(ctx context.Context) {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				select {
				case e := <-d.queue:
					d.work(ctx, e)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	wg.Wait()
	d.aside.Wait() // after the workers, which begin it
}

// beside does what belongs to an envelope and takes longer than a worker may be
// kept. It counts as under way until it is done. Only what is under way itself may
// ask for it.
func (d *dispatcher) beside(f func()) {
	d.mu.Lock()
	d.busy.Add(1)
	d.idle++
	d.mu.Unlock()
	d.aside.Go(func() {
		defer d.done()
		f()
	})
}

// drain takes no more envelopes and waits until those taken are finished, or
// ctx ends.
func (d *dispatcher) drain(ctx context.Context) {
	d.mu.Lock()
	d.draining = true
	d.mu.Unlock()
	done := make(chan struct{})
	go func() {
		d.busy.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// quiet reports whether no envelope is under way.
func (d *dispatcher) quiet() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.idle == 0
}

func (d *dispatcher) done() {
	d.busy.Done()
	d.mu.Lock()
	d.idle--
	d.mu.Unlock()
	d.bot.stirred()
}

// work answers one envelope. Whatever goes wrong, it is acknowledged: an
// unacknowledged click only tells the person that the app is broken.
func (d *dispatcher) work(ctx context.Context, e envelope) {
	defer d.done()
	log := d.bot.log.With("envelope", e.ID, "kind", e.Type)
	count := func(kind Kind, outcome string) {
		d.bot.metrics.Envelopes.WithLabelValues(string(kind), outcome).Inc()
	}
	acked := false
	ack := func(kind Kind, payload any) {
		if acked {
			return
		}
		acked = true
		d.ack(ctx, e, payload)
		d.bot.metrics.Ack.WithLabelValues(string(kind)).Observe(time.Since(e.arrived).Seconds())
	}
	in := e.Incoming
	defer func() {
		if p := recover(); p != nil {
			log.Error("a handler panicked", "panic", p, "stack", string(debug.Stack()))
			count(in.Kind, "panic")
			ack(in.Kind, nil)
		}
	}()
	if e.err != nil {
		log.Warn("an envelope could not be decoded and was acknowledged unread", "err", e.err)
		count("unknown", "undecodable")
		ack("unknown", nil)
		return
	}
	if !d.bot.identity().ours(in.TeamID) && in.Kind == Happened {
		count(in.Kind, "foreign")
		ack(in.Kind, nil)
		return
	}
	if in.Kind == Happened && in.Event.isChatter() { // nothing is looked up or remembered for it
		count(in.Kind, "ignored")
		ack(in.Kind, nil)
		return
	}
	if in.UserTeam != "" && !d.bot.identity().ours(in.UserTeam) {
		d.bot.people.outsider(in.User)
	}
	within, cancel := context.WithTimeout(ctx, answerWithin-time.Since(e.arrived))
	defer cancel()
	given, first := d.seen.first(&in, e.arrived)
	if !first {
		// A copy is answered as the first was: whoever sent both may take either
		// for the answer, and an empty one would close a form that has errors.
		count(in.Kind, "duplicate")
		ack(in.Kind, given.wait(within))
		return
	}
	out := d.answer(within, in, e.Accepts, given)
	count(in.Kind, out.outcome)
	ack(in.Kind, out.payload)
	for _, speak := range out.after {
		speak(ctx)
	}
}

// answer answers the first copy of an envelope, and lets the others know.
func (d *dispatcher) answer(ctx context.Context, in Incoming, accepts bool, given *given) (out answer) {
	defer func() { d.seen.answered(in, given, out.payload) }()
	out = d.guarded(ctx, in)
	if out.payload != nil && !(accepts && fitsAck(out.payload)) {
		out.unsent()
	}
	return out
}

// guarded answers with an apology when what is to answer panics.
func (d *dispatcher) guarded(ctx context.Context, in Incoming) (out answer) {
	defer func() {
		if p := recover(); p != nil {
			out = d.bot.sorry(in, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			out.outcome = "panic"
		}
	}()
	return d.bot.answer(ctx, in)
}

func (d *dispatcher) ack(ctx context.Context, e envelope, payload any) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackWithin)
	defer cancel()
	if err := d.bot.sockets.ack(ctx, e, payload); err != nil {
		d.bot.log.Warn("an acknowledgement was not sent", "envelope", e.ID, "err", err)
	}
}

var _ workflow.Directory = (*Bot)(nil)
