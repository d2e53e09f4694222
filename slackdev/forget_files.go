package slackdev

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
)

// This file forgets files: those of forgotten messages, when nothing shows them
// any more, and the oldest of all when there are too many.

const (
	// keepFiles and keepFileBytes bound what was uploaded, shown or not. What is
	// older cannot be opened any more, like a file in a workspace without room.
	keepFiles     = 2000
	keepFileBytes = 256 << 20
	// looseFiles is how many files may be without their message before it is
	// looked up which of them are shown elsewhere.
	looseFiles = 64
)

// addFile notes a file that is going to be uploaded.
func (st *state) addFile(f *file) {
	st.files[f.id] = f
	st.fileOrder = append(st.fileOrder, f.id)
	st.fileBytes += f.size
	for len(st.fileOrder) > 1 && (len(st.fileOrder) > keepFiles || st.fileBytes > keepFileBytes) {
		st.dropFile(st.fileOrder[0])
		st.fileOrder = st.fileOrder[1:]
	}
}

func (st *state) dropFile(id FileID) {
	if f := st.files[id]; f != nil {
		st.fileBytes -= f.size
		f.data = nil // a message may still name it
		delete(st.files, id)
	}
}

// loosen notes the files of a message that is forgotten. When there are many,
// those that nothing shows any more are forgotten too.
func (st *state) loosen(m *message) {
	for _, id := range filesIn(m.files, m.blocks, m.attachments) {
		if st.files[id] != nil {
			st.loose[id] = true
		}
	}
	if len(st.loose) <= looseFiles {
		return
	}
	st.eachShown(func(id FileID) { delete(st.loose, id) })
	for id := range st.loose {
		st.dropFile(id)
	}
	clear(st.loose)
	st.fileOrder = slices.DeleteFunc(st.fileOrder, func(id FileID) bool { return st.files[id] == nil })
}

// eachShown calls see with every file that a message, a scheduled one too, or a view shows.
func (st *state) eachShown(see func(FileID)) {
	look := func(files []*file, shown ...json.RawMessage) {
		for _, id := range filesIn(files, shown...) {
			see(id)
		}
	}
	for _, c := range st.channels {
		for _, m := range c.log {
			look(m.files, m.blocks, m.attachments)
		}
	}
	for _, u := range st.users {
		for _, list := range u.ephemerals {
			for _, m := range list {
				look(m.files, m.blocks, m.attachments)
			}
		}
	}
	for _, v := range st.views {
		look(nil, v.Blocks)
	}
	for _, s := range st.scheduled {
		look(nil, s.content.blocks, s.content.attachments)
	}
}

// shows tells whether a message or a view shows the file.
func (st *state) shows(id FileID) bool {
	found := false
	st.eachShown(func(shown FileID) { found = found || shown == id })
	return found
}

// slackFile finds what may be the id of a file in blocks, alone or in a link.
var slackFile = regexp.MustCompile(`\b(F[0-9A-Z]{8,})\b`)

// filesIn lists the files that a message or a view shows: those that were sent,
// and those in its blocks and attachments.
func filesIn(files []*file, shown ...json.RawMessage) []FileID {
	var ids []FileID
	for _, f := range files {
		ids = append(ids, f.id)
	}
	for _, raw := range shown {
		if bytes.Contains(raw, []byte(`"slack_file"`)) {
			for _, hit := range slackFile.FindAllSubmatch(raw, -1) {
				ids = append(ids, FileID(hit[1]))
			}
		}
	}
	return ids
}
