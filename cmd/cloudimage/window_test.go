package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"cloudimage/slackdev/browsertest"
)

// window is a browser window of the demo with a person before it, who knows
// things by the words on them. Every method waits until it can do what it is
// for, and ends the test when that takes longer than patience.
type window struct {
	t    *testing.T
	ctx  context.Context
	name string // who sits here; for messages
}

// openWindow opens an address and waits for the page.
func openWindow(t *testing.T, browser context.Context, name, address string) *window {
	t.Helper()
	w := &window{t, browsertest.Open(t, browser, address, 1280, 800), name}
	w.ready()
	return w
}

// ready waits until the page has read everything and the bot is there.
func (w *window) ready() {
	w.t.Helper()
	w.until(`document.documentElement.dataset.ready === 'true'`)
	w.until(`person.words(person.testid('connection')).includes('App connected')`)
}

func (w *window) size(width, height int64, scale float64) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale)))
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.fail("%v", err)
	}
}

func (w *window) fail(format string, args ...any) {
	w.t.Helper()
	shown := "nothing can be seen any more"
	if ctx, cancel := context.WithTimeout(w.ctx, patience); ctx.Err() == nil {
		defer cancel()
		if text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`)); err == nil {
			shown = text
		}
	}
	w.t.Fatalf("%s: %s\nThe window shows:\n%s", w.name, fmt.Sprintf(format, args...), shown)
}

//go:embed testdata/browser/person.js
var personJS string

// ask evaluates an expression or promise in the page; "person" in it is what
// person.js answers.
func ask[T any](w *window, what, expression string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	whole := fmt.Sprintf("(async () => { const person = %s; return await (%s); })()", personJS, expression)
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](whole, chromedp.EvalAwaitPromise))
	if err != nil {
		w.fail("%s: %v", what, err)
	}
	return answer
}

func (w *window) until(condition string) {
	w.t.Helper()
	ask[bool](w, "it never came true: "+condition, `person.until(() => `+condition+`)`)
}

// press presses what an expression finds, with the mouse; again when the page
// was redrawn under it.
func (w *window) press(what, expression string) {
	w.t.Helper()
	for range 20 {
		at := ask[struct{ X, Y float64 }](w, "cannot press "+what, `person.aim(() => `+expression+`)`)
		w.do(chromedp.MouseClickXY(at.X, at.Y))
		if ask[bool](w, what, `person.hit()`) {
			return
		}
	}
	w.fail("cannot press %s: it will not hold still", what)
}

func (w *window) pressID(testid string) {
	w.t.Helper()
	w.press(testid, `person.testid(`+quoted(testid)+`)`)
}

// clicks presses a button of the bot. Words it stands near tell it from others
// of its name.
func (w *window) clicks(label string, near ...string) {
	w.t.Helper()
	w.press(fmt.Sprintf("%q near %q", label, near), `person.control(`+quoted(append([]string{label}, near...)...)+`)`)
}

// asks presses a button that opens a modal, and waits for it. Whoever presses
// in the instant in which the bot redraws a message is told to look again, and
// does so.
func (w *window) asks(label string, near ...string) {
	w.t.Helper()
	before := w.modal()
	opened := `![` + quoted("", before) + `].includes(person.modal())`
	for range 5 {
		w.clicks(label, near...)
		w.until(opened + ` || person.outdated()`)
		if ask[bool](w, label, opened) {
			return
		}
		w.press("dismiss", `person.testid('app-error')?.querySelector('button')`)
		w.until(`!person.outdated()`)
	}
	w.fail("pressing %q opens no modal", label)
}

// modal says which modal is on top; it is empty for none.
func (w *window) modal() string {
	w.t.Helper()
	return ask[string](w, "the modal", `person.modal()`)
}

// chooses picks from the menu behind three dots.
func (w *window) chooses(option string, near ...string) {
	w.t.Helper()
	w.clicks("More actions", near...)
	w.press(option, `person.among('[data-testid="overflow-option"]', `+quoted(option)+`)`)
}

func (w *window) types(text string) {
	w.t.Helper()
	w.do(chromedp.KeyEvent(text))
}

// fills answers one field of the modal: it types, ticks or picks what is there
// to be typed, ticked or picked. What a text field held is replaced.
func (w *window) fills(label string, values ...string) {
	w.t.Helper()
	find := `person.field(` + quoted(label) + `)`
	w.until(find)
	switch kind := ask[string](w, label, find+`.dataset.elementType`); kind {
	case "plain_text_input", "url_text_input", "email_text_input", "number_input":
		w.press(label, find)
		ask[bool](w, label, `(`+find+`.select(), true)`)
		w.types(values[0])
	case "datepicker":
		ask[bool](w, label, `person.pickDate(`+find+`, `+quoted(values[0])+`)`)
	case "checkboxes", "radio_buttons":
		for _, value := range values {
			w.press(value, `person.among('dialog.modal[open] .choice', `+quoted(value)+`)`)
		}
	default:
		w.press(label, find)
		for _, value := range values {
			w.press(value, `person.among('[data-testid="option"]', `+quoted(value)+`)`)
		}
		w.until(`person.all('[data-testid="option"]').length === 0`)
	}
}

// finds waits until a text field of the modal holds the words.
func (w *window) finds(label, words string) {
	w.t.Helper()
	w.until(`person.field(` + quoted(label) + `)?.value === ` + quoted(words))
}

// submits sends the modal, which must be taken: another one follows, or none.
func (w *window) submits() {
	w.t.Helper()
	before := w.modal()
	w.pressID("modal-submit")
	w.until(`person.modal() !== ` + quoted(before) + ` || person.refused()`)
	if w.modal() == before {
		w.fail("the modal was refused")
	}
}

// runs types a command and sends it.
func (w *window) runs(command string) {
	w.t.Helper()
	w.pressID("composer")
	w.types(command)
	w.pressID("send")
}

// opens goes to a channel, or to the conversation with the app.
func (w *window) opens(place string) {
	w.t.Helper()
	if place == "dm" {
		w.pressID("sidebar-app")
		w.pressID("messages-tab")
		return
	}
	w.press(place, `person.among('[data-testid="sidebar-entry"]', `+quoted(place)+`)`)
}

// becomes lets another person sit down at this window, by the menu at the top.
func (w *window) becomes(name string) {
	w.t.Helper()
	w.pressID("user-switch")
	w.press(name, `person.among('[data-testid="user-option"]', `+quoted("@"+name)+`)`)
	w.until(`document.documentElement.dataset.as === ` + quoted(userID(name)))
	w.name = name
}

// sees waits until the words are on what the person looks at: the modal, else
// Home or the messages.
func (w *window) sees(words string) {
	w.t.Helper()
	w.until(`person.surfaces().some((surface) => person.words(surface).includes(` + quoted(words) + `))`)
}

// movesClockTo sets the workspace's clock by the panel at the top.
func (w *window) movesClockTo(day time.Time) {
	w.t.Helper()
	w.pressID("clock")
	w.until(`person.testid('clock-date')`)
	ask[bool](w, "the clock", `person.pickDate(person.testid('clock-date'), `+quoted(day.Format("2006-01-02T15:04"))+`)`)
	w.pressID("clock-go")
	w.until(`document.querySelector('.clock-status').innerText.startsWith('It is now')`)
	w.pressID("clock")
	w.until(`!person.testid('clock-date')`)
}

// quoted writes strings as the arguments of a JavaScript call.
func quoted(words ...string) string {
	b, err := json.Marshal(words)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b[1 : len(b)-1])
}

// card waits until the one card in the channel says all the words, and answers
// its text.
func (w *window) card(words ...string) string {
	w.t.Helper()
	for _, each := range words {
		w.until(`person.cards().some((card) => card.includes(` + quoted(each) + `))`)
	}
	cards := ask[[]string](w, "the card", `person.cards()`)
	if len(cards) != 1 {
		w.fail("there are %d cards", len(cards))
	}
	return cards[0]
}
