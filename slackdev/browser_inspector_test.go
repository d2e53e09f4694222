package slackdev

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
)

// inspected opens the inspector of a workspace in which a command opened a modal
// and updated it, a card was posted and updated, blocks were refused, the clock
// was moved, a timer fired and a call was answered 429.
func inspected(t *testing.T) (*Workspace, *window) {
	t.Helper()
	ws := start(t, func(o *Options) { o.KeepInteractions = 300 })
	view := func(title string) slack.ModalViewRequest {
		return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(title), Submit: plain("Create"), Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("name", plain("Name"), nil, slack.NewPlainTextInputBlockElement(nil, "v")),
		}}}
	}
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		if c.Text != "new" {
			return nil
		}
		go func() {
			if opened, err := b.api.OpenView(c.TriggerID, view("One moment")); err == nil {
				b.api.UpdateView(view("New thing"), "", "", opened.ID)
			}
		}()
		return nil
	}
	b.submit = func(ic slack.InteractionCallback) any {
		go func() {
			b.api.PostMessage("C0GENERAL", slack.MsgOptionText("Vultr", false), slack.MsgOptionBlocks(
				slack.NewSectionBlock(plain("Vultr"), nil, slack.NewAccessory(slack.NewButtonBlockElement("done", "v", plain("Done..."))))))
			b.api.PostEphemeral("C0GENERAL", ic.User.ID, slack.MsgOptionBlocks(
				slack.NewSectionBlock(plain("It is there."), nil, nil), slack.NewHeaderBlock(plain(strings.Repeat("far too long ", 20)))))
		}()
		return nil
	}
	b.block = func(ic slack.InteractionCallback) any {
		go b.api.UpdateMessage(ic.Channel.ID, ic.Message.Timestamp, slack.MsgOptionText("finished by <@"+ic.User.ID+">", false))
		return nil
	}
	connect(t, ws, 1, b)
	ana := ws.User("ana")
	settled := func(method string, n int) {
		t.Helper()
		if err := ws.WaitFor(t.Context(), func() bool { return ws.CallCount(method) == n }); err != nil {
			t.Fatal(err)
		}
	}
	must[Outcome](t)(ana.Slash(t.Context(), "#general", "/thing new"))
	settled("views.update", 1)
	must[Outcome](t)(ana.Fill(t.Context(), "Name", "Vultr"))
	must[Outcome](t)(ana.Submit(t.Context()))
	settled("chat.postEphemeral", 1)
	must[Outcome](t)(ws.User("omar").Click(t.Context(), In("#general", "Done")))
	settled("chat.update", 1)
	ws.FailNext("chat.postMessage", 1, Fault{Code: "restricted_action"})
	botPostRefused(t, ws)
	if err := ws.Clock().Advance(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	botPost(t, ws, "C0GENERAL", "Good morning", "")
	w := look(t, ws, "ana")[0]
	w.do(chromedp.EmulateViewport(1400, 1000))
	w.click(`[data-testid="inspector-toggle"]`)
	w.until(`document.querySelectorAll('[data-testid="interaction"]').length > 5`)
	return ws, w
}

func botPostRefused(t *testing.T, ws *Workspace) {
	t.Helper()
	if got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "text": {"no"}}); got["ok"] != false {
		t.Fatalf("%v", got)
	}
}

const openEntry = `[data-testid="interaction"][data-kind="%s"] > details > summary`

func (w *window) value(expression string) string {
	w.t.Helper()
	v, err := inTime(w, chromedp.Evaluate[string](`String(`+expression+`)`))
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *window) openKind(kind string) {
	w.t.Helper()
	w.click(strings.Replace(openEntry, "%s", kind, 1))
	w.until(`document.querySelector('[data-testid="interaction"][data-kind="` + kind + `"] [data-testid="copy"]')`)
}

func TestTheInspectorTellsTheStory(t *testing.T) {
	t.Parallel()
	_, w := inspected(t)
	in := func(kind, rest string) string {
		return `document.querySelector('[data-testid="interaction"][data-kind="` + kind + `"] ` + rest + `')`
	}
	w.until(in("clock", "") + `.innerText.includes('moved forward by 1 day')`)
	w.until(in("fault", "") + `.innerText.includes('restricted_action')`)
	w.until(in("app", "") + `.innerText.includes('message posted in #general')`)
	w.shots("inspector")

	w.openKind("slash_command")
	rows := w.value(`[...document.querySelectorAll('[data-kind="slash_command"] .row')].map((row) => (row.dataset.method ?? row.dataset.testid) + ' ' + (row.querySelector('.tie')?.innerText ?? '')).join('\n')`)
	if rows != "ack \nviews.open by its trigger\nviews.update by its view" {
		t.Errorf("the rows of the command:\n%s", rows)
	}
	w.until(in("slash_command", ".axis-bar.call-ok") + `.getBoundingClientRect().width >= 3`)
	w.until(in("slash_command", `[data-method="views.open"]`) + `.innerText.includes('modal opened for @ana')`)
	w.click(`[data-kind="modal_updated"] [data-testid="difference"] summary`)
	w.until(`((lines) => lines.includes('-     "text": "One moment",') && lines.includes('+     "text": "New thing",'))([...document.querySelectorAll('.diff-line')].map((line) => line.textContent))`)

	// The call that was refused is open, the sentence under the block at fault.
	w.openKind("view_submission")
	w.until(in("view_submission", `[data-method="chat.postEphemeral"] [data-testid="problem"]`) + `.previousElementSibling.dataset.blockType === 'header'`)
	w.shots("inspector-open")
	w.size(390, 844, 2)
	w.shots("phone-inspector")
	w.size(1400, 1000, 1)

	w.openKind("fault")
	w.click(`[data-kind="fault"] [data-testid="entry-link"]`)
	w.until(`document.activeElement.dataset.kind === 'block_actions'`)
}

