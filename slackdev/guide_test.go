package slackdev

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func guiding(o *Options, hints ...Hint) { o.Guide = func() []Hint { return hints } }

func TestTheGuideIsListed(t *testing.T) {
	t.Parallel()
	var done atomic.Bool
	var ws *Workspace
	ws = start(t, func(o *Options) {
		guiding(o, []Hint{
			{Title: "The card", Text: "Look at it.", As: "ana", Place: "#general", Near: "card"},
			{Title: "Say it", Text: "Say something.", As: "omar", Place: "dm", Point: "Done…", Done: func() bool {
				return done.Load() && ws.User("ana").Name() == "ana" // it may use the workspace
			}},
			{Title: "Nobody", Text: "There is no such place.", As: "nobody", Place: "#nowhere", Act: "slash_command"},
			{Title: "Home", Text: "Look.", Place: "home", Opens: "inspector"},
		}...)
	})
	hints := func() []any {
		t.Helper()
		status, got := ask(t, ws, http.MethodGet, "/dev/api/guide", "")
		if status != http.StatusOK {
			t.Fatalf("%d %v", status, got)
		}
		return got["hints"].([]any)
	}
	want := []any{
		map[string]any{"title": "The card", "text": "Look at it.", "as": "U0ANA", "channel": "C0GENERAL", "near": "card", "done": false, "watched": false},
		map[string]any{"title": "Say it", "text": "Say something.", "as": "U0OMAR", "tab": "messages", "point": "Done…", "done": false, "watched": true},
		map[string]any{"title": "Nobody", "text": "There is no such place.", "act": "slash_command", "done": false, "watched": false},
		map[string]any{"title": "Home", "text": "Look.", "tab": "home", "opens": "inspector", "done": false, "watched": false},
	}
	if diff := cmp.Diff(want, hints()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	done.Store(true)
	want[1].(map[string]any)["done"] = true
	if diff := cmp.Diff(want, hints()); diff != "" {
		t.Errorf("once it is done (-want +got):\n%s", diff)
	}
	if status, _ := ask(t, ws, http.MethodGet, "/dev/api/guide", "", func(r *http.Request) { r.Header.Del("X-Slackdev") }); status != http.StatusForbidden {
		t.Errorf("it was given to another page: %d", status)
	}
}

// TestTheGuideInABrowser follows it from card to card, by doing what they ask.
func TestTheGuideInABrowser(t *testing.T) {
	t.Parallel()
	var said atomic.Bool
	ws := start(t, func(o *Options) {
		guiding(o, []Hint{
			{Title: "The card", Text: "It says <b>where</b> things stand.", As: "ana", Place: "#random", Near: "The card"},
			{Title: "Press it", Text: "Press it.", As: "omar", Place: "#general", Point: "Done…", Near: "The second", Act: "block_actions"},
			{Title: "Wait", Text: "Until it is said.", Done: said.Load},
			{Title: "Look inside", Text: "Open the inspector.", Point: "Inspector", Opens: "inspector"},
		}...)
	})
	b := &bot{}
	connect(t, ws, 1, b)
	for _, words := range []string{"The first", "The second"} {
		if _, _, err := b.api.PostMessage("C0GENERAL", slack.MsgOptionText(words, false), slack.MsgOptionBlocks(
			slack.NewSectionBlock(plain(words), nil, slack.NewAccessory(slack.NewButtonBlockElement("done", "v", plain("Done...")))))); err != nil {
			t.Fatal(err)
		}
	}
	ana := look(t, ws, "ana")[0]
	const words = `document.querySelector('[data-testid="guide"]').innerText`
	ana.until(words + `.includes('1 of 4') && ` + words + `.includes('It says <b>where</b> things stand.')`)
	ana.click(`[data-testid="guide-take"]`)

	// To be there was all; the next card is omar's.
	ana.until(words + `.includes('2 of 4') && ` + words + `.includes('✓ The card')`)
	ana.click(`[data-testid="guide-take"]`)
	ana.until(`document.documentElement.dataset.as === 'U0OMAR' && !document.querySelector('[data-testid="guide-take"]')`)
	ana.until(`document.querySelector('.pointed')?.closest('[data-testid="message"]')?.innerText.includes('The second')`)
	ana.click(`.pointed`)
	ana.until(words + `.includes('3 of 4') && !document.querySelector('.pointed')`)
	said.Store(true)
	if _, err := ws.User("ana").Say(t.Context(), "#general", "It is said"); err != nil {
		t.Fatal(err)
	}
	ana.until(words + `.includes('4 of 4') && document.querySelector('.pointed')?.dataset.testid === 'inspector-toggle'`)

	// How far it is outlives a reload; the end says so, and is gone when it is closed.
	ana.do(chromedp.Reload())
	ana.until(words + `.includes('4 of 4')`)
	ana.click(`[data-testid="inspector-toggle"]`)
	ana.until(words + `.includes('That was the guide')`)
	ana.click(`[data-testid="guide-dismiss"]`)
	ana.until(`document.querySelector('[data-testid="guide"]').hidden && document.activeElement.id === 'main'`)
	ana.do(chromedp.Reload())
	ana.until(`document.documentElement.dataset.ready === 'true' && document.querySelector('[data-testid="guide"]').hidden`)
}

func TestTheGuideIsSkippedByKeyboard(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) {
		guiding(o, Hint{Title: "One", Text: "First.", As: "omar"}, Hint{Title: "Two", Text: "Second.", As: "omar"})
	})
	ana := look(t, ws, "ana")[0]
	const count = `document.querySelector('[data-testid="guide-count"]')?.innerText`
	ana.until(count + ` === '1 of 2'`)
	ana.keys(`[data-testid="guide-skip"]`, kb.Enter)
	ana.until(count + ` === '2 of 2' && document.querySelector('[data-testid="guide"]').contains(document.activeElement)`)
	ana.keys(`[data-testid="guide-dismiss"]`, kb.Enter)
	ana.until(`document.querySelector('[data-testid="guide"]').hidden`)
}
