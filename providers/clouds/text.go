package clouds

import (
	"regexp"
	"strings"
	"unicode"
)

// OneLine is a text in one line, without what cannot be printed.
func OneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(printable, text)), " ")
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

// Shorten cuts a text to so many characters.
func Shorten(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// Tail is the end of a text, of so many characters at most, from the beginning of a
// line on.
func Tail(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	text = string(r[len(r)-most:])
	if _, rest, ok := strings.Cut(text, "\n"); ok {
		text = rest
	}
	return "…\n" + text
}

// LastLine is the last line of a text that says anything.
func LastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// mostOfALog is how much of what a script said is kept, in characters.
const mostOfALog = 12000

// Log is what a script said, the end of it.
func Log(stdout, stderr string) string {
	text := strings.TrimRight(stdout, "\n")
	if e := strings.TrimRight(stderr, "\n"); e != "" {
		if text != "" {
			text += "\n"
		}
		text += e
	}
	return Tail(text, mostOfALog)
}

// Hidden is what stands in the place of something secret.
const Hidden = "(hidden)"

var (
	keyID = regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{12,}\b`)
	// An address with a signature opens what it leads to, to whoever has it.
	signed = regexp.MustCompile(`(?i)(https?://[^\s"'<>?]+)\?[^\s"'<>]*(?:signature|token|credential|sig=)[^\s"'<>]*`)
	// What headers and forms are called that hold something secret.
	secrets = regexp.MustCompile(`(?i)\b(authorization|x-amz-security-token|aws_secret_access_key|aws_session_token|secret_?access_?key|session_?token|client_secret|client_assertion|access_token|refresh_token)(["']?\s*[:=]\s*["']?)(?:bearer\s+)?[^\s"',]+`)
	// A token that says itself what it is.
	bearer = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*`)
)

// Scrubbing returns a function that takes secrets, and what is like them, out of a
// text.
func Scrubbing(known ...string) func(string) string {
	return func(text string) string {
		for _, k := range known {
			if k != "" {
				text = strings.ReplaceAll(text, k, Hidden)
			}
		}
		text = keyID.ReplaceAllString(text, Hidden)
		text = signed.ReplaceAllString(text, "$1")
		text = secrets.ReplaceAllString(text, "$1$2"+Hidden)
		return bearer.ReplaceAllString(text, Hidden)
	}
}
