package slackdev

import (
	"context"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
)

// form is a modal with one text input "name" and a button for each action.
func form(name string, actions ...string) slack.ModalViewRequest {
	v := slack.ModalViewRequest{Type: slack.VTModal, CallbackID: name, Title: plain(name), Submit: plain("Go"), Close: plain("Leave"), NotifyOnClose: true}
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewInputBlock("name", plain("Name of "+name), nil, slack.NewPlainTextInputBlockElement(nil, "v")))
	for _, a := range actions {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewActionBlock("row-"+a, button(a, a, "")))
	}
	return v
}

// closings collects the view_closed an app hears: callback id, and whether all went.
type closings struct {
	mu  sync.Mutex
	got []string
}

func (c *closings) hear(ic slack.InteractionCallback) any {
	if ic.Type == slack.InteractionTypeViewClosed {
		c.mu.Lock()
		defer c.mu.Unlock()
		said := ic.View.CallbackID
		if ic.IsCleared {
			said += " cleared"
		}
		c.got = append(c.got, said)
	}
	return nil
}

func (c *closings) heard(said string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.got) > 0 && c.got[len(c.got)-1] == said
}

// modalsAnswer walks through every answer an app has to a modal: errors, an
// update that keeps what was typed, a push, an update by submit, clear, and what
// the app hears when people close.
func modalsAnswer(t *testing.T, browser context.Context) {
	ws := start(t)
	closed := &closings{}
	b := &bot{other: closed.hear}
	b.slash = func(c slack.SlashCommand) any {
		go b.api.OpenView(c.TriggerID, form("first", "redraw", "push"))
		return nil
	}
	b.block = func(ic slack.InteractionCallback) any {
		switch ic.ActionCallback.BlockActions[0].ActionID {
		case "redraw":
			v := form("first", "redraw", "push")
			v.Title = plain("drawn anew")
			go b.api.UpdateView(v, "", "", ic.View.ID)
		case "push":
			go b.api.PushView(ic.TriggerID, form("second"))
		}
		return nil
	}
	third := form("third")
	b.submit = func(ic slack.InteractionCallback) any {
		switch name := ic.View.State.Values["name"]["v"].Value; {
		case name == "bad":
			return slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "Not this one, <b>please</b>."})
		case ic.View.CallbackID == "second":
			return slack.NewUpdateViewSubmissionResponse(&third)
		}
		return slack.NewClearViewSubmissionResponse()
	}
	connect(t, ws, 1, b)
	w := lookWith(t, browser, ws, "ana")[0]
	const field = `[data-testid="modal"] [data-block-id="name"] input`

	w.keys(`[data-testid="composer"]`, "/thing"+kb.Enter)
	w.modal("first")
	w.until(`document.activeElement.matches('` + field + `')`)
	w.press("bad")
	w.press(kb.Enter, chromedp.ModifierCtrl)
	w.until(`document.querySelector('[data-testid="field-error"]')?.innerText.trim() === 'Not this one, <b>please</b>.'`)
	w.until(`document.activeElement.matches('` + field + `')`)

	w.keys(field, " no more")
	w.click(`[data-action-id="redraw"]`)
	w.until(`document.querySelector('.modal-title').innerText === 'drawn anew'`)
	w.until(`document.querySelector('` + field + `').value === 'bad no more'`)

	w.click(`[data-action-id="push"]`)
	w.modal("second")
	w.until(`document.querySelector('.modal-depth').innerText === '2 of 3'`)
	w.keys(field, "fine")
	w.click(`[data-testid="modal-submit"]`)
	w.modal("third")
	w.click(`[data-testid="modal-close"]`)
	w.modal("first")
	w.until(`document.querySelector('` + field + `').value === 'bad no more'`)
	w.waits(ws, "the app hears that the third was closed", func() bool { return closed.heard("third") })
	w.click(`[data-action-id="push"]`)
	w.modal("second")
	w.click(`[data-testid="modal-dismiss"]`)
	w.noModal()
	w.waits(ws, "the app hears that all was closed", func() bool { return closed.heard("first cleared") || closed.heard("second cleared") })

	// Who types on after a modal has gone types into the composer.
	w.press("/thing" + kb.Enter)
	w.modal("first")
	w.click(`[data-action-id="push"]`)
	w.modal("second")
	w.press(kb.Escape)
	w.modal("first")
	w.keys(field, "done")
	w.click(`[data-testid="modal-submit"]`)
	w.noModal()
	if n := len(ws.User("ana").Modals()); n != 0 {
		t.Errorf("%d modals are left", n)
	}
}

