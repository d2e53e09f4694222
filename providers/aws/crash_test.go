package aws

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// counting has every call counted, and the one of a number go wrong.
func (w *world) counting(at int64, done bool, f awssim.Fault) *atomic.Int64 {
	var n atomic.Int64
	w.OnCall(func(c awssim.Call, after bool) *awssim.Fault {
		if !after {
			n.Add(1)
		}
		if n.Load() == at && after == done {
			return &f
		}
		return nil
	})
	return &n
}

// Whatever call goes wrong, and however, the build comes to its end, and everything is
// made once. A lost answer and a process that did not live to tell are the same to
// the method: it is called again with what it gave back before.
func TestEveryCallMayGoWrong(t *testing.T) {
	t.Parallel()
	prepare := func(t testing.TB) *world {
		w := newWorld(t, func(o *Options) { o.Share = []string{"679593333241"} })
		w.SetBlockPublicAccess("", "block-new-sharing", "account")
		w.SetChangeSetTimes(time.Minute, time.Minute, time.Minute)
		w.SetTimes("", func(t *awssim.Times) {
			t.StatusOK, t.Online, t.Image, t.Copy, t.BlockPublicAccess = 10*time.Second, 5*time.Second, 30*time.Second, 30*time.Second, 20*time.Second
		})
		return w
	}
	w := prepare(t)
	o := w.look(order()).Order // the ids of the stand-in's base images are always the same
	before := len(w.Calls())
	if _, err := w.build(w.Cloud, o, "b1"); err != nil {
		t.Fatal(err)
	}
	var changing, reading []int64 // the reading calls of a kind are alike: the first stands for all
	seen := map[string]bool{}
	for i, c := range w.Calls()[before:] {
		switch kind := c.Operation + c.Region; {
		case !strings.HasPrefix(c.Operation, "Describe") && !strings.HasPrefix(c.Operation, "Get") && !strings.HasPrefix(c.Operation, "List"):
			changing = append(changing, int64(i+1))
		case !seen[kind]:
			seen[kind] = true
			reading = append(reading, int64(i+1))
		}
	}
	kinds := []struct {
		name  string
		at    []int64
		after bool
		fault awssim.Fault
	}{
		{"cut after", changing, true, awssim.Fault{Drop: true}},
		{"cut before", changing, false, awssim.Fault{Drop: true}},
		{"internal error after", changing, true, awssim.Fault{Status: 500, Code: "InternalError", Message: "An internal error has occurred"}},
		{"throttled", changing, false, awssim.Fault{Status: 503, Code: "RequestLimitExceeded", Message: "Request limit exceeded."}},
		{"cut while reading", reading, true, awssim.Fault{Drop: true}},
	}
	if testing.Short() {
		kinds = kinds[:1]
	}
	for _, k := range kinds {
		for i, at := range k.at {
			if k.fault.Code != "" && i%3 > 0 { // much like a cut: some will do
				continue
			}
			t.Run(fmt.Sprintf("%s/%d", k.name, at), func(t *testing.T) {
				t.Parallel()
				w := prepare(t)
				w.counting(at, k.after, k.fault)
				r, err := w.build(w.Cloud, o, "b1")
				if err != nil {
					t.Fatal(err)
				}
				w.once(r, o)
			})
		}
	}
}

// A process that forgets what each first call gave back does not make anything twice:
// each call is made again with the memory from before it.
func TestEveryCallIsMadeTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetBlockPublicAccess("", "block-new-sharing", "account")
	o := w.look(order()).Order
	r, steps := plan(w.Cloud, o)
	for _, s := range steps {
		twice := func(ctx context.Context, k images.Work) (images.Progress, error) {
			if _, err := s.do(ctx, k); err != nil && !clouds.Heals(err) {
				return images.Progress{}, err
			}
			w.clock.add(5 * time.Second)
			k.Now = w.clock.now()
			return s.do(ctx, k)
		}
		p, err := w.drive(w.work(&o, "b1", s.name, s.region), twice)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if s.ref != nil {
			s.ref(p.Ref)
		}
	}
	w.once(*r, o)
}
