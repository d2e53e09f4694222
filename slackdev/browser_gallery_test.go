package slackdev

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
)

// gallery fills a workspace with what a chat has in it, walks through it as two
// people and keeps pictures of every place, in both themes and on a phone.
func gallery(t *testing.T, browser context.Context) {
	ws := start(t)
	b := galleryBot(t)
	connect(t, ws, 1, b)
	parent := aWeekInGeneral(t, ws, b)
	omar := lookAt(t, browser, ws, "as=U0OMAR&channel=C0RANDOM")
	omar.until(`document.querySelector('[data-channel="C0GENERAL"] .badge')?.innerText === '1'`)
	omar.shots("unread")
	omar.click(`[data-testid="sidebar-entry"][data-channel="C0GENERAL"]`)
	omar.until(`document.querySelector('.new-divider')`)
	omar.shots("channel")

	ana := lookWith(t, browser, ws, "ana")[0]
	ana.until(`document.querySelector('[data-name="board.png"] img')?.naturalWidth === 360`) // it moves what is above it
	ana.click(`[data-ts="` + string(parent) + `"] [data-testid="replies"]`)
	ana.until(`document.querySelectorAll('[data-testid="thread-list"] [data-testid="message"]').length === 4`)
	ana.shots("thread")
	ana.click(`[data-testid="thread-close"]`)
	ana.keys(`[data-testid="composer"]`, "/th")
	ana.until(`document.querySelector('[data-testid="completion"]')`)
	ana.shots("command")
	ana.keys(`[data-testid="composer"]`, kb.Tab+"new"+kb.Enter)
	ana.until(`document.querySelector('[data-testid="modal"][open]')?.dataset.callbackId === 'form'`)
	ana.shots("modal")
	ana.click(`[data-testid="modal"] [data-action-id="deeper"]`)
	ana.until(`document.querySelector('[data-testid="modal"][open]')?.dataset.callbackId === 'second'`)
	ana.shots("stack")
	ana.click(`[data-testid="modal-dismiss"]`)
	ana.until(`!document.querySelector('[data-testid="modal"]').open`)
	ana.click(`[data-testid="sidebar-app"]`)
	ana.until(`document.querySelector('[data-testid="message-list"]')?.innerText.includes('yours')`)
	ana.shots("dm")
	ana.click(`[data-testid="home-tab"]`)
	ana.until(`document.querySelector('[data-testid="home-view"]')?.innerText.includes('Good morning')`)
	ana.shots("home")

	onAPhone(omar, parent)
}

func onAPhone(w *window, parent TS) {
	w.t.Helper()
	w.size(390, 844, 2)
	w.shots("phone-channel")
	w.click(`[data-testid="drawer"]`)
	w.until(`document.getElementById('sidebar').getBoundingClientRect().left === 0`)
	w.shots("phone-drawer")
	w.click(`[data-testid="sidebar-entry"][data-channel="C0GENERAL"]`)
	w.click(`[data-ts="` + string(parent) + `"] [data-testid="replies"]`)
	w.until(`document.querySelectorAll('[data-testid="thread-list"] [data-testid="message"]').length === 4`)
	w.shots("phone-thread")
	w.click(`[data-testid="thread-close"]`)
	w.keys(`[data-testid="composer"]`, "/thing new"+kb.Enter)
	w.until(`document.querySelector('[data-testid="modal"][open]')`)
	w.shots("phone-modal")
	w.click(`[data-testid="modal-dismiss"]`)
	w.until(`!document.querySelector('[data-testid="modal"]').open`)
}

// galleryBot opens a form with one of each input, a second form over it, and a Home.
func galleryBot(t *testing.T) *bot {
	b := &bot{}
	option := func(s string) *slack.OptionBlockObject { return slack.NewOptionBlockObject(s, plain(s), nil) }
	b.slash = func(c slack.SlashCommand) any {
		go b.api.OpenView(c.TriggerID, slack.ModalViewRequest{
			Type: slack.VTModal, CallbackID: "form", Title: plain("New partnership"), Submit: plain("Create"), Close: plain("Not now"),
			Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "It begins with *who* and *where*. The rest is asked later.", false, false), nil,
					slack.NewAccessory(slack.NewButtonBlockElement("deeper", "v", plain("Choose a template")))),
				slack.NewInputBlock("partner", plain("Partner"), plain("As it writes itself"), slack.NewPlainTextInputBlockElement(plain("DigitalOcean"), "v")),
				slack.NewInputBlock("clouds", plain("Clouds"), nil, slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plain("Choose some"), "v", option("AWS"), option("Azure"), option("GCP"))),
				slack.NewInputBlock("day", plain("Launch"), nil, slack.NewDatePickerBlockElement("v")),
				slack.NewInputBlock("kind", plain("Kind"), nil, slack.NewRadioButtonsBlockElement("v", option("New image"), option("New version"))),
			}},
		})
		return nil
	}
	b.block = func(ic slack.InteractionCallback) any {
		go b.api.PushView(ic.TriggerID, slack.ModalViewRequest{
			Type: slack.VTModal, CallbackID: "second", Title: plain("Templates"), Close: plain("Back"),
			Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(plain("There is only one template so far."), nil, nil)}},
		})
		return nil
	}
	return b
}

