package slackdev

import (
	"regexp"
	"strings"
)

// typedToken finds what the composer turns into references: links, @names,
// #channels.
var typedToken = regexp.MustCompile(`https?://[^\s<>]+|[@#][\pL\pN][\pL\pN._-]*`)

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// typed turns what a person types into what Slack sends. Plain text gets
// entities; references become <...>. A command that does not ask for escaping
// gets names as they were typed. labelled adds "|name", as commands have it.
func (st *state) typed(text string, references, labelled bool) string {
	var b strings.Builder
	last := 0
	for _, at := range typedToken.FindAllStringIndex(text, -1) {
		from, to := at[0], at[1]
		if from > 0 && (text[from] == '@' || text[from] == '#') && isWordByte(text[from-1]) {
			continue // ana@example.com
		}
		ref, n := "", 0
		if references {
			ref, n = st.reference(text[from:to], labelled)
		}
		if n == 0 {
			continue
		}
		b.WriteString(entities.Replace(text[last:from]))
		b.WriteString(ref)
		last = from + n
	}
	b.WriteString(entities.Replace(text[last:]))
	return b.String()
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
}

// reference resolves one token; n is how much of it was used, as the full stop
// after a name is no part of it.
func (st *state) reference(token string, labelled bool) (ref string, n int) {
	if strings.HasPrefix(token, "http") {
		url := strings.TrimRight(token, ".,;:!?)")
		return "<" + entities.Replace(url) + ">", len(url)
	}
	for name := token[1:]; name != ""; name = name[:len(name)-1] {
		if ref := st.named(token[0], name, labelled); ref != "" {
			return ref, 1 + len(name)
		}
		if !strings.ContainsRune("._-", rune(name[len(name)-1])) {
			break
		}
	}
	return "", 0
}

func (st *state) named(sign byte, name string, labelled bool) string {
	label := func(s string) string {
		if labelled {
			return "|" + s
		}
		return ""
	}
	if sign == '#' {
		if c := st.channelByName("#" + name); c != nil && c.kind != kindIM {
			return "<#" + string(c.id) + "|" + c.name + ">"
		}
		return ""
	}
	switch name {
	case "here", "channel", "everyone":
		return "<!" + name + ">"
	}
	if u := st.userNames[name]; u != nil {
		return "<@" + string(u.id) + label(u.name) + ">"
	}
	for _, g := range st.groups {
		if g.handle == name {
			return "<!subteam^" + string(g.id) + label("@"+g.handle) + ">"
		}
	}
	return ""
}
