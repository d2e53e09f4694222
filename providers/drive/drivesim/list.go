package drivesim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// list is files.list. s.mu is held.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	wanted, err := parseQuery(query.Get("q"))
	invalid := func(parameter string) {
		refuse(w, http.StatusBadRequest, "Invalid Value", problem{Domain: "global", Reason: "invalid", Location: parameter, LocationType: "parameter"})
	}
	corpora := query.Get("corpora")
	everywhere := query.Get("supportsAllDrives") == "true" && query.Get("includeItemsFromAllDrives") == "true"
	switch {
	case err != nil:
		invalid("q")
		return
	case !slices.Contains([]string{"", "user", "allDrives"}, corpora) || corpora == "allDrives" && !everywhere:
		invalid("corpora")
		return
	}
	var found []File
	for _, f := range s.files {
		if !f.Unshared && (f.SharedDrive == "" || everywhere) && wanted(f) {
			found = append(found, f)
		}
	}
	switch query.Get("orderBy") {
	case "": // as Google likes; here, the newest first
		slices.Reverse(found)
	case "createdTime":
		slices.SortStableFunc(found, func(a, b File) int { return a.Created.Compare(b.Created) })
	case "createdTime desc":
		slices.SortStableFunc(found, func(a, b File) int { return b.Created.Compare(a.Created) })
	default:
		invalid("orderBy")
		return
	}
	size := s.pageSize
	if asked := query.Get("pageSize"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 || n > 1000 {
			invalid("pageSize")
			return
		}
		size = min(size, n)
	}
	start := 0
	if token := query.Get("pageToken"); token != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(token, "~!!~"))
		if err != nil || n < 0 || n > len(found) {
			invalid("pageToken")
			return
		}
		start = n
	}
	end := min(start+size, len(found))
	files := []any{}
	for _, f := range found[start:end] {
		files = append(files, s.resource(f))
	}
	out := map[string]any{"kind": "drive#fileList", "incompleteSearch": s.fault == Incomplete, "files": files}
	if end < len(found) {
		out["nextPageToken"] = fmt.Sprintf("~!!~%d", end)
	}
	if query.Get("fields") == "" {
		query.Set("fields", "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)")
		r.URL.RawQuery = query.Encode()
	}
	send(w, r, out)
}

// SetPageSize makes lists come in pages of so many at most, and at least of one.
// than were asked for, and an empty page before the last; so it is with 0.
func (s *Server) SetPageSize(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pageSize = max(n, 1)
}

const quoted = `'((?:[^'\\]|\\['\\])*)'`

var (
	hasProperty = regexp.MustCompile(`^appProperties has \{ ?key=` + quoted + ` and value=` + quoted + ` ?\}`)
	isTrashed   = regexp.MustCompile(`^trashed ?= ?(true|false)`)
	inParents   = regexp.MustCompile(`^` + quoted + ` in parents`)
	isMimeType  = regexp.MustCompile(`^mimeType ?= ?` + quoted)
	conjunction = regexp.MustCompile(`^ +and +`)
)

// parseQuery reads a query: terms of these four forms, joined by `and`.
//
// Source: https://developers.google.com/workspace/drive/api/guides/ref-search-terms
func parseQuery(q string) (func(File) bool, error) {
	var terms []func(File) bool
	for q != "" {
		var m []string
		match := func(form *regexp.Regexp) bool {
			m = form.FindStringSubmatch(q)
			return m != nil
		}
		switch {
		case match(hasProperty):
			key, value := unquote(m[1]), unquote(m[2])
			terms = append(terms, func(f File) bool { v, ok := f.AppProperties[key]; return ok && v == value })
		case match(isTrashed):
			trashed := m[1] == "true"
			terms = append(terms, func(f File) bool { return f.Trashed == trashed })
		case match(inParents):
			parent := unquote(m[1])
			terms = append(terms, func(f File) bool { return f.Parent == parent })
		case match(isMimeType):
			mime := unquote(m[1])
			terms = append(terms, func(f File) bool { return f.MimeType == mime || f.MimeType == "" && mime == Document })
		default:
			return nil, fmt.Errorf("%q is not understood", q)
		}
		q = q[len(m[0]):]
		if q == "" {
			break
		}
		joint := conjunction.FindString(q)
		if joint == "" || len(joint) == len(q) {
			return nil, fmt.Errorf("%q is not understood", q)
		}
		q = q[len(joint):]
	}
	return func(f File) bool {
		return !slices.ContainsFunc(terms, func(fits func(File) bool) bool { return !fits(f) })
	}, nil
}

// unquote takes the backslashes out.
func unquote(text string) string {
	return strings.NewReplacer(`\'`, `'`, `\\`, `\`).Replace(text)
}
