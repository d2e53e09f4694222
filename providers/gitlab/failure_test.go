package gitlab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/workflow/mirror"
)

// ours is an issue to ask about.
var ours = mirror.Ref{Kind: mirror.IssueKind, Project: "group/images", Number: 12}

func TestFailures(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html>\n<html><head><title>GitLab is not responding (502)</title></head></html>"
	html := map[string]string{"Content-Type": "text/html; charset=utf-8"}
	plain := map[string]string{"Content-Type": "text/plain"}
	const where = "GET /projects/group%2Fimages/issues/12: "
	for _, c := range []struct {
		name  string
		reply reply
		want  mirror.Failure
		wait  time.Duration
		text  string
	}{
		// https://docs.gitlab.com/api/rest/troubleshooting/
		{"no such token", reply{status: 401, body: `{"message":"401 Unauthorized"}`}, mirror.Unauthorized, 0, "401: Unauthorized"},
		// lib/api/api_guard.rb
		{"a token that ended", reply{status: 401, body: `{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}`},
			mirror.Unauthorized, 0, "401: Token is expired. You can either do re-authorization or token refresh."},
		{"a token without the scope", reply{status: 403, body: `{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api"}`},
			mirror.Unauthorized, 0, "403: The request requires higher privileges than provided by the access token. (scope api is missing)"},
		{"a fine-grained token without the permission", reply{status: 403, body: `{"error":"insufficient_granular_scope","error_description":"Access denied: requires [Work Item: Read]."}`},
			mirror.Forbidden, 0, "403: Access denied: requires [Work Item: Read]."},
		{"not for us", reply{status: 403, body: `{"message":"403 Forbidden"}`}, mirror.Forbidden, 0, "403: Forbidden"},
		{"refused without a word", reply{status: 403}, mirror.Forbidden, 0, "403: forbidden"},
		{"no such project", reply{status: 404, body: `{"message":"404 Project Not Found"}`}, mirror.Gone, 0, "404: Project Not Found"},
		{"no such route", reply{status: 404, body: `{"error":"404 Not Found"}`}, mirror.Gone, 0, "404: Not Found"},
		{"missing parameters", reply{status: 400, body: `{"message":"400 (Bad request) \"title\" not given"}`}, mirror.Rejected, 0, `400: (Bad request) "title" not given`},
		{"what Grape refuses", reply{status: 400, body: `{"error":"due_date is invalid, labels is invalid"}`}, mirror.Rejected, 0, "400: due_date is invalid, labels is invalid"},
		{"what the model refuses", reply{status: 400, body: `{"message":{"title":["can't be blank","is too short"],"base":["no"]}}`}, mirror.Rejected, 0, "400: base no; title can't be blank, is too short"},
		{"a conflict", reply{status: 409, body: `{"message":"409 Conflict"}`}, mirror.Rejected, 0, "409: Conflict"},
		{"spam", reply{status: 422, body: `{"message":"422 Unprocessable Entity"}`}, mirror.Rejected, 0, "422: Unprocessable Entity"},
		{"not allowed", reply{status: 405, body: `{"message":"405 Method Not Allowed"}`}, mirror.Rejected, 0, "405: Method Not Allowed"},
		{"too large for a proxy", reply{status: 413, header: html, body: page}, mirror.Rejected, 0, "413: a web page, not an answer of GitLab's API"},

		// lib/gitlab/rack_attack.rb
		{"too many requests", reply{status: 429, header: map[string]string{"Content-Type": "text/plain", "Retry-After": "30", "RateLimit-Limit": "2000",
			"RateLimit-Remaining": "0", "RateLimit-Reset": fmt.Sprint(today.Add(30 * time.Second).Unix())}, body: "Retry later\n"}, mirror.Limited, 30 * time.Second, "429: Retry later"},
		{"only the reset, and a clock that differs", reply{status: 429, header: map[string]string{"Date": today.Add(time.Hour).Format(http.TimeFormat),
			"RateLimit-Reset": fmt.Sprint(today.Add(time.Hour + 20*time.Second).Unix())}, body: "Retry later\n"}, mirror.Limited, 20 * time.Second, "429: Retry later"},
		// lib/api/helpers/rate_limiter.rb
		{"too much of one thing", reply{status: 429, body: `{"message":{"error":"This endpoint has been requested too many times. Try again later."}}`},
			mirror.Limited, 0, "429: error This endpoint has been requested too many times. Try again later."},
		{"a firewall's limit", reply{status: 429, header: html, body: page}, mirror.Limited, 0, "429: a web page, not an answer of GitLab's API"},
		{"a date", reply{status: 429, header: map[string]string{"Retry-After": today.Add(90 * time.Second).Format(http.TimeFormat), "Date": today.Format(http.TimeFormat)}}, mirror.Limited, 90 * time.Second, "429: too many requests"},
		{"a wait beyond reason", reply{status: 429, header: map[string]string{"Retry-After": "999999999999"}}, mirror.Limited, time.Hour, "429: too many requests"},
		{"a wait into the past", reply{status: 429, header: map[string]string{"Retry-After": "-5", "RateLimit-Reset": "1000000001"}}, mirror.Limited, 0, "429: too many requests"},

		{"a fault", reply{status: 500, body: `{"message":"500 Internal Server Error"}`}, mirror.Unreachable, 0, "500: Internal Server Error"},
		{"a proxy without GitLab", reply{status: 502, header: html, body: page}, mirror.Unreachable, 0, "502: a web page, not an answer of GitLab's API"},
		{"maintenance", reply{status: 503, header: map[string]string{"Retry-After": "120"}, body: `{"message":"GitLab is in maintenance"}`}, mirror.Unreachable, 2 * time.Minute, "503: GitLab is in maintenance"},
		{"a status nobody knows", reply{status: 599}, mirror.Unreachable, 0, "599: without a word"},
		{"a proxy that says it is not there", reply{status: 404, header: html, body: page}, mirror.Unreachable, 0, "404: a web page, not an answer of GitLab's API"},
		{"a page that is not called one", reply{status: 403, header: plain, body: page}, mirror.Unreachable, 0, "403: a web page, not an answer of GitLab's API"},
		{"an address that was banned", reply{status: 403, header: plain, body: "Forbidden\n"}, mirror.Unreachable, 0, "403: Forbidden"},
		{"a login", reply{status: 200, header: html, body: page}, mirror.Unreachable, 0, "a web page instead of an answer; is this GitLab, and does a proxy ask for a login?"},
		{"half an answer", reply{status: 200, body: `{"id":1,"iid":`}, mirror.Unreachable, 0, "the answer cannot be read: unexpected EOF"},
		{"no answer in the answer", reply{status: 200}, mirror.Unreachable, 0, "the answer cannot be read: EOF"},
		{"a null", reply{status: 200, body: "null"}, mirror.Unreachable, 0, "the answer cannot be read: the answer is empty"},
		{"a redirect to nowhere", reply{status: 304}, mirror.Unreachable, 0, ""},
		{"a long answer", reply{status: 400, body: `{"message":"` + strings.Repeat("ä ", 5000) + `"}`}, mirror.Rejected, 0, "400: ä ä ä"},
		{"many lines, and our token", reply{status: 400, body: `{"message":"a\nb\t` + token + `"}`}, mirror.Rejected, 0, "400: a b [token]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.reply.header == nil {
				c.reply.header = map[string]string{}
			}
			c.reply.header["X-Request-Id"] = "01JREQUEST"
			client, s := newClient(t, func(exchange) reply { return c.reply })
			_, err := client.Issue(t.Context(), ours)
			e := failureIn(t, err)
			if e.Failure != c.want || e.Wait != c.wait {
				t.Errorf("%s, to wait %v; want %s, %v", e.Failure, e.Wait, c.want, c.wait)
			}
			if !strings.HasPrefix(e.Err.Error(), where+c.text) {
				t.Errorf("got  %s\nwant %s%s", e.Err, where, c.text)
			}
			if e.Request != "01JREQUEST" {
				t.Errorf("the request is %q", e.Request)
			}
			if strings.ContainsAny(err.Error(), "\n\r") || len([]rune(err.Error())) > 400 || strings.Contains(err.Error(), token) {
				t.Errorf("the text is %q", err)
			}
			if n := len(s.requests()); n != 1 {
				t.Errorf("%d requests were made", n)
			}
		})
	}
}

