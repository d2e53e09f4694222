package page_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	keyboard "github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// press presses Enter or Space as a keyboard does: a page that takes the key
// down for itself gets no character after it, which the library's own key
// events send all the same.
func press(key string) chromedp.Action[chromedp.Void] {
	down := keyboard.DispatchKeyEventParams{Type: keyboard.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
	if key == "Space" {
		down = keyboard.DispatchKeyEventParams{Type: keyboard.DispatchKeyEventTypeKeyDown, Key: " ", Code: "Space", Text: " ", WindowsVirtualKeyCode: 32}
	}
	up := down
	up.Type, up.Text = keyboard.DispatchKeyEventTypeKeyUp, ""
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		for _, event := range []keyboard.DispatchKeyEventParams{down, up} {
			if _, err := cdp.Call(ctx, t, keyboard.DispatchKeyEvent, event); err != nil {
				return chromedp.Void{}, err
			}
		}
		return chromedp.Void{}, nil
	}
}

// focus gives an element the focus and waits until it has it.
func (p *tab) focus(css string) {
	p.t.Helper()
	p.until(`(document.querySelector(` + quote(css) + `).focus(), document.activeElement === document.querySelector(` + quote(css) + `))`)
}

// keysChoose works every select of a message with the keyboard alone.
func keysChoose(t *testing.T, b context.Context) {
	g := readGallery(t)
	ws := newWorkspace(t)
	ws.on("suggest", func() obj { return obj{"ok": true, "options": []obj{option("Found", "found")}} })
	ws.set("messages C0ONE", obj{"messages": []obj{{"ts": "1764066000.000100", "user": bot, "bot": true, "text": "choices", "blocks": g.messages["choices"]}}})
	p := open(t, b, ws, "as="+ana, 1200, 900)
	for _, c := range []struct{ action, typed, want string }{
		{"who", "ana", ana},
		{"static", "sec", "2"},
		{"many", "thr", "1 3"},
		{"external", "fou", "found"},
		{"externals", "fou", "found"},
		{"people", "may", maya},
		{"channel", "one", "C0ONE"},
		{"channels", "one", "C0ONE"},
		{"place", "two", "C0TWO"},
		{"places", "two", "C0TWO"},
	} {
		control := `[data-action-id="` + c.action + `"]`
		p.focus(control)
		p.do(press("Enter"))
		p.until(`document.activeElement.dataset.testid === 'picker-search'`)
		p.do(chromedp.KeyEvent(c.typed))
		p.until(`document.querySelectorAll('[data-testid="option"]').length === 1 && document.querySelector('[data-testid="option"].active')`)
		p.do(press("Enter"))
		if value[bool](p, `document.querySelector('`+control+`').matches('.many')`) { // its list stays open for more
			p.until(`document.querySelector('[data-testid="option"]').ariaSelected === 'true'`)
			p.do(chromedp.KeyEvent(kb.Escape))
		}
		p.until(`!document.querySelector('[data-testid="picker-search"]')`)
		p.until(`document.querySelector('` + control + `').dataset.value === ` + quote(c.want))
		p.until(`document.activeElement.dataset.actionId === '` + c.action + `'`)
		body := ws.posted(t, "action")
		if body["action_id"] != c.action {
			t.Errorf("the bot heard of %v, want %s", body["action_id"], c.action)
		}
	}
	// No more than two of "many": the third choice is refused with a reason.
	p.focus(`[data-action-id="many"]`)
	p.do(press("Enter"))
	p.until(`document.querySelectorAll('[data-testid="option"]').length === 3`)
	p.do(chromedp.KeyEvent(kb.ArrowDown), press("Enter"))
	p.until(`document.querySelector('.picker-limit').innerText === 'Choose up to 2.'`)
	p.do(chromedp.KeyEvent(kb.Escape))
	p.until(`document.querySelector('[data-action-id="many"]').dataset.value === '1 3'`)
}

// keysActAndPick works what is no select with the keyboard alone.
func keysActAndPick(t *testing.T, b context.Context) {
	g := readGallery(t)
	ws := newWorkspace(t)
	ws.set("messages C0ONE", obj{"messages": []obj{
		{"ts": "1764066000.000100", "user": bot, "bot": true, "text": "basics", "blocks": g.messages["basics"]},
		{"ts": "1764066000.000200", "user": bot, "bot": true, "text": "choices", "blocks": g.messages["choices"]},
	}})
	p := open(t, b, ws, "as="+ana, 1200, 900)
	action := func() obj {
		t.Helper()
		a, _ := ws.posted(t, "action")["action"].(obj)
		return a
	}
	check := func(want obj) {
		t.Helper()
		if diff := cmp.Diff(want, action(), asJSON); diff != "" {
			t.Errorf("action (-want +got):\n%s", diff)
		}
	}

	// An overflow menu, and the dangerous question it asks.
	p.focus(`[data-action-id="more"]`)
	p.do(press("Enter"))
	p.until(`document.activeElement.dataset.testid === 'overflow-option'`)
	p.do(chromedp.KeyEvent(kb.End), press("Enter"))
	p.until(`document.activeElement.dataset.testid === 'confirm-ok' && document.activeElement.matches('.danger-solid')`)
	contains(t, p.text(testid("confirm")), "This cannot be undone.")
	p.do(chromedp.KeyEvent(kb.Escape))
	p.until(`!document.querySelector('[data-testid="confirm"]')`)
	if n := ws.count("action"); n != 0 {
		t.Errorf("the bot heard of %d actions though the question was declined", n)
	}
	p.focus(`[data-action-id="more"]`)
	p.do(press("Space"))
	p.until(`document.activeElement.dataset.testid === 'overflow-option'`)
	p.do(chromedp.KeyEvent("c"), press("Space"))
	p.until(`document.activeElement.dataset.testid === 'confirm-ok'`)
	p.do(press("Enter"))
	check(obj{"type": "overflow", "selected_option": obj{"text": plain("Cancel the run"), "value": "c", "description": plain("Nobody is told")}})

	p.focus(`[data-action-id="rate"] button`)
	p.do(press("Enter"))
	check(obj{"type": "feedback_buttons", "value": "up", "text": plain("Good answer")})
	p.until(`document.querySelector('[data-action-id="rate"] button').ariaPressed === 'true'`)
	p.focus(`[data-action-id="bin"]`)
	p.do(press("Space"))
	check(obj{"type": "icon_button", "value": "gone", "text": plain("Delete")})

	p.focus(`[data-action-id="checks"] input`)
	p.do(press("Space"))
	chosen, _ := action()["selected_options"].([]any)
	if len(chosen) != 2 {
		t.Errorf("ticked: %v", chosen)
	}
	p.focus(`[data-action-id="radio"] input`)
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	check(obj{"type": "radio_buttons", "selected_option": option("Tonight", "t")})
	p.focus(`[data-action-id="date"]`)
	p.do(chromedp.KeyEvent(kb.ArrowUp)) // the month, as Chromium's own picker has it
	check(obj{"type": "datepicker", "selected_date": "2026-02-15"})
	p.focus(`[data-action-id="time"]`)
	p.do(chromedp.KeyEvent(kb.ArrowUp))
	check(obj{"type": "timepicker", "selected_time": "10:30"})
	p.focus(`[data-action-id="moment"]`)
	p.do(chromedp.KeyEvent(kb.ArrowUp))
	check(obj{"type": "datetimepicker", "selected_date_time": 1771113600})
}
