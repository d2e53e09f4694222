package gitlabsim

import (
	"net/http"
	"net/url"
	"strings"
)

// operation is one row of the API. The part of a path that begins with ":" is
// named.
type operation struct {
	method, path string
	do           func(*request) (any, error)
	signedIn     bool   // somebody must be signed in even to read
	scope        string // one more scope that will do
}

// scopes are those of which a token needs one.
func (o *operation) scopes() []string {
	scopes := []string{"api"}
	if o.method == http.MethodGet {
		scopes = append(scopes, "read_api")
	}
	if o.scope != "" {
		scopes = append(scopes, o.scope)
	}
	return scopes
}

// operations are all that the API speaks.
func operations() []operation {
	const (
		get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
		issue               = "/projects/:id/issues/:issue_iid"
		merge               = "/projects/:id/merge_requests/:merge_request_iid"
	)
	return []operation{
		{get, "/user", getSelf, true, "read_user"},
		{get, "/users", listUsers, true, "read_user"},
		{get, "/users/:user_id", getUser, true, "read_user"},
		{get, "/personal_access_tokens/self", getOwnToken, true, "read_user"},
		{get, "/version", getVersion, true, "read_user"},
		{get, "/metadata", getMetadata, true, "read_user"},

		{get, "/groups/:id", getGroup, false, ""},
		{get, "/groups/:id/issues", listGroupIssues, false, ""},
		{get, "/projects/:id", getProject, false, ""},
		{get, "/projects/:id/members/all/:user_id", getMember, false, ""},
		{get, "/projects/:id/labels", listLabels, false, ""},
		{get, "/projects/:id/milestones", listMilestones, false, ""},

		{get, "/issues", listAllIssues, false, ""},
		{get, "/issues/:issue_id", getIssueByID, true, ""},
		{get, "/projects/:id/issues", listProjectIssues, false, ""},
		{post, "/projects/:id/issues", createIssue, true, ""},
		{get, issue, getIssue, false, ""},
		{put, issue, updateIssue, true, ""},
		{del, issue, deleteIssue, true, ""},
		{post, issue + "/move", moveIssue, true, ""},
		{get, issue + "/closed_by", listClosers, false, ""},
		{get, issue + "/related_merge_requests", listRelatedMerges, false, ""},
		{get, issue + "/links", listLinks, true, ""},
		{post, issue + "/links", createLink, true, ""},
		{get, issue + "/links/:issue_link_id", getLink, true, ""},
		{del, issue + "/links/:issue_link_id", deleteLink, true, ""},

		{get, issue + "/notes", listNotes, true, ""},
		{post, issue + "/notes", createNote, true, ""},
		{get, issue + "/notes/:note_id", getNote, true, ""},
		{put, issue + "/notes/:note_id", updateNote, true, ""},
		{del, issue + "/notes/:note_id", deleteNote, true, ""},
		{get, issue + "/resource_label_events", listLabelEvents, true, ""},
		{get, issue + "/resource_state_events", listStateEvents, true, ""},
		{get, issue + "/resource_milestone_events", listMilestoneEvents, true, ""},

		{get, "/merge_requests", listAllMerges, false, ""},
		{get, "/projects/:id/merge_requests", listProjectMerges, false, ""},
		{post, "/projects/:id/merge_requests", createMerge, true, ""},
		{get, merge, getMerge, false, ""},
		{put, merge, updateMerge, true, ""},
		{del, merge, deleteMerge, true, ""},
		{put, merge + "/merge", acceptMerge, true, ""},
		{get, merge + "/closes_issues", listCloses, false, ""},
		{get, merge + "/approvals", getApprovals, false, ""},
		{get, merge + "/approval_state", getApprovalState, false, ""},
		{post, merge + "/approve", approveMerge, true, ""},
		{post, merge + "/unapprove", unapproveMerge, true, ""},
		{get, merge + "/notes", listNotes, true, ""},
		{post, merge + "/notes", createNote, true, ""},
		{get, merge + "/notes/:note_id", getNote, true, ""},
		{put, merge + "/notes/:note_id", updateNote, true, ""},
		{del, merge + "/notes/:note_id", deleteNote, true, ""},
		{get, merge + "/resource_label_events", listLabelEvents, true, ""},
		{get, merge + "/resource_state_events", listStateEvents, true, ""},
		{get, merge + "/resource_milestone_events", listMilestoneEvents, true, ""},

		{get, "/projects/:id/repository/tags", listTags, false, ""},
		{get, "/projects/:id/repository/tags/:tag_name", getTag, false, ""},
		{get, "/projects/:id/releases", listReleases, false, ""},
		{get, "/projects/:id/releases/:tag_name", getRelease, false, ""},
	}
}

// find is the operation of a path, and the named parts of it.
func (s *Server) find(method, path string) (*operation, map[string]string) {
	have := strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/")
	for i := range s.ops {
		if s.ops[i].method != method {
			continue
		}
		if parts, ok := match(strings.Split(s.ops[i].path[1:], "/"), have); ok {
			return &s.ops[i], parts
		}
	}
	return nil, nil
}

func match(want, have []string) (map[string]string, bool) {
	if len(want) != len(have) {
		return nil, false
	}
	parts := map[string]string{}
	for i, w := range want {
		name, named := strings.CutPrefix(w, ":")
		if !named {
			if w != have[i] {
				return nil, false
			}
			continue
		}
		v, err := url.PathUnescape(have[i])
		if err != nil || v == "" {
			return nil, false
		}
		parts[name] = v
	}
	return parts, true
}
