package listingfile

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
)

// csv makes entries of the rows below the line that names the columns.
func (r *reader) csv(text string) []*entry {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = separator(text)
	in.FieldsPerRecord = -1                // rows are told apart from mistakes here
	in.TrimLeadingSpace = in.Comma != '\t' // else it would eat empty cells
	t := table{r: r, in: in, settled: map[string]bool{}}
	var entries []*entry
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.notCSV(err)
			break
		}
		switch {
		case !slices.ContainsFunc(row, func(s string) bool { return clean(s) != "" }): // how spreadsheets end a table
		case t.columns == nil:
			if !t.header(row) {
				return nil
			}
		case len(entries) == MaxListings:
			r.problem(t.at(0), "the file has more than %d listings; split it into several", MaxListings)
			return entries
		default:
			entries = append(entries, t.row(row))
		}
	}
	return entries
}

// separator is what stands between the names of the columns: a comma, a semicolon or
// a tab, whichever is there most often.
func separator(text string) rune {
	best, most := ',', 0
	head := ""
	for line := range strings.Lines(text) {
		if head = line; strings.Trim(line, ",; \t\n") != "" {
			break
		}
	}
	for _, sep := range []rune{',', ';', '\t'} {
		if n := strings.Count(head, string(sep)); n > most {
			best, most = sep, n
		}
	}
	return best
}

// notCSV tells why the rest of a file cannot be read.
func (r *reader) notCSV(err error) {
	const cure = "put text with quotation marks in it in quotation marks, and write each inside twice"
	e, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case !ok:
		r.problem(place{}, "the file cannot be read: %v", err)
	case e.Line != e.StartLine:
		r.problem(place{e.StartLine, 1}, "a quotation mark in the row that begins here is not closed in the right place, and nothing below was read; %s", cure)
	default:
		r.problem(place{e.Line, e.Column}, "this quotation mark is not in the right place, and nothing below was read; %s", cure)
	}
}

// table is a CSV whose columns have names.
type table struct {
	r        *reader
	in       *csv.Reader
	columns  []string        // the key of each; empty for one that is not read
	nameless []bool          // the columns without a name, until that is told
	settled  map[string]bool // the keys of which a problem was told in the header
}

// at is where a cell of the row that was read last stands.
func (t *table) at(i int) place {
	line, column := t.in.FieldPos(i)
	return place{line, column}
}

// header reads the names of the columns; false when they are no names at all.
func (t *table) header(row []string) bool {
	if !slices.ContainsFunc(row, func(s string) bool { return slices.Contains(keys, clean(s)) }) {
		t.r.problem(t.at(0), "this line names no column that is known; begin with a line such as \"%s\"", strings.Join(keys[:3], ","))
		return false
	}
	named := 0
	for _, name := range row {
		if clean(name) != "" {
			named++
		}
	}
	if named > maxKeys {
		t.r.problem(t.at(0), "this line names %d columns, and a listing has %d; remove those that are none of %s", named, len(keys), list(keys))
		return false
	}
	t.columns, t.nameless = make([]string, len(row)), make([]bool, len(row))
	for i, name := range row {
		switch name = clean(name); {
		case name == "":
			t.nameless[i] = true
		case !slices.Contains(keys, name):
			t.r.problem(t.at(i), "unknown column %s%s", shown(name), suggest(name, keys, "the columns are "+list(keys)))
			if near, ok := nearest(name, keys); ok {
				t.settled[near] = true // it would only confuse to tell that it is missing
			}
		case slices.Contains(t.columns, name):
			t.r.problem(t.at(i), "the column %q is there twice; remove one", name)
		default:
			t.columns[i] = name
		}
	}
	for _, n := range needed {
		if !slices.Contains(t.columns, n.key) {
			if !t.settled[n.key] {
				t.r.problem(t.at(0), "there is no column %q; add it, and in each row %s", n.key, n.cure)
			}
			t.settled[n.key] = true
		}
	}
	return true
}

func (t *table) row(row []string) *entry {
	e := newEntry(t.at(0))
	for key := range t.settled {
		e.settled[key] = true
	}
	for i, cell := range row {
		text := clean(unguard(cell))
		switch {
		case text == "":
		case i >= len(t.columns):
			t.r.problem(t.at(i), "this row has more cells than the %d columns that have a name; put text with %s in it in quotation marks", len(t.columns), separators[t.in.Comma])
			return e
		case t.nameless[i]:
			t.r.problem(t.at(i), "the column of this cell has no name; write one in the first line or remove the column")
			t.nameless[i] = false
		case t.columns[i] == keyRegions:
			e.values[keyRegions] = value{t.at(i), text}
			t.regions(e, text)
		case t.columns[i] != "":
			e.values[t.columns[i]] = value{t.at(i), text}
		}
	}
	return e
}

var separators = map[rune]string{',': "a comma", ';': "a semicolon", '\t': "a tab"}

// regions reads "us-east-1;me-central-1=17.4.0".
func (t *table) regions(e *entry, text string) {
	at := e.at(keyRegions)
	for _, item := range split(text, ';') {
		parts := split(item, '=')
		name := strings.TrimSpace(parts[0])
		switch {
		case strings.TrimSpace(item) == "":
			continue // a semicolon after the last one
		case len(parts) > 2 || name == "" || len(split(name, ',')) > 1 || len(parts) == 2 && strings.TrimSpace(parts[1]) == "":
			t.r.problem(at, "%q has %s in it; write regions as us-east-1;me-central-1=17.4.0, the version only where it is another", keyRegions, shown(item))
			return
		}
		reg := region{name: value{at, unescape.Replace(name)}}
		if len(parts) == 2 {
			reg.version = value{at, strings.TrimSpace(parts[1])}
		}
		e.regions = append(e.regions, reg)
	}
}

// split is text cut at a sign that has no backslash before it.
func split(text string, sep byte) []string {
	var out []string
	from := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case sep:
			out = append(out, text[from:i])
			from = i + 1
		}
	}
	return append(out, text[from:])
}
