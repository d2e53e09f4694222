package slackdev

import (
	"maps"
	"mime"
	"net/http"
)

// This file has the warnings that Slack adds to an answer, be it good or bad.

// charsetWarning is what Slack says of the content type of a call: JSON needs
// its charset, a form must not have one.
func charsetWarning(r *http.Request) string {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	_, charset := params["charset"]
	switch {
	case err != nil:
	case kind == "application/json" && !charset:
		return "missing_charset"
	case kind == "application/x-www-form-urlencoded" && charset:
		return "superfluous_charset"
	}
	return ""
}

// warn adds a warning to those of the method itself.
func (out reply) warn(code string) {
	all := code
	if s, _ := out["warning"].(string); s != "" {
		all = s + "," + code
	}
	old, _ := out["response_metadata"].(map[string]any)
	meta := maps.Clone(old)
	if meta == nil {
		meta = map[string]any{}
	}
	list, _ := meta["warnings"].([]string)
	meta["warnings"] = append(list[:len(list):len(list)], code)
	out["warning"], out["response_metadata"] = all, meta
}
