package page_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"cloudimage/slackdev/browsertest"
)

// TestPage drives the page in a real browser. The tests share the browser and
// nothing else: each has its own server and its own tab.
func TestPage(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for name, run := range map[string]func(*testing.T, context.Context){
		"bot text is shown as it is":           botTextIsLiteral,
		"a button tells the bot":               buttonPosts,
		"a confirm is asked first":             confirmIsAsked,
		"a failure is shown where it happened": failureIsShown,
		"a command is completed and sent":      commandIsCompleted,
		"another person can act":               anotherPersonActs,
		"the browser goes back":                browserGoesBack,
		"only a reload takes things away":      onlyReloadTakes,
		"new messages arrive by themselves":    messagesArrive,
		"reading marks as read":                readingMarks,
		"a thread is read and answered":        threadIsAnswered,
		"nothing scrolls sideways on a phone":  phoneDoesNotScrollSideways,
		"a submit sends the whole state":       submitSendsState,
		"errors stand under their fields":      errorsAreShown,
		"typed input survives by ids":          inputSurvives,
		"suggestions come from the bot":        suggestionsAreAsked,
		"Home is there before the first DM":    homeBeforeDM,
		"Escape closes the top modal":          escapeCloses,
		"reactions are drawn and pressed":      reactionsArePressed,
		"an app posts under another name":      anotherName,
		"mrkdwn":                               mrkdwnRenders,
		"dates are the reader's":               datesAreTheReaders,
		"what is unknown is named":             unknownIsNamed,
		"the next working morning":             workingMornings,
		"the inspector tells what went badly":  inspectorReads,
		"keys do what a pointer does":          keysWork,
		"messages are gone through by keys":    messagesByKeys,
		"marks are made around what is typed":  marksAreMade,
		"pins and bookmarks are at hand":       pinsAndBookmarks,
		"permalinks stay in the page":          permalinksStayHere,
		"a message has a menu":                 messageMenuTells,
		"a name tells who it is":               profileIsShown,
		"the newest is within reach":           newestIsInReach,
		"a press outlives what is new":         pressOutlivesNews,

		"the heading says what a channel is for": headingTells,
		"a deleted file is called so":            deletedFileIsNamed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, b)
		})
	}
}

func botTextIsLiteral(t *testing.T, b context.Context) {
	const evil = `<img src=x onerror="window.stolen=1"> &lt;script&gt;window.stolen=1&lt;/script&gt;`
	const read = `<img src=x onerror="window.stolen=1"> <script>window.stolen=1</script>`
	ws := newWorkspace(t)
	ws.message(obj{"text": evil, "blocks": []obj{
		{"type": "header", "block_id": "h", "text": plain(read)},
		{"type": "section", "block_id": "s", "text": mrkdwn(evil), "fields": []obj{mrkdwn(evil)}, "accessory": button(read, "b")},
		{"type": "section", "block_id": "l", "text": mrkdwn(`<javascript:window.stolen=1|run me>`)},
		{"type": "context", "block_id": "c", "elements": []obj{plain(read)}},
		{"type": "rich_text", "block_id": "r", "elements": []obj{{"type": "rich_text_section", "elements": []obj{{"type": "text", "text": read}}}}},
	}})
	ws.set("home", obj{"view": obj{"id": "V0", "type": "home", "blocks": []obj{{"type": "section", "block_id": "s", "text": mrkdwn(evil)}}}})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	for _, block := range []string{"h", "s", "c", "r"} {
		contains(t, p.text(`[data-block-id="`+block+`"]`), read)
	}
	if n := value[int](p, `document.querySelectorAll('[data-block-id="l"] a').length`); n != 0 {
		t.Error("a javascript: address became a link")
	}
	p.click(testid("sidebar-app"))
	p.until(`document.querySelector('[data-testid="home-view"] [data-block-id="s"]')`)
	contains(t, p.text(testid("home-view")), read)
	if n := value[int](p, `document.querySelectorAll('main img, main script').length`); n != 0 {
		t.Errorf("%d elements were made from text", n)
	}
	if value[bool](p, `window.stolen !== undefined`) {
		t.Error("text ran as code")
	}
}

