package slackdev

import (
	"net/url"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// ofWorkspace tells the workspace's own addresses, and those that never leave
// the browser, from all others.
func ofWorkspace(ws *Workspace, address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "data", "blob", "about":
		return true
	}
	return u.Scheme+"://"+u.Host == ws.URL()
}

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
	png, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
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
