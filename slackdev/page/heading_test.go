package page_test

import (
	"context"
	"testing"
)

// headingTells has the topic in the heading, the description where there is none,
// and what became of a channel apart from what people wrote.
func headingTells(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.set("messages C0ONE", obj{"messages": []obj{
		{"ts": "1764066000.000100", "user": maya, "subtype": "channel_topic", "text": "set the channel topic: First"},
		{"ts": "1764069000.000100", "user": bot, "bot": true, "subtype": "me_message", "text": "waves"},
		{"ts": "1764072000.000100", "user": maya, "text": "words"},
	}})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	const heading = `document.querySelector('.heading-topic')?.innerText`
	p.until(heading + ` === 'First'`)
	p.until(`[...document.querySelectorAll('[data-testid="message"]')].map((m) => [...m.classList].join(' ')).join('; ') === 'message notice; message me; message'`)
	p.click(testid("sidebar-entry") + `[data-channel="C0TWO"]`)
	p.until(heading + ` === 'All of two'`)
}

func deletedFileIsNamed(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.message(obj{"text": "my plan", "files": []obj{{"id": "F1", "mode": "tombstone"}}})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.until(`document.querySelector('[data-testid="file"]')?.innerText === 'This file was deleted.'`)
	if value[bool](p, `Boolean(document.querySelector('a[data-testid="file"]'))`) {
		t.Error("it can still be downloaded")
	}
}
