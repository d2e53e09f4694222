package bot

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// Shown is what the publisher needs of the store: the messages that are behind,
// and a place to note what became of them. See the store package for the
// promises.
type Shown interface {
	Pending(ctx context.Context, limit int) ([]store.Message, error)
	Attempt(ctx context.Context, m store.Message) (bool, error)
	Posted(ctx context.Context, id store.MessageID, channel workflow.ChannelID, ts string, d store.Drawn, news int64) error
	Shown(ctx context.Context, id store.MessageID, d store.Drawn) error
	Failed(ctx context.Context, id store.MessageID, retryAt time.Time, reason string) error
	Lost(ctx context.Context, id store.MessageID, retryAt time.Time, reason string) error
	Release(ctx context.Context, channel workflow.ChannelID) error
	Recalled(ctx context.Context, id store.MessageID) error
}

// publisher brings messages up to date. The rules are:
//
//   - What is sent is drawn from the run as it is at the moment of sending, and
//     never kept: a retry draws anew.
//   - One message is drawn by one worker at a time, at once and then no sooner
//     than drawEvery after the last call for it, so that a burst of changes
//     costs a few calls.
//   - Before a message is posted, the attempt is on disk. When its outcome is
//     not known it is looked for before it is posted again.
//   - The stories of a run are told one after the other, as they happened.
//   - Nothing is remembered in memory that a crash may lose: what is behind is
//     found by a look into the store each second.
type publisher struct {
	bot   *Bot
	every time.Duration
	began time.Time
	woken chan struct{}
	slots chan struct{}

	mu      sync.Mutex
	drawn   map[store.MessageID]time.Time // when a call for it ended
	held    map[store.MessageID]time.Time // not before then, after a passing failure
	flying  map[store.MessageID]bool
	telling map[workflow.RunID]bool // a story of that run is being told
	looking bool
	clear   bool // the last look found nothing to do now
}

const (
	drawEvery = 500 * time.Millisecond
	lookEvery = time.Second
	drawers   = 8
	atATime   = 256
	// looks is how often at most it is looked within drawEvery.
	looks = 50
	// aftermath is how long after a start a post that the last process had begun
	// is left alone: it may be on its way still, and not to be found yet.
	aftermath = 2 * time.Second
)

func newPublisher(b *Bot, every time.Duration) *publisher {
	return &publisher{
		bot: b, every: every, began: time.Now(),
		woken: make(chan struct{}, 1), slots: make(chan struct{}, drawers),
		drawn: map[store.MessageID]time.Time{}, held: map[store.MessageID]time.Time{}, flying: map[store.MessageID]bool{},
		telling: map[workflow.RunID]bool{},
	}
}

// wake asks for a look. It never waits.
func (p *publisher) wake() {
	p.mu.Lock()
	p.clear = false
	p.mu.Unlock()
	select {
	case p.woken <- struct{}{}:
	default:
	}
}

// run draws until ctx ends, and then waits for what is being sent.
func (p *publisher) run(ctx context.Context) {
	var sending sync.WaitGroup
	defer sending.Wait()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	soon := time.NewTimer(0)
	defer soon.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.woken:
		case <-tick.C:
		case <-soon.C:
		}
		if again := p.look(ctx, &sending); again > 0 {
			soon.Reset(again)
		}
		// What many commits leave behind is looked at together: a look costs about
		// as much as a click.
		pause(ctx, p.every/looks)
	}
}

// look starts a drawing for each message that is behind and may be drawn now,
// and says how soon the next one may, 0 for none.
func (p *publisher) look(ctx context.Context, sending *sync.WaitGroup) (again time.Duration) {
	p.mu.Lock()
	p.looking, p.clear = true, true // clear, unless something asks for another look meanwhile
	// What is read of a message that is being drawn is over by the time it lands.
	// It is looked at again then.
	aloft := maps.Clone(p.flying)
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.looking = false
		p.mu.Unlock()
		p.bot.stirred()
	}()
	behind, err := p.bot.options.Shown.Pending(ctx, atATime)
	if err != nil {
		if ctx.Err() == nil {
			p.bot.log.Error("messages to draw could not be read", "err", err)
		}
		return lookEvery
	}
	now := time.Now()
	told := map[workflow.RunID]bool{} // of which a story is on its way
	for _, m := range inOrder(behind) {
		if m.Kind == store.Story {
			if told[m.Run] {
				continue // it is looked at again when the one before it lands
			}
			told[m.Run] = true
		}
		if aloft[m.ID] {
			continue
		}
		wait := p.mayDraw(m, now)
		if wait == busy {
			continue
		}
		if wait > 0 {
			if again == 0 || wait < again {
				again = wait
			}
			continue
		}
		select {
		case p.slots <- struct{}{}:
		case <-ctx.Done():
			return 0
		}
		sending.Go(func() {
			defer func() { <-p.slots }()
			p.draw(context.WithoutCancel(ctx), m)
			p.landed(m)
		})
	}
	p.forget(now)
	return again
}

