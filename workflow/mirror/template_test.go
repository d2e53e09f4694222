package mirror

import (
	"strings"
	"testing"

	"cloudimage/workflow"
)

// page is what a template can say of an item.
func (p *play) page(fact workflow.FactName, progress string) Page {
	for _, t := range p.Definition().Trackings() {
		if t.Fact == fact {
			return writer{run: p.Run, who: who}.page(t, progress)
		}
	}
	return Page{}
}

func TestFirstTextsThatShip(t *testing.T) {
	t.Parallel()
	p := partnership(t, func(s *workflow.Start) { s.Partner = "# *DigitalOcean* & Söhne_ <b> @all 1. x" })
	var out strings.Builder
	write(t, &out, p, "issue", workflow.TrackIssue)
	write(t, &out, p, "marketing-issue", workflow.TrackRelated)
	write(t, &out, maintenance(t), "issue", workflow.TrackIssue)
	golden(t, "first-texts.md", out.String())
}

func write(t *testing.T, out *strings.Builder, p *play, fact workflow.FactName, track workflow.Track) {
	t.Helper()
	shipped, err := ParseTemplates(track, "", "")
	p.must(err)
	title, text, err := shipped.fill(p.page(fact, "(our part)"))
	p.must(err)
	out.WriteString("== " + title + "\n" + text + "\n\n")
}

func TestOwnTemplates(t *testing.T) {
	t.Parallel()
	p := partnership(t)
	for _, tt := range []struct{ title, text, wantTitle, wantText string }{
		{"", "", "DigitalOcean: First-time image", ""},
		{"{{.Run}} {{.Owner}}\n {{.Launch}}", "{{.Progress}}", "R-17 @ana 20 May 2026, a target", "(our part)"},
		{"x", "Above\n{{.Progress}}\nbelow", "x", "Above\n(our part)\nbelow"},
		{"x", "\n\nIt comes at the end: {{.Listings}}\n\n", "x", "It comes at the end: CE image, EE image\n\n(our part)"},
		{"{{.Team}}: {{.Stage}}", "{{if .Launch}}a date{{end}} {{.Progress}}", "Strategic Partnerships: Introduction & Scope", "a date (our part)"},
	} {
		own, err := ParseTemplates(workflow.TrackIssue, tt.title, tt.text)
		if err != nil {
			t.Errorf("%q, %q: %v", tt.title, tt.text, err)
			continue
		}
		title, text, err := own.fill(p.page("issue", "(our part)"))
		if err != nil || title != tt.wantTitle || tt.wantText != "" && text != tt.wantText {
			t.Errorf("%q, %q make %q, %q, %v", tt.title, tt.text, title, text, err)
		}
	}
}

func TestTemplateThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ title, text, want string }{
		{"{{.Nobody}}", "", "the title cannot be read: template: title:1:2: executing"},
		{"", "a\n{{.Nobody}}", "the template cannot be read: template: template:2:2: executing"},
		{"", "{{.Nobody}}", "can't evaluate field Nobody"},
		{"{{.Partner", "", "the title cannot be read: template: title:1: unclosed action"},
		{"", "{{end}}", "the template cannot be read: template: template:1: unexpected {{end}}"},
		{"", `{{template "x"}}`, "the template cannot be read"},
	} {
		if _, err := ParseTemplates(workflow.TrackIssue, tt.title, tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q, %q: %v, want %q", tt.title, tt.text, err, tt.want)
		}
	}
}

// A title is no Markdown, has one line, and is no longer than trackers take.
func TestTitleIsAsPeopleTypedIt(t *testing.T) {
	t.Parallel()
	own, err := ParseTemplates(workflow.TrackRelated, "{{.Partner}}", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range hostile {
		title, _, err := own.fill(Page{Partner: plain(typed)})
		if want := shown(typed); err != nil || !strings.Contains(want, "://") && title != want {
			t.Errorf("%q has the title %q, %v", want, title, err)
		}
	}
	for n, want := range map[int]int{10: 10, longestTitle: longestTitle, longestTitle + 1: longestTitle, 2000: longestTitle} {
		title, _, err := own.fill(Page{Partner: plain(strings.Repeat("ö", n))})
		if got := []rune(title); err != nil || len(got) != want || (got[len(got)-1] == '…') != (n > longestTitle) {
			t.Errorf("%d characters have a title of %d, %v", n, len(got), err)
		}
	}
}
