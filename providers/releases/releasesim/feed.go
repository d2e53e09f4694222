package releasesim

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"time"
)

// This file is the feeds, in the format Atom (RFC 4287), and the posts in them, in
// the form that GitLab's have had since 2025.

// Kind is what kind of post it is.
type Kind string

// The kinds of posts.
const (
	Feature  Kind = "release"  // a release with new features
	Patch    Kind = "patch"    // a patch release
	Critical Kind = "critical" // one that must not wait
)

// Post is a post that announces releases.
type Post struct {
	Kind     Kind     // defaults to Patch
	Title    string   // takes the place of the title that the kind and the versions make
	Versions []string // "19.4.1"; the first is the newest
	Fixes    []Fix    // of security
	At       time.Time
	Whole    bool // the feed has the text of the post, and not only a summary of it
}

// Fix is a fix of security, as a post lists it.
type Fix struct {
	Title    string
	Severity string // "Critical", "High", "Medium" or "Low"
	CVE      string // "CVE-2026-85706"; empty when it has none yet
	CVSS     string // "9.9"; empty when it is not said
}

// post is a post with what is made of it.
type post struct {
	Post
	title, link string
}

// Announce publishes a post. It panics when one of the versions is none.
func (s *Server) Announce(p Post) {
	for _, v := range p.Versions {
		mustVersion(v)
	}
	p.Versions = slices.Clone(p.Versions)
	p.Fixes = slices.Clone(p.Fixes)
	p.Kind = cmp.Or(p.Kind, Patch)
	if p.At.IsZero() {
		p.At = s.opts.Now()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	made := post{Post: p, title: p.Title}
	if made.title == "" {
		made.title = titleOf(s.opts.Product, p)
	}
	slug := strings.ToLower(strings.Join(strings.FieldsFunc(made.title, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
	}), "-"))
	made.link = "/releases/patches/" + slug + "/"
	if p.Kind == Feature {
		made.link = "/releases/" + slug + "/"
	}
	s.posts = append(s.posts, made)
	s.touch()
}

// titleOf is the title that GitLab gives such a post.
func titleOf(product string, p Post) string {
	list := strings.Join(p.Versions, ", ")
	switch p.Kind {
	case Feature:
		if len(p.Versions) > 0 {
			v := mustVersion(p.Versions[0])
			return fmt.Sprintf("%s %d.%d release notes", product, v.major, v.minor)
		}
		return product + " release notes"
	case Critical:
		return product + " Critical Patch Release: " + list
	}
	return product + " Patch Release: " + list
}

// body is the text of a post, in HTML.
func (p post) body(product string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<p>On %s, we released versions %s for %s Community Edition (CE) and Enterprise Edition (EE).</p>\n",
		p.At.UTC().Format("January 2, 2006"), html.EscapeString(strings.Join(p.Versions, ", ")), html.EscapeString(product))
	if p.Kind == Feature {
		b.WriteString("<h2 id=\"primary-features\">Primary features</h2>\n<h3>More of everything</h3>\n<p>There is more of everything.</p>\n")
		return b.String()
	}
	b.WriteString("<p>These versions contain important bug and security fixes, and we strongly recommend that all self-managed installations be upgraded.</p>\n" +
		"<h3 id=\"recommended-action\">Recommended Action</h3>\n<p>We <strong>strongly recommend</strong> to upgrade.</p>\n")
	if len(p.Fixes) > 0 {
		b.WriteString("<h2 id=\"security-fixes\">Security fixes</h2>\n<h3 id=\"table-of-security-fixes\">Table of security fixes</h3>\n" +
			"<table>\n<thead>\n<tr>\n<th>Title</th>\n<th>Severity</th>\n</tr>\n</thead>\n<tbody>\n")
		for _, f := range p.Fixes {
			fmt.Fprintf(&b, "<tr>\n<td><a href=\"#%s\">%s</a></td>\n<td>%s</td>\n</tr>\n", strings.ToLower(f.CVE), html.EscapeString(f.heading()), html.EscapeString(f.Severity))
		}
		b.WriteString("</tbody>\n</table>\n")
		for _, f := range p.Fixes {
			fmt.Fprintf(&b, "<h3 id=\"%s\">%s</h3>\n<p>%s has remediated an issue.</p>\n", strings.ToLower(f.CVE), html.EscapeString(f.heading()), html.EscapeString(product))
			if f.CVSS != "" {
				fmt.Fprintf(&b, "<p><strong>CVSS</strong> %s (<code>CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H</code>)</p>\n", html.EscapeString(f.CVSS))
			}
		}
	}
	b.WriteString("<h2 id=\"bug-fixes\">Bug fixes</h2>\n")
	for _, v := range p.Versions {
		fmt.Fprintf(&b, "<h3>%s</h3>\n<ul>\n<li>Backport of a fix</li>\n</ul>\n", html.EscapeString(v))
	}
	return b.String()
}

func (f Fix) heading() string {
	if f.CVE == "" {
		return f.Title
	}
	return f.CVE + " - " + f.Title
}

// feeds are the feeds, by the name of their file, and which posts are in them.
var feeds = map[string]func(Kind) bool{
	"all-releases.xml":   func(Kind) bool { return true },
	"releases.xml":       func(k Kind) bool { return k == Feature },
	"patch-releases.xml": func(k Kind) bool { return k != Feature },
	// Patch and security releases were made one; the old name is kept.
	"security-releases.xml": func(k Kind) bool { return k != Feature },
}

func (s *Server) serveFeed(w http.ResponseWriter, r *http.Request, f Fault) {
	file := strings.TrimPrefix(r.URL.Path, "/releases/")
	in := feeds[file]
	if in == nil {
		http.NotFound(w, r)
		return
	}
	base := s.BaseURL()
	s.mu.Lock()
	posts, changed := slices.DeleteFunc(slices.Clone(s.posts), func(p post) bool { return !in(p.Kind) }), s.changed
	s.mu.Unlock()
	slices.SortStableFunc(posts, func(a, b post) int { return b.At.Compare(a.At) })
	body := feedOf(s.opts.Product, base, file, posts)
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		body = zipped(body)
	}
	send(w, r, body, changed, f)
}

func feedOf(product, base, file string, posts []post) []byte {
	var b bytes.Buffer
	text := func(s string) string {
		var t bytes.Buffer
		xml.EscapeText(&t, []byte(s)) // a buffer takes everything
		return t.String()
	}
	stamp := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>%s</title>\n<id>%s</id>\n<link href=\"%s\" rel=\"self\"/>\n",
		text(product+" releases"), text(base+"/releases/"+file), text(base+"/releases/"+file))
	if len(posts) > 0 {
		fmt.Fprintf(&b, "<updated>%s</updated>\n", stamp(posts[0].At))
	}
	for _, p := range posts {
		fmt.Fprintf(&b, "<entry>\n<title>%s</title>\n<link href=\"%s\" rel=\"alternate\"/>\n<id>%s</id>\n<published>%s</published>\n<updated>%s</updated>\n<author>\n<name>%s</name>\n</author>\n",
			text(p.title), text(base+p.link), text(base+p.link), stamp(p.At), stamp(p.At), text(product))
		if p.Whole {
			fmt.Fprintf(&b, "<content type=\"html\">%s</content>\n", text(p.body(product)))
		} else {
			fmt.Fprintf(&b, "<summary>%s</summary>\n", text("Learn more about "+p.title+"."))
		}
		b.WriteString("</entry>\n")
	}
	b.WriteString("</feed>\n")
	return b.Bytes()
}
