package gitlab

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/checkup"
	"cloudimage/providers/gitlab/openapi"
	"cloudimage/workflow/mirror"
)

// TestRequests holds the exact requests of each method against a golden file.
func TestRequests(t *testing.T) {
	t.Parallel()
	routes := map[string]string{
		"GET /user":  text(aUser(7, "cloudimage")),
		"GET /users": text([]any{aUser(8, "maya")}),
		"GET /personal_access_tokens/self": text(object("id", 1, "name", "cloudimage", "revoked", false, "scopes", []string{"api"},
			"user_id", 7, "active", true, "expires_at", "2034-01-31", "last_used_at", nil)),
		"GET /projects/group%2Fimages":   text(object("id", 42, "path_with_namespace", "group/images", "archived", false, "issues_access_level", "enabled")),
		"GET /projects/42/members/all/7": text(object("id", 7, "username", "cloudimage", "access_level", 15)),
		"GET /projects/42/labels":        text([]any{object("id", 1, "name", "cloud")}),
		"GET /projects/42/milestones":    text([]any{object("id", 3, "title", "19.1", "state", "active")}),

		"GET /projects/group%2Fimages/milestones":       text([]any{object("id", 3, "title", "19.1", "state", "active")}),
		"GET /projects/group%2Fimages/issues":           text([]any{anIssue(12)}),
		"POST /projects/group%2Fimages/issues":          text(anIssue(12)),
		"GET /projects/group%2Fimages/issues/12":        text(anIssue(12)),
		"PUT /projects/group%2Fimages/issues/12":        text(anIssue(12)),
		"POST /projects/group%2Fimages/issues/12/links": text(object("source_issue", anIssue(12), "target_issue", anIssue(13), "link_type", "relates_to")),
		"GET /projects/group%2Fimages/issues/12/notes":  text([]any{aNote(1, false, "hello")}),
		"POST /projects/group%2Fimages/issues/12/notes": text(aNote(2, false, "hello")),

		"GET /projects/42/merge_requests":             text([]any{aMergeRequest(5)}),
		"GET /projects/42/merge_requests/5":           text(aMergeRequest(5)),
		"GET /projects/42/merge_requests/5/approvals": text(object("approved", true, "approved_by", []any{object("user", aUser(9, "jo"))})),
		"GET /projects/42/merge_requests/5/notes":     text([]any{aNote(1, true, "approved this merge request")}),
		"POST /projects/42/merge_requests/5/notes":    text(aNote(2, false, "hello")),
	}
	merge := mirror.Ref{Kind: mirror.MergeRequestKind, Project: "42", Number: 5}
	ctx := t.Context()
	var got strings.Builder
	for _, step := range []struct {
		name string
		call func(*Client) error
	}{
		{"Me, twice", func(c *Client) error {
			_, err := c.Me(ctx)
			if err == nil {
				_, err = c.Me(ctx)
			}
			return err
		}},
		{"ByHandle", func(c *Client) error { _, _, err := c.ByHandle(ctx, "@Maya"); return err }},
		{"ByEmail", func(c *Client) error { _, _, err := c.ByEmail(ctx, "maya@example.com"); return err }},
		{"Issue", func(c *Client) error { _, err := c.Issue(ctx, ours); return err }},
		{"Create, all of it", func(c *Client) error {
			_, err := c.Create(ctx, "group/images", mirror.NewIssue{Title: "a & b", Description: "one\n- [ ] <two>", Assignee: 8, Due: "2026-11-20",
				Labels: []string{"cloud", "type::task"}, Milestone: "19.1", Restricted: true})
			return err
		}},
		{"Create, a title alone", func(c *Client) error {
			_, err := c.Create(ctx, "/group/images/", mirror.NewIssue{Title: "a"})
			return err
		}},
		{"Update, all of it", func(c *Client) error {
			_, err := c.Update(ctx, ours, mirror.Change{Description: new("new"), Assignee: new(int64(9)), Due: new("2026-11-21"), Closed: new(true)})
			return err
		}},
		{"Update, taken away", func(c *Client) error {
			_, err := c.Update(ctx, ours, mirror.Change{Description: new(""), Assignee: new(int64(0)), Due: new(""), Closed: new(false)})
			return err
		}},
		{"Update, nothing", func(c *Client) error { _, err := c.Update(ctx, ours, mirror.Change{}); return err }},
		{"Created", func(c *Client) error { _, err := c.Created(ctx, "group/images", today); return err }},
		{"Changed", func(c *Client) error { _, err := c.Changed(ctx, "group/images", today.Add(1234567)); return err }},
		{"Link", func(c *Client) error {
			return c.Link(ctx, ours, mirror.Ref{Kind: mirror.IssueKind, Project: "other/place", Number: 13})
		}},
		{"Activity of an issue", func(c *Client) error { _, err := c.Activity(ctx, ours, 0); return err }},
		{"Activity of a merge request", func(c *Client) error { _, err := c.Activity(ctx, merge, 0); return err }},
		{"Comment at an issue", func(c *Client) error { _, err := c.Comment(ctx, ours, "hello"); return err }},
		{"Comment at a merge request", func(c *Client) error { _, err := c.Comment(ctx, merge, "hello"); return err }},
		{"MergeRequest", func(c *Client) error { _, err := c.MergeRequest(ctx, merge); return err }},
		{"ChangedMergeRequests", func(c *Client) error { _, err := c.ChangedMergeRequests(ctx, "42", today); return err }},
		{"Check", func(c *Client) error {
			for _, f := range c.Check(ctx, Wants{Projects: []WantedProject{{Project: "group/images", Labels: []string{"cloud"}, Milestone: "19.1"}}}) {
				if f.Level != checkup.OK {
					return fmt.Errorf("%+v", f)
				}
			}
			return nil
		}},
	} {
		c, s := newClient(t, func(e exchange) reply {
			body, ok := routes[e.method+" "+strings.TrimPrefix(e.path, "/api/v4")]
			if !ok {
				return reply{status: 404, body: `{"error":"404 Not Found"}`}
			}
			return reply{header: map[string]string{"X-Next-Page": ""}, body: body}
		})
		if err := step.call(c); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		fmt.Fprintf(&got, "%s\n%s\n\n", step.name, strings.Join(s.requests(), "\n"))
		for _, e := range s.got {
			// Of these calls only the requests are looked at, as if a fault had been
			// the answer: what the server answers here has no more in it than is read.
			const fault = `{"message":"500 Internal Server Error"}`
			for _, wrong := range openapi.CheckCall(e.method, strings.TrimPrefix(e.path, "/api/v4"), e.query, []byte(e.body), []byte(fault), 500) {
				t.Errorf("%s: %s", step.name, wrong)
			}
			want := http1{e.header.Get("Accept"), e.header.Get("User-Agent"), e.header.Get("Authorization"), e.header.Get("Content-Type")}
			has := http1{"application/json", "cloudimage", "", ""}
			if e.method != "GET" {
				has.content = "application/json"
			}
			if want != has {
				t.Errorf("%s %s: headers %+v", e.method, e.path, want)
			}
		}
	}
	const golden = "testdata/requests.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// http1 are the headers that are looked at.
type http1 struct{ accept, agent, authorization, content string }
