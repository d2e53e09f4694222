package slackdev

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestInABrowser drives the page against the workspace and an app of slack-go's.
// The tests share one browser and nothing else: each has its own workspace and
// its own windows.
func TestInABrowser(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	for name, run := range map[string]func(*testing.T, context.Context){
		"two people":          twoPeople,
		"files":               filesAreShown,
		"the gallery":         gallery,
		"modals":              modalsAnswer,
		"choices by keyboard": choicesByKeyboard,
		"two windows":         twoWindows,
		"the clock":           clockOnThePage,
		"shortcuts":           shortcutsOnThePage,
		"nothing runs":        nothingRuns,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, b)
		})
	}
}

// startBrowser starts a browser for one test and its subtests; without Chromium
// the test is skipped, in CI it fails.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		const why = "no Chromium is installed, so the page cannot be looked at: apt-get install chromium"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("force-prefers-reduced-motion", true))...)
	t.Cleanup(cancel)
	browser, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return browser
}

// patience is how long a window may take for one step.
const patience = 30 * time.Second

// window is one person's page in a real browser.
type window struct {
	t   *testing.T
	ctx context.Context
}

// look opens windows of people in a browser of its own.
func look(t *testing.T, ws *Workspace, people ...string) []*window {
	t.Helper()
	return lookWith(t, startBrowser(t), ws, people...)
}

// lookWith opens windows of people in #general.
func lookWith(t *testing.T, browser context.Context, ws *Workspace, people ...string) []*window {
	t.Helper()
	var out []*window
	for _, p := range people {
		out = append(out, lookAt(t, browser, ws, "as="+string(ws.User(p).ID())+"&channel=C0GENERAL"))
	}
	return out
}

// lookAt opens one window. Until the test ends, whatever the page complains
// about on its console fails the test (an exception, a breach of the content
// policy, a file that is not there), and so does a request to anywhere but the
// workspace.
func lookAt(t *testing.T, browser context.Context, ws *Workspace, query string) *window {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser)
	w := &window{t, ctx}
	var trouble []string
	var mu sync.Mutex
	var reading sync.WaitGroup
	complain := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		trouble = append(trouble, fmt.Sprintf(format, args...))
	}
	console, requests := chromedp.Console(ctx), chromedp.Events(ctx, network.RequestWillBeSent)
	reading.Go(func() {
		for m, err := range console {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" {
				complain("the browser complained: %s", m)
			}
		}
	})
	reading.Go(func() {
		for r, err := range requests {
			if err != nil {
				return
			}
			if !ofWorkspace(ws, r.Request.URL) {
				complain("the page asked for %s", r.Request.URL)
			}
		}
	})
	t.Cleanup(func() {
		closeTab()
		reading.Wait()
		for _, s := range trouble {
			t.Error(s)
		}
	})
	w.size(1280, 800, 1)
	w.do(chromedp.Navigate(ws.URL() + "/?" + query))
	w.ready()
	return w
}

func (w *window) ready() {
	w.t.Helper()
	w.until(`document.documentElement.dataset.ready === 'true'`)
}

func (w *window) size(width, height int64, scale float64) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale)))
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.fail("%v", err)
	}
}

// until waits for an expression to become true, looking at every frame.
func (w *window) until(expression string) {
	w.t.Helper()
	const look = `new Promise((done) => { const look = () => ((%s) ? done(true) : requestAnimationFrame(look)); look(); })`
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(look, expression), chromedp.EvalAwaitPromise)); err != nil {
		w.fail("never became true: %s\n%v", expression, err)
	}
}

func (w *window) fail(format string, args ...any) {
	w.t.Helper()
	shown, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	w.t.Fatalf("%s\nthe page showed:\n%s", fmt.Sprintf(format, args...), shown)
}

// click waits until the element stands still, as a person does: a press on what
// moves away meanwhile hits something else.
func (w *window) click(css string) {
	w.t.Helper()
	w.until(fmt.Sprintf(`(() => {
		const at = document.querySelector(%q)?.getBoundingClientRect();
		const place = at && JSON.stringify([at.x, at.y, at.width, at.height]);
		const still = Boolean(place) && place === window.wasAt;
		window.wasAt = place;
		return still;
	})()`, css))
	w.do(chromedp.Click(chromedp.CSS(css)))
}
func (w *window) keys(css, keys string) {
	w.t.Helper()
	w.do(chromedp.SendKeys(chromedp.CSS(css), keys))
}

// press sends keys to whatever has the focus.
func (w *window) press(keys string, with ...chromedp.Modifier) {
	w.t.Helper()
	w.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(with...)))
}
