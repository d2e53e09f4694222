package gitlabsim_test

import (
	"strings"
	"testing"

	"cloudimage/providers/gitlab/gitlabsim"
)

func TestQuickActions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, token, body string
		status            int
		want              string // in the answer
		state, due        string
		assignee, labels  string
	}{
		{"words alone", "dev", "close to done, see /close and src/close", 201, `"body":"close to done, see /close and src/close"`, "opened", "", "", ""},
		{"close", "dev", "/close", 202, `{"commands_changes":{"state_event":"close"},"summary":["Closed this issue."]}`, "closed", "", "", ""},
		{"close with words", "dev", "That is it.\n/close", 201, `"body":"That is it."`, "closed", "", "", ""},
		{"close in any case", "dev", "/CLOSE", 202, "Closed", "closed", "", "", ""},
		{"reopen what is open", "dev", "/reopen", 202, "Could not apply reopen command.", "opened", "", "", ""},
		{"in a block of code", "dev", "```\n/close\n```", 201, "/close", "opened", "", "", ""},
		{"in a quote", "dev", ">>>\n/close\n>>>", 201, "/close", "opened", "", "", ""},
		{"in HTML", "dev", "<details>\n/close\n</details>", 201, "/close", "opened", "", "", ""},
		{"indented", "dev", " /close", 201, "/close", "opened", "", "", ""},
		{"in a quoted line", "dev", "> /close", 201, "/close", "opened", "", "", ""},
		{"a path", "dev", "/closed/by/me", 201, "/closed/by/me", "opened", "", "", ""},
		{"assign", "dev", "/assign @rita", 202, "Assigned @rita.", "opened", "", "rita", ""},
		{"assign me", "dev", "/assign me", 202, "Assigned @dev.", "opened", "", "dev", ""},
		{"assign nobody", "dev", "/assign @ghost", 202, "Could not apply assign command.", "opened", "", "", ""},
		{"due", "dev", "/due 2026-04-01", 202, "Set the due date to Apr 1, 2026.", "opened", "2026-04-01", "", ""},
		{"due in words", "dev", "/due in 2 weeks", 202, "Mar 16, 2026", "opened", "2026-03-16", "", ""},
		{"label", "dev", `/label ~bug ~"image request"`, 202, `Added ~bug ~\"image request\" labels.`, "opened", "", "", "bug,image request"},
		{"label that is not there", "dev", `/label ~nonsense`, 202, "Could not apply", "opened", "", "", ""},
		{"confidential", "dev", "/confidential", 202, `"confidential":true`, "opened", "", "", ""},
		{"as a guest", "gus", "/label ~bug\n/assign me\n/close", 202, "Could not apply close command.", "opened", "", "", ""},
		{"known and not carried out", "dev", "/shrug\nhi", 201, `"body":"hi"`, "opened", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, gitlabsim.Options{})
			on := w.issue("x", "")
			a := w.want(w.as(c.token, "POST", "/projects/7/issues/1/notes", `{"body":`+quote(t, c.body)+`}`), c.status)
			if !strings.Contains(string(a.raw), c.want) {
				t.Errorf("the answer is %s, want %s", a.raw, c.want)
			}
			v, _ := w.View(on)
			if v.State != c.state || v.Due != c.due || strings.Join(v.Assignees, ",") != c.assignee || strings.Join(v.Labels, ",") != c.labels {
				t.Errorf("it is %+v", v)
			}
		})
	}
}

func TestQuickActionsOfDescriptions(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	on := w.issue("x", "Do it.\n/label ~bug\n/due 2026-04-01\n/assign @dev\n/close")
	v, _ := w.View(on)
	if v.Description != "Do it." || v.Due != "2026-04-01" || v.State != "opened" || len(v.Labels) != 1 || len(v.Assignees) != 1 {
		t.Errorf("it is made as %+v", v)
	}
	w.want(w.as("dev", "PUT", "/projects/7/issues/1", `{"description":"Do it.\n/close"}`), 200)
	if v, _ = w.View(on); v.State != "closed" || v.Description != "Do it." {
		t.Errorf("it is changed to %+v", v)
	}
	n := w.want(w.as("dev", "POST", "/projects/7/issues/1/notes", `{"body":"hi"}`), 201).object(t)
	if n["noteable_iid"] != 1.0 {
		t.Errorf("the note is %v", n)
	}
	id := gitlabsim.NoteID(n["id"].(float64))
	w.must(w.As("dev").EditComment(on, id, "hi again\n/reopen"))
	if v, _ = w.View(on); v.State != "opened" || v.Notes[len(v.Notes)-1].Body != "hi again" {
		t.Errorf("after the edit it is %+v", v)
	}
	w.must(w.As("dev").EditComment(on, id, "/close"))
	if v, _ = w.View(on); v.State != "closed" || v.Notes[len(v.Notes)-1].ID == id {
		t.Errorf("a note of quick actions alone stays: %+v", v)
	}
}
