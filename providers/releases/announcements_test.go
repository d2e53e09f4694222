package releases

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/providers/releases/releasesim"
	"cloudimage/workflow"
)

func TestTitles(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("18.5.1, ", 25) + "18.5.2"
	var longList []string
	for i := range 25 {
		longList = append(longList, fmt.Sprintf("18.5.%d", i))
	}
	for _, c := range []struct {
		title    string
		kind     workflow.AnnouncementKind // empty for a title that is about something else
		versions string
		secure   bool
	}{
		{"GitLab 19.4 release notes", workflow.AnnouncesRelease, "19.4.0", false},
		{"GitLab 18.4 released with GitLab Duo Model Selection", workflow.AnnouncesRelease, "18.4.0", false},
		{"GitLab 18.0 released", workflow.AnnouncesRelease, "18.0.0", false},
		{"GitLab 16.7.1 released", workflow.AnnouncesPatch, "16.7.1", false},
		{"GitLab Patch Release: 19.4.1, 19.3.3, 19.2.7", workflow.AnnouncesPatch, "19.4.1 19.3.3 19.2.7", false},
		{"GitLab Patch Release: 19.0.9", workflow.AnnouncesPatch, "19.0.9", false},
		{"GitLab Patch Release: 18.3.1, 18.2.5, and 18.1.5", workflow.AnnouncesPatch, "18.3.1 18.2.5 18.1.5", false},
		{"GitLab Patch Release: 18.3.1 and 18.2.5", workflow.AnnouncesPatch, "18.3.1 18.2.5", false},
		{"GitLab Critical Patch Release: 19.2.4, 19.1.6, 19.0.8, 18.11.11", workflow.AnnouncesCritical, "19.2.4 19.1.6 19.0.8 18.11.11", false},
		{"GitLab Security Release: 16.8.1, 16.7.4, 16.6.6, 16.5.8", workflow.AnnouncesPatch, "16.8.1 16.7.4 16.6.6 16.5.8", true},
		{"GitLab Critical Security Release: 16.7.2, 16.6.4, 16.5.6", workflow.AnnouncesCritical, "16.7.2 16.6.4 16.5.6", true},
		{"GitLab Security Patch Release: 17.0.1", workflow.AnnouncesPatch, "17.0.1", true},
		{"gitlab patch release: 19.4.1", workflow.AnnouncesPatch, "19.4.1", false},
		{"GitLab Patch Release: 19.4.1, 19.4.1", workflow.AnnouncesPatch, "19.4.1", false},
		{"GitLab Patch Release: " + many, "", "", false},
		{"GitLab Patch Release: " + strings.Join(longList, ", "), "", "", false},

		{"GitLab AI Gateway Patch Release: 19.4.1", "", "", false},
		{"GitLab AI Gateway Critical Patch Release: 18.6.2, 18.7.1, and 18.8.1", "", "", false},
		{"GitLab Runner 19.4 released", "", "", false},
		{"GitLab Duo 19.4 release notes", "", "", false},
		{"What is new in GitLab 19.4 release notes", "", "", false},
		{"GitLab 19.4 release notes and more", "", "", false},
		{"GitLab Patch Release", "", "", false},
		{"GitLab Patch Release: soon", "", "", false},
		{"GitLab Patch Release: 19.04.1", "", "", false},
		{"GitLab Patch Release: 19.4.1-rc1", "", "", false},
		{"GitLab Patch Release: 19.4.1.2", "", "", false},
		{"GitLab Patch Release: 0.0.0", "", "", false},
		{"GitLab Patch Release: ١٩.٤.١", "", "", false},
		{"GitLabs Patch Release: 19.4.1", "", "", false},
		{"GitLab 19 released", "", "", false},
		{"", "", "", false},
		{"GitLab 18.4 released with " + strings.Repeat("x", 1000), "", "", false},
	} {
		versions, kind, secure, ok := must[titles](t)(newTitles("GitLab")).read(c.title)
		var got []string
		for _, v := range versions {
			got = append(got, v.String())
		}
		if ok != (c.kind != "") || kind != c.kind || strings.Join(got, " ") != c.versions || secure != c.secure {
			t.Errorf("%.80q: %v, %q, secure %v, %v", c.title, got, kind, secure, ok)
		}
	}
	if _, _, _, ok := must[titles](t)(newTitles("My (own) Tool")).read("My (own) Tool 1.2 released"); !ok {
		t.Error("another product has releases too")
	}
}

