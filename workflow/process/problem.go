package process

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong in a process file.
type Problem struct {
	File string
	// Line and Column count from 1. Both are 0 when the problem is the file as
	// a whole.
	Line, Column int
	// Message says what is wrong and what to do about it.
	Message string
}

// String is the problem as editors and terminals read it:
// "mine.yaml:14:5: unknown key ...".
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// Problems is the error of a file that cannot be used: everything wrong with
// it, in the order of the file. It is never empty.
type Problems []Problem

// mostShown bounds what an error prints. A file with more problems than this
// is not a process with mistakes in it but something else.
const mostShown = 50

// Error is one problem to a line.
func (p Problems) Error() string {
	lines := make([]string, 0, min(len(p), mostShown+1))
	for i, problem := range p {
		if i == mostShown {
			lines = append(lines, fmt.Sprintf("%s: and %d more problems", problem.File, len(p)-mostShown))
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