// inOrder puts stories last, and those of a run into the order in which they
// happened: a thread is read from the top.
func inOrder(behind []store.Message) []store.Message {
	slices.SortStableFunc(behind, func(a, b store.Message) int {
		switch aTold, bTold := a.Kind == store.Story, b.Kind == store.Story; {
		case aTold && bTold:
			return cmp.Or(cmp.Compare(a.Run, b.Run), cmp.Compare(a.Seq, b.Seq))
		case aTold:
			return 1
		case bTold:
			return -1
		}
		return 0
	})
	return behind
}

const busy time.Duration = -1

// mayDraw claims a message, or says how long it has to wait.
func (p *publisher) mayDraw(m store.Message, now time.Time) time.Duration {
	id := m.ID
	p.mu.Lock()
	defer p.mu.Unlock()
	if wait := p.began.Add(aftermath).Sub(now); wait > 0 && !m.Attempted.IsZero() {
		p.clear = false
		return wait
	}
	if p.flying[id] || m.Kind == store.Story && p.telling[m.Run] {
		return busy // it is looked at again when that lands
	}
	if at, ok := p.held[id]; ok && now.Before(at) {
		return at.Sub(now)
	}
	if at, ok := p.drawn[id]; ok {
		if wait := p.every - now.Sub(at); wait > 0 {
			p.clear = false // it is only a moment: whoever waits for quiet waits
			return wait
		}
	}
	p.flying[id] = true
	if m.Kind == store.Story {
		p.telling[m.Run] = true
	}
	p.clear = false
	return 0
}

func (p *publisher) landed(m store.Message) {
	p.mu.Lock()
	delete(p.flying, m.ID)
	if m.Kind == store.Story {
		delete(p.telling, m.Run)
	}
	p.mu.Unlock()
	p.wake()
	p.bot.stirred()
}

func (p *publisher) called(id store.MessageID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drawn[id] = time.Now()
}

func (p *publisher) hold(id store.MessageID, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held[id] = time.Now().Add(wait)
}

// forget drops what no longer holds anything back.
func (p *publisher) forget(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, at := range p.drawn {
		if now.Sub(at) > p.every {
			delete(p.drawn, id)
		}
	}
	for id, at := range p.held {
		if now.After(at) {
			delete(p.held, id)
		}
	}
}

// quiet reports whether nothing is being drawn and nothing is to be drawn now.
func (p *publisher) quiet() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.clear && !p.looking && len(p.flying) == 0 && len(p.woken) == 0
}

// draw brings one message up to date. A panic costs this message a minute, and
// not everybody the bot.
func (p *publisher) draw(ctx context.Context, m store.Message) {
	log := p.bot.log.With("message", m.ID)
	defer func() {
		if bug := recover(); bug != nil {
			log.Error("drawing a message panicked", "panic", bug, "stack", string(debug.Stack()))
			p.hold(m.ID, time.Minute)
		}
	}()
	d, err := p.drawing(ctx, m)
	if errors.Is(err, errNotYet) {
		return
	}
	if err != nil {
		log.Error("what is to be drawn could not be read", "err", err)
		p.hold(m.ID, lookEvery)
		return
	}
	outcome := "updated"
	switch {
	case d.gone:
		outcome, err = "recalled", p.recall(ctx, m)
	case d.kept:
		outcome, err = "unchanged", p.bot.options.Shown.Shown(ctx, m.ID, store.Drawn{Version: d.version, Digest: m.Digest})
	case m.TS == "" || m.HasNews():
		outcome, err = "posted", p.post(ctx, m, d)
	case m.Digest == d.Digest():
		outcome, err = "unchanged", p.bot.options.Shown.Shown(ctx, m.ID, d.drawn())
	default:
		err = p.update(ctx, m, d)
	}
	if err != nil {
		outcome = "failed"
		log.Warn("a message could not be brought up to date; it will be tried again", "about", d.name, "err", err)
	}
	p.bot.metrics.Drawn.WithLabelValues(string(m.Kind), outcome).Inc()
}

func (p *publisher) update(ctx context.Context, m store.Message, d drawing) error {
	err := p.bot.web.update(ctx, string(m.Channel), m.TS, d.Message)
	if isRejected(err) {
		p.bot.log.Error("Slack rejected a drawing; showing it as text", "message", m.ID, "err", err)
		err = p.bot.web.update(ctx, string(m.Channel), m.TS, d.Plain())
	}
	p.called(m.ID)
	switch code := slackError(err); {
	case err == nil:
		return p.bot.options.Shown.Shown(ctx, m.ID, d.drawn())
	case code == "message_not_found" || code == "cant_update_message":
		// Somebody deleted it. Posting it anew is the only way to show the run.
		return p.bot.options.Shown.Posted(ctx, m.ID, m.Channel, "", store.Drawn{}, m.Posted)
	}
	return p.failed(ctx, m, d, err)
}

// isRejected reports whether Slack does not take the blocks; it takes the text.
func isRejected(err error) bool {
	switch slackError(err) {
	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "block_mismatch":
		return true
	}
	return false
}
