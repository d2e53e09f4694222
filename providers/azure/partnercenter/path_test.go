package partnercenter

import (
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

func TestFromNothingToLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	var refs []string
	p := w.preview(v, func(p images.Progress) {
		if len(refs) == 0 || refs[len(refs)-1] != p.Ref {
			refs = append(refs, p.Ref)
		}
	})
	// Its job is known before its submission is.
	if len(refs) != 3 || refs[0] != "" || !strings.HasPrefix(refs[1], jobRef) || refs[2] != p.Ref || !strings.HasPrefix(p.Ref, "submission/") {
		t.Errorf("refs %q, at the end %q", refs, p.Ref)
	}
	if got := w.numbers(w.product().Preview); got != "18.1.0 18.1.1 18.2.0" {
		t.Errorf("the preview has %s", got)
	}
	if got := w.numbers(w.product().Live); got != "18.1.0 18.1.1" {
		t.Errorf("live has %s", got)
	}
	if p.Note != "" {
		t.Errorf("it says %q", p.Note)
	}
	q := w.live(v, p.Ref)
	if got := w.numbers(w.product().Live); got != "18.1.0 18.1.1 18.2.0" || q.Ref != p.Ref {
		t.Errorf("live has %s, by %s", got, q.Ref)
	}
	// Once more is nothing more, by whatever attempt.
	if r := w.preview(v); r.Ref != p.Ref {
		t.Errorf("it is %+v", r)
	}
	w.live(v, p.Ref)
	if w.jobs("preview") != 1 || w.jobs("live") != 1 || len(w.State().Jobs) != 2 {
		t.Errorf("jobs: %+v", w.State().Jobs)
	}
	w.sound()
}

// What the offer has that we do not know goes back as it came.
func TestWhatIsNotKnownStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.EditDraft(offer, plan, func(d map[string]any) {
		d["recommendedVmSizes"] = []any{"d4s-v5", "d8s-v5"}
		d["openPorts"] = []any{map[string]any{"label": "https only", "portRange": "443", "protocol": "tcp"}}
	})
	before := w.product()
	w.preview(ours("18.2.0"))
	after := w.product()
	for id, was := range before.Draft.Resources {
		is := after.Draft.Resources[id]
		if strings.HasPrefix(id, techKind) {
			delete(was, "vmImageVersions")
			delete(is, "vmImageVersions")
		}
		if string(raw(was)) != string(raw(is)) {
			t.Errorf("%s was %s\nand is %s", id, raw(was), raw(is))
		}
	}
	w.sound()
}

func TestTwoArchitectures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// Each has a number of its own, and the plan gets the type of image with the first.
	arm := ours("18.2.1", func(v *Version) {
		v.ImageType, v.ResourceID, v.SecurityTypes = "arm64Gen2", source("ee-arm64", v.Number), []string{"trusted"}
	})
	p := w.preview(arm)
	w.live(arm, p.Ref)
	skus := w.product().Live.Plan(plan).SKUs
	if len(skus) != 2 || skus[1].ImageType != "arm64Gen2" || skus[1].ID != "ee-arm64gen2" || len(skus[1].SecurityType) != 1 {
		t.Errorf("SKUs: %+v", skus)
	}
	// One number is not for both: each goes live, and is signed, by itself.
	first, second := ours("18.3.0"), ours("18.3.0", func(v *Version) { v.ImageType, v.ResourceID = "arm64Gen2", source("ee-arm64", "18.3.0") })
	p = w.preview(first)
	_, err := w.drive(toPreview, w.work("b3", "preview"), images.Offer{}, second)
	fault(t, err, images.TitleTaken)
	w.live(first, p.Ref)
	p = w.preview(ours("18.4.0"))
	w.live(ours("18.4.0"), p.Ref)
	_, err = w.drive(toPreview, w.work("b2", "preview"), images.Offer{}, ours("18.4.0", func(v *Version) { v.ImageType, v.ResourceID = "arm64Gen2", source("ee-arm64", "18.4.0") }))
	fault(t, err, images.TitleTaken)
	w.sound()
}

func TestNumberThatIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.1.1"))
	if f := fault(t, err, images.TitleTaken); !strings.Contains(f.What, "/versions/18.1.1") {
		t.Errorf("%+v", f)
	}
	w.AddDraftVersion(offer, plan, ingestsim.Version{Number: "18.2.0", Images: []ingestsim.Image{{Type: "x64Gen2", TenantID: tenant, ResourceID: source("other", "18.2.0")}}})
	_, err = w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0"))
	fault(t, err, images.TitleTaken)
	if len(w.State().Jobs) != 0 {
		t.Error("something was sent")
	}
}

func TestTextsGoAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0", func(v *Version) {
		v.Texts = workflow.Texts{Title: "GitLab <EE>", Short: "One application for all of DevSecOps", Long: "For you & yours.\nAll of it.\n\nAnd <more>."}
	})
	w.EditListing(offer, "en-us", func(d map[string]any) { d["privacyPolicyLink"] = "https://example.com/theirs" })
	if s, err := w.Look(t.Context(), v); err != nil || !s.TextsDiffer {
		t.Errorf("%+v, %v", s, err)
	}
	p := w.preview(v)
	w.live(v, p.Ref)
	l := w.product().Live.Listings[0]
	if l.Title != "GitLab <EE>" || l.Summary != v.Texts.Short || l.ShortDescription != v.Texts.Short || l.Description != "<p>For you &amp; yours.<br>All of it.</p><p>And &lt;more&gt;.</p>" {
		t.Errorf("it is %+v", l)
	}
	if got := w.sent(listingKind).text("privacyPolicyLink"); got != "https://example.com/theirs" {
		t.Errorf("theirs is %s", got)
	}
	if s, err := w.Look(t.Context(), v); err != nil || s.TextsDiffer {
		t.Errorf("%+v, %v", s, err)
	}
	// What customers read already is not sent, so that nothing of a draft goes with it.
	w.EditListing(offer, "en-us", func(d map[string]any) { d["privacyPolicyLink"] = "https://example.com/unfinished" })
	next := ours("18.2.1", func(n *Version) { n.Texts = v.Texts })
	p = w.preview(next)
	w.live(next, p.Ref)
	for _, r := range w.product().Live.Resources {
		if r["privacyPolicyLink"] == "https://example.com/unfinished" {
			t.Error("what somebody has not finished is live")
		}
	}
	w.sound()
}

func TestOldestAreHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0", func(v *Version) { v.Hides = 1 })
	// A failure in between hides no more.
	w.FailCertification("SSH keys were found.")
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, v)
	fault(t, err, images.Findings)
	p := w.preview(v)
	w.live(v, p.Ref)
	versions := w.product().Live.Plan(plan).Versions
	if versions[0].Lifecycle != deprecated || versions[0].DateOffset != "P30D" || versions[0].Reason != "other" || versions[1].Lifecycle != available || versions[2].Lifecycle != available {
		t.Errorf("it is %+v", versions)
	}
	w.sound()
}

func TestAHundredVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	many := ingestsim.Plan{ExternalID: "many"}
	for i := range 100 {
		many.Live = append(many.Live, ingestsim.Version{Number: "17.0." + string(raw(i))})
	}
	w.AddProduct("full", many)
	v := ours("18.2.0", func(v *Version) { v.Offer, v.Plan = "full", "many" })
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, v)
	fault(t, err, images.NoRoom)
	s, err := w.Look(t.Context(), v)
	if err != nil || s.Versions != 100 || s.MostVersions != 100 || s.Hides != 6 {
		t.Fatalf("%+v, %v", s, err)
	}
	v.Hides = s.Hides
	p := w.preview(v)
	w.live(v, p.Ref)
	if s, err = w.Look(t.Context(), v); err != nil || s.Versions != 95 || s.Hides != 0 || !s.Live {
		t.Errorf("%+v, %v", s, err)
	}
	w.sound()
}

// Two days are more than a token lasts.
func TestTokensExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetTimes(func(t *ingestsim.Times) { t.Live = 48 * time.Hour })
	v := ours("18.2.0")
	p := w.preview(v)
	begun := w.clock.now()
	w.live(v, p.Ref)
	if waited := w.clock.now().Sub(begun); waited < 48*time.Hour || w.tokens.made < 40 {
		t.Errorf("%s, %d tokens", waited, w.tokens.made)
	}
	if w.jobs("live") != 1 {
		t.Errorf("%d jobs", w.jobs("live"))
	}
}
