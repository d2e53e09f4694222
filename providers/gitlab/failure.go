package gitlab

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow/mirror"
)

// This file turns what came back, or did not, into a [*mirror.TrackerError]. The
// rules are: what is meant is told by the status and by what GitLab said, never
// by the library's text; who is asked to look into it gets one line, without the
// query, without a password and without the token.

// cause is a failure's text and what is behind it, for errors.Is.
type cause struct {
	text string
	err  error // may be nil
}

func (e *cause) Error() string { return e.text }
func (e *cause) Unwrap() error { return e.err }

// rejected is what is refused before GitLab is asked.
func rejected(format string, args ...any) *mirror.TrackerError {
	return &mirror.TrackerError{Failure: mirror.Rejected, Err: fmt.Errorf(format, args...)}
}

// is reports whether an error is of a failure.
func is(err error, f mirror.Failure) bool {
	var e *mirror.TrackerError
	return errors.As(err, &e) && e.Failure == f
}

// failed is what became of a request that did not do. The first context is the
// caller's, the second has the time limit of the request.
func (c *Client) failed(ctx, within context.Context, method string, a *answer, err error, now time.Time) *mirror.TrackerError {
	e := &mirror.TrackerError{Failure: mirror.Unreachable, Request: requestID(a.header), Wait: waitOf(a, now)}
	what := method + " " + a.path
	tell := func(format string, args ...any) *mirror.TrackerError {
		e.Err = &cause{text: c.line(what + ": " + fmt.Sprintf(format, args...))}
		return e
	}
	behind := func(err error, text string) *mirror.TrackerError {
		e.Err = &cause{text: c.line(what + ": " + text), err: err}
		return e
	}
	switch {
	case errors.Is(err, errRedirected):
		return tell("%v", errRedirected)
	case ctx.Err() != nil:
		return behind(ctx.Err(), "given up: "+ctx.Err().Error())
	case within.Err() != nil:
		return behind(context.DeadlineExceeded, "no answer within "+c.timeout.String())
	case a.status == 0:
		err = bare(err)
		return behind(err, err.Error())
	case a.status < 300 && a.html:
		return tell("a web page instead of an answer; is this GitLab, and does a proxy ask for a login?")
	case a.status < 300:
		err = bare(err)
		return behind(err, "the answer cannot be read: "+err.Error())
	case a.status < 400:
		return tell("%d: it sends us elsewhere, and says not where to, or not for this request", a.status)
	}
	s := said(a.body)
	e.Failure = failureOf(a.status, s, a.html)
	switch {
	case s.insufficient() && s.scope != "":
		return tell("%d: %s (scope %s is missing)", a.status, s.text, s.scope)
	case a.html || s.foreign && s.text == "":
		return tell("%d: a web page, not an answer of GitLab's API", a.status)
	case s.text == "":
		return tell("%d: %s", a.status, cmp.Or(strings.ToLower(http.StatusText(a.status)), "without a word"))
	}
	return tell("%d: %s", a.status, strings.TrimPrefix(s.text, fmt.Sprintf("%d ", a.status)))
}

// failureOf is which failure a status is, with what was said.
func failureOf(status int, s saying, html bool) mirror.Failure {
	switch {
	case status == http.StatusTooManyRequests:
		return mirror.Limited
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return mirror.Unreachable
	case status == http.StatusRequestEntityTooLarge: // often the proxy's page, and no better next time
		return mirror.Rejected
	case html || s.foreign:
		// GitLab's API refuses in JSON. A page is from a proxy, a firewall or a
		// login, and says nothing about what was asked.
		return mirror.Unreachable
	}
	switch status {
	case http.StatusUnauthorized:
		return mirror.Unauthorized
	case http.StatusForbidden:
		if s.insufficient() {
			return mirror.Unauthorized // whatever else is asked will be refused as well
		}
		return mirror.Forbidden
	case http.StatusNotFound, http.StatusGone:
		return mirror.Gone
	}
	return mirror.Rejected
}

// saying is what GitLab said.
type saying struct {
	text    string // one line
	code    string // of an OAuth error, such as insufficient_scope
	scope   string // which it wants
	foreign bool   // it is not JSON
}

// insufficient reports whether the token lacks a scope. A fine-grained token is
// refused with insufficient_granular_scope instead, which is about this project or
// this kind of request, and names what is missing in its text.
func (s saying) insufficient() bool { return s.code == "insufficient_scope" }

// said reads a refusal: {"message": …}, {"error": …} or both, where a message is a
// text, a list, or lists by the field that they are about.
// https://docs.gitlab.com/api/rest/troubleshooting/
func said(body []byte) saying {
	if len(bytes.TrimSpace(body)) == 0 {
		return saying{}
	}
	var v any
	if json.Unmarshal(body, &v) != nil {
		// Whoever throttles or bans an address answers in plain words.
		if text := strings.TrimSpace(string(body)); !strings.HasPrefix(text, "<") {
			return saying{text: text, foreign: true}
		}
		return saying{foreign: true}
	}
	m, ok := v.(map[string]any)
	if !ok {
		return saying{text: words(v)}
	}
	s := saying{}
	s.code, _ = m["error"].(string)
	s.scope = words(m["scope"])
	s.text = words(m["message"])
	if s.text == "" {
		s.text = words(m["error_description"])
	}
	if s.text == "" {
		s.text = words(m["error"])
	}
	return s
}

// words are the texts in a value, in one order.
func words(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, words(e))
		}
		return strings.Join(all, ", ")
	case map[string]any:
		var all []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			all = append(all, strings.TrimSpace(k+" "+words(v[k])))
		}
		return strings.Join(all, "; ")
	}
	return ""
}

// bare is an error of the network without the address that net/http puts before
// it, which has the query and may have a password.
func bare(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return err
}

// mostOfALine is how long a cause may get, in characters.
const mostOfALine = 300

// line is a text in one line, without the token.
func (c *Client) line(text string) string {
	text = c.scrub(strings.Join(strings.Fields(text), " "))
	if r := []rune(text); len(r) > mostOfALine {
		text = string(r[:mostOfALine]) + "…"
	}
	return text
}

// requestID is GitLab's id of a request, empty when there is none that could be one.
func requestID(h http.Header) string {
	id := h.Get("X-Request-Id")
	if len(id) > 100 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return id
}
