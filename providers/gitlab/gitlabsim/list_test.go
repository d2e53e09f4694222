package gitlabsim_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
)

func TestPages(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	for i := range 45 {
		w.issue(fmt.Sprint("issue ", i), "")
		w.clock.Add(time.Second)
	}
	for _, c := range []struct {
		query                              string
		rows                               int
		page, per, next, prev, total, many string
	}{
		{"", 20, "1", "20", "2", "", "45", "3"},
		{"?page=3", 5, "3", "20", "", "2", "45", "3"},
		{"?page=4", 0, "4", "20", "", "3", "45", "3"},
		{"?page=0", 20, "1", "20", "2", "", "45", "3"},
		{"?page=-7", 20, "1", "20", "2", "", "45", "3"},
		{"?per_page=45", 45, "1", "45", "", "", "45", "1"},
		{"?per_page=1000", 45, "1", "100", "", "", "45", "1"},
		{"?state=closed", 0, "1", "20", "", "", "0", "1"},
		{"?iids[]=3&iids[]=4", 2, "1", "20", "", "", "2", "1"},
		{"?page=99999999999", 0, "2147483648", "20", "", "2147483647", "45", "3"},
	} {
		a := w.want(w.as("maya", "GET", "/projects/7/issues"+c.query, ""), 200)
		got := []string{fmt.Sprint(len(a.list(t)))}
		for _, h := range []string{"X-Page", "X-Per-Page", "X-Next-Page", "X-Prev-Page", "X-Total", "X-Total-Pages"} {
			got = append(got, a.header.Get(h))
		}
		if want := []string{fmt.Sprint(c.rows), c.page, c.per, c.next, c.prev, c.total, c.many}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.query, got, want)
		}
	}
	w.want(w.as("maya", "GET", "/projects/7/issues?per_page=0", ""), 400)
	link := w.as("maya", "GET", "/projects/7/issues?page=2&state=opened", "").header.Get("Link")
	if !strings.Contains(link, "<"+w.url+"/api/v4/projects/7/issues?page=3&per_page=20&state=opened>; rel=\"next\"") || strings.Count(link, "rel=") != 4 {
		t.Errorf("the links are %s", link)
	}
}

var next = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// TestEveryIssueOnceByCursor follows the links while issues change, which pages
// by number do not survive.
func TestEveryIssueOnceByCursor(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	for i := range 25 {
		w.issue(fmt.Sprint(i), "")
		if i%3 == 0 {
			w.clock.Add(time.Second) // some share their time
		}
	}
	for _, sort := range []string{"asc", "desc"} {
		var seen []float64
		path := "/projects/7/issues?pagination=keyset&order_by=created_at&per_page=4&sort=" + sort
		for path != "" {
			a := w.want(w.as("maya", "GET", path, ""), 200)
			for _, is := range a.list(t) {
				seen = append(seen, is["iid"].(float64))
			}
			path = ""
			if m := next.FindStringSubmatch(a.header.Get("Link")); m != nil {
				path = strings.TrimPrefix(m[1], w.url+"/api/v4")
			}
			if a.header.Get("X-Total") != "" {
				t.Error("a page by cursor counts all")
			}
		}
		if len(seen) != 25 || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 25 {
			t.Errorf("%s: saw %v", sort, seen)
		}
	}
	w.want(w.as("maya", "GET", "/projects/7/issues?pagination=keyset&cursor=nonsense", ""), 400)
}

func TestFilters(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	w.issue("Azure", "needs a VHD\n/label ~bug") // 1
	w.clock.Add(time.Hour)
	w.must(w.As("maya").Assign(w.issue("AWS", "needs an AMI"), "dev")) // 2
	w.clock.Add(time.Hour)
	if _, err := w.As("dev").CreateIssue(pub, "GCP", ""); err != nil { // 3
		t.Fatal(err)
	}
	w.must(w.As("maya").Close("cloud/images#3"))
	for query, want := range map[string]string{
		"sort=asc":                   "[1 2 3]",
		"":                           "[3 2 1]",
		"state=closed":               "[3]",
		"labels=bug":                 "[1]",
		"labels=bug,other":           "[]",
		"labels=Any":                 "[1]",
		"labels=None&sort=asc":       "[2 3]",
		"author_username=dev":        "[3]",
		"assignee_username[]=dev":    "[2]",
		"assignee_id=Any":            "[2]",
		"search=vhd":                 "[1]",
		"search=vhd&in=title":        "[]",
		"search=a&in=title&sort=asc": "[1 2]",
		"created_after=2026-03-02T10:00:00Z&sort=asc":     "[2 3]",
		"created_before=2026-03-02T10:00:00Z":             "[1]",
		"updated_after=2026-03-02T12:00:00%2B01:00":       "[3]",
		"scope=assigned_to_me":                            "[]",
		"scope=created_by_me&sort=asc":                    "[1 2]",
		"order_by=title&sort=asc":                         "[2 1 3]",
		"order_by=updated_at":                             "[3 2 1]",
		"confidential=true":                               "[]",
		"milestone=None&state=opened&sort=asc":            "[1 2]",
		"assignee_id=None&author_username=maya&state=all": "[1]",
	} {
		var got []int
		for _, is := range w.want(w.as("maya", "GET", "/projects/7/issues?"+query, ""), 200).list(t) {
			got = append(got, int(is["iid"].(float64)))
		}
		if s := fmt.Sprint(got); s != want {
			t.Errorf("%s finds %s, want %s", query, s, want)
		}
	}
}

// TestTenThousandIssues holds that a list of many is cut quickly: ten
// pages of ten thousand issues take no half minute.
func TestTenThousandIssues(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	for i := range 10_001 {
		w.issue(fmt.Sprint(i), "- [ ] a\n")
		if i == 5_000 {
			w.clock.Add(time.Hour)
		}
	}
	a := w.want(w.as("maya", "GET", "/projects/7/issues?per_page=100", ""), 200)
	if a.header.Get("X-Total") != "" || strings.Contains(a.header.Get("Link"), `rel="last"`) || a.header.Get("X-Next-Page") != "2" {
		t.Errorf("above ten thousand the headers are %v", a.header)
	}
	began := time.Now()
	n := 0
	for page := 1; page <= 10; page++ {
		n += len(w.want(w.as("maya", "GET", fmt.Sprintf("/projects/7/issues?updated_after=2026-03-02T10:00:00Z&per_page=100&page=%d", page), ""), 200).list(t))
	}
	if n != 1_000 {
		t.Errorf("%d were listed, want 1000", n)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("10 pages took %v", took)
	}
}
