package gitlab

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/checkup"
	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/providers/gitlab/openapi"
	"cloudimage/workflow/mirror"
)

// world is the stand-in with a project, the program's account and two people.
type world struct {
	*gitlabsim.Server
	client *Client
	http   *httptest.Server
	clock  atomic.Int64 // in microseconds after today
	step   atomic.Int64 // by which each look at the clock moves it
}

func newWorld(t testing.TB, o gitlabsim.Options, edit ...func(*Options)) *world {
	t.Helper()
	w := &world{}
	w.step.Store(1000)
	o.Now = func() time.Time { return today.Add(time.Duration(w.clock.Add(w.step.Load())) * time.Microsecond) }
	w.Server = gitlabsim.New(o)
	w.http = httptest.NewServer(w.Server)
	t.Cleanup(w.http.Close)
	t.Cleanup(w.ClearFaults) // before it: nothing is held any more
	t.Cleanup(func() {
		// Whatever was asked and answered agrees with what GitLab publishes.
		found := map[string]bool{}
		for _, c := range w.Calls("", "**") {
			if c.Lost || !c.Done {
				continue
			}
			for _, wrong := range openapi.CheckCall(c.Method, c.Path, c.Query, c.RawBody, c.Response, c.Status) {
				found[wrong] = true
			}
		}
		for wrong := range found {
			t.Error(wrong)
		}
	})
	w.SetBaseURL(w.http.URL)
	w.Add(gitlabsim.Seed{
		Users:    []gitlabsim.User{{Username: "cloudimage", Bot: true}, {Username: "maya"}, {Username: "jo"}},
		Projects: []gitlabsim.Project{{Path: "group/images"}, {Path: "group/other"}, {Path: "elsewhere/far"}},
		Members: []gitlabsim.Member{{Path: "group", User: "cloudimage", Access: gitlabsim.Planner}, {Path: "group", User: "maya", Access: gitlabsim.Developer},
			{Path: "group", User: "jo", Access: gitlabsim.Owner}, {Path: "elsewhere", User: "maya", Access: gitlabsim.Developer}},
		Tokens:     []gitlabsim.Token{{Secret: token, User: "cloudimage", Expires: today.AddDate(0, 6, 0)}},
		Labels:     []gitlabsim.Label{{Path: "group", Name: "cloud"}, {Path: "group/images", Name: "aws"}},
		Milestones: []gitlabsim.Milestone{{Path: "group", Title: "19.1"}, {Path: "group/images", Title: "18.0", Closed: true}},
	})
	w.client = clientOf(t, w.http.URL, append([]func(*Options){func(o *Options) {
		o.Now = func() time.Time { return today.Add(time.Duration(w.clock.Load()) * time.Microsecond) }
	}}, edit...)...)
	return w
}

// must is what a person did.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// issues has maya write issues, and returns them by their number.
func (w *world) issues(t testing.TB, n int) []gitlabsim.Ref {
	t.Helper()
	var out []gitlabsim.Ref
	for i := range n {
		out = append(out, must[gitlabsim.Ref](t)(w.As("maya").CreateIssue("group/images", fmt.Sprintf("issue %d", i+1), "- [ ] one")))
	}
	return out
}

func numbers(issues []mirror.Issue) []int64 {
	var out []int64
	for _, i := range issues {
		out = append(out, i.Number)
	}
	slices.Sort(out)
	return out
}

func upTo(n int64) []int64 {
	var out []int64
	for i := range n {
		out = append(out, i+1)
	}
	return out
}

