package gitlab

import (
	"fmt"
	"strings"
	"testing"

	"cloudimage/workflow/mirror"
)

func TestLocate(t *testing.T) {
	t.Parallel()
	issue := func(project string, n int64) *mirror.Ref {
		return &mirror.Ref{Kind: mirror.IssueKind, Project: project, Number: n}
	}
	merge := func(project string, n int64) *mirror.Ref {
		return &mirror.Ref{Kind: mirror.MergeRequestKind, Project: project, Number: n}
	}
	for _, c := range []struct {
		site, address string
		want          *mirror.Ref // nil for none
	}{
		{"", "https://gitlab.com/group/images/-/issues/12", issue("group/images", 12)},
		{"", "https://gitlab.com/group/sub/images.d/-/issues/12", issue("group/sub/images.d", 12)},
		{"", "https://gitlab.com/group/images/issues/12", issue("group/images", 12)},
		{"", "https://gitlab.com/group/images/-/work_items/12", issue("group/images", 12)},
		{"", "https://gitlab.com/group/images/-/merge_requests/12", merge("group/images", 12)},
		{"", "https://gitlab.com/group/images/merge_requests/12", merge("group/images", 12)},
		{"", "https://gitlab.com/group/images/-/merge_requests/12/diffs?commit_id=1#note_5", merge("group/images", 12)},
		{"", "https://gitlab.com/group/images/-/issues/12/designs/a.png", issue("group/images", 12)},
		{"", "https://gitlab.com/group/images/-/issues/12/", issue("group/images", 12)},
		{"", "https://gitlab.com/group/images/-/issues/12?x=/-/issues/13#/-/issues/14", issue("group/images", 12)},
		{"", "  https://GitLab.COM/group/images/-/issues/12\n", issue("group/images", 12)},
		{"", "https://gitlab.com:443/group/images/-/issues/12", issue("group/images", 12)},
		{"", "http://gitlab.com/group/images/-/issues/12", issue("group/images", 12)},
		{"", "https://gitlab.com/group/issues/-/issues/12", issue("group/issues", 12)},
		{"", "https://gitlab.com/group/issues/issues/12", issue("group/issues", 12)},
		{"https://git.example.com:8443/", "https://git.example.com:8443/a/b/-/issues/1", issue("a/b", 1)},
		{"https://git.example.com/gitlab/api/v4", "https://git.example.com/gitlab/a/b/-/issues/1", issue("a/b", 1)},

		{"https://git.example.com:8443", "https://git.example.com/a/b/-/issues/1", nil},
		{"https://git.example.com/gitlab", "https://git.example.com/a/b/-/issues/1", nil},
		{"https://git.example.com/gitlab", "https://git.example.com/gitlabs/a/b/-/issues/1", nil},
		{"", "https://gitlab.com:8443/group/images/-/issues/12", nil},
		{"", "https://gitlab.com.example.com/group/images/-/issues/12", nil},
		{"", "https://gitlab.com@example.com/group/images/-/issues/12", nil},
		{"", "https://maya:secret@gitlab.com/group/images/-/issues/12", nil},
		{"", "https://example.com/group/images/-/issues/12", nil},
		{"", "https://gitlab.com/groups/group/-/work_items/12", nil},
		{"", "https://gitlab.com/groups/group/-/issues", nil},
		{"", "https://gitlab.com/group/images/-/issues", nil},
		{"", "https://gitlab.com/group/images/-/issues/", nil},
		{"", "https://gitlab.com/group/images/-/issues/new", nil},
		{"", "https://gitlab.com/group/images/-/issues/0", nil},
		{"", "https://gitlab.com/group/images/-/issues/012", nil},
		{"", "https://gitlab.com/group/images/-/issues/+12", nil},
		{"", "https://gitlab.com/group/images/-/issues/12.json", nil},
		{"", "https://gitlab.com/group/images/-/issues/99999999999999999999", nil},
		{"", "https://gitlab.com/group/images/work_items/12", nil},
		{"", "https://gitlab.com/images/-/issues/12", nil},
		{"", "https://gitlab.com/group//images/-/issues/12", nil},
		{"", "https://gitlab.com/group%2Fimages/-/issues/12", nil},
		{"", "https://gitlab.com/group/../images/-/issues/12", nil},
		{"", "https://gitlab.com/group/images/-/epics/12", nil},
		{"", "https://gitlab.com/group/images/-/blob/main/-/issues/12", nil},
		{"", "ftp://gitlab.com/group/images/-/issues/12", nil},
		{"", "group/images#12", nil},
		{"", "", nil},
	} {
		t.Run(c.site+" "+c.address, func(t *testing.T) {
			t.Parallel()
			got, ok := clientOf(t, c.site).Locate(c.address)
			want := mirror.Ref{}
			if c.want != nil {
				want = *c.want
			}
			if got != want || ok != (c.want != nil) {
				t.Errorf("got %+v, %v; want %+v", got, ok, c.want)
			}
		})
	}
}

// FuzzLocate has whatever is read be written again as the address of the same thing.
func FuzzLocate(f *testing.F) {
	for _, s := range []string{
		"https://gitlab.com/group/images/-/issues/12", "https://gitlab.com/a/b/c/-/merge_requests/1/diffs#x", "https://gitlab.com/a/b/issues/7?x=y",
		"https://GITLAB.com:443/a/b/-/work_items/3", "https://gitlab.com/groups/a/-/work_items/3", "https://gitlab.com/a/b/-/issues/issues/3", "%", "//gitlab.com/a/b/-/issues/1",
	} {
		f.Add(s)
	}
	c := clientOf(f, "")
	f.Fuzz(func(t *testing.T, address string) {
		at, ok := c.Locate(address)
		if !ok {
			if at != (mirror.Ref{}) {
				t.Errorf("nothing is there, and it is %+v", at)
			}
			return
		}
		page := map[mirror.Kind]string{mirror.IssueKind: "issues", mirror.MergeRequestKind: "merge_requests"}[at.Kind]
		again, ok := c.Locate(fmt.Sprintf("https://gitlab.com/%s/-/%s/%d", at.Project, page, at.Number))
		if !ok || again != at {
			t.Errorf("%q is %+v, which is written and read as %+v", address, at, again)
		}
		if at.Number <= 0 || !strings.Contains(at.Project, "/") || strings.ContainsAny(at.Project, "%?# \\") || strings.HasPrefix(at.Project, "/") {
			t.Errorf("%q is %+v", address, at)
		}
	})
}
