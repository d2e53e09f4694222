package process

import "strings"

// suggest ends a sentence about an unknown word: with the known word it is
// probably meant to be, else with what else there is to say.
func suggest[T ~string](word string, known []T, otherwise string) string {
	if near, ok := nearest(word, known); ok {
		return `; did you mean "` + string(near) + `"?`
	}
	return "; " + otherwise
}

// nearest is the known word fewest edits away, if that is close enough to be a
// slip of the keyboard rather than another word.
func nearest[T ~string](word string, known []T) (best T, ok bool) {
	word = plain(word)
	least := len(word)/3 + 1
	for _, k := range known {
		if d := distance(word, plain(string(k))); d <= least && (d < least || !ok) {
			best, least, ok = k, d, true
		}
	}
	return best, ok
}

// plain makes "How-To" and "how_to" the same.
func plain(word string) string {
	const longest = 64 // no key or id is longer, and distance is quadratic
	if len(word) > longest {
		word = word[:longest]
	}
	return strings.ReplaceAll(strings.ToLower(word), "-", "_")
}

// distance counts the letters to insert, drop, change or swap with their
// neighbour to get from a to b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
