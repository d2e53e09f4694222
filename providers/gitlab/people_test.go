package gitlab

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/checkup"
	"cloudimage/workflow/mirror"
)

func TestMe(t *testing.T) {
	t.Parallel()
	n := 0
	c, s := newClient(t, func(exchange) reply {
		if n++; n == 1 {
			return reply{status: 502}
		}
		return answers(text(object("id", 7, "username", "cloudimage", "name", "Cloud Image", "bot", true, "state", "active", "is_admin", nil)))
	})
	if _, err := c.Me(t.Context()); failureIn(t, err).Failure != mirror.Unreachable {
		t.Error(err)
	}
	for range 3 {
		if me, err := c.Me(t.Context()); err != nil || me != (mirror.Account{ID: 7, Handle: "cloudimage", Name: "Cloud Image", Bot: true}) {
			t.Errorf("%+v, %v", me, err)
		}
	}
	if got := len(s.requests()); got != 2 {
		t.Errorf("%d requests were made", got)
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	maya := mirror.Account{ID: 8, Handle: "maya", Name: "Maya"}
	with := func(u map[string]any, more ...any) map[string]any {
		for i := 0; i+1 < len(more); i += 2 {
			u[more[i].(string)] = more[i+1]
		}
		return u
	}
	for _, c := range []struct {
		name, handle, email string // one of the two
		found               []any
		want                mirror.Account
		asked               int
	}{
		{"a handle", "maya", "", []any{aUser(8, "maya")}, maya, 1},
		{"in another case, with an @", " @MAYA ", "", []any{aUser(8, "maya")}, maya, 1},
		{"somebody else's", "may", "", []any{aUser(8, "maya")}, mirror.Account{}, 1},
		{"nobody's", "maya", "", []any{}, mirror.Account{}, 1},
		{"of somebody who is blocked", "maya", "", []any{with(aUser(8, "maya"), "state", "blocked")}, mirror.Account{}, 1},
		{"of a bot", "maya", "", []any{with(aUser(8, "maya"), "bot", true)}, mirror.Account{}, 1},
		{"of a project's token", "project_4_bot_1f", "", []any{aUser(8, "project_4_bot_1f")}, mirror.Account{}, 1},
		{"no handle", "", "", []any{aUser(8, "maya")}, mirror.Account{}, 0},
		{"what cannot be one", "maya&admins=true", "", []any{aUser(8, "maya")}, mirror.Account{}, 0},

		{"an address", "", "maya@example.com", []any{aUser(8, "maya")}, maya, 1},
		{"an address that two have", "", "maya@example.com", []any{aUser(8, "maya"), aUser(9, "jo")}, mirror.Account{}, 1},
		{"an address that one has who is active", "", "maya@example.com", []any{aUser(8, "maya"), with(aUser(9, "jo"), "state", "deactivated")}, maya, 1},
		{"somebody who calls themselves by it", "", "Maya@example.com", []any{with(aUser(9, "mallory"), "name", "maya@EXAMPLE.com")}, mirror.Account{}, 1},
		{"somebody who calls themselves by it, and has it", "", "maya@example.com", []any{with(aUser(8, "maya"), "name", "maya@example.com", "public_email", "Maya@example.com")},
			mirror.Account{ID: 8, Handle: "maya", Name: "maya@example.com"}, 1},
		{"one that is their own, as an administrator sees it", "", "maya@example.com", []any{with(aUser(8, "maya"), "email", "maya@example.com")}, maya, 1},
		{"one that they have added, as an administrator sees it", "", "maya@example.com", []any{with(aUser(9, "mallory"), "email", "mallory@example.com")}, mirror.Account{}, 1},
		{"nobody's address", "", "maya@example.com", []any{}, mirror.Account{}, 1},
		{"no address", "", "maya", []any{aUser(8, "maya")}, mirror.Account{}, 0},
		{"an at alone", "", "@", []any{aUser(8, "maya")}, mirror.Account{}, 0},
		{"two words", "", "maya @example.com", []any{aUser(8, "maya")}, mirror.Account{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, s := newClient(t, func(exchange) reply { return answers(text(c.found)) })
			find, what := client.ByHandle, c.handle
			if c.email != "" {
				find, what = client.ByEmail, c.email
			}
			got, ok, err := find(t.Context(), what)
			if err != nil || got != c.want || ok != (c.want.ID != 0) {
				t.Errorf("%+v, %v, %v; want %+v", got, ok, err, c.want)
			}
			if n := len(s.requests()); n != c.asked {
				t.Errorf("%d requests: %s", n, s.requests())
			}
		})
	}
}

// TestCheck has each thing that can be wrong be wrong.
func TestCheck(t *testing.T) {
	t.Parallel()
	routes := func() map[string]reply {
		return map[string]reply{
			"/user":                        answers(text(aUser(7, "cloudimage"))),
			"/personal_access_tokens/self": answers(text(object("id", 1, "scopes", []string{"api"}, "expires_at", "2034-01-31", "active", true))),
			"/projects/group%2Fimages":     answers(text(object("id", 42, "path_with_namespace", "group/images", "archived", false, "issues_access_level", "enabled"))),
			"/projects/42/members/all/7":   answers(text(object("id", 7, "access_level", 15))),
			"/projects/42/labels":          answers(text([]any{object("id", 1, "name", "cloud")})),
			"/projects/42/milestones":      answers(text([]any{object("id", 3, "title", "19.1", "state", "active")})),
		}
	}
	wants := Wants{Projects: []WantedProject{{Project: "group/images", Labels: []string{"cloud"}, Milestone: "19.1"}}}
	for _, c := range []struct {
		name string
		path string // what answers differently
		with reply
		want []string // what is not all right
	}{
		{"nothing", "", reply{}, nil},
		{"the token", "/user", reply{status: 401, body: `{"message":"401 Unauthorized"}`},
			[]string{"wrong: GitLab did not say who we are: unauthorized: GET /user: 401: Unauthorized. Make a new access token"}},
		{"the address", "/user", reply{status: 200, header: map[string]string{"Content-Type": "text/html"}, body: "<html>"},
			[]string{"wrong: GitLab did not say who we are: unreachable: GET /user: a web page instead of an answer"}},
		{"the scope", "/personal_access_tokens/self", answers(text(object("scopes", []string{"read_api", "read_user"}, "expires_at", nil))),
			[]string{"wrong: The token lacks the scope api; it has read_api, read_user. Make a new access token"}},
		{"a fine-grained token", "/personal_access_tokens/self", answers(text(object("scopes", []string{"granular"}, "expires_at", nil))),
			[]string{"doubt: The token may do what its fine-grained permissions say"}},
		{"the token ends soon", "/personal_access_tokens/self", answers(text(object("scopes", []string{"api"}, "expires_at", "2033-11-15"))),
			[]string{"doubt: The token ends on 2033-11-15, in 13 days. Rotate the token"}},
		{"the token ends tomorrow", "/personal_access_tokens/self", answers(text(object("scopes", []string{"api"}, "expires_at", "2033-11-03"))),
			[]string{"doubt: The token ends on 2033-11-03, in 1 day. Rotate the token"}},
		{"the token ended today", "/personal_access_tokens/self", answers(text(object("scopes", []string{"api"}, "expires_at", "2033-11-02"))),
			[]string{"wrong: The token ended on 2033-11-02. Make a new"}},
		{"the token says nothing of itself", "/personal_access_tokens/self", reply{status: 404, body: `{"message":"404 Not Found"}`},
			[]string{"doubt: GitLab does not say when this token ends, nor what it may do. Look at"}},
		{"it stops answering", "/personal_access_tokens/self", reply{status: 502, body: ""},
			[]string{"wrong: GitLab did not say about everything: unreachable: GET /personal_access_tokens/self: 502"}},
		{"the project", "/projects/group%2Fimages", reply{status: 404, body: `{"message":"404 Project Not Found"}`},
			[]string{"wrong: There is no project group/images that @cloudimage may see. Check its path, and make @cloudimage a member with the role Planner"}},
		{"it is archived", "/projects/group%2Fimages", answers(text(object("id", 42, "path_with_namespace", "group/images", "archived", true, "issues_access_level", "enabled"))),
			[]string{"wrong: The project group/images is archived, and nothing in it can be changed. Unarchive it"}},
		{"it is going", "/projects/group%2Fimages", answers(text(object("id", 42, "path_with_namespace", "group/images", "marked_for_deletion_on", "2033-12-01", "issues_access_level", "private"))),
			[]string{"doubt: The project group/images is going to be deleted on 2033-12-01. Restore it"}},
		{"no issues", "/projects/group%2Fimages", answers(text(object("id", 42, "path_with_namespace", "group/images", "issues_access_level", "disabled"))),
			[]string{"wrong: The project group/images has its issues turned off. Turn issues on"}},
		{"no issues, told to a guest", "/projects/group%2Fimages", answers(text(object("id", 42, "path_with_namespace", "group/images", "issues_enabled", false))),
			[]string{"wrong: The project group/images has its issues turned off. Turn issues on"}},
		{"a guest", "/projects/42/members/all/7", answers(text(object("id", 7, "access_level", 10))),
			[]string{"wrong: @cloudimage has a role in group/images that may not set labels, assignees or dates (10). Make @cloudimage a member"}},
		{"no member", "/projects/42/members/all/7", reply{status: 404, body: `{"message":"404 Not found"}`},
			[]string{"wrong: @cloudimage is no member of group/images, and cannot set labels, assignees or dates. Make @cloudimage a member"}},
		{"an administrator", "/user", answers(text(object("id", 7, "username", "root", "name", "Root", "is_admin", true))),
			[]string{"doubt: @root is an administrator of GitLab, and may do far more than is needed. Use an account of its own"}},
		{"labels", "/projects/42/labels", answers("[]"), []string{`doubt: There is no label "cloud" in group/images. Make the label`}},
		{"labels that are not for us", "/projects/42/labels", reply{status: 403, body: `{"message":"403 Forbidden"}`},
			[]string{"wrong: GitLab did not say enough about project group/images: forbidden: GET /projects/42/labels: 403: Forbidden. Look into"}},
		{"the milestone", "/projects/42/milestones", answers("[]"), []string{`wrong: There is no milestone "19.1" in group/images; an issue with it cannot be made. Make the milestone`}},
		{"the milestone is over", "/projects/42/milestones", answers(text([]any{object("id", 3, "title", "19.1", "state", "closed")})),
			[]string{`doubt: The milestone "19.1" in group/images is closed. Name the one`}},
		{"too many requests", "/projects/42/labels", reply{status: 429, header: map[string]string{"Retry-After": "9"}},
			[]string{"wrong: GitLab did not say about everything: limited: GET /projects/42/labels: 429: too many requests. Wait a minute"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, _ := newClient(t, func(e exchange) reply {
				path := strings.TrimPrefix(e.path, "/api/v4")
				r, ok := routes()[path]
				if path == c.path {
					r = c.with
				}
				if !ok {
					r = reply{status: 404, body: `{"error":"404 Not Found"}`}
				}
				if r.header == nil {
					r.header = map[string]string{}
				}
				r.header["X-Next-Page"] = ""
				return r
			})
			var got []string
			for _, f := range client.Check(t.Context(), wants) {
				if f.Level == checkup.OK {
					if f.Cure != "" {
						t.Errorf("a cure for what is well: %+v", f)
					}
					continue
				}
				word := "wrong: "
				if f.Level == checkup.Warn {
					word = "doubt: "
				}
				got = append(got, word+f.Text+" "+f.Cure)
			}
			for i := range min(len(got), len(c.want)) {
				if strings.HasPrefix(got[i], c.want[i]) {
					got[i] = c.want[i]
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	now := today
	var calls []string
	remaining := "500"
	c, s := newClient(t, func(exchange) reply {
		return reply{body: text(anIssue(12)), header: map[string]string{"RateLimit-Limit": "2000", "RateLimit-Remaining": remaining,
			"RateLimit-Reset": text(now.Add(40 * time.Second).Unix()), "Date": now.Add(-3 * time.Hour).Format(time.RFC1123)}}
	}, func(o *Options) {
		o.Now = func() time.Time { return now }
		o.OnCall = func(method, route string, status int, took time.Duration) {
			calls = append(calls, method+" "+route+" "+text(status)+" "+took.String())
		}
	})
	ask := func() error { _, err := c.Issue(t.Context(), ours); return err }
	for _, left := range []string{"500", "11", "nonsense", "-"} {
		remaining = left
		if err := ask(); err != nil {
			t.Fatal(err)
		}
	}
	remaining = "10"
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	before := len(s.requests())
	e := failureIn(t, ask())
	if e.Failure != mirror.Limited || e.Wait <= 0 || len(s.requests()) != before {
		t.Errorf("%+v", e)
	}
	now = now.Add(e.Wait - time.Millisecond)
	if e := failureIn(t, ask()); e.Wait != time.Millisecond {
		t.Errorf("%+v", e)
	}
	now = now.Add(time.Millisecond)
	if err := ask(); err != nil {
		t.Error(err)
	}
	if len(calls) != before+1 || calls[0] != "GET /projects/:id/issues/:issue_iid 200 0s" {
		t.Errorf("told of %q", calls)
	}
	for limit, want := range map[int64]int64{0: 1, 5: 1, 30: 3, 100: 10, 2000: 10} {
		if got := reserve(limit); got != want {
			t.Errorf("of %d there are kept %d", limit, got)
		}
	}
}
