package gitlab

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/workflow/mirror"
)

var update = flag.Bool("update", false, "write golden files anew")

const token = "glpat-not-a-real-one"

// today is the time in these tests, far from any real one.
var today = time.Date(2033, 11, 2, 9, 0, 0, 0, time.UTC)

// exchange is a request as the server got it.
type exchange struct {
	method, path string // the path as it was escaped
	query        url.Values
	body         string
	header       http.Header
}

// line is a request in one line, its parameters in one order.
func (e exchange) line() string {
	s := e.method + " " + e.path
	var q []string
	for k, vs := range e.query {
		for _, v := range vs {
			q = append(q, k+"="+v)
		}
	}
	slices.Sort(q)
	if len(q) > 0 {
		s += "?" + strings.Join(q, "&")
	}
	if e.body != "" {
		s += "\n\t" + e.body
	}
	return s
}

// reply is what the server answers.
type reply struct {
	status int               // 200 when it is 0
	header map[string]string // beside the content type, JSON unless it is given
	body   string
}

func answers(body string) reply { return reply{body: body} }

// server is a GitLab that answers what a test says.
type server struct {
	*httptest.Server
	mu  sync.Mutex
	got []exchange
}

// requests are those that were made so far, one line each.
func (s *server) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, e := range s.got {
		out = append(out, e.line())
	}
	return out
}

// newServer starts a server.
func newServer(t testing.TB, answer func(exchange) reply) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		e := exchange{r.Method, r.URL.EscapedPath(), r.URL.Query(), string(body), r.Header}
		s.mu.Lock()
		s.got = append(s.got, e)
		s.mu.Unlock()
		a := answer(e)
		w.Header().Set("Content-Type", "application/json")
		for k, v := range a.header {
			w.Header().Set(k, v)
		}
		if a.status == 0 {
			a.status = http.StatusOK
		}
		w.WriteHeader(a.status)
		io.WriteString(w, a.body)
	}))
	t.Cleanup(s.Close)
	return s
}

// newClient is a client of a server that answers so.
func newClient(t testing.TB, answer func(exchange) reply, edit ...func(*Options)) (*Client, *server) {
	t.Helper()
	s := newServer(t, answer)
	return clientOf(t, s.URL, edit...), s
}

// clientOf is a client of an address.
func clientOf(t testing.TB, address string, edit ...func(*Options)) *Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	o := Options{URL: address, Token: token, Transport: transport, Now: func() time.Time { return today }}
	for _, f := range edit {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// failureIn is the tracker's error in an error.
func failureIn(t testing.TB, err error) *mirror.TrackerError {
	t.Helper()
	var e *mirror.TrackerError
	if !errors.As(err, &e) {
		t.Fatalf("%v (%T) is no tracker's error", err, err)
	}
	return e
}

// object is a JSON object of fields and values in turn.
func object(fields ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(fields); i += 2 {
		m[fields[i].(string)] = fields[i+1]
	}
	return m
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// anIssue is an issue as GitLab answers it.
// https://docs.gitlab.com/api/issues/#retrieve-an-issue
func anIssue(iid int, more ...any) map[string]any {
	m := object(
		"id", 1000+iid, "iid", iid, "project_id", 42, "title", fmt.Sprintf("issue %d", iid),
		"description", "one\r\n- [ ] two", "state", "opened",
		"created_at", "2026-10-01T08:00:00.123Z", "updated_at", "2026-10-02T08:00:00.456Z",
		"closed_at", nil, "closed_by", nil, "labels", []string{"cloud", "aws"}, "milestone", nil,
		"author", aUser(7, "cloudimage"), "assignees", []any{aUser(8, "maya")}, "assignee", aUser(8, "maya"),
		"type", "ISSUE", "issue_type", "issue", "due_date", "2026-11-20", "confidential", false, "discussion_locked", nil,
		"moved_to_id", nil, "weight", nil, "severity", "UNKNOWN", "service_desk_reply_to", nil,
		"web_url", fmt.Sprintf("https://gitlab.example.com/group/images/-/issues/%d", iid),
		"references", object("short", fmt.Sprintf("#%d", iid), "relative", fmt.Sprintf("#%d", iid), "full", fmt.Sprintf("group/images#%d", iid)),
		"task_completion_status", object("count", 1, "completed_count", 0), "has_tasks", true, "task_status", "0 of 1 checklist item completed",
		"time_stats", object("time_estimate", 0, "total_time_spent", 0, "human_time_estimate", nil, "human_total_time_spent", nil),
		"imported", false, "imported_from", "none",
		"_links", object("self", "https://gitlab.example.com/api/v4/projects/42/issues/1", "closed_as_duplicate_of", nil),
	)
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i].(string)] = more[i+1]
	}
	return m
}

func aUser(id int, handle string) map[string]any {
	return object("id", id, "username", handle, "name", strings.ToUpper(handle[:1])+handle[1:], "state", "active", "locked", false,
		"avatar_url", nil, "web_url", "https://gitlab.example.com/"+handle)
}

// aNote is a note as GitLab answers it.
// https://docs.gitlab.com/api/notes/#list-all-issue-notes
func aNote(id int, system bool, body string, more ...any) map[string]any {
	m := object(
		"id", id, "type", nil, "body", body, "author", aUser(8, "maya"), "system", system,
		"created_at", "2026-10-02T08:00:00.456Z", "updated_at", "2026-10-02T08:00:00.456Z",
		"noteable_id", 1001, "noteable_type", "Issue", "project_id", 42, "noteable_iid", 1, "resolvable", false,
		"confidential", false, "internal", false, "imported", false, "imported_from", "none", "commands_changes", object(),
	)
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i].(string)] = more[i+1]
	}
	return m
}

// aMergeRequest is one as GitLab answers it.
// https://docs.gitlab.com/api/merge_requests/#retrieve-a-merge-request
func aMergeRequest(iid int, more ...any) map[string]any {
	m := object(
		"id", 5000+iid, "iid", iid, "project_id", 42, "title", "Draft: build the image", "description", "", "state", "opened",
		"created_at", "2026-10-01T08:00:00.123Z", "updated_at", "2026-10-02T08:00:00.456Z", "merged_by", nil, "merge_user", nil, "merged_at", nil,
		"closed_by", nil, "closed_at", nil, "target_branch", "main", "source_branch", "image", "author", aUser(8, "maya"),
		"assignees", []any{}, "assignee", nil, "reviewers", []any{}, "labels", []string{"cloud"}, "draft", true, "work_in_progress", true,
		"milestone", object("id", 3, "iid", 1, "group_id", 9, "title", "19.1", "state", "active", "due_date", "2026-11-30"),
		"detailed_merge_status", "not_approved", "changes_count", "12", "discussion_locked", nil,
		"web_url", fmt.Sprintf("https://gitlab.example.com/group/images/-/merge_requests/%d", iid),
		"references", object("short", fmt.Sprintf("!%d", iid), "relative", fmt.Sprintf("!%d", iid), "full", fmt.Sprintf("group/images!%d", iid)),
	)
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i].(string)] = more[i+1]
	}
	return m
}

// decode reads an answer.
func decode(resp *http.Response, into any) error {
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}
