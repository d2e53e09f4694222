package page_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/slackdev/page"
)

// obj is a JSON object of the server's API.
type obj = map[string]any

// workspace is a canned stand-in for the server behind the page: it answers
// reads with what a test put there, records every POST, and tells live pages
// what changed.
type workspace struct {
	*httptest.Server

	mu       sync.Mutex
	reads    map[string]any        // answer by path, or by path, channel and thread
	replies  map[string]func() obj // outcome by path; {ok: true} otherwise
	posts    []posted
	changed  chan struct{} // closed and renewed with every post
	watchers map[chan string]bool
}

type posted struct {
	Path string
	Body obj
}

const (
	ana  = "U0ANA"
	maya = "U0MAYA"
	bot  = "U0BOT"
)

// conversations is what Ana sees, with so many unread mentions in C0ONE.
func conversations(unread int) obj {
	return obj{"conversations": []obj{
		{"id": "C0ONE", "name": "one", "kind": "channel", "topic": "First", "is_member": true, "members": []string{ana, bot}, "unread": unread, "mentions": unread},
		{"id": "C0TWO", "name": "two", "kind": "private", "topic": "", "purpose": "All of two", "is_member": true, "members": []string{ana}, "unread": 3, "mentions": 2},
		{"id": "D0ANA", "name": "", "kind": "im", "user": bot, "is_member": true, "members": []string{ana, bot}, "unread": 0, "mentions": 0},
	}}
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	ws := &workspace{
		reads: map[string]any{
			"workspace": obj{
				"team": obj{"id": "T0ACME", "name": "Acme", "domain": "acme"},
				"app": obj{
					"id": "A0", "name": "Demo App", "user_id": bot, "connected": 1,
					"commands":  []obj{{"command": "/demo", "description": "Shows things", "usage_hint": "new | status | help"}},
					"shortcuts": []obj{{"name": "Attach it", "type": "message", "callback_id": "attach", "description": "Attach this message"}},
				},
				"users": []obj{
					{"id": ana, "name": "ana", "real_name": "Ana Pereira", "title": "Manager", "kind": "member", "tz": "Europe/Lisbon"},
					{"id": maya, "name": "maya", "real_name": "Maya Iyer", "title": "Marketing", "kind": "admin", "tz": "Asia/Kolkata"},
					{"id": "U0DANA", "name": "dana", "real_name": "Dana Former", "kind": "deleted", "tz": "Etc/UTC"},
					{"id": bot, "name": "demo", "real_name": "Demo App", "kind": "bot", "tz": "Etc/UTC"},
				},
				"usergroups": []obj{{"id": "S0OMNI", "handle": "omnibus", "name": "Omnibus", "users": []string{maya}}},
				"now":        "2025-11-25T10:31:00Z",
			},
			"conversations": conversations(0),
			"messages":      obj{"messages": []obj{}},
			"pins":          obj{"pins": []obj{}, "bookmarks": []obj{}},
			"home":          obj{"view": nil},
			"modals":        obj{"stack": []obj{}},
			"interactions":  obj{"items": []obj{}},
			"actions":       obj{"actions": []obj{}},
			"faults":        obj{"armed": []obj{}, "calm": true, "rates": "off", "token": "valid", "socket_mode": true, "plan": obj{"user_groups": true}, "scopes": obj{"granted": []string{}, "withdrawn": []string{}}},
			"limits":        obj{"mode": "off", "methods": []obj{}},
			"guide":         obj{"hints": []obj{}},
		},
		replies:  map[string]func() obj{},
		changed:  make(chan struct{}),
		watchers: map[chan string]bool{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", page.Policy)
		http.ServeFileFS(w, r, page.FS(), "index.html")
	})
	mux.Handle("GET /dev/static/", http.StripPrefix("/dev/", http.FileServerFS(page.FS())))
	mux.HandleFunc("GET /dev/files/{id}", picture)
	mux.HandleFunc("GET /dev/api/events", ws.events)
	mux.HandleFunc("GET /dev/api/{path}", ws.read)
	mux.HandleFunc("POST /dev/api/{path...}", ws.post)
	ws.Server = httptest.NewServer(mux)
	t.Cleanup(ws.Close)
	return ws
}

// message puts one message of the bot into channel C0ONE.
func (ws *workspace) message(m obj) {
	m["ts"], m["user"], m["bot"] = "1764066000.000100", bot, true
	ws.set("messages C0ONE", obj{"messages": []obj{m}})
}

// set replaces what a read answers, and tells the live pages of it.
func (ws *workspace) set(path string, v any) {
	ws.mu.Lock()
	ws.reads[path] = v
	ws.mu.Unlock()
}

// tell sends one event to every live page.
func (ws *workspace) tell(event string, data obj) {
	b, err := json.Marshal(data)
	if err != nil {
		panic(err) // only maps of strings are passed
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for w := range ws.watchers {
		w <- fmt.Sprintf("event: %s\ndata: %s\n\n", event, b)
	}
}

// on has POSTs to the path answered by reply.
func (ws *workspace) on(path string, reply func() obj) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.replies[path] = reply
}

// posted waits for the first POST to the path and returns its body.
func (ws *workspace) posted(t *testing.T, path string) obj {
	t.Helper()
	for {
		ws.mu.Lock()
		changed := ws.changed
		for i, p := range ws.posts {
			if p.Path == path {
				ws.posts = append(ws.posts[:i:i], ws.posts[i+1:]...)
				ws.mu.Unlock()
				return p.Body
			}
		}
		ws.mu.Unlock()
		select {
		case <-changed:
		case <-time.After(patience):
			t.Fatalf("the page never posted to %s", path)
		}
	}
}

// count is how many POSTs to the path nobody has waited for.
func (ws *workspace) count(path string) int {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	n := 0
	for _, p := range ws.posts {
		if p.Path == path {
			n++
		}
	}
	return n
}

func (ws *workspace) read(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Slackdev") != "1" {
		http.Error(w, `{"ok":false,"error":"The header X-Slackdev is missing."}`, http.StatusBadRequest)
		return
	}
	path := r.PathValue("path")
	ws.mu.Lock()
	v, ok := ws.reads[strings.TrimSpace(path+" "+r.FormValue("channel")+" "+r.FormValue("thread_ts"))]
	if !ok {
		v = ws.reads[path]
	}
	b, err := json.Marshal(v)
	ws.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(b)
}

func (ws *workspace) post(w http.ResponseWriter, r *http.Request) {
	var body obj
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.Header.Get("X-Slackdev") != "1" {
		http.Error(w, `{"ok":false,"error":"The request is not one of the page's."}`, http.StatusBadRequest)
		return
	}
	path := r.PathValue("path")
	out := obj{"ok": true}
	ws.mu.Lock()
	reply := ws.replies[path]
	ws.mu.Unlock()
	if reply != nil {
		out = reply()
	}
	ws.mu.Lock()
	ws.posts = append(ws.posts, posted{path, body})
	close(ws.changed)
	ws.changed = make(chan struct{})
	ws.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(out)
}

func (ws *workspace) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	lines := make(chan string, 64)
	ws.mu.Lock()
	ws.watchers[lines] = true
	ws.mu.Unlock()
	defer func() {
		ws.mu.Lock()
		delete(ws.watchers, lines)
		ws.mu.Unlock()
	}()
	fmt.Fprint(w, ": open\n\n")
	for {
		if err := http.NewResponseController(w).Flush(); err != nil {
			return
		}
		select {
		case line := <-lines:
			fmt.Fprint(w, line)
		case <-r.Context().Done():
			return
		}
	}
}