func (w *window) modal(callbackID string) {
	w.t.Helper()
	w.until(`document.querySelector('[data-testid="modal"][open]')?.dataset.callbackId === '` + callbackID + `'`)
	w.until(`!document.querySelector('[data-testid="modal-submit"]')?.disabled`) // the submit that led here is over
}

func (w *window) noModal() {
	w.t.Helper()
	w.until(`!document.querySelector('[data-testid="modal"]').open`)
}

// waits until a condition holds that is looked at after every change of the workspace.
func (w *window) waits(ws *Workspace, what string, cond func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if err := ws.WaitFor(ctx, cond); err != nil {
		w.fail("%s: %v", what, err)
	}
}

// choicesByKeyboard types into a list that the app fills, answers an overflow
// menu and a confirm dialog, without a pointer.
func choicesByKeyboard(t *testing.T, browser context.Context) {
	ws := start(t)
	b := &bot{}
	b.other = func(ic slack.InteractionCallback) any {
		if ic.Type != slack.InteractionTypeBlockSuggestion {
			return nil
		}
		return slack.OptionsResponse{Options: []*slack.OptionBlockObject{
			slack.NewOptionBlockObject("1", plain("none like "+ic.Value), nil), slack.NewOptionBlockObject("2", plain("just "+ic.Value), nil),
		}}
	}
	b.block = func(ic slack.InteractionCallback) any {
		a := ic.ActionCallback.BlockActions[0]
		go b.api.PostMessage(ic.Channel.ID, slack.MsgOptionText(a.ActionID+" "+a.SelectedOption.Value+a.Value, false))
		return nil
	}
	connect(t, ws, 1, b)
	external := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Project"), "project")
	two := 2
	external.MinQueryLength = &two
	stop := button("stop", "Stop", slack.StyleDanger)
	stop.Confirm = slack.NewConfirmationBlockObject(plain("Stop it?"), words("*All* of it."), plain("Stop"), plain("Go on"))
	if _, _, err := b.api.PostMessage("C0GENERAL", slack.MsgOptionText("card", false), slack.MsgOptionBlocks(slack.NewActionBlock("row", external,
		slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("history", plain("History"), nil), slack.NewOptionBlockObject("cancel", plain("Cancel"), nil)), stop))); err != nil {
		t.Fatal(err)
	}
	w := lookWith(t, browser, ws, "ana")[0]
	said := func(text string) {
		t.Helper()
		w.until(`[...document.querySelectorAll('[data-testid="message"]')].at(-1).innerText.includes('` + text + `')`)
	}
	w.focus(`[data-action-id="project"]`)
	w.press(kb.Enter + "om")
	w.until(`document.querySelectorAll('[data-testid="option"]').length === 2 && document.querySelector('[role="listbox"]').innerText.includes('just om')`)
	w.press(kb.ArrowDown + kb.Enter)
	said("project 2")
	w.focus(`[data-action-id="more"]`)
	w.press(kb.Enter)
	w.until(`document.activeElement.innerText === 'History'`)
	w.press(kb.ArrowDown + kb.Enter)
	said("more cancel")
	w.focus(`[data-action-id="stop"]`)
	w.press(kb.Enter)
	w.until(`document.querySelector('[data-testid="confirm"]').open && document.activeElement.dataset.testid === 'confirm-ok'`)
	w.until(`document.querySelector('[data-testid="confirm"]').innerText.includes('All of it.')`)
	w.press(kb.Escape)
	w.until(`!document.querySelector('[data-testid="confirm"]')`)
	w.focus(`[data-action-id="stop"]`)
	w.press(kb.Enter)
	w.until(`document.activeElement.dataset.testid === 'confirm-ok'`)
	w.press(kb.Enter)
	said("stop v")
}

// focus puts the focus where Tab would lead.
func (w *window) focus(css string) {
	w.t.Helper()
	w.until(`document.querySelector('` + css + `')`)
	w.do(chromedp.Focus(chromedp.CSS(css)))
}
