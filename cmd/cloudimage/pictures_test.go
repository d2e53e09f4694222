package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// pictures saves what the windows show, for the documentation and for whoever
// wants to judge it:
//
//	CLOUDIMAGE_SCREENSHOTS=/tmp/shots go test -run TestDemoInABrowser ./cmd/cloudimage
//
// Without the variable it does nothing. docs/images holds board, card, demo, dm,
// heatmap, morning, phone and release of such a run.
type pictures struct {
	t   *testing.T
	dir string // empty for none
}

func newPictures(t *testing.T) *pictures {
	p := &pictures{t, os.Getenv("CLOUDIMAGE_SCREENSHOTS")}
	if p.dir != "" {
		if err := os.MkdirAll(p.dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// window saves all of a window, as it is.
func (p *pictures) window(name string, w *window) {
	p.t.Helper()
	if p.dir != "" {
		p.save(name, w, chromedp.CaptureScreenshot())
	}
}

// What a picture is of.
const (
	theCard   = `.message-list [data-testid="message"]:not(.ephemeral):has([data-block-type="header"])`
	theNewest = `.message-list [data-testid="message"]:last-child`
	theHome   = `[data-testid="home-view"]`
)

// message saves one message alone, sharp enough for the screens of today.
func (p *pictures) message(name string, w *window, which string) {
	p.t.Helper()
	p.look(w, which, 980, 1400, 2, func() {
		p.save(name, w, chromedp.Screenshot(chromedp.CSS(which)))
	})
}

// page saves the page around what it is of.
func (p *pictures) page(name string, w *window, which string) {
	p.t.Helper()
	p.look(w, which, 1280, 800, 1, func() { p.window(name, w) })
}

// phone saves the page on a phone, in the dark.
func (p *pictures) phone(name string, w *window, which string) {
	p.t.Helper()
	if p.dir != "" {
		w.pressID("theme")
		p.look(w, which, 390, 844, 2, func() { p.window(name, w) })
		w.pressID("theme")
	}
}

// look gives the window another size for a moment, with what the picture is of at
// its top and nothing pointed at.
func (p *pictures) look(w *window, which string, width, height int64, scale float64, take func()) {
	p.t.Helper()
	if p.dir == "" {
		return
	}
	w.size(width, height, scale)
	ask[bool](w, "scroll", `(person.all(`+quoted(which)+`).at(-1).scrollIntoView(), true)`)
	w.do(chromedp.MouseEvent(chromedp.MouseMoved, 1, 1))
	take()
	w.size(1280, 800, 1)
}

func (p *pictures) save(name string, w *window, take chromedp.Action[[]byte]) {
	p.t.Helper()
	png, err := chromedp.Run(w.ctx, take)
	if err != nil {
		p.t.Fatalf("picture %s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
