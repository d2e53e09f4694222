package slackdev

import "sync"

// change is one thing that became different, in the words of the live feed.
type change struct {
	kind    string // workspace, conversations, messages, home, modals, interactions, clock, actions, faults
	channel ChannelID
	user    UserID // whose; empty means everyone's
}

// hub tells waiters and live pages that something changed. It never blocks:
// a waiter learns that there was a change, a page which kinds there were, and
// both then read the present state.
type hub struct {
	mu    sync.Mutex
	wake  chan struct{} // nil while nobody waits
	pages map[*pageFeed]struct{}
}

// pageFeed collects changes for one live page, each kind once.
type pageFeed struct {
	user    UserID
	mu      sync.Mutex
	pending map[change]struct{}
	order   []change
	signal  chan struct{}
}

func newHub() *hub { return &hub{pages: map[*pageFeed]struct{}{}} }

// wait returns a channel that is closed at the next change.
func (h *hub) wait() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.wake == nil {
		h.wake = make(chan struct{})
	}
	return h.wake
}

func (h *hub) tell(changes ...change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.wake != nil {
		close(h.wake)
		h.wake = nil
	}
	for p := range h.pages {
		for _, c := range changes {
			p.add(c)
		}
	}
}

func (h *hub) subscribe(u UserID) *pageFeed {
	p := &pageFeed{user: u, pending: map[change]struct{}{}, signal: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pages[p] = struct{}{}
	return p
}

// watches tells whether a person has a live page open.
func (h *hub) watches(u UserID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for p := range h.pages {
		if p.user == u {
			return true
		}
	}
	return false
}

func (h *hub) unsubscribe(p *pageFeed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pages, p)
}

func (p *pageFeed) add(c change) {
	if c.user != "" && c.user != p.user {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.pending[c]; ok {
		return
	}
	p.pending[c] = struct{}{}
	p.order = append(p.order, c)
	select {
	case p.signal <- struct{}{}:
	default:
	}
}

func (p *pageFeed) take() []change {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.order
	p.order = nil
	clear(p.pending)
	return out
}
