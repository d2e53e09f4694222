package partnercenter

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

func TestCertificationThatFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	w.FailCertification("SSH host keys were found.", "The shell history is not empty.")
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, v)
	f := fault(t, err, images.Findings)
	if !slices.Equal(f.Findings, []string{"SSH host keys were found.", "The shell history is not empty."}) || !strings.Contains(f.Said, "did not pass certification (invalidState, submission/") || f.Link == "" {
		t.Errorf("%+v", f)
	}
	// Another attempt begins anew, and takes nothing of the last one for its own.
	p := w.preview(v)
	w.FailCertification("It is not patched.")
	_, err = w.drive(toLive, w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v)
	fault(t, err, images.Findings)
	w.RefuseLive("The offer's terms have expired.")
	_, err = w.drive(toLive, w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v)
	if f := fault(t, err, images.Rejected); !strings.Contains(f.Said, "The offer's terms have expired (businessValidationError") {
		t.Errorf("%+v", f)
	}
	w.live(v, p.Ref)
	w.sound()
}

func TestJobsThatFail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	w.NextServerFault()
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, v)
	fault(t, err, images.TheirFault)
	_, err = w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0", func(v *Version) { v.Plan = "none" }))
	if f := fault(t, err, images.NoProduct); f.What != "gitlab/none" {
		t.Errorf("%+v", f)
	}
	_, err = w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0", func(v *Version) { v.Offer = "none" }))
	fault(t, err, images.NoProduct)
	for _, edit := range []func(*Version){
		func(v *Version) { v.Number = "18.2" }, func(v *Version) { v.ImageType = "x86" }, func(v *Version) { v.TenantID = "" },
		func(v *Version) { v.ResourceID = "gallery/ee/18.2.0" }, func(v *Version) { v.Plan = "" },
	} {
		_, err = w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0", edit))
		fault(t, err, images.Invalid)
	}
	p := w.preview(v)
	w.live(v, p.Ref)
	w.sound()
}

// Somebody cancels a job of ours, by its id.
func TestJobThatSomebodyCancels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0"), func(p images.Progress) {
		if id, ok := strings.CutPrefix(p.Ref, jobRef); ok {
			if err := w.post(context.Background(), jobRef+id+"/cancel", nil, &status{}); err != nil {
				t.Error(err)
			}
		}
	})
	fault(t, err, images.Cancelled)
}

func TestSomebodyElsesSubmission(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"preview", "live"} {
		w := newWorld(t)
		id := w.AddForeignSubmission(offer, target, 3*time.Hour)
		begun := w.clock.now()
		_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0"))
		f := fault(t, err, images.Foreign)
		if f.What != "" || !strings.Contains(f.Said, id+" to "+target) || !strings.Contains(f.Said, "2 November 2033, 09:00 UTC") {
			t.Errorf("%+v", f)
		}
		if len(w.State().Jobs) != 0 {
			t.Error("something was sent")
		}
		noted := ""
		_, err = w.drive(toPreview, w.work("b1", "preview"), images.Offer{Wait: true}, ours("18.2.0"), func(p images.Progress) {
			if strings.Contains(p.Note, "somebody else") {
				noted = p.Note
			}
		})
		if err != nil || noted != "waits until somebody else's submission is over" || w.clock.now().Sub(begun) < 3*time.Hour {
			t.Errorf("%v, %q", err, noted)
		}
		w.sound()
	}
	// Of another build of ours.
	w := newWorld(t)
	id := w.AddForeignSubmission(offer, "preview", 3*time.Hour)
	if _, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{Ours: []string{id}}, ours("18.2.0")); err != nil {
		t.Error(err)
	}
	w.sound()
}

// Going live waits as well; and what was brought to the preview meanwhile is not what was
// tried.
func TestPreviewThatIsAnotherByNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	p := w.preview(v)
	w.AddForeignSubmission(offer, "preview", time.Hour)
	_, err := w.drive(toLive, w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v)
	fault(t, err, images.Foreign)
	_, err = w.drive(toLive, w.work("b1", "submit"), images.Offer{Previewed: p.Ref, Wait: true}, v)
	fault(t, err, images.Superseded)
	if w.jobs("live") != 0 {
		t.Error("it was submitted")
	}
	// Theirs has ours in it, so that is what is tried now, and may go live.
	q := w.preview(v)
	if q.Ref == p.Ref || w.jobs("preview") != 1 {
		t.Errorf("it is %s still", q.Ref)
	}
	w.live(v, q.Ref)
	_, err = w.drive(toLive, w.work("b2", "submit"), images.Offer{}, ours("18.3.0"))
	fault(t, err, images.Superseded)
	w.sound()
}

