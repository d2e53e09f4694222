package gitlabsim_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cloudimage/providers/gitlab/gitlabsim"
)

// look opens a page as somebody.
func (w *world) look(who, path string) (int, string, string) {
	w.t.Helper()
	return w.send(who, http.MethodGet, path, nil, "")
}

func (w *world) send(who, method, path string, form url.Values, origin string) (status int, page, location string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "gitlabsim_user", Value: who})
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header.Get("Location")
}

const nasty = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`

func TestNothingTypedBecomesMarkup(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	on := w.issue(nasty, nasty+"\n\n- [ ] "+nasty+"\n- [x] a <b onclick=x>b</b>\n\n<div onclick=x>\nblock\n</div>\n\n[a](javascript:alert(1)) [b](data:text/html,x) ![i](http://x/y.png) <javascript:x>\n\n`"+nasty+"`\n\n    "+nasty+"\n\n<!-- unseen "+nasty+" -->\n\n| a |\n|---|\n| "+nasty+" |\n")
	if _, err := w.As("maya").Comment(on, nasty+" @"+nasty+" #1"); err != nil {
		t.Fatal(err)
	}
	w.must(w.As("maya").Label(on, nasty))
	w.AddMilestone(gitlabsim.Milestone{Path: pub, Title: nasty})
	w.must(w.As("maya").SetMilestone(on, nasty))
	w.must(w.As("maya").EditTitle(on, nasty+"!"))
	for _, path := range []string{"/", "/cloud/images", "/cloud/images/-/issues/1", "/maya", "/cloud/images/-/issues/1?says=" + url.QueryEscape(nasty)} {
		for _, who := range []string{"maya", ""} {
			status, page, _ := w.look(who, path)
			if status != 200 {
				t.Errorf("%s: %d", path, status)
			}
			for _, bad := range []string{"<script", "<img", "onclick=x>", "<div onclick", `href="javascript:`, `href="data:text`} {
				if strings.Contains(page, bad) {
					t.Errorf("%s as %q has %s", path, who, bad)
				}
			}
		}
	}
	if _, page, _ := w.look("gus", "/cloud/images/-/issues/1"); strings.Contains(page, "unseen") {
		t.Error("a comment is shown to who only reads")
	}
}

func TestActingOnPages(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	on := w.issue("x", "- [ ] a\n  - [ ] b\n- [ ] c\n")
	const page = "/cloud/images/-/issues/1"
	post := func(who string, pairs ...string) string {
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		status, _, to := w.send(who, http.MethodPost, page, form, w.url)
		if status != http.StatusSeeOther {
			t.Errorf("%v: status %d", pairs, status)
		}
		return to
	}
	for _, form := range [][]string{
		{"do", "tick", "box", "1"}, {"do", "comment", "body", "hello"}, {"do", "assign", "user", "dev"}, {"do", "due", "due", "2026-04-01"},
		{"do", "label", "label", "new label"}, {"do", "hide"}, {"do", "close"},
	} {
		if to := post("maya", form...); to != page {
			t.Errorf("%v leads to %s", form, to)
		}
	}
	v, _ := w.View(on)
	if v.Description != "- [ ] a\n  - [x] b\n- [ ] c\n" || v.State != "closed" || v.Due != "2026-04-01" || len(v.Assignees) != 1 || len(v.Labels) != 1 || !v.Confidential {
		t.Errorf("it is %+v", v)
	}
	for name, form := range map[string][]string{"a box that is ticked": {"do", "tick", "box", "1"}, "a box that is none": {"do", "tick", "box", "7"}, "nothing": {"do", "x"}} {
		if to := post("maya", form...); !strings.Contains(to, "?says=") {
			t.Errorf("%s leads to %s", name, to)
		}
	}
	if to := post("", "do", "reopen"); !strings.Contains(to, "choose+who+you+are") {
		t.Errorf("nobody is led to %s", to)
	}
	if status, _, _ := w.send("maya", http.MethodPost, page, url.Values{"do": {"reopen"}}, "https://evil.example"); status != http.StatusForbidden {
		t.Errorf("another page's form: %d", status)
	}
	if status, _, _ := w.look("gus", page); status != http.StatusNotFound {
		t.Errorf("a guest looks at a confidential issue: %d", status)
	}
	if _, _, to := w.send("", http.MethodPost, "/", url.Values{"do": {"be"}, "user": {"maya"}, "back": {"//evil.example"}}, w.url); to != "/" {
		t.Errorf("one is led to %s", to)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	w.issue("x", "")
	w.AddMergeRequest(gitlabsim.MergeRequest{Path: pub, Author: "dev", Title: "Build"})
	for path, want := range map[string]string{
		"/": "200", "/cloud/images": "200", "/cloud/images/-/issues": "200", "/cloud/images/-/issues/1": "200", "/cloud/images/-/merge_requests/1": "200",
		"/maya": "200", "/cloud/secret": "404", "/nobody": "404", "/cloud/images/-/issues/9": "404", "/cloud/images/-/pipelines/1": "404",
		"/cloud/images/-/work_items/1": "/cloud/images/-/issues/1", "/cloud/images/issues/1": "/cloud/images/-/issues/1", "/-/gitlabsim/page.css": "200",
	} {
		status, _, to := w.look("", path)
		if got := http.StatusText(status); to != want && !strings.HasPrefix(want, map[int]string{200: "200", 404: "404"}[status]) {
			t.Errorf("%s: %s %s, want %s", path, got, to, want)
		}
	}
	status, page, _ := w.look("maya", "/cloud/images/-/merge_requests/1")
	if status != 200 || !strings.Contains(page, "Approve") || !strings.Contains(page, "mergeable") {
		t.Errorf("%d: %s", status, page)
	}
}