func buttonPosts(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.message(obj{"text": "card", "blocks": []obj{{"type": "actions", "block_id": "row", "elements": []obj{
		button("Done", "done"),
		{"type": "static_select", "action_id": "pick", "placeholder": plain("Whose"), "options": []obj{option("Mine", "mine"), option("Everyone", "all")}},
		{"type": "overflow", "action_id": "more", "options": []obj{option("History", "history"), option("Cancel", "cancel")}},
	}}}})
	p := open(t, b, ws, "as="+ana, 1200, 800)

	p.click(`[data-action-id="pick"]`)
	p.keys(testid("picker-search"), "every"+kb.Enter)
	picked := obj{"type": "static_select", "selected_option": option("Everyone", "all")}
	want := obj{
		"as": ana, "channel": "C0ONE", "ts": "1764066000.000100", "block_id": "row", "action_id": "pick", "action": picked,
		"state": obj{"row": obj{"pick": picked}},
	}
	if diff := cmp.Diff(want, ws.posted(t, "action"), asJSON); diff != "" {
		t.Errorf("select (-want +got):\n%s", diff)
	}

	p.click(`[data-action-id="done"]`)
	want["action_id"], want["action"] = "done", obj{"type": "button", "value": "v-done", "text": plain("Done")}
	if diff := cmp.Diff(want, ws.posted(t, "action"), asJSON); diff != "" {
		t.Errorf("button (-want +got):\n%s", diff)
	}

	p.click(`[data-action-id="more"]`)
	p.click(testid("overflow-option") + `[data-value="cancel"]`)
	want["action_id"], want["action"] = "more", obj{"type": "overflow", "selected_option": option("Cancel", "cancel")}
	if diff := cmp.Diff(want, ws.posted(t, "action"), asJSON); diff != "" {
		t.Errorf("overflow (-want +got):\n%s", diff)
	}
}

func confirmIsAsked(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	stop := button("Stop all", "stop")
	stop["confirm"] = obj{"title": plain("Stop every build?"), "text": mrkdwn("*Four* are running."), "confirm": plain("Stop them"), "deny": plain("Go on"), "style": "danger"}
	ws.message(obj{"text": "card", "blocks": []obj{{"type": "actions", "block_id": "row", "elements": []obj{stop, button("Other", "other")}}}})
	p := open(t, b, ws, "as="+ana, 1200, 800)

	p.click(`[data-action-id="stop"]`)
	contains(t, p.text(testid("confirm")), "Four are running.")
	p.click(testid("confirm-cancel"))
	p.click(`[data-action-id="other"]`)
	if got := ws.posted(t, "action")["action_id"]; got != "other" {
		t.Errorf("after a declined confirm the first action was %v", got)
	}
	p.click(`[data-action-id="stop"]`)
	p.click(testid("confirm-ok"))
	if got := ws.posted(t, "action")["action_id"]; got != "stop" {
		t.Errorf("after a confirm the action was %v", got)
	}
}

func failureIsShown(t *testing.T, b context.Context) {
	const sentence = "demo did not respond in 3 seconds."
	ws := newWorkspace(t)
	fails := func() obj { return obj{"ok": false, "error": sentence} }
	ws.on("action", fails)
	ws.on("slash", fails)
	ws.message(obj{"text": "card", "blocks": []obj{{"type": "actions", "block_id": "row", "elements": []obj{button("Done", "done")}}}})
	p := open(t, b, ws, "as="+ana, 1200, 800)

	p.click(`[data-action-id="done"]`)
	p.until(`document.querySelector('[data-testid="app-error"]')`)
	contains(t, p.text(testid("app-error")), "Only visible to you")
	contains(t, p.text(testid("app-error")), sentence)
	p.until(`document.querySelector('[data-action-id="done"] .failed').title === ` + quote(sentence))
	p.keys(testid("composer"), "/demo new"+kb.Enter)
	p.until(`document.querySelectorAll('[data-testid="app-error"]').length === 2`)
}

func commandIsCompleted(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana+"&channel=C0TWO", 1200, 800)
	p.keys(testid("composer"), "/de")
	p.until(`document.querySelector('[data-testid="completion"]')?.innerText.includes('Shows things')`)
	p.keys(testid("composer"), kb.Enter+"sta"+kb.Tab+"R-17"+kb.Enter)
	want := obj{"as": ana, "channel": "C0TWO", "text": "/demo status R-17"}
	if diff := cmp.Diff(want, ws.posted(t, "slash"), asJSON); diff != "" {
		t.Errorf("slash (-want +got):\n%s", diff)
	}
	p.keys(testid("composer"), "hello @may"+kb.Enter+"and <b>all</b>"+kb.Enter)
	want["text"] = "hello @maya and <b>all</b>"
	if diff := cmp.Diff(want, ws.posted(t, "message"), asJSON); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	p.keys(testid("composer"), "/inv"+kb.Tab+"@may"+kb.Tab+kb.Enter)
	if diff := cmp.Diff(obj{"as": ana, "channel": "C0TWO", "user": maya}, ws.posted(t, "invite"), asJSON); diff != "" {
		t.Errorf("Slack's own /invite (-want +got):\n%s", diff)
	}
	p.keys(testid("composer"), "/invite @nobody"+kb.Enter)
	p.until(`document.querySelector('[data-testid="app-error"]')?.innerText.includes('nobody called @nobody')`)
}