// Nobody signs for one version and publishes two.
func TestVersionBesideOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	w.AddDraftVersion(offer, plan, ingestsim.Version{Number: "18.1.9"})
	if s, err := w.Look(t.Context(), v); err != nil || s.Others != "18.1.9" {
		t.Errorf("%+v, %v", s, err)
	}
	p := w.preview(v)
	if !strings.Contains(p.Note, "18.1.9") {
		t.Errorf("it says %q", p.Note)
	}
	_, err := w.drive(toLive, w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v)
	if f := fault(t, err, images.Superseded); !strings.Contains(f.What, "18.1.9") || !strings.Contains(f.Said, "18.2.0") {
		t.Errorf("%+v", f)
	}
	// While it is in the draft, nothing is gained by another preview.
	if q := w.preview(v); q.Ref != p.Ref {
		t.Errorf("it was brought there anew")
	}
	w.RemoveDraftVersion(offer, plan, "18.1.9")
	q := w.preview(v)
	w.live(v, q.Ref)
	if got := w.numbers(w.product().Live); got != "18.1.0 18.1.1 18.2.0" {
		t.Errorf("live has %s", got)
	}
	w.sound()
}

// Somebody edits the draft between our reading and our writing: nothing of theirs is lost.
func TestDraftThatChangesInBetween(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	edited := false
	p := w.preview(ours("18.2.0"), func(p images.Progress) {
		if !edited && strings.Contains(p.Note, "about to be sent") {
			edited = true
			w.AddDraftVersion(offer, plan, ingestsim.Version{Number: "18.1.9"})
			w.EditDraft(offer, plan, func(d map[string]any) { d["recommendedVmSizes"] = []any{"d16s-v5"} })
		}
	})
	if !strings.Contains(p.Note, "somebody changed the draft meanwhile") {
		t.Errorf("it says %q", p.Note)
	}
	if got := w.numbers(w.product().Draft); got != "18.1.0 18.1.1 18.1.9 18.2.0" {
		t.Errorf("the draft has %s", got)
	}
	if got := string(w.sent(techKind)["recommendedVmSizes"]); got != `["d16s-v5"]` {
		t.Errorf("theirs is %s", got)
	}
	w.sound()
}

// What somebody takes out of the draft afterwards is told; what is live and not in the
// draft is put back.
func TestDraftThatLosesVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone := false
	p := w.preview(ours("18.2.0"), func(p images.Progress) {
		if !gone && strings.HasPrefix(p.Ref, "submission/") {
			gone = w.RemoveDraftVersion(offer, plan, "18.1.0")
		}
	})
	if !strings.Contains(p.Note, "somebody took 18.1.0 out of the draft") {
		t.Errorf("it says %q", p.Note)
	}
	w.live(ours("18.2.0"), p.Ref)
	p = w.preview(ours("18.3.0"))
	if got := w.numbers(w.product().Preview); !strings.Contains(got, "18.1.0") || !strings.Contains(p.Note, "18.1.0") {
		t.Errorf("the preview has %s; it says %q", got, p.Note)
	}
	w.live(ours("18.3.0"), p.Ref)
	w.sound()
}

func TestProductThatIsLocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.LockProduct(offer, "Somebody edits the offer.")
	begun := w.clock.now()
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0"))
	if f := fault(t, err, images.Foreign); f.What != "" || !strings.Contains(f.Said, "Somebody edits the offer (productLocked") || w.clock.now().Sub(begun) > 15*time.Minute {
		t.Errorf("%+v after %s", f, w.clock.now().Sub(begun))
	}
	until := w.clock.now().Add(2 * time.Hour)
	p, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{Wait: true}, ours("18.2.0"), func(images.Progress) {
		if w.clock.now().After(until) {
			w.LockProduct(offer, "")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	w.live(ours("18.2.0"), p.Ref)
	w.once(ours("18.2.0"))
}

// Two builds at one product at once: the second waits, and neither loses the other's.
func TestTwoBuildsAtOneProduct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := ours("18.2.0"), ours("18.2.0", func(v *Version) { v.Plan, v.ResourceID = "ce", source("ce", v.Number) })
	one, two := w.work("b1", "preview"), w.work("b2", "preview")
	var p1, p2 images.Progress
	var err error
	for range 400 {
		one.Now, two.Now = w.clock.now(), w.clock.now()
		if !p1.Done {
			if p1, err = w.Preview(t.Context(), one, images.Offer{Ours: []string{p2.Ref}}, first); err != nil {
				t.Fatal(err)
			}
			one.Ref, one.Memory = p1.Ref, p1.Memory
		}
		if !p2.Done {
			if p2, err = w.Preview(t.Context(), two, images.Offer{Ours: []string{p1.Ref}}, second); err != nil {
				t.Fatal(err)
			}
			two.Ref, two.Memory = p2.Ref, p2.Memory
		}
		if p1.Done && p2.Done {
			break
		}
		w.clock.add(time.Minute)
	}
	preview := w.product().Preview
	if !slices.Contains(preview.Plan(plan).Numbers(), "18.2.0") || !slices.Contains(preview.Plan("ce").Numbers(), "18.2.0") || p1.Ref == p2.Ref {
		t.Errorf("%s, %s: %+v", p1.Ref, p2.Ref, preview)
	}
	// Nobody signed for both.
	_, err = w.drive(toLive, w.work("b1", "submit"), images.Offer{Previewed: p1.Ref}, first)
	fault(t, err, images.Superseded)
	w.sound()
}

