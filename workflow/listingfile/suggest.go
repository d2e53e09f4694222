package listingfile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"cloudimage/workflow"
)

// shown is what somebody wrote as far as a message may repeat it: in quotes and not
// long, or only that there is something where it looks like a secret.
func shown(s string) string {
	const most, looked = 40, 1000
	s = s[:min(len(s), looked)]
	if workflow.LooksSecret(s) {
		return `"..."`
	}
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "..."
	}
	return strconv.Quote(s)
}

// suggest ends a sentence about an unknown word: with the known word it is probably
// meant to be, else with what else there is to say.
func suggest[T ~string](word string, known []T, otherwise string) string {
	if near, ok := nearest(word, known); ok {
		return "; did you mean " + strconv.Quote(string(near)) + "?"
	}
	return "; " + otherwise
}

// list joins words as a sentence does: "a, b and c".
func list[T ~string](words []T) string { return join(words, " and ") }

// either joins words of which one is to be chosen: "a, b or c".
func either[T ~string](words []T) string { return join(words, " or ") }

func join[T ~string](words []T, last string) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			b.WriteString(last)
		default:
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// nearest is the known word fewest edits away, if that is close enough to be a slip
// of the keyboard rather than another word.
func nearest[T ~string](word string, known []T) (best T, ok bool) {
	word = plain(word)
	least := len(word)/3 + 1
	for _, k := range known {
		if len(k) < 4 {
			// Most words are a few letters away from a short one.
			if word == plain(string(k)) {
				return k, true
			}
			continue
		}
		if d := distance(word, plain(string(k))); d <= least && (d < least || !ok) {
			best, least, ok = k, d, true
		}
	}
	return best, ok
}

// plain makes "Live since" and "live_since" the same.
func plain(word string) string {
	const longest = 64 // no word is longer, and distance is quadratic
	if len(word) > longest {
		word = word[:longest]
	}
	return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(word))
}

// distance counts the letters to insert, drop or change to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := corner
			if a[i-1] != b[j-1] {
				change++
			}
			corner = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
