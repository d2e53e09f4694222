package bot

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// TeamConfig says who is in a team when that is not left to the user group that
// the process names.
type TeamConfig struct {
	Group   string            // handle or id of a user group; empty for the process's own
	Members []workflow.UserID // people listed by hand; used instead of a group
	Lead    workflow.UserID   // empty for the first member
}

// teams knows who is in which team. Members come from user groups, cached and
// refreshed by events, or from configuration. When a group cannot be read any
// more the last known members count for groupAge; after that nobody is taken
// for a member.
type teams struct {
	web    *web
	log    *slog.Logger
	config map[workflow.TeamID]TeamConfig
	admins []workflow.UserID

	mu      sync.RWMutex
	groups  map[string]group // by id and by handle
	problem workflow.Text    // why user groups cannot be read
	loaded  time.Time
}

type group struct {
	id      string
	members []workflow.UserID
}

const (
	groupRefresh = 5 * time.Minute
	groupAge     = time.Hour
)

// roster is who belongs to the teams of a process; see workflow.Directory.
func (t *teams) roster(def *workflow.Definition) workflow.Roster {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := workflow.Roster{Teams: make(map[workflow.TeamID]workflow.TeamRoster, len(def.Teams)), Admins: t.admins}
	for _, team := range def.Teams {
		out.Teams[team.ID] = t.team(team)
	}
	return out
}

func (t *teams) team(team workflow.Team) workflow.TeamRoster {
	c := t.config[team.ID]
	r := workflow.TeamRoster{Members: c.Members, Lead: c.Lead}
	if len(c.Members) == 0 {
		handle := groupOf(c, team)
		g, known := t.groups[handle]
		switch {
		case known && time.Since(t.loaded) < groupAge:
			r.Members, r.Group = g.members, g.id
		case !t.problem.IsZero():
			r.Problem = workflow.Say("I do not know who is in %s: %s The operator can list its members under %s in the configuration.", team.Name, t.problem, workflow.Command("teams: "+string(team.ID)+": members:"))
		default:
			r.Problem = workflow.Say("I do not know who is in %s: there is no user group @%s. Create it, or let the operator list the members under %s in the configuration.", team.Name, handle, workflow.Command("teams: "+string(team.ID)+": members:"))
		}
	}
	if r.Lead == "" && len(r.Members) > 0 {
		r.Lead = r.Members[0]
	}
	return r
}

// groupOf is the handle or the id of the user group that a team is.
func groupOf(c TeamConfig, team workflow.Team) string {
	return cmp.Or(strings.TrimPrefix(c.Group, "@"), team.Group)
}

// usesGroups reports whether any team is left to a user group.
func (t *teams) usesGroups(defs []*workflow.Definition) bool {
	for _, d := range defs {
		for _, team := range d.Teams {
			if len(t.config[team.ID].Members) == 0 {
				return true
			}
		}
	}
	return false
}

// load reads the user groups. What was read before stays when it fails.
func (t *teams) load(ctx context.Context) {
	var found []slack.UserGroup
	err := t.web.do(ctx, "usergroups.list", func(ctx context.Context) (err error) {
		found, err = t.web.client.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true))
		return err
	})
	if err != nil {
		t.failed(err)
		return
	}
	groups := make(map[string]group, 2*len(found))
	for _, g := range found {
		members := g.Users
		if len(members) == 0 && g.UserCount > 0 { // the list may leave them out
			err := t.web.do(ctx, "usergroups.users.list", func(ctx context.Context) (err error) {
				members, err = t.web.client.GetUserGroupMembersContext(ctx, g.ID)
				return err
			})
			if err != nil {
				t.failed(err)
				return
			}
		}
		kept := group{id: g.ID}
		for _, m := range members {
			kept.members = append(kept.members, workflow.UserID(m))
		}
		if g.DateDelete == 0 {
			groups[g.ID], groups[g.Handle] = kept, kept
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.groups, t.problem, t.loaded = groups, workflow.Text{}, time.Now()
}

func (t *teams) failed(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch slackError(err) {
	case "plan_upgrade_required":
		t.problem = workflow.Say("user groups are not on this workspace's plan.")
	case "missing_scope":
		t.problem = workflow.Say("the app lacks the scope usergroups:read.")
	case unknownMethod:
		t.problem = workflow.Say("this server has no user groups.")
	default:
		t.problem = workflow.Say("user groups could not be read (%s).", result(err))
	}
	t.log.Warn("user groups could not be read; the last known members count for an hour", "err", err)
}
