package drivesim

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"
)

// What kinds of files there are, among others.
const (
	Document = "application/vnd.google-apps.document"
	Folder   = "application/vnd.google-apps.folder"
	Shortcut = "application/vnd.google-apps.shortcut"
)

// File is a file or a folder.
type File struct {
	ID       string
	Name     string
	MimeType string // Document when empty
	Text     string // what stands in it
	Parent   string // id of its folder; empty for none that is known
	// SharedDrive is the id of the shared drive it is in; empty for somebody's My
	// Drive.
	SharedDrive string
	// Unshared says that the account has no access: for it, there is no such file.
	Unshared bool
	// NoCopy says that it must not be copied, NoAdd that the account must not
	// put anything into it, because it may only read.
	NoCopy, NoAdd bool
	Trashed       bool
	AppProperties map[string]string
	Created       time.Time
}

// ID is an id of the form that Google's have, and always the same for a name.
func ID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return "1" + base64.RawURLEncoding.EncodeToString(sum[:])[:32]
}

// Put puts a file in the place of the one with its id, or adds it.
func (s *Server) Put(f File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.index(f.ID); i >= 0 {
		s.files[i] = f
		return
	}
	s.files = append(s.files, f)
}

// Files are all files.
func (s *Server) Files() []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.files)
}

// index is where a file is; negative when there is none. s.mu is held.
func (s *Server) index(id string) int {
	return slices.IndexFunc(s.files, func(f File) bool { return f.ID == id })
}

// resource is a file as the API has it.
func (s *Server) resource(f File) map[string]any {
	mime := f.MimeType
	if mime == "" {
		mime = Document
	}
	out := map[string]any{
		"kind": "drive#file", "id": f.ID, "name": f.Name, "mimeType": mime, "trashed": f.Trashed,
		"createdTime": f.Created.UTC().Format("2006-01-02T15:04:05.000Z"),
		"webViewLink": s.link(f),
		"capabilities": map[string]any{
			"canCopy":        !f.NoCopy && mime != Folder,
			"canAddChildren": !f.NoAdd && mime == Folder,
		},
	}
	if f.Parent != "" {
		out["parents"] = []string{f.Parent}
	}
	if f.SharedDrive != "" {
		out["driveId"] = f.SharedDrive
	}
	if len(f.AppProperties) > 0 {
		out["appProperties"] = f.AppProperties
	}
	return out
}

func (s *Server) link(f File) string {
	return s.URL() + "/document/d/" + f.ID + "/edit?usp=drivesdk"
}
