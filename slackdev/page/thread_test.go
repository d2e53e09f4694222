package page_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

func threadIsAnswered(t *testing.T, b context.Context) {
	const parent, quiet, loud = "1763800000.000100", "1764066060.000100", "1764066120.000100"
	said := func(ts, user, text string, more obj) obj {
		m := obj{"ts": ts, "user": user, "bot": user == bot, "text": text}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	ws := newWorkspace(t)
	head := said(parent, bot, "the card", obj{"thread_ts": parent, "reply_count": 2})
	tail := said(loud, maya, "done, everybody", obj{"thread_ts": parent, "broadcast": true})
	ws.set("messages C0ONE", obj{"messages": []obj{head, tail}})
	ws.set("messages C0ONE "+parent, obj{"messages": []obj{head, said(quiet, bot, "a reminder", obj{"thread_ts": parent}), tail}})
	p := open(t, b, ws, "as="+ana, 1200, 800)

	if got := p.text(testid("replies")); got != "2 replies" {
		t.Errorf("under the card it says %q", got)
	}
	inChannel := testid("message-list") + ` [data-ts="` + loud + `"]`
	contains(t, p.text(inChannel), "Replied to a thread: the card")
	contains(t, p.text(inChannel), "done, everybody")
	p.click(testid("replies"))
	p.until(`document.querySelectorAll('[data-testid="thread-list"] [data-testid="message"]').length === 3`)
	contains(t, p.text(testid("thread-list")), "a reminder")
	contains(t, p.text(testid("thread-list")), "Nov 22nd at ")
	p.click(testid("thread-close"))
	p.until(`document.querySelector('[data-testid="thread"]').hidden`)
	p.click(testid("broadcast"))
	p.until(`document.querySelectorAll('[data-testid="thread-list"] [data-testid="message"]').length === 3`)

	p.keys(testid("thread-composer"), "mine is done"+kb.Enter)
	want := obj{"as": ana, "channel": "C0ONE", "text": "mine is done", "thread_ts": parent}
	if diff := cmp.Diff(want, ws.posted(t, "message"), asJSON); diff != "" {
		t.Errorf("a reply (-want +got):\n%s", diff)
	}
	contains(t, p.text(testid("thread")), "Also send to #one")
	p.click(testid("thread-broadcast"))
	p.keys(testid("thread-composer"), "for all"+kb.Enter)
	want["text"], want["reply_broadcast"] = "for all", true
	if diff := cmp.Diff(want, ws.posted(t, "message"), asJSON); diff != "" {
		t.Errorf("a broadcast reply (-want +got):\n%s", diff)
	}
	p.keys(testid("thread-composer"), "and no more"+kb.Enter)
	if got := ws.posted(t, "message")["reply_broadcast"]; got != nil {
		t.Errorf("the next reply was broadcast, too: %v", got)
	}

	// Where the parent was deleted, its place and the thread stay.
	ws.set("messages C0ONE", obj{"messages": []obj{said(parent, "USLACKBOT", "This message was deleted.", obj{"thread_ts": parent, "reply_count": 2})}})
	ws.tell("messages", obj{"channel": "C0ONE"})
	p.until(`document.querySelector('[data-testid="message-list"]').innerText.includes('This message was deleted.')`)
	contains(t, p.text(testid("message-list")), "2 replies")
}
