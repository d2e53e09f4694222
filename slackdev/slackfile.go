package slackdev

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"cloudimage/slackdev/blockkit"
)

// This file checks the pictures that blocks take from uploaded files: the file
// must be there, whole, a picture, and one that the bot sees.

// checkSlackFiles looks up every slack_file of the blocks. at is the pointer of
// the blocks. The workspace is not locked.
func (ws *Workspace) checkSlackFiles(at string, blocks json.RawMessage) []blockkit.Error {
	if !bytes.Contains(blocks, []byte(`"slack_file"`)) {
		return nil
	}
	var all any
	if json.Unmarshal(blocks, &all) != nil {
		return nil // the validator has said so
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.badSlackFiles(at, all)
}

func (ws *Workspace) badSlackFiles(at string, v any) []blockkit.Error {
	var bad []blockkit.Error
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			bad = append(bad, ws.badSlackFiles(at+"/"+strconv.Itoa(i), e)...)
		}
	case map[string]any:
		for _, k := range sortedKeys(v) {
			ref, ok := v[k].(map[string]any)
			if k == "slack_file" && ok && v["type"] == "image" {
				if !ws.picture(ref) {
					bad = append(bad, blockkit.Error{Pointer: at + "/slack_file", Code: "failed_constraint", Message: "invalid slack file"})
				}
				continue
			}
			bad = append(bad, ws.badSlackFiles(at+"/"+k, v[k])...)
		}
	}
	return bad
}

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
