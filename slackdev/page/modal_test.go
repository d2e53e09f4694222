package page_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// asJSON compares what JSON says, not the Go types it was read into.
var asJSON = cmp.FilterValues(func(a, b any) bool { return true }, cmp.Transformer("JSON", func(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}))

// showModal puts views on Ana's stack and waits until the top one is drawn.
func showModal(p *tab, ws *workspace, stack ...obj) {
	p.t.Helper()
	ws.set("modals", obj{"stack": stack})
	ws.tell("modals", obj{})
	top := stack[len(stack)-1]
	p.until(`document.querySelector('[data-testid="modal"][open]')?.dataset.viewId === ` + quote(top["id"].(string)))
}

func submitSendsState(t *testing.T, b context.Context) {
	one, two := option("One", "1"), option("Two", "2")
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	showModal(p, ws, modal("V1",
		input("text", "Text", obj{"type": "plain_text_input"}),
		input("empty", "Empty", obj{"type": "plain_text_input"}),
		input("number", "Number", obj{"type": "number_input", "initial_value": "3"}),
		input("select", "Select", obj{"type": "static_select", "options": []obj{one, two}, "initial_option": two}),
		input("none", "None", obj{"type": "static_select", "options": []obj{one, two}}),
		input("multi", "Multi", obj{"type": "multi_static_select", "options": []obj{one, two}}),
		input("user", "User", obj{"type": "users_select", "initial_user": maya}),
		input("users", "Users", obj{"type": "multi_users_select", "initial_users": []string{ana}}),
		input("place", "Place", obj{"type": "conversations_select", "default_to_current_conversation": true}),
		input("date", "Date", obj{"type": "datepicker", "initial_date": "2026-01-15"}),
		input("time", "Time", obj{"type": "timepicker", "initial_time": "10:00"}),
		input("moment", "Moment", obj{"type": "datetimepicker", "initial_date_time": 1768435200}),
		input("checks", "Checks", obj{"type": "checkboxes", "options": []obj{one, two}, "initial_options": []obj{one}}),
		input("radio", "Radio", obj{"type": "radio_buttons", "options": []obj{one, two}}),
	))
	p.keys(`[data-block-id="text"] input`, "typed")
	p.click(`[data-block-id="checks"] [data-value="2"]`)
	p.click(`[data-block-id="radio"] [data-value="1"]`)
	p.click(`[data-block-id="multi"] [data-action-id="a"]`)
	p.keys(testid("picker-search"), kb.Enter+kb.ArrowDown+kb.Enter+kb.Escape)
	p.do(chromedp.WaitNotPresent(chromedp.CSS(testid("picker-search"))))
	p.click(testid("modal-submit"))

	a := func(kind, key string, v any) obj { return obj{"a": obj{"type": kind, key: v}} }
	want := obj{"as": ana, "view_id": "V1", "state": obj{
		"text":   a("plain_text_input", "value", "typed"),
		"empty":  a("plain_text_input", "value", nil),
		"number": a("number_input", "value", "3"),
		"select": a("static_select", "selected_option", two),
		"none":   a("static_select", "selected_option", nil),
		"multi":  a("multi_static_select", "selected_options", []obj{one, two}),
		"user":   a("users_select", "selected_user", maya),
		"users":  a("multi_users_select", "selected_users", []string{ana}),
		"place":  a("conversations_select", "selected_conversation", "C0ONE"),
		"date":   a("datepicker", "selected_date", "2026-01-15"),
		"time":   a("timepicker", "selected_time", "10:00"),
		"moment": a("datetimepicker", "selected_date_time", 1768435200),
		"checks": a("checkboxes", "selected_options", []obj{one, two}),
		"radio":  a("radio_buttons", "selected_option", one),
	}}
	if diff := cmp.Diff(want, ws.posted(t, "submit"), asJSON); diff != "" {
		t.Errorf("submit (-want +got):\n%s", diff)
	}
}

func errorsAreShown(t *testing.T, b context.Context) {
	const sentence = "A partner of this name exists: <b>R-12</b>."
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	view := func() obj {
		return modal("V1", input("name", "Partner", obj{"type": "plain_text_input"}), input("why", "Why", obj{"type": "plain_text_input", "multiline": true}))
	}
	showModal(p, ws, view())
	p.keys(`[data-block-id="name"] input`, "DigitalOcean")
	ws.on("submit", func() obj {
		refused := view()
		refused["errors"] = obj{"name": sentence}
		ws.set("modals", obj{"stack": []obj{refused}})
		return obj{"ok": false, "error": "Partner: " + sentence}
	})
	p.click(testid("modal-submit"))
	p.until(`document.querySelector('[data-testid="field-error"]')`)
	contains(t, p.text(`[data-block-id="name"] `+testid("field-error")), sentence)
	if n := value[int](p, `document.querySelectorAll('[data-testid="field-error"]').length`); n != 1 {
		t.Errorf("%d fields have an error", n)
	}
	p.until(`document.activeElement.closest('[data-block-id]')?.dataset.blockId === 'name'`)
	type field struct{ Value, Invalid, Described string }
	got := value[field](p, `(() => { const f = document.activeElement; return {Value: f.value, Invalid: f.ariaInvalid, Described: document.getElementById(f.getAttribute('aria-describedby')).innerText}; })()`)
	if diff := cmp.Diff(field{"DigitalOcean", "true", sentence}, got); diff != "" {
		t.Errorf("the field (-want +got):\n%s", diff)
	}

	ws.on("submit", func() obj { return obj{"ok": false, "error": "We had some trouble connecting. Try again?"} })
	ws.set("modals", obj{"stack": []obj{view()}})
	p.click(testid("modal-submit"))
	p.until(`!document.querySelector('[data-testid="modal-failure"]').hidden`)
	contains(t, p.text(testid("modal-failure")), "Try again?")
}

