package slackdev

import (
	"regexp"
	"strings"
)

// namedToken finds names with an at sign, and references, in which none is looked for.
var namedToken = regexp.MustCompile(`<[^>]*>|@[\pL\pN][\pL\pN._-]*`)

// linkGroups makes references of the handles of user groups in a text, as link_names
// asks for. People's names stay: Slack does not link them any more.
func (ws *Workspace) linkGroups(text string) string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	var b strings.Builder
	last := 0
	for _, at := range namedToken.FindAllStringIndex(text, -1) {
		from := at[0]
		if text[from] != '@' || from > 0 && isWordByte(text[from-1]) {
			continue
		}
		ref, n := ws.st.reference(text[from:at[1]], false)
		if !strings.HasPrefix(ref, "<!subteam^") {
			continue
		}
		b.WriteString(text[last:from] + ref)
		last = from + n
	}
	return b.String() + text[last:]
}
