package gitlab

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	gl "gitlab.com/gitlab-org/api/client-go/v2"
)

const routeTags = "/projects/:id/repository/tags"

// TagOptions are what a [TagReader] is made with. They print without the token.
type TagOptions struct {
	// Options say where GitLab is and how it is asked. The token may be empty:
	// everybody may read the tags of a public project, unless the server says
	// otherwise. It needs the scope read_api.
	Options
	// Project is the path of the project, or its id.
	Project string
	// Pages is how many pages of 100 tags are read at most. Defaults to 3.
	Pages int
}

// TagReader reads the tags of a project, with a token or without. It is made by
// [NewTagReader] and safe for concurrent use.
type TagReader struct {
	client  *Client
	project any
	pages   int64
}

// NewTagReader returns a reader. It asks GitLab nothing; what cannot be right is
// an error.
func NewTagReader(o TagOptions) (*TagReader, error) {
	project, err := projectOf(o.Project)
	if err != nil {
		return nil, errors.New("the project whose tags are read is none: give its path, such as group/project, or its id")
	}
	if o.Pages < 0 {
		return nil, errors.New("the number of pages of tags is below zero")
	}
	token, err := parseToken(o.Token)
	if err != nil {
		return nil, err
	}
	auth := gl.AuthSource(gl.Unauthenticated{})
	if token != "" {
		auth = source(token)
	}
	c, err := assemble(o.Options, token, auth)
	if err != nil {
		return nil, err
	}
	return &TagReader{client: c, project: project, pages: int64(cmp.Or(o.Pages, 3))}, nil
}

// LogValue is what is logged of the reader.
func (r *TagReader) LogValue() slog.Value { return r.client.LogValue() }

// EachTag hands over the tags, the newest first, as many as there are on the pages
// that are read: the name, and when the tag was made. A lightweight tag does not say
// that, and has the time of its commit; zero when GitLab says neither. A tag that a
// new one pushed onto the next page is handed over once.
func (r *TagReader) EachTag(ctx context.Context, yield func(name string, at time.Time)) error {
	seen := map[string]bool{}
	for n := int64(1); n <= r.pages; n++ {
		list, more, err := many(ctx, r.client, routeTags, func(opt gl.RequestOptionFunc) ([]*gl.Tag, *gl.Response, error) {
			return r.client.api.Tags.ListTags(r.project, &gl.ListTagsOptions{ListOptions: page(n), OrderBy: new("updated"), Sort: new("desc")}, opt)
		})
		if err != nil {
			return err
		}
		for _, t := range list {
			if t.Name == "" || seen[t.Name] {
				continue
			}
			seen[t.Name] = true
			yield(t.Name, madeAt(t))
		}
		if !more {
			return nil
		}
	}
	return nil
}

// madeAt is when a tag was made, or its commit.
func madeAt(t *gl.Tag) time.Time {
	if t.CreatedAt != nil && !t.CreatedAt.IsZero() {
		return t.CreatedAt.UTC()
	}
	if t.Commit == nil {
		return time.Time{}
	}
	for _, at := range []*time.Time{t.Commit.CommittedDate, t.Commit.CreatedAt} {
		if at != nil && !at.IsZero() {
			return at.UTC()
		}
	}
	return time.Time{}
}

// parseToken reads a token, which may be empty. One with a line break in it would
// be a header of its own.
func parseToken(token string) (string, error) {
	token = strings.TrimSpace(token)
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errors.New("the token has characters that no token of GitLab has")
	}
	return token, nil
}

// scrubbing takes a token out of texts.
func scrubbing(token string) func(string) string {
	if token == "" {
		return func(s string) string { return s }
	}
	return func(s string) string { return strings.ReplaceAll(s, token, "[token]") }
}
