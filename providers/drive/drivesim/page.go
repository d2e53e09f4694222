package drivesim

import (
	"html/template"
	"net/http"
)

// document is the page of a document: what a person sees who opens its link.
var document = template.Must(template.New("document").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Name}}</title>
<style>
body { font: 16px/1.5 sans-serif; background: #f8f9fa; color: #202124; margin: 0 }
main { background: #fff; max-width: 44rem; margin: 2rem auto; padding: 3rem; box-shadow: 0 1px 3px #0003 }
pre { font: inherit; white-space: pre-wrap }
small { color: #5f6368 }
</style></head><body><main>
<h1>{{.Name}}</h1>
{{if .Trashed}}<p><strong>This document is in the trash.</strong></p>{{end}}
<pre>{{.Text}}</pre>
<small>A stand-in for Google Docs.{{range $key, $value := .AppProperties}} {{$key}}: {{$value}}.{{end}}</small>
</main></body></html>
`))

// page shows a document.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	i := s.index(r.PathValue("id"))
	var f File
	if i >= 0 {
		f = s.files[i]
	}
	s.mu.Unlock()
	if i < 0 {
		http.Error(w, "Sorry, the file you have requested does not exist.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = document.Execute(w, f)
}
