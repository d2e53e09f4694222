package listingfile

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"cloudimage/workflow"
)

// Bounds of a file.
const (
	MaxBytes    = 4 << 20
	MaxListings = 5000
)

// Options are what a file is read against.
type Options struct {
	Editions []string          // of the product
	Teams    []workflow.TeamID // that may maintain a listing
	// Now is since when a version is live of which the file does not say it. No other
	// moment in the file may be after it.
	Now time.Time
}

// Parse reads a listing file. Its form is that of the name's ending, .yaml, .yml or
// .csv; where that says nothing, as with pasted text, it is what the content looks
// like. The name is otherwise what errors call the file, which are [Problems].
//
// The listings are in the order of the file. Added and Run are left to whoever keeps
// them.
func Parse(name string, src []byte, opts Options) ([]workflow.Listed, error) {
	r := &reader{file: name, opts: opts}
	list := r.read(src)
	if len(r.problems) > 0 {
		return nil, r.problems.sorted()
	}
	return list, nil
}

// reader reads one file and collects what is wrong with it.
type reader struct {
	file     string
	opts     Options
	problems Problems
	lines    []string
	inBytes  bool // columns count in bytes until they are told
}

// place is where something stands in a file; the zero place is the file as a whole.
type place struct{ line, column int }

func (r *reader) problem(at place, format string, args ...any) {
	if at.line > 0 && len(r.lines) > 0 { // a parser may place something behind the end
		at.line = min(at.line, len(r.lines))
		line := r.lines[at.line-1]
		if r.inBytes {
			at.column = utf8.RuneCountInString(line[:min(max(at.column-1, 0), len(line))]) + 1
		}
		at.column = min(max(at.column, 1), utf8.RuneCountInString(line)+1)
	}
	r.problems = append(r.problems, Problem{File: r.file, Line: at.line, Column: at.column, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) read(src []byte) []workflow.Listed {
	text, ok := r.text(src)
	if !ok {
		return nil
	}
	r.lines = strings.Split(text, "\n")
	if isYAML(r.file, text) {
		return r.listings(r.yaml(text))
	}
	r.inBytes = true
	return r.listings(r.csv(text))
}

// text is the file as text whose lines end in a line feed; false when it is none.
func (r *reader) text(src []byte) (string, bool) {
	if len(src) > MaxBytes {
		r.problem(place{}, "the file is larger than %d MB; split it into several", MaxBytes>>20)
		return "", false
	}
	text := strings.TrimPrefix(lineFeeds.Replace(string(src)), "\ufeff")
	if at := notText(text); at >= 0 {
		before := text[:at]
		r.problem(place{1 + strings.Count(before, "\n"), utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1},
			"the file is not UTF-8 text from here on; in a spreadsheet, save it as \"CSV UTF-8\"")
		return "", false
	}
	if strings.TrimSpace(text) == "" {
		r.problem(place{}, "the file is empty; write at least one listing")
		return "", false
	}
	return text, true
}

var lineFeeds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// notText is where something begins that no text has; -1 when nothing does.
func notText(s string) int {
	for i, c := range s {
		if c == 0 {
			return i
		}
		if c == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

// clean is a value as it is kept, in whichever file it stood.
func clean(s string) string { return strings.TrimSpace(lineFeeds.Replace(s)) }

// yamlLine is how a line of YAML begins, and no header of a CSV: a dash, a bracket,
// or a word and a colon.
var yamlLine = regexp.MustCompile(`^(?:-|[{\[]|["']?[\w -]+["']?\s*:(?:\s|$))`)

// isYAML tells the two forms apart, by the name or else by the first line that says
// something. What looks like neither is taken for a CSV.
func isYAML(name, text string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml":
		return true
	case ".csv":
		return false
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		return yamlLine.MatchString(line)
	}
	return false
}
