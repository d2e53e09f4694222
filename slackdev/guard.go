package slackdev

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
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
		if !ws.hosts[r.Host] {
			http.Error(w, "This workspace answers to its loopback address only.", http.StatusForbidden)
			return
		}
		// Sockets are opened with a secret ticket, and slack-go sends Slack's own
		// origin with it.
		if o := r.Header.Get("Origin"); o != "" && r.URL.Path != "/link/" && !ws.ownOrigin(o) {
			http.Error(w, "This workspace takes no requests from other pages.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
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
