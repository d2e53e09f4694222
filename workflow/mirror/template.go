package mirror

import (
	"cmp"
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"cloudimage/workflow"
)

// This file makes the first text of an issue from a template, which is data: a
// Markdown file with the names of [Page] in braces.

//go:embed templates/issue.md
var issueTemplate string

//go:embed templates/related-issue.md
var relatedTemplate string

// Page is what a template can say. All of it is Markdown already.
type Page struct {
	Run      string // "R-17"
	Partner  string
	Process  string // "First-time image"
	About    string // the goal of the process, or what the step's standard asks for
	Listings string // "CE image, EE image"
	Launch   string // "15 January 2027, a target"; empty without one
	Owner    string
	Team     string // the team of the stage
	Stage    string // the title of the stage
	Progress string // our part, with its marks; put at the end where a template leaves it out
}

// Templates are the title and the text of an issue.
type Templates struct {
	title, text *template.Template
}

// ParseTemplates reads the title and the text of an issue; each defaults to what
// ships. An error names the line.
func ParseTemplates(track workflow.Track, title, text string) (Templates, error) {
	text = cmp.Or(text, map[workflow.Track]string{workflow.TrackIssue: issueTemplate, workflow.TrackRelated: relatedTemplate}[track])
	var t Templates
	var err error
	if t.title, err = parse("title", cmp.Or(title, map[workflow.Track]string{workflow.TrackIssue: "{{.Partner}}: {{.Process}}", workflow.TrackRelated: "{{.Partner}}: {{.Stage}}"}[track])); err != nil {
		return t, err
	}
	t.text, err = parse("template", text)
	return t, err
}

func parse(name, text string) (*template.Template, error) {
	t, err := template.New(name).Option("missingkey=error").Parse(text)
	if err == nil {
		err = t.Execute(&strings.Builder{}, Page{}) // tells of names that are none
	}
	if err != nil {
		return nil, fmt.Errorf("the %s cannot be read: %w", name, err)
	}
	return t, nil
}

// longestTitle is the most characters that a title has.
const longestTitle = 255

// fill makes the title and the text of an issue.
func (t Templates) fill(p Page) (title, text string, err error) {
	var out strings.Builder
	if err := t.title.Execute(&out, p); err != nil {
		return "", "", fmt.Errorf("write a title: %w", err)
	}
	title = strings.Join(strings.Fields(unescape(out.String())), " ")
	if runes := []rune(title); len(runes) > longestTitle {
		title = string(runes[:longestTitle-1]) + "…"
	}
	out.Reset()
	if err := t.text.Execute(&out, p); err != nil {
		return "", "", fmt.Errorf("write a text: %w", err)
	}
	text = strings.TrimSpace(out.String())
	if !strings.Contains(text, p.Progress) {
		text += "\n\n" + p.Progress
	}
	return title, text, nil
}

// unescape takes back what plain does: a title is no Markdown.
func unescape(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		out.WriteByte(text[i])
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", string(joiner), "").Replace(out.String())
}

// page is what a template can say of an item of the run.
func (w writer) page(t workflow.Tracking, progress string) Page {
	r, def := w.run, w.run.Definition()
	names := make([]string, len(r.Listings))
	for i := range r.Listings {
		names[i] = plain(r.ListingName(&r.Listings[i]))
	}
	p := Page{
		Run: r.Name(), Partner: plain(r.Partner), Process: plain(def.Title), About: plain(def.Goal), Listings: strings.Join(names, ", "),
		Team: plain(def.TeamName(t.Stage.Team).Name), Stage: plain(t.Stage.Title), Progress: progress, Owner: "nobody yet",
	}
	if r.Owner != "" {
		p.Owner = w.who(r.Owner)
	}
	if date, agreed := r.Launch(); date != "" {
		p.Launch = day(date)
		if !agreed {
			p.Launch += ", a target"
		}
	}
	if step, _, ok := def.Step(t.Key.Step); ok && t.Track == workflow.TrackRelated {
		p.About = plain(cmp.Or(step.Standard, step.Title))
	}
	return p
}
