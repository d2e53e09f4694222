package aws

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*Options){
		"account":  func(o *Options) { o.Account = "gitlab" },
		"region":   func(o *Options) { o.Region = "Virginia" },
		"regions":  func(o *Options) { o.Regions = []string{"x"} },
		"share":    func(o *Options) { o.Share = []string{"x"} },
		"role":     func(o *Options) { o.Role = "cloud-image" },
		"half key": func(o *Options) { o.SecretKey = "" },
		"disk":     func(o *Options) { o.Disk = 2 },
		"versions": func(o *Options) { o.KeepVersions = 101 },
	} {
		o := Options{Account: account, AccessKey: "AKIAIOSFODNN7EXAMPLE", SecretKey: "very-secret-key"}
		edit(&o)
		if _, err := New(t.Context(), o); err == nil || strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := Options{RecommendedType: "c5.2xlarge, c6g.2xlarge"}
	if a, b := o.recommended("amd64"), o.recommended("arm64"); a != "c5.2xlarge" || b != "c6g.2xlarge" {
		t.Errorf("%s, %s", a, b)
	}
}

// All that is needed to be sent to another server is what all tools of AWS read.
func TestEnvironment(t *testing.T) {
	sim := awssim.New(awssim.Options{})
	s := httptest.NewServer(sim)
	defer s.Close()
	id, secret := sim.Credentials()
	t.Setenv("AWS_ENDPOINT_URL", s.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", id)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	t.Setenv("AWS_CA_BUNDLE", "")
	c, err := New(t.Context(), Options{Account: account})
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Look(t.Context(), []images.Order{order(func(o *images.Order) { o.Product = "" })})
	if err != nil || len(out.Lanes[0].Problems) != 0 || !c.elsewhere() {
		t.Errorf("%+v, %v", out.Lanes, err)
	}
}

// A server that is no more than a part of AWS is enough for a machine.
func TestServerThatDoesNotKnowEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Inject("ec2:DescribeInstanceStatus", "", -1, false, awssim.Fault{Status: 400, Code: "InvalidAction", Message: "The action is not valid."})
	b.Inject("ssm:DescribeInstanceInformation", "", -1, false, awssim.Fault{Status: 400, Code: "UnknownOperationException"})
	p, err := b.drive(b.work(&b.order, "b1", "launch", ""), b.launcher("builder"))
	if err != nil || !strings.Contains(p.Note, "DescribeInstanceStatus and DescribeInstanceInformation") {
		t.Errorf("%+v, %v", p, err)
	}
}

// Whatever answers, no key, no signature and no encoded message leaves in words.
func TestSecretsStayHere(t *testing.T) {
	t.Parallel()
	const key, secret = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	said := "No: " + key + " with " + secret + " and https://bucket.s3.amazonaws.com/x?X-Amz-Signature=sig123&X-Amz-Security-Token=tok123 " +
		"x-amz-security-token: tok123, Authorization=sig123 Encoded authorization failure message: blob123"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Content-Type"), "json") {
			w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"message":%q,"Message":%q}`, said, said)
			return
		}
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>%s</Message></Error></Errors></Response>", strings.ReplaceAll(said, "&", "&amp;"))
	}))
	defer s.Close()
	var log bytes.Buffer
	w := &world{TB: t, Server: awssim.New(awssim.Options{}), clock: &clock{}, url: s.URL}
	c := w.cloud(func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	o := order()
	k := images.Work{Build: "b1", Key: "b1.x.1", Order: &o}
	var errs []error
	note := func(_ images.Progress, err error) { errs = append(errs, err) }
	ctx := context.Background()
	note(c.Launch(ctx, k, images.Machine{Image: "ami-1", Type: "m5.large"}))
	note(c.Copy(ctx, images.Work{Region: away, Order: &o}, images.Image{Name: "x", Source: "ami-1"}))
	note(c.Retire(ctx, k, images.Offer{Product: listing}))
	note(c.Submit(ctx, k, images.Offer{Product: listing, Title: "x", Image: "ami-1"}))
	_, err := c.Leftovers(ctx)
	errs = append(errs, err)
	_, err = c.Look(ctx, []images.Order{o})
	errs = append(errs, err)
	text := log.String() + fmt.Sprintf("%v %+v %#v %s", c, c, c.o, c.o)
	for _, f := range c.Check(ctx) {
		text += f.Text + f.Cure
	}
	for _, err := range errs {
		if err == nil {
			t.Error("nothing went wrong")
			continue
		}
		text += fmt.Sprintf("%v %+v", err, err)
		if f, ok := err.(*images.Fault); ok {
			text += fmt.Sprintf("%+v %v", *f, f.Err)
		}
	}
	if !strings.Contains(log.String(), "UnauthorizedOperation") {
		t.Errorf("the log says nothing: %s", log.String())
	}
	for _, s := range []string{key, secret, "sig123", "tok123", "blob123"} {
		if i := strings.Index(text, s); i >= 0 {
			t.Errorf("%s is told: …%s…", s, text[max(0, i-100):min(len(text), i+100)])
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("Encoded authorization failure message: abc")
	f.Add("https://x/?X-Amz-Signature=y AKIAIOSFODNN7EXAMPLE")
	c := &Cloud{scrub: clouds.Scrubbing("key-of-ours", "secret-of-ours")}
	f.Fuzz(func(t *testing.T, text string) {
		out := c.clean(text + " secret-of-ours AKIAIOSFODNN7EXAMPLE")
		if strings.Contains(out, "secret-of-ours") || strings.Contains(out, "AKIAIOSFODNN7EXAMPLE") || strings.ContainsAny(out, "\n\r\x1b") {
			t.Errorf("%q", out)
		}
	})
}
