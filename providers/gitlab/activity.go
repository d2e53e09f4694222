package gitlab

import (
	"context"
	"net/http"
	"slices"
	"strings"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"cloudimage/workflow/mirror"
)

const (
	routeProject           = "/projects/:id"
	routeIssueNotes        = "/projects/:id/issues/:issue_iid/notes"
	routeMergeRequestNotes = "/projects/:id/merge_requests/:merge_request_iid/notes"
)

// Activity is what happened after the note with the id after. It reads the newest
// notes first, and no further back than it has to.
//
// A reference such as project!12 leaves out the namespace when it is our own. To
// complete one, the project is asked for its path, once in a call.
func (c *Client) Activity(ctx context.Context, at mirror.Ref, after int64) ([]mirror.Activity, error) {
	notes, err := c.notes(ctx, at, after)
	if err != nil {
		return nil, err
	}
	out := make([]mirror.Activity, 0, len(notes))
	namespace := ""
	for _, n := range notes {
		a := c.activity(n, at.Project)
		if p := a.Target.Project; p != "" && p != at.Project && !strings.Contains(p, "/") {
			if namespace == "" {
				if namespace, err = c.namespace(ctx, at.Project); err != nil {
					return nil, err
				}
			}
			a.Target.Project = namespace + "/" + p
		}
		out = append(out, a)
	}
	return out, nil
}

// notes are those after an id, by rising id.
func (c *Client) notes(ctx context.Context, at mirror.Ref, after int64) ([]*gl.Note, error) {
	kind := at.Kind
	if kind != mirror.MergeRequestKind {
		kind = mirror.IssueKind
	}
	project, number, err := place(at, kind)
	if err != nil {
		return nil, err
	}
	route, by, sort := routeIssueNotes, "created_at", "desc"
	list := func(o gl.ListOptions, opt gl.RequestOptionFunc) ([]*gl.Note, *gl.Response, error) {
		return c.api.Notes.ListIssueNotes(project, number, &gl.ListIssueNotesOptions{ListOptions: o, OrderBy: &by, Sort: &sort}, opt)
	}
	if kind == mirror.MergeRequestKind {
		route = routeMergeRequestNotes
		list = func(o gl.ListOptions, opt gl.RequestOptionFunc) ([]*gl.Note, *gl.Response, error) {
			return c.api.Notes.ListMergeRequestNotes(project, number, &gl.ListMergeRequestNotesOptions{ListOptions: o, OrderBy: &by, Sort: &sort}, opt)
		}
	}
	var out []*gl.Note
	for n := int64(1); ; n++ {
		if n > mostPages {
			return nil, endless(route)
		}
		notes, more, err := many(ctx, c, route, func(opt gl.RequestOptionFunc) ([]*gl.Note, *gl.Response, error) { return list(page(n), opt) })
		if err != nil {
			return nil, err
		}
		// The whole page is looked at: two notes of one moment may be in either order.
		known := false
		for _, note := range notes {
			if note.ID > after {
				out = append(out, note)
			} else {
				known = true
			}
		}
		if known || !more {
			break
		}
	}
	slices.SortFunc(out, func(a, b *gl.Note) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	// A note that was written meanwhile pushed one that was read onto the next page.
	return slices.CompactFunc(out, func(a, b *gl.Note) bool { return a.ID == b.ID }), nil
}

// Comment writes at an issue or a merge request. GitLab carries out what it takes
// for a quick action: a line that begins with a slash and a word. A comment of
// nothing else leaves no note and is Rejected, although it was carried out; who
// composes the body sees to it that there is none.
// https://docs.gitlab.com/user/project/quick_actions/
func (c *Client) Comment(ctx context.Context, at mirror.Ref, body string) (mirror.Activity, error) {
	kind, route := at.Kind, routeIssueNotes
	if kind == mirror.MergeRequestKind {
		route = routeMergeRequestNotes
	} else {
		kind = mirror.IssueKind
	}
	project, number, err := place(at, kind)
	if err != nil {
		return mirror.Activity{}, err
	}
	if strings.TrimSpace(body) == "" {
		return mirror.Activity{}, rejected("a comment needs a text")
	}
	n, err := one(ctx, c, http.MethodPost, route, func(opt gl.RequestOptionFunc) (*gl.Note, *gl.Response, error) {
		if kind == mirror.MergeRequestKind {
			return c.api.Notes.CreateMergeRequestNote(project, number, &gl.CreateMergeRequestNoteOptions{Body: &body}, opt)
		}
		return c.api.Notes.CreateIssueNote(project, number, &gl.CreateIssueNoteOptions{Body: &body}, opt)
	})
	if err != nil {
		return mirror.Activity{}, err
	}
	if n.ID == 0 {
		return mirror.Activity{}, rejected("GitLab took the comment for quick actions, and kept no note")
	}
	return c.activity(n, at.Project), nil
}

// activity is a note in our words. Its target's project may lack the namespace.
func (c *Client) activity(n *gl.Note, project string) mirror.Activity {
	a := mirror.Activity{
		ID:     n.ID,
		Kind:   mirror.Commented,
		Author: account(n.Author.ID, n.Author.Username, n.Author.Name),
		At:     instant(n.CreatedAt),
		//lint:ignore SA1019 before 15.5 a server has no other
		Internal: n.Internal || n.Confidential,
	}
	if !n.System {
		a.Text = unix(n.Body)
		return a
	}
	s := parseSystemNote(n.Body)
	a.Kind, a.Text = s.kind, s.text
	if s.ref == "" {
		return a
	}
	target, ok := c.reference(s.ref, project)
	if !ok {
		a.Kind = mirror.OtherActivity
		return a
	}
	a.Target = target
	return a
}

// reference reads what GitLab writes to refer to an issue or a merge request: #12,
// !12, project!12, group/project!12, or an address.
func (c *Client) reference(ref, project string) (mirror.Ref, bool) {
	if strings.Contains(ref, "://") {
		return c.Locate(ref)
	}
	i := strings.LastIndexAny(ref, "#!")
	if i < 0 {
		return mirror.Ref{}, false
	}
	number, ok := iid(ref[i+1:])
	if !ok {
		return mirror.Ref{}, false
	}
	at := mirror.Ref{Kind: mirror.IssueKind, Project: project, Number: number}
	if ref[i] == '!' {
		at.Kind = mirror.MergeRequestKind
	}
	if path := ref[:i]; path != "" {
		// A path of one part has its namespace to come.
		if parts := strings.Split(path, "/"); !isProject(append([]string{"namespace"}, parts...)) {
			return mirror.Ref{}, false
		}
		at.Project = path
	}
	return at, true
}

// namespace is the path of what a project is in.
func (c *Client) namespace(ctx context.Context, project string) (string, error) {
	if i := strings.LastIndex(project, "/"); i > 0 {
		return project[:i], nil
	}
	id, err := projectOf(project)
	if err != nil {
		return "", err
	}
	p, err := one(ctx, c, http.MethodGet, routeProject, func(opt gl.RequestOptionFunc) (*gl.Project, *gl.Response, error) {
		return c.api.Projects.GetProject(id, nil, opt)
	})
	if err != nil {
		return "", err
	}
	i := strings.LastIndex(p.PathWithNamespace, "/")
	return p.PathWithNamespace[:max(i, 0)], nil
}
