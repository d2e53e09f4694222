package gitlab

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow/mirror"
)

func TestActivity(t *testing.T) {
	t.Parallel()
	at := mirror.Ref{Kind: mirror.IssueKind, Project: "42", Number: 12}
	c, s := newClient(t, func(e exchange) reply {
		if e.path == "/api/v4/projects/42" {
			return answers(text(object("id", 42, "path_with_namespace", "group/sub/images")))
		}
		return reply{header: map[string]string{"X-Next-Page": ""}, body: text([]any{
			aNote(19, true, "moved to group/other#3"),
			aNote(18, true, "mentioned in https://gitlab.example.com/a/b/-/merge_requests/4"), // elsewhere
			aNote(17, true, "mentioned in merge request other!4"),
			aNote(16, true, "mentioned in merge request group/other!4"),
			aNote(15, true, "mentioned in issue #4"),
			aNote(14, false, "secret", "internal", true, "confidential", true),
			aNote(13, false, "older servers", "internal", nil, "confidential", true),
			aNote(12, false, "one\r\ntwo", "author", nil),
			aNote(11, true, "marked the checklist item **Build** as completed", "author", aUser(9, "group_4_bot_99")),
			aNote(10, false, "seen"),
		})}
	})
	got, err := c.Activity(t.Context(), at, 10)
	if err != nil {
		t.Fatal(err)
	}
	maya, when := mirror.Account{ID: 8, Handle: "maya", Name: "Maya"}, time.Date(2026, 10, 2, 8, 0, 0, 456e6, time.UTC)
	issue, merge := mirror.IssueKind, mirror.MergeRequestKind
	want := []mirror.Activity{
		{ID: 11, Kind: mirror.Ticked, Text: "Build", Author: mirror.Account{ID: 9, Handle: "group_4_bot_99", Name: "Group_4_bot_99", Bot: true}, At: when},
		{ID: 12, Kind: mirror.Commented, Text: "one\ntwo", At: when},
		{ID: 13, Kind: mirror.Commented, Text: "older servers", Author: maya, At: when, Internal: true},
		{ID: 14, Kind: mirror.Commented, Text: "secret", Author: maya, At: when, Internal: true},
		{ID: 15, Kind: mirror.Mentioned, Author: maya, At: when, Target: mirror.Ref{Kind: issue, Project: "42", Number: 4}},
		{ID: 16, Kind: mirror.Mentioned, Author: maya, At: when, Target: mirror.Ref{Kind: merge, Project: "group/other", Number: 4}},
		{ID: 17, Kind: mirror.Mentioned, Author: maya, At: when, Target: mirror.Ref{Kind: merge, Project: "group/sub/other", Number: 4}},
		{ID: 18, Kind: mirror.OtherActivity, Author: maya, At: when},
		{ID: 19, Kind: mirror.MovedTo, Author: maya, At: when, Target: mirror.Ref{Kind: issue, Project: "group/other", Number: 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(s.requests()); n != 2 {
		t.Errorf("%d requests: %s", n, s.requests())
	}
}

// TestActivityPages has a long history, of which GitLab hides every third note.
func TestActivityPages(t *testing.T) {
	t.Parallel()
	const total = 450
	for _, headers := range []string{"pages", "links", "none"} {
		answer := func(e exchange) reply {
			page, _ := strconv.Atoi(e.query.Get("page"))
			page = max(page, 1)
			var notes []any
			for id := total - (page-1)*perPage; id > max(total-page*perPage, 0); id-- {
				if id%3 != 0 {
					notes = append(notes, aNote(id, false, "hello"))
				}
			}
			r := reply{body: text(slices.Concat([]any{}, notes)), header: map[string]string{}}
			more := page*perPage < total
			switch headers {
			case "pages":
				r.header["X-Next-Page"] = ""
				if more {
					r.header["X-Next-Page"] = strconv.Itoa(page + 1)
				}
			case "links":
				r.header["Link"] = `<http://x/?page=1>; rel="first"`
				if more {
					r.header["Link"] = `<http://x/?page=1>; rel="first", <http://x/?page=2>; rel="next"`
				}
			}
			return r
		}
		for after, want := range map[int64]int{0: 5, total - 1: 1, total - 150: 2, total: 1} {
			t.Run(fmt.Sprintf("%s, after %d", headers, after), func(t *testing.T) {
				t.Parallel()
				c, s := newClient(t, answer)
				got, err := c.Activity(t.Context(), ours, after)
				if err != nil {
					t.Fatal(err)
				}
				var ids, all []int64
				for _, a := range got {
					ids = append(ids, a.ID)
				}
				for id := after + 1; id <= total; id++ {
					if id%3 != 0 {
						all = append(all, id)
					}
				}
				if diff := cmp.Diff(all, ids); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if headers == "none" && after == 0 {
					want++ // it has to see that nothing comes
				}
				if n := len(s.requests()); n != want {
					t.Errorf("%d requests instead of %d", n, want)
				}
			})
		}
	}
}

func TestComment(t *testing.T) {
	t.Parallel()
	t.Run("kept", func(t *testing.T) {
		t.Parallel()
		c, _ := newClient(t, func(exchange) reply { return reply{status: 201, body: text(aNote(5, false, "hello"))} })
		got, err := c.Comment(t.Context(), ours, "hello")
		if err != nil || got.ID != 5 || got.Kind != mirror.Commented || got.Text != "hello" {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("taken for quick actions", func(t *testing.T) {
		t.Parallel()
		c, _ := newClient(t, func(exchange) reply {
			return reply{status: 202, body: `{"commands_changes":{"state_event":"close"},"summary":["Closed this issue."]}`}
		})
		_, err := c.Comment(t.Context(), ours, "/close")
		if e := failureIn(t, err); e.Failure != mirror.Rejected || !strings.Contains(err.Error(), "quick actions") {
			t.Error(err)
		}
	})
}

func TestMergeRequest(t *testing.T) {
	t.Parallel()
	at := mirror.Ref{Kind: mirror.MergeRequestKind, Project: "42", Number: 5}
	open := mirror.MergeRequest{
		Ref: at, Path: "group/images!5", URL: "https://gitlab.example.com/group/images/-/merge_requests/5", Title: "Draft: build the image",
		Author: mirror.Account{ID: 8, Handle: "maya", Name: "Maya"}, State: mirror.MergeOpen, Draft: true, Labels: []string{"cloud"}, Milestone: "19.1",
		Updated: time.Date(2026, 10, 2, 8, 0, 0, 456e6, time.UTC),
	}
	jo, merged := mirror.Account{ID: 9, Handle: "jo", Name: "Jo"}, time.Date(2026, 10, 2, 8, 0, 0, 1e6, time.UTC)
	yes := reply{body: text(object("user_has_approved", false, "user_can_approve", false, "approved", true, "approved_by", []any{object("user", aUser(9, "jo"), "approved_at", "2026-10-02T08:00:00.456Z")}))}
	for name, c := range map[string]struct {
		body      map[string]any
		approvals reply
		want      func(*mirror.MergeRequest)
	}{
		"approved":                 {aMergeRequest(5), yes, func(m *mirror.MergeRequest) { m.Approved, m.Approvers = true, []mirror.Account{jo} }},
		"approved by nobody":       {aMergeRequest(5), reply{body: text(object("approved", true, "approvals_required", 0, "approved_by", []any{}))}, func(*mirror.MergeRequest) {}},
		"without approvals":        {aMergeRequest(5), reply{status: 404, body: `{"message":"404 Not Found"}`}, func(*mirror.MergeRequest) {}},
		"approvals are not for us": {aMergeRequest(5), reply{status: 403, body: `{"message":"403 Forbidden"}`}, func(*mirror.MergeRequest) {}},
		"merged": {aMergeRequest(5, "state", "merged", "draft", false, "merge_user", aUser(9, "jo"), "merged_at", "2026-10-02T08:00:00.001Z"), reply{status: 404, body: "{}"}, func(m *mirror.MergeRequest) {
			m.State, m.Draft, m.MergedBy, m.MergedAt = mirror.Merged, false, jo, merged
		}},
		"merged, on an older server": {aMergeRequest(5, "state", "merged", "merged_by", aUser(9, "jo"), "merged_at", "2026-10-02T08:00:00.001Z"), reply{status: 404, body: "{}"}, func(m *mirror.MergeRequest) {
			m.State, m.MergedBy, m.MergedAt = mirror.Merged, jo, merged
		}},
		"set to merge by itself": {aMergeRequest(5, "merge_user", aUser(9, "jo")), reply{status: 404, body: "{}"}, func(*mirror.MergeRequest) {}},
		"closed":                 {aMergeRequest(5, "state", "closed", "milestone", nil), reply{status: 404, body: "{}"}, func(m *mirror.MergeRequest) { m.State, m.Milestone = mirror.MergeClosed, "" }},
		"being merged":           {aMergeRequest(5, "state", "locked"), reply{status: 404, body: "{}"}, func(*mirror.MergeRequest) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := newClient(t, func(e exchange) reply {
				if strings.HasSuffix(e.path, "/approvals") {
					return c.approvals
				}
				return answers(text(c.body))
			})
			got, err := client.MergeRequest(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			want := open
			c.want(&want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("approvals do not come", func(t *testing.T) {
		t.Parallel()
		client, _ := newClient(t, func(e exchange) reply {
			if strings.HasSuffix(e.path, "/approvals") {
				return reply{status: 500}
			}
			return answers(text(aMergeRequest(5)))
		})
		got, err := client.MergeRequest(t.Context(), at)
		if failureIn(t, err).Failure != mirror.Unreachable || got.Number != 0 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
