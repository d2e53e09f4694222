package gitlabsim

import (
	"net/http"
	"slices"
)

// mergeRequest is the merge request that the path names, when the reader may
// see it.
func (q *request) mergeRequest() (*project, *item, error) {
	p, err := q.project()
	if err != nil {
		return nil, nil, err
	}
	n, _, err := asInteger("merge_request_iid", q.path["merge_request_iid"])
	if err != nil {
		return nil, nil, err
	}
	it := p.merges[int(n)]
	if it == nil || !it.canRead(q.user) {
		return nil, nil, noRecord()
	}
	return p, it, nil
}

func listClosers(q *request) (any, error) {
	_, it, err := q.issue()
	if err != nil {
		return nil, err
	}
	page, err := paginate(q, q.s.closers(it, q.user))
	if err != nil {
		return nil, err
	}
	return q.answerMerges(shown{}, page), nil
}

func listRelatedMerges(q *request) (any, error) {
	_, it, err := q.issue()
	if err != nil {
		return nil, err
	}
	page, err := paginate(q, q.s.related(it, q.user))
	if err != nil {
		return nil, err
	}
	return q.answerMerges(shown{}, page), nil
}

func (q *request) answerMerges(as shown, page []*item) any {
	out := make([]mergeJSON, 0, len(page))
	for _, it := range page {
		out = append(out, q.s.mergeRequest(it, q.user, as))
	}
	return out
}

func listProjectMerges(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	return q.listMerges("all", p, func(other *project) bool { return other == p })
}

func listAllMerges(q *request) (any, error) {
	if q.user == nil && q.params["scope"] != "all" {
		return nil, unauthorized()
	}
	return q.listMerges("created_by_me", nil, func(p *project) bool { return !p.archived || q.params["non_archived"] == "false" })
}

