package gitlabsim_test

import (
	"fmt"
	"testing"

	"cloudimage/providers/gitlab/gitlabsim"
)

func TestAMergeRequestFromStartToEnd(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	w.issue("to be closed", "")
	w.issue("only mentioned", "")
	const all, one = "/projects/7/merge_requests", "/projects/7/merge_requests/1"
	w.want(w.as("rita", "POST", all, `{"title":"x","source_branch":"a","target_branch":"main"}`), 403)
	w.want(w.as("dev", "POST", all, `{"title":"x"}`), 400)
	made := w.want(w.as("dev", "POST", all, `{"title":"Draft: build","source_branch":"a","target_branch":"main","description":"Closes #1, see #2","labels":["bug"]}`), 201).object(t)
	if made["draft"] != true || made["detailed_merge_status"] != "draft_status" || made["merge_user"] != nil {
		t.Errorf("made %v", made)
	}
	w.want(w.as("dev", "POST", all, `{"title":"again","source_branch":"a","target_branch":"main"}`), 409)
	if closers := w.want(w.as("maya", "GET", "/projects/7/issues/1/closed_by", ""), 200).list(t); len(closers) != 1 {
		t.Errorf("closers of #1: %v", closers)
	}
	if related := w.want(w.as("maya", "GET", "/projects/7/issues/2/related_merge_requests", ""), 200).list(t); len(related) != 1 || related[0]["iid"] != 1.0 {
		t.Errorf("related to #2: %v", related)
	}
	if closers := w.want(w.as("maya", "GET", "/projects/7/issues/2/closed_by", ""), 200).list(t); len(closers) != 0 {
		t.Errorf("closers of #2: %v", closers)
	}
	w.want(w.as("maya", "PUT", one+"/merge", ""), 405)
	w.want(w.as("dev", "PUT", one, `{"title":"build","reviewer_ids":[`+w.id("maya")+`]}`), 200)
	if got := w.want(w.as("maya", "GET", "/merge_requests?scope=reviews_for_me", ""), 200).list(t); len(got) != 1 {
		t.Errorf("to review: %v", got)
	}
	if a := w.want(w.as("maya", "POST", one+"/approve", `{"sha":"wrong"}`), 409); len(a.raw) == 0 {
		t.Error("no word about the wrong sha")
	}
	if a := w.want(w.as("maya", "POST", one+"/approve", ""), 201).object(t); a["approved"] != true || a["user_has_approved"] != true {
		t.Errorf("approved: %v", a)
	}
	w.want(w.as("maya", "POST", one+"/approve", ""), 401)
	w.want(w.as("maya", "POST", one+"/unapprove", ""), 201)
	w.want(w.as("maya", "POST", one+"/unapprove", ""), 404)
	w.must(w.As("maya").Approve("cloud/images!1"))
	if a := w.want(w.as("gus", "GET", one+"/approvals", ""), 200).object(t); len(a["approved_by"].([]any)) != 1 {
		t.Errorf("approvals: %v", a)
	}
	w.want(w.as("gus", "PUT", one+"/merge", ""), 401)
	w.want(w.as("maya", "PUT", one+"/merge", `{"sha":"wrong"}`), 409)
	merged := w.want(w.as("maya", "PUT", one+"/merge", `{"sha":"`+made["sha"].(string)+`"}`), 200).object(t)
	if merged["state"] != "merged" || merged["merged_at"] == nil || merged["merge_user"].(map[string]any)["username"] != "maya" {
		t.Errorf("merged %v", merged)
	}
	if is := w.want(w.as("maya", "GET", "/projects/7/issues/1", ""), 200).object(t); is["state"] != "closed" || is["merge_requests_count"] != 1.0 {
		t.Errorf("#1 is %v", is)
	}
	if is := w.want(w.as("maya", "GET", "/projects/7/issues/2", ""), 200).object(t); is["state"] != "opened" {
		t.Errorf("#2 is %v", is)
	}
	if e := w.want(w.as("maya", "GET", "/projects/7/issues/1/resource_state_events", ""), 200).list(t); len(e) != 1 || e[0]["source_merge_request_id"] != made["id"] {
		t.Errorf("events of #1: %v", e)
	}
	var notes []string
	for _, n := range w.want(w.as("maya", "GET", one+"/notes?sort=asc", ""), 200).list(t) {
		notes = append(notes, n["body"].(string))
	}
	if want := "[marked this merge request as **ready** requested review from @maya approved this merge request unapproved this merge request approved this merge request]"; fmt.Sprint(notes) != want {
		t.Errorf("notes %v, want %s", notes, want)
	}
	if got := w.want(w.as("maya", "GET", all+"?state=merged&order_by=merged_at", ""), 200).list(t); len(got) != 1 {
		t.Errorf("merged ones: %v", got)
	}
	w.want(w.as("maya", "GET", one+"/closes_issues", ""), 200)
	w.want(w.as("maya", "GET", one+"/approval_state", ""), 404) // GitLab Free
}

func TestPremium(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{Premium: true})
	on := w.AddMergeRequest(gitlabsim.MergeRequest{Path: pub, Author: "dev", Title: "x", NeedApproval: 1})
	if m := w.want(w.as("maya", "GET", "/projects/7/merge_requests/1", ""), 200).object(t); m["detailed_merge_status"] != "not_approved" {
		t.Errorf("it is %v", m)
	}
	w.want(w.as("dev", "POST", "/projects/7/merge_requests/1/approve", ""), 401) // its author
	w.want(w.as("maya", "GET", "/projects/7/merge_requests/1/approval_state", ""), 200)
	w.must(w.As("maya").Approve(on))
	w.must(w.As("maya").Merge(on))
	conflict := w.AddMergeRequest(gitlabsim.MergeRequest{Path: pub, Author: "dev", Title: "y", Conflicts: true})
	if err := w.As("maya").Merge(conflict); err == nil {
		t.Error("what has conflicts can be merged")
	}
	first, second := w.issue("a", ""), w.issue("b", "")
	w.must(w.As("maya").Assign(first, "dev", "maya", "rita"))
	w.want(w.as("maya", "POST", "/projects/7/issues/1/links", `{"target_project_id":"cloud/images","target_issue_iid":"2","link_type":"blocks"}`), 201)
	if got := w.want(w.as("maya", "GET", "/projects/7/issues/2/links", ""), 200).list(t); len(got) != 1 || got[0]["link_type"] != "is_blocked_by" {
		t.Errorf("the links are %v", got)
	}
	id := fmt.Sprint(w.as("maya", "GET", "/projects/7/issues/2/links", "").list(t)[0]["issue_link_id"])
	w.want(w.as("maya", "DELETE", "/projects/7/issues/2/links/"+id, ""), 200)
	w.want(w.as("maya", "GET", "/projects/7/issues/2/links/"+id, ""), 404)
	if got := w.notes("1", "only_activity"); fmt.Sprint(got) != "[assigned to @dev, @maya, and @rita marked this issue as blocking #2 removed the relation with #2]" {
		t.Errorf("the notes are %q", got)
	}
	_ = second
}
