package azuresim

import (
	"bytes"
	"html/template"
	"net/http"
)

// pageText is the page for people. It needs nothing but itself.
const pageText = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Azure, simulated</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}
code{font-size:.9em}
</style>
<h1>Azure, simulated</h1>
<p>Tenant <code>{{.Tenant}}</code>, {{.Now.Format "2006-01-02 15:04:05"}} UTC, {{.Operations}} operations under way. As JSON: <a href="state">state</a>, <a href="calls">calls</a>.</p>
{{range .Denied}}<p>Denied: <code>{{.}}</code></p>{{end}}
{{range .Subscriptions}}<p>Subscription <code>{{.ID}}</code> {{.Name}}</p>{{end}}
<h2>Resource groups</h2>
<table><tr><th>Name<th>Location<th>State<th>Resources<th>Tags</tr>
{{range .Groups}}<tr><td>{{.Name}}<td>{{.Location}}<td>{{.State}}<td>{{.Resources}}<td>{{range $k,$v := .Tags}}{{$k}}={{$v}} {{end}}</tr>
{{end}}</table>
{{if .Machines}}<h2>Machines</h2>
<table><tr><th>Name<th>Group<th>Location<th>Size<th>State<th>Power<th>Image<th>Created</tr>
{{range .Machines}}<tr><td>{{.Name}}<td>{{.Group}}<td>{{.Location}}<td>{{.Size}}<td>{{.State}}<td>{{.Power}}{{if .Generalized}}, generalized{{end}}<td>{{.Image}}<td>{{.Created.Format "01-02 15:04:05"}}</tr>
{{end}}</table>{{end}}
{{if .RunCommands}}<h2>Commands</h2>
<table><tr><th>Name<th>Machine<th>Script's state<th>Exit code<th>Created</tr>
{{range .RunCommands}}<tr><td>{{.Name}}<td><code>{{.Machine}}</code><td>{{.State}}<td>{{.ExitCode}}<td>{{.Created.Format "01-02 15:04:05"}}</tr>
{{end}}</table>{{end}}
<h2>Image versions</h2>
{{if .Versions}}<table><tr><th>Definition<th>Version<th>State<th>Regions<th>Latest<th>Created<th>Tags</tr>
{{range .Versions}}<tr><td><code>{{.Definition}}</code><td>{{.Name}}<td>{{.State}}<td>{{range .Regions}}{{.Location}} {{.State}} {{.Progress}}%{{if .Exclude}} (not latest){{end}}<br>{{end}}<td>{{if .ExcludeFromLatest}}excluded{{else}}yes{{end}}<td>{{.Created.Format "2006-01-02 15:04"}}<td>{{range $k,$v := .Tags}}{{$k}}={{$v}} {{end}}</tr>
{{end}}</table>{{else}}<p>There are none.</p>{{end}}
<h2>Roles</h2>
<table><tr><th>Scope<th>Principal<th>Role</tr>
{{range .Assignments}}<tr><td><code>{{.Scope}}</code><td><code>{{.Principal}}</code><td><code>{{.Role}}</code></tr>
{{end}}</table>
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
	send(w, http.StatusOK, "text/html; charset=utf-8", b.Bytes())
}
