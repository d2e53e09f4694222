package gitlabsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file reads parameters as GitLab's API does (Grape): from the query and
// the body alike, with the types that an operation declares. What has the wrong
// type is 400 {"error":"x is invalid"}.

// params are the parameters of a request. A value is a string, float64, bool,
// nil, []any or map[string]any.
type params map[string]any

// largestBody is more than any description may have.
const largestBody = 8 << 20

// readParams reads the query and the body.
func readParams(r *http.Request, body []byte) (params, error) {
	out := params{}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, message(http.StatusBadRequest, "400 Bad request")
	}
	out.addForm(query)
	if len(bytes.TrimSpace(body)) == 0 {
		return out, nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		var object any
		d := json.NewDecoder(bytes.NewReader(body))
		if err := d.Decode(&object); err != nil {
			return nil, fault("Problem processing the JSON body") // the wording differs from GitLab's, the status does not
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return nil, fault("Problem processing the JSON body")
		}
		m, ok := object.(map[string]any)
		if !ok {
			return nil, fault("Problem processing the JSON body")
		}
		for k, v := range m {
			out[k] = v
		}
	case "application/x-www-form-urlencoded", "":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, message(http.StatusBadRequest, "400 Bad request")
		}
		out.addForm(form)
	default:
		return nil, &apiError{http.StatusUnsupportedMediaType, map[string]string{"error": "The provided content-type '" + kind + "' is not supported."}}
	}
	return out, nil
}

// addForm adds pairs; a[] is an array, a[b] an object.
func (p params) addForm(form url.Values) {
	for key, values := range form {
		name, rest, nested := strings.Cut(key, "[")
		switch {
		case nested && rest == "]":
			list := make([]any, 0, len(values))
			for _, v := range values {
				list = append(list, v)
			}
			p[name] = list
		case nested && strings.HasSuffix(rest, "]") && name != "":
			m, _ := p[name].(map[string]any)
			if m == nil {
				m = map[string]any{}
				p[name] = m
			}
			m[strings.TrimSuffix(rest, "]")] = values[len(values)-1]
		default:
			p[key] = values[len(values)-1]
		}
	}
}

func (p params) has(name string) bool { _, ok := p[name]; return ok }

// str is a string; numbers and booleans are taken as they are written.
func (p params) str(name string) (string, error) {
	switch v := p[name].(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return "", fault(name + " is invalid")
}

// one is a string out of a few.
func (p params) one(name, def string, allowed ...string) (string, error) {
	v, err := p.str(name)
	if err != nil {
		return "", err
	}
	if !p.has(name) || p[name] == nil {
		return def, nil
	}
	if !slices.Contains(allowed, v) {
		return "", fault(name + " does not have a valid value")
	}
	return v, nil
}

// integer is a whole number; ok tells whether there was one. "" is none.
func (p params) integer(name string) (n int64, ok bool, err error) {
	return asInteger(name, p[name])
}

func asInteger(name string, value any) (n int64, ok bool, err error) {
	switch v := value.(type) {
	case nil:
		return 0, false, nil
	case string:
		if v == "" {
			return 0, false, nil
		}
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n, true, nil
		}
	case float64:
		if n := int64(v); float64(n) == v && v < 1<<53 && v > -1<<53 {
			return n, true, nil
		}
	}
	return 0, false, fault(name + " is invalid")
}

// integers is a list of whole numbers. "" and empty members are left out; a
// comma does not separate (gitlab-org/gitlab#27472).
func (p params) integers(name string) (list []int64, ok bool, err error) {
	if !p.has(name) {
		return nil, false, nil
	}
	values, isList := p[name].([]any)
	if !isList {
		values = []any{p[name]}
	}
	for _, v := range values {
		n, some, err := asInteger(name, v)
		if err != nil {
			return nil, false, err
		}
		if some {
			list = append(list, n)
		}
	}
	return list, true, nil
}

// words is a list of strings: an array, or one string with commas.
func (p params) words(name string) (list []string, ok bool, err error) {
	if !p.has(name) {
		return nil, false, nil
	}
	values, isList := p[name].([]any)
	if !isList {
		values = []any{p[name]}
	}
	for _, v := range values {
		s, err := (params{name: v}).str(name)
		if err != nil {
			return nil, false, err
		}
		for w := range strings.SplitSeq(s, ",") {
			if w = strings.TrimSpace(w); w != "" {
				list = append(list, w)
			}
		}
	}
	return list, true, nil
}

// boolean is a truth value; ok tells whether there was one.
func (p params) boolean(name string) (v, ok bool, err error) {
	switch x := p[name].(type) {
	case nil:
		return false, false, nil
	case bool:
		return x, true, nil
	case string:
		switch strings.ToLower(x) {
		case "":
			return false, false, nil
		case "true", "t", "1", "on", "yes":
			return true, true, nil
		case "false", "f", "0", "off", "no":
			return false, true, nil
		}
	case float64:
		if x == 0 || x == 1 {
			return x == 1, true, nil
		}
	}
	return false, false, fault(name + " is invalid")
}

// moment is a time in ISO 8601; a day alone is its midnight in UTC. A + that was
// not written as %2B arrives as a space and is refused.
func (p params) moment(name string) (time.Time, error) {
	v, err := p.str(name)
	if err != nil || v == "" {
		return time.Time{}, err
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault(name + " is invalid")
}
