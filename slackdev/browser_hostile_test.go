package slackdev

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"cloudimage/slackdev/browsertest"
)

// This file has a page of somebody else's, testdata/hostile, try in a real browser
// what a page can to read a workspace and to act in it.

// hostileTricks are what the page tries, and how far it gets in a workspace that is
// open to it (see opened): as a page of another address, and as a page under a name
// that has come to lead to the workspace. "reads" is that it was given something,
// "acts" that it said something in #general; without them something else than the guard
// is in its way, such as a header that it cannot send.
func hostileTricks() map[string]struct{ elsewhere, rebound string } {
	return map[string]struct{ elsewhere, rebound string }{
		"fetch":                             {"reads acts", "reads acts"},
		"fetch without cors":                {"acts", "reads acts"},
		"fetch with a token":                {"reads acts", "reads acts"},
		"fetch of messages":                 {"reads", "reads"},
		"fetch of messages without cors":    {"", "reads"},
		"fetch with X-Slackdev":             {"reads acts", "reads acts"},
		"fetch as plain text":               {"", "reads"},
		"fetch that is redirected":          {"reads acts", ""},
		"XMLHttpRequest":                    {"reads acts", "reads acts"},
		"a form":                            {"acts", "reads acts"},
		"a form of parts":                   {"acts", "reads acts"},
		"a form as plain text":              {"", "reads"},
		"a form of orders":                  {"", "reads"},
		"a beacon":                          {"acts", "acts"},
		"a worker":                          {"reads acts", ""},
		"a service worker":                  {"reads acts", ""},
		"the workspace as a service worker": {"", "reads"},
		"EventSource":                       {"reads", "reads"},
		"WebSocket":                         {"reads", ""}, // Chromium lets a page from it knows not where open none to loopback
		"a picture":                         {"reads", "reads"},
		"a call as a picture":               {"", ""},
		"a script":                          {"reads", "reads"},
		"a module":                          {"reads", "reads"},
		"a style sheet":                     {"reads", "reads"},
		"a frame":                           {"frames", "reads frames"},
		"a window":                          {"reads", "reads"},
	}
}

func TestAHostilePageInABrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for _, c := range []struct{ name, page, workspace string }{
		{"from another port", "127.0.0.1", "127.0.0.1"},
		{"from another site", "localhost", "127.0.0.1"},
		{"by another name of this machine", "127.0.0.1", "attacker.localhost"},
		{"by a name that was rebound", "", "attacker.localhost"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ws := start(t)
			v := visit{ws: ws, page: c.page, home: under(c.workspace, ws.URL())}
			v.prepare(t)
			before := allOf(t, ws)
			got, framed := v.visit(t, browser)
			if framed {
				t.Error("the page has the workspace in a frame")
			}
			for name, read := range got {
				// A page whose own name leads here reads that it is refused.
				if read != "" && !(c.page == "" && strings.TrimSpace(read) == "This workspace answers to its loopback address only.") {
					t.Errorf("%s read %.200q", name, read)
				}
			}
			if diff := cmp.Diff(before, allOf(t, ws)); diff != "" {
				t.Errorf("the page changed something (-before +after):\n%s", diff)
			}
		})
	}
}

// Of a workspace that is open to it, the page gets all that there is: what it does not
// get in TestAHostilePageInABrowser was kept from it.
func TestAnOpenWorkspaceInABrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for _, c := range []struct{ name, page, workspace string }{
		{"from another port", "127.0.0.1", "127.0.0.1"},
		{"by a name that was rebound", "", "attacker.localhost"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ws := start(t)
			v := visit{ws: ws, page: c.page, home: under(c.workspace, opened(t, ws))}
			v.prepare(t)
			got, framed := v.visit(t, browser)
			var said []string
			for _, m := range ws.User("ana").Messages("#general") {
				said = append(said, m.Text())
			}
			tricks := hostileTricks()
			if diff := cmp.Diff(slices.Sorted(maps.Keys(tricks)), slices.Sorted(maps.Keys(got))); diff != "" {
				t.Errorf("tricks (-want +got):\n%s", diff)
			}
			for name, trick := range tricks {
				want := trick.elsewhere
				if c.page == "" {
					want = trick.rebound
				}
				did := map[string]bool{"reads": got[name] != "", "acts": slices.Contains(said, name), "frames": framed}
				for _, each := range strings.Fields(want) {
					if !did[each] {
						t.Errorf("%s: the page never %s; it got %.200q", name, each, got[name])
					}
				}
			}
		})
	}
}

