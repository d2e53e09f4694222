package slackdev

import (
	"encoding/json"
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

// decodeArgs reads the arguments of a call. Its errors are Slack's.
func decodeArgs(r *http.Request) (args, error) {
	a := args{form: r.URL.Query()}
	if r.Body == nil || r.Method == http.MethodGet {
		return a, a.noArrays()
	}
	if err := a.addBody(r); err != nil {
		return a, err
	}
	return a, a.noArrays()
}

// addBody reads the arguments of a body. What is wrong with it is a failure with
// the code that Slack documents for all methods.
func (a *args) addBody(r *http.Request) error {
	body := http.MaxBytesReader(nil, r.Body, maxBody)
	if r.Header.Get("Content-Type") == "" {
		if n, _ := io.ReadFull(body, make([]byte, 1)); n > 0 {
			return fail("missing_post_type")
		}
		return nil
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return fail("invalid_post_type")
	}
	if c, ok := params["charset"]; ok && !strings.EqualFold(c, "utf-8") && !strings.EqualFold(c, "iso-8859-1") {
		return fail("invalid_charset")
	}
	switch kind {
	case "application/json":
		raw, err := io.ReadAll(body)
		if err != nil {
			return fail("invalid_json")
		}
		return a.addJSON(raw)
	case "application/x-www-form-urlencoded":
		raw, err := io.ReadAll(body)
		if err != nil {
			return fail("invalid_form_data")
		}
		return a.addForm(string(raw))
	case "multipart/form-data":
		r.Body = body
		if params["boundary"] == "" || r.ParseMultipartForm(maxBody) != nil {
			return fail("invalid_form_data")
		}
		for k, v := range r.MultipartForm.Value {
			a.form[k] = append(a.form[k], v...)
		}
		return nil
	case "text/plain": // is taken, and says nothing
		return nil
	}
	return fail("invalid_post_type")
}

func (a *args) addJSON(raw []byte) error {
	switch {
	case len(raw) == 0:
		return nil
	case !json.Valid(raw):
		return fail("invalid_json")
	case json.Unmarshal(raw, &a.json) != nil || a.json == nil:
		return fail("json_not_object")
	}
	return nil
}

func (a *args) addForm(raw string) error {
	v, err := url.ParseQuery(raw)
	if err != nil {
		return fail("invalid_form_data")
	}
	for k, list := range v {
		a.form[k] = append(a.form[k], list...)
	}
	return nil
}

// readsNoJSON tells whether Slack takes no JSON for the method: it does for
// those that write, and for few of those that read.
func readsNoJSON(method string) bool {
	switch method {
	case "bots.info", "chat.getPermalink", "conversations.history", "conversations.info", "conversations.list", "conversations.members",
		"conversations.replies", "emoji.list", "files.getUploadURLExternal", "files.info", "files.list", "pins.list", "reactions.get", "reactions.list",
		"usergroups.list", "usergroups.users.list", "users.conversations", "users.info", "users.list", "users.lookupByEmail":
		return true
	}
	return false
}

// noArrays refuses arguments like blocks[0][type], which some clients make of
// structures: Slack wants those as JSON.
func (a *args) noArrays() error {
	for k := range a.form {
		if strings.HasSuffix(k, "]") {
			return fail("invalid_array_arg")
		}
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
