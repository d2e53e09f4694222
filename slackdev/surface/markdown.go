package surface

import (
	"regexp"
	"strings"
)

// This file turns a markdown block into the plain text a person sees.

var (
	mdFence    = regexp.MustCompile("^ {0,3}(?:```|~~~)")
	mdHeading  = regexp.MustCompile(`^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$`)
	mdQuote    = regexp.MustCompile(`^ {0,3}>\s?`)
	mdRule     = regexp.MustCompile(`^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$`)
	mdItem     = regexp.MustCompile(`^(\s*)[-*+](\s+)`)
	mdDividing = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$`)
	mdLink     = regexp.MustCompile(`!?\[([^\]\n]*)\]\(\s*<?[^\s)]+>?(?:\s+"[^"\n]*")?\s*\)`)
	mdAuto     = regexp.MustCompile(`<((?:https?:|mailto:)[^<>\s]+)>`)
	mdStrong   = regexp.MustCompile(`\*\*([^\s*](?:[^\n]*?[^\s*])??)\*\*|\b__([^\s_](?:[^\n]*?[^\s_])??)__\b`)
	mdEm       = regexp.MustCompile(`\*([^\s*](?:[^*\n]*[^\s*])?)\*|\b_([^\s_](?:[^_\n]*[^\s_])?)_\b`)
	mdStrike   = regexp.MustCompile(`~~([^\s~](?:[^~\n]*[^\s~])?)~~`)
	mdEscape   = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
)

// markdown reads a markdown block: its words, without the marks; the cells of a
// table stand between bars.
func markdown(s string) string {
	var out []string
	fenced := false
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		switch {
		case mdFence.MatchString(line):
			fenced = !fenced
		case fenced:
			out = append(out, line)
		case strings.TrimSpace(line) == "" || mdDividing.MatchString(line):
		case mdRule.MatchString(line):
			out = append(out, "---")
		default:
			out = append(out, markdownLine(line))
		}
	}
	return strings.Join(out, "\n")
}

func markdownLine(line string) string {
	line = mdQuote.ReplaceAllString(line, "")
	if m := mdHeading.FindStringSubmatch(line); m != nil {
		line = m[1]
	}
	line = mdItem.ReplaceAllString(line, "$1-$2")
	if t := strings.TrimSpace(line); strings.HasPrefix(t, "|") {
		line = strings.TrimSpace(strings.Trim(t, "|"))
	}
	// Code is left alone, so the marks are looked for around it.
	parts := strings.Split(line, "`")
	if len(parts)%2 == 0 { // one that is not closed
		return inlineMarkdown(line)
	}
	for i := 0; i < len(parts); i += 2 {
		parts[i] = inlineMarkdown(parts[i])
	}
	return strings.Join(parts, "")
}

// escapes is where an escaped character waits while the marks are looked for: it
// is none itself.
const escapes = 0xE000

func inlineMarkdown(s string) string {
	s = mdEscape.ReplaceAllStringFunc(s, func(pair string) string { return string(rune(escapes + int(pair[1]))) })
	s = mdLink.ReplaceAllString(s, "$1")
	s = mdAuto.ReplaceAllString(s, "$1")
	for _, re := range []*regexp.Regexp{mdStrong, mdEm, mdStrike} {
		s = re.ReplaceAllString(s, "$1$2")
	}
	return strings.Map(func(c rune) rune {
		if c >= escapes && c < escapes+0x80 {
			return c - escapes
		}
		return c
	}, s)
}
