package aws

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cloudimage/providers/aws/awssim"
	"cloudimage/workflow/images"
)

// Fifty builds that begin in the same second are never throttled by AWS: what would be
// too much is not asked.
func TestFiftyBuildsKeepThePace(t *testing.T) {
	t.Parallel()
	w := worldOf(t, awssim.Options{Rates: true})
	w.SetPublicImageQuota("", 1000)
	w.SetVCPULimit("", 10_000)
	w.SetChangeSetTimes(time.Minute, 2*time.Minute, 2*time.Minute)
	w.SetTimes("", func(t *awssim.Times) { t.StatusOK, t.Image, t.Copy = 30*time.Second, time.Minute, time.Minute })
	type run struct {
		order images.Order
		id    string
		steps []buildStep
		work  images.Work
		due   time.Time
	}
	base := w.look(order()).Order.Base
	var runs []*run
	for i := range 50 {
		product := fmt.Sprintf("prod-abcdefghij%03d", i)
		w.AddProduct(product, product, "x86_64", "old")
		o := order(func(o *images.Order) { o.Image, o.Product, o.Base = fmt.Sprintf("image %d", i), product, base })
		r := &run{order: o, id: fmt.Sprintf("b%d", i)}
		_, r.steps = plan(w.Cloud, o)
		r.work = w.work(&r.order, r.id, r.steps[0].name, "")
		runs = append(runs, r)
	}
	waited := 0
	for left := len(runs); left > 0; {
		left = 0
		next := w.clock.now().Add(time.Hour)
		for _, r := range runs {
			if len(r.steps) == 0 {
				continue
			}
			left++
			if !r.due.After(w.clock.now()) {
				r.work.Now = w.clock.now()
				p, err := r.steps[0].do(context.Background(), r.work)
				var f *images.Fault
				switch {
				case errors.As(err, &f) && f.Class == images.Throttled && f.After > 0:
					waited++
					r.due = w.clock.now().Add(f.After)
				case err != nil:
					t.Fatalf("%s of %s: %v", r.steps[0].name, r.id, err)
				case p.Done:
					if r.steps[0].ref != nil {
						r.steps[0].ref(p.Ref)
					}
					if r.steps = r.steps[1:]; len(r.steps) > 0 {
						r.work = w.work(&r.order, r.id, r.steps[0].name, r.steps[0].region)
					}
				default:
					r.work.Ref, r.work.Memory, r.due = p.Ref, p.Memory, w.clock.now().Add(p.Again)
				}
			}
			if r.due.Before(next) {
				next = r.due
			}
		}
		if d := next.Sub(w.clock.now()); d > 0 && left > 0 {
			w.clock.add(d)
		}
	}
	for _, c := range w.Calls() {
		if c.Error == "RequestLimitExceeded" || c.Error == "ThrottlingException" {
			t.Fatalf("%s:%s was throttled", c.Service, c.Operation)
		}
	}
	if waited == 0 {
		t.Error("there was never anything to wait for, so nothing was shown")
	}
	versions := 0
	for _, p := range w.State().Products {
		for _, v := range p.Versions {
			if v.Title == "EE 18.3.1 Release" {
				versions++
			}
		}
	}
	if versions != 50 || w.region(away).PublicImages != 50 {
		t.Errorf("%d versions, %d public images", versions, w.region(away).PublicImages)
	}
	t.Logf("%d calls, %d times waited", w.Calls()[len(w.Calls())-1].Seq, waited)
}

func TestPaceIsBelowWhatIsAllowed(t *testing.T) {
	t.Parallel()
	p, now := newPace(), time.Date(2033, 11, 2, 9, 0, 0, 0, time.UTC)
	made := 0
	for range 10_000 { // ten seconds
		if p.take(startChangeSet, market, 1, now) == 0 {
			made++
		}
		now = now.Add(time.Millisecond)
	}
	if made < 40 || made > 45 {
		t.Errorf("%d calls in ten seconds", made)
	}
	if p.take(startChangeSet, "eu-west-1", 1, now) != 0 {
		t.Error("another region pays for it")
	}
	p.take(protect, home, 1, now)
	for n := range 3 { // each for a token of its own
		if d := p.take(protect, home, 1, now).Seconds(); d < 12*float64(n+1) || d > 13*float64(n+1) {
			t.Errorf("it waits %f", d)
		}
	}
}
