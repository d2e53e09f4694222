package gitlabsim

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Ids that GitLab numbers across the instance.
type (
	UserID    int64
	ProjectID int64
	NoteID    int64
)

// Seed is a whole instance in one value, for [Server.Add].
type Seed struct {
	Users      []User
	Projects   []Project
	Members    []Member
	Tokens     []Token
	Labels     []Label
	Milestones []Milestone
	Tags       []Tag
	Releases   []Release
	Merges     []MergeRequest
}

// User is somebody with an account.
type User struct {
	ID       UserID // 0 numbers it
	Username string
	Name     string // "" is the username
	Email    string // "" is username@example.com
	State    string // active (when ""), blocked or deactivated
	Admin    bool
	Bot      bool
}

// Project is a project. Its groups are made as needed, with its visibility.
type Project struct {
	ID          ProjectID // 0 numbers it
	Path        string    // group/project, with any number of subgroups
	Name        string    // "" is the last part of the path
	Description string
	Visibility  Visibility // "" is private
	NoIssues    bool       // issues are turned off
	Archived    bool       // nobody may write
}

// Member is a role of somebody in a project or group. NoAccess takes it away.
type Member struct {
	Path   string // of the project or group
	User   string
	Access Access
}

// Token is a personal access token.
type Token struct {
	Secret  string // what is sent in PRIVATE-TOKEN; it must not be ""
	User    string
	Name    string    // "" is "token"
	Scopes  []string  // api, read_api, read_user, ...; none is api
	Expires time.Time // the day on which it ends; zero is never
}

// Label is a label of a project or group.
type Label struct {
	Path        string // of the project or group
	Name        string
	Color       string // "" is #6699cc
	Description string
}

// Milestone is a milestone of a project or group.
type Milestone struct {
	Path        string // of the project or group
	Title       string
	Description string
	Start, Due  string // YYYY-MM-DD or ""
	Closed      bool
}

// Add adds everything of a seed, users first. It panics on what contradicts
// itself, as the Add methods do: a seed is written by whoever writes the test.
func (s *Server) Add(seed Seed) {
	for _, u := range seed.Users {
		s.AddUser(u)
	}
	for _, p := range seed.Projects {
		s.AddProject(p)
	}
	for _, m := range seed.Members {
		s.AddMember(m)
	}
	for _, t := range seed.Tokens {
		s.AddToken(t)
	}
	for _, l := range seed.Labels {
		s.AddLabel(l)
	}
	for _, m := range seed.Milestones {
		s.AddMilestone(m)
	}
	for _, t := range seed.Tags {
		s.AddTag(t)
	}
	for _, r := range seed.Releases {
		s.AddRelease(r)
	}
	for _, m := range seed.Merges {
		s.AddMergeRequest(m)
	}
}

// AddUser adds somebody and returns his id. It panics when the name or id is taken.
func (s *Server) AddUser(u User) UserID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.Username == "" || s.state.user(u.Username) != nil || s.state.userByID[u.ID] != nil {
		panic(fmt.Sprintf("gitlabsim: the user %q (%d) has no name, or it is taken", u.Username, u.ID))
	}
	if u.ID == 0 {
		u.ID = UserID(s.ids.next("user"))
	}
	s.ids.known("user", int64(u.ID))
	made := &user{
		id: u.ID, username: u.Username, name: cmp.Or(u.Name, u.Username), email: cmp.Or(u.Email, u.Username+"@example.com"),
		state: cmp.Or(u.State, "active"), admin: u.Admin, bot: u.Bot, created: s.now(),
	}
	s.state.users = append(s.state.users, made)
	s.state.userByID[made.id] = made
	s.state.userByName[strings.ToLower(made.username)] = made
	return made.id
}

// SetUserState blocks, deactivates or activates somebody: "blocked",
// "deactivated" or "active". It panics when there is nobody of that name.
func (s *Server) SetUserState(username, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustUser(username).state = state
}

// AddProject adds a project and returns its id. It panics when the path is
// taken or has no group.
func (s *Server) AddProject(p Project) ProjectID {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := strings.LastIndexByte(p.Path, '/')
	if i <= 0 || i == len(p.Path)-1 || s.state.byPath[strings.ToLower(p.Path)] != nil || s.state.projects[p.ID] != nil {
		panic(fmt.Sprintf("gitlabsim: the project %q (%d) is not group/project, or it is taken", p.Path, p.ID))
	}
	visibility := cmp.Or(p.Visibility, Private)
	if p.ID == 0 {
		p.ID = ProjectID(s.ids.next("project"))
	}
	s.ids.known("project", int64(p.ID))
	made := &project{
		id: p.ID, group: s.makeGroup(p.Path[:i], visibility), path: p.Path[i+1:], name: cmp.Or(p.Name, p.Path[i+1:]),
		description: p.Description, visibility: visibility, noIssues: p.NoIssues, archived: p.Archived, defaultBranch: "main",
		created: s.now(), members: map[*user]Access{}, issues: map[int]*item{}, merges: map[int]*item{},
	}
	s.state.projects[made.id] = made
	s.state.byPath[strings.ToLower(made.full())] = made
	return made.id
}

func (s *Server) makeGroup(path string, v Visibility) *group {
	if g := s.state.group(path); g != nil {
		return g
	}
	g := &group{id: s.ids.next("group"), path: path, name: path, visibility: v, members: map[*user]Access{}, created: s.now()}
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		g.parent, g.name = s.makeGroup(path[:i], v), path[i+1:]
	}
	s.state.groups[strings.ToLower(path)] = g
	return g
}

// AddMember gives somebody a role in a project or group. It panics when either
// is not there.
func (s *Server) AddMember(m Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.mustUser(m.User)
	p, g := s.mustPlace(m.Path)
	members := map[*user]Access{}
	if p != nil {
		members = p.members
	} else if g != nil {
		members = g.members
	}
	if m.Access == NoAccess {
		delete(members, u)
		return
	}
	members[u] = m.Access
}

// AddLabel adds a label.
func (s *Server) AddLabel(l Label) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, g := s.mustPlace(l.Path)
	made := &label{id: s.ids.next("label"), name: l.Name, color: cmp.Or(l.Color, "#6699cc"), description: l.Description, ofGroup: g != nil}
	if p != nil {
		p.labels = append(p.labels, made)
	} else {
		g.labels = append(g.labels, made)
	}
}

// AddMilestone adds a milestone and returns its id.
func (s *Server) AddMilestone(m Milestone) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, g := s.mustPlace(m.Path)
	state := "active"
	if m.Closed {
		state = "closed"
	}
	now := s.now()
	made := &milestone{id: s.ids.next("milestone"), project: p, group: g, title: m.Title, description: m.Description,
		state: state, start: m.Start, due: m.Due, created: now, updated: now}
	if p != nil {
		p.lastStone++
		made.iid = p.lastStone
		p.milestones = append(p.milestones, made)
	} else {
		g.milestones = append(g.milestones, made)
		made.iid = len(g.milestones)
	}
	return made.id
}

// mustPlace finds a project, or else a group.
func (s *Server) mustPlace(path string) (*project, *group) {
	if p := s.state.byPath[strings.ToLower(path)]; p != nil {
		return p, nil
	}
	if g := s.state.group(path); g != nil {
		return nil, g
	}
	panic(fmt.Sprintf("gitlabsim: there is no project or group %q", path))
}

func (s *Server) mustUser(name string) *user {
	if u := s.state.user(name); u != nil {
		return u
	}
	panic(fmt.Sprintf("gitlabsim: there is nobody named %q", name))
}
