package bot

import (
	"context"
	"runtime/debug"
	"sync"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/workflow"
)

// homes draws Home tabs: when somebody opens theirs, and again after they act.
// Nobody else's is drawn, since nobody would see it. Drawing waits its turn
// among Slack's calls, so it has a worker of its own; what is drawn is the state
// at that moment, however often it was asked for.
type homes struct {
	bot   *Bot
	woken chan struct{}

	mu    sync.Mutex
	open  map[workflow.UserID]commands.Target // has opened it since the start, and at what they look there
	dirty map[workflow.UserID]bool            // is to be drawn
	busy  bool
}

// mostHomes bounds the memory; beyond it everybody opens theirs anew.
const mostHomes = 5000

func newHomes(b *Bot) *homes {
	return &homes{bot: b, woken: make(chan struct{}, 1), open: map[workflow.UserID]commands.Target{}, dirty: map[workflow.UserID]bool{}}
}

// opened notes that a person looks at their Home, and draws it.
func (h *homes) opened(user workflow.UserID) {
	h.mu.Lock()
	if len(h.open) >= mostHomes {
		clear(h.open)
	}
	if _, open := h.open[user]; !open {
		h.open[user] = commands.Target{}
	}
	h.mu.Unlock()
	h.acted(user)
}

// turned draws a person's Home with what they chose to look at.
func (h *homes) turned(user workflow.UserID, to commands.Target) {
	h.mu.Lock()
	h.open[user] = to
	h.mu.Unlock()
	h.acted(user)
}

// acted draws a person's Home again, if they have opened it.
func (h *homes) acted(user workflow.UserID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, open := h.open[user]; !open {
		return
	}
	h.dirty[user] = true
	select {
	case h.woken <- struct{}{}:
	default:
	}
}

// quiet reports whether no Home is to be drawn.
func (h *homes) quiet() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.dirty) == 0 && !h.busy
}

// run draws until ctx ends.
func (h *homes) run(ctx context.Context) {
	for {
		select {
		case <-h.woken:
		case <-ctx.Done():
			return
		}
		for user, ok := h.next(); ok && ctx.Err() == nil; user, ok = h.next() {
			h.draw(ctx, user)
		}
		h.bot.stirred()
	}
}

// next takes a person whose Home is to be drawn.
func (h *homes) next() (workflow.UserID, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for user := range h.dirty {
		delete(h.dirty, user)
		h.busy = true
		return user, true
	}
	h.busy = false
	return "", false
}

func (h *homes) draw(ctx context.Context, user workflow.UserID) {
	defer func() {
		if bug := recover(); bug != nil {
			h.bot.log.Error("drawing a Home tab panicked", "user", user, "panic", bug, "stack", string(debug.Stack()))
		}
	}()
	h.mu.Lock()
	at := h.open[user]
	h.mu.Unlock()
	reply, err := h.bot.desk.Do(ctx, commands.Request{User: user, Target: at})
	home := view.HomeNotice(reply.Text)
	switch {
	case err != nil:
		home = view.HomeNotice(explain(h.bot.log, err))
	case reply.Page != nil:
		home = view.PageHome(reply.Page)
	}
	err = h.bot.web.publishHome(ctx, user, home)
	if err != nil && ctx.Err() == nil {
		h.bot.log.Warn("a Home tab could not be drawn", "user", user, "err", err)
	}
	if slackError(err) == unknownMethod { // there is no Home to draw again
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.open, user)
	}
}