// TestSilence is when nothing comes back.
func TestSilence(t *testing.T) {
	t.Parallel()
	t.Run("nobody is there", func(t *testing.T) {
		t.Parallel()
		s := httptest.NewServer(nil)
		s.Close()
		_, err := clientOf(t, s.URL).Issue(t.Context(), ours)
		e := failureIn(t, err)
		if e.Failure != mirror.Unreachable || e.Request != "" || !strings.Contains(err.Error(), "connection refused") || strings.Contains(err.Error(), "http://") {
			t.Error(err)
		}
	})
	t.Run("the answer is lost", func(t *testing.T) {
		t.Parallel()
		var made atomic.Int64
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			made.Add(1)
			panic(http.ErrAbortHandler)
		}))
		t.Cleanup(s.Close)
		_, err := clientOf(t, s.URL).Comment(t.Context(), ours, "hello")
		if e := failureIn(t, err); e.Failure != mirror.Unreachable {
			t.Error(err)
		}
		if n := made.Load(); n != 1 {
			t.Errorf("it was asked %d times", n)
		}
	})
	t.Run("the answer breaks off", func(t *testing.T) {
		t.Parallel()
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusCreated)
			io.WriteString(w, `{"id":1`)
		}))
		t.Cleanup(s.Close)
		_, err := clientOf(t, s.URL).Comment(t.Context(), ours, "hello")
		if e := failureIn(t, err); e.Failure != mirror.Unreachable || !strings.Contains(err.Error(), "the answer cannot be read: unexpected EOF") {
			t.Error(err)
		}
	})
	t.Run("it takes too long", func(t *testing.T) {
		t.Parallel()
		release := make(chan struct{})
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
		t.Cleanup(s.Close)
		t.Cleanup(func() { close(release) })
		_, err := clientOf(t, s.URL, func(o *Options) { o.Timeout = time.Millisecond }).Issue(t.Context(), ours)
		if e := failureIn(t, err); e.Failure != mirror.Unreachable || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no answer within 1ms") {
			t.Error(err)
		}
	})
	t.Run("we gave up before", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		c, s := newClient(t, func(exchange) reply { return reply{status: 500} })
		_, err := c.Issue(ctx, ours)
		if e := failureIn(t, err); e.Failure != mirror.Unreachable || !errors.Is(err, context.Canceled) || len(s.requests()) > 0 {
			t.Error(err)
		}
	})
	t.Run("we give up", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { cancel(); <-release }))
		t.Cleanup(s.Close)
		t.Cleanup(func() { close(release) })
		_, err := clientOf(t, s.URL).Issue(ctx, ours)
		if e := failureIn(t, err); e.Failure != mirror.Unreachable || !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	other := newServer(t, func(exchange) reply { return answers(text(anIssue(12))) })
	t.Run("to another host", func(t *testing.T) {
		t.Parallel()
		for _, status := range []int{301, 302, 307, 308} {
			c, _ := newClient(t, func(exchange) reply {
				return reply{status: status, header: map[string]string{"Location": other.URL + "/login?next=secret"}}
			})
			_, err := c.Issue(t.Context(), ours)
			if e := failureIn(t, err); e.Failure != mirror.Unreachable || !strings.Contains(err.Error(), errRedirected.Error()) || strings.Contains(err.Error(), "secret") {
				t.Error(err)
			}
			_, err = c.Comment(t.Context(), ours, "hello")
			if e := failureIn(t, err); e.Failure != mirror.Unreachable {
				t.Error(err)
			}
		}
	})
	t.Run("of a project that was renamed", func(t *testing.T) {
		t.Parallel()
		c, s := newClient(t, func(e exchange) reply {
			if e.path == "/api/v4/projects/42/issues/12" {
				return answers(text(anIssue(12)))
			}
			return reply{status: 301, header: map[string]string{"Location": "/api/v4/projects/42/issues/12"}}
		})
		if _, err := c.Issue(t.Context(), ours); err != nil {
			t.Error(err)
		}
		_, err := c.Update(t.Context(), ours, mirror.Change{Closed: new(true)})
		if e := failureIn(t, err); e.Failure != mirror.Unreachable || !strings.Contains(err.Error(), "301: it sends us elsewhere") {
			t.Error(err)
		}
		if got := len(s.requests()); got != 3 {
			t.Errorf("%d requests: a change was made elsewhere", got)
		}
	})
	t.Run("in a circle", func(t *testing.T) {
		t.Parallel()
		c, s := newClient(t, func(e exchange) reply { return reply{status: 302, header: map[string]string{"Location": e.path}} })
		_, err := c.Issue(t.Context(), ours)
		if e := failureIn(t, err); e.Failure != mirror.Unreachable {
			t.Error(err)
		}
		if got := len(s.requests()); got > 4 {
			t.Errorf("%d requests were made", got)
		}
	})
	if got := other.requests(); len(got) > 0 {
		t.Errorf("the other host was asked: %s", got)
	}
}

