package page_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// down puts the button of the mouse down on an element; up, where it stays, lets
// it go. Between the two lies what a person's press takes.
func (p *tab) down(css string) (up func()) {
	p.t.Helper()
	at := value[[]float64](p, `(({ x, y, width, height }) => [x + width / 2, y + height / 2])(document.querySelector(`+quote(css)+`).getBoundingClientRect())`)
	p.do(chromedp.MouseEvent(chromedp.MousePressed, at[0], at[1], chromedp.Button("left"), chromedp.ClickCount(1)))
	return func() {
		p.t.Helper()
		p.do(chromedp.MouseEvent(chromedp.MouseReleased, at[0], at[1], chromedp.Button("left"), chromedp.ClickCount(1)))
	}
}

// reads waits until the page has read something once more after do.
func (p *tab) reads(what string, do func()) {
	p.t.Helper()
	of := `performance.getEntriesByType('resource').filter((one) => new URL(one.name).pathname === '/dev/api/` + what + `').length`
	before := value[int](p, of)
	do()
	p.until(of + ` > ` + strconv.Itoa(before))
	p.until(`new Promise((done) => setTimeout(() => done(true)))`) // and was told of it
}

// A press takes a moment, and what is new may come in it.
func pressOutlivesNews(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	talk := func(caption string, more int) {
		list := []obj{{"ts": firstTS, "user": bot, "bot": true, "text": "card", "blocks": []obj{{"type": "actions", "block_id": "row", "elements": []obj{button(caption, "done")}}}}}
		for i := range more {
			list = append(list, obj{"ts": strconv.Itoa(1764066100+i) + ".000100", "user": maya, "text": "news"})
		}
		ws.set("messages C0ONE", obj{"messages": list})
	}
	talk("Done", 0)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	up := p.down(`[data-action-id="done"]`)
	p.reads("messages", func() {
		talk("Done by two", 40)
		ws.tell("messages", obj{"channel": "C0ONE"})
	})
	up()
	ws.posted(t, "action")
	p.until(`document.querySelectorAll('[data-testid="message"]').length === 41`)

	// The app's answer to a submit comes while somebody is about to close the modal.
	answer := make(chan struct{})
	ws.on("submit", func() obj {
		<-answer
		return obj{"ok": false, "error": "Not now."}
	})
	showModal(p, ws, modal("V1", input("i", "I", obj{"type": "plain_text_input"})))
	p.click(testid("modal-submit"))
	p.until(`document.querySelector('[data-testid="modal-submit"]').disabled`)
	up = p.down(testid("modal-close"))
	close(answer)
	p.until(`!document.querySelector('[data-testid="modal-submit"]').disabled`)
	up()
	ws.posted(t, "close")
}
