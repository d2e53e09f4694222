package slackdev

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"cloudimage/slackdev/page"
)

// This file is the door of the control API, which the page in the browser and
// other programs use to act as people: the same acts as the Go API's, over
// HTTP, under /dev/api. Requests carry the header X-Slackdev, which a page of
// another origin cannot send without being asked first, and it is not allowed.

const (
	maxControlBody = 1 << 20
	maxUploadBody  = maxUpload/3*4 + maxControlBody // a file in base64, with what is beside it
)

func (ws *Workspace) controlRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", ws.servePage)
	mux.HandleFunc("GET /dev/static/{name...}", ws.serveStatic)
	mux.HandleFunc("GET /dev/files/{id}", ws.serveFile)
	mux.HandleFunc("GET /dev/api/events", ws.serveEvents)
	mux.HandleFunc("GET /dev/api/actions", ws.serveActions)
	mux.HandleFunc("GET /dev/api/interactions", ws.serveInteractions)
	mux.HandleFunc("POST /dev/api/act", ws.serveAct)
	ws.faultRoutes(mux)
	mux.HandleFunc("GET /dev/api/guide", ws.serveGuide)
	for name, read := range map[string]func(*Workspace, *reading) (any, error){
		"workspace":     (*Workspace).readWorkspace,
		"conversations": (*Workspace).readConversations,
		"messages":      (*Workspace).readMessages,
		"pins":          (*Workspace).readPins,
		"home":          (*Workspace).readHome,
		"modals":        (*Workspace).readModals,
	} {
		mux.HandleFunc("GET /dev/api/"+name, ws.reader(read))
	}
	mux.HandleFunc("GET /dev/api/screen", ws.serveScreen)
	mux.HandleFunc("/dev/api/{request...}", serveNoSuch)
	for name, act := range controlActs() {
		mux.HandleFunc("POST /dev/api/"+name, ws.actor(act))
	}
}

// policy adds what a browser is to enforce.
func policy(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", page.Policy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cache-Control", "no-store")
}

func (ws *Workspace) servePage(w http.ResponseWriter, r *http.Request) {
	policy(w)
	servePageFile(w, "index.html")
}

// serveStatic serves files, never lists of them.
func (ws *Workspace) serveStatic(w http.ResponseWriter, r *http.Request) {
	policy(w)
	servePageFile(w, path.Join("static", r.PathValue("name")))
}

func servePageFile(w http.ResponseWriter, name string) {
	data, err := fs.ReadFile(page.FS(), name)
	if err != nil {
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Write(data)
}

// serveNoSuch answers what is asked for in vain.
func serveNoSuch(w http.ResponseWriter, r *http.Request) {
	if !askedByPage(w, r) {
		return
	}
	name := r.PathValue("request")
	if _, act := controlActs()[name]; act {
		w.Header().Set("Allow", http.MethodPost)
		writeControl(w, http.StatusMethodNotAllowed, Outcome{Error: "This is an act: it wants POST."})
		return
	}
	writeControl(w, http.StatusNotFound, Outcome{Error: fmt.Sprintf("There is no request %s %s here.", r.Method, name)})
}

// reading is a GET of the control API.
type reading struct {
	u *user // who looks; nil when the request does not say
	r *http.Request
}

var errNobody = errors.New("as must be the name or the id of a person of this workspace")

func (ws *Workspace) reader(read func(*Workspace, *reading) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !askedByPage(w, r) {
			return
		}
		ws.mu.Lock()
		q := &reading{u: ws.st.personByName(r.URL.Query().Get("as")), r: r}
		var body any
		err := error(nil)
		if body, err = read(ws, q); err == nil {
			// Marshalled under the lock: what is read may hold live state.
			body = json.RawMessage(mustJSON(body))
		}
		ws.mu.Unlock()
		if err != nil {
			out, _ := refused(err)
			writeControl(w, http.StatusBadRequest, out)
			return
		}
		writeControl(w, http.StatusOK, body)
	}
}

func askedByPage(w http.ResponseWriter, r *http.Request) bool {
	policy(w)
	if r.Header.Get("X-Slackdev") == "1" {
		return true
	}
	writeControl(w, http.StatusForbidden, Outcome{Error: "The request lacks the header X-Slackdev: 1."})
	return false
}

func writeControl(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
