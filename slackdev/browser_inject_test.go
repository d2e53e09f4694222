package slackdev

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
)

// evil would ask for a picture and then run a function, if it ever became an
// element. It is short enough for the title of a modal.
const evil = `<img src=x onerror=p()>`

//go:embed testdata/evil_blocks.json
var evilBlocks string

//go:embed testdata/evil_modal.json
var evilModal string

func withEvil(s string) string { return strings.ReplaceAll(s, "EVIL", evil) }

// evilWorkspace has evil in every name and description that a seed and a
// manifest have.
func evilWorkspace(t *testing.T) *Workspace {
	return start(t, func(o *Options) {
		m := strings.NewReplacer("{ name: Test App }", "{ name: '"+evil+"' }", "name: New thing", "name: '"+evil+"'", "name: Link it", "name: '"+evil+"'",
			"Starts a thing", "'"+evil+"'", "Links a message", "'"+evil+"'", "description: Things", "description: '"+evil+"'", `"new | list"`, "'new | "+evil+"'").Replace(testManifest)
		seed := DefaultSeed()
		seed.Team.Name = evil
		for i := range seed.Users {
			seed.Users[i].RealName, seed.Users[i].Title = evil, evil
		}
		for i := range seed.UserGroups {
			seed.UserGroups[i].Name = evil
		}
		for i := range seed.Channels {
			seed.Channels[i].Topic = evil
		}
		seed.Channels = append(seed.Channels, SeedChannel{ID: "C0EVIL", Name: evil, Topic: evil, Members: []string{"everyone"}, Bot: true})
		o.Manifest, o.Seed = []byte(m), seed
		o.Actions = func() []Action { return []Action{{Label: evil, Note: evil}} }
	})
}

// evilBot answers everything with evil.
func evilBot(t *testing.T, ws *Workspace) *bot {
	b := &bot{}
	var v slack.ModalViewRequest
	if err := json.Unmarshal([]byte(withEvil(evilModal)), &v); err != nil {
		t.Fatal(err)
	}
	b.slash = func(slack.SlashCommand) any { return map[string]any{"text": evil, "response_type": "ephemeral"} }
	b.block = func(ic slack.InteractionCallback) any {
		go b.api.OpenView(ic.TriggerID, v)
		return nil
	}
	b.submit = func(slack.InteractionCallback) any {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{"text": evil, "lines": evil})
	}
	b.other = func(ic slack.InteractionCallback) any {
		if ic.Type != slack.InteractionTypeBlockSuggestion {
			return nil
		}
		return slack.OptionsResponse{Options: []*slack.OptionBlockObject{slack.NewOptionBlockObject("1", plain(evil), plain(evil))}}
	}
	connect(t, ws, 1, b)
	return b
}

// evilTalk sends evil wherever an app can send something.
func evilTalk(t *testing.T, ws *Workspace, b *bot) {
	t.Helper()
	calls := func(method string, kv ...string) map[string]any {
		t.Helper()
		got := viewCall(t, ws, method, kv...)
		if got["ok"] != true {
			t.Fatalf("%s: %v", method, got)
		}
		return got
	}
	blocks := withEvil(evilBlocks)
	parent := calls("chat.postMessage", "channel", "C0GENERAL", "text", evil, "blocks", blocks)["ts"].(string)
	calls("chat.postMessage", "channel", "C0GENERAL", "text", evil, "thread_ts", parent, "blocks", blocks)
	calls("chat.postMessage", "channel", "C0GENERAL", "text", evil+" <javascript:p()|"+evil+"> <https://evil.example|"+evil+">", "attachments",
		withEvil(`[{"title":"EVIL","title_link":"javascript:p()","text":"EVIL","pretext":"EVIL","fallback":"EVIL","author_name":"EVIL","author_link":"javascript:p()","author_icon":"https://evil.example/a.png","image_url":"https://evil.example/a.png","thumb_url":"https://evil.example/t.png","footer":"EVIL","footer_icon":"https://evil.example/f.png","fields":[{"title":"EVIL","value":"EVIL"}],"color":"EVIL"}]`))
	calls("chat.postEphemeral", "channel", "C0GENERAL", "user", "U0ANA", "text", evil, "blocks", blocks)
	calls("pins.add", "channel", "C0GENERAL", "timestamp", parent)
	calls("bookmarks.add", "channel_id", "C0GENERAL", "title", evil, "type", "link", "link", "https://evil.example/?"+url.QueryEscape(evil))
	calls("views.publish", "user_id", "U0ANA", "view", `{"type":"home","blocks":`+blocks+`}`)
	share(t, b.api, evil+".csv", evil, []byte(evil))
	share(t, b.api, evil+".png", evil, chart())
	if _, err := ws.User("omar").Say(t.Context(), "#general", evil); err != nil {
		t.Fatal(err)
	}
}

