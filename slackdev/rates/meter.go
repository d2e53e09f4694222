package rates

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Call is one call, as far as it matters how often it is made.
type Call struct {
	Method  string
	Channel string // where a message is posted; for chat.postMessage alone
	Unpaged bool   // it asks for no page of a method that has pages
}

// Verdict is what Slack would say to a call. The zero value lets it through.
type Verdict struct {
	Wait time.Duration // before the method may be called again; 0 when the call is within the limit
	Why  string        // what is exceeded, a part of a sentence
}

// Over tells that the call was one too many.
func (v Verdict) Over() bool { return v.Wait > 0 }

// Usage is how often a method was called, and how often it may be.
type Usage struct {
	Method  string
	Limit   Limit
	Total   int // since the start, those that were refused too
	Minute  int // within the last minute, as it counts against the limit
	Highest int // the same at its highest
	Over    int // how many were more than Slack allows
	Limited int // how many of these were refused
}

// Meter counts calls. It may be used from many goroutines; its zero value is
// ready.
type Meter struct {
	mu      sync.Mutex
	methods map[string]*counted
}

type counted struct {
	limit    Limit
	minute   window
	channels map[string]*window
	total    int
	over     int
	limited  int
}

// Count counts a call and says whether it is one too many. With enforce such a
// call is one that Slack refuses: it does not count against the limit.
func (m *Meter) Count(now time.Time, c Call, enforce bool) Verdict {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.of(c.Method)
	k.total++
	cost := 1
	if c.Unpaged && k.limit.Pages {
		cost = 2
	}
	v := k.judge(now, c, cost)
	if v.Over() {
		k.over++
		if enforce {
			k.limited++
			return v
		}
	}
	k.minute.add(now, cost)
	if k.limit.Channel {
		k.channel(now, c.Channel).add(now, 1)
	}
	return v
}

func (m *Meter) of(method string) *counted {
	if m.methods == nil {
		m.methods = map[string]*counted{}
	}
	k := m.methods[method]
	if k == nil {
		k = &counted{limit: Of(method), minute: window{span: time.Minute}, channels: map[string]*window{}}
		m.methods[method] = k
	}
	return k
}

func (k *counted) judge(now time.Time, c Call, cost int) Verdict {
	var v Verdict
	if n := k.limit.PerMinute; n > 0 {
		if wait := k.minute.wait(now, cost, n); wait > 0 {
			v = Verdict{wait, fmt.Sprintf("more than %d calls a minute", n)}
		}
	}
	if k.limit.Channel {
		if wait := k.channel(now, c.Channel).wait(now, 1, postingPerChannel); wait > v.Wait {
			v = Verdict{wait, "more than a message a second in " + c.Channel}
		}
	}
	return v
}

// manyChannels is when channels in which nothing happens any more are forgotten.
const manyChannels = 500

func (k *counted) channel(now time.Time, name string) *window {
	w := k.channels[name]
	if w == nil {
		if len(k.channels) >= manyChannels {
			for n, old := range k.channels {
				if old.turn(now); old.sum == 0 {
					delete(k.channels, n)
				}
			}
		}
		w = &window{span: postingPerChannel * time.Second}
		k.channels[name] = w
	}
	return w
}

// Usage lists the methods that were called, by name.
func (m *Meter) Usage(now time.Time) []Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := make([]Usage, 0, len(m.methods))
	for name, k := range m.methods {
		k.minute.turn(now)
		list = append(list, Usage{name, k.limit, k.total, k.minute.sum, k.minute.highest, k.over, k.limited})
	}
	slices.SortFunc(list, func(a, b Usage) int { return cmp.Compare(a.Method, b.Method) })
	return list
}
