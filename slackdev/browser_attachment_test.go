package slackdev

import (
	"context"
	"testing"

	"github.com/slack-go/slack"
)

// attachmentsOnThePage presses what is in the coloured part of a message, as in
// any other block.
func attachmentsOnThePage(t *testing.T, browser context.Context) {
	ws := start(t)
	b := &bot{}
	b.block = func(ic slack.InteractionCallback) any {
		if ic.ActionCallback.BlockActions[0].ActionID != "go" {
			return nil
		}
		why := ic.BlockActionState.Values["row"]["why"].SelectedOption.Value
		go b.api.UpdateMessage(ic.Channel.ID, ic.Container.MessageTs, slack.MsgOptionText(ic.Container.Type+" "+ic.Container.AttachmentID.String()+" "+why, false))
		return nil
	}
	connect(t, ws, 1, b)
	options := []*slack.OptionBlockObject{slack.NewOptionBlockObject("f", plain("Flaky"), nil), slack.NewOptionBlockObject("b", plain("Broken"), nil)}
	attached := slack.Attachment{Color: "danger", Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewActionBlock("row", slack.NewRadioButtonsBlockElement("why", options...), slack.NewButtonBlockElement("go", "1", plain("Build again"))),
	}}}
	older := slack.Attachment{Text: "older", CallbackID: "old", Actions: []slack.AttachmentAction{{Name: "n", Type: "button", Text: "Old button"}}}
	_, ts, err := b.api.PostMessage("C0GENERAL", slack.MsgOptionText("Build 8", false), slack.MsgOptionAttachments(older, attached))
	if err != nil {
		t.Fatal(err)
	}
	message := `document.querySelector('[data-testid="message"][data-ts="` + ts + `"]')`
	ana := lookWith(t, browser, ws, "ana")[0]
	ana.until(message + `?.querySelectorAll('[data-testid="attachment"]').length === 2`)
	ana.until(message + `.querySelector('.attachment-words button').disabled`) // the older kind
	ana.click(`[data-testid="attachment"] [data-action-id="why"] .choice:nth-of-type(2)`)
	ana.until(message + `.querySelectorAll('[data-action-id="why"] input')[1].checked`)
	ana.until(`(window.kept = ` + message + `.querySelector('[data-action-id="go"]'))`)
	if _, _, err := b.api.PostMessage("C0GENERAL", slack.MsgOptionText("another", false)); err != nil {
		t.Fatal(err)
	}
	ana.last("another")
	ana.until(`window.kept === ` + message + `.querySelector('[data-action-id="go"]')`) // in its place
	ana.click(`[data-testid="attachment"] [data-action-id="go"]`)
	ana.until(message + `.innerText.includes('message_attachment 2 b')`)
}
