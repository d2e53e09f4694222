package slackdev

import (
	"testing"

	"github.com/chromedp/chromedp"

	"cloudimage/slackdev/browsertest"
)

// A browser has six connections to one address. Windows that nobody sees hold none, so
// that there may be many, and read what they missed when they are seen again.
func TestWindowsThatNobodySeesHoldNoConnection(t *testing.T) {
	t.Parallel()
	ws := start(t)
	browser := browsertest.Start(t)
	seen := func(w *window, hidden string) {
		t.Helper()
		w.do(chromedp.Evaluate[chromedp.Void](`Object.defineProperty(document, 'hidden', { value: ` + hidden + `, configurable: true });
			document.dispatchEvent(new Event('visibilitychange'))`))
	}
	first := lookWith(t, browser, ws, "ana")[0]
	seen(first, "true")
	for _, name := range []string{"omar", "maya", "ines", "lena", "lee", "noor", "wei"} {
		seen(lookWith(t, browser, ws, name)[0], "true")
	}
	if _, err := ws.User("omar").Say(t.Context(), "#general", "while nobody looked"); err != nil {
		t.Fatal(err)
	}
	seen(first, "false")
	first.until(`document.querySelector('[data-testid="message-list"]').innerText.includes('while nobody looked')`)
}
