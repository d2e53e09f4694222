package mirror

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file is about the part of an issue's text that is ours: between two marks,
// which readers of the issue do not see.

// marks are the marks around our part of an item's text.
type marks struct{ id, begin, end string }

// itemID tells an item from every other; it is written into marks and notes.
func itemID(run workflow.RunID, fact workflow.FactName) string {
	return string(run) + "." + string(fact)
}

func marksOf(id string) marks {
	return marks{id, "<!-- cloudimage:begin " + id + " ", "<!-- cloudimage:end " + id + " -->"}
}

// framed puts text between the marks.
func (m marks) framed(text string) string {
	return m.begin + "- kept by cloudimage: tick boxes here or in Slack, and write above or below -->\n" + strings.TrimSpace(text) + "\n" + m.end
}

var (
	errNoMarks  = errors.New("the marks are not there")
	errBadMarks = errors.New("the marks are damaged, or there are two of them")
)

// split finds our part, with its marks and as it is compared, and what is around it,
// to the letter.
func (m marks) split(text string) (before, ours, after string, err error) {
	begins, ends := strings.Count(text, m.begin), strings.Count(text, m.end)
	if begins == 0 && ends == 0 {
		return text, "", "", errNoMarks
	}
	from, to := strings.Index(text, m.begin), strings.Index(text, m.end)
	if begins != 1 || ends != 1 || to < from {
		return text, "", "", errBadMarks
	}
	to += len(m.end)
	return text[:from], normal(text[from:to]), text[to:], nil
}

// normal is a text as it is compared: systems that keep texts change their line
// ends and trailing space.
func normal(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\r")
	}
	return strings.Join(lines, "\n")
}

// box is a line of our part with a box.
type box struct {
	key    workflow.StepKey
	ticked bool
	text   string // behind the box, without the key
}

var boxLine = regexp.MustCompile(`^(\s*[-*+] \[)([ xX])(\] )(.*?)(?: <!-- (\S+) -->)?$`)

// boxLabel is how a line with a box is written.
func boxLabel(text string, key workflow.StepKey, ticked bool) string {
	sign := " "
	if ticked {
		sign = "x"
	}
	return "- [" + sign + "] " + text + " <!-- " + key.String() + " -->"
}

// boxes are the lines with boxes of steps.
func boxes(text string) []box {
	var out []box
	for line := range strings.SplitSeq(text, "\n") {
		if m := boxLine.FindStringSubmatch(line); m != nil && m[5] != "" {
			out = append(out, box{workflow.ParseStepKey(m[5]), m[2] != " ", m[4]})
		}
	}
	return out
}

// unticked is a text with all boxes empty: two that differ in ticks alone are the
// same.
func unticked(text string) string {
	lines := strings.Split(normal(text), "\n")
	for i, l := range lines {
		if m := boxLine.FindStringSubmatch(l); m != nil && m[5] != "" {
			lines[i] = m[1] + " " + m[3] + m[4] + " <!-- " + m[5] + " -->"
		}
	}
	return strings.Join(lines, "\n")
}

var keyInLine, keyAtEnd = regexp.MustCompile(`<!-- (\S+) -->`), regexp.MustCompile(`<!-- (\S+) -->\s*$`)

// keyOf is the step whose line somebody ticked, from the words of the line as the
// tracker tells of it; false when it is none of ours.
func keyOf(text string, ours []box) (workflow.StepKey, bool) {
	// Some tell of the line without its markup, with or without what was hidden in
	// it. What was typed then looks like what was hidden, so whole lines come first.
	told := words(text)
	is := func(b box, hidden string) bool {
		return told == words(b.text)+hidden || told == words(unescape(b.text))+hidden
	}
	for _, b := range ours {
		if is(b, words(b.key.String())) {
			return b.key, true
		}
	}
	for _, b := range ours {
		if told != "" && is(b, "") {
			return b.key, true
		}
	}
	if m := keyAtEnd.FindStringSubmatch(text); m != nil {
		key := workflow.ParseStepKey(m[1])
		known := slices.ContainsFunc(ours, func(b box) bool { return b.key == key })
		return key, known
	}
	// The line may have been written anew since: the number at its beginning and the
	// key at its end stay. A key alone may be a word that somebody's own line ends with.
	fields := strings.Fields(text)
	for _, b := range ours {
		number, _, _ := strings.Cut(b.text, " ")
		if len(fields) > 1 && fields[len(fields)-1] == b.key.String() && words(fields[0]) == words(number) {
			return b.key, true
		}
	}
	return workflow.StepKey{}, false
}

// words are the letters and digits of a line, so that lines are the same whatever
// markup a system leaves out when it tells of them.
func words(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c > 127 && c != joiner:
			return c
		}
		return -1
	}, text)
}

// difference are the lines of two texts that the other does not have.
func difference(there, ours string) (onlyThere, onlyOurs []string) {
	t, o := lines(there), lines(ours)
	return without(t, o), without(o, t)
}

func lines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(normal(text), "\n") {
		if line = strings.TrimSpace(keyInLine.ReplaceAllString(line, "")); line != "" && !strings.HasPrefix(line, "<!--") {
			out = append(out, line)
		}
	}
	return out
}

func without(list, other []string) []string {
	left := map[string]int{}
	for _, l := range other {
		left[l]++
	}
	var out []string
	for _, l := range list {
		if left[l] > 0 {
			left[l]--
			continue
		}
		out = append(out, l)
	}
	return out
}
