package surface

import (
	"regexp"
	"strconv"
	"strings"
)

// This file turns mrkdwn into the plain text a person sees.

var (
	angle = regexp.MustCompile(`<([^<>]*)>`)
	// A mark counts at the edges of words only, as in Slack.
	bold   = regexp.MustCompile(`(^|[\s(\[{"'>.,;:!?/_~-])\*([^\s*](?:[^*\n]*[^\s*])?)\*($|[\s)\]}"'<.,;:!?/_~-])`)
	italic = regexp.MustCompile(`(^|[\s(\[{"'>.,;:!?/*~-])_([^\s_](?:[^_\n]*[^\s_])?)_($|[\s)\]}"'<.,;:!?/*~-])`)
	strike = regexp.MustCompile(`(^|[\s(\[{"'>.,;:!?/*_-])~([^\s~](?:[^~\n]*[^\s~])?)~($|[\s)\]}"'<.,;:!?/*_-])`)
	code   = regexp.MustCompile("`([^`\n]+)`")

	unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// text renders a text object.
func (r *Reader) text(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["text"].(string)
	if m["type"] == "plain_text" {
		return s
	}
	return r.Mrkdwn(s)
}

// Mrkdwn is what the person reads in mrkdwn text.
func (r *Reader) Mrkdwn(s string) string {
	s = angle.ReplaceAllStringFunc(s, func(t string) string {
		// What a reference stands for must not be read as marks or entities
		// again; the marks of names are few enough to leave alone.
		return r.reference(t[1 : len(t)-1])
	})
	for _, re := range []*regexp.Regexp{bold, italic, strike} {
		// Twice, as neighbours share the blank between them.
		s = re.ReplaceAllString(re.ReplaceAllString(s, "$1$2$3"), "$1$2$3")
	}
	s = strings.ReplaceAll(s, "```", "")
	s = code.ReplaceAllString(s, "$1")
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(l, "&gt; "), "&gt;")
	}
	return unescape.Replace(strings.Join(lines, "\n"))
}

// reference renders what stands between angle brackets.
func (r *Reader) reference(t string) string {
	body, label, labelled := strings.Cut(t, "|")
	switch {
	case strings.HasPrefix(body, "@"):
		return r.Names.User(body[1:])
	case strings.HasPrefix(body, "#"):
		return r.Names.Channel(body[1:])
	case strings.HasPrefix(body, "!subteam^"):
		return r.Names.Group(strings.TrimPrefix(body, "!subteam^"))
	case strings.HasPrefix(body, "!date^"):
		parts := strings.SplitN(strings.TrimPrefix(body, "!date^"), "^", 3)
		n, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil || len(parts) < 2 {
			return label
		}
		return r.date(n, parts[1])
	case strings.HasPrefix(body, "!"):
		if labelled {
			return label
		}
		return "@" + body[1:]
	case labelled:
		return label
	}
	return strings.TrimPrefix(body, "mailto:")
}
