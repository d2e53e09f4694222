package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// notes is a test that only writes down what it is told.
type notes struct {
	testing.TB
	mu       sync.Mutex
	errors   []string
	cleanups []func()
}

func (n *notes) Errorf(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.errors = append(n.errors, fmt.Sprintf(format, args...))
}

func (n *notes) Cleanup(f func()) { n.cleanups = append(n.cleanups, f) }

// end ends the test as the testing package does, last things first.
func (n *notes) end() []string {
	for i := len(n.cleanups) - 1; i >= 0; i-- {
		n.cleanups[i]()
	}
	return n.errors
}

func TestOpenTells(t *testing.T) {
	t.Parallel()
	browser := Start(t)
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(elsewhere.Close)
	for _, c := range []struct{ name, page, want string }{
		{"nothing of a page in order", `<p>Hello</p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">`, ""},
		{"of words on the console", `<script>console.error("I am broken")</script>`, "I am broken"},
		{"of exceptions", `<script>undefinedThing()</script>`, "undefinedThing is not defined"},
		{"of files that are not there", `<script src="/missing.js"></script>`, "404"},
		{"of other servers", `<img src="` + elsewhere.URL + `/pixel">`, "the page asked for " + elsewhere.URL},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					http.NotFound(w, r)
					return
				}
				fmt.Fprintf(w, "<!doctype html><link rel=icon href=data:,><title>A page</title>%s", c.page)
			}))
			t.Cleanup(server.Close)
			n := &notes{TB: t}
			tab := Open(n, browser, server.URL, 800, 600)
			title, err := chromedp.Run(tab, chromedp.Evaluate[string](`document.title`))
			if err != nil || title != "A page" {
				t.Fatalf("title %q, %v", title, err)
			}
			told := strings.Join(n.end(), "\n")
			if c.want == "" && told != "" || !strings.Contains(told, c.want) {
				t.Errorf("told %q, want %q", told, c.want)
			}
		})
	}
}

// A Chromium that dies on its way up says nothing of the page.
func TestStartTriesAgain(t *testing.T) {
	real, err := find()
	if err != nil {
		Start(t) // skips, or fails in CI
	}
	dir := t.TempDir()
	fragile := fmt.Sprintf("#!/bin/sh\nif mkdir %s/died 2>/dev/null; then echo oh >&2; exit 1; fi\nexec %s \"$@\"\n", dir, real)
	if err := os.WriteFile(filepath.Join(dir, "chromium"), []byte(fragile), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	two, err := chromedp.Run(Start(t), chromedp.Evaluate[int](`1 + 1`))
	if err != nil || two != 2 {
		t.Errorf("one and one is %d, %v", two, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "died")); err != nil {
		t.Errorf("the fragile one was not asked first: %v", err)
	}
}
