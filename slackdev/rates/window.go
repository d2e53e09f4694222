package rates

import "time"

// slots is how finely a window is cut: a minute into seconds.
const slots = 60

// window counts what happened within a span that ends now. It forgets by slots,
// so that it needs no more room for many calls than for few.
type window struct {
	span    time.Duration
	counts  [slots]int
	sum     int
	last    int64 // the number of the newest slot
	highest int   // the sum at its highest
}

func (w *window) slot() time.Duration { return w.span / slots }

// turn forgets what is older than the span.
func (w *window) turn(now time.Time) {
	n := now.UnixNano() / int64(w.slot())
	if n <= w.last {
		return // time that seems to go back counts as now
	}
	for i := max(w.last+1, n-slots+1); i <= n; i++ {
		w.sum -= w.counts[i%slots]
		w.counts[i%slots] = 0
	}
	w.last = n
}

func (w *window) add(now time.Time, n int) {
	w.turn(now)
	w.counts[w.last%slots] += n
	w.sum += n
	w.highest = max(w.highest, w.sum)
}

// wait is how long it takes until n more fit under the limit; 0 when they do.
func (w *window) wait(now time.Time, n, limit int) time.Duration {
	w.turn(now)
	left := w.sum
	if left+n <= limit {
		return 0
	}
	for i := w.last - slots + 1; i <= w.last; i++ {
		if left -= w.counts[i%slots]; left+n <= limit {
			return time.Unix(0, (i+slots)*int64(w.slot())).Sub(now)
		}
	}
	return w.span // more than ever fits
}
