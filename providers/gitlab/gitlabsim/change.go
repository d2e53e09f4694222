package gitlabsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// This file changes items, with everything that follows from a change: system
// notes, resource events, cross references, updated_at. The API, quick actions
// and people at the pages all come this way.

// change is what is to become of an item; nil leaves a thing alone.
type change struct {
	title, description *string
	labels             *[]string // all of them
	add, remove        []string  // labels
	assignees          *[]*user
	reviewers          *[]*user
	milestone          **milestone
	due                *string
	state              string // close or reopen
	confidential       *bool
	locked             *bool
	target             *string // branch of a merge request

}

const (
	longestTitle       = 255
	longestDescription = 1 << 20
)

// check says what GitLab would not save.
func (c *change) check() error {
	wrong := map[string][]string{}
	if c.title != nil {
		switch t := strings.TrimSpace(*c.title); {
		case t == "":
			wrong["title"] = []string{"can't be blank"}
		case utf8.RuneCountInString(t) > longestTitle:
			wrong["title"] = []string{fmt.Sprintf("is too long (maximum is %d characters)", longestTitle)}
		}
	}
	if c.description != nil && len(*c.description) > longestDescription {
		wrong["description"] = []string{fmt.Sprintf("is too long (%.1f MiB). The maximum size is 1 MiB.", float64(len(*c.description))/(1<<20))}
	}
	if len(wrong) > 0 {
		return invalid(wrong)
	}
	return nil
}

// permit leaves out what somebody may not set, silently, as GitLab does
// (IssuableBaseService#filter_params).
func (c *change) permit(it *item, who *user, isNew bool) {
	may := it.canAdmin(who) || isNew && it.project.member(who)
	if !may {
		c.labels, c.add, c.remove, c.assignees, c.reviewers, c.milestone, c.due = nil, nil, nil, nil, nil, nil, nil
	}
	if !it.canAdmin(who) {
		c.locked = nil
		if !isNew {
			c.confidential = nil
		}
	}
	if c.assignees != nil {
		*c.assignees = readers(it, *c.assignees)
	}
	if c.reviewers != nil {
		*c.reviewers = readers(it, *c.reviewers)
	}
}

