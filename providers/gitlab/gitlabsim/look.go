package gitlabsim

import (
	"cmp"
	"fmt"
	"time"
)

// This file seeds merge requests in any state, and lets a test look at items
// without the API.

// MergeRequest is a merge request to seed.
type MergeRequest struct {
	Path         string // of the project
	Author       string
	Title        string // "Draft: ..." is a draft
	Description  string
	Source       string // branch; "" is made up
	Target       string // branch; "" is the default
	Reviewers    []string
	Assignees    []string
	Conflicts    bool // it cannot be merged
	NeedApproval int  // how many must approve, on Premium
}

// AddMergeRequest adds a merge request and returns its reference. It panics when
// the project or somebody is not there.
func (s *Server) AddMergeRequest(m MergeRequest) Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, _ := s.mustPlace(m.Path)
	if p == nil {
		panic(fmt.Sprintf("gitlabsim: there is no project %q", m.Path))
	}
	c := mergeChange{change: change{title: &m.Title, description: &m.Description},
		source: cmp.Or(m.Source, fmt.Sprintf("branch-%d", p.lastMerge+1)), target: cmp.Or(m.Target, p.defaultBranch)}
	it, err := s.newMerge(p, s.mustUser(m.Author), c)
	if err != nil {
		panic("gitlabsim: " + err.Error())
	}
	for _, name := range m.Reviewers {
		it.merge.reviewers = append(it.merge.reviewers, s.mustUser(name))
	}
	for _, name := range m.Assignees {
		it.assignees = append(it.assignees, s.mustUser(name))
	}
	it.merge.conflicts, it.merge.required = m.Conflicts, m.NeedApproval
	return it.ref()
}

// View is an issue or merge request as it is, whoever looks.
type View struct {
	Ref                Ref
	ID                 int64
	URL                string
	Title, Description string
	State              string
	Author             string
	Assignees          []string // usernames
	Reviewers          []string
	Labels             []string // sorted
	Milestone          string   // its title
	Due                string   // YYYY-MM-DD or ""
	Confidential       bool
	Locked             bool
	Created, Updated   time.Time // with microseconds
	MovedTo            Ref
	Notes              []NoteView // oldest first
}

// NoteView is a note as it is.
type NoteView struct {
	ID               NoteID
	Author           string
	Body             string
	System, Internal bool
	Created          time.Time
}

// View looks at an item; ok is false when there is none.
func (s *Server) View(of Ref) (v View, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.state.item(of)
	if it == nil {
		return View{}, false
	}
	v = View{Ref: it.ref(), ID: it.id, URL: s.web(it), Title: it.title, Description: it.description, State: it.state, Author: it.author.username,
		Assignees: usernames(it.assignees), Labels: it.labelNames(), Due: it.due, Confidential: it.confidential, Locked: it.isLocked(),
		Created: it.created, Updated: it.updated}
	if it.merge != nil {
		v.Reviewers = usernames(it.merge.reviewers)
	}
	if it.milestone != nil {
		v.Milestone = it.milestone.title
	}
	if it.movedTo != nil {
		v.MovedTo = it.movedTo.ref()
	}
	for _, n := range it.notes {
		v.Notes = append(v.Notes, NoteView{n.id, n.author.username, n.body, n.system, n.internal, n.created})
	}
	return v, true
}

func usernames(users []*user) []string {
	var out []string
	for _, u := range users {
		out = append(out, u.username)
	}
	return out
}