// TestCreatedIsOurs finds what we made, and nothing that others did.
func TestCreatedIsOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, gitlabsim.Options{})
	ctx := t.Context()
	w.issues(t, 3)
	first := must[mirror.Issue](t)(w.client.Create(ctx, "group/images", mirror.NewIssue{Title: "ours", Labels: []string{"cloud"}, Milestone: "19.1", Due: "2026-12-01", Restricted: true}))
	if !first.Restricted || first.Due != "2026-12-01" || !slices.Equal(first.Labels, []string{"cloud"}) || first.Path != "group/images#4" {
		t.Errorf("%+v", first)
	}
	if v, _ := w.View("group/images#4"); v.Milestone != "19.1" {
		t.Errorf("%+v", v)
	}

	// The answer to the second is lost.
	w.FailNext(1, "POST", "/projects/*/issues", gitlabsim.Fault{LoseReply: true})
	_, err := w.client.Create(ctx, "group/images", mirror.NewIssue{Title: "lost"})
	if e := failureIn(t, err); e.Failure != mirror.Unreachable {
		t.Error(err)
	}
	if n := len(w.Calls("POST", "/projects/*/issues")); n != 2 {
		t.Errorf("%d were made", n)
	}
	got := must[[]mirror.Issue](t)(w.client.Created(ctx, "group/images", today))
	if diff := cmp.Diff([]int64{4, 5}, numbers(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := must[[]mirror.Issue](t)(w.client.Created(ctx, first.Project, got[1].Created)); len(got) != 1 || got[0].Title != "lost" {
		t.Errorf("%+v", got)
	}
}

// TestOnTheStandIn goes through what happens to an issue.
func TestOnTheStandIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, gitlabsim.Options{})
	ctx := t.Context()
	if me := must[mirror.Account](t)(w.client.Me(ctx)); me.Handle != "cloudimage" || !me.Bot {
		t.Errorf("%+v", me)
	}
	maya, ok, err := w.client.ByHandle(ctx, "@Maya")
	if err != nil || !ok || maya.Handle != "maya" {
		t.Fatalf("%+v, %v, %v", maya, ok, err)
	}
	w.SetUserState("jo", "blocked")
	if _, ok, err := w.client.ByHandle(ctx, "jo"); ok || err != nil {
		t.Errorf("somebody who is blocked was found: %v", err)
	}
	w.SetUserState("jo", "active")

	i := must[mirror.Issue](t)(w.client.Create(ctx, "group/images", mirror.NewIssue{Title: "Image 19.1", Description: "- [ ] Build v1.2 - now (#1)\n- [ ] Test", Assignee: maya.ID}))
	ref := gitlabsim.Ref(i.Path)
	if len(i.Assignees) != 1 || i.Assignees[0].Handle != "maya" {
		t.Errorf("%+v", i.Assignees)
	}
	if at, ok := w.client.Locate(i.URL); !ok || at.Project != "group/images" || at.Number != i.Number {
		t.Errorf("%s is at %+v", i.URL, at)
	}
	seen := func() int64 {
		all := must[[]mirror.Activity](t)(w.client.Activity(ctx, i.Ref, 0))
		if len(all) == 0 {
			return 0
		}
		return all[len(all)-1].ID
	}
	since := func(after int64) []mirror.Activity {
		t.Helper()
		got := must[[]mirror.Activity](t)(w.client.Activity(ctx, i.Ref, after))
		for n := range got {
			got[n].ID, got[n].At = 0, time.Time{}
		}
		return got
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	after := seen()
	do(w.As("maya").Tick(ref, "Build v1.2 - now (#1)"))
	do(w.As("maya").Untick(ref, "Build v1.2 - now (#1)"))
	do(w.As("maya").EditDescription(ref, func(s string) string { return "News.\n\n" + s }))
	do(w.As("maya").Assign(ref, "jo"))
	do(w.As("maya").Assign(ref))
	do(w.As("maya").SetDue(ref, "2026-12-24"))
	do(w.As("maya").SetDue(ref, ""))
	must[gitlabsim.NoteID](t)(w.As("maya").Comment(ref, "a **word**"))
	must[gitlabsim.NoteID](t)(w.As("maya").CommentInternally(ref, "between us"))
	do(w.As("maya").SetConfidential(ref, true))
	merge := must[gitlabsim.Ref](t)(w.As("maya").CreateMergeRequest("group/other", "Build it", "For group/images#1", "build"))
	want := []mirror.Activity{
		{Kind: mirror.Ticked, Author: maya, Text: "Build v1.2 - now (#1)"},
		{Kind: mirror.Unticked, Author: maya, Text: "Build v1.2 - now (#1)"},
		{Kind: mirror.Described, Author: maya},
		{Kind: mirror.Assigned, Author: maya},
		{Kind: mirror.Assigned, Author: maya},
		{Kind: mirror.Dated, Author: maya},
		{Kind: mirror.Dated, Author: maya},
		{Kind: mirror.Commented, Author: maya, Text: "a **word**"},
		{Kind: mirror.Commented, Author: maya, Text: "between us", Internal: true},
		{Kind: mirror.OtherActivity, Author: maya},
		{Kind: mirror.Mentioned, Author: maya, Target: mirror.Ref{Kind: mirror.MergeRequestKind, Project: "group/other", Number: 1}},
	}
	if diff := cmp.Diff(want, since(after)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	m := must[mirror.MergeRequest](t)(w.client.MergeRequest(ctx, want[10].Target))
	if m.State != mirror.MergeOpen || m.Approved || m.Path != string(merge) || m.Author != maya {
		t.Errorf("%+v", m)
	}
	do(w.As("jo").Approve(merge))
	do(w.As("jo").Merge(merge))
	m = must[mirror.MergeRequest](t)(w.client.MergeRequest(ctx, m.Ref))
	if m.State != mirror.Merged || !m.Approved || len(m.Approvers) != 1 || m.Approvers[0].Handle != "jo" || m.MergedBy.Handle != "jo" || m.MergedAt.IsZero() {
		t.Errorf("%+v", m)
	}
	if got := must[[]mirror.MergeRequest](t)(w.client.ChangedMergeRequests(ctx, "group/other", today)); len(got) != 1 || got[0].State != mirror.Merged {
		t.Errorf("%+v", got)
	}
	if a := must[mirror.Activity](t)(w.client.Comment(ctx, m.Ref, "thanks")); a.Text != "thanks" || a.ID == 0 {
		t.Errorf("%+v", a)
	}

	i = must[mirror.Issue](t)(w.client.Update(ctx, i.Ref, mirror.Change{Description: new("new"), Assignee: &maya.ID, Due: new("2026-12-31"), Closed: new(true)}))
	if i.Description != "new" || len(i.Assignees) != 1 || i.Due != "2026-12-31" || !i.Closed || i.ClosedBy.Handle != "cloudimage" {
		t.Errorf("%+v", i)
	}
	i = must[mirror.Issue](t)(w.client.Update(ctx, i.Ref, mirror.Change{Assignee: new(int64(0)), Due: new(""), Closed: new(false)}))
	if i.Description != "new" || len(i.Assignees) != 0 || i.Due != "" || i.Closed || i.ClosedBy.ID != 0 {
		t.Errorf("%+v", i)
	}
	other := must[mirror.Issue](t)(w.client.Create(ctx, "group/other", mirror.NewIssue{Title: "other"}))
	do(w.client.Link(ctx, i.Ref, other.Ref))
	do(w.client.Link(ctx, i.Ref, other.Ref))
	if e := failureIn(t, w.client.Link(ctx, i.Ref, mirror.Ref{Kind: mirror.IssueKind, Project: "group/other", Number: 99})); e.Failure != mirror.Gone {
		t.Error(e)
	}

	after = seen()
	now, err := w.As("maya").Move(ref, "elsewhere/far")
	do(err)
	if diff := cmp.Diff([]mirror.Activity{{Kind: mirror.MovedTo, Author: maya, Target: mirror.Ref{Kind: mirror.IssueKind, Project: "elsewhere/far", Number: 1}}}, since(after)); diff != "" || now != "elsewhere/far#1" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if i = must[mirror.Issue](t)(w.client.Issue(ctx, i.Ref)); !i.Moved || !i.Closed {
		t.Errorf("%+v", i)
	}
	_, err = w.client.Issue(ctx, mirror.Ref{Kind: mirror.IssueKind, Project: "elsewhere/far", Number: 1})
	if e := failureIn(t, err); e.Failure != mirror.Gone {
		t.Error(e)
	}
}

// TestCheckOnTheStandIn has all that is wanted be there, and then less and less.
func TestCheckOnTheStandIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, gitlabsim.Options{})
	check := func() (bad []string) {
		for _, f := range w.client.Check(t.Context(), Wants{Projects: []WantedProject{
			{Project: "group/images", Labels: []string{"cloud", "aws"}, Milestone: "19.1"}, {Project: "group/other"},
		}}) {
			if f.Level != checkup.OK {
				bad = append(bad, f.Text)
			}
		}
		return bad
	}
	if bad := check(); len(bad) > 0 {
		t.Errorf("%q", bad)
	}
	w.SetTokenExpiry(token, today.AddDate(0, 0, 7))
	w.AddMember(gitlabsim.Member{Path: "group", User: "cloudimage", Access: gitlabsim.Guest})
	if diff := cmp.Diff([]string{
		"The token ends on 2033-11-09, in 7 days.",
		"@cloudimage has a role in group/images that may not set labels, assignees or dates (10).",
		"@cloudimage has a role in group/other that may not set labels, assignees or dates (10).",
	}, check()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.AddMember(gitlabsim.Member{Path: "group", User: "cloudimage", Access: gitlabsim.NoAccess})
	if diff := cmp.Diff([]string{
		"The token ends on 2033-11-09, in 7 days.",
		"There is no project group/images that @cloudimage may see.",
		"There is no project group/other that @cloudimage may see.",
	}, check()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
