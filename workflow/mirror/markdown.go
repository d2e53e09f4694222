package mirror

import (
	"regexp"
	"strings"
	"unicode"

	"cloudimage/workflow"
)

// This file writes Markdown. What people typed is written so that it means
// nothing: no markup, no mention of somebody, no reference, no command.

// joiner is an invisible character that takes the meaning from what follows it:
// "@all" with it in between calls nobody.
const joiner = '\u2060'

var address = regexp.MustCompile(`https?://[^\s<>"[:cntrl:]]+`)

// plain is text that somebody typed, on one line.
func plain(text string) string {
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, string(joiner), "")), " ")
	var out strings.Builder
	for text != "" {
		at := address.FindStringIndex(text)
		if at == nil {
			escape(&out, text)
			break
		}
		escape(&out, text[:at[0]])
		out.WriteString("<" + text[at[0]:at[1]] + ">")
		text = text[at[1]:]
	}
	return out.String()
}

var (
	// beginsBlock is what makes something else of a paragraph at its start: a
	// heading, a list, a line, a description.
	beginsBlock = regexp.MustCompile(`^(?:[-+#=:]|[0-9]+\.)`)
	reference   = regexp.MustCompile(`(?i)^GL-[0-9]`)
)

func escape(out *strings.Builder, text string) {
	blockAt := -1
	if out.Len() == 0 {
		blockAt = len(beginsBlock.FindString(text)) - 1 // of digits, too, in runes
	}
	runes := []rune(text)
	for i, c := range runes {
		next := ' '
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		refers := unicode.IsLetter(next) || unicode.IsDigit(next) || strings.ContainsRune(`_."'`, next) || c == ':' && (next == '+' || next == '-')
		if i == blockAt {
			out.WriteByte('\\')
		}
		switch c {
		case '\\', '`', '*', '_', '[', ']', '(', ')', '|', '~', '{', '}', '$':
			out.WriteByte('\\')
			out.WriteRune(c)
			if c == '~' || c == '[' || c == '{' || c == '$' && refers {
				out.WriteRune(joiner)
			}
		case '<':
			out.WriteString("&lt;")
		case '>':
			out.WriteString("&gt;")
		case '&':
			if next == ' ' { // as in prose
				out.WriteRune(c)
				break
			}
			out.WriteString("&amp;")
			if refers {
				out.WriteRune(joiner)
			}
		case '@', '#', '!', '%', ':', '^':
			out.WriteRune(c)
			if refers {
				out.WriteRune(joiner)
			}
		case '/':
			out.WriteRune(c)
			if i == 0 {
				out.WriteRune(joiner)
			}
		case '-':
			out.WriteRune(c)
			if i >= 2 && reference.MatchString(string(runes[i-2:min(i+2, len(runes))])) {
				out.WriteRune(joiner)
			}
		default:
			out.WriteRune(c)
		}
	}
}

// day is a date as people read it anywhere.
func day(d workflow.Date) string {
	if d == "" {
		return ""
	}
	return d.Time().Format("2 January 2006")
}