func anotherPersonActs(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.click(testid("user-switch"))
	contains(t, p.text(`[role="menu"]`), "Admin")
	if !value[bool](p, `document.querySelector('[data-testid="user-option"][data-user="U0DANA"]').disabled`) {
		t.Error("a deactivated person can act")
	}
	p.click(testid("user-option") + `[data-user="` + maya + `"]`)
	p.until(`document.documentElement.dataset.as === 'U0MAYA'`)
	contains(t, value[string](p, `location.search`), "as="+maya)
	contains(t, p.text(testid("user-switch")), "Maya Iyer")
	p.keys(testid("composer"), "hi"+kb.Enter)
	if got := ws.posted(t, "message")["as"]; got != maya {
		t.Errorf("the message came from %v", got)
	}
}

func messagesArrive(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	ws.message(obj{"text": "first words"})
	ws.tell("messages", obj{"channel": "C0ONE"})
	p.until(`document.querySelector('[data-testid="message"]')?.innerText.includes('first words')`)
	ws.message(obj{"text": "for you alone", "ephemeral": ana})
	ws.tell("messages", obj{"channel": "C0ONE"})
	p.until(`document.querySelector('[data-testid="message"]')?.innerText.includes('for you alone')`)
	contains(t, p.text(testid("message")), "Only visible to you")
}

func homeBeforeDM(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.set("conversations", obj{"conversations": []obj{{"id": "C0ONE", "name": "one", "kind": "channel", "is_member": true, "members": []string{ana}}}})
	ws.set("home", obj{"view": obj{"id": "V0", "type": "home", "hash": "1", "blocks": []obj{{"type": "section", "block_id": "s", "text": mrkdwn("*Do next*")}}}})
	p := open(t, b, ws, "as="+ana, 1200, 800)
	p.click(testid("sidebar-app"))
	if got := ws.posted(t, "home_opened")["tab"]; got != "home" {
		t.Errorf("the tab that was opened is %v", got)
	}
	p.until(`document.querySelector('[data-testid="home-view"]')?.innerText === 'Do next'`)
	if value[bool](p, `document.querySelector('[data-testid="composer"]').offsetParent !== null`) {
		t.Error("the Home tab has a composer")
	}
	p.click(testid("messages-tab"))
	p.keys(testid("composer"), "hello"+kb.Enter)
	want := obj{"as": ana, "channel": "", "text": "hello"}
	if diff := cmp.Diff(want, ws.posted(t, "message"), asJSON); diff != "" {
		t.Errorf("the first direct message (-want +got):\n%s", diff)
	}
}

func readingMarks(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 800)
	entry := testid("sidebar-entry") + `[data-channel="C0TWO"]`
	contains(t, p.text(entry), "2")
	p.click(entry)
	want := obj{"as": ana, "channel": "C0TWO"}
	if diff := cmp.Diff(want, ws.posted(t, "mark"), asJSON); diff != "" {
		t.Errorf("mark (-want +got):\n%s", diff)
	}
}

func phoneDoesNotScrollSideways(t *testing.T, b context.Context) {
	long := strings.Repeat("averylongwordwithoutanyspace", 12)
	row := obj{"type": "section", "block_id": "s", "text": mrkdwn("*1.2 Gather* `" + long + "`"), "accessory": button("Review and sign before the end of the day", "sign")}
	blocks := []obj{
		{"type": "header", "block_id": "h", "text": plain("DigitalOcean " + long)},
		{"type": "section", "block_id": "f", "fields": []obj{mrkdwn("*Owner* <@" + ana + ">"), mrkdwn("*Launch* " + long)}},
		row,
		{"type": "table", "block_id": "t", "rows": [][]obj{{{"type": "raw_text", "text": long}, {"type": "raw_text", "text": long}}}},
		{"type": "hologram", "block_id": "u", "long": long},
	}
	ws := newWorkspace(t)
	ws.message(obj{"text": "card", "blocks": blocks})
	ws.set("home", obj{"view": obj{"id": "V0", "type": "home", "blocks": blocks}})
	p := open(t, b, ws, "as="+ana, 390, 844)
	fits := func(where string) {
		t.Helper()
		wide := value[[]string](p, `[document.documentElement, ...document.querySelectorAll('main, .message-list, .home, dialog[open], dialog[open] .blocks')]
			.filter((node) => node.clientWidth > 0 && node.scrollWidth > node.clientWidth).map((node) => node.localName + '.' + node.className + ' ' + node.scrollWidth + ' > ' + node.clientWidth)`)
		if len(wide) > 0 {
			t.Errorf("%s scrolls sideways: %s", where, strings.Join(wide, "; "))
		}
	}
	fits("the conversation")
	p.click(testid("drawer"))
	p.until(`document.getElementById('sidebar').getBoundingClientRect().left === 0`) // it slides in
	p.click(testid("sidebar-app"))
	p.until(`document.querySelector('[data-testid="home-view"] [data-block-id="s"]')`)
	fits("the Home tab")
	ws.set("modals", obj{"stack": []obj{modal("V1", row, input("i", long, obj{"type": "static_select", "options": []obj{option(long, "o")}, "initial_option": option(long, "o")}))}})
	ws.tell("modals", obj{})
	p.until(`document.querySelector('[data-testid="modal"]').open`)
	fits("the modal")
}
