package gitlabsim

import (
	"slices"
	"strconv"
)

// issue is the issue that the path names, when the reader may see it.
func (q *request) issue() (*project, *item, error) {
	p, err := q.project()
	if err != nil {
		return nil, nil, err
	}
	it, err := q.issueOf(p, "issue_iid", q.path["issue_iid"])
	return p, it, err
}

func (q *request) issueOf(p *project, name, iid string) (*item, error) {
	n, _, err := asInteger(name, iid)
	if err != nil {
		return nil, err
	}
	it := p.issues[int(n)]
	if it == nil || !it.canRead(q.user) {
		return nil, noRecord()
	}
	return it, nil
}

func getIssue(q *request) (any, error) {
	p, it, err := q.issue()
	if err != nil {
		return nil, err
	}
	return q.s.issue(it, q.user, shown{within: p, single: true}), nil
}

func getIssueByID(q *request) (any, error) {
	id, _, err := asInteger("id", q.path["issue_id"])
	if err != nil {
		return nil, err
	}
	if err := q.admin(); err != nil {
		return nil, err
	}
	it := q.s.state.issues[id]
	if it == nil {
		return nil, noRecord()
	}
	return q.s.issue(it, q.user, shown{within: it.project, single: true}), nil
}

// readChange reads what is to become of an item. It tells whether there was
// anything.
func (q *request) readChange(p *project) (c change, any bool, err error) {
	read := func(e error) {
		if err == nil {
			err = e
		}
	}
	text := func(name string) *string {
		if !q.params.has(name) {
			return nil
		}
		any = true
		v, e := q.params.str(name)
		read(e)
		return &v
	}
	truth := func(name string) *bool {
		v, some, e := q.params.boolean(name)
		read(e)
		if !some {
			return nil
		}
		any = true
		return &v
	}
	people := func(names ...string) *[]*user {
		var out *[]*user
		for _, name := range names {
			ids, some, e := q.params.integers(name)
			read(e)
			if !some {
				continue
			}
			any = true
			list := []*user{}
			for _, id := range ids {
				if u := q.s.state.userByID[UserID(id)]; u != nil {
					list = append(list, u)
				}
			}
			out = &list
		}
		return out
	}
	c.title, c.description = text("title"), text("description")
	if due := text("due_date"); due != nil {
		if day(*due).IsZero() {
			*due = "" // what is no date is none, and so takes the date away
		}
		c.due = due
	}
	if words, some, e := q.params.words("labels"); some || e != nil {
		read(e)
		any = true
		c.labels = &words
	}
	var some bool
	var e error
	c.add, some, e = q.params.words("add_labels")
	read(e)
	any = any || some
	c.remove, some, e = q.params.words("remove_labels")
	read(e)
	any = any || some
	c.assignees, c.reviewers = people("assignee_id", "assignee_ids"), people("reviewer_ids")
	if q.params.has("milestone_id") {
		any = true
		id, _, e := q.params.integer("milestone_id")
		read(e)
		var m *milestone
		if i := slices.IndexFunc(p.allMilestones(), func(m *milestone) bool { return m.id == id }); i >= 0 {
			m = p.allMilestones()[i]
		}
		if m != nil || id == 0 {
			c.milestone = &m
		}
	}
	c.confidential, c.locked = truth("confidential"), truth("discussion_locked")
	c.target = text("target_branch")
	state, e := q.params.one("state_event", "", "close", "reopen")
	read(e)
	c.state = state
	return c, any || state != "", err
}

func createIssue(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	if !q.params.has("title") {
		return nil, fault("title is missing")
	}
	c, _, err := q.readChange(p)
	if err != nil {
		return nil, err
	}
	at, err := q.params.moment("created_at")
	if err != nil {
		return nil, err
	}
	iid, _, err := q.params.integer("iid")
	if err != nil {
		return nil, err
	}
	if _, err := q.params.one("issue_type", "issue", "issue", "incident", "test_case", "task"); err != nil {
		return nil, err
	}
	if !p.canCreateIssue(q.user) {
		return nil, forbidden()
	}
	if !p.does(q.user, Owner) {
		iid = 0
	}
	it, err := q.s.newIssue(p, q.user, c, int(iid))
	if err != nil {
		return nil, err
	}
	if !at.IsZero() && p.does(q.user, Owner) {
		it.created = at
	}
	return created{q.s.issue(it, q.user, shown{within: p, single: true})}, nil
}

// newIssue writes an issue; iid 0 numbers it.
func (s *Server) newIssue(p *project, who *user, c change, iid int) (*item, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if iid != 0 && p.issues[iid] != nil {
		return nil, invalid(map[string][]string{"iid": {"has already been taken"}})
	}
	if iid == 0 {
		iid = p.lastIssue + 1
	}
	now := s.now()
	it := &item{id: s.ids.next("issue"), iid: iid, project: p, author: who, state: "opened", title: *c.title, created: now, updated: now}
	s.begin(it, who, c)
	p.lastIssue = max(p.lastIssue, iid)
	p.issues[iid] = it
	s.state.issues[it.id] = it
	return it, nil
}

