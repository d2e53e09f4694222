package gitlabsim

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// This file serves the pages, at GitLab's own addresses, so that links open. Who
// looks is chosen on the page and kept in a cookie: there are no passwords, and
// the instance is for one's own machine.

//go:embed static
var static embed.FS

// whoCookie names who looks.
const whoCookie = "gitlabsim_user"

// policy lets a page do nothing but show itself and send its forms.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// place is what an address of a page names.
type place struct {
	project *project
	item    *item
	user    *user
}

func (s *Server) servePages(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	switch {
	case r.URL.Path == "/-/gitlabsim/page.css":
		css, err := fs.ReadFile(static, "static/page.css")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		h.Set("Content-Type", "text/css; charset=utf-8")
		w.Write(css)
	case r.Method == http.MethodPost:
		s.serveForm(w, r)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		s.servePage(w, r)
	default:
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
	}
}

// viewer is who looks; nil for nobody.
func (s *Server) viewer(r *http.Request) *user {
	name, err := s.opts.Viewer, error(nil)
	if c, missing := r.Cookie(whoCookie); missing == nil {
		name, err = url.QueryUnescape(c.Value)
	}
	if u := s.state.user(name); err == nil && u.active() {
		return u
	}
	return nil
}

func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	who := s.viewer(r)
	view := pageView{Who: s.basic(who), Path: r.URL.Path, Says: r.URL.Query().Get("says")}
	for _, u := range s.state.users {
		if u.active() {
			view.Users = append(view.Users, s.basic(u))
		}
	}
	slices.SortFunc(view.Users, func(a, b *userBasic) int { return strings.Compare(a.Username, b.Username) })
	if r.URL.Path == "/" {
		s.drawHome(&view, who)
		s.render(w, http.StatusOK, "home", view)
		return
	}
	at, redirect := s.at(r.URL.Path)
	switch {
	case redirect != "":
		http.Redirect(w, r, redirect, http.StatusFound)
	case at.item != nil && at.item.canRead(who):
		s.drawItem(&view, at.item, who)
		s.render(w, http.StatusOK, "item", view)
	case at.item == nil && at.project != nil && at.project.canRead(who):
		s.drawProject(&view, at.project, who)
		s.render(w, http.StatusOK, "project", view)
	case at.user != nil:
		s.drawUser(&view, at.user, who)
		s.render(w, http.StatusOK, "user", view)
	default:
		view.Title = "Page not found"
		s.render(w, http.StatusNotFound, "missing", view)
	}
}

// at is what an address names, or where it leads instead.
func (s *Server) at(path string) (p place, redirect string) {
	path = strings.Trim(path, "/")
	before, after, inside := strings.Cut(path, "/-/")
	if !inside {
		// Addresses without /-/ are old ones.
		for _, kind := range []string{"issues", "merge_requests"} {
			if project, iid, ok := strings.Cut(path, "/"+kind+"/"); ok {
				return place{}, "/" + project + "/-/" + kind + "/" + iid
			}
		}
		p.project = s.state.byPath[strings.ToLower(path)]
		if p.project == nil {
			p.user = s.state.user(path)
		}
		return p, ""
	}
	p.project = s.state.byPath[strings.ToLower(before)]
	kind, number, _ := strings.Cut(after, "/")
	iid, err := strconv.Atoi(number)
	if p.project == nil {
		return place{}, ""
	}
	switch {
	case (kind == "issues" || kind == "merge_requests") && number == "":
		return p, ""
	case err != nil:
	case kind == "work_items":
		return place{}, "/" + p.project.full() + "/-/issues/" + number
	case kind == "issues" && p.project.issues[iid] != nil:
		p.item = p.project.issues[iid]
		return p, ""
	case kind == "merge_requests" && p.project.merges[iid] != nil:
		p.item = p.project.merges[iid]
		return p, ""
	}
	return place{}, ""
}

func (s *Server) render(w http.ResponseWriter, status int, name string, view pageView) {
	t, err := templates()
	var b bytes.Buffer
	if err == nil {
		err = t.ExecuteTemplate(&b, name, view)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

func templates() (*template.Template, error) {
	return template.New("").ParseFS(static, "static/*.html")
}
