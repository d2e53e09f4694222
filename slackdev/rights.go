package slackdev

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"cloudimage/slackdev/blockkit"
)

// This file refuses blocks that are good but not this app's to show, whichever
// method or ack they come with: they need a scope, a domain, or a file that is
// there.

// mayShow fails with missing_scope for blocks that need a scope which the app
// lacks, and with the code and the places for what else is wrong with them. at is
// the pointer of the blocks, which are good otherwise. The workspace is not locked.
func (ws *Workspace) mayShow(at string, blocks json.RawMessage, code string) error {
	needed := map[string]string{"file_input": "files:read", "video": "links.embed:write"}
	said := func(word string) bool { return bytes.Contains(blocks, []byte(`"`+word+`"`)) }
	if !said("slack_file") && !said("file_input") && !said("video") {
		return nil
	}
	var all any
	if json.Unmarshal(blocks, &all) != nil {
		return nil // the validator has said so
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	c := &call{ws: ws, scopes: ws.st.app.scopes, granted: ws.st.app.granted}
	var bad []blockkit.Error
	var lacks error
	eachObject(at, all, func(at string, o map[string]any) {
		kind, _ := o["type"].(string)
		if err := c.need(needed[kind]); err != nil && lacks == nil {
			lacks = err
		}
		file, _ := o["slack_file"].(map[string]any)
		address, _ := o["video_url"].(string)
		switch {
		case kind == "image" && file != nil && !ws.picture(file):
			bad = append(bad, blockkit.Error{Pointer: at + "/slack_file", Code: "failed_constraint", Message: "invalid slack file"})
		case kind == "video" && !ws.manifest.unfurls(address):
			bad = append(bad, blockkit.Error{Pointer: at, Code: "failed_constraint", Message: "Video validation failed: Domain is not a valid unfurl domain claimed by your app"})
		}
	})
	switch {
	case lacks != nil || len(bad) == 0:
		return lacks
	case code == "invalid_arguments": // of a view
		return invalidWith(code, bad)
	}
	return invalidContent(code, bad)
}

// eachObject calls see with every object in a JSON value, in order, and where it is.
func eachObject(at string, v any, see func(at string, o map[string]any)) {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			eachObject(at+"/"+strconv.Itoa(i), e, see)
		}
	case map[string]any:
		see(at, v)
		for _, k := range sortedKeys(v) {
			eachObject(at+"/"+k, v[k], see)
		}
	}
}

// unfurls tells whether the address is of a domain that the app registered for
// its links, or of one below it.
func (m *manifest) unfurls(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	for _, d := range m.Features.UnfurlDomains {
		if host := "." + strings.ToLower(u.Hostname()); strings.HasSuffix(host, "."+strings.ToLower(d)) {
			return true
		}
	}
	return false
}