const (
	tableOf   = `<h2 id="security-fixes">Security Fixes</h2><h3>Table of security fixes</h3><table><thead><tr><th>Title</th><th>Severity</th></tr></thead><tbody>%s</tbody></table>`
	cveBlock  = `<h3 id="x"><a href="https://www.cve.org/x">CVE-2026-85706</a> - Path Traversal issue impacts GitLab CE/EE</h3><p>An issue.</p><p><strong>Impacted Versions:</strong> all from 18.7 before 19.1.8<br><strong>CVSS</strong> %s (<a href="x"><code>CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:N</code></a>)</p>`
	bugsAlone = `<p>These versions contain important bug and security fixes.</p><h3>Recommended Action</h3><p>Upgrade.</p><h2>Bug fixes</h2><h3>19.4.1</h3><ul><li>Backport of "Fix CVE-2026-1 leftovers"</li></ul>`
)

func row(title, severity string) string {
	return "<tr><td><a href=\"#x\">" + title + "</a></td>\n<td> " + severity + " </td></tr>"
}

func TestFixesInPosts(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<div><table><tr><td>", 50_000)
	for _, c := range []struct {
		name, body string
		want       findings
	}{
		{"a table", fmt.Sprintf(tableOf, row("DoS", "Medium")+row("XSS", "High")+row("Leak", "low")), findings{true, "high", true}},
		{"the gravest of table and score", fmt.Sprintf(tableOf, row("Traversal", "High")) + fmt.Sprintf(cveBlock, "10.0"), findings{true, "critical", true}},
		{"a heading alone", fmt.Sprintf(cveBlock, "9.9"), findings{true, "critical", true}},
		{"a score of 8.9 is high", fmt.Sprintf(cveBlock, "8.9"), findings{true, "high", true}},
		{"a score of 4.0 is medium", fmt.Sprintf(cveBlock, "4.0"), findings{true, "medium", true}},
		{"a score of 3.9 is low", fmt.Sprintf(cveBlock, "3.9"), findings{true, "low", true}},
		{"a score that is none", fmt.Sprintf(cveBlock, "11.0"), findings{true, "", true}},
		{"a score that is said in words", `<h3>CVE-2026-1234 - x</h3><p>CVSS: soon</p>`, findings{true, "", true}},
		{"as it was before 2025", `<h2>Table of fixes</h2><table><tr><th>Title</th><th>Severity</th></tr>` + row("x", "Critical") + `</table><h3>Account takeover</h3><p>An issue. This is a critical severity issue (<code>CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:N</code>, 10.0).</p>`, findings{true, "critical", true}},
		{"only the words of then", `<h2>Security fixes</h2><h3>Account takeover</h3><p>This is a high severity issue (<code>CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:N</code>, 8.5).</p>`, findings{true, "high", true}},
		{"a table without thead", `<h2>Security fixes</h2><table><tr><td>Title</td><td><b>Severity</b></td></tr><tr><td>x</td><td>High</td></tr></table>`, findings{true, "high", true}},
		{"columns the other way round", `<h2>Security fixes</h2><table><tr><th>SEVERITY</th><th>Title</th></tr><tr><td>HIGH</td><td>x</td></tr></table>`, findings{true, "high", true}},
		{"tags that are not closed", `<h2>Security fixes<table><tr><th>Title<th>Severity<tr><td>x<td>Medium<tr><td>y<td>High`, findings{true, "high", true}},
		{"a severity nobody knows", fmt.Sprintf(tableOf, row("x", "Severe")), findings{true, "", true}},
		{"bugs alone", bugsAlone, findings{false, "", true}},
		{"a table of other things", `<h2>Bug fixes</h2><table><tr><th>Title</th><th>Priority</th></tr><tr><td>x</td><td>High</td></tr></table>`, findings{false, "", true}},
		{"a table with its head alone, which is odd", fmt.Sprintf(tableOf, ""), findings{false, "", false}},
		{"fixes in a form that nobody knows", `<h2>Security fixes</h2><p>There are some.</p>`, findings{false, "", false}},
		{"a teaser", `<p>Learn more about GitLab Patch Release: 19.4.1.</p>`, findings{false, "", false}},
		{"nothing", "", findings{}},
		{"a script that looks like it", `<h2>Bug fixes</h2><script>"<h3>CVE-2026-1234</h3>"</script><!-- <h3>CVE-2026-1234</h3> -->`, findings{false, "", true}},
		{"a number in an attribute", `<h2 title="CVE-2026-1234">Bug fixes</h2>`, findings{false, "", true}},
		{"nested without end", deep + `<h2>Bug fixes</h2>`, findings{false, "", true}},
		{"more than is read", `<h2>Bug fixes</h2>` + strings.Repeat("<p>x</p>", 1<<20), findings{false, "", false}},
		{"a tag without end", `<h2>Bug fixes</h2><p class="` + strings.Repeat("x", 2<<20), findings{false, "", false}},
		{"many cells", `<h2>Security fixes</h2><table><tr><th>Title</th><th>Severity</th></tr><tr>` + strings.Repeat("<td>High</td>", 10_000), findings{true, "high", true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, findFixes(c.body), cmp.AllowUnexported(findings{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnnouncementsOfAWorld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	day := func(n int) time.Time { return today.AddDate(0, 0, n) }
	w.Announce(releasesim.Post{Kind: releasesim.Feature, Versions: []string{"19.4.0"}, At: day(-6), Whole: true})
	w.Announce(releasesim.Post{Kind: releasesim.Critical, Versions: []string{"19.4.1", "19.3.3"}, At: day(-1), Whole: true,
		Fixes: []releasesim.Fix{{Title: "Double free", Severity: "High", CVE: "CVE-2026-89078", CVSS: "9.9"}}})
	w.Announce(releasesim.Post{Versions: []string{"19.3.2"}, At: day(-20), Whole: true})
	w.Announce(releasesim.Post{Versions: []string{"19.3.1"}, At: day(-30)})
	w.Announce(releasesim.Post{Title: "GitLab AI Gateway Patch Release: 19.4.1", At: day(0), Whole: true})
	a := must[*Announcements](t)(NewAnnouncements(AnnouncementsOptions{Web: web(),
		Feeds: []string{w.url + "/releases/patch-releases.xml", w.url + "/all-releases.xml"}})) // the second is an old address
	got := must[[]workflow.Announcement](t)(a.Announcements(t.Context()))
	want := []workflow.Announcement{
		{Title: "GitLab Critical Patch Release: 19.4.1, 19.3.3", URL: w.url + "/releases/patches/gitlab-critical-patch-release-19-4-1-19-3-3/", At: day(-1),
			Versions: []workflow.Version{version("19.4.1"), version("19.3.3")}, Kind: workflow.AnnouncesCritical, Fixes: true, Whole: true, Severity: "critical"},
		{Title: "GitLab 19.4 release notes", URL: w.url + "/releases/gitlab-19-4-release-notes/", At: day(-6), Versions: []workflow.Version{version("19.4.0")}, Kind: workflow.AnnouncesRelease, Whole: true},
		{Title: "GitLab Patch Release: 19.3.2", URL: w.url + "/releases/patches/gitlab-patch-release-19-3-2/", At: day(-20), Versions: []workflow.Version{version("19.3.2")}, Kind: workflow.AnnouncesPatch, Whole: true},
		{Title: "GitLab Patch Release: 19.3.1", URL: w.url + "/releases/patches/gitlab-patch-release-19-3-1/", At: day(-30), Versions: []workflow.Version{version("19.3.1")}, Kind: workflow.AnnouncesPatch},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// feedOf is a feed of entries.
func feedOf(entries ...string) string {
	return `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Releases</title>` + strings.Join(entries, "\n") + `</feed>`
}

// entryOf is an entry as GitLab's feeds have them.
func entryOf(title, content string) string {
	return `<entry><title>` + title + `</title><link href="https://docs.example.com/x" rel="alternate"/><id>x</id><published>2026-09-23T00:00:00+02:00</published><updated>2026-09-24T00:00:00Z</updated>` + content + `</entry>`
}

func feedReader(t testing.TB, address string, entries int) *Announcements {
	t.Helper()
	return must[*Announcements](t)(NewAnnouncements(AnnouncementsOptions{Feeds: []string{address}, Entries: entries, Web: web()}))
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	patch := entryOf("GitLab Patch Release: 19.4.1", `<content type="html">&lt;h2&gt;Security fixes&lt;/h2&gt;&lt;h3&gt;CVE-2026-1234 - x&lt;/h3&gt;</content>`)
	for _, c := range []struct {
		name, feed string
		want       []string // titles, with * where it is whole and ! where it fixes
		wrong      string
	}{
		{"as it should be", feedOf(patch), []string{"GitLab Patch Release: 19.4.1*!"}, ""},
		{"text in CDATA", feedOf(entryOf("GitLab Patch Release: 19.4.1", `<content type="html"><![CDATA[<h2>Bug fixes</h2>]]></content>`)), []string{"GitLab Patch Release: 19.4.1*"}, ""},
		{"text in XHTML", feedOf(entryOf("GitLab Patch Release: 19.4.1", `<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><h2>CVE-2026-1234 - x</h2></div></content>`)), []string{"GitLab Patch Release: 19.4.1*!"}, ""},
		{"plain text proves nothing", feedOf(entryOf("GitLab Patch Release: 19.4.1", `<content>&lt;h2&gt;Bug fixes&lt;/h2&gt;</content>`)), []string{"GitLab Patch Release: 19.4.1"}, ""},
		{"a summary proves nothing", feedOf(entryOf("GitLab Patch Release: 19.4.1", `<summary type="html">&lt;h2&gt;Bug fixes&lt;/h2&gt;</summary>`)), []string{"GitLab Patch Release: 19.4.1"}, ""},
		{"a security release says so itself", feedOf(entryOf("GitLab Security Release: 16.7.2", "")), []string{"GitLab Security Release: 16.7.2!"}, ""},
		{"a title in HTML over lines", feedOf(strings.Replace(patch, "<title>GitLab Patch", "<title type=\"html\">\n GitLab&amp;#32;Patch", 1)), []string{"GitLab Patch Release: 19.4.1*!"}, ""},
		{"twice the same", feedOf(patch, patch), []string{"GitLab Patch Release: 19.4.1*!"}, ""},
		{"posts about other things", feedOf(entryOf("GitLab AI Gateway Patch Release: 19.4.1", ""), entryOf("Hello", "")), nil, ""},
		{"no posts", feedOf(), nil, ""},
		{"cut in a post", feedOf(patch, patch)[:len(feedOf(patch))+100], []string{"GitLab Patch Release: 19.4.1*!"}, "it breaks off in line 2"},
		{"cut between posts", strings.TrimSuffix(feedOf(patch), "</feed>"), []string{"GitLab Patch Release: 19.4.1*!"}, "it breaks off in line 1"},
		{"a web page", "<!DOCTYPE html><html><head><title>Sign in</title></head></html>", nil, `it is no Atom feed: it begins with "html"`},
		{"a feed of another kind", `<rss version="2.0"><channel></channel></rss>`, nil, `it begins with "rss"`},
		{"a feed without its name space", `<feed><entry><title>GitLab Patch Release: 19.4.1</title></entry></feed>`, nil, "it is no Atom feed"},
		{"bytes", "\x00\x01\x02", nil, "is no XML"},
		{"nothing", "", nil, "it is empty"},
		{"an entity that grows", `<!DOCTYPE f [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + feedOf(entryOf("GitLab &b;", "")), nil, "is no XML"},
		{"another encoding", strings.Replace(feedOf(patch), "utf-8", "utf-16", 1), nil, `it is written in "utf-16"`},
		{"nested without end", feedOf(strings.Repeat("<a>", 10_000)), nil, "nested too deep"},
		{"an entry that is nested without end", feedOf(patch, "<entry><content>"+strings.Repeat("<a>", 20_000)), []string{"GitLab Patch Release: 19.4.1*!"}, "feed of announcements"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			posts, err := feedReader(t, servingText(t, c.feed), 0).Announcements(t.Context())
			var got []string
			for _, p := range posts {
				s := p.Title
				if p.Whole {
					s += "*"
				}
				if p.Fixes {
					s += "!"
				}
				got = append(got, s)
				if p.URL != "https://docs.example.com/x" || !p.At.Equal(time.Date(2026, 9, 22, 22, 0, 0, 0, time.UTC)) {
					t.Errorf("%+v", p)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
			if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("%v, want %q", err, c.wrong)
			}
		})
	}
}

// TestFeedsWithoutEnd holds that the newest posts of a feed count, however long it
// is.
func TestFeedsWithoutEnd(t *testing.T) {
	t.Parallel()
	long := serving(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.TrimSuffix(feedOf(), "</feed>"))
		for n := 0; r.Context().Err() == nil; n++ {
			if _, err := io.WriteString(w, entryOf(fmt.Sprintf("GitLab Patch Release: 19.4.%d", n), `<content type="html">`+strings.Repeat("x", 100_000)+`</content>`)); err != nil {
				return
			}
		}
	})
	if got := must[[]workflow.Announcement](t)(feedReader(t, long, 7).Announcements(t.Context())); len(got) != 7 {
		t.Errorf("%d posts, want 7", len(got))
	}
	if got := must[[]workflow.Announcement](t)(feedReader(t, long, 0).Announcements(t.Context())); len(got) != 8<<20/100_500 {
		t.Errorf("%d posts in 8 MB, want %d", len(got), 8<<20/100_500)
	}
}

func TestAddressesOfPosts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ link, want string }{
		{`<link href="/a"/>`, "/a"},
		{`<link rel="self" href="/b"/><link rel="alternate" href="/a"/>`, "/a"},
		{`<link href="javascript:alert(1)"/>`, ""},
		{`<link href="https://me:hush@example.com/"/>`, ""},
		{`<link href="https://example.com/` + strings.Repeat("x", 1000) + `"/>`, ""},
		{`<link href="::"/>`, ""},
		{``, ""},
	} {
		address := servingText(t, feedOf(`<entry><title>GitLab Patch Release: 19.4.1</title>`+c.link+`</entry>`))
		got := must[[]workflow.Announcement](t)(feedReader(t, address, 0).Announcements(t.Context()))
		want := c.want
		if want != "" {
			want = address + want
		}
		if len(got) != 1 || got[0].URL != want || !got[0].At.IsZero() {
			t.Errorf("%.80s: %+v, want %q", c.link, got, want)
		}
	}
}

// A feed that has not changed is not read again.
func TestAFeedIsAskedForWhatHasChanged(t *testing.T) {
	t.Parallel()
	whole, same := 0, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"1"` {
			same++
			w.WriteHeader(http.StatusNotModified)
			return
		}
		whole++
		w.Header().Set("ETag", `"1"`)
		io.WriteString(w, `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>GitLab Patch Release: 19.4.1</title><updated>2026-11-20T10:00:00Z</updated></entry></feed>`)
	}))
	defer server.Close()
	a, err := NewAnnouncements(AnnouncementsOptions{Feeds: []string{server.URL + "/releases.xml"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		posts, err := a.Announcements(t.Context())
		if err != nil || len(posts) != 1 || posts[0].Title != "GitLab Patch Release: 19.4.1" {
			t.Fatalf("%v, %v", posts, err)
		}
	}
	if whole != 1 || same != 2 {
		t.Errorf("it was sent %d times, and %d times not", whole, same)
	}
}
