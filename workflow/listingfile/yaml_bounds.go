package listingfile

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// This file says what of YAML is read. The parser of YAML works by recursion, and a
// stack that overflows cannot be recovered from; it takes quadratic time for a
// mapping of many keys and for many blank lines; and it makes a few hundred bytes of
// each sign. So all of that is counted before it is asked.

const (
	maxDepth = 8       // brackets in brackets, dashes on a line
	maxKeys  = 64      // of a mapping; a listing has fewer
	maxInset = 120     // the column of the deepest key or dash
	maxBlank = 100     // blank lines on end
	maxSigns = 600_000 // that may mean something in YAML; a listing with all there is has about 100
)

// textAllowed refuses what would take the parser too long.
func (r *reader) textAllowed(text string) bool {
	signs, blank, number := 0, 0, 0
	for line := range strings.Lines(text) {
		number++
		signs++
		for i := range len(line) {
			if strings.IndexByte(":-,[]{}&*!?|>#'\"", line[i]) >= 0 {
				signs++
			}
		}
		if blank++; strings.TrimSpace(line) != "" {
			blank = 0
		}
		switch {
		case blank > maxBlank:
			r.problem(place{number, 1}, "there are more than %d blank lines here; remove them", maxBlank)
			return false
		case signs > maxSigns:
			r.problem(place{number, 1}, "the file has too many lines and signs up to here; split it into several, or write it as a CSV")
			return false
		}
	}
	return true
}

// unread are the parts of YAML that a listing file leaves out, each with what to do.
var unread = map[token.Type]string{
	token.AnchorType:     "anchors (&) are not read in a listing file; write the value out, or put it in quotes if it is text",
	token.AliasType:      "aliases (*) are not read in a listing file; write the value out, or put it in quotes if it is text",
	token.MergeKeyType:   "merge keys (<<) are not read in a listing file; write the values out",
	token.TagType:        "tags (!) are not read in a listing file; leave it out, or put the value in quotes if it is text",
	token.DirectiveType:  "directives (%) are not read in a listing file; leave the line out",
	token.MappingKeyType: "keys of several lines (?) are not read in a listing file; write the key before a colon",
}

// tokensAllowed refuses what a listing file leaves out of YAML, and forms that would
// take the parser too long.
func (r *reader) tokensAllowed(tokens token.Tokens) bool {
	f := form{before: &token.Token{Position: &token.Position{}}}
	for _, t := range tokens {
		if message, ok := unread[t.Type]; ok {
			if r.problem(placeOf(t), "%s", message); len(r.problems) > MostShown {
				return false
			}
		}
		if message := f.next(t); message != "" {
			r.problem(placeOf(t), "%s", message)
			return false
		}
	}
	return len(r.problems) == 0
}

// form is how tokens are nested.
type form struct {
	before   *token.Token
	brackets int
	dashes   int               // on end
	block    [maxInset + 1]int // keys by column, of the mappings that are open there
	flow     [maxDepth + 1]int // keys by how many brackets are open
}

// next takes a token; it says what is wrong when the form has become too much.
func (f *form) next(t *token.Token) string {
	const deep = "this is nested too deeply for a listing file"
	column := t.Position.Column
	dashes := 0
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		if f.brackets++; f.brackets > maxDepth {
			return deep
		}
		f.flow[f.brackets] = 0
	case token.MappingEndType, token.SequenceEndType:
		f.brackets = max(f.brackets-1, 0)
	case token.SequenceEntryType:
		dashes = f.dashes + 1
		if dashes > maxDepth || column > maxInset {
			return deep
		}
		clear(f.block[column+1:]) // the mappings of the item before are closed
	case token.MappingValueType:
		keys := &f.flow[f.brackets]
		if f.brackets == 0 {
			column = min(f.before.Position.Column, column) // where the key begins
			if column > maxInset {
				return deep
			}
			clear(f.block[column+1:])
			keys = &f.block[column]
		}
		if *keys++; *keys > maxKeys {
			return "these are more keys than a listing has; begin each listing with a dash"
		}
	}
	f.dashes, f.before = dashes, t
	return ""
}