// begin is what a new item and an old one do differently: the title, the
// description and confidentiality are there from the start and nobody's change.
func (s *Server) begin(it *item, who *user, c change) {
	c.permit(it, who, true)
	if c.description != nil {
		rest, commands := quickActions(*c.description)
		it.description, it.tasks = rest, tasksOf(rest)
		s.interpret(it, who, commands, &c, true)
	}
	if c.title != nil {
		it.title = *c.title
	}
	if c.confidential != nil {
		it.confidential = *c.confidential
	}
	c.title, c.description, c.confidential, c.state = nil, nil, nil, ""
	s.apply(it, who, c)
	s.crossReference(who, it, nil, it.description)
}

func updateIssue(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	n, _, err := asInteger("issue_iid", q.path["issue_iid"])
	if err != nil {
		return nil, err
	}
	c, some, err := q.readChange(p)
	if err != nil {
		return nil, err
	}
	if !some {
		return nil, fault("assignee_id, assignee_ids, confidential, created_at, description, discussion_locked, due_date, labels, add_labels, remove_labels, milestone_id, state_event, title, issue_type are missing, at least one parameter must be provided")
	}
	it := p.issues[int(n)]
	if it == nil {
		return nil, noRecord()
	}
	if !it.canUpdate(q.user) {
		return nil, forbidden()
	}
	if err := q.s.update(it, q.user, c); err != nil {
		return nil, err
	}
	return q.s.issue(it, q.user, shown{within: p, single: true}), nil
}

// update changes an item that somebody may change, with the quick actions of a
// new description.
func (s *Server) update(it *item, who *user, c change) error {
	if err := c.check(); err != nil {
		return err
	}
	c.permit(it, who, false)
	if c.description != nil {
		rest, commands := quickActions(*c.description)
		c.description = &rest
		s.interpret(it, who, commands, &c, false)
	}
	s.apply(it, who, c)
	return nil
}

func deleteIssue(q *request) (any, error) {
	_, it, err := q.issue()
	if err != nil {
		return nil, notFound("Issue")
	}
	if !it.canDelete(q.user) {
		return nil, forbidden()
	}
	q.s.remove(it)
	return noContent{}, nil
}

// remove deletes an item. Its number is not given again; who mentioned it keeps
// the text, and who it was linked to loses the link.
func (s *Server) remove(it *item) {
	for _, l := range slices.Clone(it.links) {
		s.unlink(l)
	}
	if it.merge != nil {
		delete(it.project.merges, it.iid)
		return
	}
	delete(it.project.issues, it.iid)
	delete(s.state.issues, it.id)
}

func moveIssue(q *request) (any, error) {
	_, it, err := q.issue()
	if err != nil {
		return nil, notFound("Issue")
	}
	if !q.params.has("to_project_id") {
		return nil, fault("to_project_id is missing")
	}
	id, _, err := q.params.integer("to_project_id")
	if err != nil {
		return nil, err
	}
	to, err := q.projectCalled(strconv.FormatInt(id, 10))
	if err != nil {
		return nil, err
	}
	moved, err := q.s.move(it, q.user, to)
	if err != nil {
		return nil, err
	}
	return created{q.s.issue(moved, q.user, shown{within: to, single: true})}, nil
}

// move closes an issue and writes it anew in another project, with its notes.
// Labels and the milestone come along when the other project has them too.
func (s *Server) move(it *item, who *user, to *project) (*item, error) {
	switch {
	case to == it.project:
		return nil, message(400, "Cannot move issue to project it originates from!")
	case it.movedTo != nil || !it.canAdmin(who) || !to.does(who, Planner) || to.archived || to.noIssues:
		return nil, message(400, "Cannot move issue due to insufficient permissions!")
	}
	now := s.now()
	to.lastIssue++
	made := &item{
		id: s.ids.next("issue"), iid: to.lastIssue, project: to, author: it.author, state: it.state, title: it.title,
		description: it.description, tasks: it.tasks, due: it.due, confidential: it.confidential, created: it.created, updated: now,
		closedAt: it.closedAt, closedBy: it.closedBy, comments: it.comments,
	}
	made.assignees = readers(made, it.assignees)
	for _, l := range it.labels {
		if same := to.label(l.name); same != nil {
			made.labels = append(made.labels, same)
		}
	}
	for _, n := range it.notes {
		c := *n
		c.id = NoteID(s.ids.next("note"))
		made.notes = append(made.notes, &c)
	}
	to.issues[made.iid] = made
	s.state.issues[made.id] = made
	it.movedTo = made
	s.systemNote(made, who, "moved", "moved from "+it.from(to))
	s.systemNote(it, who, "moved", "moved to "+made.from(it.project))
	s.setState(it, who, "close", nil)
	return made, nil
}