// TestNothingAsked is what is refused without a request.
func TestNothingAsked(t *testing.T) {
	t.Parallel()
	c, s := newClient(t, func(exchange) reply { return reply{status: 500} })
	ctx := t.Context()
	merge := mirror.Ref{Kind: mirror.MergeRequestKind, Project: "42", Number: 1}
	for name, call := range map[string]func() error{
		"no project":           func() error { _, err := c.Issue(ctx, mirror.Ref{Kind: mirror.IssueKind, Number: 1}); return err },
		"no number":            func() error { _, err := c.Issue(ctx, mirror.Ref{Kind: mirror.IssueKind, Project: "1"}); return err },
		"a negative project":   func() error { _, err := c.Changed(ctx, "-1", today); return err },
		"the wrong kind":       func() error { _, err := c.Issue(ctx, merge); return err },
		"the other wrong kind": func() error { _, err := c.MergeRequest(ctx, ours); return err },
		"a link to no issue":   func() error { return c.Link(ctx, ours, merge) },
		"no title":             func() error { _, err := c.Create(ctx, "42", mirror.NewIssue{Title: " "}); return err },
		"no date":              func() error { _, err := c.Create(ctx, "42", mirror.NewIssue{Title: "a", Due: "tomorrow"}); return err },
		"a date that is none":  func() error { _, err := c.Update(ctx, ours, mirror.Change{Due: new("2026-02-30")}); return err },
		"a label that is two": func() error {
			_, err := c.Create(ctx, "42", mirror.NewIssue{Title: "a", Labels: []string{"b,c"}})
			return err
		},
		"a comment of no words":  func() error { _, err := c.Comment(ctx, ours, " \n"); return err },
		"activity of no project": func() error { _, err := c.Activity(ctx, mirror.Ref{Number: 1}, 0); return err },
	} {
		if e := failureIn(t, call()); e.Failure != mirror.Rejected || e.Request != "" {
			t.Errorf("%s: %v", name, e)
		}
	}
	if got := s.requests(); len(got) > 0 {
		t.Errorf("asked: %s", got)
	}
}

