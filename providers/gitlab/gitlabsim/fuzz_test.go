package gitlabsim_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cloudimage/providers/gitlab/gitlabsim"
)

// FuzzRequest sends whatever there is as a request: it is answered, and never
// with a fault of the stand-in's own.
func FuzzRequest(f *testing.F) {
	for _, seed := range [][4]string{
		{"GET", "/projects/7/issues", "iids[]=1&not[labels]=x&page=2", ""},
		{"GET", "/projects/7/issues", "pagination=keyset&cursor=e30=&order_by=due_date", ""},
		{"POST", "/projects/7/issues", "", `{"title":"x","description":"- [ ] a\n/due tomorrow","assignee_ids":[0,null,"1"],"labels":[1,"a"]}`},
		{"PUT", "/projects/7/issues/1", "labels[]=a", `{"description":"- [x] <!-- [ ] -->\n> - [ ] b\n1. [x] c","milestone_id":1e300,"due_date":"2026-02-30"}`},
		{"POST", "/projects/cloud%2Fimages/issues/1/notes", "", `{"body":"see cloud/images#1 and http://gitlab.test/cloud/images/-/issues/1\n/close"}`},
		{"PUT", "/projects/7/merge_requests/1", "", `{"title":"Draft: Draft: x","description":"closes #1, #1 and #2"}`},
		{"GET", "/projects/7/repository/tags/%zz", "search=^$", ""},
		{"GET", "/users", "search=%ff", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], true)
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string, isJSON bool) {
		s := gitlabsim.New(gitlabsim.Options{})
		s.Add(gitlabsim.Seed{
			Users: []gitlabsim.User{{Username: "maya", Admin: true}}, Projects: []gitlabsim.Project{{ID: 7, Path: pub}}, Tokens: []gitlabsim.Token{{Secret: "maya", User: "maya"}},
			Members: []gitlabsim.Member{{Path: pub, User: "maya", Access: gitlabsim.Owner}}, Merges: []gitlabsim.MergeRequest{{Path: pub, Author: "maya", Title: "x"}},
		})
		if _, err := s.As("maya").CreateIssue(pub, "x", "- [ ] a\n"); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse("http://gitlab.test/api/v4" + path)
		if err != nil || method == "" || strings.ContainsAny(method, " \r\n\x00") {
			t.Skip()
		}
		u.RawQuery = query
		r, err := http.NewRequestWithContext(t.Context(), method, u.String(), strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		r.Header.Set("PRIVATE-TOKEN", "maya")
		if isJSON {
			r.Header.Set("Content-Type", "application/json")
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s %s?%s %q: %d %s", method, path, query, body, w.Code, w.Body)
		}
		// And what was written can be looked at.
		page := httptest.NewRecorder()
		s.ServeHTTP(page, httptest.NewRequestWithContext(t.Context(), "GET", "/cloud/images/-/issues/1", nil))
		if page.Code >= 500 {
			t.Errorf("the page: %d %s", page.Code, page.Body)
		}
	})
}

// FuzzDescription ticks each box of whatever description there is: exactly one
// character of it changes.
func FuzzDescription(f *testing.F) {
	f.Add("- [ ] a\n- [x] b\n")
	f.Add("> 1. [ ] a [ ] b\n\n\t- [ ] c\n")
	f.Add("* [ ]\ta\r\n  + [X] b\r\n<!--\n- [ ] c\n-->")
	f.Add("- - [ ] a\n- [ ] [ ] b `[ ]`")
	f.Fuzz(func(t *testing.T, description string) {
		s := gitlabsim.New(gitlabsim.Options{})
		s.Add(gitlabsim.Seed{Users: []gitlabsim.User{{Username: "maya"}}, Projects: []gitlabsim.Project{{Path: pub}},
			Members: []gitlabsim.Member{{Path: pub, User: "maya", Access: gitlabsim.Owner}}})
		on, err := s.As("maya").CreateIssue(pub, "x", description)
		if err != nil {
			t.Skip()
		}
		before, _ := s.View(on)
		form := url.Values{"do": {"tick"}, "box": {"0"}}
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/cloud/images/-/issues/1", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "gitlabsim_user", Value: "maya"})
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		after, _ := s.View(on)
		if strings.Contains(w.Header().Get("Location"), "says=") {
			if after.Description != before.Description {
				t.Errorf("it was refused, and %q became %q", before.Description, after.Description)
			}
			return
		}
		changed := 0
		for i := range min(len(before.Description), len(after.Description)) {
			if before.Description[i] != after.Description[i] {
				changed++
			}
		}
		if len(before.Description) != len(after.Description) || changed > 1 {
			t.Errorf("%q became %q", before.Description, after.Description)
		}
	})
}
