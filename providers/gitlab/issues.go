package gitlab

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"cloudimage/workflow/mirror"
)

const (
	routeIssues     = "/projects/:id/issues"
	routeIssue      = "/projects/:id/issues/:issue_iid"
	routeIssueLinks = "/projects/:id/issues/:issue_iid/links"
	routeMilestones = "/projects/:id/milestones"
)

var _ mirror.Tracker = (*Client)(nil)

// Issue is an issue as it is.
func (c *Client) Issue(ctx context.Context, at mirror.Ref) (mirror.Issue, error) {
	project, number, err := place(at, mirror.IssueKind)
	if err != nil {
		return mirror.Issue{}, err
	}
	got, err := one(ctx, c, http.MethodGet, routeIssue, func(opt gl.RequestOptionFunc) (*gl.Issue, *gl.Response, error) {
		return c.api.Issues.GetIssue(project, number, opt)
	})
	if err != nil {
		return mirror.Issue{}, err
	}
	return c.issue(got), nil
}

// Create makes an issue. GitLab leaves out without a word what it will not set: an
// assignee who may not see the project, and all but title and description for an
// account that is no member. The issue that is returned is as it is.
//
// A label that does not exist is made by GitLab. A milestone is looked up by its
// title, in the project and the groups above it, by a request of its own.
func (c *Client) Create(ctx context.Context, project string, n mirror.NewIssue) (mirror.Issue, error) {
	id, err := projectOf(project)
	if err != nil {
		return mirror.Issue{}, err
	}
	if strings.TrimSpace(n.Title) == "" {
		return mirror.Issue{}, rejected("an issue needs a title")
	}
	o := &gl.CreateIssueOptions{Title: &n.Title, Description: &n.Description, Confidential: &n.Restricted}
	if n.Assignee != 0 {
		// Paid tiers take several; one is all that GitLab Free takes.
		o.AssigneeIDs = &[]int64{n.Assignee}
	}
	if o.DueDate, err = due(n.Due); err != nil {
		return mirror.Issue{}, err
	}
	if o.Labels, err = labels(n.Labels); err != nil {
		return mirror.Issue{}, err
	}
	if n.Milestone != "" {
		m, err := c.milestone(ctx, id, n.Milestone)
		if err != nil {
			return mirror.Issue{}, err
		}
		if m == nil {
			return mirror.Issue{}, rejected("there is no milestone %q in project %v or a group above it", n.Milestone, id)
		}
		o.MilestoneID = &m.ID
	}
	got, err := one(ctx, c, http.MethodPost, routeIssues, func(opt gl.RequestOptionFunc) (*gl.Issue, *gl.Response, error) {
		return c.api.Issues.CreateIssue(id, o, opt)
	})
	if err != nil {
		return mirror.Issue{}, err
	}
	return c.issue(got), nil
}

// Update changes an issue, in one request. A change of nothing only reads it. GitLab
// leaves out without a word what it will not set: the assignee and the date for an
// account below the role Planner, and an assignee who may not see the project.
func (c *Client) Update(ctx context.Context, at mirror.Ref, change mirror.Change) (mirror.Issue, error) {
	if change == (mirror.Change{}) {
		return c.Issue(ctx, at)
	}
	project, number, err := place(at, mirror.IssueKind)
	if err != nil {
		return mirror.Issue{}, err
	}
	o := &gl.UpdateIssueOptions{Description: change.Description}
	if change.Assignee != nil {
		// 0 is nobody. https://docs.gitlab.com/api/issues/#update-an-issue
		o.AssigneeIDs = &[]int64{*change.Assignee}
	}
	if change.Due != nil {
		if o.DueDate, err = due(*change.Due); err != nil {
			return mirror.Issue{}, err
		}
		if o.DueDate == nil {
			o.DueDate = &gl.ISOTime{} // is written as null, which takes it away
		}
	}
	if change.Closed != nil {
		event := "reopen"
		if *change.Closed {
			event = "close"
		}
		o.StateEvent = &event
	}
	got, err := one(ctx, c, http.MethodPut, routeIssue, func(opt gl.RequestOptionFunc) (*gl.Issue, *gl.Response, error) {
		return c.api.Issues.UpdateIssue(project, number, o, opt)
	})
	if err != nil {
		return mirror.Issue{}, err
	}
	return c.issue(got), nil
}

// Created are the issues of a project that we made since a moment. Before the first
// time it has to ask who we are.
func (c *Client) Created(ctx context.Context, project string, from time.Time) ([]mirror.Issue, error) {
	me, err := c.Me(ctx)
	if err != nil {
		return nil, err
	}
	return c.issues(ctx, project, from, "created_at", &me.ID)
}

// Changed are the issues of a project that changed since a moment. One that goes on
// changing while the list is read is returned once, as it was last.
//
// A comment changes an issue too, but not always: GitLab leaves the time of an issue
// alone that changed in the minute before. So an issue that changed should be asked
// for its activity once more a minute later.
// https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/models/concerns/throttled_touch.rb
func (c *Client) Changed(ctx context.Context, project string, from time.Time) ([]mirror.Issue, error) {
	return c.issues(ctx, project, from, "updated_at", nil)
}

