package slackdev

import (
	"fmt"

	"cloudimage/slackdev/surface"
)

// This file is the file input of modals: people choose files, which are theirs
// and shared nowhere, and the app gets them with what else is in the modal.

// maxInputFile is how many bytes a file may have.
const maxInputFile = 10_000_000

// attach uploads files as the person's own, adds them to a file input and
// answers what is in it then. The workspace is locked on entry and unlocked on
// return.
func (ws *Workspace) attach(u *user, s *spot, c *surface.Control, ups []Upload) ([]any, error) {
	defer ws.mu.Unlock()
	if c.Kind != "file_input" {
		return nil, fmt.Errorf("%w: %s takes no files", ErrNotPossible, c.Name())
	}
	held, _ := s.inputs(u).Held(c).([]any)
	names := surface.FileNames(held)
	for _, up := range ups {
		switch {
		case up.Name == "" || len(up.Data) == 0:
			return nil, fmt.Errorf("%w: a file needs a name, and something in it", ErrNotPossible)
		case len(up.Data) > maxInputFile:
			return nil, fmt.Errorf("%w: %s: a file has at most %d MB here", ErrNotPossible, c.Name(), maxInputFile/1_000_000)
		case up.Text != "" || up.Thread != "":
			return nil, fmt.Errorf("%w: %s: nothing is said to a file here", ErrNotPossible, c.Name())
		}
		names = append(names, up.Name)
	}
	if why := c.RefusesFiles(names); why != "" {
		return nil, fmt.Errorf("%w: %s: %s", ErrNotPossible, c.Name(), why)
	}
	for _, up := range ups {
		held = append(held, fileObject(ws, ws.newFile(u, up)))
	}
	s.choose(u, c, held)
	ws.changedSurface(u, s)
	return held, nil
}

// newFile keeps what a person uploads, shared in the channels.
func (ws *Workspace) newFile(u *user, up Upload, channels ...ChannelID) *file {
	f := &file{
		id: FileID(ws.ids.short("F")), name: up.Name, title: up.Title, altText: up.Alt, size: int64(len(up.Data)), data: up.Data,
		uploaded: true, complete: true, user: u.id, created: ws.clock.Now().Unix(), channels: channels,
	}
	if f.title == "" {
		f.title = f.name
	}
	ws.st.addFile(f)
	return f
}

// chosenFiles are the files of a list that names them by their ids, if the input
// takes them and the person uploaded each.
func (ws *Workspace) chosenFiles(u *user, c *surface.Control, list []any) ([]any, error) {
	out := []any{}
	for _, e := range list {
		m, _ := e.(map[string]any)
		id, _ := m["id"].(string)
		f := ws.st.files[FileID(id)]
		if f == nil || f.deleted || f.user != u.id {
			return nil, fmt.Errorf("%w: %s: %s is no file of %s", ErrNotPossible, c.Name(), mustJSON(m["id"]), u.name)
		}
		out = append(out, fileObject(ws, f))
	}
	if why := c.RefusesFiles(surface.FileNames(out)); why != "" {
		return nil, fmt.Errorf("%w: %s: %s", ErrNotPossible, c.Name(), why)
	}
	return out, nil
}
