package page_test

import (
	"context"
	"testing"
)

// inspectorReads opens interactions that went badly, on a phone: an ack whose
// view was refused, a call long after the budget, an event that came again.
func inspectorReads(t *testing.T, b context.Context) {
	at := "2025-11-25T10:31:00Z"
	refused := obj{"type": "modal", "title": plain("Bad"), "blocks": []obj{{"type": "divider"}, {"type": "header", "text": plain("far too long")}}}
	ws := newWorkspace(t)
	ws.set("interactions", obj{"rev": 9, "budget_ms": 3000, "items": []obj{
		{"id": 1, "rev": 1, "at": at, "user": ana, "kind": "event", "name": "app_home_opened", "envelope_id": "e1", "outcome": "demo did not respond in 3 seconds.", "fault": "dropped on its way", "event_id": "Ev1", "calls": []obj{}, "payload": obj{}},
		{"id": 2, "rev": 2, "at": at, "user": ana, "kind": "event", "name": "app_home_opened", "envelope_id": "e2", "outcome": "ok", "ack_ms": 4, "event_id": "Ev1", "attempt": 1, "first_id": 1, "calls": []obj{}, "payload": obj{}},
		{
			"id": 3, "rev": 3, "at": at, "user": ana, "kind": "view_submission", "name": "new", "envelope_id": "e3", "outcome": "We had some trouble connecting. Try again?", "ack_ms": 1200,
			"response": obj{"response_action": "update", "view": refused}, "warnings": []string{"invalid_arguments"}, "payload": obj{},
			"problems": []string{"[ERROR] must be less than 151 characters [json-pointer:/view/blocks/1/text/text]"},
			"calls": []obj{
				{"seq": 1, "method": "chat.postMessage", "ok": true, "status": 200, "start_ms": 20, "ms": 300, "args": obj{"text": "it's me"}, "result": obj{"ok": true}, "by": "time", "likely": true},
				{"seq": 2, "method": "views.publish", "ok": true, "status": 200, "start_ms": 65000, "ms": 5, "args": obj{}, "result": obj{"ok": true}, "by": "view_id"},
			},
			"changes": []obj{{"kind": "message_posted", "channel": "C0ONE", "ts": "1.2", "text": "it is me", "call": 1, "at_ms": 320, "after": obj{"text": "it is me"}}},
		},
	}})
	p := open(t, b, ws, "as="+ana, 390, 844)
	p.click(testid("inspector-toggle"))
	p.click(`[data-id="3"] > details > summary`)
	p.until(`document.querySelector('[data-testid="ack"] [data-testid="problem"]')?.previousElementSibling.dataset.blockType === 'header'`)
	contains(t, p.text(`[data-testid="ack"]`), "at 1,200 ms of 3,000 ms")
	contains(t, p.text(`[data-method="chat.postMessage"]`), "message posted in #one")
	contains(t, p.text(`[data-method="chat.postMessage"]`), "likely")
	contains(t, p.text(`[data-method="views.publish"]`), "at 65.0 s, took 5.0 ms")

	// Everything stands on one axis, that of two seconds; what is late at its end.
	type bar struct{ Left, Width float64 }
	place := func(css string) bar {
		return value[bar](p, `((bar) => { const of = bar.parentElement.getBoundingClientRect(); const is = bar.getBoundingClientRect(); return { Left: (is.left - of.left) / of.width, Width: is.width / of.width }; })(document.querySelector(`+quote(css+" .axis-bar")+`))`)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if got < want-0.02 || got > want+0.02 {
			t.Errorf("%s is at %.2f of the axis, not at %.2f", what, got, want)
		}
	}
	near("the end of the ack", place(`[data-testid="ack"]`).Width, 0.6)
	near("the call", place(`[data-method="chat.postMessage"]`).Left, 0.01)
	near("the length of the call", place(`[data-method="chat.postMessage"]`).Width, 0.15)
	late := place(`[data-method="views.publish"]`)
	near("the end of the late call", late.Left+late.Width, 1)

	wide := value[[]string](p, `[document.documentElement, ...document.querySelectorAll('#inspector, .interactions, .interaction, .rows, .row')]
		.filter((node) => node.clientWidth > 0 && node.scrollWidth > node.clientWidth).map((node) => node.className + ' ' + node.scrollWidth + ' > ' + node.clientWidth)`)
	if len(wide) > 0 {
		t.Errorf("on a phone something scrolls sideways: %q", wide)
	}
	p.click(`[data-id="2"] > details > summary`)
	p.click(`[data-id="2"] ` + testid("entry-link"))
	p.until(`document.activeElement.dataset.id === '1'`)
	p.click(testid("inspector-failed"))
	p.until(`document.querySelectorAll('[data-testid="interaction"]').length === 2`)
}
