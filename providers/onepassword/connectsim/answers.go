package connectsim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

// version is the version of the API that is played.
const version = "1.7.1"

// created is when everything was made.
const created = "2026-01-05T09:00:00Z"

type (
	vaultJSON struct {
		ID        string `json:"id"`
		Name      string `json:"name"`
		Items     int    `json:"items"`
		Type      string `json:"type"`
		CreatedAt string `json:"createdAt"`
		UpdatedAt string `json:"updatedAt"`
	}
	refJSON struct {
		ID string `json:"id"`
	}
	itemJSON struct {
		ID        string        `json:"id"`
		Title     string        `json:"title"`
		Vault     refJSON       `json:"vault"`
		Category  string        `json:"category"`
		Version   int           `json:"version"`
		CreatedAt string        `json:"createdAt"`
		UpdatedAt string        `json:"updatedAt"`
		Sections  []sectionJSON `json:"sections,omitempty"`
		Fields    []fieldJSON   `json:"fields,omitempty"`
		Files     []fileJSON    `json:"files,omitempty"`
	}
	sectionJSON struct {
		ID    string `json:"id"`
		Label string `json:"label,omitempty"`
	}
	fieldJSON struct {
		ID      string   `json:"id"`
		Section *refJSON `json:"section,omitempty"`
		Type    string   `json:"type"`
		Purpose string   `json:"purpose,omitempty"`
		Label   string   `json:"label,omitempty"`
		Value   string   `json:"value,omitempty"`
	}
	fileJSON struct {
		ID          string   `json:"id"`
		Name        string   `json:"name"`
		Size        int      `json:"size"`
		ContentPath string   `json:"content_path"`
		Section     *refJSON `json:"section,omitempty"`
	}
)

func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	type dependency struct {
		Service string `json:"service"`
		Status  string `json:"status"`
		Message string `json:"message,omitempty"`
	}
	answer(w, http.StatusOK, struct {
		Name         string       `json:"name"`
		Version      string       `json:"version"`
		Dependencies []dependency `json:"dependencies"`
	}{"1Password Connect API", version, []dependency{
		{"sync", "ACTIVE", ""}, {"sqlite", "ACTIVE", "Connected to./1password.sqlite"}}})
}

func (s *Server) listVaults(w http.ResponseWriter, r *http.Request) {
	// The documentation knows `name` alone; the clients of 1Password's send
	// `title`, and are served.
	name, ok := filtered(w, r, `(?:name|title)`)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []vaultJSON{}
	for _, v := range s.vaults {
		if !v.OutOfScope && (name == nil || v.Name == *name) {
			out = append(out, describeVault(v))
		}
	}
	answer(w, http.StatusOK, out)
}

// filtered is the name that a list is to be restricted to; nil for all.
func filtered(w http.ResponseWriter, r *http.Request, attribute string) (*string, bool) {
	filter := r.URL.Query().Get("filter")
	if filter == "" {
		return nil, true
	}
	m := regexp.MustCompile(`^` + attribute + ` eq ("(?:[^"\\]|\\.)*")$`).FindStringSubmatch(filter)
	if m == nil {
		refuse(w, http.StatusBadRequest, "Invalid filter")
		return nil, false
	}
	name, err := strconv.Unquote(m[1])
	if err != nil {
		refuse(w, http.StatusBadRequest, "Invalid filter")
		return nil, false
	}
	return &name, true
}

func (s *Server) getVault(w http.ResponseWriter, _ *http.Request, v Vault) {
	answer(w, http.StatusOK, describeVault(v))
}

func (s *Server) listItems(w http.ResponseWriter, r *http.Request, v Vault) {
	title, ok := filtered(w, r, `title`)
	if !ok {
		return
	}
	out := []itemJSON{}
	for _, i := range v.Items {
		if title == nil || i.Title == *title {
			out = append(out, describeItem(v, i))
		}
	}
	answer(w, http.StatusOK, out)
}

func (s *Server) getItem(w http.ResponseWriter, _ *http.Request, v Vault, i Item) {
	out := describeItem(v, i)
	section := func(label string) *refJSON {
		if label == "" {
			return nil
		}
		id := ID("section", i.ID, label)
		if !slices.ContainsFunc(out.Sections, func(s sectionJSON) bool { return s.ID == id }) {
			out.Sections = append(out.Sections, sectionJSON{id, label})
		}
		return &refJSON{id}
	}
	for _, f := range i.Fields {
		out.Fields = append(out.Fields, fieldJSON{f.ID, section(f.Section), f.Type, f.Purpose, f.Label, f.Value})
	}
	for _, f := range i.Files {
		out.Files = append(out.Files, describeFile(v, i, f, section(f.Section)))
	}
	answer(w, http.StatusOK, out)
}

func (s *Server) listFiles(w http.ResponseWriter, _ *http.Request, v Vault, i Item) {
	out := []fileJSON{}
	for _, f := range i.Files {
		out = append(out, describeFile(v, i, f, nil))
	}
	answer(w, http.StatusOK, out)
}

func (s *Server) getContent(w http.ResponseWriter, r *http.Request, _ Vault, i Item) {
	for _, f := range i.Files {
		if f.ID == r.PathValue("file") {
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Name))
			_, _ = w.Write([]byte(f.Content))
			return
		}
	}
	refuse(w, http.StatusNotFound, fmt.Sprintf("file %s not found", r.PathValue("file")))
}

// inVault finds the vault of a path.
func (s *Server) inVault(next func(http.ResponseWriter, *http.Request, Vault)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("vault")
		s.mu.Lock()
		i := slices.IndexFunc(s.vaults, func(v Vault) bool { return v.ID == id })
		var v Vault
		if i >= 0 {
			v = s.vaults[i]
		}
		s.mu.Unlock()
		switch {
		case i < 0:
			refuse(w, http.StatusNotFound, fmt.Sprintf("vault %s not found", id))
		case v.OutOfScope:
			refuse(w, http.StatusForbidden, fmt.Sprintf("vault %s is not in scope", id))
		default:
			next(w, r, v)
		}
	}
}

// inItem finds the item of a path.
func (s *Server) inItem(next func(http.ResponseWriter, *http.Request, Vault, Item)) func(http.ResponseWriter, *http.Request, Vault) {
	return func(w http.ResponseWriter, r *http.Request, v Vault) {
		id := r.PathValue("item")
		i := slices.IndexFunc(v.Items, func(i Item) bool { return i.ID == id })
		if i < 0 {
			refuse(w, http.StatusNotFound, fmt.Sprintf("item %s not found", id))
			return
		}
		next(w, r, v, v.Items[i])
	}
}

func describeVault(v Vault) vaultJSON {
	return vaultJSON{v.ID, v.Name, len(v.Items), "USER_CREATED", created, created}
}

// describeItem is an item as lists have it: without its fields.
func describeItem(v Vault, i Item) itemJSON {
	return itemJSON{ID: i.ID, Title: i.Title, Vault: refJSON{v.ID}, Category: i.Category, Version: 1, CreatedAt: created, UpdatedAt: created}
}

func describeFile(v Vault, i Item, f File, section *refJSON) fileJSON {
	return fileJSON{f.ID, f.Name, len(f.Content), fmt.Sprintf("v1/vaults/%s/items/%s/files/%s/content", v.ID, i.ID, f.ID), section}
}
