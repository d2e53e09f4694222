package slackdev

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"

	"cloudimage/slackdev/browsertest"
)

// TestFaultsInABrowser arms faults on the page, meets them as the app, and takes
// them back.
func TestFaultsInABrowser(t *testing.T) {
	t.Parallel()
	ws := start(t)
	b := &bot{slash: func(slack.SlashCommand) any { return nil }}
	connect(t, ws, 1, b)
	windows := lookWith(t, browsertest.Start(t), ws, "ana", "omar")
	ana, omar := windows[0], windows[1]
	const (
		open   = `[data-testid="faults"]`
		status = `document.querySelector('[data-testid="faults-status"]').innerText`
		mark   = `document.querySelector('[data-testid="faults-mark"]')`
		listed = `[...document.querySelectorAll('[data-testid="fault"]')].map((one) => one.dataset.id).join()`
	)
	press := func(id string) { t.Helper(); ana.click(`[data-testid="fault-press"][data-fault="` + id + `"]`) }
	flip := func(id string) { t.Helper(); ana.click(`[data-testid="fault-switch"][data-fault="` + id + `"]`) }

	ana.until(mark + `.hidden && document.querySelector('` + open + `').getAttribute('aria-label') === 'Faults: none'`)
	ana.keys(open, kb.Enter)
	ana.until(`document.querySelector('.faults-panel') && !document.querySelector('[data-testid="fault-list"]').checkVisibility()`)

	// The next call: armed by one, seen by the other, over when it happened.
	press("429")
	ana.until(status + ` === 'The next call is answered 429.' && ` + listed + ` === 'F1'`)
	omar.until(`!` + mark + `.hidden && ` + mark + `.innerText === '1'`)
	if _, err := b.api.AuthTest(); err == nil {
		t.Error("the call went well")
	}
	ana.until(mark + `.hidden && ` + listed + ` === ''`)
	omar.until(mark + `.hidden`)

	// The next envelope.
	press("drop")
	ana.until(listed + ` === 'drop'`)
	if _, err := ws.User("omar").Slash(t.Context(), "general", "/thing"); err == nil {
		t.Error("the envelope arrived")
	}
	ana.until(listed + ` === ''`)
	press("redeliver")
	ana.until(status + `.includes('none was sent yet') && document.querySelector('.faults-status.error')`)

	// What stands: a slow network, a plan, a scope, the limits.
	flip("slow")
	ana.until(listed + ` === 'F2' && document.querySelector('[data-fault="slow"]').getAttribute('aria-pressed') === 'true'`)
	began := time.Now()
	if _, err := b.api.AuthTest(); err != nil || time.Since(began) < 800*time.Millisecond {
		t.Errorf("the network is quick: %s, %v", time.Since(began), err)
	}
	flip("slow")
	ana.until(listed + ` === ''`)
	flip("plan")
	ana.until(listed + ` === 'plan'`)
	ana.choose(`[data-testid="fault-scope"]`, "users:read")
	ana.click(`[data-testid="fault-scope-withdraw"]`)
	ana.until(listed + ` === 'scope users:read,plan'`)
	if _, err := b.api.GetUserInfo("U0ANA"); codeOf(err) != "missing_scope" {
		t.Errorf("without the scope: %v", err)
	}
	ana.click(`[data-testid="fault-rates"][value="enforce"]`)
	ana.until(status + `.includes('answered 429') && ` + listed + ` === 'scope users:read,plan'`)
	ana.until(`document.querySelector('` + open + `').getAttribute('aria-label') === 'Faults: 2 are armed or stand, limits are enforced'`)
	if ws.Rates() != RatesEnforce {
		t.Error(ws.Rates())
	}
	ana.click(`[data-testid="fault"][data-id="plan"] [data-testid="fault-back"]`)
	ana.until(listed + ` === 'scope users:read' && document.activeElement !== document.body`)

	// The form.
	ana.fill(`[data-testid="fault-method"]`, "chat.update")
	ana.fill(`[data-testid="fault-value"]`, "edit_window_closed")
	ana.click(`[data-testid="fault-standing"]`)
	ana.click(`[data-testid="fault-arm"]`)
	ana.until(listed + ` === 'F3,scope users:read' && document.querySelector('[data-id="F3"]').innerText.includes('until taken back')`)
	if _, _, _, err := b.api.UpdateMessage("C0GENERAL", "1.1", text("x")); codeOf(err) != "edit_window_closed" {
		t.Errorf("the fault of the form: %v", err)
	}
	ana.choose(`[data-testid="fault-kind"]`, "status")
	ana.fill(`[data-testid="fault-value"]`, "200")
	ana.click(`[data-testid="fault-arm"]`)
	ana.until(`document.querySelector('[data-testid="fault-value"]').validity.rangeUnderflow && ` + listed + ` === 'F3,scope users:read'`)
	press("lost")
	ana.until(listed + ` === 'F3,F4,scope users:read'`)
	ana.shots("faults")
	ana.size(390, 844, 2)
	ana.shots("phone-faults")
	ana.until(`document.documentElement.scrollWidth <= 390`)
	ana.size(1280, 800, 1)

	ana.click(`[data-testid="faults-calm"]`)
	ana.until(status + ` === 'All is as it was at the start.' && ` + listed + ` === '' && ` + mark + `.hidden`)
	if !ws.Calmed() {
		t.Error("it is not calm")
	}
	ana.keys(`[data-testid="fault-method"]`, kb.Escape)
	ana.until(`!document.querySelector('.faults-panel') && document.activeElement === document.querySelector('` + open + `')`)
}

