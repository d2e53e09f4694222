package gitlabsim_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
)

// TestAnswers holds single requests to GitLab's words: who may what, and how it
// is refused.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const issues = "/projects/7/issues"
	for _, c := range []struct {
		name, token, method, path, body string
		status                          int
		want                            string // is in the answer
	}{
		{"nobody is nobody", "", "GET", "/user", "", 401, `{"message":"401 Unauthorized"}`},
		{"a token that is none", "wrong", "GET", "/projects/7", "", 401, `{"message":"401 Unauthorized"}`},
		{"a token that has ended", "ended", "GET", "/user", "", 401, `{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}`},
		{"a token that was revoked", "revoked", "GET", "/user", "", 401, `"Token was revoked. You have to re-authorize from the user."`},
		{"a token to read writes", "reader", "POST", issues, `{"title":"x"}`, 403, `{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api"}`},
		{"a token to read reads", "reader", "GET", issues, "", 200, `[`},
		{"a token for the user alone", "user", "GET", "/user", "", 200, `"username":"maya"`},
		{"and nothing else", "user", "GET", issues, "", 403, `"scope":"api read_api"`},
		{"a stranger at a private project", "out", "GET", "/projects/8", "", 404, `{"message":"404 Project Not Found"}`},
		{"nobody at a private project", "", "GET", "/projects/cloud%2Fsecret", "", 404, `{"message":"404 Project Not Found"}`},
		{"a guest at a private project", "gus", "GET", "/projects/8", "", 200, `"path_with_namespace":"cloud/secret"`},
		{"a path that is not escaped", "maya", "GET", "/projects/cloud/images", "", 404, `{"error":"404 Not Found"}`},
		{"a path that is nothing", "maya", "GET", "/nonsense", "", 404, `{"error":"404 Not Found"}`},
		{"an issue that is not there", "maya", "GET", issues + "/99", "", 404, `{"message":"404 Not found"}`},
		{"an issue that is no number", "maya", "GET", issues + "/one", "", 400, `{"error":"issue_iid is invalid"}`},
		{"a confidential issue", "gus", "GET", issues + "/2", "", 404, `{"message":"404 Not found"}`},
		{"of one's own", "out", "GET", issues + "/3", "", 200, `"confidential":true`},
		{"for a reporter", "rita", "GET", issues + "/2", "", 200, `"confidential":true`},
		{"no title", "maya", "POST", issues, `{}`, 400, `{"error":"title is missing"}`},
		{"a blank title", "maya", "POST", issues, `{"title":" "}`, 400, `{"message":{"title":["can't be blank"]}}`},
		{"a long title", "maya", "POST", issues, `{"title":"` + strings.Repeat("x", 256) + `"}`, 400, `{"message":{"title":["is too long (maximum is 255 characters)"]}}`},
		{"nothing to change", "maya", "PUT", issues + "/1", `{}`, 400, `are missing, at least one parameter must be provided`},
		{"a guest changes", "gus", "PUT", issues + "/1", `{"title":"x"}`, 403, `{"message":"403 Forbidden"}`},
		{"a state that is none", "maya", "GET", issues + "?state=open", "", 400, `{"error":"state does not have a valid value"}`},
		{"a page that is no number", "maya", "GET", issues + "?page=one", "", 400, `{"error":"page is invalid"}`},
		{"a time that is none", "maya", "GET", issues + "?updated_after=now", "", 400, `{"error":"updated_after is invalid"}`},
		{"a + that was not escaped", "maya", "GET", issues + "?updated_after=2026-03-02T09:00:00+01:00", "", 400, `{"error":"updated_after is invalid"}`},
		{"assignees in one string", "maya", "PUT", issues + "/1", `{"assignee_ids":"1,2"}`, 400, `{"error":"assignee_ids is invalid"}`},
		{"any issue by its id", "maya", "GET", "/issues/10001", "", 403, `{"message":"403 Forbidden"}`},
		{"for an administrator", "root", "GET", "/issues/10001", "", 200, `"iid":1`},
		{"an empty note", "maya", "POST", issues + "/1/notes", `{"body":""}`, 400, `can't be blank`},
		{"no note", "maya", "POST", issues + "/1/notes", `{}`, 400, `{"error":"body is missing"}`},
		{"a note of nobody", "", "GET", issues + "/1/notes", "", 401, `401 Unauthorized`},
		{"a stranger in a locked discussion", "out", "POST", issues + "/4/notes", `{"body":"hi"}`, 403, `403 Forbidden`},
		{"a guest in a locked discussion", "gus", "POST", issues + "/4/notes", `{"body":"hi"}`, 201, `"body":"hi"`},
		{"a link that is there", "maya", "POST", issues + "/1/links", `{"target_project_id":7,"target_issue_iid":2}`, 409, `{"message":"Issue(s) already assigned"}`},
		{"a link that costs", "maya", "POST", issues + "/1/links", `{"target_project_id":7,"target_issue_iid":4,"link_type":"blocks"}`, 403, `current license`},
		{"a guest deletes", "gus", "DELETE", issues + "/1", "", 403, `403 Forbidden`},
		{"a move to where it is", "maya", "POST", issues + "/1/move", `{"to_project_id":7}`, 400, `{"message":"Cannot move issue to project it originates from!"}`},
		{"a move by a guest", "gus", "POST", issues + "/1/move", `{"to_project_id":8}`, 400, `{"message":"Cannot move issue due to insufficient permissions!"}`},
		{"JSON that is none", "maya", "POST", issues, `{`, 400, `"error"`},
		{"people by name", "maya", "GET", "/users?username=RITA", "", 200, `"username":"rita"`},
		{"people by a part", "maya", "GET", "/users?search=Doe", "", 200, `"username":"gus"`},
		{"somebody", "maya", "GET", "/users/1", "", 404, `{"message":"404 User Not Found"}`},
		{"one's own token", "reader", "GET", "/personal_access_tokens/self", "", 200, `"scopes":["read_api"]`},
		{"the version", "maya", "GET", "/version", "", 200, `"version":"18.4.0"`},
		{"the metadata", "maya", "GET", "/metadata", "", 200, `"enterprise":false`},
		{"a member by his group", "maya", "GET", "/projects/7/members/all/4242", "", 404, `404 Not found`},
		{"labels with those of the group", "maya", "GET", "/projects/7/labels", "", 200, `"group-wide"`},
		{"a group", "maya", "GET", "/groups/cloud", "", 200, `"full_path":"cloud"`},
		{"issues of a group", "maya", "GET", "/groups/cloud/issues?state=opened", "", 200, `"cloud/images#1"`},
		{"issues of everybody", "maya", "GET", "/issues?scope=all&search=private&in=title", "", 200, `[]`},
		{"issues by label", "maya", "GET", issues + "?labels=none&assignee_id=None", "", 200, `"iid":1`},
		{"a tag with a plus", "maya", "GET", "/projects/7/repository/tags/v1.0%2B26.04", "", 200, `"name":"v1.0+26.04","message":"first"`},
		{"a tag that is not there", "maya", "GET", "/projects/7/repository/tags/v9", "", 404, `{"message":"404 Tag Not Found"}`},
		{"a release", "maya", "GET", "/projects/7/releases/v1.0%2B26.04", "", 200, `"tag_name":"v1.0+26.04"`},
		{"releases", "", "GET", "/projects/7/releases", "", 200, `"upcoming_release":false`},
		{"tags by version", "maya", "GET", "/projects/7/repository/tags?order_by=version&search=^v1", "", 200, `[{"name":"v1.10"`},
		{"milestones", "maya", "GET", "/projects/7/milestones?state=active", "", 200, `"title":"26.04"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, gitlabsim.Options{})
			for token, scopes := range map[string][]string{"ended": nil, "revoked": nil, "reader": {"read_api"}, "user": {"read_user"}} {
				w.AddToken(gitlabsim.Token{Secret: token, User: "maya", Scopes: scopes})
			}
			w.ExpireToken("ended")
			w.RevokeToken("revoked")
			w.AddTag(gitlabsim.Tag{Path: pub, Name: "v1.0+26.04", Message: "first", Author: "maya"})
			w.AddTag(gitlabsim.Tag{Path: pub, Name: "v1.9"})
			w.AddTag(gitlabsim.Tag{Path: pub, Name: "v1.10"})
			w.AddRelease(gitlabsim.Release{Path: pub, Tag: "v1.0+26.04", Author: "maya"})
			w.AddMilestone(gitlabsim.Milestone{Path: pub, Title: "26.04", Due: "2026-04-23"})
			first := w.issue("first", "")
			second := w.issue("hidden", "")
			w.must(w.As("maya").SetConfidential(second, true))
			third, err := w.As("out").CreateIssue(pub, "out's", "")
			w.must(err)
			w.must(w.As("maya").SetConfidential(third, true))
			w.must(w.As("maya").Lock(w.issue("locked", ""), true))
			w.must(w.As("maya").Link(first, second))
			a := w.want(w.as(c.token, c.method, c.path, c.body), c.status)
			if !strings.Contains(string(a.raw), c.want) {
				t.Errorf("the answer is %s, want %s", a.raw, c.want)
			}
			if a.header.Get("X-Request-Id") == "" {
				t.Error("the answer has no X-Request-Id")
			}
		})
	}
}

// TestGuestsAreLeftAlone holds that what a guest may not set is not set, and
// that nobody says so.
func TestGuestsAreLeftAlone(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	w.want(w.as("gus", "POST", "/projects/7/issues", `{"title":"mine","labels":"bug"}`), 201)
	is := w.want(w.as("gus", "PUT", "/projects/7/issues/1", `{"title":"still mine","labels":"image request","due_date":"2026-04-01","confidential":true}`), 200).object(t)
	if is["title"] != "still mine" || is["due_date"] != nil || is["confidential"] != false || fmt.Sprint(is["labels"]) != "[bug]" {
		t.Errorf("it is %v", is)
	}
	is = w.want(w.as("out", "POST", "/projects/7/issues", `{"title":"a stranger's","labels":"bug"}`), 201).object(t)
	if fmt.Sprint(is["labels"]) != "[]" {
		t.Errorf("a stranger's labels are %v", is["labels"])
	}
	w.want(w.as("gus", "PUT", "/projects/7/issues/1", `{"state_event":"close"}`), 200)
}

func TestWhatNotesAndEventsTell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(w *world, on gitlabsim.Ref) error
		want []string
	}{
		{"a tick", func(w *world, on gitlabsim.Ref) error { return w.As("dev").Tick(on, "Sign") },
			[]string{`marked the checklist item **Sign\-off of v1\.0 \(final\)  s:1** as completed`}},
		{"two ticks at once", func(w *world, on gitlabsim.Ref) error {
			return w.As("dev").EditDescription(on, func(s string) string { return strings.ReplaceAll(s, "[ ]", "[x]") })
		}, []string{`marked the checklist item **Sign\-off of v1\.0 \(final\)  s:1** as completed`, "marked the checklist item **second** as completed"}},
		{"a tick and an edit", func(w *world, on gitlabsim.Ref) error {
			return w.As("dev").EditDescription(on, func(s string) string { return strings.Replace(s, "[ ] second", "[x] second", 1) + "\n\nmore" })
		}, []string{"marked the checklist item **second** as completed"}},
		{"a tick below a line that went", func(w *world, on gitlabsim.Ref) error {
			return w.As("dev").EditDescription(on, func(string) string { return "- [x] second\n" })
		}, []string{"changed the description"}},
		{"a tick of a line that was reworded", func(w *world, on gitlabsim.Ref) error {
			return w.As("dev").EditDescription(on, func(s string) string { return strings.Replace(s, "[ ] second", "[x] the second", 1) })
		}, []string{"changed the description"}},
		{"a box in a comment or code", func(w *world, on gitlabsim.Ref) error {
			return w.As("dev").EditDescription(on, func(s string) string { return s + "\n<!--\n- [x] hidden\n-->\n```\n- [x] code\n```\n" })
		}, []string{"changed the description"}},
		{"nothing", func(w *world, on gitlabsim.Ref) error {
			return w.As("dev").EditDescription(on, func(s string) string { return s })
		}, nil},
		{"a title", func(w *world, on gitlabsim.Ref) error { return w.As("dev").EditTitle(on, "Azure image") },
			[]string{"changed title from **A{-WS-} image** to **A{+zure+} image**"}},
		{"assigned and another", func(w *world, on gitlabsim.Ref) error {
			w.must(w.As("dev").Assign(on, "dev"))
			return w.As("dev").Assign(on, "maya")
		}, []string{"assigned to @dev", "assigned to @maya and unassigned @dev"}},
		{"a date and none", func(w *world, on gitlabsim.Ref) error {
			w.must(w.As("dev").SetDue(on, "2026-06-05"))
			return w.As("dev").SetDue(on, "")
		}, []string{"changed due date to June 05, 2026", "removed due date June 05, 2026"}},
		{"labels, milestone, state", func(w *world, on gitlabsim.Ref) error {
			w.must(w.As("dev").Label(on, "bug"))
			w.must(w.As("dev").Unlabel(on, "bug"))
			w.must(w.As("dev").SetMilestone(on, "26.04"))
			w.must(w.As("dev").Close(on))
			return w.As("dev").Reopen(on)
		}, nil},
		{"locked", func(w *world, on gitlabsim.Ref) error {
			w.must(w.As("dev").Lock(on, true))
			return w.As("dev").Lock(on, false)
		}, []string{"locked the discussion in this issue", "unlocked the discussion in this issue"}},
		{"confidential", func(w *world, on gitlabsim.Ref) error {
			w.must(w.As("dev").SetConfidential(on, true))
			return w.As("dev").SetConfidential(on, false)
		}, []string{"made the issue confidential", "made the issue visible to everyone"}},
		{"moved", func(w *world, on gitlabsim.Ref) error { _, err := w.As("dev").Move(on, priv); return err },
			[]string{"moved to secret#1"}},
		{"related", func(w *world, on gitlabsim.Ref) error { return w.As("dev").Link(on, w.issue("other", "")) },
			[]string{"marked this issue as related to #2"}},
		{"mentioned", func(w *world, on gitlabsim.Ref) error {
			w.issue("by number", "see #1 and again #1, not `#1`")
			_, err := w.As("dev").CreateIssue(priv, "by path", "see cloud/images#1")
			w.must(err)
			_, err = w.As("dev").CreateMergeRequest(pub, "by address", "see "+w.url+"/cloud/images/-/issues/1", "b")
			return err
		}, []string{"mentioned in issue #2", "mentioned in issue secret#1", "mentioned in merge request !1"}},
		{"mentioned in a comment", func(w *world, on gitlabsim.Ref) error {
			_, err := w.As("dev").Comment(w.issue("other", ""), "like #1")
			return err
		}, []string{"mentioned in issue #2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, gitlabsim.Options{})
			w.AddMilestone(gitlabsim.Milestone{Path: pub, Title: "26.04"})
			on := w.issue("AWS image", "- [ ] **Sign-off** of v1.0 (final) <!-- s:1 -->\n- [ ] second\n")
			w.must(c.do(w, on))
			if got := w.notes("1", "only_activity"); !slices.Equal(got, append([]string{}, c.want...)) {
				t.Errorf("the notes are %q, want %q", got, c.want)
			}
		})
	}
}

