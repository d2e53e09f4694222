package releasesim_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/releases/releasesim"
)

var today = time.Date(2033, 11, 2, 9, 0, 0, 0, time.UTC)

// world is a server over real HTTP.
type world struct {
	*releasesim.Server
	t      *testing.T
	url    string
	client *http.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s := releasesim.New(releasesim.Options{Now: func() time.Time { return today }})
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	t.Cleanup(s.ClearFaults)
	s.SetBaseURL(h.URL)
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	return &world{s, t, h.URL, &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// ask makes a request; the headers are names and values in turn.
func (w *world) ask(method, path, body string, header ...string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp, string(b)
}

func (w *world) get(path string, header ...string) (*http.Response, string) {
	w.t.Helper()
	return w.ask(http.MethodGet, path, "", header...)
}

func (w *world) publish(r releasesim.Release) {
	w.t.Helper()
	if err := w.Publish(r); err != nil {
		w.t.Fatal(err)
	}
}

const repository = "/gitlab/gitlab-ee/ubuntu/noble/"

// TestRepository follows the Release file to the indexes, and those to the pool.
func TestRepository(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(releasesim.Release{Version: "18.5.1", Also: []string{"18.4.3"}, Security: true})
	_, release := w.get(repository + "dists/noble/Release")
	files := 0
	for line := range strings.Lines(release) {
		fields := strings.Fields(line)
		if !strings.HasPrefix(line, " ") || len(fields) != 3 {
			continue
		}
		files++
		resp, body := w.get(repository + "dists/noble/" + fields[2])
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(body))); resp.StatusCode != 200 || got != fields[0] || fmt.Sprint(len(body)) != fields[1] {
			t.Errorf("%s: %s, %s, %d bytes", fields[2], resp.Status, got, len(body))
		}
	}
	if files != 4 {
		t.Errorf("the Release file lists %d files:\n%s", files, release)
	}
	_, index := w.get(repository + "dists/noble/main/binary-arm64/Packages")
	_, packed := w.get(repository + "dists/noble/main/binary-arm64/Packages.gz")
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(z); err != nil || string(unpacked) != index {
		t.Errorf("%v: the two indexes differ", err)
	}
	var file, sum string
	found := 0
	for s := bufio.NewScanner(strings.NewReader(index)); s.Scan(); {
		name, value, _ := strings.Cut(s.Text(), ": ")
		switch name {
		case "Filename":
			file = value
		case "SHA256":
			sum = value
			found++
			if _, content := w.get(repository + file); fmt.Sprintf("%x", sha256.Sum256([]byte(content))) != sum {
				t.Errorf("%s has another checksum", file)
			}
			if resp, body := w.ask(http.MethodHead, repository+file, ""); resp.StatusCode != 200 || body != "" || resp.ContentLength <= 0 {
				t.Errorf("%s: %s", file, resp.Status)
			}
		}
	}
	if found != 2 || !strings.Contains(index, "\nVersion: 18.5.1-ee.0\n") {
		t.Errorf("%d packages:\n%s", found, index)
	}
	w.RemovePackages("18.5.1", "ee")
	if _, index := w.get(repository + "dists/noble/main/binary-arm64/Packages"); strings.Contains(index, "18.5.1") || !strings.Contains(index, "18.4.3") {
		t.Error(index)
	}
	for _, path := range []string{"/gitlab/gitlab-ce/ubuntu/jammy/dists/jammy/Release", repository + "dists/noble/main/binary-riscv64/Packages", repository + "pool/x.deb", "/gitlab/", "/gitlab/other-ee/ubuntu/noble/dists/noble/Release", repository} {
		if resp, _ := w.get(path); resp.StatusCode != 404 {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
}

func TestAnswersAreConditional(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(releasesim.Release{Version: "18.5.1"})
	for _, path := range []string{repository + "dists/noble/main/binary-amd64/Packages.gz", "/releases/patch-releases.xml"} {
		resp, _ := w.get(path)
		etag, changed := resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
		for _, c := range []struct {
			name, value string
			want        int
		}{{"If-None-Match", etag, 304}, {"If-None-Match", `"other"`, 200}, {"If-Modified-Since", changed, 304}} {
			if resp, body := w.get(path, c.name, c.value); resp.StatusCode != c.want || c.want == 304 && body != "" {
				t.Errorf("%s with %s %s: %s", path, c.name, c.value, resp.Status)
			}
		}
	}
	before, _ := w.get("/releases/patch-releases.xml")
	w.publish(releasesim.Release{Version: "18.5.2"})
	if resp, _ := w.get("/releases/patch-releases.xml", "If-None-Match", before.Header.Get("ETag")); resp.StatusCode != 200 {
		t.Errorf("it has changed, and %s", resp.Status)
	}
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(releasesim.Release{Version: "18.5.0"})
	w.publish(releasesim.Release{Version: "18.5.1", Also: []string{"18.4.3"}, Security: true})
	w.publish(releasesim.Release{Version: "18.5.2", Critical: true})
	w.publish(releasesim.Release{Version: "18.5.2+1"}) // is not announced
	w.Announce(releasesim.Post{Title: `GitLab <AI> "Gateway" Patch Release`, At: today.Add(time.Hour)})
	const one, two, three, other = "GitLab 18.5 release notes", "GitLab Patch Release: 18.5.1, 18.4.3", "GitLab Critical Patch Release: 18.5.2", `GitLab <AI> "Gateway" Patch Release`
	for _, c := range []struct {
		file string
		want []string
	}{
		{"releases.xml", []string{one}},
		{"patch-releases.xml", []string{other, two, three}},
		{"security-releases.xml", []string{other, two, three}},
		{"all-releases.xml", []string{other, one, two, three}},
	} {
		_, body := w.get("/releases/" + c.file)
		var feed struct {
			Entries []struct {
				Title   string `xml:"title"`
				Content string `xml:"content"`
				Summary string `xml:"summary"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(body), &feed); err != nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		var got []string
		for _, e := range feed.Entries {
			got = append(got, e.Title)
			if secure := e.Title == two || e.Title == three; strings.Contains(e.Content, "Table of security fixes") != secure || (e.Content == "") != (e.Title == other) {
				t.Errorf("%s: %s", e.Title, e.Content)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.file, got, c.want)
		}
	}
	for _, old := range []string{"/releases.xml", "/all-releases.xml", "/security-releases.xml"} {
		if resp, _ := w.get(old); resp.StatusCode != 301 || resp.Header.Get("Location") != w.url+"/releases"+old {
			t.Errorf("%s: %s to %s", old, resp.Status, resp.Header.Get("Location"))
		}
	}
	resp, packed := w.get("/releases/all-releases.xml", "Accept-Encoding", "gzip")
	if !bytes.HasPrefix([]byte(packed), []byte{0x1f, 0x8b}) || resp.Header.Get("Content-Encoding") != "gzip" {
		t.Error("it is not packed")
	}
	if resp, _ := w.get("/releases/other.xml"); resp.StatusCode != 404 {
		t.Error(resp.Status)
	}
}

func TestVersionService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(info string) (int, string) {
		resp, body := w.get("/check.json?gitlab_info=" + url.QueryEscape(base64.URLEncoding.EncodeToString([]byte(info))))
		return resp.StatusCode, strings.TrimSpace(body)
	}
	if status, _ := ask(`{"version":"18.5.0"}`); status != 400 {
		t.Errorf("nothing is released, and %d", status)
	}
	for _, v := range []string{"18.2.0", "18.3.0", "18.4.0", "18.5.0"} {
		w.AddVersion(v)
	}
	w.SetSecurity("18.5.1")
	w.AddVersion("18.5.1") // stays what it is
	for _, c := range []struct{ info, want string }{
		{`{"version":"18.5.0"}`, `{"latest_stable_versions":["18.5.1","18.4.0","18.3.0"],"latest_stable_version_of_minor":"18.5.1","latest_version":"18.5.1","severity":"danger","critical_vulnerability":false,"details":""}`},
		{`{"version":"18.5.1"}`, `"severity":"success"`},
		{`{"version":"18.4.0"}`, `"severity":"warning"`},
		{`{"version":"18.2.0"}`, `"severity":"danger"`},
		{`{"version":"18.9.0"}`, `"latest_stable_version_of_minor":"","latest_version":"18.5.1","severity":"success"`},
		{`{"version":"soon"}`, "Bad Request"},
		{`{`, "Bad Request"},
	} {
		if status, got := ask(c.info); !strings.Contains(got, c.want) || (status == 200) == (c.want == "Bad Request") {
			t.Errorf("%s: %d %s, want %s", c.info, status, got, c.want)
		}
	}
}

func TestWhoeverWantsToHears(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var got []string
	w.OnPublish(func(r releasesim.Release) {
		got = append(got, r.Version+" "+strings.Join(r.Editions, "+"))
		w.AddVersion("1.0.0") // no lock is held
	})
	w.publish(releasesim.Release{Version: "18.5.1"})
	w.publish(releasesim.Release{Version: "18.5.2", Editions: []string{"ee"}})
	for _, r := range []releasesim.Release{{Version: "soon"}, {Version: "18.5.3", Also: []string{""}}, {Version: "18.5.3", Editions: []string{"../x"}}} {
		if err := w.Publish(r); err == nil {
			t.Errorf("%+v is published", r)
		}
	}
	if want := []string{"18.5.1 CE+EE", "18.5.2 EE"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		want                     string // is in the answer, or where it leads
	}{
		{"nothing yet", "GET", "/", "", nil, 200, "Nothing was released yet."},
		{"its looks", "GET", "/-/releasesim/page.css", "", nil, 200, "color-scheme"},
		{"a release", "POST", "/-/publish", "version=18.5.1,+18.4.3&security=1&edition=EE", []string{"Content-Type", form}, 303, "/"},
		{"and there it is", "GET", "/", "", nil, 200, `<td>18.5.1</td><td><span class="security">security</span></td><td>EE</td>`},
		{"with the other", "GET", "/", "", nil, 200, `<td>18.4.3</td>`},
		{"from the page itself", "POST", "/-/publish", "version=18.5.2", []string{"Content-Type", form, "Origin", w.url, "Sec-Fetch-Site", "same-origin"}, 303, "/"},
		{"from another page", "POST", "/-/publish", "version=18.5.3", []string{"Content-Type", form, "Origin", "https://evil.example.com"}, 403, "takes no forms from other pages"},
		{"from a page that hides", "POST", "/-/publish", "version=18.5.3", []string{"Content-Type", form, "Origin", "null"}, 403, "takes no forms from other pages"},
		{"from another page, says the browser", "POST", "/-/publish", "version=18.5.3", []string{"Content-Type", form, "Sec-Fetch-Site", "cross-site"}, 403, "takes no forms from other pages"},
		{"a version that is none", "POST", "/-/publish", "version=<b>", []string{"Content-Type", form}, 303, "/?says=%22%3Cb%3E%22+is+no+version"},
		{"no version", "POST", "/-/publish", "", []string{"Content-Type", form}, 303, "/?says="},
		{"a form that is too large", "POST", "/-/publish", "version=" + strings.Repeat("x", 100_000), []string{"Content-Type", form}, 400, "Bad Request"},
		{"what was refused", "GET", "/?says=%3Cscript%3E", "", nil, 200, "&lt;script&gt;"},
		{"another page", "GET", "/other", "", nil, 404, "not found"},
		{"another method", "DELETE", "/", "", nil, 405, "Method Not Allowed"},
		{"publishing takes a form", "GET", "/-/publish", "", nil, 404, "not found"},
	} {
		resp, body := w.ask(c.method, c.path, c.body, c.header...)
		if resp.StatusCode != c.status || !strings.Contains(body, c.want) && !strings.HasPrefix(resp.Header.Get("Location"), c.want) {
			t.Errorf("%s: %s to %q, want %q in\n%s", c.name, resp.Status, resp.Header.Get("Location"), c.want, body)
		}
		if !strings.HasPrefix(resp.Header.Get("Content-Security-Policy"), "default-src 'none';") {
			t.Errorf("%s has no policy", c.name)
		}
	}
	if _, body := w.get("/"); strings.Contains(body, "18.5.3") || !strings.Contains(body, "18.5.2") || strings.Contains(body, "http://") || strings.Contains(body, "https://") {
		t.Error(body)
	}
}

func TestFaultsAndCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(releasesim.Release{Version: "18.5.1"})
	w.FailNext(2, "/releases/*", releasesim.Fault{Status: 429, RetryAfter: time.Minute})
	for i, want := range []int{429, 429, 200} {
		if resp, _ := w.get("/releases/releases.xml"); resp.StatusCode != want || (resp.Header.Get("Retry-After") == "60") != (want == 429) {
			t.Errorf("%d: %s", i, resp.Status)
		}
	}
	w.FailNext(1, "**", releasesim.Fault{Hold: true})
	done := make(chan int)
	go func() {
		resp, err := http.Get(w.url + "/releases/releases.xml")
		if err != nil {
			done <- 0
			return
		}
		resp.Body.Close()
		done <- resp.StatusCode
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := w.WaitHeld(ctx, 1); err != nil {
		t.Fatal(err)
	}
	w.Server.Release()
	if got := <-done; got != 200 {
		t.Errorf("it was let go, and %d", got)
	}
	var got []int
	for _, c := range w.Calls("/releases/**") {
		got = append(got, c.Status)
	}
	if want := []int{429, 429, 200, 200}; !slices.Equal(got, want) || len(w.Calls("**")) != 4 || len(w.Calls("/other")) != 0 {
		t.Errorf("%v, want %v", got, want)
	}
	w.ResetCalls()
	if n := len(w.Calls("**")); n != 0 {
		t.Errorf("%d calls are remembered", n)
	}
}
