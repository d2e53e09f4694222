package gitlab

import (
	"net/url"
	"strconv"
	"strings"

	"cloudimage/workflow/mirror"
)

// Locate reads the address of an issue, a work item or a merge request, as people
// copy it from the browser: with a query, an anchor of a comment, or one of the
// pages below it, such as a merge request's diffs. The project is its path.
// The addresses of GitLab 12 and before, without the dash, are read as well.
func (c *Client) Locate(address string) (mirror.Ref, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.User != nil || u.Opaque != "" || !c.sameSite(u) {
		return mirror.Ref{}, false
	}
	// What is escaped in the path is no part of a project's path.
	path, ok := strings.CutPrefix(u.EscapedPath(), c.site.Path+"/")
	if !ok {
		return mirror.Ref{}, false
	}
	parts := strings.Split(strings.TrimRight(path, "/"), "/")
	for i, part := range parts {
		kind, ok := kinds[part]
		if !ok || i+1 >= len(parts) {
			continue
		}
		number, ok := iid(parts[i+1])
		if !ok {
			continue // a project may be called "issues"
		}
		project := parts[:i]
		if len(project) > 0 && project[len(project)-1] == "-" {
			project = project[:len(project)-1]
		} else if part == "work_items" {
			continue // there was no such page before the dash
		}
		if isProject(project) {
			return mirror.Ref{Kind: kind, Project: strings.Join(project, "/"), Number: number}, true
		}
	}
	return mirror.Ref{}, false
}

// kinds are what a page is about, by the part of the address before the number.
var kinds = map[string]mirror.Kind{
	"issues":         mirror.IssueKind,
	"work_items":     mirror.IssueKind,
	"merge_requests": mirror.MergeRequestKind,
}

// sameSite reports whether an address is on our host. Addresses of both schemes
// are, when each is at its usual port.
func (c *Client) sameSite(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") &&
		strings.EqualFold(u.Hostname(), c.site.Hostname()) && portOf(u) == portOf(c.site)
}

// portOf is the port of an address; empty for the usual one.
func portOf(u *url.URL) string {
	p := u.Port()
	if u.Scheme == "http" && p == "80" || u.Scheme == "https" && p == "443" {
		return ""
	}
	return p
}

// iid is the number of an issue as GitLab writes it.
func iid(s string) (int64, bool) {
	if s == "" || s[0] < '1' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && strconv.FormatInt(n, 10) == s
}

// isProject reports whether the parts are a project's path: a namespace at least,
// and a name. The pages of groups begin with "groups", which no namespace may be
// called. https://docs.gitlab.com/user/reserved_names/
func isProject(parts []string) bool {
	if len(parts) < 2 || parts[0] == "groups" {
		return false
	}
	for _, p := range parts {
		if p == "" || p[0] == '-' || strings.ContainsFunc(p, func(r rune) bool { return !inPath(r) }) || strings.Trim(p, ".") == "" {
			return false
		}
	}
	return true
}

// inPath reports whether a character may be in the path of a project or a group.
func inPath(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '-' || r == '.'
}
