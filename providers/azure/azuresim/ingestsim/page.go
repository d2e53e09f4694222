package ingestsim

import (
	"bytes"
	"html/template"
	"net/http"
)

// pageText is the page for people. It needs nothing but itself.
const pageText = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Partner Center, simulated</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}
code{font-size:.9em}
</style>
<h1>Partner Center, simulated</h1>
<p>{{.Now.Format "2006-01-02 15:04:05"}} UTC. As JSON: <a href="state">state</a>, <a href="calls">calls</a>.{{if .Held}} Jobs are held.{{end}}</p>
{{define "target"}}{{range .Plans}}<p>{{.Plan}}: {{range .Versions}}{{.Number}}{{if ne .Lifecycle "generallyAvailable"}} ({{.Lifecycle}}){{end}} {{end}}</p>{{end}}{{end}}
{{range .Products}}
<h2>{{.ExternalID}} <code>{{.ID}}</code></h2>
{{if .Locked}}<p>{{.Locked}}</p>{{end}}
<table><tr><th>Draft<th>Preview<th>Live</tr>
<tr><td>{{template "target" .Draft}}<td>{{template "target" .Preview}}<td>{{template "target" .Live}}</tr></table>
{{if .Submissions}}<table><caption>Submissions</caption><tr><th>Id<th>Target<th>Status<th>Result<th>Created<th>By</tr>
{{range .Submissions}}<tr><td><code>{{.ID}}</code><td>{{.Target}}<td>{{.Status}}<td>{{.Result}}<td>{{.Created.Format "01-02 15:04:05"}}<td>{{if .Foreign}}someone else{{else}}the API{{end}}</tr>
{{end}}</table>{{end}}
{{else}}<p>There are no products.</p>{{end}}
{{if .Jobs}}<table><caption>Jobs</caption><tr><th>Id<th>Product<th>Target<th>Status<th>Result<th>Errors<th>Started</tr>
{{range .Jobs}}<tr><td><code>{{.ID}}</code><td>{{.Product}}<td>{{.Target}}<td>{{.Status}}<td>{{.Result}}<td>{{range .Messages}}{{.}} {{end}}<td>{{.Started.Format "01-02 15:04:05"}}</tr>
{{end}}</table>{{end}}
{{if .Dropped}}<table><caption>Dropped versions</caption><tr><th>Product<th>Plan<th>Version<th>Was live<th>At</tr>
{{range .Dropped}}<tr><td>{{.Product}}<td>{{.Plan}}<td>{{.Version}}<td>{{if .WasLive}}yes{{else}}no{{end}}<td>{{.At.Format "01-02 15:04:05"}}</tr>
{{end}}</table>{{end}}
</html>
`

// servePage shows what there is to people.
func (s *Server) servePage(w http.ResponseWriter) {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	if err := t.Execute(&b, s.State()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	send(w, http.StatusOK, "text/html; charset=utf-8", b.String())
}