// Slack keeps what was typed while block_id and action_id stay, and starts
// anew with another block_id.
func inputSurvives(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	view := func(hash, block, label string) obj {
		v := modal("V1", input(block, label, obj{"type": "plain_text_input", "initial_value": "start"}))
		v["hash"] = hash
		return v
	}
	const field = `.modal-blocks input`
	showModal(p, ws, view("1", "name", "Partner"))
	p.keys(field, " and more")
	p.until(`document.querySelector('` + field + `').value === 'start and more'`)

	ws.set("modals", obj{"stack": []obj{view("2", "name", "Partner, as it writes itself")}})
	ws.tell("modals", obj{})
	p.until(`document.querySelector('.input-label')?.innerText === 'Partner, as it writes itself'`)
	if got := value[string](p, `document.querySelector('`+field+`').value`); got != "start and more" {
		t.Errorf("after an update with the same ids the field has %q", got)
	}
	if !value[bool](p, `document.activeElement === document.querySelector('`+field+`')`) {
		t.Error("the update took the focus away")
	}

	// Unread counts change under a person who types: the field stays the same node.
	value[bool](p, `Boolean(window.kept = document.querySelector('`+field+`'))`)
	ws.set("conversations", conversations(7))
	ws.tell("conversations", obj{})
	p.until(`document.querySelector('[data-testid="sidebar-entry"][data-channel="C0ONE"] .badge')?.innerText === '7'`)
	if !value[bool](p, `window.kept === document.querySelector('`+field+`')`) {
		t.Error("news of a conversation redrew the field")
	}

	ws.set("modals", obj{"stack": []obj{view("3", "name-again", "Partner")}})
	ws.tell("modals", obj{})
	p.until(`document.querySelector('[data-block-id="name-again"]')`)
	if got := value[string](p, `document.querySelector('`+field+`').value`); got != "start" {
		t.Errorf("after an update with another block_id the field has %q", got)
	}
}

func suggestionsAreAsked(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.on("suggest", func() obj {
		return obj{"ok": true, "option_groups": []obj{{"label": plain("Ours"), "options": []obj{option("omnibus-gitlab", "o")}}}}
	})
	p := open(t, b, ws, "as="+ana, 1200, 900)
	showModal(p, ws, modal("V1", input("project", "Project", obj{"type": "external_select", "min_query_length": 2})))
	p.click(`[data-block-id="project"] [data-action-id="a"]`)
	p.keys(testid("picker-search"), "o")
	p.until(`document.querySelector('[role="listbox"]').innerText.includes('2 letters')`)
	p.keys(testid("picker-search"), "m")
	want := obj{"as": ana, "view_id": "V1", "block_id": "project", "action_id": "a", "value": "om"}
	if diff := cmp.Diff(want, ws.posted(t, "suggest"), asJSON); diff != "" {
		t.Errorf("suggest (-want +got):\n%s", diff)
	}
	p.until(`document.querySelector('[data-testid="option"]')`)
	contains(t, p.text(`[role="listbox"]`), "Ours")
	p.click(testid("option"))
	contains(t, p.text(`[data-block-id="project"]`), "omnibus-gitlab")
}

func escapeCloses(t *testing.T, b context.Context) {
	ws := newWorkspace(t)
	ws.message(obj{"text": "card", "blocks": []obj{{"type": "actions", "block_id": "row", "elements": []obj{button("Open", "open")}}}})
	ws.on("action", func() obj {
		ws.set("modals", obj{"stack": []obj{modal("V1", input("i", "I", obj{"type": "plain_text_input"}))}})
		return obj{"ok": true}
	})
	ws.on("close", func() obj {
		ws.set("modals", obj{"stack": []obj{}})
		return obj{"ok": true}
	})
	p := open(t, b, ws, "as="+ana, 1200, 900)
	p.click(`[data-action-id="open"]`)
	p.until(`document.activeElement.matches('.modal-blocks input')`)
	p.do(chromedp.KeyEvent(kb.Escape))
	want := obj{"as": ana, "view_id": "V1"}
	if diff := cmp.Diff(want, ws.posted(t, "close"), asJSON); diff != "" {
		t.Errorf("close (-want +got):\n%s", diff)
	}
	p.until(`!document.querySelector('[data-testid="modal"]').open`)
	p.until(`document.activeElement.dataset.actionId === 'open'`)
}
