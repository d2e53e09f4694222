package gitlabsim

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// This file lists issues and merge requests, which share most of their filters
// (doc/api/issues.md, doc/api/merge_requests.md).

// filter is what a list is narrowed by.
type filter struct {
	state                    string
	scope                    string
	authorID, assigneeID     int64
	author                   string
	assignee                 []string
	anyAssignee, noAssignee  bool
	labels                   []string
	anyLabel, noLabel        bool
	milestone                string
	iids                     []int64
	search                   string
	inTitle, inDescription   bool
	createdAfter, createdBy  time.Time
	updatedAfter, updatedBy  time.Time
	confidential, hasSecrecy bool
	orderBy, sort            string
	as                       shown

	// of merge requests
	sourceBranch, targetBranch string
	draft, hasDraft            bool
	approved                   string // yes, no or any
	reviewerID                 int64
	reviewer                   string
}

// kindOf are the states and orders that a list of issues or merge requests knows
// (doc/api/openapi/openapi_v3.yaml).
type kindOf struct{ states, orders []string }

func ofIssues() kindOf {
	return kindOf{[]string{"opened", "closed", "all"}, []string{"created_at", "due_date", "label_priority", "milestone_due", "popularity",
		"priority", "relative_position", "title", "updated_at", "weight"}}
}

func ofMerges() kindOf {
	return kindOf{[]string{"opened", "closed", "locked", "merged", "all"}, []string{"created_at", "label_priority", "milestone_due",
		"popularity", "priority", "title", "updated_at", "merged_at"}}
}

