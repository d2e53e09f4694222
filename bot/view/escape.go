package view

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file makes typed text harmless in mrkdwn. The rules are:
//
//   - &, < and > become entities, so that nothing typed is a mention, a link or
//     a command.
//   - A mark that could format becomes a sign that looks the same and does
//     nothing. Within a word (snake_case, 2*3) it could not, and stays, so that
//     identifiers can be copied. An invisible joiner beside the mark would not
//     do: whether Slack then still formats is written down nowhere.
//   - A > that would begin a quotation, and @here and its kind, which Slack may
//     expand even where they are not escaped, get an invisible word joiner.
//   - Characters that turn the direction of what follows are taken out, and text
//     that is written from right to left is isolated from its surroundings.
//   - Length is counted after escaping, and text is cut between characters,
//     never within an entity.

const (
	ellipsis   = "…"
	wordJoiner = "\u2060"
	isolate    = "\u2068"
	endIsolate = "\u2069"
)

// typed is typed text as markup, over several lines if it was.
func typed(s string) string { return escape(clean(s), 0) }

// typedLine is typed text as markup on one line, limit characters at most; 0
// for no limit.
func typedLine(s string, limit int) string {
	if isBare(s) && (limit == 0 || len(s) <= limit) {
		return s
	}
	return escape(oneLine(s), limit)
}

// isBare reports whether the text is the same in markup, which most is: one
// line of ASCII without marks.
func isBare(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		switch c {
		case '&', '<', '>', '*', '_', '~', '`', '@':
			return false
		case ' ':
			if before == ' ' {
				return false
			}
		}
		if c < ' ' || c > '~' {
			return false
		}
		before = c
	}
	return before != ' '
}

// typedCut is typed text as markup, limit characters at most.
func typedCut(s string, limit int) string { return escape(clean(s), limit) }

// clean takes out what no text needs: control characters, broken UTF-8 and
// marks of direction. Every line end becomes "\n".
func clean(s string) string {
	if strings.IndexFunc(s, unclean) < 0 {
		return strings.TrimSpace(s)
	}
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\t':
			return ' '
		case c == '\u2028', c == '\u2029', c == '\u0085', c == '\r':
			return '\n'
		case unclean(c):
			return -1
		}
		return c
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return strings.TrimSpace(s)
}

// unclean reports whether the character has no place in a text.
func unclean(c rune) bool {
	switch {
	case c < ' ':
		return c != '\n'
	case c < 0x7f:
		return false
	case c < 0xa0, c == utf8.RuneError:
		return true
	case c < 0x600:
		return false
	}
	return c == 0x61c || c >= 0x200e && c <= 0x2069 && (c <= 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066)
}

// oneLine is clean text with every run of white space as one blank.
func oneLine(s string) string {
	s = clean(s)
	if !strings.ContainsAny(s, "\n\u00a0") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// cut is text for a plain_text place, limit characters at most.
func cut(s string, limit int) string {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	n := 0
	for i := range s {
		if n == limit-1 {
			return trimEnd(s[:i]) + ellipsis
		}
		n++
	}
	return s
}

// trimEnd takes from cut text what makes no sense at its end: blanks, and
// joiners that wait for the next character.
func trimEnd(s string) string {
	return strings.TrimRightFunc(s, func(c rune) bool {
		return unicode.IsSpace(c) || c == '\u200d' || unicode.Is(unicode.Variation_Selector, c)
	})
}

// escape makes clean text markup, limit characters at most; 0 for no limit.
func escape(s string, limit int) string {
	if !needsEscape(s) {
		if limit == 0 || len(s) <= limit {
			return s
		}
		return cut(s, limit)
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	total, turned := 0, false
	before, keep := utf8.RuneError, 0 // what stands before the text is no word of it
	begins := true                    // a line, so far
	for i, c := range s {
		piece := escapeRune(s[i:], c, before)
		if c == '>' && begins {
			piece = wordJoiner + piece
		}
		begins = c == '\n' || begins && c == ' '
		n := utf8.RuneCountInString(piece)
		if limit > 0 && total+n > limit-1 {
			if keep == 0 {
				keep = b.Len() + 1 // where to cut if it does not all fit
			}
			if total+n > limit {
				// A mark that was within a word would now end one.
				out := strings.TrimRight(trimEnd(b.String()[:keep-1]), "*_~ ") + ellipsis
				b.Reset()
				b.WriteString(out)
				break
			}
		}
		b.WriteString(piece)
		total += n
		turned = turned || rightToLeft(c)
		before = c
	}
	if turned {
		return isolate + b.String() + endIsolate
	}
	return b.String()
}

// needsEscape reports whether a character of the text is more than itself in
// markup.
func needsEscape(s string) bool {
	return strings.ContainsAny(s, "&<>*_~`@") || strings.IndexFunc(s, rightToLeft) >= 0
}

// escapeRune is the markup of the character c that s begins with and that
// follows before.
func escapeRune(s string, c, before rune) string {
	switch c {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '`':
		return "ˋ"
	case '*', '_', '~':
		next, _ := utf8.DecodeRuneInString(s[1:])
		if isWord(before) && isWord(next) {
			return string(c)
		}
		return lookalike(c)
	case '@':
		if !isWord(before) && callsEveryone(s[1:]) {
			return "@" + wordJoiner
		}
	}
	return string(c)
}

func lookalike(mark rune) string {
	switch mark {
	case '*':
		return "∗"
	case '_':
		return "ˍ"
	}
	return "∼"
}

// isWord reports whether a mark beside the character is within a word.
func isWord(c rune) bool {
	return c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsDigit(c))
}

// callsEveryone reports whether the text begins with one of the words that
// reach a whole channel.
func callsEveryone(s string) bool {
	for _, word := range [...]string{"here", "channel", "everyone", "group"} {
		if len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) {
			return true
		}
	}
	return false
}

// rightToLeft reports whether the character is written from right to left.
func rightToLeft(c rune) bool {
	return c >= 0x590 && unicode.In(c, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam, unicode.Samaritan, unicode.Mandaic)
}

// cutMarkup is markup that we wrote, limit characters at most. It is cut
// between words or references, never within one, nor within an entity.
func cutMarkup(s string, limit int) string {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	n, end := 0, 0
	for end < len(s) {
		size := tokenSize(s[end:])
		runes := utf8.RuneCountInString(s[end : end+size])
		if n+runes > limit-1 {
			break
		}
		n += runes
		end += size
	}
	return trimEnd(s[:end]) + ellipsis
}

// tokenSize is how many bytes of markup belong together at its beginning: a
// reference, an entity, or one character.
func tokenSize(s string) int {
	switch s[0] {
	case '<':
		if end := strings.IndexByte(s, '>'); end > 0 {
			return end + 1
		}
	case '&':
		if end := strings.IndexByte(s, ';'); end > 0 && end <= len("&amp") {
			return end + 1
		}
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}