// nothingRuns puts evil into every text that an app can send and into every field
// that a person can type into, opens everything that shows it, and looks for
// anything that is more than text. A request that leaves the workspace, a breach
// of the content policy or a script that runs fails the window.
func nothingRuns(t *testing.T, browser context.Context) {
	ws := evilWorkspace(t)
	b := evilBot(t, ws)
	evilTalk(t, ws, b)
	w := lookWith(t, browser, ws, "ana")[0]
	w.until(`document.querySelectorAll('[data-testid="message-list"] [data-testid="message"]').length === 6`)
	w.evilIsText("the channel", `document.querySelector('[data-testid="message-list"]')`, 30)
	w.evilIsText("the sidebar", `document.getElementById('sidebar')`, 2)
	w.evilIsText("the heading", `document.getElementById('heading')`, 2)

	// What opens beside a button.
	for _, each := range []struct{ press, shows string }{
		{`[data-testid="user-switch"]`, `.menu`}, {`[data-testid="members"]`, `.menu`}, {`[data-testid="shortcuts"]`, `.menu`}, {`[data-testid="actions"]`, `.actions-panel`},
		{`[data-testid="message-more"]`, `.menu`}, {`[data-testid="pins"]`, `.pins`}, {`[data-testid="message"] .message-author`, `.profile`},
		{`[data-testid="jump"]`, `.picker`}, {`[data-testid="invite"]`, `.picker`}, {`[data-action-id="static"]`, `.picker`}, {`[data-action-id="users"]`, `.picker`},
		{`[data-action-id="external"]`, `.picker`}, {`[data-action-id="overflow"]`, `.menu`},
	} {
		w.click(each.press)
		w.until(`document.querySelector('` + each.shows + `')?.innerText.includes('<img src=x')`)
		w.evilIsText(each.press, `document.querySelector('`+each.shows+`')`, 1)
		if each.shows == ".picker" {
			w.press(evil)
			w.until(`document.activeElement.value.includes('<img src=x')`)
			w.evilIsText(each.press+", typed into", `document.body`, 1)
		}
		w.press(kb.Escape)
		w.until(`!document.querySelector('` + each.shows + `')`)
	}
	for _, item := range []string{"view-json", "view-notification"} {
		w.click(`[data-testid="message-more"]`)
		w.click(`[data-testid="` + item + `"]`)
		w.until(`document.querySelector('dialog[open]')`)
		w.evilIsText(item, `document.querySelector('dialog[open]')`, 1)
		w.press(kb.Escape)
		w.until(`!document.querySelector('dialog[open]')`)
	}
	w.evilIsTyped(ws)
	w.click(`[data-testid="sidebar-entry"][data-channel="C0EVIL"]`)
	w.evilIsText("its channel", `document.getElementById('main')`, 3)
	w.click(`[data-testid="sidebar-app"]`)
	w.click(`[data-testid="home-tab"]`)
	w.until(`document.querySelectorAll('[data-testid="home-view"] [data-testid="block"]').length > 4`)
	w.evilIsText("the Home", `document.querySelector('[data-testid="home-view"]')`, 15)
	w.click(`[data-testid="inspector-toggle"]`)
	w.evilIsText("the inspector", `document.body`, 1)
}

