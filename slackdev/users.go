package slackdev

import (
	"slices"
	"strings"
	"time"
)

// profileObject is what a person tells of himself. A stranger's e-mail is not shown.
func (ws *Workspace) profileObject(u *user) map[string]any {
	profile := map[string]any{
		"title": u.title, "real_name": u.realName, "real_name_normalized": u.realName, "display_name": u.name,
		"display_name_normalized": u.name, "status_text": "", "status_emoji": "", "team": u.team,
		"avatar_hash": "g" + string(u.id), "image_24": "", "image_48": "", "image_72": "",
		"first_name": firstWord(u.realName),
	}
	if u.email != "" && u.kind != KindStranger && ws.st.app.scopes["users:read.email"] {
		profile["email"] = u.email
	}
	if u == ws.st.bot {
		profile["api_app_id"], profile["bot_id"] = ws.st.app.id, ws.st.app.botID
	}
	return profile
}

// userObject is a person as Slack writes him.
func (ws *Workspace) userObject(u *user) map[string]any {
	zone, offset := time.Unix(ws.clock.Now().Unix(), 0).In(u.zone).Zone()
	label := zone
	if strings.HasPrefix(zone, "+") || strings.HasPrefix(zone, "-") {
		label = u.tz
	}
	guest := u.kind == KindGuest || u.kind == KindSingleChannelGuest
	o := map[string]any{
		"id": u.id, "team_id": u.team, "name": u.name, "deleted": u.kind == KindDeleted, "profile": ws.profileObject(u),
		"is_bot": u.kind == KindBot, "is_app_user": false, "updated": u.updated,
	}
	if u.kind == KindDeleted {
		return o // Slack leaves the rest out for those who left
	}
	o["real_name"], o["color"] = u.realName, "9f69e7"
	o["tz"], o["tz_label"], o["tz_offset"] = u.tz, label, offset
	o["is_admin"], o["is_owner"], o["is_primary_owner"] = u.kind == KindAdmin, false, false
	o["is_restricted"], o["is_ultra_restricted"] = guest, u.kind == KindSingleChannelGuest
	o["is_email_confirmed"], o["who_can_share_contact_card"] = u.kind != KindBot, "EVERYONE"
	if u.kind == KindStranger {
		o["is_stranger"] = true
	}
	return o
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

func userInfo(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u := ws.st.userIDs[UserID(c.args.str("user"))]
	if u == nil {
		return nil, fail("user_not_found")
	}
	if !ws.sees(u) {
		return nil, fail("user_not_visible")
	}
	return reply{"user": ws.userObject(u)}, nil
}

// sees tells whether the bot sees a person: everybody but strangers with whom it
// is in no channel.
func (ws *Workspace) sees(u *user) bool {
	return u.kind != KindStranger || slices.ContainsFunc(ws.st.channels, func(ch *channel) bool { return ch.memberSet[u.id] && ch.memberSet[ws.st.bot.id] })
}

// unpaged is how many accounts are listed at once to those who name no limit.
const unpaged = 1000

// listUsers lists the workspace's own accounts; strangers are found by id alone.
func listUsers(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	var all []*user
	for _, u := range ws.st.users {
		if u.kind != KindStranger {
			all = append(all, u)
		}
	}
	if !c.args.has("limit") && len(all) > unpaged {
		return nil, fail("limit_required")
	}
	page, meta, err := paginate(c, all, unpaged)
	if err != nil {
		return nil, err
	}
	members := make([]any, len(page))
	for i, u := range page {
		members[i] = ws.userObject(u)
	}
	return reply{"members": members, "cache_ts": ws.clock.Now().Unix(), "response_metadata": meta}, nil
}

func lookupByEmail(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	email := c.args.str("email")
	for _, u := range ws.st.users {
		if email != "" && strings.EqualFold(u.email, email) && u.kind != KindStranger && u.kind != KindDeleted {
			return reply{"user": ws.userObject(u)}, nil
		}
	}
	return nil, fail("users_not_found")
}

func (ws *Workspace) groupObject(g *group, users bool) map[string]any {
	o := map[string]any{
		"id": g.id, "team_id": ws.st.team.id, "is_usergroup": true, "is_subteam": true, "name": g.name, "description": "",
		"handle": g.handle, "is_external": false, "date_create": g.created, "date_update": g.updated, "date_delete": 0,
		"auto_type": nil, "created_by": ws.st.founder().id, "updated_by": ws.st.founder().id, "deleted_by": nil,
		"prefs": map[string]any{"channels": []string{}, "groups": []string{}}, "user_count": len(g.users),
	}
	if users {
		o["users"] = slices.Clone(g.users)
	}
	return o
}

func listUserGroups(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.st.noUserGroups {
		return nil, fail("plan_upgrade_required")
	}
	list := make([]any, 0, len(ws.st.groups))
	for _, g := range ws.st.groups {
		list = append(list, ws.groupObject(g, c.args.bool("include_users")))
	}
	return reply{"usergroups": list}, nil
}

func listUserGroupUsers(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.st.noUserGroups {
		return nil, fail("plan_upgrade_required")
	}
	id := GroupID(c.args.str("usergroup"))
	i := slices.IndexFunc(ws.st.groups, func(g *group) bool { return g.id == id })
	if i < 0 {
		return nil, fail("no_such_subteam")
	}
	return reply{"users": slices.Clone(ws.st.groups[i].users)}, nil
}
