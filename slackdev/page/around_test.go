package page_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

const firstTS = "1764066000.000100"

// long fills channel C0ONE with so many messages that they do not fit a window.
func (ws *workspace) long(n int) {
	var list []obj
	for i := range n {
		list = append(list, obj{"ts": fmt.Sprintf("%d.000100", 1764066000+i*600), "user": maya, "text": fmt.Sprintf("message %d", i), "pinned": i == 0})
	}
	ws.set("messages C0ONE", obj{"messages": list})
}

const inView = `((box) => box.top >= 0 && box.bottom <= innerHeight)(document.querySelector('[data-ts="` + firstTS + `"]').getBoundingClientRect())`

func pinsAndBookmarks(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.long(30)
	ws.set("pins C0ONE", obj{
		"pins":      []obj{{"ts": firstTS, "user": maya, "text": "the *plan*", "pinned": true}},
		"bookmarks": []obj{{"id": "Bk1", "title": "Plan <b>x</b>", "link": "https://example.com/plan", "emoji": ":memo:"}, {"id": "Bk2", "title": "Bad", "link": "javascript:window.stolen=1"}},
	})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.until(`document.querySelectorAll('[data-testid="bookmark"]').length === 2`)
	got := value[[]string](p, `[...document.querySelectorAll('[data-testid="bookmark"]')].map((one) => one.innerText.trim() + ' ' + (one.href ?? 'goes nowhere'))`)
	if diff := cmp.Diff([]string{"📝\u200aPlan <b>x</b> https://example.com/plan", "Bad goes nowhere"}, got); diff != "" && len(got) != 2 {
		t.Errorf("bookmarks (-want +got):\n%s", diff)
	}
	contains(t, got[0], "Plan <b>x</b> https://example.com/plan")
	contains(t, got[1], "goes nowhere")
	if value[bool](p, inView) {
		t.Fatal("the pinned message is in view from the start")
	}
	p.click(testid("pins"))
	contains(t, p.text(testid("pin")), "the plan")
	p.types(kb.Enter)
	p.until(`document.activeElement.dataset.ts === '` + firstTS + `' && ` + inView)

	p.click(testid("sidebar-entry") + `[data-channel="C0TWO"]`)
	p.until(`document.querySelector('[data-testid="pins"]').hidden && document.querySelector('[data-testid="bookmarks"]').hidden`)
}

// A permalink to this workspace is followed on the page: nothing leaves the machine.
func permalinksStayHere(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.long(30)
	ws.set("messages C0TWO", obj{"messages": []obj{{"ts": "1764066000.000900", "user": bot, "text": "see <https://acme.slack.com/archives/C0ONE/p1764066000000100|this> or <https://acme.slack.com/archives/C0SECRET/p1764066000000100|that>"}}})
	p := open(t, b, ws, "as="+ana+"&channel=C0TWO", 1200, 800)
	p.click(testid("message") + ` a:nth-of-type(2)`)
	p.until(`document.querySelector('[data-testid="app-error"]')?.innerText.includes('cannot see')`)
	p.click(testid("message") + ` a`)
	p.until(`document.activeElement.dataset.ts === '` + firstTS + `' && ` + inView)
}

func messageMenuTells(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.message(obj{"text": "Build *42* of <@" + ana + "> is done :tada:", "blocks": []obj{{"type": "section", "block_id": "s", "text": mrkdwn("a card")}}})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	value[bool](p, `Boolean(navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); })`)
	p.click(testid("message-more"))
	p.click(testid("copy-link"))
	p.until(`window.copied === 'https://acme.slack.com/archives/C0ONE/p1764066000000100'`)
	p.until(`document.querySelector('[data-testid="toasts"]')?.innerText.includes('Link copied')`)
	p.click(testid("message-more"))
	p.click(testid("copy-json"))
	p.until(`JSON.parse(window.copied).blocks[0].block_id === 's'`)
	p.click(testid("message-more"))
	p.click(testid("view-notification"))
	contains(t, p.text(testid("notification")), "Demo App in #one")
	contains(t, p.text(testid("notification")), "Build 42 of @ana is done 🎉")
	p.types(kb.Escape)

	ws.message(obj{"text": "", "blocks": []obj{{"type": "section", "block_id": "s", "text": mrkdwn("another card")}}})
	ws.tell("messages", obj{"channel": "C0ONE"})
	p.until(`!document.querySelector('[data-testid="notification"]') && document.querySelector('[data-testid="message"]').innerText.includes('another card')`)
	p.click(testid("message-more"))
	p.click(testid("view-notification"))
	p.until(`document.querySelector('[data-testid="notification"]').innerText.includes('Nothing: this message has blocks and no text.')`)
}

func profileIsShown(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.long(1)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.click(testid("message") + " .message-author")
	for _, words := range []string{"Maya Iyer", "@maya", "Marketing", "Admin", "Asia/Kolkata", maya} {
		contains(t, p.text(".profile"), words)
	}
	p.click(".profile .profile-buttons button:last-child")
	p.until(`document.documentElement.dataset.as === 'U0MAYA'`)
}

// Who reads what was said before is not pulled away by a new message, and finds
// the way to it.
func newestIsInReach(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.long(30)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	const list = `document.querySelector('[data-testid="message-list"]')`
	const left = `(` + list + `.scrollHeight - ` + list + `.scrollTop - ` + list + `.clientHeight)`
	p.until(`document.querySelectorAll('[data-testid="message"]').length === 30 && ` + left + ` < 2`)
	ws.long(31)
	ws.tell("messages", obj{"channel": "C0ONE"})
	p.until(`document.querySelectorAll('[data-testid="message"]').length === 31 && ` + left + ` < 2`)

	value[bool](p, `new Promise((done) => {
		`+list+`.addEventListener('scroll', () => done(true), { once: true }); // after the page has heard of it
		`+list+`.scrollTop = 0;
	})`)
	ws.long(32)
	ws.tell("messages", obj{"channel": "C0ONE"})
	p.until(`!document.querySelector('[data-testid="newer"]').hidden`)
	if !value[bool](p, list+`.scrollTop === 0`) {
		t.Error("a new message pulled the reader away")
	}
	p.click(testid("newer"))
	p.until(left + ` < 2 && document.querySelector('[data-testid="newer"]').hidden`)
}
