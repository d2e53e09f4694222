package drivesim

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
)

// visible finds a file that the account may see and that the request is for; otherwise
// the request has been answered. s.mu is held.
func (s *Server) visible(w http.ResponseWriter, r *http.Request, id string) (File, bool) {
	i := s.index(id)
	if i < 0 || s.files[i].Unshared || s.files[i].SharedDrive != "" && r.URL.Query().Get("supportsAllDrives") != "true" {
		notFound(w, id)
		return File{}, false
	}
	return s.files[i], true
}

// get is files.get. s.mu is held.
func (s *Server) get(w http.ResponseWriter, r *http.Request) {
	if f, ok := s.visible(w, r, r.PathValue("id")); ok {
		send(w, r, s.resource(f))
	}
}

// copy is files.copy. s.mu is held.
func (s *Server) copy(w http.ResponseWriter, r *http.Request) {
	from, ok := s.visible(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	var body struct {
		Name          string            `json:"name"`
		Parents       []string          `json:"parents"`
		AppProperties map[string]string `json:"appProperties"`
	}
	d := json.NewDecoder(io.LimitReader(r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil {
		refuse(w, http.StatusBadRequest, "Invalid JSON payload received. "+err.Error(), problem{Domain: "global", Reason: "parseError"})
		return
	}
	for key, value := range body.AppProperties {
		if len(key)+len(value) > 124 {
			refuse(w, http.StatusForbidden, "The property exceeds the limit of 124 bytes.", problem{Domain: "global", Reason: "propertyLimitExceeded"})
			return
		}
	}
	if from.NoCopy || from.MimeType == Folder {
		refuse(w, http.StatusForbidden, "This file cannot be copied by the user.", problem{Domain: "global", Reason: "cannotCopyFile"})
		return
	}
	to := from
	switch len(body.Parents) {
	case 0:
	case 1:
		folder, ok := s.visible(w, r, body.Parents[0])
		if !ok {
			return
		}
		if folder.NoAdd || folder.MimeType != Folder {
			refuse(w, http.StatusForbidden, "Insufficient permissions for the specified parent.", problem{Domain: "global", Reason: "insufficientParentPermissions"})
			return
		}
		to.Parent, to.SharedDrive = folder.ID, folder.SharedDrive
	default:
		refuse(w, http.StatusForbidden, "A file cannot be in more than one folder.", problem{Domain: "global", Reason: "teamDrivesParentLimit"})
		return
	}
	if to.SharedDrive == "" {
		refuse(w, http.StatusForbidden, "Service Accounts do not have storage quota. Leverage shared drives (https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use OAuth delegation (http://support.google.com/a/answer/7281227) instead.",
			problem{Domain: "usageLimits", Reason: "storageQuotaExceeded"})
		return
	}
	s.made++
	to.ID, to.Name, to.Created, to.Trashed = ID(fmt.Sprintf("copy %d", s.made)), "Copy of "+from.Name, s.now(), false
	if body.Name != "" {
		to.Name = body.Name
	}
	to.AppProperties = maps.Clone(body.AppProperties)
	s.files = append(s.files, to)
	if s.lose() {
		panic(http.ErrAbortHandler)
	}
	send(w, r, s.resource(to))
}

// send answers with the fields of a resource that were asked for.
func send(w http.ResponseWriter, r *http.Request, resource map[string]any) {
	fields := r.URL.Query().Get("fields")
	if fields == "" {
		fields = "kind,id,name,mimeType"
	}
	m, rest := parseMask(fields)
	if rest != "" {
		refuse(w, http.StatusBadRequest, "Invalid field selection "+strings.TrimSpace(rest), problem{Domain: "global", Reason: "invalidParameter", Location: "fields", LocationType: "parameter"})
		return
	}
	answer(w, http.StatusOK, m.apply(resource))
}
