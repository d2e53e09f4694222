package slackdev

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
)

// twoPeople is the shortest whole story: a command, a modal with a refused
// input, a card that both see, a click by the other.
func twoPeople(t *testing.T, browser context.Context) {
	ws := start(t, func(o *Options) { o.Now = time.Time{} })
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		go b.api.OpenView(c.TriggerID, slack.ModalViewRequest{Type: slack.VTModal, Title: plain("New thing"), Submit: plain("Create"), Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("name", plain("Name"), nil, slack.NewPlainTextInputBlockElement(nil, "v")),
		}}})
		return nil
	}
	b.submit = func(ic slack.InteractionCallback) any {
		name := ic.View.State.Values["name"]["v"].Value
		if name == "Vul" {
			return slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "Too short."})
		}
		go b.api.PostMessage("C0GENERAL", slack.MsgOptionText(name, false), slack.MsgOptionBlocks(
			slack.NewSectionBlock(plain(name), nil, slack.NewAccessory(slack.NewButtonBlockElement("done", "v", plain("Done..."))))))
		return nil
	}
	b.block = func(ic slack.InteractionCallback) any {
		go b.api.UpdateMessage(ic.Channel.ID, ic.Message.Timestamp, slack.MsgOptionText("finished by <@"+ic.User.ID+">", false))
		return nil
	}
	connect(t, ws, 1, b)
	windows := lookWith(t, browser, ws, "ana", "omar")
	ana, omar := windows[0], windows[1]

	ana.keys(`[data-testid="composer"]`, "/thing new"+kb.Enter)
	ana.until(`document.querySelector('[data-testid="modal"][open]')`)
	ana.keys(`[data-block-id="name"] input`, "Vul")
	ana.click(`[data-testid="modal-submit"]`)
	ana.until(`document.querySelector('[data-testid="field-error"]')?.innerText.includes('Too short.')`)
	ana.keys(`[data-block-id="name"] input`, "tr")
	ana.until(`!document.querySelector('[data-testid="modal-submit"]').disabled`)
	ana.click(`[data-testid="modal-submit"]`)
	ana.until(`!document.querySelector('[data-testid="modal"][open]')`)
	ana.until(`document.querySelector('[data-testid="message"]')?.innerText.includes('Vultr')`)

	omar.until(`document.querySelector('[data-action-id="done"]')`)
	omar.click(`[data-action-id="done"]`)
	ana.until(`document.querySelector('[data-testid="message"]')?.innerText.includes('finished by @omar') || document.querySelector('[data-testid="message"]')?.innerText.includes('finished by @Omar')`)
	if got := ws.User("ana").Sees("#general"); got != "finished by @omar" {
		t.Errorf("she sees %q", got)
	}
}

// filesAreShown looks at a picture and a table in a channel.
func filesAreShown(t *testing.T, browser context.Context) {
	ws := start(t)
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	c := api(ws)
	for _, f := range []slack.UploadFileParameters{
		{Filename: "board.png", Title: "The board", AltTxt: "Three images are late", Content: drawn.String()},
		{Filename: "figures.csv", Title: "Figures", Content: strings.Repeat("image,days\n", 200)},
	} {
		f.FileSize, f.Channel = len(f.Content), "C0GENERAL"
		if _, err := c.UploadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	ana := lookWith(t, browser, ws, "ana")[0]
	ana.until(`((i) => i?.complete && i.naturalWidth === 3 && i.alt === 'Three images are late')(document.querySelector('[data-name="board.png"] img'))`)
	ana.until(`((a) => a.download === 'figures.csv' && a.innerText.includes('Figures') && a.innerText.includes('figures.csv · 2 KB'))(document.querySelector('[data-name="figures.csv"]'))`)
	ana.until(`fetch(document.querySelector('[data-name="figures.csv"]').href).then((r) => r.text()).then((text) => { document.body.dataset.got = text.length; }) && document.body.dataset.got === '2200'`)
}
