package gitlabsim

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"
)

// This file gathers what the pages show.

type pageView struct {
	Who   *userBasic // who looks; nil is nobody
	Users []*userBasic
	Path  string
	Title string
	Says  string // what was refused

	Project *pageProject
	Issues  []pageRow
	Merges  []pageRow
	Lists   []pageProject
	User    *userBasic
	Item    *pageItem
}

type pageProject struct{ Path, Name, Description, Visibility string }

type pageRow struct {
	Ref, Path, Title, State, When, Author string
	Labels                                []string
	Tasks                                 tasksJSON
	Due                                   string
	Late, Confidential                    bool
}

type pageItem struct {
	Row                                         pageRow
	Text                                        template.HTML
	Raw                                         string
	Notes                                       []pageNote
	Assignees, Reviewers                        []*userBasic
	People                                      []string // who may be assigned
	Milestone                                   string
	Milestones                                  []string
	Linked                                      []pageRow
	Merge                                       bool
	Source, Target                              string // branches
	Detailed                                    string
	First                                       string // assignee
	Approved                                    []string
	CanUpdate, CanAdmin, CanComment, CanApprove bool
	CanMerge, HasApproved, Internal, Locked     bool
}

type pageNote struct {
	ID               NoteID
	Author           *userBasic
	When             string
	Text             template.HTML
	System, Internal bool
}

func when(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04") }

func (s *Server) row(it *item) pageRow {
	return pageRow{Ref: it.from(it.project), Path: strings.TrimPrefix(s.web(it), s.baseURL()), Title: it.title, State: it.state, When: when(it.updated),
		Author: it.author.username, Labels: it.labelNames(), Tasks: it.tasksJSON(), Due: it.due, Confidential: it.confidential,
		Late: it.opened() && it.due != "" && it.due < s.now().Format(time.DateOnly)}
}

// rows are the items that somebody sees, the open ones first, then the newest.
func (s *Server) rows(items map[int]*item, who *user, of func(*item) bool) []pageRow {
	var all []*item
	for _, it := range items {
		if it.canRead(who) && of(it) {
			all = append(all, it)
		}
	}
	slices.SortFunc(all, func(a, b *item) int {
		if a.opened() != b.opened() {
			if a.opened() {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.id, a.id)
	})
	const most = 100
	var out []pageRow
	for _, it := range all[:min(most, len(all))] {
		out = append(out, s.row(it))
	}
	return out
}

func anyItem(*item) bool { return true }

func (s *Server) drawHome(v *pageView, who *user) {
	v.Title = "Projects"
	for _, p := range s.state.projects {
		if p.canRead(who) {
			v.Lists = append(v.Lists, pageProject{p.full(), p.name, p.description, string(p.visibility)})
		}
	}
	slices.SortFunc(v.Lists, func(a, b pageProject) int { return strings.Compare(a.Path, b.Path) })
}

func (s *Server) drawProject(v *pageView, p *project, who *user) {
	v.Title = p.full()
	v.Project = &pageProject{p.full(), p.name, p.description, string(p.visibility)}
	v.Issues, v.Merges = s.rows(p.issues, who, anyItem), s.rows(p.merges, who, anyItem)
}

func (s *Server) drawUser(v *pageView, u, who *user) {
	v.Title, v.User = u.name, s.basic(u)
	for _, p := range s.state.projects {
		v.Issues = append(v.Issues, s.rows(p.issues, who, func(it *item) bool { return it.assigned(u) })...)
	}
	slices.SortFunc(v.Issues, func(a, b pageRow) int { return strings.Compare(a.Path, b.Path) })
}

func (s *Server) drawItem(v *pageView, it *item, who *user) {
	p := it.project
	row := s.row(it)
	v.Title = it.title + " (" + row.Ref + ")"
	v.Project = &pageProject{p.full(), p.name, p.description, string(p.visibility)}
	d := &drawing{s: s, in: p, boxes: it.tasks, canBox: it.canUpdate(who), action: row.Path}
	x := &pageItem{Row: row, Text: d.html(it.description), Raw: it.description, Assignees: s.basics(it.assignees), Merge: it.merge != nil,
		CanUpdate: it.canUpdate(who), CanAdmin: it.canAdmin(who), CanComment: it.canComment(who), Internal: it.canInternal(who), Locked: it.isLocked()}
	for _, u := range s.state.users {
		if u.active() && it.project.member(u) {
			x.People = append(x.People, u.username)
		}
	}
	slices.Sort(x.People)
	for _, m := range p.allMilestones() {
		x.Milestones = append(x.Milestones, m.title)
	}
	if it.milestone != nil {
		x.Milestone = it.milestone.title
	}
	for _, l := range it.links {
		if other, _ := l.other(it); other.canRead(who) {
			x.Linked = append(x.Linked, s.row(other))
		}
	}
	if len(it.assignees) > 0 {
		x.First = it.assignees[0].username
	}
	if it.merge == nil {
		for _, m := range s.related(it, who) {
			x.Linked = append(x.Linked, s.row(m))
		}
	} else {
		x.Reviewers, x.Detailed, x.Source, x.Target = s.basics(it.merge.reviewers), s.detailed(it), it.merge.source, it.merge.target
		x.CanApprove, x.HasApproved = it.canApprove(who), who != nil && it.approvedBy(who)
		x.CanMerge = s.mayAccept(it, who) == nil
		for _, a := range it.merge.approvals {
			x.Approved = append(x.Approved, a.user.username)
		}
	}
	x.Notes = s.pageNotes(it, who)
	v.Item = x
}

// pageNotes are the notes and resource events in one story, as GitLab's page
// tells it.
func (s *Server) pageNotes(it *item, who *user) []pageNote {
	type told struct {
		at time.Time
		n  pageNote
	}
	var all []told
	d := &drawing{s: s, in: it.project}
	add := func(at time.Time, id NoteID, author *user, md string, system, internal bool) {
		all = append(all, told{at, pageNote{id, s.basic(author), when(at), d.html(md), system, internal}})
	}
	for _, n := range it.notes {
		if n.canRead(it, who) {
			add(n.created, n.id, n.author, n.body, n.system, n.internal)
		}
	}
	for _, e := range it.stateEv {
		add(e.at, 0, e.user, e.state, true, false)
	}
	for _, e := range it.labelEv {
		word := "added ~"
		if e.removed {
			word = "removed ~"
		}
		add(e.at, 0, e.user, word+escaped(e.label.name)+" label", true, false)
	}
	for _, e := range it.stoneEv {
		md := "changed milestone to %" + escaped(e.milestone.title)
		if e.removed {
			md = "removed milestone %" + escaped(e.milestone.title)
		}
		add(e.at, 0, e.user, md, true, false)
	}
	slices.SortStableFunc(all, func(a, b told) int { return a.at.Compare(b.at) })
	out := make([]pageNote, 0, len(all))
	for _, t := range all {
		out = append(out, t.n)
	}
	return out
}
