package gitlabsim

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

type tag struct {
	name, message, target string
	created               time.Time
	author                *user
}

type release struct {
	tag               *tag
	name, description string
	released, created time.Time
	author            *user
}

// Tag is a tag of a project's repository.
type Tag struct {
	Path    string // of the project
	Name    string // may hold + and /
	Message string // "" is a lightweight tag, anything else an annotated one
	Author  string // the username of who committed; "" is nobody's
	At      time.Time
}

// Release is a release of a project, at a tag of the same project.
type Release struct {
	Path        string // of the project
	Tag         string
	Name        string // "" is the tag's
	Description string
	Author      string // username
	At          time.Time
}

// AddTag adds a tag. It panics when the project or author is not there or the
// name is taken.
func (s *Server) AddTag(t Tag) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, _ := s.mustPlace(t.Path)
	if p == nil || t.Name == "" || p.tag(t.Name) != nil {
		panic("gitlabsim: the tag " + t.Name + " has no project or no name, or it is taken")
	}
	made := &tag{name: t.Name, message: t.Message, target: commit(p.full() + t.Name), created: t.At.UTC()}
	if t.At.IsZero() {
		made.created = s.now()
	}
	if t.Author != "" {
		made.author = s.mustUser(t.Author)
	}
	p.tags = append(p.tags, made)
}

// AddRelease adds a release. It panics when the project, tag or author is not
// there.
func (s *Server) AddRelease(r Release) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, _ := s.mustPlace(r.Path)
	if p == nil || p.tag(r.Tag) == nil {
		panic("gitlabsim: the release " + r.Tag + " has no project, or no tag there")
	}
	made := &release{tag: p.tag(r.Tag), name: cmp.Or(r.Name, r.Tag), description: r.Description, released: r.At.UTC(), created: s.now()}
	if r.At.IsZero() {
		made.released = s.now()
	}
	if r.Author != "" {
		made.author = s.mustUser(r.Author)
	}
	p.releases = append(p.releases, made)
}

func (p *project) tag(name string) *tag {
	if i := slices.IndexFunc(p.tags, func(t *tag) bool { return t.name == name }); i >= 0 {
		return p.tags[i]
	}
	return nil
}

// commitJSON is API::Entities::Commit.
type commitJSON struct {
	ID             string            `json:"id"`
	ShortID        string            `json:"short_id"`
	CreatedAt      moment            `json:"created_at"`
	ParentIDs      []string          `json:"parent_ids"`
	Title          string            `json:"title"`
	Message        string            `json:"message"`
	AuthorName     string            `json:"author_name"`
	AuthorEmail    string            `json:"author_email"`
	AuthoredDate   moment            `json:"authored_date"`
	CommitterName  string            `json:"committer_name"`
	CommitterEmail string            `json:"committer_email"`
	CommittedDate  moment            `json:"committed_date"`
	Trailers       map[string]string `json:"trailers"`
	Extended       map[string]any    `json:"extended_trailers"`
	WebURL         string            `json:"web_url"`
}

func (s *Server) commit(p *project, t *tag) commitJSON {
	c := commitJSON{ID: t.target, ShortID: t.target[:8], CreatedAt: moment(t.created), ParentIDs: []string{}, Title: "Release " + t.name,
		Message: "Release " + t.name + "\n", AuthorName: "Nobody", AuthorEmail: "nobody@example.com", AuthoredDate: moment(t.created),
		CommittedDate: moment(t.created), Trailers: map[string]string{}, Extended: map[string]any{},
		WebURL: s.baseURL() + "/" + p.full() + "/-/commit/" + t.target}
	if t.author != nil {
		c.AuthorName, c.AuthorEmail = t.author.name, t.author.email
	}
	c.CommitterName, c.CommitterEmail = c.AuthorName, c.AuthorEmail
	return c
}

type tagRelease struct {
	TagName     string `json:"tag_name"`
	Description string `json:"description"`
}

// tagJSON is API::Entities::Tag. target is the tag's own object when it is
// annotated, and the commit otherwise.
type tagJSON struct {
	Name      string      `json:"name"`
	Message   nullable    `json:"message"`
	Target    string      `json:"target"`
	Commit    commitJSON  `json:"commit"`
	Release   *tagRelease `json:"release"`
	Protected bool        `json:"protected"`
	CreatedAt moment      `json:"created_at"` // null for a lightweight tag
}

func (s *Server) tag(p *project, t *tag) tagJSON {
	out := tagJSON{Name: t.name, Message: nullable(t.message), Target: t.target, Commit: s.commit(p, t)}
	if t.message != "" {
		out.Target, out.CreatedAt = commit(t.target+t.message), moment(t.created)
	}
	for _, r := range p.releases {
		if r.tag == t {
			out.Release = &tagRelease{t.name, r.description}
		}
	}
	return out
}

// code is the project that the path names, when the reader sees its code:
// guests of a private project do not.
func (q *request) code() (*project, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	if p.visibility == Private && !p.does(q.user, Planner) {
		return nil, forbidden()
	}
	return p, nil
}

func listTags(q *request) (any, error) {
	p, err := q.code()
	if err != nil {
		return nil, err
	}
	by, err := q.params.one("order_by", "updated", "name", "updated", "version")
	if err != nil {
		return nil, err
	}
	sort, err := q.params.one("sort", "desc", "asc", "desc")
	if err != nil {
		return nil, err
	}
	search, err := q.params.str("search")
	if err != nil {
		return nil, err
	}
	start, begins := strings.CutPrefix(search, "^")
	finish, ends := strings.CutSuffix(search, "$")
	all := slices.DeleteFunc(slices.Clone(p.tags), func(t *tag) bool {
		switch {
		case begins:
			return !strings.HasPrefix(t.name, start)
		case ends:
			return !strings.HasSuffix(t.name, finish)
		}
		return !strings.Contains(strings.ToLower(t.name), strings.ToLower(search))
	})
	slices.SortStableFunc(all, func(a, b *tag) int {
		d := strings.Compare(a.name, b.name)
		switch by {
		case "updated":
			d = a.created.Compare(b.created)
		case "version":
			d = compareVersions(a.name, b.name)
		}
		if sort == "desc" {
			d = -d
		}
		return d
	})
	page, err := paginate(q, all)
	if err != nil {
		return nil, err
	}
	out := make([]tagJSON, 0, len(page))
	for _, t := range page {
		out = append(out, q.s.tag(p, t))
	}
	return out, nil
}

// compareVersions compares names with the numbers in them as numbers.
func compareVersions(a, b string) int {
	number := func(s string) (digits, rest string) {
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return s[:i], s[i:]
	}
	for a != "" && b != "" {
		m, restA := number(a)
		n, restB := number(b)
		if m == "" || n == "" {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		m, n = strings.TrimLeft(m, "0"), strings.TrimLeft(n, "0")
		if d := cmp.Or(cmp.Compare(len(m), len(n)), strings.Compare(m, n)); d != 0 {
			return d
		}
		a, b = restA, restB
	}
	return cmp.Compare(len(a), len(b))
}

func getTag(q *request) (any, error) {
	p, err := q.code()
	if err != nil {
		return nil, err
	}
	t := p.tag(q.path["tag_name"])
	if t == nil {
		return nil, notFound("Tag")
	}
	return q.s.tag(p, t), nil
}
