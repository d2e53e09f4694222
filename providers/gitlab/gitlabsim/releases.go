package gitlabsim

import (
	"slices"
)

type assets struct {
	Count   int           `json:"count"`
	Sources []assetSource `json:"sources"`
	Links   []any         `json:"links"`
}

type assetSource struct {
	Format string `json:"format"`
	URL    string `json:"url"`
}

// releaseJSON is API::Entities::Release.
type releaseJSON struct {
	TagName     string            `json:"tag_name"`
	Description string            `json:"description"`
	Name        string            `json:"name"`
	CreatedAt   moment            `json:"created_at"`
	ReleasedAt  moment            `json:"released_at"`
	Upcoming    bool              `json:"upcoming_release"`
	Author      *userBasic        `json:"author"`
	Commit      commitJSON        `json:"commit"`
	Milestones  []*milestoneJSON  `json:"milestones,omitempty"`
	CommitPath  string            `json:"commit_path"`
	TagPath     string            `json:"tag_path"`
	Assets      assets            `json:"assets"`
	Evidences   []any             `json:"evidences"`
	Links       map[string]string `json:"_links"`
}

func (s *Server) release(p *project, r *release) releaseJSON {
	path := "/" + p.full() + "/-/"
	archive := s.baseURL() + path + "archive/" + escape(r.tag.name) + "/" + p.path + "-" + escape(r.tag.name)
	out := releaseJSON{TagName: r.tag.name, Description: r.description, Name: r.name, CreatedAt: moment(r.created), ReleasedAt: moment(r.released),
		Upcoming: r.released.After(s.now()), Author: s.basic(r.author), Commit: s.commit(p, r.tag), CommitPath: path + "commit/" + r.tag.target,
		TagPath: path + "tags/" + escape(r.tag.name), Evidences: []any{}, Assets: assets{Links: []any{}},
		Links: map[string]string{"self": s.baseURL() + path + "releases/" + escape(r.tag.name)}}
	for _, format := range []string{"zip", "tar.gz", "tar.bz2", "tar"} {
		out.Assets.Sources = append(out.Assets.Sources, assetSource{format, archive + "." + format})
	}
	out.Assets.Count = len(out.Assets.Sources)
	return out
}

func listReleases(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	by, err := q.params.one("order_by", "released_at", "released_at", "created_at")
	if err != nil {
		return nil, err
	}
	sort, err := q.params.one("sort", "desc", "asc", "desc")
	if err != nil {
		return nil, err
	}
	all := slices.Clone(p.releases)
	slices.SortStableFunc(all, func(a, b *release) int {
		d := a.released.Compare(b.released)
		if by == "created_at" {
			d = a.created.Compare(b.created)
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
	out := make([]releaseJSON, 0, len(page))
	for _, r := range page {
		out = append(out, q.s.release(p, r))
	}
	return out, nil
}

func getRelease(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	for _, r := range p.releases {
		if r.tag.name == q.path["tag_name"] {
			return q.s.release(p, r), nil
		}
	}
	return nil, noRecord()
}
