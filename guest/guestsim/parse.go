package guestsim

import (
	"regexp"
	"strings"
)

// call is a script that was recognised.
type call struct {
	name string
	vars map[string][]string
}

func (c call) get(name string) string {
	if v := c.vars[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

var (
	header     = regexp.MustCompile(`(?m)^# cloudimage: (install|clean|check|forbidden) v1$`)
	assignment = regexp.MustCompile(`^([A-Z][A-Z0-9_]*)=(\(?)`)
)

// recognise reads which of our scripts it is. Its parameters are the assignments in
// the block that begins with ROOT.
func recognise(script string) (call, bool) {
	at := header.FindStringSubmatchIndex(script)
	if at == nil {
		return call{}, false
	}
	c := call{name: script[at[2]:at[3]], vars: map[string][]string{}}
	_, rest, ok := strings.Cut(script[at[1]:], "\nROOT=")
	rest = "ROOT=" + rest
	for ok {
		m := assignment.FindStringSubmatch(rest)
		if m == nil {
			break
		}
		var words []string
		if words, rest, ok = values(rest[len(m[0]):], m[2] != ""); ok {
			c.vars[m[1]] = words
		}
	}
	return c, ok
}

// values reads what is assigned, to the end of its line.
func values(s string, array bool) (words []string, rest string, ok bool) {
	for s != "" && s[0] != '\n' {
		switch {
		case array && (s[0] == ' ' || s[0] == ')'):
			s = s[1:]
			continue
		case s[0] != '\'':
			return nil, "", false
		}
		var word strings.Builder
		for {
			part, after, found := strings.Cut(s[1:], "'")
			if !found {
				return nil, "", false
			}
			word.WriteString(part)
			if !strings.HasPrefix(after, `\''`) {
				s = after
				break
			}
			word.WriteByte('\'')
			s = after[2:]
		}
		words = append(words, word.String())
	}
	return words, strings.TrimPrefix(s, "\n"), true
}