// opened serves the workspace to whoever asks: it hides from it who that is, and tells
// browsers that everybody may read.
func opened(t *testing.T, ws *Workspace) string {
	t.Helper()
	to, err := url.Parse(ws.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to) // and the Host with it
			for _, name := range []string{"Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode"} {
				r.Out.Header.Del(name)
			}
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {}, // whoever has closed a window has gone
		ModifyResponse: func(r *http.Response) error {
			for _, name := range []string{"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"} {
				r.Header.Del(name)
			}
			return nil
		},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Slackdev")
		if r.Method == http.MethodOptions {
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// under is an address under another name of this machine.
func under(name, address string) string {
	return strings.Replace(address, "127.0.0.1", name, 1)
}

// A visit is one opening of the hostile page.
type visit struct {
	ws   *Workspace
	page string // name of where the page is from; empty is from where the workspace is
	home string // where it thinks that the workspace is

	file, socket string
}

// prepare puts into the workspace what the page is after.
func (v *visit) prepare(t *testing.T) {
	t.Helper()
	share(t, api(v.ws), "board.png", "The board", chart())
	if _, err := v.ws.User("ana").Say(t.Context(), "#general", "a secret"); err != nil {
		t.Fatal(err)
	}
	v.file = "/dev/files/" + string(v.ws.User("ana").Messages("#general")[0].Files[0]) + "?as=U0ANA"
	ticket := post(t, v.ws, v.ws.AppToken(), "apps.connections.open", nil)
	address, _ := ticket["url"].(string)
	at, err := url.Parse(address)
	if err != nil || at.Host == "" {
		t.Fatalf("%v, %v", ticket, err)
	}
	v.socket = "ws" + strings.TrimPrefix(v.home, "http") + at.RequestURI()
}

// visit opens the page and has somebody press what it shows. It answers what each
// trick read, and whether the workspace is to be seen in a frame of the page. Its
// windows are closed then.
func (v *visit) visit(t *testing.T, browser context.Context) (got map[string]string, framed bool) {
	t.Helper()
	tab, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer end()
	from := v.home
	if v.page == "" {
		v.rebind(t, tab)
	} else {
		server := httptest.NewServer(hostileSite())
		t.Cleanup(server.Close)
		from = under(v.page, server.URL)
	}
	given := url.Values{"home": {v.home}, "token": {v.ws.BotToken()}, "socket": {v.socket}, "file": {v.file}}
	w := &window{t, tab}
	if err := chromedp.Do(tab, chromedp.Navigate(from+"/hostile/?"+given.Encode())); err != nil {
		t.Fatalf("open the page: %v", err)
	}
	w.do(chromedp.Click(chromedp.CSS("#begin")))
	got, err := inTime(w, chromedp.Evaluate[map[string]string](`finished`, chromedp.EvalAwaitPromise))
	if err != nil {
		w.fail("the page never finished: %v", err)
	}
	return got, v.framed(t, tab)
}

// hostileSite has the page under /hostile/, its worker, and a redirection to where it
// is asked for.
func hostileSite() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /hostile/", http.StripPrefix("/hostile/", http.FileServer(http.Dir("testdata/hostile"))))
	mux.HandleFunc("GET /worker.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "testdata/hostile/worker.js")
	})
	mux.HandleFunc("POST /hop", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.FormValue("to"), http.StatusTemporaryRedirect)
	})
	return mux
}

// rebind has the browser believe that the page came from the address of the
// workspace: as when a name led to somebody's server, and leads to this machine
// since.
func (v *visit) rebind(t *testing.T, tab context.Context) {
	t.Helper()
	document, err := os.ReadFile("testdata/hostile/index.html")
	if err != nil {
		t.Fatal(err)
	}
	paused := chromedp.Events(tab, fetch.RequestPaused)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for r, err := range paused {
			if err != nil {
				return
			}
			if _, err := chromedp.Call(tab, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: r.RequestID, ResponseCode: http.StatusOK, Body: document,
				ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html; charset=utf-8"}}}); err != nil {
				t.Errorf("answer for the workspace: %v", err)
			}
		}
	}()
	t.Cleanup(func() { <-done })
	if _, err := chromedp.Call(tab, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: v.home + "/hostile/*"}}}); err != nil {
		t.Fatal(err)
	}
}

// framed tells whether a frame has the workspace's page in it. Of frames of another
// site the browser tells nothing here; what it is told of them is the same.
func (v *visit) framed(t *testing.T, tab context.Context) bool {
	t.Helper()
	tree, err := chromedp.Call(tab, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(tree.FrameTree.ChildFrames, func(each *page.FrameTree) bool {
		return strings.HasPrefix(each.Frame.URL, v.home+"/?") && each.Frame.MimeType == "text/html"
	})
}

// allOf is what there is in a workspace that a page could change.
func allOf(t *testing.T, ws *Workspace) string {
	t.Helper()
	ana := ws.User("ana")
	out, err := json.MarshalIndent(map[string]any{
		"messages": ana.Messages("#general"), "modals": ana.Modals(), "interactions": ws.Interactions(), "calls": ws.Calls(""),
		"sockets": ws.SocketInfos(), "people": ws.User("omar").Messages("#general"), "now": ws.Clock().Now(), "calm": ws.Calmed(),
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
