package partnercenter

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// withdraw takes back what a build did.
func (w *world) withdraw(o images.Offer, v Version) images.Progress {
	w.Helper()
	p, err := w.drive(back, w.work("b1", "withdraw"), o, v)
	if err != nil {
		w.Fatalf("withdraw: %v", err)
	}
	return p
}

// Whenever it is given up, nothing of it stays in the draft, nothing else is touched, and
// nothing arrives afterwards.
func TestWithdrawAtEachPoint(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 3, 4, 6, 9} {
		for _, forgotten := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d/%t", n, forgotten), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.SetTimes(func(t *ingestsim.Times) { t.Preview = 30 * time.Minute })
				v := ours("18.2.0", func(v *Version) { v.Hides, v.Texts = 1, workflow.Texts{Title: "Another title"} })
				theirs := ours("18.1.9")
				w.AddDraftVersion(offer, plan, ingestsim.Version{Number: theirs.Number})
				before := w.product().Draft
				k := w.work("b1", "preview")
				for range n {
					k.Now = w.clock.now()
					p, err := w.Preview(t.Context(), k, images.Offer{}, v)
					if err != nil {
						t.Fatal(err)
					}
					k.Memory, k.Ref = p.Memory, p.Ref
					if p.Done {
						break
					}
					w.clock.add(p.Again)
				}
				o := images.Offer{Previewed: k.Ref}
				if forgotten {
					o.Previewed = ""
				}
				w.clock.add(2 * time.Minute) // what is under way may land still
				w.withdraw(o, v)
				w.clock.add(5 * time.Hour)
				after := w.product().Draft
				for id, was := range before.Resources {
					if is := after.Resources[id]; string(raw(was)) != string(raw(is)) {
						t.Errorf("%s was %s\nand is %s", id, raw(was), raw(is))
					}
				}
				if got := w.numbers(w.product().Live); got != "18.1.0 18.1.1" {
					t.Errorf("live has %s", got)
				}
				w.sound()
				// Another build is not in its way.
				q := w.preview(ours("18.3.0"))
				if !strings.Contains(w.numbers(w.product().Preview), "18.3.0") || q.Ref == "" {
					t.Errorf("it is %+v", q)
				}
			})
		}
	}
}

func TestWithdrawCancelsItsJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	k := w.work("b1", "preview")
	for !strings.HasPrefix(k.Ref, jobRef) {
		k.Now = w.clock.now()
		p, err := w.Preview(t.Context(), k, images.Offer{}, v)
		if err != nil {
			t.Fatal(err)
		}
		k.Memory, k.Ref = p.Memory, p.Ref
		w.clock.add(time.Second)
	}
	w.Inject("configure-cancel", 1, true, ingestsim.Fault{Drop: true})
	w.withdraw(images.Offer{Previewed: k.Ref}, v)
	if j := w.State().Jobs; len(j) != 1 || j[0].Result != "cancelled" {
		t.Errorf("jobs: %+v", j)
	}
	if got := w.numbers(w.product().Draft); got != "18.1.0 18.1.1" {
		t.Errorf("the draft has %s", got)
	}
}

func TestWithdrawWhatIsOnItsWayToCustomers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	p := w.preview(v)
	k := w.work("b1", "submit")
	for range 5 {
		k.Now = w.clock.now()
		q, err := w.Submit(t.Context(), k, images.Offer{Previewed: p.Ref}, v)
		if err != nil {
			t.Fatal(err)
		}
		k.Memory, k.Ref = q.Memory, q.Ref
		w.clock.add(q.Again)
	}
	q := w.withdraw(images.Offer{Previewed: p.Ref, Submitted: k.Ref}, v)
	if q.Note != "the version 18.2.0 is live, so it stays" {
		t.Errorf("it says %q", q.Note)
	}
	w.once(v)
	// And once it is refused, it is taken out.
	v = ours("18.3.0")
	p = w.preview(v)
	w.RefuseLive("The terms have expired.")
	_, err := w.drive(toLive, w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v)
	fault(t, err, images.Rejected)
	q = w.withdraw(images.Offer{Previewed: p.Ref, Submitted: p.Ref}, v)
	if got := w.numbers(w.product().Draft); got != "18.1.0 18.1.1 18.2.0" || !strings.Contains(q.Note, "the preview shows it until") {
		t.Errorf("the draft has %s; it says %q", got, q.Note)
	}
	// Nobody can make it go live any more by what we do.
	w.live(ours("18.4.0"), w.preview(ours("18.4.0")).Ref)
	if got := w.numbers(w.product().Live); got != "18.1.0 18.1.1 18.2.0 18.4.0" {
		t.Errorf("live has %s", got)
	}
	w.sound()
}

func TestWithdrawWaitsForOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	p := w.preview(v)
	w.AddForeignSubmission(offer, "preview", 3*time.Hour)
	w.withdraw(images.Offer{Previewed: p.Ref}, v)
	if got := w.numbers(w.product().Draft); got != "18.1.0 18.1.1" {
		t.Errorf("the draft has %s", got)
	}
	// What there never was is done, and so is what cannot be; also while others' goes on.
	w.AddForeignSubmission(offer, "live", 4*24*time.Hour)
	begun := w.clock.now()
	w.withdraw(images.Offer{}, ours("19.0.0"))
	w.withdraw(images.Offer{}, ours("19.0.0", func(v *Version) { v.Plan = "none" }))
	w.withdraw(images.Offer{}, ours(""))
	if waited := w.clock.now().Sub(begun); waited > time.Hour {
		t.Errorf("it takes %s", waited)
	}
	w.sound()
}

func TestWithdrawTwice(t *testing.T) {
	t.Parallel()
	for _, between := range []time.Duration{0, 20 * time.Second, 3 * time.Minute} {
		w := newWorld(t)
		v := ours("18.2.0")
		p := w.preview(v)
		if _, err := w.drive(w.twice(back, between), w.work("b1", "withdraw"), images.Offer{Previewed: p.Ref}, v); err != nil {
			t.Fatal(err)
		}
		if got := w.numbers(w.product().Draft); got != "18.1.0 18.1.1" {
			t.Errorf("the draft has %s", got)
		}
		for _, after := range []bool{false, true} {
			w := newWorld(t)
			p := w.preview(v)
			w.Inject("configure", 1, after, ingestsim.Fault{Drop: true})
			w.withdraw(images.Offer{Previewed: p.Ref}, v)
			if got := w.numbers(w.product().Draft); got != "18.1.0 18.1.1" {
				t.Errorf("the draft has %s", got)
			}
			w.sound()
		}
		w.sound()
	}
}