// evilIsTyped writes evil as a person can: in messages, replies, commands, modals.
func (w *window) evilIsTyped(ws *Workspace) {
	w.t.Helper()
	const composer = `[data-testid="composer"]`
	w.keys(composer, evil+kb.Enter)
	w.last(`<img src=x onerror=p()>`)
	w.keys(composer, "/thing "+evil+kb.Enter)
	w.until(`[...document.querySelectorAll('[data-testid="ephemeral"]')].length === 2`)
	w.keys(composer, "/invite @"+strings.ReplaceAll(evil, " ", "")+kb.Enter)
	w.until(`document.querySelector('[data-testid="app-error"]')?.innerText.includes('<imgsrc=x')`)
	w.click(`[data-testid="replies"]`)
	w.keys(`[data-testid="thread-composer"]`, evil+kb.Enter)
	w.until(`document.querySelectorAll('[data-testid="thread-list"] [data-testid="message"]').length === 3`)
	w.evilIsText("the thread", `document.getElementById('thread')`, 20)
	w.click(`[data-testid="thread-close"]`)

	w.click(`[data-testid="message-list"] [data-block-id="row"] button[data-element-type="button"], [data-testid="message-list"] [data-block-id="row"] [data-element-type="button"] button`)
	w.until(`document.querySelector('[data-testid="confirm"]')?.open`)
	w.evilIsText("the confirm dialog", `document.querySelector('[data-testid="confirm"]')`, 4)
	w.click(`[data-testid="confirm-ok"]`)
	w.until(`document.querySelector('[data-testid="modal"]').open`)
	w.evilIsText("the modal", `document.querySelector('[data-testid="modal"]')`, 9)
	w.keys(`[data-block-id="text"] input`, evil)
	w.keys(`[data-block-id="lines"] textarea`, evil)
	w.click(`[data-testid="modal-submit"]`)
	w.until(`document.querySelectorAll('[data-testid="field-error"]').length === 2`)
	w.evilIsText("the errors", `document.querySelector('[data-testid="modal"]')`, 11)
	if v, ok := ws.User("ana").Modal(); !ok || !strings.Contains(string(v.State), `\u003cimg src=x`) && !strings.Contains(string(v.State), evil) {
		w.t.Errorf("the app was told %s", v.State)
	}
	w.click(`[data-testid="modal-close"]`)
	w.noModal()
}

// evilIsText tells what is more than text on the page, and that `where` shows evil
// at least n times as it was written.
func (w *window) evilIsText(what, where string, n int) {
	w.t.Helper()
	const look = `(() => {
		const bad = [];
		for (const node of document.querySelectorAll('body *')) {
			if (node.matches('script, iframe, frame, object, embed, form, base, meta, link, style, audio, video')) bad.push(node.outerHTML);
			if (node.matches('img') && !node.getAttribute('src').startsWith('/dev/files/')) bad.push(node.outerHTML);
			for (const { name, value } of node.attributes) {
				if (name.startsWith('on') || (/^(href|src|action|formaction|srcset|xlink:href|data)$/.test(name) && /^\s*(javascript|data|vbscript):/i.test(value))) bad.push(name + '=' + value);
			}
		}
		if (window.p !== undefined) bad.push('somebody defined p');
		return bad;
	})()`
	bad, err := inTime(w, chromedp.Evaluate[[]string](look))
	if err != nil || len(bad) > 0 {
		w.t.Errorf("%s: %v, more than text: %q", what, err, bad)
	}
	w.until(where + `.textContent.split('` + evil + `').length > ` + strconv.Itoa(n))
}
