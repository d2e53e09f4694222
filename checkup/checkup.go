// Package checkup has the words in which a part of the program says what it found
// out about a system outside: whether what an operator has set there is as it has
// to be.
//
// A [Finding] is a sentence about one thing and how grave it is, and where there
// is something to do, the cure. Each part that knows a system has a function that
// looks and returns findings; it changes nothing there, and no finding holds a
// secret. `cloudimage doctor` prints them.
package checkup

import (
	"fmt"
	"strings"
	"unicode"
)

// Level is how grave a finding is.
type Level string

// The levels, from the lightest on.
const (
	OK   Level = "ok"   // it is as it has to be
	Note Level = "note" // worth knowing: something optional that is not used
	Warn Level = "warn" // it works, and somebody should look at it
	Fail Level = "FAIL" // it does not work
)

// Finding is what was found out about one thing.
type Finding struct {
	Level Level  `json:"level"`
	Text  string `json:"text"`           // a sentence
	Cure  string `json:"cure,omitempty"` // what to do; empty when there is nothing
}

// Okay is a finding about what is as it has to be.
func Okay(format string, args ...any) Finding { return found(OK, "", format, args) }

// Noted is a finding that is worth knowing. The cure says what would change it.
func Noted(cure, format string, args ...any) Finding { return found(Note, cure, format, args) }

// Doubtful is a finding that somebody should look at.
func Doubtful(cure, format string, args ...any) Finding { return found(Warn, cure, format, args) }

// Failing is a finding about what does not work.
func Failing(cure, format string, args ...any) Finding { return found(Fail, cure, format, args) }

// found makes a finding of one line: parts of it come from other systems, and
// must not draw over the rest of a terminal.
func found(l Level, cure, format string, args []any) Finding {
	return Finding{Level: l, Text: line(fmt.Sprintf(format, args...)), Cure: line(cure)}
}

// longest is how much of a text is shown, in characters. Servers answer with
// whole pages now and then.
const longest = 500

func line(text string) string {
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)), " ")
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return text
}
