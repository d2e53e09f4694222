package releases

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/releases/releasesim"
	"cloudimage/workflow"
)

// TestFaults has each source meet what can go wrong. What it then says begins with
// its name, and has nothing of the query.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault releasesim.Fault
		want  [3]string // of the index, the feed and the version service; "" for none
	}{
		{"it closes the connection", releasesim.Fault{Refuse: true}, [3]string{"EOF", "EOF", "EOF"}},
		{"it is not there", releasesim.Fault{Status: 404}, [3]string{"it answers 404 (not found)", "it answers 404 (not found)", "it answers 404 (not found)"}},
		{"it has trouble", releasesim.Fault{Status: 503}, [3]string{"it answers 503 (service unavailable)", "it answers 503", "it answers 503"}},
		{"it was asked too often", releasesim.Fault{Status: 429, RetryAfter: time.Minute}, [3]string{"it answers 429 (too many requests)", "it answers 429", "it answers 429"}},
		{"it says what nobody understands", releasesim.Fault{Garbage: true}, [3]string{"no line of a package index", "no XML", "of which nothing is known"}},
		{"it breaks off", releasesim.Fault{Cut: true}, [3]string{"unexpected EOF", "unexpected EOF", "not the JSON"}},
		{"its checksums are wrong", releasesim.Fault{BadChecksum: true}, [3]string{"not 64 hexadecimal digits", "", ""}},
		{"it does not end", releasesim.Fault{Endless: true}, [3]string{"the answer is larger than it may be", "", "the answer is larger than it may be"}},
		{"it sends us to another host", releasesim.Fault{Elsewhere: "http://elsewhere.example.com/?x=hush"}, [3]string{"it sends us to elsewhere.example.com, which is not among", "it sends us to elsewhere.example.com", "it sends us to elsewhere.example.com"}},
		{"it sends us to another scheme", releasesim.Fault{Elsewhere: "file:///etc/passwd"}, [3]string{`of the scheme "file"`, `of the scheme "file"`, `of the scheme "file"`}},
		{"it sends us around in circles", releasesim.Fault{Elsewhere: "/check.json"}, [3]string{"it sends us on more than 5 times", "more than 5 times", "more than 5 times"}},
		{"it sends us with a password", releasesim.Fault{Elsewhere: "http://me:hush@elsewhere.example.com/"}, [3]string{"an address with a user in it", "a user in it", "a user in it"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if err := w.Publish(releasesim.Release{Version: "18.5.1", Security: true}); err != nil {
				t.Fatal(err)
			}
			w.FailNext(-1, "**", c.fault)
			p := w.packages(t)
			p.fetch.most.unpacked = 8 << 20 // the true limit takes a while
			_, packages := p.Packages(t.Context(), []workflow.Version{version("18.5.1")})
			_, posts := w.announcements(t).Announcements(t.Context())
			_, opinion := w.opinions(t).Opinion(t.Context(), version("18.5.0"))
			for i, err := range []error{packages, posts, opinion} {
				source := [...]string{sourcePackages, sourceAnnouncements, sourceOpinions}[i]
				if c.want[i] == "" {
					if err != nil && i < 2 {
						t.Errorf("%s: %v", source, err)
					}
					continue
				}
				if err == nil || !strings.Contains(err.Error(), c.want[i]) {
					t.Errorf("%s: %v, want %q", source, err, c.want[i])
					continue
				}
				e := failureIn(t, err)
				if e.Source != source || !strings.HasPrefix(e.Error(), source+" at "+w.url) || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "gitlab_info") {
					t.Errorf("%q is no good sentence about %s", err, source)
				}
				if e.Status != c.fault.Status || e.Wait != c.fault.RetryAfter {
					t.Errorf("status %d, wait %s", e.Status, e.Wait)
				}
			}
			w.ClearFaults()
			if _, err := w.opinions(t).Opinion(t.Context(), version("18.5.0")); err != nil {
				t.Errorf("it is over, and %v", err)
			}
		})
	}
}

