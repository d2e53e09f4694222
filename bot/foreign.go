package bot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// This file makes do with servers that speak Slack's language with an accent:
// stand-ins for tests, demos and air-gapped networks. They leave methods out,
// say so in their own way, and answer with less or with more than Slack does.
// Their answers are brought into Slack's form here, so that nothing else has to
// know. Slack's own servers never come this way: leniency towards them would
// take a proxy's error page for an answer.

// IsSlack reports whether the Web API at an address is Slack's own; an empty
// address means it.
func IsSlack(api string) bool {
	if api == "" {
		return true
	}
	u, err := url.Parse(api)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	for _, own := range []string{"slack.com", "slack-gov.com"} {
		if host == own || strings.HasSuffix(host, "."+own) {
			return true
		}
	}
	return false
}

// openSocket is the one method without which nothing works, so that what a
// server says of it is taken as it is.
const openSocket = "apps.connections.open"

// mostAnswer bounds what is read of an answer: a page of 200 people is far less.
const mostAnswer = 8 << 20

// foreignAnswer is an answer in Slack's form.
func foreignAnswer(method string, resp *http.Response) (*http.Response, error) {
	if resp.StatusCode == http.StatusTooManyRequests {
		resp.Header.Set("Retry-After", wholeSeconds(resp.Header.Get("Retry-After")))
		return resp, nil
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	resp.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	var a foreign
	isObject := json.Unmarshal(raw, &a) == nil
	switch {
	case isObject && (resp.StatusCode == http.StatusOK || a.OK != nil): // Slack's form, whatever the status
		resp.StatusCode = http.StatusOK
		raw = a.reduced(method, raw)
	case method == openSocket:
	case isMissing(resp.StatusCode) || !isObject && resp.StatusCode == http.StatusOK:
		// Not JSON: a page that says that there is nothing at this address.
		resp.StatusCode = http.StatusOK
		raw = []byte(`{"ok":false,"error":"` + unknownMethod + `"}`)
	}
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	resp.ContentLength = int64(len(raw))
	return resp, nil
}

// isMissing reports whether a status says that there is no such method.
func isMissing(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented:
		return true
	}
	return false
}

// wholeSeconds is a Retry-After as Slack sends it; a second where there is none.
func wholeSeconds(s string) string {
	seconds, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(seconds >= 0 && seconds <= 3600) {
		seconds = 1
	}
	return strconv.Itoa(int(math.Ceil(seconds)))
}

// foreign is what is read of an answer. Nothing in it has a type that could be
// wrong.
type foreign struct {
	OK        *bool           `json:"ok"`
	Error     json.RawMessage `json:"error"`
	Channel   json.RawMessage `json:"channel"`
	TS        json.RawMessage `json:"ts"`
	MessageTS json.RawMessage `json:"message_ts"`
	Message   json.RawMessage `json:"message"`
	View      json.RawMessage `json:"view"`
	Meta      json.RawMessage `json:"response_metadata"`
}

// code is Slack's code for what went wrong; empty when nothing did.
func (a foreign) code() string {
	said := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return '_'
		}
		return r
	}, strings.ToLower(loose(a.Error)))
	if a.OK == nil && said == "" || a.OK != nil && *a.OK {
		return ""
	}
	switch said {
	case "method_not_found", "method_not_implemented", "not_implemented", "unimplemented", "no_such_method",
		"unknown", "unknown_endpoint", "unsupported", "unsupported_method", "not_supported", "invalid_method", "not_found":
		return unknownMethod
	}
	return cmp.Or(said, "unknown_error")
}

// reduced is what is left of an answer. Of a message, a view or files that were
// sent, only where it is now: some servers send back the whole of it as they got it,
// blocks as text and times as numbers, and the post would count as failed.
func (a foreign) reduced(method string, raw []byte) []byte {
	code := a.code()
	if method == "views.update" && loose(a.Error) == viewGone {
		code = viewGone // so says Slack, too, of a modal that was closed
	}
	if code == "" && !strings.HasPrefix(method, "chat.") && !strings.HasPrefix(method, "views.") && method != completeUpload {
		return raw
	}
	out := map[string]any{"ok": code == ""}
	if code != "" {
		out["error"] = code
	} else {
		var inner foreign
		_ = json.Unmarshal(a.Message, &inner) // a message that is no object says nothing
		out["channel"] = loose(a.Channel)
		out["ts"] = cmp.Or(loose(a.TS), loose(a.MessageTS), loose(inner.TS))
		var shown struct{ Hash json.RawMessage }
		_ = json.Unmarshal(a.View, &shown) // nor does a view
		if id := stringOrID(a.View); id != "" {
			out["view"] = map[string]string{"id": id, "hash": loose(shown.Hash)}
		}
	}
	var meta struct {
		Messages []string `json:"messages"`
	}
	if json.Unmarshal(a.Meta, &meta) == nil && len(meta.Messages) > 0 {
		out["response_metadata"] = meta
	}
	reduced, err := json.Marshal(out)
	if err != nil {
		return raw
	}
	return reduced
}

// loose reads text from whatever holds it: text, a number, an object with an id.
func loose(raw json.RawMessage) string {
	if id := stringOrID(raw); id != "" {
		return id
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}
