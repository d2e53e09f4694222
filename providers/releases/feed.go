package releases

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"strings"
	"time"
)

// This file reads the form of a feed, Atom (RFC 4287), one entry at a time.

// entry is a post.
type entry struct {
	title string    // on one line, without markup
	url   string    // of the post; empty when it has none that can be opened
	at    time.Time // when it was published, or changed where it does not say; zero for neither
	body  string    // in HTML; empty when only a summary is there
}

// xmlEntry is an entry as it is written.
type xmlEntry struct {
	Title     xmlText   `xml:"http://www.w3.org/2005/Atom title"`
	Links     []xmlLink `xml:"http://www.w3.org/2005/Atom link"`
	Published string    `xml:"http://www.w3.org/2005/Atom published"`
	Updated   string    `xml:"http://www.w3.org/2005/Atom updated"`
	Content   *xmlText  `xml:"http://www.w3.org/2005/Atom content"`
}

type xmlLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
}

// xmlText is a text: plain, HTML that is escaped, or XHTML.
type xmlText struct {
	Type  string `xml:"type,attr"`
	Plain string `xml:",chardata"`
	Inner string `xml:",innerxml"`
}

// mostDepth is how deep a feed may be nested outside of its entries.
const mostDepth = 50

// eachEntry hands over the entries of a feed, until yield says that it is enough
// or the limit of the body is reached; neither is an error. base is the address of
// the feed.
func eachEntry(body io.Reader, base *url.URL, yield func(*entry) bool) error {
	d := xml.NewDecoder(body)
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "us-ascii") {
			return in, nil
		}
		return nil, fmt.Errorf("it is written in %q, and not in UTF-8", short(charset))
	}
	depth, begun := 0, false
	for {
		t, err := d.Token()
		switch {
		case errors.Is(err, errTooLarge):
			if !begun {
				return err
			}
			return nil
		case errors.Is(err, io.EOF) && begun:
			return nil
		case errors.Is(err, io.EOF):
			return errors.New("it is no feed: it is empty")
		case err != nil:
			return notXML(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if !begun {
				if t.Name.Space != "http://www.w3.org/2005/Atom" || t.Name.Local != "feed" {
					return fmt.Errorf("it is no Atom feed: it begins with %q", short(t.Name.Local))
				}
				begun = true
			}
			if depth == 1 && t.Name.Space == "http://www.w3.org/2005/Atom" && t.Name.Local == "entry" {
				var x xmlEntry
				err := d.DecodeElement(&x, &t)
				if errors.Is(err, errTooLarge) {
					return nil // the entry that was cut is left out
				}
				if err != nil {
					return notXML(err)
				}
				if !yield(x.entry(base)) {
					return nil
				}
				continue
			}
			if depth++; depth > mostDepth {
				return errors.New("it is nested too deep to be a feed")
			}
		case xml.EndElement:
			depth--
		}
	}
}

// notXML is an error of the form. The parser's own words are for programmers, and
// repeat what was read.
func notXML(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case !errors.As(err, &syntax):
		return err
	case strings.Contains(syntax.Msg, "unexpected EOF"):
		return fmt.Errorf("it breaks off in line %d: %w", syntax.Line, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("line %d of it is no XML", syntax.Line)
}

func (x *xmlEntry) entry(base *url.URL) *entry {
	e := &entry{title: x.Title.line()}
	for _, text := range []string{x.Published, x.Updated} {
		if at, err := time.Parse(time.RFC3339, strings.TrimSpace(text)); err == nil && e.at.IsZero() {
			e.at = at.UTC()
		}
	}
	for _, l := range x.Links {
		if (l.Rel == "" || l.Rel == "alternate") && e.url == "" {
			e.url = webAddress(base, l.Href)
		}
	}
	if x.Content != nil {
		e.body = x.Content.html()
	}
	return e
}

// line is a text as one line without markup.
func (t xmlText) line() string {
	s := t.Plain
	if strings.EqualFold(t.Type, "html") {
		s = html.UnescapeString(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// html is a text as HTML. Plain text has no headings and so proves nothing.
func (t xmlText) html() string {
	switch strings.ToLower(strings.TrimSpace(t.Type)) {
	case "html", "text/html":
		return t.Plain
	case "xhtml", "application/xhtml+xml":
		return t.Inner
	}
	return ""
}

// longestAddress is how many bytes the address of a post may have.
const longestAddress = 500

// webAddress is an address that people can open, seen from a feed; empty when it
// is none.
func webAddress(base *url.URL, href string) string {
	if len(href) > longestAddress {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return ""
	}
	u = base.ResolveReference(u)
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
