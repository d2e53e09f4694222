package gitlabsim

import (
	"encoding/json"
	"net/http"
	"time"
)

// This file has the shapes of GitLab's answers that all operations share.

// apiError is an answer that is no success: a status and a body.
type apiError struct {
	status int
	body   any
}

func (e *apiError) Error() string {
	b, err := json.Marshal(e.body)
	if err != nil {
		return http.StatusText(e.status)
	}
	return string(b)
}

// message is an error in GitLab's own form.
func message(status int, what any) error {
	return &apiError{status, map[string]any{"message": what}}
}

// fault is an error about a parameter, in Grape's form.
func fault(what string) error {
	return &apiError{http.StatusBadRequest, map[string]string{"error": what}}
}

func badRequest(reason string) error {
	return message(http.StatusBadRequest, "400 Bad request - "+reason)
}

func unauthorized() error { return message(http.StatusUnauthorized, "401 Unauthorized") }
func forbidden() error    { return message(http.StatusForbidden, "403 Forbidden") }

// notFound names what is not there: "404 Project Not Found".
func notFound(what string) error { return message(http.StatusNotFound, "404 "+what+" Not Found") }

// noRecord is what a row that is not there, or not to be seen, becomes.
func noRecord() error { return message(http.StatusNotFound, "404 Not found") }

// invalid is a record that GitLab would not save: what is wrong, by field.
func invalid(fields map[string][]string) error { return message(http.StatusBadRequest, fields) }

// moment is a time as GitLab writes it.
type moment time.Time

// MarshalJSON writes milliseconds in UTC; the zero time is null.
func (m moment) MarshalJSON() ([]byte, error) {
	if time.Time(m).IsZero() {
		return []byte("null"), nil
	}
	return []byte(time.Time(m).UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// nullable is a string that is null when it is empty.
type nullable string

// MarshalJSON writes null for "".
func (n nullable) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return marshal(string(n))
}

// marshal writes JSON as GitLab does, with <, > and & escaped, which is what
// encoding/json does by itself.
func marshal(v any) ([]byte, error) { return json.Marshal(v) }
