package guest

import "strings"

// quote is a word that bash reads as s, whatever s is. NUL is left out: bash has no
// place for it.
func quote(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// assign is a line that gives a variable of bash a value.
func assign(name, value string) string { return name + "=" + quote(value) + "\n" }

// assignAll is a line that gives an array of bash its values.
func assignAll(name string, values []string) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = quote(v)
	}
	return name + "=(" + strings.Join(words, " ") + ")\n"
}
