package gitlabsim

import (
	"slices"
	"strings"
	"time"
)

// This file holds what an instance knows. Everything in it is guarded by the
// server's mutex.

// Access is a role in a project or group.
type Access int

// The roles of GitLab, by their number in the API.
const (
	NoAccess      Access = 0
	MinimalAccess Access = 5
	Guest         Access = 10
	Planner       Access = 15
	Reporter      Access = 20
	Developer     Access = 30
	Maintainer    Access = 40
	Owner         Access = 50
)

// Visibility is who may see a project or group.
type Visibility string

// The visibilities of GitLab.
const (
	Private  Visibility = "private"  // members
	Internal Visibility = "internal" // who is signed in
	Public   Visibility = "public"   // anybody
)

type state struct {
	users      []*user
	userByID   map[UserID]*user
	userByName map[string]*user // in lower case

	groups   map[string]*group // by full path in lower case
	projects map[ProjectID]*project
	byPath   map[string]*project // by full path in lower case
	issues   map[int64]*item     // by id
	tokens   map[string]*token   // by secret
}

func newState() state {
	return state{
		userByID: map[UserID]*user{}, userByName: map[string]*user{},
		groups: map[string]*group{}, projects: map[ProjectID]*project{}, byPath: map[string]*project{},
		issues: map[int64]*item{}, tokens: map[string]*token{},
	}
}

type user struct {
	id                    UserID
	username, name, email string
	admin, bot            bool
	state                 string // active, blocked or deactivated
	created               time.Time
}

// active reports whether somebody may sign in.
func (u *user) active() bool { return u != nil && u.state == "active" }

type group struct {
	id         int64
	path, name string // the full path
	visibility Visibility
	members    map[*user]Access
	parent     *group
	labels     []*label
	milestones []*milestone
	created    time.Time
}

type project struct {
	id            ProjectID
	group         *group
	path, name    string
	description   string
	visibility    Visibility
	noIssues      bool
	archived      bool
	defaultBranch string
	created       time.Time
	members       map[*user]Access

	labels     []*label
	milestones []*milestone
	issues     map[int]*item
	merges     map[int]*item
	lastIssue  int
	lastMerge  int
	lastStone  int
	tags       []*tag
	releases   []*release
}

// full is the path as it stands in an address.
func (p *project) full() string { return p.group.path + "/" + p.path }

type label struct {
	id                       int64
	name, color, description string
	ofGroup                  bool
}

type milestone struct {
	id               int64
	iid              int
	project          *project
	group            *group
	title            string
	description      string
	state            string // active or closed
	due, start       string
	created, updated time.Time
}

// item is an issue, or a merge request when merge is not nil.
type item struct {
	id      int64
	iid     int
	project *project
	merge   *merge

	title, description string
	tasks              []task // of the description
	state              string // opened, closed; a merge request also merged
	author             *user
	assignees          []*user
	labels             []*label
	milestone          *milestone
	due                string // YYYY-MM-DD
	confidential       bool
	locked             *bool // nil until somebody says
	created, updated   time.Time
	closedAt           time.Time
	closedBy           *user
	movedTo            *item
	links              []*link

	notes    []*note
	comments int // notes that are no system notes
	labelEv  []*labelEvent
	stateEv  []*stateEvent
	stoneEv  []*milestoneEvent
	mentions map[*item]bool // the items whose description or notes mention this
}

func (it *item) kind() string {
	if it.merge != nil {
		return "MergeRequest"
	}
	return "Issue"
}

// noun is what GitLab calls it in a sentence.
func (it *item) noun() string {
	if it.merge != nil {
		return "merge request"
	}
	return "issue"
}

// sign stands before the number in a reference.
func (it *item) sign() string {
	if it.merge != nil {
		return "!"
	}
	return "#"
}

func (it *item) opened() bool           { return it.state == "opened" }
func (it *item) isLocked() bool         { return it.locked != nil && *it.locked }
func (it *item) assigned(u *user) bool  { return slices.Contains(it.assignees, u) }
func (it *item) involves(u *user) bool  { return u != nil && (it.author == u || it.assigned(u)) }
func (it *item) labelNames() []string   { return names(it.labels) }
func (it *item) hasLabel(l *label) bool { return slices.Contains(it.labels, l) }

func names(labels []*label) []string {
	out := make([]string, 0, len(labels))
	for _, l := range labels {
		out = append(out, l.name)
	}
	slices.Sort(out)
	return out
}

type note struct {
	id               NoteID
	author           *user
	body             string
	system, internal bool
	action           string // of a system note: task, title, assignee, ...
	created, updated time.Time
	from             *item // of a cross reference: where it is mentioned
	fromNote         *note // and the note there, if it is one
}

type link struct {
	id               int64
	source, target   *item
	kind             string // relates_to or blocks, seen from the source
	created, updated time.Time
}

// other is the item at the other end, and the kind of the link seen from here.
func (l *link) other(it *item) (*item, string) {
	if l.source == it {
		return l.target, l.kind
	}
	if l.kind == "blocks" {
		return l.source, "is_blocked_by"
	}
	return l.source, l.kind
}

type labelEvent struct {
	id      int64
	user    *user
	at      time.Time
	label   *label
	removed bool
}

type stateEvent struct {
	id    int64
	user  *user
	at    time.Time
	state string
	by    *item // the merge request that closed the issue
}

type milestoneEvent struct {
	id        int64
	user      *user
	at        time.Time
	milestone *milestone
	removed   bool
}

// group finds a group by its full path.
func (st *state) group(path string) *group { return st.groups[strings.ToLower(path)] }

// user finds somebody by username, with or without @.
func (st *state) user(name string) *user {
	return st.userByName[strings.ToLower(strings.TrimPrefix(name, "@"))]
}
