package page_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// types sends keys to whatever has the focus.
func (p *tab) types(keys string, with ...chromedp.Modifier) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(with...)))
}

// keysWork goes through the page without a pointer.
func keysWork(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.message(obj{"text": "card", "thread_ts": "1764066000.000100", "reply_count": 1, "reply_users": []string{maya}})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	here := func(channel string) {
		t.Helper()
		p.until(`document.querySelector('[aria-current="page"]')?.dataset.channel === ` + quote(channel))
	}
	p.types("k", chromedp.ModifierCtrl)
	p.until(`document.activeElement.dataset.testid === 'picker-search'`)
	p.types("two" + kb.Enter)
	here("C0TWO")
	p.until(`document.activeElement.dataset.testid === 'composer'`)
	p.types(kb.ArrowUp, chromedp.ModifierAlt)
	here("C0ONE")
	p.types(kb.ArrowDown, chromedp.ModifierAlt)
	here("C0TWO")
	p.types(kb.ArrowUp, chromedp.ModifierAlt)
	here("C0ONE")
	p.types(kb.ArrowDown, chromedp.ModifierAlt, chromedp.ModifierShift) // the only one with something unread
	here("C0TWO")
	p.types("k", chromedp.ModifierCtrl)
	p.types("maya" + kb.Enter)
	p.until(`document.documentElement.dataset.as === 'U0MAYA'`)

	p = open(t, b, ws, "as="+ana, 1200, 800)
	p.click(testid("replies"))
	p.until(`document.activeElement.dataset.testid === 'thread-composer'`)
	p.types(kb.Escape)
	p.until(`document.querySelector('[data-testid="thread"]').hidden && document.activeElement.dataset.testid === 'replies'`)

	seen := map[string]bool{}
	for range 4 { // sidebar, heading, conversation, top bar
		p.types(kb.F6)
		seen[value[string](p, `document.activeElement.closest('#sidebar, #heading, #conversation, #topbar')?.id ?? ''`)] = true
	}
	if diff := cmp.Diff(map[string]bool{"sidebar": true, "heading": true, "conversation": true, "topbar": true}, seen); diff != "" {
		t.Errorf("F6 goes through (-want +got):\n%s", diff)
	}
	p.types("/", chromedp.ModifierCtrl)
	p.until(`document.querySelector('[data-testid="keys"]')?.open`)
	contains(t, p.text(testid("keys")), "Jump to a conversation")
	p.types(kb.Escape)
	p.until(`!document.querySelector('[data-testid="keys"]')`)
}

func messagesByKeys(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	var list []obj
	for i := range 4 {
		list = append(list, obj{"ts": fmt.Sprintf("1764066%d00.000100", i), "user": maya, "text": fmt.Sprintf("message %d", i)})
	}
	ws.set("messages C0ONE", obj{"messages": list})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.until(`document.querySelectorAll('[data-testid="message"]').length === 4`)
	p.do(chromedp.Focus(chromedp.CSS(testid("message-list"))))
	focused := func(what string) {
		t.Helper()
		p.until(`document.activeElement.innerText.includes(` + quote(what) + `)`)
	}
	p.types(kb.ArrowUp)
	focused("message 3")
	p.types(kb.ArrowUp)
	focused("message 2")
	p.types(kb.Home)
	focused("message 0")
	p.types("m")
	p.until(`document.activeElement.matches('[role="menuitem"]')`)
	p.types(kb.Escape)
	p.types(kb.Escape)
	p.until(`document.activeElement.dataset.testid === 'composer'`)
	p.do(chromedp.Focus(chromedp.CSS(testid("message-list"))))
	p.types(kb.ArrowUp + kb.ArrowUp + "t")
	p.until(`!document.querySelector('[data-testid="thread"]').hidden`)
}

func marksAreMade(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.click(testid("composer"))
	p.types("b", chromedp.ModifierCtrl)
	p.types("loud")
	p.types(kb.End + " and ")
	p.click(testid("format-italic"))
	p.types("soft")
	if got, want := value[string](p, `document.querySelector('[data-testid="composer"]').value`), "*loud* and _soft_"; got != want {
		t.Errorf("the box has %q, want %q", got, want)
	}
	p.click(testid("format-quote"))
	p.click(testid("send"))
	want := obj{"as": ana, "channel": "C0ONE", "text": "> *loud* and _soft_"}
	if diff := cmp.Diff(want, ws.posted(t, "message"), asJSON); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}
