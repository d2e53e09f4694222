package releases

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/releases/releasesim"
	"cloudimage/workflow"
)

// today is the time in these tests, far from any real one.
var today = time.Date(2033, 11, 2, 9, 0, 0, 0, time.UTC)

// world is the stand-in, over real HTTP.
type world struct {
	*releasesim.Server
	url string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	s := releasesim.New(releasesim.Options{Now: func() time.Time { return today }})
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	t.Cleanup(s.ClearFaults) // before it: nothing is held any more
	s.SetBaseURL(h.URL)
	return &world{s, h.URL}
}

// web reaches a server without keeping connections.
func web(edit ...func(*Web)) Web {
	w := Web{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, f := range edit {
		f(&w)
	}
	return w
}

func within(d time.Duration) func(*Web) { return func(w *Web) { w.Timeout = d } }

// wanted is an edition in the stand-in.
func (w *world) wanted(edition string) Wanted {
	return Wanted{Edition: edition, Root: w.url + "/gitlab/gitlab-" + strings.ToLower(edition) + "/ubuntu/{distribution}",
		Name: "gitlab-" + strings.ToLower(edition), Distributions: []string{"noble"}, Architectures: []string{"amd64", "arm64"}}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) packages(t testing.TB, edit ...func(*Web)) *Packages {
	t.Helper()
	return must[*Packages](t)(NewPackages(PackagesOptions{Wanted: []Wanted{w.wanted("EE")}, Web: web(edit...)}))
}

func (w *world) announcements(t testing.TB, edit ...func(*Web)) *Announcements {
	t.Helper()
	return must[*Announcements](t)(NewAnnouncements(AnnouncementsOptions{Web: web(edit...),
		Feeds: []string{w.url + "/releases/patch-releases.xml", w.url + "/releases/releases.xml"}}))
}

func (w *world) opinions(t testing.TB, edit ...func(*Web)) *Opinions {
	t.Helper()
	return must[*Opinions](t)(NewOpinions(OpinionsOptions{URL: w.url + "/check.json", Web: web(edit...)}))
}

// serving is a server that answers everything in one way.
func serving(t testing.TB, answer func(w http.ResponseWriter, r *http.Request)) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(s.Close)
	return s.URL
}

func servingText(t testing.TB, body string) string {
	t.Helper()
	return serving(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
}

func version(s string) workflow.Version {
	v, ok := workflow.ParseVersion(s)
	if !ok {
		panic(s + " is no version")
	}
	return v
}

// failureIn is the error of a source in an error.
func failureIn(t testing.TB, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v (%T) is no error of a source", err, err)
	}
	return e
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body)
	z.Close()
	return b.Bytes()
}
