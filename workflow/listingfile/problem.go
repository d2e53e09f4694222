package listingfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong in a listing file.
type Problem struct {
	File string // empty for text that was pasted
	// Line and Column count from 1, the column in characters. Both are 0 when the
	// problem is the file as a whole.
	Line, Column int
	// Message says what is wrong and what to do about it.
	Message string
}

// String is the problem as editors and terminals read it: "ours.csv:14:5: unknown
// column ..."; without the name for text that has none.
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		fmt.Fprintf(&b, "%s:", p.File)
	}
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", p.Line, p.Column)
	}
	return strings.TrimPrefix(b.String()+" "+p.Message, " ")
}

// Problems is the error of a file that cannot be used: everything wrong with it, in
// the order of the file. It is never empty.
type Problems []Problem

// MostShown bounds what an error prints: whoever has mended so many reads the file
// again.
const MostShown = 20

// Error is one problem to a line, and how many more there are.
func (p Problems) Error() string {
	lines := make([]string, 0, MostShown+1)
	for i, problem := range p {
		if i == MostShown {
			lines = append(lines, fmt.Sprintf("and %d more", len(p)-MostShown))
			break
		}
		lines = append(lines, problem.String())
	}
	return strings.Join(lines, "\n")
}

// sorted is the problems in the order of the file, each place and message once.
func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(p)
}