// TestNoSecrets looks for the token wherever it could come out.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	o := Options{URL: "https://gitlab.example.com/x", Token: token, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	c, s := newClient(t, func(e exchange) reply {
		if got := e.header.Get("Private-Token"); got != token {
			t.Errorf("the token arrived as %q", got)
		}
		return reply{status: 400, body: `{"message":"` + token + `"}`}
	}, func(in *Options) { in.Logger = o.Logger })
	_, err := c.Issue(t.Context(), ours)
	type inside struct {
		O Options
		C *Client
	}
	in := inside{o, c}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{o, &o, c, in, &in, []Options{o}, err, c.api} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	o.Logger.Info("here", "options", o, "client", c, "error", err)
	out.WriteString(log.String())
	for _, secret := range []string{token, fmt.Sprintf("%x", token)} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the token comes out:\n%s", out.String())
		}
	}
	if !strings.Contains(log.String(), "route=/projects/:id/issues/:issue_iid") || strings.Contains(log.String(), s.URL+"/api") {
		t.Errorf("logged:\n%s", &log)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ url, token, want, err string }{
		{"", "a", "https://gitlab.com", ""},
		{"https://gitlab.com/", "a", "https://gitlab.com", ""},
		{"https://GITLAB.com/api/v4/", "a", "https://gitlab.com", ""},
		{" http://git.example.com:8080/sub/path/api/v4 ", " a\n", "http://git.example.com:8080/sub/path", ""},
		{"https://git.example.com/sub//", "a", "https://git.example.com/sub", ""},
		{"gitlab.com", "a", "", `the address of GitLab must begin with https://, and is "gitlab.com"`},
		{"ftp://gitlab.com", "a", "", `the address of GitLab must begin with https://, and is "ftp://gitlab.com"`},
		{"https://", "a", "", `the address of GitLab has no host: "https:"`},
		{"https://:443", "a", "", `the address of GitLab has no host: "https://:443"`},
		{"https://maya:secret@gitlab.com", "a", "", "the address of GitLab has a user in it; the token is given apart from it"},
		{"https://gitlab.com?private_token=secret", "a", "", `the address of GitLab has more in it than where it is: "https://gitlab.com"`},
		{"https://gitlab.com/a%2Fb", "a", "", `the address of GitLab has a path that cannot be one: "https://gitlab.com/a%2Fb"`},
		{"https://gitlab.com:secret", "a", "", "the address of GitLab cannot be read"},
		{"", "", "", "a token is needed"},
		{"", "a\r\nX-Sudo: root", "", "the token has characters that no token of GitLab has"},
	} {
		got, err := New(Options{URL: c.url, Token: c.token})
		switch {
		case c.err != "":
			if err == nil || err.Error() != c.err {
				t.Errorf("%q: %v", c.url, err)
			}
		case err != nil:
			t.Errorf("%q: %v", c.url, err)
		case fmt.Sprint(got) != "gitlab.Client{"+c.want+"}":
			t.Errorf("%q is %v", c.url, got)
		}
	}
}