// issues are those of a project at or after a moment, by one of their times.
func (c *Client) issues(ctx context.Context, project string, from time.Time, by string, author *int64) ([]mirror.Issue, error) {
	id, err := projectOf(project)
	if err != nil {
		return nil, err
	}
	after := strings.TrimSuffix(by, "_at") + "_after"
	w := crawler[gl.Issue]{
		client: c,
		route:  routeIssues,
		list: func(from time.Time, o gl.ListOptions, opt gl.RequestOptionFunc) ([]*gl.Issue, *gl.Response, error) {
			return c.api.Issues.ListProjectIssues(id, &gl.ListProjectIssuesOptions{
				ListOptions: o, State: new("all"), Scope: new("all"), AuthorID: author, OrderBy: &by, Sort: new("asc"),
			}, opt, since(after, from))
		},
		key: func(i *gl.Issue) (int64, time.Time) {
			if by == "created_at" {
				return i.ID, instant(i.CreatedAt)
			}
			return i.ID, instant(i.UpdatedAt)
		},
	}
	list, err := w.all(ctx, from)
	if err != nil {
		return nil, err
	}
	out := make([]mirror.Issue, 0, len(list))
	for _, i := range list {
		out = append(out, c.issue(i))
	}
	return out, nil
}

// Link relates two issues. GitLab answers that there is a conflict when they are
// related already, and for no other reason.
func (c *Client) Link(ctx context.Context, from, to mirror.Ref) error {
	project, number, err := place(from, mirror.IssueKind)
	if err != nil {
		return err
	}
	if _, _, err := place(to, mirror.IssueKind); err != nil {
		return err
	}
	o := &gl.CreateIssueLinkOptions{
		TargetProjectID: new(strings.Trim(to.Project, "/")),
		TargetIssueIID:  new(strconv.FormatInt(to.Number, 10)),
		LinkType:        new("relates_to"), // the library would write a null, which is no type
	}
	a, err := c.run(ctx, http.MethodPost, routeIssueLinks, func(opt gl.RequestOptionFunc) error {
		_, _, err := c.api.IssueLinks.CreateIssueLink(project, number, o, opt)
		return err
	})
	if a.status == http.StatusConflict && is(err, mirror.Rejected) {
		return nil
	}
	return err
}

// milestone is the one with that title, an open one before a closed one; nil when
// there is none.
func (c *Client) milestone(ctx context.Context, project any, title string) (*gl.Milestone, error) {
	list, err := all(ctx, c, routeMilestones, func(o gl.ListOptions, opt gl.RequestOptionFunc) ([]*gl.Milestone, *gl.Response, error) {
		return c.api.Milestones.ListMilestones(project, &gl.ListMilestonesOptions{
			ListOptions: o, Title: &title, IncludeAncestors: new(true),
		}, opt)
	})
	if err != nil {
		return nil, err
	}
	var found *gl.Milestone
	for _, m := range list {
		if m.Title == title && (found == nil || found.State != "active" && m.State == "active") {
			found = m
		}
	}
	return found, nil
}

// issue is an issue in our words.
func (c *Client) issue(i *gl.Issue) mirror.Issue {
	out := mirror.Issue{
		Ref:         mirror.Ref{Kind: mirror.IssueKind, Project: strconv.FormatInt(i.ProjectID, 10), Number: i.IID},
		Path:        c.path(i.References, i.WebURL, "#"),
		URL:         i.WebURL,
		Title:       i.Title,
		Description: unix(i.Description),
		Closed:      i.State == "closed",
		Labels:      i.Labels,
		Locked:      i.DiscussionLocked,
		Restricted:  i.Confidential,
		Moved:       i.MovedToID != 0,
		Created:     instant(i.CreatedAt),
		Updated:     instant(i.UpdatedAt),
	}
	if a := i.Author; a != nil {
		out.Author = account(a.ID, a.Username, a.Name)
	}
	if a := i.ClosedBy; a != nil && out.Closed {
		out.ClosedBy = account(a.ID, a.Username, a.Name)
	}
	for _, a := range i.Assignees {
		if a != nil {
			out.Assignees = append(out.Assignees, account(a.ID, a.Username, a.Name))
		}
	}
	if i.DueDate != nil {
		out.Due = i.DueDate.String()
	}
	return out
}

// path is what people call an issue or a merge request.
func (c *Client) path(r *gl.IssueReferences, address, sign string) string {
	if r != nil && r.Full != "" {
		return r.Full
	}
	if at, ok := c.Locate(address); ok {
		return at.Project + sign + strconv.FormatInt(at.Number, 10)
	}
	return ""
}

// due is a date for the library; nil for none.
func due(day string) (*gl.ISOTime, error) {
	if day == "" {
		return nil, nil
	}
	t, err := gl.ParseISOTime(day)
	if err != nil {
		return nil, rejected("%q is no date", day)
	}
	return &t, nil
}

// labels are labels for the library; nil for none. It joins them with commas.
func labels(names []string) (*gl.LabelOptions, error) {
	if len(names) == 0 {
		return nil, nil
	}
	for _, n := range names {
		if strings.TrimSpace(n) == "" || strings.Contains(n, ",") {
			return nil, rejected("%q is no label", n)
		}
	}
	o := gl.LabelOptions(names)
	return &o, nil
}

// unix has the line ends of a text as \n. What browsers send has \r\n, and GitLab
// keeps it.
func unix(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
