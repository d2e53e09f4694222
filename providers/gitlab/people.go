package gitlab

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"cloudimage/workflow/mirror"
)

const (
	routeMe    = "/user"
	routeUsers = "/users"
)

// Me is the account of the token. It is asked for until it was answered once.
func (c *Client) Me(ctx context.Context) (mirror.Account, error) {
	c.mu.Lock()
	me := c.me
	c.mu.Unlock()
	if me.ID != 0 {
		return me, nil
	}
	u, err := one(ctx, c, http.MethodGet, routeMe, func(opt gl.RequestOptionFunc) (*gl.User, *gl.Response, error) {
		return c.api.Users.CurrentUser(opt)
	})
	if err != nil {
		return mirror.Account{}, err
	}
	me = account(u.ID, u.Username, u.Name)
	me.Bot = me.Bot || u.Bot
	c.mu.Lock()
	c.me = me
	c.mu.Unlock()
	return me, nil
}

// ByHandle is the person with that handle, in any case; false for a bot, and for
// an account that is blocked or not in use.
func (c *Client) ByHandle(ctx context.Context, handle string) (mirror.Account, bool, error) {
	handle = strings.TrimPrefix(strings.TrimSpace(handle), "@")
	if handle == "" || strings.ContainsFunc(handle, func(r rune) bool { return !inPath(r) }) {
		return mirror.Account{}, false, nil
	}
	found, err := c.people(ctx, &gl.ListUsersOptions{Username: &handle})
	if err != nil {
		return mirror.Account{}, false, err
	}
	for _, u := range found {
		if strings.EqualFold(u.Username, handle) {
			return account(u.ID, u.Username, u.Name), true, nil
		}
	}
	return mirror.Account{}, false, nil
}

// ByEmail is the person with that address. GitLab searches names as well, and says
// not what it found somebody by: anybody can call themselves by an address of
// somebody else. So a person whose name or handle has the address in it is taken for
// its owner only when GitLab shows that they have it.
//
// Unless the token is an administrator's, GitLab finds people by their public
// address only.
func (c *Client) ByEmail(ctx context.Context, email string) (mirror.Account, bool, error) {
	email = strings.TrimSpace(email)
	if at := strings.Index(email, "@"); at <= 0 || at == len(email)-1 || strings.ContainsAny(email, " \t\r\n") {
		return mirror.Account{}, false, nil
	}
	found, err := c.people(ctx, &gl.ListUsersOptions{Search: &email})
	if err != nil || len(found) != 1 {
		return mirror.Account{}, false, err
	}
	u, fold := found[0], strings.ToLower(email)
	if strings.EqualFold(u.PublicEmail, email) || strings.EqualFold(u.Email, email) {
		return account(u.ID, u.Username, u.Name), true, nil
	}
	if u.Email != "" {
		// An administrator's token finds people by further addresses, which anybody can
		// add to their account and need not have shown to be theirs.
		return mirror.Account{}, false, nil
	}
	if strings.Contains(strings.ToLower(u.Name), fold) || strings.Contains(strings.ToLower(u.Username), fold) {
		return mirror.Account{}, false, nil
	}
	return account(u.ID, u.Username, u.Name), true, nil
}

// people are the active humans on the first page of a search.
func (c *Client) people(ctx context.Context, o *gl.ListUsersOptions) ([]*gl.User, error) {
	o.PerPage = perPage
	o.Active, o.Humans = new(true), new(true)
	list, _, err := many(ctx, c, routeUsers, func(opt gl.RequestOptionFunc) ([]*gl.User, *gl.Response, error) {
		return c.api.Users.ListUsers(o, opt)
	})
	var out []*gl.User
	for _, u := range list {
		// Older servers pass over what they do not know, "humans" for one.
		if (u.State == "" || u.State == "active") && !u.Bot && !isBot(u.Username) {
			out = append(out, u)
		}
	}
	return out, err
}

// account is somebody. GitLab says only of an account that is asked for by itself
// whether it is a bot; the accounts of project and group tokens are known by their
// handles.
func account(id int64, handle, name string) mirror.Account {
	return mirror.Account{ID: id, Handle: handle, Name: name, Bot: isBot(handle)}
}

// tokenBot is the handle of a project's or a group's token.
// https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects
var tokenBot = regexp.MustCompile(`^(project|group)_[0-9]+_bot(_?[0-9a-f]*)$`)

func isBot(handle string) bool { return tokenBot.MatchString(handle) }
