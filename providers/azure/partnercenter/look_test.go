package partnercenter

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

func TestLook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0", func(v *Version) { v.ResourceID = "" })
	s, err := w.Look(t.Context(), v)
	if err != nil || !strings.HasPrefix(s.Product, "product/") || !strings.HasPrefix(s.Plan, "plan/") || s.Versions != 2 || s.MostVersions != 100 ||
		s.Hides != 0 || s.Flight != nil || s.TextsDiffer || s.Taken != "" || s.Live || s.Previewed || s.NewImageType || s.Others != "" {
		t.Errorf("%+v, %v", s, err)
	}
	v.ImageType = "arm64Gen2"
	if s, err = w.Look(t.Context(), v); err != nil || !s.NewImageType {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = w.Look(t.Context(), ours("18.1.1")); err != nil || !strings.Contains(s.Taken, "18.1.1") {
		t.Errorf("%+v, %v", s, err)
	}
	id := w.AddForeignSubmission(offer, "preview", time.Hour)
	if s, err = w.Look(t.Context(), v); err != nil || s.Flight == nil || s.Flight.ID != id || s.Flight.Target != "preview" || s.Flight.Ours || !s.Flight.Since.Equal(w.clock.now()) {
		t.Errorf("%+v, %v", s, err)
	}
	_, err = w.Look(t.Context(), ours("18.2.0", func(v *Version) { v.Offer = "none" }))
	fault(t, err, images.NoProduct)
	if n := len(w.State().Jobs); n != 0 {
		t.Errorf("%d jobs", n)
	}
	w.clock.add(2 * time.Hour)
	p := w.preview(ours("18.2.0"))
	if s, err = w.Look(t.Context(), ours("18.2.0")); err != nil || !s.Previewed || s.Live || s.Taken != "" || s.Others != "" {
		t.Errorf("%+v, %v", s, err)
	}
	w.live(ours("18.2.0"), p.Ref)
	if s, err = w.Look(t.Context(), ours("18.2.0")); err != nil || !s.Live || s.Versions != 3 {
		t.Errorf("%+v, %v", s, err)
	}
	// What is in the preview of another plan keeps ours from going live.
	w.preview(ours("18.2.1", func(v *Version) { v.Plan, v.ResourceID = "ce", source("ce", v.Number) }))
	if s, err = w.Look(t.Context(), ours("18.3.0")); err != nil || s.Others != "18.2.1, which is not live yet" {
		t.Errorf("%+v, %v", s, err)
	}
	ce := ours("18.2.1", func(v *Version) { v.Plan, v.ResourceID = "ce", source("ce", v.Number) })
	w.live(ce, w.preview(ce).Ref)
	// Whichever way lists are ordered.
	w.SetOldestFirst(true)
	p = w.preview(ours("18.3.0"))
	w.live(ours("18.3.0"), p.Ref)
	w.sound()
}

// A new offer is nowhere but in its draft.
func TestOfferThatWasNeverPublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddProduct("fresh", ingestsim.Plan{ExternalID: "one"})
	v := ours("18.2.0", func(v *Version) { v.Offer, v.Plan = "fresh", "one" })
	p := w.preview(v)
	w.live(v, p.Ref)
	if got := w.State().Product("fresh").Live.Plan("one").Numbers(); len(got) != 1 {
		t.Errorf("live has %s", got)
	}
	w.sound()
}

func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ok, errs := w.Check(t.Context(), []string{"gitlab/ee", "gitlab", "gitlab/none", "none/ee"})
	if len(ok) != 3 || ok[0] != "Partner Center lets us in" || !strings.Contains(ok[1], "the plan ee of the offer gitlab is there (plan/") || len(errs) != 2 {
		t.Errorf("%q, %v", ok, errs)
	}
	for _, err := range errs {
		fault(t, err, images.NoProduct)
	}
	if ok, errs = w.Check(t.Context(), nil); len(ok) != 1 || len(errs) != 0 {
		t.Errorf("%q, %v", ok, errs)
	}
	w.Inject("product", -1, false, ingestsim.Fault{Status: 401})
	if ok, errs = w.Check(t.Context(), []string{"gitlab/ee", "gitlab"}); len(ok) != 0 || len(errs) != 1 {
		t.Errorf("%q, %v", ok, errs)
	}
	bad := w.client(func(o *Options) {
		o.Token = func(context.Context, bool) (string, error) { return "", errors.New("client_secret=abcdefgh is wrong") }
	})
	_, errs = bad.Check(t.Context(), nil)
	if f := fault(t, errs[0], images.Permission); strings.Contains(f.Said, "abcdefgh") {
		t.Errorf("it says %q", f.Said)
	}
}