// TestLimitsInABrowser looks at the table of limits while the app calls.
func TestLimitsInABrowser(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	ana := look(t, ws, "ana")[0]
	ana.click(`[data-testid="inspector-toggle"]`)
	showLimits(ana)
	for range 12 {
		if _, err := c.GetUserGroups(); err != nil {
			t.Fatal(err)
		}
	}
	const row = `document.querySelector('[data-testid="limit"][data-method="usergroups.list"]')`
	ana.until(row + `?.innerText.includes('12 / 20') && ` + row + `.innerText.includes('Tier 2')`)
	for range 10 {
		if _, err := c.GetUserGroups(); err != nil {
			t.Fatal(err)
		}
	}
	c.GetUserInfo("U0NOBODY")
	for range 4 {
		if _, _, err := c.PostMessage("C0GENERAL", text("hello")); err != nil {
			t.Fatal(err)
		}
	}
	ana.until(row + `.innerText.includes('22 / 20') && [...` + row + `.children].map((one) => one.innerText).slice(2).join() === '22,0,2'`)
	ana.until(`document.querySelector('[data-method="users.info"] .bad')?.innerText === '1'`)
	ana.until(`document.querySelector('[data-method="chat.postMessage"]')?.innerText.includes('4 / 300')`)
	ana.shots("limits")
	ana.size(390, 844, 2)
	ana.shots("phone-limits")
	ana.until(`document.documentElement.scrollWidth <= 390`)
}

// showLimits opens the part of the inspector that has the limits.
func showLimits(w *window) {
	w.t.Helper()
	w.click(`[data-testid="inspector-limits-tab"]`)
	w.until(`document.querySelector('[data-testid="limits"]').checkVisibility()`)
}

// choose picks an option of a plain select.
func (w *window) choose(css, value string) {
	w.t.Helper()
	w.until(`((s) => { s.value = '` + value + `'; s.dispatchEvent(new Event('change', { bubbles: true })); return s.value === '` + value + `'; })(document.querySelector('` + css + `'))`)
}

// fill replaces what is in an input.
func (w *window) fill(css, text string) {
	w.t.Helper()
	w.until(`((i) => { i.focus(); i.select(); return document.activeElement === i; })(document.querySelector('` + css + `'))`)
	w.keys(css, text)
}
