package gitlab

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"cloudimage/checkup"
	"cloudimage/workflow/mirror"
)

const routeToken = "/personal_access_tokens/self"

// Wants is what the program is going to ask of GitLab.
type Wants struct {
	Projects []WantedProject
}

// WantedProject is a project, and what has to be there.
type WantedProject struct {
	Project   string   // its path, or its id
	Labels    []string // that issues get; of the project or of a group above it
	Milestone string   // its title; empty for none
}

// warnBefore is how long before a token ends the operator hears of it.
const warnBefore = 14 * 24 * time.Hour

// Check asks GitLab what has to be so for the program to do its work, and changes
// nothing. It asks anew who we are, since a token may have been revoked. When
// GitLab cannot be asked, what was not found out is left out.
func (c *Client) Check(ctx context.Context, wants Wants) []checkup.Finding {
	u, err := one(ctx, c, http.MethodGet, routeMe, func(opt gl.RequestOptionFunc) (*gl.User, *gl.Response, error) {
		return c.api.Users.CurrentUser(opt)
	})
	if err != nil {
		return []checkup.Finding{c.unanswered("who we are", err)}
	}
	out := []checkup.Finding{checkup.Okay("GitLab at %s takes the token: it is @%s (%s).", c.site, u.Username, u.Name)}
	found, err := c.checkToken(ctx)
	out = append(out, found...)
	for _, p := range wants.Projects {
		if stops(err) {
			break
		}
		found, err = c.checkProject(ctx, p, u)
		out = append(out, found...)
	}
	if stops(err) {
		out = append(out, c.unanswered("about everything", err))
	}
	return out
}

// stops reports whether it makes no sense to go on asking.
func stops(err error) bool {
	return is(err, mirror.Unauthorized) || is(err, mirror.Limited) || is(err, mirror.Unreachable)
}

// unanswered is a finding about a question that was not answered.
func (c *Client) unanswered(what string, err error) checkup.Finding {
	cure := "Look into GitLab's logs, or ask whoever runs it."
	switch {
	case is(err, mirror.Unauthorized):
		cure = "Make a new access token with the scope api, and put it in the place of this one."
	case is(err, mirror.Limited):
		cure = "Wait a minute and check again. If it stays so, somebody else uses up what this account may ask."
	case is(err, mirror.Unreachable):
		cure = fmt.Sprintf("Check that %s is GitLab's address, and that it can be reached from here.", c.site)
	}
	return checkup.Failing(cure, "GitLab did not say %s: %v.", what, err)
}

// checkToken looks at the token itself: whether it may do enough, and for how long.
// The accounts of projects and groups have tokens of the same kind.
func (c *Client) checkToken(ctx context.Context) ([]checkup.Finding, error) {
	t, err := one(ctx, c, http.MethodGet, routeToken, func(opt gl.RequestOptionFunc) (*gl.PersonalAccessToken, *gl.Response, error) {
		return c.api.PersonalAccessTokens.GetSinglePersonalAccessToken(opt)
	})
	if is(err, mirror.Gone) || is(err, mirror.Forbidden) || is(err, mirror.Rejected) {
		return []checkup.Finding{checkup.Doubtful("Look at the token's page in GitLab.", "GitLab does not say when this token ends, nor what it may do.")}, nil
	}
	if err != nil {
		return nil, err
	}
	const anew = "Make a new access token with the scope api, and put it in the place of this one."
	var out []checkup.Finding
	switch {
	case slices.Contains(t.Scopes, "api"):
		out = append(out, checkup.Okay("The token has the scope api."))
	case slices.Contains(t.Scopes, "granular"):
		out = append(out, checkup.Doubtful("Let it read and write issues, notes, links and merge requests, and read users, labels and milestones.",
			"The token may do what its fine-grained permissions say, which cannot be seen from here."))
	default:
		out = append(out, checkup.Failing(anew, "The token lacks the scope api; it has %s.", strings.Join(t.Scopes, ", ")))
	}
	if t.ExpiresAt == nil || time.Time(*t.ExpiresAt).IsZero() {
		return append(out, checkup.Okay("The token does not end.")), nil
	}
	// A token ends at midnight UTC on its day, as the day begins.
	// https://docs.gitlab.com/user/profile/personal_access_tokens/#access-token-expiration
	left := time.Time(*t.ExpiresAt).Sub(c.now())
	day := t.ExpiresAt.String()
	switch {
	case left <= 0:
		out = append(out, checkup.Failing(anew, "The token ended on %s.", day))
	case left < warnBefore:
		days := int(math.Ceil(left.Hours() / 24))
		out = append(out, checkup.Doubtful("Rotate the token in GitLab, and put the new one in its place before that day.", "The token ends on %s, in %s.", day, count(days, "day")))
	default:
		out = append(out, checkup.Okay("The token is good until %s.", day))
	}
	return out, nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
