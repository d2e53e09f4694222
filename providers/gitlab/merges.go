package gitlab

import (
	"context"
	"net/http"
	"strconv"
	"time"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"cloudimage/workflow/mirror"
)

const (
	routeMergeRequests = "/projects/:id/merge_requests"
	routeMergeRequest  = "/projects/:id/merge_requests/:merge_request_iid"
	routeApprovals     = "/projects/:id/merge_requests/:merge_request_iid/approvals"
)

// MergeRequest is a merge request as it is, by two requests. Where its approvals
// are not to be had, it is taken for not approved.
func (c *Client) MergeRequest(ctx context.Context, at mirror.Ref) (mirror.MergeRequest, error) {
	project, number, err := place(at, mirror.MergeRequestKind)
	if err != nil {
		return mirror.MergeRequest{}, err
	}
	got, err := one(ctx, c, http.MethodGet, routeMergeRequest, func(opt gl.RequestOptionFunc) (*gl.MergeRequest, *gl.Response, error) {
		return c.api.MergeRequests.GetMergeRequest(project, number, nil, opt)
	})
	if err != nil {
		return mirror.MergeRequest{}, err
	}
	out := c.mergeRequest(&got.BasicMergeRequest)
	approvals, err := one(ctx, c, http.MethodGet, routeApprovals, func(opt gl.RequestOptionFunc) (*gl.MergeRequestApprovals, *gl.Response, error) {
		return c.api.MergeRequestApprovals.GetConfiguration(project, number, opt)
	})
	if is(err, mirror.Gone) || is(err, mirror.Forbidden) {
		return out, nil
	}
	if err != nil {
		return mirror.MergeRequest{}, err
	}
	for _, a := range approvals.ApprovedBy {
		if a != nil && a.User != nil {
			out.Approvers = append(out.Approvers, account(a.User.ID, a.User.Username, a.User.Name))
		}
	}
	// Where paid tiers require nobody's approval, they say that it is approved before
	// anybody has looked at it.
	out.Approved = approvals.Approved && len(out.Approvers) > 0
	return out, nil
}

// ChangedMergeRequests are those of a project that changed since a moment, without
// their approvals.
func (c *Client) ChangedMergeRequests(ctx context.Context, project string, from time.Time) ([]mirror.MergeRequest, error) {
	id, err := projectOf(project)
	if err != nil {
		return nil, err
	}
	w := crawler[gl.BasicMergeRequest]{
		client: c,
		route:  routeMergeRequests,
		list: func(from time.Time, o gl.ListOptions, opt gl.RequestOptionFunc) ([]*gl.BasicMergeRequest, *gl.Response, error) {
			return c.api.MergeRequests.ListProjectMergeRequests(id, &gl.ListProjectMergeRequestsOptions{
				ListOptions: o, State: new("all"), Scope: new("all"), OrderBy: new("updated_at"), Sort: new("asc"),
			}, opt, since("updated_after", from))
		},
		key: func(m *gl.BasicMergeRequest) (int64, time.Time) { return m.ID, instant(m.UpdatedAt) },
	}
	list, err := w.all(ctx, from)
	if err != nil {
		return nil, err
	}
	out := make([]mirror.MergeRequest, 0, len(list))
	for _, m := range list {
		out = append(out, c.mergeRequest(m))
	}
	return out, nil
}

// mergeRequest is a merge request in our words.
func (c *Client) mergeRequest(m *gl.BasicMergeRequest) mirror.MergeRequest {
	out := mirror.MergeRequest{
		Ref:      mirror.Ref{Kind: mirror.MergeRequestKind, Project: strconv.FormatInt(m.ProjectID, 10), Number: m.IID},
		Path:     c.path(m.References, m.WebURL, "!"),
		URL:      m.WebURL,
		Title:    m.Title,
		Author:   user(m.Author),
		State:    mirror.MergeOpen,
		Draft:    m.Draft,
		Labels:   m.Labels,
		MergedAt: instant(m.MergedAt),
		MergedBy: user(m.MergeUser),
		Updated:  instant(m.UpdatedAt),
	}
	switch m.State {
	case "merged":
		out.State = mirror.Merged
	case "closed":
		out.State = mirror.MergeClosed
	}
	// "locked" is one that is being merged at this moment: it is open until it is.
	if out.MergedBy.ID == 0 {
		//lint:ignore SA1019 before 14.7 a server has no other
		out.MergedBy = user(m.MergedBy)
	}
	if out.State != mirror.Merged {
		// Whoever set it to merge by itself is its merge user before it is.
		out.MergedBy, out.MergedAt = mirror.Account{}, time.Time{}
	}
	if m.Milestone != nil {
		out.Milestone = m.Milestone.Title
	}
	return out
}

func user(u *gl.BasicUser) mirror.Account {
	if u == nil {
		return mirror.Account{}
	}
	return account(u.ID, u.Username, u.Name)
}