func TestTheInspectorCopies(t *testing.T) {
	t.Parallel()
	_, w := inspected(t)
	w.value(`navigator.clipboard.writeText = async (text) => { window.copied = text; }`)
	copied := func(what, css string) string {
		t.Helper()
		w.value(`window.copied = ''`)
		w.click(css)
		w.until(`window.copied !== ''`)
		return w.value(`window.copied`)
	}
	w.openKind("slash_command")
	const command = `[data-kind="slash_command"] `
	if got := copied("fixture", command+`[data-as="fixture"]`); !strings.HasPrefix(got, "{\n  \"envelope_id\"") || !strings.Contains(got, `"command": "/thing"`) {
		t.Errorf("the fixture:\n%s", got)
	}
	if got := copied("json", command+`.entry-foot .row-tools [data-as="json"]`); !strings.Contains(got, `"method": "views.open"`) || !strings.Contains(got, `"changes"`) {
		t.Errorf("the interaction:\n%s", got)
	}
	w.click(command + `[data-method="views.update"] summary`)
	got := copied("curl", command+`[data-method="views.update"] [data-as="curl"]`)
	for _, want := range []string{"/api/views.update' \\\n", `-H "Authorization: Bearer $SLACK_BOT_TOKEN"`, "--data-urlencode 'view_id=V", `--data-urlencode 'view={"type":"modal"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the command for curl lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "xoxb") {
		t.Errorf("a token was copied:\n%s", got)
	}
}

func TestTheInspectorKeepsThePlace(t *testing.T) {
	t.Parallel()
	ws, w := inspected(t)
	count := `document.querySelectorAll('[data-testid="interaction"]').length`
	slash := func() { must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing")) }

	w.openKind("slash_command")
	w.value(`window.place = document.querySelector('[data-kind="slash_command"] details').open && document.querySelector('[data-kind="slash_command"]').getBoundingClientRect().top`)
	w.value(`document.querySelector('[data-kind="slash_command"]').dataset.mine = 'yes'`)
	for range 3 {
		slash()
	}
	w.until(`document.querySelector('[data-testid="inspector-newer"]').innerText === '3 newer'`)
	w.until(`((mine) => mine.querySelector('details').open && Math.abs(mine.getBoundingClientRect().top - window.place) < 2)(document.querySelector('[data-mine]'))`)
	w.click(`[data-testid="inspector-newer"]`)
	w.until(`document.querySelector('[data-testid="interactions"]').scrollTop === 0 && document.querySelector('[data-testid="inspector-newer"]').hidden`)

	w.click(`[data-testid="inspector-pause"]`)
	before := w.value(count)
	slash()
	w.until(`document.querySelector('.inspector-paused').innerText.includes('1 more')`)
	if after := w.value(count); after != before {
		t.Errorf("%s interactions became %s while paused", before, after)
	}
	w.click(`[data-testid="inspector-pause"]`)
	w.until(count + ` === ` + before + ` + 1`)

	w.click(`[data-testid="inspector-failed"]`)
	w.until(count + ` === 3 && !document.querySelector('[data-testid="interaction"][data-kind="slash_command"]')`)
	w.click(`[data-testid="inspector-failed"]`)
	w.do(chromedp.SetValue(chromedp.CSS(`[data-testid="inspector-kind"]`), "story"))
	w.value(`document.querySelector('[data-testid="inspector-kind"]').dispatchEvent(new Event('change'))`)
	w.until(count + ` === 2`)
	w.click(`[data-testid="inspector-clear"]`)
	w.until(count + ` === 0`)
	w.keys(`[data-testid="inspector-pause"]`, kb.Escape)
	w.until(`document.querySelector('[data-testid="inspector"]').hidden && document.activeElement.dataset.testid === 'inspector-toggle'`)
}

func TestTheLimitsHaveATabWhenThereAreSome(t *testing.T) {
	t.Parallel()
	ws := start(t)
	w := look(t, ws, "ana")[0]
	w.click(`[data-testid="inspector-toggle"]`)
	w.value(`document.getElementById('inspector-limits').replaceChildren()`)
	w.until(`document.querySelector('[data-testid="inspector-limits-tab"]').offsetParent === null`)
	w.value(`document.getElementById('inspector-limits').append(document.createElement('p'))`)
	w.until(`document.querySelector('[data-testid="inspector-limits-tab"]').offsetParent !== null`)
	w.click(`[data-testid="inspector-limits-tab"]`)
	w.until(`document.getElementById('inspector-timeline').hidden && !document.getElementById('inspector-limits').hidden`)
}