// readers are those who may see an item, each once: nobody else is assigned.
func readers(it *item, users []*user) []*user {
	var out []*user
	for _, u := range users {
		if u != nil && it.project.canRead(u) && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// apply carries a change out. It must have been checked and permitted.
func (s *Server) apply(it *item, who *user, c change) {
	changed := false
	if c.state != "" {
		changed = s.setState(it, who, c.state, nil)
	}
	if c.title != nil {
		changed = s.setTitle(it, who, strings.TrimSpace(*c.title)) || changed
	}
	if c.description != nil {
		changed = s.setDescription(it, who, *c.description) || changed
	}
	if c.locked != nil && *c.locked != it.isLocked() {
		it.locked = c.locked
		word := "unlocked"
		if *c.locked {
			word = "locked"
		}
		s.systemNote(it, who, word, word+" the discussion in this "+it.noun())
		changed = true
	}
	if c.due != nil && *c.due != it.due {
		s.dueNote(it, who, *c.due)
		it.due = *c.due
		changed = true
	}
	if c.milestone != nil {
		changed = s.setMilestone(it, who, *c.milestone) || changed
	}
	if c.labels != nil || len(c.add) > 0 || len(c.remove) > 0 {
		changed = s.setLabels(it, who, s.newLabels(it, who, &c)) || changed
	}
	if c.assignees != nil {
		changed = s.setAssignees(it, who, *c.assignees) || changed
	}
	if it.merge != nil {
		changed = s.applyMerge(it, who, c) || changed
	}
	if c.confidential != nil && *c.confidential != it.confidential {
		it.confidential = *c.confidential
		action, body := "visible", "made the "+it.noun()+" visible to everyone"
		if it.confidential {
			action, body = "confidential", "made the "+it.noun()+" confidential"
		}
		s.systemNote(it, who, action, body)
		changed = true
	}
	if changed {
		it.updated = s.now()
	}
	if c.description != nil && changed {
		s.crossReference(who, it, nil, it.description)
	}
}

// setState closes or reopens; it reports a change.
func (s *Server) setState(it *item, who *user, event string, by *item) bool {
	switch {
	case event == "close" && it.opened():
		it.state, it.closedAt, it.closedBy = "closed", s.now(), who
		s.stateChanged(it, who, "closed", by)
	case event == "reopen" && it.state == "closed":
		it.state, it.closedAt, it.closedBy = "opened", time.Time{}, nil
		s.stateChanged(it, who, "reopened", nil)
	default:
		return false
	}
	it.updated = s.now()
	return true
}

func (s *Server) setTitle(it *item, who *user, title string) bool {
	if title == it.title {
		return false
	}
	old := it.title
	it.title = title
	if it.merge != nil && isDraft(old) != isDraft(title) {
		word := "ready"
		if isDraft(title) {
			word = "draft"
		}
		s.systemNote(it, who, "title", "marked this merge request as **"+word+"**")
		if undraft(old) == undraft(title) {
			return true
		}
	}
	was, is := marked(old, title)
	s.systemNote(it, who, "title", "changed title from **"+was+"** to **"+is+"**")
	return true
}

// setDescription sets the description. When boxes were ticked or unticked and
// are still the items they were, there is a note for each of them and none for
// the rest of the change.
func (s *Server) setDescription(it *item, who *user, description string) bool {
	if description == it.description {
		return false
	}
	before := it.tasks
	it.description, it.tasks = description, tasksOf(description)
	boxes := ticked(before, it.tasks)
	for _, t := range boxes {
		word := "incomplete"
		if t.done {
			word = "completed"
		}
		s.systemNote(it, who, "task", "marked the checklist item **"+escaped(t.text)+"** as "+word)
	}
	if len(boxes) == 0 {
		s.systemNote(it, who, "description", "changed the description")
	}
	return true
}

func (s *Server) dueNote(it *item, who *user, due string) {
	const long = "January 02, 2006" // Rails' date format :long
	body := "changed due date to " + day(due).Format(long)
	if due == "" {
		body = "removed due date " + day(it.due).Format(long)
	}
	s.systemNote(it, who, "start_date_or_due_date", body)
}

// newLabels are the labels after a change. Names that nobody knows become labels
// of the project when the person may make labels, and are dropped otherwise.
func (s *Server) newLabels(it *item, who *user, c *change) []*label {
	out := slices.Clone(it.labels)
	want := c.add
	if c.labels != nil {
		out, want = nil, append(slices.Clone(*c.labels), c.add...)
	}
	for _, name := range want {
		l := it.project.label(name)
		if l == nil && it.project.does(who, Planner) {
			l = &label{id: s.ids.next("label"), name: name, color: "#6699cc"}
			it.project.labels = append(it.project.labels, l)
		}
		if l != nil && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return slices.DeleteFunc(out, func(l *label) bool { return slices.Contains(c.remove, l.name) })
}

// setAssignees sets who it is assigned to; it reports a change. GitLab Free
// keeps the first.
func (s *Server) setAssignees(it *item, who *user, users []*user) bool {
	if !s.opts.Premium && len(users) > 1 {
		users = users[:1]
	}
	body := changedPeople(it.assignees, users, "assigned to", "unassigned")
	it.assignees = slices.Clone(users)
	if body == "" {
		return false
	}
	s.systemNote(it, who, "assignee", body)
	return true
}

// changedPeople tells who came and who went: "assigned to @a and unassigned @b".
func changedPeople(old, now []*user, came, went string) string {
	var parts []string
	if in := without(now, old); len(in) > 0 {
		parts = append(parts, came+" "+sentence(in))
	}
	if out := without(old, now); len(out) > 0 {
		parts = append(parts, went+" "+sentence(out))
	}
	return strings.Join(parts, " and ")
}

func without(users, others []*user) []*user {
	return slices.DeleteFunc(slices.Clone(users), func(u *user) bool { return slices.Contains(others, u) })
}

// sentence joins people as Rails' to_sentence does: "@a, @b, and @c".
func sentence(users []*user) string {
	var names []string
	for _, u := range users {
		names = append(names, "@"+u.username)
	}
	switch n := len(names); n {
	case 1:
		return names[0]
	case 2:
		return names[0] + " and " + names[1]
	default:
		return strings.Join(names[:n-1], ", ") + ", and " + names[n-1]
	}
}

// marked shows where two titles differ, as GitLab's inline diff does: what went
// in {- -}, what came in {+ +}. GitLab finds several differences in a line; this
// finds the one from the first to the last character that differs.
func marked(old, now string) (was, is string) {
	a, b := []rune(old), []rune(now)
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	end := 0
	for end < len(a)-from && end < len(b)-from && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	mark := func(r []rune, open, shut string) string {
		if len(r)-end == from {
			return string(r)
		}
		return string(r[:from]) + open + string(r[from:len(r)-end]) + shut + string(r[len(r)-end:])
	}
	return mark(a, "{-", "-}"), mark(b, "{+", "+}")
}