func TestResourceEvents(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	w.AddMilestone(gitlabsim.Milestone{Path: pub, Title: "26.04"})
	on := w.issue("x", "")
	dev := w.As("dev")
	w.must(dev.Label(on, "bug"))
	w.must(dev.Unlabel(on, "bug"))
	w.must(dev.SetMilestone(on, "26.04"))
	w.must(dev.SetMilestone(on, ""))
	w.must(dev.Close(on))
	w.must(dev.Reopen(on))
	for path, want := range map[string][2]string{"label": {"add", "remove"}, "milestone": {"add", "remove"}, "state": {"closed", "reopened"}} {
		list := w.want(w.as("maya", "GET", "/projects/7/issues/1/resource_"+path+"_events", ""), 200).list(t)
		field := "action"
		if path == "state" {
			field = "state"
		}
		if len(list) != 2 || list[0][field] != want[0] || list[1][field] != want[1] {
			t.Errorf("%s events: %v", path, list)
		}
	}
}

// TestMentionsOfWhatOneDoesNotSee holds that a page of notes leaves them out,
// though it counts them, as GitLab does.
func TestMentionsOfWhatOneDoesNotSee(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	w.issue("public", "")
	if _, err := w.As("dev").CreateIssue(priv, "private", "see cloud/images#1"); err != nil {
		t.Fatal(err)
	}
	a := w.want(w.as("out", "GET", "/projects/7/issues/1/notes", ""), 200)
	if len(a.list(t)) != 0 || a.header.Get("X-Total") != "1" {
		t.Errorf("a stranger sees %s of %s", a.raw, a.header.Get("X-Total"))
	}
}

