package gitlab

import (
	"context"
	"fmt"
	"net/http"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"cloudimage/checkup"
	"cloudimage/workflow/mirror"
)

const (
	routeMember = "/projects/:id/members/all/:user_id"
	routeLabels = "/projects/:id/labels"
)

// enough is the least role that may change labels, assignees, dates and who sees an
// issue, and may see all of them and the merge requests. Before there was a Planner
// it was the Reporter.
// https://docs.gitlab.com/user/permissions/#project-members-permissions
const enough = gl.PlannerPermissions

// checkProject looks at a project: whether it is there, and ours to work in.
func (c *Client) checkProject(ctx context.Context, want WantedProject, me *gl.User) ([]checkup.Finding, error) {
	id, err := projectOf(want.Project)
	if err != nil {
		return []checkup.Finding{checkup.Failing("Give the project's path, such as group/project.", "A project is named that cannot be one: %v.", err)}, nil
	}
	p, err := one(ctx, c, http.MethodGet, routeProject, func(opt gl.RequestOptionFunc) (*gl.Project, *gl.Response, error) {
		return c.api.Projects.GetProject(id, nil, opt)
	})
	switch {
	case is(err, mirror.Gone):
		return []checkup.Finding{checkup.Failing(fmt.Sprintf("Check its path, and make @%s a member with the role Planner or a higher one.", me.Username),
			"There is no project %s that @%s may see.", want.Project, me.Username)}, nil
	case stops(err):
		return nil, err
	case err != nil:
		return []checkup.Finding{c.unanswered("what project "+want.Project+" is", err)}, nil
	}
	name := p.PathWithNamespace
	out := []checkup.Finding{checkup.Okay("The project %s is there.", name)}
	if p.Archived {
		out = append(out, checkup.Failing("Unarchive it in its settings, or name another.", "The project %s is archived, and nothing in it can be changed.", name))
	}
	if p.MarkedForDeletionOn != nil {
		out = append(out, checkup.Doubtful("Restore it in its settings, or name another.", "The project %s is going to be deleted on %s.", name, p.MarkedForDeletionOn))
	}
	if off(p) {
		out = append(out, checkup.Failing("Turn issues on in its settings, under General, Visibility.", "The project %s has its issues turned off.", name))
		return out, nil
	}
	for _, look := range []func() ([]checkup.Finding, error){
		func() ([]checkup.Finding, error) { return c.checkRole(ctx, p.ID, name, me) },
		func() ([]checkup.Finding, error) { return c.checkLabels(ctx, p.ID, name, want.Labels) },
		func() ([]checkup.Finding, error) { return c.checkMilestone(ctx, p.ID, name, want.Milestone) },
	} {
		found, err := look()
		out = append(out, found...)
		if stops(err) {
			return out, err
		}
		if err != nil {
			out = append(out, c.unanswered("enough about project "+name, err))
		}
	}
	return out, nil
}

// off reports whether a project has no issues.
func off(p *gl.Project) bool {
	if p.IssuesAccessLevel != "" {
		return p.IssuesAccessLevel == gl.DisabledAccessControl
	}
	//lint:ignore SA1019 it is said so to those who may not see the levels
	return !p.IssuesEnabled
}

// checkRole looks at what we are in a project, by ourselves or through a group.
func (c *Client) checkRole(ctx context.Context, project int64, name string, me *gl.User) ([]checkup.Finding, error) {
	if me.IsAdmin {
		return []checkup.Finding{checkup.Doubtful("Use an account of its own with the role Planner in the projects that are used.",
			"@%s is an administrator of GitLab, and may do far more than is needed.", me.Username)}, nil
	}
	m, err := one(ctx, c, http.MethodGet, routeMember, func(opt gl.RequestOptionFunc) (*gl.ProjectMember, *gl.Response, error) {
		return c.api.ProjectMembers.GetInheritedProjectMember(project, me.ID, opt)
	})
	cure := fmt.Sprintf("Make @%s a member with the role Planner or a higher one.", me.Username)
	switch {
	case is(err, mirror.Gone):
		return []checkup.Finding{checkup.Failing(cure, "@%s is no member of %s, and cannot set labels, assignees or dates.", me.Username, name)}, nil
	case err != nil:
		return nil, err
	case m.AccessLevel < enough:
		return []checkup.Finding{checkup.Failing(cure, "@%s has a role in %s that may not set labels, assignees or dates (%d).", me.Username, name, m.AccessLevel)}, nil
	}
	return []checkup.Finding{checkup.Okay("@%s has a role in %s that is enough.", me.Username, name)}, nil
}

// checkLabels looks for labels. GitLab would make one that is missing, in a color of
// its own and for this project alone, which is seldom what was meant.
func (c *Client) checkLabels(ctx context.Context, project int64, name string, wanted []string) ([]checkup.Finding, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	list, err := all(ctx, c, routeLabels, func(o gl.ListOptions, opt gl.RequestOptionFunc) ([]*gl.Label, *gl.Response, error) {
		return c.api.Labels.ListLabels(project, &gl.ListLabelsOptions{ListOptions: o}, opt)
	})
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, l := range list {
		there[l.Name] = true
	}
	var out []checkup.Finding
	for _, w := range wanted {
		if there[w] {
			out = append(out, checkup.Okay("The label %q is there in %s.", w, name))
		} else {
			out = append(out, checkup.Doubtful("Make the label in the project or in a group above it; else GitLab makes one in this project with the first issue.",
				"There is no label %q in %s.", w, name))
		}
	}
	return out, nil
}

// checkMilestone looks for a milestone.
func (c *Client) checkMilestone(ctx context.Context, project int64, name, title string) ([]checkup.Finding, error) {
	if title == "" {
		return nil, nil
	}
	m, err := c.milestone(ctx, project, title)
	switch {
	case err != nil:
		return nil, err
	case m == nil:
		return []checkup.Finding{checkup.Failing("Make the milestone in the project or in a group above it, or name another.", "There is no milestone %q in %s; an issue with it cannot be made.", title, name)}, nil
	case m.State == "closed":
		return []checkup.Finding{checkup.Doubtful("Name the one that is worked on now.", "The milestone %q in %s is closed.", title, name)}, nil
	}
	return []checkup.Finding{checkup.Okay("The milestone %q is there in %s.", title, name)}, nil
}
