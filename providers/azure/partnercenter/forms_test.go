package partnercenter

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/workflow/images"
)

// altering is a transport that changes what is answered.
type altering struct {
	http.RoundTripper
	alter func(r *http.Request, answer map[string]any)
}

func (a altering) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := a.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var answer map[string]any
	if d.Decode(&answer) == nil {
		a.alter(r, answer)
		text = raw(answer)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return resp, nil
}

// altered is a world whose answers are changed.
func altered(t testing.TB, alter func(r *http.Request, answer map[string]any)) *world {
	return newWorld(t, func(o *Options) { o.Transport = altering{o.Transport, alter} })
}

// What is not documented need not be there: when submissions were made, and which one a
// tree shows.
func TestAnswersThatSayLess(t *testing.T) {
	t.Parallel()
	w := altered(t, func(r *http.Request, answer map[string]any) {
		if list, ok := answer["value"].([]any); ok {
			for _, one := range list {
				delete(one.(map[string]any), "created")
			}
		}
		if list, ok := answer["resources"].([]any); ok {
			kept := []any{}
			for _, one := range list {
				if id, _ := one.(map[string]any)["id"].(string); !strings.HasPrefix(id, submissionKind) {
					kept = append(kept, one)
				}
			}
			answer["resources"] = kept
		}
	})
	for _, number := range []string{"18.2.0", "18.2.1"} {
		p := w.preview(ours(number))
		w.live(ours(number), p.Ref)
	}
	if n := w.jobs("live"); n != 2 {
		t.Errorf("%d jobs", n)
	}
	id := w.AddForeignSubmission(offer, "preview", time.Hour)
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.3.0"))
	if f := fault(t, err, images.Foreign); !strings.Contains(f.Said, id) {
		t.Errorf("%+v", f)
	}
	w.sound()
}

// A job may be over before its submission is.
func TestJobThatEndsEarly(t *testing.T) {
	t.Parallel()
	w := altered(t, func(r *http.Request, answer map[string]any) {
		if strings.HasSuffix(r.URL.Path, "/status") && answer["jobStatus"] == "running" {
			answer["jobStatus"], answer["jobResult"] = "completed", "succeeded"
		}
	})
	v := ours("18.2.0")
	begun := w.clock.now()
	p := w.preview(v)
	if w.clock.now().Sub(begun) < time.Hour {
		t.Error("it is done too early")
	}
	w.live(v, p.Ref)
	w.once(v)
	w.FailCertification("Keys.")
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.3.0"))
	fault(t, err, images.Findings)
}

// A job that is forgotten is as if it had not been answered.
func TestJobThatIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Inject("configure-status", -1, false, ingestsim.Fault{Status: 404, Code: "notFound"})
	v := ours("18.2.0")
	p := w.preview(v)
	w.live(v, p.Ref)
	w.once(v)
	w.FailCertification("Keys.")
	_, err := w.drive(toPreview, w.work("b1", "preview"), images.Offer{}, ours("18.3.0"))
	if f := fault(t, err, images.Rejected); !strings.Contains(f.Said, "Why is shown in Partner Center") {
		t.Errorf("%+v", f)
	}
}

// The list of submissions has pages, and its links lead nowhere else.
func TestLinksOfPages(t *testing.T) {
	t.Parallel()
	pages := 0
	w := altered(t, func(r *http.Request, answer map[string]any) {
		if list, ok := answer["value"].([]any); ok && strings.Contains(r.URL.Path, "/submission/") && len(list) > 1 {
			// The stand-in's own link, at another server.
			answer["value"] = list[:1]
			answer["@nextLink"] = "https://evil.example.com/rp/product-ingestion/submission/x?continuationToken=t&$version=2022-07-01"
			pages++
		}
	})
	_, err := w.Look(t.Context(), ours("18.2.0"))
	fault(t, err, images.Invalid) // the stand-in does not know that token, and it alone is asked
	for _, c := range w.Calls() {
		if c.Path == "submission/x" {
			t.Error("the path of a link was followed")
		}
	}
	if pages == 0 {
		t.Error("there were no pages")
	}
}

// What is not the product's answer is not taken for one.
func TestAnswersThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, alter := range map[string]func(r *http.Request, answer map[string]any){
		"job without an id": func(r *http.Request, answer map[string]any) {
			if r.Method == http.MethodPost {
				delete(answer, "jobId")
			}
		},
		"product of another name": func(r *http.Request, answer map[string]any) {
			if list, ok := answer["value"].([]any); ok && strings.HasSuffix(r.URL.Path, "/product") {
				for _, one := range list {
					one.(map[string]any)["identity"] = map[string]any{"externalId": "another"}
				}
			}
		},
	} {
		w := altered(t, alter)
		_, err := func() (p images.Progress, err error) {
			k := w.work("b1", "preview")
			for range 4 {
				k.Now = w.clock.now()
				if p, err = w.Preview(context.Background(), k, images.Offer{}, ours("18.2.0")); err != nil {
					return p, err
				}
				k.Memory = p.Memory
			}
			return p, nil
		}()
		fault(t, err, map[bool]images.Class{true: images.NoProduct, false: images.Unknown}[strings.HasPrefix(name, "product")])
	}
}

// Who looks seldom comes to the end as well.
func TestSlowEngine(t *testing.T) {
	t.Parallel()
	for _, every := range []time.Duration{time.Minute, 10 * time.Minute, time.Hour} {
		w := newWorld(t)
		v := ours("18.2.0")
		slowly := func(do method) method {
			return func(c *Client, ctx context.Context, k images.Work, o images.Offer, v Version) (images.Progress, error) {
				p, err := do(c, ctx, k, o, v)
				p.Again = max(p.Again, every)
				return p, err
			}
		}
		p, err := w.drive(slowly(toPreview), w.work("b1", "preview"), images.Offer{}, v)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.drive(slowly(toLive), w.work("b1", "submit"), images.Offer{Previewed: p.Ref}, v); err != nil {
			t.Fatal(err)
		}
		w.once(v)
	}
}

// What somebody has not finished in a resource that goes along is told.
func TestOtherEditsThatGoAlong(t *testing.T) {
	t.Parallel()
	w := altered(t, func(r *http.Request, answer map[string]any) {
		if r.URL.Query().Get("targetType") != "draft" {
			return
		}
		for _, one := range answer["resources"].([]any) {
			if m := one.(map[string]any); strings.HasPrefix(m["id"].(string), propertyKind+"/") {
				m["termsOfUseUrl"] = "https://example.com/new-terms"
			}
		}
	})
	p := w.preview(ours("18.2.0"))
	if p.Note != "the draft has another property than is live, which goes to the preview with it" {
		t.Errorf("it says %q", p.Note)
	}
	if got := w.sent(propertyKind).text("termsOfUseUrl"); got != "https://example.com/new-terms" {
		t.Errorf("theirs is %s", got)
	}
	w.sound()
}
