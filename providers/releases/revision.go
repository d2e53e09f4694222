package releases

import (
	"errors"
	"net/http"
	"strings"
)

// revision is by what a source tells whether an answer has changed; the zero value
// asks for it in any case.
type revision struct{ etag, changed string }

// revisionOf is that of an answer.
func revisionOf(resp *http.Response) revision {
	return revision{validator(resp.Header, "ETag"), validator(resp.Header, "Last-Modified")}
}

// ask lets a request ask for what has changed since.
func (r revision) ask(header http.Header) {
	if r.etag != "" {
		header.Set("If-None-Match", r.etag)
	}
	if r.changed != "" {
		header.Set("If-Modified-Since", r.changed)
	}
}

// isStill reports whether an answer says that nothing has changed.
func (r revision) isStill(resp *http.Response) (bool, error) {
	switch {
	case resp.StatusCode != http.StatusNotModified:
		return false, nil
	case r == (revision{}):
		return false, errors.New("it says that nothing has changed, and was not asked that")
	}
	return true, nil
}

// validator is a header of an answer by which to ask whether it has changed; empty
// when it cannot be one.
func validator(h http.Header, name string) string {
	v := h.Get(name)
	if len(v) > 200 || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return v
}
