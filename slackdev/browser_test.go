package slackdev

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"cloudimage/slackdev/browsertest"
)

// TestInABrowser drives the page against the workspace and an app of slack-go's.
// The tests share one browser and nothing else: each has its own workspace and
// its own windows.
func TestInABrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for name, run := range map[string]func(*testing.T, context.Context){
		"two people":          twoPeople,
		"files":               filesAreShown,
		"a file input":        filesAreChosen,
		"the gallery":         gallery,
		"modals":              modalsAnswer,
		"choices by keyboard": choicesByKeyboard,
		"attachments":         attachmentsOnThePage,
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
	return lookWith(t, browsertest.Start(t), ws, people...)
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

// lookAt opens one window.
func lookAt(t *testing.T, browser context.Context, ws *Workspace, query string) *window {
	t.Helper()
	w := &window{t, browsertest.Open(t, browser, ws.URL()+"/?"+query, 1280, 800)}
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
	if _, err := inTime(w, chromedp.Steps(steps...)); err != nil {
		w.fail("%v", err)
	}
}

// inTime does something that may take as long as there is patience for it.
func inTime[T any](w *window, do chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, do)
}

// until waits for an expression to become true, looking at every frame.
func (w *window) until(expression string) {
	w.t.Helper()
	const look = `new Promise((done) => { const look = () => ((%s) ? done(true) : requestAnimationFrame(look)); look(); })`
	if _, err := inTime(w, chromedp.Evaluate[bool](fmt.Sprintf(look, expression), chromedp.EvalAwaitPromise)); err != nil {
		w.fail("never became true: %s\n%v", expression, err)
	}
}

func (w *window) fail(format string, args ...any) {
	w.t.Helper()
	shown, _ := inTime(w, chromedp.Evaluate[string](`document.body.innerText`))
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
