package inspector

import (
	"fmt"
	"strings"
	"time"
)

// ClockMoves notes that the workspace's clock is about to be moved; the function
// it returns, that it has been, and where to. Moves with nothing between are one
// entry.
func (r *Record) ClockMoves(from, to time.Time) (done func(at time.Time)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moved = time.Now()
	r.moving++
	if r.On() && to.After(from) {
		if m := r.move; m == nil || r.entries[len(r.entries)-1] != m {
			r.move = &entry{sent: r.moved, Interaction: Interaction{At: from, Kind: KindClock, Outcome: "ok"}}
			r.addLocked(r.move)
		}
		r.move.Name = "moved forward by " + durationWords(to.Sub(r.move.At))
		r.grownLocked(r.move, 0)
	}
	move := r.move
	return func(at time.Time) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.moving--
		r.settled = time.Now()
		if move != nil {
			move.Until = at
			r.grownLocked(move, 0)
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
