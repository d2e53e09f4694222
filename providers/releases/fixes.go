package releases

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file looks for security fixes in the text of a post. It reads the text as
// a row of tokens and builds no tree, so that what is nested without end costs no
// more than its length.

// severities are from the lightest on.
var severities = []string{"low", "medium", "high", "critical"}

// graver is the graver of two severities; the empty one is the lightest.
func graver(a, b string) string {
	if slices.Index(severities, a) >= slices.Index(severities, b) {
		return a
	}
	return b
}

// findings are what the text of a post says.
type findings struct {
	fixes    bool
	severity string // of the gravest, empty when it is not said
	whole    bool   // there was a text, and all of it was read
}

const (
	// longestBody is how much of a text is looked at, in bytes. The longest posts of
	// GitLab's have a few hundred kilobytes.
	longestBody = 4 << 20
	// longestBlock is how much of a heading, a cell or what stands below a heading is
	// looked at, in bytes.
	longestBlock = 16 << 10
)

var (
	cveNumber = regexp.MustCompile(`\bCVE-[0-9]{4}-[0-9]{4,7}\b`)
	// securityHeading is a heading above fixes: "Security fixes", "Table of fixes".
	securityHeading = regexp.MustCompile(`(?i)\bsecurity (?:bug )?fixes\b|\btable of fixes\b`)
	// scores are as posts write them: "CVSS 9.9", and before 2025
	// "(CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H, 9.8)".
	scores = regexp.MustCompile(`\bCVSS(?: score)?:? ?([0-9]{1,2}\.[0-9])(?:[^0-9./]|$)|\bCVSS:[0-9.]+/[A-Za-z:/]+\W{1,4}([0-9]{1,2}\.[0-9])\b`)
	said   = regexp.MustCompile(`(?i)\bthis is an? (critical|high|medium|low) severity issue\b`)
)

// bodyReader goes through a text.
type bodyReader struct {
	out      findings
	headings int
	section  bool // below a heading about security fixes
	promised bool // there was such a heading

	table  int      // how many tables are open
	column int      // of the severity in the table, -1 when it has none
	first  bool     // the row is the first of the table
	cells  []string // of the row

	text  strings.Builder // of the heading or the cell that is open
	open  atom.Atom       // which it is; 0 for none
	below strings.Builder // what stands below a heading with a CVE
	cve   bool            // there is such a heading
}

// findFixes reads the text of a post, in HTML.
func findFixes(text string) findings {
	r := &bodyReader{column: -1}
	cut := len(text) > longestBody
	z := html.NewTokenizer(strings.NewReader(text[:min(len(text), longestBody)]))
	z.SetMaxBuf(1 << 20)
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			cut = cut || !errors.Is(z.Err(), io.EOF)
			break
		}
		switch kind {
		case html.TextToken:
			r.words(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			r.start(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(atom.Lookup(name))
		}
	}
	r.close()
	r.row()
	r.settle()
	// A teaser has no headings, and says nothing of what the post says below. And
	// where fixes are promised and none could be read, the form has changed.
	r.out.whole = !cut && r.headings > 0 && (r.out.fixes || !r.promised)
	return r.out
}

// words are a text between two tags. It still has its entities, which nothing that
// is looked for is written with.
func (r *bodyReader) words(text []byte) {
	if r.open != 0 && r.text.Len() < longestBlock {
		r.text.Write(text[:min(len(text), longestBlock)])
	} else if r.cve && r.below.Len() < longestBlock {
		r.below.Write(text[:min(len(text), longestBlock)])
	}
}

// heading is the level of a heading, 0 for anything else.
func heading(a atom.Atom) int {
	switch a {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4, atom.H5, atom.H6:
		return 4
	}
	return 0
}

func (r *bodyReader) start(a atom.Atom) {
	switch {
	case heading(a) > 0:
		r.close()
		r.settle()
		r.open = a
	case a == atom.Table:
		r.close()
		r.row()
		r.table++
		r.column, r.first = -1, true
	case a == atom.Tr:
		r.close()
		r.row()
	case a == atom.Td || a == atom.Th:
		r.close()
		if r.table > 0 {
			r.open = a
		}
	case a == atom.Br && r.open == 0 && r.cve:
		r.below.WriteByte(' ')
	}
}

func (r *bodyReader) end(a atom.Atom) {
	switch {
	case a == r.open && a != 0:
		r.close()
	case a == atom.Tr:
		r.close()
		r.row()
	case a == atom.Table:
		r.close()
		r.row()
		r.table = max(r.table-1, 0)
		r.column, r.first = -1, false
	case (a == atom.P || a == atom.Li) && r.cve:
		r.below.WriteByte(' ')
	}
}

// close ends the heading or the cell that is open.
func (r *bodyReader) close() {
	if r.open == 0 {
		return
	}
	text := strings.Join(strings.Fields(r.text.String()), " ")
	level := heading(r.open)
	r.text.Reset()
	r.open = 0
	if level == 0 {
		if len(r.cells) < 20 {
			r.cells = append(r.cells, text)
		}
		return
	}
	r.headings++
	about := securityHeading.MatchString(text)
	r.promised = r.promised || about
	if level <= 2 {
		r.section = about
	}
	if level >= 2 && cveNumber.MatchString(text) {
		r.cve, r.out.fixes = true, true
	} else if r.section && !about {
		r.cve = true // older posts have a heading in words for each fix
	}
}

// row ends the row that is open: the first of a table says what its columns are.
func (r *bodyReader) row() {
	cells := r.cells
	r.cells = r.cells[:0]
	if len(cells) == 0 {
		return
	}
	if r.first {
		r.first = false
		r.column = slices.IndexFunc(cells, func(c string) bool { return strings.EqualFold(c, "severity") })
		return
	}
	if r.column < 0 || len(cells) < 2 || len(cells) <= r.column {
		return
	}
	r.out.fixes = true
	if s := strings.ToLower(cells[r.column]); slices.Contains(severities, s) {
		r.out.severity = graver(r.out.severity, s)
	}
}

// settle ends what stands below the heading of a fix.
func (r *bodyReader) settle() {
	if !r.cve {
		return
	}
	r.cve = false
	text := strings.Join(strings.Fields(r.below.String()), " ")
	r.below.Reset()
	for _, m := range scores.FindAllStringSubmatch(text, 20) {
		r.out.fixes = true
		r.out.severity = graver(r.out.severity, severityOf(m[1]+m[2]))
	}
	for _, m := range said.FindAllStringSubmatch(text, 20) {
		r.out.fixes = true
		r.out.severity = graver(r.out.severity, strings.ToLower(m[1]))
	}
}

// severityOf is what a CVSS score means; empty for one that means nothing.
// https://www.first.org/cvss/v3-1/specification-document, table 14
func severityOf(score string) string {
	n, err := strconv.ParseFloat(score, 64)
	switch {
	case err != nil || n <= 0 || n > 10:
		return ""
	case n < 4:
		return "low"
	case n < 7:
		return "medium"
	case n < 9:
		return "high"
	}
	return "critical"
}