// aWeekInGeneral is a few days of a channel; it answers the parent of a thread.
func aWeekInGeneral(t *testing.T, ws *Workspace, b *bot) TS {
	t.Helper()
	says := func(who, text string) {
		t.Helper()
		must[Outcome](t)(ws.User(who).Say(t.Context(), "#general", text))
		passes(t, ws, 40*time.Second)
	}
	posts := func(options ...slack.MsgOption) TS {
		t.Helper()
		_, ts, err := b.api.PostMessage("C0GENERAL", options...)
		if err != nil {
			t.Fatal(err)
		}
		passes(t, ws, 40*time.Second)
		return TS(ts)
	}
	says("lee", "Morning, everybody. The call with DigitalOcean went *very* well :tada:")
	says("lee", "They want the image in their marketplace before `KubeCon`. See https://example.com/plan for dates.")
	says("ana", "Wonderful! I start the process today.")
	passes(t, ws, 26*time.Hour)
	parent := posts(slack.MsgOptionText("DigitalOcean: 3 of 7 steps are done", false), slack.MsgOptionBlocks(
		slack.NewHeaderBlock(plain("DigitalOcean")),
		slack.NewSectionBlock(nil, []*slack.TextBlockObject{words("*Owner*\n<@U0ANA>"), words("*Launch*\nDecember 12th"), words("*Steps*\n3 of 7"), words("*Waiting for*\n<!subteam^S0OMNIBUS>")}, nil),
		slack.NewActionBlock("row", button("done", "Done", slack.StylePrimary), button("later", "Later", ""), button("stop", "Stop it", slack.StyleDanger)),
		slack.NewContextBlock("", words("Started by <@U0ANA> with `/thing new`"))))
	for i, who := range []string{"omar", "maya"} {
		must[Outcome](t)(ws.User(who).SayIn(t.Context(), "#general", parent, []string{"The packages are signed.", "The page is written, too. Ship it?"}[i]))
		passes(t, ws, 3*time.Minute)
	}
	replyTo(t, b.api, parent, "Thank you. Four steps are left.")
	must[any](t)(nil, b.api.AddPin("C0GENERAL", slack.NewRefToMessage("C0GENERAL", string(parent))))
	for _, link := range []string{"Launch plan", "Runbook"} {
		must[slack.Bookmark](t)(b.api.AddBookmark("C0GENERAL", slack.AddBookmarkParameters{Title: link, Type: "link", Link: "https://example.com/" + link[:3], Emoji: ":memo:"}))
	}
	share(t, b.api, "board.png", "The board of this week", chart())
	share(t, b.api, "figures.csv", "Figures", bytes.Repeat([]byte("image,days\n"), 200))
	says("wei", "Where do I find the text for the marketplace?")
	edited := posts(slack.MsgOptionText("The text is in the wiki.", false))
	if _, _, _, err := b.api.UpdateMessage("C0GENERAL", string(edited), slack.MsgOptionText("The text is in the handbook, under <https://example.com|Marketplaces>.", false)); err != nil {
		t.Fatal(err)
	}
	ws.User("omar").MarkRead("#general")
	passes(t, ws, 22*time.Hour)
	says("maya", "Thanks! @omar, can you have a look before noon?")
	says("maya", "It is `section 3`:\n> Images are rebuilt every night.\nIs that still true?")
	for _, who := range []UserID{"U0OMAR", "U0ANA"} {
		if _, err := b.api.PostEphemeral("C0GENERAL", string(who), slack.MsgOptionText("You have not said yet whether you come to the launch.", false)); err != nil {
			t.Fatal(err)
		}
	}
	im, _, _, err := b.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"U0ANA"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.api.PostMessage(im.ID, slack.MsgOptionText("Two steps are yours today: *Sign* and *Announce*.", false)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.api.PublishView("U0ANA", slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewHeaderBlock(plain("Good morning, Ana")), slack.NewSectionBlock(words("*2* steps are yours today."), nil, slack.NewAccessory(button("open", "Open", ""))), slack.NewDividerBlock(),
	}}}, ""); err != nil {
		t.Fatal(err)
	}
	return parent
}

func passes(t *testing.T, ws *Workspace, d time.Duration) {
	t.Helper()
	if err := ws.Clock().Advance(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

func share(t *testing.T, c *slack.Client, name, title string, data []byte) {
	t.Helper()
	if _, err := c.UploadFile(slack.UploadFileParameters{Filename: name, Title: title, AltTxt: title, Content: string(data), FileSize: len(data), Channel: "C0GENERAL"}); err != nil {
		t.Fatal(err)
	}
}

func words(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, false)
}

func button(action, caption string, style slack.Style) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, "v", plain(caption)).WithStyle(style)
}

// chart is a picture that is worth a look.
func chart() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 360, 160))
	for x := range 360 {
		for y := range 160 {
			c := color.RGBA{246, 247, 249, 255}
			if bar := x / 60; x%60 > 14 && y > 140-bar*20 {
				c = color.RGBA{90, 99, 224, 255}
			}
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err) // a picture in memory is always written
	}
	return out.Bytes()
}
