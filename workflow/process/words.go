package process

import "strconv"

// count is a number of things for a sentence: "1 stage", "3 stages".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

func businessDays(n int) string { return count(n, "business day") }

// list joins words as a sentence does: "a, b and c".
func list[T ~string](words []T) string { return join(words, " and ") }

// either joins words of which one is to be chosen: "a, b or c".
func either[T ~string](words []T) string { return join(words, " or ") }

func join[T ~string](words []T, last string) string {
	out := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			out += last
		default:
			out += ", "
		}
		out += string(w)
	}
	return out
}

// notEmpty is the words that say something.
func notEmpty(words ...string) []string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}
