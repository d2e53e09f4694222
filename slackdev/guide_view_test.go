package slackdev

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/slack-go/slack"
)

// What the guide speaks of is in view when its card appears, though the conversation is
// at its end, and when the modal is closed that the act before it opened.
func TestTheGuideBringsWhatItSpeaksOfIntoView(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) {
		guiding(o,
			Hint{Title: "One", Text: "Press it.", As: "ana", Place: "#general", Point: "Brief", Near: "The first", Act: "block_actions"},
			Hint{Title: "Two", Text: "And that.", As: "ana", Place: "#general", Point: "Done", Near: "The second", Act: "view_submission"})
	})
	b := &bot{}
	b.block = func(call slack.InteractionCallback) any {
		if _, err := b.api.OpenView(call.TriggerID, slack.ModalViewRequest{Type: "modal", Title: plain("Brief"),
			Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(plain("what is known"), nil, nil)}}}); err != nil {
			t.Error(err)
		}
		return nil
	}
	connect(t, ws, 1, b)
	post := func(words, button string) {
		t.Helper()
		if _, _, err := b.api.PostMessage("C0GENERAL", slack.MsgOptionText(words, false), slack.MsgOptionBlocks(
			slack.NewSectionBlock(plain(words), nil, slack.NewAccessory(slack.NewButtonBlockElement("a", "v", plain(button)))))); err != nil {
			t.Fatal(err)
		}
	}
	post("The first", "Brief")
	for i := range 25 {
		post(fmt.Sprintf("between %d", i), "Other")
	}
	post("The second", "Done")
	for i := range 25 {
		post(fmt.Sprintf("after %d", i), "Other")
	}
	ana := look(t, ws, "ana")[0]
	ana.do(chromedp.EmulateViewport(390, 844), chromedp.Reload())
	pointed := func(words string) string {
		return `((node, box) => node?.closest('[data-testid="message"]').innerText.includes('` + words + `') &&
			box.top > document.getElementById('guide').getBoundingClientRect().bottom && box.bottom < innerHeight - 50)(
			document.querySelector('.pointed'), document.querySelector('.pointed')?.getBoundingClientRect())`
	}
	ana.until(pointed("The first"))
	ana.do(chromedp.Click(chromedp.CSS(`.pointed`)))
	ana.until(`document.querySelector('[data-testid="modal-close"]')?.checkVisibility()`)
	ana.click(`[data-testid="modal-close"]`)
	ana.until(`!document.querySelector('dialog[open]') && ` + pointed("The second"))

	// Whoever has looked elsewhere meanwhile is brought back.
	ana.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[data-testid="message-list"]').scrollTop = 0`))
	ana.until(`!` + pointed("The second"))
	ana.click(`[data-testid="guide-show"]`)
	ana.until(pointed("The second"))
}
