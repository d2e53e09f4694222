package gitlabsim

import (
	"net/http"
	"slices"
)

// relatedJSON is API::Entities::RelatedIssue: an issue, and the link to it.
type relatedJSON struct {
	issueJSON
	LinkID      int64  `json:"issue_link_id"`
	LinkType    string `json:"link_type"`
	LinkCreated moment `json:"link_created_at"`
	LinkUpdated moment `json:"link_updated_at"`
}

// linkJSON is API::Entities::IssueLink.
type linkJSON struct {
	ID     int64      `json:"id"`
	Source issueBasic `json:"source_issue"`
	Target issueBasic `json:"target_issue"`
	Type   string     `json:"link_type"`
}

func (q *request) linkJSON(l *link) linkJSON {
	as := func(it *item) issueBasic { return q.s.issue(it, q.user, shown{within: it.project}).issueBasic }
	return linkJSON{ID: l.id, Source: as(l.source), Target: as(l.target), Type: l.kind}
}

func listLinks(q *request) (any, error) {
	p, it, err := q.issue()
	if err != nil {
		return nil, err
	}
	out := []relatedJSON{}
	for _, l := range it.links {
		other, kind := l.other(it)
		if other.canRead(q.user) {
			out = append(out, relatedJSON{q.s.issue(other, q.user, shown{within: p}), l.id, kind, moment(l.created), moment(l.updated)})
		}
	}
	return out, nil
}

func createLink(q *request) (any, error) {
	for _, name := range []string{"target_project_id", "target_issue_iid"} {
		if !q.params.has(name) {
			return nil, fault(name + " is missing")
		}
	}
	kind, err := q.params.one("link_type", "relates_to", "relates_to", "blocks", "is_blocked_by")
	if err != nil {
		return nil, err
	}
	_, source, err := q.issue()
	if err != nil {
		return nil, err
	}
	id, err := q.params.str("target_project_id")
	if err != nil {
		return nil, err
	}
	p, err := q.projectCalled(id)
	if err != nil {
		return nil, err
	}
	iid, err := q.params.str("target_issue_iid")
	if err != nil {
		return nil, err
	}
	target, err := q.issueOf(p, "target_issue_iid", iid)
	if err != nil {
		return nil, err
	}
	l, err := q.s.link(source, target, q.user, kind)
	if err != nil {
		return nil, err
	}
	return created{q.linkJSON(l)}, nil
}

// link relates two issues (app/services/issuable_links/create_service.rb).
func (s *Server) link(source, target *item, who *user, kind string) (*link, error) {
	switch {
	case source == target:
		return nil, message(http.StatusNotFound, "No matching issue found. Make sure that you are adding a valid issue URL.")
	case slices.ContainsFunc(source.links, func(l *link) bool { o, _ := l.other(source); return o == target }):
		return nil, message(http.StatusConflict, "Issue(s) already assigned")
	case kind != "relates_to" && !s.opts.Premium:
		return nil, message(http.StatusForbidden, "Blocked issues not available for current license")
	case !source.project.does(who, Guest) || !target.project.does(who, Guest):
		return nil, message(http.StatusForbidden, "Couldn't link issues. You must have at least the Guest role in both projects.")
	}
	now := s.now()
	l := &link{id: s.ids.next("link"), source: source, target: target, kind: kind, created: now, updated: now}
	if kind == "is_blocked_by" {
		l.source, l.target, l.kind = target, source, "blocks"
	}
	source.links, target.links = append(source.links, l), append(target.links, l)
	for _, it := range []*item{source, target} {
		other, kind := l.other(it)
		body, action := "marked this issue as related to ", "relate"
		switch kind {
		case "blocks":
			body, action = "marked this issue as blocking ", "block"
		case "is_blocked_by":
			body, action = "marked this issue as blocked by ", "blocked_by"
		}
		s.systemNote(it, who, action, body+other.from(it.project))
		s.touch(it)
	}
	return l, nil
}

func (q *request) link() (*item, *link, error) {
	_, it, err := q.issue()
	if err != nil {
		return nil, nil, err
	}
	id, _, err := asInteger("issue_link_id", q.path["issue_link_id"])
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(it.links, func(l *link) bool { return l.id == id })
	if i < 0 {
		return nil, nil, noRecord()
	}
	if other, _ := it.links[i].other(it); !other.canRead(q.user) {
		return nil, nil, noRecord()
	}
	return it, it.links[i], nil
}

func getLink(q *request) (any, error) {
	_, l, err := q.link()
	if err != nil {
		return nil, err
	}
	return q.linkJSON(l), nil
}

func deleteLink(q *request) (any, error) {
	_, l, err := q.link()
	if err != nil {
		return nil, err
	}
	if !l.source.project.does(q.user, Guest) || !l.target.project.does(q.user, Guest) {
		return nil, message(http.StatusNotFound, "No Issue Link found")
	}
	out := q.linkJSON(l)
	q.s.unlink(l)
	for _, it := range []*item{l.source, l.target} {
		other, _ := l.other(it)
		q.s.systemNote(it, q.user, "unrelate", "removed the relation with "+other.from(it.project))
		q.s.touch(it)
	}
	return out, nil
}

func (s *Server) unlink(l *link) {
	for _, it := range []*item{l.source, l.target} {
		it.links = slices.DeleteFunc(it.links, func(x *link) bool { return x == l })
	}
}
