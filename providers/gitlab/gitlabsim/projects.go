package gitlabsim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// project is the project that the path names, by number or by path, when the
// reader may see it.
func (q *request) project() (*project, error) { return q.projectCalled(q.path["id"]) }

func (q *request) projectCalled(id string) (*project, error) {
	p := q.s.state.byPath[strings.ToLower(id)]
	if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		p = q.s.state.projects[ProjectID(n)]
	}
	if p == nil || !p.canRead(q.user) {
		return nil, notFound("Project")
	}
	return p, nil
}

func (q *request) group() (*group, error) {
	g := q.s.state.group(q.path["id"])
	if n, err := strconv.ParseInt(q.path["id"], 10, 64); err == nil {
		g = nil
		for _, x := range q.s.state.groups {
			if x.id == n {
				g = x
			}
		}
	}
	if g == nil || !g.canRead(&q.s.state, q.user) {
		return nil, notFound("Group")
	}
	return g, nil
}

type namespaceJSON struct {
	ID       int64    `json:"id"`
	Name     string   `json:"name"`
	Path     string   `json:"path"`
	Kind     string   `json:"kind"`
	FullPath string   `json:"full_path"`
	ParentID *int64   `json:"parent_id"`
	Avatar   nullable `json:"avatar_url"`
	WebURL   string   `json:"web_url"`
}

type accessJSON struct {
	AccessLevel       Access `json:"access_level"`
	NotificationLevel int    `json:"notification_level"`
}

type permissionsJSON struct {
	Project *accessJSON `json:"project_access"`
	Group   *accessJSON `json:"group_access"`
}

// projectJSON is a part of API::Entities::Project: what a client of issues,
// merge requests and releases has use for.
type projectJSON struct {
	ID                int64            `json:"id"`
	Description       nullable         `json:"description"`
	Name              string           `json:"name"`
	NameWithNamespace string           `json:"name_with_namespace"`
	Path              string           `json:"path"`
	PathWithNamespace string           `json:"path_with_namespace"`
	CreatedAt         moment           `json:"created_at"`
	DefaultBranch     string           `json:"default_branch"`
	TagList           []string         `json:"tag_list"`
	Topics            []string         `json:"topics"`
	SSHURL            string           `json:"ssh_url_to_repo"`
	HTTPURL           string           `json:"http_url_to_repo"`
	WebURL            string           `json:"web_url"`
	ReadmeURL         *string          `json:"readme_url"`
	ForksCount        int              `json:"forks_count"`
	AvatarURL         *string          `json:"avatar_url"`
	StarCount         int              `json:"star_count"`
	LastActivityAt    moment           `json:"last_activity_at"`
	Visibility        Visibility       `json:"visibility"`
	Namespace         namespaceJSON    `json:"namespace"`
	EmptyRepo         bool             `json:"empty_repo"`
	Archived          bool             `json:"archived"`
	IssuesEnabled     bool             `json:"issues_enabled"`
	MergesEnabled     bool             `json:"merge_requests_enabled"`
	IssuesAccess      string           `json:"issues_access_level"`
	MergesAccess      string           `json:"merge_requests_access_level"`
	OpenIssues        int              `json:"open_issues_count"`
	CreatorID         *int64           `json:"creator_id"`
	Permissions       *permissionsJSON `json:"permissions,omitempty"`
}

func getProject(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	g := p.group
	web := q.s.baseURL() + "/" + p.full()
	issues := "enabled"
	if p.noIssues {
		issues = "disabled"
	}
	out := projectJSON{
		ID: int64(p.id), Description: nullable(p.description), Name: p.name, NameWithNamespace: g.name + " / " + p.name,
		Path: p.path, PathWithNamespace: p.full(), CreatedAt: moment(p.created), DefaultBranch: p.defaultBranch,
		TagList: []string{}, Topics: []string{}, HTTPURL: web + ".git", WebURL: web,
		SSHURL:         "git@" + strings.TrimPrefix(strings.TrimPrefix(q.s.baseURL(), "http://"), "https://") + ":" + p.full() + ".git",
		LastActivityAt: moment(p.created), Visibility: p.visibility,
		Namespace: namespaceJSON{ID: g.id, Name: g.name, Path: g.path[strings.LastIndexByte(g.path, '/')+1:], Kind: "group",
			FullPath: g.path, WebURL: q.s.baseURL() + "/groups/" + g.path},
		Archived: p.archived, IssuesEnabled: !p.noIssues, MergesEnabled: true, IssuesAccess: issues, MergesAccess: "enabled",
	}
	if g.parent != nil {
		out.Namespace.ParentID = &g.parent.id
	}
	for _, it := range p.issues {
		if it.opened() && it.canRead(q.user) {
			out.OpenIssues++
		}
	}
	if q.user != nil {
		out.Permissions = &permissionsJSON{}
		if a := p.members[q.user]; a > 0 {
			out.Permissions.Project = &accessJSON{a, 3}
		}
		if a := g.access(q.user); a > 0 {
			out.Permissions.Group = &accessJSON{a, 3}
		}
	}
	return out, nil
}