// readFilter reads the filters of a kind of item. scope is the one that is taken
// when none is given.
func readFilter(q *request, kind kindOf, scope string) (f filter, err error) {
	p := q.params
	read := func(err2 error) {
		if err == nil {
			err = err2
		}
	}
	text := func(name string) string { v, e := p.str(name); read(e); return v }
	when := func(name string) time.Time { v, e := p.moment(name); read(e); return v }
	number := func(name string) int64 { v, _, e := p.integer(name); read(e); return v }

	var e error
	f.state, e = p.one("state", "all", kind.states...)
	read(e)
	f.scope, e = p.one("scope", scope, "created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "reviews_for_me", "all")
	read(e)
	f.scope = strings.ReplaceAll(f.scope, "-", "_")
	f.orderBy, e = p.one("order_by", "created_at", kind.orders...)
	read(e)
	f.sort, e = p.one("sort", "desc", "asc", "desc")
	read(e)
	f.authorID, f.author = number("author_id"), text("author_username")
	switch v, _ := p["assignee_id"].(string); {
	case strings.EqualFold(v, "none") || v == "0":
		f.noAssignee = true
	case strings.EqualFold(v, "any"):
		f.anyAssignee = true
	default:
		f.assigneeID = number("assignee_id")
	}
	f.assignee, _, e = p.words("assignee_username")
	read(e)
	if f.assigneeID != 0 && len(f.assignee) > 0 {
		read(fault("assignee_id, assignee_username are mutually exclusive"))
	}
	if f.authorID != 0 && f.author != "" {
		read(fault("author_id, author_username are mutually exclusive"))
	}
	f.labels, _, e = p.words("labels")
	read(e)
	if len(f.labels) == 1 {
		f.anyLabel, f.noLabel = strings.EqualFold(f.labels[0], "any"), strings.EqualFold(f.labels[0], "none")
	}
	f.milestone = text("milestone")
	f.iids, _, e = p.integers("iids")
	read(e)
	f.search = strings.ToLower(text("search"))
	in := text("in")
	f.inTitle, f.inDescription = in == "" || strings.Contains(in, "title"), in == "" || strings.Contains(in, "description")
	f.createdAfter, f.createdBy = when("created_after"), when("created_before")
	f.updatedAfter, f.updatedBy = when("updated_after"), when("updated_before")
	f.confidential, f.hasSecrecy, e = p.boolean("confidential")
	read(e)
	f.as.labels, _, e = p.boolean("with_labels_details")
	read(e)
	f.sourceBranch, f.targetBranch = text("source_branch"), text("target_branch")
	wip, e := p.one("wip", "", "yes", "no")
	read(e)
	f.draft, f.hasDraft = wip == "yes", wip != ""
	f.approved, e = p.one("approved", "", "yes", "no")
	read(e)
	f.reviewerID, f.reviewer = number("reviewer_id"), text("reviewer_username")
	return f, err
}

// passes reports whether an item that the reader may see passes the filters.
func (f *filter) passes(it *item, reader *user) bool {
	switch {
	case f.state != "all" && f.state != it.state,
		!f.updatedAfter.IsZero() && it.updated.Before(f.updatedAfter),
		!f.updatedBy.IsZero() && it.updated.After(f.updatedBy),
		!f.createdAfter.IsZero() && it.created.Before(f.createdAfter),
		!f.createdBy.IsZero() && it.created.After(f.createdBy),
		f.hasSecrecy && f.confidential != it.confidential,
		f.scope == "created_by_me" && it.author != reader,
		f.scope == "assigned_to_me" && !it.assigned(reader),
		f.authorID != 0 && int64(it.author.id) != f.authorID,
		f.author != "" && !strings.EqualFold(it.author.username, f.author),
		f.noAssignee && len(it.assignees) > 0,
		f.anyAssignee && len(it.assignees) == 0,
		f.assigneeID != 0 && !slices.ContainsFunc(it.assignees, func(u *user) bool { return int64(u.id) == f.assigneeID }),
		f.noLabel && len(it.labels) > 0,
		f.anyLabel && len(it.labels) == 0,
		len(f.iids) > 0 && !slices.Contains(f.iids, int64(it.iid)):
		return false
	}
	for _, name := range f.assignee {
		if !slices.ContainsFunc(it.assignees, func(u *user) bool { return strings.EqualFold(u.username, name) }) {
			return false
		}
	}
	if !f.noLabel && !f.anyLabel {
		for _, name := range f.labels {
			if !slices.ContainsFunc(it.labels, func(l *label) bool { return l.name == name }) {
				return false
			}
		}
	}
	switch {
	case f.milestone == "":
	case strings.EqualFold(f.milestone, "none"):
		if it.milestone != nil {
			return false
		}
	case strings.EqualFold(f.milestone, "any"):
		if it.milestone == nil {
			return false
		}
	default:
		if it.milestone == nil || it.milestone.title != f.milestone {
			return false
		}
	}
	if f.search != "" && !(f.inTitle && strings.Contains(strings.ToLower(it.title), f.search)) &&
		!(f.inDescription && strings.Contains(strings.ToLower(it.description), f.search)) {
		return false
	}
	return it.merge == nil || f.passesMerge(it, reader)
}

// column is what an item is sorted by, as text. What cannot be told here
// (priority, popularity and the like) sorts by creation.
func (f *filter) column(it *item) string {
	switch f.orderBy {
	case "updated_at":
		return sortable(it.updated)
	case "due_date":
		return cmp.Or(it.due, "9999-12-31")
	case "title":
		return strings.ToLower(it.title)
	case "merged_at":
		if it.merge != nil {
			return sortable(it.merge.mergedAt)
		}
	}
	return sortable(it.created)
}

// order sorts items as the filter says; equals go by id.
func (f *filter) order(all []*item) {
	byTime := func(t func(*item) time.Time) func(a, b *item) int {
		return func(a, b *item) int { return cmp.Or(t(a).Compare(t(b)), cmp.Compare(a.id, b.id)) }
	}
	var by func(a, b *item) int
	switch f.orderBy {
	case "created_at", "priority", "relative_position", "label_priority", "milestone_due", "popularity", "weight":
		by = byTime(func(it *item) time.Time { return it.created })
	case "updated_at":
		by = byTime(func(it *item) time.Time { return it.updated })
	default:
		by = func(a, b *item) int {
			return cmp.Or(strings.Compare(f.column(a), f.column(b)), cmp.Compare(a.id, b.id))
		}
	}
	slices.SortFunc(all, func(a, b *item) int {
		if f.sort == "asc" {
			return by(a, b)
		}
		return by(b, a)
	})
}

// choose is all that the reader sees and that passes, sorted.
func (f *filter) choose(all func(yield func(*item) bool), reader *user) []*item {
	out := []*item{}
	for it := range all {
		if f.passes(it, reader) && it.canRead(reader) {
			out = append(out, it)
		}
	}
	f.order(out)
	return out
}

func (q *request) answerIssues(f filter, page []*item) any {
	out := make([]issueJSON, 0, len(page))
	for _, it := range page {
		out = append(out, q.s.issue(it, q.user, f.as))
	}
	return out
}

func listProjectIssues(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	f, err := readFilter(q, ofIssues(), "all")
	if err != nil {
		return nil, err
	}
	f.as.within = p
	all := f.choose(func(yield func(*item) bool) {
		for _, it := range p.issues {
			if !yield(it) {
				return
			}
		}
	}, q.user)
	var page []*item
	if q.params["pagination"] == "keyset" && slices.Contains([]string{"title", "created_at", "updated_at", "due_date"}, f.orderBy) {
		page, err = keyset(q, all, f.orderBy, f.column)
	} else {
		page, err = paginate(q, all)
	}
	if err != nil {
		return nil, err
	}
	return q.answerIssues(f, page), nil
}

func listGroupIssues(q *request) (any, error) {
	g, err := q.group()
	if err != nil {
		return nil, err
	}
	return q.listIssues("all", func(p *project) bool { return p.within(g) })
}

// listAllIssues is everything the reader sees, of which scope leaves what he
// wrote himself unless he asks for more.
func listAllIssues(q *request) (any, error) {
	if q.user == nil && q.params["scope"] != "all" {
		return nil, unauthorized()
	}
	return q.listIssues("created_by_me", func(*project) bool { return true })
}

func (q *request) listIssues(scope string, of func(*project) bool) (any, error) {
	f, err := readFilter(q, ofIssues(), scope)
	if err != nil {
		return nil, err
	}
	all := f.choose(func(yield func(*item) bool) {
		for _, p := range q.s.state.projects {
			if !of(p) || p.archived && q.params["non_archived"] != "false" {
				continue
			}
			for _, it := range p.issues {
				if !yield(it) {
					return
				}
			}
		}
	}, q.user)
	page, err := paginate(q, all)
	if err != nil {
		return nil, err
	}
	return q.answerIssues(f, page), nil
}
