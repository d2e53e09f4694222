package slackdev

import (
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// shot keeps what a window shows as NAME.png in the directory that
// CLOUDIMAGE_SCREENSHOTS names; without it nothing is kept:
//
//	CLOUDIMAGE_SCREENSHOTS=/tmp/shots go test -run TestInABrowser ./slackdev
func (w *window) shot(name string) {
	w.t.Helper()
	dir := os.Getenv("CLOUDIMAGE_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := inTime(w, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		w.t.Fatalf("picture %s: %v", name, err)
	}
}

// shots keeps the same in both themes, with nothing pointed at.
func (w *window) shots(name string) {
	w.t.Helper()
	if os.Getenv("CLOUDIMAGE_SCREENSHOTS") == "" {
		return
	}
	for _, theme := range []string{"dark", "light"} {
		w.until(`(document.documentElement.dataset.theme = '` + theme + `')`)
		w.shot(name + "-" + theme)
	}
}