func (q *request) listMerges(scope string, within *project, of func(*project) bool) (any, error) {
	f, err := readFilter(q, ofMerges(), scope)
	if err != nil {
		return nil, err
	}
	f.as.within = within
	all := f.choose(func(yield func(*item) bool) {
		for _, p := range q.s.state.projects {
			if !of(p) {
				continue
			}
			for _, it := range p.merges {
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
	return q.answerMerges(f.as, page), nil
}

func getMerge(q *request) (any, error) {
	p, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	return q.s.mergeRequest(it, q.user, shown{within: p, single: true}), nil
}

func createMerge(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"title", "source_branch", "target_branch"} {
		if !q.params.has(name) {
			return nil, fault(name + " is missing")
		}
	}
	c, _, err := q.readChange(p)
	if err != nil {
		return nil, err
	}
	source, err := q.params.str("source_branch")
	if err != nil {
		return nil, err
	}
	if !p.does(q.user, Developer) || p.archived {
		return nil, forbidden()
	}
	target := *c.target
	c.target = nil
	if source == target {
		return nil, message(http.StatusUnprocessableEntity, []string{"You can't use same project/branch for source and target"})
	}
	it, err := q.s.newMerge(p, q.user, mergeChange{c, source, target})
	if err != nil {
		return nil, err
	}
	return created{q.s.mergeRequest(it, q.user, shown{within: p, single: true})}, nil
}

func updateMerge(q *request) (any, error) {
	p, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	c, some, err := q.readChange(p)
	if err != nil {
		return nil, err
	}
	if !some {
		return nil, fault("add_labels, allow_collaboration, allow_maintainer_to_push, assignee_id, assignee_ids, description, discussion_locked, labels, milestone_id, remove_labels, remove_source_branch, reviewer_ids, squash, state_event, target_branch, title are missing, at least one parameter must be provided")
	}
	if !it.canUpdate(q.user) {
		return nil, forbidden()
	}
	if err := q.s.update(it, q.user, c); err != nil {
		return nil, err
	}
	return q.s.mergeRequest(it, q.user, shown{within: p, single: true}), nil
}

// acceptMerge merges (doc/api/merge_requests.md, "Merge a merge request": 401,
// 405, 409 and 422).
func acceptMerge(q *request) (any, error) {
	p, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	sha, err := q.params.str("sha")
	if err != nil {
		return nil, err
	}
	if err := q.s.mayAccept(it, q.user); err != nil {
		return nil, err
	}
	if err := checkSHA(it, sha); err != nil {
		return nil, err
	}
	q.s.accept(it, q.user)
	return q.s.mergeRequest(it, q.user, shown{within: p, single: true}), nil
}

func (s *Server) mayAccept(it *item, who *user) error {
	switch {
	case !it.project.does(who, Developer) || it.project.archived:
		return unauthorized()
	case it.opened() && it.merge.conflicts:
		return message(http.StatusUnprocessableEntity, "Branch cannot be merged")
	case s.detailed(it) != "mergeable":
		return message(http.StatusMethodNotAllowed, "405 Method Not Allowed")
	}
	return nil
}

func checkSHA(it *item, sha string) error {
	if sha != "" && sha != it.merge.sha {
		return message(http.StatusConflict, "SHA does not match HEAD of source branch: "+it.merge.sha)
	}
	return nil
}

type approvedBy struct {
	User       *userBasic `json:"user"`
	ApprovedAt moment     `json:"approved_at"`
}

// approvalsJSON is API::Entities::MergeRequestApprovals. GitLab Premium tells
// more: the fields of an approved merge request.
type approvalsJSON struct {
	Approved     bool         `json:"approved"`
	UserApproved bool         `json:"user_has_approved"`
	UserCan      bool         `json:"user_can_approve"`
	ApprovedBy   []approvedBy `json:"approved_by"`
	*approvalsPremium
}

type approvalsPremium struct {
	ID          int64         `json:"id"`
	IID         int           `json:"iid"`
	ProjectID   ProjectID     `json:"project_id"`
	Title       string        `json:"title"`
	Description nullable      `json:"description"`
	State       string        `json:"state"`
	CreatedAt   moment        `json:"created_at"`
	UpdatedAt   moment        `json:"updated_at"`
	MergeStatus string        `json:"merge_status"`
	Required    int           `json:"approvals_required"`
	Left        int           `json:"approvals_left"`
	Suggested   []*userBasic  `json:"suggested_approvers"`
	Approvers   []*userBasic  `json:"approvers"`
	Groups      []interface{} `json:"approver_groups"`
}

func (q *request) approvals(it *item) approvalsJSON {
	m := it.merge
	out := approvalsJSON{Approved: len(m.approvals) >= max(1, m.required), UserApproved: it.approvedBy(q.user), UserCan: it.canApprove(q.user), ApprovedBy: []approvedBy{}}
	for _, a := range m.approvals {
		out.ApprovedBy = append(out.ApprovedBy, approvedBy{q.s.basic(a.user), moment(a.at)})
	}
	if q.s.opts.Premium {
		out.Approved = len(m.approvals) >= m.required
		out.approvalsPremium = &approvalsPremium{ID: it.id, IID: it.iid, ProjectID: it.project.id, Title: it.title, Description: nullable(it.description),
			State: it.state, CreatedAt: moment(it.created), UpdatedAt: moment(it.updated), MergeStatus: "can_be_merged", Required: m.required,
			Left: max(0, m.required-len(m.approvals)), Suggested: []*userBasic{}, Approvers: []*userBasic{}, Groups: []any{}}
	}
	return out
}

func (it *item) approvedBy(u *user) bool {
	return slices.ContainsFunc(it.merge.approvals, func(a approval) bool { return a.user == u })
}

// canApprove reports whether somebody may approve now. GitLab's default lets
// authors approve their own only when nothing is required of them.
func (it *item) canApprove(u *user) bool {
	return it.project.does(u, Developer) && it.state != "merged" && !it.approvedBy(u) && (it.author != u || it.merge.required == 0)
}

func (s *Server) approve(it *item, who *user) error {
	if !it.canApprove(who) {
		return unauthorized()
	}
	it.merge.approvals = append(it.merge.approvals, approval{who, s.now()})
	s.systemNote(it, who, "approved", "approved this merge request")
	s.touch(it)
	return nil
}

func (s *Server) unapprove(it *item, who *user) error {
	if !it.approvedBy(who) {
		return message(http.StatusNotFound, "404 Not Found")
	}
	it.merge.approvals = slices.DeleteFunc(it.merge.approvals, func(a approval) bool { return a.user == who })
	s.systemNote(it, who, "unapproved", "unapproved this merge request")
	s.touch(it)
	return nil
}

func getApprovals(q *request) (any, error) {
	_, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	return q.approvals(it), nil
}

func approveMerge(q *request) (any, error) {
	_, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	sha, err := q.params.str("sha")
	if err != nil {
		return nil, err
	}
	if !it.project.does(q.user, Developer) {
		return nil, noRecord()
	}
	if err := checkSHA(it, sha); err != nil {
		return nil, err
	}
	if err := q.s.approve(it, q.user); err != nil {
		return nil, err
	}
	return created{q.approvals(it)}, nil
}

func unapproveMerge(q *request) (any, error) {
	_, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	if err := q.s.unapprove(it, q.user); err != nil {
		return nil, err
	}
	return created{q.approvals(it)}, nil
}

// getApprovalState tells the rules; there is one, for any approver, on Premium.
// GitLab Free has no such operation.
func getApprovalState(q *request) (any, error) {
	_, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	if !q.s.opts.Premium {
		return nil, &apiError{http.StatusNotFound, map[string]string{"error": "404 Not Found"}}
	}
	type rule struct {
		ID         int64        `json:"id"`
		Name       string       `json:"name"`
		RuleType   string       `json:"rule_type"`
		ReportType *string      `json:"report_type"`
		Eligible   []*userBasic `json:"eligible_approvers"`
		Required   int          `json:"approvals_required"`
		Users      []*userBasic `json:"users"`
		Groups     []any        `json:"groups"`
		Hidden     bool         `json:"contains_hidden_groups"`
		Section    *string      `json:"section"`
		Source     *int         `json:"source_rule"`
		Overridden bool         `json:"overridden"`
		CodeOwner  bool         `json:"code_owner"`
		ApprovedBy []*userBasic `json:"approved_by"`
		Approved   bool         `json:"approved"`
	}
	r := rule{ID: it.id, Name: "All Members", RuleType: "any_approver", Eligible: []*userBasic{}, Required: it.merge.required, Users: []*userBasic{}, Groups: []any{},
		ApprovedBy: []*userBasic{}, Approved: len(it.merge.approvals) >= it.merge.required}
	for _, a := range it.merge.approvals {
		r.ApprovedBy = append(r.ApprovedBy, q.s.basic(a.user))
	}
	return struct {
		Overwritten bool   `json:"approval_rules_overwritten"`
		Rules       []rule `json:"rules"`
	}{Rules: []rule{r}}, nil
}

func listCloses(q *request) (any, error) {
	p, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	closes := slices.DeleteFunc(q.s.closes(it), func(x *item) bool { return !x.canRead(q.user) })
	page, err := paginate(q, closes)
	if err != nil {
		return nil, err
	}
	return q.answerIssues(filter{as: shown{within: p}}, page), nil
}

func deleteMerge(q *request) (any, error) {
	_, it, err := q.mergeRequest()
	if err != nil {
		return nil, err
	}
	if !it.canDelete(q.user) {
		return nil, forbidden()
	}
	q.s.remove(it)
	return noContent{}, nil
}