func TestHalted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	p := w.preview(v)
	lapsed := &images.Fault{Class: images.Unsigned}
	for n := range 3 {
		k := w.work("b1", "submit")
		for range n {
			k.Now = w.clock.now()
			if n > 1 && k.Memory != "" {
				break // it is about to be sent, and is not
			}
			q, err := w.Submit(t.Context(), k, images.Offer{Previewed: p.Ref}, v)
			if err != nil {
				t.Fatal(err)
			}
			k.Memory, k.Ref = q.Memory, q.Ref
		}
		k.Halt = lapsed
		_, err := w.drive(toLive, k, images.Offer{Previewed: p.Ref}, v)
		fault(t, err, images.Unsigned)
		if w.jobs("live") != 0 {
			t.Fatal("it was submitted")
		}
	}
	// What is under way is seen through, and so is what may be.
	w.Inject("configure", 1, true, ingestsim.Fault{Drop: true})
	sent := false
	_, err := w.drive(func(c *Client, ctx context.Context, k images.Work, o images.Offer, v Version) (images.Progress, error) {
		if sent {
			k.Halt = lapsed
		}
		p, err := c.Submit(ctx, k, o, v)
		sent = sent || w.jobs("live") > 0
		return p, err
	}, w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v)
	if err != nil {
		t.Error(err)
	}
	w.once(v)
}

func TestErrorsOfTheirServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		op    string
		fault ingestsim.Fault
		class images.Class
		after time.Duration
	}{
		{"configure-status", ingestsim.Fault{Status: 500}, images.Passing, 0},
		{"configure-status", ingestsim.Fault{Status: 502}, images.Passing, 0},
		{"submission", ingestsim.Fault{Drop: true}, images.Passing, 0},
		{"resource-tree", ingestsim.Fault{Status: 429, RetryAfter: 40}, images.Throttled, 40 * time.Second},
		{"product", ingestsim.Fault{Status: 403, Code: "forbidden", Message: "No."}, images.Permission, 0},
		{"product", ingestsim.Fault{Status: 401, Code: "unauthorized", Message: "No."}, images.Permission, 0},
		{"configure", ingestsim.Fault{Status: 500}, images.Unknown, unanswered},
		{"configure", ingestsim.Fault{Drop: true}, images.Unknown, unanswered},
		{"configure", ingestsim.Fault{Status: 401, Code: "unauthorized"}, images.Passing, 0},
		{"configure", ingestsim.Fault{Status: 400, Code: "badRequest", Message: "No."}, images.Invalid, 0},
	} {
		w := newWorld(t)
		k := w.work("b1", "preview")
		w.Inject(c.op, -1, false, c.fault)
		var err error
		for range 6 {
			k.Now = w.clock.now()
			var p images.Progress
			if p, err = w.Preview(t.Context(), k, images.Offer{}, ours("18.2.0")); err != nil {
				break
			}
			k.Memory = p.Memory
			w.clock.add(p.Again)
		}
		if f := fault(t, err, c.class); f.After != c.after || f.Said == "" {
			t.Errorf("%s %+v: %+v", c.op, c.fault, f)
		}
	}
	w := newWorld(t, func(o *Options) { o.Endpoint = "http://127.0.0.1:1/rp" })
	_, err := w.Look(t.Context(), ours("18.2.0"))
	fault(t, err, images.Passing)
	w = newWorld(t, func(o *Options) {
		o.Token = func(context.Context, bool) (string, error) { return "", http.ErrNoCookie }
	})
	_, err = w.Look(t.Context(), ours("18.2.0"))
	fault(t, err, images.Permission)
	if !clouds.Is(err, images.Permission) {
		t.Error(err)
	}
}
