package page_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// The back button walks through the places and the people of this window.
func browserGoesBack(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.click(testid("sidebar-entry") + `[data-channel="C0TWO"]`)
	p.until(`location.search === '?as=U0ANA&channel=C0TWO'`)
	p.click(testid("user-switch"))
	p.click(testid("user-option") + `[data-user="` + maya + `"]`)
	p.until(`document.documentElement.dataset.as === 'U0MAYA'`)

	p.do(chromedp.NavigateBack())
	p.until(`document.documentElement.dataset.as === 'U0ANA'`)
	p.until(`location.search === '?as=U0ANA&channel=C0TWO'`)
	p.until(`document.querySelector('[aria-current="page"]').dataset.channel === 'C0TWO'`)
	p.do(chromedp.NavigateBack())
	p.until(`document.querySelector('[aria-current="page"]').dataset.channel === 'C0ONE'`)
	p.do(chromedp.NavigateForward())
	p.until(`document.querySelector('[aria-current="page"]').dataset.channel === 'C0TWO'`)
}

// A reload is told to the server, which drops what Slack drops; a second window
// of the same person is none.
func onlyReloadTakes(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	open(t, b, ws, "as="+ana, 1200, 800)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.do(chromedp.Reload())
	p.until(`document.documentElement.dataset.ready === 'true'`)
	if diff := cmp.Diff(obj{"as": ana}, ws.posted(t, "reload"), asJSON); diff != "" {
		t.Errorf("reload (-want +got):\n%s", diff)
	}
	if n := ws.count("reload"); n != 0 {
		t.Errorf("two windows and one reload told the server of %d reloads more", n)
	}
}
