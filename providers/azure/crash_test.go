package azure

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// counting has every call of Resource Manager counted, and the one of a number go
// wrong.
func (w *world) counting(at int64, done bool, f azuresim.Fault) *atomic.Int64 {
	var n atomic.Int64
	w.OnCall(func(c azuresim.Call, after bool) *azuresim.Fault {
		if c.Action == "" { // for a token
			return nil
		}
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

func makes(c azuresim.Call) bool { return c.Method != http.MethodGet }

// quick lets everything end soon.
func quick(t testing.TB) *world {
	w := newWorld(t)
	w.SetTimes("", func(t *azuresim.Times) {
		t.Create, t.Agent, t.PowerOff, t.Deallocate, t.Delete, t.DeleteGroup = 5*time.Second, 5*time.Second, 5*time.Second, 5*time.Second, 5*time.Second, 5*time.Second
		t.Image, t.Capture, t.Replicate, t.Deliver = 10*time.Second, 10*time.Second, 10*time.Second, 5*time.Second
	})
	// Offers have a test bench of their own.
	return w
}

// Whatever call goes wrong, and however, the build comes to its end, and everything is
// made once. A lost answer and a process that did not live to tell are the same to
// the method: it is called again with what it gave back before.
func TestEveryCallMayGoWrong(t *testing.T) {
	t.Parallel()
	w := quick(t)
	o := w.look(w.order(private)).Order // offers have a bench of their own; the versions of the stand-in's base images are always the same
	before := len(w.Calls())
	if _, err := w.build(w.Cloud, o, "b1"); err != nil {
		t.Fatal(err)
	}
	var changes, reads []int64 // the reading calls of a kind are alike: the first stands for all
	seen, n := map[string]bool{}, int64(0)
	for _, c := range w.Calls()[before:] {
		if c.Action == "" {
			continue
		}
		n++
		switch {
		case makes(c):
			changes = append(changes, n)
		case !seen[c.Operation]:
			seen[c.Operation] = true
			reads = append(reads, n)
		}
	}
	if len(changes) < 18 || len(reads) < 8 {
		t.Fatalf("of %d calls %d change something, and there are %d kinds that read", n, len(changes), len(reads))
	}
	kinds := []struct {
		name  string
		at    []int64
		after bool
		fault azuresim.Fault
	}{
		{"cut after", changes, true, azuresim.Fault{Drop: true}},
		{"cut before", changes, false, azuresim.Fault{Drop: true}},
		{"internal error after", changes, true, azuresim.Fault{Status: 500, Code: "InternalServerError", Message: "An internal error has occurred"}},
		{"busy", changes, false, azuresim.Fault{Status: 409, Code: "AnotherOperationInProgress", Message: "Another operation is in progress."}},
		{"throttled", changes, false, azuresim.Fault{Status: 429, Code: "TooManyRequests", Message: "Too many.", RetryAfter: 17 * time.Second}},
		{"cut while reading", reads, true, azuresim.Fault{Drop: true}},
		{"token refused", append(slices.Clone(changes), reads...), false, azuresim.Fault{Status: 401, Code: "ExpiredAuthenticationToken", Message: "The access token expiry UTC time is earlier than current UTC time."}},
	}
	if testing.Short() {
		kinds = kinds[:1]
	}
	for i, k := range kinds {
		for j, at := range k.at {
			if i > 1 && (i+j)%4 > 0 { // much like a cut: some will do
				continue
			}
			t.Run(fmt.Sprintf("%s/%d", k.name, at), func(t *testing.T) {
				t.Parallel()
				w := quick(t)
				w.counting(at, k.after, k.fault)
				r, err := w.build(w.Cloud, o, "b1")
				if err != nil {
					t.Fatal(err)
				}
				w.OnCall(nil)
				w.once(r, o)
			})
		}
	}
}

// A process that forgets what each call gave back does not make anything twice: each
// call is made again with the memory from before it.
func TestEveryCallIsMadeTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.look(w.order()).Order
	r, steps := w.plan(func() *Cloud { return w.Cloud }, o)
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

// What a step remembers may be lost, operations may be forgotten by Azure, tokens may
// end, and another process may go on: it comes to the same.
func TestWhatIsForgotten(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(*world, *Cloud, *images.Work) *Cloud{
		"operations": func(w *world, c *Cloud, _ *images.Work) *Cloud { w.ForgetOperations(); return c },
		"tokens":     func(w *world, c *Cloud, _ *images.Work) *Cloud { w.ExpireTokens(); return c },
		"processes":  func(w *world, _ *Cloud, _ *images.Work) *Cloud { return w.cloud() },
		"memory": func(_ *world, c *Cloud, k *images.Work) *Cloud {
			if k.Key != "b1.preview.1" && k.Key != "b1.submit.1" && k.Key[:len("b1.remove")] != "b1.remove" { // which look twice, and remember that
				k.Memory = ""
			}
			return c
		},
		"all of a step": func(_ *world, c *Cloud, k *images.Work) *Cloud {
			switch k.Key {
			case "b1.launch-builder.1", "b1.stop.1", "b1.capture.eastus.1", "b1.copy.westeurope.1", "b1.install.1":
				k.Memory, k.Ref = "", ""
			}
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.look(w.order()).Order
			c := w.Cloud
			r, steps := w.plan(func() *Cloud { return c }, o)
			for _, s := range steps {
				p, err := w.drive(w.work(&o, "b1", s.name, s.region), s.do, func(k *images.Work) { c = forget(w, c, k) })
				if err != nil {
					t.Fatalf("%s: %v", s.name, err)
				}
				if s.ref != nil {
					s.ref(p.Ref)
				}
			}
			w.once(*r, o)
		})
	}
}
