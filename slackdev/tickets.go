package slackdev

import "time"

// This file keeps the tickets of apps.connections.open. Each is good for one
// connection, within a minute of real time: it is a connection that is awaited,
// and the workspace's clock may leap meanwhile.

const (
	ticketLife  = time.Minute
	keepTickets = 256
)

type ticketBook struct {
	made  map[string]time.Time
	order []string // oldest first, the used ones too
}

func newTicketBook() ticketBook { return ticketBook{made: map[string]time.Time{}} }

// issue notes a ticket; the oldest are forgotten when there are many.
func (s *socketSet) issue(ticket string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &s.tickets
	b.made[ticket] = time.Now()
	b.order = append(b.order, ticket)
	if len(b.order) > keepTickets {
		delete(b.made, b.order[0])
		b.order = b.order[1:]
	}
}

// redeem takes a ticket.
func (s *socketSet) redeem(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, ok := s.tickets.made[ticket]
	delete(s.tickets.made, ticket)
	return ok && time.Since(made) <= ticketLife
}
