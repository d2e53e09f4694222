package slackdev

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
)

// window is one person's page in a real browser.
type window struct {
	t   *testing.T
	ctx context.Context
}

// look opens windows of people; without Chromium the test is skipped, in CI it
// fails.
func look(t *testing.T, ws *Workspace, people ...string) []*window {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		const why = "no Chromium is installed, so the page cannot be looked at: apt-get install chromium"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true))...)
	t.Cleanup(cancel)
	browser, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	var out []*window
	for _, p := range people {
		tab, cancel := chromedp.NewContext(browser)
		t.Cleanup(cancel)
		w := &window{t, tab}
		w.do(chromedp.EmulateViewport(1200, 800), chromedp.Navigate(ws.URL()+"/?as="+string(ws.User(p).ID())+"&channel=C0GENERAL"))
		w.until(`document.documentElement.dataset.ready === 'true'`)
		out = append(out, w)
	}
	return out
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, steps...); err != nil {
		w.t.Fatal(err)
	}
}

// until waits for an expression to become true, looking at every frame.
func (w *window) until(expression string) {
	w.t.Helper()
	const look = `new Promise((done) => { const look = () => ((%s) ? done(true) : requestAnimationFrame(look)); look(); })`
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(look, expression), chromedp.EvalAwaitPromise)); err != nil {
		shown, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.body.innerText`))
		w.t.Fatalf("never became true: %s\n%v\nthe page showed:\n%s", expression, err, shown)
	}
}

func (w *window) click(css string) { w.t.Helper(); w.do(chromedp.Click(chromedp.CSS(css))) }
func (w *window) keys(css, keys string) {
	w.t.Helper()
	w.do(chromedp.SendKeys(chromedp.CSS(css), keys))
}

// TestTwoPeopleInABrowser drives the page against the workspace: a command, a
// modal with a refused input, a card that both see, a click by the other.
func TestTwoPeopleInABrowser(t *testing.T) {
	t.Parallel()
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
	windows := look(t, ws, "ana", "omar")
	ana, omar := windows[0], windows[1]

	ana.keys(`[data-testid="composer"]`, "/thing new"+kb.Enter)
	ana.until(`document.querySelector('[data-testid="modal"][open]')`)
	ana.keys(`[data-block-id="name"] input`, "Vul")
	ana.click(`[data-testid="modal-submit"]`)
	ana.until(`document.querySelector('[data-testid="field-error"]')?.innerText.includes('Too short.')`)
	ana.keys(`[data-block-id="name"] input`, "tr")
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

// TestFilesInABrowser looks at a picture and a table in a channel.
func TestFilesInABrowser(t *testing.T) {
	t.Parallel()
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
	ana := look(t, ws, "ana")[0]
	ana.until(`((i) => i?.complete && i.naturalWidth === 3 && i.alt === 'Three images are late')(document.querySelector('[data-name="board.png"] img'))`)
	ana.until(`((a) => a.download === 'figures.csv' && a.innerText.includes('Figures') && a.innerText.includes('figures.csv · 2 KB'))(document.querySelector('[data-name="figures.csv"]'))`)
	ana.until(`fetch(document.querySelector('[data-name="figures.csv"]').href).then((r) => r.text()).then((text) => { document.body.dataset.got = text.length; }) && document.body.dataset.got === '2200'`)
}
