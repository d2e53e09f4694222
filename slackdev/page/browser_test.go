package page_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a browser may take for one test.
const patience = 60 * time.Second

// browser starts one for the whole test; tabs of it are opened by open.
func browser(t *testing.T) context.Context {
	t.Helper()
	var found string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if p, err := exec.LookPath(name); err == nil {
			found = p
			break
		}
	}
	if found == "" {
		const why = "no Chromium is installed, so the page cannot be looked at: apt-get install chromium"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(found), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start %s: %v", found, err)
	}
	return ctx
}

// tab is one window of a person.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// open shows a person's page and waits until it has read everything. When the
// test ends, anything the page complained about on the console fails it: a
// breach of the content policy, an exception, a file that is not there.
func open(t *testing.T, browser context.Context, ws *workspace, query string, width, height int64) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	ctx, stop := context.WithTimeout(ctx, patience)
	p := &tab{t, ctx}
	var complaints []string
	var reading sync.WaitGroup
	console := chromedp.Console(ctx)
	reading.Go(func() {
		for m, err := range console {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" {
				complaints = append(complaints, m.String())
			}
		}
	})
	t.Cleanup(func() {
		stop()
		cancel()
		reading.Wait()
		for _, c := range complaints {
			t.Errorf("the browser complained: %s", c)
		}
	})
	p.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(ws.URL+"/?"+query))
	p.until(`document.documentElement.dataset.ready === 'true'`)
	return p
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// until waits for a JavaScript expression to become true. It looks at every
// frame instead of using the library's own polling, which needs eval, which
// the page's policy forbids.
func (p *tab) until(expression string) {
	p.t.Helper()
	const look = `new Promise((done) => { const look = () => ((%s) ? done(true) : requestAnimationFrame(look)); look(); })`
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](fmt.Sprintf(look, expression), chromedp.EvalAwaitPromise)); err != nil {
		shown, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.body.innerText`))
		p.t.Fatalf("never became true: %s\n%v\nthe page showed:\n%s", expression, err, shown)
	}
}

// value evaluates a JavaScript expression or promise.
func value[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (p *tab) click(css string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(css)))
}

func (p *tab) keys(css, keys string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(css), keys))
}

// text is what a person reads in the first element that matches.
func (p *tab) text(css string) string {
	p.t.Helper()
	return value[string](p, `document.querySelector(`+quote(css)+`)?.innerText ?? '(nothing)'`)
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
}

func testid(name string) string { return `[data-testid="` + name + `"]` }

func plain(s string) obj  { return obj{"type": "plain_text", "text": s} }
func mrkdwn(s string) obj { return obj{"type": "mrkdwn", "text": s} }

func button(text, action string) obj {
	return obj{"type": "button", "text": plain(text), "action_id": action, "value": "v-" + action}
}

func option(text, val string) obj { return obj{"text": plain(text), "value": val} }

func input(block, label string, element obj) obj {
	element["action_id"] = "a"
	return obj{"type": "input", "block_id": block, "label": plain(label), "element": element}
}

func modal(id string, blocks ...obj) obj {
	return obj{"id": id, "hash": id + ".1", "type": "modal", "callback_id": "cb", "title": plain("A modal"), "submit": plain("Send it"), "close": plain("Not now"), "blocks": blocks}
}

func contains(t *testing.T, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("want %q in:\n%s", want, got)
	}
}
