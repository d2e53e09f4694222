package aws

import (
	"regexp"
	"strings"
	"unicode"
)

// mostOfALine is how long a text of AWS may get, in characters.
const mostOfALine = 600

// clean is a text of AWS in one line that can be shown.
func (c *Cloud) clean(text string) string {
	text = encodedBlob.ReplaceAllString(text, "")
	return shorten(oneLine(c.scrub(text)), mostOfALine)
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(printable, text)), " ")
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

// shorten cuts a text to so many characters.
func shorten(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// tail is the end of a text, of so many characters at most, from the beginning of a
// line on.
func tail(text string, most int) string {
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

var (
	keyID = regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{12,}\b`)
	// An address with a signature opens what it leads to, to whoever has it.
	signed = regexp.MustCompile(`(?i)(https?://[^\s"'<>?]+)\?[^\s"'<>]*(?:signature|token|credential|sig=)[^\s"'<>]*`)
	// What headers and forms are called that hold something secret.
	secrets = regexp.MustCompile(`(?i)\b(authorization|x-amz-security-token|aws_secret_access_key|aws_session_token|secret_?access_?key|session_?token)(["']?\s*[:=]\s*["']?)[^\s"',]+`)
)

// scrubbing returns a function that takes keys and what is like them out of a text.
func scrubbing(keys ...string) func(string) string {
	return func(text string) string {
		for _, k := range keys {
			if k != "" {
				text = strings.ReplaceAll(text, k, "(hidden)")
			}
		}
		text = keyID.ReplaceAllString(text, "(hidden)")
		text = signed.ReplaceAllString(text, "$1")
		return secrets.ReplaceAllString(text, "$1$2(hidden)")
	}
}