func TestInternalNotes(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	on := w.issue("x", "")
	if _, err := w.As("rita").CommentInternally(on, "between us"); err != nil {
		t.Fatal(err)
	}
	if got := w.want(w.as("gus", "GET", "/projects/7/issues/1/notes", ""), 200).list(t); len(got) != 0 {
		t.Errorf("a guest sees %v", got)
	}
	if got := w.want(w.as("dev", "GET", "/projects/7/issues/1/notes", ""), 200).list(t); len(got) != 1 || got[0]["internal"] != true {
		t.Errorf("a developer sees %v", got)
	}
	w.want(w.as("gus", "POST", "/projects/7/issues/1/notes", `{"body":"x","internal":true}`), 403)
}

// TestWhatMovesUpdatedAt is for who asks for what was updated since.
func TestWhatMovesUpdatedAt(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	on := w.issue("x", "- [ ] a\n")
	at := func() time.Time { v, _ := w.View(on); return v.Updated }
	made := at()
	w.clock.Add(30 * time.Second)
	if _, err := w.As("dev").Comment(on, "within a minute"); err != nil {
		t.Fatal(err)
	}
	if at() != made {
		t.Error("a comment within a minute moves updated_at")
	}
	w.clock.Add(31 * time.Second)
	if _, err := w.As("dev").Comment(on, "after a minute"); err != nil {
		t.Fatal(err)
	}
	if at() == made {
		t.Error("a comment after a minute does not move updated_at")
	}
	w.clock.Add(time.Second)
	before := at()
	w.must(w.As("dev").Tick(on, "a"))
	if at() == before {
		t.Error("a tick does not move updated_at")
	}
	// The database has microseconds, the answer milliseconds: who asks with what
	// was answered gets the issue again.
	shown := w.want(w.as("maya", "GET", "/projects/7/issues/1", ""), 200).object(t)["updated_at"].(string)
	if got := w.want(w.as("maya", "GET", "/projects/7/issues?updated_after="+shown, ""), 200).list(t); len(got) != 1 {
		t.Errorf("updated_after %s finds %d", shown, len(got))
	}
	if got := w.want(w.as("maya", "GET", "/projects/7/issues?updated_before="+shown, ""), 200).list(t); len(got) != 0 {
		t.Errorf("updated_before %s finds %d", shown, len(got))
	}
	before = at()
	w.clock.Add(time.Hour)
	w.want(w.as("maya", "PUT", "/projects/7/issues/1", `{"title":"x"}`), 200)
	if at() != before {
		t.Error("a change of nothing moves updated_at")
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	on := w.issue("x", "- [x] a\n")
	if _, err := w.As("dev").Comment(on, "hello"); err != nil {
		t.Fatal(err)
	}
	made := w.want(w.as("dev", "POST", "/projects/7/issues/1/move", `{"to_project_id":8}`), 201).object(t)
	old := w.want(w.as("dev", "GET", "/projects/7/issues/1", ""), 200).object(t)
	if old["moved_to_id"] != made["id"] || old["state"] != "closed" || made["state"] != "opened" || made["user_notes_count"] != 1.0 {
		t.Errorf("the old is %v, the new %v", old, made)
	}
	v, _ := w.View("cloud/secret#1")
	if n := len(v.Notes); n != 2 || v.Notes[1].Body != "moved from images#1" {
		t.Errorf("the notes are %v", v.Notes)
	}
	w.want(w.as("root", "DELETE", "/projects/7/issues/1", ""), http.StatusNoContent)
	w.want(w.as("root", "GET", "/projects/7/issues/1", ""), http.StatusNotFound)
	if again := w.issue("y", ""); again != "cloud/images#2" {
		t.Errorf("a number was given again: %s", again)
	}
}
