// Package browsertest lets tests look at pages as people do, with a real
// browser, and fails them for what a page keeps to itself.
//
// A browser is one Chromium without a window or a profile; [Start] starts it for
// a test. A tab is one page in it, as one person has it before them; [Open]
// opens it. A complaint is what the page says on its console where nobody reads
// it: an exception, a breach of its content policy, a file that is not there.
// What is done in a tab is said with chromedp, whose contexts browser and tab
// are.
package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"sync"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TB is what this package needs of a test: *testing.T, *testing.B and *testing.F
// have it.
type TB interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skip(args ...any)
	Cleanup(func())
}

// starts is how often a browser is started before its test fails: a Chromium
// that has just been installed, or shares two cores with much else, sometimes
// dies on its way up, of which nothing is learnt about the page.
const starts = 3

// shared is the browser of the tests that run at the moment.
var (
	sharing sync.Mutex
	shared  *running
)

type running struct {
	browser context.Context
	stop    func()
	tests   int // that use it
}

// Start answers a browser for a test and its subtests, without a profile and
// with all movement on pages reduced. [Open] opens tabs of it. Tests that run at
// the same time share one, which ends with the last of them; what they do in
// their tabs they do not share, as each has a workspace of its own, at an address
// of its own. Where no Chromium is installed the test is skipped; in CI, which
// says CI=true, it fails.
func Start(t TB) context.Context {
	t.Helper()
	sharing.Lock()
	defer sharing.Unlock()
	if shared == nil || shared.browser.Err() != nil { // or it has died
		shared = launch(t)
	}
	mine := shared
	mine.tests++
	t.Cleanup(func() {
		sharing.Lock()
		defer sharing.Unlock()
		if mine.tests--; mine.tests > 0 {
			return
		}
		mine.stop()
		if shared == mine {
			shared = nil
		}
	})
	return mine.browser
}

// launch starts a browser.
func launch(t TB) *running {
	t.Helper()
	path, err := find()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v", err)
		}
		t.Skip(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("force-prefers-reduced-motion", true))
	for i := range starts {
		browser, stop, err := start(options)
		if err == nil {
			return &running{browser: browser, stop: stop}
		}
		t.Logf("start %d of %s: %v", i+1, path, err)
	}
	t.Fatalf("%s did not start %d times", path, starts)
	return nil
}

// find answers where Chromium is.
func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium is installed, so the page cannot be looked at: apt-get install chromium")
}

func start(options []chromedp.ExecAllocatorOption) (browser context.Context, stop func(), _ error) {
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	browser, end := chromedp.NewContext(allocator)
	stop = func() {
		end()
		free()
	}
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		stop()
		return nil, nil, err
	}
	return browser, stop, nil
}

// Open opens a tab on a page, as wide and high as that in CSS pixels, and closes
// it with the test. Until then any complaint of the page fails the test, and so
// does a request to anywhere but where the page is from.
func Open(t TB, browser context.Context, address string, width, height int64) context.Context {
	t.Helper()
	home, err := url.Parse(address)
	if err != nil {
		t.Fatalf("%v", err)
	}
	ctx, closeTab := chromedp.NewContext(browser)
	console, requests := chromedp.Console(ctx), chromedp.Events(ctx, network.RequestWillBeSent)
	var reading sync.WaitGroup
	reading.Go(func() {
		for m, err := range console {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" {
				t.Errorf("the browser complained: %s", m)
			}
		}
	})
	reading.Go(func() {
		for r, err := range requests {
			if err != nil {
				return
			}
			if !stays(home, r.Request.URL) {
				t.Errorf("the page asked for %s", r.Request.URL)
			}
		}
	})
	t.Cleanup(func() {
		closeTab()
		reading.Wait()
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(address)); err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
	return ctx
}

// stays reports whether a request goes nowhere but to where the page is from.
func stays(home *url.URL, address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "data", "blob", "about":
		return true
	}
	return u.Scheme == home.Scheme && u.Host == home.Host
}
