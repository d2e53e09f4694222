package slackdev

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// This file keeps other machines and other web pages out. The workspace has no
// passwords, so it must not be reachable by anything but programs of this
// machine: it listens on loopback alone, it answers only to loopback names (a
// page that rebinds its own name to 127.0.0.1 sends its own name as Host), and
// it refuses requests that another origin's page makes.

func listenLoopback(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("address %q is not loopback: use 127.0.0.1, as the workspace has no passwords", addr)
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return ln, nil
}

func loopbackHosts(addr net.Addr) map[string]bool {
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return nil
	}
	return map[string]bool{
		net.JoinHostPort("127.0.0.1", port): true,
		net.JoinHostPort("localhost", port): true,
		net.JoinHostPort("::1", port):       true,
		addr.String():                       true,
	}
}

// guard wraps everything the workspace serves.
func (ws *Workspace) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if !ws.hosts[r.Host] {
			http.Error(w, "This workspace answers to its loopback address only.", http.StatusForbidden)
			return
		}
		if !ws.fromHere(r) {
			http.Error(w, "This workspace takes no requests from other pages.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// fromHere tells whether a program of this machine asks, or the workspace's own
// page. A browser says of every request which page made it, in the one header or
// the other; a link that leads to the page or to a file is followed, and that is
// all: the Web API takes GET, too, and tokens can be guessed (Options.FixedTokens).
func (ws *Workspace) fromHere(r *http.Request) bool {
	if o := r.Header.Get("Origin"); o != "" && !ws.ownOrigin(o) && (r.URL.Path != "/link/" || !slackOrigin(o)) {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site": // another port of this machine is the same site
		link := r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/dev/files/")
		return link && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	}
	return true
}

// slackOrigin is true for Slack's own pages, whose origin clients such as
// slack-go send with a socket.
func slackOrigin(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "https" && (u.Host == "slack.com" || strings.HasSuffix(u.Host, ".slack.com"))
}

func (ws *Workspace) ownOrigin(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && ws.hosts[u.Host]
}

func (ws *Workspace) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", ws.serveAPI)
	mux.HandleFunc("GET /link/", ws.serveSocket)
	mux.HandleFunc("POST /actions/{token}", ws.serveResponseURL)
	mux.HandleFunc("POST /upload/{token}", ws.serveUpload)
	ws.controlRoutes(mux)
	return mux
}
