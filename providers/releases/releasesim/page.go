package releasesim

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// This file serves a page on which a person publishes a release. There are no
// passwords: it is for one's own machine.

//go:embed static
var static embed.FS

// policy lets the page do nothing but show itself and send its form.
const policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

type pageView struct {
	Product  string
	Editions []string
	Releases []pageRelease
	Feeds    []string
	Says     string // what was refused
}

type pageRelease struct{ Version, Level, Editions string }

func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case r.URL.Path == "/-/releasesim/page.css" && reads:
		css, err := fs.ReadFile(static, "static/page.css")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		h.Set("Content-Type", "text/css; charset=utf-8")
		w.Write(css) // the caller may be gone
	case r.URL.Path == "/-/publish" && r.Method == http.MethodPost:
		s.serveForm(w, r)
	case r.URL.Path == "/" && reads:
		s.draw(w, r)
	case reads:
		http.NotFound(w, r)
	default:
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
	}
}

// largestForm is how large a form may be, in bytes.
const largestForm = 16 << 10

func (s *Server) serveForm(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "This page takes no forms from other pages.", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, largestForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return
	}
	back := "/"
	versions := strings.FieldsFunc(r.PostForm.Get("version"), func(r rune) bool { return r == ',' || r == ' ' })
	release := Release{Security: r.PostForm.Get("security") != "", Critical: r.PostForm.Get("critical") != "", Editions: r.PostForm["edition"]}
	if len(versions) > 0 {
		release.Version, release.Also = versions[0], versions[1:]
	}
	if err := s.Publish(release); err != nil {
		back += "?says=" + url.QueryEscape(err.Error())
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// sameOrigin reports whether a form comes from this page.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	u, err := url.Parse(origin)
	return origin == "" || err == nil && u.Host == r.Host
}

func (s *Server) draw(w http.ResponseWriter, r *http.Request) {
	view := pageView{Product: s.opts.Product, Editions: s.opts.Editions, Feeds: slices.Sorted(maps.Keys(feeds)), Says: r.URL.Query().Get("says")}
	view.Releases = s.releases()
	t, err := template.ParseFS(static, "static/page.html")
	var b bytes.Buffer
	if err == nil {
		err = t.ExecuteTemplate(&b, "page.html", view)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(b.Bytes()) // the caller may be gone
}

// releases are all versions of which anything is known, the newest first.
func (s *Server) releases() []pageRelease {
	s.mu.Lock()
	defer s.mu.Unlock()
	editions := map[version][]string{}
	for v := range s.versions {
		editions[v] = nil
	}
	for _, p := range s.packages {
		if !slices.Contains(editions[p.version], p.edition) {
			editions[p.version] = append(editions[p.version], p.edition)
		}
	}
	var out []pageRelease
	for _, v := range slices.SortedFunc(maps.Keys(editions), func(a, b version) int { return b.compare(a) }) {
		slices.Sort(editions[v])
		out = append(out, pageRelease{v.written(), [...]string{"", "security", "critical"}[s.versions[v.first()]], strings.Join(editions[v], ", ")})
	}
	return out
}
