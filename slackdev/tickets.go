package slackdev

import (
	"sync"
	"time"
)

// This file keeps the tickets of apps.connections.open. Each is good for one
// connection, within a minute of real time: it is a connection that is awaited,
// and the workspace's clock may leap meanwhile.

const (
	ticketLife  = time.Minute
	keepTickets = 256
)

type ticketBook struct {
	mu      sync.Mutex
	made    map[string]time.Time
	order   []string // oldest first, the used ones too
	refused bool     // Socket Mode is switched off
}

func newTicketBook() *ticketBook { return &ticketBook{made: map[string]time.Time{}} }

// issue notes a ticket; the oldest are forgotten when there are many.
func (b *ticketBook) issue(ticket string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.made[ticket] = time.Now()
	b.order = append(b.order, ticket)
	if len(b.order) > keepTickets {
		delete(b.made, b.order[0])
		b.order = b.order[1:]
	}
}

// redeem takes a ticket.
func (b *ticketBook) redeem(ticket string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	made, ok := b.made[ticket]
	delete(b.made, ticket)
	return ok && time.Since(made) <= ticketLife
}

// refuse has apps told that they may have no ticket.
func (b *ticketBook) refuse(v bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = v
}

func (b *ticketBook) refuses() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refused
}
