package socketmode

import (
	"slices"
	"time"
)

// Info is one of the app's open sockets at one moment.
type Info struct {
	// Number counts the sockets from 1, in the order in which
	// they were opened.
	Number int `json:"number"`
	// Opened is when the socket was opened, by the workspace's clock.
	Opened time.Time `json:"opened"`
	// Sent is how many envelopes went to it, copies and repetitions too.
	Sent int `json:"sent"`
	// Acked is how many of the app's acks came by it in time.
	Acked int `json:"acked"`
	// Queued is how many frames are not yet written to it.
	Queued int `json:"queued"`
	// Unacked is how many envelopes of it the app still has time to ack.
	Unacked int `json:"unacked"`
	// OldestUnackedMS is for how long the oldest of them has waited, in
	// milliseconds of real time.
	OldestUnackedMS float64 `json:"oldest_unacked_ms"`
	// Warned tells that the socket will be closed within ten seconds.
	Warned bool `json:"warned"`
}

// Infos lists the app's open sockets, oldest first.
func (s *Sockets) Infos() []Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	out := make([]Info, len(s.open))
	for i, k := range s.open {
		out[i] = k.info()
	}
	for _, p := range s.pending {
		age := float64(now.Sub(p.at).Microseconds()) / 1000
		for i, k := range s.open {
			if slices.Contains(p.sentTo, k) {
				out[i].Unacked++
				out[i].OldestUnackedMS = max(out[i].OldestUnackedMS, age)
			}
		}
	}
	return out
}

func (k *Socket) info() Info {
	k.mu.Lock()
	defer k.mu.Unlock()
	return Info{Number: k.number, Opened: k.at, Sent: k.sent, Acked: k.acked, Queued: len(k.waiting), Warned: k.timer != nil}
}
