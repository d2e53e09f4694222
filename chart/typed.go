package chart

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// maxTyped is how much of a text is looked at, in characters: more than fits into
// a picture.
const maxTyped = 300

// lost stands for characters that cannot be drawn, however many there are in a row;
// "?" is drawn for it.
const lost = unicode.ReplacementChar

// typed brings a text that somebody typed to what the font has, on one line; and
// whether something was lost. Canvases leave out what their font lacks without a
// word, so all text comes through here.
func typed(text string, has func(rune) bool) (string, bool) {
	var out []rune
	write := func(r rune) {
		again := len(out) > 0 && out[len(out)-1] == r
		if r == ' ' && (again || len(out) == 0) || r == lost && again {
			return
		}
		out = append(out, r)
	}
	for _, r := range norm.NFC.String(first(text, maxTyped)) {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			write(' ')
		case unseen(r):
		case drawable(r, has):
			write(r)
		default:
			for _, s := range simpler(r, has) {
				write(s)
			}
		}
	}
	drawn := strings.TrimSuffix(string(out), " ")
	return strings.ReplaceAll(drawn, string(lost), "?"), strings.ContainsRune(drawn, lost)
}

// first is how a text begins, in whole characters. What is no UTF-8 is lost.
func first(text string, n int) string {
	count := 0
	for i := range text {
		if count == n {
			text = text[:i]
			break
		}
		count++
	}
	return strings.ToValidUTF8(text, string(lost))
}

// unseen reports whether a character shows nothing of its own: a mark upon another, a
// joiner, a direction.
func unseen(r rune) bool { return unicode.In(r, unicode.M, unicode.Cf) }

// drawable reports whether the font has it, and it is written from left to right.
func drawable(r rune, has func(rune) bool) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() != bidi.R && p.Class() != bidi.AL && r != lost && has(r)
}

// simpler is a character without its accents and its typography, or lost.
func simpler(r rune, has func(rune) bool) []rune {
	var out []rune
	for _, s := range norm.NFKD.String(string(r)) {
		switch {
		case unseen(s):
		case unicode.IsSpace(s):
			out = append(out, ' ')
		case drawable(s, has):
			out = append(out, s)
		default:
			return []rune{lost}
		}
	}
	if len(out) == 0 {
		return []rune{lost}
	}
	return out
}

// named is the name of a row: as it was typed, with its ID when something of it was
// lost, and by its place, counted from 0, when neither can be drawn.
func named(name, id string, place int, has func(rune) bool) string {
	name, some := typed(name, has)
	id, _ = typed(id, has)
	switch {
	case !says(name) && says(id):
		return id
	case !says(name):
		return fmt.Sprintf("no. %d", place+1)
	case some && says(id):
		return fmt.Sprintf("%s (%s)", name, id)
	}
	return name
}

// says reports whether there is a letter or a digit in a text.
func says(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
