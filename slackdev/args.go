package slackdev

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const maxBody = 8 << 20

// args are the arguments of a Web API call, whichever way they came: in the
// query, as a form, as JSON. In a form, structured arguments are JSON text; in
// JSON they may be either.
type args struct {
	form url.Values
	json map[string]json.RawMessage
}

// errFormType: the body is of a type the Web API does not read.
var errFormType = errors.New("invalid_form_data")

// decodeArgs reads the arguments of a call.
func decodeArgs(r *http.Request) (args, error) {
	a := args{form: r.URL.Query()}
	if r.Body == nil || r.Method == http.MethodGet {
		return a, nil
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" {
		return a, fmt.Errorf("content type: %w", err)
	}
	body := http.MaxBytesReader(nil, r.Body, maxBody)
	switch kind {
	case "application/json":
		raw, err := io.ReadAll(body)
		if err != nil {
			return a, fmt.Errorf("read body: %w", err)
		}
		return a, a.addJSON(raw)
	case "application/x-www-form-urlencoded", "":
		raw, err := io.ReadAll(body)
		if err != nil {
			return a, fmt.Errorf("read body: %w", err)
		}
		return a, a.addForm(string(raw))
	case "multipart/form-data":
		r.Body = body
		if params["boundary"] == "" {
			return a, errFormType
		}
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return a, fmt.Errorf("read form: %w", err)
		}
		for k, v := range r.MultipartForm.Value {
			a.form[k] = append(a.form[k], v...)
		}
		return a, nil
	}
	return a, errFormType
}

func (a *args) addJSON(raw []byte) error {
	if len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, &a.json); err != nil {
		return fmt.Errorf("json_not_object: %w", err)
	}
	return nil
}

func (a *args) addForm(raw string) error {
	v, err := url.ParseQuery(raw)
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	for k, list := range v {
		a.form[k] = append(a.form[k], list...)
	}
	return nil
}

// has tells whether the argument was given at all, be it empty.
func (a args) has(key string) bool {
	if _, ok := a.json[key]; ok {
		return true
	}
	_, ok := a.form[key]
	return ok
}

// str is a text argument; numbers and booleans come as their text.
func (a args) str(key string) string {
	if raw, ok := a.json[key]; ok {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
		if t := string(raw); t != "null" {
			return t
		}
		return ""
	}
	return a.form.Get(key)
}

// raw is a structured argument as JSON; nil when it was not given or is empty.
func (a args) raw(key string) json.RawMessage {
	if raw, ok := a.json[key]; ok {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			raw = json.RawMessage(s)
		}
		if len(raw) == 0 || string(raw) == "null" {
			return nil
		}
		return raw
	}
	if s := a.form.Get(key); s != "" {
		return json.RawMessage(s)
	}
	return nil
}

func (a args) bool(key string) bool {
	switch a.str(key) {
	case "true", "1":
		return true
	}
	return false
}

// int is a number, or def when it was not given or is none.
func (a args) int(key string, def int) int {
	n, err := strconv.Atoi(a.str(key))
	if err != nil {
		return def
	}
	return n
}

// list is a comma-separated argument, or a JSON array of texts.
func (a args) list(key string) []string {
	var out []string
	if raw, ok := a.json[key]; ok && json.Unmarshal(raw, &out) == nil {
		return out
	}
	for s := range strings.SplitSeq(a.str(key), ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// redacted is what the log shows of the arguments: no tokens.
func (a args) redacted() map[string]string {
	out := make(map[string]string, len(a.form)+len(a.json))
	for k := range a.form {
		out[k] = a.form.Get(k)
	}
	for k := range a.json {
		out[k] = a.str(k)
	}
	if _, ok := out["token"]; ok {
		out["token"] = "(redacted)"
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
