package azure

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// between answers some requests in the place of the stand-in.
type between struct {
	mu        sync.Mutex
	base      http.RoundTripper
	answer    func(*http.Request) (status int, header http.Header, body string, is bool)
	asked     int
	elsewhere []string // hosts that were asked beside the stand-in
	host      string
}

func (b *between) RoundTrip(r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.URL.Host != b.host {
		b.elsewhere = append(b.elsewhere, r.URL.Host)
		return nil, errors.New("there is no way there")
	}
	if b.answer != nil {
		if status, header, body, is := b.answer(r); is {
			b.asked++
			if header == nil {
				header = http.Header{}
			}
			return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: header, Request: r, Body: io.NopCloser(strings.NewReader(body)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}, nil
		}
	}
	return b.base.RoundTrip(r)
}

// betweenOf is a cloud with something between it and the stand-in.
func (w *world) betweenOf(b *between, edit ...func(*Options)) *Cloud {
	b.base, b.host = http.DefaultTransport, strings.TrimPrefix(w.url, "http://")
	return w.cloud(append(edit, func(o *Options) { o.Transport = b })...)
}

func TestRegionsOfGalleries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := &between{answer: func(r *http.Request) (int, http.Header, string, bool) {
		return 200, nil, `{"namespace":"Microsoft.Compute","registrationState":"Registered","resourceTypes":[
			{"resourceType":"virtualMachines","locations":["Mars"]},
			{"resourceType":"galleries/images/versions","locations":["East US","West Europe"]}]}`, strings.HasSuffix(r.URL.Path, "/providers/Microsoft.Compute")
	}}
	out, err := w.betweenOf(b).Look(t.Context(), []images.Order{w.order(func(o *images.Order) { o.Regions = append(o.Regions, "mars", "West US 2") })})
	if err != nil {
		t.Fatal(err)
	}
	list := of(out.Lanes[0], images.Invalid)
	if len(list) != 2 || list[0].Region != "mars" || list[1].Region != third || !list[0].Stops {
		t.Errorf("%+v", list)
	}
}

// Whoever is told to wait asks nothing of that kind until the time has passed.
func TestToldToWait(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]struct {
		name string
		wait time.Duration
	}{
		"17": {"Retry-After", 17 * time.Second}, "1500": {"Retry-After-Ms", 1500 * time.Millisecond},
		"Wed, 02 Nov 2033 09:02:00 GMT": {"Retry-After", 2 * time.Minute}, "x": {"Retry-After", 30 * time.Second}, "999999": {"Retry-After", longestWait},
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			full := true
			b := &between{answer: func(r *http.Request) (int, http.Header, string, bool) {
				return 429, http.Header{want.name: {header}}, `{"error":{"code":"TooManyRequests","message":"Too many."}}`, full && strings.Contains(r.URL.Path, "/resourcegroups")
			}}
			c := w.betweenOf(b)
			for range 3 {
				_, err := c.resourceGroup(t.Context(), site{w.Subscription(), "any", "any"})
				if f := fault(t, err, images.Throttled); f.After != want.wait {
					t.Errorf("it waits for %s", f.After)
				}
			}
			if _, err := c.definitions(t.Context()); err != nil || b.asked != 1 {
				t.Errorf("%v, asked %d times", err, b.asked)
			}
			full = false
			w.clock.add(want.wait)
			if _, err := c.resourceGroup(t.Context(), site{w.Subscription(), "any", "any"}); err != nil {
				t.Error(err)
			}
		})
	}
}

// A token is not carried elsewhere: not by a redirect, not to the next page, and not
// to where an operation is said to be followed.
func TestTokensStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := &between{answer: func(r *http.Request) (int, http.Header, string, bool) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/images"):
			return 200, nil, `{"value":[],"nextLink":"https://evil.example.com/next"}`, true
		case strings.Contains(r.URL.Path, "/resourcegroups/") && r.Method == http.MethodDelete:
			return 202, http.Header{"Location": {"https://evil.example.com/operation"}}, ``, true
		case strings.Contains(r.URL.Path, "/resourcegroups/"):
			return 307, http.Header{"Location": {"https://evil.example.com/there"}}, ``, true
		}
		return 0, nil, "", false
	}}
	c := w.betweenOf(b)
	_, err := c.definitions(t.Context())
	fault(t, err, images.Invalid)
	s := site{w.Subscription(), "any", "any"}
	if _, err = c.resourceGroup(t.Context(), s); err == nil {
		t.Error("it followed")
	}
	token, err := c.deleteGroup(t.Context(), s)
	if err != nil || token == "" {
		t.Fatalf("%q, %v", token, err)
	}
	k := w.work(&images.Order{}, "b1", "remove", "")
	k.Memory = clouds.Remember(removing{Op: token})
	if err := c.removed(t.Context(), k, s); err != nil {
		t.Log(err)
	}
	if len(b.elsewhere) > 0 {
		t.Errorf("%v were asked", b.elsewhere)
	}
}

func TestTokensThatAreNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := &between{answer: func(r *http.Request) (int, http.Header, string, bool) {
		return 401, nil, `{"error":{"code":"InvalidAuthenticationToken","message":"The access token is invalid."}}`, strings.Contains(r.URL.Path, "/resourcegroups")
	}}
	c := w.betweenOf(b)
	s := site{w.Subscription(), "any", "any"}
	// What changes something is not repeated by us, and what reads is once.
	_, err := c.deleteGroup(t.Context(), s)
	fault(t, err, images.Passing)
	_, err = c.resourceGroup(t.Context(), s)
	if f := fault(t, err, images.Permission); !strings.Contains(f.Said, "not even a new one") || b.asked != 2 {
		t.Errorf("%+v, asked %d times", f, b.asked)
	}
	if _, err := c.definitions(t.Context()); err != nil {
		t.Error(err)
	}
	_, err = c.resourceGroup(t.Context(), s)
	if fault(t, err, images.Permission); b.asked != 4 {
		t.Errorf("asked %d times", b.asked)
	}
	w.ExpireTokens()
	if list, err := w.Leftovers(t.Context()); err != nil {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*world)
		edit  func(*Options)
		class images.Class
		said  string
	}{
		"old secret":   {spoil: func(w *world) { id, _ := w.Credentials(); w.ExpireSecret(id) }, class: images.Permission, said: "Microsoft Entra does not take our credentials: AADSTS7000222"},
		"wrong secret": {edit: func(o *Options) { o.ClientSecret = "hunter2-hunter2" }, class: images.Permission, said: "AADSTS7000215"},
		"no client":    {spoil: func(w *world) { id, _ := w.Credentials(); w.RemoveClient(id) }, class: images.Permission, said: "AADSTS700016"},
		"not now":      {spoil: func(w *world) { w.Inject("Login.Token", "", -1, false, azuresim.Fault{Status: 503, Message: "Busy."}) }, class: images.Passing, said: "Microsoft Entra gives us no token"},
		"too many": {spoil: func(w *world) {
			w.Inject("Login.Token", "", -1, false, azuresim.Fault{Status: 429, RetryAfter: 20 * time.Second})
		}, class: images.Throttled, said: "asks us to wait"},
		"no answer":    {spoil: func(w *world) { w.Inject("Login.Token", "", -1, false, azuresim.Fault{Drop: true}) }, class: images.Passing, said: "could not be asked for a token"},
		"nobody there": {edit: func(o *Options) { o.Endpoints.Authority = "http://127.0.0.1:1" }, class: images.Passing, said: "could not be asked for a token"},
		"no file":      {edit: func(o *Options) { o.ClientSecret, o.FederatedTokenFile = "", "/nonexistent/token" }, class: images.Permission, said: "There is no token of Microsoft Entra for us"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.spoil != nil {
				c.spoil(w)
			}
			edit := c.edit
			if edit == nil {
				edit = func(*Options) {}
			}
			cloud := w.cloud(edit)
			_, err := cloud.Look(t.Context(), []images.Order{w.order()})
			f := fault(t, err, c.class)
			if !strings.Contains(f.Said, c.said) || strings.Contains(f.Error()+f.Err.Error(), "hunter2") || strings.Contains(f.Said, "Trace ID") {
				t.Errorf("%s, %v", f.Said, f.Err)
			}
			// Nothing was done, so also what changes something says so.
			_, err = cloud.Launch(t.Context(), w.work(&images.Order{}, "b1", "launch", ""), images.Machine{Role: "builder"})
			fault(t, err, c.class)
		})
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cloud(func(o *Options) { o.Endpoints.ResourceManager = "http://127.0.0.1:1" })
	_, err := c.deleteGroup(t.Context(), site{w.Subscription(), "any", "any"})
	fault(t, err, images.Passing) // nothing was sent
	w.Inject("ResourceGroups.*", "", -1, false, azuresim.Fault{Drop: true})
	_, err = w.deleteGroup(t.Context(), site{w.Subscription(), "any", "any"})
	fault(t, err, images.Unknown)
	_, err = w.resourceGroup(t.Context(), site{w.Subscription(), "any", "any"})
	fault(t, err, images.Passing)
}

// What is secret is nowhere in what is logged and said.
func TestNothingSecretIsSaid(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var mu sync.Mutex
	w := newWorld(t, func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(&locked{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	_, secret := w.Credentials()
	o := w.look(w.order(private)).Order
	w.Inject("VirtualMachines.*", "", 3, false, azuresim.Fault{Status: 400, Code: "Invalid", Message: "The secret " + secret + " and Authorization: Bearer abc.def.ghi are wrong"})
	_, err := w.drive(w.work(&o, "b1", "launch", ""), func(ctx context.Context, k images.Work) (images.Progress, error) {
		return w.Launch(ctx, k, images.Machine{Role: "builder", Image: o.Base.ID, Type: o.Machine})
	})
	f := fault(t, err, images.Invalid)
	mu.Lock()
	text := log.String() + f.Error() + f.Err.Error()
	mu.Unlock()
	for _, s := range []string{secret, "abc.def.ghi", "eyJ"} {
		if strings.Contains(text, s) {
			t.Errorf("%q is said", s)
		}
	}
	if !strings.Contains(text, "azure answered") || !strings.Contains(text, clouds.Hidden) {
		t.Error(text)
	}
}

type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
