package releases

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// AnnouncementsOptions are what [Announcements] are made with.
type AnnouncementsOptions struct {
	// Feeds are the addresses of the feeds, such as
	// https://docs.gitlab.com/releases/patch-releases.xml; one at least. A post that
	// is in several is one.
	Feeds []string
	// Product is the name with which titles begin. Defaults to "GitLab".
	Product string
	// Entries is how many posts of a feed are read, whatever they are about.
	// Defaults to 200.
	Entries int
	Web     Web
}

// Announcements reads feeds. It is safe for concurrent use.
type Announcements struct {
	fetch   *fetcher
	feeds   []*feed
	titles  titles
	entries int
}

// feed is one feed, and the posts about releases that it had when it was read last.
type feed struct {
	at *url.URL

	mu    sync.Mutex
	last  revision
	posts []workflow.Announcement
}

var _ maintenance.Announcements = (*Announcements)(nil)

// feedLimit bounds a feed. GitLab's longest has 3.6 MB.
var feedLimit = limit{wire: 8 << 20, unpacked: 8 << 20}

const sourceAnnouncements = "the feed of announcements"

// NewAnnouncements returns a reader. It asks nothing; what cannot be right is an
// error.
func NewAnnouncements(o AnnouncementsOptions) (*Announcements, error) {
	f, err := newFetcher(sourceAnnouncements, o.Web, feedLimit)
	if err != nil {
		return nil, err
	}
	if len(o.Feeds) == 0 {
		return nil, errors.New("no feed of announcements is given")
	}
	if o.Entries < 0 {
		return nil, errors.New("the number of posts to read is below zero")
	}
	a := &Announcements{fetch: f, entries: cmp.Or(o.Entries, 200)}
	for _, address := range o.Feeds {
		u, err := parseAddress("a feed of announcements", address)
		if err != nil {
			return nil, err
		}
		a.feeds = append(a.feeds, &feed{at: u})
	}
	if a.titles, err = newTitles(cmp.Or(o.Product, "GitLab")); err != nil {
		return nil, err
	}
	return a, nil
}

// mostAnnouncements is how many posts are returned.
const mostAnnouncements = 300

// Announcements implements [maintenance.Announcements]. A feed that is longer than
// is read is no error: the newest posts come first. What came before a feed broke
// off, and what other feeds say, is returned beside the error.
func (a *Announcements) Announcements(ctx context.Context) ([]workflow.Announcement, error) {
	var out []workflow.Announcement
	var wrong []error
	for _, feed := range a.feeds {
		posts, err := a.read(ctx, feed)
		for _, p := range posts {
			i := slices.IndexFunc(out, func(have workflow.Announcement) bool {
				return have.Title == p.Title && (have.URL == p.URL || have.At.Equal(p.At))
			})
			switch {
			case i < 0:
				out = append(out, p)
			case p.Whole && !out[i].Whole: // one feed has the text, and the other a teaser
				out[i] = p
			}
		}
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	slices.SortStableFunc(out, func(a, b workflow.Announcement) int { return b.At.Compare(a.At) })
	return out[:min(len(out), mostAnnouncements)], errors.Join(wrong...)
}

// read are the posts of one feed that are about releases. It is read anew when it has
// changed.
func (a *Announcements) read(ctx context.Context, f *feed) ([]workflow.Announcement, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []workflow.Announcement
	header := http.Header{"Accept": {"application/atom+xml, application/xml;q=0.9"}}
	f.last.ask(header)
	err := a.fetch.get(ctx, f.at, header, func(resp *http.Response, body io.Reader) error {
		if same, err := f.last.isStill(resp); same || err != nil {
			out = f.posts
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("it answers %d, which was not asked for", resp.StatusCode)
		}
		count := 0
		err := eachEntry(body, resp.Request.URL, func(e *entry) bool {
			if p, ok := a.announcement(e); ok {
				out = append(out, p)
			}
			count++
			return count < a.entries
		})
		if err == nil {
			f.last, f.posts = revisionOf(resp), out
		}
		return err
	})
	return slices.Clone(out), err
}

// announcement reads a post; false when it is not about releases of the product.
func (a *Announcements) announcement(e *entry) (workflow.Announcement, bool) {
	versions, kind, secure, ok := a.titles.read(e.title)
	if !ok {
		return workflow.Announcement{}, false
	}
	found := findFixes(e.body)
	return workflow.Announcement{Title: e.title, URL: e.url, At: e.at, Versions: versions, Kind: kind,
		Fixes: found.fixes || secure, Whole: found.whole, Severity: found.severity}, true
}