func TestPlea(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := ours("18.2.0")
	o := images.Offer{Previewed: "x"}
	if p := w.Plea(w.work("b1", "preview"), o, v); p.Text != "" {
		t.Errorf("it asks for nothing: %q", p.Text)
	}
	k := w.work("b1", "preview")
	seen := 0
	w.preview(v, func(p images.Progress) {
		k.Ref, k.Memory = p.Ref, p.Memory
		plea := w.Plea(k, images.Offer{Previewed: p.Ref}, v)
		switch {
		case p.Ref == "":
			return
		case strings.HasPrefix(p.Ref, jobRef):
			if !strings.Contains(plea.Text, "API: "+strings.TrimPrefix(p.Ref, jobRef)) {
				t.Errorf("it says %q", plea.Text)
			}
			return
		}
		seen++
		for _, part := range []string{"gitlabinc", "gitlab (product/", "ee (plan/", "18.2.0", "Submission: " + p.Ref, "Product Ingestion API: ", "Target: preview", "2 November 2033", "on its way"} {
			if !p.Done && !strings.Contains(plea.Text, part) {
				t.Errorf("it lacks %q: %q", part, plea.Text)
			}
		}
		if plea.Link != support {
			t.Errorf("it leads to %s", plea.Link)
		}
	})
	if seen == 0 {
		t.Error("there was no submission")
	}
	if p := w.Plea(k, images.Offer{Submitted: k.Ref}, v); !strings.Contains(p.Text, "Target: live") {
		t.Errorf("it says %q", p.Text)
	}
}

// The versions of schemas are settings, but for one that would lose images.
func TestSchemas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) {
		o.Schemas = map[string]string{"configure": "2022-03-01-preview2", "resource-tree": "2022-03-01-preview5"}
	})
	// The request itself names the highest version that it has in it.
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range w.Calls() {
		want := "2022-03-01-preview5"
		if c.Method == "POST" {
			want = "2022-03-01-preview2"
			if !strings.Contains(string(c.Body), `"https://schema.mp.microsoft.com/schema/configure/2022-03-01-preview2"`) {
				t.Errorf("the body is %s", c.Body)
			}
		}
		if c.Query["$version"] != want {
			t.Errorf("%s asks for %s", c.Path, c.Query["$version"])
		}
	}
	w.sound()
	w = newWorld(t, func(o *Options) { o.Schemas = map[string]string{techKind: "2022-03-01-preview3"} })
	_, err = w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.2.0"))
	if f := fault(t, err, images.Invalid); !strings.Contains(f.What, "preview3") || len(w.State().Jobs) != 0 {
		t.Errorf("%+v", f)
	}
	for _, c := range []struct {
		own, than string
		is        bool
	}{{"2022-07-01", "2022-03-01-preview5", true}, {"2022-03-01-preview10", "2022-03-01-preview5", true}, {"2022-03-01", "2022-03-01-preview5", true}, {"2022-03-01-preview2", "2022-03-01-preview5", false}} {
		if (resource{"$schema": raw(schemas + "x/" + c.own)}).atLeast(c.than) != c.is {
			t.Errorf("%s, %s", c.own, c.than)
		}
	}
}

// Each call is logged, and nothing secret with it.
func TestWhatIsLogged(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	log := slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w := newWorld(t, func(o *Options) {
		o.Logger = log
		o.Scrub = func(text string) string { return strings.ReplaceAll(text, "hunter2", clouds.Hidden) }
	})
	w.Inject("submission", 1, false, ingestsim.Fault{Status: 400, Code: "badRequest", Message: "No hunter2 with https://x.example.com/a?sig=abcdef and " + secret})
	_, err := w.Look(t.Context(), ours("18.2.0"))
	f := fault(t, err, images.Invalid)
	text := b.String() + f.Said
	if strings.Contains(text, "hunter2") || strings.Contains(text, "abcdef") || strings.Count(text, "Bearer") > 0 {
		t.Errorf("it is logged: %s", text)
	}
	if n := strings.Count(b.String(), "partner center answered"); n != 3 {
		t.Errorf("%d calls are logged", n)
	}
}
