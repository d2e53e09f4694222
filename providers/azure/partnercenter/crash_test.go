package partnercenter

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// counting has every call counted, and the one of a number go wrong.
func (w *world) counting(at int64, done bool, f ingestsim.Fault) {
	var n atomic.Int64
	w.OnCall(func(c ingestsim.Call, after bool) *ingestsim.Fault {
		if !after {
			n.Add(1)
		}
		if n.Load() == at && after == done {
			return &f
		}
		return nil
	})
}

// once holds the world to one preview and one publication, and nothing lost.
func (w *world) once(v Version) {
	w.Helper()
	if got := w.numbers(w.product().Live); got != "18.1.0 18.1.1 "+v.Number {
		w.Errorf("live has %s", got)
	}
	succeeded := map[string]int{}
	for _, j := range w.State().Jobs {
		succeeded[j.Target+" "+j.Result]++
	}
	if len(succeeded) != 2 || succeeded["preview succeeded"] != 1 || succeeded["live succeeded"] != 1 {
		w.Errorf("jobs: %v", succeeded)
	}
	w.sound()
}

// Whatever call goes wrong, and however, the version comes to customers, once.
func TestEveryCallMayGoWrong(t *testing.T) {
	t.Parallel()
	prepare := func(t testing.TB) *world {
		w := newWorld(t)
		w.SetTimes(func(t *ingestsim.Times) { t.Preview, t.Live = 20*time.Minute, 30*time.Minute })
		return w
	}
	v := ours("18.2.0")
	w := prepare(t)
	w.live(v, w.preview(v).Ref)
	var changing, reading []int64 // the reading calls of a kind are alike: the first few stand for all
	seen := map[string]int{}
	for i, c := range w.Calls() {
		if c.Method == "POST" {
			changing = append(changing, int64(i+1))
		} else if seen[c.Operation]++; seen[c.Operation] < 4 {
			reading = append(reading, int64(i+1))
		}
	}
	if len(changing) != 2 {
		t.Fatalf("%d calls change something", len(changing))
	}
	for _, k := range []struct {
		name  string
		at    []int64
		after bool
		fault ingestsim.Fault
	}{
		{"cut after", changing, true, ingestsim.Fault{Drop: true}},
		{"cut before", changing, false, ingestsim.Fault{Drop: true}},
		{"error after", changing, true, ingestsim.Fault{Status: 503}},
		{"error before", changing, false, ingestsim.Fault{}},
		{"refused token", changing, false, ingestsim.Fault{Status: 401, Code: "unauthorized"}},
		{"throttled", changing, false, ingestsim.Fault{Status: 429, Code: "tooManyRequests", RetryAfter: 30}},
		{"cut while reading", reading, false, ingestsim.Fault{Drop: true}},
		{"error while reading", reading, true, ingestsim.Fault{Status: 502}},
	} {
		for _, at := range k.at {
			t.Run(fmt.Sprintf("%s/%d", k.name, at), func(t *testing.T) {
				t.Parallel()
				w := prepare(t)
				w.counting(at, k.after, k.fault)
				w.live(v, w.preview(v).Ref)
				w.once(v)
			})
		}
	}
}

// A process that did not live to tell what a call gave back makes nothing twice: each call
// is made again with the memory from before it, soon or late.
func TestEveryCallIsMadeTwice(t *testing.T) {
	t.Parallel()
	for _, between := range []time.Duration{5 * time.Second, 20 * time.Second, 3 * time.Minute, 5 * time.Hour} {
		t.Run(between.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.SetTimes(func(t *ingestsim.Times) { t.Live = 4 * time.Hour })
			v := ours("18.2.0")
			p, err := w.drive(w.twice(toPreview, between), w.work("b1", "preview"), images.Offer{}, v)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = w.drive(w.twice(toLive, between), w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v); err != nil {
				t.Fatal(err)
			}
			w.once(v)
		})
	}
}

// twice is a method whose first answer is lost, every time.
func (w *world) twice(do method, between time.Duration) method {
	return func(c *Client, ctx context.Context, k images.Work, o images.Offer, v Version) (images.Progress, error) {
		if p, err := do(c, ctx, k, o, v); err != nil && !clouds.Heals(err) {
			return p, err
		}
		w.clock.add(between)
		k.Now = w.clock.now()
		return do(w.client(), ctx, k, o, v)
	}
}

// What a step remembers is lost as a whole, at every call: a new attempt finds what the
// last one has begun.
func TestEveryMemoryMayBeLost(t *testing.T) {
	t.Parallel()
	for n := 1; n < 9; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.SetTimes(func(t *ingestsim.Times) { t.Preview, t.Live = time.Hour, time.Hour })
			v := ours("18.2.0")
			calls := 0
			forgetting := func(do method) method {
				return func(c *Client, ctx context.Context, k images.Work, o images.Offer, v Version) (images.Progress, error) {
					p, err := do(c, ctx, k, o, v)
					if calls++; calls == n {
						p.Memory, p.Ref = "", ""
					}
					return p, err
				}
			}
			p, err := w.drive(forgetting(toPreview), w.work("b1", "preview"), images.Offer{}, v)
			if err != nil {
				t.Fatal(err)
			}
			calls = 0
			if _, err = w.drive(forgetting(toLive), w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v); err != nil {
				t.Fatal(err)
			}
			w.once(v)
		})
	}
}
