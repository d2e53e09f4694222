package gitlabsim

// This file says who may do what, as GitLab's policies do
// (app/policies/{project,issuable,issue,note}_policy.rb).

// access is somebody's role in a project, through the project or its groups.
func (p *project) access(u *user) Access {
	if u == nil {
		return NoAccess
	}
	a := p.members[u]
	for g := p.group; g != nil; g = g.parent {
		a = max(a, g.members[u])
	}
	return a
}

func (g *group) access(u *user) Access {
	a := NoAccess
	for ; u != nil && g != nil; g = g.parent {
		a = max(a, g.members[u])
	}
	return a
}

// canRead reports whether somebody, or nobody, sees that the project exists.
func (p *project) canRead(u *user) bool {
	switch {
	case p.visibility == Public:
		return true
	case u == nil:
		return false
	case u.admin:
		return true
	case p.visibility == Internal:
		return true
	}
	return p.access(u) >= Guest
}

// does reports whether somebody has at least a role in the project.
func (p *project) does(u *user, a Access) bool {
	return u != nil && (u.admin || p.access(u) >= a)
}

// member reports whether somebody belongs to the project.
func (p *project) member(u *user) bool { return p.does(u, Guest) }

func (g *group) canRead(st *state, u *user) bool {
	if g.visibility == Public || u != nil && (u.admin || g.visibility == Internal || g.access(u) >= Guest) {
		return true
	}
	for _, p := range st.projects { // who is a member of a project sees its groups
		if p.members[u] >= Guest && p.within(g) {
			return true
		}
	}
	return false
}

// within reports whether a project is in a group or below it.
func (p *project) within(g *group) bool {
	for x := p.group; x != nil; x = x.parent {
		if x == g {
			return true
		}
	}
	return false
}

// canRead reports whether somebody sees an item: confidential issues are for
// their author, assignees, and planners and above.
func (it *item) canRead(u *user) bool {
	if !it.project.canRead(u) || it.merge == nil && it.project.noIssues {
		return false
	}
	if it.merge != nil && it.project.visibility == Private && !it.project.does(u, Planner) {
		return false // merge requests are code, and guests do not see the code of a private project
	}
	return !it.confidential || it.involves(u) || it.project.does(u, Planner)
}

// canAdmin reports whether somebody sets the labels, assignees, milestone, due
// date and the like of an item.
func (it *item) canAdmin(u *user) bool {
	if it.project.archived {
		return false
	}
	if it.merge != nil {
		return it.project.does(u, Developer)
	}
	return it.project.does(u, Planner)
}

// canUpdate reports whether somebody changes the title, description and state.
func (it *item) canUpdate(u *user) bool {
	return u != nil && !it.project.archived && it.canRead(u) && (it.canAdmin(u) || it.involves(u))
}

// canComment reports whether somebody may write a note: in a locked discussion
// only members may.
func (it *item) canComment(u *user) bool {
	return u != nil && !it.project.archived && it.canRead(u) && (!it.isLocked() || it.project.member(u))
}

// canInternal reports whether somebody reads and writes internal notes.
func (it *item) canInternal(u *user) bool { return it.project.does(u, Planner) }

// canDelete reports whether somebody may delete the item.
func (it *item) canDelete(u *user) bool {
	return !it.project.archived && it.canRead(u) && (it.project.does(u, Owner) || it.merge == nil && u != nil && it.project.access(u) == Planner)
}

// canCreateIssue reports whether somebody may write an issue: on a public or
// internal project everybody who is signed in may.
func (p *project) canCreateIssue(u *user) bool {
	return u != nil && !p.archived && !p.noIssues && p.canRead(u)
}

// canRead reports whether somebody sees a note of an item that he sees.
func (n *note) canRead(it *item, u *user) bool {
	if n.internal && n.author != u && !it.canInternal(u) {
		return false
	}
	if n.from != nil && !n.from.canRead(u) {
		return false // a mention in what one does not see
	}
	return n.fromNote == nil || !n.fromNote.internal || n.from.canInternal(u)
}

// canAdmin reports whether somebody changes or deletes a note: its author, and
// maintainers. System notes are nobody's.
func (n *note) canAdmin(it *item, u *user) bool {
	if u == nil || n.system || it.project.archived || it.isLocked() && !it.project.member(u) {
		return false
	}
	return n.author == u || it.project.does(u, Maintainer)
}
