package awssim

import (
	"bytes"
	"html/template"
	"net/http"
)

// pageText is the page for people. It needs nothing but itself.
const pageText = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>AWS, simulated</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}
code{font-size:.9em}
</style>
<h1>AWS, simulated</h1>
<p>Account <code>{{.Account}}</code>, {{.Now.Format "2006-01-02 15:04:05"}} UTC. As JSON: <a href="state">state</a>, <a href="calls">calls</a>.</p>
{{range .Denied}}<p>Denied: <code>{{.}}</code></p>{{end}}
{{range .Regions}}{{if or .Instances .Images}}
<h2>{{.Name}}</h2>
<p>{{.PublicImages}} of {{.PublicImageQuota}} public images; block public access: {{.BlockPublicAccess}} ({{.ManagedBy}}).</p>
{{if .Instances}}<table><caption>Instances</caption><tr><th>Id<th>State<th>Type<th>Image<th>Launched<th>Tags</tr>
{{range .Instances}}<tr><td><code>{{.ID}}</code><td>{{.State}}<td>{{.Type}}<td><code>{{.Image}}</code><td>{{.Launched.Format "01-02 15:04:05"}}<td>{{range $k,$v := .Tags}}{{$k}}={{$v}} {{end}}</tr>
{{end}}</table>{{end}}
{{if .Images}}<table><caption>Images</caption><tr><th>Id<th>Name<th>State<th>Architecture<th>Public<th>Created<th>Tags</tr>
{{range .Images}}<tr><td><code>{{.ID}}</code><td>{{.Name}}<td>{{.State}}<td>{{.Architecture}}<td>{{if .Public}}yes{{else}}no{{end}}<td>{{.Created.Format "01-02 15:04:05"}}<td>{{range $k,$v := .Tags}}{{$k}}={{$v}} {{end}}</tr>
{{end}}</table>{{end}}
{{end}}{{end}}
<h2>Marketplace</h2>
{{range .Products}}<h3>{{.Title}} <code>{{.ID}}@{{.Revision}}</code> {{.Architecture}}</h3>
<table><tr><th>Version<th>Image<th>Created<th>Restricted</tr>
{{range .Versions}}<tr><td>{{.Title}}<td><code>{{.Image}}</code><td>{{.Created.Format "2006-01-02"}}<td>{{if .Restricted}}yes{{else}}no{{end}}</tr>
{{end}}</table>{{else}}<p>Nothing is listed.</p>{{end}}
{{if .ChangeSets}}<table><caption>Change sets</caption><tr><th>Id<th>Name<th>Intent<th>Status<th>Changes<th>Products<th>Started<th>By</tr>
{{range .ChangeSets}}<tr><td><code>{{.ID}}</code><td>{{.Name}}<td>{{.Intent}}<td>{{.Status}}<td>{{range .Types}}{{.}} {{end}}<td>{{range .Products}}{{.}} {{end}}<td>{{.Started.Format "01-02 15:04:05"}}<td>{{.By}}</tr>
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
