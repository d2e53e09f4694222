package slackdev

import (
	"fmt"
	"slices"
	"time"
)

// This file has what an admin changes in the workspace, and the events it
// causes.

// SetUserGroup replaces the members of a user group, found by handle or id,
// and tells the app.
func (ws *Workspace) SetUserGroup(handle string, people ...string) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	g := ws.st.groupByHandle(handle)
	if g == nil {
		return fmt.Errorf("set user group %q: %w: there is no such group", handle, ErrNotPossible)
	}
	ids := []UserID{}
	for _, n := range people {
		u := ws.st.userByName(n)
		if u == nil {
			return fmt.Errorf("set user group %q: %w: there is nobody named %q", handle, ErrNotPossible, n)
		}
		ids = append(ids, u.id)
	}
	added, removed := without(ids, g.users), without(g.users, ids)
	before := g.updated
	g.users, g.updated = ids, max(before+1, ws.clock.Now().Unix())
	ws.emit("subteam_members_changed", "", map[string]any{
		"type": "subteam_members_changed", "subteam_id": g.id, "team_id": ws.st.team.id, "date_previous_update": before, "date_update": g.updated,
		"added_users": added, "added_users_count": len(added), "removed_users": removed, "removed_users_count": len(removed),
	})
	ws.emit("subteam_updated", "", map[string]any{"type": "subteam_updated", "subteam": ws.groupObject(g, true)})
	ws.hub.tell(change{kind: "workspace"})
	return nil
}

// without lists what is in a and not in b.
func without(a, b []UserID) []UserID {
	out := []UserID{}
	for _, id := range a {
		if !slices.Contains(b, id) {
			out = append(out, id)
		}
	}
	return out
}

// ChangeUser changes a person's account and tells the app (user_change). The
// id and the name stay; kind, real name, title, e-mail and zone may change.
func (ws *Workspace) ChangeUser(name string, edit func(*SeedUser)) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u := ws.st.userByName(name)
	if u == nil || u == ws.st.bot {
		return fmt.Errorf("change user %q: %w: there is no such person", name, ErrNotPossible)
	}
	p := SeedUser{ID: u.id, Name: u.name, RealName: u.realName, Title: u.title, Email: u.email, TZ: u.tz, Kind: u.kind, TeamID: u.team}
	edit(&p)
	zone, err := time.LoadLocation(p.TZ)
	if err != nil {
		return fmt.Errorf("change user %q: %w", name, err)
	}
	u.realName, u.title, u.email, u.tz, u.zone, u.kind = p.RealName, p.Title, p.Email, p.TZ, zone, p.Kind
	u.updated = max(u.updated+1, ws.clock.Now().Unix())
	ws.emit("user_change", u.id, map[string]any{"type": "user_change", "user": ws.userObject(u), "cache_ts": u.updated})
	ws.hub.tell(change{kind: "workspace"})
	return nil
}

// AddUser brings a new person in and tells the app (team_join).
func (ws *Workspace) AddUser(p SeedUser) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	s := Seed{Team: SeedTeam{ID: ws.st.team.id, Domain: ws.st.team.domain}}
	if err := s.addUser(ws.st, p, ws.clock.Now()); err != nil {
		return err
	}
	u := ws.st.userByName(p.Name)
	ws.emit("team_join", u.id, map[string]any{"type": "team_join", "user": ws.userObject(u)})
	ws.hub.tell(change{kind: "workspace"})
	return nil
}

// AddChannel makes a channel; with Bot set the app's bot is in it.
func (ws *Workspace) AddChannel(c SeedChannel) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.st.channelByName(c.Name) != nil {
		return fmt.Errorf("add channel %q: %w: the name is taken", c.Name, ErrNotPossible)
	}
	if err := addChannel(ws.st, c, ws.clock.Now()); err != nil {
		return err
	}
	ws.hub.tell(change{kind: "conversations"})
	return nil
}

// Archive archives a channel and tells the app.
func (ws *Workspace) Archive(name string) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := ws.st.channelByName(name)
	if ch == nil || ch.kind == kindIM || ch.archived {
		return fmt.Errorf("archive %q: %w: there is no such open channel", name, ErrNotPossible)
	}
	ws.archived(ch, ws.st.founder(), true)
	return nil
}
