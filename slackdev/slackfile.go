package slackdev

import (
	"slices"
	"strings"
)

// This file checks the pictures that blocks take from uploaded files: the file
// must be there, whole, a picture, and one that the bot sees.

// picture tells whether a slack_file names one that can be shown: by its id, its
// url_private or its permalink.
func (ws *Workspace) picture(ref map[string]any) bool {
	id, _ := ref["id"].(string)
	f := ws.st.files[FileID(id)]
	if link, _ := ref["url"].(string); link != "" {
		for part := range strings.SplitSeq(link, "/") {
			if named := ws.st.files[FileID(part)]; named != nil && slices.Contains([]any{fileObject(ws, named)["url_private"], fileObject(ws, named)["permalink"]}, any(link)) {
				f = named
			}
		}
	}
	if f == nil || !f.complete || !ws.mayOpen(ws.st.bot, f) {
		return false
	}
	return strings.HasPrefix(mimeOf(extension(f.name)), "image/")
}