func getGroup(q *request) (any, error) {
	g, err := q.group()
	if err != nil {
		return nil, err
	}
	out := struct {
		ID          int64      `json:"id"`
		WebURL      string     `json:"web_url"`
		Name        string     `json:"name"`
		Path        string     `json:"path"`
		Description string     `json:"description"`
		Visibility  Visibility `json:"visibility"`
		FullName    string     `json:"full_name"`
		FullPath    string     `json:"full_path"`
		CreatedAt   moment     `json:"created_at"`
		ParentID    *int64     `json:"parent_id"`
		AvatarURL   *string    `json:"avatar_url"`
	}{ID: g.id, WebURL: q.s.baseURL() + "/groups/" + g.path, Name: g.name, Path: g.path[strings.LastIndexByte(g.path, '/')+1:],
		Visibility: g.visibility, FullName: strings.ReplaceAll(g.path, "/", " / "), FullPath: g.path, CreatedAt: moment(g.created)}
	if g.parent != nil {
		out.ParentID = &g.parent.id
	}
	return out, nil
}

// labelJSON is API::Entities::ProjectLabel.
type labelJSON struct {
	ID              int64    `json:"id"`
	Name            string   `json:"name"`
	Description     nullable `json:"description"`
	DescriptionHTML string   `json:"description_html"`
	TextColor       string   `json:"text_color"`
	Color           string   `json:"color"`
	Archived        bool     `json:"archived"`
	Subscribed      bool     `json:"subscribed"`
	Priority        *int     `json:"priority"`
	IsProjectLabel  bool     `json:"is_project_label"`
}

// allLabels are the labels of a project and of its groups.
func (p *project) allLabels() []*label {
	out := slices.Clone(p.labels)
	for g := p.group; g != nil; g = g.parent {
		out = append(out, g.labels...)
	}
	slices.SortStableFunc(out, func(a, b *label) int { return cmp.Compare(a.name, b.name) })
	return out
}

// label finds a label of the project by its name.
func (p *project) label(name string) *label {
	all := p.allLabels()
	if i := slices.IndexFunc(all, func(l *label) bool { return l.name == name }); i >= 0 {
		return all[i]
	}
	return nil
}

func listLabels(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	search, err := q.params.str("search")
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(p.allLabels(), func(l *label) bool {
		return !strings.Contains(strings.ToLower(l.name+" "+l.description), strings.ToLower(search))
	})
	page, err := paginate(q, all)
	if err != nil {
		return nil, err
	}
	out := make([]labelJSON, 0, len(page))
	for _, l := range page {
		out = append(out, labelJSON{ID: l.id, Name: l.name, Description: nullable(l.description), DescriptionHTML: pageText(l.description),
			TextColor: "#FFFFFF", Color: l.color, IsProjectLabel: !l.ofGroup})
	}
	return out, nil
}

// milestoneJSON is API::Entities::Milestone.
type milestoneJSON struct {
	ID          int64    `json:"id"`
	IID         int      `json:"iid"`
	ProjectID   *int64   `json:"project_id,omitempty"`
	GroupID     *int64   `json:"group_id,omitempty"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	State       string   `json:"state"`
	CreatedAt   moment   `json:"created_at"`
	UpdatedAt   moment   `json:"updated_at"`
	DueDate     nullable `json:"due_date"`
	StartDate   nullable `json:"start_date"`
	Expired     bool     `json:"expired"`
	WebURL      string   `json:"web_url"`
}

func (s *Server) milestone(m *milestone) *milestoneJSON {
	if m == nil {
		return nil
	}
	out := &milestoneJSON{ID: m.id, IID: m.iid, Title: m.title, Description: m.description, State: m.state,
		CreatedAt: moment(m.created), UpdatedAt: moment(m.updated), DueDate: nullable(m.due), StartDate: nullable(m.start),
		Expired: m.due != "" && day(m.due).AddDate(0, 0, 1).Before(s.now())}
	if m.project != nil {
		id := int64(m.project.id)
		out.ProjectID = &id
		out.WebURL = s.baseURL() + "/" + m.project.full() + "/-/milestones/" + strconv.Itoa(m.iid)
	} else {
		out.GroupID = &m.group.id
		out.WebURL = s.baseURL() + "/groups/" + m.group.path + "/-/milestones/" + strconv.Itoa(m.iid)
	}
	return out
}

// allMilestones are those of a project and of its groups.
func (p *project) allMilestones() []*milestone {
	out := slices.Clone(p.milestones)
	for g := p.group; g != nil; g = g.parent {
		out = append(out, g.milestones...)
	}
	return out
}

func listMilestones(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	state, err := q.params.one("state", "all", "all", "active", "closed")
	if err != nil {
		return nil, err
	}
	title, err := q.params.str("title")
	if err != nil {
		return nil, err
	}
	ancestors, _, err := q.params.boolean("include_ancestors")
	if err != nil {
		return nil, err
	}
	all := slices.Clone(p.milestones)
	if ancestors {
		all = p.allMilestones()
	}
	all = slices.DeleteFunc(all, func(m *milestone) bool {
		return state != "all" && m.state != state || title != "" && m.title != title
	})
	page, err := paginate(q, all)
	if err != nil {
		return nil, err
	}
	out := make([]*milestoneJSON, 0, len(page))
	for _, m := range page {
		out = append(out, q.s.milestone(m))
	}
	return out, nil
}
