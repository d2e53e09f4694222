package releases

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"cloudimage/workflow"
)

func FuzzTag(f *testing.F) {
	for _, s := range []string{"18.5.0+ee.0", "13.3.0+ee.1", "18.5.0+rc42.ee.0", "1.1.1+ce.sec.1", "18.5.0+ee.0\n", "١٨.٥.٠+ee.0", "018.5.0+ee.0", "99999999999.1.1+ce.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		tag, ok := ParseTag(name)
		if !ok {
			if tag != (workflow.Tag{}) {
				t.Errorf("%q is none, and is %+v", name, tag)
			}
			return
		}
		// What is taken is written in one way.
		v := tag.Version.First().String() + "+" + strings.ToLower(tag.Edition) + "." + rebuildOf(tag.Version)
		if v != name || tag.Name != name {
			t.Errorf("%q is read as %+v, which is %q", name, tag, v)
		}
	})
}

func rebuildOf(v workflow.Version) string {
	_, rebuild, some := strings.Cut(v.String(), "+")
	if !some {
		return "0"
	}
	return rebuild
}

func FuzzIndex(f *testing.F) {
	for _, s := range []string{stanzaOf(), stanzaOf("SHA256"), stanzaOf("Filename: ../x"), stanzaOf() + stanzaOf("Version: 18.5.0-ee.1"), "Package:", " x", "a:b\n\n\nc: d", "\n\r\n:", stanzaOf("Version: 18.5.0")} {
		f.Add([]byte(s))
	}
	w := Wanted{Edition: "EE", Root: "https://packages.example.com/root", Name: "gitlab-ee", Distributions: []string{"noble"}, Architectures: []string{"amd64"}}
	f.Fuzz(func(t *testing.T, text []byte) {
		x := must[[]*index](t)(w.indexes(3))[0]
		of := []workflow.Version{version("18.5.0")}
		offers, _, err := x.offersIn(bytes.NewReader(text), of)
		if err != nil && offers != nil {
			t.Error("an index that is none offers something")
		}
		if len(offers) > 4 {
			t.Errorf("%d offers are kept", len(offers))
		}
		for i, o := range offers {
			if i > 0 && o.Version.Compare(offers[i-1].Version) >= 0 {
				t.Error("the newest is not the first")
			}
			if o.wrong != nil {
				continue
			}
			u, err := url.Parse(o.URL)
			if err != nil || u.Host != "packages.example.com" || !strings.HasPrefix(u.Path, "/root/") || strings.Contains(u.Path, "..") && strings.Contains(u.Path, "/../") || u.RawQuery != "" || u.Fragment != "" {
				t.Errorf("%q leads out of the repository", o.URL)
			}
			if len(o.SHA256) != 64 || strings.ToLower(o.SHA256) != o.SHA256 || o.Size <= 0 || o.Version.IsZero() {
				t.Errorf("%+v", o)
			}
		}
	})
}

func FuzzFeed(f *testing.F) {
	for _, s := range []string{
		feedOf(entryOf("GitLab Patch Release: 19.4.1", `<content type="html">&lt;h2&gt;Security fixes&lt;/h2&gt;&lt;table&gt;&lt;tr&gt;&lt;th&gt;Title&lt;th&gt;Severity&lt;tr&gt;&lt;td&gt;x&lt;td&gt;High</content>`)),
		feedOf(entryOf("GitLab 19.4 release notes", `<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><h3>CVE-2026-1234</h3>CVSS 9.9</div></content>`)),
		feedOf(entryOf("GitLab Critical Security Release: 16.7.2, 16.6.4, and 16.5.6", "")), feedOf("<entry>"), "<rss/>", "",
	} {
		f.Add([]byte(s))
	}
	titles := must[titles](f)(newTitles("GitLab"))
	base := must[*url.URL](f)(url.Parse("https://docs.example.com/releases.xml"))
	f.Fuzz(func(t *testing.T, text []byte) {
		a := &Announcements{titles: titles}
		count := 0
		eachEntry(&bounded{r: bytes.NewReader(text), left: 1 << 20}, base, func(e *entry) bool {
			count++
			if p, ok := a.announcement(e); ok {
				announced(t, p)
			}
			return count < 10
		})
		if count > 10 {
			t.Errorf("%d entries", count)
		}
	})
}

func FuzzPost(f *testing.F) {
	f.Add("GitLab Patch Release: 19.4.1, 19.3.3", cveBlock)
	f.Add("GitLab 18.4 released with x", tableOf)
	f.Add("GitLab Security Release: 1.2.3 and 1.2.4.", bugsAlone)
	f.Add("GitLab Patch Release: 1.2", "<h2>Security fixes</h2><table><tr><th>Severity<tr><td>High</table><h3>x</h3>CVSS:3.1/AV:N, 7.5")
	titles := must[titles](f)(newTitles("GitLab"))
	f.Fuzz(func(t *testing.T, title, body string) {
		if p, ok := (&Announcements{titles: titles}).announcement(&entry{title: title, body: body}); ok {
			announced(t, p)
		}
	})
}

// announced holds a post to what is so of every one.
func announced(t *testing.T, p workflow.Announcement) {
	t.Helper()
	if len(p.Versions) == 0 || len(p.Versions) > mostVersions || p.Kind == "" || len(p.Title) > longestTitle {
		t.Errorf("%+v", p)
	}
	for _, v := range p.Versions {
		if v.IsZero() || v.Rebuild != 0 {
			t.Errorf("%+v", p)
		}
	}
	if p.Severity != "" && !p.Fixes {
		t.Errorf("a severity of nothing: %+v", p)
	}
	if u, err := url.Parse(p.URL); err != nil || p.URL != "" && u.Scheme != "https" && u.Scheme != "http" {
		t.Errorf("%+v", p)
	}
}

func FuzzOpinion(f *testing.F) {
	for _, s := range []string{`{"latest_version":"17.2.2","severity":"danger","critical_vulnerability":true}`, `{"severity":"success","latest_stable_versions":["1.2.3"]}`,
		`{"severity":null}`, `[]`, `{"severity":"warning","latest_version":"17.2.2-ee.1"}`, `{"SEVERITY":"warning","latest_version":"1.2"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var o workflow.Opinion
		if err := readOpinion(text, &o); err != nil {
			if !utf8.ValidString(err.Error()) || len(err.Error()) > 1000 || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%q is no sentence", err)
			}
			return
		}
		if o.Latest.IsZero() || o.Latest.Rebuild != 0 {
			t.Errorf("%+v", o)
		}
		switch o.Standing {
		case workflow.StandingCurrent, workflow.StandingBehind, workflow.StandingInDanger:
		default:
			t.Errorf("%+v", o)
		}
	})
}
