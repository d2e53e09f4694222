package gitlabsim_test

import (
	"slices"
	"testing"

	"cloudimage/providers/gitlab/gitlabsim"
)

func TestAnIssueFromStartToEnd(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	made := w.want(w.as("maya", "POST", "/projects/cloud%2Fimages/issues", `{"title":"Azure","description":"- [ ] one\n- [ ] two <!-- id:b -->","labels":"bug","due_date":"2026-04-05"}`), 201).object(t)
	if made["iid"] != 1.0 || made["due_date"] != "2026-04-05" || made["created_at"] != "2026-03-02T09:00:00.123Z" {
		t.Errorf("made %v", made)
	}
	w.must(w.As("dev").Tick("cloud/images#1", "two"))
	w.must(w.As("dev").Untick("cloud/images#1", "two"))
	w.must(w.As("dev").Assign("cloud/images#1", "dev"))
	w.must(w.As("dev").SetDue("cloud/images#1", ""))
	w.must(w.As("dev").EditDescription("cloud/images#1", func(s string) string { return s + "\n\nMore." }))
	if _, err := w.As("dev").Comment("cloud/images#1", "done\n/close"); err != nil {
		t.Fatal(err)
	}
	got := w.notes("1", "all_notes")
	want := []string{"changed due date to April 05, 2026", `marked the checklist item **two  id:b** as completed`, `marked the checklist item **two  id:b** as incomplete`,
		"assigned to @dev", "removed due date April 05, 2026", "changed the description", "done"}
	if !slices.Equal(got, want) {
		t.Errorf("notes %q\nwant  %q", got, want)
	}
	if is := w.want(w.as("", "GET", "/projects/7/issues/1", ""), 200).object(t); is["state"] != "closed" || is["user_notes_count"] != 1.0 {
		t.Errorf("it is %v", is)
	}
}
