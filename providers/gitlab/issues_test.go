package gitlab

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow/mirror"
)

func TestIssue(t *testing.T) {
	t.Parallel()
	full := mirror.Issue{
		Ref:         mirror.Ref{Kind: mirror.IssueKind, Project: "42", Number: 12},
		Path:        "group/images#12",
		URL:         "https://gitlab.example.com/group/images/-/issues/12",
		Title:       "issue 12",
		Description: "one\n- [ ] two",
		Author:      mirror.Account{ID: 7, Handle: "cloudimage", Name: "Cloudimage"},
		Assignees:   []mirror.Account{{ID: 8, Handle: "maya", Name: "Maya"}},
		Due:         "2026-11-20",
		Labels:      []string{"cloud", "aws"},
		Created:     time.Date(2026, 10, 1, 8, 0, 0, 123e6, time.UTC),
		Updated:     time.Date(2026, 10, 2, 8, 0, 0, 456e6, time.UTC),
	}
	for _, c := range []struct {
		name string
		body any
		want func(*mirror.Issue)
	}{
		{"as GitLab answers", anIssue(12), func(*mirror.Issue) {}},
		{"closed, by somebody", anIssue(12, "state", "closed", "closed_by", aUser(9, "jo"), "closed_at", "2026-10-02T08:00:00.456Z"), func(i *mirror.Issue) {
			i.Closed, i.ClosedBy = true, mirror.Account{ID: 9, Handle: "jo", Name: "Jo"}
		}},
		{"closed before, and opened again", anIssue(12, "closed_by", aUser(9, "jo")), func(*mirror.Issue) {}},
		{"moved", anIssue(12, "state", "closed", "moved_to_id", 77), func(i *mirror.Issue) { i.Closed, i.Moved = true, true }},
		{"locked and confidential", anIssue(12, "discussion_locked", true, "confidential", true), func(i *mirror.Issue) { i.Locked, i.Restricted = true, true }},
		{"of a project's token", anIssue(12, "author", aUser(7, "project_42_bot_0a1b2c")), func(i *mirror.Issue) {
			i.Author = mirror.Account{ID: 7, Handle: "project_42_bot_0a1b2c", Name: "Project_42_bot_0a1b2c", Bot: true}
		}},
		{"with nothing set", anIssue(12, "due_date", nil, "assignees", []any{}, "assignee", nil, "labels", []string{}, "description", nil, "author", nil), func(i *mirror.Issue) {
			i.Due, i.Assignees, i.Labels, i.Description, i.Author = "", nil, []string{}, "", mirror.Account{}
		}},
		{"with details of labels", anIssue(12, "labels", []any{object("id", 1, "name", "cloud"), object("id", 2, "name", "aws")}), func(*mirror.Issue) {}},
		{"times of another zone and precision", anIssue(12, "created_at", "2026-10-01T10:00:00.123+02:00", "updated_at", "2026-10-02T08:00:00Z"), func(i *mirror.Issue) {
			i.Updated = time.Date(2026, 10, 2, 8, 0, 0, 0, time.UTC)
		}},
		{"without references", anIssue(12, "references", nil, "web_url", "HERE/group/images/-/issues/12"), nil},
		{"with fields nobody knows", anIssue(12, "color", object("a", 1), "tags", []any{1, "b"}), func(*mirror.Issue) {}},
		{"old line ends", anIssue(12, "description", "one\r- [ ] two"), func(*mirror.Issue) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, s := newClient(t, func(e exchange) reply {
				return answers(strings.ReplaceAll(text(c.body), "HERE", "http://"+e.header.Get("X-Host")))
			})
			if c.want == nil { // the address has to be on the host
				s.Config.Handler = nil
				at := client.path(nil, s.URL+"/group/images/-/issues/12", "#")
				if at != "group/images#12" {
					t.Errorf("the path is %q", at)
				}
				return
			}
			got, err := client.Issue(t.Context(), ours)
			if err != nil {
				t.Fatal(err)
			}
			want := full
			c.want(&want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	t.Run("a milestone that is not there", func(t *testing.T) {
		t.Parallel()
		c, s := newClient(t, func(exchange) reply {
			// A server that does not filter.
			return reply{header: map[string]string{"X-Next-Page": ""}, body: text([]any{object("id", 4, "title", "19.10", "state", "active")})}
		})
		_, err := c.Create(t.Context(), "group/images", mirror.NewIssue{Title: "a", Milestone: "19.1"})
		if e := failureIn(t, err); e.Failure != mirror.Rejected || e.Error() != `rejected: there is no milestone "19.1" in project group/images or a group above it` {
			t.Error(err)
		}
		for _, r := range s.requests() {
			if strings.HasPrefix(r, "POST") {
				t.Errorf("it was made all the same: %s", r)
			}
		}
	})
	t.Run("an open milestone before a closed one", func(t *testing.T) {
		t.Parallel()
		c, s := newClient(t, func(e exchange) reply {
			if e.method == "GET" {
				return reply{header: map[string]string{"X-Next-Page": ""}, body: text([]any{object("id", 3, "title", "19.1", "state", "closed"), object("id", 4, "title", "19.1", "state", "active")})}
			}
			return reply{status: 201, body: text(anIssue(12))}
		})
		if _, err := c.Create(t.Context(), "42", mirror.NewIssue{Title: "a", Milestone: "19.1"}); err != nil {
			t.Fatal(err)
		}
		if got := s.requests()[1]; !strings.Contains(got, `"milestone_id":4`) {
			t.Error(got)
		}
	})
	t.Run("what GitLab left out is left out", func(t *testing.T) {
		t.Parallel()
		c, _ := newClient(t, func(exchange) reply {
			return reply{status: 201, body: text(anIssue(12, "assignees", []any{}, "assignee", nil, "labels", []any{}))}
		})
		got, err := c.Create(t.Context(), "42", mirror.NewIssue{Title: "a", Assignee: 8, Labels: []string{"cloud"}, Restricted: true})
		if err != nil || len(got.Assignees) > 0 || len(got.Labels) > 0 || got.Restricted {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestLink(t *testing.T) {
	t.Parallel()
	to := mirror.Ref{Kind: mirror.IssueKind, Project: "42", Number: 13}
	for name, c := range map[string]struct {
		reply reply
		want  mirror.Failure
	}{
		"made":                    {reply{status: 201, body: text(object("source_issue", anIssue(12), "target_issue", anIssue(13), "link_type", "relates_to"))}, ""},
		"there already":           {reply{status: 409, body: `{"message":"Issue(s) already assigned"}`}, ""},
		"no such issue":           {reply{status: 404, body: `{"message":"404 Issue Not Found"}`}, mirror.Gone},
		"not for us":              {reply{status: 403, body: `{"message":"Couldn't link issue. You must have at least the Reporter role in both projects."}`}, mirror.Forbidden},
		"to itself":               {reply{status: 422, body: `{"message":"cannot be related to itself"}`}, mirror.Rejected},
		"a proxy with a conflict": {reply{status: 409, header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}, mirror.Unreachable},
	} {
		client, _ := newClient(t, func(exchange) reply { return c.reply })
		err := client.Link(t.Context(), ours, to)
		if c.want == "" && err != nil || c.want != "" && failureIn(t, err).Failure != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
