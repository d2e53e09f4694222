package page_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func reactionsArePressed(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	reactions := func(users ...string) {
		ws.message(obj{"text": "done", "reactions": []obj{
			{"name": "tada", "users": users, "count": len(users)},
			{"name": "no_such_emoji", "users": []string{bot}, "count": 1},
		}})
	}
	reactions(ana, maya)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	const shown = `[...document.querySelectorAll('[data-testid="reaction"]')].map((r) => r.innerText.replace(/\s+/g, ' ') + ' ' + r.ariaPressed + ' ' + r.ariaLabel).join('; ')`
	p.until(shown + ` === '🎉 2 true tada: Ana Pereira, Maya Iyer; :no_such_emoji: 1 false no such emoji: Demo App'`)
	press := func(act, emoji string) {
		t.Helper()
		if diff := cmp.Diff(obj{"as": ana, "channel": "C0ONE", "ts": "1764066000.000100", "emoji": emoji}, ws.posted(t, act)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", act, diff)
		}
	}
	p.click(`[data-testid="reaction"]`)
	press("unreact", "tada")
	reactions(maya)
	ws.tell("messages", obj{"channel": "C0ONE"})
	p.until(shown + `.startsWith('🎉 1 false tada: Maya Iyer;')`)
	p.click(`[data-testid="reaction"]:last-child`)
	press("react", "no_such_emoji")
}
