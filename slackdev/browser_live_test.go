package slackdev

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
)

// last is what the newest message in the channel says.
func (w *window) last(text string) {
	w.t.Helper()
	w.until(`[...document.querySelectorAll('[data-testid="message-list"] [data-testid="message"]')].at(-1)?.innerText.includes('` + text + `')`)
}

// twoWindows are two people who see what happens while it happens, and each only
// what is theirs.
func twoWindows(t *testing.T, browser context.Context) {
	ws := start(t)
	c := api(ws)
	ana := lookWith(t, browser, ws, "ana")[0]
	omar := lookAt(t, browser, ws, "as=U0OMAR&channel=C0RANDOM")

	ana.keys(`[data-testid="composer"]`, "good morning, @omar"+kb.Enter)
	ana.last("good morning, @omar")
	omar.until(`document.querySelector('[data-channel="C0GENERAL"].unread .badge')?.innerText === '1'`)
	omar.click(`[data-testid="sidebar-entry"][data-channel="C0GENERAL"]`)
	omar.last("good morning, @omar")
	omar.until(`document.querySelector('.new-divider')`)
	omar.until(`!document.querySelector('[data-channel="C0GENERAL"]').matches('.unread')`)
	ana.until(`!document.querySelector('.new-divider')`) // her own words are not new to her

	ts := card(t, c)
	omar.last("parent")
	omar.until(`(window.kept = document.querySelector('[data-ts="` + string(ts) + `"]'))`)
	if _, _, _, err := c.UpdateMessage("C0GENERAL", string(ts), slack.MsgOptionText("changed", false)); err != nil {
		t.Fatal(err)
	}
	for _, w := range []*window{ana, omar} {
		w.last("changed")
		w.until(`document.querySelector('[data-ts="` + string(ts) + `"] .edited')`)
	}
	omar.until(`window.kept === document.querySelector('[data-ts="` + string(ts) + `"]')`) // in its place

	if _, err := c.PostEphemeral("C0GENERAL", "U0OMAR", slack.MsgOptionText("between us", false)); err != nil {
		t.Fatal(err)
	}
	omar.last("between us")
	omar.until(`document.querySelector('[data-testid="ephemeral"]').innerText.includes('Only visible to you')`)
	if _, _, err := c.PostMessage("C0GENERAL", slack.MsgOptionText("for everyone", false)); err != nil {
		t.Fatal(err)
	}
	ana.last("for everyone")
	ana.until(`!document.body.innerText.includes('between us')`)

	replyTo(t, c, ts, "in the thread")
	ana.until(`document.querySelector('[data-testid="replies"]')?.innerText.includes('1 reply')`)
	ana.click(`[data-testid="replies"]`)
	ana.until(`document.querySelector('[data-testid="thread-list"]').innerText.includes('in the thread')`)
	ana.keys(`[data-testid="thread-composer"]`, "and mine"+kb.Enter)
	omar.until(`document.querySelector('[data-testid="replies"]')?.innerText.includes('2 replies')`)

	// A reload takes the ephemeral, and nothing else, and only from him.
	omar.do(chromedp.Reload())
	omar.ready()
	omar.last("for everyone")
	omar.until(`!document.body.innerText.includes('between us')`)
	ana.until(`document.querySelector('[data-testid="thread-list"]').innerText.includes('and mine')`)
}

// clockOnThePage moves the time by hand: a trigger grows too old, and what is due
// happens at its own moment.
func clockOnThePage(t *testing.T, browser context.Context) {
	ws := start(t)
	triggers := make(chan string, 1)
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		triggers <- c.TriggerID
		return nil
	}
	connect(t, ws, 1, b)
	due := ws.Clock().Now().Add(90 * time.Minute)
	forget := ws.Clock().StopAt(func(context.Context) (time.Time, bool) { return due, due.After(ws.Clock().Now()) })
	t.Cleanup(forget)
	ws.Clock().OnAdvance(func(context.Context, time.Time) {
		if ws.Clock().Now().Equal(due) {
			if _, _, err := b.api.PostMessage("C0GENERAL", slack.MsgOptionText("a reminder", false)); err != nil {
				t.Error(err)
			}
		}
	})
	w := lookWith(t, browser, ws, "ana")[0]
	w.keys(`[data-testid="composer"]`, "/thing"+kb.Enter)
	trigger := <-triggers
	w.click(`[data-testid="clock"]`)
	w.click(`[data-testid="clock-hour"]`)
	w.until(`document.querySelector('.clock-status').innerText.includes('10:00')`)
	if _, err := b.api.OpenView(trigger, form("late")); codeOf(err) != "expired_trigger_id" {
		t.Errorf("an hour later the trigger says %q", codeOf(err))
	}
	w.until(`!document.querySelector('[data-testid="message-list"]').innerText.includes('a reminder')`)
	w.click(`[data-testid="clock-day"]`)
	w.until(`document.querySelector('[data-testid="message-list"]').innerText.includes('a reminder')`)
	w.until(`document.querySelector('[data-testid="message"] time').dateTime === '` + due.Format("2006-01-02T15:04:05.000Z") + `'`)
	w.until(`document.querySelector('.day-divider').innerText === 'Yesterday'`)
}

// shortcutsOnThePage uses a global shortcut from the bar and a message shortcut
// from a message's menu.
func shortcutsOnThePage(t *testing.T, browser context.Context) {
	ws := start(t)
	b := &bot{}
	b.other = func(ic slack.InteractionCallback) any {
		name := ic.CallbackID
		if ic.Type == slack.InteractionTypeMessageAction {
			name += " " + ic.Message.Text
		}
		v := form(ic.CallbackID)
		v.PrivateMetadata = name
		go b.api.OpenView(ic.TriggerID, v)
		return nil
	}
	connect(t, ws, 1, b)
	card(t, b.api)
	w := lookWith(t, browser, ws, "ana")[0]
	w.click(`[data-testid="shortcuts"]`)
	w.click(`[data-testid="shortcut"][data-callback-id="new_thing"]`)
	w.modal("new_thing")
	w.press(kb.Escape)
	w.noModal()
	w.click(`[data-testid="message-more"]`)
	w.click(`[data-testid="message-shortcut"][data-callback-id="link_it"]`)
	w.modal("link_it")
	if v, ok := ws.User("ana").Modal(); !ok || v.PrivateMetadata != "link_it parent" {
		t.Errorf("the shortcut was told of %q", v.PrivateMetadata)
	}
}