func TestSlowSources(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddVersion("18.5.0")
	w.FailNext(1, "/check.json", releasesim.Fault{Hold: true})
	_, err := w.opinions(t, within(time.Millisecond)).Opinion(t.Context(), version("18.5.0"))
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no whole answer within 1ms") {
		t.Error(err)
	}
	w.FailNext(1, "/check.json", releasesim.Fault{Hold: true})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := w.opinions(t).Opinion(ctx, version("18.5.0"))
		done <- err
	}()
	if err := w.WaitHeld(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "given up") {
		t.Error(err)
	}
	// One that begins to answer and does not go on has no more time than that.
	stuck := serving(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"latest`)
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	o := must[*Opinions](t)(NewOpinions(OpinionsOptions{URL: stuck, Web: web(within(50 * time.Millisecond))}))
	if _, err := o.Opinion(t.Context(), version("18.5.0")); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	request := func(address string) *http.Request {
		return httptest.NewRequest(http.MethodGet, address, nil)
	}
	for _, c := range []struct {
		name, from, to string
		hosts          []string
		want           string // is in the reason; empty when it is followed
	}{
		{"the same host", "https://packages.example.com/a", "https://packages.example.com/b", nil, ""},
		{"the same host in other letters", "https://packages.example.com/a", "https://Packages.Example.com/b", nil, ""},
		{"a host that is known", "https://packages.example.com/a", "https://d1.example.net/b?sig=1", []string{"d1.example.net"}, ""},
		{"below a domain that is known", "https://packages.example.com/a", "https://d1.example.net/b", []string{"*.example.net"}, ""},
		{"the domain itself is not below it", "https://packages.example.com/a", "https://example.net/b", []string{"*.example.net"}, "which is not among"},
		{"a domain that only ends alike", "https://packages.example.com/a", "https://evilexample.net/b", []string{"*.example.net"}, "which is not among"},
		{"another host", "https://packages.example.com/a", "https://d1.example.net/b", nil, "d1.example.net, which is not among"},
		{"another port", "https://packages.example.com/a", "https://packages.example.com:8443/b", nil, "which is not among"},
		{"our own machine", "https://packages.example.com/a", "http://127.0.0.1:8080/", nil, "from https to http"},
		{"an address in the cloud", "http://packages.example.com/a", "http://169.254.169.254/latest/", []string{"*.example.net"}, "which is not among"},
		{"from https to http", "https://packages.example.com/a", "http://packages.example.com/b", nil, "from https to http"},
		{"from http to https", "http://packages.example.com/a", "https://packages.example.com/b", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			to := must[*url.URL](t)(url.Parse(c.to))
			err := mayFollow(to, []*http.Request{request(c.from)}, c.hosts)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	for _, h := range []string{"", "*.", "https://example.com", "a b", "*"} {
		if _, err := NewOpinions(OpinionsOptions{Web: Web{Hosts: []string{h}}}); err == nil {
			t.Errorf("%q is taken for a host", h)
		}
	}
}

// TestPackagesBehindARedirect follows one to a host that is known, as the real
// repository sends us to where its files are.
func TestPackagesBehindARedirect(t *testing.T) {
	t.Parallel()
	files := servingText(t, string(zipped([]byte(stanzaOf()))))
	front := serving(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, files+r.URL.Path+"?signature=hush", http.StatusFound)
	})
	of := []workflow.Version{version("18.5.0")}
	host := func(w *Web) { w.Hosts = []string{strings.TrimPrefix(files, "http://")} }
	got := must[[]workflow.Package](t)(reader(t, front, 0, host).Packages(t.Context(), of))
	if len(got) != 1 || !strings.HasPrefix(got[0].URL, front+"/pool/") {
		t.Errorf("%+v; a package is below the root, wherever the index was", got)
	}
	if _, err := reader(t, front, 0).Packages(t.Context(), of); err == nil || strings.Contains(err.Error(), "hush") {
		t.Error(err)
	}
}

// TestNoCookies holds that a source cannot make us remember.
func TestNoCookies(t *testing.T) {
	t.Parallel()
	n := 0
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		if len(r.Cookies()) > 0 {
			t.Errorf("request %d has a cookie", n)
		}
		http.SetCookie(w, &http.Cookie{Name: "who", Value: "you"})
		if n == 1 {
			http.Redirect(w, r, "/again", http.StatusFound)
		}
	})
	o := must[*Opinions](t)(NewOpinions(OpinionsOptions{URL: address, Web: web()}))
	for range 2 {
		if _, err := o.Opinion(t.Context(), version("18.5.0")); err == nil {
			t.Error("nothing was answered, and that is an opinion")
		}
	}
}

// TestBombs holds that what unpacks to much more than came is given up early.
func TestBombs(t *testing.T) {
	t.Parallel()
	bomb := zipped([]byte(strings.Repeat(" ", 100<<20)))
	address := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb)
	})
	o := must[*Opinions](t)(NewOpinions(OpinionsOptions{URL: address, Web: web()}))
	if _, err := o.Opinion(t.Context(), version("18.5.0")); !errors.Is(err, errTooLarge) {
		t.Error(err)
	}
	if _, err := feedReader(t, address, 0).Announcements(t.Context()); !errors.Is(err, errTooLarge) {
		t.Error(err)
	}
	twice := zipped(bomb)
	if _, err := reader(t, servingText(t, string(twice)), 0).Packages(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "no line of a package index") {
		t.Error(err)
	}
}

func TestLimitsAreExact(t *testing.T) {
	t.Parallel()
	for n := range 10 {
		got, err := io.ReadAll(&bounded{r: strings.NewReader("12345"), left: int64(n)})
		if want := "12345"[:min(n, 5)]; string(got) != want || (n < 5) != errors.Is(err, errTooLarge) {
			t.Errorf("%d: %q, %v", n, got, err)
		}
	}
}

func TestErrorsAreSentences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  *Error
		want string
	}{
		{&Error{Source: sourceOpinions, Err: errTooLarge}, "the version service: the answer is larger than it may be"},
		{&Error{Source: sourceOpinions, Address: "https://a", Err: errTooLarge}, "the version service at https://a: the answer is larger than it may be"},
	} {
		if got := fmt.Sprint(c.err); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if d := retryAfter(http.Header{"Retry-After": {"999999999999"}}); d != longestWait {
		t.Error(d)
	}
	if d := retryAfter(http.Header{"Retry-After": {"-5"}}) + retryAfter(http.Header{"Retry-After": {"soon"}}); d != 0 {
		t.Error(d)
	}
}
