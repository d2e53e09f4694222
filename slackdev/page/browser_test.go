package page_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"cloudimage/slackdev/browsertest"
)

// patience is how long a window may take for one step.
const patience = 60 * time.Second

// tab is one window of a person.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// open shows a person's page and waits until it has read everything.
func open(t *testing.T, browser context.Context, ws *workspace, query string, width, height int64) *tab {
	t.Helper()
	p := &tab{t, browsertest.Open(t, browser, ws.URL+"/?"+query, width, height)}
	p.until(`document.documentElement.dataset.ready === 'true'`)
	return p
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if _, err := inTime(p, chromedp.Steps(steps...)); err != nil {
		p.t.Fatal(err)
	}
}

// inTime does something that may take as long as there is patience for it.
func inTime[T any](p *tab, do chromedp.Action[T]) (T, error) {
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	return chromedp.Run(ctx, do)
}

// until waits for a JavaScript expression to become true. It looks at every
// frame instead of using the library's own polling, which needs eval, which
// the page's policy forbids.
func (p *tab) until(expression string) {
	p.t.Helper()
	const look = `new Promise((done) => { const look = () => ((%s) ? done(true) : requestAnimationFrame(look)); look(); })`
	if _, err := inTime(p, chromedp.Evaluate[bool](fmt.Sprintf(look, expression), chromedp.EvalAwaitPromise)); err != nil {
		shown, _ := inTime(p, chromedp.Evaluate[string](`document.body.innerText`))
		p.t.Fatalf("never became true: %s\n%v\nthe page showed:\n%s", expression, err, shown)
	}
}

// value evaluates a JavaScript expression or promise.
func value[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := inTime(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
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
